"""One slice of a graph against the shapes: the work of one process.

pyshacl wants an in-memory rdflib graph (it gives wrong answers over other stores). rdflib's own reader of N-Triples
makes each term anew; here a term that comes again is the same object, which takes a third of the time.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

import pyoxigraph as ox
import pyshacl
import rdflib
from rdflib.namespace import SH as SHACL

from poh_graph.gate.report import Finding
from poh_graph.gate.slices import Slice
from poh_graph.terms import SH, XSD


class _Terms(dict[bytes, rdflib.term.Node]):
    """Terms by their N-Triples text, each made once."""

    def __missing__(self, text: bytes) -> rdflib.term.Node:
        made = self[text] = _term(text)
        return made


def _term(text: bytes) -> rdflib.term.Node:
    if text.startswith(b"<"):
        return rdflib.URIRef(text[1:-1].decode())
    if text.startswith(b"_:"):
        return rdflib.BNode(text[2:].decode())
    literal = next(iter(ox.parse(b"<x:s> <x:p> " + text + b" .", ox.RdfFormat.N_TRIPLES))).object
    if not isinstance(literal, ox.Literal):
        raise TypeError(text)
    if literal.language:
        return rdflib.Literal(literal.value, lang=literal.language)
    # rdflib holds that a string with the datatype xsd:string and one without are two things.
    is_string = literal.datatype.value == XSD + "string"
    return rdflib.Literal(literal.value, datatype=None if is_string else rdflib.URIRef(literal.datatype.value))


def rdflib_graph(triples: bytes) -> rdflib.Graph:
    """Lines of N-Triples as an rdflib graph."""
    graph, terms = rdflib.Graph(), _Terms()
    for line in triples.splitlines():
        subject, predicate, object_ = line.removesuffix(b" .").split(b" ", 2)
        graph.store.add((terms[subject], terms[predicate], terms[object_]), graph)
    return graph


def judge(part: Slice, shapes: bytes) -> set[Finding]:
    """What the shapes (N-Triples) find in the nodes that a slice is to judge."""
    with _no_collector():
        _, results, _ = pyshacl.validate(rdflib_graph(part.triples), shacl_graph=rdflib_graph(shapes), inplace=True)
        return {
            _finding(results, node)
            for node in results.subjects(rdflib.RDF.type, SHACL.ValidationResult)
            if f"<{results.value(node, SHACL.focusNode)}>".encode() in part.judged
        }


def _finding(results: rdflib.Graph, node: rdflib.term.Node) -> Finding:
    path = results.value(node, SHACL.resultPath)
    return Finding(
        severity=str(results.value(node, SHACL.resultSeverity)).removeprefix(SH),
        shape=str(results.value(node, SHACL.sourceShape)),
        focus=str(results.value(node, SHACL.focusNode)),
        path=str(path) if isinstance(path, rdflib.URIRef) else "",
        value=str(results.value(node, SHACL.value) or ""),
        message=str(results.value(node, SHACL.resultMessage)),
    )


@contextmanager
def _no_collector() -> Iterator[None]:
    """Hold back the cyclic garbage collector: it would look again and again at a graph of objects that all stay."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
