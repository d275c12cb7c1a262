"""The files of a release, from a ZIP as the public repository gives it, from a folder, or a single one.

A ZIP is read where it lies: no member is written anywhere. One that names places outside itself (``../x``) is refused
all the same, for nobody packs a release so. What a member holds is limited, whatever it declares.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from poh_graph.errors import InputError

LARGEST_MEMBER = 4_000_000
"""The most that one packet may hold, in bytes. The largest of 2025 holds about 0.3 million."""

LARGEST_RELEASE = 600_000_000
"""The most that all packets may hold together, in bytes. A release of 2025 holds 79 million."""

_ENDINGS = (".json", ".yaml", ".yml")


def read_members(path: Path) -> Iterator[tuple[str, bytes]]:
    """The name and content of each packet file, in the order of their numbers.

    YAML is read only where there is no JSON.

    Raises:
        InputError: if the path is not there, cannot be read, is cut short or damaged, holds no packet file, or holds
            more than :data:`LARGEST_MEMBER` or :data:`LARGEST_RELEASE`.
    """
    if path.is_dir():
        return _from_folder(path)
    if not path.is_file():
        raise InputError(f"{path} is not there.", mend="Give a release as ZIP, as a folder, or one packet file.")
    if path.suffix.lower() in _ENDINGS:
        return iter([(path.name, _content(path))])
    return _from_zip(path)


def count_members(path: Path) -> int:
    """How many packet files there are, by their names alone.

    Raises:
        InputError: as :func:`read_members`, as far as the names tell.
    """
    if path.is_dir():
        return len(_names_in_folder(path))
    if path.suffix.lower() in _ENDINGS:
        return 1
    with _opened(path) as archive:
        return len(_chosen(_inside(archive.namelist(), path), path))


def _names_in_folder(path: Path) -> list[str]:
    return _chosen([str(file.relative_to(path)) for file in path.rglob("*") if file.is_file()], path)


def _from_folder(path: Path) -> Iterator[tuple[str, bytes]]:
    total = 0
    for name in _names_in_folder(path):
        content = _content(path / name)
        total = _counted(total, len(content), path)
        yield name, content


def _from_zip(path: Path) -> Iterator[tuple[str, bytes]]:
    with _opened(path) as archive:
        total = 0
        for name in _chosen(_inside(archive.namelist(), path), path):
            content = _member(archive, name, path)
            total = _counted(total, len(content), path)
            yield name, content


@contextmanager
def _opened(path: Path) -> Iterator[zipfile.ZipFile]:
    try:
        with zipfile.ZipFile(path) as archive:
            yield archive
    except zipfile.BadZipFile as error:
        raise InputError(
            f"{path} is not a whole ZIP file ({error}).", mend="Download it again; its size or its end is wrong."
        ) from None
    except OSError as error:
        raise InputError(f"{path} cannot be read ({error.strerror}).", mend="Check the file and its rights.") from None


def _inside(names: list[str], path: Path) -> list[str]:
    """The names, if all of them lie inside the ZIP."""
    for name in names:
        if name.startswith(("/", "\\")) or ".." in name.replace("\\", "/").split("/"):
            raise InputError(
                f"{path}: the member {name!r} points outside the file; a release has no such name.",
                mend="Do not trust this file. Download the release from its source again.",
            )
    return names


def _member(archive: zipfile.ZipFile, name: str, path: Path) -> bytes:
    """The content of a member, not a byte more than allowed, whatever its header declares."""
    try:
        with archive.open(name) as file:
            content = file.read(LARGEST_MEMBER + 1)
    except (zipfile.BadZipFile, zlib.error, EOFError) as error:
        raise InputError(f"{path}: the member {name} is damaged ({error}).", mend="Download the file again.") from None
    except (NotImplementedError, RuntimeError) as error:
        # Encrypted, or packed by a method that the standard library does not know.
        raise InputError(
            f"{path}: the member {name} cannot be unpacked ({error}).", mend="Pack it as plain ZIP."
        ) from None
    return _small_enough(content, f"{path}: the member {name}")


def _content(file: Path) -> bytes:
    try:
        with file.open("rb") as opened:
            return _small_enough(opened.read(LARGEST_MEMBER + 1), str(file))
    except OSError as error:
        raise InputError(f"{file} cannot be read ({error.strerror}).", mend="Check the file and its rights.") from None


def _small_enough(content: bytes, what: str) -> bytes:
    if len(content) > LARGEST_MEMBER:
        raise InputError(f"{what} holds more than {LARGEST_MEMBER:,} bytes; a packet does not.", mend="Check the file.")
    return content


def _counted(total: int, more: int, path: Path) -> int:
    if total + more > LARGEST_RELEASE:
        raise InputError(
            f"{path} unpacks to more than {LARGEST_RELEASE:,} bytes; a release does not.", mend="Check the file."
        )
    return total + more


def _chosen(names: list[str], path: Path) -> list[str]:
    """The names of the packet files, by their numbers; a clone of the repository holds each as JSON and as YAML."""
    visible = [name for name in names if not any(part.startswith((".", "__MACOSX")) for part in name.split("/")[:-1])]
    for endings in ((".json",), (".yaml", ".yml")):
        found = [name for name in visible if name.lower().endswith(endings)]
        packets = [name for name in found if "packet_" in name.lower()] or found
        if packets:
            return sorted(set(packets), key=_order)
    raise InputError(
        f"{path} holds no packet file.", mend="Expected files such as json/ORPHApacket_2762.json; check the release."
    )


def _order(name: str) -> tuple[int, str]:
    number = re.search(r"(\d+)\.\w+$", name)
    return (int(number[1]) if number else 0, name)
