"""What a build holds already, as far as a further source needs it to join: learnt from the lines of the other graphs.

Order matters: a source sees ORPHApackets, what the package carries, and the sources that stand before it in
:data:`poh_graph.building.readers.READERS`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from poh_graph.terms import BASE, BIOLINK, ORDO, RDFS, ROR, SCHEMA, SKOS

_DISORDER = f"{ORDO}Orphanet_"
_OWN_GENE = f"{BASE}gene/"
_AT_ROR = f"<{ROR}".encode()


@dataclass
class World:
    """The things that have a name, and what a source may find them by. All keys but the names are IRIs.

    ``labelled`` holds everything with a label. Of Orphanet's disorders: ``disorder_names`` is name (label or synonym,
    in English, as written) → disorders, ``same_as`` is the IRI of a thing elsewhere → the disorders that some source
    makes exact to it; ``disorder_labels`` are the names of ``disorder_names`` that are labels, with the disorders that
    have them. ``unnumbered_genes`` is symbol → IRI of the genes that have no HGNC id. ``organizations`` are those of
    registries that a described organization is the same as.
    """

    labelled: set[str] = field(default_factory=set)
    disorder_names: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    same_as: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    disorder_labels: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    unnumbered_genes: dict[str, str] = field(default_factory=dict)
    organizations: set[str] = field(default_factory=set)

    def learn(self, lines: Iterable[bytes]) -> None:
        """Take note of lines of N-Quads, of any graph and in any order."""
        handlers = self._handlers()
        for line in lines:
            subject, predicate, rest = line.split(b" ", 2)
            handler = handlers.get(predicate)
            if handler is not None:
                handler(subject[1:-1].decode(), rest)

    def _handlers(self) -> dict[bytes, Callable[[str, bytes], None]]:
        return {
            f"<{RDFS}label>".encode(): self._label,
            f"<{SKOS}altLabel>".encode(): self._name,
            f"<{SKOS}exactMatch>".encode(): self._match,
            f"<{BIOLINK}symbol>".encode(): self._symbol,
            f"<{SCHEMA}sameAs>".encode(): self._same_organization,
        }

    def _label(self, subject: str, rest: bytes) -> None:
        self.labelled.add(subject)
        if subject.startswith(_DISORDER) and b'"@en ' in rest:
            self.disorder_labels[_literal(rest)].add(subject)
            self._name(subject, rest)

    def _name(self, subject: str, rest: bytes) -> None:
        if subject.startswith(_DISORDER) and b'"@en ' in rest:
            self.disorder_names[_literal(rest)].add(subject)

    def _match(self, subject: str, rest: bytes) -> None:
        if subject.startswith(_DISORDER) and rest.startswith(b"<"):
            self.same_as[rest[1 : rest.index(b">")].decode()].add(subject)

    def _symbol(self, subject: str, rest: bytes) -> None:
        if subject.startswith(_OWN_GENE):
            self.unnumbered_genes[_literal(rest)] = subject

    def _same_organization(self, _: str, rest: bytes) -> None:
        if rest.startswith(_AT_ROR):
            self.organizations.add(rest[1 : rest.index(b">")].decode())


def _literal(rest: bytes) -> str:
    r"""The text of a literal that begins the rest of a line.

    >>> _literal(b'"the \\"POH\\" packet"@en <https://w3id.org/poh-graph/graph/orphanet> .\n')
    'the "POH" packet'
    """
    text = rest[1 : rest.rindex(b'"')].decode()
    return (
        text.replace('\\"', '"').replace("\\n", "\n").replace("\\r", "\r").replace("\\\\", "\\")
        if "\\" in text
        else text
    )
