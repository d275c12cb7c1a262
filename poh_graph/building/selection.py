"""What a closed bundle of some disorders keeps of a release.

Of the chosen disorders and of all groups above them everything is kept; of their neighbours (they share a gene, stand
side by side below the nearest group, or are named in the definition) names, genes, phenotypes, mappings and the groups
that they share with the chosen; of whatever else is referred to, its label.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from poh_graph.names import fold
from poh_graph.records.orphanet import (
    CrossReference,
    Disorder,
    GeneAssociation,
    Packet,
    Parent,
    PhenotypeAssociation,
    Record,
    Stub,
)

_OF_NEIGHBOURS = (Packet, Disorder, GeneAssociation, PhenotypeAssociation, CrossReference)


def code_of(record: Record) -> str:
    """The ORPHA code of the disorder that a record is about."""
    if isinstance(record, Packet | Disorder | Stub):
        return record.code
    return record.child if isinstance(record, Parent) else record.disorder


@dataclass
class Release:
    """The records of a release, by disorder, with the ways from one disorder to another."""

    records: dict[str, list[Record]] = field(default_factory=lambda: defaultdict(list))
    parents: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    children: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    genes: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    @classmethod
    def of(cls, records: Iterable[Record]) -> Release:
        """Sort the records of a release by disorder."""
        release = cls()
        for record in records:
            release.records[code_of(record)].append(record)
            if isinstance(record, Parent):
                release.parents[record.child].append(record.code)
                release.children[record.code].append(record.child)
            elif isinstance(record, GeneAssociation):
                release.genes[record.gene.symbol].add(record.disorder)
        return release

    def names(self) -> Iterator[tuple[str, str, bool]]:
        """Every name of a disorder: its code, the name, and whether it is the label."""
        for code, records in self.records.items():
            for record in records:
                if isinstance(record, Disorder | Stub):
                    yield code, record.label, True
                if isinstance(record, Disorder):
                    yield from ((code, synonym, False) for synonym in record.synonyms)

    def above(self, codes: Iterable[str]) -> set[str]:
        """Every group above some disorders, up to the roots."""
        found: set[str] = set()
        front = set(codes)
        while front:
            front = {parent for code in front for parent in self.parents.get(code, ())} - found
            found |= front
        return found

    def neighbours(self, code: str) -> set[str]:
        """The disorders that share a gene with one, stand beside it below its nearest group, or are named with it."""
        sharing = {
            other
            for record in self.records[code]
            if isinstance(record, GeneAssociation)
            for other in self.genes[record.gene.symbol]
        }
        return (sharing | self._siblings(code) | self._named_in_definition(code)) - {code}

    def _siblings(self, code: str) -> set[str]:
        """The other members of the smallest group directly above; of all such groups where several are the smallest."""
        groups = [self.children[parent] for parent in self.parents.get(code, ())]
        smallest = min(map(len, groups), default=0)
        return {child for group in groups if len(group) == smallest for child in group}

    def _named_in_definition(self, code: str) -> set[str]:
        """The disorders whose label stands, word for word, in the definition."""
        texts = [r.definition.text for r in self.records[code] if isinstance(r, Disorder) and r.definition]
        if not texts:
            return set()
        padded = f" {fold(' '.join(texts))} "
        return {other for other, name, is_label in self.names() if is_label and f" {fold(name)} " in padded}

    def closed(self, codes: Iterable[str]) -> Iterator[Record]:
        """The records that a closed bundle of some disorders keeps, in the order of the release."""
        chosen = set(codes)
        whole = chosen | self.above(chosen)
        around = {other for code in chosen for other in self.neighbours(code)} - whole
        for code, records in self.records.items():
            if code in whole:
                yield from records
            elif code in around:
                for record in records:
                    if isinstance(record, _OF_NEIGHBOURS) or (isinstance(record, Parent) and record.code in whole):
                        yield record
