"""Options that many commands have."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

Command = TypeVar("Command", bound=Callable[..., Any])

NO = 1
"""The exit code of an answer that is "no"."""

store_option = click.option(
    "-s",
    "--store",
    metavar="STORE",
    help="Bundle folder, RDF file or http(s) address of a SPARQL endpoint. Default: ./bundle, else the packaged graph.",
)
iri_option = click.option("--iri", "full_iris", is_flag=True, help="Full IRIs instead of CURIEs in tables.")
output_option = click.option("-o", "--output", metavar="PATH", help="Write to this file; its ending tells the format.")


_FOR_PEOPLE = {"text": "table", "table": "text"}


class _Formats(click.Choice[str]):
    """The formats of a command. Its form for people is called ``text`` or ``table``; both words mean it everywhere."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The format that a word means."""
        other = _FOR_PEOPLE.get(value)
        return super().convert(other if other in self.choices and value not in self.choices else value, param, ctx)


def as_option(*formats: str) -> Callable[[Command], Command]:
    """The option ``--as``, also named ``--format``."""
    return click.option("--as", "--format", "as_", type=_Formats(formats), help="The format of the answer.")
