"""Changes → RDF: a named graph that is loaded beside the release, in which each change says between which releases."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import pyoxigraph as ox

from poh_graph.changes.change import KINDS, Change, Changes
from poh_graph.changes.line_diff import Side
from poh_graph.export.rdf import Statements
from poh_graph.terms import BASE, DCAT, DCTERMS, ONTOLOGY, PROV, RDF, RDFS, SCHEMA, XSD, curie_of, graph_iri, words

GRAPH = "changes"
"""The short name of the named graph of changes."""

_GRAPH = ox.NamedNode(graph_iri(GRAPH))
_DIGITS = 8
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def change_statements(steps: Iterable[Changes]) -> Statements:
    """The changes of one difference or of a whole history, with the releases that they lie between."""
    return Statements.of(quad for step in steps for quad in _step(step))


def change_iri(change: Change, old: Side, new: Side) -> str:
    """The IRI of a change: its disorder, kind and new release, and a digest of what it says.

    It holds the old release too: a change between others is another change.
    """
    said = (old.releases.get(change.graph, old.name), change.action, change.about, change.old, change.new)
    digest = hashlib.sha256("\n".join(said).encode()).hexdigest()[:_DIGITS]
    key = curie_of(change.disorder).removeprefix("ORPHA:").replace(":", "").replace("/", "-")
    return f"{BASE}change/{change.graph}/{key}-{change.kind}-{_release_key(new, change.graph)}-{digest}"


def release_iri(side: Side, graph: str) -> str:
    """The IRI of a release of a named graph: its version, and the digest of its lines, since two may be of one day."""
    return f"{BASE}release/{graph}/{_release_key(side, graph)}-{side.sha256[:_DIGITS]}"


def change_label(change: Change) -> str:
    """A change in one line: what, of it, and whether it came, went or changed."""
    about = f"{change.about} {change.about_label}".strip()
    return f"{KINDS[change.kind][0]}{': ' if about else ''}{about} ({change.action})"


def _release_key(side: Side, graph: str) -> str:
    return words(side.releases.get(graph) or Path(side.name).stem)


def _step(changes: Changes) -> Iterator[ox.Quad]:
    graphs = {change.graph for change in changes.changes}
    for graph in graphs:
        yield from _release(changes.old, graph)
        yield from _release(changes.new, graph)
    for change in changes.changes:
        yield from _change(change, changes.old, changes.new)


def _release(side: Side, graph: str) -> Iterator[ox.Quad]:
    release = release_iri(side, graph)
    version = side.releases.get(graph, side.name)
    yield _quad(release, RDF + "type", ox.NamedNode(ONTOLOGY + "Release"))
    yield _quad(release, RDFS + "label", ox.Literal(f"Release {version} of the graph {graph}", language="en"))
    yield _quad(release, DCTERMS + "isVersionOf", ox.NamedNode(graph_iri(graph)))
    yield _quad(release, DCAT + "version", ox.Literal(version))
    yield _quad(release, SCHEMA + "sha256", ox.Literal(side.sha256))
    if _DAY.fullmatch(version):
        yield _quad(release, DCTERMS + "issued", ox.Literal(version, datatype=ox.NamedNode(XSD + "date")))


def _change(change: Change, old: Side, new: Side) -> Iterator[ox.Quad]:
    node = change_iri(change, old, new)
    disorder = ox.NamedNode(change.disorder)
    yield _quad(node, RDF + "type", ox.NamedNode(ONTOLOGY + "Change"))
    yield _quad(node, RDFS + "label", ox.Literal(change_label(change), language="en"))
    yield _quad(node, DCTERMS + "subject", disorder)
    yield _quad(node, ONTOLOGY + "changeKind", ox.Literal(change.kind))
    yield _quad(node, ONTOLOGY + "changeAction", ox.Literal(change.action))
    texts = (
        (ONTOLOGY + "changeAbout", f"{change.about} {change.about_label}".strip()),
        (ONTOLOGY + "oldValue", change.old),
        (ONTOLOGY + "newValue", change.new),
    )
    for predicate, text in texts:
        if text:
            yield _quad(node, predicate, ox.Literal(text))
    for predicate, side in ((ONTOLOGY + "fromRelease", old), (ONTOLOGY + "toRelease", new)):
        release = ox.NamedNode(release_iri(side, change.graph))
        yield _quad(node, predicate, release)
        yield _quad(node, PROV + "wasDerivedFrom", release)
    if change.presence == "gone":
        # No graph of today names it any more.
        yield ox.Quad(disorder, ox.NamedNode(RDFS + "label"), ox.Literal(change.label, language="en"), _GRAPH)


def _quad(subject: str, predicate: str, value: ox.NamedNode | ox.Literal) -> ox.Quad:
    return ox.Quad(ox.NamedNode(subject), ox.NamedNode(predicate), value, _GRAPH)
