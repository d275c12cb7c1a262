"""Orphadata's nomenclature (product 1): codes with names, status and definition, alignments, and where codes moved."""

from __future__ import annotations

import re

from poh_graph.records.orphadata import Alignment, NomenclatureEntry, PreferentialParent, Succession
from poh_graph.sources.definition_text import mend_definition
from poh_graph.sources.orphadata_document import Element, line_of
from poh_graph.sources.orphadata_fields import (
    Lost,
    Reading,
    children,
    code_of,
    language_of,
    required,
    text_of,
)
from poh_graph.sources.orphadata_rows import VALIDATIONS, preferential_parent

PREFIXES = {
    "ICD-10": "ICD10",
    "ICD-11": "icd11.code",
    "OMIM": "OMIM",
    "UMLS": "UMLS",
    "MeSH": "MESH",
    "MedDRA": "MEDDRA",
    "GARD": "GARD",
    "MONDO": "MONDO",
}
"""The prefix of each vocabulary that a disorder is aligned with. ICD-11 is given by its codes, not by its entities."""

_INACTIVE = 8192
"""The value of the flag of a code that is not in use any more."""

_ICD_RELATION = re.compile(r"(Specific code|Inclusion term|Index term|Attributed code)\b")
_DAGGER = "+*†"
"""ICD-10's marks of a cause and of its manifestation: a code is the same with and without them."""

_SUCCESSIONS = ("Moved to", "Referred to")
_PREFERENTIAL = "Preferential parent"
_GARD_DIGITS = 7


def nomenclature_entry(disorder: Element, reading: Reading) -> NomenclatureEntry:
    """Product 1: ``Disorder`` itself."""
    flags, inactive = _flags(disorder, reading)
    synonyms = ((name.text or "").strip() for name in children(disorder, "SynonymList/Synonym"))
    definition = _definition(disorder)
    return NomenclatureEntry(
        code=reading.code,
        language=reading.language,
        label=required(disorder, "Name"),
        synonyms=tuple(dict.fromkeys(synonym for synonym in synonyms if synonym)),
        type=reading.optional_word(disorder, "DisorderType", reading.values.disorder_types),
        definition=mend_definition(definition) if definition else None,
        flags=flags,
        inactive=inactive,
        line=line_of(disorder),
    )


def _flags(disorder: Element, reading: Reading) -> tuple[tuple[str, ...], bool]:
    """Orphanet's words for the status of a code, and whether it is retired. A live code has one flag without words."""
    labels, inactive = [], False
    for flag in children(disorder, "DisorderFlagList/DisorderFlag"):
        value, label = text_of(flag, "Value"), text_of(flag, "Label")
        if not value.isdecimal():
            reading.note(flag, "unread value", f"DisorderFlag {value!r}: expected a number")
            continue
        inactive = inactive or bool(int(value) & _INACTIVE)
        if label and int(value) != _INACTIVE:
            labels.append(label)
    return tuple(dict.fromkeys(labels)), inactive


def _definition(disorder: Element) -> str:
    """The text of the section that defines a disorder, in the language of the file."""
    for section in children(disorder, "SummaryInformationList/SummaryInformation/TextSectionList/TextSection"):
        kind = section.find("TextSectionType")
        if kind is not None and (kind.get("id") == "16907" or text_of(kind, "Name") == "Definition"):
            return text_of(section, "Contents")
    return ""


def alignment(row: Element, reading: Reading) -> Alignment:
    """Product 1: ``ExternalReference`` of a disorder."""
    source, reference = required(row, "Source"), required(row, "Reference")
    prefix = PREFIXES.get(source)
    if prefix is None:
        raise Lost("unknown prefix", f"Source {source!r}: expected one of {', '.join(PREFIXES)}")
    target = f"{prefix}:{_local(prefix, reference)}"
    if not reading.prefixes.is_well_formed(target):
        raise Lost("malformed identifier", f"{source} {reference!r}: it has not the form of its identifiers")
    relation = reading.word(row, "DisorderMappingRelation", _Relations(reading))
    if relation is None:
        raise Lost("missing value", f"{source} {reference} has no DisorderMappingRelation")
    return Alignment(
        code=reading.code,
        target=target,
        relation=relation,
        icd_relation=_icd_relation(row, reading),
        validation=reading.optional_word(row, "DisorderMappingValidationStatus", VALIDATIONS),
        line=line_of(row),
    )


class _Relations:
    """The relations that are known by the code that their words begin with."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading

    def __contains__(self, text: object) -> bool:
        return isinstance(text, str) and self._reading.values.relation(text) is not None


def _local(prefix: str, reference: str) -> str:
    """An identifier without its prefix and marks, as it stands in the canonical CURIE."""
    local = reference.removeprefix(f"{prefix}:")
    if prefix == "ICD10":
        return local.rstrip(_DAGGER)
    return local.zfill(_GARD_DIGITS) if prefix == "GARD" and local.isdecimal() else local


def _icd_relation(row: Element, reading: Reading) -> str | None:
    """How a code of ICD stands for the disorder, in the first words of Orphanet's text."""
    found = row.find("DisorderMappingICDRelation")
    if found is None or found.find("Name") is None:
        return None
    text = text_of(found, "Name")
    is_english = found.find("Name").get("lang", "en") == "en"
    number = ("DisorderMappingICDRelation", found.get("id", ""))
    match = _ICD_RELATION.match(text if is_english else reading.values.elements.get(number, text))
    if match is None:
        reading.note(row, "unread value", f"DisorderMappingICDRelation {text!r}: it begins with no known words")
    return match[1] if match else None


def disorder_association(row: Element, reading: Reading) -> Succession | PreferentialParent:
    """Product 1 or 7: ``DisorderDisorderAssociation``. One end is the disorder itself, without its code."""
    kind = reading.word(row, "DisorderDisorderAssociationType", (*_SUCCESSIONS, _PREFERENTIAL))
    if kind == _PREFERENTIAL:
        return preferential_parent(row, reading)
    if kind is None:
        raise Lost("missing value", "the row has no DisorderDisorderAssociationType")
    ends = []
    for tag in ("RootDisorder", "TargetDisorder"):
        end = row.find(tag)
        is_itself = end is not None and end.get("cycle", "").lower() == "true"
        if end is None or (not is_itself and not text_of(end, "OrphaCode")):
            raise Lost("out of scope", f"{kind}: {tag} has no ORPHA code, so it is none that Orphanet publishes")
        ends.append(reading.code if is_itself else code_of(end))
    if ends[0] == ends[1]:
        raise Lost("out of scope", f"{kind}: both ends are ORPHA:{ends[0]}")
    return Succession(code=ends[0], kind=kind, target=ends[1], line=line_of(row))


def names_in(disorder: Element) -> str:
    """The language of a disorder's element: that of its name."""
    return language_of(disorder.find("Name"))
