"""The command line in processes of their own, without waiting a second or two for imports each time.

One process imports the bot and then does nothing but fork: each command runs in a child of it that begins where a
new ``python -m bot`` is once it has imported, with the environment, folder and streams that are asked for.
"""

import gc
import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

ROOT = Path(__file__).parent.parent
PATIENCE_SECONDS = 120


class ForkedBot:
    """Runs commands one after another; a context that ends the process they come from."""

    def __enter__(self) -> "ForkedBot":
        self._parent = subprocess.Popen(
            [sys.executable, "-m", "tests.forked_bot"],
            cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        return self

    def __exit__(self, *_error: object) -> None:
        self._parent.communicate()  # its input ends, and so does it

    def run(
        self, *arguments: str, folder: Path, environment: dict[str, str], given: str = ""
    ) -> subprocess.CompletedProcess[str]:
        """Run ``throughline`` with these arguments, ``given`` on its standard input."""
        assert self._parent.stdin is not None
        assert self._parent.stdout is not None
        with TemporaryDirectory() as name:
            streams = [Path(name, stream) for stream in ("in", "out", "err")]
            streams[0].write_text(given)
            asked = {"arguments": arguments, "folder": str(folder), "environment": environment}
            asked["streams"] = [str(stream) for stream in streams]
            self._parent.stdin.write(json.dumps(asked) + "\n")
            self._parent.stdin.flush()
            status = int(self._parent.stdout.readline())
            return subprocess.CompletedProcess(
                ["throughline", *arguments], status, streams[1].read_text(), streams[2].read_text()
            )


def _serve() -> None:
    """Fork for each line asked; in the child, be the command and end as it ends."""
    from bot.__main__ import main

    gc.collect()
    gc.freeze()
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            _become(json.loads(line))
            main()
            return
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)  # noqa: T201


def _become(asked: dict[str, Any]) -> None:
    os.chdir(asked["folder"])
    os.environ.clear()
    os.environ.update(asked["environment"])
    for number, name in enumerate(asked["streams"]):
        opened = os.open(name, os.O_RDWR | os.O_CREAT | os.O_APPEND)
        os.dup2(opened, number)
        os.close(opened)
    sys.stdin = open(0, closefd=False)  # noqa: SIM115 - what the parent's has read ahead is the parent's
    sys.modules["__main__"].__package__ = "bot"  # what the usage calls the command by
    sys.argv = ["__main__.py", *asked["arguments"]]
    signal.alarm(PATIENCE_SECONDS)


if __name__ == "__main__":
    _serve()
