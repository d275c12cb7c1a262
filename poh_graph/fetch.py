"""Downloads of the sources into a cache: resumed, verified, and refused where they are not what they should be.

``data/sources.toml`` names the files. One that its publisher never changes has its SHA-256 there, and anything else is
refused; of one that changes, what was got is recorded beside it, and the next time the server is asked only for what is
newer. A good file is never replaced by a bad one: a download grows beside it, and takes its place when it is whole.
"""

from __future__ import annotations

import fcntl
import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Literal

import httpx

from poh_graph.bundle import sha256
from poh_graph.errors import FetchError, UnknownName
from poh_graph.source_table import Download, Source

State = Literal["new", "changed", "unchanged"]

TRIES = 3
"""How often a download that breaks off is taken up again."""

LARGEST = 4 * 1024**3
"""Bytes of the largest file that is taken: no source comes near it."""

_TIMEOUT = httpx.Timeout(30.0)
"""Seconds to connect, and to wait for the next bytes."""

_BREAKS = (httpx.TimeoutException, httpx.NetworkError, httpx.RemoteProtocolError)
"""What may go better at the next try."""

_REDIRECTS = 5
_WHOLE, _PART, _SAME, _BEYOND_END = 200, 206, 304, 416
_PAGE = re.compile(rb"\s*<(?:!doctype html|html)", re.IGNORECASE)
_RANGE = re.compile(r"bytes (\d+)-\d+/(?:\d+|\*)")


@dataclass(frozen=True, slots=True)
class Record:
    """What is known of a file in the cache; it stands beside the file, as JSON.

    ``etag`` and ``last_modified`` are those of the server's answer, empty if it had none.
    """

    url: str
    sha256: str
    size: int
    etag: str
    last_modified: str


@dataclass(frozen=True, slots=True)
class Fetched:
    """A file of the cache, what it is, and whether it is new there."""

    path: Path
    record: Record
    state: State


def wanted(sources: Mapping[str, Source], names: Sequence[str]) -> list[Download]:
    """The downloads of some sources, or of all.

    Raises:
        UnknownName: if there is no source of a name that has downloads.
    """
    offered = {name: source.downloads for name, source in sources.items() if source.downloads}
    for name in names:
        if name not in offered:
            raise UnknownName(f"No source {name!r} can be fetched.", candidates=tuple(offered))
    return [download for name in names or offered for download in offered[name]]


def fetch_all(downloads: Iterable[Download], cache: Path, http: httpx.Client) -> Iterator[Fetched]:
    """Each download in turn. One that fails does not keep the others from being tried.

    Raises:
        FetchError: in the end, if some failed; it names each.
    """
    failed = []
    for download in downloads:
        try:
            yield fetch(download, cache, http)
        except FetchError as error:
            failed.append(str(error))
    if failed:
        raise FetchError("\n".join(failed))


def default_cache() -> Path:
    """Where downloads are kept unless one says otherwise: the user's cache folder."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "poh-graph"


def client() -> httpx.Client:
    """What asks the servers: it follows redirects to HTTP addresses alone, and never from HTTPS to HTTP."""
    return httpx.Client(
        timeout=_TIMEOUT,
        follow_redirects=True,
        max_redirects=_REDIRECTS,
        headers={"accept-encoding": "identity", "user-agent": "poh-graph"},
        event_hooks={"response": [_refuse_downgrade]},
    )


def _refuse_downgrade(response: httpx.Response) -> None:
    if response.has_redirect_location and response.url.scheme == "https":
        target = response.url.join(response.headers["location"])
        if target.scheme != "https":
            raise FetchError(f"{response.url} leads to {target}, which is not encrypted: refused.")


def fetch(download: Download, cache: Path, http: httpx.Client) -> Fetched:
    """The file of a download, in the cache; the server is asked only if it could have something newer.

    Raises:
        FetchError: if it cannot be had, or is not what it should be. The file that was there stays.
    """
    target = cache / download.source / download.name
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with _locked(target):
            return _Job(download, target, http).run()
    except OSError as error:
        raise FetchError(f"{target} cannot be written ({error.strerror}).") from None


@contextmanager
def _locked(target: Path) -> Iterator[None]:
    with _beside(target, ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise FetchError(f"Another program fetches {target} now.", mend="Try again when it is done.") from None
        yield


def _beside(target: Path, ending: str) -> Path:
    return target.with_name(target.name + ending)


@dataclass(frozen=True, slots=True)
class _Job:
    """One download."""

    download: Download
    target: Path
    http: httpx.Client

    def run(self) -> Fetched:
        known = self._known()
        if known and known.sha256 == self.download.sha256:
            return Fetched(self.target, known, "unchanged")
        for tried in range(1, TRIES + 1):
            try:
                found = self._asked(known)
            except httpx.ConnectError as error:
                raise FetchError(f"{self.download.url} cannot be reached ({error}).") from None
            except _BREAKS as error:
                if tried == TRIES:
                    raise FetchError(
                        f"{self.download.url} broke off {TRIES} times ({error}). {self._got()} bytes are kept.",
                        mend="Run the command again: it goes on where it stopped.",
                    ) from None
            except httpx.HTTPError as error:
                raise FetchError(f"{self.download.url} cannot be fetched ({error}).") from None
            else:
                if found is not None:
                    return found
        raise FetchError(f"{self.download.url} does not give the part that was asked for.", mend="Try again later.")

    def _known(self) -> Record | None:
        """The record of the file that is there; None if there is none, or it is not the file of its record."""
        path = _beside(self.target, ".json")
        if not (self.target.is_file() and path.is_file()):
            return None
        try:
            record = Record(**json.loads(path.read_text(encoding="utf-8")))
        except (ValueError, TypeError):
            return None
        return record if record.url == self.download.url and record.sha256 == sha256(self.target) else None

    @property
    def _part(self) -> Path:
        return _beside(self.target, ".part")

    def _got(self) -> int:
        return self._part.stat().st_size if self._part.is_file() else 0

    def _asked(self, known: Record | None) -> Fetched | None:
        """What one request gives: the file, or None if another one is needed."""
        start = self._got() if self._may_resume() else 0
        with self.http.stream("GET", self.download.url, headers=self._headers(known, start)) as answer:
            if answer.status_code == _SAME and known:
                return Fetched(self.target, known, "unchanged")
            if answer.status_code == _BEYOND_END and start:
                self._part.unlink()
                return None
            start = self._start_of(answer, start)
            with self._part.open("ab" if start else "wb") as file:
                _beside(self._part, ".etag").write_text(_validator(answer), encoding="utf-8")
                self._take(answer, file, start)
            record = self._verified(answer)
        self._part.replace(self.target)
        _beside(self._part, ".etag").unlink(missing_ok=True)
        _beside(self.target, ".json").write_text(json.dumps(asdict(record), indent=1) + "\n", encoding="utf-8")
        is_same = known is not None and known.sha256 == record.sha256
        return Fetched(self.target, record, "unchanged" if is_same else "changed" if known else "new")

    def _may_resume(self) -> bool:
        """A part may be gone on with if it will be verified, or the server can tell that it is of the same file."""
        return bool(self._got() and (self.download.sha256 or self._etag_of_part()))

    def _etag_of_part(self) -> str:
        path = _beside(self._part, ".etag")
        return path.read_text(encoding="utf-8") if path.is_file() else ""

    def _headers(self, known: Record | None, start: int) -> dict[str, str]:
        if start:
            etag = self._etag_of_part()
            return {"range": f"bytes={start}-", **({"if-range": etag} if etag else {})}
        if known is None or self.download.sha256:
            return {}
        asked = {"if-none-match": known.etag, "if-modified-since": known.last_modified}
        return {name: value for name, value in asked.items() if value}

    def _start_of(self, answer: httpx.Response, asked: int) -> int:
        """The byte at which an answer begins.

        Raises:
            FetchError: if it is no answer to what was asked.
        """
        if answer.headers.get("content-encoding", "identity") != "identity":
            raise FetchError(f"{self.download.url} comes compressed, which was not asked for: it cannot be verified.")
        if answer.status_code == _WHOLE:
            return 0
        found = _RANGE.fullmatch(answer.headers.get("content-range", ""))
        if answer.status_code == _PART and found and int(found[1]) == asked:
            return asked
        raise FetchError(
            f"{self.download.url} answers {answer.status_code} {answer.reason_phrase}.",
            mend="Has the file moved? Its address is in data/sources.toml.",
        )

    def _take(self, answer: httpx.Response, file: IO[bytes], size: int) -> None:
        """Write what comes.

        Raises:
            FetchError: if it is too large, or a page where a file should be.
        """
        for piece in answer.iter_raw():
            if not size and _PAGE.match(piece):
                file.truncate(0)
                raise FetchError(
                    f"{self.download.url} gives a web page, not {self.download.name}.",
                    mend="Is this network behind a page where one must log in?",
                )
            size += len(piece)
            if size > LARGEST:
                file.truncate(0)
                raise FetchError(f"{self.download.url} is larger than {LARGEST:,} bytes: refused.")
            file.write(piece)

    def _verified(self, answer: httpx.Response) -> Record:
        """The record of what came.

        Raises:
            FetchError: if it is not the file that it should be; then it is dropped.
        """
        digest, size = sha256(self._part), self._got()
        if self.download.sha256 and digest != self.download.sha256:
            self._part.unlink()
            raise FetchError(
                f"{self.download.url} is not the file that was pinned: expected SHA-256 {self.download.sha256}, found "
                f"{digest} ({size:,} bytes). What is in the cache stays as it was.",
                mend="If the publisher changed the file, check it, and pin the new digest in data/sources.toml.",
            )
        etag, changed = answer.headers.get("etag", ""), answer.headers.get("last-modified", "")
        return Record(self.download.url, digest, size, etag, changed)


def _validator(answer: httpx.Response) -> str:
    """What tells that a part belongs to the same file: a strong ETag, and nothing weaker."""
    etag: str = answer.headers.get("etag", "")
    return "" if etag.startswith("W/") else etag
