"""Orphanet's records as statements of the graph ``orphanet``: all decisions of the model, one function a record type.

The model by example: ``ontology/MODEL.md``. A function gives the lines of N-Quads of one record; what several records
share (a phenotype's label, a gene, a paper) is written once by :class:`OrphanetStatements`.
"""

from __future__ import annotations

from collections.abc import Callable, Container
from functools import lru_cache

from poh_graph.records.orphanet import (
    CrossReference,
    Disorder,
    Epidemiology,
    Gene,
    GeneAssociation,
    Packet,
    Parent,
    PhenotypeAssociation,
    Record,
    Stub,
)
from poh_graph.terms import BASE, HGNC, OBO, XSD
from poh_graph.triples.epidemiology import epidemiology_lines, paper_lines, place_lines
from poh_graph.triples.nquads import (
    ALT_LABEL,
    AXIOM,
    BROADER,
    CLOSE_MATCH,
    CONCEPT,
    DEFINITION,
    EDITORIAL_NOTE,
    EXACT_MATCH,
    IDENTIFIER,
    LABEL,
    NOTATION,
    OBJECT,
    ORPHANET,
    ORPHANET_GONE,
    PREDICATE,
    PREF_LABEL,
    SUBJECT,
    A,
    biolink,
    boolean,
    english,
    hpo,
    iri,
    key,
    local_key,
    ordo,
    poh,
    text,
)
from poh_graph.values import orphanet_values

_END = ORPHANET

_DISEASE = biolink("Disease")
_GENE = biolink("Gene")
_PHENOTYPIC_FEATURE = biolink("PhenotypicFeature")
_PHENOTYPE_ASSOCIATION = biolink("DiseaseToPhenotypicFeatureAssociation")
_HAS_PHENOTYPE = biolink("has_phenotype")
_NEGATED = biolink("negated")
_FREQUENCY = biolink("frequency_qualifier")
_ORIGINAL_PREDICATE = biolink("original_predicate")
_VARIANT_FORM = biolink("subject_form_or_variant_qualifier")
_GENE_ASSOCIATION = biolink("GeneToDiseaseAssociation")
_RO_HAS_PHENOTYPE = iri(OBO + "RO_0002200")
_INHERITANCE = ordo("C016")
_ONSET = ordo("C017")
_EXCLUDED = OBO + "HP_0040285"
_OMIM = "https://omim.org/entry/"
_SSSOM = "https://w3id.org/sssom/"
_OWL = "http://www.w3.org/2002/07/owl#"
_DB_XREF = "http://www.geneontology.org/formats/oboInOwl#hasDbXref"

_NO_COMMAS = "The packets of Orphanet leave out most commas: this is not the text as Orphanet publishes it."


def disorder_lines(record: Disorder, *, include_definitions: bool = True) -> list[str]:
    """A disorder with its names, onset, inheritance and, unless left out, its definition and how that was mended."""
    values = orphanet_values()
    subject = ordo(record.code)
    lines = _named_disorder(record.code, record.label)
    type_iri = values.disorder_types.get(record.type or "")
    if type_iri:
        lines.append(f"{subject} {A} <{type_iri}>{_END}")
    lines += [f"{subject} {ALT_LABEL} {english(synonym)}{_END}" for synonym in record.synonyms]
    for predicate, texts, table in (
        (_ONSET, record.onsets, values.onsets),
        (_INHERITANCE, record.inheritances, values.inheritances),
    ):
        known = [table[value] for value in texts if value in table]
        lines += [f"{subject} {predicate} <{value.iri or value.missing}>{_END}" for value in known]
    if record.definition and include_definitions:
        definition = record.definition
        lines.append(f"{subject} {DEFINITION} {english(definition.text)}{_END}")
        if definition.repairs:
            lines.append(f"{subject} {poh('rawDefinition')} {text(definition.raw)}{_END}")
            lines += [f"{subject} {poh('textRepair')} {text(repair)}{_END}" for repair in definition.repairs]
        if "," not in definition.raw:
            lines.append(f"{subject} {EDITORIAL_NOTE} {english(_NO_COMMAS)}{_END}")
    return lines


def stub_lines(record: Stub) -> list[str]:
    """A disorder of which only code and label are known."""
    return _named_disorder(record.code, record.label)


def gone_lines(code: str, label: str, day: str) -> list[str]:
    """A code that older packets name and the newest do not; ``day`` (ISO 8601) is that of the last release with it."""
    seen = f'{ordo(code)} {poh("lastSeenIn")} "{day}"^^<{XSD}date>{ORPHANET_GONE}'
    return [*_named_disorder(code, label, ORPHANET_GONE), seen]


def _named_disorder(code: str, label: str, end: str = _END) -> list[str]:
    subject, name = ordo(code), english(label)
    lines = [
        f"{subject} {A} {_DISEASE}{end}",
        f"{subject} {A} {CONCEPT}{end}",
        f'{subject} {NOTATION} "ORPHA:{code}"{end}',
        f'{subject} {IDENTIFIER} "{code}"{end}',
    ]
    if label:
        lines += [f"{subject} {LABEL} {name}{end}", f"{subject} {PREF_LABEL} {name}{end}"]
    return lines


def parent_lines(record: Parent) -> list[str]:
    """A step up in one of Orphanet's classifications: navigation, not is-a."""
    return [f"{ordo(record.child)} {BROADER} {ordo(record.code)}{_END}"]


def gene_lines(gene: Gene) -> list[str]:
    """A gene as Orphanet names it, with the OMIM entry of the same gene.

    Where there are several entries (SHOX has one on each sex chromosome), none of them is the same as the gene: they
    are close matches.
    """
    subject = gene_iri(gene)
    symbol = text(gene.symbol)
    lines = [f"{subject} {A} {_GENE}{_END}", f"{subject} {LABEL} {symbol}{_END}", f"{subject} {_SYMBOL} {symbol}{_END}"]
    if gene.name:
        lines.append(f"{subject} {_FULL_NAME} {english(gene.name)}{_END}")
    if gene.hgnc:
        lines.append(f'{subject} {IDENTIFIER} "{gene.hgnc}"{_END}')
        lines.append(f'{subject} {NOTATION} "HGNC:{gene.hgnc}"{_END}')
    else:
        lines.append(f"{subject} {IDENTIFIER} {symbol}{_END}")
    match = EXACT_MATCH if len(gene.omim) == 1 else CLOSE_MATCH
    lines += [f"{subject} {match} <{_OMIM}{number}>{_END}" for number in gene.omim]
    lines += [f"{subject} {_CLINVAR} {text(symbol)}{_END}" for symbol in gene.clinvar]
    return lines


_SYMBOL = biolink("symbol")
_FULL_NAME = biolink("full_name")
_CLINVAR = poh("clinvarSymbol")


def gene_iri(gene: Gene) -> str:
    """The IRI of a gene: HGNC's, or one of our own by its symbol."""
    return f"<{HGNC}{gene.hgnc}>" if gene.hgnc else f"<{BASE}gene/{key(gene.symbol)}>"


def gene_association_lines(record: GeneAssociation) -> list[str]:
    """A gene's part in a disorder, with a shortcut each way. Without a kind of association there is no shortcut.

    A kind that no table knows gives nothing: the reader has counted it.
    """
    kind = orphanet_values().gene_association_types.get(record.type or "")
    if record.type and kind is None:
        return []
    gene, disorder = gene_iri(record.gene), ordo(record.disorder)
    name = f"hgnc{record.gene.hgnc}" if record.gene.hgnc else key(record.gene.symbol)
    qualifier = local_key(kind.iri) if kind else "unspecified"
    node = f"<{BASE}association/orphanet/{record.disorder}-{name}-{qualifier}>"
    lines = [f"{node} {SUBJECT} {gene}{_END}", f"{node} {OBJECT} {disorder}{_END}"]
    if kind is None:
        lines.append(f"{node} {A} {_GENE_ASSOCIATION}{_END}")
        lines.append(f"{node} {PREDICATE} {biolink('associated_with')}{_END}")
        return lines
    lines += [
        f"{node} {A} <{kind.biolink_class}>{_END}",
        f"{node} {PREDICATE} <{kind.biolink_predicate}>{_END}",
        f"{node} {_ORIGINAL_PREDICATE} <{kind.iri}>{_END}",
        f"{gene} <{kind.iri}> {disorder}{_END}",
    ]
    if kind.form_qualifier:
        lines.append(f"{node} {_VARIANT_FORM} {text(kind.form_qualifier)}{_END}")
    if kind.disorder_to_gene:
        lines.append(f"{disorder} <{kind.disorder_to_gene}> {gene}{_END}")
    return lines


@lru_cache(maxsize=64)
def _frequency_parts(value: str | None) -> tuple[str, str, bool]:
    """For a frequency: the end of the key, the end of the statements, and whether it excludes the phenotype."""
    if value is None:
        return "unspecified", "", False
    found = orphanet_values().frequencies[value]
    return local_key(found), f" {_FREQUENCY} <{found}>{_END}", found == _EXCLUDED


def phenotype_association_lines(record: PhenotypeAssociation) -> list[str]:
    """A phenotype that is found in a disorder, with a shortcut; or one that is expressly not, without."""
    if record.frequency is not None and record.frequency not in orphanet_values().frequencies:
        return []
    qualifier, frequency, excluded = _frequency_parts(record.frequency)
    disorder, phenotype = ordo(record.disorder), hpo(record.hpo)
    node = f"<{BASE}association/orphanet/{record.disorder}-HP{record.hpo[3:]}-{qualifier}>"
    lines = [
        f"{node}{_IS_PHENOTYPE_ASSOCIATION}",
        f"{node} {SUBJECT} {disorder}{_END}",
        f"{node}{_PREDICATE_HAS_PHENOTYPE}",
        f"{node} {OBJECT} {phenotype}{_END}",
        f"{node}{_IS_EXCLUDED if excluded else _IS_NOT_EXCLUDED}",
    ]
    if frequency:
        lines.append(node + frequency)
    if not excluded:
        lines.append(f"{disorder} {_RO_HAS_PHENOTYPE} {phenotype}{_END}")
    return lines


_IS_PHENOTYPE_ASSOCIATION = f" {A} {_PHENOTYPE_ASSOCIATION}{_END}"
_PREDICATE_HAS_PHENOTYPE = f" {PREDICATE} {_HAS_PHENOTYPE}{_END}"
_IS_EXCLUDED = f" {_NEGATED} {boolean(value=True)}{_END}"
_IS_NOT_EXCLUDED = f" {_NEGATED} {boolean(value=False)}{_END}"


def phenotype_lines(curie: str, label: str) -> list[str]:
    """A phenotype as the packets name it."""
    subject = hpo(curie)
    return [
        f"{subject} {A} {_PHENOTYPIC_FEATURE}{_END}",
        f"{subject} {LABEL} {english(label)}{_END}",
        f'{subject} {NOTATION} "{curie}"{_END}',
        f'{subject} {IDENTIFIER} "{curie[3:]}"{_END}',
    ]


def cross_reference_lines(record: CrossReference) -> list[str]:
    """A mapping to OMIM: the SKOS triple in the right direction, and a node that says whose words it is.

    A relation that is no match has the string form as its object; one that is expressly wrong has no triple of its own.
    """
    relation = orphanet_values().relation(record.relation or "")
    if relation is None:
        return []
    subject, predicate = ordo(record.disorder), iri(relation.predicate)
    matches = relation.predicate != _DB_XREF
    target = f"<{_OMIM}{record.identifier}>" if matches else text(f"OMIM:{record.identifier}")
    node = (
        f"<{BASE}mapping/orphanet/{record.disorder}-{'not-' if relation.negated else ''}"
        f"{relation.predicate.rsplit('#', 1)[1]}-OMIM{record.identifier}>"
    )
    lines = [
        f"{node} {A} {AXIOM}{_END}",
        f"{node} {A} <{_SSSOM}Mapping>{_END}",
        f"{node} <{_OWL}annotatedSource> {subject}{_END}",
        f"{node} <{_OWL}annotatedProperty> {predicate}{_END}",
        f"{node} <{_OWL}annotatedTarget> {target}{_END}",
        f"{node} <{_SSSOM}mapping_justification> <https://w3id.org/semapv/vocab/ManualMappingCuration>{_END}",
        f"{node} <{_SSSOM}mapping_provider> <https://www.orpha.net>{_END}",
        f"{node} <{_SSSOM}predicate_label> {text(record.relation or '')}{_END}",
    ]
    if relation.negated:
        lines.append(f'{node} <{_SSSOM}predicate_modifier> "Not"{_END}')
    else:
        lines.append(f"{subject} {predicate} {target}{_END}")
    return lines


class OrphanetStatements:
    """Turns records into N-Quads, and writes what they share only once.

    ``described`` holds the IRIs of papers that other graphs give a label; the others get their identifier as label.
    """

    def __init__(self, *, include_definitions: bool = True, described: Container[str] = frozenset()) -> None:
        self._described = described
        self._shared: set[object] = set()
        self._handlers: dict[type, Callable[..., list[str]]] = {
            Packet: lambda _: [],  # the head of a packet is described once, in the graph meta
            Disorder: lambda record: disorder_lines(record, include_definitions=include_definitions),
            Stub: stub_lines,
            Parent: parent_lines,
            GeneAssociation: self._gene_association,
            PhenotypeAssociation: self._phenotype_association,
            Epidemiology: self._epidemiology,
            CrossReference: cross_reference_lines,
        }

    def lines(self, record: Record) -> list[str]:
        """The lines of N-Quads of a record, each with its line feed; not sorted."""
        return self._handlers[type(record)](record)

    def _first(self, shared: object) -> bool:
        if shared in self._shared:
            return False
        self._shared.add(shared)
        return True

    def _gene_association(self, record: GeneAssociation) -> list[str]:
        lines = gene_association_lines(record)
        return gene_lines(record.gene) + lines if self._first(record.gene) else lines

    def _phenotype_association(self, record: PhenotypeAssociation) -> list[str]:
        lines = phenotype_association_lines(record)
        if self._first((record.hpo, record.label)):
            lines += phenotype_lines(record.hpo, record.label)
        return lines

    def _epidemiology(self, record: Epidemiology) -> list[str]:
        lines = epidemiology_lines(record)
        if lines and self._first(record.place):
            lines += place_lines(record)
        for token in record.sources:
            if self._first(token):
                lines += paper_lines(token, self._described)
        return lines
