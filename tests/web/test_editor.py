"""The editor for SPARQL: shown where the wheel was built with it, and a plain form everywhere else."""

from __future__ import annotations

from pathlib import Path

import pytest

from poh_graph.bundle import Bundle
from poh_graph.pages import editor
from poh_graph.web.settings import Settings
from tests.pages.reading import faults, read
from tests.web.inside import Inside


@pytest.fixture
def built_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An installation whose wheel was built with the editor."""
    folder = tmp_path / "poh_graph_built_in_for_a_test"
    folder.mkdir()
    for name in ("yasqe.min.js", "yasqe.min.css"):
        (folder / name).write_text(f"/* {name} */\n", encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(editor, "PACKAGE", folder.name)


@pytest.mark.usefixtures("built_in")
def test_the_editor_is_loaded_from_this_server(bundle: Bundle) -> None:
    """Its script and style are there, and the form that it takes the place of."""
    app = Inside.of(Settings(str(bundle.path)))
    page = read(app.get("/editor", "text/html").text)
    assert faults(page) == []
    assert "/static/yasqe/yasqe.min.js" in page.fetched
    assert [address for address in page.fetched if app.get(address).status_code != 200] == []
    assert "textarea" in page.tags


def test_without_it_the_form_stands_alone(bundle: Bundle, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is loaded that is not there."""
    monkeypatch.setattr(editor, "PACKAGE", "poh_graph_not_installed")
    app = Inside.of(Settings(str(bundle.path)))
    page = read(app.get("/editor", "text/html").text)
    assert [address for address in page.fetched if "yasqe" in address or "editor.js" in address] == []
    assert "textarea" in page.tags


def test_a_wheel_can_be_built_without_npm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Then it has no editor, and that is all."""
    from hatch_build import fetched

    monkeypatch.setenv("PATH", str(tmp_path))
    assert not fetched(tmp_path / "editor")
