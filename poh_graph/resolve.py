"""Any spelling of a name or an identifier → the things it may mean.

Names are compared exactly, then without regard to case, then folded (no diacritics, no punctuation), then by
similarity. All candidates of the best of these steps are given: nothing is chosen where a name means two things. A
class of another authority that is exact to one disorder (Mondo's, OMIM's entry) stands for that disorder.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

import pyoxigraph as ox

from poh_graph.errors import AmbiguousName, UnknownName
from poh_graph.store import Store
from poh_graph.terms import Iri, curie_of, prefix_map

KINDS = {
    "https://w3id.org/biolink/vocab/Disease": "disorder",
    "https://w3id.org/biolink/vocab/Gene": "gene",
    "https://w3id.org/biolink/vocab/PhenotypicFeature": "phenotype",
    "https://w3id.org/biolink/vocab/Protein": "protein",
    "https://w3id.org/biolink/vocab/ClinicalTrial": "trial",
    "http://schema.org/Organization": "organization",
    "http://schema.org/NGO": "organization",
}
"""The classes whose members can be named on the command line, and the word for each."""

_NAMES = """
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX schema: <http://schema.org/>
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX poh: <https://w3id.org/poh-graph/ontology#>
SELECT DISTINCT ?thing ?class ?property ?name WHERE {
  VALUES ?class { %s }
  VALUES ?property {
    rdfs:label skos:altLabel schema:alternateName poh:previousSymbol skos:notation dcterms:identifier
  }
  ?thing a ?class ; ?property ?name .
}
""" % " ".join(f"<{name}>" for name in KINDS)  # noqa: UP031 - the text is full of braces

_EXACT = """
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX biolink: <https://w3id.org/biolink/vocab/>
SELECT DISTINCT ?other ?thing WHERE {
  ?thing a biolink:Disease ; skos:exactMatch ?other .
  FILTER(STRSTARTS(STR(?thing), "http://www.orpha.net/ORDO/"))
}
"""

_SIMILAR_ENOUGH = 75.0


@dataclass(frozen=True, slots=True)
class Candidate:
    """One thing that a text may mean. ``how`` is the step that found it; ``score`` (0 to 100) is the similarity."""

    iri: Iri
    label: str
    kind: str
    matched: str
    how: str
    score: float = 100.0

    @property
    def curie(self) -> str:
        """The CURIE of the thing."""
        return curie_of(self.iri)

    def __str__(self) -> str:
        """Give CURIE and label side by side."""
        return f"{self.curie} {self.label}"


@lru_cache(maxsize=65_536)
def fold(name: str) -> str:
    """A name without case, diacritics and punctuation.

    >>> fold("Münchmeyer  disease (FOP)")
    'munchmeyer disease fop'
    """
    plain = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    return " ".join("".join(c if c.isalnum() else " " for c in plain.casefold()).split())


class NameIndex:
    """The names of everything in a store that can be named."""

    def __init__(self, rows: Iterable[tuple[str, str, str, str]], exact: Iterable[tuple[str, str]]) -> None:
        """Index ``rows`` of (thing, class, property, name), and ``exact`` pairs (class elsewhere, disorder here)."""
        stands_for: dict[str, set[str]] = defaultdict(set)
        for other, thing in exact:
            stands_for[other].add(thing)
        self._stands_for = {other: next(iter(things)) for other, things in stands_for.items() if len(things) == 1}
        self.labels: dict[str, str] = {}
        self.kinds: dict[str, str] = {}
        self._identifiers: dict[str, set[str]] = defaultdict(set)
        self._names: dict[str, list[str]] = defaultdict(list)
        for thing, class_, property_, name in sorted(rows):
            self._add(thing, KINDS[class_], property_.rpartition("/")[2].rpartition("#")[2], name)

    @classmethod
    def of(cls, store: Store) -> NameIndex:
        """The index of a store, by two queries."""
        names = (
            (r["thing"].value, r["class"].value, r["property"].value, r["name"].value) for r in _rows(store, _NAMES)
        )
        return cls(names, ((r["other"].value, r["thing"].value) for r in _rows(store, _EXACT)))

    def _add(self, thing: str, kind: str, property_: str, name: str) -> None:
        self.kinds.setdefault(thing, kind)
        if property_ == "label":
            self.labels.setdefault(thing, name)
        if property_ in ("identifier", "notation"):
            self._identifiers[name.lower()].add(thing)
        else:
            self._names[name].append(thing)

    def resolve(self, text: str, *, kind: str | None = None, limit: int = 10) -> list[Candidate]:
        """What a text may mean, best first; empty if nothing is near. ``kind`` is a word of :data:`KINDS`."""
        text = " ".join(text.split())
        found = self._by_identifier(text) or self._by_name(text)
        if kind:
            found = [candidate for candidate in found if candidate.kind == kind]
        return (found or self._by_similarity(text, kind))[:limit]

    def one(self, text: str, *, kind: str | None = None) -> Candidate:
        """The one thing that a text means.

        Raises:
            UnknownName: if nothing has this name or identifier, with the nearest.
            AmbiguousName: if several have it.
        """
        found = self.resolve(text, kind=kind)
        certain = [candidate for candidate in found if candidate.how != "similar"]
        if len(certain) == 1:
            return certain[0]
        shown = tuple(str(candidate) for candidate in (certain or found)[:5])
        what = kind or "thing"
        if certain:
            raise AmbiguousName(
                f"{text!r} means more than one {what}.", candidates=shown, mend="Give one of these identifiers."
            )
        raise UnknownName(f"No {what} in this graph is called {text!r}.", candidates=shown)

    def _by_identifier(self, text: str) -> list[Candidate]:
        things = set(self._identifiers.get(text.lower(), ()))
        iri = prefix_map().standardize(text) or prefix_map().standardize(text.replace("_", ":", 1))
        if iri is not None and (iri in self.kinds or iri in self._stands_for):
            things.add(iri)
        return self._candidates(((thing, text) for thing in things), "identifier")

    def _by_name(self, text: str) -> list[Candidate]:
        for how, form in (("exact", str), ("case", str.casefold), ("folded", fold)):
            same = [name for name in self._names if form(name) == form(text)]
            if same:
                return self._candidates(((thing, name) for name in same for thing in self._names[name]), how)
        return []

    def _by_similarity(self, text: str, kind: str | None) -> list[Candidate]:
        from rapidfuzz import fuzz, process

        near = process.extract(fold(text), {n: fold(n) for n in self._names}, scorer=fuzz.WRatio, limit=60)
        pairs = [((t, name), score) for _, score, name in near if score >= _SIMILAR_ENOUGH for t in self._names[name]]
        found: dict[Iri, Candidate] = {}
        for pair, score in pairs:
            for candidate in self._candidates([pair], "similar", score):
                if not kind or candidate.kind == kind:
                    found.setdefault(candidate.iri, candidate)
        return sorted(found.values(), key=lambda c: (-c.score, c.label, c.iri))

    def _candidates(self, pairs: Iterable[tuple[str, str]], how: str, score: float = 100.0) -> list[Candidate]:
        found: dict[Iri, Candidate] = {}
        for thing, matched in sorted(pairs):
            iri = Iri(self._stands_for.get(thing, thing))
            if iri in self.kinds:
                label = self.labels.get(iri, "")
                found.setdefault(iri, Candidate(iri, label, self.kinds[iri], matched, how, score))
        return sorted(found.values(), key=lambda c: (c.kind != "disorder", c.label, c.iri))


def _rows(store: Store, text: str) -> ox.QuerySolutions:
    answer = store.query(text)
    assert isinstance(answer, ox.QuerySolutions)  # noqa: S101 - a SELECT gives nothing else
    return answer
