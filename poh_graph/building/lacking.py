"""What the packaged graphs refer to, and a release of Orphanet that takes the place of the extract does not hold.

An older release lacks some of it, a single packet most: then the names come from the packaged extract, in a named graph
of their own, so that all statements can be read and nobody takes the names for those of the release.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pyoxigraph as ox

from poh_graph.building.assemble import Assembly, packaged_graph
from poh_graph.building.intake import GRAPH as EXTRACT
from poh_graph.closure import NAMES
from poh_graph.source_table import Source
from poh_graph.terms import RDFS, graph_iri

GRAPH = "orphanet-names"


def add_lacking_names(assembly: Assembly, extract: Source, is_described: Callable[[str], bool]) -> None:
    """Add the names that the packaged graphs need; ``is_described`` says whether the release describes an IRI.

    ``extract`` describes the packaged extract.
    """
    whole, files = packaged_graph(EXTRACT)
    named = lacking_names(assembly, whole, is_described, GRAPH)
    if not named:
        return
    assembly.store.load(named)
    assembly.files += [replace(file, graph=GRAPH) for file in files]
    assembly.sources[GRAPH] = replace(
        extract,
        name=GRAPH,
        title="Names that the Orphanet part of the graph lacks",
        label="Orphanet, names of another release",
        left_out=("All but names: the rest of this release is not said here, because another one was read.",),
        note="What other graphs refer to, and what was kept of the release of Orphanet that was read does not hold.",
    )


def lacking_names(
    assembly: Assembly, whole: ox.Store, is_described: Callable[[str], bool], graph: str
) -> list[ox.Quad]:
    """The names that ``whole`` has of what the packaged graphs mention and nobody describes, in the graph ``graph``."""
    label, name = ox.NamedNode(RDFS + "label"), ox.NamedNode(graph_iri(graph))
    subjects = {quad.subject for quad in whole.quads_for_pattern(None, label, None, None)}
    return [
        ox.Quad(quad.subject, quad.predicate, quad.object, name)
        for subject in sorted(subjects, key=str)
        if isinstance(subject, ox.NamedNode) and assembly.mentions(subject.value) and not is_described(subject.value)
        for property_ in NAMES
        for quad in whole.quads_for_pattern(subject, ox.NamedNode(property_), None, None)
    ]
