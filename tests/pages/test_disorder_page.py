"""The page of a disorder as a file that needs nothing else."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path

import pytest

from poh_graph.documents.document import Document, Items, Link, Paragraph, Section, plain
from poh_graph.documents.overlap import Reason
from poh_graph.graph import Graph
from poh_graph.pages.disorder import ASKED, disorder_page
from poh_graph.pages.frame import Frame
from poh_graph.pages.html import static_text
from poh_graph.pages.picture import MOST_DISORDERS, picture_of
from poh_graph.pages.places import to_authority
from poh_graph.pages.remembering import Remembering
from poh_graph.pages.thing import GAPS_ON_PAPER, LEFT_OUT_ON_PAPER, ThingPage, thing_html
from poh_graph.rows import Rows
from tests.pages.reading import Page, faults, read
from tests.running import Run

POH, FOP = (f"http://www.orpha.net/ORDO/Orphanet_{code}" for code in (2762, 337))
HOSTILE = '</script><script>alert(1)</script>" onload="x" <b>&amp;'


@pytest.fixture(scope="module")
def made(poh: Graph) -> ThingPage:
    """What stands on the page of POH."""
    return disorder_page(Remembering(poh), POH)


@pytest.fixture(scope="module")
def html(made: ThingPage) -> str:
    """That page as a single file."""
    return thing_html(made, Frame(to_authority))


@pytest.fixture(scope="module")
def page(html: str) -> Page:
    """That file, read."""
    return read(html)


def test_the_page_is_sound(page: Page) -> None:
    """Every tag is closed, each identifier is used once, headings skip no level, anchors lead somewhere."""
    assert not faults(page)


def test_what_is_asked_at_once_is_what_the_page_asks(
    poh: Graph, made: ThingPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is asked in vain and nothing twice, and asked by several threads the page is the same."""
    asked: list[str] = []
    query = Graph.query

    def noting(graph: Graph, name: str, *values: str, **named: str | Sequence[str]) -> Rows:
        asked.append(name)
        return query(graph, name, *values, **named)

    monkeypatch.setattr(Graph, "query", noting)
    one_after_the_other = disorder_page(Remembering(poh), FOP)
    assert set(ASKED) <= set(asked)
    with ThreadPoolExecutor(2) as threads:
        before = sorted(asked)
        asked.clear()
        assert disorder_page(Remembering(poh, threads), FOP) == one_after_the_other
        assert sorted(asked) == before
        assert disorder_page(Remembering(poh, threads), POH) == made


def test_the_file_needs_nothing_else(html: str, page: Page) -> None:
    """No script, nothing that the browser fetches, not by the style either."""
    assert page.fetched == []
    assert "script" not in page.tags
    assert "url(" not in html
    assert "@import" not in html


def test_everything_that_show_says_is_on_the_page(made: ThingPage, page: Page) -> None:
    """The page is the document of ``show``: each heading, and each line of each list, stands on it."""
    headings = [words for _, words in page.headings]
    for section in made.sections:
        assert section.heading in headings
        lines = [plain(item) for block in section.blocks if isinstance(block, Items) for item in block.items]
        assert [line for line in lines if " ".join(line.split()) not in page.text] == []


def test_links_of_a_single_file_lead_to_the_authorities(page: Page) -> None:
    """No address is relative: the file may be mailed. FOP leads to Orphanet, GNAS to HGNC, a paper to PubMed."""
    outside = [address for address, _ in page.links if not address.startswith("#")]
    assert [address for address in outside if not address.startswith(("https://", "http://"))] == []
    assert "https://www.orpha.net/en/disease/detail/337" in outside
    assert "http://identifiers.org/hgnc/4392" in outside
    assert "http://www.ncbi.nlm.nih.gov/pubmed/11784876" in outside


def test_the_page_says_how_far_to_trust_it(page: Page) -> None:
    """Who wrote it, that no clinician has reviewed it, what was checked when, what is gone, and whom to tell."""
    for words in (
        "no clinician has reviewed it",
        "Not medical advice.",
        "last checked on 2026-11-22",
        "dissolved 2021-05-21",
        "status not verified",
        "To report an error, name this page by its identifier: http://www.orpha.net/ORDO/Orphanet_2762",
    ):
        assert words in page.text


@pytest.mark.parametrize(
    ("contact", "address"),
    [
        ("who@example.org", "mailto:who@example.org?subject=Error%20in%20ORPHA%3A2762%20Progressive"),
        ("https://example.org/report", "https://example.org/report"),
    ],
)
def test_a_publisher_is_told_of_errors(made: ThingPage, contact: str, address: str) -> None:
    """A mail is begun with the identifier in it, or the page of the publisher opens."""
    found = read(thing_html(made, Frame(to_authority, contact=contact)))
    (link,) = [href for href, words in found.links if words == "Report an error"]
    assert link.startswith(address)


def test_what_comes_from_sources_is_never_markup() -> None:
    """A label, a heading, an item or an address from a source cannot add an element or an attribute."""
    text = (HOSTILE, Link(HOSTILE, f"http://example.org/{HOSTILE}"))
    document = Document(HOSTILE, [Section(HOSTILE, [Paragraph(text), Items([text])])], [Paragraph(text)])
    structured = json.dumps({"name": HOSTILE})
    found = read(
        thing_html(ThingPage("http://e/1", HOSTILE, HOSTILE, document, structured=structured), Frame(to_authority))
    )
    assert "script" not in found.tags
    assert "b" not in found.tags
    assert json.loads(found.data[0]) == {"name": HOSTILE}
    assert HOSTILE in found.headings[0][1]


def test_an_address_that_runs_a_script_is_no_link() -> None:
    """Only addresses of the web lead anywhere."""
    document = Document("x", [Section("x", [Paragraph(Link("go", "javascript:alert(1)"))])])
    found = read(thing_html(ThingPage("http://e/1", "x", "x", document), Frame(to_authority)))
    assert [address for address, _ in found.links if "javascript" in address] == []


def test_the_style_leaves_out_on_paper_what_the_page_says(made: ThingPage) -> None:
    """What a print lacks is named at its end, and is what the style hides."""
    on_paper = static_text("style.css").partition("@media print")[2]
    for anchor in LEFT_OUT_ON_PAPER:
        assert f"#{anchor}" in on_paper
    assert f"#what-is-not-known li:nth-child(n + {GAPS_ON_PAPER + 1})" in on_paper
    assert "identifiers elsewhere" in made.left_out_on_paper
    assert "what is not known beyond 6 points" in made.left_out_on_paper


def test_the_picture_shows_why_disorders_overlap(made: ThingPage) -> None:
    """From POH an edge leads to GNAS, and from there to disorders of the same gene."""
    assert made.picture
    names = [(one.name, other.name) for one, other in made.picture.edges]
    assert ("Progressive osseous heteroplasia", "GNAS (HGNC:4392)") in names
    assert ("GNAS (HGNC:4392)", "Pseudohypoparathyroidism type 1A") in names
    assert made.picture.disorders == MOST_DISORDERS


def test_no_box_of_the_picture_lies_on_another(made: ThingPage) -> None:
    """The boxes of a column stand apart, inside the picture, and hold their words."""
    assert made.picture
    boxes = sorted(made.picture.boxes, key=lambda box: (box.left, box.top))
    for one, other in pairwise(boxes):
        assert one.left != other.left or one.top + one.height <= other.top
    assert min(box.top for box in boxes) == 0
    assert all(box.right <= made.picture.width and box.top + box.height <= made.picture.height for box in boxes)


def test_a_disorder_that_overlaps_with_none_has_no_picture(poh: Graph) -> None:
    """There is nothing to draw."""
    assert picture_of(poh.disorder("POH"), {}) is None


def test_a_reason_without_a_thing_stands_for_itself(poh: Graph) -> None:
    """Where nothing that is shared has a name, the picture shows the kind of reason."""
    picture = picture_of(poh.disorder("POH"), {("http://e/1", "One"): [Reason("similar name", ())]})
    assert picture
    assert [box.name for box in picture.boxes] == ["Progressive osseous heteroplasia", "similar name", "One"]


def test_search_engines_find_a_condition_of_schema_org(page: Page) -> None:
    """The disorder is a MedicalCondition with its code and its gene."""
    (structured,) = page.data
    nodes = {node["@id"]: node for node in json.loads(structured)["@graph"]}
    assert nodes["http://www.orpha.net/ORDO/Orphanet_2762"]["@type"] == "MedicalCondition"
    assert nodes["http://identifiers.org/hgnc/4392"]["name"] == "GNAS"


@pytest.fixture
def written(run: Run) -> tuple[str, Path]:
    """What ``export html`` tells, and the file that it writes."""
    result = run("export", "html", "--disorder", "POH", "-o", "poh.html")
    assert result.exit_code == 0, result.output
    return result.stderr, Path("poh.html")


def test_export_html_writes_that_page(written: tuple[str, Path], html: str) -> None:
    """The command writes what the module makes, and names the file."""
    told, path = written
    assert told == "Written: poh.html\n"
    assert path.read_text(encoding="utf-8") == html + "\n"


def test_the_page_is_the_same_in_another_process(html: str, tmp_path: Path) -> None:
    """Neither the order of sets nor chance is in it."""
    code = "import sys; from poh_graph.cli import main; sys.argv[1:] = ['export', 'html', '--disorder', 'POH']; main()"
    command = [sys.executable, "-c", code]
    done = subprocess.run(
        command, cwd=tmp_path, env={**os.environ, "PYTHONHASHSEED": "7"}, capture_output=True, check=True
    )
    assert done.stdout.decode() == html + "\n"


@pytest.mark.parametrize("disorders", [[], ["POH", "FOP"]])
def test_one_file_is_the_page_of_one_disorder(run: Run, disorders: list[str]) -> None:
    """With none or two it says what to write."""
    result = run("export", "html", *(word for name in disorders for word in ("--disorder", name)))
    assert result.exit_code == 2
    assert "--disorder POH -o poh.html" in result.stderr
