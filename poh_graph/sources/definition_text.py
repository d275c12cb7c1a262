"""Mends the text of an Orphanet definition, and names what was mended."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Callable

from poh_graph.records.orphanet import Definition

# Only tags that are tags: "<10 m/s" and "<1 year" are text. "<i<SYNE1</i>" has an opening tag that is closed by a slip.
_TAG = re.compile(r"<(?:/?\s*(?:i|b|u|em|strong|span|p|br)\s*/?>|i<(?=[a-z]))", re.IGNORECASE)
_REFERENCE = re.compile(r"&(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z][a-z0-9]{1,31});", re.IGNORECASE)
_C1 = re.compile("[\x80-\x9f]")
_LIGATURE = re.compile("[\ufb00-\ufb06]")
_SPACES = re.compile(r"[ \t\r\n\u00a0]+")


def mend_definition(raw: str) -> Definition:
    """A definition with its text mended. The words stay as they are; commas that Orphanet's packets drop stay dropped.

    Source: ORPHApacket, ``TextSection.Contents``.

    >>> mend_definition("velocity <10 m/s in <i>GNAS</i>&nbsp;carriers")  # doctest: +NORMALIZE_WHITESPACE
    Definition(raw='velocity <10 m/s in <i>GNAS</i>&nbsp;carriers', text='velocity <10 m/s in GNAS carriers',
               repairs=('markup removed', 'character references decoded', 'spaces made plain'))
    """
    text = raw
    repairs = []
    for name, mend in _STEPS:
        mended = mend(text)
        if mended != text:
            repairs.append(name)
            text = mended
    return Definition(raw, text, tuple(repairs))


def _spell_out(match: re.Match[str]) -> str:
    return unicodedata.normalize("NFKC", match.group())


def _decode_reference(match: re.Match[str]) -> str:
    decoded = html.unescape(match.group())
    return match.group() if "\ufffd" in decoded else decoded


def _cp1252(match: re.Match[str]) -> str:
    """The character that a C1 control stands for in Windows-1252; five of the 32 codes stand for none."""
    decoded = match.group().encode("latin-1").decode("cp1252", errors="ignore")
    return decoded or match.group()


_STEPS: tuple[tuple[str, Callable[[str], str]], ...] = (
    ("markup removed", lambda text: _TAG.sub("", text)),
    ("character references decoded", lambda text: _REFERENCE.sub(_decode_reference, text) if "&" in text else text),
    ("mis-decoded characters mended", lambda text: _C1.sub(_cp1252, text)),
    ("ligatures spelled out", lambda text: _LIGATURE.sub(_spell_out, text)),
    ("spaces made plain", lambda text: _SPACES.sub(" ", text).strip()),
)
