"""IRIs and CURIEs: one canonical form for each, and every other spelling turned into it.

The prefixes stand in ``ontology/prefixes.json``, an extended prefix map as the ``curies`` package reads it. That
package takes 0.2 s to import, which is more than a whole query may cost here, so the two lookups it is needed for are
made by :class:`PrefixMap`; a test holds that both give the same answers.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_left
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import NewType
from urllib.parse import quote

from poh_graph.bundle import resource_folder
from poh_graph.errors import UnknownPrefix

Iri = NewType("Iri", str)
Curie = NewType("Curie", str)

BASE = "https://w3id.org/poh-graph/"
ONTOLOGY = BASE + "ontology#"
GRAPH = BASE + "graph/"
META_GRAPH = Iri(GRAPH + "meta")
ONTOLOGY_GRAPH = Iri(GRAPH + "ontology")

OBO = "http://purl.obolibrary.org/obo/"
ORDO = "http://www.orpha.net/ORDO/"
HGNC = "http://identifiers.org/hgnc/"
PUBMED = "http://www.ncbi.nlm.nih.gov/pubmed/"
CTGOV = "https://www.clinicaltrials.gov/study/"
CTIS = "https://euclinicaltrials.eu/app/#/view/"
ROR = "https://ror.org/"
BIOLINK = "https://w3id.org/biolink/vocab/"
DCAT = "http://www.w3.org/ns/dcat#"
DCTERMS = "http://purl.org/dc/terms/"
FOAF = "http://xmlns.com/foaf/0.1/"
OWL = "http://www.w3.org/2002/07/owl#"
PAV = "http://purl.org/pav/"
PROV = "http://www.w3.org/ns/prov#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
SCHEMA = "http://schema.org/"
SH = "http://www.w3.org/ns/shacl#"
SKOS = "http://www.w3.org/2004/02/skos/core#"
VOID = "http://rdfs.org/ns/void#"
VOID_EXT = "http://ldf.fi/void-ext#"
XSD = "http://www.w3.org/2001/XMLSchema#"

_BARE_CODE = re.compile(r"C?[0-9]+")


@dataclass(frozen=True, slots=True)
class Prefix:
    """One prefix of the map: its canonical name and IRI form, and the other spellings of both.

    ``pattern`` is the regular expression of what follows the prefix; empty where none is known.
    """

    name: str
    uri: str
    names: tuple[str, ...]
    uris: tuple[str, ...]
    pattern: str = ""


class PrefixMap:
    """Turns CURIEs into IRIs and back, by canonical forms and their synonyms."""

    def __init__(self, prefixes: tuple[Prefix, ...]) -> None:
        self.prefixes = prefixes

    @cached_property
    def _by_name(self) -> dict[str, Prefix]:
        return {name.lower(): p for p in self.prefixes for name in (p.name, *p.names)}

    @cached_property
    def _by_uri(self) -> dict[str, Prefix]:
        return {uri: p for p in self.prefixes for uri in (p.uri, *p.uris)}

    @cached_property
    def _uris(self) -> list[str]:
        return sorted(self._by_uri)

    def expand(self, curie: str, *, strict: bool = False) -> Iri | None:
        """The canonical IRI of a CURIE, whatever the case or synonym of its prefix; None if the prefix is unknown.

        Raises:
            UnknownPrefix: with ``strict``, instead of None.

        >>> prefix_map().expand("orphanet:2762")
        'http://www.orpha.net/ORDO/Orphanet_2762'
        """
        name, colon, local = curie.partition(":")
        if name.lower() == "ordo" and _BARE_CODE.fullmatch(local):
            # Others write ORDO:2762 for a code; here ordo: is the namespace, whose names begin with Orphanet_.
            name = "ORPHA"
        found = self._by_name.get(name.lower()) if colon and local and not local.startswith("//") else None
        if found is not None:
            return Iri(found.uri + local)
        if strict:
            raise UnknownPrefix(
                f"The prefix of {curie!r} is not known.",
                mend="Write the full IRI, or add the prefix to ontology/prefixes.json.",
            )
        return None

    def compress(self, iri: str) -> Curie | None:
        """The canonical CURIE of an IRI in any of its forms; None if no prefix fits.

        >>> prefix_map().compress("https://www.orpha.net/ORDO/Orphanet_2762")
        'ORPHA:2762'
        """
        # In order of text the forms that an IRI begins with stand before it, the longest last and mostly next to it:
        # http://purl.obolibrary.org/obo/HP_ after http://purl.obolibrary.org/obo/.
        for uri in reversed(self._uris[: bisect_left(self._uris, iri)]):
            if iri.startswith(uri):
                return Curie(f"{self._by_uri[uri].name}:{iri[len(uri) :]}")
        return None

    def is_well_formed(self, curie: str) -> bool:
        """Whether what follows the canonical prefix of a CURIE has the form of the identifiers of its vocabulary.

        >>> prefix_map().is_well_formed("NCIT:C3921"), prefix_map().is_well_formed("NCIT:3921")
        (True, False)
        """
        name, _, local = curie.partition(":")
        found = self._by_name.get(name.lower())
        return found is not None and re.fullmatch(found.pattern or ".+", local) is not None

    def standardize(self, text: str) -> Iri | None:
        """The canonical IRI of an IRI or CURIE in any spelling; None if it is neither.

        >>> prefix_map().standardize("http://www.orpha.net/consor/cgi-bin/OC_Exp.php?lng=en&Expert=2762")
        'http://www.orpha.net/ORDO/Orphanet_2762'
        """
        text = text.strip().removeprefix("<").removesuffix(">")
        if " " in text:
            return None
        if text.startswith(("http://", "https://")):
            curie = self.compress(text)
            return self.expand(curie) if curie else Iri(text)
        return self.expand(text)


@lru_cache(maxsize=1)
def prefix_map() -> PrefixMap:
    """The prefix map that the package carries."""
    records = json.loads((resource_folder("ontology") / "prefixes.json").read_text(encoding="utf-8"))
    return PrefixMap(
        tuple(
            Prefix(
                name=record["prefix"],
                uri=record["uri_prefix"],
                names=tuple(record.get("prefix_synonyms", ())),
                uris=tuple(record.get("uri_prefix_synonyms", ())),
                pattern=record.get("pattern", ""),
            )
            for record in records
        )
    )


@lru_cache(maxsize=65_536)
def own_curie(iri: str) -> str:
    """The CURIE that stands for this very IRI; the IRI itself if it has none, or is another form of a thing's IRI.

    >>> own_curie("http://www.orpha.net/ORDO/Orphanet_2762")
    'ORPHA:2762'
    >>> own_curie("http://www.orpha.net/consor/cgi-bin/OC_Exp.php?lng=en&Expert=2762")
    'http://www.orpha.net/consor/cgi-bin/OC_Exp.php?lng=en&Expert=2762'
    """
    curie = prefix_map().compress(iri)
    return curie if curie and prefix_map().expand(curie) == iri else iri


def curie_of(iri: str) -> str:
    """The CURIE of an IRI, or the IRI itself where no prefix fits."""
    return prefix_map().compress(iri) or iri


def words(text: str) -> str:
    """The key form of a text: lower case, words joined by hyphens, what an IRI cannot hold percent-encoded.

    >>> words("Primary osteoma cutis")
    'primary-osteoma-cutis'
    """
    return quote("-".join(text.lower().split()), safe="-._~")


def graph_iri(name: str) -> Iri:
    """The IRI of a named graph: ``graph_iri("orphanet")``."""
    return Iri(GRAPH + name)


def file_iri(graph: str, name: str) -> Iri:
    """The IRI of a file that was read into a named graph, whatever its name.

    >>> file_iri("mine", "my notes.ttl")
    'https://w3id.org/poh-graph/graph/mine/file/my%20notes.ttl'
    """
    return Iri(f"{graph_iri(graph)}/file/{quote(name)}")
