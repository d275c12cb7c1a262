"""Which thing an address means, and at which address a thing is described.

A disorder, gene, phenotype or organization stands at ``/disorder/ORPHA:2762``, ``/gene/HGNC:4392`` and so on, whatever
its IRI; anything else that has an IRI of ours at the path of that IRI; and what only others name at ``/resource?iri=``.
"""

from __future__ import annotations

from urllib.parse import quote, urlencode

from poh_graph.errors import UnknownName
from poh_graph.graph import Graph
from poh_graph.terms import BASE, ONTOLOGY, Iri, curie_of

KINDS = ("disorder", "gene", "phenotype", "organization")
"""The kinds of things that have an address of their kind; each is a word of :data:`poh_graph.names.KINDS`."""

OWN_PATHS = (
    *("agent", "association", "change", "classification", "concept", "conflict", "disorder", "epidemiology", "feature"),
    *("feed", "gap", "gene", "graph", "mapping", "overlap", "place", "reference", "region", "release", "search"),
    *("sequence", "sponsor", "statement", "transcript", "variant"),
)
"""The first parts of our own IRIs; ``ontology/w3id.htaccess`` sends the same here."""

RESOURCE = "/resource"
ONTOLOGY_PATH = "/ontology"

_AGENTS = BASE + "agent/"
_SAFE = ":@/-._~!$&'()*+,;="


def found(graph: Graph, kind: str, name: str) -> Iri:
    """The thing of a kind that a name or identifier means.

    Raises:
        UnknownName: if there is none, with the nearest.
        AmbiguousName: if there are several.
    """
    own = (_AGENTS if kind == "organization" else f"{BASE}{kind}/") + name
    return known(graph, own) or graph.one(name, kind=kind)


def known(graph: Graph, iri: str) -> Iri | None:
    """An IRI of ours, if the graph knows it exactly so; what is no IRI is not known."""
    return Iri(iri) if graph.identified(iri) == iri else None


def identified(graph: Graph, text: str) -> Iri:
    """The very thing of which a text is the IRI or the CURIE, in any spelling.

    Raises:
        UnknownName: if the graph has no such thing.
    """
    iri = graph.identified(text)
    if iri is None:
        raise UnknownName(f"This graph says nothing about {text!r}.", mend="/search finds things by name.")
    return iri


def path_of(graph: Graph, iri: str) -> str:
    """The path, below the root, of the thing itself; its documents have an ending more (:func:`document_path`)."""
    if iri.startswith(ONTOLOGY) or iri == ONTOLOGY.rstrip("#"):
        return ONTOLOGY_PATH
    # A class of another vocabulary may stand for a disorder; then it has the address of a foreign IRI.
    same = [candidate for candidate in graph.names.by_identifier(iri) if candidate.iri == iri]
    kind = same[0].kind if same else ""
    if kind in KINDS:
        name = iri.removeprefix(_AGENTS).removeprefix(f"{BASE}{kind}/")
        return f"/{kind}/{quote(curie_of(iri) if name == iri else name, safe=':')}"
    if iri.startswith(BASE):
        return "/" + quote(iri.removeprefix(BASE), safe=_SAFE)
    return f"{RESOURCE}?{urlencode({'iri': iri}, safe=':/')}"


def document_path(path: str, ending: str) -> str:
    """The path of the document on a thing that ends so.

    >>> document_path("/gene/HGNC:4392", "ttl"), document_path("/resource?iri=http://e/1", "ttl")
    ('/gene/HGNC:4392.ttl', '/resource.ttl?iri=http://e/1')
    """
    before, mark, query = path.partition("?")
    return f"{before}.{ending}{mark}{query}"
