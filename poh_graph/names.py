"""The names of everything in a graph that can be named, as sorted lines: in memory, or as a file of a bundle.

A line holds, between tabs, the folded name, the name itself, the kind of thing, its label and its IRI. A name is found
by bisection, and only the lines that are found are taken apart: a whole release costs what reading its file costs.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import lru_cache
from heapq import nsmallest
from pathlib import Path
from typing import NamedTuple

from poh_graph.errors import StoreError
from poh_graph.store import Store, solutions
from poh_graph.terms import BIOLINK, ORDO, RDFS, SCHEMA

KINDS = {
    BIOLINK + "Disease": "disorder",
    BIOLINK + "Gene": "gene",
    BIOLINK + "PhenotypicFeature": "phenotype",
    BIOLINK + "Protein": "protein",
    BIOLINK + "ClinicalTrial": "trial",
    SCHEMA + "Organization": "organization",
    SCHEMA + "NGO": "organization",
}
"""The classes whose members can be named on the command line, and the word for each."""

HEADER = "folded name\tname\tkind\tlabel\tthing"

CLASSES = " ".join(f"<{name}>" for name in KINDS)

# Two queries that are joined here: the engine takes three times as long for the join.
_THINGS = f"SELECT DISTINCT ?thing ?class WHERE {{ VALUES ?class {{ {CLASSES} }} ?thing a ?class }}"
_NAMES = """
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX schema: <http://schema.org/>
PREFIX poh: <https://w3id.org/poh-graph/ontology#>
SELECT ?thing ?property ?name WHERE {
  VALUES ?property { rdfs:label skos:altLabel schema:alternateName poh:previousSymbol }
  ?thing ?property ?name .
}
"""
_ELSEWHERE = f"""
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX biolink: <https://w3id.org/biolink/vocab/>
SELECT DISTINCT ?other ?thing WHERE {{
  ?other a biolink:Disease . ?thing skos:exactMatch ?other ; a biolink:Disease .
  FILTER(STRSTARTS(STR(?thing), "{ORDO}"))
}}
"""

_SIMILAR = 75.0
"""The least similarity of a name that is written otherwise."""

_SIMILAR_BEGINNING = 85.0
_BEGINNING = 95.0
"""The similarity of a name to its beginning, as one has typed it so far."""

_SHORTEST_WORD = 3
_MOST_NEAR = 60


class Name(NamedTuple):
    """One name of one thing, with the thing's kind and label."""

    folded: str
    name: str
    kind: str
    label: str
    thing: str


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

    def __init__(self, names: Iterable[Name]) -> None:
        self.lines = sorted({"\t".join(" ".join(part.split()) for part in name) for name in names})
        self._forms: dict[str | None, list[str]] = {}

    @classmethod
    def read(cls, path: Path) -> NameIndex | None:
        """The index that :meth:`write` has written; None if there is none, or of another layout."""
        try:
            header, *lines = path.read_text(encoding="utf-8").removesuffix("\n").split("\n")
        except FileNotFoundError:
            return None
        except (OSError, UnicodeDecodeError) as error:
            raise _damaged(path.parent, str(error)) from None
        if header != HEADER:
            return None
        index = cls(())
        index.lines = lines
        return index

    def write(self, path: Path) -> None:
        """Write the index as a table, the same bytes for the same names."""
        path.write_text("\n".join([HEADER, *self.lines]) + "\n", encoding="utf-8", newline="\n")

    @classmethod
    def of(cls, store: Store) -> NameIndex:
        """The index of a store, by three queries."""
        kinds: dict[str, str] = {}
        for thing, class_ in sorted(_rows(store, _THINGS)):
            kinds.setdefault(thing, KINDS[class_])
        known = [row for row in _rows(store, _NAMES) if row[0] in kinds]
        labels: dict[str, str] = {}
        for thing, property_, name in known:
            if property_ == RDFS + "label":
                labels[thing] = min(name, labels.get(thing, name))
        stands_for = _stands_for(store)
        meant = ((name, stands_for.get(thing, thing)) for thing, _, name in known)
        return cls(Name(fold(name), name, kinds[thing], labels.get(thing, ""), thing) for name, thing in meant)

    def same(self, text: str) -> list[Name]:
        """The names that are equal to a text once both are folded."""
        return list(self._folded_so(fold(text)))

    def _folded_so(self, folded: str) -> Iterator[Name]:
        start = f"{folded}\t"
        for place in range(bisect_left(self.lines, start), len(self.lines)):
            if not self.lines[place].startswith(start):
                return
            try:
                yield Name(*self.lines[place].split("\t"))
            except TypeError:
                raise StoreError(
                    f"The index of names is damaged: {self.lines[place]!r}.", mend="Build the bundle anew."
                ) from None

    def near(self, text: str, kind: str | None = None) -> list[tuple[float, Name]]:
        """The names that are like a text, each with its similarity (0 to 100), best first.

        A name is near if it is written almost so, if it begins so, if each word of the text begins one of its words, or
        if its beginning is written almost so; the last two count the less, the more the name holds besides.
        """
        folded = fold(text)
        forms = self._forms_of(kind)
        scores: dict[str, float] = defaultdict(float)
        near = (*_written_alike(folded, forms), *_of_its_words(folded, forms), *_begun_alike(folded, forms))
        for form, score in near:
            scores[form] = max(score, scores[form])
        best = sorted(scores.items(), key=lambda item: (-item[1], item[0]))[:_MOST_NEAR]
        return [(score, name) for form, score in best for name in self._folded_so(form)]

    def _forms_of(self, kind: str | None) -> list[str]:
        """The folded names of a kind of thing (None: of all), each once."""
        if kind not in self._forms:
            lines = [line for line in self.lines if f"\t{kind}\t" in line] if kind else self.lines
            self._forms[kind] = list(dict.fromkeys(line.partition("\t")[0] for line in lines))
        return self._forms[kind]


def _damaged(bundle: Path, why: str) -> StoreError:
    return StoreError(
        f"The index of names of {bundle} is damaged ({why}).", mend=f"Build it anew: poh-graph build -o {bundle}"
    )


def _rows(store: Store, text: str) -> list[tuple[str, ...]]:
    return [tuple(term.value for term in solution) for solution in solutions(store.query(text))]


def _stands_for(store: Store) -> dict[str, str]:
    """The classes of other authorities that are exact to one disorder of Orphanet, and that disorder."""
    found: dict[str, set[str]] = defaultdict(set)
    for other, thing in _rows(store, _ELSEWHERE):
        found[other].add(thing)
    return {other: next(iter(things)) for other, things in found.items() if len(things) == 1}


def _written_alike(folded: str, forms: list[str]) -> list[tuple[str, float]]:
    from rapidfuzz import fuzz, process

    near = process.extract(folded, forms, scorer=fuzz.ratio, score_cutoff=_SIMILAR, limit=_MOST_NEAR)
    return [(form, score) for form, score, _ in near]


def _of_its_words(folded: str, forms: list[str]) -> list[tuple[str, float]]:
    """The names in which each word of a text begins a word."""
    words = sorted(folded.split(), key=len, reverse=True)
    if not words or len(words[0]) < _SHORTEST_WORD:
        return []
    longest, *others = (f" {word}" for word in words)
    having = [padded for form in forms if longest in (padded := f" {form}") and all(word in padded for word in others)]
    return [(form[1:], _of_a_part(folded, form[1:])) for form in nsmallest(_MOST_NEAR, having, key=len)]


def _begun_alike(folded: str, forms: list[str]) -> list[tuple[str, float]]:
    from rapidfuzz import fuzz, process

    length = len(folded) + 1
    longer = [form for form in forms if len(form) > length]
    near = process.extract(
        folded,
        [form[:length] for form in longer],
        scorer=fuzz.ratio,
        score_cutoff=_SIMILAR_BEGINNING,
        limit=_MOST_NEAR,
    )
    return [(longer[place], score / 100 * _of_a_part(folded, longer[place])) for _, score, place in near]


def _of_a_part(folded: str, form: str) -> float:
    """The similarity of a text to a name that it is a part of."""
    if form.startswith(folded):
        return _BEGINNING
    return _SIMILAR + (100 - _SIMILAR) * min(1.0, len(folded) / len(form))
