"""The parts of ``release.py``, each a process of its own: prints what it measured as one line of JSON."""

from __future__ import annotations

import json
import re
import sys
import time
import zipfile
from collections.abc import Callable
from itertools import islice
from pathlib import Path

CHUNK = 100_000
NAMES = {"assemble": "assemble", "read": "read", "sort": "sort", "write": "load", "merge": "merge", "check": "check"}
"""The first word of a stage of the build, and its name here; stages of one name are added up."""


def limit(release: str, quads: str, store: str) -> dict[str, float]:
    """What the libraries below need: parse every packet, bulk load the same lines in chunks."""
    import orjson
    import pyoxigraph as ox

    start = time.perf_counter()
    with zipfile.ZipFile(release) as archive:
        for name in archive.namelist():
            if name.endswith(".json"):
                orjson.loads(archive.read(name))
    parsed = time.perf_counter()
    engine = ox.Store(store)
    with Path(quads).open("rb") as lines:
        while chunk := b"".join(islice(lines, CHUNK)):
            engine.bulk_load(chunk, ox.RdfFormat.N_QUADS)
    engine.flush()
    loaded = time.perf_counter()
    del engine
    _remove(Path(store))
    return {"parse": parsed - start, "load": loaded - parsed}


def build(release: str, target: str) -> dict[str, float]:
    """The whole build with its gate, stage by stage; memory is that of the process and its workers together."""
    from poh_graph.building.build import build as build_
    from poh_graph.building.gather import Request
    from poh_graph.building.inputs import detect
    from poh_graph.stages import Stages

    stages = Stages()
    built = build_(Path(target), Request([detect(Path(release))]), stages)
    found: dict[str, float] = dict.fromkeys([*NAMES.values(), "cpu before load", "peak before check"], 0.0)
    for name, cost in stages.costs.items():
        known = NAMES.get(name.partition(" ")[0], "after the gate")
        found[known] = found.get(known, 0.0) + cost.wall
        if known in ("assemble", "read", "sort"):
            found["cpu before load"] += cost.cpu
        if known in ("assemble", "read", "sort", "load", "merge"):
            found["peak before check"] = max(found["peak before check"], cost.peak)
    found["quads"] = sum(count.triples for count in built.counts.values())
    found["packets"] = built.records["Packet"]
    found["peak"] = stages.peak
    return found


def serialise(quads: str, target: str) -> dict[str, float]:
    """Write the sorted lines to a file, as the build does beside its load."""
    with Path(quads).open("rb") as file:
        lines = list(file)
    start = time.perf_counter()
    with Path(target).open("wb") as out:
        out.writelines(b"".join(lines[first : first + CHUNK]) for first in range(0, len(lines), CHUNK))
    return {"seconds": time.perf_counter() - start}


KINDS = (
    ("phenotype associations", r"<\S+/association/orphanet/\d+-HP"),
    ("gene associations", r"<\S+/association/"),
    ("rows of epidemiology", r"<\S+/epidemiology/"),
    ("mappings", r"<\S+/mapping/|<\S+/Orphanet_\d+> <\S+(?:Match|hasDbXref)>"),
    ("shortcuts of associations", r"<\S+/Orphanet_\d+> <\S+/RO_|<\S+> <\S+/ORDO/Orphanet_\d+> <\S+/Orphanet_\d+>"),
    ("classification", r"<\S+/Orphanet_\d+> <\S+#broader>"),
    ("definitions", r"<\S+/Orphanet_\d+> <\S+(?:[dD]efinition|textRepair|editorialNote)>"),
    ("synonyms", r"<\S+/Orphanet_\d+> <\S+#altLabel>"),
    ("disorders: code, label, type, onset, inheritance", r"<\S+/Orphanet_"),
    ("genes", r"<\S+/hgnc/|<\S+/gene/"),
    ("phenotypes", r"<\S+/HP_"),
    ("papers and pages", r"<"),
)
"""The kinds of statement of the graph ``orphanet``: a line is of the first that it begins as."""


def kinds(quads: str) -> dict[str, float]:
    """How many statements of each kind a whole release has."""
    orphanet = b"/graph/orphanet> .\n"
    forms = [(name, re.compile(form.encode())) for name, form in KINDS]
    found = dict.fromkeys((name for name, _ in KINDS), 0.0) | {"all other graphs": 0.0}
    with Path(quads).open("rb") as lines:
        for line in lines:
            is_of_release = line.endswith(orphanet)
            found[next(n for n, form in forms if form.match(line)) if is_of_release else "all other graphs"] += 1
    return found


def rdflib(quads: str, target: str) -> dict[str, float]:
    """Build the same dataset with rdflib, quad by quad, and write it; the reading of the packets is not counted."""
    import pyoxigraph as ox
    import rdflib as rdf

    statements = list(ox.parse(path=quads))
    start = time.perf_counter()
    dataset = rdf.Dataset()
    for quad in statements:
        subject, predicate = rdf.URIRef(quad.subject.value), rdf.URIRef(quad.predicate.value)
        value: rdf.term.Node
        if isinstance(quad.object, ox.Literal):
            language = quad.object.language
            datatype = None if language else rdf.URIRef(quad.object.datatype.value)
            value = rdf.Literal(quad.object.value, lang=language, datatype=datatype)
        else:
            value = rdf.URIRef(quad.object.value)
        dataset.graph(rdf.URIRef(quad.graph_name.value)).add((subject, predicate, value))
    dataset.serialize(target, format="nquads")
    return {"seconds": time.perf_counter() - start}


def _remove(folder: Path) -> None:
    for path in folder.iterdir():
        path.unlink()
    folder.rmdir()


if __name__ == "__main__":
    parts: dict[str, Callable[..., dict[str, float]]] = {
        "limit": limit,
        "build": build,
        "serialise": serialise,
        "kinds": kinds,
        "rdflib": rdflib,
    }
    print(json.dumps(parts[sys.argv[1]](*sys.argv[2:])))
