"""Small releases of ORPHApackets of our own, as files: a release without any file of Orphanet's."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.sources.packets import packet

DAY = "2025-06-30"
GROUP = "98"
"""The code of the group that all disorders of a small release stand in; it has no packet."""


def small_packet(code: int, day: str = DAY, **fields: object) -> dict[str, Any]:
    """A packet of our own with another code; its label is the code in words."""
    own: dict[str, object] = {
        "ORPHAcode": str(code),
        "ORPHApacketId": str(code),
        "Label": f"Disorder number {code}",
        "PURL": f"http://www.orpha.net/ORDO/Orphanet_{code}",
        "creationDate": f"{day} 10:00:00",
    }
    return packet(**(own | fields))


def write_zip(path: Path, members: Mapping[str, bytes | str]) -> Path:
    """A ZIP of these members."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def write_release(
    path: Path, codes: range | list[int], day: str = DAY, replaced: Mapping[int, bytes] | None = None
) -> Path:
    """A ZIP of a packet for each code; ``replaced`` holds what stands in place of the packet of a code."""
    others = replaced or {}
    return write_zip(
        path,
        {
            f"release/json/ORPHApacket_{code}.json": others.get(code) or json.dumps(small_packet(code, day))
            for code in codes
        },
    )
