"""The free text in which Orphanet names the source of a prevalence, taken apart into tokens.

    source = token ("_" token)*          token = text "[" KIND "]"  |  a bare word

Names of persons stand in EXPERT and AUTHOR tokens, and at times without any mark before one, or even as "PMID". Of such
a token the kind is kept, its text never leaves this module.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from poh_graph.records.orphanet import CitationKind, PaperToken

_KINDS: dict[str, CitationKind] = {
    "REG": "registry",
    "INST": "institution",
    "PATIENT ORGANISATION": "institution",
    "OTHER": "work",
    "EXPERT": "expert",
    "AUTHOR": "author",
    "ORPHANET": "Orphanet",
}
_LONGEST = 4_000
"""A longer text is not taken apart: the longest of 2025 has 243 characters."""

_BARE: dict[str, PaperToken] = {
    "orphanet": PaperToken("Orphanet", ""),
    "expert": PaperToken("expert", ""),
    "eurocat": PaperToken("registry", "EUROCAT"),
    "rarecare": PaperToken("registry", "RARECARE"),
    "who classification of tumours": PaperToken("work", "WHO Classification of Tumours"),
    "who classification of tumour": PaperToken("work", "WHO Classification of Tumours"),
    "who tumour classification": PaperToken("work", "WHO Classification of Tumours"),
}
"""Words that stand without a kind. "WHO Classification of Tumours" is one work in three spellings."""

# 33310876[PMID]  3391390{PMID]  2092586[PMID}  6638075[PMID  28775045 [PMID]  24259342,[PMID]  7277424 [PMID][PMID]
_PMID = re.compile(r"(?:Source:\s*)?([1-9][0-9]{0,8})\s*,?\s*[\[{](?:PMID|MPID)(?:[\]}]\s*\[PMID)?\W*")
# PMID: 31280031; 25860506  |  PMID reference: 29474920, 31859446  |  ORPHANET & PMID: 28955728  |  28955728 & EXPERT
_LIST = re.compile(r"(?:\s|PMID|MPID|reference|ORPHANET|EXPERT|(?<!\d)[1-9][0-9]{0,8}(?!\d)|[:;,&])++", re.IGNORECASE)
_LIST_ITEM = re.compile(r"\d+|ORPHANET|EXPERT", re.IGNORECASE)
_KIND = re.compile(r"(.*?)\s*\[(REG|INST|OTHER|EXPERT|AUTHOR|ORPHANET|Patient organisation)\]", re.IGNORECASE)
_BARE_NUMBER = re.compile(r"([1-9][0-9]{5,7})")
_PERSON = re.compile(r"(?:Dr|Drs|Pr|Prof|Professor|Mr|Mrs|Ms)\b\.?", re.IGNORECASE)
_DOI = re.compile(r"(?:DOI:?\s*)?(?:https?://(?:dx\.)?doi\.org/)?(10\.[0-9]{4,9}/\S+)", re.IGNORECASE)
_BOOK = re.compile(r"https?://www\.ncbi\.nlm\.nih\.gov/books/(NBK[1-9][0-9]*)/?")
_PAGE = re.compile(r"(?:https?|ftp)://[^/\s\[\]<>\"{}|\\^`]+\.[a-z]+(?::[0-9]+)?(?:/[^\s\[\]<>\"{}|\\^`]*)?")
# A DOI or an address may hold underscores itself; it runs to its closing bracket, or to the next token of a known form.
_NEXT = r"_\s*(?:ORPHANET|EXPERT|EUROCAT|RARECARE|\[|\d+\s*\[PMID|[^_\[\]]*\s[^_\[\]]*\[)"
_HELD = re.compile(rf"(?:DOI:?\s*|(?:https?|ftp)://)\S*?(?=\[OTHER\]|\]|{_NEXT}|\s|$)(?:\[OTHER\])?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Citations:
    """The tokens of one source text, each once, in their order; ``unread`` counts those that fit no form."""

    tokens: tuple[PaperToken, ...]
    unread: int


@lru_cache(maxsize=16_384)
def parse_citations(text: str) -> Citations:
    """The tokens of a source text.

    Source: ORPHApacket, ``Prevalence.Source``; grammar and malformed forms as found in the releases of 2024 and 2025.

    >>> parse_citations("18553568[PMID]_EUROCAT_ORPHANET_Dr A. Name[EXPERT]").tokens  # doctest: +NORMALIZE_WHITESPACE
    (PaperToken(kind='pmid', text='18553568'), PaperToken(kind='registry', text='EUROCAT'),
     PaperToken(kind='Orphanet', text=''), PaperToken(kind='expert', text=''))
    >>> parse_citations("a text of no form")
    Citations(tokens=(), unread=1)
    """
    if len(text) > _LONGEST:
        return Citations((), 1)
    tokens: dict[PaperToken, None] = {}
    loose = unread = 0
    for piece in _pieces(text):
        found = _tokens(piece)
        if found and found[0].kind in {"expert", "author"}:
            loose = 0  # "Name One_Name Two[EXPERT]": the pieces without a kind were persons too
        if not found:
            loose += 1
            continue
        unread += loose
        loose = 0
        tokens.update(dict.fromkeys(found))
    return Citations(tuple(tokens), unread + loose)


def _pieces(text: str) -> Iterator[str]:
    """The text cut at its underscores, except those inside a DOI or an address."""
    held: list[str] = []

    def hold(match: re.Match[str]) -> str:
        held.append(match.group())
        return f"_\0{len(held) - 1}_"

    for piece in _HELD.sub(hold, text).split("_"):
        piece = piece.strip()  # noqa: PLW2901 - the piece without its blanks is the piece
        if piece.startswith("\0"):
            yield held[int(piece[1:])]
        elif piece not in {"", "[", "]"}:
            yield piece


def _tokens(piece: str) -> tuple[PaperToken, ...]:
    """The tokens of one piece; none if it fits no form."""
    bare = _BARE.get(piece.strip("[] ").lower())
    if bare is not None:
        return (bare,)
    pmid = _PMID.fullmatch(piece) or _BARE_NUMBER.fullmatch(piece)
    if pmid:
        return (PaperToken("pmid", pmid[1]),)
    if _PERSON.match(piece):
        return (PaperToken("expert", ""),)
    kind = _KIND.fullmatch(piece)
    if kind:
        return (_of_kind(_KINDS[kind[2].upper()], kind[1].strip()),)
    if "PMID" in piece.upper() and _LIST.fullmatch(piece):
        return tuple(_BARE.get(item.lower()) or PaperToken("pmid", item) for item in _LIST_ITEM.findall(piece))
    return _address(piece)


def _of_kind(kind: CitationKind, text: str) -> PaperToken:
    """A token with a kind. A DOI among the works is a paper; a person or Orphanet itself has no text."""
    doi = _DOI.fullmatch(text) if kind == "work" else None
    if doi:
        return PaperToken("doi", doi[1])
    return PaperToken(kind, "" if kind in {"expert", "author", "Orphanet"} else text)


def _address(piece: str) -> tuple[PaperToken, ...]:
    """The book, DOI or page that an address names; none if it is not an address."""
    piece = piece.strip("[] ")
    book = _BOOK.fullmatch(piece)
    if book:
        return (PaperToken("nbk", book[1]),)
    doi = _DOI.fullmatch(piece)
    if doi:
        return (PaperToken("doi", doi[1]),)
    return (PaperToken("page", piece),) if _PAGE.fullmatch(piece) else ()
