"""The page of a disorder: what a family or a clinician reads first, in plain words, and what it says of itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from poh_graph.documents.document import Document, Hint, Items, Link, Paragraph, Text, parts, plain
from poh_graph.documents.genes import Gene, gene_lines
from poh_graph.documents.page_of_lookalikes import what_tells_apart
from poh_graph.documents.show import page
from poh_graph.graph import Graph
from poh_graph.terms import HGNC
from tests.running import Run


@pytest.fixture(scope="module")
def shown(poh: Graph) -> Document:
    """The page of POH."""
    return page(poh, "POH")


def lines_of(document: Document, anchor: str) -> list[Text]:
    """The paragraphs and items of a section."""
    (section,) = [section for section in document.shown() if section.anchor == anchor]
    lines: list[Text] = []
    for block in section.blocks:
        if isinstance(block, Paragraph):
            lines.append(block.text)
        elif isinstance(block, Items):
            lines += block.items
    return lines


def words_of(document: Document, anchor: str) -> list[str]:
    """The same without links."""
    return [*map(plain, lines_of(document, anchor))]


def links_of(document: Document, anchor: str) -> list[Link]:
    """The links of a section."""
    return [part for line in lines_of(document, anchor) for part in parts(line) if isinstance(part, Link)]


def test_the_order_is_that_of_a_reader(shown: Document) -> None:
    """First what a family looks for, then who says what, then what curators need, then what the page says of itself."""
    assert [section.anchor for section in shown.shown()] == [
        *("what-it-is", "at-a-glance", "how-common-it-is", "signs", "what-is-not-part-of-it"),
        *("what-it-overlaps-with", "what-tells-it-apart", "organizations", "trials", "what-is-not-known"),
        *("pages-for-readers", "statements"),
        *("classification", "identifiers", "conflicts"),
        *("about-this-page", "sources"),
    ]


def test_brief_leaves_out_what_only_curators_need(run: Run) -> None:
    """The sources stay, because their licences want to be named."""
    text = run("show", "POH", "--brief").stdout
    for heading in ("Where it stands in the classifications", "Identifiers elsewhere", "Where sources contradict"):
        assert heading not in text
    assert "(c) INSERM 1999, Orphanet, CC BY 4.0, release 2025-07" in text
    assert "What is said of it, and by whom" in text


def test_genes_say_the_kind_of_change_without_a_dangling_word(shown: Document) -> None:
    """Sources end the kind with "in"; the claim with the parent of origin comes first."""
    genes = [line for line in words_of(shown, "at-a-glance") if line.startswith("gene: ")]
    assert genes[0].startswith("gene: GNAS (HGNC:4392): disease-causing germline mutation(s) (loss of function), ")
    assert ", variant of paternal origin (says " in genes[0]
    assert not any(" in (" in line or " in," in line for line in genes)


def test_how_common_it_is_in_words(shown: Document) -> None:
    """A missing number is said to be missing, and by whom; a class is said as one says it."""
    *cases, people = words_of(shown, "how-common-it-is")
    assert cases == [
        "How many cases or families are known, worldwide: Orphanet gives no number (13 papers)",
        "How many cases or families are known, worldwide: 78 cases (says POH graph)",
    ]
    assert people.startswith("How many people live with it (point prevalence), worldwide: fewer than 1 in 1,000,000 ")
    assert people.endswith(", which is less than 0.1 per 100,000 (13 papers) (says Orphanet)")


def test_signs_have_plain_words_and_how_many_of_a_hundred(shown: Document) -> None:
    """Our wording comes before that of HPO; what is not known about a sign is told beside it."""
    lines = words_of(shown, "signs")
    assert "Very frequent, in 80 to 99 of 100 people described (says Orphanet):" in lines
    assert "stiff joints: Limitation of joint mobility (HP:0001376)" in lines
    (sarcoma,) = [line for line in lines if "Sarcoma" in line]
    assert sarcoma.endswith("(see “Risk of sarcoma” under “What is not known”)")
    assert any(line.startswith("Risk of sarcoma. ") for line in words_of(shown, "what-is-not-known"))


def test_lay_words_of_hpo_where_we_have_none(poh: Graph) -> None:
    """Signs that a disorder does not have are said in plain words too."""
    assert "low blood calcium levels: Hypocalcemia (HP:0002901)" in words_of(page(poh, "POH"), "what-is-not-part-of-it")


def test_what_tells_it_apart_stands_by_each_look_alike(shown: Document, poh: Graph) -> None:
    """Only what helps; a disorder without look-alikes has no such section."""
    lines = words_of(shown, "what-tells-it-apart")
    assert "From Fibrodysplasia ossificans progressiva (ORPHA:337) (“there”):" in lines
    assert "malformed great toes at birth: here absent; there present" in lines
    assert not any(line.startswith("short stature") for line in lines)
    assert what_tells_apart(poh, poh.disorder("ORPHA:97593")) == []


def test_organizations_show_their_state_and_the_day_of_the_check(shown: Document) -> None:
    """What is dissolved comes last, and each name leads to what is known of it."""
    lines = words_of(shown, "organizations")
    assert lines[-1].startswith("IPOHA Onlus (IT): ")
    assert lines[-1].endswith("[dissolved 2021-05-21; checked 2026-11-22]")
    assert all("status not verified, last dated sign" in line for line in lines[:-1])
    iris = [link.iri for link in links_of(shown, "organizations")]
    assert {"https://w3id.org/poh-graph/agent/poha", "http://pohdisease.org"} <= set(iris)


def test_trials_begin_with_whether_there_is_one(shown: Document, poh: Graph) -> None:
    """Those of other disorders are told apart from its own; notes for curators stay in the data."""
    lines = words_of(shown, "trials")
    assert lines[0] == "No trial of Progressive osseous heteroplasia is known to us."
    assert lines[1] == "Trials of disorders that it overlaps with, not of this one:"
    assert not any("registered title" in line for line in lines)
    assert any("(machine-readable): https://clinicaltrials.gov/api/" in line for line in lines)
    assert words_of(page(poh, "FOP"), "trials")[0].startswith("NCT02322255 Natural History Study")
    assert "https://www.clinicaltrials.gov/study/NCT02322255" in [link.iri for link in links_of(shown, "trials")]


def test_what_is_not_known_begins_with_what_people_ask(shown: Document) -> None:
    """The course of the disease comes before codes in vocabularies."""
    questions = [line.partition(". ")[0] for line in words_of(shown, "what-is-not-known")]
    assert questions.index("Survival and life expectancy") < questions.index("Code of POH in NANDO")
    assert questions.index("Does vaccination set off bone in POH") < questions.index("Risk of sarcoma")


def test_the_page_says_who_wrote_it_and_when_it_was_checked(shown: Document) -> None:
    """The overview is ours and not reviewed by a clinician; the page is no medical advice."""
    assert words_of(shown, "what-it-is")[-1] == (
        "Written by the project POH graph from the sources named below; no clinician has reviewed it yet."
    )
    lines = words_of(shown, "about-this-page")
    assert "Organizations: last checked on 2026-11-22." in lines
    assert "Trials: last checked on 2026-11-22." in lines
    assert lines[-1].startswith("This page is not medical advice.")


def test_sources_are_those_that_speak_of_it_each_once(shown: Document) -> None:
    """Name and release stand once in a line; a source that says nothing of POH is not named."""
    lines = words_of(shown, "sources")
    licence = "https://creativecommons.org/publicdomain/zero/1.0/"
    assert f"Mondo Disease Ontology, release 2026-08-04, CC0 1.0. Licence: {licence}" in lines
    assert all(line.count("2026-08-04") < 2 for line in lines)
    assert not any("UniProt" in line or "HPO annotations" in line for line in lines)


def test_statements_link_their_papers(shown: Document) -> None:
    """Each paper is a link; what people ask first comes first."""
    assert "http://www.ncbi.nlm.nih.gov/pubmed/11784876" in [link.iri for link in links_of(shown, "statements")]
    assert words_of(shown, "statements")[0] == "First signs:"


def test_commands_are_hints_that_other_forms_can_leave_out(shown: Document) -> None:
    """What only helps in a terminal is told apart from what the page says."""
    told = [block for section in shown.shown() for block in section.blocks if isinstance(block, Paragraph)]
    assert [block for block in told if isinstance(block, Hint)]
    assert not [block for block in told if "poh-graph " in plain(block.text) and not isinstance(block, Hint)]


def test_a_retired_code_says_where_it_lives_on(run: Run) -> None:
    """Albright hereditary osteodystrophy, whose code Orphanet retired."""
    text = " ".join(run("show", "665").stdout.split())
    assert "The code ORPHA:665 is retired. It lives on in Pseudohypoparathyroidism with Albright" in text
    assert "osteodystrophy (ORPHA:457059)." in text


def test_a_disorder_that_no_authority_names(run: Run) -> None:
    """Osteoma cutis is found by the words that people use; its own identifier is of no use to a reader."""
    text = run("show", "osteoma-cutis").stdout
    assert text.startswith("Primary osteoma cutis (poh.disorder:primary-osteoma-cutis)\n")
    assert "Not the same as POH" in text


@pytest.mark.parametrize(
    "arguments",
    [
        *(("show", "POH"), ("compare", "POH", "FOP"), ("why", "POH", "GNAS")),
        *(("audit", "--kind", "phenotype-with-two"), ("queries",), ("validate",)),
    ],
)
def test_text_and_table_are_one_form(run: Run, arguments: tuple[str, ...]) -> None:
    """Pages call their form for people text, tables call it table: either word gets it."""
    assert run(*arguments, "--as", "text").stdout == run(*arguments, "--as", "table").stdout != ""


def test_what_causes_a_disorder_comes_before_what_modifies_it() -> None:
    """Genes of one kind share a line; cystic fibrosis has one gene that causes it and eighteen that modify it."""
    lines = gene_lines(
        [
            Gene(HGNC + "1815", "CEACAM3", "modifying germline mutation", "", ("Orphanet",)),
            Gene(HGNC + "1884", "CFTR", "disease-causing germline mutation(s)", "", ("Orphanet",)),
            Gene(HGNC + "11766", "TGFB1", "modifying germline mutation", "", ("Orphanet",)),
        ]
    )
    assert [*map(plain, lines)] == [
        "CFTR (HGNC:1884): disease-causing germline mutation(s) (says Orphanet)",
        "CEACAM3 (HGNC:1815), TGFB1 (HGNC:11766): modifying germline mutation (says Orphanet)",
    ]


def test_a_shared_gene_says_its_part_on_either_side_where_that_differs(poh: Graph) -> None:
    """A germline variant here and a somatic one there is another likeness than the same kind in both."""
    lines = words_of(page(poh, "PHP1A"), "what-it-overlaps-with")
    (mas,) = [line for line in lines if line.startswith("McCune-Albright syndrome (ORPHA:562)")]
    assert "same gene, GNAS (HGNC:4392) (here disease-causing germline mutation(s) (loss of function); there " in mas
    (pphp,) = [line for line in lines if line.startswith("Pseudopseudohypoparathyroidism (ORPHA:79445)")]
    assert "(here " not in pphp


def test_a_disorder_without_overview_has_orphanets_definition(run: Run, tmp_path: Path) -> None:
    """With whose it is, and that packets leave out commas; the overview of ours comes before it where there is one."""
    release = tmp_path / "release.ttl"
    release.write_text(
        """@prefix biolink: <https://w3id.org/biolink/vocab/> . @prefix ordo: <http://www.orpha.net/ORDO/> .
        @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
        ordo:Orphanet_586 a biolink:Disease ; rdfs:label "Cystic fibrosis"@en ; skos:notation "ORPHA:586" ;
            skos:definition "A disorder of thick mucus."@en ; skos:editorialNote "Without commas."@en .""",
        encoding="utf-8",
    )
    shown = run("show", "Cystic fibrosis", "-s", release)
    assert shown.exit_code == 0, shown.output
    assert "Orphanet's definition: A disorder of thick mucus.\n\nWithout commas." in shown.stdout
