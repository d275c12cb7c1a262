"""Two disorders: what they share, and what tells them apart.

Phenotypes are compared in five columns: shared; shared at a more general level; present in one and excluded in the
other; annotated only here; annotated only there. "Annotated only here" does not mean absent there. What tells the two
apart for certain is curated, each row with its papers.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import NamedTuple

from poh_graph.document import Block, Document, Items, Paragraph, Section, Table
from poh_graph.graph import Disorder, Graph
from poh_graph.overlap import COMPUTED, Reason, reasons_for_both
from poh_graph.terms import BASE, curie_of

NOT_ANNOTATED = "not annotated for the other, which does not mean absent"


@dataclass(frozen=True, slots=True)
class Phenotype:
    """A phenotype that is annotated to one of the two: how often here and there ("" where it is not annotated)."""

    iri: str
    name: str
    here: str = ""
    there: str = ""
    excluded_here: bool = False
    excluded_there: bool = False

    def __str__(self) -> str:
        return f"{self.name} ({curie_of(self.iri)})"


@dataclass(frozen=True, slots=True)
class Feature:
    """A curated row of what tells the two apart. ``discriminates`` is False for what both may have."""

    name: str
    here: str
    there: str
    discriminates: bool
    phenotypes: tuple[str, ...]
    papers: tuple[str, ...]
    notes: tuple[str, ...]


class Gene(NamedTuple):
    """A gene of one of the two: the kind of association, the parent of origin where it is known, and who says so."""

    symbol: str
    kind: str
    parent_of_origin: str
    said_by: str


@dataclass(frozen=True)
class Comparison:
    """What two disorders share, and what tells them apart."""

    one: Disorder
    other: Disorder
    reasons: list[Reason]
    features: list[Feature]
    genes: tuple[list[Gene], list[Gene]]
    shared: list[Phenotype]
    shared_in_general: list[tuple[str, str, str]]
    """Triples of the side that has the general term (``here`` or ``there``), the general and the special term."""
    contradicted: list[Phenotype]
    only_here: list[Phenotype]
    only_there: list[Phenotype]
    sources: list[str] = field(default_factory=list)

    def render(self, format_: str) -> str:
        """The comparison as ``text``, ``markdown`` or ``json``."""
        return self.document().render(format_)

    def _repr_markdown_(self) -> str:
        """Show the comparison in a notebook."""
        return self.render("markdown")

    def document(self) -> Document:
        """The comparison as a document."""
        here, there = self.one.label, self.other.label
        return Document(
            f"{here} ({self.one.curie}) and {there} ({self.other.curie})",
            [
                Section("Why they overlap", self._reasons()),
                Section("What tells them apart", self._features(here, there)),
                Section("Genes", [*_genes(here, self.genes[0]), *_genes(there, self.genes[1])]),
                Section(f"Phenotypes of both ({len(self.shared)})", _table(self.shared, here, there)),
                Section(f"Shared at a more general level ({len(self.shared_in_general)})", self._general(here, there)),
                Section(
                    f"Present in one, excluded in the other ({len(self.contradicted)})",
                    _table(self.contradicted, here, there),
                ),
                Section(f"Only {here} ({len(self.only_here)})", _only(self.only_here, "here")),
                Section(f"Only {there} ({len(self.only_there)})", _only(self.only_there, "there")),
                Section("Sources", [Items(self.sources)] if self.sources else []),
            ],
        )

    def _reasons(self) -> list[Block]:
        here, there = self.one.label, self.other.label
        curated = [reason.line(here, there) for reason in self.reasons if not reason.is_computed]
        computed = [reason.line(here, there) for reason in self.reasons if reason.is_computed]
        blocks: list[Block] = [Items(curated)] if curated else []
        return [*blocks, Paragraph(COMPUTED), Items(computed)] if computed else blocks

    def _features(self, here: str, there: str) -> list[Block]:
        blocks: list[Block] = []
        for discriminates, words in (
            (True, ""),
            (False, "Found in both, or not reported for one: no help in telling them apart."),
        ):
            rows = [
                [
                    feature.name,
                    feature.here,
                    feature.there,
                    "; ".join(feature.phenotypes),
                    " ".join(feature.notes),
                    "; ".join(feature.papers),
                ]
                for feature in self.features
                if feature.discriminates is discriminates
            ]
            if rows:
                blocks += [Paragraph(words)] if words else []
                blocks.append(Table(["feature", here, there, "HPO terms", "note", "read in"], rows))
        return blocks

    def _general(self, here: str, there: str) -> list[Block]:
        rows = [
            [general, here if side == "here" else there, special] for side, general, special in self.shared_in_general
        ]
        return [Table(["more general", "annotated to", "more special, in the other"], rows)] if rows else []


def _genes(name: str, genes: list[Gene]) -> list[Block]:
    lines = []
    for gene in genes:
        origin = f", variant of {gene.parent_of_origin} origin" if gene.parent_of_origin else ""
        lines.append(f"{name}: {gene.symbol}, {gene.kind or 'kind not given'}{origin} ({gene.said_by})")
    return [Items(lines or [f"{name}: no gene in this graph"])]


def _table(phenotypes: list[Phenotype], here: str, there: str) -> list[Block]:
    return [Table(["phenotype", here, there], [[str(p), p.here, p.there] for p in phenotypes])] if phenotypes else []


def _only(phenotypes: list[Phenotype], side: str) -> list[Block]:
    if not phenotypes:
        return []
    rows = [[str(p), p.here if side == "here" else p.there] for p in phenotypes]
    return [Paragraph(f"These are {NOT_ANNOTATED}."), Table(["phenotype", "how often"], rows)]


def compare(graph: Graph, one: str, other: str) -> Comparison:
    """What two disorders share, and what tells them apart.

    Raises:
        UnknownName: if the graph has no disorder of that name.
        AmbiguousName: if it has several.
    """
    here, there = graph.disorder(one), graph.disorder(other)
    phenotypes = _phenotypes(graph, here, there)
    both = [p for p in phenotypes if p.here and p.there]
    shared = [p for p in both if p.excluded_here == p.excluded_there]
    general = graph.query("compared-at-a-more-general-level", here.iri, there.iri).rows()
    return Comparison(
        one=here,
        other=there,
        reasons=reasons_for_both(graph, here, there, [str(p) for p in shared if not p.excluded_here]),
        features=_features_of(graph, here, there),
        genes=(_genes_of(graph, here), _genes_of(graph, there)),
        shared=shared,
        shared_in_general=[
            (
                str(row["side"]),
                f"{row['general_name']} ({curie_of(str(row['general']))})",
                f"{row['special_name']} ({curie_of(str(row['special']))})",
            )
            for row in general
        ],
        contradicted=[p for p in both if p.excluded_here != p.excluded_there],
        only_here=[p for p in phenotypes if not p.there],
        only_there=[p for p in phenotypes if not p.here],
        sources=_sources(graph),
    )


def _phenotypes(graph: Graph, here: Disorder, there: Disorder) -> list[Phenotype]:
    """Every phenotype annotated to either, once; what is said twice with two frequencies shows both."""
    found: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    names: dict[str, str] = {}
    rank: dict[str, str] = {}
    for row in graph.query("compared-phenotypes", here.iri, there.iri):
        iri = str(row["phenotype"])
        names[iri] = str(row["name"] or curie_of(iri))
        often = str(row["how_often"] or "frequency not given")
        rank[iri] = min(rank.get(iri, "~"), str(row["frequency"] or "~"))
        side = str(row["side"])
        if often not in found[iri][side]:
            found[iri][side].append(often)
        if row["excluded"]:
            found[iri][f"excluded {side}"].append(often)
    return [
        Phenotype(
            iri,
            names[iri],
            here=" / ".join(sides["here"]),
            there=" / ".join(sides["there"]),
            excluded_here="excluded here" in sides,
            excluded_there="excluded there" in sides,
        )
        for iri, sides in sorted(found.items(), key=lambda item: (rank[item[0]], names[item[0]]))
    ]


def _features_of(graph: Graph, here: Disorder, there: Disorder) -> list[Feature]:
    rows: dict[tuple[object, ...], dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for row in graph.query("what-tells-apart", here.iri, there.iri):
        key = (row["order"], row["finding"], row["in_disorder"], row["in_other"], row["tells_apart"])
        detail = str(row["detail_label"] or row["detail"])
        if row["role"] == "phenotype":
            detail = f"{detail} ({curie_of(str(row['detail']))})"
        elif row["role"] != "note":
            detail = cited(detail, str(row["detail"]))
        rows[key][str(row["role"])].append(detail)
    return [
        Feature(
            name=str(finding),
            here=str(in_one),
            there=str(in_other),
            discriminates=bool(apart),
            phenotypes=tuple(roles["phenotype"]),
            papers=(*roles["paper"], *roles["page"]),
            notes=tuple(roles["note"]),
        )
        for (_, finding, in_one, in_other, apart), roles in rows.items()
    ]


def cited(label: str, iri: str) -> str:
    """A reference for a reader: its label, and its identifier where the label does not say it.

    >>> cited("GeneReviews: Disorders of GNAS Inactivation", "https://www.ncbi.nlm.nih.gov/books/NBK459117")
    'GeneReviews: Disorders of GNAS Inactivation (NBK459117)'
    """
    prefix, _, local = curie_of(iri).partition(":")
    name = local if local.startswith(prefix) else f"{prefix}:{local}"
    is_said = local in label or iri == curie_of(iri) or iri.startswith(BASE)
    return label if is_said else f"{label} ({name})"


def _genes_of(graph: Graph, disorder: Disorder) -> list[Gene]:
    found: dict[tuple[str, str], tuple[str, set[str]]] = {}
    for row in graph.query("genes-of-a-disorder", disorder.iri):
        key = (str(row["symbol"]), str(row["kind_label"] or ""))
        origin, sayers = found.get(key, ("", set()))
        found[key] = (str(row["parent_of_origin"] or origin), sayers | {str(row["said_by"] or "")})
    return [Gene(symbol, kind, origin, ", ".join(sorted(sayers))) for (symbol, kind), (origin, sayers) in found.items()]


def _sources(graph: Graph) -> list[str]:
    rows = graph.query("releases-and-licences")
    return list(dict.fromkeys(f"{row['name']}, release {row['release']}: {row['citation']}" for row in rows))
