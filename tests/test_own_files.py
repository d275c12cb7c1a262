"""RDF files of the user's: the graphs that they make, and what is said of their terms."""

from __future__ import annotations

from pathlib import Path

import pytest

from poh_graph.building.assemble import Assembly, assemble
from poh_graph.errors import InputError
from poh_graph.source_table import Source
from poh_graph.terms import ONTOLOGY, graph_iri

CC_BY = "https://creativecommons.org/licenses/by/4.0/"
RELEASE = """
<https://w3id.org/poh-graph/release/{of}/{version}-00000000> a <{ontology}Release> ;
    <http://purl.org/dc/terms/isVersionOf> <{graph}> ; <http://www.w3.org/ns/dcat#version> "{version}" .
"""


def release(of: str, version: str) -> str:
    """A release of a named graph as ``diff --as trig`` writes it."""
    return RELEASE.format(of=of, version=version, ontology=ONTOLOGY, graph=graph_iri(of))


def changes(*releases: str, graph: str = "changes") -> str:
    """A graph of changes that lie between releases."""
    return f"<{graph_iri(graph)}> {{ {''.join(releases)} }}"


def made(path: Path, text: str) -> Assembly:
    """The packaged graph with a file of this text."""
    path.write_text(text, encoding="utf-8")
    return assemble([path])


ORPHANET = changes(release("orphanet", "2022-11-28"), release("orphanet", "2023-12-06"))


def source_of_changes(path: Path, text: str = ORPHANET) -> Source:
    """What is said of the graph of changes in a file."""
    return made(path, text).sources["changes"]


@pytest.mark.parametrize("name", ["changes.trig", "orphanet.trig", "My updates.trig", "2023.12.trig"])
def test_a_graph_of_changes_is_known_by_its_content(tmp_path: Path, name: str) -> None:
    """Whatever its file is called, it has the licence and the rights holder of the source whose releases it names."""
    source = source_of_changes(tmp_path / name)
    assert (source.label, source.version) == ("Changes of Orphanet", "2023-12-06")
    assert (source.license, source.rights) == (CC_BY, None)
    assert source.rights_holder == "https://w3id.org/poh-graph/agent/inserm"
    assert "INSERM" in source.citation
    assert [iri.rpartition("/")[2] for iri in source.derived_from[1:]] == ["2022-11-28-00000000", "2023-12-06-00000000"]


def test_a_file_of_triples_that_are_changes_is_known_too(tmp_path: Path) -> None:
    """Its graph has the name of the file."""
    assert made(tmp_path / "news.ttl", release("hgnc", "2026")).sources["news"].label == "Changes of HGNC"


def test_changes_of_sources_with_different_terms_name_the_terms_of_each(tmp_path: Path) -> None:
    """No licence is said of the whole that does not hold for a part."""
    source = source_of_changes(tmp_path / "all.trig", changes(release("orphanet", "1"), release("hgnc", "2")))
    assert (source.license, source.rights_holder) == (None, None)
    assert source.rights == f"HGNC: https://creativecommons.org/publicdomain/zero/1.0/; Orphanet: {CC_BY}"


def test_of_changes_of_an_unknown_source_no_terms_are_said(tmp_path: Path) -> None:
    """As of any other file."""
    source = made(tmp_path / "some.ttl", release("orphanet", "1") + release("elsewhere", "2")).sources["some"]
    assert (source.label, source.license, source.rights) == ("some.ttl", None, "Not stated: a local file.")


def test_two_files_of_changes_make_one_graph(tmp_path: Path) -> None:
    """It is described with both."""
    for name, of in {"one.trig": "hgnc", "two.trig": "mondo"}.items():
        (tmp_path / name).write_text(changes(release(of, "1")), encoding="utf-8")
    assembly = assemble([tmp_path / "one.trig", tmp_path / "two.trig"])
    assert assembly.sources["changes"].label == "Changes of HGNC and Mondo"
    files = [(file.graph, file.name) for file in assembly.files if file.graph == "changes"]
    assert files == [("changes", "one.trig"), ("changes", "two.trig")]


@pytest.mark.parametrize(
    ("name", "text", "message", "mend"),
    [
        ("orphanet.ttl", '<x:s> <x:p> "o" .', "has its own source", "another name"),
        ("orphanet.trig", '<x:s> <x:p> "o" .', "has its own source", "another name"),
        ("mine.trig", '<http://example.org/g> { <x:s> <x:p> "o" }', "has no source", "Leave the graph out"),
    ],
)
def test_a_file_that_has_no_graph_of_its_own_is_refused(
    tmp_path: Path, name: str, text: str, message: str, mend: str
) -> None:
    """Nothing is put among what a source says, nor into a graph that nobody describes."""
    with pytest.raises(InputError, match=message) as caught:
        made(tmp_path / name, text)
    assert mend in caught.value.mend
