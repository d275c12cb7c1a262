"""The rows of Orphadata's products on genes, phenotypes, epidemiology, natural history, consequences, linearisation.

Each function reads one element of a list of a disorder. It raises :class:`Lost` where the row cannot be read.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Container

from poh_graph.records.orphadata import (
    DisabilityRow,
    GeneDetails,
    GeneRow,
    HistoryRow,
    PhenotypeRow,
    PreferentialParent,
    PrevalenceRow,
)
from poh_graph.records.orphanet import (
    Epidemiology,
    Gene,
    GeneAssociation,
    PhenotypeAssociation,
)
from poh_graph.sources.orphadata_document import Element, line_of
from poh_graph.sources.orphadata_fields import Lost, Reading, children, code_of, required, text_of

_SYMBOL = re.compile(r"\S+")
_HPO = re.compile(r"HP:[0-9]{7}")
_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?")
_BAND = re.compile(r"(?:[1-9]|1[0-9]|2[0-2]|X|Y)[pq][0-9.]*(?:-[pq][0-9.]+)?")
_REFERENCES = {
    "HGNC": re.compile(r"[1-9][0-9]{0,5}"),
    "OMIM": re.compile(r"[1-9][0-9]{5}"),
    "ClinVar": re.compile(r"\S+"),
    "Ensembl": re.compile(r"ENSG[0-9]{11}"),
    "SwissProt": re.compile(r"[A-Z][A-Z0-9]{5,9}"),
    "Reactome": re.compile(r"\S+"),
    "Genatlas": re.compile(r"\S+"),
    "IUPHAR": re.compile(r"\S+"),
}
_NO_LOCUS = ("", "NA", "None", "-")

STATUSES = ("Assessed", "Not yet assessed")
VALIDATIONS = ("Validated", "Not yet validated")
CRITERIA = ("Diagnostic criterion", "Pathognomonic sign")


def gene_association(row: Element, reading: Reading) -> GeneRow:
    """Product 6: ``DisorderGeneAssociation``."""
    kind = reading.word(row, "DisorderGeneAssociationType", reading.values.gene_association_types)
    found = row.find("Gene")
    if found is None:
        raise Lost("missing value", "the association names no Gene")
    gene, details = _gene(found, reading)
    return GeneRow(
        code=reading.code,
        association=GeneAssociation(reading.code, gene, kind),
        papers=reading.citations(row, "SourceOfValidation"),
        status=reading.optional_word(row, "DisorderGeneAssociationStatus", STATUSES),
        details=details,
        line=line_of(row),
    )


def _gene(element: Element, reading: Reading) -> tuple[Gene, GeneDetails]:
    symbol = required(element, "Symbol")
    if not _SYMBOL.fullmatch(symbol):
        raise Lost("malformed identifier", f"Symbol {symbol!r}: expected no space in it")
    references = _references(element, reading)
    hgnc = references.pop("HGNC", [])
    if len(hgnc) != 1:
        reading.note(element, "gene without HGNC id", f"{symbol} has {len(hgnc)} HGNC ids; expected one")
    gene = Gene(
        symbol,
        text_of(element, "Name") or None,
        hgnc[0] if len(hgnc) == 1 else None,
        tuple(references.pop("OMIM", ())),
        tuple(references.pop("ClinVar", ())),
    )
    details = GeneDetails(
        synonyms=tuple(dict.fromkeys((name.text or "").strip() for name in children(element, "SynonymList/Synonym"))),
        locus_type=text_of(element, "GeneType/Name") or None,
        bands=_bands(element, reading),
        references=tuple((source, reference) for source, found in references.items() for reference in found),
    )
    return gene, details


def _references(element: Element, reading: Reading) -> dict[str, list[str]]:
    """The identifiers of a gene by their source; one that cannot be read is a problem."""
    found: dict[str, list[str]] = {}
    for reference in children(element, "ExternalReferenceList/ExternalReference"):
        source, text = text_of(reference, "Source"), text_of(reference, "Reference")
        form = _REFERENCES.get(source)
        if form is None or not form.fullmatch(text):
            reading.note(reference, "unread value", f"no reference of a gene is known as {source!r} {text!r}")
        elif text not in found.setdefault(source, []):
            found[source].append(text)
    return found


def _bands(element: Element, reading: Reading) -> tuple[str, ...]:
    """The chromosome bands of a gene, each once."""
    bands = []
    for locus in children(element, "LocusList/Locus"):
        band = text_of(locus, "GeneLocus")
        if _BAND.fullmatch(band):
            bands.append(band)
        elif band not in _NO_LOCUS:
            reading.note(locus, "unread value", f"GeneLocus {band!r}: expected a chromosome band such as 20q13.32")
    return tuple(dict.fromkeys(bands))


def phenotype(row: Element, reading: Reading) -> PhenotypeRow:
    """Product 4: ``HPODisorderAssociation``. What stands after the disorder in its set is added by the caller."""
    hpo = required(row, "HPO/HPOId")
    if not _HPO.fullmatch(hpo):
        raise Lost("malformed identifier", f"HPOId {hpo!r}: expected HP: and seven digits")
    frequency = reading.word(row, "HPOFrequency", reading.values.frequencies)
    return PhenotypeRow(
        code=reading.code,
        association=PhenotypeAssociation(reading.code, hpo, required(row, "HPO/HPOTerm"), frequency),
        language=reading.language,
        criterion=reading.optional_word(row, "DiagnosticCriteria", CRITERIA),
        line=line_of(row),
    )


def prevalence(row: Element, reading: Reading) -> PrevalenceRow:
    """Product 9, prevalence: ``Prevalence``. An empty class is Orphanet's way to say that a number counts cases."""
    values = reading.values
    kind = reading.word(row, "PrevalenceType", values.prevalence_types)
    qualification = reading.word(row, "PrevalenceQualification", values.qualifications)
    class_ = reading.word(row, "PrevalenceClass", values.prevalence_classes)
    place = reading.word(row, "PrevalenceGeographic", values.places)
    value = text_of(row, "ValMoy")
    if value and not _NUMBER.fullmatch(value):
        raise Lost("unknown value", f"ValMoy {value!r}: expected a decimal")
    if kind is None:
        raise Lost("missing value", "the row has no PrevalenceType, so it measures nothing")
    counted = qualification is not None and values.qualifications[qualification].unit in ("cases", "families")
    if counted and value and float(value) != int(float(value)):
        raise Lost("unknown value", f"ValMoy {value!r}: expected a whole number of {qualification}")
    if counted != (kind == "Cases/families") and qualification is not None:
        raise Lost("unknown value", f"PrevalenceQualification {qualification!r} does not go with {kind!r}")
    source = text_of(row, "Source")
    observation = Epidemiology(
        disorder=reading.code,
        type=kind,
        qualification=qualification,
        prevalence_class=class_,
        value=value or None,
        place=place,
        sources=reading.citations(row, "Source"),
        digest=_digest(class_ or "", qualification or "", value, source),
    )
    validation = reading.optional_word(row, "PrevalenceValidationStatus", VALIDATIONS)
    return PrevalenceRow(code=reading.code, observation=observation, validation=validation, line=line_of(row))


def _digest(*texts: str) -> str:
    return hashlib.sha256("\n".join(texts).encode()).hexdigest()[:8]


def onset(row: Element, reading: Reading) -> HistoryRow:
    """Product 9, ages: ``AverageAgeOfOnset``."""
    return _history(row, reading, "onset", reading.values.onsets)


def inheritance(row: Element, reading: Reading) -> HistoryRow:
    """Product 9, ages: ``TypeOfInheritance``."""
    return _history(row, reading, "inheritance", reading.values.inheritances)


def _history(row: Element, reading: Reading, kind: str, known: Container[str]) -> HistoryRow:
    text = required(row, "Name")
    name = row.find("Name")
    english = reading.values.elements.get((row.tag, row.get("id", ""))) if name.get("lang", "en") != "en" else text
    if english is None or english not in known:
        raise Lost("unknown value", f"{row.tag} {text!r}: it is in no table of ontology/terms")
    return HistoryRow(code=reading.code, kind=kind, value=english, line=line_of(row))


def disability(row: Element, reading: Reading) -> DisabilityRow:
    """Functional consequences: ``DisabilityDisorderAssociation``. Its words are kept as the file writes them."""
    found = row.find("Disability")
    number = found.get("id", "") if found is not None else ""
    if not number.isdecimal():
        raise Lost("missing value", "the row names no Disability with a number")
    kind = text_of(row, "Type")
    if kind != "Disability":
        raise Lost("out of scope", f"Type {kind!r}: it is no limitation of what people can do")
    if not _yes(row, "Defined"):
        raise Lost("out of scope", "Orphanet has not defined it yet")
    return DisabilityRow(
        code=reading.code,
        number=number,
        label=required(row, "Disability/Name"),
        language=reading.language,
        frequency=text_of(row, "FrequenceDisability/Name") or None,
        temporality=text_of(row, "TemporalityDisability/Name") or None,
        severity=text_of(row, "SeverityDisability/Name") or None,
        lost=_yes(row, "LossOfAbility"),
        line=line_of(row),
    )


def _yes(row: Element, tag: str) -> bool:
    text = required(row, tag)
    if text not in ("y", "n"):
        raise Lost("unknown value", f"{tag} {text!r}: expected y or n")
    return text == "y"


def preferential_parent(row: Element, reading: Reading) -> PreferentialParent:
    """Product 7: ``DisorderDisorderAssociation`` of the type "Preferential parent"."""
    return PreferentialParent(code=reading.code, parent=code_of(row.find("TargetDisorder")), line=line_of(row))
