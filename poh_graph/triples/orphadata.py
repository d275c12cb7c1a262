"""Orphadata's records as statements of the graph ``orphadata``.

What the packets say too has the shapes of the graph ``orphanet``, and is written by the same functions; what they lack
is added to the same nodes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from poh_graph.records.orphadata import (
    Alignment,
    ClassificationName,
    ClassifiedUnder,
    DisabilityRow,
    GeneDetails,
    GeneRow,
    HistoryRow,
    Named,
    NomenclatureEntry,
    OrphadataRow,
    PhenotypeRow,
    PreferentialParent,
    PrevalenceRow,
    Succession,
)
from poh_graph.records.orphanet import Gene, PaperToken
from poh_graph.terms import BASE, DCTERMS, SKOS, XSD
from poh_graph.triples.epidemiology import epidemiology_lines, paper_iri, paper_lines, place_lines
from poh_graph.triples.loci import LIES_IN, band_iri, band_lines, locus_lines
from poh_graph.triples.mappings import node_of
from poh_graph.triples.nquads import (
    ALT_LABEL,
    CLOSE_MATCH,
    CONCEPT,
    EXACT_MATCH,
    IDENTIFIER,
    LABEL,
    NOTATION,
    A,
    biolink,
    boolean,
    english,
    hpo,
    in_language,
    iri,
    key,
    ordo,
    poh,
    text,
)
from poh_graph.triples.orphadata_names import END, GRAPH, VALIDATIONS, Nomenclature, alignment_lines, moved
from poh_graph.triples.orphanet import (
    gene_association_lines,
    gene_iri,
    gene_lines,
    phenotype_association_lines,
)
from poh_graph.triples.world import World
from poh_graph.values import orphanet_values

_PUBLICATIONS = biolink("publications")
_STATUSES = {"Assessed": poh("Assessed"), "Not yet assessed": poh("NotYetAssessed")}
_CRITERIA = {"Diagnostic criterion": poh("DiagnosticCriterion"), "Pathognomonic sign": poh("PathognomonicSign")}
_HISTORY = {"onset": ordo("C017"), "inheritance": ordo("C016")}
_VALIDATION = poh("validationStatus")
_CROSS_REFERENCE = iri("http://www.geneontology.org/formats/oboInOwl#hasDbXref")


def orphadata_lines(records: Iterable[object], world: World) -> Iterator[str]:
    """The statements of all products; what names and joins them comes last."""
    statements = _Statements(world)
    for record in records:
        yield from statements.lines(record)
    yield from statements.names.last_lines()


@dataclass
class _Statements:
    """Turns records into lines, and writes what they share only once."""

    world: World
    names: Nomenclature = field(init=False)
    _shared: set[object] = field(default_factory=set)
    _handlers: dict[type, Callable[..., Iterable[str] | None]] = field(init=False)

    def __post_init__(self) -> None:
        self.names = Nomenclature(self.world.labelled)
        self._handlers = {
            Named: self.names.named,
            ClassificationName: self.names.classification,
            Succession: self.names.succession,
            NomenclatureEntry: self.names.entry,
            ClassifiedUnder: self.names.classified,
            PreferentialParent: self.names.preferential,
            Alignment: alignment_lines,
            GeneRow: self._gene,
            PhenotypeRow: self._phenotype,
            PrevalenceRow: self._prevalence,
            HistoryRow: _history_lines,
            DisabilityRow: self._disability,
        }

    def lines(self, record: object) -> Iterable[str]:
        if isinstance(record, OrphadataRow):
            self.names.mentioned.add(record.code)
        return self._handlers[type(record)](record) or ()

    def _first(self, shared: object) -> bool:
        if shared in self._shared:
            return False
        self._shared.add(shared)
        return True

    def _gene(self, record: GeneRow) -> Iterator[str]:
        lines = moved(gene_association_lines(record.association))
        node = lines[0].partition(" ")[0]
        yield from lines
        gene = record.association.gene
        if self._first(gene_iri(gene)):
            yield from moved(gene_lines(gene))
            yield from self._details(gene, record.details)
        if record.status:
            yield f"{node} {poh('assessmentStatus')} {_STATUSES[record.status]}{END}"
        yield from self._papers(node, record.papers)

    def _details(self, gene: Gene, details: GeneDetails) -> Iterator[str]:
        """What a product says of a gene beside its names. A synonym with a blank in it is a name, else a symbol."""
        subject = gene_iri(gene)
        for synonym in details.synonyms:
            if synonym:
                yield f"{subject} {ALT_LABEL} {english(synonym) if ' ' in synonym else text(synonym)}{END}"
        if details.locus_type:
            yield f"{subject} {poh('locusType')} {text(details.locus_type)}{END}"
        name = f"hgnc{gene.hgnc}" if gene.hgnc else key(gene.symbol)
        for band in details.bands:
            yield f"{subject} {LIES_IN} {band_iri(band)}{END}"
            yield from locus_lines(subject, name, band, GRAPH, END)
            if self._first(("band", band)):
                yield from band_lines(band, END)
        ensembl = [identifier for source, identifier in details.references if source == "Ensembl"]
        for source, identifier in details.references:
            if source == "Ensembl":
                match = EXACT_MATCH if len(ensembl) == 1 else CLOSE_MATCH
                yield f"{subject} {match} {node_of(f'ENSEMBL:{identifier}')}{END}"
            elif source == "SwissProt":
                yield f"{subject} {self._product(identifier)}{END}"
            else:
                yield f"{subject} {_CROSS_REFERENCE} {text(f'{source}:{identifier}')}{END}"

    def _product(self, accession: str) -> str:
        """A product of a gene: linked where a graph describes it, else a cross-reference."""
        node = node_of(f"UniProtKB:{accession}")
        if node[1:-1] in self.world.labelled:
            return f"{biolink('has_gene_product')} {node}"
        return f'{_CROSS_REFERENCE} "UniProtKB:{accession}"'

    def _papers(self, node: str, tokens: Iterable[PaperToken]) -> Iterator[str]:
        """The papers of a statement; what else its source text cites is only said of epidemiology."""
        for token in tokens:
            paper = paper_iri(token)
            if paper:
                yield f"{node} {_PUBLICATIONS} {paper}{END}"
                yield from self._described(token)

    def _described(self, token: PaperToken) -> Iterable[str]:
        return moved(paper_lines(token, self.world.labelled)) if self._first(token) else ()

    def _phenotype(self, record: PhenotypeRow) -> Iterator[str]:
        lines = moved(phenotype_association_lines(record.association))
        node = lines[0].partition(" ")[0]
        yield from lines
        curie = record.association.hpo
        term = hpo(curie)
        if term[1:-1] not in self.world.labelled and self._first(term):
            yield f"{term} {A} {biolink('PhenotypicFeature')}{END}"
            yield f"{term} {LABEL} {in_language(record.association.label, record.language)}{END}"
            yield f'{term} {NOTATION} "{curie}"{END}'
            yield f'{term} {IDENTIFIER} "{curie[3:]}"{END}'
        if record.criterion:
            yield f"{node} {poh('diagnosticValue')} {_CRITERIA[record.criterion]}{END}"
        if record.validation:
            yield f"{node} {_VALIDATION} {VALIDATIONS[record.validation]}{END}"
        if record.validated:
            yield f'{node} {poh("validatedOn")} "{record.validated}"^^<{XSD}date>{END}'
        yield from self._papers(node, record.papers)

    def _prevalence(self, record: PrevalenceRow) -> Iterator[str]:
        lines = moved(epidemiology_lines(record.observation))
        node = lines[0].partition(" ")[0]
        yield from lines
        if record.validation:
            yield f"{node} {_VALIDATION} {VALIDATIONS[record.validation]}{END}"
        if self._first(("place", record.observation.place)):
            yield from moved(place_lines(record.observation))
        for token in record.observation.sources:
            yield from self._described(token)

    def _disability(self, record: DisabilityRow) -> Iterator[str]:
        """A limitation of what people can do; the same words twice are one statement."""
        words = (record.frequency, record.temporality, record.severity)
        digest = hashlib.sha256("\n".join(word or "" for word in words).encode()).hexdigest()[:8]
        node = f"<{BASE}statement/{GRAPH}/{record.code}-limitation-{record.number}-{digest}>"
        activity = f"<{BASE}concept/orphanet-activity-{record.number}>"
        label = in_language(record.label, record.language)
        yield f"{node} {A} {poh('FunctionalLimitation')}{END}"
        yield f"{node} {iri(DCTERMS + 'subject')} {ordo(record.code)}{END}"
        yield f"{node} {poh('limitedActivity')} {activity}{END}"
        yield f"{node} {poh('lossOfAbility')} {boolean(value=record.lost)}{END}"
        yield f"{node} {poh('confidenceLevel')} {poh('ReadInAuthority')}{END}"
        for name, word in zip(("Frequency", "Duration", "Severity"), words, strict=True):
            if word:
                yield f"{node} {poh(f'limitation{name}')} {in_language(word, record.language)}{END}"
        yield f"{node} {LABEL} {label}{END}"
        if self._first(("activity", record.number, record.language)):
            yield f"{activity} {A} {CONCEPT}{END}"
            yield f"{activity} {LABEL} {label}{END}"
            yield f"{activity} {iri(SKOS + 'prefLabel')} {label}{END}"


def _history_lines(record: HistoryRow) -> list[str]:
    """An age of onset or a type of inheritance, as the packets have them."""
    values = orphanet_values()
    found = (values.onsets if record.kind == "onset" else values.inheritances)[record.value]
    return [f"{ordo(record.code)} {_HISTORY[record.kind]} <{found.iri or found.missing}>{END}"]
