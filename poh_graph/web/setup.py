"""What the process that makes workers is told: which store, for whom, within which limits."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

from poh_graph.bundle import DEFAULT_BUNDLE, Bundle, is_bundle, restore
from poh_graph.errors import StoreError
from poh_graph.web.settings import Settings

Setup = dict[str, Any]
"""As :func:`poh_graph.web.forker.main` takes it, in what JSON has: a bundle's store is opened by each worker, any other
read once."""


def setup_of(settings: Settings) -> Setup:
    """What these settings say to it.

    Raises:
        StoreError: if the store is another endpoint.
    """
    store = settings.store
    if store is not None and "://" in store:
        raise StoreError("Another endpoint cannot be served.", mend="Give a bundle folder or an RDF file with -s.")
    public_url = settings.public_url.rstrip("/")
    common = {"limits": asdict(settings.limits), "base": f"{public_url}/sparql", "public_url": public_url}
    bundle = Bundle(DEFAULT_BUNDLE if store is None else Path(store))
    restore(bundle.path)
    if not is_bundle(bundle.path):
        return {"folder": None, "store": store, **common}
    return {"folder": str(bundle.store.absolute()), "identity": _identity(bundle.store), **common}


def is_outdated(setup: Setup) -> bool:
    """Whether another bundle has taken the place of the one that was meant."""
    if setup["folder"] is None:
        return False
    try:
        return bool(_identity(Path(setup["folder"])) != setup["identity"])
    except FileNotFoundError:
        return False  # it is just being exchanged, or has been removed: what was opened is still served


def _identity(folder: Path) -> list[int]:
    """What tells a folder from one that takes its place."""
    status = folder.stat()
    return [status.st_dev, status.st_ino]
