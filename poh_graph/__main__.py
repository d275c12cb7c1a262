"""``python -m poh_graph``: the same as the command ``poh-graph``."""

from poh_graph.cli import main

if __name__ == "__main__":
    main(prog_name="poh-graph")
