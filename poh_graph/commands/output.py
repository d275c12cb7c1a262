"""Where an answer goes, stdout or a file, and which format the ending of the file tells."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO

import click

from poh_graph.errors import ParameterError

ENDINGS = {
    ".tsv": ("tsv",),
    ".csv": ("csv",),
    ".json": ("json",),
    ".md": ("markdown",),
    ".txt": ("table", "text"),
    ".ttl": ("turtle",),
    ".trig": ("trig",),
    ".nt": ("ntriples",),
    ".nq": ("nquads",),
    ".rdfp": ("nquads",),
    ".rdf": ("rdfxml",),
    ".owl": ("rdfxml",),
    ".jsonld": ("jsonld",),
    ".atom": ("atom",),
}
"""The formats that an ending may mean; a command knows at most one of them."""


def format_of(as_: str | None, output: str | None, default: str, known: Sequence[str]) -> str:
    """The format asked for: by ``--as``, by the ending of ``-o``, or the default.

    Raises:
        ParameterError: if the ending is that of no format which the command knows.

    >>> format_of(None, "genes.txt", "", ["table", "csv"])
    'table'
    """
    if as_:
        return as_
    if not output or output == "-":
        return default
    for name in ENDINGS.get(Path(output).suffix.lower(), ()):
        if name in known:
            return name
    raise ParameterError(
        f"The ending of {output} names no format of this command.",
        mend=f"Give one with --as: {', '.join(known)}.",
    )


def write(output: str | None, writer: Callable[[IO[bytes]], object]) -> None:
    """Call ``writer`` with the file named, or with stdout; a file that was there stays if nothing can be written.

    Raises:
        ParameterError: if the file cannot be written.
    """
    if not output or output == "-":
        writer(sys.stdout.buffer)
        sys.stdout.buffer.flush()
        return
    path = Path(output)
    is_special = path.exists() and not path.is_file()  # a pipe, a device; a folder is refused below
    part = path if is_special else path.with_name(f".{path.name}.part")
    try:
        with part.open("wb") as file:
            writer(file)
        if not is_special:
            part.replace(path)
    except OSError as error:
        raise ParameterError(f"{output} cannot be written ({error.strerror}).") from None
    finally:
        if not is_special:
            with suppress(OSError):  # told above
                part.unlink(missing_ok=True)
    click.echo(f"Written: {output}", err=True)


def write_text(output: str | None, text: str) -> None:
    """Write a text, ended by one line feed.

    Raises:
        ParameterError: as :func:`write`.
    """
    write(output, lambda out: out.write((text.rstrip("\n") + "\n").encode()))
