"""Where the server listens."""

from __future__ import annotations

import socket

from poh_graph.errors import StoreError

_BACKLOG = 2048
"""Connections that the system holds until they are taken."""


def listening(host: str, port: int) -> socket.socket:
    """A socket that listens there.

    Raises:
        StoreError: if it cannot.
    """
    listener = None
    try:
        family, kind, protocol, _, place = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        # With the protocol named, asyncio sends small answers at once instead of gathering them for 40 ms.
        listener = socket.socket(family, kind, protocol)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(place)
        listener.listen(_BACKLOG)
    except OSError as error:
        if listener is not None:
            listener.close()
        raise StoreError(
            f"Nothing can listen at {host}, port {port} ({error.strerror or error}).",
            mend="Give another with --port, or stop what listens there.",
        ) from None
    return listener


def address(listener: socket.socket) -> str:
    """The address of the server for browsers on the same machine."""
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
