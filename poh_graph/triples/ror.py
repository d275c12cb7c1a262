"""Organizations of ROR as statements of the graph ``ror``; curated organizations are the same by their IRIs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from poh_graph.records.organizations import Organization, OrganizationName, RelationKind
from poh_graph.terms import DCTERMS, FOAF, OWL, ROR, XSD, graph_iri
from poh_graph.triples.nquads import (
    ALT_LABEL,
    IDENTIFIER,
    LABEL,
    A,
    address,
    boolean,
    in_language,
    iri,
    poh,
    schema,
    text,
)
from poh_graph.triples.world import World

_END = f" {iri(graph_iri('ror'))} .\n"
_IS_ORGANIZATION = f"{A} {iri(FOAF + 'Organization')}"
_DEPRECATED = f"{iri(OWL + 'deprecated')} {boolean(value=True)}"
_FUNDER = "https://doi.org/10.13039/"
_WIKIDATA = "http://www.wikidata.org/entity/"
_NAMES = {"label": schema("alternateName"), "alias": ALT_LABEL}
_RELATIONS: dict[RelationKind, str] = {
    "parent": schema("parentOrganization"),
    "child": schema("subOrganization"),
    "related": iri(DCTERMS + "relation"),
    "successor": iri(DCTERMS + "isReplacedBy"),
    "predecessor": iri(DCTERMS + "replaces"),
}


def ror_lines(records: Iterable[Organization], world: World) -> Iterator[str]:
    """The records, and the names of organizations that they refer to and no record describes."""
    described: set[str] = set()
    mentioned: dict[str, str] = {}
    for record in records:
        described.add(record.ror)
        subject = _node(record.ror)
        yield from (f"{subject} {said}{_END}" for said in _facts(record))
        for to in record.relations:
            # Two records may call a third differently: of all names the first in order is taken.
            mentioned[to.ror] = min(mentioned.get(to.ror, to.label), to.label)
    for ror in sorted(mentioned.keys() - described):
        if f"{ROR}{ror}" not in world.labelled:
            yield f"{_node(ror)} {_IS_ORGANIZATION}{_END}"
            yield f"{_node(ror)} {IDENTIFIER} {text(ror)}{_END}"
            yield f"{_node(ror)} {LABEL} {text(mentioned[ror] or ror)}{_END}"


def _node(ror: str) -> str:
    return iri(ROR + ror)


def _facts(record: Organization) -> Iterator[str]:
    yield _IS_ORGANIZATION
    yield f"{IDENTIFIER} {text(record.ror)}"
    yield f"{schema('status')} {text(record.status)}"
    if record.status == "withdrawn":
        yield _DEPRECATED
    for name in record.names:
        if name.kind == "display":
            yield f"{LABEL} {_name(name)}"
            yield f"{schema('name')} {_name(name)}"
        elif name.kind == "acronym":
            yield f"{poh('acronym')} {text(name.text)}"  # initials are of no language
        else:
            yield f"{_NAMES[name.kind]} {_name(name)}"
    yield from (f"{schema('additionalType')} {text(kind)}" for kind in record.types)
    yield from (f"{schema('addressCountry')} {text(code)}" for code in record.countries)
    yield from (f"{schema('url')} <{address(site)}>" for site in record.websites)
    yield from (f"{iri(FOAF + 'page')} <{address(page)}>" for page in record.wikipedia)
    yield from _elsewhere(record)
    yield from (f"{_RELATIONS[to.kind]} {_node(to.ror)}" for to in record.relations)
    if record.founded:
        yield f'{schema("foundingDate")} "{record.founded}"^^<{XSD}gYear>'
    for predicate, day in (("created", record.created), ("modified", record.modified)):
        if day:
            yield f'{iri(DCTERMS + predicate)} "{day}"^^<{XSD}date>'


def _elsewhere(record: Organization) -> Iterator[str]:
    """The same organization elsewhere: as links where its IRI there is known, else as strings."""
    yield from (f"{schema('sameAs')} <{_WIKIDATA}{item}>" for item in record.wikidata)
    yield from (f"{schema('sameAs')} <{_FUNDER}{number}>" for number in record.funder)
    yield from (f"{schema('identifier')} {text(f'ISNI {isni}')}" for isni in record.isni)
    yield from (f"{schema('identifier')} {text(f'GRID {grid}')}" for grid in record.grid)


def _name(name: OrganizationName) -> str:
    return in_language(name.text, name.language) if name.language else text(name.text)
