"""Puts the SPARQL editor of Yasgui into the wheel, where npm can fetch it. It is not ours, and not among the sources.

The editor is the package ``@zazuko/yasqe`` (MIT), pinned by version and by the SHA-512 of its archive. Where npm is
missing or cannot reach its registry, the wheel has no editor, and the server shows a plain form for SPARQL.
"""

from __future__ import annotations

import base64
import hashlib
import shutil
import subprocess
import tarfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

PACKAGE = "@zazuko/yasqe@4.6.2"
INTEGRITY = "83iCLuBIgU04KBIaibxZTjKvrXD6sEe/+aqsHxLb4+ZVD4eaUwh5hFJEetuWkiKBY6WxTjVOmhKXvh2AAOR14g=="
FILES = ("build/yasqe.min.js", "build/yasqe.min.css", "package.json")

IN_WHEEL = "poh_graph_yasqe"
"""A folder beside the package: an editable install has the package itself elsewhere."""

SECONDS = 60


class EditorHook(BuildHookInterface[Any]):
    """Fetches the editor before a wheel is made."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Add the files of the editor to the wheel; ``version`` is ``standard`` or ``editable``."""
        if self.target_name != "wheel":
            return
        folder = Path(self.root) / "build" / "yasqe"
        if all((folder / name).is_file() for name in FILES) or fetched(folder):
            found = {str(folder / name): f"{IN_WHEEL}/{Path(name).name}" for name in FILES}
            build_data["force_include_editable" if version == "editable" else "force_include"].update(found)
        else:
            self.app.display_warning(f"{PACKAGE} could not be fetched by npm: the server will show a plain form.")


def fetched(folder: Path) -> bool:
    """Whether npm could fetch the editor into a folder, as it is known to be."""
    npm = shutil.which("npm")
    if npm is None:
        return False
    folder.mkdir(parents=True, exist_ok=True)
    command = [npm, "pack", PACKAGE, "--silent", "--fetch-retries=0", "--pack-destination", str(folder)]
    try:
        subprocess.run(command, check=True, capture_output=True, timeout=SECONDS, cwd=folder)  # noqa: S603 - npm itself
    except (subprocess.SubprocessError, OSError):
        return False
    (archive,) = folder.glob("*.tgz")
    digest = base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
    if digest != INTEGRITY:
        raise RuntimeError(f"{PACKAGE} is not what it was: its SHA-512 is {digest}, expected {INTEGRITY}.")
    with tarfile.open(archive) as packed:
        for name in FILES:
            content = packed.extractfile(f"package/{name}")
            assert content is not None  # noqa: S101 - an archive of this digest has these files
            (folder / name).parent.mkdir(exist_ok=True)
            (folder / name).write_bytes(content.read())
    archive.unlink()
    return True
