"""The packets of a release by plain JSON, without the reader of the package: what its answers are counted against."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any


def plain_packets(release: Path) -> list[dict[str, Any]]:
    """The body of each packet of a whole release, in the order of the archive."""
    with zipfile.ZipFile(release) as archive:
        names = [name for name in archive.namelist() if name.endswith(".json")]
        return [json.loads(archive.read(name))["Orphapacket"] for name in names]
