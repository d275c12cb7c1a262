"""Mondo's mapping sets as statements of the graph ``mondo``: its classes, its mappings, and the same from disorders."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace

from poh_graph.records.mappings import EXACT, Mapping, MappingSet
from poh_graph.terms import OWL, graph_iri
from poh_graph.triples.mappings import Provider, mapping_lines, mapping_set_lines, node_of
from poh_graph.triples.nquads import CONCEPT, IDENTIFIER, LABEL, NOTATION, A, biolink, boolean, english, iri
from poh_graph.triples.world import World

MONDO = Provider("mondo", "https://mondo.monarchinitiative.org", f" {iri(graph_iri('mondo'))} .\n")

_END = MONDO.end
_DISEASE = biolink("Disease")
_DEPRECATED = f"{iri(OWL + 'deprecated')} {boolean(value=True)}"
_OBSOLETE = "obsolete "
"""How the label of a class begins that Mondo has retired: the mapping sets say it in no other way."""


def mondo_lines(records: Iterable[Mapping | MappingSet], world: World) -> Iterator[str]:
    """The sets, classes and mappings; and from each disorder that ``world`` names what Mondo says of its class."""
    labels: dict[str, str] = {}
    exact: dict[str, list[str]] = defaultdict(list)
    beside: dict[str, list[Mapping]] = defaultdict(list)
    for record in records:
        if isinstance(record, MappingSet):
            yield from mapping_set_lines(record, MONDO)
            continue
        yield from mapping_lines(record, MONDO)
        if record.subject not in labels:
            yield from _class_lines(record.subject, record.subject_label)
            labels[record.subject] = record.subject_label
        if not record.object.startswith("ORPHA:"):
            beside[record.subject].append(record)
        elif record.predicate == EXACT and not record.negated and node_of(record.object)[1:-1] in world.labelled:
            exact[record.object].append(record.subject)
    for disorder, classes in exact.items():
        for class_ in classes:
            yield from mapping_lines(_inverted(disorder, class_, labels[class_]), MONDO)
        for mapping in _chained(disorder, (mapping for class_ in classes for mapping in beside[class_])):
            yield from mapping_lines(mapping, MONDO)


def _class_lines(curie: str, label: str) -> list[str]:
    subject = node_of(curie)
    lines = [
        f"{subject} {A} {_DISEASE}{_END}",
        f"{subject} {A} {CONCEPT}{_END}",
        f"{subject} {LABEL} {english(label or curie)}{_END}",
        f'{subject} {NOTATION} "{curie}"{_END}',
        f'{subject} {IDENTIFIER} "{curie.partition(":")[2]}"{_END}',
    ]
    if label.startswith(_OBSOLETE):
        lines.append(f"{subject} {_DEPRECATED}{_END}")
    return lines


def _inverted(disorder: str, class_: str, label: str) -> Mapping:
    """That a class is the same as a disorder, read from the disorder."""
    return Mapping(disorder, EXACT, class_, "semapv:MappingInversion", set="", object_label=label)


def _chained(disorder: str, mappings: Iterable[Mapping]) -> Iterator[Mapping]:
    """What is mapped to the classes of a disorder, mapped to the disorder: same relation, found by chaining.

    Where two classes of one disorder relate it to the same thing in different ways, the first that is read holds: one
    provider does not contradict itself about one disorder.
    """
    seen = set()
    for mapping in mappings:
        if not mapping.negated and mapping.object not in seen:
            seen.add(mapping.object)
            yield replace(mapping, subject=disorder, justification="semapv:MappingChaining", set="", confidence="")
