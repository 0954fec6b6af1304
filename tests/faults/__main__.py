"""``make faults``: every case here and every proof elsewhere, and ``docs/reliability.md`` of what came of them.

``python -m tests.faults [KILLS] [FILE]``: 200 kills and that file, unless something else is said.
"""

import sys

import pytest

from tests.faults.rows import ELSEWHERE

KILLS = "200"
TOGETHER = ("-n", "auto", "--dist", "worksteal")
"""Most of a case is waiting."""
FILE = "docs/reliability.md"


def main() -> int:
    kills, file = (*sys.argv[1:], *(KILLS, FILE)[len(sys.argv) - 1 :])[:2]
    elsewhere = sorted({proof.test for proofs in ELSEWHERE.values() for proof in proofs})
    told = ["-p", "tests.faults.reliability", f"--reliability={file}", f"--kills={kills}"]
    return int(pytest.main([*told, *TOGETHER, "-rs", "tests/faults", *elsewhere]))


if __name__ == "__main__":
    sys.exit(main())
