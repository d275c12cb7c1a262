"""Records in JSON: one object, a page of search results, or an array of any length, read element by element.

An array is never held as a whole, for the dump of a registry has hundreds of megabytes. A page has a thousand records
at most: the interfaces of the registries give no more at once.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple, NoReturn

import ijson
import orjson

from poh_graph.errors import InputError

_BOM = b"\xef\xbb\xbf"
_BLANK = b" \t\r\n"
_HEAD = 4096

_WORDS_OF_PARSER = re.compile(r"(?:.*?error: )?([^.:\n\\]+)")
"""What the parser has to say: the text at the place follows."""

_CUT = ("premature EOF", "Incomplete JSON content")
"""How the parsers of ijson, in C and in Python, say that a file ends too early."""


class Page(NamedTuple):
    """What an object of search results holds beside its records, such as the token of the next page."""

    head: Mapping[str, Any]


def records_of(path: Path, envelope: str = "") -> Iterator[object]:
    """The records of a file, in their order: before those of a page its :class:`Page`.

    An array holds one record in each element, and an object that has ``envelope`` as a key is a page of them; any other
    object is itself the only record.

    Raises:
        InputError: if the file cannot be read, is cut short, or is no JSON.
    """
    if _begins_with_array(path):
        yield from _elements(path)
        return
    found = _loaded(path)
    if not isinstance(found, dict):
        raise InputError(f"{path} holds neither an object nor an array.", mend="Is it the right file?")
    inside = found.get(envelope) if envelope else None
    if isinstance(inside, list):
        yield Page({key: value for key, value in found.items() if key != envelope})
        yield from inside
    else:
        yield found


def _begins_with_array(path: Path) -> bool:
    with _opened(path) as file:
        head: bytes = file.read(_HEAD)
    return head.removeprefix(_BOM).lstrip(_BLANK).startswith(b"[")


def _opened(path: Path) -> Any:
    try:
        return path.open("rb")
    except OSError as error:
        raise InputError(f"{path} cannot be read ({error.strerror}).", mend="Check the file and its rights.") from None


def _loaded(path: Path) -> object:
    with _opened(path) as file:
        text = file.read().removeprefix(_BOM).rstrip(_BLANK)
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError as error:
        # An object that does not end in its bracket has lost its end, whatever the parser stumbles over first.
        if text.startswith(b"{") and (not text.endswith(b"}") or error.pos >= len(error.doc)):
            _refuse_cut(f"{path}, line {error.lineno}")
        _refuse_other(f"{path}, line {error.lineno}", error.msg)


def _elements(path: Path) -> Iterator[object]:
    number = 0
    with _opened(path) as file:
        if file.read(len(_BOM)) != _BOM:
            file.seek(0)
        try:
            for element in ijson.items(file, "item", use_float=True):
                number += 1
                yield element
        except ijson.JSONError as error:
            words = _WORDS_OF_PARSER.search(str(error))
            if words is not None and words[1] in _CUT:
                _refuse_cut(f"{path}, after record {number}")
            _refuse_other(f"{path}, after record {number}", words[1] if words else "")


def _refuse_cut(place: str) -> NoReturn:
    raise InputError(f"{place}: the file ends within a record: it is cut short.", mend="Download it again.") from None


def _refuse_other(place: str, words: str) -> NoReturn:
    raise InputError(
        f"{place}: this is no JSON ({words}).", mend="Is it the right file, and as it was downloaded?"
    ) from None
