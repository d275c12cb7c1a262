"""The linked-data knowledge graph of progressive osseous heteroplasia, and the tool that builds it.

>>> import poh_graph as pg
>>> g = pg.open()
>>> g.query("gene-products", "GNAS").column("name")
['A/B transcript of GNAS', 'ALEX', 'GNAS-AS1', 'Gs-alpha', 'NESP55', 'XL-alpha-s']
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from poh_graph.errors import PohGraphError

if TYPE_CHECKING:
    from poh_graph.changes.change import Changes
    from poh_graph.changes.history import History
    from poh_graph.documents.comparison import Comparison
    from poh_graph.export.whole_tables import Table
    from poh_graph.graph import Graph

__all__ = ["PohGraphError", "__version__", "compare", "diff", "history", "open", "table"]
__version__ = "0.1.0"


def open(where: str | Path | None = None) -> Graph:  # noqa: A001 - pg.open() is the contract
    """A graph to ask: the packaged POH graph, a bundle folder, an RDF file, or the address of a SPARQL endpoint.

    Without ``where``: the folder ``bundle`` if there is one here, else the packaged graph. Never builds or downloads.

    Raises:
        PohGraphError: if it cannot be opened; the message says how to mend it.
    """
    from poh_graph.graph import open_graph

    return open_graph(where)


def compare(graph: Graph, one: str, other: str) -> Comparison:
    """What two disorders share, and what tells them apart.

    Raises:
        PohGraphError: if a name means nothing, or more than one disorder.
    """
    from poh_graph.documents.comparison import compare as compare_

    return compare_(graph, one, other)


def diff(old: str | Path, new: str | Path) -> Changes:
    """What changed from one graph to another: bundles, RDF files, or releases of ORPHApackets straight.

    Raises:
        PohGraphError: if one cannot be read; the message says how to mend it.
    """
    from poh_graph.changes.words import diff as diff_

    return diff_(old, new)


def history(disorder: str, releases: Sequence[str | Path]) -> History:
    """What was known of a disorder when: the changes over any number of releases.

    Raises:
        PohGraphError: if one cannot be read, or none has the disorder; the message says how to mend it.
    """
    from poh_graph.changes.history import history as history_

    return history_(disorder, releases)


def table(graph: Graph, name: str) -> Table:
    """A table of a whole graph, as ``poh-graph export tables`` writes it: ``pg.table(g, "genes").df()`` for pandas.

    Raises:
        PohGraphError: if there is no such table, or the graph has no named graphs, which say whose a statement is.
    """
    from poh_graph.export.whole_tables import table as table_

    return table_(graph, name)
