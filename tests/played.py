"""Beginnings that many tests share, each played once a worker.

    @pytest.fixture
    def chat(store: Store, played: Played) -> Chat:
        return played(store, two_memos_passed_on)

The first test plays it as if there were no others. Later ones get a copy: of the database, and of what the beginning
returned, with the chats and people in it speaking to the test's own store.
"""

import shutil
from collections.abc import Callable
from copy import deepcopy
from filecmp import cmp
from pathlib import Path
from typing import TypeVar, cast

from sqlalchemy import make_url

from storage.database import Store

Beginning = TypeVar("Beginning")


class Played:
    """The beginnings that were played so far, each by the function that plays it."""

    def __init__(self, folder: Path, district: Path) -> None:
        self._folder = folder
        self._district = district
        self._kept: dict[Callable[[Store], object], tuple[Path, Store, object]] = {}

    def __call__(self, store: Store, play: Callable[[Store], Beginning]) -> Beginning:
        """What ``play`` makes of the store. Played anew on PostgreSQL, and where there is more than the district."""
        if not store.is_sqlite:
            return play(store)
        file = Path(make_url(store.url).database or "")
        store.close()  # so that all is in the file
        if not cmp(file, self._district, shallow=False):
            return play(store)
        if play not in self._kept:
            kept = self._folder / f"{len(self._kept)}.sqlite"
            begun = play(store)
            store.close()
            shutil.copy(file, kept)
            self._kept[play] = (kept, store, deepcopy(begun, {id(store): store}))
            return begun
        kept, first, begun_then = self._kept[play]
        shutil.copy(kept, file)
        return cast(Beginning, deepcopy(begun_then, {id(first): store}))
