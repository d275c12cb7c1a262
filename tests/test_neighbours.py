"""Sources beside ORPHApackets: every row is accounted for, and what they say is joined, closed, described and gated."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from poh_graph.building.assemble import assemble_sources, packaged_graph
from poh_graph.building.inputs import detect
from poh_graph.building.neighbours import Neighbour, close
from poh_graph.building.readers import READERS, Reader
from poh_graph.bundle import Bundle
from poh_graph.errors import InputError
from poh_graph.graph import Graph, open_graph
from poh_graph.records.genes import GeneEntry
from poh_graph.records.problems import Problem
from poh_graph.records.sources import FileEnd
from poh_graph.rows import Rows
from poh_graph.terms import prefix_map
from poh_graph.triples.hgnc import hgnc_lines
from poh_graph.triples.world import World
from tests.running import Run, run_command
from tests.small_release import write_release

CASES = Path(__file__).parent / "cases"
POH = "http://www.orpha.net/ORDO/Orphanet_2762"
COLUMNS = "subject_id\tsubject_label\tpredicate_id\tobject_id\tmapping_justification\n"
MANUAL = "semapv:ManualMappingCuration"
GENES = CASES / "hgnc" / "good.txt"


def write_set(path: Path, *rows: tuple[str, str, str, str], version: str = "2026-01-02") -> Path:
    """A mapping set of Mondo of our own: subject, its label, relation and object of each row."""
    head = [
        "# curie_map:",
        "#   MONDO: http://purl.obolibrary.org/obo/MONDO_",
        "#   OMIM: https://omim.org/entry/",
        "#   Orphanet: http://www.orpha.net/ORDO/Orphanet_",
        "#   UMLS: http://linkedlifedata.com/resource/umls/id/",
        "#   oboInOwl: http://www.geneontology.org/formats/oboInOwl#",
        "# license: https://creativecommons.org/publicdomain/zero/1.0/",
        f"# mapping_set_id: http://purl.obolibrary.org/obo/mondo/mappings/{path.name}",
        f"# mapping_set_version: {version}",
    ]
    table = "".join("\t".join((*row, MANUAL)) + "\n" for row in rows)
    path.write_text("\n".join(head) + "\n" + COLUMNS + table, encoding="utf-8")
    return path


def exact(number: int, target: str, label: str = "a disorder") -> tuple[str, str, str, str]:
    """A row in which a class of Mondo is the same as something."""
    return f"MONDO:{number:07}", label, "skos:exactMatch", target


def said(graph: Graph, text: str) -> list[tuple[object, ...]]:
    """The rows of a SELECT with the usual prefixes."""
    prefixes = "".join(f"PREFIX {p.name}: <{p.uri}> " for p in prefix_map().prefixes if "." not in p.name)
    rows = graph.sparql(prefixes + text)
    assert isinstance(rows, Rows)
    return [tuple(row.values()) for row in rows]


@dataclass(frozen=True)
class Thing:
    """A row of a source that there is not."""

    name: str
    about: tuple[str, ...] = ()
    brings: tuple[str, ...] = ()
    line: int = field(default=1, compare=False)

    @property
    def key(self) -> str:
        """Its name."""
        return self.name


def reader_that_yields(*records: object) -> Reader:
    """A reader of a source that there is not."""
    return Reader("test", "a test", lambda _p, _h: True, lambda _p: iter(records), lambda _r, _w: iter(()), "", "")


def test_a_reader_that_drops_a_row_in_silence_fails() -> None:
    """Two rows in the file, one record and no problem: nobody knows what became of the other."""
    found = Neighbour(reader_that_yields(Thing("a"), FileEnd(2)), {"file": Path("file")})
    with pytest.raises(InputError, match="has 2 rows, and 1 of them are accounted for"):
        list(found.records())


def test_a_reader_that_does_not_come_to_the_end_fails() -> None:
    """Without the end of the file the number of its rows is not known."""
    found = Neighbour(reader_that_yields(Thing("a")), {"file": Path("file")})
    with pytest.raises(InputError, match="accounted for"):
        list(found.records())


def test_rows_with_one_key_are_kept_once_over_all_files() -> None:
    """A second file that says the same again adds nothing, and the problem names the first place."""
    reader = reader_that_yields(Thing("a", line=7), FileEnd(1))
    found = Neighbour(reader, {"one": Path("one"), "two": Path("two")})
    assert list(found.records()) == [Thing("a")]
    assert (found.tallies["one"].read, found.tallies["two"].repeated) == (1, 1)
    assert found.problems.first["repeated row"].place == "two:7"
    assert found.problems.first["repeated row"].message.startswith("one:7 ")


@pytest.mark.parametrize(
    ("lost", "kind", "strict", "message"),
    [
        (1, "unreadable row", False, None),
        (3, "unreadable row", False, "3 of 203 rows could not be read; more than 1% may be lost"),
        (1, "unreadable row", True, "1 of 201 rows could not be read, 0 in part; with --strict none may be lost"),
        (0, "unread value", True, "0 of 200 rows could not be read, 1 in part"),
        (0, "unread value", False, None),
    ],
)
def test_what_may_be_lost(lost: int, kind: Any, strict: bool, message: str | None) -> None:  # noqa: FBT001 - a table
    """One per cent of the rows; with ``--strict`` none, and no value either."""
    problems = [Problem("file:1", kind, "it is wrong") for _ in range(lost or 1)]
    things = [Thing(str(number)) for number in range(200)]
    found = Neighbour(reader_that_yields(*things, *problems, FileEnd(200 + lost)), {"file": Path("file")})
    list(found.records())
    if message is None:
        found.refuse_losses(strict=strict)
        return
    with pytest.raises(InputError, match=message):
        found.refuse_losses(strict=strict)


def test_closing_follows_what_a_row_brings_into_other_sources() -> None:
    """An annotation brings a phenotype, a phenotype its parent; a row about something else stays out."""
    annotations = [Thing("x", ("ORPHA:1",), ("HP:3",)), Thing("y", ("ORPHA:2",), ("HP:4",))]
    terms = [Thing("1", ("HP:1",)), Thing("2", ("HP:2",), ("HP:1",)), Thing("3", ("HP:3",), ("HP:2",)), "a head"]
    kept = close({"terms": terms, "annotations": annotations}, {"ORPHA:1"})
    assert kept == {"terms": [*terms[:3], "a head"], "annotations": annotations[:1]}


def test_a_folder_and_a_file_are_known_by_their_content(tmp_path: Path) -> None:
    """No ending and no name tells that a table is a mapping set; a folder is what its files are."""
    folder = tmp_path / "sets"
    folder.mkdir()
    write_set(folder / "one.tsv", exact(1, "Orphanet:101"))
    (folder / "README").write_text("words", encoding="utf-8")
    assert (detect(folder).kind, detect(folder / "one.tsv").kind, detect(GENES).kind) == ("mondo", "mondo", "hgnc")


@pytest.fixture(scope="module")
def joined(tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    """A release of two disorders and a gene, with Mondo's view of one, and genes."""
    folder = tmp_path_factory.mktemp("joined")
    release = write_release(folder / "release.zip", [101, 102])
    sets = folder / "sets"
    sets.mkdir()
    write_set(sets / "orphanet.sssom.tsv", exact(1, "Orphanet:101"), exact(2, "Orphanet:999", "obsolete other"))
    write_set(
        sets / "others.sssom.tsv",
        exact(1, "UMLS:C1"),
        ("MONDO:0000001", "a disorder", "skos:broadMatch", "OMIM:100001"),
        ("MONDO:0000001", "a disorder", "oboInOwl:hasDbXref", "UMLS:C2"),
        exact(2, "UMLS:C3", "obsolete other"),
    )
    (sets / "notes.txt").write_text("not a mapping set", encoding="utf-8")
    target = folder / "bundle"
    result = run_command("build", release, "--source", f"mondo={sets}", GENES, "-o", target, "--jobs", "1")
    assert result.exit_code == 0, result.output
    return Bundle(target)


def test_the_manifest_tells_the_fate_of_each_row(joined: Bundle) -> None:
    """In is out plus problems, by file; a file of a folder that was not read is named."""
    manifest = joined.read_manifest()
    fate = {"rows": 4, "read": 4, "lost": 0, "repeated": 0, "out_of_scope": 0}
    assert manifest["rows"]["mondo"]["others.sssom.tsv"] == fate
    assert manifest["rows"]["hgnc"]["good.txt"]["read"] == 5
    assert manifest["problems"]["unread file"]["first"].startswith("notes.txt: ")


def test_a_class_and_its_mappings_are_as_mondo_says(joined: Bundle) -> None:
    """Label, relation, justification, set with version and licence; an obsolete class is marked."""
    graph = open_graph(joined.path)
    rows = said(
        graph,
        """SELECT ?relation ?target ?why ?version ?licence WHERE {
          ?m owl:annotatedSource MONDO:0000001 ; owl:annotatedProperty ?relation ; owl:annotatedTarget ?target ;
            sssom:mapping_justification ?why ; sssom:mapping_source ?set .
          ?set sssom:mapping_set_version ?version ; dcterms:license ?licence
        } ORDER BY ?target""",
    )
    licence = "https://creativecommons.org/publicdomain/zero/1.0/"
    manual = "https://w3id.org/semapv/vocab/ManualMappingCuration"
    skos = "http://www.w3.org/2004/02/skos/core#"
    relations = {
        "http://linkedlifedata.com/resource/umls/id/C1": f"{skos}exactMatch",
        "http://www.orpha.net/ORDO/Orphanet_101": f"{skos}exactMatch",
        "https://omim.org/entry/100001": f"{skos}broadMatch",
        "UMLS:C2": "http://www.geneontology.org/formats/oboInOwl#hasDbXref",
    }
    assert {tuple(map(str, row)) for row in rows} == {
        (relation, target, manual, "2026-01-02", licence) for target, relation in relations.items()
    }
    obsolete = "SELECT ?class WHERE { GRAPH <https://w3id.org/poh-graph/graph/mondo> { ?class owl:deprecated true } }"
    assert ("http://purl.obolibrary.org/obo/MONDO_0000002",) in said(graph, obsolete)


def test_the_same_is_written_from_the_disorder(joined: Bundle) -> None:
    """The class by inversion, its targets by chaining with the same relation; not from a code that nobody describes."""
    graph = open_graph(joined.path)
    rows = said(
        graph,
        """SELECT ?target ?why WHERE {
          ?m owl:annotatedSource ORPHA:101 ; owl:annotatedTarget ?target ; sssom:mapping_justification ?why ;
            sssom:mapping_provider <https://mondo.monarchinitiative.org> }""",
    )
    semapv = "https://w3id.org/semapv/vocab/"
    assert {(str(target).rsplit("/", 1)[-1], str(why).removeprefix(semapv)) for target, why in rows} == {
        ("MONDO_0000001", "MappingInversion"),
        ("C1", "MappingChaining"),
        ("100001", "MappingChaining"),
        ("UMLS:C2", "MappingChaining"),
    }
    assert said(graph, "SELECT ?m WHERE { ?m owl:annotatedSource ORPHA:999 }") == []


def test_the_rest_of_the_packaged_graph_stays_beside(joined: Bundle) -> None:
    """Gene edges and parents of the package are in the same named graph; its description names both releases."""
    graph = joined.read_manifest()["graphs"]["mondo"]
    assert {"orphanet.sssom.tsv", "gene-associations.ttl", "parents.ttl"} <= set(graph["inputs"])
    assert "mappings.ttl" not in graph["inputs"]
    assert graph["version"] == "2026-01-02"
    note = said(
        open_graph(joined.path),
        "SELECT ?note WHERE { <https://w3id.org/poh-graph/graph/mondo> rdfs:comment ?note }",
    )
    assert "release 2026-08-04" in str(note[0][0])


def test_counts_are_those_of_the_store(joined: Bundle) -> None:
    """What manifest and ``meta`` count is what is there, of graphs that were read and of those that were packaged."""
    rows = said(
        open_graph(joined.path),
        "SELECT ?g (COUNT(*) AS ?n) (COUNT(DISTINCT ?s) AS ?t) WHERE { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g",
    )
    counts = {str(name).rsplit("/", 1)[-1]: (triples, subjects) for name, triples, subjects in rows}
    described = joined.read_manifest()["graphs"]
    assert {name: (g["triples"], g["subjects"]) for name, g in described.items()} == {
        name: count for name, count in counts.items() if name != "meta"
    }
    lines = joined.graph.read_bytes().splitlines()
    assert lines == sorted(set(lines))


def test_a_gene_without_number_is_found_by_its_symbols() -> None:
    """By the present symbol or a previous one it is the same gene; by an alias, or where two share it, a close one."""
    world = World()
    for symbol in ("NOW", "BEFORE", "ALSO", "SHARED", "NOBODY"):
        world.unnumbered_genes[symbol] = f"https://w3id.org/poh-graph/gene/{symbol}"
    entries = [
        GeneEntry("1", "NOW", "now"),
        GeneEntry("2", "NEW", "new", previous_symbols=("BEFORE", "SHARED"), aliases=("NOW",)),
        GeneEntry("3", "THIRD", "third", previous_symbols=("SHARED",), aliases=("ALSO",)),
    ]
    lines = [line for line in hgnc_lines(entries, world) if "/mapping/hgnc/" in line]
    found = {line.split("/mapping/hgnc/")[1].split(">")[0] for line in lines}
    assert found == {
        "NOW-exactMatch-hgnc1",
        "BEFORE-exactMatch-hgnc2",
        "ALSO-closeMatch-hgnc3",
        "SHARED-closeMatch-hgnc2",
        "SHARED-closeMatch-hgnc3",
    }
    fields = {line.rsplit("object_match_field> <", 1)[1].split(">")[0] for line in lines if "match_field" in line}
    assert {name.rsplit("#", 1)[-1].rsplit("/", 1)[-1] for name in fields} == {"symbol", "previousSymbol", "altLabel"}


def test_without_a_release_the_extract_is_joined_and_closed(run: Run, tmp_path: Path) -> None:
    """POH from the package with a newer mapping set: its mappings are those of the set, and all that is named."""
    mondo = write_set(
        tmp_path / "new.sssom.tsv",
        exact(8153, "Orphanet:2762", "progressive osseous heteroplasia"),
        exact(8153, "UMLS:C0334041", "progressive osseous heteroplasia"),
        exact(1, "Orphanet:101"),
        version="2027-01-01",
    )
    result = run("build", "--source", f"mondo={mondo}", GENES, "--disorder", "POH", "-o", "closed", "--jobs", "1")
    assert result.exit_code == 0, result.output
    graph = open_graph("closed")
    targets = said(
        graph,
        """SELECT DISTINCT ?t WHERE { GRAPH <https://w3id.org/poh-graph/graph/mondo> {
          ?m owl:annotatedSource ORPHA:2762 ; owl:annotatedTarget ?t } }""",
    )
    assert {str(target).rsplit("/", 1)[-1] for (target,) in targets} == {"C0334041", "MONDO_0008153"}
    assert said(graph, "SELECT ?p WHERE { MONDO:0000001 ?p ?o }") == []
    assert said(graph, "SELECT ?l WHERE { MONDO:0800466 rdfs:label ?l }") != []


@pytest.mark.parametrize(
    ("name", "code", "words"),
    [
        ("mondo/truncated.sssom.tsv", 2, "the file ends within this row: it is cut short"),
        ("mondo/unknown-prefix.sssom.tsv", 2, "mondo: 2 of 3 rows could not be read"),
        ("mondo/no-row.sssom.tsv", 2, "mondo: none of 0 rows could be read"),
        ("hgnc/page-of-an-error.txt", 2, "has no column hgnc_id"),
    ],
)
def test_a_source_that_cannot_be_read_leaves_no_bundle(run: Run, name: str, code: int, words: str) -> None:
    """Exit code 2 with place and mend; nothing is written."""
    result = run("build", "--source", f"{name.partition('/')[0]}={CASES / name}")
    assert (result.exit_code, result.stdout) == (code, "")
    assert words in result.stderr
    assert list(Path().iterdir()) == []


def test_strict_fails_at_a_value_that_was_not_read(run: Run) -> None:
    """Days that a spreadsheet has changed are passed over with a problem, with ``--strict`` they are not."""
    genes = CASES / "hgnc" / "from-a-spreadsheet.txt"
    assert run("build", genes, "--jobs", "1").exit_code == 0
    result = run("build", genes, "--strict")
    assert result.exit_code == 2
    assert "unread value: from-a-spreadsheet.txt:2" in result.stderr


def test_two_builds_with_sources_give_the_same_bytes(run: Run, joined: Bundle) -> None:
    """The order of files on the command line changes nothing."""
    folder = joined.path.parent
    order = [f"mondo={folder / 'sets' / 'others.sssom.tsv'}", f"mondo={folder / 'sets' / 'orphanet.sssom.tsv'}"]
    one = run("build", *(x for source in order for x in ("--source", source)), "-o", "one", "--jobs", "1")
    two = run("build", *(x for source in order[::-1] for x in ("--source", source)), "-o", "two", "--jobs", "1")
    assert (one.exit_code, two.exit_code) == (0, 0)
    assert Path("one/graph.nq").read_bytes() == Path("two/graph.nq").read_bytes()


@pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.name)
def test_each_source_is_described(reader: Reader) -> None:
    """Its graph has a table in ``sources.toml``, its files are there, its texts name the release."""
    sources = assemble_sources().sources
    assert reader.graph in sources
    packaged = {file.name for file in packaged_graph(reader.graph)[1]}
    assert set(reader.replaces) <= packaged
    assert "{version}" in reader.attribution
    assert "{version}" in reader.citation
