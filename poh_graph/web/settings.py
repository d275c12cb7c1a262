"""What whoever runs the server decides: which store, under which address, in whose name, within which limits."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from pathlib import Path

from poh_graph.bundle import is_bundle
from poh_graph.errors import InputError

KILOBYTE = 1000
MEGABYTE = 1000 * KILOBYTE


@dataclass(frozen=True, slots=True)
class Limits:
    """What one query, and all of them together, may take. What is over a limit is refused or ended, with the reason."""

    seconds: float = 30.0
    """Wall time of a query from its start to its last byte."""
    memory: int = 500 * MEGABYTE
    """Bytes of memory that a query may take beside the open store; all take at most ``2 * workers`` times this."""
    result: int = 100 * MEGABYTE
    """Bytes of an answer."""
    text: int = 200 * KILOBYTE
    """Bytes of the text of a query."""
    workers: int = 4
    """Queries that run at once; half as many long ones go on beside them when others want their places."""
    waiting: int = 64
    """Queries that wait for a place; one more is told to come back."""


@dataclass(frozen=True, slots=True)
class Publisher:
    """Who runs this instance, as its catalogue entries and pages say."""

    name: str
    homepage: str = ""
    contact: str = ""
    """An address for mail (``mailto:`` is added) or of a page with a form."""
    landing_page: str = ""
    """The page about this dataset; without it, the front page of this server."""


def read_publisher(path: Path) -> Publisher:
    """The publisher that a TOML file describes (``name``, ``homepage``, ``contact``, ``landing_page``).

    Raises:
        InputError: if it cannot be read, has another key, no name, or a value that is no text.
    """
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InputError(f"{path} cannot be read as TOML ({error}).", mend='Write: name = "…"') from None
    known = [each.name for each in fields(Publisher)]
    wrong = [key for key, value in found.items() if key not in known or not isinstance(value, str)]
    if wrong or not found.get("name"):
        raise InputError(
            f"{path} does not describe a publisher: {', '.join(wrong) or 'name is missing'}.",
            mend=f"It has these keys, each a text, the first is needed: {', '.join(known)}.",
        )
    return Publisher(**found)


def read_releases(texts: Sequence[str]) -> dict[str, Path]:
    """The releases that options ``NAME=BUNDLE`` give, by name.

    Raises:
        InputError: if one is not of that form, is no bundle, or two have one name.
    """
    found: dict[str, Path] = {}
    for text in texts:
        name, _, path = text.partition("=")
        if not name or not is_bundle(Path(path)):
            raise InputError(f"--diff {text} names no bundle.", mend="Write it as --diff 2025-07=bundle-2025-07.")
        if name in found:
            raise InputError(f"Two releases are called {name}.", mend="Give each --diff a name of its own.")
        found[name] = Path(path)
    return found


@dataclass(frozen=True, slots=True)
class Settings:
    """All that the server is told at its start.

    ``store`` is a bundle folder or an RDF file; None is ``./bundle`` if there is one, else the packaged graph.
    ``public_url`` is the address under which the world sees this server, without a slash at its end. ``releases`` are
    the bundles whose differences it tells, by the names that it gives them.
    """

    store: str | None = None
    public_url: str = "http://127.0.0.1:8000"
    publisher: Publisher | None = None
    limits: Limits = field(default_factory=Limits)
    releases: Mapping[str, Path] = field(default_factory=dict)
