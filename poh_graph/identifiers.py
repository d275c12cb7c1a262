"""Any spelling of an identifier → the IRIs that it may be.

People write one code in many ways: ``ORPHA:2762``, ``orpha 2762``, ``ORPHA2762``, the address of a page, or the code
alone. Nothing here knows which of them exist: whoever asks looks them up in a graph.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import lru_cache

import pyoxigraph as ox

from poh_graph.errors import AmbiguousName
from poh_graph.terms import ORDO, Iri, Prefix, curie_of, prefix_map

_WIDTHS = {"DOID": 7, "GARD": 7, "HP": 7, "MONDO": 7}
"""The vocabularies whose codes have so many digits, zeros before them: GARD's own pages leave the zeros out."""

_CODE = re.compile(r"[A-Z]{0,4}[0-9][\w.-]*", re.ASCII | re.IGNORECASE)
_SIGNS = "#*%+^"
"""What OMIM writes before its numbers."""

_EXPERT_PAGE = re.compile(r"orpha\.net/\S*?(?:[?&]Expert=|/detail/)([0-9]+)", re.IGNORECASE)
"""The page of a disorder at Orphanet, in any language, on the present and on the older site."""

_ADDRESS = re.compile(r"[\w-]+(?:\.[\w-]+)+/\S+")
_LONGEST_NAME = 40
_BETWEEN = " :_-#"
_AROUND = " <>()[],;"


def iris_of(text: str) -> list[Iri]:
    """The IRIs that a text may be, as IRI, CURIE, address of a page, or code after the name of its vocabulary.

    >>> iris_of("orpha_2762")
    ['http://www.orpha.net/ORDO/Orphanet_2762']
    >>> iris_of("GARD 109")
    ['https://rarediseases.info.nih.gov/diseases/109', 'https://rarediseases.info.nih.gov/diseases/0000109']
    """
    text = text.strip(_AROUND)
    page = _EXPERT_PAGE.search(text)
    if page:
        return [Iri(f"{ORDO}Orphanet_{page[1]}")]
    if _ADDRESS.fullmatch(text):
        text = f"https://{text}"
    spellings = [text, re.sub(r"[?#].*", "", text)] if "://" in text else [text, *_as_curies(text)]
    found = map(prefix_map().standardize, spellings)
    return list(dict.fromkeys(iri for iri in found if iri and _is_iri(iri)))


def disorders_of(text: str) -> list[Iri]:
    """The IRIs that a text may be where a disorder is meant: a number alone is its code at Orphanet.

    >>> disorders_of("2762") == disorders_of("orpha 2762")
    True
    """
    code = text.strip()
    return [Iri(f"{ORDO}Orphanet_{code}")] if code.isdecimal() else iris_of(text)


def only_disorder(name: str, found: Collection[str]) -> str | None:
    """The disorder that has a name; None if there is none.

    Raises:
        AmbiguousName: if several have it.
    """
    if len(found) > 1:
        raise AmbiguousName(
            f"{name!r} is the name of several disorders.",
            candidates=tuple(sorted(map(curie_of, found))),
            mend="Give one of the identifiers.",
        )
    return next(iter(found), None)


def iris_of_a_code(text: str) -> list[Iri]:
    """The IRIs that a code without its vocabulary may be, one for each vocabulary; none if it is not like a code.

    >>> "http://id.nlm.nih.gov/mesh/C562735" in iris_of_a_code("c562735")
    True
    >>> iris_of_a_code("heteroplasia")
    []
    """
    code = bare_code(text)
    forms = dict.fromkeys((code, code.upper())) if code else ()
    return [Iri(prefix.uri + form) for prefix in _of_codes() for form in forms]


def bare_code(text: str) -> str:
    """The code that a text is, without its vocabulary; empty if it is not like one.

    >>> bare_code("#166350")
    '166350'
    """
    code = text.strip(_AROUND).lstrip(_SIGNS)
    return code if _CODE.fullmatch(code) else ""


def hint(text: str) -> str:
    """What to tell whoever gave a text that may be an identifier, and is none of the graph; empty for a name."""
    if not (bare_code(text) or iris_of(text)):
        return ""
    return (
        "If it is an identifier: no vocabulary of this graph has it. The packaged graph knows POH and its neighbours, "
        "a build of a release of Orphanet all disorders: poh-graph build RELEASE.zip"
    )


def _as_curies(text: str) -> list[str]:
    """A text that is the name of a vocabulary and a code, as CURIEs in the forms that the vocabulary may write."""
    for place in range(min(len(text), _LONGEST_NAME), 0, -1):  # the longest name wins: ICD-10, not ICD
        prefix = _vocabularies().get(_squeezed(text[:place]))
        code = text[place:].lstrip(_BETWEEN)
        if prefix and _CODE.fullmatch(code):
            return [f"{prefix}:{form}" for form in (code, code.upper(), code.zfill(_WIDTHS.get(prefix, 0)))]
    return []


@lru_cache(maxsize=1)
def _vocabularies() -> dict[str, str]:
    """Every name of a vocabulary of codes, squeezed, and its prefix."""
    return {_squeezed(name): p.name for p in _of_codes() for name in (p.name, *p.names)}


def _squeezed(name: str) -> str:
    """A name as one word: people write ICD-10, ICD 10 and icd10.

    >>> _squeezed("SNOMED CT")
    'snomedct'
    """
    return "".join(letter for letter in name.lower() if letter not in _BETWEEN)


def _of_codes() -> list[Prefix]:
    """The prefixes of codes: they begin with a capital, those of words and of our own things do not."""
    return [prefix for prefix in prefix_map().prefixes if prefix.name[0].isupper()]


def _is_iri(text: str) -> bool:
    try:
        ox.NamedNode(text)
    except ValueError:  # a text that begins like an IRI
        return False
    return True
