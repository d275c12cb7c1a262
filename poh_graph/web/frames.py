"""How the server and its workers speak: frames over a socket, each a kind, a length and that many bytes.

server → worker   ASK      the question, as JSON
worker → server   READY    the worker's process id, as JSON: it has opened the store
                  WHOLE    the media type of a short answer, a line feed, and all of it
                  HEAD     the media type of a longer answer
                  DATA     a piece of it
                  END      that was all of it
                  PROBLEM  status and detail, as JSON: there is no answer, or no more of it
"""

from __future__ import annotations

import struct

ASK, READY, WHOLE, HEAD, DATA, END, PROBLEM = b"?", b"R", b"W", b"H", b"D", b".", b"!"

HEADER = struct.Struct(">cI")
"""A frame's kind, and the number of bytes that follow."""

SETUP, FORK, END_WORKER = b"S", b"F", b"E"
"""Commands to the process that makes workers: this is what for; make one, with the descriptor that comes along; end
one."""

RENEW = b"N"
"""What it says to the server: workers that are made from now on answer sooner than those that there are."""

COMMAND = struct.Struct(">cI")
"""A command, and the length of the JSON that follows, or a process id."""


def frame(kind: bytes, content: bytes | bytearray = b"") -> bytes:
    """One frame."""
    return HEADER.pack(kind, len(content)) + content
