"""What was known of one disorder when: the changes from each release to the next, over any number of releases."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, groupby, pairwise
from pathlib import Path
from typing import NamedTuple

import pyoxigraph as ox

from poh_graph.changes.change import KINDS, ORPHANET, Change, Changes, in_order
from poh_graph.changes.line_diff import Lines, Side, by_graph
from poh_graph.changes.line_facts import read_facts
from poh_graph.changes.sides import NAMES, open_each
from poh_graph.changes.words import changes_of
from poh_graph.errors import InputError, ParameterError, UnknownName
from poh_graph.identifiers import disorders_of, only_disorder
from poh_graph.terms import BASE, HGNC, ONTOLOGY, ORDO, RDFS, SKOS, curie_of, graph_iri

FEWEST = 2
"""Releases that a history needs."""

_DISORDERS = (f"<{ORDO}Orphanet_".encode(), f"<{BASE}disorder/".encode())
_GENES = (f"<{HGNC}".encode(), f"<{BASE}gene/".encode())
_IN_ORPHANET = f" <{graph_iri(ORPHANET)}> .\n".encode()
_LABEL = f" <{RDFS}label> ".encode()
_IRI = re.compile(rb"<[^>]*>")
_DAY = re.compile(r"\d{4}-\d{2}(-\d{2})?")
_IDENTIFIES = (SKOS + "exactMatch", SKOS + "closeMatch")
_CLINVAR = ONTOLOGY + "clinvarSymbol"


@dataclass(frozen=True)
class History:
    """The history of one disorder.

    ``releases`` are the sides in their order; ``steps`` what changed from each to the next, so that there is one fewer;
    ``first`` counts, by kind of change, what the first release says of the disorder. Digests and lines of the releases
    are those of the whole of what was given.
    """

    disorder: str
    label: str
    releases: tuple[Side, ...]
    steps: tuple[Changes, ...]
    first: Mapping[str, int]

    @property
    def curie(self) -> str:
        """The CURIE of the disorder."""
        return curie_of(self.disorder)

    def first_kinds(self) -> list[str]:
        """The kinds of which the first release says something, in their order."""
        return [kind for kind in KINDS if self.first.get(kind)]

    def rows(self) -> Iterator[tuple[Side, Side, Change]]:
        """Each change with the release before it and the release that it came with, the oldest first."""
        for step in self.steps:
            for change in step.changes:
                yield step.old, step.new, change


def history(disorder: str, releases: Sequence[str | Path]) -> History:
    """The history of a disorder (a name or identifier) over releases: packets, ZIPs, folders, bundles, RDF files.

    Where each says its day, they are put in the order of these days; those of one day, and all if one says none, stay
    in the order given. Beside what ``diff`` tells it has the identifiers that Orphanet gives for the disorder's genes.

    Raises:
        ParameterError: if there are fewer than two releases.
        UnknownName: if no release has such a disorder.
        AmbiguousName: if several are called so.
        InputError: if a release is not there, or cannot be read.
    """
    paths = [Path(path) for path in releases]
    if len(paths) < FEWEST:
        raise ParameterError("A history needs two releases at least.", mend="Give more, the oldest first.")
    iri = _iri_of(disorder, paths)
    portions = _in_order([_portion(lines, iri) for lines in open_each(paths)])
    if not any(portion.lines for portion in portions):
        raise UnknownName(f"None of the releases has {curie_of(iri)}.", mend="Give its identifier, label or a synonym.")
    gene_labels = sorted({line for portion in portions for line in portion.names if _is_hgnc_label(line)})
    genes = {said.value: said.subject for said in map(_read, gene_labels)}
    steps = tuple(_step(one, other, iri, gene_labels, genes) for one, other in pairwise(portions))
    facts = read_facts(by_graph(portions[0].lines), genes).facts
    first = Counter(key.kind for key in facts if key.disorder == iri)
    return History(iri, _label(portions, iri), tuple(p.side for p in portions), steps, first)


@dataclass(frozen=True)
class _Portion:
    """What a release says of one disorder: the lines about it and its genes, and those that name what they mention."""

    side: Side
    lines: list[bytes]
    names: list[bytes]


def _iri_of(text: str, paths: Sequence[Path]) -> str:
    given = disorders_of(text)
    if given:
        return given[0]
    for lines in open_each(paths[::-1]):
        found = {
            said.subject
            for line in chain.from_iterable(lines.blocks)
            if NAMES in line and line.startswith(_DISORDERS)
            if (said := _read(line)).value.casefold() == text.casefold()
        }
        named = only_disorder(text, found)
        if named:
            return named
    raise UnknownName(f"None of the releases has a disorder {text!r}.", mend="Give its identifier: ORPHA:2762.")


def _portion(release: Lines, iri: str) -> _Portion:
    """Read a release once, and keep of it what one disorder needs."""
    disorder = f"<{iri}>".encode()
    digest = hashlib.sha256()
    count = 0
    kept: list[bytes] = []
    names: list[bytes] = []
    genes: dict[bytes, list[bytes]] = {}
    for subject, group in groupby(chain.from_iterable(release.blocks), lambda line: line.partition(b" ")[0]):
        lines = list(group)
        digest.update(b"".join(lines))
        count += len(lines)
        names += [line for line in lines if NAMES in line]
        if subject.startswith(_GENES):
            genes[subject] = lines
        elif subject == disorder or not subject.startswith(_DISORDERS):
            kept += lines if any(disorder in line for line in lines) else ()
    mentioned = {term for line in kept for term in _IRI.findall(line)}
    kept += [line for gene in mentioned & genes.keys() for line in genes[gene]]
    side = Side(release.name, release.releases, digest.hexdigest(), count)
    return _Portion(side, sorted(kept), [line for line in names if line.partition(b" ")[0] in mentioned])


def _in_order(portions: list[_Portion]) -> list[_Portion]:
    days = [portion.side.releases.get(ORPHANET, "") for portion in portions]
    if not all(map(_DAY.fullmatch, days)):
        return portions
    if days[0] > days[-1] and days == sorted(days, reverse=True):
        return portions[::-1]  # the newest first: those of one day stand so too
    return [portion for _, portion in sorted(zip(days, portions, strict=True), key=lambda pair: pair[0])]


def _step(one: _Portion, other: _Portion, iri: str, gene_labels: Sequence[bytes], genes: Mapping[str, str]) -> Changes:
    """What changed from one release to the next.

    A gene keeps its number where a release leaves it out: ``gene_labels`` are those of all releases.
    """
    old, new = (Lines(p.side.name, [p.lines], p.side.releases, kept=[*p.names, *gene_labels]) for p in (one, other))
    found = changes_of(old, new).select(curie_of(iri)) if one.lines or other.lines else changes_of(old, new)
    told = [*found.changes, *_identifiers(one, other, iri, genes)]
    return replace(
        found, lines=replace(found.lines, old=one.side, new=other.side), changes=in_order(told), is_selected=True
    )


def _identifiers(one: _Portion, other: _Portion, iri: str, genes: Mapping[str, str]) -> Iterator[Change]:
    """The genes of which both releases speak, and give other identifiers."""
    before, after = _by_gene(one.lines, genes), _by_gene(other.lines, genes)
    symbols = {iri: symbol for symbol, iri in genes.items()}
    for gene in sorted(before.keys() & after.keys()):
        if before[gene] != after[gene]:
            yield Change(
                disorder=iri,
                label=_label([other, one], iri),
                kind="gene",
                action="changed",
                about=curie_of(gene),
                about_label=symbols.get(gene, ""),
                old=_listed(before[gene]),
                new=_listed(after[gene]),
                graph=ORPHANET,
                statements=(),
                presence="kept",
            )


def _by_gene(lines: Iterable[bytes], genes: Mapping[str, str]) -> dict[str, set[str]]:
    """The identifiers that Orphanet gives for each gene, its own number among them."""
    found: dict[str, set[str]] = {}
    for line in lines:
        if not line.startswith(_GENES) or not line.endswith(_IN_ORPHANET):
            continue
        gene, predicate, value = _read(line)
        said = found.setdefault(genes.get(gene.removeprefix(f"{BASE}gene/"), gene), set())
        if gene.startswith(HGNC):
            said.add(curie_of(gene))
        if predicate in _IDENTIFIES:
            said.add(curie_of(value))
        elif predicate == _CLINVAR:
            said.add(f"ClinVar {value}")
    return found


def _listed(identifiers: Iterable[str]) -> str:
    found = sorted(identifiers)
    return f"identifiers {', '.join(found)}" if found else "no identifiers"


def _is_hgnc_label(line: bytes) -> bool:
    return line.startswith(_GENES[0]) and _LABEL in line


def _label(portions: Iterable[_Portion], iri: str) -> str:
    """The name of the disorder in the last of some releases that has one."""
    begin = f"<{iri}>".encode() + _LABEL
    found = [_read(line).value for portion in portions for line in portion.names if line.startswith(begin)]
    return found[-1] if found else ""


class _Statement(NamedTuple):
    """The parts of a line that are compared here, as texts."""

    subject: str
    predicate: str
    value: str


def _read(line: bytes) -> _Statement:
    for quad in ox.parse(line, format=ox.RdfFormat.N_QUADS):
        terms = (quad.subject, quad.predicate, quad.object)
        return _Statement(*(str(term) if isinstance(term, ox.Triple) else term.value for term in terms))
    raise InputError("A release has an empty line among its statements.")
