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
    >>> country("Korea, Republic of")
    Country(code='KR', name='South Korea')
    """
    known = countries()
    plain = _plain(name)
    return known.get(plain) or known.get(_plain(_OTHER_NAMES.get(plain, "")))


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


_OTHER_NAMES = {
    "bolivia, plurinational state of": "Bolivia",
    "bosnia and herzegovina": "Bosnia & Herzegovina",
    "brunei darussalam": "Brunei",
    "burma": "Myanmar (Burma)",
    "congo": "Congo - Brazzaville",
    "congo, the democratic republic of the": "Congo - Kinshasa",
    "czech republic": "Czechia",
    "hong kong": "Hong Kong SAR China",
    "iran, islamic republic of": "Iran",
    "korea, democratic people's republic of": "North Korea",
    "korea, republic of": "South Korea",
    "lao people's democratic republic": "Laos",
    "macedonia, the former yugoslav republic of": "North Macedonia",
    "moldova, republic of": "Moldova",
    "myanmar": "Myanmar (Burma)",
    "palestinian territories, occupied": "Palestinian Territories",
    "palestinian territory, occupied": "Palestinian Territories",
    "russian federation": "Russia",
    "syrian arab republic": "Syria",
    "taiwan, province of china": "Taiwan",
    "tanzania, united republic of": "Tanzania",
    "the gambia": "Gambia",
    "turkey": "Türkiye",
    "turkey (turkiye)": "Türkiye",
    "venezuela, bolivarian republic of": "Venezuela",
    "viet nam": "Vietnam",
}
"""Short names of ISO 3166-1, and older ones, that CLDR words otherwise: registries of trials write them."""


def _plain(name: str) -> str:
    letters = unicodedata.normalize("NFKD", name.replace("&", "and"))
    return "".join(letter for letter in letters if not unicodedata.combining(letter)).casefold()
