"""The exact difference of two graphs → what changed, by disorder and in words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import pyoxigraph as ox

from poh_graph.changes.change import ORPHANET, Action, Change, Changes, Presence, in_order
from poh_graph.changes.line_diff import LineDiff, Lines, compare_lines
from poh_graph.changes.line_facts import DISORDERS, EXACT, Facts, Key, Observation, Value, read_facts
from poh_graph.changes.sides import open_sides
from poh_graph.terms import DCTERMS, GRAPH, HGNC, ONTOLOGY, ORDO, OWL, RDFS, SKOS, curie_of
from poh_graph.values import orphanet_values

_LABEL = RDFS + "label"
_SYNONYM = SKOS + "altLabel"
_DEPRECATED = OWL + "deprecated"
_HEIRS = ("http://www.geneontology.org/formats/oboInOwl#consider", DCTERMS + "isReplacedBy")
_OF_VALUES = ("onset", "inheritance", "parent", "gene", "phenotype")
"""Kinds that are about something which has an IRI."""


def diff(old: str | Path, new: str | Path) -> Changes:
    """What changed from one graph to another: two bundles, RDF files, or releases of ORPHApackets.

    Raises:
        InputError: if one is not there, cannot be read, or holds blank nodes.
        StoreError: if a bundle is damaged or of another version.
    """
    one, other = open_sides(Path(old), Path(new))
    return changes_of(one, other)


def exact_diff(old: str | Path, new: str | Path) -> LineDiff:
    """The same as lines only, without words.

    Raises:
        InputError: as :func:`diff`.
        StoreError: as :func:`diff`.
    """
    return compare_lines(*open_sides(Path(old), Path(new), keep=()))


def changes_of(one: Lines, other: Lines) -> Changes:
    """The same of two graphs that are open."""
    lines = compare_lines(one, other)
    words = _Words(_Names.of(one.kept, other.kept))
    removed, added = (read_facts(side, words.names.genes()) for side in (lines.removed, lines.added))
    presence = words.presence(removed.facts, added.facts)
    heirs = _Heirs(words, removed.facts, added.facts)
    changes = [
        *_comings_and_goings(words, heirs, presence, removed.facts, added.facts),
        *_changed(words, heirs, presence, removed.facts, added.facts),
    ]
    graphs = sorted(removed.elsewhere.keys() | added.elsewhere.keys())
    elsewhere = {graph: (removed.elsewhere[graph], added.elsewhere[graph]) for graph in graphs}
    return Changes(lines, in_order(changes), elsewhere, words.names.folded())


class _Names(NamedTuple):
    """What things are called: labels of each side and synonyms, by IRI.

    Of the new side alone: ``called`` are the disorders by name in lower case, ``entries`` those by an OMIM entry that
    they refer to, ``retired`` the named graphs (short names) that say that a disorder is, ``considered`` what may stand
    for it.
    """

    old: dict[str, str]
    new: dict[str, str]
    synonyms: dict[str, set[str]]
    called: dict[str, set[str]]
    entries: dict[str, set[str]]
    retired: dict[str, set[str]]
    considered: dict[str, set[str]]

    @classmethod
    def of(cls, old: Iterable[bytes], new: Iterable[bytes]) -> _Names:
        """The names in the lines of both sides; a line that both have is taken apart once."""
        before, after = set(old), set(new)
        names = cls({}, {}, defaultdict(set), defaultdict(set), defaultdict(set), defaultdict(set), defaultdict(set))
        for lines, labels in (
            (before & after, (names.old, names.new)),
            (before - after, (names.old,)),
            (after - before, (names.new,)),
        ):
            for quad in ox.parse(b"".join(sorted(lines)), format=ox.RdfFormat.N_QUADS):
                names._take(quad, labels)
        return names

    def _take(self, quad: ox.Quad, labels: Iterable[dict[str, str]]) -> None:
        if not isinstance(quad.subject, ox.NamedNode) or not isinstance(quad.object, ox.NamedNode | ox.Literal):
            return
        subject, predicate, value = quad.subject.value, quad.predicate.value, quad.object.value
        if predicate == _LABEL:
            for known in labels:
                known.setdefault(subject, value)
        elif predicate == _SYNONYM:
            self.synonyms[subject].add(value)
        if any(known is self.new for known in labels) and subject.startswith(DISORDERS):
            self._take_new(quad, subject, predicate, value)

    def _take_new(self, quad: ox.Quad, subject: str, predicate: str, value: str) -> None:
        if predicate in (_LABEL, _SYNONYM):
            self.called[value.casefold()].add(subject)
        elif predicate == _DEPRECATED:
            graph = quad.graph_name
            self.retired[subject].add(graph.value.removeprefix(GRAPH) if isinstance(graph, ox.NamedNode) else "")
        elif predicate in _HEIRS:
            self.considered[subject].add(value)
        else:
            self.entries[curie_of(value)].add(subject)

    def genes(self) -> dict[str, str]:
        """The genes of HGNC by symbol."""
        both = {**self.old, **self.new}
        return {label: iri for iri, label in both.items() if iri.startswith(HGNC)}

    def folded(self) -> dict[str, frozenset[str]]:
        """The disorders that are called so, by name in lower case."""
        found: dict[str, set[str]] = defaultdict(set)
        for labels in (self.old, self.new):
            for iri, label in labels.items():
                found[label.casefold()].add(iri)
        for iri, synonyms in self.synonyms.items():
            for synonym in synonyms:
                found[synonym.casefold()].add(iri)
        disorders = (
            (name, frozenset(iri for iri in iris if iri.startswith(DISORDERS))) for name, iris in found.items()
        )
        return {name: iris for name, iris in disorders if iris}


class _Words:
    """Puts facts into words, by the names of both sides and Orphanet's own words for its values."""

    def __init__(self, names: _Names) -> None:
        self.names = names

    def label(self, iri: str) -> str:
        """What a thing is called, in the new graph if it can be; empty for what has no name."""
        return _orphanet_words().get(iri) or self.names.new.get(iri) or self.names.old.get(iri, "")

    def term(self, iri: str) -> str:
        """The name of a value, or its CURIE."""
        return (self.label(iri) or curie_of(iri)) if iri else ""

    def presence(self, removed: Facts, added: Facts) -> dict[str, Presence]:
        """Whether each disorder of which something changed is on both sides.

        A disorder that others name as their parent and that has no packet of its own has a label, but no type: when
        only the type comes or goes, the packet did.
        """
        without, gained = ({key.disorder for key in facts if key.kind == "type"} for facts in (removed, added))
        found: dict[str, Presence] = {}
        for disorder in {key.disorder for facts in (removed, added) for key in facts}:
            before = disorder in self.names.old and not (disorder in gained and disorder not in without)
            after = disorder in self.names.new and not (disorder in without and disorder not in gained)
            found[disorder] = "kept" if before == after else "appeared" if after else "gone"
        return found

    def about(self, key: Key) -> tuple[str, str]:
        """What a change is about: CURIE or text, and label."""
        if key.kind == "prevalence":
            measure, _, place = key.about.partition(" ")
            return ", ".join(filter(None, (self.term(measure), self.term(place)))), ""
        if key.kind in _OF_VALUES:
            return curie_of(key.about), self.label(key.about)
        return key.about, ""

    def value(self, key: Key, value: Value) -> str:
        """What is said of it."""
        if isinstance(value, Observation):
            return self._observation(value)
        return self.term(value) if key.kind in ("type", "gene", "phenotype") else value

    def _observation(self, said: Observation) -> str:
        number = f"{said.value} {said.unit}" if said.value else ""
        parts = [self.term(said.prevalence_class or said.missing), number, said.qualification]
        cited = ", ".join(self.term(text) if text.startswith(ONTOLOGY) else curie_of(text) for text in said.citations)
        return "; ".join(filter(None, [*parts, f"from {cited}" if cited else ""]))


@lru_cache(maxsize=1)
def _orphanet_words() -> dict[str, str]:
    """Orphanet's own words for its values, by IRI. A release that is read straight has no label for these."""
    tables = orphanet_values()
    valued = [tables.onsets, tables.inheritances, tables.prevalence_types, tables.places, tables.prevalence_classes]
    words = {value.iri or value.missing: text for table in valued for text, value in table.items()}  # type: ignore[attr-defined]  # each has both
    words |= {iri: text for text, iri in tables.disorder_types.items()}
    words |= {iri: text for text, iri in tables.frequencies.items()}
    words |= {kind.iri: text for text, kind in tables.gene_association_types.items()}
    return words | CITED_PARTIES


CITED_PARTIES = {
    f"{ONTOLOGY}OrphanetItself": "Orphanet itself",
    f"{ONTOLOGY}UnnamedExpert": "unnamed expert",
    f"{ONTOLOGY}UnnamedAuthor": "unnamed author",
    f"{ONTOLOGY}UnnamedRegistry": "unnamed registry",
    f"{ONTOLOGY}UnnamedInstitution": "unnamed institution",
    f"{ONTOLOGY}UnnamedWork": "unnamed work",
}
"""What a row cites without a name, as the ontology calls it."""


def _comings_and_goings(
    words: _Words, heirs: _Heirs, presence: Mapping[str, Presence], removed: Facts, added: Facts
) -> Iterator[Change]:
    """The disorders that appeared, and those that are gone, with where they may have gone.

    An ORPHA code without a type is a parent without packet: it was never in the packets, and cannot go from them. That
    one which is gone is retired is said where a graph of the new side says so, be it new there or not.
    """
    typed = {key.disorder for facts in (removed, added) for key in facts if key.kind == "type"}
    for disorder, state in presence.items():
        if state == "kept":
            continue
        kind, about = (state, "") if disorder in typed or not disorder.startswith(ORDO) else ("other", _ONLY_A_PARENT)
        if state == "appeared":
            label = words.names.new[disorder]
            yield Change(disorder, label, kind, "added", about, "", "", label, ORPHANET, (), state)
        else:
            label = words.names.old[disorder]
            where = heirs.of(disorder, label)
            yield Change(disorder, label, kind, "removed", about, "", label, where, ORPHANET, (), state)
            for graph in sorted(words.names.retired.get(disorder, ())):
                if Key(graph, disorder, "retired", "") not in added:
                    yield Change(disorder, label, "retired", "added", "", "", "", where, graph, (), state)


_ONLY_A_PARENT = "named as a parent, without packet"


class _Heirs:
    """Where a disorder that is gone may live on: who has its name, or refers to an entry that was exact to it.

    Also what a source says should be considered in its place. What came with the new side is told from what was there.
    """

    def __init__(self, words: _Words, removed: Facts, added: Facts) -> None:
        self._words = words
        self._names: dict[str, set[str]] = defaultdict(set)
        self._entries: dict[str, set[str]] = defaultdict(set)
        self._lost: dict[str, set[str]] = defaultdict(set)
        for key, values in added.items():
            if key.kind == "synonym":
                self._names[key.about.casefold()].add(key.disorder)
            elif key.kind == "name":
                for value in values:
                    self._names[str(value).casefold()].add(key.disorder)
            elif key.kind == "mapping":
                self._entries[key.about].add(key.disorder)
        for key, values in removed.items():
            if key.kind == "mapping" and EXACT in values:
                self._lost[key.disorder].add(key.about)

    def of(self, disorder: str, label: str) -> str:
        """The disorders in words, each with the reason; empty if none is known."""
        names = self._words.names
        name = label.casefold()
        found: dict[str, list[str]] = defaultdict(list)
        for iri in names.considered.get(disorder, ()):
            found[iri].append("to be considered instead, as a source says")
        ways = [("has its name", self._names.get(name, set()), names.called.get(name, set()))]
        ways += [
            (f"refers to {entry}", self._entries.get(entry, set()), names.entries.get(entry, set()))
            for entry in sorted(self._lost.get(disorder, ()))
        ]
        for reason, come, there in ways:
            for iri in come | {iri for iri in there if iri.startswith(ORDO)}:
                found[iri].append(f"{reason} {'now' if iri in come else 'too'}")
        heirs = sorted(found.keys() - {disorder})
        return "; ".join(f"{curie_of(iri)} {self._words.label(iri)} ({', '.join(found[iri])})" for iri in heirs)


def _changed(
    words: _Words, heirs: _Heirs, presence: Mapping[str, Presence], removed: Facts, added: Facts
) -> Iterator[Change]:
    """What is said on one side only, two by two where it is about the same thing."""
    for key in {*removed, *added}:
        old, new = removed.get(key, {}), added.get(key, {})
        gone = sorted(old.keys() - new.keys(), key=str)
        come = sorted(new.keys() - old.keys(), key=str)
        if len(gone) == len(come) == 1:
            pairs: list[tuple[Value | None, Value | None]] = [(gone[0], come[0])]
        else:
            pairs = [*((value, None) for value in gone), *((None, value) for value in come)]
        about, about_label = words.about(key)
        for before, after in pairs:
            action: Action = "added" if before is None else "removed" if after is None else "changed"
            yield Change(
                disorder=key.disorder,
                label=words.label(key.disorder),
                kind=key.kind,
                action=action,
                about=about,
                about_label=about_label,
                old=_said(words, heirs, key, before),
                new=_said(words, heirs, key, after),
                graph=key.graph,
                statements=(*old.get(before, ()), *new.get(after, ())),  # type: ignore[arg-type]  # None is no key
                presence=presence[key.disorder],
            )


def _said(words: _Words, heirs: _Heirs, key: Key, value: Value | None) -> str:
    """A value in words; of what is retired, where it may live on."""
    if value is None:
        return ""
    return heirs.of(key.disorder, words.label(key.disorder)) if key.kind == "retired" else words.value(key, value)
