"""Killed at any step while a memo's file is kept, read or made a memo: it is there, read once, asked for once.

The platform, or the event that was kept, brings the same file again to the next process.
"""

import asyncio
import os
import random
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.sent_files import Read, SentFiles
from handlers.intake.sent_files import SentFile
from handlers.reception import Inbound, Said, Sender, receive
from protocols.documents.document import Document
from protocols.documents.reading import read_document
from storage.database import Store
from tests import papers
from tests.district import NOW, email
from tests.faults.conftest import Injected
from tests.faults.killing import contents, copy_of, count_steps, run_killed

NEVER = 10**9
MEMO = papers.pdf()
WHO = email("dev.patel")
FILE = SentFile("test:lead", "lead.pdf", "application/pdf", len(MEMO), "there")
EVENT = Inbound(("test:came",), Sender("test", "T", WHO, email=WHO), Said("", files=(FILE,)))


async def fetch(_file: SentFile) -> bytes:
    return MEMO


def take_in(read: Read) -> Callable[[Store], None]:
    def work(store: Store) -> None:
        bringing = SentFiles(store, {"test": fetch}, now=lambda: NOW, read=read)
        files = asyncio.run(bringing.bring(EVENT))
        assert receive(store, EVENT, now=NOW, files=files).outcome in ("done", "repeat")

    return work


def die(_data: bytes) -> Document:
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError("still alive")


@pytest.fixture(scope="module")
def unbroken(
    district_file: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[int, dict[str, list[object]]]:
    """How many steps it takes, and what is there after them."""
    url = copy_of(district_file, tmp_path_factory.mktemp("files"), "unbroken")
    steps = count_steps(url, take_in(read_document))
    found = contents(url)
    [original] = found["original"]
    assert (original["name"], original["state"]) == ("lead.pdf", "read")
    assert any(value == MEMO for rows in found.values() for row in rows for value in row.values())
    assert len(found["mandate"]) == 1
    assert found["demand"]
    return steps, found


@pytest.mark.fault(1, "killed at random steps while a memo's file is kept and read (a fork)")
def test_killed_at_any_step_a_file_is_there_and_asks_once(
    unbroken: tuple[int, dict[str, list[object]]],
    district_file: Path,
    tmp_path: Path,
    kills: int,
    injected: Injected,
) -> None:
    steps, expected = unbroken
    work = take_in(read_document)
    for at_step in random.Random(kills).sample(range(1, steps + 1), min(max(kills // 5, 4), steps)):
        url = copy_of(district_file, tmp_path, f"killed-{at_step}")
        assert run_killed(url, work, at_step=at_step)
        injected.count()
        count_steps(url, work)
        assert contents(url) == expected, f"killed at step {at_step} of {steps}"


def test_killed_while_it_is_read_a_file_is_kept_already_and_is_read_once(
    unbroken: tuple[int, dict[str, list[object]]], district_file: Path, tmp_path: Path
) -> None:
    url = copy_of(district_file, tmp_path, "killed")
    for _ in range(2):  # and the next process, too
        assert run_killed(url, take_in(die), at_step=NEVER)
        after = contents(url)
        assert [(one["name"], one["state"]) for one in after["original"]] == [("lead.pdf", "kept")]
        assert not after["mandate"]
    count_steps(url, take_in(read_document))
    assert contents(url) == unbroken[1]
