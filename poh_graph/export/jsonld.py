"""JSON-LD, compacted by PyLD with the package's context, which stands in the document: no network."""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import lru_cache
from io import BytesIO
from operator import itemgetter
from typing import Any, NoReturn

import pyoxigraph as ox
from pyld import jsonld

from poh_graph.bundle import resource_folder
from poh_graph.terms import RDF


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
    """Triples as one compacted document, with the context inside; lossless.

    ``triples`` come by subject; the nodes of the document are sorted by their name.
    """
    # Oxigraph writes the expanded form: PyLD's reader of N-Quads looks through all lines of a graph for each new one.
    written = BytesIO()
    ox.serialize(triples, written, ox.RdfFormat.JSON_LD)
    expanded = sorted(map(_typed, json.loads(written.getvalue())), key=itemgetter("@id"))
    options = {"documentLoader": _no_network, "skipExpansion": True, "graph": True}
    document: dict[str, Any] = jsonld.compact(expanded, {"@context": context()}, options)
    return document


def _typed(node: dict[str, Any]) -> dict[str, Any]:
    """An expanded node with its classes as ``@type``, which Oxigraph writes as a property like any other."""
    classes = node.pop(RDF + "type", [])
    types = {"@type": [value["@id"] for value in classes]} if classes else {}
    return {"@id": node.pop("@id"), **types, **node}
