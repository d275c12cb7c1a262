"""Where things lie: the folders that the package carries, and the files of a bundle.

A bundle is a folder that holds one release of the graph. It is built beside its place and exchanged with what stood
there, so that a build which fails, or is killed between any two system calls, leaves the old bundle whole.
"""

from __future__ import annotations

import ctypes
import errno
import fcntl
import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from poh_graph.errors import InputError, StoreError

FORMAT = 1
"""The version of a bundle's layout; a bundle of another version is refused."""

DEFAULT_BUNDLE = Path("bundle")
"""The bundle that is meant where none is named, if it is there."""

_RENAME_EXCHANGE = 2
_AT_FDCWD = -100


def resource_folder(name: str) -> Path:
    """The folder ``ontology``, ``data``, ``shapes`` or ``queries``: in the wheel, or beside the package in a checkout.

    Raises:
        StoreError: if the installation lacks it.
    """
    package = Path(__file__).parent
    for place in (package / "resources" / name, package.parent / name):
        if place.is_dir():
            return place
    raise StoreError(
        f"This installation of poh-graph lacks its folder {name!r}.", mend="Install it again: pip install poh-graph"
    )


@dataclass(frozen=True, slots=True)
class Bundle:
    """The files of a bundle below ``path``."""

    path: Path

    @property
    def graph(self) -> Path:
        """The release itself: sorted N-Quads."""
        return self.path / "graph.nq"

    @property
    def manifest(self) -> Path:
        """Digests, sources, releases, licences, counts, as JSON. It is written last: without it there is no bundle."""
        return self.path / "manifest.json"

    @property
    def report(self) -> Path:
        """The validation report as Turtle; ``report.txt`` beside it says the same in words."""
        return self.path / "report.ttl"

    @property
    def names(self) -> Path:
        """Everything that can be named, as a sorted table: what ``resolve`` finds names by."""
        return self.path / "names.tsv"

    @property
    def figures(self) -> Path:
        """How much of what the release holds, as VoID: triples, classes, their properties, and the kinds of values."""
        return self.path / "void.ttl"

    @property
    def store(self) -> Path:
        """The Oxigraph store: a cache of ``graph``, in no digest."""
        return self.path / "store"

    def read_manifest(self) -> dict[str, Any]:
        """The manifest.

        Raises:
            StoreError: if there is none, it is not JSON, or the bundle is of another version.
        """
        try:
            manifest: Any = json.loads(self.manifest.read_text(encoding="utf-8"))
        except FileNotFoundError:
            raise StoreError(
                f"{self.path} is not a bundle: it has no manifest.json.",
                mend=f"Build one there: poh-graph build -o {self.path}",
            ) from None
        except (json.JSONDecodeError, UnicodeDecodeError) as error:
            raise StoreError(
                f"{self.manifest} is not JSON ({error}).", mend=f"Build it anew: poh-graph build -o {self.path}"
            ) from None
        found = manifest.get("bundle_format") if isinstance(manifest, dict) else None
        if not isinstance(manifest, dict) or found != FORMAT:
            raise StoreError(
                f"{self.path} is a bundle of format {found!r}; this program reads format {FORMAT}.",
                mend=f"Build it anew with this program: poh-graph build -o {self.path}",
            )
        return manifest


def is_bundle(path: Path) -> bool:
    """Whether a folder holds a bundle (a complete one: the manifest is written last)."""
    return path.is_dir() and Bundle(path).manifest.is_file()


def sha256(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def writing(place: Path) -> Iterator[None]:
    """Let what the system or the store refuses while something is written at ``place`` be one error of ours.

    Raises:
        StoreError: with the reason: no space left, a limit on the size of files, no right to write there.
    """
    try:
        yield
    except OSError as error:
        # The store gives no number, but its words end in those of the system.
        words = error.strerror or str(error)
        reason, mend = next((case for case in _REFUSALS if words.endswith(case[0])), (words, _OTHER_PLACE))
        raise StoreError(f"{place} cannot be written ({reason}).", mend=mend) from None


_OTHER_PLACE = "Give another folder with -o."
_REFUSALS = (
    (os.strerror(errno.ENOSPC), "Make room on that disk, or give another folder with -o."),
    (os.strerror(errno.EDQUOT), "Make room on that disk, or give another folder with -o."),
    (os.strerror(errno.EFBIG), "Files may not grow so large there (ulimit -f): raise the limit, or give another -o."),
)
"""What the system says, and what mends it."""


@contextmanager
def replacing(target: Path) -> Iterator[Path]:
    """Give an empty folder beside ``target`` to build in, and exchange the two when the block ends without an error.

    Either ``target`` is the new folder as a whole, or it is what it was. Two builds of the same target do not mix: the
    second is refused while the first runs. What a killed build left behind is removed by the next one.

    Raises:
        StoreError: if another build of ``target`` runs, or the system lets nothing be put there.
        InputError: if something that is not a bundle stands at ``target``, or its parent cannot be written.
    """
    target = _absolute(target)
    if os.path.lexists(target) and not is_bundle(target) and (not target.is_dir() or any(target.iterdir())):
        raise InputError(
            f"{target} is there and is not a bundle; it is left alone.",
            mend="Give another folder with -o, or remove it.",
        )
    with _locked(target):
        with writing(target):
            fresh = _cleared(target)
            fresh.mkdir()
        try:
            yield fresh
            with writing(target):
                _exchange(fresh, target)
        finally:
            _remove(fresh)


def _absolute(target: Path) -> Path:
    return Path(os.path.abspath(target))  # noqa: PTH100 - resolve() would follow a link that is to be replaced


def _old(target: Path) -> Path:
    """Where the old bundle stands between two renames: always complete, never the place of one half removed."""
    return target.with_name(f".{target.name}.old")


def _cleared(target: Path) -> Path:
    """The place to build in, after what a killed build left there and beside it has gone."""
    fresh = target.with_name(f".{target.name}.new")
    _remove(fresh)
    if is_bundle(_old(target)):
        _old(target).rename(fresh if target.exists() else target)
        _remove(fresh)
    return fresh


def _remove(path: Path) -> None:
    if path.is_symlink():  # what stood at the target was a link to a bundle elsewhere, which is not ours
        path.unlink()
    else:
        shutil.rmtree(path, ignore_errors=True)


@contextmanager
def _locked(target: Path) -> Iterator[None]:
    """Hold the lock file beside ``target``; it is removed at the end, and a killed build's lock is free."""
    lock = target.with_name(f".{target.name}.lock")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        file = lock.open("w")
    except OSError as error:
        raise InputError(
            f"{target.parent} cannot be written ({error.strerror}).", mend="Give another folder with -o."
        ) from None
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            # The holder before us may have removed the file between our open and our lock: then the lock holds nothing.
            is_ours = lock.exists() and lock.stat().st_ino == os.fstat(file.fileno()).st_ino
        except BlockingIOError:
            is_ours = False
        if not is_ours:
            raise StoreError(f"Another build of {target} is running.", mend="Wait for it, or give another -o.")
        try:
            yield
        finally:
            lock.unlink(missing_ok=True)


def _exchange(fresh: Path, target: Path) -> None:
    """Put ``fresh`` at ``target`` in one step where the system can; else in two, which :func:`restore` can undo."""
    if not target.exists():
        fresh.rename(target)
        return
    if _rename_exchange(fresh, target):
        return
    target.rename(_old(target))
    fresh.rename(target)
    _old(target).rename(fresh)


def _rename_exchange(one: Path, other: Path) -> bool:
    """Swap two folders by renameat2; False where the system or the file system has no such call."""
    libc = ctypes.CDLL(None, use_errno=True)
    if not hasattr(libc, "renameat2"):
        return False
    result: int = libc.renameat2(_AT_FDCWD, os.fsencode(one), _AT_FDCWD, os.fsencode(other), _RENAME_EXCHANGE)
    if result == 0:
        return True
    number = ctypes.get_errno()
    if number in (errno.EINVAL, errno.ENOSYS, errno.EOPNOTSUPP):
        return False
    raise OSError(number, os.strerror(number), str(other))


def restore(target: Path) -> None:
    """Put back the bundle that a build killed between its two renames has left beside ``target``.

    Raises:
        StoreError: if that build still runs: it is about to put the new bundle there.
    """
    target = _absolute(target)
    if target.exists() or not is_bundle(_old(target)):
        return
    with _locked(target):
        if not target.exists():
            _old(target).rename(target)
