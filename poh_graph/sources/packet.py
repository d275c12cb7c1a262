"""One ORPHApacket, as JSON holds it, becomes records and problems.

The reader takes every shape that the releases from 2020 to 2025 use: a list or one object, each item wrapped in a key
of its own or flat. What it cannot take is a :class:`Problem` with the path inside the packet; the rest is read.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Container, Iterator
from typing import Any

from poh_graph.records.orphanet import (
    CrossReference,
    Disorder,
    Epidemiology,
    Gene,
    GeneAssociation,
    Packet,
    Parent,
    PhenotypeAssociation,
    Record,
    Stub,
)
from poh_graph.records.problems import Problem
from poh_graph.sources.citations import parse_citations
from poh_graph.sources.definition_text import mend_definition
from poh_graph.sources.packet_fields import At, Fields, type_of
from poh_graph.values import OrphanetValues, Relation

LEFT_OUT = {
    "Children": "a part of the parents turned round, with copies of the children's genes",
    "Childs": "the same, as the key was written until 2025",
    "DisorderType.PURL": "one for each value of DisorderType; the table disorder-types holds it",
    "PURL": "follows from ORPHAcode",
    "AverageAgeOfDeaths": "its values stand in no table; no packet since June 2023 has it",
    "HPODisorderSetStatus": "whether the list of phenotypes was validated; in the packets of 2018 and 2019 only",
    "Parents[].PURL": "follows from ORPHAcode; in the packets of 2018 and 2019 only",
}
"""Key paths that are known and not kept, each with the reason."""

_TOP: At = ("", None, None, None)
_CODE = re.compile(r"[1-9][0-9]{0,8}")
_OMIM = re.compile(r"[1-9][0-9]{5}")
_SYMBOL = re.compile(r"[A-Za-z0-9@._-]+")
_HPO = re.compile(r"HP:[0-9]{7}")
_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?")
_KEYS = frozenset({
    "ORPHApacketId", "creationDate", "version", "copyright", "ORPHAcode", "Label", "PURL", "DisorderType", "Synonyms",
    "ExternalReferences", "TextSection", "Genes", "Parents", "Children", "Childs", "Phenotypes", "Prevalences",
    "AverageAgeOfOnsets", "AverageAgeOfDeaths", "TypeOfInheritances", "HPODisorderSetStatus",
})  # fmt: skip
_PHENOTYPE_KEYS = frozenset({"HPOId", "HPOTerm", "HPOFrequency"})
_GENE_KEYS = frozenset({"Symbol", "Name", "Label", "DisorderGeneAssociationType", "ExternalReferences"})
_PREVALENCE_KEYS = frozenset({
    "Source", "PrevalenceType", "PrevalenceQualification", "PrevalenceClass", "ValMoy", "PrevalenceGeographic",
})  # fmt: skip
_REFERENCE_KEYS = frozenset({"Source", "Reference", "DisorderMappingRelation"})
_PARENT_KEYS = frozenset({"ORPHAcode", "Label", "PURL"})
_VALUE_KEYS = frozenset({"value"})


def packet_records(document: object, place: str, values: OrphanetValues) -> list[Record | Problem]:
    """The records of a packet in the present format, with its problems among them.

    Never raises: a document that is no packet gives one problem of the kind "not a packet".
    """
    reading = _opened(document, place, values)
    return [reading] if isinstance(reading, Problem) else reading.records()


def packet_names(document: object, place: str, values: OrphanetValues) -> list[Record | Problem]:
    """The head of a packet, and the disorders that it names: itself as a :class:`Stub`, and its parents.

    Never raises, as :func:`packet_records`.
    """
    reading = _opened(document, place, values)
    return [reading] if isinstance(reading, Problem) else reading.names()


def _opened(document: object, place: str, values: OrphanetValues) -> _Reading | Problem:
    body = document.get("Orphapacket") if isinstance(document, dict) else None
    if not isinstance(body, dict):
        return Problem(place, "not a packet", "expected an object with the key Orphapacket")
    code, label = body.get("ORPHAcode"), body.get("Label")
    if isinstance(code, int):
        code = str(code)
    if not (isinstance(code, str) and _CODE.fullmatch(code)):
        return Problem(place, "not a packet", "expected a number as ORPHAcode")
    if not (isinstance(label, str) and label.strip()):
        return Problem(place, "not a packet", f"expected a text as Label of ORPHA:{code}")
    return _Reading(body, place, code, label, values)


class _Reading(Fields):
    """One packet on its way to records."""

    def __init__(self, body: dict[str, Any], place: str, code: str, label: str, values: OrphanetValues) -> None:
        super().__init__(body, place)
        self.code = code
        self.label = label
        self.values = values

    def records(self) -> list[Record | Problem]:
        self._head()
        self._disorder()
        self._parents()
        self._cross_references()
        self._genes()
        self._phenotypes()
        self._prevalences()
        return self.out

    def names(self) -> list[Record | Problem]:
        created = self.text(self.body, "creationDate", _TOP) or ""
        self.out += [Packet(self.code, created, "", "", self.place), Stub(self.code, self.label)]
        self._parents()
        return self.out

    def _head(self) -> None:
        for key in sorted(map(str, self.body.keys() - _KEYS)):
            self.problem("unknown key", _TOP, "expected a key of the packet format", key)
        identifier = self.body.get("ORPHApacketId", self.code)
        if str(identifier) != self.code:
            self.problem("unknown value", _TOP, f"expected {self.code}, the ORPHAcode", "ORPHApacketId")
        created, version, rights = (
            self.text(self.body, key, _TOP) or "" for key in ("creationDate", "version", "copyright")
        )
        self.out.append(Packet(self.code, created, version, rights, self.place))

    def _disorder(self) -> None:
        definition = self._definition()
        self.out.append(
            Disorder(
                code=self.code,
                label=self.label,
                type=self._type(),
                synonyms=tuple(self._synonyms()),
                definition=mend_definition(definition) if definition else None,
                onsets=self._listed("AverageAgeOfOnsets", "AverageAgeOfOnset", self.values.onsets),
                inheritances=self._listed("TypeOfInheritances", "TypeOfInheritance", self.values.inheritances),
            )
        )

    def _type(self) -> str | None:
        at: At = ("DisorderType", None, None, None)
        value = self.body.get("DisorderType")
        if not isinstance(value, dict):
            self.problem("missing value" if value is None else "unexpected shape", at, "expected an object with value")
            return None
        for key in sorted(map(str, value.keys() - {"value", "PURL"})):
            self.problem("unknown key", at, "expected value, PURL", key)
        text = self.text(value, "value", at)
        self.known(text, self.values.disorder_types, at, "value")
        return text

    def _definition(self) -> str | None:
        at: At = ("TextSection", None, None, None)
        section = self.body.get("TextSection")
        if section is None and "TextSection" not in self.body:
            return None
        if not isinstance(section, dict):
            self.problem("unexpected shape", at, f"expected an object, found {type_of(section)}")
            return None
        for key in sorted(map(str, section.keys() - {"TextSectionType", "Contents"})):
            self.problem("unknown key", at, "expected TextSectionType, Contents", key)
        if section.get("TextSectionType") not in ("Definition", "Disease definition"):
            self.problem("unknown value", at, "expected Definition", "TextSectionType")
            return None
        return self.text(section, "Contents", at)

    def _synonyms(self) -> Iterator[str]:
        for at, value in self.rows("Synonyms", "Synonym"):
            if isinstance(value, str) and value.strip():
                yield value
            else:
                self.problem("unexpected shape", at, f"expected a text, found {type_of(value)}")

    def _listed(self, field: str, wrapper: str, table: Container[str]) -> tuple[str, ...]:
        values = []
        for at, row in self.objects(field, wrapper, _VALUE_KEYS):
            value = self.text(row, "value", at)
            if value is not None:
                self.known(value, table, at, "value")
                values.append(value)
        return tuple(values)

    def _parents(self) -> None:
        seen: set[str] = set()
        for at, row in self.objects("Parents", "Parent", _PARENT_KEYS):
            code, label = self.text(row, "ORPHAcode", at), self.text(row, "Label", at)
            if code is None:
                continue
            if not _CODE.fullmatch(code):
                self.problem("unknown value", at, "expected a number", "ORPHAcode")
            elif code in seen:
                self.problem("repeated row", at, f"ORPHA:{code} is a parent already")
            else:
                seen.add(code)
                self.out.append(Parent(self.code, code, label or ""))

    def _cross_references(self) -> None:
        seen: set[tuple[str, Relation]] = set()
        for at, row in self.objects("ExternalReferences", "ExternalReference", _REFERENCE_KEYS):
            source, identifier = self.text(row, "Source", at), self.text(row, "Reference", at)
            relation = self.text(row, "DisorderMappingRelation", at)
            if source is None or identifier is None or relation is None:
                continue
            known = self.values.relation(relation)
            if source != "OMIM":
                self.problem("unknown value", at, f"expected OMIM, found {source!r}", "Source")
            elif not _OMIM.fullmatch(identifier):
                self.problem("unknown value", at, "expected six digits", "Reference")
            elif known is None:
                self.problem("unknown value", at, f"{relation!r} begins with no known code", "DisorderMappingRelation")
            elif (identifier, known) in seen:
                self.problem("repeated row", at, f"OMIM:{identifier} with this relation is there already")
            else:
                seen.add((identifier, known))
                self.out.append(CrossReference(self.code, source, identifier, relation))

    def _genes(self) -> None:
        seen: set[tuple[str, str | None]] = set()
        for at, row in self.objects("Genes", "Gene", _GENE_KEYS):
            symbol = self.text(row, "Symbol", at)
            name = self.text(row, "Label" if "Label" in row else "Name", at)
            kind = self.text(row, "DisorderGeneAssociationType", at, required=False)
            if symbol is None or not self.known(
                kind, self.values.gene_association_types, at, "DisorderGeneAssociationType"
            ):
                continue
            if not _SYMBOL.fullmatch(symbol):
                self.problem("unknown value", at, f"expected a symbol, found {symbol!r}", "Symbol")
                continue
            gene = self._gene(symbol, name, row.get("ExternalReferences"), at)
            if (gene.hgnc or symbol, kind) in seen:
                self.problem("repeated row", at, f"{symbol} with this kind of association is there already")
                continue
            seen.add((gene.hgnc or symbol, kind))
            self.out.append(GeneAssociation(self.code, gene, kind))

    def _gene(self, symbol: str, name: str | None, references: object, at: At) -> Gene:
        found: dict[str, list[str]] = {"HGNC": [], "OMIM": [], "ClinVar": []}
        field, index, wrapper, inner = at
        inside = f"{wrapper}.ExternalReferences" if wrapper and inner is None else "ExternalReferences"
        listed = [references] if isinstance(references, dict) else references
        for position, item in enumerate(listed if isinstance(listed, list) else []):
            here: At = (field, index, inside, position)
            reference = item.get("ExternalReference", item) if isinstance(item, dict) else None
            if not isinstance(reference, dict):
                self.problem("unexpected shape", here, f"expected an object, found {type_of(item)}")
                continue
            source, text = self.text(reference, "Source", here), self.text(reference, "Reference", here)
            if source is None or text is None:
                continue
            form = _GENE_REFERENCES.get(source)
            if form is None or not form.fullmatch(text):
                self.problem("unknown value", here, f"no gene reference is known as {source!r} {text!r}")
            elif text.removeprefix("HGNC:") not in found[source]:
                found[source].append(text.removeprefix("HGNC:"))
        if not isinstance(listed, list) and references is not None:
            self.problem("unexpected shape", at, f"expected a list, found {type_of(references)}", "ExternalReferences")
        if len(found["HGNC"]) != 1:
            message = f"{symbol} has {len(found['HGNC'])} HGNC ids; expected one"
            self.problem("gene without HGNC id", at, message, "ExternalReferences")
        hgnc = found["HGNC"][0] if len(found["HGNC"]) == 1 else None
        return Gene(symbol, name, hgnc, tuple(found["OMIM"]), tuple(found["ClinVar"]))

    def _phenotypes(self) -> None:
        seen: set[tuple[str, str | None]] = set()
        frequencies = self.values.frequencies
        for at, row in self.objects("Phenotypes", "Phenotype", _PHENOTYPE_KEYS):
            hpo, label = self.text(row, "HPOId", at), self.text(row, "HPOTerm", at)
            frequency = self.text(row, "HPOFrequency", at, required=False)
            if hpo is None or label is None:
                continue
            if not _HPO.fullmatch(hpo):
                self.problem("unknown value", at, "expected HP: and seven digits", "HPOId")
            elif (frequency is None and "HPOFrequency" in row) or not self.known(
                frequency, frequencies, at, "HPOFrequency"
            ):
                continue  # A frequency that cannot be read may say that the phenotype is excluded.
            elif (hpo, frequency) in seen:
                self.problem("repeated row", at, f"{hpo} with this frequency is there already")
            else:
                seen.add((hpo, frequency))
                self.out.append(PhenotypeAssociation(self.code, hpo, label, frequency))

    def _prevalences(self) -> None:
        seen: set[Epidemiology] = set()
        for at, row in self.objects("Prevalences", "Prevalence", _PREVALENCE_KEYS):
            texts = {key: self.text(row, key, at) for key in _PREVALENCE_KEYS}
            if not self._known_prevalence(texts, at):
                continue
            source = texts["Source"] or ""
            citations = parse_citations(source)
            if citations.unread:
                self.problem("unread source text", at, f"{citations.unread} tokens fit no known form", "Source")
            observation = Epidemiology(
                disorder=self.code,
                type=texts["PrevalenceType"],
                qualification=texts["PrevalenceQualification"],
                prevalence_class=texts["PrevalenceClass"],
                value=texts["ValMoy"],
                place=texts["PrevalenceGeographic"],
                sources=citations.tokens,
                digest=_digest(texts["PrevalenceClass"], texts["PrevalenceQualification"], texts["ValMoy"], source),
            )
            if observation in seen:
                self.problem("repeated row", at, "the same row is there already")
            else:
                seen.add(observation)
                self.out.append(observation)

    def _known_prevalence(self, texts: dict[str, str | None], at: At) -> bool:
        """Whether every value of a row is in its table. A row that rests on a value that nobody knows is left out.

        So is one without type or class, which every row has: it says nothing that could be compared.
        """
        tables: dict[str, Container[str]] = {
            "PrevalenceType": self.values.prevalence_types,
            "PrevalenceQualification": self.values.qualifications,
            "PrevalenceClass": self.values.prevalence_classes,
            "PrevalenceGeographic": self.values.places,
        }
        answers = [self.known(texts[key], table, at, key) for key, table in tables.items()]
        value = texts["ValMoy"]
        if value is not None and value != "no data" and not _NUMBER.fullmatch(value):
            self.problem("unknown value", at, f'expected a decimal or "no data", found {value!r}', "ValMoy")
            return False
        return all(answers) and None not in (texts["PrevalenceType"], texts["PrevalenceClass"])


_GENE_REFERENCES = {
    "HGNC": re.compile(r"(?:HGNC:)?[1-9][0-9]{0,5}"),
    "OMIM": _OMIM,
    "ClinVar": re.compile(r"\S+"),
}


def _digest(*texts: str | None) -> str:
    return hashlib.sha256("\n".join(text or "" for text in texts).encode()).hexdigest()[:8]
