"""The sources that a build takes beside ORPHApackets, one entry each: how a file is known, read, and made statements.

To add a source (say NAME, whose named graph is NAME too):

1. ``data/sources.toml`` has a table ``[NAME]``: title, publisher, citation, licence. What a file says of itself
   replaces version, day and licence.
2. Records in ``records/NAME.py``: frozen dataclasses without RDF; what stands for a row of the file is a
   :class:`~poh_graph.records.sources.Row`.
3. ``sources/NAME.py``: ``read(path)`` yields an :class:`~poh_graph.records.sources.Edition`, for each row one record or
   one :class:`~poh_graph.records.problems.Problem` with the place ``file:line``, and a
   :class:`~poh_graph.records.sources.FileEnd`. It raises :class:`~poh_graph.errors.InputError` where the file as a
   whole cannot be read or is cut short.
4. ``triples/NAME.py``: ``lines(records, world)`` yields lines of N-Quads of ``graph/NAME``; what it refers to has a
   label there, unless ``world.labelled`` has it.
5. An entry in :data:`READERS` here. A source sees in ``world`` what stands before it.

The build counts, refuses what lost too much, closes (``--disorder``), sorts and describes:
:mod:`poh_graph.building.neighbours`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from poh_graph.errors import InputError
from poh_graph.sources.babelon import is_babelon, read_babelon
from poh_graph.sources.ctgov import is_ctgov, read_ctgov
from poh_graph.sources.ctis import is_ctis, read_ctis
from poh_graph.sources.hgnc import is_complete_set, read_complete_set
from poh_graph.sources.hpo import is_hpo, read_hpo
from poh_graph.sources.hpoa import is_hpoa, read_hpoa
from poh_graph.sources.mondo import is_mondo_set, read_mondo_set
from poh_graph.sources.orphadata import part_of_extract, read_orphadata
from poh_graph.sources.orphadata_document import is_orphadata
from poh_graph.sources.ror import is_ror, read_ror
from poh_graph.terms import prefix_map
from poh_graph.triples.babelon import GRAPH as TRANSLATIONS
from poh_graph.triples.babelon import babelon_lines
from poh_graph.triples.hgnc import hgnc_lines
from poh_graph.triples.hpo import hpo_lines
from poh_graph.triples.hpoa import hpoa_lines
from poh_graph.triples.mondo import mondo_lines
from poh_graph.triples.orphadata import orphadata_lines
from poh_graph.triples.ror import ror_lines
from poh_graph.triples.trials import trial_lines
from poh_graph.triples.world import World

HEAD = 4096
"""How many bytes of a file tell what it is."""


@dataclass(frozen=True, slots=True)
class Reader:
    """One source: ``name`` is that of ``--source NAME=PATH``, ``words`` what a file of it is called in messages.

    ``recognises`` tells by path and first bytes whether a file belongs to it. ``read`` and ``lines``: see above.
    ``replaces`` names the files of ``data/GRAPH/`` in whose place a build puts what it read; the others stay in the
    same named graph. Where each file takes the place of a part of them, ``part`` says of which.
    ``citation`` and ``attribution`` (short, and for ``ATTRIBUTION.md``) have ``{version}`` in them; ``left_out`` says
    what is not taken, and why.
    """

    name: str
    words: str
    recognises: Callable[[Path, bytes], bool]
    read: Callable[[Path], Iterator[Any]]
    lines: Callable[[Iterable[Any], World], Iterator[str]]
    citation: str
    attribution: str
    left_out: tuple[str, ...] = ()
    replaces: tuple[str, ...] = ()
    named_graph: str = ""
    part: Callable[[Path], tuple[str, ...]] | None = None

    @property
    def graph(self) -> str:
        """The short name of the named graph: that of the source, unless it has another."""
        return self.named_graph or self.name

    def replaced(self, files: Iterable[Path]) -> tuple[str, ...]:
        """The files of the packaged extract that some files of this source take the place of."""
        if self.part is None:
            return self.replaces
        parts = {name for file in files for name in self.part(file)}
        return tuple(name for name in self.replaces if name in parts)

    def files(self, path: Path) -> tuple[list[Path], list[Path]]:
        """The files of a path that are read, and those of a folder that are not of this source.

        Raises:
            InputError: if a folder has no file of this source.
        """
        if not path.is_dir():
            return [path], []
        inside = sorted(file for file in path.iterdir() if file.is_file() and not file.name.startswith("."))
        mine = [file for file in inside if self.recognises(file, head_of(file))]
        if not mine:
            raise InputError(f"{path} has no file that is {self.words}.", mend="Give the folder that holds the files.")
        return mine, [file for file in inside if file not in mine]


READERS: tuple[Reader, ...] = (
    Reader(
        name="orphadata",
        words="a product of Orphadata (XML or JSON)",
        recognises=is_orphadata,
        read=partial(read_orphadata, prefixes=prefix_map()),
        lines=orphadata_lines,
        citation="(c) INSERM 1999, Orphadata, products of {version}, CC BY 4.0",
        attribution="Orphadata, (c) INSERM 1999, products of {version}, CC BY 4.0; changed to RDF.",
        left_out=(
            "The inner numbers of Orphadata (2516 for POH): they are no ORPHA codes, and no other graph uses them.",
            "The level of a disorder (DisorderGroup): it follows from its type.",
            "Who validated functional consequences, and advice on management: free text.",
        ),
        replaces=("disorders.ttl", "gene-associations.ttl", "papers.ttl"),
        part=part_of_extract,
    ),
    Reader(
        name="mondo",
        words="a Mondo mapping set (SSSOM TSV)",
        recognises=is_mondo_set,
        read=partial(read_mondo_set, prefixes=prefix_map()),
        lines=mondo_lines,
        citation="Mondo Disease Ontology, release {version}, CC0 1.0",
        attribution="Mondo Disease Ontology, mapping sets of {version}, CC0 1.0; mappings are also written from the "
        "Orphanet disorder.",
        left_out=(
            "Candidate mappings made by machine: nobody has confirmed them.",
            "Definitions, synonyms and hierarchy of the classes: the mapping sets have labels only.",
        ),
        replaces=("classes.ttl", "disorder-mappings.ttl", "mapping-sets.ttl", "mappings.ttl"),
    ),
    Reader(
        name="hgnc",
        words="HGNC's complete set (hgnc_complete_set.txt)",
        recognises=is_complete_set,
        read=partial(read_complete_set, prefixes=prefix_map()),
        lines=hgnc_lines,
        citation="HGNC complete set, newest record {version}, CC0",
        attribution="HUGO Gene Nomenclature Committee, complete set with records up to {version}, CC0; changed to RDF.",
        left_out=(
            "Identifiers of sequences and of catalogues of single families of genes, papers, and pages of variants.",
        ),
        replaces=("genes.ttl", "mappings.ttl"),
    ),
    Reader(
        name="hpo",
        words="HPO as OBO or OBO Graphs (hp.obo, hp.json)",
        recognises=is_hpo,
        read=read_hpo,
        lines=hpo_lines,
        citation="Human Phenotype Ontology, release {version}, https://hpo.jax.org",
        attribution="Human Phenotype Ontology, release {version}, under the HPO licence; content unchanged, changed to "
        "RDF.",
        left_out=(
            "Who wrote or reviewed a term or a synonym.",
            "Comments on terms, logical definitions, and relations other than is_a: no query of the graph needs them.",
        ),
        replaces=("frequencies.ttl", "hierarchy.ttl", "phenotypes.ttl"),
    ),
    Reader(
        name="hpoa",
        words="the HPO annotations (phenotype.hpoa)",
        recognises=is_hpoa,
        read=read_hpoa,
        lines=hpoa_lines,
        citation="HPO annotations, release {version}, https://hpo.jax.org",
        attribution="HPO annotations (phenotype.hpoa), release {version}, under the HPO licence; content unchanged, "
        "changed to RDF.",
        left_out=("Who wrote an annotation, and when (column biocuration): it names persons.",),
        replaces=("annotations.ttl",),
    ),
    Reader(
        name="babelon",
        words="a Babelon table of translations (hp-*.babelon.tsv)",
        recognises=is_babelon,
        read=read_babelon,
        lines=babelon_lines,
        citation="HPO translations, made for HPO {version}, https://github.com/obophenotype/hpo-translations",
        attribution="HPO translations (Babelon tables), made for HPO {version}; content unchanged, changed to RDF.",
        left_out=("Who translated a word, when and how surely: translators are persons.",),
        named_graph=TRANSLATIONS,
    ),
    Reader(
        name="ctgov",
        words="studies of ClinicalTrials.gov (JSON of version 2 of its interface)",
        recognises=is_ctgov,
        read=read_ctgov,
        lines=partial(trial_lines, graph="ctgov"),
        citation="ClinicalTrials.gov, data of {version}",
        attribution="ClinicalTrials.gov, U.S. National Library of Medicine, data of {version}; studies changed to RDF, "
        "without persons.",
        left_out=(
            "Contacts, officials, investigators, and sponsors that may be a person: no person is named in the graph.",
            "Summaries, eligibility, outcomes, results and sites: read them in the record.",
            "Headings of MeSH that stand above those of a study: they name groups of conditions.",
        ),
    ),
    Reader(
        name="ctis",
        words="records of the European register CTIS (JSON)",
        recognises=is_ctis,
        read=read_ctis,
        lines=partial(trial_lines, graph="ctis"),
        citation="EU CTIS, (c) European Medicines Agency, data of {version}",
        attribution="Clinical Trials Information System, (c) European Medicines Agency, data of {version}; records "
        "changed to RDF, without persons.",
        left_out=(
            "Contacts, investigators, sites, and sponsors that may be a person: no person is named in the graph.",
            "Companies that do tasks for a sponsor, applications and decisions: read them in the record.",
            "Translations of titles and conditions.",
        ),
    ),
    Reader(
        name="ror",
        words="records of ROR (JSON, version 1 or 2 of its schema)",
        recognises=is_ror,
        read=read_ror,
        lines=ror_lines,
        citation="Research Organization Registry, newest record {version}, CC0 1.0",
        attribution="Research Organization Registry, records up to {version}, CC0 1.0; changed to RDF.",
        left_out=(
            "Places below the country, and domains.",
            "Which of several identifiers of one kind ROR prefers.",
        ),
    ),
)
"""In the order in which they are read: each may join with what stands before it."""


def reader_named(name: str) -> Reader | None:
    """The reader of a source, by its name."""
    return next((reader for reader in READERS if reader.name == name), None)


def reader_of(path: Path) -> Reader | None:
    """The reader of a file, or of a folder by the files in it; None if no source is known by it."""
    if not path.is_dir():
        return _recognising(path)
    found = (_recognising(file) for file in sorted(path.iterdir()) if file.is_file())
    return next((reader for reader in found if reader), None)


def _recognising(file: Path) -> Reader | None:
    head = head_of(file)
    return next((reader for reader in READERS if reader.recognises(file, head)), None)


def head_of(file: Path) -> bytes:
    """The first bytes of a file.

    Raises:
        InputError: if it cannot be read.
    """
    try:
        with file.open("rb") as opened:
            return opened.read(HEAD)
    except OSError as error:
        raise InputError(f"{file} cannot be read ({error.strerror}).", mend="Check the file and its rights.") from None
