"""Downloads from a server that drops, truncates, redirects and lies: a good file in the cache is never lost."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import pytest

from poh_graph.bundle import resource_folder
from poh_graph.errors import FetchError, UnknownName
from poh_graph.fetch import client, fetch, fetch_all, wanted
from poh_graph.source_table import Download, read_sources
from tests.running import Run

GOOD = b"subject_id\tpredicate_id\tobject_id\n" * 1000
NEWER = GOOD + b"one\tmore\trow\n"
DIGEST = hashlib.sha256(GOOD).hexdigest()

Answer = Callable[[BaseHTTPRequestHandler], None]


@dataclass
class Server:
    """A server on this machine: it answers each request with the next of ``answers``, the last of them for ever."""

    url: str
    answers: list[Answer] = field(default_factory=list)
    asked: list[dict[str, str]] = field(default_factory=list)

    def next(self) -> Answer:
        """The answer to the next request."""
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


@pytest.fixture
def server() -> Iterator[Server]:
    """A server without answers yet."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found.asked.append({name.lower(): value for name, value in self.headers.items()})
            found.next()(self)

        def log_message(self, *_: object) -> None:
            """Stay silent."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as http:
        found = Server(f"http://127.0.0.1:{http.server_port}/set.tsv")
        threading.Thread(target=http.serve_forever, args=(0.01,), daemon=True).start()
        yield found
        http.shutdown()


def whole(body: bytes, **headers: str) -> Answer:
    """The whole file."""

    def answer(request: BaseHTTPRequestHandler) -> None:
        request.send_response(200)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            request.send_header(name.replace("_", "-"), value)
        request.end_headers()
        request.wfile.write(body)

    return answer


def broken(body: bytes, after: int, **headers: str) -> Answer:
    """The head of the whole file, but only its first bytes: then the connection ends."""

    def answer(request: BaseHTTPRequestHandler) -> None:
        request.send_response(200)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            request.send_header(name.replace("_", "-"), value)
        request.end_headers()
        request.wfile.write(body[:after])

    return answer


def rest(body: bytes, lie: int = 0) -> Answer:
    """What of a file comes from the byte that was asked for, or ``lie`` bytes further on."""

    def answer(request: BaseHTTPRequestHandler) -> None:
        start = int(request.headers["range"].removeprefix("bytes=").removesuffix("-")) + lie
        request.send_response(206)
        request.send_header("Content-Range", f"bytes {start}-{len(body) - 1}/{len(body)}")
        request.send_header("Content-Length", str(len(body) - start))
        request.end_headers()
        request.wfile.write(body[start:])

    return answer


def status(code: int, **headers: str) -> Answer:
    """A status without body."""

    def answer(request: BaseHTTPRequestHandler) -> None:
        request.send_response(code)
        for name, value in {"Content-Length": "0", **headers}.items():
            request.send_header(name, value)
        request.end_headers()

    return answer


@contextmanager
def refused(words: str) -> Iterator[None]:
    """What is done here is refused, in these words."""
    with pytest.raises(FetchError, match=words):
        yield


@pytest.fixture
def http() -> Iterator[httpx.Client]:
    """What asks."""
    with client() as found:
        yield found


def pinned(server: Server, digest: str | None = DIGEST) -> Download:
    """The file of the server, with the digest that it should have."""
    return Download("mondo", "set.tsv", server.url, digest)


def test_a_pinned_file_is_fetched_once(server: Server, http: httpx.Client, tmp_path: Path) -> None:
    """The second time nobody is asked."""
    server.answers = [whole(GOOD)]
    first = fetch(pinned(server), tmp_path, http)
    second = fetch(pinned(server), tmp_path, http)
    assert (first.state, second.state) == ("new", "unchanged")
    assert first.path.read_bytes() == GOOD
    assert second.record.sha256 == DIGEST
    assert len(server.asked) == 1


def test_another_file_than_the_pinned_one_is_refused(server: Server, http: httpx.Client, tmp_path: Path) -> None:
    """With both digests in the message; nothing is left behind that could be taken for the file."""
    server.answers = [whole(NEWER)]
    with refused(f"expected SHA-256 {DIGEST}, found {hashlib.sha256(NEWER).hexdigest()}"):
        fetch(pinned(server), tmp_path, http)
    assert not list(tmp_path.rglob("set.tsv"))
    assert not list(tmp_path.rglob("*.part"))


def test_a_good_file_outlives_a_bad_one(server: Server, http: httpx.Client, tmp_path: Path) -> None:
    """The pin moves on, the server lies: the old file and its record stay."""
    server.answers = [whole(GOOD)]
    old = fetch(pinned(server), tmp_path, http)
    server.answers = [whole(b"something else")]
    with refused("is not the file that was pinned"):
        fetch(pinned(server, hashlib.sha256(NEWER).hexdigest()), tmp_path, http)
    assert old.path.read_bytes() == GOOD
    assert fetch(pinned(server), tmp_path, http).state == "unchanged"


def test_a_download_that_breaks_off_goes_on_where_it_stopped(
    server: Server, http: httpx.Client, tmp_path: Path
) -> None:
    """In the same run, if the server knows the rest."""
    server.answers = [broken(GOOD, 1000, ETag='"1"'), rest(GOOD)]
    assert fetch(pinned(server, None), tmp_path, http).path.read_bytes() == GOOD
    assert server.asked[1]["range"] == "bytes=1000-"
    assert server.asked[1]["if-range"] == '"1"'


def test_a_download_goes_on_in_the_next_run(server: Server, http: httpx.Client, tmp_path: Path) -> None:
    """After three tries the part is kept, and said to be."""
    server.answers = [broken(GOOD, 1000)]
    with refused(r"broke off 3 times .* bytes are kept"):
        fetch(pinned(server), tmp_path, http)
    kept = (tmp_path / "mondo" / "set.tsv.part").stat().st_size
    server.answers = [rest(GOOD)]
    assert fetch(pinned(server), tmp_path, http).path.read_bytes() == GOOD
    assert server.asked[-1]["range"] == f"bytes={kept}-"


def test_without_a_validator_an_unpinned_file_begins_anew(server: Server, http: httpx.Client, tmp_path: Path) -> None:
    """Nothing could tell whether the rest belongs to the same file: a weak ETag does not."""
    server.answers = [broken(GOOD, 1000, ETag='W/"1"'), whole(NEWER)]
    assert fetch(pinned(server, None), tmp_path, http).path.read_bytes() == NEWER
    assert "range" not in server.asked[1]


def test_a_server_that_ignores_the_range_sends_all(server: Server, http: httpx.Client, tmp_path: Path) -> None:
    """The whole file takes the place of the part; it is not appended."""
    server.answers = [broken(GOOD, 1000, ETag='"1"'), whole(NEWER)]
    assert fetch(pinned(server, None), tmp_path, http).path.read_bytes() == NEWER


def test_another_part_than_was_asked_for_is_refused(server: Server, http: httpx.Client, tmp_path: Path) -> None:
    """Ten bytes would be missing in the middle."""
    server.answers = [broken(GOOD, 1000), rest(GOOD, lie=10)]
    with refused("answers 206"):
        fetch(pinned(server), tmp_path, http)
    assert not (tmp_path / "mondo" / "set.tsv").exists()


def test_a_part_that_is_longer_than_the_file_is_dropped(server: Server, http: httpx.Client, tmp_path: Path) -> None:
    """416: the file was replaced by a shorter one."""
    (tmp_path / "mondo").mkdir()
    (tmp_path / "mondo" / "set.tsv.part").write_bytes(NEWER * 2)
    server.answers = [status(416), whole(GOOD)]
    assert fetch(pinned(server), tmp_path, http).path.read_bytes() == GOOD


def test_a_file_that_changes_is_asked_for_by_its_record(server: Server, http: httpx.Client, tmp_path: Path) -> None:
    """The server is told what is there; 304 leaves it, 200 replaces it, and the record says which it is."""
    day = "Sun, 22 Nov 2026 00:00:00 GMT"
    server.answers = [whole(GOOD, ETag='"1"', Last_Modified=day), status(304), whole(NEWER, ETag='"2"')]
    states = [fetch(pinned(server, None), tmp_path, http) for _ in range(3)]
    assert [found.state for found in states] == ["new", "unchanged", "changed"]
    assert server.asked[1]["if-none-match"] == '"1"'
    assert server.asked[1]["if-modified-since"] == day
    assert states[-1].record.sha256 == hashlib.sha256(NEWER).hexdigest()


def test_a_damaged_file_of_the_cache_is_fetched_anew(server: Server, http: httpx.Client, tmp_path: Path) -> None:
    """It is not the file of its record: the server is not asked whether it has a newer one."""
    server.answers = [whole(GOOD, ETag='"1"')]
    found = fetch(pinned(server, None), tmp_path, http)
    found.path.write_bytes(GOOD[:-1])
    assert fetch(pinned(server, None), tmp_path, http).path.read_bytes() == GOOD
    assert "if-none-match" not in server.asked[1]


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (status(404), "answers 404 Not Found"),
        (status(500), "answers 500"),
        (whole(b"<!DOCTYPE html><title>Log in</title>"), "gives a web page"),
        (whole(b"\n<html>"), "gives a web page"),
        (whole(GOOD, Content_Encoding="gzip"), "comes compressed"),
        (status(302, Location="file:///etc/hostname"), "cannot be fetched"),
        (status(302, Location="ftp://127.0.0.1/set.tsv"), "cannot be fetched"),
    ],
)
def test_what_is_no_file_is_refused(
    server: Server, http: httpx.Client, tmp_path: Path, answer: Answer, words: str
) -> None:
    """And the file that was there stays."""
    server.answers = [whole(GOOD, ETag='"1"'), answer]
    old = fetch(pinned(server, None), tmp_path, http)
    with refused(words):
        fetch(pinned(server, None), tmp_path, http)
    assert old.path.read_bytes() == GOOD


def test_a_redirect_is_followed_but_not_for_ever(server: Server, http: httpx.Client, tmp_path: Path) -> None:
    """PURLs lead elsewhere; a circle leads nowhere."""
    server.answers = [status(302, Location="/elsewhere"), whole(GOOD)]
    assert fetch(pinned(server), tmp_path, http).path.read_bytes() == GOOD
    server.answers = [status(302, Location="/again")]
    with refused("cannot be fetched"):
        fetch(Download("mondo", "other.tsv", server.url), tmp_path, http)


def test_a_redirect_does_not_give_up_encryption() -> None:
    """From HTTPS to HTTP the file could be anybody's."""

    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(302, headers={"location": "http://example.org/set.tsv"}, request=request)

    with (
        client() as real,
        httpx.Client(
            transport=httpx.MockTransport(answer), follow_redirects=True, event_hooks=real.event_hooks
        ) as http,
        refused("not encrypted"),
    ):
        http.get("https://example.org/set.tsv")


def test_a_server_that_is_not_there(tmp_path: Path, http: httpx.Client) -> None:
    """Nothing listens on port 9 of this machine."""
    with refused("cannot be reached"):
        fetch(Download("mondo", "set.tsv", "http://127.0.0.1:9/set.tsv"), tmp_path, http)


def test_one_failure_does_not_keep_the_others_back(server: Server, http: httpx.Client, tmp_path: Path) -> None:
    """What can be had is had; then the failures are told."""
    server.answers = [status(404), whole(GOOD)]
    got: list[str] = []
    with refused("answers 404"):
        got.extend(
            found.path.name
            for found in fetch_all(
                [Download("mondo", "gone.tsv", server.url), Download("mondo", "set.tsv", server.url)], tmp_path, http
            )
        )
    assert (tmp_path / "mondo" / "set.tsv").read_bytes() == GOOD


def test_the_pins_are_those_of_the_real_files(releases: Path) -> None:
    """Each pinned file of Mondo that lies beside the checkout has the digest of its pin."""
    sources = read_sources(resource_folder("data") / "sources.toml")
    pins = {download.name: download.sha256 for download in wanted(sources, ["mondo"])}
    assert len(pins) == 16
    for name, digest in pins.items():
        assert hashlib.sha256((releases / "mondo_sssom" / name).read_bytes()).hexdigest() == digest


def test_the_command_lists_and_refuses(run: Run) -> None:
    """Without asking a server."""
    listed = run("fetch", "--list", "orphanet", "mondo")
    assert listed.exit_code == 0
    assert "orphapacket-2025-07.zip\tnot pinned" in listed.stdout
    unknown = run("fetch", "monod")
    assert unknown.exit_code == 2
    assert "No source 'monod' can be fetched" in unknown.output
    with pytest.raises(UnknownName):
        wanted({}, ["mondo"])
