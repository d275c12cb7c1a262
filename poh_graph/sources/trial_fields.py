"""What the records of both trial registries have in common."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from poh_graph.countries import Country, country
from poh_graph.sources.json_fields import Fields

_EUROPEAN_NUMBER = re.compile(r"20[0-9]{2}-[0-9]{6}-[0-9]{2}(?:-[0-9]{2})?")


def word_of(fields: Fields, words: Mapping[str, str], *path: str) -> str:
    """The word for a code of a list; empty where there is no code, or none that is known."""
    code = fields.text(*path)
    if code and code not in words:
        fields.unread(path, code, ", ".join(words))
    return words.get(code, "")


def countries_of(fields: Fields, names: Iterable[str]) -> tuple[Country, ...]:
    """Countries by their English names, each once, in the order of their codes."""
    found = {}
    for name in dict.fromkeys(filter(None, names)):
        known = country(name)
        if known is None:
            fields.unread(("country",), name, "the English name of a country")
        else:
            found[known.code] = known
    return tuple(found[code] for code in sorted(found))


def other_number(text: str) -> str:
    """A number of the European registries, EudraCT's or CTIS's; empty if it is none."""
    return text if _EUROPEAN_NUMBER.fullmatch(text) else ""
