"""Organizations of the Research Organization Registry, in version 1 or 2 of its schema.

Source: https://ror.readme.io/docs/data-dump: the dump (an array), single records, or a page of the interface
(``items``); CC0. A record says its version by its keys: version 1 has one ``name``, version 2 a list of ``names``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import cast, get_args

from poh_graph.records.organizations import NameKind, Organization, OrganizationName, Relation, RelationKind
from poh_graph.records.problems import Problem
from poh_graph.records.sources import Edition, FileEnd
from poh_graph.sources.json_fields import Fields
from poh_graph.sources.json_records import RecordReader, read_records

STATUSES = ("active", "inactive", "withdrawn")

_IDENTIFIER = re.compile(r"https://ror\.org/(0[a-hj-km-np-tv-z0-9]{6}[0-9]{2})")
_PATTERNS = {
    "isni": re.compile(r"[0-9]{4} ?[0-9]{4} ?[0-9]{4} ?[0-9]{3}[0-9X]"),
    "wikidata": re.compile(r"Q[1-9][0-9]*"),
    "fundref": re.compile(r"[0-9]+"),
    "grid": re.compile(r"grid\.[0-9]+\.[0-9a-f]+"),
}
_NOT_TAKEN = frozenset({"cnrs", "hesa", "linkedin", "orgref", "ucas", "ukprn"})
"""Identifiers that records of version 1 still have: ROR keeps them no more."""

_KINDS_OF_NAME: dict[str, NameKind] = {
    "ror_display": "display",
    "label": "label",
    "alias": "alias",
    "acronym": "acronym",
}
_LANGUAGE = re.compile(r"[a-z]{2,3}")
_COUNTRY = re.compile(r"[A-Z]{2}")
_YEAR = re.compile(r"[12][0-9]{3}")
_ADDRESS = re.compile(r"https?://[^\s<>\"{}|\\^`]+")


def is_ror(_: Path, head: bytes) -> bool:
    """Whether a file begins with a record of ROR, a list of them, or a page of its interface."""
    keys = (b'"external_ids"', b'"ip_addresses"', b'"ror_display"', b'"wikipedia_url"')
    return b"https://ror.org/0" in head and any(key in head for key in keys)


def read_ror(path: Path) -> Iterator[Edition | Organization | Problem | FileEnd]:
    """The records of a file, each as an organization or as a problem.

    Raises:
        InputError: if the file cannot be read, is cut short, or is no JSON.
    """
    return read_records(path, _Record, "a record: an object with an id", envelope="items")


class _Record(RecordReader[Organization]):
    """One record while it is read. Its version is the day of its last change, which only schema version 2 tells."""

    def read(self) -> Iterator[Organization | Problem]:
        """The organization and what of it was not understood; or why there is none."""
        place, status = self.fields.place, self.fields.text("status")
        identifier = _IDENTIFIER.fullmatch(self.fields.text("id"))
        names = tuple(dict.fromkeys(self._names()))
        if identifier is None:
            message = f"id {self.fields.text('id')!r}: expected https://ror.org/ and nine characters"
            yield Problem(place, "malformed identifier", message)
        elif not any(name.kind == "display" for name in names):
            yield Problem(place, "missing value", f"{identifier[1]} has no name that ROR shows")
        elif status not in STATUSES:
            expected = ", ".join(STATUSES)
            yield Problem(place, "unknown value", f"{identifier[1]}: status {status!r}: expected {expected}")
        else:
            yield self._organization(identifier[1], names, status)
        yield from self.fields.problems

    def _organization(self, ror: str, names: tuple[OrganizationName, ...], status: str) -> Organization:
        self.version = self.fields.day("admin", "last_modified", "date")
        identifiers = {kind: tuple(dict.fromkeys(values)) for kind, values in self._identifiers().items()}
        links = list(self._links())
        return Organization(
            ror=ror,
            names=names,
            status=status,
            types=tuple(kind.lower() for kind in self.fields.texts("types")),
            countries=tuple(sorted(set(self._countries()))),
            founded=self._matching(_YEAR, "a year", "established"),
            websites=tuple(link for kind, link in links if kind == "website"),
            wikipedia=tuple(link for kind, link in links if kind == "wikipedia"),
            isni=identifiers["isni"],
            wikidata=identifiers["wikidata"],
            funder=identifiers["fundref"],
            grid=identifiers["grid"],
            relations=tuple(dict.fromkeys(self._relations())),
            created=self.fields.day("admin", "created", "date"),
            modified=self.version,
            line=self.line,
        )

    def _matching(self, pattern: re.Pattern[str], expected: str, *path: str) -> str:
        found = self.fields.text(*path)
        if not found or pattern.fullmatch(found):
            return found
        self.fields.unread(path, found, expected)
        return ""

    def _names(self) -> Iterator[OrganizationName]:
        """The names; of version 2 one may be of several kinds, and then it is the display name or the first of them."""
        fields = self.fields
        if fields.data.get("name") is not None:
            yield OrganizationName(fields.text("name"), "display")
            yield from (_name(label, "label", "label", "iso639") for label in fields.objects("labels"))
            yield from (OrganizationName(alias, "alias") for alias in fields.texts("aliases"))
            yield from (OrganizationName(acronym, "acronym") for acronym in fields.texts("acronyms"))
            return
        for name in fields.objects("names"):
            kinds = name.texts("types")
            for kind in kinds:
                if kind not in _KINDS_OF_NAME:
                    name.unread(("types",), kind, ", ".join(_KINDS_OF_NAME))
            known = [_KINDS_OF_NAME[kind] for kind in kinds if kind in _KINDS_OF_NAME]
            if known and name.text("value"):
                yield _name(name, "display" if "display" in known else known[0], "value", "lang")

    def _countries(self) -> Iterator[str]:
        version_1 = self.fields.text("country", "country_code")
        places = (place.text("geonames_details", "country_code") for place in self.fields.objects("locations"))
        for code in filter(None, (version_1, *places)):
            if _COUNTRY.fullmatch(code):
                yield code
            else:
                self.fields.unread(("country_code",), code, "two capital letters, as in ISO 3166-1")

    def _links(self) -> Iterator[tuple[str, str]]:
        """The addresses of the organization and of its article in Wikipedia. Version 1 has two keys for them."""
        links = self.fields.data.get("links")
        if isinstance(links, list) and any(isinstance(link, dict) for link in links):
            found = [(link.text("type"), link.text("value")) for link in self.fields.objects("links")]
        else:
            found = [("website", link) for link in self.fields.texts("links")]
            found.append(("wikipedia", self.fields.text("wikipedia_url")))
        for kind, link in found:
            if _ADDRESS.fullmatch(link):
                yield kind, link
            elif link:
                self.fields.unread(("links",), link, "a web address")

    def _identifiers(self) -> dict[str, list[str]]:
        """Identifiers elsewhere, by kind. Version 1 has an object of kinds, in which GRID stands as a text."""
        by_kind: dict[str, list[str]] = {kind: [] for kind in _PATTERNS}
        external = self.fields.data.get("external_ids")
        if isinstance(external, dict):
            found = [(kind.lower(), self.fields.texts("external_ids", kind, "all")) for kind in external]
        else:
            found = [(each.text("type"), each.texts("all")) for each in self.fields.objects("external_ids")]
        for kind, values in found:
            if kind in _PATTERNS:
                by_kind[kind] += self._well_formed(kind, values)
            elif kind not in _NOT_TAKEN:
                self.fields.unread(("external_ids",), kind, ", ".join(_PATTERNS))
        return by_kind

    def _well_formed(self, kind: str, values: tuple[str, ...]) -> Iterator[str]:
        for value in values:
            if _PATTERNS[kind].fullmatch(value):
                yield _FORMS.get(kind, str)(value)
            else:
                self.fields.unread(("external_ids", kind), value, f"an identifier of {kind}")

    def _relations(self) -> Iterator[Relation]:
        for found in self.fields.objects("relationships"):
            kind, other = found.text("type").lower(), _IDENTIFIER.fullmatch(found.text("id"))
            if kind not in get_args(RelationKind):
                found.unread(("type",), kind, ", ".join(get_args(RelationKind)))
            elif other is None:
                found.unread(("id",), found.text("id"), "https://ror.org/ and nine characters")
            else:
                yield Relation(cast("RelationKind", kind), other[1], found.text("label"))


def _name(fields: Fields, kind: NameKind, text: str, language: str) -> OrganizationName:
    code = fields.text(language).lower()
    if code and not _LANGUAGE.fullmatch(code):
        fields.unread((language,), code, "a code of ISO 639")
        code = ""
    return OrganizationName(fields.text(text), kind, code)


def _spaced_isni(isni: str) -> str:
    digits = isni.replace(" ", "")
    return " ".join(digits[start : start + 4] for start in range(0, len(digits), 4))


_FORMS: dict[str, Callable[[str], str]] = {"isni": _spaced_isni}
"""Identifiers that are written in one of several ways: how they stand in the graph."""
