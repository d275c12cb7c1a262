"""Stored queries: a SPARQL file, its description, and its parameters.

A parameter is one line of the file, which runs unchanged in any SPARQL tool::

    VALUES ?disorder { ordo:Orphanet_2762 }   # the disorder

Binding puts the serialised, checked term between the braces, in every line of that parameter; nothing else of the text
is touched. The ``#+`` lines at the top are YAML (``summary``, ``description``, ``tags``), as grlc and SIB's tools read
them.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from poh_graph.bundle import resource_folder
from poh_graph.errors import InputError, ParameterError, UnknownQuery
from poh_graph.terms import XSD

Term = ox.NamedNode | ox.Literal

_PARAMETER = re.compile(r"^(\s*VALUES\s+\?(\w+)\s*\{)([^{}]*)(\}\s*#\s*(.*\S)\s*)$", re.MULTILINE)
_PREFIX = re.compile(r"^\s*PREFIX\s+([\w.-]*):\s*<([^>]*)>", re.MULTILINE | re.IGNORECASE)
_TERM = re.compile(r"""<[^<>\s]*>|"(?:[^"\\]|\\.)*"(?:@[\w-]+|\^\^\S+)?|\S+""")


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of a stored query. ``kind`` is ``iri``, or the datatype of its literal, such as ``integer``."""

    name: str
    kind: str
    default: tuple[Term, ...]
    documentation: str

    @property
    def language(self) -> str | None:
        """The language of its default, where that is a language string."""
        first = self.default[0]
        return first.language if isinstance(first, ox.Literal) else None

    def term(self, value: str) -> Term:
        """The literal of this parameter's type that a text stands for; the text is never read as SPARQL.

        Raises:
            ParameterError: if the text is not of the type.
        """
        if self.kind == "iri":
            try:
                return ox.NamedNode(value)
            except ValueError:
                raise ParameterError(f"?{self.name} is an IRI; {value!r} is not one.") from None
        if self.language:
            return ox.Literal(value, language=self.language)
        if self.kind == "string":
            return ox.Literal(value)
        literal = ox.Literal(value, datatype=ox.NamedNode(XSD + self.kind))
        if not _is_well_typed(literal):
            raise ParameterError(f"?{self.name} is of type {self.kind}; {value!r} is not.", mend=self.documentation)
        return literal


def _is_well_typed(literal: ox.Literal) -> bool:
    """Whether the text of a literal is in the value space of its datatype, by the engine's own cast."""
    answer = ox.Store().query(f"ASK {{ FILTER(BOUND(?v)) BIND(<{literal.datatype.value}>(STR({literal})) AS ?v) }}")
    return bool(answer)


@dataclass(frozen=True)
class StoredQuery:
    """A SPARQL file: ``name`` is the file's stem, ``text`` its whole text."""

    name: str
    text: str

    @cached_property
    def header(self) -> dict[str, Any]:
        """The YAML of its ``#+`` lines: ``summary``, ``description`` and ``tags``."""
        import yaml

        lines = [line[2:].removeprefix(" ") for line in self.text.splitlines() if line.startswith("#+")]
        try:
            # The safe loader in C, where PyYAML has it, is ten times as fast.
            loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
            header = yaml.load("\n".join(lines), loader) or {}  # noqa: S506 - both are safe
        except yaml.YAMLError as error:
            raise InputError(f"The header of the query {self.name} is not YAML ({error}).") from None
        if not isinstance(header, dict):
            raise InputError(f"The header of the query {self.name} is not a YAML mapping.")
        return header

    @property
    def summary(self) -> str:
        """The question, in one line."""
        return str(self.header.get("summary", ""))

    @property
    def description(self) -> str:
        """What the rows are, in one line."""
        return str(self.header.get("description", ""))

    @property
    def tags(self) -> tuple[str, ...]:
        """Words to find it by."""
        return tuple(self.header.get("tags", ()))

    @cached_property
    def prefixes(self) -> dict[str, str]:
        """The prefixes that it declares, and the namespace of each."""
        return dict(_PREFIX.findall(self.text))

    @cached_property
    def parameters(self) -> tuple[Parameter, ...]:
        """Its parameters, in the order of their first line."""
        found: dict[str, Parameter] = {}
        for _, name, terms, _, documentation in _PARAMETER.findall(self.text):
            default = tuple(_read_term(text, self.prefixes, self.name) for text in _TERM.findall(terms))
            if not default:
                raise InputError(f"The parameter ?{name} of the query {self.name} has no default.")
            first = default[0]
            kind = "iri" if isinstance(first, ox.NamedNode) else _kind(first)
            parameter = Parameter(name, kind, default, documentation)
            if found.setdefault(name, parameter).default != default:
                raise InputError(
                    f"The lines of the parameter ?{name} of the query {self.name} have different defaults."
                )
        return tuple(found.values())

    def bind(self, values: Mapping[str, Sequence[Term]]) -> str:
        """The text with the given terms in place of the defaults.

        Raises:
            ParameterError: if the query has no such parameter.
        """
        pieces, names = self._pieces
        for name in values:
            if name not in names:
                raise ParameterError(
                    f"The query {self.name} has no parameter {name!r}.",
                    mend=f"Its parameters: {', '.join(names) or 'none'}.",
                )

        return "".join(
            f"{piece} {' '.join(map(str, values[name]))} " if name in values else piece + default
            for piece, name, default in pieces
        )

    @cached_property
    def _pieces(self) -> tuple[list[tuple[str, str, str]], list[str]]:
        """The text cut at the braces of its parameters (what stands before, the name, the default), and the names."""
        pieces = []
        end = 0
        for line in _PARAMETER.finditer(self.text):
            pieces.append((self.text[end : line.start(3)], line[2], line[3]))
            end = line.end(3)
        return [*pieces, (self.text[end:], "", "")], [parameter.name for parameter in self.parameters]


def _kind(literal: ox.Literal) -> str:
    return "string" if literal.language else literal.datatype.value.removeprefix(XSD)


def _read_term(text: str, prefixes: Mapping[str, str], query: str) -> Term:
    """A term as it is written in a VALUES line: <IRI>, prefixed name, quoted literal, number or boolean."""
    lead, colon, local = text.partition(":")
    if text.startswith(("<", '"')) or not colon:
        statement = f"<x:s> <x:p> {text} ."
        try:
            term: Term = next(iter(ox.parse(statement, ox.RdfFormat.TURTLE))).object
        except SyntaxError as error:
            raise InputError(f"A default of the query {query} is not a term: {text} ({error.msg}).") from None
        return term
    if lead not in prefixes:
        raise InputError(f"The query {query} does not declare the prefix {lead!r}.")
    return ox.NamedNode(prefixes[lead] + local)


def read_query(path: Path) -> StoredQuery:
    """A query file.

    Raises:
        InputError: if it cannot be read.
    """
    try:
        return StoredQuery(path.stem, path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path} cannot be read as a query ({error}).") from None


@lru_cache(maxsize=1)
def stored_query_paths() -> dict[str, Path]:
    """The stored queries that the package carries: name → file, sorted by name."""
    return {path.stem: path for path in sorted(resource_folder("queries").glob("*.rq"))}


def stored_queries() -> list[StoredQuery]:
    """All stored queries, by name."""
    return [_stored_query(name) for name in stored_query_paths()]


@lru_cache
def _stored_query(name: str) -> StoredQuery:
    return read_query(stored_query_paths()[name])


@lru_cache
def find_query(name: str) -> StoredQuery:
    """The stored query of this name, or the only one whose name starts so.

    Raises:
        UnknownQuery: if there is none or more than one, with the nearest names.

    >>> find_query("genes").name
    'genes-of-a-disorder'
    """
    return _stored_query(find_among(stored_query_paths(), name).stem)


def find_among(paths: Mapping[str, Path], name: str) -> Path:
    """The file of this name among some, or the only one whose name starts so.

    Raises:
        UnknownQuery: if there is none or more than one, with the nearest names.
    """
    wanted = name.lower().removesuffix(".rq")
    if wanted in paths:
        return paths[wanted]
    starting = [stem for stem in paths if stem.startswith(wanted)]
    if len(starting) == 1:
        return paths[starting[0]]
    if starting:
        raise UnknownQuery(
            f"{len(starting)} stored queries start with {name!r}.",
            candidates=tuple(starting),
            mend="Write more of the name.",
        )
    near = difflib.get_close_matches(wanted, paths, n=3, cutoff=0.4) or [stem for stem in paths if wanted in stem][:3]
    raise UnknownQuery(
        f"There is no stored query {name!r}.", candidates=tuple(near), mend="List them: poh-graph queries"
    )
