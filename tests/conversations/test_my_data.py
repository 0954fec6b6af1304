"""Everybody takes along what is kept of them, and the administrator forgets who has left."""

import io
import json
from datetime import timedelta
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from sqlmodel import select

from bot.attached import open_attached
from handlers.actions import act
from storage.database import Store
from storage.tables import AssignmentRow, AttachmentRow, AuditRow, PersonRow, RoleRow
from tests.chat import Chat, Speaker
from tests.contract.test_command_line import Run, bot, run
from tests.conversations.test_visits import person_id
from tests.district import email, fill

__all__ = ["bot", "run"]
AT = "2026-11-24 09:00"


def opened(chat: Chat, *, later: timedelta = timedelta()) -> ZipFile | None:
    """The newest file that has an address, as it opens so much later."""
    with chat.store.read() as tx:
        row = tx.exec(select(AttachmentRow).order_by(AttachmentRow.message_id.desc())).first()  # type: ignore[attr-defined]  # a column
        assert row is not None
    file = open_attached(chat.store, row.token, chat.now + later)
    return ZipFile(io.BytesIO(file.data)) if file is not None else None


def data_of(packed: ZipFile | None) -> dict[str, Any]:
    assert packed is not None
    return dict(json.loads(packed.read("data.json")))


def walkthrough(chat: Chat, imani: Speaker, grace: Speaker) -> None:
    """Both have looked at the focus of a walkthrough at Lincoln Middle."""
    imani.says("walkthrough lincoln middle")
    grace.says("Students explain their thinking to a partner.")


def test_everybody_takes_along_their_own(store: Store) -> None:
    chat = Chat(store, at=AT)
    for name in ("imani.brooks", "grace.lindqvist", "ruth.castellanos", "dev.patel", "ana.whitefeather"):
        somebody = chat.person(email(name))
        somebody.says("export my data")
        somebody.sees("All that is kept by you or about you", "opens for a day")
        data = data_of(opened(chat))
        assert data["person"][0]["email"] == email(name)
        others = {email(one) for one in ("imani.brooks", "grace.lindqvist", "dev.patel")} - {email(name)}
        assert not any(other in json.dumps(data) for other in others)


def test_a_conversation_is_in_it_as_its_people_may_read_it(store: Store) -> None:
    chat = Chat(store, at=AT)
    imani, grace = chat.person(email("imani.brooks")), chat.person(email("grace.lindqvist"))
    walkthrough(chat, imani, grace)
    grace.says("export my data")
    packed = opened(chat)
    data = data_of(packed)
    assert packed is not None
    (page,) = [name for name in packed.namelist() if name.startswith("conversations/walkthrough-")]
    assert "explain their thinking" in packed.read(page).decode()
    assert any("explain their thinking" in row["body"] for row in data["run_event"])
    imani.says("export my data")
    of_imani = data_of(opened(chat))
    assert not any("explain their thinking" in row["body"] for row in of_imani["run_event"])
    executive = chat.person(email("ruth.castellanos"))
    executive.says("export my data")
    assert "explain their thinking" not in str(data_of(opened(chat)))


def test_a_school_that_changed_hands_closes_its_conversations_to_who_left_it(store: Store) -> None:
    chat = Chat(store, at=AT)
    imani, grace = chat.person(email("imani.brooks")), chat.person(email("grace.lindqvist"))
    walkthrough(chat, imani, grace)
    with store.begin() as tx:
        for row in tx.exec(select(AssignmentRow).where(AssignmentRow.ild_id == imani.id)):
            row.ild_id = person_id(store, "tomas.rivera")
    imani.says("export my data")
    packed = opened(chat)
    assert packed is not None
    assert not [name for name in packed.namelist() if name.startswith("conversations/")]
    assert data_of(packed)["conversations_not_open_to_you"] == 1


def test_the_file_opens_for_a_day_and_for_nobody_else(store: Store) -> None:
    chat = Chat(store, at=AT)
    grace = chat.person(email("grace.lindqvist"))
    grace.says("export my data")
    assert opened(chat, later=timedelta(hours=23)) is not None
    assert opened(chat, later=timedelta(hours=25)) is None
    with store.begin() as tx:
        tx.get_one(PersonRow, grace.id).active = False
    assert opened(chat) is None
    with store.read() as tx:
        rows = tx.exec(select(AuditRow).where(AuditRow.action == "person.exported")).all()
        assert [(row.actor_id, row.object) for row in rows] == [(grace.id, f"person:{grace.id}")]


def left(store: Store, name: str) -> int:
    """The person has left the district."""
    number = person_id(store, name)
    with store.begin() as tx:
        for row in tx.exec(select(RoleRow).where(RoleRow.person_id == number)):
            tx.delete(row)
        for school in tx.exec(select(AssignmentRow).where(AssignmentRow.principal_id == number)):
            school.principal_id = None
        tx.get_one(PersonRow, number).active = False
    return number


def test_the_administrator_forgets_who_has_left(store: Store) -> None:
    chat = Chat(store, at=AT)
    ana = chat.person(email("ana.whitefeather"))
    ana.says(f"forget {email('farid.haddad')}")
    ana.sees("Farid Haddad is still principal today", "once they have left")
    number = left(store, "farid.haddad")
    ana.says(f"forget {email('farid.haddad')}")
    ana.sees("Forget Farid Haddad?", f"Former colleague {number}", "cannot be taken back")
    ana.says("legal hold on Farid Haddad because of a claim")
    ana.presses("Forget")
    ana.sees("is under hold (1)")
    ana.says("release hold 1 because settled")
    ana.says(f"forget {email('farid.haddad')}")
    ana.presses("Forget")
    ana.sees(f"Former colleague {number}", "Gone:", "Not touched:", "Older backups")
    ana.says(f"forget {email('farid.haddad')}")
    ana.sees("Nobody has the address")
    with store.read() as tx:
        row = tx.get_one(PersonRow, number)
        assert (row.email, row.active) == (f"person-{number}@left.invalid", False)
        (log,) = tx.exec(select(AuditRow).where(AuditRow.action == "person.forgotten"))
        assert log.object == f"person:{number}"
        assert "farid" not in str(log.detail).casefold()


def test_nobody_else_forgets_anybody(store: Store) -> None:
    chat = Chat(store, at=AT)
    number = left(store, "farid.haddad")
    for name in ("imani.brooks", "grace.lindqvist", "ruth.castellanos", "dev.patel"):
        somebody = chat.person(email(name))
        somebody.says(f"forget {email('farid.haddad')}")
        somebody.presses_action(act("forget.do", person=number))
        somebody.sees("forgotten by the administrator")
    with store.read() as tx:
        assert tx.get_one(PersonRow, number).given_name == "Farid"


# ---------------------------------------------------------------- at the terminal


def test_the_commands_write_folders_and_forget(run: Run, tmp_path: Path) -> None:
    assert run("migrate").returncode == 0
    opened_store = Store(f"sqlite:///{tmp_path / 'cli.sqlite'}")
    with opened_store.begin() as tx:
        fill(tx)
    number = left(opened_store, "farid.haddad")
    opened_store.close()

    done = run("export", "person", email("farid.haddad"), "his")
    assert done.returncode == 0, done.stderr
    assert json.loads((tmp_path / "his" / "data.json").read_text())["person"][0]["given name"] == "Farid"
    assert oct((tmp_path / "his" / "data.json").stat().st_mode)[-3:] == "600"
    again = run("export", "person", email("farid.haddad"), "his")
    assert (again.returncode, "not an empty folder" in again.stderr) == (1, True)
    nobody = run("export", "person", "nobody@district.example", "other")
    assert (nobody.returncode, "Nobody has the address" in nobody.stderr) == (1, True)

    records = run("export", "records", "--from", "2026-08-31", "--to", "2026-11-24", "records")
    assert records.returncode == 0, records.stderr
    assert json.loads(records.stdout)["records"]["school"] == 5
    assert (tmp_path / "records" / "index.html").exists()
    assert run("export", "records", "--from", "2026-11-24", "--to", "2026-08-31", "x").returncode == 2
    assert run("export", "records", "--from", "soon", "--to", "2026-08-31", "x").returncode == 2

    asked = run("forget", email("farid.haddad"))
    assert (asked.returncode, "Confirm with --yes" in asked.stderr) == (1, True)
    still = run("forget", email("grace.lindqvist"), "--yes")
    assert (still.returncode, "is still principal today" in still.stderr) == (1, True)
    gone = run("forget", email("farid.haddad"), "--yes")
    assert gone.returncode == 0, gone.stderr
    assert json.loads(gone.stdout)["name"] == f"Former colleague {number}"
    assert "Not touched:" in gone.stderr
