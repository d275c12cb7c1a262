"""The SPARQL editor of Yasgui, where the wheel was built with it: its files lie beside the package."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

PACKAGE = "poh_graph_yasqe"


def editor_folder() -> Path | None:
    """The folder of the editor's files; None if this installation has none."""
    spec = find_spec(PACKAGE)
    places = list(spec.submodule_search_locations or ()) if spec else []
    return Path(places[0]) if places and (Path(places[0]) / "yasqe.min.js").is_file() else None
