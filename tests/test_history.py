"""The history of a disorder: each row as a plain reading of the packets gives it, in whatever order they come."""

from __future__ import annotations

import json
import re
from datetime import datetime
from pathlib import Path
from xml.etree import ElementTree as ET

import pyoxigraph as ox
import pytest

import poh_graph as pg
from poh_graph.bundle import Bundle
from poh_graph.changes.history import History
from poh_graph.errors import InputError, ParameterError, UnknownName
from tests.ontology_files import ONTOLOGY
from tests.running import Run

POH = "ORPHA:2762"

PAPERS = (
    "PMID:10998448, PMID:11092390, PMID:12605446, PMID:18553568, PMID:25894639, PMID:3126297, PMID:32832452, "
    "PMID:35035755, PMID:36483469, PMID:36936194, PMID:37003989, PMID:39678607, PMID:7671486"
)
OF_2018 = (
    "Progressive osseous heteroplasia (POH) is a rare genetic bone disorder characterized clinically by progressive "
    "extraskeletal bone formation presenting in early life with cutaneous ossification, that progressively involves "
    "subcutaneous and then subsequently deep connective tissues, including muscle and fascia. POH overlaps with a "
    "number of related genetic disorders including Albright hereditary osteodystrophy, pseudohypoparathyroidism (see "
    "these terms), and primary osteoma cutis, that share the common features of superficial heterotopic ossification "
    "in association with inactivating mutations of GNAS gene (20q13.2-q13.3), coding for guanine nucleotide-binding "
    "proteins. POH can, however, be distinguished clinically by the deep and progressive nature of the heterotopic "
    "bone formation."
)
OF_2020 = OF_2018.replace(",", "")
OF_2025 = OF_2020.replace(" (see these terms)", "")

CHANGES = [
    # day of the release, day of the one before, kind, action, about, its label, old, new
    ("2020-06-27", "2019-12-06", "definition", "changed", "", "", OF_2018, OF_2020),
    ("2020-06-27", "2019-12-06", "gene", "added", "HGNC:4392", "GNAS", "", ""),
    (
        "2020-12-03", "2020-06-27", "gene", "changed", "HGNC:4392", "GNAS",
        "identifiers HGNC:4392, OMIM:139320", "no identifiers",
    ),
    (
        "2023-12-06", "2022-11-28", "gene", "changed", "HGNC:4392", "GNAS",
        "", "Disease-causing germline mutation(s) (loss of function) in",
    ),
    (
        "2024-12-03", "2024-12-03", "gene", "changed", "HGNC:4392", "GNAS",
        "no identifiers", "identifiers ClinVar GNAS, HGNC:4392, OMIM:139320",
    ),
    ("2025-06-26", "2024-12-03", "definition", "changed", "", "", OF_2020, OF_2025),
    (
        "2025-06-26", "2024-12-03", "prevalence", "added", "Cases/families, Worldwide", "",
        "", f"no data; Case(s); from {PAPERS}",
    ),
    (
        "2025-06-26", "2024-12-03", "prevalence", "added", "Point prevalence, Worldwide", "",
        "", f"<1 / 1 000 000; Class only; from {PAPERS}, Orphanet itself",
    ),
]  # fmt: skip
"""What changed in the packets of POH from 2018 to 2025, read in them by hand. A packet has the day of its making, the
commit that published it is up to eleven days younger (2020-07-08, 2020-12-10, 2025-06-30); two commits of December
2024 hold packets of one day, of which only the second has the identifiers of the gene. The packets of June 2023, the
first with the kind of association, are not among the ten: December's are the first here."""


@pytest.fixture(scope="module")
def packets(releases: Path) -> list[Path]:
    """The ten packets of POH."""
    found = sorted((releases / "orphapacket_2762_history").glob("*_ORPHApacket_2762.*"))
    assert len(found) == 10
    return found


@pytest.fixture(scope="module")
def found(packets: list[Path]) -> History:
    """Their history."""
    return pg.history(POH, packets)


def rows(history: History) -> list[tuple[str, ...]]:
    """Each change as the rows that were written by hand."""
    return [
        (
            new.releases["orphanet"], old.releases["orphanet"], change.kind, change.action, change.about,
            change.about_label, change.old, change.new,
        )
        for old, new, change in history.rows()
    ]  # fmt: skip


def test_the_history_of_poh_is_right_in_every_row(found: History) -> None:
    """These changes and no other: of a packet in another format what it says is compared, not how."""
    assert rows(found) == CHANGES
    assert (found.curie, found.label) == (POH, "Progressive osseous heteroplasia")


def test_the_first_release_is_where_the_history_begins(found: History) -> None:
    """What the packet of 2018 says, counted by hand in it: no gene, no prevalence."""
    assert dict(found.first) == {
        "name": 1, "type": 1, "definition": 1, "synonym": 2, "parent": 4, "mapping": 1, "phenotype": 12, "onset": 2,
        "inheritance": 1,
    }  # fmt: skip


def test_the_order_in_which_releases_are_given_does_not_matter(packets: list[Path], found: History) -> None:
    """They are sorted by their day; those of one day stay as given, turned round where the newest comes first."""
    assert pg.history(POH, packets[::-1]) == found
    shuffled = [packets[number] for number in (9, 2, 0, 6, 4, 7, 1, 8, 3, 5)]
    assert pg.history(POH, shuffled) == found


@pytest.mark.parametrize("name", ["2762", "POH", "progressive osseous heteroplasia", "ORPHA2762"])
def test_a_disorder_is_found_by_any_of_its_names(packets: list[Path], found: History, name: str) -> None:
    """Code, synonym, label, another spelling of the identifier."""
    assert pg.history(name, packets) == found


def test_a_release_that_lacks_the_disorder_says_that_it_came_or_went(packets: list[Path], tmp_path: Path) -> None:
    """A packet of another disorder, made before, stands for a release without it."""
    other = json.loads(packets[4].read_text(encoding="utf-8"))
    packet = other["Orphapacket"]
    packet.update(ORPHApacketId="1", ORPHAcode="1", Label="Another", creationDate="2019-01-01 00:00:00")
    packet.update(Synonyms=[], Genes=[], Phenotypes=[], ExternalReferences=[])
    path = tmp_path / "ORPHApacket_1.json"
    path.write_text(json.dumps(other), encoding="utf-8")
    history = pg.history(POH, [path, packets[4]])
    assert not history.first
    assert next(change.kind for _, _, change in history.rows()) == "appeared"
    assert {change.presence for _, _, change in history.rows()} == {"appeared"}


def test_a_bundle_may_stand_among_the_releases(packets: list[Path], bundle: Bundle) -> None:
    """Only what Orphanet says in it is compared: the packaged extract differs in having no definition."""
    history = pg.history(POH, [packets[-1], bundle.path])
    assert {change.kind for _, _, change in history.rows()} == {"definition"}


def test_what_cannot_be_a_history_is_refused(packets: list[Path], tmp_path: Path) -> None:
    """One release, a disorder that no release has, a file that is not there."""
    with pytest.raises(ParameterError, match="two releases"):
        pg.history(POH, packets[:1])
    with pytest.raises(UnknownName, match="ORPHA:337"):
        pg.history("ORPHA:337", packets[:2])
    with pytest.raises(UnknownName, match="no such name"):
        pg.history("no such name", packets[:2])
    with pytest.raises(InputError):
        pg.history(POH, [packets[0], tmp_path / "none.json"])


def test_the_command_shows_a_row_a_change(run: Run, packets: list[Path]) -> None:
    """As rows for programs, with both releases; the order is that of the releases."""
    done = run("history", POH, *packets, "--as", "tsv")
    assert done.exit_code == 0
    header, *lines = (line.split("\t") for line in done.stdout.splitlines())
    assert header[:2] == ["release", "release_before"]
    assert [(*line[:2], *line[4:10]) for line in lines] == CHANGES


def test_the_page_tells_what_only_the_format_changed(run: Run, packets: list[Path]) -> None:
    """A field that came for all disorders at once is no news of this one; what is not compared has its reason."""
    text = run("history", POH, *packets).stdout
    assert "No packet before June 2023 has the kind of a gene association" in text
    assert "AverageAgeOfDeaths: its values stand in no table" in text
    assert "[-(see these terms)-]" in text
    assert run("history", POH, *packets, "--as", "markdown").stdout.startswith("# History of Progressive osseous")


def test_json_has_the_same_changes(run: Run, packets: list[Path]) -> None:
    """And the releases with digests of what they say: equal where nothing changed, though the format did."""
    found = json.loads(run("history", POH, *packets, "--as", "json").stdout)
    assert [(c["release"], c["kind"], c["new"]) for c in found["changes"]] == [(c[0], c[2], c[7]) for c in CHANGES]
    digests = [release["sha256"] for release in found["releases"]]
    assert [digests.index(digest) for digest in digests] == [0, 0, 2, 3, 3, 5, 5, 7, 8, 8]


def turned(change: tuple[str, ...]) -> tuple[str | None, ...]:
    """A row that was written by hand, as the stored query gives it: what is not said is not bound."""
    day, before, kind, action, about, label, old, new = change
    return (day, before, kind, action, f"{about} {label}".strip() or None, old or None, new or None)


def test_a_graph_of_changes_is_built_in_beside_a_release(run: Run, packets: list[Path]) -> None:
    """It passes the shapes, the stored query gives the rows written by hand, and the page has a section of them."""
    assert run("history", POH, *packets, "-o", "changes.trig").exit_code == 0
    done = run("build", "changes.trig")
    assert done.exit_code == 0, done.output
    assert "0 violations, 0 warnings" in done.stdout
    rows = pg.open("bundle").query("what-changed-for-a-disorder", POH).rows()
    assert [tuple(row.values())[:7] for row in rows] == [turned(change) for change in CHANGES]
    page = run("show", POH).stdout
    assert "What changed between releases" in page
    assert "2020-12-03: gene HGNC:4392 GNAS changed: identifiers HGNC:4392, OMIM:139320 → no identifiers" in page


def test_rdf_of_a_history_has_no_blank_node_and_no_clock(run: Run, packets: list[Path]) -> None:
    """Every change has both its releases, each release the day that it says; TriG names the graph, Turtle none."""
    trig, again = (run("history", POH, *packets, "--as", "trig").stdout_bytes for _ in range(2))
    assert trig == again
    quads = set(ox.parse(trig, ox.RdfFormat.TRIG))
    assert {str(quad.graph_name) for quad in quads} == {"<https://w3id.org/poh-graph/graph/changes>"}
    assert not [
        quad for quad in quads if isinstance(quad.subject, ox.BlankNode) or isinstance(quad.object, ox.BlankNode)
    ]
    issued = {quad.object.value for quad in quads if quad.predicate.value.endswith("/issued")}
    assert issued == {day for change in CHANGES for day in change[:2]}
    turtle = run("history", POH, *packets, "--as", "turtle").stdout_bytes
    assert {quad.triple for quad in ox.parse(turtle, ox.RdfFormat.TURTLE)} == {quad.triple for quad in quads}


def test_the_examples_of_the_ontology_are_changes_of_poh(run: Run, packets: list[Path]) -> None:
    """The changes that the definitions of our terms and the model show are those of the packets."""
    found = run("history", POH, *packets, "--as", "turtle").stdout.replace("\\", "")
    for page in ("poh-graph.ttl", "MODEL.md"):
        shown = re.findall(r"change/(orphanet/2762-\S+-[0-9a-f]{8})[>`]", (ONTOLOGY / page).read_text(encoding="utf-8"))
        assert shown
        assert not [key for key in shown if key not in found]


def test_a_difference_is_a_graph_of_changes_too(run: Run, packets: list[Path]) -> None:
    """What a difference says is what a history says of that step, under the same IRIs; the exit code is its own."""
    done = run("diff", packets[7], packets[8], "--as", "trig")
    assert done.exit_code == 1
    history = run("history", POH, *packets, "--as", "trig").stdout_bytes
    quads = set(ox.parse(done.stdout_bytes, ox.RdfFormat.TRIG))
    assert quads
    assert quads < set(ox.parse(history, ox.RdfFormat.TRIG))


ATOM = "{http://www.w3.org/2005/Atom}"


def test_a_feed_is_atom(run: Run, packets: list[Path], found: History) -> None:
    """Feed and entries have what RFC 4287 asks for: id, title, updated, an author, and a link or content; ids once."""
    first, again = (run("history", POH, *packets, "--as", "atom").stdout_bytes for _ in range(2))
    assert first == again
    feed = ET.fromstring(first)  # noqa: S314 - our own text
    entries = feed.findall(f"{ATOM}entry")
    assert feed.tag == f"{ATOM}feed"
    assert feed.findtext(f"{ATOM}author/{ATOM}name")
    for element in (feed, *entries):
        for name in ("id", "title", "updated"):
            assert len(element.findall(f"{ATOM}{name}")) == 1
            assert element.findtext(f"{ATOM}{name}")
        assert (element.findtext(f"{ATOM}id") or "").startswith("https://w3id.org/poh-graph/")
        datetime.fromisoformat(element.findtext(f"{ATOM}updated") or "")
    assert all(entry.findtext(f"{ATOM}content") for entry in entries)
    assert len({entry.findtext(f"{ATOM}id") for entry in entries}) == len(CHANGES)
    days = [(entry.findtext(f"{ATOM}updated") or "")[:10] for entry in entries]
    assert days == [change[0] for change in CHANGES][::-1]
    assert feed.findtext(f"{ATOM}updated") == f"{found.releases[-1].releases['orphanet']}T00:00:00Z"


def test_a_feed_needs_releases_with_a_day(run: Run, packets: list[Path], tmp_path: Path) -> None:
    """An RDF file says no day, and none is invented."""
    path = tmp_path / "old.nq"
    path.write_text("", encoding="utf-8")
    done = run("history", POH, packets[0], path, "--as", "atom")
    assert done.exit_code == 2
    assert "does not say its day" in done.stderr
