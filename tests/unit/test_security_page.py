"""Each threat of docs/security.md has tests, and each of them is there and run."""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
PAGE = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
_TEST = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`")


def threats() -> list[list[str]]:
    """The cells of each row of the tables whose last column names tests."""
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in PAGE.splitlines()
        if line.startswith("| ")
    ]
    return [row for row in rows if len(row) == 3 and row[0] != "Threat"]


def test_every_threat_says_what_stands_against_it_and_names_its_tests() -> None:
    assert len(threats()) > 40
    for threat, defence, tests in threats():
        assert threat, tests
        assert defence, threat
        assert _TEST.findall(tests), f"no test stands beside: {threat}"
        assert not _TEST.sub("", tests).strip(), f"beside {threat} stands something that is no test"


def test_every_test_that_is_named_is_collected() -> None:
    named = {match for _, _, tests in threats() for match in _TEST.findall(tests)}
    files = sorted({file for file, _ in named})
    assert [file for file in files if not (ROOT / file).exists()] == []
    run = [sys.executable, "-m", "pytest", "--collect-only", "-p", "no:cacheprovider", *files]
    done = subprocess.run(run, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stdout[-2_000:] + done.stderr[-2_000:]
    collected = set(re.findall(r"^(tests/[\w/]+\.py)::(test_\w+)", done.stdout, re.MULTILINE))
    assert sorted(named - collected) == []


def test_nothing_is_skipped_that_is_named() -> None:
    """A mark that skips a whole file, or a test whatever the machine, would let a threat stand open unseen."""
    for file in {file for _, _, tests in threats() for file, _ in _TEST.findall(tests)}:
        text = (ROOT / file).read_text(encoding="utf-8")
        assert "pytest.mark.skip(" not in text, file
        assert "xfail" not in text, file
