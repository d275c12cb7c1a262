"""A graph as a folder of pages: complete, with links that lead somewhere, and data beside each page."""

from __future__ import annotations

import json
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pyoxigraph as ox
import pytest

from poh_graph.errors import InputError
from poh_graph.graph import Graph
from poh_graph.pages.folder import write_folder
from poh_graph.pages.places import held_things
from tests.pages.reading import faults, read
from tests.running import Run


@pytest.fixture(scope="module")
def folder(poh: Graph, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The pages of some disorders of the packaged graph, and the lists of them."""
    path = tmp_path_factory.mktemp("site") / "public"
    write_folder(poh, None, path, ["POH", "FOP", "ORPHA:364531", "ORPHA:665"])
    return path


def pages(folder: Path) -> list[Path]:
    """All pages of a folder."""
    return sorted(folder.rglob("*.html"))


def test_every_page_is_sound_and_loads_only_what_lies_beside_it(folder: Path) -> None:
    """No fault in any page, and every file that it loads is there."""
    for path in pages(folder):
        page = read(path.read_text(encoding="utf-8"))
        assert (path.name, faults(page)) == (path.name, [])
        assert [address for address in page.fetched if not (path.parent / address).is_file()] == []


def test_every_relative_link_leads_to_a_file_and_an_anchor_that_are_there(folder: Path) -> None:
    """A folder can be put anywhere: what it links to within itself exists."""
    read_pages = {path: read(path.read_text(encoding="utf-8")) for path in pages(folder)}
    broken = []
    for path, page in read_pages.items():
        for address, _ in page.links:
            parts = urlsplit(address)
            if parts.scheme or not parts.path:
                continue
            target = (path.parent / unquote(parts.path)).resolve()
            anchors = read_pages[target].identifiers if target in read_pages else [""]
            if not target.is_file() or (parts.fragment and parts.fragment not in anchors):
                broken.append((path.name, address))
    assert broken == []


def test_links_to_what_has_no_page_lead_to_the_authority(folder: Path) -> None:
    """POH and FOP have pages here, the gene has none."""
    poh = read((folder / "disorder" / "ORPHA_2762.html").read_text(encoding="utf-8"))
    addresses = [address for address, _ in poh.links]
    assert "../disorder/ORPHA_337.html" in addresses
    assert "http://identifiers.org/hgnc/4392" in addresses


def test_each_page_has_its_data_beside_it(folder: Path, poh: Graph) -> None:
    """Turtle and JSON-LD hold what the closed graph of the disorder holds, and the page links to both."""
    path = folder / "disorder" / "ORPHA_2762.html"
    addresses = [address for address, _ in read(path.read_text(encoding="utf-8")).links]
    assert {"ORPHA_2762.ttl", "ORPHA_2762.jsonld"} <= set(addresses)
    triples = {str(triple) for triple in poh.disorder("POH").triples()}
    turtle = ox.parse(path=str(path.with_suffix(".ttl")), format=ox.RdfFormat.TURTLE)
    assert {str(quad.triple) for quad in turtle} == triples
    document = json.loads(path.with_suffix(".jsonld").read_text(encoding="utf-8"))
    assert document["label"] == "Progressive osseous heteroplasia"


def test_a_group_lists_what_stands_below_it(folder: Path) -> None:
    """Who browses the classification goes on from a group to its members."""
    group = read((folder / "disorder" / "ORPHA_364531.html").read_text(encoding="utf-8"))
    assert ("../disorder/ORPHA_337.html", "Fibrodysplasia ossificans progressiva (ORPHA:337)") in group.links


def test_a_retired_code_says_where_it_lives_on(folder: Path) -> None:
    """Its page begins with that."""
    page = read((folder / "disorder" / "ORPHA_665.html").read_text(encoding="utf-8"))
    assert "The code ORPHA:665 is retired. It lives on in" in page.text


def test_the_front_page_counts_and_names_the_sources(folder: Path) -> None:
    """How much there is, from whom, in which release, on which terms."""
    page = read((folder / "index.html").read_text(encoding="utf-8"))
    assert "4 Disorders" in page.text
    assert "(c) INSERM 1999, Orphanet" in page.text
    assert ("disorder/ORPHA_2762.html", "Progressive osseous heteroplasia") in page.links


def test_every_own_term_has_an_anchor_on_the_page_of_the_ontology(folder: Path, poh: Graph) -> None:
    """With label, definition and example."""
    page = read((folder / "ontology.html").read_text(encoding="utf-8"))
    rows = poh.select(
        'SELECT DISTINCT ?t WHERE { ?t a ?c FILTER (STRSTARTS(STR(?t), "https://w3id.org/poh-graph/ontology#")) }'
    )
    terms = {str(iri).rpartition("#")[2] for iri in rows.column("t")}
    assert terms
    assert terms <= set(page.identifiers)
    assert "One finding and how it is in a disorder" in page.text or "distinguishing feature" in page.text


def test_a_class_that_is_the_same_as_a_disorder_of_orphanet_has_no_page_of_its_own(poh: Graph) -> None:
    """Mondo's class of POH is described on the page of ORPHA:2762."""
    held = held_things(poh)
    assert "http://www.orpha.net/ORDO/Orphanet_2762" in held
    assert "http://purl.obolibrary.org/obo/MONDO_0008153" not in held


def test_export_site_writes_the_same_files_whatever_the_number_of_processes(run: Run, tmp_path: Path) -> None:
    """Two processes give what one gives."""
    options = ("--disorder", "POH", "--disorder", "FOP")
    for folder, jobs in (("one", "1"), ("two", "2")):
        result = run("export", "site", *options, "--jobs", jobs, "-o", tmp_path / folder)
        assert result.exit_code == 0, result.output
    files = sorted(path.relative_to(tmp_path / "one") for path in (tmp_path / "one").rglob("*") if path.is_file())
    assert len(files) > 10
    for name in files:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


def test_a_site_needs_a_folder(run: Run) -> None:
    """It says what to write."""
    result = run("export", "site")
    assert result.exit_code == 2
    assert "poh-graph export site -o DIR" in result.stderr


def test_a_second_export_leaves_no_page_of_the_first(poh: Graph, tmp_path: Path) -> None:
    """A disorder that is not in the graph any more has no page."""
    write_folder(poh, None, tmp_path / "site", ["FOP"])
    write_folder(poh, None, tmp_path / "site", ["ORPHA:364531"])
    assert [path.name for path in (tmp_path / "site" / "disorder").glob("*.html")] == ["ORPHA_364531.html"]


def test_a_folder_with_something_else_in_it_is_left_alone(poh: Graph, tmp_path: Path) -> None:
    """Nobody loses files by a wrong -o."""
    (tmp_path / "thesis.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(InputError, match="is not a site; it is left alone"):
        write_folder(poh, None, tmp_path, ["POH"])
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]
