"""Whether the engine reads a word in a text as a keyword: not in a string, an IRI, a comment or a name.

It is the engine's own parser that says so. A text means the same when a word within its names, strings and comments is
changed everywhere alike; if it is no SPARQL any more, the word was a keyword (or it was no SPARQL before).
"""

from __future__ import annotations

import re
import secrets

import pyoxigraph as ox

_UNLIKELY = secrets.token_hex(8).translate(str.maketrans("0123456789", "ghijklmnop"))
"""Letters that no query holds: nobody outside this process knows them."""


_VARIABLE = re.compile(r"[?$]\w+")
_LINE_OF_COMMENT = re.compile(r"^[ \t]*#[^\r\n]*", re.MULTILINE)


def has_keyword(text: str, word: str, base: str) -> bool:
    """Whether a text holds a keyword, in any case of letters; True also if it holds the word and is no SPARQL.

    >>> has_keyword("SELECT * FROM <http://x/g> { ?s ?p ?o }", "from", "http://x/")
    True
    >>> has_keyword("SELECT ?from { ?from <http://x/from> 'from' }  # from", "from", "http://x/")
    False
    """
    if word not in _without_names(text).lower():
        return False
    # Within the word, not at its end: there the parser would still find the keyword, and then something else.
    changed, count = re.subn(rf"({word[:2]})({word[2:]})", rf"\1{_UNLIKELY}\2", text, flags=re.IGNORECASE)
    return bool(count) and syntax_error_of(changed, base) is not None


def _without_names(text: str) -> str:
    """A text without its variables, and without lines of comment: most queries that hold the word hold it there alone.

    Only a string in three quotation marks has several lines, one of which may begin like a comment and end the string.
    """
    if '"""' not in text and "'''" not in text:
        text = _LINE_OF_COMMENT.sub("", text)
    return _VARIABLE.sub("", text)


def without_service(text: str) -> str:
    """A text with each SERVICE made a GRAPH: what was SPARQL stays so, at the same columns, and asks nobody."""
    return re.sub(r"service(\s+silent)?", lambda found: "GRAPH".ljust(len(found[0])), text, flags=re.IGNORECASE)


def syntax_error_of(text: str, base: str) -> str | None:
    """What the engine finds wrong with the syntax of a query, if anything; nothing is there for it to be run over."""
    try:
        ox.Store().query(text, base_iri=base)
    except SyntaxError as error:
        return str(error)
    except (OSError, RuntimeError, ValueError):
        return None
    return None
