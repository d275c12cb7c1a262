"""Which disorders are most alike some phenotypes, or a disorder, and why: for research, not a diagnosis."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from poh_graph.documents.overlap import ORDER, SHARED_PHENOTYPES, computed_of, reasons_of
from poh_graph.errors import ParameterError
from poh_graph.graph import Graph
from poh_graph.similarity import Catalogue, Likeness, Signs
from poh_graph.terms import Iri, curie_of

NOT_A_DIAGNOSIS = (
    "For research, not a diagnosis: frequencies, ages and what nobody has described count for nothing here."
)
HEADER = ("rank", "disorder", "name", "likeness", "reasons", "same", "more general in both", "against")


@dataclass(frozen=True)
class Match:
    """A disorder with how alike it is, and the kinds of reason that it shares with the disorder asked about."""

    iri: Iri
    label: str
    likeness: Likeness
    reasons: tuple[str, ...] = ()


def match(graph: Graph, present: Sequence[str], excluded: Sequence[str] = (), *, most: int = 20) -> list[Match]:
    """The disorders that are most alike some phenotypes, best first; phenotypes by any name or identifier.

    ``excluded`` are phenotypes that are expressly not there.

    Raises:
        ParameterError: if no phenotype is given, or one is given as present and as not there.
        UnknownName: if the graph has no phenotype of a name.
    """
    asked = Signs(*(frozenset(graph.one(name, kind="phenotype") for name in names) for names in (present, excluded)))
    if not asked.present:
        raise ParameterError("No phenotype is given.", mend="poh-graph match HP:0011987 HP:0025027")
    if both := asked.present & asked.excluded:
        raise ParameterError(f"{', '.join(map(curie_of, both))} cannot be present and not there.")
    catalogue = Catalogue.of(graph.store)
    best = [iri for iri, _ in catalogue.ranked(asked, most=most)]
    labels = graph.labels(set(best))
    return [Match(iri, labels.get(iri, curie_of(iri)), catalogue.likeness(asked, iri)) for iri in best]


def alike(graph: Graph, name: str, *, most: int = 20) -> list[Match]:
    """The disorders that overlap with one: first by the strongest kind of reason, then by their phenotypes.

    So what has the same gene or stands in the same small group comes before what shares phenotypes alone, however many.

    Raises:
        UnknownName: if the graph has no disorder of that name.
    """
    here = graph.disorder(name)
    catalogue = Catalogue.of(graph.store)
    signs = catalogue.signs.get(here.iri, Signs())
    kinds: dict[Iri, set[str]] = {}
    for overlaps in (reasons_of(graph, here), computed_of(graph, here)[0]):
        for (iri, _), reasons in overlaps.items():
            kinds.setdefault(Iri(iri), set()).update(reason.kind for reason in reasons)
    for iri, _ in catalogue.ranked(signs, without=[here.iri], most=most):
        kinds.setdefault(iri, {SHARED_PHENOTYPES})
    labels = graph.labels(set(kinds))
    found = [
        Match(iri, labels.get(iri, curie_of(iri)), catalogue.likeness(signs, iri), tuple(sorted(of, key=ORDER.index)))
        for iri, of in kinds.items()
    ]
    found.sort(key=lambda one: (ORDER.index(one.reasons[0]), -one.likeness.score, one.iri))
    return found[:most]


def rows(graph: Graph, found: Sequence[Match]) -> list[list[str]]:
    """The rows of a table, in the columns of :data:`HEADER`."""
    told = {iri for one in found for part in _parts(one.likeness) for iri in part}
    labels = graph.labels(set(told))
    return [
        [
            str(rank),
            curie_of(one.iri),
            one.label,
            f"{one.likeness.score:.3f}",
            ", ".join(one.reasons),
            *("; ".join(f"{labels.get(iri, '')} ({curie_of(iri)})" for iri in part) for part in _parts(one.likeness)),
        ]
        for rank, one in enumerate(found, start=1)
    ]


def _parts(likeness: Likeness) -> tuple[tuple[Iri, ...], ...]:
    return likeness.same, likeness.more_general, likeness.against
