"""What changed between two graphs, by disorder: the records, how they are counted, the paragraph that sums them up."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from poh_graph.changes.line_diff import LineDiff, Side
from poh_graph.errors import ParameterError, UnknownName
from poh_graph.identifiers import disorders_of, only_disorder
from poh_graph.terms import ORDO, curie_of

Action = Literal["added", "removed", "changed"]
Presence = Literal["kept", "appeared", "gone"]

KINDS: Mapping[str, tuple[str, str]] = {
    "appeared": ("Appeared", "{} appeared"),
    "gone": ("Gone from the packets", "{} gone from the packets"),
    "retired": ("Retired", "{} retired, as a source says"),
    "name": ("Renamed", "{} renamed"),
    "type": ("Type", "{} of another type"),
    "definition": ("Definition", "{} with a changed definition"),
    "synonym": ("Synonyms", "{} with changed synonyms"),
    "parent": ("Parents", "{} with changed parents"),
    "mapping": ("Cross-references", "{} with changed cross-references"),
    "gene": ("Genes", "{} with changed genes"),
    "phenotype": ("Phenotypes", "{} with changed phenotypes"),
    "prevalence": ("How common it is", "{} with changed prevalence"),
    "onset": ("Age of onset", "{} with changed age of onset"),
    "inheritance": ("Inheritance", "{} with changed inheritance"),
    "other": ("Other statements", "{} with other changed statements"),
}
"""The kinds of change in their order: heading, and what the summary says of so many disorders."""

ORPHANET = "orphanet"


@dataclass(frozen=True, slots=True)
class Change:
    """One change of one disorder.

    ``about`` is what the change is about: the CURIE of a gene, phenotype, parent, value or target of a mapping, the
    text of a synonym, type and place of a prevalence; empty where the kind says it. ``old`` and ``new`` are what was
    said of it: a label, a type, a definition, a frequency, a kind of association, the CURIE of a relation; empty on the
    side where it was not said, and where its being there is all that is said. ``graph`` is the short name of the named
    graph, ``statements`` are the IRIs of the statement nodes of both sides. ``presence`` tells whether the disorder is
    on both sides: what an appeared or gone disorder has is a change too, but none that is counted.
    """

    disorder: str
    label: str
    kind: str
    action: Action
    about: str
    about_label: str
    old: str
    new: str
    graph: str
    statements: tuple[str, ...]
    presence: Presence

    @property
    def curie(self) -> str:
        """The CURIE of the disorder."""
        return curie_of(self.disorder)


@dataclass(frozen=True)
class Changes:
    """All changes between two graphs: the exact lines, and the changes in words.

    ``elsewhere`` counts, by short name of the graph, the changed lines that no change speaks of (removed, added): what
    is said of papers, genes or organizations rather than of disorders. ``names`` are the disorders of both sides by
    label and synonym, in lower case. ``is_selected`` tells that these are those of one disorder or some kinds only.
    """

    lines: LineDiff
    changes: tuple[Change, ...]
    elsewhere: Mapping[str, tuple[int, int]]
    names: Mapping[str, frozenset[str]]
    is_selected: bool = False

    @property
    def old(self) -> Side:
        """The old graph."""
        return self.lines.old

    @property
    def new(self) -> Side:
        """The new graph."""
        return self.lines.new

    @property
    def is_empty(self) -> bool:
        """Whether nothing changed: no line, or after :meth:`select` nothing that was asked for."""
        return self.lines.is_empty or (self.is_selected and not self.changes)

    def select(self, disorder: str | None = None, kinds: Collection[str] = ()) -> Changes:
        """The changes of one disorder (a name or identifier), or of some kinds.

        Raises:
            ParameterError: if a kind is not known.
            UnknownName: if no side has such a disorder.
            AmbiguousName: if several are called so.
        """
        unknown = set(kinds) - set(KINDS)
        if unknown:
            raise ParameterError(f"{min(unknown)} is no kind of change.", mend=f"Kinds: {', '.join(KINDS)}.")
        if disorder is None and not kinds:
            return self
        iri = self._find(disorder) if disorder else None
        kept = tuple(
            change
            for change in self.changes
            if (iri is None or change.disorder == iri) and (not kinds or change.kind in kinds)
        )
        return Changes(self.lines, kept, {}, self.names, is_selected=True)

    def _find(self, name: str) -> str:
        known = {iri for iris in self.names.values() for iri in iris}
        named = self.names.get(name.casefold(), frozenset())
        # A class of Mondo has the names of the disorder that it is exact to.
        of_orphanet = {iri for iri in named if iri.startswith(ORDO)}
        given = next((iri for iri in disorders_of(name) if iri in known), None)
        found = given or only_disorder(name, of_orphanet or named)
        if found:
            return found
        raise UnknownName(
            f"Neither {self.old.name} nor {self.new.name} has a disorder {name!r}.",
            mend="Give its identifier (ORPHA:2762), label or a synonym.",
        )

    def counts(self) -> dict[str, int]:
        """How many disorders have a change of each kind. What appeared or is gone counts as that alone."""
        found: dict[str, set[str]] = defaultdict(set)
        for change in self.changes:
            if change.presence == "kept" or change.kind in ("appeared", "gone", "retired"):
                found[change.kind].add(change.disorder)
        return {kind: len(found[kind]) for kind in KINDS if kind in found}

    def summary(self) -> str:
        """The changes as a paragraph that one could send."""
        span = f"From {release_of(self.old)} to {release_of(self.new)}"
        counts = self.counts()
        said = [KINDS[kind][1].format(f"{number:,}") for kind, number in counts.items()]
        text = f"{span}: {_listed(said)}." if said else f"{span}: nothing changed in words."
        if "gone" in counts:
            text += " What is gone may have been retired or merged: the packets do not say."
        others = {c.disorder for c in self.changes if c.presence not in ("kept", c.kind)}
        if self.is_selected and others:
            text += f" Listed too is what {len(others):,} disorders have that appeared or are gone."
        elsewhere = sum(map(sum, self.elsewhere.values()))
        if elsewhere:
            graphs = ", ".join(self.elsewhere)
            text += f" {elsewhere:,} changed statements are about other things than disorders ({graphs})."
        return text


def release_of(side: Side) -> str:
    """A side as the summary names it: Orphanet's release where it has one, else its own name."""
    release = side.releases.get(ORPHANET)
    return f"Orphanet {release}" if release else side.name


def _listed(texts: list[str]) -> str:
    return texts[0] if len(texts) == 1 else f"{', '.join(texts[:-1])} and {texts[-1]}"


def in_order(changes: Iterable[Change]) -> tuple[Change, ...]:
    """Changes by disorder (codes by their number), kind, and what they are about."""
    order = {kind: number for number, kind in enumerate(KINDS)}
    return tuple(
        sorted(
            changes,
            key=lambda c: (
                len(c.disorder),
                c.disorder,
                order[c.kind],
                c.about_label or c.about,
                c.about,
                c.old,
                c.new,
                c.graph,
            ),
        )
    )
