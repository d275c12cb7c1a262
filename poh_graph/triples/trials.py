"""Trials of a registry as statements of its graph; which disorders their conditions are, and how that was found."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from poh_graph.countries import Country
from poh_graph.records.trials import Sponsor, Trial, plain_name
from poh_graph.terms import BASE, DCTERMS, FOAF, ORDO, XSD, graph_iri, words
from poh_graph.triples.mappings import node_of
from poh_graph.triples.nquads import (
    EXACT_MATCH,
    IDENTIFIER,
    LABEL,
    NOTATION,
    OBJECT,
    PREDICATE,
    SPATIAL,
    SUBJECT,
    A,
    biolink,
    english,
    iri,
    poh,
    schema,
    text,
)
from poh_graph.triples.world import World

_SSSOM = "https://w3id.org/sssom/"
_SEMAPV = "https://w3id.org/semapv/vocab/"
_JUSTIFICATION = iri(_SSSOM + "mapping_justification")
_MATCHED = iri(_SSSOM + "match_string")
_MATCH_FIELD = iri(_SSSOM + "object_match_field")
_CONDITION = schema("healthCondition")
_SOURCE = iri(DCTERMS + "source")
_IS_ORGANIZATION = f"{A} {iri(FOAF + 'Organization')}"
_IS_PLACE = f"{A} {iri(DCTERMS + 'Location')}"
_TYPES_OF_DAY = {10: "date", 7: "gYearMonth", 4: "gYear"}


class Match(NamedTuple):
    """A disorder that a condition of a trial is: by which text, of which property, and why that counts.

    ``way`` ends the key of the statement. Where the text fits several disorders equally, nothing says which is meant.
    """

    disorder: str
    matched: str
    match_field: str
    justification: str
    way: str
    is_only: bool


class Conditions:
    """Finds the disorders of Orphanet that the conditions of trials are.

    A condition is a disorder if it is written like the label of one, apart from capitals; else like a synonym of one;
    and if the registry gives the trial a heading of MeSH that some source makes exact to one.
    """

    def __init__(self, world: World) -> None:
        self._same_as = world.same_as
        self._labels = _by_plain_name(world.disorder_labels)
        self._names = _by_plain_name(world.disorder_names)

    def of(self, trial: Trial) -> Iterator[Match]:
        """The disorders of a trial, those of one condition after those of another."""
        for condition in trial.conditions:
            name = plain_name(condition)
            way, match_field, found = "label", LABEL, self._labels.get(name)
            if not found:
                way, match_field, found = "synonym", _SYNONYM, self._names.get(name, set())
            for disorder in sorted(found):
                yield Match(disorder, condition, match_field, "LexicalMatching", way, len(found) == 1)
        for heading in trial.headings:
            found = self._same_as.get(node_of(f"MESH:{heading.id}")[1:-1], set())
            for disorder in sorted(found):
                yield Match(disorder, f"MESH:{heading.id}", EXACT_MATCH, "MappingChaining", "mesh", len(found) == 1)


_SYNONYM = iri("http://www.w3.org/2004/02/skos/core#altLabel")


def _by_plain_name(names: dict[str, set[str]]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for name, disorders in names.items():
        found[plain_name(name)] |= disorders
    return found


def trial_lines(records: Iterable[Trial], world: World, graph: str) -> Iterator[str]:
    """The trials of a registry, in the named graph of that name, and all that they refer to."""
    lines = _Lines(graph, world, Conditions(world))
    for trial in records:
        yield from lines.of(trial)
    yield from lines.sponsors()


@dataclass
class _Lines:
    """Writes trials. Sponsors are gathered, since one stands behind many trials and may be spelled in several ways."""

    graph: str
    world: World
    conditions: Conditions
    _sponsors: dict[str, set[Sponsor]] = field(default_factory=lambda: defaultdict(set))
    _described: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.end = f" {iri(graph_iri(self.graph))} .\n"

    def of(self, trial: Trial) -> Iterator[str]:
        """A trial, its conditions, and what it refers to and no other graph describes."""
        subject = node_of(f"{trial.registry}:{trial.number}")
        for said in _facts(subject, trial):
            yield f"{subject} {said}{self.end}"
        for sponsor in trial.sponsors:
            node = self._sponsor(sponsor)
            yield f"{subject} {schema('sponsor' if sponsor.leads else 'contributor')} {node}{self.end}"
        for heading in trial.headings:
            node = node_of(f"MESH:{heading.id}")
            yield f"{subject} {poh('conditionHeading')} {node}{self.end}"
            yield from self._once(node, (f"{LABEL} {english(heading.label)}",))
        for country in trial.countries:
            node = _place(country)
            yield f"{subject} {SPATIAL} {node}{self.end}"
            yield from self._once(
                node, (_IS_PLACE, f"{LABEL} {english(country.name)}", f"{NOTATION} {text(country.code)}")
            )
        for match in self.conditions.of(trial):
            yield from self._match(subject, trial, match)

    def _once(self, node: str, statements: Iterable[str]) -> Iterator[str]:
        """What describes a thing, the first time that it is met, unless another graph does so."""
        if node not in self._described and node[1:-1] not in self.world.labelled:
            yield from (f"{node} {said}{self.end}" for said in statements)
        self._described.add(node)

    def _match(self, subject: str, trial: Trial, match: Match) -> Iterator[str]:
        """That a condition is a disorder: as a statement, and directly where it fits no other disorder as well."""
        code = match.disorder.removeprefix(f"{ORDO}Orphanet_")
        node = f"<{BASE}statement/{self.graph}/{trial.number}-condition-{code}-{match.way}>"
        for said in (
            f"{A} {poh('TrialConditionStatement')}",
            f"{SUBJECT} {subject}",
            f"{PREDICATE} {_CONDITION}",
            f"{OBJECT} <{match.disorder}>",
            f"{_JUSTIFICATION} <{_SEMAPV}{match.justification}>",
            f"{_MATCHED} {text(match.matched)}",
            f"{_MATCH_FIELD} {match.match_field}",
            f"{_SOURCE} {subject}",
            f"{poh('confidenceLevel')} {poh('Inferred')}",
        ):
            yield f"{node} {said}{self.end}"
        if match.is_only:
            yield f"{subject} {_CONDITION} <{match.disorder}>{self.end}"

    def _sponsor(self, sponsor: Sponsor) -> str:
        node = f"<{BASE}sponsor/{self.graph}/{words(sponsor.name)}>"
        self._sponsors[node].add(sponsor)
        return node

    def sponsors(self) -> Iterator[str]:
        """The sponsors that were met; of spellings that differ in capitals the first in order is the label."""
        for node, found in sorted(self._sponsors.items()):
            label, *others = sorted({sponsor.name for sponsor in found})
            yield f"{node} {_IS_ORGANIZATION}{self.end}"
            yield f"{node} {LABEL} {text(label)}{self.end}"
            yield f"{node} {schema('name')} {text(label)}{self.end}"
            yield from (f"{node} {schema('alternateName')} {text(other)}{self.end}" for other in others)
            for kind in sorted({sponsor.kind for sponsor in found} - {""}):
                yield f"{node} {poh('sponsorClass')} {text(kind)}{self.end}"


def _facts(subject: str, trial: Trial) -> Iterator[str]:
    """What a trial says of itself in one statement each."""
    yield f"{A} {biolink('ClinicalTrial')}"
    yield f"{A} {schema('MedicalTrial')}"
    yield f"{LABEL} {english(trial.title or trial.number)}"
    yield f"{IDENTIFIER} {text(trial.number)}"
    yield f"{_SOURCE} {subject}"
    yield f"{poh('confidenceLevel')} {poh('ReadInAuthority')}"
    for predicate, value in (
        (schema("status"), trial.status),
        (poh("trialPhase"), trial.phase),
        (poh("studyType"), trial.study_type),
    ):
        if value:
            yield f"{predicate} {text(value)}"
    for predicate, day in (
        (schema("startDate"), trial.started),
        (schema("endDate"), trial.ended),
        (iri(DCTERMS + "issued"), trial.registered),
        (iri(DCTERMS + "modified"), trial.updated),
    ):
        if day:
            yield f'{predicate} "{day}"^^<{XSD}{_TYPES_OF_DAY[len(day)]}>'
    yield from (f"{poh('conditionName')} {text(condition)}" for condition in trial.conditions)
    yield from (f"{poh('intervention')} {text(intervention)}" for intervention in trial.interventions)
    yield from (f"{schema('identifier')} {text(number)}" for number in trial.other_numbers)


def _place(country: Country) -> str:
    return iri(f"{BASE}place/{country.code}")
