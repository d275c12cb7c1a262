"""The yardstick: read N-Quads with rdflib, run one query over the union of its graphs, print the number of rows.

python benchmarks/with_rdflib.py poh.nq genes.rq
"""

from __future__ import annotations

import sys
from pathlib import Path

import rdflib


def main(quads: Path, query: Path) -> None:
    """Print how many rows the query has."""
    dataset = rdflib.Dataset(default_union=True)
    dataset.parse(quads, format="nquads")
    print(len(dataset.query(query.read_text(encoding="utf-8"))))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
