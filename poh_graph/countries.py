"""Countries by their English names, for places that the table of Orphanet's words lacks.

A release may name a country that none before it did. Its code is in CLDR, the locale data of the Unicode Consortium,
which the package babel carries.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import NamedTuple


class Country(NamedTuple):
    """A country or territory: its code of ISO 3166-1 alpha-2, and its name."""

    code: str
    name: str


def country(name: str) -> Country | None:
    """The country that is called so in English, with or without capitals and accents; None if there is none.

    >>> country("Trinidad and tobago"), country("Atlantis")
    (Country(code='TT', name='Trinidad & Tobago'), None)
    """
    return countries().get(_plain(name))


@cache
def countries() -> dict[str, Country]:
    """All countries of ISO 3166-1 by their plain names."""
    from babel import Locale  # half as long as the rest of a command: only where a place is new

    names: dict[str, str] = dict(Locale("en").territories)
    return {
        _plain(name): Country(code, name)
        for code, name in names.items()
        if re.fullmatch("[A-Z]{2}", code) and code not in _NOT_IN_ISO
    }


_NOT_IN_ISO = frozenset({"AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "XK", "ZZ"})
"""Codes of CLDR that ISO 3166-1 reserves, leaves to its users, or does not know."""


def _plain(name: str) -> str:
    letters = unicodedata.normalize("NFKD", name.replace("&", "and"))
    return "".join(letter for letter in letters if not unicodedata.combining(letter)).casefold()
