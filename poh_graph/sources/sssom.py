"""Mapping sets in SSSOM's TSV: metadata in comment lines or in a file beside it, then a table.

Source: the Simple Standard for Sharing Ontological Mappings, https://mapping-commons.github.io/sssom/. The library for
it drops rows with an unknown prefix or without justification in silence, and takes 17 seconds for the 127,000 rows of
Mondo that are read here in 3; a test compares what the two read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from poh_graph.errors import InputError
from poh_graph.records.mappings import Mapping, MappingSet
from poh_graph.records.problems import Problem, ProblemKind
from poh_graph.records.sources import Edition, FileEnd, Prefixes
from poh_graph.sources.table import Cells, Table

_REQUIRED = ("subject_id", "predicate_id", "object_id", "mapping_justification")

COLUMNS = frozenset({
    *("author_id", "author_label", "cardinality_scope", "comment", "confidence", "creator_id", "creator_label"),
    *("curation_rule", "curation_rule_text", "issue_tracker_item", "license", "mapping_cardinality", "mapping_date"),
    *("mapping_justification", "mapping_provider", "mapping_source", "mapping_tool", "mapping_tool_id"),
    *("mapping_tool_version", "match_string", "object_category", "object_id", "object_label", "object_match_field"),
    *("object_preprocessing", "object_source", "object_source_version", "object_type", "other", "predicate_id"),
    *("predicate_label", "predicate_modifier", "predicate_type", "publication_date", "record_id", "review_date"),
    *("reviewer_agreement", "reviewer_id", "reviewer_label", "see_also", "semantic_similarity_measure"),
    *("semantic_similarity_score", "similarity_measure", "similarity_score", "subject_category", "subject_id"),
    *("subject_label", "subject_match_field", "subject_preprocessing", "subject_source", "subject_source_version"),
    *("subject_type",),
})  # fmt: skip
"""The slots of a mapping in SSSOM 1.1. Persons (authors, reviewers, creators) are not taken over."""

PREDICATES = frozenset({
    *("skos:exactMatch", "skos:closeMatch", "skos:broadMatch", "skos:narrowMatch", "skos:relatedMatch"),
    "oboInOwl:hasDbXref",
})  # fmt: skip
"""The relations that the model has: others would be statements that no query asks for."""

NO_TERM = "sssom:NoTermFound"

_BUILT_IN = {
    "owl": "http://www.w3.org/2002/07/owl#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "semapv": "https://w3id.org/semapv/vocab/",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "sssom": "https://w3id.org/sssom/",
}
"""The prefixes that a set need not declare."""

_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_CONFIDENCE = re.compile(r"0|0?[.]\d+|1([.]0+)?")


class _UnusableError(Exception):
    """A row cannot become a mapping: the kind of problem, and what was expected and found."""

    def __init__(self, kind: ProblemKind, message: str) -> None:
        super().__init__(message)
        self.kind: ProblemKind = kind


def read_mapping_set(path: Path, prefixes: Prefixes) -> Iterator[Edition | MappingSet | Mapping | Problem | FileEnd]:
    """The edition, the set and the rows of a file, each row as a mapping or as a problem.

    Raises:
        InputError: if it cannot be read, is cut short, lacks a column, or its metadata are no YAML or lack its id.
    """
    table = Table(path)
    table.require(*_REQUIRED)
    metadata = _metadata(table)
    found = _mapping_set(metadata, path)
    yield Edition(found.version, found.issued, found.license, _address(metadata.get("mapping_set_version")) or found.id)
    yield found
    yield from table.unknown(COLUMNS)
    rows = _Rows(found.id, _curie_map(metadata), prefixes)
    for row in table.read():
        if isinstance(row, Problem):
            yield row
            continue
        try:
            yield rows.mapping(row)
        except _UnusableError as error:
            yield Problem(f"{path.name}:{row.line}", error.kind, str(error))
    yield FileEnd(table.rows)


@dataclass
class _Rows:
    """Turns the rows of one set into mappings."""

    set: str
    curie_map: dict[str, str]
    prefixes: Prefixes
    _known: dict[str, str] = field(default_factory=dict)

    def mapping(self, row: Cells) -> Mapping:
        """The mapping of a row.

        Raises:
            _UnusableError: if a cell that every mapping has is empty, or cannot be understood.
        """
        cells = row.cells
        for column in _REQUIRED:
            if not cells[column].strip():
                raise _UnusableError("missing value", f"{column} is empty; every mapping has one")
        if NO_TERM in (cells["subject_id"], cells["object_id"]):
            raise _UnusableError("out of scope", f"{NO_TERM}: the row says that there is no mapping")
        predicate = self._curie(cells["predicate_id"])
        if predicate not in PREDICATES:
            raise _UnusableError("unknown value", f"predicate_id {predicate}: expected {', '.join(sorted(PREDICATES))}")
        modifier = cells.get("predicate_modifier", "")
        if modifier not in ("", "Not"):
            raise _UnusableError("unknown value", f'predicate_modifier {modifier!r}: expected nothing or "Not"')
        return Mapping(
            subject=self._curie(cells["subject_id"]),
            predicate=predicate,
            object=self._curie(cells["object_id"]),
            justification=self._curie(cells["mapping_justification"]),
            set=self.set,
            subject_label=cells.get("subject_label", ""),
            object_label=cells.get("object_label", ""),
            negated=modifier == "Not",
            confidence=_confidence(cells.get("confidence", "")),
            line=row.line,
        )

    def _curie(self, written: str) -> str:
        """The canonical CURIE of an identifier as the set writes it."""
        known = self._known.get(written)
        if known is None:
            known = self._known[written] = self._canonical(written.strip())
        return known

    def _canonical(self, written: str) -> str:
        prefix, colon, local = written.partition(":")
        namespace = self.curie_map.get(prefix)
        if not colon or namespace is None:
            raise _UnusableError("unknown prefix", f"{written!r}: its prefix is not in the curie_map of the set")
        curie = self.prefixes.compress(namespace + local)
        if curie is None:
            message = f"{written!r} is <{namespace + local}>, of a vocabulary that ontology/prefixes.json does not have"
            raise _UnusableError("unknown prefix", message)
        if not self.prefixes.is_well_formed(curie):
            raise _UnusableError("malformed identifier", f"{written!r} has not the form of an identifier of {prefix}")
        return curie


def _confidence(written: str) -> str:
    """A number from 0 to 1, as written; empty if there is none.

    Raises:
        _UnusableError: if it is something else.
    """
    if written and not _CONFIDENCE.fullmatch(written):
        raise _UnusableError("unknown value", f"confidence {written!r}: expected a decimal from 0 to 1")
    return written


def _metadata(table: Table) -> dict[str, object]:
    """The metadata of a set: those of a file beside it (NAME.sssom.yml), and over them those of its comment lines.

    All values are texts: YAML would make a date of a version such as 2026-07-01.
    """
    found: dict[str, object] = {}
    for ending in (".yml", ".yaml"):
        beside = table.path.with_suffix(ending)
        if beside.is_file():
            found |= _yaml(beside.read_text(encoding="utf-8"), beside)
    return found | _yaml("\n".join(line.removeprefix("#") for line in table.preamble), table.path)


def _yaml(text: str, path: Path) -> dict[str, object]:
    import yaml

    try:
        found = yaml.load(text, Loader=yaml.CBaseLoader)  # noqa: S506 - the base loader makes texts, lists and objects only
    except yaml.YAMLError as error:
        first = str(error).splitlines()[0]
        raise InputError(
            f"{path}: the metadata are no YAML ({first}).", mend="Correct the lines that begin with #."
        ) from None
    return found if isinstance(found, dict) else {}


def _text(metadata: dict[str, object], slot: str) -> str | None:
    found = metadata.get(slot)
    return found.strip() or None if isinstance(found, str) else None


def _address(value: object) -> str | None:
    return value if isinstance(value, str) and value.startswith(("http://", "https://")) else None


def _curie_map(metadata: dict[str, object]) -> dict[str, str]:
    declared = metadata.get("curie_map")
    pairs = declared.items() if isinstance(declared, dict) else ()
    return _BUILT_IN | {prefix: namespace for prefix, namespace in pairs if isinstance(namespace, str)}


def _mapping_set(metadata: dict[str, object], path: Path) -> MappingSet:
    """The set; of a version that is an address only the day is its version, if it holds one.

    Raises:
        InputError: if the set does not say its id: then nobody knows which set it is.
    """
    name = _address(metadata.get("mapping_set_id"))
    if name is None:
        raise InputError(
            f"{path} has no mapping_set_id, by which a mapping set names itself.",
            mend="Add it to the comment lines at its head, as an IRI; is it SSSOM?",
        )
    version = _text(metadata, "mapping_set_version")
    day = _DAY.search(version or _text(metadata, "mapping_date") or "")
    return MappingSet(
        id=name,
        version=day[0] if day and _address(version) else version,
        issued=_date(day[0]) if day else None,
        license=_address(metadata.get("license")),
        title=_text(metadata, "mapping_set_title"),
        comment=_text(metadata, "comment") or _text(metadata, "mapping_set_description"),
        subject_source=_text(metadata, "subject_source"),
        object_source=_text(metadata, "object_source"),
        object_source_version=_text(metadata, "object_source_version"),
    )


def _date(day: str) -> date | None:
    try:
        return date.fromisoformat(day)
    except ValueError:
        return None
