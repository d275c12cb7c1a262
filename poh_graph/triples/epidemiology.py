"""How common a disorder is, as statements: class, bounds or number, place, and what the row cites."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable

from poh_graph.records.orphanet import Epidemiology, PaperToken
from poh_graph.terms import BASE, DCTERMS, PUBMED
from poh_graph.triples.nquads import (
    IDENTIFIER,
    LABEL,
    NOTATION,
    ORPHANET,
    SPATIAL,
    A,
    address,
    biolink,
    decimal,
    english,
    iri,
    local_key,
    ordo,
    poh,
    schema,
    text,
)
from poh_graph.values import PrevalenceClass, orphanet_values

_END = ORPHANET
_PUBLICATION = biolink("Publication")
_PUBLICATIONS = biolink("publications")


def epidemiology_lines(record: Epidemiology) -> list[str]:
    """How common a disorder is somewhere: class with its bounds, or a number, or why there is neither.

    The bounds are per 100,000 people, and so is the number, unless the qualification says that it counts cases or
    families. A row of a type, class, qualification or place that no table knows gives nothing: the reader counted it.
    """
    values = orphanet_values()
    measure = values.prevalence_types.get(record.type or "no data")
    qualification = values.qualifications.get(record.qualification or "no data")
    prevalence_class = values.prevalence_classes.get(record.prevalence_class or "no data")
    place = values.places.get(record.place or "no data")
    if measure is None or qualification is None or prevalence_class is None or place is None:
        return []
    type_key = local_key(measure.iri) if measure.iri else "no-type"
    place_key = _NOT_A_WORD.sub("-", (record.place or "no place").lower()).strip("-")
    node = f"<{BASE}epidemiology/orphanet/{record.disorder}-{type_key}-{place_key}-{record.digest}>"
    lines = [f"{node} {A} {_OBSERVATION}{_END}", f"{node} {_ABOUT} {ordo(record.disorder)}{_END}"]
    if measure.iri:
        lines.append(f"{node} {_MEASURED} <{measure.iri}>{_END}")
    if record.qualification and not qualification.missing:
        lines.append(f"{node} {_QUALIFICATION} {text(record.qualification)}{_END}")
    if record.place:
        lines.append(f"{node} {SPATIAL} <{place.iri or place.missing}>{_END}")
    if prevalence_class.iri:
        lines.append(f"{node} {_CLASS} <{prevalence_class.iri}>{_END}")
    measured = _measured_lines(node, prevalence_class, record.value)
    if measured:
        lines += [*measured, f"{node} {_UNIT} {text(qualification.unit or _PER_100_000)}{_END}"]
    missing = {measure.missing if not measure.iri else "", "" if measured else prevalence_class.missing} - {""}
    lines += [f"{node} {_MISSING} <{word}>{_END}" for word in sorted(missing)]
    return lines + _citation_lines(node, record.sources)


def _measured_lines(node: str, prevalence_class: PrevalenceClass, value: str | None) -> list[str]:
    """Bounds and number. "0.0" and "no data" are no numbers: Orphanet writes "0.0" in rows that have a class only."""
    lines = []
    if prevalence_class.low:
        lines.append(f"{node} {_MIN} {decimal(prevalence_class.low)}{_END}")
    if prevalence_class.high:
        lines.append(f"{node} {_MAX} {decimal(prevalence_class.high)}{_END}")
    if value and value != "no data" and float(value) > 0:
        lines.append(f"{node} {_VALUE} {decimal(value)}{_END}")
    return lines


def place_lines(record: Epidemiology) -> list[str]:
    """The place of a row, where no table has it and so the ontology does not describe it: a country."""
    place = orphanet_values().places.get(record.place or "no data")
    if place is None or place.country is None:
        return []
    subject = iri(place.iri)
    return [
        f"{subject} {A} {_LOCATION}{_END}",
        f"{subject} {LABEL} {english(place.country.name)}{_END}",
        f"{subject} {NOTATION} {text(place.country.code)}{_END}",
    ]


_NOT_A_WORD = re.compile(r"[^a-z0-9]+")
_PER_100_000 = "per 100000"
_LOCATION = iri(f"{DCTERMS}Location")
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


def paper_lines(token: PaperToken, described: Container[str]) -> list[str]:
    """A paper or page that a row cites; nothing for a token that is neither.

    The packets hold no title: a paper that no other graph describes (by IRI) is labelled with its identifier.
    """
    subject = paper_iri(token)
    if not subject:
        return []
    if token.kind == "page":
        return [f"{subject} {A} {schema('WebPage')}{_END}", f"{subject} {LABEL} {text(token.text)}{_END}"]
    name = token.text if token.kind == "nbk" else f"{token.kind.upper()}:{token.text}"
    lines = [f"{subject} {A} {_PUBLICATION}{_END}", f"{subject} {IDENTIFIER} {text(name)}{_END}"]
    if subject[1:-1] not in described:
        lines.append(f"{subject} {LABEL} {text(name.replace(':', ' ', 1))}{_END}")
    return lines
