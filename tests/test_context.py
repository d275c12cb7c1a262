"""The JSON-LD context: nothing is lost, and each property and class has a short name."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
from pyld import jsonld

from poh_graph.export.jsonld import compacted, context
from tests.ontology_files import POH, converter, data_files, own_terms, texts

RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
OWL = "http://www.w3.org/2002/07/owl#"
SCHEMA = "http://schema.org/"


def triples(path: Path) -> list[ox.Triple]:
    """The triples of a file of the data."""
    return [quad.triple for quad in ox.parse(path=str(path), format=ox.RdfFormat.TURTLE)]


@cache
def document(path: Path) -> dict[str, Any]:
    """A file of the data as JSON-LD, as the program exports it."""
    return compacted(triples(path))


each_file = pytest.mark.parametrize("path", data_files(), ids=lambda path: f"{path.parent.name}/{path.stem}")


@each_file
def test_the_context_loses_nothing(path: Path) -> None:
    """Data, compacted with the context and read back, is the same data."""
    after = jsonld.to_rdf(document(path), {"format": "application/n-quads"})
    assert {str(triple) for triple in triples(path)} == {
        str(quad.triple) for quad in ox.parse(after, format=ox.RdfFormat.N_QUADS)
    }


@each_file
def test_each_property_and_class_of_the_data_has_a_key(path: Path) -> None:
    """Each property of the data, and each class that is no ORDO or SO code, has a key in the context."""
    nodes = document(path)["@graph"]
    keys = {key for node in nodes for key in node if not key.startswith("@")}
    kinds = {kind for node in nodes for kind in as_list(node.get("@type"))}
    classes = {kind for kind in kinds if not kind.startswith(("ORPHA:", "SO:"))}
    assert not sorted((keys | classes) - set(context()))


def as_list(value: str | list[str] | None) -> list[str]:
    """The types of a node, of which JSON-LD writes a single one without brackets."""
    return value if isinstance(value, list) else [value] if value else []


def test_own_properties_have_the_type_of_their_range() -> None:
    """The key of each own property says whether its values are things or of which datatype."""
    for term, said in own_terms().items():
        kinds = texts(said[RDF_TYPE])
        key = context().get(term.removeprefix(POH))
        if OWL + "ObjectProperty" in kinds:
            assert key == {"@id": "poh:" + term.removeprefix(POH), "@type": "@id"}, term
        elif OWL + "DatatypeProperty" in kinds:
            assert key is not None, term
            datatype = texts(said[SCHEMA + "rangeIncludes"])[0].rsplit("#", 1)[1]
            if datatype not in {"string", "langString"}:
                assert key["@type"] == "xsd:" + datatype, term


def test_prefixes_of_the_context_are_those_of_the_prefix_map() -> None:
    """Where context and prefix map both know a prefix, it stands for the same."""
    for record in converter().records:
        entry = context().get(record.prefix)
        if entry is not None:
            assert (entry["@id"] if isinstance(entry, dict) else entry) == record.uri_prefix
