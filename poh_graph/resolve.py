"""Any spelling of a name or an identifier → the things it may mean.

An identifier is looked up in the store; a code without its vocabulary may be of any. Names are compared exactly, then
without regard to case, then folded (no diacritics, no punctuation), then by similarity. All candidates of the best of
these steps are given: nothing is chosen where a name means two things. A class of another authority that is exact to
disorders (Mondo's, OMIM's entry) stands for them; one that is broader, narrower or close only shows what is near.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import pyoxigraph as ox

from poh_graph.errors import AmbiguousName, ParameterError, UnknownName
from poh_graph.identifiers import hint, iris_of, iris_of_a_code
from poh_graph.names import CLASSES, KINDS, Name, NameIndex
from poh_graph.store import Store, solutions
from poh_graph.terms import ORDO, SKOS, Iri, curie_of

_BY_CODE = """
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX dcterms: <http://purl.org/dc/terms/>
SELECT DISTINCT ?thing WHERE {{
  VALUES ?code {{ {codes} }}
  {{ ?thing skos:notation ?code }} UNION {{ ?thing dcterms:identifier ?code }}
}}
"""
# Asked first: with the IRIs of all vocabularies, the next ones would take seconds over a whole release.
_KNOWN = """
SELECT ?thing WHERE {{
  VALUES ?thing {{ {things} }}
  FILTER (EXISTS {{ ?thing ?property ?value }} || EXISTS {{ ?subject ?relation ?thing }})
}}
"""
_DESCRIBED = """
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT DISTINCT ?given ?thing ?class ?label WHERE {{
  VALUES ?given {{ {things} }}
  {{ ?given a ?class . BIND (?given AS ?thing) }}
  UNION {{ ?thing skos:exactMatch ?given ; a ?class }}
  UNION {{ ?given skos:exactMatch ?thing . ?thing a ?class }}
  VALUES ?class {{ {classes} }}
  OPTIONAL {{ ?thing rdfs:label ?label FILTER (LANG(?label) IN ("", "en")) }}
}}
ORDER BY ?given ?thing ?class ?label
"""
_NEAR_A_CODE = """
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT DISTINCT ?given ?thing ?class ?label ?relation WHERE {{
  VALUES ?given {{ {things} }}
  VALUES ?relation {{ skos:closeMatch skos:narrowMatch skos:broadMatch skos:relatedMatch }}
  ?thing ?relation ?given ; a ?class .
  VALUES ?class {{ {classes} }}
  OPTIONAL {{ ?thing rdfs:label ?label FILTER (LANG(?label) IN ("", "en")) }}
}}
ORDER BY ?given ?thing ?relation ?class ?label
"""
_CERTAIN = ("identifier", "exact", "case", "folded")
_MOST_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Candidate:
    """One thing that a text may mean.

    ``matched`` is the name or the identifier that was found. ``how`` is the step that found it: ``identifier``,
    ``exact``, ``case``, ``folded``, ``similar``, or the relation of a code that does not mean just this thing
    (``broadMatch``: the code is broader). ``score`` (0 to 100) is the similarity.
    """

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

    @property
    def is_certain(self) -> bool:
        """Whether the text is a name or an identifier of the thing, and not merely near to one."""
        return self.how in _CERTAIN

    def __str__(self) -> str:
        """Give CURIE and label side by side."""
        return f"{self.curie} {self.label}"


MOST_REMEMBERED = 4096
"""Spellings of which it is remembered what they mean."""


@dataclass
class Resolver:
    """What finds the things of a store by name or identifier. ``file`` is the index of names of its bundle, if any.

    What an identifier was found to mean is remembered: one disorder is asked about many times. When too many spellings
    are, all are forgotten: a server is asked for years.
    """

    store: Store
    file: Path | None = None
    _identified: dict[str, list[Candidate]] = field(default_factory=dict, init=False, repr=False)

    @cached_property
    def names(self) -> NameIndex:
        """The index of all names: the file of the bundle, else what a scan of the store gives."""
        return (self.file and NameIndex.read(self.file)) or NameIndex.of(self.store)

    def resolve(self, text: str, *, kind: str | None = None, limit: int = 10) -> list[Candidate]:
        """What a text may mean, best first; empty if nothing is near. ``kind`` is a word of :data:`names.KINDS`.

        Of what is merely near, the first ``limit`` are given.

        Raises:
            ParameterError: if the text is blank.
        """
        found = _of_kind(self.by_identifier(text), kind) or by_name(self.names, text, kind)
        if any(candidate.is_certain for candidate in found):
            return found
        return [*_of_kind(self._near_a_code(text), kind), *found][:limit]

    def one(self, text: str, *, kind: str | None = None) -> Candidate:
        """The one thing that a text means.

        Raises:
            UnknownName: if nothing has this name or identifier, with the nearest.
            AmbiguousName: if several have it.
        """
        return the_one(text, self.resolve(text, kind=kind), kind)

    def by_identifier(self, text: str) -> list[Candidate]:
        """The things of which a text is the IRI, the CURIE or the bare code, without the index of names.

        Raises:
            ParameterError: if the text is blank.
        """
        found = self._identified.get(text) or self._by_identifier(_spaced(text))
        if found:
            if len(self._identified) >= MOST_REMEMBERED:
                self._identified.clear()  # in one step: the threads of a server ask at the same time
            self._identified[text] = found
        return found

    def _by_identifier(self, text: str) -> list[Candidate]:
        codes = " ".join(sorted({str(ox.Literal(code)) for code in (text, text.upper(), text.lower())}))
        of_code = {row["thing"].value for row in self._ask(_BY_CODE.format(codes=codes))}
        given = {*self._spelled(text), *of_code}
        found: dict[str, dict[str, Candidate]] = {iri: {} for iri in given}
        for row in self._described(_DESCRIBED, given):
            found[row["given"].value].setdefault(row["thing"].value, _identified(row, "identifier"))
        return _best_first(candidate for iri in sorted(found) for candidate in _meant(iri, found[iri]))

    def _near_a_code(self, text: str) -> list[Candidate]:
        """The things to which a code of another vocabulary has another relation than that it is the same."""
        rows = self._described(_NEAR_A_CODE, self._spelled(_spaced(text)))
        return _best_first(_identified(row, row["relation"].value.removeprefix(SKOS)) for row in rows)

    def _spelled(self, text: str) -> set[str]:
        """The IRIs that a text may be, of those without vocabulary the ones that the graph speaks of."""
        codes = " ".join(f"<{iri}>" for iri in iris_of_a_code(text))
        known = self._ask(_KNOWN.format(things=codes)) if codes else ()
        return {*iris_of(text), *(row["thing"].value for row in known)}

    def _described(self, text: str, given: Iterable[str]) -> Iterable[ox.QuerySolution]:
        things = " ".join(f"<{iri}>" for iri in sorted(given))
        return self._ask(text.format(things=things, classes=CLASSES)) if things else ()

    def _ask(self, text: str) -> ox.QuerySolutions:
        return solutions(self.store.query(text))


def by_name(names: NameIndex, text: str, kind: str | None = None) -> list[Candidate]:
    """What a name may mean, by the first of the steps that finds something; best first."""
    text = _spaced(text)
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
    """The only candidate that is certain; of several disorders, the only one that is Orphanet's.

    Other vocabularies have classes of the same name, which the graph knows by their mappings to the disorder.

    Raises:
        UnknownName: if none is, with the nearest.
        AmbiguousName: if several are.
    """
    certain = [candidate for candidate in found if candidate.is_certain]
    if len(certain) > 1 and all(candidate.kind == "disorder" for candidate in certain):
        certain = [one for one in certain if one.iri.startswith(ORDO)] or certain
    if len(certain) == 1:
        return certain[0]
    what = kind or "thing"
    if certain:
        raise AmbiguousName(
            f"{text!r} means more than one {what}.",
            candidates=tuple(map(str, certain)),
            mend="Give one of these identifiers.",
        )
    raise UnknownName(
        f"No {what} in this graph is called {text!r}.",
        candidates=tuple(map(str, found[:_MOST_SHOWN])),
        mend=hint(text),
    )


def _of_kind(candidates: Iterable[Candidate], kind: str | None) -> list[Candidate]:
    return [candidate for candidate in candidates if kind in (None, candidate.kind)]


def _spaced(text: str) -> str:
    """A text with single spaces.

    Raises:
        ParameterError: if it is blank.
    """
    spaced = " ".join(text.split())
    if not spaced:
        raise ParameterError("There is no name to look for: the text is empty.", mend="Give a name or an identifier.")
    return spaced


def _meant(iri: str, candidates: dict[str, Candidate]) -> list[Candidate]:
    """What an IRI means, of the thing itself and those that are exact to it.

    A disorder of Orphanet is itself, and another class the one of Orphanet; one that is exact to several is itself if
    the graph describes it, else it means all of them.
    """
    ordo = [candidate for thing, candidate in candidates.items() if thing != iri and thing.startswith(ORDO)]
    if iri in candidates and (iri.startswith(ORDO) or len(ordo) != 1):
        return [candidates[iri]]
    return ordo or list(candidates.values())


def _identified(row: ox.QuerySolution, how: str) -> Candidate:
    label = row["label"]
    kind = KINDS[row["class"].value]
    return Candidate(Iri(row["thing"].value), label.value if label else "", kind, curie_of(row["given"].value), how)


def _candidate(name: Name, how: str, score: float = 100.0) -> Candidate:
    return Candidate(Iri(name.thing), name.label, name.kind, name.name, how, score)


def _best_first(candidates: Iterable[Candidate]) -> list[Candidate]:
    """Each thing once, as it comes first; in the order of :func:`_rank`."""
    found: dict[Iri, Candidate] = {}
    for candidate in candidates:
        found.setdefault(candidate.iri, candidate)
    return sorted(found.values(), key=_rank)


def _rank(candidate: Candidate) -> tuple[object, ...]:
    """By similarity, disorders first; of those that are as similar, labels before other names and short before long."""
    matched = candidate.matched
    written = (matched != candidate.label, len(matched)) if candidate.how == "similar" else ()
    return (-candidate.score, candidate.kind != "disorder", *written, candidate.label, candidate.iri)
