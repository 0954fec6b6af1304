"""Fixtures that every kind of test shares."""

import gc
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.database import Store
from tests import examples, postgres
from tests.district import make_store
from tests.played import Played
from tests.warm_stores import WarmStores

ON_POSTGRES_TOO = (
    "tests/contract/test_slack_accounts.py::test_of_two",
    "tests/contract/test_slack_home.py::test_what",
    "tests/contract/test_slack_home.py::test_its_charts",
    "tests/contract/test_slack_home.py::test_days",
    "tests/contract/test_slack_windows.py::test_another_button",
    "tests/conversations/test_adapting.py",
    "tests/conversations/test_administration.py",
    "tests/conversations/test_asking.py",
    "tests/conversations/test_calendar",
    "tests/conversations/test_emergencies.py",
    "tests/conversations/test_drift.py",
    "tests/conversations/test_courtesy.py",
    "tests/conversations/test_frameworks.py",
    "tests/conversations/test_handover.py",
    "tests/conversations/test_insight.py",
    "tests/conversations/test_theory.py",
    "tests/conversations/test_ties.py",
    "tests/conversations/test_lead_through.py",
    "tests/conversations/test_ledger.py",
    "tests/conversations/test_memo_search.py",
    "tests/conversations/test_deadlines.py",
    "tests/conversations/test_mandate_tokens.py",
    "tests/conversations/test_mandates.py",
    "tests/conversations/test_my_data.py",
    "tests/conversations/test_memo_feeds.py",
    "tests/conversations/test_pages.py",
    "tests/conversations/test_own_calendar.py",
    "tests/conversations/test_own_feed.py",
    "tests/conversations/test_overrides.py",
    "tests/conversations/test_protected_policy.py",
    "tests/conversations/test_protected_time.py",
    "tests/conversations/test_reception.py",
    "tests/conversations/test_retention.py",
    "tests/conversations/test_pulse.py",
    "tests/conversations/test_rhythm_handovers.py",
    "tests/conversations/test_rhythms.py",
    "tests/conversations/test_run_reminders.py",
    "tests/conversations/test_runs_at_once.py",
    "tests/conversations/test_shared_files.py",
    "tests/conversations/test_subscriptions.py",
    "tests/conversations/test_thread.py",
    "tests/conversations/test_visits.py",
    "tests/conversations/test_walkthrough.py::test_killing_the_process",
    "tests/conversations/test_walkthrough.py::test_the_next_visit_opens",
    "tests/conversations/test_witnesses.py",
    "tests/unit/keeping/test_exports.py",
    "tests/unit/keeping/test_letting_go.py",
    "tests/unit/storage/test_among.py::test_those",
    "tests/unit/storage/test_at_once.py",
    "tests/unit/storage/test_edition.py",
    "tests/unit/storage/test_frameworks.py",
    "tests/unit/storage/test_masters.py",
    "tests/unit/storage/test_originals.py",
    "tests/unit/storage_roster/test_storage_roster.py",
    "tests/unit/storage_roster/test_visit_import.py",
    "tests/unit/storage_runs/test_storage_runs.py",
    "tests/unit/test_reception.py::test_letters",
)
"""What runs a second time on PostgreSQL, by how its name begins: every query of the conversations, and the locks."""

MEMORY = Path("/dev/shm")
ENOUGH_MEMORY = 4e9
"""Bytes that must be free there; a whole run needs a few hundred million."""

# The bot waits for the disk at each commit, and the real processes of the tests commit some ten thousand times.
_IS_CHOSEN = "PYTEST_DEBUG_TEMPROOT" in os.environ
if not _IS_CHOSEN and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ENOUGH_MEMORY:
    os.environ["PYTEST_DEBUG_TEMPROOT"] = str(MEMORY)


examples.register()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--kills", type=int, default=3, help="how often each fault test kills its process")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    path = metafunc.definition.path.relative_to(metafunc.config.rootpath).as_posix()
    name = f"{path}::{metafunc.function.__name__}"
    if "store" in metafunc.fixturenames and name.startswith(ON_POSTGRES_TOO):
        servers = ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]
        metafunc.parametrize("store", servers, indirect=True)


def pytest_collection_finish() -> None:
    """What is imported and collected by now stays until the end; no search for garbage need look at it again."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[postgres.Server]:
    """One server for all tests of a worker; started when the first asks for it."""
    try:
        with postgres.running() as server:
            yield server
    except postgres.CannotRunError as error:
        pytest.skip(f"NOT TESTED ON POSTGRESQL: {error}")


@pytest.fixture(scope="session")
def district_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file of the small district, to be copied."""
    folder = tmp_path_factory.mktemp("district")
    make_store(folder).close()
    return folder / "test.sqlite"


@pytest.fixture(scope="session")
def warm_stores() -> WarmStores:
    return WarmStores()


@pytest.fixture(scope="session")
def played(tmp_path_factory: pytest.TempPathFactory, district_file: Path) -> Played:
    return Played(tmp_path_factory.mktemp("played"), district_file)


@pytest.fixture
def store(request: pytest.FixtureRequest, tmp_path: Path, warm_stores: WarmStores) -> Iterator[Store]:
    """The small district of ``tests/district.py`` in a database of its own: SQLite unless the test says otherwise."""
    if getattr(request, "param", "sqlite") == "postgres":
        opened = warm_stores.postgres(request.getfixturevalue("postgres_server"))
    else:
        opened = warm_stores.sqlite(request.getfixturevalue("district_file"), tmp_path / "test.sqlite")
    yield opened
    opened.close()
