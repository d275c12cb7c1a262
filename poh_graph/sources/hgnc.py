"""HGNC's complete set: a row for each human gene with an approved symbol.

Source: https://www.genenames.org/download/, hgnc_complete_set.txt, 53 columns; CC0. Several values of a cell are joined
by a bar, and the cell is then in quotes. The set has no release number: its day is that of the entry that changed last.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from poh_graph.records.genes import GeneEntry
from poh_graph.records.problems import Problem
from poh_graph.records.sources import Edition, FileEnd, Prefixes
from poh_graph.sources.table import Cells, Table, several

COLUMNS = frozenset({
    *("agr", "alias_name", "alias_symbol", "bioparadigms_slc", "ccds_id", "cd", "cosmic", "date_approved_reserved"),
    *("date_modified", "date_name_changed", "date_symbol_changed", "ena", "ensembl_gene_id", "entrez_id", "enzyme_id"),
    *("gencc", "gene_group", "gene_group_id", "gtrnadb", "hgnc_id", "homeodb", "horde_id", "imgt"),
    *("intermediate_filament_db", "iuphar", "kznf_gene_catalog", "lncipedia", "lncrnadb", "location", "locus_group"),
    *("locus_type", "lsdb", "mamit-trnadb", "mane_select", "merops", "mgd_id", "mirbase", "name", "omim_id"),
    *("orphanet", "prev_name", "prev_symbol", "pseudogene.org", "pubmed_id", "refseq_accession", "rgd_id"),
    *("rna_central_id", "snornabase", "status", "symbol", "ucsc_id", "uniprot_ids", "vega_id"),
})  # fmt: skip
"""The columns of 2026. Most that are not read are catalogues of single families of genes."""

_NUMBER = re.compile(r"HGNC:([1-9][0-9]*)")
_SYMBOL = re.compile(r"\S+")
_BAND = re.compile(r"(?:[1-9]|1[0-9]|2[0-2]|X|Y)[pq][0-9.]*(?:-[pq][0-9.]+)?")
_NO_BAND = re.compile(
    r"(?:[1-9]|1[0-9]|2[0-2]|X|Y)?(?:[pq]?(?:ter|cen)?(?:-[pq]?(?:ter|cen|[0-9.]*))?)|mitochondria|unplaced|reserved|unknown"
)
"""Places that are no band: a chromosome, its ends and its middle, and HGNC's words for what has none."""

_REMARKS = (" not on reference assembly", " alternate reference locus", " unplaced", " unlocalised")
_STATUSES = {"Approved": False, "Symbol Withdrawn": True, "Entry Withdrawn": True}


def is_complete_set(_: Path, head: bytes) -> bool:
    """Whether a file begins with the header of the complete set."""
    header = head.split(b"\n", 1)[0]
    return all(column in header for column in (b"hgnc_id", b"symbol", b"locus_type", b"prev_symbol"))


def read_complete_set(path: Path, prefixes: Prefixes) -> Iterator[Edition | GeneEntry | Problem | FileEnd]:
    """The entries, each row as one or as a problem; a cell that cannot be understood is a problem too, and left out.

    Raises:
        InputError: if the file cannot be read, is cut short, or lacks one of the columns that every edition has.
    """
    table = Table(path, comment="")
    table.require("hgnc_id", "symbol", "name", "status", "location", "alias_symbol", "prev_symbol")
    yield from table.unknown(COLUMNS)
    newest = ""
    for row in table.read():
        if isinstance(row, Problem):
            yield row
            continue
        entry = _Entry(row, f"{path.name}:{row.line}", prefixes)
        yield from entry.read()
        newest = max(newest, entry.modified)
    if newest:
        yield Edition(version=newest, issued=date.fromisoformat(newest))
    yield FileEnd(table.rows)


@dataclass
class _Entry:
    """One row while it is read."""

    row: Cells
    place: str
    prefixes: Prefixes
    modified: str = ""
    problems: list[Problem] = field(default_factory=list)

    def read(self) -> Iterator[GeneEntry | Problem]:
        """The entry and what of it was not understood; or why there is none."""
        number = _NUMBER.fullmatch(self._cell("hgnc_id"))
        symbol = self._cell("symbol")
        if number is None:
            message = f"hgnc_id {self._cell('hgnc_id')!r}: expected HGNC: and a number"
            yield Problem(self.place, "malformed identifier", message)
        elif not symbol or not self._cell("name"):
            yield Problem(self.place, "missing value", "a gene has a symbol and a name; one of them is empty")
        elif not _SYMBOL.fullmatch(symbol):
            yield Problem(self.place, "malformed identifier", f"symbol {symbol!r}: expected no space in it")
        else:
            yield self._entry(number[1], symbol)
            yield from self.problems

    def _entry(self, number: str, symbol: str) -> GeneEntry:
        self.modified = self._day("date_modified")
        location = self._cell("location")
        return GeneEntry(
            hgnc=number,
            symbol=symbol,
            name=self._cell("name"),
            locus_type=self._cell("locus_type"),
            location=location,
            bands=self._bands(location),
            aliases=self._symbols("alias_symbol"),
            alias_names=several(self._cell("alias_name")),
            previous_symbols=self._symbols("prev_symbol"),
            previous_names=several(self._cell("prev_name")),
            groups=self._groups(),
            ncbi=self._one("entrez_id", "NCBIGene"),
            ensembl=self._one("ensembl_gene_id", "ENSEMBL"),
            omim=self._identifiers("omim_id", "OMIM"),
            orphanet=self._one("orphanet", "ORPHA"),
            uniprot=self._identifiers("uniprot_ids", "UniProtKB"),
            cross_references=self._cross_references(),
            modified=self.modified,
            withdrawn=self._withdrawn(),
            line=self.row.line,
        )

    def _cell(self, column: str) -> str:
        return self.row.cells.get(column, "").strip()

    def _unread(self, column: str, found: str, expected: str) -> None:
        self.problems.append(Problem(self.place, "unread value", f"{column} {found!r}: expected {expected}"))

    def _symbols(self, column: str) -> tuple[str, ...]:
        return several(self._cell(column))

    def _day(self, column: str) -> str:
        found = self._cell(column)
        try:
            return date.fromisoformat(found).isoformat() if found else ""
        except ValueError:
            self._unread(column, found, "a day such as 2026-09-28; a spreadsheet may have changed the file")
            return ""

    def _withdrawn(self) -> bool:
        status = self._cell("status")
        if status not in _STATUSES:
            self._unread("status", status, ", ".join(_STATUSES))
        return _STATUSES.get(status, False)

    def _bands(self, location: str) -> tuple[str, ...]:
        """The bands of a location: of a gene that lies on both sex chromosomes two ("Xp22.33 and Yp11.2")."""
        if not location:
            return ()
        places = location
        for remark in _REMARKS:
            places = places.removesuffix(remark)
        parts = [part.strip() for part in re.split(r" and | or |, ", places)]
        unknown = [part for part in parts if not _BAND.fullmatch(part) and not _NO_BAND.fullmatch(part)]
        if unknown:
            self._unread("location", location, "chromosome bands such as 20q13.32")
        return tuple(part for part in parts if _BAND.fullmatch(part))

    def _groups(self) -> tuple[str, ...]:
        names, numbers = several(self._cell("gene_group")), several(self._cell("gene_group_id"))
        if len(names) != len(numbers):
            self._unread("gene_group_id", self._cell("gene_group_id"), f"{len(names)} numbers, one for each group")
            return names
        return tuple(f"{name} ({number})" for name, number in zip(names, numbers, strict=True))

    def _identifiers(self, column: str, prefix: str) -> tuple[str, ...]:
        found = several(self._cell(column))
        wrong = [local for local in found if not self.prefixes.is_well_formed(f"{prefix}:{local}")]
        for local in wrong:
            self._unread(column, local, f"an identifier of {prefix}")
        return tuple(local for local in found if local not in wrong)

    def _one(self, column: str, prefix: str) -> str:
        found = self._identifiers(column, prefix)
        if len(found) > 1:
            self._unread(column, self._cell(column), "one identifier; the first is taken")
        return found[0] if found else ""

    def _cross_references(self) -> tuple[str, ...]:
        """Identifiers of transcripts, and of the same gene in mouse and rat, as CURIEs."""
        return tuple(_cross_references((column, several(self._cell(column))) for column in _REFERENCES))


_REFERENCES = {"mane_select": "MANE_Select", "refseq_accession": "RefSeq", "mgd_id": "", "rgd_id": ""}
"""The columns that are kept as cross-references, and the prefix that each needs: MGI's and RGD's ids have theirs."""


def _cross_references(columns: Iterable[tuple[str, tuple[str, ...]]]) -> Iterator[str]:
    for column, values in columns:
        prefix = _REFERENCES[column]
        yield from (f"{prefix}:{value}" if prefix else value for value in values)
