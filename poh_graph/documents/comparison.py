"""Two disorders: what they share, and what tells them apart.

Phenotypes are compared in five columns: shared; shared at a more general level; present in one and excluded in the
other; annotated only here; annotated only there. "Annotated only here" does not mean absent there, and what is excluded
on one side and not annotated on the other stands with the excluded, in words of its own. What tells the two apart for
certain is curated, each row with its papers.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from poh_graph.documents.document import Block, Document, Items, Link, Paragraph, Section, Table, Text, joined, listed
from poh_graph.documents.genes import Gene, gene_lines, genes_of
from poh_graph.documents.overlap import COMPUTED, Reason, reasons_for_both
from poh_graph.documents.references import cited, named, sources_of
from poh_graph.errors import ParameterError
from poh_graph.graph import Disorder, Graph
from poh_graph.terms import curie_of

NOT_ANNOTATED = "not annotated for the other, which does not mean absent"
NOT_CURATED = "No curator of this graph has compared the two; what follows is what the sources say of each."
NONE = "None."


@dataclass(frozen=True, slots=True)
class Phenotype:
    """A phenotype that is annotated to one of the two: how often here and there ("" where it is not annotated)."""

    iri: str
    name: str
    here: str = ""
    there: str = ""
    excluded_here: bool = False
    excluded_there: bool = False

    @property
    def link(self) -> Link:
        """Its name and identifier."""
        return named(self.name, self.iri)


@dataclass(frozen=True, slots=True)
class Feature:
    """A curated row of what tells the two apart. ``discriminates`` is False for what both may have."""

    name: str
    here: str
    there: str
    discriminates: bool
    phenotypes: tuple[Link, ...]
    papers: tuple[Link, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True)
class Comparison:
    """What two disorders share, and what tells them apart."""

    one: Disorder
    other: Disorder
    reasons: list[Reason]
    features: list[Feature]
    genes: tuple[list[Gene], list[Gene]]
    shared: list[Phenotype]
    """Annotated to both; with those that are excluded in both."""
    shared_in_general: list[tuple[str, Link, Link]]
    """Triples of the side that has the general term (``here`` or ``there``), the general and the special term."""
    contradicted: list[Phenotype]
    """Present in one and excluded in the other."""
    only_here: list[Phenotype]
    only_there: list[Phenotype]
    """Annotated to one and not to the other; with those that are excluded in the one."""
    sources: list[Text] = field(default_factory=list)

    def render(self, format_: str) -> str:
        """The comparison as ``text``, ``markdown`` or ``json``."""
        return self.document().render(format_)

    def _repr_markdown_(self) -> str:
        """Show the comparison in a notebook."""
        return self.render("markdown")

    def document(self) -> Document:
        """The comparison as a document."""
        here, there = self.one.label, self.other.label
        only_here = [p for p in self.only_here if not p.excluded_here]
        only_there = [p for p in self.only_there if not p.excluded_there]
        return Document(
            f"{here} ({self.one.curie}) and {there} ({self.other.curie})",
            [
                Section("Why they overlap", self._reasons()),
                Section("What tells them apart", self._features(here, there)),
                Section("Genes", [*_genes(here, self.genes[0]), *_genes(there, self.genes[1])]),
                self._shared(here, there),
                Section(
                    f"Shared at a more general level ({len(self.shared_in_general)})",
                    self._general(here, there),
                    "shared-in-general",
                ),
                Section(
                    f"Present in one, excluded in the other ({len(self.contradicted)})",
                    [
                        *_table(self.contradicted, here, there),
                        *_excluded([p for p in self.only_here if p.excluded_here], here, there),
                        *_excluded([p for p in self.only_there if p.excluded_there], there, here),
                    ],
                    "excluded-in-one",
                ),
                Section(f"Only {here} ({len(only_here)})", _only(only_here, "here"), "only-here"),
                Section(f"Only {there} ({len(only_there)})", _only(only_there, "there"), "only-there"),
                Section("Sources", listed(self.sources)),
            ],
        )

    def _shared(self, here: str, there: str) -> Section:
        present = [p for p in self.shared if not p.excluded_here]
        excluded = [p.link for p in self.shared if p.excluded_here]
        in_words: list[Block] = [Paragraph("Excluded in both:"), Items(excluded)] if excluded else []
        return Section(f"Phenotypes of both ({len(present)})", [*_table(present, here, there), *in_words], "shared")

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
            rows: list[list[Text]] = [
                [
                    feature.name,
                    feature.here,
                    feature.there,
                    joined(feature.phenotypes, "; "),
                    " ".join(feature.notes),
                    joined(feature.papers, "; "),
                ]
                for feature in self.features
                if feature.discriminates is discriminates
            ]
            if rows:
                blocks += [Paragraph(words)] if words else []
                blocks.append(Table(["feature", here, there, "HPO terms", "note", "read in"], rows))
        return blocks or [Paragraph(NOT_CURATED)]

    def _general(self, here: str, there: str) -> list[Block]:
        rows: list[list[Text]] = [
            [general, here if side == "here" else there, special] for side, general, special in self.shared_in_general
        ]
        return (
            [Table(["more general", "annotated to", "more special, in the other"], rows)] if rows else [Paragraph(NONE)]
        )


def _genes(name: str, genes: list[Gene]) -> list[Block]:
    lines = gene_lines(genes) or ["no gene in this graph"]
    return listed(joined([f"{name}: ", line]) for line in lines)


def _table(phenotypes: list[Phenotype], here: str, there: str) -> list[Block]:
    rows: list[list[Text]] = [[p.link, p.here, p.there] for p in phenotypes]
    return [Table(["phenotype", here, there], rows) if rows else Paragraph(NONE)]


def _only(phenotypes: list[Phenotype], side: str) -> list[Block]:
    if not phenotypes:
        return [Paragraph(NONE)]
    rows: list[list[Text]] = [[p.link, p.here if side == "here" else p.there] for p in phenotypes]
    return [Paragraph(f"These are {NOT_ANNOTATED}."), Table(["phenotype", "how often"], rows)]


def _excluded(phenotypes: list[Phenotype], name: str, other: str) -> list[Block]:
    if not phenotypes:
        return []
    words = f"Excluded in {name}; not annotated for {other}, which does not mean present:"
    return [Paragraph(words), Items([p.link for p in phenotypes])]


def compare(graph: Graph, one: str, other: str) -> Comparison:
    """What two disorders share, and what tells them apart.

    Raises:
        UnknownName: if the graph has no disorder of that name.
        AmbiguousName: if it has several.
        ParameterError: if both mean the same disorder.
    """
    here, there = graph.disorder(one), graph.disorder(other)
    if here.iri == there.iri:
        raise ParameterError(
            f"Both {one!r} and {other!r} mean {here.label} ({here.curie}): there is nothing to compare.",
            mend=f"Give two disorders; what {here.label} is alone: poh-graph show {here.curie}",
        )
    phenotypes = _phenotypes(graph, here, there)
    both = [p for p in phenotypes if p.here and p.there]
    shared = [p for p in both if p.excluded_here == p.excluded_there]
    general = graph.query("compared-at-a-more-general-level", here.iri, there.iri).rows()
    return Comparison(
        one=here,
        other=there,
        reasons=reasons_for_both(graph, here, there, [p.link for p in shared if not p.excluded_here]),
        features=features_of(graph, here, [there.iri]).get(there.iri, []),
        genes=(genes_of(graph, here), genes_of(graph, there)),
        shared=shared,
        shared_in_general=[
            (
                str(row["side"]),
                named(str(row["general_name"]), str(row["general"])),
                named(str(row["special_name"]), str(row["special"])),
            )
            for row in general
        ],
        contradicted=[p for p in both if p.excluded_here != p.excluded_there],
        only_here=[p for p in phenotypes if not p.there],
        only_there=[p for p in phenotypes if not p.here],
        sources=sources_of(graph, [here.iri, there.iri]),
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


def features_of(graph: Graph, here: Disorder, others: Sequence[str]) -> dict[str, list[Feature]]:
    """What tells a disorder from others (IRIs), as curators wrote it; no entry for one of which they wrote nothing."""
    found: dict[str, dict[tuple[object, ...], dict[str, dict[Link, None]]]] = defaultdict(
        lambda: defaultdict(lambda: defaultdict(dict))
    )
    if not others:
        return {}
    for row in graph.query("what-tells-apart", here.iri, other=others):
        key = (row["order"], row["finding"], row["in_disorder"], row["in_other"], row["tells_apart"])
        detail, label = str(row["detail"]), str(row["detail_label"] or row["detail"])
        link = _DETAILS.get(str(row["role"]), cited)(label, detail)
        found[str(row["other"])][key][str(row["role"])][link] = None
    return {other: [_feature(key, roles) for key, roles in rows.items()] for other, rows in found.items()}


_DETAILS: Mapping[str, Callable[[str, str], Link]] = {"phenotype": named, "note": Link}
"""How a detail of a feature is named by its role; papers and pages are cited."""


def _feature(key: tuple[object, ...], roles: Mapping[str, Mapping[Link, None]]) -> Feature:
    _, finding, in_one, in_other, apart = key
    return Feature(
        name=str(finding),
        here=str(in_one),
        there=str(in_other),
        discriminates=bool(apart),
        phenotypes=tuple(roles.get("phenotype", ())),
        papers=(*roles.get("paper", ()), *roles.get("page", ())),
        notes=tuple(note.text for note in roles.get("note", ())),
    )
