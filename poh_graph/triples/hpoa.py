"""HPO annotations as statements of the graph ``hpoa``: associations, what they are about, and what they cite."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from poh_graph.records.annotations import Annotation, Frequency
from poh_graph.terms import BASE, DCTERMS, OBO, PUBMED, XSD, graph_iri
from poh_graph.triples.mappings import identifier_key, node_of
from poh_graph.triples.nquads import (
    CONCEPT,
    IDENTIFIER,
    LABEL,
    NOTATION,
    OBJECT,
    PREDICATE,
    SUBJECT,
    A,
    address,
    biolink,
    boolean,
    decimal,
    english,
    hpo,
    iri,
    poh,
    schema,
    text,
)
from poh_graph.triples.world import World

_END = f" {iri(graph_iri('hpoa'))} .\n"

_ASSOCIATION = biolink("DiseaseToPhenotypicFeatureAssociation")
_HAS_PHENOTYPE = biolink("has_phenotype")
_SHORTCUT = iri(OBO + "RO_0002200")
_SOURCE = iri(DCTERMS + "source")
_SEXES = {"female": iri(OBO + "PATO_0000383"), "male": iri(OBO + "PATO_0000384")}
_DECIPHER = "DECIPHER:"


def hpoa_lines(records: Iterable[Annotation], world: World) -> Iterator[str]:
    """The annotations; the disorders, terms and papers that they name, as far as ``world`` does not describe them.

    The entries of OMIM and DECIPHER that have annotations are always described, as HPOA names them.
    """
    named: dict[str, str] = {}
    described: dict[str, tuple[str, ...]] = {}
    for record in records:
        yield from _association_lines(record)
        named.setdefault(record.disorder, record.name)
        described.update(_terms(record))
        described.update(_cited(record))
    known = world.labelled
    for disorder, name in named.items():
        node = _node(disorder)
        described.pop(node, None)
        if not disorder.startswith("ORPHA:") or node[1:-1] not in known:
            yield from (f"{node} {statement}{_END}" for statement in _disorder(disorder, name))
    for node, statements in described.items():
        if node[1:-1] not in known:
            yield from (f"{node} {statement}{_END}" for statement in statements)


def _node(disorder: str) -> str:
    """The IRI of a disorder. For the syndromes of DECIPHER no vocabulary has one: they get one of our own."""
    if disorder.startswith(_DECIPHER):
        return iri(f"{BASE}disorder/{_key(disorder)}")
    return node_of(disorder)


def _key(disorder: str) -> str:
    return disorder.lower().replace(":", "-") if disorder.startswith(_DECIPHER) else identifier_key(disorder)


def _association_lines(record: Annotation) -> Iterator[str]:
    disorder, phenotype, frequency = _node(record.disorder), hpo(record.hpo), record.frequency
    parts = (_key(record.disorder), identifier_key(record.hpo), _words(frequency), record.digest)
    node = f"<{BASE}association/hpoa/{'-'.join(parts)}>"
    for said in (
        f"{A} {_ASSOCIATION}",
        f"{SUBJECT} {disorder}",
        f"{PREDICATE} {_HAS_PHENOTYPE}",
        f"{OBJECT} {phenotype}",
        f"{_NEGATED} {boolean(value=record.negated)}",
        *_qualifiers(record),
        *(f"{_PUBLICATIONS} <{PUBMED}{paper}>" for paper in record.papers),
        *(f"{_SOURCE} {_node(entry)}" for entry in record.entries),
        *(f"{_SOURCE} <{address(page)}>" for page in record.pages),
        *(f"{_WORK} {text(work)}" for work in record.works),
    ):
        yield f"{node} {said}{_END}"
    if not record.negated and not frequency.is_never:
        yield f"{disorder} {_SHORTCUT} {phenotype}{_END}"


def _qualifiers(record: Annotation) -> Iterator[str]:
    frequency = record.frequency
    if frequency.term:
        yield f"{_FREQUENCY} {hpo(frequency.term)}"
    if frequency.total is not None:
        yield f'{_COUNT} "{frequency.count}"^^<{XSD}integer>'
        yield f'{_TOTAL} "{frequency.total}"^^<{XSD}integer>'
    if frequency.percent:
        yield f"{_PERCENTAGE} {decimal(frequency.percent)}"
    if record.onset:
        yield f"{_ONSET} {hpo(record.onset)}"
    if record.sex:
        yield f"{_SEX} {_SEXES[record.sex]}"
    yield from (f"{_MODIFIER} {hpo(modifier)}" for modifier in record.modifiers)
    if record.evidence:
        yield f"{_EVIDENCE} {text(record.evidence)}"
    if record.aspect:
        yield f"{_ASPECT} {hpo(record.aspect)}"


def _words(frequency: Frequency) -> str:
    """A frequency as a part of the key of an association.

    >>> [_words(frequency) for frequency in (Frequency("HP:0040283"), Frequency(count=5, total=6), Frequency())]
    ['HP0040283', '5of6', 'unspecified']
    """
    if frequency.total is not None:
        return f"{frequency.count}of{frequency.total}"
    if frequency.percent:
        return f"{frequency.percent}percent"
    return identifier_key(frequency.term) if frequency.term else "unspecified"


def _disorder(disorder: str, name: str) -> tuple[str, ...]:
    named = (f"{A} {biolink('Disease')}", f"{A} {CONCEPT}", f"{LABEL} {english(name)}")
    if disorder.startswith(_DECIPHER):
        return (*named, f"{IDENTIFIER} {text(_key(disorder))}")
    return (*named, f"{NOTATION} {text(disorder)}", f"{IDENTIFIER} {text(disorder.partition(':')[2])}")


def _terms(record: Annotation) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The terms of HPO that a row names: without HPO in the build they have their identifier as label."""
    for term in record.brings:
        kind = CONCEPT if term == record.frequency.term else _PHENOTYPE
        named = (f"{LABEL} {english(term)}", f"{NOTATION} {text(term)}", f"{IDENTIFIER} {text(term[3:])}")
        yield hpo(term), (f"{A} {kind}", *named)


def _cited(record: Annotation) -> Iterator[tuple[str, tuple[str, ...]]]:
    """What a row cites. HPOA has no titles: a paper has its identifier as label."""
    for paper in record.papers:
        named = (f"{LABEL} {text(f'PMID {paper}')}", f"{IDENTIFIER} {text(f'PMID:{paper}')}")
        yield f"<{PUBMED}{paper}>", (f"{A} {_PUBLICATION}", *named)
    for entry in record.entries:
        yield _node(entry), (f"{LABEL} {text(entry)}",)
    for page in record.pages:
        yield f"<{address(page)}>", (f"{A} {schema('WebPage')}", f"{LABEL} {text(page)}")


_PHENOTYPE = biolink("PhenotypicFeature")
_PUBLICATION = biolink("Publication")
_NEGATED = biolink("negated")
_PUBLICATIONS = biolink("publications")
_FREQUENCY = biolink("frequency_qualifier")
_COUNT = biolink("has_count")
_TOTAL = biolink("has_total")
_PERCENTAGE = biolink("has_percentage")
_ONSET = biolink("onset_qualifier")
_SEX = biolink("sex_qualifier")
_EVIDENCE = poh("evidenceCode")
_MODIFIER = poh("clinicalModifier")
_ASPECT = poh("aspect")
_WORK = poh("citedWork")
