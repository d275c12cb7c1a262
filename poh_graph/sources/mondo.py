"""Mondo's mapping sets: SSSOM whose subjects are classes of Mondo.

Source: https://github.com/monarch-initiative/mondo, src/ontology/mappings/mondo_*.sssom.tsv; CC0 1.0.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from poh_graph.records.mappings import Mapping, MappingSet
from poh_graph.records.problems import Problem
from poh_graph.records.sources import Edition, FileEnd, Prefixes
from poh_graph.sources.sssom import read_mapping_set

_SET = b"/obo/mondo/mappings/"
"""A part of the mapping_set_id of each set; those that Mondo only ingests from others have another."""


def is_mondo_set(_: Path, head: bytes) -> bool:
    """Whether a file begins as one of Mondo's mapping sets."""
    return b"mapping_set_id:" in head and _SET in head


def read_mondo_set(path: Path, prefixes: Prefixes) -> Iterator[Edition | MappingSet | Mapping | Problem | FileEnd]:
    """What a mapping set holds; a row whose subject is no class of Mondo is a problem.

    Raises:
        InputError: as :func:`poh_graph.sources.sssom.read_mapping_set`.
    """
    for record in read_mapping_set(path, prefixes):
        if isinstance(record, Mapping) and not record.subject.startswith("MONDO:"):
            message = f"the subject {record.subject} is no class of Mondo: Mondo does not say this"
            yield Problem(f"{path.name}:{record.line}", "out of scope", message)
        else:
            yield record
