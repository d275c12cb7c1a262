"""``data/sources.toml``: what is known of each source, and with it of each named graph."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, fields
from datetime import date
from pathlib import Path
from typing import Any

from poh_graph.errors import InputError

_LICENCE_NAMES = {
    "https://creativecommons.org/licenses/by/4.0/": "CC BY 4.0",
    "https://creativecommons.org/publicdomain/zero/1.0/": "CC0 1.0",
}


def licence_name(iri: str) -> str:
    """What people call a licence; its IRI where we know no other name.

    >>> licence_name("https://creativecommons.org/licenses/by/4.0/")
    'CC BY 4.0'
    """
    return _LICENCE_NAMES.get(iri, iri)


@dataclass(frozen=True, slots=True)
class Download:
    """A file of a source as its publisher offers it; ``source`` is the name of the source.

    ``sha256`` is that of a file that never changes (its address names a commit); None if the address gives whatever is
    newest, or an archive that is packed anew for each request.
    """

    source: str
    name: str
    url: str
    sha256: str | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """One source, and the named graph ``graph/<name>`` that holds what it says.

    ``version`` and ``issued`` are those of the source's release; ``retrieved`` is the day it was read, or None. Either
    ``license`` (an IRI) or ``rights`` (words) is there. ``left_out`` says what of the source is not in the graph, and
    why. ``infores`` is its identifier in Biolink's registry of information resources. ``downloads`` are the files
    that :mod:`poh_graph.fetch` gets.
    """

    name: str
    title: str
    label: str
    version: str
    publisher: str
    citation: str
    attribution: str
    knowledge_level: str
    agent_type: str
    derived_from: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    issued: date | None = None
    retrieved: date | None = None
    license: str | None = None
    rights: str | None = None
    rights_holder: str | None = None
    infores: str | None = None
    note: str | None = None
    downloads: tuple[Download, ...] = ()


def read_sources(path: Path) -> dict[str, Source]:
    """The table of sources: name → source, in the order of the file.

    Raises:
        InputError: if the file is not TOML, or a source lacks a field or has one that is not known.
    """
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise InputError(f"{path} cannot be read as TOML ({error}).") from None
    known = {field.name for field in fields(Source)} - {"name"}
    found = {}
    for name, table in tables.items():
        unknown = sorted(table.keys() - known)
        if unknown:
            raise InputError(
                f"{path}, [{name}]: unknown keys {', '.join(unknown)}.", mend=f"Known: {', '.join(sorted(known))}"
            )
        values: dict[str, Any] = {
            key: tuple(value) if isinstance(value, list) else value for key, value in table.items()
        }
        try:
            values["downloads"] = tuple(Download(source=name, **file) for file in table.get("downloads", []))
            found[name] = Source(name=name, **values)
        except TypeError as error:
            raise InputError(f"{path}, [{name}]: {str(error).partition('missing ')[2]} missing.") from None
        if not (found[name].license or found[name].rights):
            raise InputError(
                f"{path}, [{name}]: neither license nor rights.", mend="Give the licence's IRI, or rights in words."
            )
    return found
