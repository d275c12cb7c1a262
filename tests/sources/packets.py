"""A small packet of our own to make others from, and ways to damage one."""

from __future__ import annotations

import copy
import random
from typing import Any

import orjson
from hypothesis import strategies as st

from poh_graph.records.orphanet import Record
from poh_graph.records.problems import Problem
from poh_graph.sources.orphapacket import parse_packet

PACKET: dict[str, Any] = {
    "ORPHApacketId": "99",
    "creationDate": "2025-12-09 10:41:42",
    "version": "1.3.42 / 4.1.8 [2025-03-03]",
    "copyright": "Orphanet (c) 2025",
    "ORPHAcode": "99",
    "Label": "Test disorder",
    "PURL": "http://www.orpha.net/ORDO/Orphanet_99",
    "DisorderType": {"value": "Disease", "PURL": "http://www.orpha.net/ORDO/Orphanet_377788"},
    "Synonyms": [{"Synonym": "TD"}],
    "ExternalReferences": [
        {
            "Source": "OMIM",
            "Reference": "100001",
            "DisorderMappingRelation": "E (Exact mapping: the two concepts are equivalent)",
        }
    ],
    "TextSection": {"TextSectionType": "Definition", "Contents": "A disorder for tests with <i>GNAS</i>."},
    "Genes": [
        {
            "Gene": {
                "Symbol": "GNAS",
                "Name": "GNAS complex locus",
                "ExternalReferences": [
                    {"Source": "ClinVar", "Reference": "GNAS"},
                    {"Source": "HGNC", "Reference": "4392"},
                    {"Source": "OMIM", "Reference": "139320"},
                ],
                "DisorderGeneAssociationType": "Disease-causing germline mutation(s) (loss of function) in",
            }
        }
    ],
    "Parents": [{"Parent": [{"ORPHAcode": "98", "Label": "Test group"}]}],
    "Phenotypes": [
        {"Phenotype": {"HPOId": "HP:0010766", "HPOTerm": "Ectopic calcification", "HPOFrequency": "Excluded (0%)"}}
    ],
    "Prevalences": {
        "Prevalence": [
            {
                "Source": "18553568[PMID]_ORPHANET",
                "PrevalenceType": "Point prevalence",
                "PrevalenceQualification": "Class only",
                "PrevalenceClass": "<1 / 1 000 000",
                "ValMoy": "0.0",
                "PrevalenceGeographic": "Worldwide",
            }
        ]
    },
    "AverageAgeOfOnsets": {"AverageAgeOfOnset": [{"value": "Infancy"}]},
    "TypeOfInheritances": {"TypeOfInheritance": [{"value": "Autosomal dominant"}]},
}
"""A packet with each field once, in the shapes of the release of December 2025."""


def packet(**fields: object) -> dict[str, Any]:
    """The packet of our own with some fields replaced; a field that is given as Ellipsis is taken out."""
    body = copy.deepcopy(PACKET) | fields
    return {"Orphapacket": {key: value for key, value in body.items() if value is not ...}}


def read(document: object, place: str = "x.json") -> tuple[list[Record], list[Problem]]:
    """The records and the problems of a document."""
    found = parse_packet(orjson.dumps(document), place)
    return (
        [record for record in found if not isinstance(record, Problem)],
        [record for record in found if isinstance(record, Problem)],
    )


JUNK = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-5, 5)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


def mutated(document: Any, junk: Any, choice: random.Random) -> Any:
    """The document with one place, chosen at random, replaced."""
    if isinstance(document, dict) and document and choice.random() < 0.9:
        key = choice.choice(sorted(document))
        return document | {key: mutated(document[key], junk, choice)}
    if isinstance(document, list) and document and choice.random() < 0.9:
        index = choice.randrange(len(document))
        return [*document[:index], mutated(document[index], junk, choice), *document[index + 1 :]]
    return junk
