"""The catalogue of an instance: the dataset, how it can be had, and the services over it, in DCAT.

It has the fields that catalogues of rare-disease resources ask for at their first level (ERDERA, before it EJP RD): the
shapes in ``shapes/served`` say which.
"""

from __future__ import annotations

from collections.abc import Iterator

import pyoxigraph as ox

from poh_graph.terms import BASE, DCAT, ORDO, PROV, VOID, XSD
from poh_graph.web.instance import Instance
from poh_graph.web.settings import Publisher
from poh_graph.web.statements import FOAF, VCARD, Value, about, text

LICENCE = "https://creativecommons.org/licenses/by/4.0/"
"""Of the whole; what a source asks for besides is in its named graph and in the rights of a distribution."""

_ENGLISH = "http://id.loc.gov/vocabulary/iso639-1/en"
_PUBLIC = "http://publications.europa.eu/resource/authority/access-right/PUBLIC"
_MEDIA_TYPES = "https://www.iana.org/assignments/media-types/"
_QUERY_AND_RETRIEVAL = "http://edamontology.org/operation_0224"
_THEMES = (ORDO + "Orphanet_2762", "http://edamontology.org/topic_3325")
"""Progressive osseous heteroplasia; rare diseases."""

_KEYWORDS = (
    "rare diseases",
    "progressive osseous heteroplasia",
    "heterotopic ossification",
    "GNAS",
    "Orphanet",
    "phenotypes",
    "linked data",
    "SPARQL",
)
_TITLE = "Knowledge graph of progressive osseous heteroplasia"
_DESCRIPTION = (
    "Linked data on progressive osseous heteroplasia (ORPHA:2762) and the disorders of Orphanet that a build has taken "
    "in: genes, phenotypes, epidemiology, classification, identifiers elsewhere, what tells disorders apart, "
    "organizations and trials. Each statement names its source, release, licence and papers."
)


def catalogue(instance: Instance) -> Iterator[ox.Triple]:
    """The catalogue, the dataset, its distributions, the data services, the publisher and the contact point."""
    yield from about(
        instance.part("catalogue"),
        {
            "rdf:type": [DCAT + "Catalog", DCAT + "Resource"],
            "dcterms:title": text(f"Catalogue of {instance.base}"),
            "dcterms:description": text("The dataset and the services of this instance of the POH graph."),
            "dcat:dataset": instance.part("dataset"),
            "dcat:service": [instance.part("sparql"), instance.part("api")],
            "foaf:homepage": instance.url("/"),
            **_level_one(instance),
        },
    )
    yield from _dataset(instance)
    yield from _distributions(instance)
    yield from _services(instance)
    yield from _people(instance)


def _level_one(instance: Instance) -> dict[str, Value | list[Value]]:
    """What every entry of a catalogue says alike."""
    return {
        "dcterms:license": LICENCE,
        "dcterms:language": _ENGLISH,
        "dcterms:accessRights": _PUBLIC,
        "dcterms:publisher": publisher_iri(instance),
        "dcat:contactPoint": instance.part("contact"),
        "dcat:landingPage": instance.publisher.landing_page or instance.url("/"),
        "dcat:theme": list(_THEMES),
        "dcat:keyword": [text(word) for word in _KEYWORDS],
        "dcat:version": ox.Literal(_version(instance)),
        # The shapes of the Virtual Platform want these two words as plain strings, not as a boolean.
        "ejp:personalData": ox.Literal("false"),
    }


def _version(instance: Instance) -> str:
    """The day of the newest source, and the beginning of the digest, since builds of one day differ by their input."""
    day = f"{instance.issued.isoformat()}-" if instance.issued else ""
    return f"{day}{instance.digest[:12]}"


def _dataset(instance: Instance) -> Iterator[ox.Triple]:
    yield from about(
        instance.part("dataset"),
        {
            "rdf:type": [DCAT + "Dataset", DCAT + "Resource", VOID + "Dataset"],
            "dcterms:title": text(_TITLE),
            "dcterms:description": text(_DESCRIPTION),
            "dcterms:identifier": ox.Literal(instance.digest),
            "dcterms:conformsTo": BASE + "ontology",
            "dcat:distribution": [instance.part(name) for name in ("release", "endpoint")],
            "void:sparqlEndpoint": instance.url("/sparql"),
            "void:dataDump": instance.url("/release/graph.nq"),
            "void:uriSpace": ox.Literal(BASE),
            "void:exampleResource": ORDO + "Orphanet_2762",
            "void:subset": [graph.iri for graph in instance.graphs],
            "foaf:homepage": instance.url("/"),
            **_level_one(instance),
        },
    )
    if instance.issued:
        issued = ox.Literal(instance.issued.isoformat(), datatype=ox.NamedNode(XSD + "date"))
        yield from about(instance.part("dataset"), {"dcterms:issued": issued})


def _distributions(instance: Instance) -> Iterator[ox.Triple]:
    said_of_both: dict[str, Value | list[Value]] = {
        "rdf:type": DCAT + "Distribution",
        "dcterms:license": LICENCE,
        "dcterms:rights": instance.url("/release/ATTRIBUTION.md"),
        "dcterms:publisher": publisher_iri(instance),
        "dcterms:accessRights": _PUBLIC,
        "dcat:version": ox.Literal(_version(instance)),
    }
    yield from about(
        instance.part("release"),
        {
            **said_of_both,
            "dcterms:title": text("The release as sorted N-Quads"),
            "dcterms:description": text("Every statement with the named graph that says whose it is."),
            "dcterms:format": _MEDIA_TYPES + "application/n-quads",
            "dcat:mediaType": _MEDIA_TYPES + "application/n-quads",
            "dcat:accessURL": instance.url("/"),
            "dcat:downloadURL": instance.url("/release/graph.nq"),
            "schema:sha256": ox.Literal(instance.digest),
        },
    )
    if instance.size is not None:
        size = ox.Literal(str(instance.size), datatype=ox.NamedNode(XSD + "nonNegativeInteger"))
        yield from about(instance.part("release"), {"dcat:byteSize": size})
    yield from about(
        instance.part("endpoint"),
        {
            **said_of_both,
            "dcterms:title": text("The dataset through SPARQL"),
            "dcterms:description": text("Answers to SPARQL 1.1 queries over the union of the named graphs."),
            "dcterms:format": _MEDIA_TYPES + "application/sparql-results+json",
            "dcat:accessURL": instance.url("/sparql"),
            "dcat:accessService": instance.part("sparql"),
        },
    )


def _services(instance: Instance) -> Iterator[ox.Triple]:
    said_of_both: dict[str, Value | list[Value]] = {
        "rdf:type": [DCAT + "DataService", DCAT + "Resource"],
        "dcterms:type": _QUERY_AND_RETRIEVAL,
        "dcat:servesDataset": instance.part("dataset"),
        **_level_one(instance),
    }
    yield from about(
        instance.part("sparql"),
        {
            **said_of_both,
            "dcterms:title": text("SPARQL endpoint"),
            "dcterms:description": text("SPARQL 1.1 queries by GET and POST; it is read-only."),
            "dcterms:conformsTo": "http://www.w3.org/TR/sparql11-protocol/",
            "dcat:endpointURL": instance.url("/sparql"),
            # A SPARQL endpoint that is asked without a query describes itself.
            "dcat:endpointDescription": instance.url("/sparql"),
        },
    )
    yield from about(
        instance.part("api"),
        {
            **said_of_both,
            "dcterms:title": text("Stored queries over HTTP"),
            "dcterms:description": text(
                "Each stored query at an address of its own, with the formats of the endpoint."
            ),
            "dcterms:conformsTo": "https://spec.openapis.org/oas/v3.1.0",
            "dcat:endpointURL": instance.url("/api"),
            "dcat:endpointDescription": instance.url("/openapi.json"),
        },
    )


def publisher_iri(instance: Instance) -> str:
    """The IRI of who runs the instance."""
    return instance.publisher.homepage or instance.part("publisher")


def _people(instance: Instance) -> Iterator[ox.Triple]:
    publisher = instance.publisher
    page = publisher.homepage or instance.url("/")
    yield from about(
        publisher_iri(instance),
        {
            "rdf:type": [FOAF + "Organization", FOAF + "Agent", PROV + "Agent"],
            "foaf:name": text(publisher.name),
            "dcterms:title": text(publisher.name),
            "dcterms:description": text("Runs this instance of the POH graph."),
            "foaf:homepage": page,
            "dcat:landingPage": page,
        },
    )
    yield from about(
        instance.part("contact"),
        {
            "rdf:type": [VCARD + "Agent", VCARD + "Kind"],
            "vcard:fn": text(publisher.name),
            **_contact(publisher, page),
        },
    )


def _contact(publisher: Publisher, page: str) -> dict[str, Value | list[Value]]:
    """Where to write to: an address for mail is one of a page too, since catalogues ask for that."""
    contact = publisher.contact
    if contact and "://" not in contact:
        mail = f"mailto:{contact.removeprefix('mailto:')}"
        return {"vcard:hasEmail": mail, "vcard:url": mail}
    return {"vcard:url": contact or page}
