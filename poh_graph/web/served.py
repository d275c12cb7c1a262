"""The dataset that queries see: the release, with the descriptions of this instance beside it.

A release on disk is not written to, and not copied: Oxigraph makes a checkpoint, in which the files of the store are
hard links, and the descriptions are added to that. It lies in the folder for temporary files; only where that is on
another disk (TMPDIR says which) are the files copied.

In a checkpoint each query looks in two places, the release and what was added. Where the disk has room, both are merged
into one after the start, behind everything else that runs; workers that are made from then on open that.
"""

from __future__ import annotations

import os
import shutil
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, Protocol

import pyoxigraph as ox

from poh_graph.bundle import Bundle
from poh_graph.errors import PohGraphError, StoreError
from poh_graph.graph import Graph, open_graph, packaged
from poh_graph.store import LocalStore
from poh_graph.web.description import add_descriptions
from poh_graph.web.instance import Address

_REST = 1.0
"""Seconds after the start when merging begins: whoever waited for the start goes first."""

_LOWEST = 19
"""The priority of what goes behind everything else."""

_ROOM = 3
"""Merging wants so many times the room that the store takes: what is merged stands beside what is not for a while."""


class Dataset(Protocol):
    """What a process opens to answer queries."""

    def open(self) -> ox.Store:
        """The store, for this process."""
        ...


class InMemory:
    """A dataset that was read before processes were forked, and is there once for all of them."""

    def __init__(self, engine: ox.Store) -> None:
        self._engine = engine

    def open(self) -> ox.Store:
        """As :meth:`Dataset.open`."""
        return self._engine


class OnDisk:
    """A dataset in a folder of its own: a checkpoint of the release, and in time the two merged into one."""

    def __init__(self, scratch: Path) -> None:
        self.checkpoint = scratch / "store"
        self.merged = scratch / "merged"

    def open(self) -> ox.Store:
        """As :meth:`Dataset.open`; what is merged, if it is there."""
        return ox.Store.read_only(str(self.merged if self.merged.exists() else self.checkpoint))

    def merge(self, release: Path) -> None:
        """Merge it behind everything else; on the disk of the release, where there is room, and not otherwise."""
        os.nice(_LOWEST)
        time.sleep(_REST)
        scratch = self.merged.parent
        size = sum(file.stat().st_size for file in self.checkpoint.iterdir())
        if scratch.stat().st_dev != release.stat().st_dev or shutil.disk_usage(scratch).free < _ROOM * size:
            return
        part = scratch / "merging"
        try:
            ox.Store.read_only(str(self.checkpoint)).backup(str(part))
            _merge(part)
            part.rename(self.merged)
        except OSError as error:
            sys.stderr.write(f"The store of this server stays in two parts, which is slower ({error}).\n")
            shutil.rmtree(part, ignore_errors=True)


def served(setup: dict[str, Any], scratch: Path) -> Dataset:
    """The dataset: opened from disk by each process, or here and once if it is in memory.

    ``setup`` holds the ``folder`` of a store on disk with its ``identity`` (device and inode), or the ``store`` to read
    into memory (a file, or None for the packaged graph), and the ``public_url``. ``scratch`` is an empty folder that
    stays as long as the dataset is in use.

    Raises:
        StoreError: if the store cannot be opened, is not the one that was meant, or ``scratch`` has no room.
    """
    address = Address(setup["public_url"])
    if setup["folder"] is None:
        graph = _in_memory(setup["store"])
        assert isinstance(graph.store, LocalStore)  # noqa: S101 - it is in memory
        engine = graph.store.engine
        add_descriptions(engine, graph, address)
        return InMemory(engine)
    dataset = OnDisk(scratch)
    _in_a_process_of_its_own(partial(_write_checkpoint, setup, dataset.checkpoint, address))
    return dataset


def _merge(folder: Path) -> None:
    """Merge all files of a store."""
    store = ox.Store(str(folder))
    store.optimize()
    store.flush()


def _in_a_process_of_its_own(write: Callable[[], None]) -> None:
    """Do something with a store on disk: it leaves threads behind, and who forks workers must not have any.

    Raises:
        StoreError: if it fails; the reason has been said on stderr.
    """
    pid = os.fork()
    if pid == 0:
        try:
            write()
        except PohGraphError as error:
            sys.stderr.write(f"{error}\n")
            os._exit(1)
        os._exit(0)
    if os.waitpid(pid, 0)[1] != 0:
        raise StoreError("The descriptions of this server could not be added to its store.")


def _write_checkpoint(setup: dict[str, Any], checkpoint: Path, address: Address) -> None:
    """Write the store of the setup, with the descriptions at an address, to a folder that is not there yet.

    Raises:
        StoreError: if the store cannot be opened, is not the one that was meant, or the disk has no room.
    """
    graph = _on_disk(Path(setup["folder"]), tuple(setup["identity"]))
    assert isinstance(graph.store, LocalStore)  # noqa: S101 - it is on disk
    try:
        graph.store.engine.backup(str(checkpoint))
        writable = ox.Store(str(checkpoint))
        add_descriptions(writable, graph, address)
        writable.flush()
    except OSError as error:
        raise StoreError(
            f"The descriptions of this server cannot be added to its store ({error}).",
            mend="Make room on the disk of temporary files, or set TMPDIR to a folder on the disk of the bundle.",
        ) from None


def _in_memory(store: str | None) -> Graph:
    return packaged() if store is None else open_graph(store)


def _on_disk(folder: Path, identity: tuple[int, ...]) -> Graph:
    """The release of the folder that the server has opened, not of one that has taken its place.

    Raises:
        StoreError: if another has.
    """
    store = LocalStore.read_only(folder)
    status = folder.stat()
    if (status.st_dev, status.st_ino) != identity:
        raise StoreError(f"{folder.parent} was exchanged meanwhile.", mend="Start the server again.")
    return Graph(store, release=Bundle(folder.parent).graph)
