"""Orphadata's products as records, whichever they are: what a disorder's element holds tells what it says.

Source: https://www.orphadata.com, XML or JSON, in the languages of Orphanet; (c) INSERM, CC BY 4.0. Products 1
(nomenclature, alignments), 3 (classifications), 4 (phenotypes), 6 (genes), 7 (linearisation), 9 (prevalence, ages), and
functional consequences.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from poh_graph.records.orphadata import ClassificationName, ClassifiedUnder, Named, OrphadataRow, PhenotypeRow
from poh_graph.records.orphanet import PaperToken
from poh_graph.records.problems import Problem
from poh_graph.records.sources import Edition, FileEnd, Prefixes
from poh_graph.sources.orphadata_document import Document, Element, line_of
from poh_graph.sources.orphadata_fields import (
    Lost,
    Reading,
    code_of,
    language_of,
    mismatch,
    names_of,
    text_of,
)
from poh_graph.sources.orphadata_nomenclature import alignment, disorder_association, names_in, nomenclature_entry
from poh_graph.sources.orphadata_rows import (
    disability,
    gene_association,
    inheritance,
    onset,
    phenotype,
    prevalence,
)
from poh_graph.values import orphanet_values

Found = Edition | Named | ClassificationName | OrphadataRow | Problem | FileEnd

LISTS: dict[str, Callable[[Element, Reading], Any]] = {
    "ExternalReferenceList": alignment,
    "DisorderDisorderAssociationList": disorder_association,
    "HPODisorderAssociationList": phenotype,
    "DisorderGeneAssociationList": gene_association,
    "PrevalenceList": prevalence,
    "AverageAgeOfOnsetList": onset,
    "TypeOfInheritanceList": inheritance,
    "DisabilityDisorderAssociationList": disability,
}
"""The lists of rows that an element of a disorder may have, and what reads a row of each."""

_NOMENCLATURE = "DisorderFlagList"
"""Only the nomenclature has it: there a disorder is a row itself."""

_KNOWN = frozenset({
    *LISTS, _NOMENCLATURE, "OrphaCode", "ExpertLink", "Name", "SynonymList", "DisorderType", "DisorderGroup",
    "SummaryInformationList",
})  # fmt: skip

_AROUND = frozenset({
    "Disorder", "Source", "SourceOfValidation", "ValidationStatus", "ValidationDate", "Online", "AnnotationDate",
    "SpecificManagement", "Annotated", "AnnotationStatus",
})  # fmt: skip
"""What stands around a disorder in the products on phenotypes and consequences."""


def read_orphadata(path: Path, prefixes: Prefixes) -> Iterator[Found]:
    """What a product holds. Rows are the elements of the lists of its disorders, and the codes of the nomenclature.

    Raises:
        InputError: if the file cannot be read, is cut short or damaged, or is no product of Orphadata.
    """
    document = Document(path)
    head = document.head
    yield Edition(
        version=head.issued.isoformat() if head.issued else None, issued=head.issued, license=head.license or None
    )
    product = _Classifications(path.name) if document.list == "ClassificationList" else _Product(path.name, prefixes)
    yield from product.read(document)
    if document.expected is not None and document.expected != product.elements:
        message = f"{document.list} says that it has {document.expected} elements, and has {product.elements}"
        yield Problem(f"{path.name}:1", "unread value", message)
    yield FileEnd(product.rows)


@dataclass
class _Product:
    """Any product but the classifications, while it is read."""

    name: str
    prefixes: Prefixes
    rows: int = 0
    elements: int = 0

    def read(self, document: Document) -> Iterator[Found]:
        reading = Reading(self.name, orphanet_values(), self.prefixes)
        for record in document.records():
            self.elements += 1
            disorder = record if record.tag == "Disorder" else record.find("Disorder")
            if disorder is None:
                reading.note(record, "unexpected shape", f"{record.tag} holds no Disorder")
                self.rows += 1
            else:
                yield from self._disorder(disorder, reading)
                if disorder is not record:
                    reading.unknown_children(record, _AROUND)
            yield from reading.taken()

    def _disorder(self, disorder: Element, reading: Reading) -> Iterator[Found]:
        try:
            reading.code = code_of(disorder)
        except Lost as lost:
            lost_rows = 0
            for listed in self._lists(disorder):
                lost_rows += len(listed)
            for _ in range(max(lost_rows, 1)):
                self.rows += 1
                yield Problem(reading.place(disorder), lost.kind, str(lost))
            return
        reading.language = names_in(disorder)
        yield from names_of(disorder, reading.code)
        if disorder.find(_NOMENCLATURE) is not None:
            yield self._row(disorder, reading, nomenclature_entry)
        around = _Around.of(disorder, reading)
        for listed in self._lists(disorder):
            if found := mismatch(listed):
                reading.note(listed, "unread value", found)
            for row in listed:
                yield from _other_names(row)
                yield around.added(self._row(row, reading, LISTS[listed.tag]))
        reading.unknown_children(disorder, _KNOWN)

    def _lists(self, disorder: Element) -> list[Element]:
        return [child for child in disorder if child.tag in LISTS]

    def _row(self, element: Element, reading: Reading, read: Callable[[Element, Reading], Any]) -> Any:
        self.rows += 1
        try:
            return read(element, reading)
        except Lost as lost:
            return Problem(reading.place(element), lost.kind, str(lost))


def _other_names(row: Element) -> Iterator[Named]:
    """What the row of an association calls the disorder at its other end."""
    for tag in ("TargetDisorder", "RootDisorder"):
        end = row.find(tag)
        if end is not None and text_of(end, "OrphaCode").isdecimal():
            yield from names_of(end, text_of(end, "OrphaCode"))


@dataclass(frozen=True)
class _Around:
    """What a set of phenotypes says of all of them: papers, whether it is validated, and on which day."""

    papers: tuple[PaperToken, ...] = ()
    validation: str | None = None
    validated: str = ""

    @classmethod
    def of(cls, disorder: Element, reading: Reading) -> _Around:
        """What stands around a disorder."""
        parent = disorder.getparent()
        if parent is None or parent.tag != "HPODisorderSetStatus":
            return cls()
        status = text_of(parent, "ValidationStatus")
        if status not in ("", *_STATUSES):
            reading.note(parent, "unread value", f"ValidationStatus {status!r}: expected y or n")
        return cls(reading.citations(parent, "Source"), _STATUSES.get(status), _day(parent, reading))

    def added(self, row: Any) -> Any:
        """A row with what its set says."""
        if not isinstance(row, PhenotypeRow) or self == _Around():
            return row
        return replace(row, papers=self.papers, validation=self.validation, validated=self.validated)


_STATUSES = {"y": "Validated", "n": "Not yet validated"}


def _day(element: Element, reading: Reading) -> str:
    text = text_of(element, "ValidationDate")
    try:
        return date.fromisoformat(text[:10]).isoformat() if text else ""
    except ValueError:
        reading.note(element, "unread value", f"ValidationDate {text!r}: expected a day such as 2016-06-01")
        return ""


@dataclass
class _Classifications:
    """Product 3: trees of any depth, of which no more than the path to the present node is held."""

    name: str
    rows: int = 0
    elements: int = 0
    _number: str = ""
    _path: list[str | None] = field(default_factory=list)

    def read(self, document: Document) -> Iterator[Found]:
        for event, element in document.events():
            if element.tag == "ClassificationNode":
                if event == "start":
                    self._path.append(None)
                else:
                    yield from self._node(element)
                    document.free(element)
            elif element.tag == "Classification" and event == "start":
                self.elements += 1
                self._number = element.get("id", "")
            elif event == "end":
                yield from self._ended(element)

    def _ended(self, element: Element) -> Iterator[Found]:
        parent = element.getparent()
        tag = parent.tag if parent is not None else ""
        if element.tag == "Name" and tag == "Classification":
            label = (element.text or "").strip()
            if label and self._number.isdecimal():
                yield ClassificationName(self._number, language_of(element), label)
        elif element.tag == "Disorder" and tag == "ClassificationNode":
            try:
                code = code_of(element)
            except Lost:
                return  # The node is a problem when it ends.
            self._path[-1] = code
            yield from names_of(element, code)
        elif element.tag == "Disorder":
            yield Problem(f"{self.name}:{line_of(element)}", "unknown key", f"a Disorder in {tag}, not in a node")

    def _node(self, node: Element) -> Iterator[Found]:
        """A node at its end, as a step of the classification."""
        self.rows += 1
        code, line = self._path.pop(), line_of(node)
        place = f"{self.name}:{line}"
        if not self._number.isdecimal():
            yield Problem(place, "missing value", "its Classification has no number (id)")
        elif code is not None:
            parent = self._path[-1] if self._path else None
            yield ClassifiedUnder(code=code, parent=parent, classification=self._number, line=line)
        elif node.find("Disorder") is not None:
            yield Problem(place, "malformed identifier", "the Disorder of the node has no ORPHA code that is a number")
        else:
            message = "the node has no Disorder: what stands below it stands at the top of the classification"
            yield Problem(place, "out of scope", message)


def part_of_extract(path: Path) -> tuple[str, ...]:
    """The files of the packaged extract that say what a product says: it takes their place."""
    with path.open("rb") as file:
        start = file.read(_START)
    if b"DisorderGeneAssociationList" in start:
        return ("gene-associations.ttl", "papers.ttl")
    is_linearisation = b"DisorderDisorderAssociationList" in start and _NOMENCLATURE.encode() not in start
    return ("disorders.ttl",) if is_linearisation else ()


_START = 65_536
"""How many bytes of a product hold its first disorder."""
