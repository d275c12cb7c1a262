"""The Human Phenotype Ontology as OBO (``hp.obo``) or OBO Graphs (``hp.json``).

Source: https://hpo.jax.org/data/ontology. Taken are the words of each term, what stands above it by ``is_a``, and what
became of it; not who wrote them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import orjson

from poh_graph.errors import InputError
from poh_graph.records.hpo import Synonym, Term
from poh_graph.records.problems import Problem
from poh_graph.records.sources import Edition, FileEnd
from poh_graph.sources.hpo_terms import SCOPES, TermDraft, edition
from poh_graph.sources.obo import OboFile, Stanza

_IRI = re.compile(r"http://purl\.obolibrary\.org/obo/(HP)_([0-9]+)")
_OBO_IN_OWL = "http://www.geneontology.org/formats/oboInOwl#"
_REPLACED_BY = "http://purl.obolibrary.org/obo/IAO_0100001"
_JSON_SCOPES = {f"has{scope.capitalize()}Synonym": scope for scope in SCOPES}


def is_hpo(_: Path, head: bytes) -> bool:
    """Whether a file begins as OBO with terms of HPO, or as OBO Graphs of it."""
    if head.lstrip(b"\xef\xbb\xbf \r\n").startswith(b"{"):
        return b'"graphs"' in head and b"/obo/hp" in head
    return b"\ndata-version: hp/" in head or (b"format-version:" in head and b"human_phenotype" in head)


def read_hpo(path: Path) -> Iterator[Edition | Term | Problem | FileEnd]:
    """The terms of a release. Rows are stanzas of OBO, or nodes of OBO Graphs.

    Raises:
        InputError: if the file cannot be read, is neither format, or is cut short.
    """
    with _opened(path) as file:
        is_json = file.read(64).lstrip(b"\xef\xbb\xbf \r\n").startswith(b"{")
    yield from _read_graphs(path) if is_json else _read_obo(path)


def _opened(path: Path) -> Any:
    try:
        return path.open("rb")
    except OSError as error:
        raise InputError(f"{path} cannot be read ({error.strerror}).", mend="Check the file and its rights.") from None


# --- OBO ---


def _read_obo(path: Path) -> Iterator[Edition | Term | Problem | FileEnd]:
    file = OboFile(path)
    version, license_ = "", None
    for clause in file.header:
        tag, value = clause.raw_tag(), clause.raw_value()
        if tag == "data-version":
            version = value
        elif tag == "property_value" and value.startswith(("terms:license ", "dcterms:license ")):
            license_ = value.split()[1].strip('"')
    yield edition(version, license_, "hp.obo")
    for found in file.terms():
        if isinstance(found, Problem):
            yield found
        else:
            yield from _draft(found, path.name).finish()
    yield FileEnd(file.stanzas)


def _draft(stanza: Stanza, file: str) -> TermDraft:
    draft = TermDraft(stanza.id, f"{file}:{stanza.line}", stanza.line)
    for clause in stanza.clauses:
        take = _CLAUSES.get(clause.raw_tag())
        if take is not None:
            take(draft, clause)
    return draft


def _take_synonym(draft: TermDraft, clause: Any) -> None:
    found = clause.synonym
    draft.synonyms.append(Synonym(found.desc, SCOPES[found.scope], str(found.type) if found.type else ""))


_CLAUSES: dict[str, Callable[[TermDraft, Any], None]] = {
    "name": lambda draft, clause: setattr(draft, "label", clause.name),
    "def": lambda draft, clause: setattr(draft, "definition", clause.definition),
    "synonym": _take_synonym,
    "is_a": lambda draft, clause: draft.parents.append(str(clause.term)),
    "alt_id": lambda draft, clause: draft.alternatives.append(str(clause.alt_id)),
    "subset": lambda draft, clause: draft.subsets.append(str(clause.subset)),
    "xref": lambda draft, clause: draft.cross_references.append(str(clause.xref.id)),
    "is_obsolete": lambda draft, clause: setattr(draft, "obsolete", clause.obsolete),
    "replaced_by": lambda draft, clause: draft.replaced_by.append(str(clause.term)),
    "consider": lambda draft, clause: draft.consider.append(str(clause.term)),
}
"""The clauses that are taken: the others are for editors, or say who wrote a term."""


# --- OBO Graphs ---


def _read_graphs(path: Path) -> Iterator[Edition | Term | Problem | FileEnd]:
    with _opened(path) as file:
        text = file.read()
    try:
        graphs = orjson.loads(text.removeprefix(b"\xef\xbb\xbf"))["graphs"]
        nodes, meta = graphs[0]["nodes"], graphs[0].get("meta", {})
        parents = _parents(graphs[0].get("edges", []))
        licenses = [value["val"] for value in meta.get("basicPropertyValues", ()) if value["pred"].endswith("/license")]
    except orjson.JSONDecodeError as error:
        at_end = error.pos >= len(error.doc) - 1 or not error.doc
        what = "it is cut short" if at_end or not text.rstrip().endswith(b"}") else "it is no JSON"
        raise InputError(f"{path}: {what} (line {error.lineno}: {error.msg}).", mend="Download it again.") from None
    except (KeyError, IndexError, TypeError, AttributeError):
        message = f"{path} is no OBO Graphs: its graph has no nodes, or edges or metadata of another form."
        raise InputError(message, mend="Is it the right file, such as hp.json?") from None
    yield edition(meta.get("version", ""), licenses[0] if licenses else None, "hp.json")
    for number, node in enumerate(nodes, start=1):
        place = f"{path.name}:{number}"
        try:
            draft = _draft_of_node(node, place, number, parents)
        except (KeyError, TypeError, AttributeError) as error:
            yield Problem(place, "unexpected shape", f"a node that is no OBO Graphs: {error!r}")
            continue
        yield from draft.finish()
    yield FileEnd(len(nodes))


def _parents(edges: list[dict[str, str]]) -> dict[str, list[str]]:
    parents: dict[str, list[str]] = {}
    for edge in edges:
        if edge["pred"] == "is_a":
            parents.setdefault(edge["sub"], []).append(_curie(edge["obj"]))
    return parents


def _draft_of_node(node: dict[str, Any], place: str, number: int, parents: dict[str, list[str]]) -> TermDraft:
    meta = node.get("meta", {})
    draft = TermDraft(_curie(node["id"]), place, number, label=node.get("lbl", ""))
    draft.definition = meta.get("definition", {}).get("val", "")
    draft.parents = parents.get(node["id"], [])
    draft.obsolete = bool(meta.get("deprecated", False))
    draft.subsets = [_local(subset) for subset in meta.get("subsets", ())]
    draft.cross_references = [reference["val"] for reference in meta.get("xrefs", ())]
    for found in meta.get("synonyms", ()):
        scope = _JSON_SCOPES.get(found["pred"])
        if scope is None:
            draft.unread.append(f"synonym of the kind {found['pred']!r}: expected {', '.join(_JSON_SCOPES)}")
        else:
            draft.synonyms.append(Synonym(found["val"], SCOPES[scope], _local(found.get("synonymType", ""))))
    for value in meta.get("basicPropertyValues", ()):
        if value["pred"] == f"{_OBO_IN_OWL}hasAlternativeId":
            draft.alternatives.append(_curie(value["val"]))
        elif value["pred"] == f"{_OBO_IN_OWL}consider":
            draft.consider.append(_curie(value["val"]))
        elif value["pred"] == _REPLACED_BY:
            draft.replaced_by.append(_curie(value["val"]))
    words = (draft.label, draft.definition, *draft.cross_references, *(synonym.text for synonym in draft.synonyms))
    if not all(isinstance(word, str) for word in words):
        raise TypeError("a text that is none")
    return draft


def _curie(iri: str) -> str:
    """The CURIE of a term; what is no term of HPO stays as it is."""
    found = _IRI.fullmatch(iri)
    return f"{found[1]}:{found[2]}" if found else iri


def _local(iri: str) -> str:
    """The name of a subset or of a type of synonym without its namespace, as OBO writes it.

    >>> _local("http://purl.obolibrary.org/obo/hp#layperson"), _local("http://purl.obolibrary.org/obo/HP_0034334")
    ('layperson', 'HP:0034334')
    """
    return _curie(iri).rpartition("#")[2]
