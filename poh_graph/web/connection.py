"""A connection that ends when its client asks too much of it.

Nobody holds one by sending, or reading, a byte a minute, and nobody fills our memory with a head that does not end.
"""

from __future__ import annotations

import asyncio
import socket
import struct

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

REQUEST_SECONDS = 15.0
"""Seconds from the end of one answer (or from the beginning) to the head of the next request."""

READ_SECONDS = 30.0
"""Seconds in which a client must take what it has been sent (some 64 kB), before there is more."""

LONGEST_HEAD = 64 * 1024
"""Bytes that are no body: the head of a request, or what may follow its body. A longer query is sent by POST."""

_LOOK = 5.0
"""Seconds between two looks at a connection."""

_DROP = struct.pack("ii", 1, 0)
"""For SO_LINGER: close, and linger for no second."""


class PatientOnlySoLong(HttpToolsProtocol):
    """Uvicorn's connection, which itself has no limit for any of this."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as in uvicorn, a stream only
        """Begin to wait for a request."""
        super().connection_made(transport)
        self._waits_since = self.loop.time()
        self._unread_since: float | None = None
        self._head = 0
        self._timer = self.loop.call_later(_LOOK, self._look)

    def connection_lost(self, exc: Exception | None) -> None:
        """Look no more."""
        self._timer.cancel()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take what is not too long."""
        self._head += len(data)
        super().data_received(data)
        if self._head > LONGEST_HEAD and not self.transport.is_closing():
            self.send_400_response("The head of the request is too long; send a long query by POST.")

    def on_headers_complete(self) -> None:
        """Begin to count anew: a body has limits of its own."""
        self._head = 0
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """Count anew."""
        self._head = 0
        super().on_body(body)

    def on_message_complete(self) -> None:
        """Count anew."""
        self._head = 0
        super().on_message_complete()

    def on_response_complete(self) -> None:
        """Begin to wait for the next request."""
        self._waits_since = self.loop.time()
        super().on_response_complete()

    def pause_writing(self) -> None:
        """Begin to wait for the client to read."""
        self._unread_since = self.loop.time()
        super().pause_writing()

    def resume_writing(self) -> None:
        """See that it has read."""
        self._unread_since = None
        super().resume_writing()

    def _look(self) -> None:
        now = self.loop.time()
        is_answering = self.cycle is not None and not self.cycle.response_complete
        is_slow_to_ask = not is_answering and now - self._waits_since > REQUEST_SECONDS
        is_slow_to_read = self._unread_since is not None and now - self._unread_since > READ_SECONDS
        if is_slow_to_ask or is_slow_to_read:
            # At once, and with what waits in the system to be read: nobody may ever read it.
            self.transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _DROP)
            self.transport.abort()
        else:
            self._timer = self.loop.call_later(_LOOK, self._look)
