"""The two graphs of a difference: bundles, RDF files, or releases of ORPHApackets straight from their source."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path

import pyoxigraph as ox

from poh_graph.building.inputs import ORPHAPACKET, detect
from poh_graph.building.intake import GRAPH, read_release
from poh_graph.bundle import Bundle, is_bundle, resource_folder, restore
from poh_graph.changes.line_diff import BLOCK, Lines
from poh_graph.errors import InputError
from poh_graph.source_table import read_sources
from poh_graph.store import read_rdf
from poh_graph.terms import graph_iri

NAMES = b'abel> "'
"""What a line holds that names something: ``rdfs:label``, ``skos:prefLabel``, ``skos:altLabel``."""

KEPT = (NAMES, b'#deprecated> "true"', b"#consider> <", b"isReplacedBy> <", b"Match> <https://omim.org/")
"""What lines hold that words need beside the changed ones: names, what is retired, and what may stand for it."""

_LABEL = b" <http://www.w3.org/2000/01/rdf-schema#label> "
_ORPHANET = f" <{graph_iri(GRAPH)}> .\n".encode()
_BLANK = re.compile(rb"_:|<[^>]*> <[^>]*> _:")


def open_sides(old: Path, new: Path, *, keep: tuple[bytes, ...] = KEPT) -> tuple[Lines, Lines]:
    """The lines of two graphs; those that hold one of ``keep`` are kept.

    If one of the two is a release of ORPHApackets, only the graph ``orphanet`` of the other is read: a release has no
    other, so the rest has nothing to be compared with.

    Raises:
        InputError: if one is not there, is of no kind that can be compared, cannot be read, or holds blank nodes.
        StoreError: if a bundle is damaged or of another version.
    """
    one, other = open_each((old, new), keep=keep)
    return one, other


def open_each(paths: Sequence[Path], *, keep: tuple[bytes, ...] = KEPT) -> Iterator[Lines]:
    """The same of any number of graphs, each opened when it is asked for: in memory is one release at a time.

    Raises:
        InputError, StoreError: as :func:`open_sides`.
    """
    releases = [_is_release(path) for path in paths]
    described = frozenset(paper for path in paths for paper in _described(path)) if True in releases else frozenset()
    for path, is_release in zip(paths, releases, strict=True):
        lines = _of_release(path, described) if is_release else _of_graph(path, orphanet_only=True in releases)
        lines.keep = keep
        yield lines


def _is_release(path: Path) -> bool:
    restore(path)
    if is_bundle(path):
        return False
    # A single packet of any age: the format of 2019 has nothing at its head to know it by.
    return path.suffix.lower() in (".json", ".yaml", ".yml") or detect(path).kind == ORPHAPACKET


def _of_release(path: Path, described: frozenset[str]) -> Lines:
    base = read_sources(resource_folder("data") / "sources.toml")[GRAPH]
    intake = read_release(path, base, described=described)
    intake.lines.sort()
    lines = [line for line, _ in groupby(intake.lines)]
    return Lines(path.name, _blocks(lines), {GRAPH: intake.source.version})


def _of_graph(path: Path, *, orphanet_only: bool) -> Lines:
    if is_bundle(path):
        bundle = Bundle(path)
        versions = {name: str(graph["version"]) for name, graph in bundle.read_manifest()["graphs"].items()}
        if orphanet_only:
            versions = {name: version for name, version in versions.items() if name == GRAPH}
        return Lines(path.name, _read(bundle.graph, orphanet_only=orphanet_only), versions)
    lines = sorted(set(_rdf_lines(path, to_orphanet=orphanet_only)))
    if orphanet_only:
        lines = [line for line in lines if line.endswith(_ORPHANET)]
    return Lines(path.name, _blocks(lines))


def _read(path: Path, *, orphanet_only: bool) -> Iterator[list[bytes]]:
    with path.open("rb") as file:
        while block := file.readlines(BLOCK):
            yield [line for line in block if line.endswith(_ORPHANET)] if orphanet_only else block


def _blocks(lines: Sequence[bytes], size: int = 10_000) -> Iterator[list[bytes]]:
    for start in range(0, len(lines), size):
        yield list(lines[start : start + size])


def _rdf_lines(path: Path, *, to_orphanet: bool) -> list[bytes]:
    """The statements of an RDF file as lines. Triples beside a release are taken for the graph ``orphanet``."""
    orphanet = ox.NamedNode(graph_iri(GRAPH))
    default = ox.DefaultGraph()
    quads: Iterator[ox.Quad] = read_rdf(path)
    if to_orphanet:
        quads = (ox.Quad(q.subject, q.predicate, q.object, orphanet) if q.graph_name == default else q for q in quads)
    lines = (ox.serialize(quads, format=ox.RdfFormat.N_QUADS) or b"").splitlines(keepends=True)
    if any(map(_BLANK.match, lines)):
        raise InputError(
            f"{path} has blank nodes, which have no name that lasts: two files cannot be compared by them.",
            mend="Give each an IRI.",
        )
    return lines


def _described(path: Path) -> Iterator[str]:
    """What a bundle names outside the graph ``orphanet``: a build leaves the labels of such papers to those graphs."""
    if is_bundle(path):
        with Bundle(path).graph.open("rb") as file:
            for line in file:
                if _LABEL in line and not line.endswith(_ORPHANET):
                    yield line.partition(b" ")[0][1:-1].decode()
