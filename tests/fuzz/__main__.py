"""Try the readers on changed samples for some minutes, and keep what falls: make fuzz MINUTES=10 (TARGETS="pdf feed").

    python -m tests.fuzz --minutes 10 [TARGET …]

With atheris installed an input that reaches new code is kept and changed further; without it samples are changed anew
each time. What falls is written to tests/data/fuzz/TARGET; once mended it stays there, and
tests/unit/fuzz/test_found.py tries it in every run of the tests.
"""

import argparse
import contextlib
import hashlib
import io
import os
import random
import subprocess
import sys
import time
from importlib.util import find_spec
from pathlib import Path

from tests.computing import OverTime, in_time

ROOT = Path(__file__).parent.parent.parent
FOUND = ROOT / "tests" / "data" / "fuzz"
STOPS = 77
"""The exit status of a process that has found something."""


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__.splitlines()[0])
    parser.add_argument("targets", nargs="*", metavar="TARGET", help="which readers; all by default")
    parser.add_argument("--minutes", type=float, default=10, help="for all of them together")
    parser.add_argument("--seed", type=int, default=None, help="of chance; another one each time by default")
    parser.add_argument("--plain", action="store_true", help="change the samples only, as without atheris")
    parser.add_argument("--only", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    seed = asked.seed if asked.seed is not None else random.SystemRandom().randrange(2**31)
    if asked.only:
        fuzz = _plain if asked.plain or find_spec("atheris") is None else _guided
        return fuzz(asked.only, asked.minutes * 60, seed)
    from tests.fuzz.targets import TARGETS

    if unknown := set(asked.targets) - set(TARGETS):
        parser.error(f"there is no target {', '.join(sorted(unknown))}; there are {', '.join(TARGETS)}")
    names = asked.targets or list(TARGETS)
    fell = []
    for name in names:
        share = str(asked.minutes / len(names))
        command = [
            sys.executable,
            "-m",
            "tests.fuzz",
            "--only",
            name,
            "--minutes",
            share,
            "--seed",
            str(seed),
        ]
        command += ["--plain"] * asked.plain
        done = subprocess.run(command, cwd=ROOT, check=False)
        if done.returncode:
            fell.append(name)
    ending = f"{', '.join(fell)} fell" if fell else "none fell"
    print(f"{len(names)} readers, {asked.minutes:g} minutes: {ending}")  # noqa: T201
    return 1 if fell else 0


def _plain(name: str, seconds: float, seed: int) -> int:
    from tests.fuzz.targets import TARGETS

    target = TARGETS[name]
    chance = random.Random(f"{seed} {name}")
    samples = target.seeds()
    ends, tried = time.monotonic() + seconds, 0
    while time.monotonic() < ends:
        data = target.change(chance.choice(samples), chance)
        tried += 1
        if not _holds(name, data):
            return STOPS
    print(f"{name}: {tried:,} inputs")  # noqa: T201
    return 0


def _guided(name: str, seconds: float, seed: int) -> int:
    """The same, led by what code each input reaches."""
    import atheris

    quietly = contextlib.redirect_stderr(io.StringIO())  # a line for every module
    with quietly, atheris.instrument_imports(include=["protocols", "bot.platforms"]):
        from tests.fuzz.targets import TARGETS
    target = TARGETS[name]
    corpus = FOUND.parent.parent.parent / "build" / "fuzz" / name
    corpus.mkdir(parents=True, exist_ok=True)
    for sample in target.seeds():
        (corpus / f"sample-{hashlib.sha256(sample).hexdigest()[:16]}").write_bytes(sample)

    def change(data: bytes, most: int, chance: int) -> bytes:
        return target.change(bytes(data), random.Random(chance))[:most]

    def one_input(data: bytes) -> None:
        if not _holds(name, bytes(data)):
            os._exit(STOPS)

    options = [sys.argv[0], f"-max_total_time={max(1, int(seconds))}", f"-seed={seed % 2**31 or 1}", "-max_len=200000",
               "-timeout=120", "-rss_limit_mb=3000", "-verbosity=0", "-print_final_stats=1", str(corpus)]  # fmt: skip
    atheris.Setup(options, one_input, custom_mutator=change)
    atheris.Fuzz()
    return 0


def _holds(name: str, data: bytes) -> bool:
    """Whether the reader does as it says with this input; if not, it is kept and told."""
    import traceback

    from tests.fuzz.targets import TARGETS, run

    target = TARGETS[name]
    try:
        with in_time(target.seconds):
            run(target, data)
    except (Exception, OverTime):  # noqa: BLE001 - whatever it is, it is a finding
        kept = FOUND / name / f"{hashlib.sha256(data).hexdigest()[:16]}.bin"
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_bytes(data)
        traceback.print_exc()
        print(f"{name} fell over {kept.relative_to(ROOT)}", flush=True)  # noqa: T201
        return False
    return True


if __name__ == "__main__":
    sys.exit(main())
