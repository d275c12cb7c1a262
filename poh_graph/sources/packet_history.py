"""The packets of 2018 and 2019, brought into the format of 2020 and later.

Then every object stood in a list, every name was a list of labels with their languages, and the keys ended in ``List``.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

_Convert = Callable[[Any], Any]


def present_format(document: object) -> object:
    """A packet in the present format; a document that is not of the old one is given back as it is.

    >>> present_format({"ORPHApacket": [{"ORPHA": "2762"}, {"Name": [{"label": "POH", "lang": "en"}]}]})
    {'Orphapacket': {'ORPHAcode': '2762', 'Label': 'POH'}}
    """
    if not isinstance(document, dict) or "ORPHApacket" not in document:
        return document
    return {"Orphapacket": _renamed(_merged(document["ORPHApacket"]), _PACKET)}


def _merged(value: Any) -> Any:
    """One object of a list of objects that each hold a part of it."""
    if isinstance(value, list) and all(isinstance(item, dict) for item in value):
        return {key: part for item in value for key, part in item.items()}
    return value


def _renamed(row: Any, names: dict[str, tuple[str, _Convert]]) -> Any:
    """The row with its keys renamed and their values converted; other keys stay, for the reader to report."""
    if not isinstance(row, dict):
        return row
    out = {}
    for key, value in row.items():
        name, convert = names.get(key, (key, _same))
        out[name] = convert(value)
    return out


def _same(value: Any) -> Any:
    return value


def _label(value: Any) -> Any:
    """The label of a name: ``[{"label": "POH", "lang": "en"}]``."""
    row = _merged(value)
    return row.get("label", row) if isinstance(row, dict) else row


def _named(value: Any) -> Any:
    """The label of a thing that has a name, and codes beside it."""
    row = _merged(value)
    return _label(row["Name"]) if isinstance(row, dict) and "Name" in row else row


def _text_section(value: Any) -> Any:
    return _renamed(_merged(value), {"Name": ("TextSectionType", _label)})


def _type(value: Any) -> Any:
    return _renamed(_merged(value), {"Name": ("value", _label)})


def _listed(wrapper: str, convert: _Convert) -> _Convert:
    """The items of ``[{"count": "2", wrapper: [item, item]}]``, each converted."""

    def items(value: Any) -> Any:
        row = _merged(value)
        inner = row.get(wrapper) if isinstance(row, dict) else None
        return [convert(item) for item in inner] if isinstance(inner, list) else value

    return items


def _reference(row: Any) -> Any:
    return _renamed(row, {"DisorderMappingRelation": ("DisorderMappingRelation", _named)})


def _parent(row: Any) -> Any:
    return _renamed(row, {"Name": ("Label", _label), "ORPHA": ("ORPHAcode", _same)})


def _phenotype(row: Any) -> Any:
    # The IRI beside the identifier follows from it.
    kept = {key: value for key, value in row.items() if key != "PURL"} if isinstance(row, dict) else row
    return _renamed(kept, {"HPOFrequency": ("HPOFrequency", _named)})


def _valued(row: Any) -> Any:
    return {"value": _named(row)}


def _synonym(row: Any) -> Any:
    return {"Synonym": _label(row)}


def _gene_association(row: Any) -> Any:
    """The association's kind and the gene's own fields, which stood apart, as one object."""
    if not isinstance(row, dict) or "Gene" not in row:
        return row
    rest = {key: value for key, value in row.items() if key != "Gene"}
    gene = _renamed(
        _merged(row["Gene"]),
        {
            "Name": ("Name", _label),
            "ExternalReferenceList": ("ExternalReferences", _listed("ExternalReference", _same)),
        },
    )
    kind = _renamed(rest, {"DisorderGeneAssociationType": ("DisorderGeneAssociationType", _named)})
    return {**gene, **kind} if isinstance(gene, dict) else row


_PACKET: dict[str, tuple[str, _Convert]] = {
    "ORPHApacketID": ("ORPHApacketId", _same),
    "date": ("creationDate", _same),
    "ORPHA": ("ORPHAcode", _same),
    "Name": ("Label", _label),
    "DisorderType": ("DisorderType", _type),
    "SynonymList": ("Synonyms", _listed("Synonym", _synonym)),
    "TextSection": ("TextSection", _text_section),
    "ExternalReferenceList": ("ExternalReferences", _listed("ExternalReference", _reference)),
    "DisorderGeneAssociationList": ("Genes", _listed("DisorderGeneAssociation", _gene_association)),
    "SubClassOfList": ("Parents", _listed("Disorder", _parent)),
    "HPODisorderAssociationList": ("Phenotypes", _listed("HPODisorderAssociation", _phenotype)),
    "AverageAgeOfOnsetList": ("AverageAgeOfOnsets", _listed("AverageAgeOfOnset", _valued)),
    "AverageAgeOfDeathList": ("AverageAgeOfDeaths", _listed("AverageAgeOfDeath", _valued)),
    "TypeOfInheritanceList": ("TypeOfInheritances", _listed("TypeOfInheritance", _valued)),
}
