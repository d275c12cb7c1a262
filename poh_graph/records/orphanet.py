"""What ORPHApackets say: facts as plain dataclasses, in the words of Orphanet, without any RDF.

Values that a source takes from a list of its own (disorder type, frequency, kind of association, place ...) stay as the
source writes them; what each stands for is in the tables of ``ontology/terms``, and ``triples`` looks it up. None means
that the source has no such field; "no data", "Unknown" and "Not applicable" are values and stay what they are.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

CitationKind = Literal["pmid", "doi", "nbk", "page", "registry", "institution", "work", "Orphanet", "expert", "author"]
"""What a token of a free-text source names. Of an expert or an author only the kind is kept, never the name."""


@dataclass(frozen=True, slots=True)
class Packet:
    """The head of one ORPHApacket. ``created`` is the day and time of Orphanet's extraction, without time zone."""

    code: str
    created: str
    version: str
    copyright: str
    place: str


@dataclass(frozen=True, slots=True)
class Definition:
    """A definition as Orphanet writes it, the same text mended, and the names of what was mended."""

    raw: str
    text: str
    repairs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Parent:
    """A disorder stands below another in at least one of Orphanet's classifications."""

    child: str
    code: str
    label: str


@dataclass(frozen=True, slots=True)
class Disorder:
    """A disorder, a group of disorders or a subtype, with what the packet says of it by itself."""

    code: str
    label: str
    type: str | None
    synonyms: tuple[str, ...]
    definition: Definition | None
    onsets: tuple[str, ...]
    inheritances: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Stub:
    """A disorder of which only code and label are known.

    Others name it as their parent and it has no packet of its own, or nothing else of its packet was read.
    """

    code: str
    label: str


@dataclass(frozen=True, slots=True)
class Gene:
    """A gene as the packet names it. ``hgnc`` and ``omim`` are bare numbers; a gene has at most one HGNC number."""

    symbol: str
    name: str | None
    hgnc: str | None
    omim: tuple[str, ...]
    clinvar: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class GeneAssociation:
    """A gene plays a part in a disorder. ``type`` is None in the packets of 2020 to 2022."""

    disorder: str
    gene: Gene
    type: str | None


@dataclass(frozen=True, slots=True)
class PhenotypeAssociation:
    """A phenotype is, or is expressly not, found in a disorder. ``hpo`` is a CURIE: ``HP:0010766``."""

    disorder: str
    hpo: str
    label: str
    frequency: str | None


@dataclass(frozen=True, slots=True)
class PaperToken:
    """One token of a free-text source: its kind, and its text (a bare number for a PMID, a DOI, an address, a name)."""

    kind: CitationKind
    text: str


@dataclass(frozen=True, slots=True)
class Epidemiology:
    """One row of how common a disorder is.

    ``value`` is the number as written: per 100,000 people, or cases or families where ``qualification`` says so.
    ``digest`` is the first eight hexadecimal digits of the SHA-256 of class, qualification, value and source text,
    joined by a line feed: it tells rows apart that share type and place.
    """

    disorder: str
    type: str | None
    qualification: str | None
    prevalence_class: str | None
    value: str | None
    place: str | None
    sources: tuple[PaperToken, ...]
    digest: str


@dataclass(frozen=True, slots=True)
class CrossReference:
    """The same, a wider or a narrower thing in another vocabulary, with the relation in Orphanet's words."""

    disorder: str
    vocabulary: str
    identifier: str
    relation: str | None


Record = Packet | Disorder | Stub | Parent | GeneAssociation | PhenotypeAssociation | Epidemiology | CrossReference
