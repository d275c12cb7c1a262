"""The files of tables: TSV has every value as the graph writes it; Parquet has numbers, truth values, dates and lists.

In both an IRI is its CURIE. TSV joins the values of a list by ``|``. Rows are written some thousand at a time.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from typing import IO, Any

from poh_graph.errors import ParameterError
from poh_graph.export.table_forms import Cells, Form, values

_BATCH_ROWS = 10_000

_Write = Callable[[Sequence[Cells]], object]


class Batches:
    """A table that is being written: rows wait until they are worth a piece of a file."""

    def __init__(self, writers: Sequence[_Write]) -> None:
        self.written = 0
        self._writers = writers
        self._waiting: list[Cells] = []

    def add(self, cells: Cells) -> None:
        """Write a row, now or later."""
        self._waiting.append(cells)
        if len(self._waiting) == _BATCH_ROWS:
            self.flush()

    def flush(self) -> None:
        """Write the rows that wait."""
        for write in self._writers:
            write(self._waiting)
        self.written += len(self._waiting)
        self._waiting.clear()


@contextmanager
def table_files(folder: Path, forms: Sequence[Form], formats: Sequence[str]) -> Iterator[Mapping[str, Batches]]:
    """The tables, by name, as files of a folder in some formats, which one writes row by row.

    The files take the place of older ones at the end, all together; if it is not reached, these stay as they are.

    Raises:
        ParameterError: if the folder cannot be written, or pyarrow is not installed, which writes Parquet.
    """
    if "parquet" in formats:
        _pyarrow()
    names = [f"{form.name}.{format_}" for form in forms for format_ in formats]
    with _replaced(folder, names) as files, ExitStack() as stack:
        tables = {}
        for form in forms:
            opened = [_FORMATS[format_](form, files[f"{form.name}.{format_}"]) for format_ in formats]
            tables[form.name] = Batches([stack.enter_context(writer) for writer in opened])
        yield tables
        for table in tables.values():
            table.flush()


@contextmanager
def _replaced(folder: Path, names: Sequence[str]) -> Iterator[Mapping[str, IO[bytes]]]:
    """New files of a folder, which take the place of those that are there when all are whole."""
    parts = {name: folder / f".{name}.part" for name in names}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with ExitStack() as stack:
            yield {name: stack.enter_context(part.open("wb")) for name, part in parts.items()}
        for name, part in parts.items():
            part.replace(folder / name)
    except OSError as error:
        raise ParameterError(f"The tables cannot be written into {folder} ({error.strerror}).") from None
    finally:
        if folder.is_dir():
            for part in parts.values():
                part.unlink(missing_ok=True)


class _Lines:
    """What the csv module writes to: texts that go to a file of bytes."""

    def __init__(self, out: IO[bytes]) -> None:
        self._out = out

    def write(self, text: str) -> int:
        return self._out.write(text.encode())


@contextmanager
def _tsv(form: Form, out: IO[bytes]) -> Iterator[_Write]:
    writer = csv.writer(_Lines(out), delimiter="\t", lineterminator="\n")
    writer.writerow([column.name for column in form.columns])
    yield writer.writerows


@contextmanager
def _parquet(form: Form, out: IO[bytes]) -> Iterator[_Write]:
    arrow = _pyarrow()
    kinds = {
        "text": arrow.string(),
        "boolean": arrow.bool_(),
        "number": arrow.float64(),
        "integer": arrow.int64(),
        "date": arrow.date32(),
        "list": arrow.list_(arrow.string()),
    }
    schema = arrow.schema([(column.name, kinds[column.kind]) for column in form.columns])
    with arrow.parquet.ParquetWriter(out, schema, compression="zstd") as writer:

        def write(rows: Sequence[Cells]) -> None:
            columns = [arrow.array(values(form, place, rows), field.type) for place, field in enumerate(schema)]
            writer.write_batch(arrow.record_batch(columns, schema=schema))

        yield write


def _pyarrow() -> Any:
    """The module that writes Parquet.

    Raises:
        ParameterError: if it is not installed.
    """
    try:
        import pyarrow.parquet
    except ImportError:
        raise ParameterError(
            "Parquet is written by pyarrow, which is not installed.",
            mend="pip install 'poh-graph[tables]', or write TSV alone: poh-graph export tables --as tsv -o DIR",
        ) from None
    return pyarrow


_FORMATS: Mapping[str, Callable[[Form, IO[bytes]], AbstractContextManager[_Write]]] = {"tsv": _tsv, "parquet": _parquet}
FORMATS = tuple(_FORMATS)
