"""Names: every spelling that people use finds its thing, near misses are shown, and nothing ambiguous is chosen."""

from __future__ import annotations

import shutil
from collections import defaultdict
from pathlib import Path

import pyoxigraph as ox
import pytest

from poh_graph.bundle import Bundle
from poh_graph.errors import AmbiguousName, ParameterError, StoreError, UnknownName
from poh_graph.graph import Graph, open_graph
from poh_graph.names import HEADER, Name, NameIndex, fold
from poh_graph.resolve import Resolver, by_name
from poh_graph.store import LocalStore
from poh_graph.terms import BIOLINK, RDF, RDFS, SKOS, graph_iri
from tests.plain_packets import plain_packets
from tests.running import Run

ORDO = "http://www.orpha.net/ORDO/Orphanet_"
AMBIGUOUS = 35
"""The names that two disorders of release 2025-07 have, without regard to case (32 in 2024-12, 41 in 2025-12)."""


def resolver(*rows: tuple[str, str, str]) -> Resolver:
    """A resolver over a store in memory of (subject, property, text or IRI) rows."""
    quads = [
        ox.Quad(
            ox.NamedNode(subject),
            ox.NamedNode(property_),
            ox.NamedNode(value) if value.startswith("http") else ox.Literal(value),
            ox.NamedNode(graph_iri("here")),
        )
        for subject, property_, value in rows
    ]
    return Resolver(LocalStore.in_memory(quads))


def disorder(code: str, label: str, *synonyms: str) -> list[tuple[str, str, str]]:
    """The rows of a disorder of Orphanet."""
    iri = ORDO + code
    names = [(iri, SKOS + "altLabel", name) for name in synonyms]
    return [(iri, RDF + "type", BIOLINK + "Disease"), (iri, RDFS + "label", label), *names]


@pytest.mark.parametrize(
    ("text", "code", "how"),
    [
        ("POH", "2762", "exact"),
        ("poh", "2762", "case"),
        ("Progressive osseous heteroplasia", "2762", "exact"),
        ("  PROGRESSIVE   Osseous\theteroplasia ", "2762", "case"),
        ("progressive osseous-heteroplasia", "2762", "folded"),
        ("familial ECTOPIC ossification", "2762", "case"),
        ("2762", "2762", "identifier"),
        ("ORPHA:2762", "2762", "identifier"),
        ("orpha_2762", "2762", "identifier"),
        ("Orphanet_2762", "2762", "identifier"),
        ("OMIM:166350", "2762", "identifier"),
        ("https://omim.org/entry/166350", "2762", "identifier"),
        ("MONDO:0008153", "2762", "identifier"),
        ("ORPHA2762", "2762", "identifier"),
        ("orpha 2762", "2762", "identifier"),
        ("[ORPHA: 2762]", "2762", "identifier"),
        ("OMIM 166350", "2762", "identifier"),
        ("mim:166350", "2762", "identifier"),
        ("166350", "2762", "identifier"),
        ("#166350", "2762", "identifier"),
        ("C562735", "2762", "identifier"),
        ("mesh c562735", "2762", "identifier"),
        ("c0334041", "2762", "identifier"),
        ("719271000", "2762", "identifier"),
        ("SNOMED CT 719271000", "2762", "identifier"),
        ("GARD:0000109", "2762", "identifier"),
        ("gard:109", "2762", "identifier"),
        ("http://www.orpha.net/consor/cgi-bin/OC_Exp.php?lng=en&Expert=2762", "2762", "identifier"),
        ("https://www.orpha.net/fr/disease/detail/2762?name=poh", "2762", "identifier"),
        ("www.omim.org/entry/166350#clinicalFeatures", "2762", "identifier"),
        ("FOP", "337", "exact"),
        ("PHP1A", "79443", "exact"),
        ("PPHP", "79445", "exact"),
        ("Primary osteoma cutis", "", "exact"),
    ],
)
def test_every_spelling_of_a_disorder_finds_it(poh: Graph, text: str, code: str, how: str) -> None:
    """Label, synonym, abbreviation, code and the codes of others, in any case and spacing."""
    found = poh.resolve(text, kind="disorder")
    assert (found[0].iri.removeprefix(ORDO) if code else "", found[0].how) == (code, how)
    assert len({candidate.iri for candidate in found}) == len(found)


@pytest.mark.parametrize(
    ("text", "kind", "curie"),
    [
        ("GNAS", "gene", "HGNC:4392"),
        ("gnas1", "gene", "HGNC:4392"),
        ("HGNC:4392", "gene", "HGNC:4392"),
        ("Ectopic calcification", "phenotype", "HP:0010766"),
        ("HP_0010766", "phenotype", "HP:0010766"),
        ("P63092", "protein", "UniProtKB:P63092"),
        ("hp 10766", "phenotype", "HP:0010766"),
        ("ensg00000087460", "gene", "HGNC:4392"),
        ("OMIM:139320", "gene", "HGNC:4392"),
        ("nct04551170", "trial", "NCT:NCT04551170"),
    ],
)
def test_other_kinds_of_thing_have_names_too(poh: Graph, text: str, kind: str, curie: str) -> None:
    """Genes, phenotypes and proteins, by names and identifiers."""
    assert [candidate.curie for candidate in poh.resolve(text, kind=kind)] == [curie]


def test_a_kind_keeps_only_its_own(poh: Graph) -> None:
    """What is not of the kind asked for is not given, even if its name fits exactly."""
    assert all(candidate.kind == "gene" for candidate in poh.resolve("POH", kind="gene"))


@pytest.mark.parametrize("text", ["progresive oseous heteroplasia", "Progressive osseus heteroplasya"])
def test_a_slip_of_the_pen_shows_what_is_near(poh: Graph, text: str) -> None:
    """Similar names come with their score, best first, and are never taken for the thing itself."""
    found = poh.resolve(text)
    assert (found[0].iri, found[0].how) == (ORDO + "2762", "similar")
    assert [candidate.score for candidate in found] == sorted((c.score for c in found), reverse=True)
    with pytest.raises(UnknownName) as caught:
        poh.one(text)
    assert "ORPHA:2762 Progressive osseous heteroplasia" in caught.value.candidates


@pytest.mark.parametrize("text", ["?", "zzzzqqqq", "ORPHA:999999999", "12345678", "404074003", "\N{SNOWMAN}"])
def test_what_is_like_nothing_finds_nothing(poh: Graph, text: str) -> None:
    """No candidate is made up; a code that one source alone gives, and no other agrees to, means nothing."""
    assert poh.resolve(text) == []
    with pytest.raises(UnknownName) as caught:
        poh.one(text)
    assert ("identifier" in caught.value.mend) == any(letter.isdigit() for letter in text)


@pytest.mark.parametrize("text", ["", " ", "\t\n"])
def test_a_blank_text_is_told(poh: Graph, run: Run, text: str) -> None:
    """Nobody means nothing: the message says so, in the library and on the command line."""
    for ask in (poh.resolve, poh.one):
        with pytest.raises(ParameterError, match="the text is empty"):
            ask(text)
    result = run("resolve", text)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "Give a name or an identifier." in result.stderr


def test_an_unknown_code_has_a_hint(run: Run) -> None:
    """Whoever asks the packaged graph for another disorder learns how to get them all."""
    result = run("resolve", "99999999")
    assert result.exit_code == 1
    assert "poh-graph build RELEASE.zip" in result.stderr


def test_a_name_of_two_things_is_not_chosen() -> None:
    """All things of the name are shown; with an identifier, or a kind that only one has, there is no doubt."""
    gene = "http://identifiers.org/hgnc/3"
    names = resolver(
        *disorder("1", "One", "MAS"),
        *disorder("2", "Two", "MAS"),
        (gene, RDF + "type", BIOLINK + "Gene"),
        (gene, SKOS + "altLabel", "MAS"),
    )
    with pytest.raises(AmbiguousName) as caught:
        names.one("MAS", kind="disorder")
    assert caught.value.candidates == ("ORPHA:1 One", "ORPHA:2 Two")
    assert "identifiers" in caught.value.mend
    assert [candidate.curie for candidate in names.resolve("MAS")] == ["ORPHA:1", "ORPHA:2", "HGNC:3"]
    assert names.one("MAS", kind="gene").curie == "HGNC:3"
    assert names.one("ORPHA:2").label == "Two"


def test_a_class_of_the_same_name_elsewhere_does_not_hide_orphanets_disorder() -> None:
    """With all of Mondo in the graph most disorders have a class of their name: both are shown, Orphanet's is meant."""
    mondo = "http://purl.obolibrary.org/obo/MONDO_0000009"
    class_ = ((mondo, RDF + "type", BIOLINK + "Disease"), (mondo, RDFS + "label", "One"))
    names = resolver(*disorder("1", "One"), *class_)
    assert [candidate.curie for candidate in names.resolve("One")] == ["MONDO:0000009", "ORPHA:1"]
    assert names.one("One").curie == "ORPHA:1"
    with pytest.raises(AmbiguousName):
        resolver(*disorder("1", "One"), *disorder("2", "One"), *class_).one("One")


def test_an_exact_name_wins_over_one_of_another_case() -> None:
    """``Mas`` and ``MAS`` are two names if somebody writes them so."""
    names = resolver(*disorder("1", "MAS"), *disorder("2", "Mas"))
    assert names.one("MAS").iri == ORDO + "1"
    assert {candidate.iri for candidate in names.resolve("mas")} == {ORDO + "1", ORDO + "2"}


def test_a_code_that_is_exact_to_two_disorders_means_both() -> None:
    """It does not choose between them: both are shown, with whatever else of the name or number there is."""
    omim, exact = "https://omim.org/entry/", SKOS + "exactMatch"
    names = resolver(
        *(row for code in ("1", "2", "3") for row in disorder(code, f"Disorder {code}")),
        (ORDO + "1", exact, omim + "100000"),
        (ORDO + "2", exact, omim + "100000"),
        (ORDO + "3", exact, omim + "200000"),
    )
    assert names.one("OMIM:200000").iri == ORDO + "3"
    assert [candidate.curie for candidate in names.resolve("OMIM:100000")] == ["ORPHA:1", "ORPHA:2"]
    with pytest.raises(AmbiguousName, match="means more than one") as caught:
        names.one("100000")
    assert caught.value.candidates == ("ORPHA:1 Disorder 1", "ORPHA:2 Disorder 2")


def test_a_bare_code_means_what_it_is_in_each_vocabulary() -> None:
    """The number of a disorder at Orphanet may be another's at OMIM."""
    gene = "http://identifiers.org/hgnc/100001"
    names = resolver(
        *disorder("100001", "One"),
        *disorder("2", "Two"),
        (ORDO + "2", SKOS + "exactMatch", "https://omim.org/entry/100001"),
        (gene, RDF + "type", BIOLINK + "Gene"),
        (gene, RDFS + "label", "G"),
    )
    assert [candidate.curie for candidate in names.resolve("100001")] == ["ORPHA:100001", "ORPHA:2", "HGNC:100001"]
    assert [candidate.matched for candidate in names.resolve("100001", kind="disorder")] == [
        "ORPHA:100001",
        "OMIM:100001",
    ]


def test_every_disorder_of_an_ambiguous_name_is_listed() -> None:
    """However many there are: only what is merely near is cut."""
    names = resolver(*(row for code in range(10, 24) for row in disorder(str(code), f"Disorder {code}", "MAS")))
    assert len(names.resolve("MAS")) == 14
    with pytest.raises(AmbiguousName) as caught:
        names.one("MAS")
    assert len(caught.value.candidates) == 14
    assert len(names.resolve("Disorde")) == 10


def test_a_narrower_code_shows_what_includes_it() -> None:
    """A code that means only a part of a disorder does not mean it, but leads to it, before names that are like it."""
    names = resolver(*disorder("1", "One"), (ORDO + "1", SKOS + "narrowMatch", "https://omim.org/entry/300000"))
    for text in ("OMIM:300000", "300000"):
        assert [(c.curie, c.how, c.is_certain) for c in names.resolve(text)] == [("ORPHA:1", "narrowMatch", False)]
        with pytest.raises(UnknownName) as caught:
            names.one(text)
        assert caught.value.candidates == ("ORPHA:1 One",)


def test_the_name_of_a_class_elsewhere_finds_the_disorder_that_it_is_exact_to() -> None:
    """Mondo's name for a disorder is a name of that disorder, unless its class is exact to two."""
    mondo = "http://purl.obolibrary.org/obo/MONDO_"
    rows = [*disorder("1", "One"), *disorder("2", "Two"), *disorder("3", "Three")]
    for code, of, name in (("1", "1", "Mondo's one"), ("5", "2", "Mondo's both"), ("5", "3", "Mondo's both")):
        rows.append((mondo + code, RDF + "type", BIOLINK + "Disease"))
        rows += [(mondo + code, RDFS + "label", name), (ORDO + of, SKOS + "exactMatch", mondo + code)]
    names = resolver(*rows)
    assert (names.one("MONDO'S ONE").iri, names.one("Mondo:1").label) == (ORDO + "1", "One")
    assert (names.one("Mondo's both").iri, names.one("MONDO:5").iri) == (mondo + "5", mondo + "5")


@pytest.mark.parametrize(
    ("text", "curie"),
    [
        ("Munchmeyer disease", "ORPHA:337"),
        ("MÜNCHMEYER DISEASE", "ORPHA:337"),
        ("Mu\N{COMBINING DIAERESIS}nchmeyer disease", "ORPHA:337"),
        ("sjogren larsson", "ORPHA:816"),
    ],
)
def test_diacritics_may_be_left_out_or_written_otherwise(text: str, curie: str) -> None:
    """A name is found without its diacritics, and in either of Unicode's ways to write them."""
    names = resolver(*disorder("337", "FOP", "Münchmeyer disease"), *disorder("816", "Sjögren-Larsson"))
    assert names.one(text).curie == curie


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("heteroplasia, progressive osseous", "ORPHA:2762"),
        ("osseous heteroplasia", "ORPHA:2762"),
        ("progressive osseus", "ORPHA:2762"),
        ("fibrodysplasia oss", "ORPHA:337"),
        ("progressive oss", "ORPHA:2762"),
        ("progr", "ORPHA:2762"),
        ("fibrod", "ORPHA:337"),
        ("stone men syndrom", "ORPHA:337"),
        ("pseudopseudohypoparathyroidsm", "ORPHA:79445"),
        ("PPHPP", "ORPHA:79445"),
    ],
)
def test_what_is_meant_comes_first_among_what_is_near(poh: Graph, text: str, first: str) -> None:
    """Words in another order, words left out, a beginning, and slips in any of these."""
    found = poh.resolve(text)
    assert (found[0].curie, found[0].how) == (first, "similar")


def test_a_kind_is_near_though_names_of_other_kinds_are_nearer(poh: Graph) -> None:
    """Near misses are looked for among the things of the kind."""
    found = poh.resolve("progressive osseous heteroplasi", kind="organization")
    assert found[0].curie == "poh.agent:poha"
    assert {candidate.kind for candidate in found} == {"organization"}


def test_the_index_of_a_bundle_is_what_a_scan_of_its_store_gives(bundle: Bundle) -> None:
    """The file holds the names of the store, sorted, and both ways of finding them give the same candidates."""
    store = LocalStore.read_only(bundle.store)
    lines = bundle.names.read_text(encoding="utf-8").splitlines()
    assert lines[0] == HEADER
    assert lines[1:] == sorted(lines[1:]) == NameIndex.of(store).lines
    by_file, by_scan = Resolver(store, bundle.names), Resolver(store)
    for text in ("POH", "poh", "stone man syndrome", "HP:0010766", "gnas1", "progresive oseous", "MONDO:0008153", "?"):
        assert by_file.resolve(text) == by_scan.resolve(text)


def test_a_bundle_without_index_of_names_is_scanned(bundle: Bundle, tmp_path: Path) -> None:
    """Bundles of older programs have none; one of another layout is not read."""
    old = Bundle(tmp_path / "old")
    shutil.copytree(bundle.path, old.path)
    old.names.write_text("another\tlayout\nPOH\tORPHA:337\n", encoding="utf-8")
    assert open_graph(old.path).resolve("POH")[0].curie == "ORPHA:2762"
    old.names.unlink()
    assert open_graph(old.path).resolve("POH")[0].curie == "ORPHA:2762"


@pytest.mark.parametrize("content", [HEADER.encode() + b"\npoh\tPOH\n", b"\xff\xfe"])
def test_a_damaged_index_is_told(bundle: Bundle, tmp_path: Path, content: bytes) -> None:
    """A line that lacks columns, or bytes that are no text, name the mend."""
    file = tmp_path / "names.tsv"
    file.write_bytes(content)
    with pytest.raises(StoreError, match="damaged") as caught:
        Resolver(LocalStore.read_only(bundle.store), file).resolve("POH")
    assert "Build" in caught.value.mend


def test_an_identifier_needs_no_index(bundle: Bundle, tmp_path: Path) -> None:
    """Codes of all kinds are looked up in the store: a damaged index is not even opened."""
    file = tmp_path / "names.tsv"
    file.write_bytes(b"\xff")
    graph = Graph(LocalStore.read_only(bundle.store), file)
    for text in ("ORPHA:2762", "2762", "orphanet_2762", "OMIM:166350", "http://www.orpha.net/ORDO/Orphanet_2762"):
        assert graph.disorder(text).label == "Progressive osseous heteroplasia"
    assert graph.query("genes", "ORPHA:2762").rows()
    assert graph.one("PMID:11784876").endswith("/11784876")


def test_a_name_with_tabs_and_lines_is_one_cell() -> None:
    """White space of any kind in a name is a space, in the index and in what is typed."""
    names = resolver(*disorder("1", "One\ttwo\nthree\u2028four"))
    assert names.names.lines == [f"one two three four\tOne two three four\tdisorder\tOne two three four\t{ORDO}1"]
    assert names.one("One  two\nthree four").how == "exact"


def test_every_name_that_two_disorders_of_a_release_have_gives_both(releases: Path) -> None:
    """Counted over the packets as JSON: no candidate of an ambiguous name is lost, and none of them is chosen."""
    meant: dict[str, set[str]] = defaultdict(set)
    names = []
    for packet in plain_packets(releases / "orphapacket-2025-07.zip"):
        synonyms = [entry["Synonym"] for entry in packet.get("Synonyms") or []]
        code, label = str(packet["ORPHAcode"]), packet["Label"]
        for name in (label, *synonyms):
            meant[name.casefold()].add(ORDO + code)
            names.append(Name(fold(name), name, "disorder", label, ORDO + code))
    index = NameIndex(names)
    ambiguous = {name: things for name, things in meant.items() if len(things) > 1}
    assert len(ambiguous) == AMBIGUOUS
    for name, things in ambiguous.items():
        assert {candidate.iri for candidate in by_name(index, name)} >= things
    assert {candidate.curie for candidate in by_name(index, "RAE")} == {"ORPHA:100057", "ORPHA:673574"}


def test_things_that_nobody_names_are_known_by_their_iri(poh: Graph) -> None:
    """A paper or a statement is found by its full IRI or CURIE, if the graph speaks of it."""
    assert poh.one("PMID:11784876") == "http://www.ncbi.nlm.nih.gov/pubmed/11784876"
    with pytest.raises(UnknownName):
        poh.one("PMID:1")


def test_only_so_many_spellings_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that is asked for years holds no more than that, and still finds what it has forgotten."""
    monkeypatch.setattr("poh_graph.resolve.MOST_REMEMBERED", 2)
    names = resolver(*disorder("1", "One"))
    for spelling in ("ORPHA:1", "orpha:1", "orpha 1", "ORPHA:1"):
        assert names.by_identifier(spelling)[0].iri == ORDO + "1"
        assert len(names._identified) <= 2
