"""The district's folder of protocols: read once for each version, refused with lines, told once."""

import os
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlmodel import select

from bot.bootstrap import clock_jobs
from bot.protocol_folder import folder_job, read_protocol_files
from bot.settings import Settings
from handlers.clock import run_due
from handlers.guided.masters_files import Taken, take_files
from protocols.guided.catalog import library, parse
from protocols.guided.steps import Role
from protocols.guided.yaml_writer import to_yaml
from storage import masters
from storage.database import Store
from storage.tables import AuditRow
from tests.chat import Chat
from tests.district import email

ROOT = Path(__file__).parent.parent.parent.parent
NOW = datetime(2026, 11, 30, 15, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
LATER = NOW + MINUTE
OURS = to_yaml(library()["walkthrough"]).replace("minutes: 30", "minutes: 20")
EXAMPLE = re.findall(
    r"```yaml\n(.*?)```", (ROOT / "docs/protocols.md").read_text(encoding="utf-8"), re.DOTALL
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    found = tmp_path / "protocols"
    found.mkdir()
    return found


def in_force_minutes(store: Store) -> int | None:
    with store.read() as tx:
        return masters.in_force(tx, "walkthrough", None).step("notes").minutes


def test_the_example_of_the_recipe_is_a_protocol_one_can_begin(store: Store) -> None:
    (text,) = EXAMPLE
    protocol = parse(text, name="docs/protocols.md")
    assert list(protocol.parts) == [Role.HOST, Role.VISITOR]
    with store.begin() as tx:
        assert take_files(tx, {"lesson_talk.yaml": text}, at=NOW) == (
            Taken("lesson_talk.yaml", "lesson_talk", is_new=True),
        )
        assert masters.available(tx, None)["lesson_talk"] == protocol


def test_a_file_counts_once_for_each_of_its_versions(store: Store, folder: Path) -> None:
    job = folder_job(folder)
    (folder / "ours.yaml").write_text(OURS, encoding="utf-8")
    assert [job(store, NOW), job(store, LATER)] == [1, 0]
    assert in_force_minutes(store) == 20
    (folder / "ours.yaml").write_text(OURS.replace("minutes: 20", "minutes: 25"), encoding="utf-8")
    assert job(store, LATER) == 1
    assert in_force_minutes(store) == 25
    with store.read() as tx:
        held = masters.current(tx, "walkthrough", None)
        assert held is not None
        assert held.file == "ours.yaml"


def test_the_same_file_does_not_undo_what_was_changed_in_chat(store: Store, folder: Path) -> None:
    job = folder_job(folder)
    (folder / "ours.yaml").write_text(OURS, encoding="utf-8")
    job(store, NOW)
    ana = Chat(store, at="2026-11-30 10:30").person(email("ana.whitefeather"))
    ana.says("adapt walkthrough")
    ana.says("step 4 takes 40 minutes")
    ana.presses("Put in force")
    job(store, LATER)
    assert in_force_minutes(store) == 40


def test_a_wrong_file_is_told_once_a_version_and_the_one_before_stays_in_force(
    store: Store, folder: Path
) -> None:
    chat = Chat(store, at="2026-11-30 10:00")
    ana, imani = chat.person(email("ana.whitefeather")), chat.person(email("imani.brooks"))
    job = folder_job(folder)
    (folder / "ours.yaml").write_text(OURS, encoding="utf-8")
    job(store, chat.now)
    wrong = OURS.replace("kind: notes", "kind: note")
    (folder / "ours.yaml").write_text(wrong, encoding="utf-8")
    job(store, chat.now)
    line = wrong.splitlines().index("  kind: note") + 1
    ana.sees("ours.yaml was not taken; the one before stays in force.", f"Line {line}", "found 'note'.")
    assert in_force_minutes(store) == 20
    count = len(ana.seen)
    chat.wait(minutes=1)
    job(store, chat.now)
    ana.collect()
    assert len(ana.seen) == count
    imani.collect()
    assert imani.seen == []
    (folder / "ours.yaml").write_text(OURS.replace("minutes: 20", "minutes: 25"), encoding="utf-8")
    job(store, chat.now)
    assert in_force_minutes(store) == 25


@pytest.mark.parametrize(
    ("files", "reason"),
    [
        pytest.param({"a.yaml": "key: [", "b.yaml": OURS}, "a.yaml", id="not valid YAML"),
        pytest.param({"a.yaml": None, "b.yaml": OURS}, "text in UTF-8", id="not text"),
        pytest.param({"b.yaml": OURS, "c.yaml": OURS}, "already in b.yaml", id="two with one key"),
        pytest.param(
            {"a.yaml": OURS.replace("key: walkthrough", "key: " + "w" * 61), "b.yaml": OURS},
            "longer than 60",
            id="a key too long",
        ),
        pytest.param(
            {"a.yaml": to_yaml(library()["pdsa"]).replace("key: results", "key: found"), "b.yaml": OURS},
            "results",
            id="the evidence left out",
        ),
    ],
)
def test_a_wrong_file_keeps_no_other_from_coming_in_force(
    store: Store, files: dict[str, str | None], reason: str
) -> None:
    with store.begin() as tx:
        taken = take_files(tx, files, at=NOW)
    refused = [one for one in taken if one.faults]
    assert len(refused) == 1
    assert reason in f"{refused[0].file} {refused[0].faults}"
    assert in_force_minutes(store) == 20
    with store.read() as tx:
        actions = [row.action for row in tx.exec(select(AuditRow)) if row.action.startswith("master.")]
    assert sorted(actions) == ["master.file_refused", "master.in_force"]


def test_only_yaml_files_are_read_and_none_that_an_editor_hides(folder: Path) -> None:
    for name in ("b.yml", "a.yaml", "notes.txt", ".a.yaml.swp", ".hidden.yaml"):
        (folder / name).write_text("key: a\r\n", encoding="utf-8")
    (folder / "latin.yaml").write_bytes("title: Café".encode("latin-1"))
    (folder / "sub.yaml").mkdir()
    assert read_protocol_files(folder) == {"a.yaml": "key: a\n", "b.yml": "key: a\n", "latin.yaml": None}
    assert read_protocol_files(folder / "b.yml") == {"b.yml": "key: a\n"}


def test_a_file_that_cannot_be_opened_keeps_no_other_from_being_read(folder: Path) -> None:
    (folder / "a.yaml").write_text("key: a\n", encoding="utf-8")
    os.symlink(folder / "gone.yaml", folder / "b.yaml")
    assert read_protocol_files(folder) == {"a.yaml": "key: a\n"}


def test_a_tick_reads_the_folder_of_the_settings_and_goes_on_without_it(store: Store, folder: Path) -> None:
    jobs = clock_jobs(Settings(protocols_dir=str(folder)))
    (folder / "ours.yaml").write_text(OURS, encoding="utf-8")
    assert run_due(store, NOW, jobs=jobs)["protocol_files"] == 1
    (folder / "ours.yaml").unlink()
    folder.rmdir()
    counts = run_due(store, LATER, jobs=jobs)
    assert counts["failed"] == 1
    assert in_force_minutes(store) == 20
    assert "protocol_files" not in dict(clock_jobs(Settings()))
