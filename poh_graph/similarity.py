"""How alike disorders are by their phenotypes, over HPO's hierarchy and weighted by how much a phenotype tells.

A disorder that has a phenotype has all more general ones too. A phenotype tells the more, the fewer disorders of the
catalogue have it: its information content is ``ln(N / n)``, of N disorders with phenotypes n have it or a more special
one. The likeness of two sets is the information that they share, less that of contradictions, over the information of
both together (simGIC, Pesquita 2008, doi 10.1186/1471-2105-9-S5-S4): so a disorder with many phenotypes gains nothing
by their number. A contradiction is a phenotype that one has and the other is expressly without.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from poh_graph.store import Store, solutions
from poh_graph.terms import OBO, ORDO, RDFS, Iri

_HAS = f"SELECT ?disorder ?phenotype WHERE {{ ?disorder <{OBO}RO_0002200> ?phenotype }}"
_WITHOUT = """
PREFIX biolink: <https://w3id.org/biolink/vocab/>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
SELECT ?disorder ?phenotype WHERE {
  ?statement biolink:negated true ; rdf:subject ?disorder ; rdf:object ?phenotype }
"""
_ABOVE = f"SELECT ?special ?general WHERE {{ ?special <{RDFS}subClassOf> ?general }}"
_PHENOTYPES = OBO + "HP_"


@dataclass(frozen=True)
class Signs:
    """The phenotypes that somebody or something has, and those that it is expressly without."""

    present: frozenset[Iri] = frozenset()
    excluded: frozenset[Iri] = frozenset()


@dataclass(frozen=True)
class Likeness:
    """How alike two sets of signs are, from 0 to 1, and why.

    ``same`` both have; ``more_general`` are the most special phenotypes that both have only in a more general form;
    ``against`` one has and the other is without. Each is sorted, what tells most first.
    """

    score: float
    same: tuple[Iri, ...]
    more_general: tuple[Iri, ...]
    against: tuple[Iri, ...]


@dataclass
class Catalogue:
    """The phenotypes of all disorders of a graph, and what stands above each in HPO."""

    signs: Mapping[Iri, Signs]
    parents: Mapping[Iri, tuple[Iri, ...]]
    _closures: dict[Iri, frozenset[Iri]] = field(default_factory=dict)

    @classmethod
    def of(cls, store: Store) -> Catalogue:
        """What a graph says of its Orphanet disorders; the hierarchy is as deep as the graph has it."""
        present, excluded = _pairs(store, _HAS), _pairs(store, _WITHOUT)
        parents = {
            special: tuple(iri for iri in general if iri.startswith(_PHENOTYPES))
            for special, general in _pairs(store, _ABOVE, subjects=_PHENOTYPES).items()
        }
        signs = {
            disorder: Signs(frozenset(present.get(disorder, ())), frozenset(excluded.get(disorder, ())))
            for disorder in present.keys() | excluded.keys()
        }
        return cls(signs, parents)

    def closure(self, phenotype: Iri) -> frozenset[Iri]:
        """A phenotype and all that is more general."""
        found = self._closures.get(phenotype)
        if found is None:
            above = (self.closure(parent) for parent in self.parents.get(phenotype, ()))
            found = self._closures[phenotype] = frozenset({phenotype}).union(*above)
        return found

    def closure_of(self, phenotypes: Iterable[Iri]) -> frozenset[Iri]:
        """All phenotypes that somebody has who has these."""
        return frozenset().union(*map(self.closure, phenotypes))

    @cached_property
    def closures(self) -> dict[Iri, frozenset[Iri]]:
        """All phenotypes that each disorder has, more general ones too."""
        return {disorder: self.closure_of(signs.present) for disorder, signs in self.signs.items()}

    @cached_property
    def _having(self) -> dict[Iri, list[Iri]]:
        """The disorders that have each phenotype, or a more special one."""
        found: dict[Iri, list[Iri]] = defaultdict(list)
        for disorder, closure in self.closures.items():
            for phenotype in closure:
                found[phenotype].append(disorder)
        return found

    def information(self, phenotype: Iri) -> float:
        """How much a phenotype tells: ``ln(N / n)``. One that nobody has tells as much as one that a single one has."""
        return math.log(max(len(self.signs), 1) / max(len(self._having.get(phenotype, ())), 1))

    @cached_property
    def _totals(self) -> dict[Iri, float]:
        """The information of all phenotypes that each disorder has."""
        return {disorder: self._sum(closure) for disorder, closure in self.closures.items()}

    def _sum(self, phenotypes: Iterable[Iri]) -> float:
        return sum(map(self.information, phenotypes))

    def likeness(self, asked: Signs, disorder: Iri) -> Likeness:
        """How alike some signs and a disorder are."""
        theirs = self.signs.get(disorder, Signs())
        ours, has = self.closure_of(asked.present), self.closures.get(disorder, frozenset())
        shared = ours & has
        score = self._score(self._sum(shared), self._sum(ours), disorder, self._against(asked, ours, disorder))
        same = asked.present & theirs.present
        general = self._most_special(shared - self.closure_of(same))
        return Likeness(score, *map(self._ranked, (same, general, self._against(asked, ours, disorder))))

    def ranked(self, asked: Signs, *, without: Iterable[Iri] = (), most: int = 20) -> list[tuple[Iri, float]]:
        """The disorders that are most alike some signs, best first; none that shares nothing.

        ``without`` are left out: the disorder itself.
        """
        ours = self.closure_of(asked.present)
        shared: dict[Iri, float] = defaultdict(float)
        for phenotype in ours:
            told = self.information(phenotype)
            if told:
                for disorder in self._having.get(phenotype, ()):
                    shared[disorder] += told
        total = self._sum(ours)
        for disorder in without:
            shared.pop(disorder, None)
        scores = {
            disorder: self._score(told, total, disorder, self._against(asked, ours, disorder))
            for disorder, told in shared.items()
        }
        best = sorted((pair for pair in scores.items() if pair[1] > 0), key=lambda pair: (-pair[1], pair[0]))
        return best[:most]

    def _score(self, shared: float, ours: float, disorder: Iri, against: Iterable[Iri]) -> float:
        both = ours + self._totals.get(disorder, 0.0) - shared
        return max(0.0, (shared - self._sum(against)) / both) if both else 0.0

    def _against(self, asked: Signs, ours: frozenset[Iri], disorder: Iri) -> frozenset[Iri]:
        """What one side has and the other is expressly without; who is without a phenotype has no more special one."""
        has = self.closures.get(disorder, frozenset())
        return (asked.excluded & has) | (self.signs.get(disorder, Signs()).excluded & ours)

    def _most_special(self, phenotypes: frozenset[Iri]) -> frozenset[Iri]:
        above = frozenset().union(*(self.closure(iri) - {iri} for iri in phenotypes))
        return phenotypes - above

    def _ranked(self, phenotypes: Iterable[Iri]) -> tuple[Iri, ...]:
        return tuple(sorted(phenotypes, key=lambda iri: (-self.information(iri), iri)))


def _pairs(store: Store, query: str, subjects: str = ORDO) -> dict[Iri, list[Iri]]:
    """The values of each subject of a kind, told by the beginning of its IRI."""
    found: dict[Iri, list[Iri]] = defaultdict(list)
    for row in solutions(store.query(query)):
        if row[0].value.startswith(subjects):
            found[Iri(row[0].value)].append(Iri(row[1].value))
    return found
