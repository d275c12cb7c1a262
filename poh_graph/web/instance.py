"""What one instance of the server is: its address, who runs it, and the release that it serves."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date

import pyoxigraph as ox

from poh_graph.bundle import Bundle
from poh_graph.graph import Graph
from poh_graph.store import Store
from poh_graph.terms import DCTERMS, META_GRAPH, RDFS, VOID, Iri
from poh_graph.web.settings import Publisher

PROJECT = Publisher("POH graph")
"""Whom an instance names that was not told who runs it."""

_GRAPHS = f"""
SELECT ?graph ?label ?triples ?issued WHERE {{ GRAPH <{META_GRAPH}> {{
  ?graph <{RDFS}label> ?label ; <{VOID}triples> ?triples .
  OPTIONAL {{ ?graph <{DCTERMS}issued> ?issued }}
}} }} ORDER BY ?graph ?label ?triples ?issued
"""


@dataclass(frozen=True, slots=True)
class NamedGraph:
    """One named graph of the release; what ``meta`` does not say of it is empty."""

    iri: Iri
    label: str = ""
    triples: int | None = None
    issued: date | None = None


@dataclass(frozen=True)
class Address:
    """Where an instance stands: ``base`` is its public address without a slash at the end."""

    base: str

    def url(self, path: str) -> str:
        """The absolute address of a path (``/sparql``)."""
        return self.base + path

    def part(self, name: str) -> str:
        """The IRI of something that the description of this instance describes (``dataset``)."""
        return f"{self.base}/.well-known/void#{name}"


@dataclass(frozen=True)
class Instance(Address):
    """One instance, who runs it, and its release, of which ``digest`` is the SHA-256.

    ``size`` is that of the release as N-Quads, in bytes, where it is a file.
    """

    publisher: Publisher
    digest: str
    graphs: tuple[NamedGraph, ...]
    size: int | None = None

    @property
    def issued(self) -> date | None:
        """The day of the newest of its sources: a release has no clock."""
        return max((graph.issued for graph in self.graphs if graph.issued), default=None)


def instance_of(graph: Graph, base: str, publisher: Publisher | None) -> Instance:
    """The instance that serves a graph."""
    size = graph.release.stat().st_size if graph.release is not None else None
    return Instance(base, publisher or PROJECT, digest_of(graph), named_graphs(graph.store), size)


def digest_of(graph: Graph) -> str:
    """The SHA-256 of a release: of its sorted N-Quads."""
    if graph.release is not None:
        digests: dict[str, str] = Bundle(graph.release.parent).read_manifest()["files"]
        return digests[graph.release.name]
    return hashlib.sha256(b"".join(sorted(graph.store.lines()))).hexdigest()


def named_graphs(store: Store) -> tuple[NamedGraph, ...]:
    """The named graphs of a store, by name, with what ``meta`` says of them."""
    answer = store.query(_GRAPHS)
    assert isinstance(answer, ox.QuerySolutions)  # noqa: S101 - a SELECT gives nothing else
    described = {row["graph"].value: row for row in answer}
    return tuple(_named_graph(iri, described.get(iri)) for iri in store.graphs())


def _named_graph(iri: Iri, row: ox.QuerySolution | None) -> NamedGraph:
    if row is None:
        return NamedGraph(iri)
    issued = row["issued"]
    return NamedGraph(
        iri, row["label"].value, int(row["triples"].value), date.fromisoformat(issued.value) if issued else None
    )
