"""A graph as a folder of pages: one for each thing, with its data beside it, for any web space, or from a disk.

The pages are those of the server; links are relative, and nothing is fetched from elsewhere. A whole release has some
twenty-five thousand pages: processes make them piece by piece, each with the graph opened for itself.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from itertools import repeat
from pathlib import Path

from poh_graph.bundle import writing
from poh_graph.errors import InputError
from poh_graph.graph import Graph, open_graph
from poh_graph.pages.data import jsonld, triples_of, turtle
from poh_graph.pages.frame import Frame
from poh_graph.pages.front import front_html, front_of, report_html
from poh_graph.pages.html import FOLDER
from poh_graph.pages.kinds import PAGES
from poh_graph.pages.lists import classifications, list_html, lists_of
from poh_graph.pages.ontology import ontology_html
from poh_graph.pages.places import Held, InFolder, file_of, held_things
from poh_graph.pages.remembering import Remembering
from poh_graph.pages.thing import thing_html
from poh_graph.stages import Tick
from poh_graph.workers import shared_out

PIECE = 50
"""Things that a process takes at a time."""

_SIGN = "static/style.css"
"""By this file a folder is known to be a site."""

WORTH_A_PROCESS = 500
"""Things that make further processes pay: each takes a second to start."""


@dataclass(frozen=True)
class _Order:
    """What a process needs to know: where the graph and the folder are."""

    where: str | None
    folder: Path
    chosen: frozenset[str]


def write_folder(
    graph: Graph,
    where: str | None,
    folder: Path,
    disorders: Sequence[str] = (),
    *,
    jobs: int | None = None,
    tick: Tick | None = None,
) -> int:
    """Write the pages of a graph into a folder, and tell how many things have one; ``index.html`` is written last.

    What an earlier export wrote there is removed first. With ``disorders`` these alone have a page, and links to all
    else lead to the pages of the authorities. ``jobs`` processes work on it (None: as many as there are cores, where it
    pays); they open the graph at ``where``. ``tick`` is called after each piece.

    Raises:
        InputError: if the folder holds something that is no such site.
        StoreError: if the folder cannot be written, or a process is stopped from outside.
        UnknownName: if a disorder is not in the graph.
    """
    order = _Order(where, folder, frozenset(graph.disorder(name).iri for name in disorders))
    held = _held(graph, order)
    things = list(held)
    pieces = [things[start : start + PIECE] for start in range(0, len(things), PIECE)]
    tick = tick or Tick()
    tick.expect(len(pieces))
    pays = len(things) >= WORTH_A_PROCESS if jobs is None else jobs > 1
    workers = min(jobs or os.cpu_count() or 1, len(pieces)) if pays else 1
    with writing(folder):
        _clear(folder)
        for name in ("static", *dict.fromkeys(thing.folder for thing in held.values())):
            (folder / name).mkdir(parents=True, exist_ok=True)
        for path in sorted((FOLDER / "static").iterdir()):
            shutil.copyfile(path, folder / "static" / path.name)
        if workers == 1:
            for piece in pieces:
                _write_things(graph, held, folder, piece)
                tick()
        else:
            with shared_out(_write_piece, repeat(order), pieces, jobs=workers) as done:
                for _ in done:
                    tick()
        for name, html in _site_pages(graph, held):
            (folder / f"{name}.html").write_text(html + "\n", encoding="utf-8")
    return len(held)


def _clear(folder: Path) -> None:
    """Remove what an earlier export wrote; a folder with anything else in it is left alone."""
    if not folder.exists() or not any(folder.iterdir()):
        return
    if not (folder / _SIGN).is_file():
        raise InputError(
            f"{folder} is there and is not a site; it is left alone.", mend="Give another folder with -o, or remove it."
        )
    for name in (*PAGES, "static"):
        shutil.rmtree(folder / name, ignore_errors=True)
    for path in folder.glob("*.html"):
        path.unlink()


def _held(graph: Graph, order: _Order) -> Held:
    found = held_things(graph)
    return {iri: found[iri] for iri in sorted(order.chosen)} if order.chosen else found


def _site_pages(graph: Graph, held: Held) -> Iterator[tuple[str, str]]:
    """The pages that are about no single thing; the front page comes last."""
    frame = Frame(InFolder(held, depth=0), root="")
    for found in (*lists_of(held), classifications(graph)):
        yield found.name, list_html(found, frame)
    yield "ontology", ontology_html(graph, frame)
    yield "report", report_html(graph, frame)
    yield "index", front_html(front_of(graph, held), frame)


def _write_things(graph: Graph, held: Held, folder: Path, iris: Sequence[str]) -> None:
    frame = Frame(InFolder(held), root="../")
    for iri in iris:
        kind = held[iri].folder
        name = file_of(kind, iri)
        triples = triples_of(graph, iri)
        html = thing_html(PAGES[kind](Remembering(graph), iri), frame, partial("{}.{}".format, name.rpartition("/")[2]))
        (folder / f"{name}.html").write_text(html + "\n", encoding="utf-8")
        (folder / f"{name}.ttl").write_bytes(turtle(triples))
        (folder / f"{name}.jsonld").write_bytes(jsonld(triples, iri))


def _write_piece(order: _Order, iris: Sequence[str]) -> None:
    """Write the pages of some things: a piece of work of another process."""
    graph, held = _opened(order)
    with writing(order.folder):
        _write_things(graph, held, order.folder, iris)


@lru_cache(maxsize=1)
def _opened(order: _Order) -> tuple[Graph, Held]:
    """The graph that a process works on, and what has a page; once."""
    graph = open_graph(order.where)
    return graph, _held(graph, order)
