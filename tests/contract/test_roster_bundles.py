"""ZIP bundles of a roster, as an enemy or a broken disk would make them: read in memory, or refused in a sentence."""

import io
import os
import random
import subprocess
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot.commands.console import CommandFailedError
from bot.commands.imports import _files
from tests.forked_bot import ForkedBot
from tests.fuzz import changes
from tests.unit.roster.test_reading import bundle

ROOT = Path(__file__).parent.parent.parent
Run = Callable[[Path], subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def bot() -> Iterator[ForkedBot]:
    with ForkedBot() as forked:
        yield forked


@pytest.fixture
def take_in(bot: ForkedBot, tmp_path: Path) -> Run:
    def run(path: Path) -> subprocess.CompletedProcess[str]:
        kept = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG")}
        url = f"sqlite:///{tmp_path / 'district.sqlite'}"
        environment = {**kept, "DATABASE_URL": url, "PYTHONPATH": str(ROOT)}
        bot.run("migrate", folder=tmp_path, environment=environment, given="")
        return bot.run("import", "roster", str(path), folder=tmp_path, environment=environment, given="")

    return run


def packed(files: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", method) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return whole.getvalue()


def test_names_that_lead_elsewhere_write_nothing(take_in: Run, tmp_path: Path) -> None:
    inside = tmp_path / "a" / "b"
    inside.mkdir(parents=True)
    names = {"../../orgs.csv": "orgs.csv", "/etc/users.csv": "users.csv", "..\\..\\roles.csv": "roles.csv"}
    files = bundle()
    path = inside / "roster.zip"
    path.write_bytes(packed({name: files[of] for name, of in names.items()}))
    take_in(path)
    found = {
        file.name for file in tmp_path.rglob("*") if file.is_file() and "district.sqlite" not in file.name
    }
    assert found == {"roster.zip"}
    assert not Path("/etc/users.csv").exists()


def test_a_bundle_that_would_unpack_to_gigabytes_is_refused_before_it_is(
    take_in: Run, tmp_path: Path
) -> None:
    path = tmp_path / "bomb.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(6):
            with archive.open(f"{number}.csv", "w", force_zip64=True) as member:
                for _ in range(100):
                    member.write(b"a" * 1_000_000)
    assert path.stat().st_size < 1_000_000
    done = take_in(path)
    assert done.returncode == 1
    assert "would unpack to more than 500 MB" in done.stderr


def test_a_bundle_that_lies_about_its_size_is_refused(take_in: Run, tmp_path: Path) -> None:
    data = bytearray(packed({"orgs.csv": b"a" * 100_000}))
    place = data.rindex(b"PK\x01\x02")
    data[place + 24 : place + 28] = (10).to_bytes(4, "little")  # ten bytes, says the table of contents
    path = tmp_path / "lies.zip"
    path.write_bytes(data)
    done = take_in(path)
    assert done.returncode == 1
    assert "cannot be unpacked" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    "method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA]
)
def test_a_broken_bundle_is_read_or_refused_in_a_sentence(tmp_path: Path, method: int) -> None:
    whole, chance = packed(bundle(), method), random.Random(method)
    path = tmp_path / "broken.zip"
    said = []
    for _ in range(150):
        path.write_bytes(changes.of_bytes(whole, chance))
        try:
            list(_files([path]))
        except CommandFailedError as error:
            said.append(str(error))
    assert len(said) > 20
    assert all(sentence.endswith(".") for sentence in said)
