"""A deploy of the real thing: the released version's own code serves while this one takes over its database."""

import asyncio
import io
import os
import re
import subprocess
import sys
import tarfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import aiohttp
import pytest

from storage.database import Store
from tests.district import fill
from tests.faults.conftest import Injected
from tests.faults.invariants import Expected, faults
from tests.faults.platforms import Slack, address, slack_names, until
from tests.faults.processes import PATIENCE_SECONDS, ROOT, Machine
from tests.faults.test_inbound import USERS, Way, count, settled
from tests.faults.test_upgrades import at

TAG = "v0.1.0"


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The code of the first release in a folder of its own, where this clone has it."""
    found = subprocess.run(
        ["git", "archive", TAG, "bot", "handlers", "storage", "protocols"], cwd=ROOT, capture_output=True
    )
    if found.returncode:
        pytest.skip(f"this clone has no tag {TAG} whose code could be started (git fetch --tags brings it)")
    folder = tmp_path_factory.mktemp("released")
    with tarfile.open(fileobj=io.BytesIO(found.stdout)) as archive:
        archive.extractall(folder, filter="data")
    return folder


@contextmanager
def old_web(
    released: Path, folder: Path, names: dict[str, str]
) -> Iterator[tuple[str, "subprocess.Popen[bytes]"]]:
    """``throughline web`` of that release: where it listens, and the process."""
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG", "TZ")}
    said = folder / "old.log"
    with said.open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "bot", "web"], cwd=released, stdout=log, stderr=log,
            env=kept | {"PORT": "0", "PYTHONPATH": str(released)} | names,
        )  # fmt: skip
    try:
        ends = time.monotonic() + PATIENCE_SECONDS
        while (found := re.search(r"Listening on (http://\S+)/", said.read_text())) is None:
            assert process.poll() is None, said.read_text()
            assert time.monotonic() < ends, said.read_text()
            time.sleep(0.05)
        yield found[1], process
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()


@pytest.mark.long
@pytest.mark.fault(
    19, "version 0.1.0 itself serves while its database is taken over and this version starts (processes)"
)
def test_the_released_version_goes_on_while_this_one_takes_over(
    machine: Machine, injected: Injected, released: Path
) -> None:
    url = f"sqlite:///{machine.folder / 'old.sqlite'}"
    at(url, "0001")
    store = Store(url)
    with store.begin() as tx:
        fill(tx)

    async def scene() -> None:
        slack = Slack(USERS)
        await slack.start()
        machine.environment |= slack_names(slack) | {"DATABASE_URL": url}
        async with aiohttp.ClientSession() as http:
            with old_web(released, machine.folder, machine.environment) as (where, old):
                before = Way(http, where)
                assert await before.says("U0IMANI", "plan roosevelt thu 10 dec 2026 8:30", number=1) == 200
                await until(lambda: bool(slack.said_to("U0IMANI")))

                migrated = await asyncio.to_thread(machine.run, "migrate")
                assert migrated.code() == 0, migrated.said()
                assert store.is_current()
                injected.count()
                assert await before.says("U0TOMAS", "help", number=2) == 200
                await until(lambda: bool(slack.said_to("U0TOMAS")))

                new = machine.start("web")
                after = Way(http, await address(new))
                injected.count()
                assert await before.says("U0GRACE", "help", number=3) == 200
                assert await after.says("U0FARID", "help", number=4) == 200
                await until(lambda: bool(slack.said_to("U0GRACE") and slack.said_to("U0FARID")), new)
                # Slack may give the same event to either.
                assert await after.says("U0IMANI", "plan roosevelt thu 10 dec 2026 8:30", number=1) == 200
                old.terminate()
                assert await asyncio.to_thread(old.wait, PATIENCE_SECONDS) == 0

            await until(lambda: settled(store), new)
            assert faults(url, slack.shown(), Expected(may_wait=True)) == []
            for button in slack.said_to("U0IMANI")[0].buttons:
                assert await after.presses("U0IMANI", injected.times, value=button["value"]) == 200
                injected.count()
                await until(lambda: settled(store), new)
            assert count(store, "SELECT count(*) FROM visit WHERE school_id = 3") == 1
            said = "\n".join(one.text for one in slack.ledger)
            assert "give your administrator this code" not in said
            assert "from an older version" not in said
            assert await asyncio.to_thread(new.stop) == 0
        # What a press changes where it stands is no message of its own in the ledger.
        assert [one for one in faults(url, slack.shown()) if not one.startswith("I2")] == []
        await slack.stop()

    asyncio.run(scene())
    store.close()
