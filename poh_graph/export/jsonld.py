"""JSON-LD, flattened and compacted by PyLD with the package's context, which stands in the document: no network."""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import lru_cache
from typing import Any, NoReturn

import pyoxigraph as ox
from pyld import jsonld

from poh_graph.bundle import resource_folder


@lru_cache(maxsize=1)
def context() -> dict[str, Any]:
    """The package's JSON-LD context."""
    document = json.loads((resource_folder("ontology") / "context.jsonld").read_text(encoding="utf-8"))
    found: dict[str, Any] = document["@context"]
    return found


def _no_network(url: str, _options: dict[str, Any]) -> NoReturn:
    """Refuse every remote document: a context stands in the document itself."""
    raise jsonld.JsonLdError(f"{url} is not loaded: no network", "loading document failed")


def compacted(triples: Iterable[ox.Triple]) -> dict[str, Any]:
    """Triples as one compacted document, with the context inside; sorted by node, lossless."""
    lines = ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES).decode()
    # Native numbers and booleans would lose the lexical form (0.10, 1.0) and the difference of decimal and double.
    options = {"documentLoader": _no_network, "useNativeTypes": False}
    expanded = jsonld.from_rdf(lines, {**options, "format": "application/n-quads"})
    document: dict[str, Any] = jsonld.compact(expanded, {"@context": context()}, {**options, "graph": True})
    return document
