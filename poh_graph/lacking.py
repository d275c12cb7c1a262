"""What the packaged graphs refer to, and a release of Orphanet that takes the place of the extract does not hold.

An older release lacks some of it, a single packet most: then the names come from the packaged extract, in a named graph
of their own, so that all statements can be read and nobody takes the names for those of the release.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pyoxigraph as ox

from poh_graph.assemble import Assembly, packaged_graph
from poh_graph.closure import NAMES
from poh_graph.intake import GRAPH as EXTRACT
from poh_graph.source_table import Source
from poh_graph.terms import RDFS, graph_iri

GRAPH = "orphanet-names"


def add_lacking_names(assembly: Assembly, extract: Source, is_described: Callable[[str], bool]) -> None:
    """Add the names that the packaged graphs need; ``is_described`` says whether the release describes an IRI.

    ``extract`` describes the packaged extract.
    """
    whole, files = packaged_graph(EXTRACT)
    label = ox.NamedNode(RDFS + "label")
    lacking = [
        subject
        for subject in sorted({quad.subject for quad in whole.quads_for_pattern(None, label, None, None)}, key=str)
        if isinstance(subject, ox.NamedNode) and assembly.mentions(subject.value) and not is_described(subject.value)
    ]
    if not lacking:
        return
    graph = ox.NamedNode(graph_iri(GRAPH))
    assembly.store.load(
        ox.Quad(quad.subject, quad.predicate, quad.object, graph)
        for subject in lacking
        for name in NAMES
        for quad in whole.quads_for_pattern(subject, ox.NamedNode(name), None, None)
    )
    assembly.files += [replace(file, graph=GRAPH) for file in files]
    assembly.sources[GRAPH] = replace(
        extract,
        name=GRAPH,
        title="Names that the Orphanet part of the graph lacks",
        label="Orphanet, names of another release",
        left_out=("All but names: the rest of this release is not said here, because another one was read.",),
        note="What other graphs refer to, and what was kept of the release of Orphanet that was read does not hold.",
    )
