"""Orphadata's products: each row of the real files is accounted for, editions are alike, and what a graph says then."""

from __future__ import annotations

import subprocess
import sys
import xml.etree.ElementTree as ET
from collections import Counter
from pathlib import Path

import pytest

from poh_graph.building.inputs import detect
from poh_graph.building.neighbours import Neighbour
from poh_graph.building.readers import Reader, reader_named
from poh_graph.bundle import Bundle
from poh_graph.errors import InputError
from poh_graph.graph import open_graph
from poh_graph.records.orphadata import ClassifiedUnder
from poh_graph.records.sources import Edition
from poh_graph.sources.orphadata import read_orphadata
from poh_graph.terms import ORDO, prefix_map
from poh_graph.triples.world import World
from tests.running import run_command
from tests.small_release import write_release

CASES = Path(__file__).parent / "cases" / "orphadata"
ROWS = (
    "ExternalReferenceList/ExternalReference",
    "DisorderDisorderAssociationList/DisorderDisorderAssociation",
    "HPODisorderAssociationList/HPODisorderAssociation",
    "DisorderGeneAssociationList/DisorderGeneAssociation",
    "PrevalenceList/Prevalence",
    "AverageAgeOfOnsetList/AverageAgeOfOnset",
    "TypeOfInheritanceList/TypeOfInheritance",
    "DisabilityDisorderAssociationList/DisabilityDisorderAssociation",
)
SAMPLES = (
    "en_product1_sample.xml",
    "en_product4_sample.xml",
    "en_product6_sample.xml",
    "en_product7_sample.xml",
    "en_product9_ages_sample.xml",
    "en_product9_prev_sample.xml",
    "en_funct_consequences_sample.xml",
)


def orphadata() -> Reader:
    """The reader under test."""
    reader = reader_named("orphadata")
    assert reader is not None
    return reader


def rows_in(path: Path) -> int:
    """The rows of a product, counted without the reader."""
    root = ET.parse(path).getroot()  # noqa: S314 - a file of Orphadata, read to count it
    if root.find("ClassificationList") is not None:
        return sum(1 for _ in root.iter("ClassificationNode"))
    disorders = list(root.iter("Disorder"))
    listed = sum(len(disorder.findall(path)) for disorder in disorders for path in ROWS)
    return listed + sum(disorder.find("DisorderFlagList") is not None for disorder in disorders)


def lines_of(*names: str, world: World | None = None) -> set[str]:
    """What some of the cases say, as lines without the named graph."""
    found = Neighbour(orphadata(), {name: CASES / name for name in names})
    found.make_lines(found.records(), world or World())
    end = b" <https://w3id.org/poh-graph/graph/orphadata> .\n"
    assert all(line.endswith(end) for line in found.lines)
    return {line.removesuffix(end).decode() for line in found.lines}


@pytest.mark.parametrize("name", SAMPLES)
def test_rows_of_the_real_products_are_all_read(releases: Path, name: str) -> None:
    """As many as a plain parser counts, and none of them lost."""
    path = releases / "orphadata_xml_samples" / "wellformed" / name
    found = Neighbour(orphadata(), {name: path})
    list(found.records())
    assert (found.tallies[name].rows, found.tallies[name].read) == (rows_in(path), rows_in(path))
    assert set(found.problems.first) == {"unread value"}
    assert "says that it has" in found.problems.first["unread value"].message


def test_steps_of_the_real_classifications_are_those_of_the_trees(releases: Path) -> None:
    """Each pair of parent and child, over five whole files; repeated subtrees are one step."""
    for path in sorted((releases / "orphanet_classification_xml_2024").glob("*.xml")):
        found = Neighbour(orphadata(), {path.name: path})
        steps = {(row.code, row.parent) for row in found.records() if isinstance(row, ClassifiedUnder)}
        root = ET.parse(path).getroot()  # noqa: S314 - a file of Orphadata, read to count it
        expected: Counter[tuple[str | None, str | None]] = Counter()
        for node in root.iter("ClassificationNode"):
            above = node.findtext("Disorder/OrphaCode")
            for child in node.findall("ClassificationNodeChildList/ClassificationNode"):
                expected[child.findtext("Disorder/OrphaCode"), above] += 1
        for top in root.findall(".//ClassificationNodeRootList/ClassificationNode"):
            expected[top.findtext("Disorder/OrphaCode"), None] += 1
        del expected[None, None]
        assert steps == set(expected)
        tally = found.tallies[path.name]
        assert tally.rows == rows_in(path) == tally.read + tally.repeated + tally.out_of_scope


@pytest.mark.parametrize("product", ["funct", "product1", "product4", "product6", "product7", "9_ages", "9_prev"])
def test_a_broken_download_names_the_place(releases: Path, product: str) -> None:
    """Real files, cut off by a connection that broke."""
    (path,) = (releases / "orphadata_xml_samples" / "raw_truncated").glob(f"*{product}*")
    assert detect(path).kind == "orphadata"
    with pytest.raises(InputError, match=r"_SM\.txt:\d+: the file ends before </JDBOR>: it is cut short"):
        list(read_orphadata(path, prefix_map()))


def test_a_product_says_its_day_and_its_licence() -> None:
    """Both spellings of the day of the extraction."""
    for name in ("good.xml", "good-classification.xml", "good.json"):
        edition = next(read_orphadata(CASES / name, prefix_map()))
        assert isinstance(edition, Edition)
        assert (edition.version, edition.license) == ("2025-06-24", "https://creativecommons.org/licenses/by/4.0/")


def test_json_and_xml_say_the_same() -> None:
    """The same keys: one product in both editions."""
    assert lines_of("good.json") == lines_of("good.xml")


def test_a_gene_association_has_its_papers_and_its_status() -> None:
    """What the packets lack, on a node of the shape that the packets have."""
    node = "<https://w3id.org/poh-graph/association/orphadata/2762-hgnc4392-410295>"
    papers = {line for line in lines_of("good.xml") if line.startswith(f"{node} <https://w3id.org/biolink/vocab/pub")}
    assert len(papers) == 3
    assert f"{node} <https://w3id.org/poh-graph/ontology#assessmentStatus> " in "".join(lines_of("good.xml"))
    statement = "<https://w3id.org/poh-graph/statement/orphadata/hgnc4392-band-20q13.32>"
    assert any(line.startswith(statement) for line in lines_of("good.xml"))


def test_a_file_in_french_brings_names_and_is_read_by_its_numbers() -> None:
    """The kind of association has a number that all languages share; the name is no ``rdfs:label``."""
    world = World(labelled={f"{ORDO}Orphanet_2762"})
    lines = lines_of("latin-1.xml", world=world)
    poh = f"<{ORDO}Orphanet_2762>"
    assert f'{poh} <http://www.w3.org/2004/02/skos/core#prefLabel> "Hétéroplasie osseuse progressive"@fr' in lines
    assert not any(line.startswith(f"{poh} <http://www.w3.org/2000/01/rdf-schema#label>") for line in lines)
    assert f"<http://identifiers.org/hgnc/4392> <{ORDO}Orphanet_317343> {poh}" in lines


def test_alignments_have_relation_and_validation() -> None:
    """A broader code, Orphanet's own choice of it; one that is denied; one that nobody has decided."""
    lines = lines_of("good-nomenclature.xml")
    mapping = "<https://w3id.org/poh-graph/mapping/orphadata/2762-"
    assert (
        f'{mapping}broadMatch-ICD10M61.5> <https://w3id.org/poh-graph/ontology#icdRelation> "Attributed code"' in lines
    )
    assert f'{mapping}not-exactMatch-OMIM612463> <https://w3id.org/sssom/predicate_modifier> "Not"' in lines
    assert any(
        line.startswith(f"{mapping}hasDbXref-MEDDRA10000001> ") and line.endswith("NotYetValidated>") for line in lines
    )
    assert not any("omim.org/entry/612463" in line and line.startswith("<http://www.orpha") for line in lines)


def test_the_number_of_a_prevalence_is_kept() -> None:
    """60 cases, 0.05 per 100,000; a 0.0 of a row that has a class only is no number."""
    values = sorted(
        line.rpartition('"^^')[0].rpartition('"')[2] for line in lines_of("good-prevalence.xml") if "/value>" in line
    )
    assert values == ["0.05", "0.061", "60"]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    """A bundle of a small release and one good case of each product; it conforms, or there is none."""
    folder = tmp_path_factory.mktemp("orphadata")
    release = write_release(folder / "release.zip", [101, 102])
    sources = [f"--source=orphadata={path}" for path in sorted(CASES.glob("good*.xml"))]
    result = run_command("build", release, *sources, CASES / "latin-1.xml", "-o", folder / "bundle", "--jobs", "1")
    assert result.exit_code == 0, result.output
    return Bundle(folder / "bundle")


def test_all_products_are_in_the_manifest(built: Bundle) -> None:
    """The fate of their rows, and the licence that they give themselves."""
    manifest = built.read_manifest()
    assert manifest["rows"]["orphadata"]["good-nomenclature.xml"]["repeated"] == 1
    assert manifest["graphs"]["orphadata"]["license"] == "https://creativecommons.org/licenses/by/4.0/"


def test_a_retired_code_says_where_it_went(built: Bundle) -> None:
    """``show 665``, although no packet has it."""
    page = " ".join(run_command("show", "665", "-s", built.path).output.split())
    assert "The code ORPHA:665 is retired (Deprecated entity). It lives on in Pseudohypoparathyroidism with" in page
    page = " ".join(run_command("show", "206", "-s", built.path).output.split())
    assert "The code ORPHA:206 is retired (Non-rare disease in Europe)." in page


def test_a_difference_says_who_retires_a_code(built: Bundle, bundle: Bundle) -> None:
    """And where the code lives on, although the packets say nothing of it."""
    report = run_command("diff", bundle.path, built.path, "--as", "tsv").output
    assert [row for row in report.splitlines() if "ORPHA:206" in row and "retired" in row]


def test_one_product_leaves_the_rest_of_the_extract(tmp_path: Path) -> None:
    """Genes take the place of genes; which classification an edge belongs to stays."""
    result = run_command(
        "build", "--source", f"orphadata={CASES / 'good.xml'}", "-o", tmp_path / "bundle", "--jobs", "1"
    )
    assert result.exit_code == 0, result.output
    graph = open_graph(tmp_path / "bundle")
    assert graph.sparql("ASK { <https://w3id.org/poh-graph/statement/orphadata/2762-broader-93450-199> ?p ?o }")
    assert not graph.sparql("ASK { <https://w3id.org/poh-graph/association/orphadata/337-hgnc171-410296> ?p ?o }")


_MEASURE = """
import re, sys
from pathlib import Path
from poh_graph.sources.orphadata import read_orphadata
from poh_graph.terms import prefix_map
for record in read_orphadata(Path(sys.argv[1]), prefix_map()):
    pass
peak = re.search(r"VmHWM:\\s+(\\d+) kB", Path("/proc/self/status").read_text())[1]
print(int(peak) // 1024, record.rows)
"""


def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    """A product of 12 MB takes no more than one of 1 MB, but for a few MB."""
    text = (CASES / "good-phenotypes.xml").read_text("iso-8859-1")
    start, end = text.index("    <HPODisorderSetStatus "), text.index("  </HPODisorderSetStatusList>")
    used = []
    for times in (500, 6000):
        path = tmp_path / f"{times}.xml"
        path.write_text(text[:start] + text[start:end] * times + text[end:], "iso-8859-1")
        done = subprocess.run([sys.executable, "-c", _MEASURE, path], capture_output=True, text=True, check=True)
        megabytes, rows = map(int, done.stdout.split())
        assert rows == 3 * times
        used.append(megabytes)
    assert used[1] - used[0] < 8
