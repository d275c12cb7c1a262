"""Terms as N-Quads writes them.

Statements are made as text, a line each: a release has 1.3 million of them, and an object for each term would cost more
than reading, sorting and loading them together.
"""

from __future__ import annotations

from urllib.parse import quote

from poh_graph.terms import BIOLINK, DCTERMS, OBO, ONTOLOGY, ORDO, OWL, RDF, RDFS, SCHEMA, SKOS, XSD, graph_iri

_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r"})


def iri(text: str) -> str:
    """An IRI between angle brackets. What an IRI cannot hold must be encoded already."""
    return f"<{text}>"


def key(text: str) -> str:
    """A text as part of an IRI: what an IRI cannot hold is percent-encoded.

    >>> key("IGH@ locus")
    'IGH%40%20locus'
    """
    return quote(text, safe="-._~")


def address(text: str) -> str:
    """A web address or the local part of a DOI, as part of an IRI: only what IRIs forbid is percent-encoded.

    >>> address("10.1016/S0960-8966(02)00116-5")
    '10.1016/S0960-8966(02)00116-5'
    """
    return quote(text, safe="-._~:/?#[]@!$&'()*+,;=%")


def text(value: str) -> str:
    r"""A plain string.

    >>> print(text('the "POH" packet'))
    "the \"POH\" packet"
    """
    return f'"{value.translate(_ESCAPES)}"'


def english(value: str) -> str:
    """A text in English."""
    return f'"{value.translate(_ESCAPES)}"@en'


def in_language(value: str, language: str) -> str:
    """A text in some language, by its tag in lower case."""
    return f'"{value.translate(_ESCAPES)}"@{language}'


def boolean(*, value: bool) -> str:
    """A truth value."""
    return _TRUE if value else _FALSE


def decimal(value: str) -> str:
    """A decimal in its canonical form, which the store would fold it to anyway.

    >>> decimal("0.10"), decimal("100")
    ('"0.1"^^<http://www.w3.org/2001/XMLSchema#decimal>', '"100"^^<http://www.w3.org/2001/XMLSchema#decimal>')
    """
    whole, _, fraction = value.partition(".")
    fraction = fraction.rstrip("0")
    whole = whole.lstrip("0") or "0"
    return f'"{whole}.{fraction}"^^<{XSD}decimal>' if fraction else f'"{whole}"^^<{XSD}decimal>'


_TRUE = f'"true"^^<{XSD}boolean>'
_FALSE = f'"false"^^<{XSD}boolean>'

A = iri(RDF + "type")
SUBJECT = iri(RDF + "subject")
PREDICATE = iri(RDF + "predicate")
OBJECT = iri(RDF + "object")
LABEL = iri(RDFS + "label")
PREF_LABEL = iri(SKOS + "prefLabel")
ALT_LABEL = iri(SKOS + "altLabel")
NOTATION = iri(SKOS + "notation")
BROADER = iri(SKOS + "broader")
DEFINITION = iri(SKOS + "definition")
EDITORIAL_NOTE = iri(SKOS + "editorialNote")
EXACT_MATCH = iri(SKOS + "exactMatch")
CLOSE_MATCH = iri(SKOS + "closeMatch")
CONCEPT = iri(SKOS + "Concept")
IDENTIFIER = iri(DCTERMS + "identifier")
SPATIAL = iri(DCTERMS + "spatial")
AXIOM = iri(OWL + "Axiom")


def biolink(name: str) -> str:
    """A term of Biolink."""
    return iri(BIOLINK + name)


def poh(name: str) -> str:
    """A term of our own."""
    return iri(ONTOLOGY + name)


def schema(name: str) -> str:
    """A term of schema.org."""
    return iri(SCHEMA + name)


def ordo(code: str) -> str:
    """A disorder, or another term of ORDO."""
    return f"<{ORDO}Orphanet_{code}>"


def hpo(curie: str) -> str:
    """A term of HPO, from its CURIE."""
    return f"<{OBO}{curie[:2]}_{curie[3:]}>"


def local_key(ordo_or_hpo: str) -> str:
    """The end of a key: the bare code of an ORDO term, or an HPO term without its underscore.

    >>> local_key("http://www.orpha.net/ORDO/Orphanet_410295"), local_key("http://purl.obolibrary.org/obo/HP_0040281")
    ('410295', 'HP0040281')
    """
    return ordo_or_hpo.removeprefix(f"{ORDO}Orphanet_").removeprefix(OBO).replace("_", "")


ORPHANET = f" {iri(graph_iri('orphanet'))} .\n"
"""The end of a line of the graph ``orphanet``."""

ORPHANET_GONE = f" {iri(graph_iri('orphanet-gone'))} .\n"
"""The end of a line of the graph ``orphanet-gone``."""
