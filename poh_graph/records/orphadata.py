"""What the Orphadata products say, as plain records without RDF. Words of fixed lists are Orphanet's English ones."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field

from poh_graph.records.orphanet import (
    Definition,
    Epidemiology,
    GeneAssociation,
    PaperToken,
    PhenotypeAssociation,
)


@dataclass(frozen=True, slots=True)
class Named:
    """What a disorder is called in the language of a file, and its page there. No row: each product repeats it."""

    code: str
    language: str
    label: str
    page: str = ""


@dataclass(frozen=True, slots=True)
class ClassificationName:
    """What a classification is called. No row."""

    number: str
    language: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OrphadataRow:
    """A row: about the disorder ``code``, which it brings nothing else with."""

    code: str
    line: int = field(default=0, compare=False)

    @property
    def key(self) -> Hashable:
        """All that the row says."""
        return self

    @property
    def about(self) -> tuple[str, ...]:
        """The disorder."""
        return (f"ORPHA:{self.code}",)

    @property
    def brings(self) -> tuple[str, ...]:
        """Nothing."""
        return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NomenclatureEntry(OrphadataRow):
    """A code of the nomenclature in one language: names, type, definition, and whether it is still in use.

    ``flags`` are Orphanet's words for its status ("Deprecated entity"); ``inactive`` says that it is retired.
    """

    language: str
    label: str
    synonyms: tuple[str, ...] = ()
    type: str | None = None
    definition: Definition | None = None
    flags: tuple[str, ...] = ()
    inactive: bool = False

    @property
    def key(self) -> Hashable:
        """One entry for each code and language."""
        return "nomenclature", self.code, self.language


@dataclass(frozen=True, slots=True, kw_only=True)
class Alignment(OrphadataRow):
    """What a disorder is in another vocabulary: ``target`` is a CURIE, the other words are Orphanet's."""

    target: str
    relation: str
    icd_relation: str | None = None
    validation: str | None = None

    @property
    def key(self) -> Hashable:
        """One relation of two things is one alignment."""
        return "alignment", self.code, self.target, self.relation.split(" ", 1)[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Succession(OrphadataRow):
    """A retired code (``code``) has moved to another, or is referred to it. ``kind`` is "Moved to" or "Referred to"."""

    kind: str
    target: str

    @property
    def about(self) -> tuple[str, ...]:
        """Both codes: who asks for the one that is in use learns which others are part of it."""
        return (f"ORPHA:{self.code}", f"ORPHA:{self.target}")

    @property
    def brings(self) -> tuple[str, ...]:
        """Both codes."""
        return self.about


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassifiedUnder(OrphadataRow):
    """A disorder stands below another (``parent``; None at the top) in one classification, by its number."""

    parent: str | None
    classification: str

    @property
    def brings(self) -> tuple[str, ...]:
        """What it stands below."""
        return (f"ORPHA:{self.parent}",) if self.parent else ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PreferentialParent(OrphadataRow):
    """The one group under which the linearisation counts a disorder."""

    parent: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GeneDetails:
    """What a product says of a gene beside its association: names, locus, and identifiers by their source."""

    synonyms: tuple[str, ...] = ()
    locus_type: str | None = None
    bands: tuple[str, ...] = ()
    references: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class GeneRow(OrphadataRow):
    """A gene's part in a disorder, with its papers, and whether Orphanet has assessed it."""

    association: GeneAssociation
    papers: tuple[PaperToken, ...] = ()
    status: str | None = None
    details: GeneDetails = field(default_factory=GeneDetails, compare=False)

    @property
    def key(self) -> Hashable:
        """One association for each disorder, gene and kind."""
        gene = self.association.gene
        return "gene", self.code, gene.hgnc or gene.symbol, self.association.type

    @property
    def brings(self) -> tuple[str, ...]:
        """The gene."""
        gene = self.association.gene
        return (f"HGNC:{gene.hgnc}",) if gene.hgnc else (f"symbol:{gene.symbol}",)


@dataclass(frozen=True, slots=True, kw_only=True)
class PhenotypeRow(OrphadataRow):
    """A phenotype of a disorder, with what the packets lack.

    ``criterion`` are Orphanet's words for a phenotype by which the disorder is diagnosed. Papers, validation and its
    day are those of all phenotypes of the disorder.
    """

    association: PhenotypeAssociation
    language: str = "en"
    criterion: str | None = None
    papers: tuple[PaperToken, ...] = ()
    validation: str | None = None
    validated: str = ""

    @property
    def key(self) -> Hashable:
        """One association for each disorder, phenotype and frequency."""
        return "phenotype", self.code, self.association.hpo, self.association.frequency

    @property
    def brings(self) -> tuple[str, ...]:
        """The phenotype."""
        return (self.association.hpo,)


@dataclass(frozen=True, slots=True, kw_only=True)
class PrevalenceRow(OrphadataRow):
    """How common a disorder is somewhere, with the number that the packets lose, and whether it is validated."""

    observation: Epidemiology
    validation: str | None = None

    @property
    def key(self) -> Hashable:
        """All of the observation."""
        return "prevalence", self.observation


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryRow(OrphadataRow):
    """An age of onset (``kind`` "onset") or a type of inheritance ("inheritance")."""

    kind: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DisabilityRow(OrphadataRow):
    """What people with a disorder find hard to do: how often, for how long, how severely.

    ``number`` is Orphanet's for the activity, ``label`` its name. All words are in ``language``; None where there is
    none. ``lost`` says that the ability is lost.
    """

    number: str
    label: str
    language: str = "en"
    frequency: str | None = None
    temporality: str | None = None
    severity: str | None = None
    lost: bool = False

    @property
    def key(self) -> Hashable:
        """One row for each disorder, activity, frequency, temporality and severity, in one language."""
        return "disability", self.code, self.number, self.language, self.frequency, self.temporality, self.severity
