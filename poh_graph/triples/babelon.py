"""Translations of HPO's words as statements of the graph ``hpo-translations``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from hashlib import sha256

from poh_graph.records.translations import OFFICIAL, Translation
from poh_graph.terms import BASE, graph_iri
from poh_graph.triples.mappings import identifier_key
from poh_graph.triples.nquads import (
    ALT_LABEL,
    DEFINITION,
    LABEL,
    OBJECT,
    PREDICATE,
    SUBJECT,
    A,
    hpo,
    iri,
    poh,
    text,
)
from poh_graph.triples.world import World

GRAPH = "hpo-translations"
_END = f" {iri(graph_iri(GRAPH))} .\n"
_PROPERTIES = {"label": LABEL, "definition": DEFINITION, "synonym": ALT_LABEL}


def babelon_lines(records: Iterable[Translation], _: World) -> Iterator[str]:
    """Each translation with its status; those that are official and exact are words of the term as well.

    Of several official labels in one language the first is the label, the others are synonyms.
    """
    labelled: set[tuple[str, str]] = set()
    for record in records:
        yield from _statement_lines(record)
        if record.status != OFFICIAL or record.precision not in ("", "EXACT"):
            continue
        said = _PROPERTIES[record.kind]
        if record.kind == "label":
            if (record.subject, record.language) in labelled:
                said = ALT_LABEL
            labelled.add((record.subject, record.language))
        yield f"{hpo(record.subject)} {said} {text(record.text)}@{record.language}{_END}"


def _statement_lines(record: Translation) -> Iterator[str]:
    digest = sha256(f"{record.status}\n{record.original}\n{record.text}".encode()).hexdigest()[:8]
    key = f"{identifier_key(record.subject)}-{record.kind}-{record.language}-{digest}"
    node = f"<{BASE}statement/{GRAPH}/{key}>"
    yield f"{node} {A} {poh('Translation')}{_END}"
    yield f"{node} {SUBJECT} {hpo(record.subject)}{_END}"
    yield f"{node} {PREDICATE} {_PROPERTIES[record.kind]}{_END}"
    yield f"{node} {OBJECT} {text(record.text)}@{record.language}{_END}"
    if record.original:
        yield f"{node} {poh('translationOf')} {text(record.original)}@{record.original_language}{_END}"
    for name, value in (
        ("translationStatus", record.status),
        ("translatorExpertise", record.expertise),
        ("translationPrecision", record.precision),
    ):
        if value:
            yield f"{node} {poh(name)} {text(value)}{_END}"
