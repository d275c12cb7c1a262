"""The dataset that queries see: the release, with the descriptions of this instance beside it.

A release on disk is not written to, and not copied: Oxigraph makes a checkpoint, in which the files of the store are
hard links, and the descriptions are added to that. It lies in the folder for temporary files; only where that is on
another disk (TMPDIR says which) are the files copied.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from poh_graph.bundle import Bundle
from poh_graph.errors import PohGraphError, StoreError
from poh_graph.graph import Graph, open_graph, packaged
from poh_graph.store import LocalStore
from poh_graph.web.description import add_descriptions
from poh_graph.web.instance import Address

Opener = Callable[[], ox.Store]
"""What gives a process its store."""


def served(setup: dict[str, Any], scratch: Path) -> Opener:
    """What opens the dataset: from disk for each process, or here and once if it is in memory.

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
        return lambda: engine
    checkpoint = scratch / "store"
    _in_a_process_of_its_own(partial(_write_checkpoint, setup, checkpoint, address))
    return lambda: ox.Store.read_only(str(checkpoint))


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
