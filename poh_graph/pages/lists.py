"""Lists to browse: all things of a kind by their first letter, and the heads of the classifications."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from poh_graph.documents.document import Link
from poh_graph.documents.references import named
from poh_graph.graph import Graph
from poh_graph.names import fold
from poh_graph.pages.frame import Frame
from poh_graph.pages.html import rendered
from poh_graph.pages.places import Held

NAMES = {
    "disorder": ("disorders", "Disorders"),
    "gene": ("genes", "Genes"),
    "phenotype": ("phenotypes", "Signs"),
    "organization": ("organizations", "Organizations"),
}
"""The first part of the address of a thing → the name of the list of such things, and its heading."""

CLASSIFICATIONS = "classifications"

MOST_ON_A_PAGE = 500
"""A list with more things has a page for each letter: a phone is slow with ten thousand links."""

_OTHER = "other"

_HEADS = """
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT DISTINCT ?head ?label WHERE {
  { SELECT DISTINCT ?head WHERE { ?below skos:broader ?head FILTER NOT EXISTS { ?head skos:broader ?above } } }
  ?head rdfs:label ?label
  FILTER (LANG(?label) IN ("", "en"))
}
ORDER BY ?label ?head
"""


@dataclass(frozen=True)
class List:
    """A page of links: ``parts`` are the pages of the same list (name, what leads there, how many things)."""

    name: str
    heading: str
    links: Sequence[Link]
    parts: Sequence[tuple[str, str, int]] = ()
    lead: str = ""


def lists_of(held: Held) -> Iterator[List]:
    """The lists of all kinds of things, each on one page or on one page a letter."""
    for folder, (name, heading) in NAMES.items():
        by_letter: dict[str, list[Link]] = defaultdict(list)
        things = [(thing.label, iri) for iri, thing in held.items() if thing.folder == folder]
        for label, iri in sorted(things, key=lambda thing: (fold(thing[0]), thing)):
            by_letter[_letter(label)].append(named(label, iri))
        yield from _pages(name, heading, dict(sorted(by_letter.items(), key=lambda part: (part[0] == _OTHER, part[0]))))


def _letter(label: str) -> str:
    first = fold(label)[:1]
    return first if first.isascii() and first.isalpha() else _OTHER


def _pages(name: str, heading: str, by_letter: dict[str, list[Link]]) -> Iterator[List]:
    links = [link for found in by_letter.values() for link in found]
    total = f"{len(links):,} in this graph."
    if len(links) <= MOST_ON_A_PAGE:
        yield List(name, heading, links, lead=total)
        return
    parts = [
        (f"{name}-{letter}", letter.upper() if letter != _OTHER else letter, len(found))
        for letter, found in by_letter.items()
    ]
    yield List(name, heading, [], parts, total)
    for (part, letter, _), found in zip(parts, by_letter.values(), strict=True):
        yield List(part, f"{heading}: {letter}", found, parts)


def classifications(graph: Graph) -> List:
    """The heads of the classifications; each group below has its members on its page."""
    rows = graph.select(_HEADS).rows()
    links = [named(str(row["label"]), str(row["head"])) for row in rows]
    return List(CLASSIFICATIONS, "Classifications", links, lead="Each group lists what stands below it.")


def list_html(found: List, frame: Frame) -> str:
    """The list as HTML."""
    return rendered("list.html.jinja", list=found, frame=frame)
