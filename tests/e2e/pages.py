"""One address of each kind of page."""

from __future__ import annotations

POH = "/disorder/ORPHA:2762.html"

KINDS = {
    "front": "/",
    "disorder": POH,
    "disorder of a release": "/disorder/ORPHA:337.html",
    "retired code": "/disorder/ORPHA:665.html",
    "gene": "/gene/HGNC:4392.html",
    "phenotype": "/phenotype/HP:0011987.html",
    "organization": "/organization/poha.html",
    "association": "/association/orphanet/2762-HP0001376-HP0040281.html",
    "source": "/graph/orphanet.html",
    "list": "/disorders",
    "classifications": "/classifications",
    "ontology": "/ontology.html",
    "search": "/search?q=osteoma",
    "comparison": "/compare/POH/FOP",
    "chain": "/why?subject=ORPHA:2762&object=HP:0001376",
    "stored queries": "/queries",
    "stored query": "/queries/genes-of-a-disorder?disorder=FOP&run=yes",
    "SPARQL": "/editor?query=SELECT+*+WHERE+{+?s+?p+?o+}+LIMIT+5",
    "SPARQL with a mistake": "/editor?query=SELECT",
    "validation report": "/report",
    "nothing at this address": "/nothing",
}
