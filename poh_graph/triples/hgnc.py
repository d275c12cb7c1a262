"""HGNC's entries as statements of the graph ``hgnc``; which entry a gene without HGNC id is, and how that was found."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from poh_graph.records.genes import GeneEntry
from poh_graph.records.mappings import Mapping
from poh_graph.terms import BASE, DCTERMS, OBO, OWL, RDFS, XSD, curie_of, graph_iri
from poh_graph.triples.loci import LIES_IN, band_iri, band_lines, locus_lines
from poh_graph.triples.mappings import Provider, mapping_lines, node_of
from poh_graph.triples.nquads import (
    ALT_LABEL,
    CLOSE_MATCH,
    EXACT_MATCH,
    IDENTIFIER,
    LABEL,
    NOTATION,
    A,
    biolink,
    boolean,
    english,
    iri,
    poh,
    text,
)
from poh_graph.triples.world import World

_END = f" {iri(graph_iri('hgnc'))} .\n"

OURS = Provider("hgnc", f"{BASE}agent/poh-graph", _END)
"""Who says that a symbol means an entry: not HGNC, which does not know Orphanet's genes."""

_TAXON = f"{iri(OBO + 'RO_0002162')} {iri(OBO + 'NCBITaxon_9606')}"
_CROSS_REFERENCE = iri("http://www.geneontology.org/formats/oboInOwl#hasDbXref")
_MODIFIED = iri(DCTERMS + "modified")
_SEE_ALSO = iri(RDFS + "seeAlso")
_DEPRECATED = f"{iri(OWL + 'deprecated')} {boolean(value=True)}"
_UNIPROT_GENE = "http://purl.uniprot.org/geneid/"


def hgnc_lines(records: Iterable[GeneEntry], world: World) -> Iterator[str]:
    """The entries with their bands (of genes that others name as statements too), and the genes without HGNC id."""
    bands: set[str] = set()
    matches = _Matches(world)
    for record in records:
        yield from _gene_lines(record, world)
        for band in record.bands:
            if band not in bands:
                bands.add(band)
                yield from band_lines(band, _END)
        gene = node_of(f"HGNC:{record.hgnc}")
        if gene[1:-1] in world.labelled:  # other sources may say otherwise of the genes that they name
            for band in record.bands:
                yield from locus_lines(gene, f"hgnc{record.hgnc}", band, "hgnc", _END)
        matches.look_at(record)
    for mapping in matches.found():
        yield from mapping_lines(mapping, OURS)


def _gene_lines(record: GeneEntry, world: World) -> Iterator[str]:
    subject = node_of(f"HGNC:{record.hgnc}")
    symbol = text(record.symbol)
    said = [
        f"{A} {biolink('Gene')}",
        f"{LABEL} {symbol}",
        f"{biolink('symbol')} {symbol}",
        f"{biolink('full_name')} {english(record.name)}",
        f'{NOTATION} "HGNC:{record.hgnc}"',
        f'{IDENTIFIER} "{record.hgnc}"',
        _TAXON,
        *(f"{ALT_LABEL} {text(alias)}" for alias in record.aliases),
        *(f"{ALT_LABEL} {english(alias)}" for alias in record.alias_names),
        *(f"{poh('previousSymbol')} {text(previous)}" for previous in record.previous_symbols),
        *(f"{poh('previousName')} {english(previous)}" for previous in record.previous_names),
        *(f"{poh('geneGroup')} {text(group)}" for group in record.groups),
        *(f"{LIES_IN} {band_iri(band)}" for band in record.bands),
        *_elsewhere(record, world),
    ]
    if record.locus_type:
        said.append(f"{poh('locusType')} {text(record.locus_type)}")
    if record.modified:
        said.append(f'{_MODIFIED} "{record.modified}"^^<{XSD}date>')
    if record.withdrawn:
        said.append(_DEPRECATED)
    return (f"{subject} {statement}{_END}" for statement in said)


def _elsewhere(record: GeneEntry, world: World) -> Iterator[str]:
    """The same gene elsewhere, its products where a graph describes them, and what is only a reference."""
    if record.ncbi:
        yield f"{EXACT_MATCH} {node_of(f'NCBIGene:{record.ncbi}')}"
        yield f"{_SEE_ALSO} <{_UNIPROT_GENE}{record.ncbi}>"
    if record.ensembl:
        yield f"{EXACT_MATCH} {node_of(f'ENSEMBL:{record.ensembl}')}"
    if record.orphanet:
        yield f"{EXACT_MATCH} {node_of(f'ORPHA:{record.orphanet}')}"
    # Of several entries of OMIM none is the same as the gene (see the model).
    match = EXACT_MATCH if len(record.omim) == 1 else CLOSE_MATCH
    yield from (f"{match} {node_of(f'OMIM:{number}')}" for number in record.omim)
    for product in record.uniprot:
        node = node_of(f"UniProtKB:{product}")
        is_described = node[1:-1] in world.labelled
        yield f"{biolink('has_gene_product')} {node}" if is_described else f'{_CROSS_REFERENCE} "UniProtKB:{product}"'
    yield from (f"{_CROSS_REFERENCE} {text(reference)}" for reference in record.cross_references)


@dataclass
class _Matches:
    """Looks for the entries that genes without HGNC id may be, by their symbols."""

    world: World
    _by: dict[str, dict[str, list[str]]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(list)))

    def look_at(self, record: GeneEntry) -> None:
        """Take note of the symbols of an entry that a gene without HGNC id has."""
        for kind, symbols in (
            ("biolink:symbol", (record.symbol,)),
            ("poh:previousSymbol", record.previous_symbols),
            ("skos:altLabel", record.aliases),
        ):
            for symbol in symbols:
                if symbol in self.world.unnumbered_genes and not record.withdrawn:
                    self._by[symbol][kind].append(record.hgnc)

    def found(self) -> Iterator[Mapping]:
        """The mappings, by the surest kind of symbol alone: present, then previous, then alias.

        The same gene if the present or the previous symbol is that of one entry; else only a close match.
        """
        for symbol, kinds in sorted(self._by.items()):
            kind = next(kind for kind in ("biolink:symbol", "poh:previousSymbol", "skos:altLabel") if kinds.get(kind))
            numbers = sorted(set(kinds[kind]), key=int)
            is_same = len(numbers) == 1 and kind != "skos:altLabel"
            for number in numbers:
                yield Mapping(
                    subject=curie_of(self.world.unnumbered_genes[symbol]),
                    predicate="skos:exactMatch" if is_same else "skos:closeMatch",
                    object=f"HGNC:{number}",
                    justification="semapv:LexicalMatching",
                    set="",
                    match_field=kind,
                    matched=symbol,
                )
