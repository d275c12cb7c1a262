"""Virtuoso's bulk loader over the N-Quads of a release, as a yardstick beside our own build.

    python benchmarks/virtuoso.py bundle/graph.nq

Needs ``virtuoso-t`` and its ``isql`` (Debian: virtuoso-opensource-7). The server runs in a folder of its own with the
buffers that its documentation advises for 2 GB of memory; measured is from the start of the loader to the end of the
checkpoint that brings the database to disk. Prints one line of JSON: seconds by the clock, seconds of CPU, the most
megabytes that the server held.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

PATIENCE_SECONDS = 60
KILOBYTES = 1024 / 1e6

INI = """\
[Database]
DatabaseFile = virtuoso.db
ErrorLogFile = virtuoso.log
TransactionFile = virtuoso.trx
LockFile = virtuoso.lck
xa_persistent_file = virtuoso.pxa
[TempDatabase]
DatabaseFile = virtuoso-temp.db
TransactionFile = virtuoso-temp.trx
[Parameters]
ServerPort = {port}
DirsAllowed = {folder}
NumberOfBuffers = 170000
MaxDirtyBuffers = 130000
"""


def programs() -> tuple[str, str] | None:
    """The server and its command line; None where they are not installed."""
    server, isql = shutil.which("virtuoso-t"), shutil.which("isql-vt") or shutil.which("isql")
    return (server, isql) if server and isql else None


def load(quads: Path) -> dict[str, float]:
    """Load a file of N-Quads into an empty server.

    Raises:
        SystemExit: if Virtuoso is not installed, does not start, or refuses the file.
    """
    found = programs()
    if found is None:
        sys.exit("virtuoso-t and isql are not installed.")
    server, isql = found
    with socket.socket() as free, TemporaryDirectory() as name:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        free.close()
        folder = Path(name)
        shutil.copyfile(quads, folder / "graph.nq")
        (folder / "virtuoso.ini").write_text(INI.format(port=port, folder=folder), encoding="utf-8")
        process = subprocess.Popen([server, "-f", "-c", "virtuoso.ini"], cwd=folder, stderr=subprocess.DEVNULL)
        ask = [isql, str(port), "dba", "dba"]
        try:
            _wait(process, ask)
            _ask(ask, f"ld_dir('{folder}', 'graph.nq', 'http://localhost/');")
            cpu, start = _cpu(process.pid), time.perf_counter()
            _ask(ask, "rdf_loader_run(); checkpoint;")
            seconds, cpu = time.perf_counter() - start, _cpu(process.pid) - cpu
            if "NULL" not in _ask(ask, "SELECT ll_error FROM DB.DBA.LOAD_LIST;"):
                sys.exit("Virtuoso refused the file.")
            return {"seconds": seconds, "cpu": cpu, "peak": _peak(process.pid)}
        finally:
            process.terminate()
            process.wait(timeout=PATIENCE_SECONDS)


def _ask(ask: list[str], statements: str) -> str:
    command = [*ask, f"EXEC={statements}"]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True).stdout


def _wait(process: subprocess.Popen[bytes], ask: list[str]) -> None:
    """Return when the server answers."""
    end = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < end and process.poll() is None:
        try:
            _ask(ask, "status();")
        except subprocess.CalledProcessError:
            time.sleep(0.2)
        else:
            return
    sys.exit("Virtuoso did not start.")


def _cpu(process: int) -> float:
    """Seconds of CPU of a process."""
    fields = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _peak(process: int) -> float:
    """The most megabytes that a process held."""
    status = Path(f"/proc/{process}/status").read_text(encoding="ascii")
    return float(status.partition("VmHWM:")[2].split()[0]) * KILOBYTES


if __name__ == "__main__":
    print(json.dumps(load(Path(sys.argv[1]))))
