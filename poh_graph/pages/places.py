"""Which things have a page of their own, and where a link to a thing leads.

A server, a folder of files and a single file differ in this alone: a link goes to the page of the thing where there is
one in reach, else to the page of its authority.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple
from urllib.parse import quote

import pyoxigraph as ox

from poh_graph.documents.web_pages import page_of
from poh_graph.graph import Graph
from poh_graph.terms import BASE, BIOLINK, ONTOLOGY, ORDO, OWL, RDFS, SCHEMA, SKOS, curie_of

Href = Callable[[str], str | None]
"""IRI → the address that a link to it leads to; None if there is no page about it."""

FOLDERS = {
    BIOLINK + "Disease": "disorder",
    BIOLINK + "Gene": "gene",
    BIOLINK + "PhenotypicFeature": "phenotype",
    SCHEMA + "Organization": "organization",
    SCHEMA + "NGO": "organization",
    SCHEMA + "CollegeOrUniversity": "organization",
}
"""The classes whose members have a page, and the first part of its address."""

_SAFE = ":@/-._~!$&'()*+,;="
"""Characters of our own IRIs that stand in an address as they are."""

_ORDER = {folder: place for place, folder in enumerate(dict.fromkeys(FOLDERS.values()))}

# Queries that are joined here: the engine takes ten times as long for the join.
_CLASSES = (
    f"SELECT ?thing ?class WHERE {{ VALUES ?class {{ {' '.join(map('<{}>'.format, FOLDERS))} }} ?thing a ?class }}"
)
_LABELS = f"SELECT ?thing ?label WHERE {{ ?thing <{RDFS}label> ?label FILTER (LANG(?label) IN ('', 'en')) }}"
_RETIRED = f"SELECT ?thing WHERE {{ ?thing <{OWL}deprecated> true }}"
_SAME = f"""
SELECT ?thing WHERE {{
  ?thing a <{BIOLINK}Disease>
  FILTER (!STRSTARTS(STR(?thing), "{ORDO}"))
  ?disorder <{SKOS}exactMatch> ?thing
  FILTER (STRSTARTS(STR(?disorder), "{ORDO}"))
}}
"""


class Thing(NamedTuple):
    """A thing that has a page: the first part of the page's address, its label, and whether its code is retired."""

    folder: str
    label: str
    is_retired: bool = False


Held = Mapping[str, Thing]
"""IRI → the thing, in the order of the IRIs, kind by kind."""


def held_things(graph: Graph) -> dict[str, Thing]:
    """All things that have a page; a class of another authority that is exact to a disorder of Orphanet has that one's.

    Of several labels the first in the order of text is taken, as everywhere.
    """
    folders = {thing: FOLDERS[class_] for thing, class_ in _pairs(graph, _CLASSES)}
    labels: dict[str, str] = {}
    for thing, label in _pairs(graph, _LABELS):
        if thing in folders:
            labels[thing] = min(labels.get(thing, label), label)
    same = {str(thing) for thing in graph.select(_SAME).column("thing")}
    retired = {str(thing) for thing in graph.select(_RETIRED).column("thing")}
    return {
        thing: Thing(folder, labels.get(thing, name_of(thing)), thing in retired)
        for thing, folder in sorted(folders.items(), key=lambda item: (_ORDER[item[1]], item[0]))
        if thing not in same
    }


def _pairs(graph: Graph, text: str) -> Iterator[tuple[str, str]]:
    for one, other in graph.select(text).terms:
        if isinstance(one, ox.NamedNode) and isinstance(other, ox.NamedNode | ox.Literal):
            yield one.value, other.value


def name_of(iri: str) -> str:
    """What a thing is called in an address: its CURIE, and the last words of an IRI of our own.

    >>> name_of("http://www.orpha.net/ORDO/Orphanet_2762")
    'ORPHA:2762'
    >>> name_of("https://w3id.org/poh-graph/disorder/primary-osteoma-cutis")
    'primary-osteoma-cutis'
    """
    return iri.rpartition("/")[2] if iri.startswith(BASE) else curie_of(iri)


def path_of(folder: str, iri: str) -> str:
    """The path of a thing below the root of a server.

    >>> path_of("gene", "http://identifiers.org/hgnc/4392")
    'gene/HGNC:4392'
    """
    return f"{folder}/{quote(name_of(iri), safe=':')}"


def file_of(folder: str, iri: str) -> str:
    """The path of a thing's page in a folder of files, without its ending: a file's name holds no colon.

    >>> file_of("gene", "http://identifiers.org/hgnc/4392")
    'gene/HGNC_4392'
    """
    return f"{folder}/{quote(name_of(iri).replace(':', '_'), safe='')}"


@dataclass(frozen=True)
class OnServer:
    """Links of a server's pages; ``root`` is the path of its front page."""

    held: Held
    root: str = "/"

    def __call__(self, iri: str) -> str | None:
        """As :data:`Href`."""
        thing = self.held.get(iri)
        if thing:
            return f"{self.root}{path_of(thing.folder, iri)}.html"
        if iri.startswith(BASE) and not iri.startswith(ONTOLOGY):
            return f"{self.root}{quote(iri.removeprefix(BASE), safe=_SAFE)}.html"
        return _term(iri, f"{self.root}ontology.html") or page_of(iri)


@dataclass(frozen=True)
class InFolder:
    """Links of the pages in a folder of files, relative to a page so many folders below the root."""

    held: Held
    depth: int = field(default=1)

    def __call__(self, iri: str) -> str | None:
        """As :data:`Href`."""
        thing = self.held.get(iri)
        up = "../" * self.depth
        if thing:
            # The name of a file is read as an address here, in which a percent sign is written so.
            return f"{up}{quote(file_of(thing.folder, iri))}.html"
        return _term(iri, f"{up}ontology.html") or page_of(iri)


def to_authority(iri: str) -> str | None:
    """Links of a page that stands alone: to the page of the authority."""
    return page_of(iri)


def _term(iri: str, page: str) -> str | None:
    """Where a term of our ontology is described."""
    return f"{page}#{iri.removeprefix(ONTOLOGY)}" if iri.startswith(ONTOLOGY) else None
