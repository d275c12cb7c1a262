"""Where the real releases lie."""

from __future__ import annotations

from pathlib import Path

import pytest

SHARED = Path(__file__).parents[3] / "shared" / "data"


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real releases; a test that needs it is skipped where it is not there."""
    if not SHARED.is_dir():
        pytest.skip("the real releases are not in ../shared/data")
    return SHARED
