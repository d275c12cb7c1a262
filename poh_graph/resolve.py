"""Any spelling of a name or an identifier → the things it may mean.

An identifier is looked up in the store. Names are compared exactly, then without regard to case, then folded (no
diacritics, no punctuation), then by similarity. All candidates of the best of these steps are given: nothing is chosen
where a name means two things. A class of another authority that is exact to one disorder (Mondo's, OMIM's entry) stands
for that disorder.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import pyoxigraph as ox

from poh_graph.errors import AmbiguousName, UnknownName
from poh_graph.names import CLASSES, KINDS, Name, NameIndex
from poh_graph.store import Store
from poh_graph.terms import ORDO, Iri, curie_of, prefix_map

_BY_CODE = """
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX dcterms: <http://purl.org/dc/terms/>
SELECT DISTINCT ?thing WHERE {{
  VALUES ?code {{ {codes} }}
  {{ ?thing skos:notation ?code }} UNION {{ ?thing dcterms:identifier ?code }}
}}
"""
_DESCRIBED = """
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT DISTINCT ?given ?thing ?class ?label WHERE {{
  VALUES ?given {{ {things} }}
  {{ ?given a ?class . BIND (?given AS ?thing) }} UNION {{ ?thing skos:exactMatch ?given ; a ?class }}
  VALUES ?class {{ {classes} }}
  OPTIONAL {{ ?thing rdfs:label ?label FILTER (LANG(?label) IN ("", "en")) }}
}}
ORDER BY ?given ?thing ?class ?label
"""


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


@dataclass
class Resolver:
    """What finds the things of a store by name or identifier. ``file`` is the index of names of its bundle, if any.

    What an identifier was found to mean is remembered: one disorder is asked about many times.
    """

    store: Store
    file: Path | None = None
    _identified: dict[str, list[Candidate]] = field(default_factory=dict, init=False, repr=False)

    @cached_property
    def names(self) -> NameIndex:
        """The index of all names: the file of the bundle, else what a scan of the store gives."""
        return (self.file and NameIndex.read(self.file)) or NameIndex.of(self.store)

    def resolve(self, text: str, *, kind: str | None = None, limit: int = 10) -> list[Candidate]:
        """What a text may mean, best first; empty if nothing is near. ``kind`` is a word of :data:`names.KINDS`."""
        found = [candidate for candidate in self.by_identifier(text) if kind in (None, candidate.kind)]
        return (found or by_name(self.names, text, kind))[:limit]

    def one(self, text: str, *, kind: str | None = None) -> Candidate:
        """The one thing that a text means.

        Raises:
            UnknownName: if nothing has this name or identifier, with the nearest.
            AmbiguousName: if several have it.
        """
        return the_one(text, self.resolve(text, kind=kind), kind)

    def by_identifier(self, text: str) -> list[Candidate]:
        """The things of which a text is the IRI, the CURIE or the bare code, without the index of names."""
        found = self._identified.get(text) or self._by_identifier(" ".join(text.split()))
        if found:
            self._identified[text] = found
        return found

    def _by_identifier(self, text: str) -> list[Candidate]:
        given: set[str] = set(iris_of(text))
        codes = " ".join(sorted({str(ox.Literal(code)) for code in (text, text.upper(), text.lower())}))
        given |= {row["thing"].value for row in self._ask(_BY_CODE.format(codes=codes))}
        if not given:
            return []
        things = " ".join(f"<{iri}>" for iri in sorted(given))
        found: dict[str, dict[str, Candidate]] = {iri: {} for iri in given}
        for row in self._ask(_DESCRIBED.format(things=things, classes=CLASSES)):
            iri, label = row["thing"].value, row["label"]
            candidate = Candidate(Iri(iri), label.value if label else "", KINDS[row["class"].value], text, "identifier")
            found[row["given"].value].setdefault(iri, candidate)
        return _best_first(candidate for iri, candidates in found.items() for candidate in _meant(iri, candidates))

    def _ask(self, text: str) -> ox.QuerySolutions:
        answer = self.store.query(text)
        assert isinstance(answer, ox.QuerySolutions)  # noqa: S101 - a SELECT gives nothing else
        return answer


def by_name(names: NameIndex, text: str, kind: str | None = None) -> list[Candidate]:
    """What a name may mean, by the first of the steps that finds something; best first."""
    text = " ".join(text.split())
    same = [name for name in names.same(text) if kind in (None, name.kind)]
    steps = (
        ("exact", [name for name in same if name.name == text]),
        ("case", [name for name in same if name.name.casefold() == text.casefold()]),
        ("folded", [name for name in same if name.folded]),
    )
    for how, found in steps:
        if found:
            return _best_first(_candidate(name, how) for name in found)
    near = names.near(text, kind)
    return _best_first(_candidate(name, "similar", score) for score, name in near if kind in (None, name.kind))


def the_one(text: str, found: Sequence[Candidate], kind: str | None = None) -> Candidate:
    """The only candidate that is certain.

    Raises:
        UnknownName: if none is, with the nearest.
        AmbiguousName: if several are.
    """
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


def iris_of(text: str) -> list[Iri]:
    """The IRIs that a text may be, as IRI or CURIE in any spelling.

    >>> iris_of("orpha_2762")
    ['http://www.orpha.net/ORDO/Orphanet_2762']
    """
    found = (prefix_map().standardize(spelling) for spelling in (text, text.replace("_", ":", 1)))
    return list(dict.fromkeys(iri for iri in found if iri and _is_iri(iri)))


def _is_iri(text: str) -> bool:
    try:
        ox.NamedNode(text)
    except ValueError:  # a text that begins like an IRI
        return False
    return True


def _meant(iri: str, candidates: dict[str, Candidate]) -> list[Candidate]:
    """What an IRI means, of the thing itself and those that are exact to it: that one of Orphanet, else itself."""
    exact = [candidates[thing] for thing in candidates if thing != iri and thing.startswith(ORDO)]
    return exact if len(exact) == 1 else [candidates[iri]] if iri in candidates else []


def _candidate(name: Name, how: str, score: float = 100.0) -> Candidate:
    return Candidate(Iri(name.thing), name.label, name.kind, name.name, how, score)


def _best_first(candidates: Iterable[Candidate]) -> list[Candidate]:
    """Each thing once, as it comes first; by similarity, then disorders first, then by label."""
    found: dict[Iri, Candidate] = {}
    for candidate in candidates:
        found.setdefault(candidate.iri, candidate)
    return sorted(found.values(), key=lambda c: (-c.score, c.kind != "disorder", c.label, c.iri))
