"""JSON-LD, compacted by PyLD with the package's context, which stands in the document: no network."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from operator import itemgetter
from typing import Any, NoReturn

import pyoxigraph as ox
from pyld import jsonld

from poh_graph.bundle import resource_folder
from poh_graph.terms import RDF

Node = dict[str, Any]


@lru_cache(maxsize=1)
def context() -> dict[str, Any]:
    """The package's JSON-LD context."""
    document = json.loads((resource_folder("ontology") / "context.jsonld").read_text(encoding="utf-8"))
    found: dict[str, Any] = document["@context"]
    return found


def compacted(triples: Iterable[ox.Triple]) -> dict[str, Any]:
    """Triples as one compacted document, with the context inside; lossless.

    ``triples`` come by subject; the nodes of the document are sorted by their name.
    """
    return {"@context": context(), "@graph": _compacted(_expanded(triples), context())}


def framed(triples: Iterable[ox.Triple], iri: str) -> dict[str, Any]:
    """Triples as a document about one of their subjects: its statements at the top, all other nodes in ``@included``.

    The document holds the part of the context that it uses, and the triples, neither more nor fewer.
    """
    expanded = _expanded(triples)
    part = _context_of(expanded)
    nodes = _compacted(expanded, part)
    top = nodes.pop(next(place for place, node in enumerate(expanded) if node["@id"] == iri))
    return {"@context": part, **top, "@included": nodes}


def _no_network(url: str, _options: dict[str, Any]) -> NoReturn:
    """Refuse every remote document: a context stands in the document itself."""
    raise jsonld.JsonLdError(f"{url} is not loaded: no network", "loading document failed")


def _expanded(triples: Iterable[ox.Triple]) -> list[Node]:
    """The nodes of triples in expanded form, sorted by name."""
    # Oxigraph writes the expanded form: PyLD's reader of N-Quads looks through all lines of a graph for each new one.
    written = BytesIO()
    ox.serialize(triples, written, ox.RdfFormat.JSON_LD)
    return sorted(map(_typed, json.loads(written.getvalue())), key=itemgetter("@id"))


def _typed(node: Node) -> Node:
    """An expanded node with its classes as ``@type``, which Oxigraph writes as a property like any other."""
    classes = node.pop(RDF + "type", [])
    types = {"@type": [value["@id"] for value in classes]} if classes else {}
    return {"@id": node.pop("@id"), **types, **node}


def _compacted(expanded: list[Node], context_: dict[str, Any]) -> list[Node]:
    """The same nodes in the same order, in the words of a context."""
    options = {"documentLoader": _no_network, "skipExpansion": True, "graph": True}
    nodes: list[Node] = jsonld.compact(expanded, {"@context": context_}, options)["@graph"]
    return nodes


@dataclass(frozen=True)
class _Words:
    """The context taken apart: the IRI of each prefix, and of each term, with the prefixes that its definition uses."""

    prefixes: Mapping[str, str]
    terms: Mapping[str, tuple[str, frozenset[str]]]


@lru_cache(maxsize=1)
def _words() -> _Words:
    entries = {name: entry for name, entry in context().items() if not name.startswith("@")}
    iris = {name: entry if isinstance(entry, str) else entry["@id"] for name, entry in entries.items()}
    prefixes = {name: iri for name, iri in iris.items() if "://" in iri}
    terms = {}
    for name in entries.keys() - prefixes.keys():
        prefix, _, local = iris[name].partition(":")
        written = [iris[name]] if isinstance(entries[name], str) else entries[name].values()
        used = {text.partition(":")[0] for text in written if isinstance(text, str)}
        terms[name] = (prefixes[prefix] + local, frozenset(used & prefixes.keys()))
    return _Words(prefixes, terms)


def _context_of(expanded: list[Node]) -> dict[str, Any]:
    """The part of the context that gives these nodes the same short form as the whole of it.

    These are all terms for their properties and classes, all prefixes that fit one of their IRIs, and the prefixes that
    the definitions of these terms use.
    """
    words = _words()
    said, named = set[str](), set[str]()
    for node in expanded:
        named.add(node["@id"])
        said.update(node.get("@type", ()))
        said.update(node.keys() - {"@id", "@type"})
        named.update(_iris(node))
    named |= said
    kept = {name for name, (iri, _) in words.terms.items() if iri in said}
    used = {prefix for name in kept for prefix in words.terms[name][1]}
    fitting = {name for name, iri in words.prefixes.items() if name in used or any(n.startswith(iri) for n in named)}
    return {name: entry for name, entry in context().items() if name.startswith("@") or name in kept | fitting}


def _iris(node: Node) -> Iterator[str]:
    """The IRIs and datatypes that stand as values of an expanded node."""
    for name, values in node.items():
        if not name.startswith("@"):
            yield from (value.get("@id") or value.get("@type", "") for value in values)
