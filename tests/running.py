"""How a test runs a command: in this process, with what it wrote on each stream."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from click.testing import CliRunner, Result

from poh_graph.cli import main


class Run(Protocol):
    """The fixture ``run``: a command's arguments, and what stands on its stdin."""

    def __call__(self, *arguments: str | Path, given: str | None = None) -> Result:
        """Run the command."""
        ...


def run_command(*arguments: str | Path, given: str | None = None) -> Result:
    """Run a command; an error that is none of ours is raised, not shown."""
    result = CliRunner().invoke(main, list(map(str, arguments)), input=given)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result
