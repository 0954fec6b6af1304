"""Fixtures that every kind of test shares."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.database import Store
from tests.district import make_store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """The small district of ``tests/district.py`` in a database of its own."""
    opened = make_store(tmp_path)
    yield opened
    opened.close()
