"""Terms of HPO as statements of the graph ``hpo``."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from hashlib import sha256

from poh_graph.records.hpo import DISCARDED, LAYPERSON, Synonym, Term
from poh_graph.terms import BASE, DCTERMS, OBO, OWL, RDFS, graph_iri
from poh_graph.triples.nquads import (
    ALT_LABEL,
    CONCEPT,
    DEFINITION,
    IDENTIFIER,
    LABEL,
    NOTATION,
    OBJECT,
    PREDICATE,
    SUBJECT,
    A,
    biolink,
    boolean,
    english,
    hpo,
    iri,
    poh,
    text,
)
from poh_graph.triples.world import World

_GRAPH = iri(graph_iri("hpo"))
_END = f" {_GRAPH} .\n"
_OBO_IN_OWL = "http://www.geneontology.org/formats/oboInOwl#"

ROOT = "HP:0000001"
FREQUENCY = "HP:0040279"
"""The root of the terms that say how often a phenotype occurs: values, and no phenotypes."""

_BROADER = iri(RDFS + "subClassOf")
_DEPRECATED = f"{iri(OWL + 'deprecated')} {boolean(value=True)}"
_REPLACED_BY = iri(OBO + "IAO_0100001")
_CONSIDER = iri(_OBO_IN_OWL + "consider")
_ALTERNATIVE = iri(_OBO_IN_OWL + "hasAlternativeId")
_SUBSET = iri(_OBO_IN_OWL + "inSubset")
_CROSS_REFERENCE = iri(_OBO_IN_OWL + "hasDbXref")
_SCOPES = {
    "EXACT": ALT_LABEL,
    "BROAD": iri(_OBO_IN_OWL + "hasBroadSynonym"),
    "NARROW": iri(_OBO_IN_OWL + "hasNarrowSynonym"),
    "RELATED": iri(_OBO_IN_OWL + "hasRelatedSynonym"),
}


def hpo_lines(records: Iterable[Term], world: World) -> Iterator[str]:
    """The terms; those that were merged into others only if ``world`` still uses them."""
    terms = list(records)
    values = _below(FREQUENCY, terms) | {ROOT}
    for term in terms:
        if term.label:
            yield from _term_lines(term, is_value=term.id in values)
        elif _is_used(term.id, world):
            yield from _gone_lines(term.id, term.replaced_by)
        for other in term.alternatives:
            if _is_used(other, world):
                yield from _gone_lines(other, (term.id,))


def _below(root: str, terms: Iterable[Term]) -> set[str]:
    """A term and all that stands below it."""
    children = defaultdict(list)
    for term in terms:
        for parent in term.parents:
            children[parent].append(term.id)
    found, new = {root}, [root]
    while new:
        new = [child for parent in new for child in children[parent] if child not in found]
        found.update(new)
    return found


def _is_used(curie: str, world: World) -> bool:
    return hpo(curie)[1:-1] in world.labelled


def _term_lines(term: Term, *, is_value: bool) -> Iterator[str]:
    subject = hpo(term.id)
    said = [
        f"{A} {CONCEPT if is_value else biolink('PhenotypicFeature')}",
        f"{LABEL} {english(term.label)}",
        f'{NOTATION} "{term.id}"',
        f'{IDENTIFIER} "{term.id[3:]}"',
        *(f"{_BROADER} {hpo(parent)}" for parent in term.parents),
        *(f"{_ALTERNATIVE} {text(other)}" for other in term.alternatives),
        *(f"{_SUBSET} {text(subset)}" for subset in term.subsets),
        *(f"{_CROSS_REFERENCE} {text(reference)}" for reference in term.cross_references),
        *(said for synonym in term.synonyms for said in _synonym(synonym)),
    ]
    if term.definition:
        said.append(f"{DEFINITION} {english(term.definition)}")
    yield from (f"{subject} {statement}{_END}" for statement in said)
    if term.obsolete:
        yield from _gone_lines(term.id, term.replaced_by)
        yield from (f"{subject} {_CONSIDER} {hpo(other)}{_END}" for other in term.consider)
    for synonym in term.synonyms:
        if synonym.type not in ("", LAYPERSON):
            yield from _typed_synonym_lines(term, synonym)


def _gone_lines(curie: str, replaced_by: Iterable[str]) -> Iterator[str]:
    """That a term is in use no more, and which takes its place."""
    yield f"{hpo(curie)} {_DEPRECATED}{_END}"
    yield from (f"{hpo(curie)} {_REPLACED_BY} {hpo(other)}{_END}" for other in replaced_by)


def _synonym(synonym: Synonym) -> Iterator[str]:
    """A synonym by its scope; by that a layperson's is told from other words only where it is not exact."""
    if synonym.type == LAYPERSON:
        yield f"{poh('laySynonym')} {english(synonym.text)}"
        if synonym.scope == "EXACT":
            return
    if synonym.type != DISCARDED:
        yield f"{_SCOPES[synonym.scope]} {english(synonym.text)}"


def _typed_synonym_lines(term: Term, synonym: Synonym) -> Iterator[str]:
    """A synonym of which HPO says what kind of word it is: a spelling, a plural, an abbreviation."""
    digest = sha256(f"{synonym.scope}\n{synonym.type}\n{synonym.text}".encode()).hexdigest()[:8]
    node = f"<{BASE}statement/hpo/{term.id.replace(':', '')}-synonym-{digest}>"
    for said in (
        f"{A} {poh('SynonymStatement')}",
        f"{SUBJECT} {hpo(term.id)}",
        f"{PREDICATE} {_SCOPES[synonym.scope]}",
        f"{OBJECT} {english(synonym.text)}",
        f"{poh('synonymType')} {text(synonym.type)}",
        f"{iri(DCTERMS + 'source')} {_GRAPH}",
        f"{poh('confidenceLevel')} {poh('ReadInAuthority')}",
    ):
        yield f"{node} {said}{_END}"
