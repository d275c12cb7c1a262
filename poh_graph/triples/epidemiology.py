"""How common a disorder is, as statements: class, bounds or number, place, and what the row cites."""

from __future__ import annotations

from collections.abc import Iterable

from poh_graph.records import Epidemiology, PaperToken
from poh_graph.terms import BASE, PUBMED, words
from poh_graph.triples.nquads import (
    IDENTIFIER,
    LABEL,
    ORPHANET,
    SPATIAL,
    A,
    address,
    biolink,
    decimal,
    local_key,
    ordo,
    poh,
    schema,
    text,
)
from poh_graph.values import orphanet_values

_END = ORPHANET
_PUBLICATION = biolink("Publication")
_PUBLICATIONS = biolink("publications")


def epidemiology_lines(record: Epidemiology) -> list[str]:
    """How common a disorder is somewhere: class with its bounds, or a number, or why there is neither.

    The bounds and the number are per 100,000 people; a number of cases or families is never a bound. "0.0" and "no data"
    are no numbers.
    """
    values = orphanet_values()
    type_value = values.prevalence_types.get(record.type or "")
    prevalence_class = values.prevalence_classes.get(record.prevalence_class or "")
    place = values.places.get(record.place or "")
    qualification = values.qualifications.get(record.qualification or "")
    type_key = local_key(type_value.iri) if type_value and type_value.iri else "no-type"
    place_key = words(record.place) if record.place else "no-place"
    node = f"<{BASE}epidemiology/orphanet/{record.disorder}-{type_key}-{place_key}-{record.digest}>"
    lines = [
        f"{node} {A} {_OBSERVATION}{_END}",
        f"{node} {_ABOUT} {ordo(record.disorder)}{_END}",
    ]
    if type_value and type_value.iri:
        lines.append(f"{node} {_MEASURED} <{type_value.iri}>{_END}")
    if record.qualification:
        lines.append(f"{node} {_QUALIFICATION} {text(record.qualification)}{_END}")
    if place:
        lines.append(f"{node} {SPATIAL} <{place.iri or place.missing}>{_END}")
    measured = []
    if prevalence_class:
        if prevalence_class.iri:
            lines.append(f"{node} {_CLASS} <{prevalence_class.iri}>{_END}")
        if prevalence_class.low:
            measured.append(f"{node} {_MIN} {decimal(prevalence_class.low)}{_END}")
        if prevalence_class.high:
            measured.append(f"{node} {_MAX} {decimal(prevalence_class.high)}{_END}")
    if record.value and record.value != "no data" and float(record.value) > 0:
        measured.append(f"{node} {_VALUE} {decimal(record.value)}{_END}")
    if measured:
        unit = qualification.unit if qualification and qualification.unit else "per 100000"
        lines += [*measured, f"{node} {_UNIT} {text(unit)}{_END}"]
    elif prevalence_class and prevalence_class.missing:
        lines.append(f"{node} {_MISSING} <{prevalence_class.missing}>{_END}")
    return lines + _citation_lines(node, record.sources)


_OBSERVATION = poh("EpidemiologicalObservation")
_QUALIFICATION = poh("qualification")
_CLASS = poh("prevalenceClass")
_MISSING = poh("missingValue")
_ABOUT = schema("observationAbout")
_MEASURED = schema("measuredProperty")
_MIN = schema("minValue")
_MAX = schema("maxValue")
_VALUE = schema("value")
_UNIT = schema("unitText")


def _citation_lines(node: str, tokens: Iterable[PaperToken]) -> list[str]:
    """What a row cites. Papers are links; of an expert or author only the kind is known."""
    lines = []
    for token in tokens:
        paper = paper_iri(token)
        if paper:
            lines.append(f"{node} {_PUBLICATIONS} {paper}{_END}")
        elif token.text:
            lines.append(f"{node} {_CITED[token.kind]} {text(token.text)}{_END}")
        else:
            lines.append(f"{node} {poh('citedParty')} {_PARTIES[token.kind]}{_END}")
    return lines


_CITED = {
    "registry": poh("citedRegistry"),
    "institution": poh("citedInstitution"),
    "work": poh("citedWork"),
}
_PARTIES = {
    "Orphanet": poh("OrphanetItself"),
    "expert": poh("UnnamedExpert"),
    "author": poh("UnnamedAuthor"),
    "registry": poh("UnnamedRegistry"),
    "institution": poh("UnnamedInstitution"),
    "work": poh("UnnamedWork"),
}


def paper_iri(token: PaperToken) -> str:
    """The IRI of a paper, a book chapter or a page; empty for what is none of them."""
    if token.kind == "pmid":
        return f"<{PUBMED}{token.text}>"
    if token.kind == "doi":
        return f"<https://doi.org/{address(token.text)}>"
    if token.kind == "nbk":
        return f"<https://www.ncbi.nlm.nih.gov/books/{token.text}>"
    return f"<{address(token.text)}>" if token.kind == "page" else ""


def paper_lines(token: PaperToken) -> list[str]:
    """A paper or page that a row cites. The packets hold no title; who describes the paper gives it."""
    subject = paper_iri(token)
    if not subject:
        return []
    if token.kind == "page":
        return [f"{subject} {A} {schema('WebPage')}{_END}", f"{subject} {LABEL} {text(token.text)}{_END}"]
    name = token.text if token.kind == "nbk" else f"{token.kind.upper()}:{token.text}"
    return [f"{subject} {A} {_PUBLICATION}{_END}", f"{subject} {IDENTIFIER} {text(name)}{_END}"]
