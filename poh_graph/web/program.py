"""The program of the server, which the command ``serve`` becomes when it has read its options.

The C library takes its settings from the environment of a program when that starts, so that another has to start.
"""

from __future__ import annotations

import json
import os
import socket
import sys
from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from typing import Any, NoReturn

from poh_graph.errors import PohGraphError
from poh_graph.web.forking import Forker, Running, environment
from poh_graph.web.settings import Limits, Publisher, Settings

_BEGIN = (
    "import json, os, sys; state = json.loads(os.environ.pop('POH_GRAPH_SERVER')); sys.path[:] = state.pop('path'); "
    "from poh_graph.web.program import main; main(state)"
)
"""With our own search path, and (``-P``) nothing from the folder where it is started."""

_COULD_NOT_RUN = 2


def become(settings: Settings, listener: socket.socket, forker: Forker) -> NoReturn:
    """Become the server that takes connections from a listener; the ``forker`` has been started.

    Who lists processes sees the words of the command behind the program.
    """
    listener.set_inheritable(True)
    state = {
        "path": sys.path,
        "settings": asdict(settings) | {"releases": {name: str(path) for name, path in settings.releases.items()}},
        "listener": listener.fileno(),
        "forker": forker.hand_over()._asdict(),
    }
    words = [sys.executable, "-P", "-c", _BEGIN, *sys.argv[1:]]
    os.execve(sys.executable, words, environment() | {"POH_GRAPH_SERVER": json.dumps(state)})  # noqa: S606 - our own


def main(state: dict[str, Any]) -> None:
    """Serve as the program before has said, and end with its exit codes."""
    settings = _settings(state["settings"])
    listener = socket.socket(fileno=state["listener"])
    with listener, closing(Forker(running=Running(**state["forker"]))) as forker:
        try:
            from poh_graph.web.run import serve

            serve(settings, listener, forker)
        except PohGraphError as error:
            sys.stderr.write(f"Error: {error}\n")
            sys.exit(_COULD_NOT_RUN)


def _settings(written: dict[str, Any]) -> Settings:
    """The settings that :func:`become` has written."""
    whose = written["publisher"]
    return Settings(
        written["store"],
        written["public_url"],
        Publisher(**whose) if whose else None,
        Limits(**written["limits"]),
        {name: Path(path) for name, path in written["releases"].items()},
    )
