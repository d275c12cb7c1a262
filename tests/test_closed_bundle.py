"""A closed bundle: one disorder of a whole release, with all that it refers to, its groups and its neighbours."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pyoxigraph as ox
import pytest

from poh_graph.bundle import Bundle, sha256
from poh_graph.graph import open_graph
from poh_graph.terms import BASE, BIOLINK, DCTERMS, HGNC, OBO, ORDO, RDFS, SCHEMA, SKOS
from tests.running import Run, run_command
from tests.small_release import GROUP, small_packet, write_release

ROOT = Path(__file__).parent.parent
POH, FOP, GROUP_OF_BOTH = (f"{ORDO}Orphanet_{code}" for code in (2762, 337, 364531))
BROADER = f"{SKOS}broader"
MEGABYTE = 1_000_000

WITH_RDFLIB = """
import json, sys
import rdflib
from rdflib.namespace import RDF, RDFS, SKOS

graph = rdflib.Dataset(default_union=True)
graph.parse(sys.argv[1], format="nquads")
poh, fop, group = map(rdflib.URIRef, sys.argv[2:])
terms = rdflib.Namespace("https://w3id.org/poh-graph/ontology#")
print(json.dumps({
    "labels": [str(graph.value(thing, RDFS.label)) for thing in (fop, poh, group)],
    "below the group": sorted(str(thing) for thing in set(graph.subjects(SKOS.broader, group))),
    "kinds of reason": sorted(
        str(kind).removeprefix(terms)
        for overlap in set(graph.subjects(RDF.type, terms.Overlap))
        if {poh, fop} <= set(graph.objects(overlap))
        for reason in set(graph.objects(overlap, terms.reason))
        for kind in set(graph.objects(reason, RDF.type))
    ),
    "modules of ours": [name for name in sys.modules if name.startswith(("poh_graph", "pyoxigraph"))],
}))
"""


@pytest.fixture(scope="module")
def closed(releases: Path, tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    """The bundle of FOP from a whole release."""
    path = tmp_path_factory.mktemp("closed") / "fop"
    result = run_command("build", releases / "orphapacket-2025-07.zip", "--disorder", "FOP", "-o", path)
    assert result.exit_code == 0, result.output
    return Bundle(path)


def test_rdflib_alone_opens_it_and_finds_poh_and_the_reason(closed: Bundle) -> None:
    """Without this package: POH is there, stands below the same smallest group, and the overlap has its reasons."""
    command = [sys.executable, "-I", "-c", WITH_RDFLIB, str(closed.graph), POH, FOP, GROUP_OF_BOTH]
    done = subprocess.run(command, check=True, capture_output=True, text=True, timeout=60)
    found = json.loads(done.stdout)
    assert found["labels"][:2] == ["Fibrodysplasia ossificans progressiva", "Progressive osseous heteroplasia"]
    assert found["labels"][2].startswith("Primary bone dysplasia with progressive ossification")
    assert found["below the group"] == sorted([POH, FOP])
    assert {"SharedGroupReason", "SharedPhenotypesReason"} <= set(found["kinds of reason"])
    assert found["modules of ours"] == []


def test_it_is_small_and_every_file_has_its_digest(closed: Bundle) -> None:
    """The release of FOP, with the ontology, is under a megabyte."""
    assert closed.graph.stat().st_size < MEGABYTE
    files = closed.read_manifest()["files"]
    assert set(files) == {path.name for path in closed.path.iterdir() if path.is_file()} - {"manifest.json"}
    assert {name: sha256(closed.path / name) for name in files} == files


def test_each_neighbour_has_label_genes_and_phenotypes(closed: Bundle) -> None:
    """As far as the release has them: POH has one gene and twelve phenotypes, all with labels."""
    graph = open_graph(closed.path)
    assert [row["gene"] for row in graph.query("genes-of-a-disorder", POH).rows()] == [f"{HGNC}4392"]
    phenotypes = graph.query("phenotypes-of-a-disorder", POH).rows()
    assert len({row["phenotype"] for row in phenotypes}) == 12
    assert graph.labels({POH, f"{HGNC}4392"}) == {POH: "Progressive osseous heteroplasia", f"{HGNC}4392": "GNAS"}


REFERENCES = (
    BROADER, OBO + "RO_0002200", BIOLINK + "publications", BIOLINK + "frequency_qualifier",
    BIOLINK + "original_predicate", DCTERMS + "spatial", DCTERMS + "source", DCTERMS + "publisher",
    DCTERMS + "rightsHolder", SCHEMA + "measuredProperty", SCHEMA + "observationAbout",
)  # fmt: skip


def test_nothing_that_it_refers_to_is_without_a_label(closed: Bundle) -> None:
    """Groups, phenotypes, papers, places, sources and who publishes them; and no thing of ours is only mentioned."""
    quads = list(ox.parse(path=str(closed.graph)))
    subjects = {quad.subject for quad in quads}
    labelled = {quad.subject for quad in quads if quad.predicate.value == RDFS + "label"}
    referred = {quad.object for quad in quads if quad.predicate.value in REFERENCES}
    assert len(referred) > 50
    assert referred - labelled == set()
    ours = {quad.object for quad in quads if str(quad.object).startswith(f"<{BASE}")}
    version = {quad.object for quad in quads if quad.predicate.value.endswith("#versionIRI")}
    assert ours - subjects - version == set()


def test_the_same_inputs_give_the_same_bytes(run: Run) -> None:
    """Another process with another hash seed, another time zone, and more processes: all but the store is the same."""
    write_release(Path("release.zip"), [101, 102, 103])
    assert run("build", "release.zip", "--disorder", "ORPHA:102", "-o", "one").exit_code == 0
    environment = {**os.environ, "PYTHONHASHSEED": "7", "TZ": "Pacific/Kiritimati", "PYTHONPATH": str(ROOT)}
    command = [
        sys.executable,
        "-m",
        "poh_graph",
        "build",
        "release.zip",
        "--disorder",
        "102",
        "-o",
        "two",
        "--jobs",
        "2",
    ]
    subprocess.run(command, env=environment, check=True, capture_output=True, timeout=60)
    one, two = (
        {path.name: path.read_bytes() for path in Path(name).iterdir() if path.is_file()} for name in ("one", "two")
    )
    assert one == two


def test_a_sibling_keeps_the_group_that_it_shares_and_no_other(run: Run) -> None:
    """Else nobody could see why it is there."""
    below_two = [{"Parent": [{"ORPHAcode": code, "Label": f"Group {code}"}]} for code in (GROUP, "97")]
    sibling = json.dumps(small_packet(102, Parents=below_two)).encode()
    write_release(Path("release.zip"), [101, 102], replaced={102: sibling})
    assert run("build", "release.zip", "--disorder", "101", "-o", "closed").exit_code == 0
    quads = ox.parse(path=str(Bundle(Path("closed")).graph))
    above = {(q.subject.value[len(ORDO) :], q.object.value[len(ORDO) :]) for q in quads if q.predicate.value == BROADER}
    assert above == {("Orphanet_101", f"Orphanet_{GROUP}"), ("Orphanet_102", f"Orphanet_{GROUP}")}
