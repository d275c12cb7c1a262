"""The layers of the package: what a module may import, and what a plain ``--help`` must not."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "poh_graph"

LAYERS = (
    # what one asks through
    {"__main__", "cli"},
    {"commands.*"},
    {"web.*"},
    {"pages.*"},
    {
        "audit",
        "changes.feed",
        "changes.history",
        "changes.history_report",
        "changes.rdf",
        "changes.report",
        "changes.words",
        "commands.answer",
        "documents.about_page",
        "documents.comparison",
        "documents.genes",
        "documents.overlap",
        "documents.page_for_curators",
        "documents.page_for_readers",
        "documents.page_of_lookalikes",
        "documents.references",
        "documents.show",
        "documents.why",
        "export.jsonl",
        "export.kgx",
        "export.rdf",
        "export.schema_org",
        "export.sssom",
        "export.table_files",
        "export.table_forms",
        "export.whole_tables",
        "match",
    },
    {"federation", "graph", "similarity"},
    # what makes and checks a graph
    {"building.build"},
    {"building.gather", "changes.sides"},
    {"building.joining"},
    {
        "building.assemble",
        "building.inputs",
        "building.intake",
        "building.lacking",
        "building.neighbours",
        "building.older",
        "building.readers",
    },
    {"about", "building.meta", "building.own_files", "building.selection", "closure", "gate.validate"},
    # what finds things in it
    {"resolve"},
    {"names", "queries"},
    # what moves statements: files, records, triples, engines
    {"fetch", "remote", "sources.*", "store", "triples.*"},
    # what holds values and lays them out
    {
        "building.partitions",
        "building.runs",
        "changes.change",
        "changes.line_diff",
        "changes.line_facts",
        "commands.output",
        "countries",
        "documents.document",
        "documents.web_pages",
        "export.jsonld",
        "export.tables",
        "gate.judge",
        "gate.line_checks",
        "gate.report",
        "gate.slices",
        "records.*",
        "rows",
        "source_table",
        "triples.world",
        "values",
    },
    # what names things
    {"identifiers", "terms"},
    {"bundle", "errors", "stages", "workers"},
)
"""From left to right: a module imports what stands to its right, never to its left. A layer has no circles.

``PACKAGE.*`` is every module of a package that no layer names by itself.
"""

FACE = "__init__"
"""The package itself: it imports the graph for its users when they ask, and no module below imports it back."""

HEAVY = (
    "rdflib",
    "pyoxigraph",
    "pyshacl",
    "pyld",
    "rapidfuzz",
    "rich",
    "SPARQLWrapper",
    "yaml",
    "babel",
    "pandas",
    "starlette",
    "uvicorn",
    "anyio",
    "mimeparse",
)
"""What takes long to import: commands import it when they need it."""

FORMATS = ("csv", "json", "lxml", "orjson", "xml", "yaml", "zipfile")
RDF = ("pyoxigraph", "rdflib", "pyshacl", "pyld")


def module_names() -> list[str]:
    """The modules of the package by their names below it; an ``__init__`` without code is none."""
    found = (path for path in PACKAGE.rglob("*.py") if "resources" not in path.parts)
    names = {path.relative_to(PACKAGE).with_suffix("").as_posix().replace("/", "."): path for path in found}
    return sorted(name for name, path in names.items() if not name.endswith(".__init__") or _has_code(path))


def _has_code(path: Path) -> bool:
    statements = ast.parse(path.read_text(encoding="utf-8")).body
    return not all(isinstance(statement, ast.Expr) for statement in statements)


def imports(name: str) -> set[str]:
    """Every module that a module imports, inside functions too, by full name; not what only the type checker reads."""
    tree = ast.parse((PACKAGE / f"{name.replace('.', '/')}.py").read_text(encoding="utf-8"))
    return {full for node in _running(tree) for full in _imported(node, name)}


def _running(node: ast.AST) -> Iterator[ast.AST]:
    """A node and all below it that runs: the body of ``if TYPE_CHECKING`` does not."""
    yield node
    skipped: list[ast.stmt] = []
    if isinstance(node, ast.If) and ast.unparse(node.test) in ("TYPE_CHECKING", "typing.TYPE_CHECKING"):
        skipped = node.body
    for child in ast.iter_child_nodes(node):
        if child not in skipped:
            yield from _running(child)


def _imported(node: ast.AST, importer: str) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        assert node.level == 0, f"{importer}: imports are written in full, not relative"
        module = node.module or ""
        for alias in node.names:
            # `from poh_graph import bundle` is the module bundle, `from poh_graph.bundle import Bundle` a name of it.
            yield f"{module}.{alias.name}" if _is_module(f"{module}.{alias.name}") else module


def _is_module(full: str) -> bool:
    place = PACKAGE.parent / full.replace(".", "/")
    return full.startswith("poh_graph.") and (place.with_suffix(".py").exists() or (place / "__init__.py").exists())


def own_imports(name: str) -> set[str]:
    """The modules of this package that a module imports; its version, which the package itself holds, is none."""
    return {full.removeprefix("poh_graph.") for full in imports(name) if full.startswith("poh_graph.")}


def layer_of(name: str) -> int:
    """The place of a module in the layers."""
    by_itself = [number for number, layer in enumerate(LAYERS) if name in layer]
    package = f"{name.partition('.')[0]}.*"
    places = by_itself or [number for number, layer in enumerate(LAYERS) if package in layer]
    assert len(places) == 1, f"poh_graph.{name} stands in {len(places)} layers: give it one place in LAYERS"
    return places[0]


@pytest.mark.parametrize("name", [name for name in module_names() if name != FACE])
def test_a_module_stands_in_one_layer_and_imports_only_to_its_right(name: str) -> None:
    """Each module has a place, and imports from its own layer or one to its right."""
    here = layer_of(name)
    wrong = [other for other in own_imports(name) if layer_of(other) < here]
    assert not wrong, f"poh_graph.{name} imports to its left: {', '.join(sorted(wrong))}"


def test_every_layer_names_modules_that_are_there() -> None:
    """A module that is renamed or removed leaves no name behind in the layers."""
    names = module_names()
    stale = [
        name
        for layer in LAYERS
        for name in layer
        if name not in names and not (name.endswith(".*") and any(n.startswith(name[:-1]) for n in names))
    ]
    assert not stale


def test_imports_run_in_no_circle() -> None:
    """No module imports itself through others, within a layer either."""
    graph = {name: own_imports(name) for name in module_names() if name != FACE}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail(f"a circle of imports: {' <- '.join(error.args[1])}")


@pytest.mark.parametrize("name", [name for name in module_names() if name.startswith("sources.")])
def test_readers_know_formats_and_no_rdf(name: str) -> None:
    """What reads a source gives records; that they become triples is not its business."""
    tops = {full.partition(".")[0] for full in imports(name)}
    assert not tops & set(RDF)
    assert not [other for other in own_imports(name) if other.startswith("triples") or other in ("store", "terms")]


@pytest.mark.parametrize("name", [name for name in module_names() if name.startswith("triples.")])
def test_triples_know_rdf_and_no_formats(name: str) -> None:
    """What makes triples takes records; in which format they came is not its business."""
    tops = {full.partition(".")[0] for full in imports(name)}
    assert not tops & set(FORMATS)
    assert not [other for other in own_imports(name) if other.startswith("sources")]


@pytest.mark.parametrize("module", ["poh_graph", "poh_graph.cli"])
def test_importing_the_command_line_imports_nothing_heavy(module: str) -> None:
    """``poh-graph --help`` and ``import poh_graph`` are quick: engines and parsers wait until they are needed."""
    code = f"import {module}, json, sys; print(json.dumps(sorted(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not set(json.loads(done.stdout)) & set(HEAVY)
