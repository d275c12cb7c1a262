"""SSSOM: every mapping of the graph as a row, with relation, justification, provider and release of its source.

Besides the slots of SSSOM a row has two of our own, which the head of the file defines: ``ext_source_release``, and
``ext_conflicts_with`` for mappings that cannot both be right. Both stand in ``other`` too, since sssom-py (0.4) leaves
out columns that the head defines. A mapping that the graph holds but does not follow is
there too: its ``comment`` says so. Prefixes are written as one of three communities writes them.
"""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from typing import IO, Literal, get_args

import pyoxigraph as ox

from poh_graph.bundle import resource_folder
from poh_graph.export.rdf import Statements
from poh_graph.graph import Graph
from poh_graph.terms import BASE, DCAT, META_GRAPH, ONTOLOGY, OWL, RDF, RDFS, SKOS, own_curie, prefix_map

Style = Literal["mondo", "bioregistry", "biolink"]
"""How prefixes are written: Orphanet:, ORPHA: or orphanet:."""

STYLES: tuple[Style, ...] = get_args(Style)

COLUMNS = (
    "record_id",
    "subject_id",
    "subject_label",
    "predicate_id",
    "predicate_label",
    "predicate_modifier",
    "object_id",
    "object_label",
    "mapping_justification",
    "mapping_provider",
    "mapping_source",
    "comment",
    "other",
    "ext_source_release",
    "ext_conflicts_with",
)
NOT_FOLLOWED = "Held as a statement of its source; this graph does not follow it."

_SSSOM = "https://w3id.org/sssom/"
_UNSPECIFIED = _SSSOM + "license/unspecified"
_SLOTS = {
    OWL + "annotatedSource": "subject_id",
    OWL + "annotatedProperty": "predicate_id",
    OWL + "annotatedTarget": "object_id",
    _SSSOM + "predicate_label": "predicate_label",
    _SSSOM + "predicate_modifier": "predicate_modifier",
    _SSSOM + "object_label": "object_label",
    _SSSOM + "mapping_justification": "mapping_justification",
    _SSSOM + "mapping_provider": "mapping_provider",
}
_BARE = frozenset({"mapping_provider"})
"""Slots whose IRI is no identifier of a thing: it stays as it is."""

_BREAKS = re.compile(r"\s*[\t\r\n]\s*")

_RELEASES = f"SELECT DISTINCT ?graph ?version WHERE {{ GRAPH <{META_GRAPH}> {{ ?graph <{DCAT}version> ?version }} }}"
_CONFLICTS = f"""
SELECT DISTINCT ?one ?other WHERE {{
  ?conflict <{ONTOLOGY}conflictingStatement> ?one, ?other .
  ?one a <{_SSSOM}Mapping> . ?other a <{_SSSOM}Mapping> FILTER (?one != ?other) }}
"""
_FOLLOWED = f"""
SELECT DISTINCT ?mapping WHERE {{
  ?mapping a <{_SSSOM}Mapping> ; <{OWL}annotatedSource> ?s ; <{OWL}annotatedProperty> ?p ; <{OWL}annotatedTarget> ?o .
  FILTER NOT EXISTS {{ ?s ?p ?o }} }}
"""

_OF_EXTENSIONS = ("dcat:version", "poh:conflictingStatement", "xsd:string")
"""The properties of our own two columns, and their type."""

Row = dict[str, str]


def write_sssom(graph: Graph, statements: Statements, out: IO[bytes], style: Style = "mondo") -> int:
    """Write the mappings among some statements of a graph; how many there were.

    The rows are sorted by subject, predicate and object.
    """
    names = _Names(style)
    rows = _rows(graph, statements, names)
    rows.sort(key=lambda row: (row["subject_id"], row["predicate_id"], row["object_id"], row["record_id"]))
    for line in _head(rows, names):
        out.write(f"#{line}\n".encode())
    writer = csv.DictWriter(_Text(out), COLUMNS, delimiter="\t", lineterminator="\n", restval="")
    writer.writeheader()
    writer.writerows(rows)
    return len(rows)


class _Text:
    """What the csv module writes to: texts that go to a file of bytes."""

    def __init__(self, out: IO[bytes]) -> None:
        self._out = out

    def write(self, text: str) -> int:
        return self._out.write(text.encode())


@lru_cache(maxsize=1)
def _styles() -> Mapping[str, Mapping[str, str]]:
    """Our prefix → community → its spelling; empty where a community has none."""
    with (resource_folder("ontology") / "prefix-styles.tsv").open(encoding="utf-8", newline="") as file:
        return {row["prefix"]: row for row in csv.DictReader(file, delimiter="\t")}


@dataclass
class _Names:
    """Identifiers in the spelling of a community. One that it has no prefix for keeps ours."""

    style: Style

    def curie(self, curie: str) -> str:
        prefix, colon, local = curie.partition(":")
        spelled = _styles().get(prefix, {}).get(self.style) or prefix
        return f"{spelled}{colon}{local}"

    def uris(self, used: Iterable[str]) -> dict[str, str]:
        """What each prefix in use stands for; of one that we do not know, an IRI that says so."""
        ours = {self.curie(f"{known.name}:").rstrip(":"): known.uri for known in prefix_map().prefixes}
        return {prefix: ours.get(prefix, f"{BASE}unknown/{prefix}/") for prefix in sorted(set(used) - {""})}


def _rows(graph: Graph, statements: Statements, names: _Names) -> list[Row]:
    releases = {str(row["graph"]): str(row["version"]) for row in graph.select(_RELEASES)}
    not_followed = set(map(str, graph.select(_FOLLOWED).column("mapping")))
    conflicts = defaultdict[str, set[str]](set)
    for row in graph.select(_CONFLICTS):
        conflicts[str(row["one"])].add(own_curie(str(row["other"])))
    labels: dict[str, str] = {}
    found = []
    for subject, quads in groupby(statements.quads(), key=lambda quad: quad.subject):
        said = list(quads)
        labels.update(_label(subject, said))
        if not any(_is_mapping(quad) for quad in said):
            continue
        iri, source = _iri(subject), _iri(said[0].graph_name)
        found.append(
            {
                **_slots(said),
                "record_id": own_curie(iri),
                "mapping_source": own_curie(source),
                "ext_source_release": releases.get(source, ""),
                "ext_conflicts_with": "|".join(sorted(conflicts[iri])),
                "other": _other(releases.get(source, ""), conflicts[iri]),
                "comment": NOT_FOLLOWED if iri in not_followed else "",
            }
        )
    for line in found:
        line["subject_label"] = labels.get(line["subject_id"], "")
        line["object_label"] = line.get("object_label") or labels.get(line["object_id"], "")
        for slot in ("subject_id", "object_id"):
            line[slot] = names.curie(line[slot])
    return found


def _other(release: str, conflicts: Iterable[str]) -> str:
    """Pairs of name and value, as SSSOM wants them in ``other``."""
    pairs = [("source_release", release), *(("conflicts_with", other) for other in sorted(conflicts))]
    return "|".join(f"{name}={value}" for name, value in pairs if value)


def _iri(term: object) -> str:
    return term.value if isinstance(term, ox.NamedNode) else ""


def _is_mapping(quad: ox.Quad) -> bool:
    return quad.predicate.value == RDF + "type" and _iri(quad.object) == _SSSOM + "Mapping"


def _label(subject: object, quads: Iterable[ox.Quad]) -> Iterator[tuple[str, str]]:
    """The label of a subject in English or without language."""
    for quad in quads:
        if quad.predicate.value in (RDFS + "label", SKOS + "prefLabel") and isinstance(quad.object, ox.Literal):
            if quad.object.language in (None, "en"):
                yield own_curie(_iri(subject)), _BREAKS.sub(" ", quad.object.value)
            return


def _slots(quads: Iterable[ox.Quad]) -> Row:
    """The slots of SSSOM that a mapping's own statements fill."""
    found = {}
    for quad in quads:
        slot = _SLOTS.get(quad.predicate.value)
        if slot and isinstance(quad.object, ox.NamedNode | ox.Literal):
            is_thing = isinstance(quad.object, ox.NamedNode) and slot not in _BARE
            text = own_curie(quad.object.value) if is_thing else quad.object.value
            found[slot] = _BREAKS.sub(" ", text)
    return found


def _head(rows: Iterable[Row], names: _Names) -> Iterator[str]:
    """The lines of metadata: what the set is, its prefixes, and our own columns."""
    curies = [row[slot] for row in rows for slot in ("subject_id", "predicate_id", "object_id", "record_id")]
    curies += [row[slot] for row in rows for slot in ("mapping_source", "mapping_justification") if slot in row]
    yield f"mapping_set_id: {BASE}mappings"
    yield "mapping_set_description: Mappings of rare disorders, genes and classes; the source of each is in its row"
    yield f"license: {_UNSPECIFIED}"
    yield "extension_definitions:"
    for slot, property_ in zip(("ext_source_release", "ext_conflicts_with"), _OF_EXTENSIONS, strict=False):
        yield f"- slot_name: {slot}"
        yield f"  property: {property_}"
        yield "  type_hint: xsd:string"
    yield "curie_map:"
    for prefix, uri in names.uris(curie.partition(":")[0] for curie in [*curies, *_OF_EXTENSIONS]).items():
        yield f'  {prefix}: "{uri}"'
