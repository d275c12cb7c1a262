"""A command under limits of the system: run as a program of its own by ``test_hostile_input``.

``limited_run LIMITS [MEGABYTES BUNDLE] -- ARGUMENT...``: LIMITS is JSON, a name of :mod:`resource` without RLIMIT_ → a
number. With MEGABYTES the command runs in a disk of that size of its own, in memory, into which BUNDLE is copied first.
It prints, as JSON, the exit code, both streams, the peak memory in megabytes, the names beside the bundle, and whether
the bundle is as it was.
"""

from __future__ import annotations

import json
import resource
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from poh_graph.bundle import sha256

BEGIN = "import json, resource, runpy, sys; limits = json.loads(sys.argv[1]); del sys.argv[1]; "
SET = "[resource.setrlimit(getattr(resource, 'RLIMIT_' + name), (value, value)) for name, value in limits.items()]; "
RUN = "runpy.run_module('poh_graph', run_name='__main__')"


def digests(folder: Path) -> dict[str, str]:
    """The digest of each file below a folder."""
    return {str(file.relative_to(folder)): sha256(file) for file in sorted(folder.rglob("*")) if file.is_file()}


def run(limits: str, folder: Path, arguments: list[str]) -> dict[str, object]:
    """Run a command in a folder that may hold a bundle."""
    target = folder / "bundle"
    before = digests(target)
    command = [sys.executable, "-c", BEGIN + SET + RUN, limits, *arguments]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120, check=False)
    return {
        "code": done.returncode,
        "stdout": done.stdout,
        "stderr": done.stderr,
        "megabytes": resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024,
        "beside": sorted(path.name for path in folder.iterdir() if path.name.removeprefix(".").startswith("bundle")),
        "same": digests(target) == before,
    }


def main(limits: str, disk: list[str], arguments: list[str]) -> None:
    """Run the command here, or in a disk of its own."""
    if not disk:
        found = run(limits, Path.cwd(), arguments)
    else:
        megabytes, bundle = disk
        with tempfile.TemporaryDirectory() as place:
            subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "none", place], check=True)
            try:
                shutil.copytree(bundle, Path(place, "bundle"))
                found = run(limits, Path(place), arguments)
            finally:
                subprocess.run(["umount", place], check=True)
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    end = sys.argv.index("--")
    main(sys.argv[1], sys.argv[2:end], sys.argv[end + 1 :])
