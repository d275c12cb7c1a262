"""schema.org with the profiles of Bioschemas: what search engines and registries of data read.

A document holds a disorder as ``MedicalCondition``, its genes, trials and organizations, and the graph as a
``DataCatalog`` with one ``Dataset`` a source. It says less than the graph: no association has its source there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import orjson

from poh_graph.graph import Graph
from poh_graph.terms import BASE, DCTERMS, SCHEMA, SKOS, Iri, curie_of

Node = dict[str, Any]

CONTEXT: Node = {"@vocab": SCHEMA, "conformsTo": {"@id": DCTERMS + "conformsTo", "@type": "@id"}}
"""Stands in each document, so that nobody needs to load one."""

PROFILES: Mapping[str, str] = {
    "MedicalCondition": "https://bioschemas.org/profiles/Disease/0.2-DRAFT",
    "Gene": "https://bioschemas.org/profiles/Gene/1.0-RELEASE",
    "Dataset": "https://bioschemas.org/profiles/Dataset/1.0-RELEASE",
    "DataCatalog": "https://bioschemas.org/profiles/DataCatalog/0.3-RELEASE-2019_07_01",
}

KEYWORDS = ["rare diseases", "genes", "phenotypes", "linked data"]
CATALOGUE = "Rare-disease graph of POH"

_HUMAN = "http://purl.obolibrary.org/obo/NCBITaxon_9606"
_EXACT = SKOS + "exactMatch"


def document(graph: Graph, iri: Iri) -> Node:
    """What schema.org can say of a disorder, with the catalogue of the graph's sources.

    Raises:
        QueryError: if the store refuses a stored query.
    """
    nodes = [condition(graph, iri), *genes(graph, iri), *trials(graph, iri), *organizations(graph, iri)]
    return {"@context": CONTEXT, "@graph": [*nodes, *catalogue(graph)]}


def line(graph: Graph, iri: Iri) -> bytes:
    """The same without the catalogue, as a line of many: a piece of work for another process."""
    nodes = [condition(graph, iri), *genes(graph, iri), *trials(graph, iri), *organizations(graph, iri)]
    return orjson.dumps({"@context": CONTEXT, "@graph": nodes}, option=orjson.OPT_APPEND_NEWLINE)


def catalogue_line(graph: Graph) -> bytes:
    """The catalogue alone: the first line of many."""
    return orjson.dumps({"@context": CONTEXT, "@graph": catalogue(graph)}, option=orjson.OPT_APPEND_NEWLINE)


def condition(graph: Graph, iri: Iri) -> Node:
    """A disorder: names, overview, codes that are the same, signs, and how common it is, in words."""
    said: dict[str, list[str]] = {}
    for row in graph.query("overview-of-a-disorder", iri):
        said.setdefault(str(row["aspect"]), []).append(str(row["value"]))
    same = sorted(_same(graph, iri))
    return _node(
        "MedicalCondition",
        iri,
        name=said["name"][0],
        identifier=_identifier(iri),
        alternateName=said.get("also called"),
        description=next(iter(said.get("overview", [])), None),
        sameAs=[target for target in same if target.startswith("http")],
        code=[_code(target) for target in same],
        signOrSymptom=list(_signs(graph, iri)),
        epidemiology="; ".join(_epidemiology(graph, iri)) or None,
        subjectOf=[{"@type": "WebPage", "url": page} for page in said.get("page for readers", [])],
    )


def _identifier(iri: str) -> Node:
    """An identifier with its scheme: Bioschemas' schema refuses a bare CURIE, which is text and URI at once."""
    curie = curie_of(iri)
    return {"@type": "PropertyValue", "name": curie.partition(":")[0], "value": curie}


def _same(graph: Graph, iri: Iri) -> set[str]:
    """What is exactly the same elsewhere, by mappings that stand."""
    rows = graph.query("identifiers-in-other-vocabularies", iri)
    return {
        str(row["identifier"]) for row in rows if row["relation"] == _EXACT and row["stands"] and row["from"] == iri
    }


def _code(target: str) -> Node:
    system, _, code = curie_of(target).partition(":")
    return {"@type": "MedicalCode", "codingSystem": system, "codeValue": code}


def _signs(graph: Graph, iri: Iri) -> Iterator[Node]:
    """The signs that a source says are found; an excluded one is none."""
    for phenotype, name in sorted(
        {(str(row["phenotype"]), str(row["name"])) for row in graph.query("phenotypes-of-a-disorder", iri)}
    ):
        yield {"@type": "MedicalSignOrSymptom", "@id": phenotype, "name": name, "code": _code(phenotype)}


def _epidemiology(graph: Graph, iri: Iri) -> Iterator[str]:
    """How common it is, as its sources class it; a row without class or number says nothing here."""
    for row in graph.query("epidemiology-per-100000", iri):
        found = row["class"] or (f"{row['value']} {row['unit']}" if row["value"] is not None else None)
        if found:
            yield f"{row['measure']}, {row['place']}: {found} ({row['said_by']})"


def genes(graph: Graph, iri: Iri) -> Iterator[Node]:
    """The genes that a source says play a part in it."""
    label = graph.labels({iri}).get(iri, "")
    found = sorted({(str(row["gene"]), str(row["symbol"])) for row in graph.query("genes-of-a-disorder", iri)})
    for gene, symbol in found:
        yield _node(
            "Gene",
            gene,
            name=symbol,
            identifier=_identifier(gene),
            taxonomicRange=_HUMAN,
            associatedDisease=[{"@type": "MedicalCondition", "@id": iri, "url": iri, "name": label}],
        )


def trials(graph: Graph, iri: Iri) -> Iterator[Node]:
    """The trials whose registry names it as a condition; those of disorders that overlap belong to their documents."""
    rows = [row for row in graph.query("trials-for-a-disorder", iri) if row["condition"] == iri]
    # A trial that was looked up and is in the records of its registry too has two titles: the first will do.
    for row in {str(row["trial"]): row for row in reversed(rows)}.values():
        yield _node(
            "MedicalTrial",
            str(row["trial"]),
            name=str(row["title"]),
            identifier=str(row["registry_id"]),
            url=str(row["trial"]),
            healthCondition=[{"@type": "MedicalCondition", "@id": iri, "name": str(row["condition_name"])}],
        )


def organizations(graph: Graph, iri: Iri) -> Iterator[Node]:
    """The organizations that serve people with it by name."""
    for row in graph.query("organizations-that-serve-this-disorder", iri):
        yield _node(
            "NGO" if _is_ngo(graph, str(row["organization"])) else "Organization",
            str(row["organization"]),
            name=str(row["name"]),
            url=str(row["homepage"]) if row["homepage"] else None,
            description=str(row["what_it_does"]),
            address={"@type": "PostalAddress", "addressCountry": str(row["country"])} if row["country"] else None,
            dissolutionDate=str(row["dissolved_on"]) if row["dissolved_on"] else None,
            knowsAbout=[{"@id": iri}],
        )


def _is_ngo(graph: Graph, organization: str) -> bool:
    return graph.sparql(f"ASK {{ <{organization}> a <{SCHEMA}NGO> }}") is True


def catalogue(graph: Graph) -> list[Node]:
    """The sources of the graph: a catalogue, and a dataset for each of them."""
    datasets = list(_datasets(graph))
    listed = [{key: node[key] for key in _LISTED} for node in datasets]
    whole = _node(
        "DataCatalog",
        BASE,
        name=CATALOGUE,
        description="Rare disorders as linked data: names, genes, phenotypes, identifiers; one dataset a source.",
        url=BASE,
        keywords=KEYWORDS,
        provider={"@type": "Organization", "@id": BASE + "agent/poh-graph", "name": "POH graph"},
        dataset=listed or None,
    )
    return [whole, *datasets]


_LISTED = ("@type", "@id", "name", "url", "description", "keywords", "identifier")


def _datasets(graph: Graph) -> Iterator[Node]:
    found: dict[str, list[Mapping[str, Any]]] = {}
    for row in graph.query("releases-and-licences"):
        found.setdefault(str(row["graph"]), []).append(row)
    for iri, rows in found.items():
        first = rows[0]
        yield _node(
            "Dataset",
            iri,
            name=f"{first['name']}, release {first['release']}",
            description=f"What {first['name']} says of rare disorders, as RDF. Source: {first['citation']}.",
            identifier=iri,
            url=iri,
            keywords=KEYWORDS,
            version=str(first["release"]),
            license=str(first["licence"])
            if first["licence"]
            else {"@type": "CreativeWork", "name": str(first["rights"])},
            isBasedOn=sorted({str(row["made_from"]) for row in rows if row["made_from"]}),
            includedInDataCatalog={"@type": "DataCatalog", "@id": BASE, "name": CATALOGUE},
        )


def _node(type_: str, iri: str, **values: Any) -> Node:
    """A node with the profile of its type, without what is not said."""
    profile = {"conformsTo": PROFILES[type_]} if type_ in PROFILES else {}
    said = {key: value for key, value in values.items() if value not in (None, [])}
    return {"@type": type_, "@id": iri, **profile, **said}
