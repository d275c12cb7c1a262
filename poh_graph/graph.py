"""The Python face: a graph that one asks.

>>> import poh_graph as pg
>>> g = pg.open()                                  # the POH graph that the package carries
>>> g.query("gene-products", "GNAS").column("name")
['A/B transcript of GNAS', 'ALEX', 'GNAS-AS1', 'Gs-alpha', 'NESP55', 'XL-alpha-s']
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from poh_graph.bundle import DEFAULT_BUNDLE, Bundle, is_bundle, restore
from poh_graph.closure import closed_triples
from poh_graph.errors import ParameterError, StoreError, UnknownName
from poh_graph.identifiers import iris_of
from poh_graph.queries import Parameter, StoredQuery, find_query
from poh_graph.resolve import Candidate, Resolver, by_name, the_one
from poh_graph.rows import Rows
from poh_graph.store import STORE_VERSION, LocalStore, Store
from poh_graph.terms import Iri, curie_of, prefix_map

if TYPE_CHECKING:
    import rdflib

_KINDS_BY_PREFIX = {"ORPHA": "disorder", "HGNC": "gene", "HP": "phenotype"}

_ENDS_OF_A_CLAIM = ("subject", "object")
_LABELS = """
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT DISTINCT ?thing ?label WHERE {{ VALUES ?thing {{ {things} }} ?thing rdfs:label ?label }} ORDER BY ?thing ?label
"""
_EXISTS = """
ASK {{ {{ {thing} ?p ?o }} UNION {{ ?s ?q {thing} }} }}
"""


def open_graph(where: str | Path | None = None) -> Graph:
    """A graph to ask: a bundle folder, an RDF file, or the address of a SPARQL 1.1 endpoint.

    Without ``where``: the folder ``bundle`` if there is one here, else the POH graph that the package carries. Nothing
    is built on disk or downloaded.

    Raises:
        StoreError: if it is none of these, cannot be opened, or is of another version.
        InputError: if an RDF file does not parse.
    """
    if where is None:
        restore(DEFAULT_BUNDLE)
        return _bundle_graph(DEFAULT_BUNDLE) if is_bundle(DEFAULT_BUNDLE) else packaged()
    text = str(where)
    if "://" in text:
        from poh_graph.remote import RemoteStore

        return Graph(RemoteStore(text))
    path = Path(where)
    restore(path)
    if path.is_dir():
        return _bundle_graph(path)
    if path.is_file():
        return Graph(LocalStore.from_file(path))
    raise StoreError(
        f"There is no store at {path}.",
        mend="Give a bundle folder, an RDF file or the http:// address of a SPARQL endpoint; or build: poh-graph build",
    )


def packaged() -> Graph:
    """The curated POH graph that the package carries, in memory."""
    from poh_graph.building.assemble import assemble

    return Graph(assemble().store)


def _bundle_graph(path: Path) -> Graph:
    bundle = Bundle(path)
    found = bundle.read_manifest().get("store")
    if found != STORE_VERSION:
        raise StoreError(
            f"The store of {path} was written by {found}; this program reads {STORE_VERSION}.",
            mend=f"Build it anew: poh-graph build -o {path}; or read its release: -s {bundle.graph}",
        )
    return Graph(LocalStore.read_only(bundle.store), bundle.names, bundle.graph)


@dataclass
class Graph:
    """A graph that one asks by stored query, by SPARQL, or by the name of a disorder.

    ``names_file`` is the index of names of its bundle and ``release`` its sorted N-Quads, if it is one.
    """

    store: Store
    names_file: Path | None = None
    release: Path | None = None

    @cached_property
    def names(self) -> Resolver:
        """What finds its things by name or identifier."""
        return Resolver(self.store, self.names_file)

    def resolve(self, text: str, *, kind: str | None = None) -> list[Candidate]:
        """What a name or identifier in any spelling may mean, best first; empty if nothing is near."""
        return self.names.resolve(text, kind=kind)

    def one(self, text: str, *, kind: str | None = None) -> Iri:
        """The IRI that a name or identifier means, if the graph knows it.

        Raises:
            UnknownName: if nothing in the graph is called so, with the nearest.
            AmbiguousName: if several things are.
        """
        found = [candidate for candidate in self.names.by_identifier(text) if kind in (None, candidate.kind)]
        if not found and not kind and (identified := self.identified(text)):
            # Things without a name in the index (papers, statements, graphs) are known by their IRI alone.
            return identified
        try:
            return the_one(text, found or by_name(self.names.names, text, kind), kind).iri
        except UnknownName as unknown:
            others = [candidate for candidate in self.resolve(text) if candidate.is_certain] if kind else []
            if not others:
                raise
            raise UnknownName(
                f"No {kind} in this graph is called {text!r}. It is a name of {others[0]} ({others[0].kind}).",
                candidates=unknown.candidates,
            ) from None

    def identified(self, text: str) -> Iri | None:
        """The very thing of which a text is the IRI or the CURIE, in any spelling; None if the graph has no such thing.

        Unlike :meth:`one`, it does not take a class of another vocabulary for the disorder that it is exact to.
        """
        return next((iri for iri in iris_of(text) if self.store.query(_EXISTS.format(thing=f"<{iri}>"))), None)

    def query(self, name: str, *values: str, **named: str | Sequence[str]) -> Rows:
        """The rows of a stored SELECT query; ``values`` in the order of its parameters, or by name.

        Where a parameter is an IRI, any name or identifier of the thing will do.

        Raises:
            UnknownQuery: if there is no such query.
            ParameterError: if a value does not fit.
            UnknownName: if a value names nothing in the graph.
        """
        answer = self.ask(find_query(name), values, named)
        if not isinstance(answer, ox.QuerySolutions):
            raise ParameterError(
                f"The query {name} gives triples, not rows.", mend="Use sparql() or `poh-graph query`."
            )
        return Rows.of(answer)

    def ask(
        self, query: StoredQuery, values: Sequence[str] = (), named: dict[str, str | Sequence[str]] | None = None
    ) -> ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples:
        """The engine's own answer to a stored query."""
        return self.store.query(self.bound(query, values, named or {}))

    def bound(self, query: StoredQuery, values: Sequence[str], named: dict[str, str | Sequence[str]]) -> str:
        """The text of a stored query with the values put in."""
        if len(values) > len(query.parameters):
            names = ", ".join(f"{p.name} ({p.documentation})" for p in query.parameters) or "none"
            most = len(query.parameters)
            raise ParameterError(
                f"The query {query.name} takes {most or 'no'} value{'' if most == 1 else 's'}, not {len(values)}.",
                mend=f"Its parameters: {names}.",
            )
        given: dict[str, str | Sequence[str]] = {
            **dict(zip((p.name for p in query.parameters), values, strict=False)),
            **named,
        }
        by_name = {parameter.name: parameter for parameter in query.parameters}
        bound = {}
        for name, value in given.items():
            texts = [value] if isinstance(value, str) else list(value)
            parameter = by_name.get(name)
            bound[name] = [self._term(parameter, text) for text in texts] if parameter else []
        return query.bind(bound)

    def _term(self, parameter: Parameter, text: str) -> ox.NamedNode | ox.Literal:
        if parameter.kind != "iri":
            return parameter.term(text)
        if parameter.name in _ENDS_OF_A_CLAIM and (identified := self.identified(text)):
            # Whoever asks why a disorder has a code means the code, not the disorder that it stands for.
            return parameter.term(identified)
        # A full IRI says what it is; a name is looked for among the things of the parameter's kind.
        kind = None if text.startswith(("http://", "https://")) else self._kind(parameter)
        return parameter.term(self.one(text, kind=kind))

    def _kind(self, parameter: Parameter) -> str | None:
        """The kind of thing that a parameter is: that of its default, and any for the two ends of a claim."""
        if parameter.name in _ENDS_OF_A_CLAIM:
            return None
        default = parameter.default[0].value
        by_prefix = _KINDS_BY_PREFIX.get(curie_of(default).partition(":")[0])
        return by_prefix or next((candidate.kind for candidate in self.names.by_identifier(default)), None)

    def sparql(self, text: str) -> Rows | bool | list[ox.Triple]:
        """The answer to any SPARQL 1.1 query: rows of a SELECT, the truth of an ASK, the triples of a CONSTRUCT.

        Raises:
            QueryError: if the text is not SPARQL.
        """
        answer = self.store.query(text)
        if isinstance(answer, ox.QuerySolutions):
            return Rows.of(answer)
        return bool(answer) if isinstance(answer, ox.QueryBoolean) else list(answer)

    def select(self, text: str) -> Rows:
        """The rows of a SELECT.

        Raises:
            QueryError: if the text is not SPARQL.
            ParameterError: if it is another form of query.
        """
        answer = self.store.query(text)
        if not isinstance(answer, ox.QuerySolutions):
            raise ParameterError("The query gives no rows.", mend="A SELECT does; sparql() takes every form.")
        return Rows.of(answer)

    def labels(self, iris: set[str]) -> dict[str, str]:
        """The label of each IRI that has one (the first of several, in the order of text)."""
        if not iris:
            return {}
        things = " ".join(str(ox.NamedNode(iri)) for iri in sorted(iris))
        answer = self.select(_LABELS.format(things=things))
        return {str(row["thing"]): str(row["label"]) for row in reversed(answer.rows())}

    def disorder(self, name: str) -> Disorder:
        """A disorder, by any name or identifier.

        Raises:
            UnknownName: if the graph has none of this name.
        """
        return Disorder(self, self.one(name, kind="disorder"))


@dataclass(frozen=True)
class Disorder:
    """One disorder of a graph: what the graph says about it, closed (all it refers to has its label)."""

    graph: Graph
    iri: Iri

    def __repr__(self) -> str:
        """Show which disorder it is."""
        return f"<Disorder {self.curie} {self.label}>"

    @property
    def curie(self) -> str:
        """Its CURIE."""
        return curie_of(self.iri)

    @cached_property
    def label(self) -> str:
        """Its label."""
        return self.graph.labels({self.iri}).get(self.iri, "")

    def triples(self) -> list[ox.Triple]:
        """Every statement about it, with the labels of all that they refer to; sorted."""
        return sorted(closed_triples(self.graph.store, [self.iri]), key=str)

    def to_rdflib(self) -> rdflib.Graph:
        """The same as an rdflib graph."""
        import rdflib

        graph = rdflib.Graph()
        for name, uri in turtle_prefixes().items():
            graph.bind(name, uri)
        return graph.parse(data=ox.serialize(self.triples(), format=ox.RdfFormat.N_TRIPLES), format="nt")

    def jsonld(self) -> dict[str, Any]:
        """The same as a JSON-LD document, compacted with the package's context, which stands in it."""
        from poh_graph.export.jsonld import compacted

        return compacted(self.triples())


def turtle_prefixes() -> dict[str, str]:
    """The prefixes for people to read Turtle with: namespaces, not whole identifiers."""
    return {p.name.lower(): p.uri for p in prefix_map().prefixes}
