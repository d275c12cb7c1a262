"""The files of a build: what kind each is, told by its content.

A kind is a source that has a reader, or RDF of the user's own. ``NAME=PATH`` on the command line forces the kind.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from poh_graph.building.readers import READERS, reader_of
from poh_graph.errors import InputError
from poh_graph.store import RDF_FORMATS

ORPHAPACKET = "orphapacket"
RDF = "rdf"
KINDS = (ORPHAPACKET, *(reader.name for reader in READERS), RDF)

_HEAD = 4096

_PACKET_KEY = re.compile(rb"""\borphapacket["']?\s*:""", re.IGNORECASE)
"""The key that opens a packet: ``Orphapacket``, or ``ORPHApacket`` until 2019."""


@dataclass(frozen=True, slots=True)
class Input:
    """A file or folder of a build, and its kind."""

    kind: str
    path: Path


def detect(path: Path) -> Input:
    """The kind of a file or folder.

    Raises:
        InputError: if it is not there, or of no kind that is known.
    """
    if not path.exists():
        raise InputError(f"{path} is not there.", mend="Give a release of ORPHApackets, or an RDF file.")
    reader = reader_of(path)
    if reader is not None:
        return Input(reader.name, path)
    if path.is_dir() or _begins_as_zip(path) or _is_packet(path):
        return Input(ORPHAPACKET, path)
    if path.suffix.lower() in RDF_FORMATS:
        return Input(RDF, path)
    raise InputError(
        f"{path} is neither ORPHApackets (a ZIP, a folder, a JSON file) nor RDF.",
        mend=f"RDF endings: {', '.join(sorted(RDF_FORMATS))}. To force a kind: --source orphapacket={path}",
    )


def forced(text: str) -> Input:
    """The input that an option ``NAME=PATH`` gives.

    Raises:
        InputError: if it is not of that form, or the kind or the file is not known.
    """
    kind, equals, path = text.partition("=")
    if not equals or kind not in KINDS:
        raise InputError(f"--source {text} is not NAME=PATH.", mend=f"NAME is one of: {', '.join(KINDS)}.")
    if not Path(path).exists():
        raise InputError(f"{path} is not there.")
    return Input(kind, Path(path))


def of_kind(inputs: Sequence[Input], kind: str) -> list[Path]:
    """The paths of one kind, in the order given."""
    return [item.path for item in inputs if item.kind == kind]


def _begins_as_zip(path: Path) -> bool:
    """Whether a file begins as a ZIP does: a truncated one has lost its end, by which a whole one is known."""
    with path.open("rb") as file:
        return file.read(4) == b"PK\x03\x04"


def _is_packet(path: Path) -> bool:
    """Whether a JSON or YAML file begins as an ORPHApacket does."""
    if path.suffix.lower() not in (".json", ".yaml", ".yml"):
        return False
    with path.open("rb") as file:
        return _PACKET_KEY.search(file.read(_HEAD)) is not None
