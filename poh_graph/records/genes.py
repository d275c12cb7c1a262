"""Genes as the nomenclature committee names them."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class GeneEntry:
    """A gene with its names, its place, and what others call it. Identifiers are bare, without prefix.

    ``location`` is the place in HGNC's words, ``bands`` the chromosome bands that it names. ``groups`` are names with
    their numbers: "Granins (925)". ``modified`` is a day in ISO 8601.
    """

    hgnc: str
    symbol: str
    name: str
    locus_type: str = ""
    location: str = ""
    bands: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    alias_names: tuple[str, ...] = ()
    previous_symbols: tuple[str, ...] = ()
    previous_names: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    ncbi: str = ""
    ensembl: str = ""
    omim: tuple[str, ...] = ()
    orphanet: str = ""
    uniprot: tuple[str, ...] = ()
    cross_references: tuple[str, ...] = ()
    modified: str = ""
    withdrawn: bool = False
    line: int = field(default=0, compare=False)

    @property
    def key(self) -> str:
        """An entry is told apart by its number."""
        return self.hgnc

    @property
    def about(self) -> tuple[str, ...]:
        """The gene, and every symbol by which a gene without number may be meant."""
        symbols = (self.symbol, *self.previous_symbols, *self.aliases)
        return (f"HGNC:{self.hgnc}", *(f"symbol:{symbol}" for symbol in symbols))

    @property
    def brings(self) -> tuple[str, ...]:
        """Nothing: an entry describes all that it refers to."""
        return ()
