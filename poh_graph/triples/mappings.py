"""Mappings as statements: the relation itself, and a node that says who states it, how it was found, in which set."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from poh_graph.records.mappings import Mapping, MappingSet
from poh_graph.terms import BASE, DCTERMS, SKOS, prefix_map
from poh_graph.triples.nquads import AXIOM, LABEL, A, decimal, english, iri, text

_SSSOM = "https://w3id.org/sssom/"
_OWL = "http://www.w3.org/2002/07/owl#"
_DB_XREF = "oboInOwl:hasDbXref"

_MAPPING = iri(_SSSOM + "Mapping")
_SOURCE = iri(_OWL + "annotatedSource")
_PROPERTY = iri(_OWL + "annotatedProperty")
_TARGET = iri(_OWL + "annotatedTarget")
_JUSTIFICATION = iri(_SSSOM + "mapping_justification")
_PROVIDER = iri(_SSSOM + "mapping_provider")
_IN_SET = iri(_SSSOM + "mapping_source")
_OBJECT_LABEL = iri(_SSSOM + "object_label")
_MODIFIER = iri(_SSSOM + "predicate_modifier")
_CONFIDENCE = iri(_SSSOM + "confidence")
_MATCH_FIELD = iri(_SSSOM + "object_match_field")
_MATCHED = iri(_SSSOM + "match_string")

_KEYS = {"ORPHA": "", "HGNC": "hgnc", "ICD11": "ICD11-", "poh.gene": ""}
"""How the key of a mapping begins for identifiers of these prefixes; for others it is the prefix."""


@dataclass(frozen=True, slots=True)
class Provider:
    """Who states mappings: the name in their keys, the IRI, and the end of their lines (with the named graph)."""

    name: str
    iri: str
    end: str


@lru_cache(maxsize=65_536)
def node_of(curie: str) -> str:
    """The IRI of a canonical CURIE, between angle brackets."""
    return iri(prefix_map().expand(curie, strict=True) or "")


@lru_cache(maxsize=65_536)
def identifier_key(curie: str) -> str:
    """An identifier as a part of the key of a statement.

    >>> [identifier_key(curie) for curie in ("ORPHA:2762", "HGNC:4392", "MONDO:0008153", "ICD11:1107209347")]
    ['2762', 'hgnc4392', 'MONDO0008153', 'ICD11-1107209347']
    """
    prefix, _, local = curie.partition(":")
    return f"{_KEYS.get(prefix, prefix)}{local}"


def mapping_lines(mapping: Mapping, provider: Provider) -> list[str]:
    """A mapping. The target of a relation that is no match is the CURIE as a string; a denied one has no own triple."""
    end = provider.end
    subject, predicate = node_of(mapping.subject), node_of(mapping.predicate)
    target = text(mapping.object) if mapping.predicate == _DB_XREF else node_of(mapping.object)
    relation = f"{'not-' if mapping.negated else ''}{mapping.predicate.partition(':')[2]}"
    key = f"{identifier_key(mapping.subject)}-{relation}-{identifier_key(mapping.object)}"
    node = f"<{BASE}mapping/{provider.name}/{key}>"
    lines = [
        f"{node} {A} {AXIOM}{end}",
        f"{node} {A} {_MAPPING}{end}",
        f"{node} {_SOURCE} {subject}{end}",
        f"{node} {_PROPERTY} {predicate}{end}",
        f"{node} {_TARGET} {target}{end}",
        f"{node} {_JUSTIFICATION} {node_of(mapping.justification)}{end}",
        f"{node} {_PROVIDER} <{provider.iri}>{end}",
    ]
    if mapping.set:
        lines.append(f"{node} {_IN_SET} <{mapping.set}>{end}")
    if mapping.object_label:
        lines.append(f"{node} {_OBJECT_LABEL} {text(mapping.object_label)}{end}")
    if mapping.confidence:
        lines.append(f"{node} {_CONFIDENCE} {decimal(mapping.confidence)}{end}")
    if mapping.matched:
        lines.append(f"{node} {_MATCHED} {text(mapping.matched)}{end}")
        lines.append(f"{node} {_MATCH_FIELD} {node_of(mapping.match_field)}{end}")
    if mapping.negated:
        lines.append(f'{node} {_MODIFIER} "Not"{end}')
    else:
        lines.append(f"{subject} {predicate} {target}{end}")
    return lines


def mapping_set_lines(found: MappingSet, provider: Provider) -> Iterator[str]:
    """What holds for all mappings of a set, said once."""
    node = iri(found.id)
    yield f"{node} {A} {iri(_SSSOM + 'MappingSet')}{provider.end}"
    yield f"{node} {LABEL} {english(found.title or found.id.rsplit('/', 1)[1])}{provider.end}"
    yield f"{node} {_PROVIDER} <{provider.iri}>{provider.end}"
    if found.license:
        yield f"{node} {iri(DCTERMS + 'license')} <{found.license}>{provider.end}"
    if found.comment:
        yield f"{node} {iri(SKOS + 'note')} {english(found.comment)}{provider.end}"
    for slot, value in (
        ("mapping_set_version", found.version),
        ("subject_source", found.subject_source),
        ("object_source", found.object_source),
        ("object_source_version", found.object_source_version),
    ):
        if value:
            yield f"{node} {iri(_SSSOM + slot)} {text(value)}{provider.end}"
