"""A build: the same bytes from the same inputs, digests that hold, and a gate that keeps bad statements out."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pyoxigraph as ox
import pytest

from poh_graph.bundle import Bundle, sha256
from poh_graph.graph import Graph, open_graph
from poh_graph.terms import graph_iri
from tests.running import Run

POH = "http://www.orpha.net/ORDO/Orphanet_2762"
SEE_ALSO = f"<{POH}> <http://www.w3.org/2000/01/rdf-schema#seeAlso> <https://www.orpha.net/en/disease/detail/2762> .\n"
PAGE = f"<{POH}> <http://xmlns.com/foaf/0.1/page> <https://www.orpha.net/en/disease/detail/2762> .\n"
NAMELESS = "<http://www.orpha.net/ORDO/Orphanet_1> a <https://w3id.org/biolink/vocab/Disease> .\n"
RELEASE_FILES = {
    *("graph.nq", "names.tsv", "void.ttl", "report.ttl", "report.txt"),
    *("ATTRIBUTION.md", "manifest.json", "ro-crate-metadata.json"),
}


def release_of(folder: Path) -> dict[str, bytes]:
    """The files of a bundle but its store, which is a cache."""
    files = (path for path in folder.rglob("*") if path.is_file() and folder / "store" not in path.parents)
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(files)}


def test_two_builds_give_the_same_bytes(run: Run) -> None:
    """Another process, hash seed, time zone, language and order of the FILEs change nothing but the store."""
    Path("My notes.ttl").write_text(SEE_ALSO, encoding="utf-8")
    Path("yours.nt").write_text(PAGE, encoding="utf-8")
    result = run("build", "-o", "one", "My notes.ttl", "yours.nt")
    assert result.exit_code == 0, result.output
    environment = {**os.environ, "PYTHONHASHSEED": "1", "TZ": "Pacific/Kiritimati", "LC_ALL": "C", "COLUMNS": "40"}
    command = [sys.executable, "-m", "poh_graph", "build", "-o", "other", "yours.nt", "My notes.ttl"]
    subprocess.run(command, env=environment, check=True, capture_output=True, timeout=60)
    one, other = release_of(Path("one")), release_of(Path("other"))
    assert {name for name in one if one[name] != other.get(name)} == set()
    assert set(one) == set(other) == RELEASE_FILES
    graphs = Bundle(Path("one")).read_manifest()["graphs"]
    assert (graphs["my-notes"]["triples"], graphs["yours"]["triples"]) == (1, 1)
    assert graphs["my-notes"]["inputs"] == {"My notes.ttl": sha256(Path("My notes.ttl"))}
    # What a user adds is said to be the user's, in ``meta``.
    assert open_graph("one").labels({graph_iri("my-notes")}) == {graph_iri("my-notes"): "My notes.ttl"}


def test_the_release_is_sorted_and_in_canonical_lines(bundle: Bundle) -> None:
    """Each quad is one line as Oxigraph writes it, the lines are sorted by their bytes, none stands twice."""
    lines = bundle.graph.read_bytes().splitlines(keepends=True)
    assert lines == sorted(set(lines))
    quads = list(ox.parse(b"".join(lines), ox.RdfFormat.N_QUADS))
    assert [f"{quad} .\n".encode() for quad in quads] == lines


def test_a_release_has_no_blank_node_and_no_default_graph(bundle: Bundle) -> None:
    """Every node has a name and every statement a source."""
    for quad in ox.parse(path=str(bundle.graph)):
        assert isinstance(quad.graph_name, ox.NamedNode)
        assert not isinstance(quad.subject, ox.BlankNode)
        assert not isinstance(quad.object, ox.BlankNode)


def test_the_manifest_holds_the_digest_of_each_file(bundle: Bundle) -> None:
    """Every file of the bundle but the store and the manifest itself, with its SHA-256."""
    manifest = bundle.read_manifest()
    files = set(release_of(bundle.path)) - {"manifest.json"}
    assert manifest["files"] == {name: sha256(bundle.path / name) for name in sorted(files)}


def test_the_manifest_counts_what_the_graphs_hold(bundle: Bundle, built: Graph) -> None:
    """Triples and subjects of each named graph, as the store has them; release, licence and inputs beside."""
    rows = built.select("""
        SELECT ?graph (COUNT(*) AS ?triples) (COUNT(DISTINCT ?s) AS ?subjects)
        WHERE { GRAPH ?graph { ?s ?p ?o } } GROUP BY ?graph""")
    counts = {row["graph"]: (row["triples"], row["subjects"]) for row in rows}
    described = bundle.read_manifest()["graphs"]
    for name, graph in described.items():
        assert graph["iri"] == graph_iri(name)
        assert counts[graph["iri"]] == (graph["triples"], graph["subjects"])
        assert graph["license"] or graph["rights"]
        assert graph["version"]
        assert graph["inputs"]
    assert {graph["iri"] for graph in described.values()} | {graph_iri("meta")} == set(counts)


def test_the_store_holds_the_release(bundle: Bundle, built: Graph) -> None:
    """``store/`` is the same quads as ``graph.nq``."""
    assert set(built.store.dump()) == set(ox.parse(path=str(bundle.graph)))


def test_the_crate_describes_the_files_that_are_there(bundle: Bundle) -> None:
    """RO-Crate: each file that is named lies in the bundle, with its size; the root says licence and date."""
    crate = json.loads((bundle.path / "ro-crate-metadata.json").read_text(encoding="utf-8"))
    nodes = {node["@id"]: node for node in crate["@graph"]}
    root = nodes["./"]
    assert root["license"]
    assert root["datePublished"]
    for part in root["hasPart"]:
        assert nodes[part["@id"]]["contentSize"] == str((bundle.path / part["@id"]).stat().st_size)
    assert {part["@id"] for part in root["hasPart"]} >= {"graph.nq", "report.ttl", "ATTRIBUTION.md"}


def test_everybody_whose_data_it_is_is_named(bundle: Bundle) -> None:
    """ATTRIBUTION.md names each source with its licence; the report says that the graph conforms."""
    page = (bundle.path / "ATTRIBUTION.md").read_text(encoding="utf-8")
    for graph in bundle.read_manifest()["graphs"].values():
        assert graph["citation"] in page
    assert "CC BY 4.0" in page
    assert "INSERM" in page
    assert (bundle.path / "report.txt").read_text(encoding="utf-8").startswith("conforms")


def test_a_gate_that_refuses_leaves_the_old_bundle(run: Run, bundle: Bundle) -> None:
    """Exit code 1, the shape and the thing are named on stderr, and the bundle that was there is untouched."""
    shutil.copytree(bundle.path, "bundle")
    Path("bad.ttl").write_text(NAMELESS, encoding="utf-8")
    result = run("build", "bad.ttl")
    assert result.exit_code == 1
    assert "bundle is left as it was" in result.stderr
    assert "ORPHA:1" in result.stderr
    assert release_of(Path("bundle")) == release_of(bundle.path)
    assert sorted(path.name for path in Path().iterdir()) == ["bad.ttl", "bundle"]


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("blank.ttl", f"<{POH}> <http://www.w3.org/2000/01/rdf-schema#seeAlso> [] .", "blank node"),
        ("broken.ttl", "<http://a.org/s> <http://a.org/p>\n<http://a.org/o> ;\n  <unclosed", r"broken\.ttl, line 3"),
        ("curated.ttl", SEE_ALSO, "'curated', which has its own source"),
        ("words.txt", "some words", "words.txt"),
    ],
)
def test_a_file_that_cannot_be_added_is_told(run: Run, name: str, text: str, message: str) -> None:
    """Exit code 2, the file and what is wrong, and no bundle."""
    Path(name).write_text(text, encoding="utf-8")
    result = run("build", name)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("Error: ")
    assert [path.name for path in Path().iterdir()] == [name]
    assert re.search(message, result.stderr), result.stderr


def test_a_file_of_quads_keeps_no_graph_that_nobody_describes(run: Run) -> None:
    """A file of quads may only speak of graphs that have a source."""
    Path("quads.nq").write_text(SEE_ALSO.replace(" .\n", " <https://w3id.org/poh-graph/graph/unknown> .\n"))
    result = run("build", "quads.nq")
    assert result.exit_code == 2
    assert "unknown has no source" in result.stderr
