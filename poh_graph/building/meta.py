"""The description of the graphs: the named graph ``meta``, and the files of a bundle that say the same to people.

DCAT, VoID and PROV describe each named graph: source, release, licence, rights holder, what it was made from, how many
triples, and what was left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from poh_graph import __version__
from poh_graph.bundle import sha256
from poh_graph.source_table import Source, licence_name
from poh_graph.terms import (
    BIOLINK,
    DCAT,
    DCTERMS,
    META_GRAPH,
    ONTOLOGY,
    PAV,
    PROV,
    RDF,
    RDFS,
    SCHEMA,
    VOID,
    XSD,
    file_iri,
    graph_iri,
)


@dataclass(frozen=True, slots=True)
class InputFile:
    """A file that was read into a named graph; ``name`` is its path inside ``data/``, or its file name."""

    graph: str
    name: str
    digest: str

    @classmethod
    def of(cls, graph: str, name: str, path: Path) -> InputFile:
        """The file at ``path``, with the SHA-256 of its bytes."""
        return cls(graph, name, sha256(path))


@dataclass(frozen=True, slots=True)
class Counts:
    """How much a named graph holds."""

    triples: int
    subjects: int


def _text(value: str) -> ox.Literal:
    return ox.Literal(value, language="en")


def _date(value: date) -> ox.Literal:
    return ox.Literal(value.isoformat(), datatype=ox.NamedNode(XSD + "date"))


def _integer(value: int) -> ox.Literal:
    return ox.Literal(str(value), datatype=ox.NamedNode(XSD + "integer"))


def _statements(source: Source, counts: Counts) -> Iterator[tuple[str, ox.NamedNode | ox.Literal]]:
    """What is said of one named graph: predicate and object."""
    for class_ in (DCAT + "Dataset", VOID + "Dataset", PROV + "Entity"):
        yield RDF + "type", ox.NamedNode(class_)
    yield RDFS + "label", _text(source.label)
    yield DCTERMS + "title", _text(source.title)
    yield DCAT + "version", ox.Literal(source.version)
    yield DCTERMS + "publisher", ox.NamedNode(source.publisher)
    yield DCTERMS + "bibliographicCitation", _text(source.citation)
    yield DCTERMS + "description", _text(source.attribution)
    yield BIOLINK + "knowledge_level", ox.Literal(source.knowledge_level)
    yield BIOLINK + "agent_type", ox.Literal(source.agent_type)
    yield VOID + "triples", _integer(counts.triples)
    yield VOID + "distinctSubjects", _integer(counts.subjects)
    for url in source.derived_from:
        yield PROV + "wasDerivedFrom", ox.NamedNode(url)
    for words in source.left_out:
        yield ONTOLOGY + "leftOut", _text(words)
    for predicate, value in _optional(source):
        if value is not None:
            yield predicate, value


def _optional(source: Source) -> Iterator[tuple[str, ox.NamedNode | ox.Literal | None]]:
    """What a source may say or not."""
    yield DCTERMS + "issued", _date(source.issued) if source.issued else None
    yield PAV + "retrievedOn", _date(source.retrieved) if source.retrieved else None
    yield DCTERMS + "license", ox.NamedNode(source.license) if source.license else None
    yield DCTERMS + "rights", _text(source.rights) if source.rights else None
    yield DCTERMS + "rightsHolder", ox.NamedNode(source.rights_holder) if source.rights_holder else None
    yield DCTERMS + "identifier", ox.Literal(source.infores) if source.infores else None
    yield RDFS + "comment", _text(source.note) if source.note else None


def meta_quads(
    sources: Mapping[str, Source],
    counts: Mapping[str, Counts],
    files: Sequence[InputFile],
    mentioned: Sequence[str] = (),
) -> Iterator[ox.Quad]:
    """The named graph ``meta``: a description of each named graph, and of each file that was read into it.

    ``mentioned`` are graphs that statements name and a closed part of the graph does not have: they get labels.
    """
    meta = ox.NamedNode(META_GRAPH)

    def quad(subject: str, predicate: str, value: ox.NamedNode | ox.Literal) -> ox.Quad:
        return ox.Quad(ox.NamedNode(subject), ox.NamedNode(predicate), value, meta)

    for name, count in counts.items():
        for predicate, value in _statements(sources[name], count):
            yield quad(graph_iri(name), predicate, value)
    for name in mentioned:
        yield quad(graph_iri(name), RDFS + "label", _text(sources[name].label))
    for file in files:
        node = file_iri(file.graph, file.name)
        yield quad(graph_iri(file.graph), DCTERMS + "hasPart", ox.NamedNode(node))
        yield quad(node, RDF + "type", ox.NamedNode(PROV + "Entity"))
        yield quad(node, RDFS + "label", ox.Literal(file.name))
        yield quad(node, SCHEMA + "sha256", ox.Literal(file.digest))


def _terms_of(source: Source) -> str:
    """The short name of a source's licence, or its rights in words."""
    return licence_name(source.license) if source.license else source.rights or ""


def attribution(sources: Mapping[str, Source], counts: Mapping[str, Counts]) -> str:
    """``ATTRIBUTION.md``: who is to be named when this graph is used, source by source."""
    parts = [
        "# Whose data this is",
        "",
        "Each named graph has its own source and licence. Who publishes the graph, or a part of it, names these.",
        "",
    ]
    for name in counts:
        source = sources[name]
        release = source.version + (f", {source.issued.isoformat()}" if source.issued else "")
        parts += [
            f"## {source.label} (`graph/{name}`)",
            "",
            f"{source.citation}. Release {release}.",
            "",
            source.attribution,
            "",
        ]
        parts += [f"Licence: {_terms_of(source)}" + (f" <{source.license}>" if source.license else ""), ""]
        if source.left_out:
            parts += ["Left out:", "", *(f"- {words}" for words in source.left_out), ""]
    return "\n".join(parts)


def manifest(
    sources: Mapping[str, Source], counts: Mapping[str, Counts], files: Sequence[InputFile], outputs: Mapping[str, str]
) -> dict[str, Any]:
    """``manifest.json`` without its format keys: sources, releases, counts, the digest of each file of the bundle."""
    return {
        "generator": f"poh-graph {__version__}",
        "files": dict(sorted(outputs.items())),
        "graphs": {
            name: _graph_entry(sources[name], count, {file.name: file.digest for file in files if file.graph == name})
            for name, count in counts.items()
        },
    }


def _graph_entry(source: Source, count: Counts, inputs: dict[str, str]) -> dict[str, Any]:
    return {
        "iri": graph_iri(source.name),
        "label": source.label,
        "version": source.version,
        "issued": source.issued.isoformat() if source.issued else None,
        "license": source.license,
        "rights": source.rights,
        "citation": source.citation,
        "triples": count.triples,
        "subjects": count.subjects,
        "left_out": list(source.left_out),
        "inputs": inputs,
    }


def ro_crate(sources: Mapping[str, Source], counts: Mapping[str, Counts], outputs: Mapping[str, int]) -> dict[str, Any]:
    """``ro-crate-metadata.json`` (RO-Crate 1.1): the bundle as a dataset; ``outputs`` are file → size in bytes."""
    formats = {
        ".nq": "application/n-quads",
        ".ttl": "text/turtle",
        ".tsv": "text/tab-separated-values",
        ".json": "application/json",
        ".md": "text/markdown",
    }
    latest = max((s.issued for s in sources.values() if s.issued), default=None)
    root: dict[str, Any] = {
        "@id": "./",
        "@type": "Dataset",
        "name": "Knowledge graph of progressive osseous heteroplasia",
        "description": "Linked data on progressive osseous heteroplasia (ORPHA:2762), one named graph a source.",
        "license": {"@id": "https://creativecommons.org/licenses/by/4.0/"},
        "hasPart": [{"@id": name} for name in sorted(outputs)],
        "citation": [sources[name].citation for name in counts],
    }
    if latest:
        # RO-Crate wants a date; a clock would make two builds of the same input differ, so it is the newest source's.
        root["datePublished"] = latest.isoformat()
    return {
        "@context": "https://w3id.org/ro/crate/1.1/context",
        "@graph": [
            {
                "@id": "ro-crate-metadata.json",
                "@type": "CreativeWork",
                "about": {"@id": "./"},
                "conformsTo": {"@id": "https://w3id.org/ro/crate/1.1"},
            },
            root,
            *(
                {
                    "@id": name,
                    "@type": "File",
                    "encodingFormat": formats.get(Path(name).suffix, "text/plain"),
                    "contentSize": str(size),
                }
                for name, size in sorted(outputs.items())
            ),
        ],
    }
