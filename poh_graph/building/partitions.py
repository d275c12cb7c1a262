"""What a graph holds, counted: how many triples, and which classes have which properties with which kinds of value.

The counts are written as VoID, with a partition for each class, each property of a class, and each class or datatype of
its values: editors that complete what one types ask for them in this shape. They are counted from the sorted lines of a
release, in two readings that keep no statement; the queries for the same figures take a minute over a whole release.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import chain, groupby
from pathlib import Path
from urllib.parse import quote

import pyoxigraph as ox

from poh_graph.terms import BASE, RDF, VOID, VOID_EXT, XSD, curie_of

PARTITIONS = BASE + "void#"
"""What the names of the partitions begin with, where no server gives them its own."""

DATASET = PARTITIONS + "dataset"
"""The graph as a whole."""

Lines = Callable[[], Iterable[bytes]]
"""What gives the sorted lines of a release from the first, each time it is asked."""

_TYPE = f"<{RDF}type>".encode()
_STRING = f"<{XSD}string>".encode()
_LANGUAGE_STRING = f"<{RDF}langString>".encode()

_Classes = tuple[bytes, ...]
_NONE: _Classes = ()


_Use = tuple[_Classes, bytes, _Classes | bytes]
"""Things of these classes with this property, and the classes (IRI) or the datatype (literal) of the value."""


@dataclass
class Figures:
    """The counts of a graph. IRIs are in N-Triples' angle brackets; a triple that several graphs hold counts once."""

    triples: int = 0
    subjects: int = 0
    objects: int = 0
    classes: Counter[bytes] = field(default_factory=Counter)
    """Things of a class."""
    properties: Counter[bytes] = field(default_factory=Counter)
    """Triples with a property."""
    uses: Counter[tuple[bytes, bytes]] = field(default_factory=Counter)
    """Triples with a property about things of a class."""
    value_classes: Counter[tuple[bytes, bytes, bytes]] = field(default_factory=Counter)
    """Those whose value is of a class."""
    value_datatypes: Counter[tuple[bytes, bytes, bytes]] = field(default_factory=Counter)
    """Those whose value is a literal of a datatype."""


def count(lines: Lines) -> Figures:
    """The figures of a release."""
    classes = _classes_of(lines())
    figures = Figures(classes=Counter(chain.from_iterable(classes.values())))
    objects: set[bytes] = set()

    def uses() -> Iterator[_Use]:
        last = b""
        for subject, property_, value in _triples(lines()):
            objects.add(value)
            if subject != last:
                figures.subjects += 1
                last = subject
            kind = classes.get(value, _NONE) if value[:1] == b"<" else _datatype(value)
            yield classes.get(subject, _NONE), property_, kind

    _spread(figures, Counter(uses()))
    figures.objects = len(objects)
    return figures


def _triples(lines: Iterable[bytes]) -> Iterator[tuple[bytes, bytes, bytes]]:
    """Subject, property and value of the lines, each triple once: the graphs that hold it stand one after the other."""
    last: tuple[bytes, bytes, bytes] | None = None
    for line in lines:
        subject, property_, rest = line.split(b" ", 2)
        triple = (subject, property_, rest.rsplit(b" ", 2)[0])
        if triple != last:
            yield triple
        last = triple


def _classes_of(lines: Iterable[bytes]) -> dict[bytes, _Classes]:
    """The classes of each thing that has one; things of the same classes share one tuple."""
    found: dict[bytes, _Classes] = {}
    same: dict[_Classes, _Classes] = {}
    typed = (triple for triple in _triples(line for line in lines if _TYPE in line) if triple[1] == _TYPE)
    for subject, triples in groupby(typed, key=lambda triple: triple[0]):
        classes = tuple(value for _, _, value in triples)
        found[subject] = same.setdefault(classes, classes)
    return found


def _datatype(literal: bytes) -> bytes:
    """The datatype of a literal as N-Triples writes it.

    >>> _datatype(b'"42"^^<http://www.w3.org/2001/XMLSchema#integer>')
    b'<http://www.w3.org/2001/XMLSchema#integer>'
    """
    if literal.endswith(b">"):
        return literal[literal.rindex(b"^^<") + 2 :]
    return _STRING if literal.endswith(b'"') else _LANGUAGE_STRING


def _spread(figures: Figures, uses: Counter[_Use]) -> None:
    """Count each use for each class of the thing, and for each class of the value."""
    for (classes, property_, value), number in uses.items():
        figures.triples += number
        figures.properties[property_] += number
        for class_ in classes:
            figures.uses[class_, property_] += number
            if isinstance(value, bytes):
                figures.value_datatypes[class_, property_, value] += number
            else:
                for value_class in value:
                    figures.value_classes[class_, property_, value_class] += number


def write_void(figures: Figures, path: Path) -> None:
    """Write the figures as a Turtle file, the same bytes for the same figures."""
    # Without prefixes: the engine writes those that it is given in no fixed order.
    lines = sorted(void_lines(figures))
    ox.serialize(ox.parse("".join(lines), ox.RdfFormat.N_TRIPLES), str(path), ox.RdfFormat.TURTLE)


def void_lines(figures: Figures, names: str = PARTITIONS) -> Iterator[str]:
    """The figures as VoID in N-Triples, in no order; the IRIs of dataset and partitions begin with ``names``."""
    dataset = names + "dataset"
    yield _link(dataset, RDF + "type", f"<{VOID}Dataset>")
    yield from _figure(
        dataset,
        triples=figures.triples,
        entities=figures.subjects,
        distinctSubjects=figures.subjects,
        distinctObjects=figures.objects,
        classes=len(figures.classes),
        properties=len(figures.properties),
    )
    for property_, number in figures.properties.items():
        part = names + _part("property", property_)
        yield _link(dataset, VOID + "propertyPartition", f"<{part}>")
        yield _link(part, VOID + "property", property_.decode())
        yield from _figure(part, triples=number)
    for class_, number in figures.classes.items():
        part = names + _part("class", class_)
        yield _link(dataset, VOID + "classPartition", f"<{part}>")
        yield _link(part, VOID + "class", class_.decode())
        yield from _figure(part, entities=number)
    for (class_, property_), number in figures.uses.items():
        part = names + _part("class", class_, property_)
        yield _link(names + _part("class", class_), VOID + "propertyPartition", f"<{part}>")
        yield _link(part, VOID + "property", property_.decode())
        yield from _figure(part, triples=number)
    yield from _values(names, figures.value_classes, VOID + "classPartition", VOID + "class")
    yield from _values(names, figures.value_datatypes, VOID_EXT + "datatypePartition", VOID_EXT + "datatype")


def _values(names: str, counts: Counter[tuple[bytes, bytes, bytes]], has_part: str, is_of: str) -> Iterator[str]:
    for (class_, property_, value), number in counts.items():
        part = names + _part("class", class_, property_, value)
        yield _link(names + _part("class", class_, property_), has_part, f"<{part}>")
        yield _link(part, is_of, value.decode())
        yield from _figure(part, triples=number)


def _part(kind: str, *iris: bytes) -> str:
    """The name of a partition, in the dataset: class, property, and class or datatype of the value.

    >>> _part("class", b"<http://www.w3.org/2004/02/skos/core#Concept>", b"<http://example.org/x>")
    'class/skos:Concept/http:%2F%2Fexample.org%2Fx'
    """
    return "/".join([kind, *map(_word, iris)])


@lru_cache(maxsize=4096)
def _word(iri: bytes) -> str:
    """An IRI as a part of another: its CURIE, or all of it."""
    return quote(curie_of(iri[1:-1].decode()), safe=":-._~")


def _link(subject: str, property_: str, value: str) -> str:
    return f"<{subject}> <{property_}> {value} .\n"


def _figure(subject: str, **numbers: int) -> Iterator[str]:
    for name, number in numbers.items():
        yield f'<{subject}> <{VOID}{name}> "{number}"^^<{XSD}integer> .\n'
