"""A reader in a process of its own: whatever becomes of it, the bot goes on and says so."""

import sys
from pathlib import Path

import pytest

from bot.services import apart
from bot.services.apart import TooMuchError, run_apart

READER = """
import os, sys, time
from bot.services.apart import answer_apart

def work(wanted, data):
    match wanted["what"]:
        case "echo":
            return {"said": data.decode(), "wanted": wanted}
        case "eat":
            held = [bytearray(50_000_000) for _ in range(100)]
        case "hang":
            time.sleep(600)
        case "burn":
            while True:
                pass
        case "die":
            os.kill(os.getpid(), 9)
        case "chatter":
            sys.stdout.write("not what was asked for")
    return {}

if __name__ == "__main__":
    answer_apart(work)
"""


@pytest.fixture(autouse=True)
def reader(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a_reader.py").write_text(READER)
    monkeypatch.setenv("PYTHONPATH", f"{tmp_path}:{Path(apart.__file__).parent.parent.parent}")


def test_an_answer_comes_back_with_the_bytes_as_they_went() -> None:
    found = run_apart("a_reader", {"what": "echo"}, b"one\ntwo", seconds=60)
    assert found == {"said": "one\ntwo", "wanted": {"what": "echo"}}


@pytest.mark.parametrize("what", ["die", "chatter"])
def test_a_reader_that_crashes_is_too_much(what: str) -> None:
    with pytest.raises(TooMuchError):
        run_apart("a_reader", {"what": what}, b"", seconds=60)


@pytest.mark.skipif(sys.platform == "win32", reason="has no ceilings")
def test_a_reader_that_wants_more_memory_than_it_is_given_is_ended() -> None:
    with pytest.raises(TooMuchError):
        run_apart("a_reader", {"what": "eat"}, b"", seconds=60, memory=400_000_000)


@pytest.mark.parametrize("what", ["hang", "burn"])
def test_a_reader_that_does_not_end_is_ended(what: str) -> None:
    with pytest.raises(TooMuchError):
        run_apart("a_reader", {"what": what}, b"", seconds=1.5)
