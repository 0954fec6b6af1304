"""The administrator sees and changes how long what is kept is kept, and puts and releases legal holds."""

from sqlmodel import select

from handlers.actions import act
from handlers.keeping.retention_clock import let_go
from protocols.keeping.schedule import Kind
from storage.database import Store
from storage.keeping import holds, progress
from storage.tables import AuditRow, RunRow
from tests import every_table
from tests.chat import Chat
from tests.district import email

AT = "2026-11-24 09:00"


def test_the_schedule_in_plain_words(store: Store) -> None:
    ana = Chat(store, at=AT).person(email("ana.whitefeather"))
    ana.says("retention")
    ana.sees(
        "Coaching", "3 years", "1 year to 7 years", "all words", "No hold is in force", "tonight, from 1:00"
    )
    ana.says("retention coaching")
    ana.sees(
        "from when the conversation ended", "Stays:", "apart from evaluation", "You may set 1 year to 7 years"
    )
    ana.says("retention of cats")
    ana.sees("I keep nothing called “cats”")


def test_a_term_is_changed_said_and_taken_back(store: Store) -> None:
    ana = Chat(store, at=AT).person(email("ana.whitefeather"))
    ana.says("keep coaching 2 years")
    ana.sees(
        "From now on, coaching: for 2 years; before it was 3 years", "tomorrow from 1:00", "take it back"
    )
    ana.says("retention")
    ana.sees("2 years (yours)")
    ana.says("keep coaching 30 days")
    ana.sees("Coaching can be kept from 1 year to 7 years")
    ana.says("keep messages for 5 years")
    ana.sees("can't be kept longer than coaching: 2 years")
    ana.says("keep coaching as usual")
    ana.sees("coaching: for 3 years; before it was 2 years", "does not come back")
    ana.says("keep memos 2 years")
    ana.sees("not for the district to change")
    with store.read() as tx:
        assert progress.changes(tx) == {}
        rows = tx.exec(select(AuditRow).where(AuditRow.action == "retention.set")).all()
        assert [row.detail for row in rows] == [
            {"before": 1095, "after": 730},
            {"before": 730, "after": 1095},
        ]
        assert rows[0].object == f"retention:{Kind.COACHING.value}"


def test_only_the_administrator_sets_it(store: Store) -> None:
    chat = Chat(store, at=AT)
    for name in ("imani.brooks", "grace.lindqvist", "ruth.castellanos", "dev.patel"):
        somebody = chat.person(email(name))
        for words in (
            "keep coaching 1 year",
            "retention",
            "legal hold on everything because I say so",
            "holds",
        ):
            somebody.says(words)
            somebody.does_not_see("From now on", "is in force", "The retention schedule")
    with store.read() as tx:
        assert progress.changes(tx) == {}
        assert holds.rows(tx) == []


def test_a_hold_is_put_shown_heeded_and_released(store: Store) -> None:
    chat = Chat(store, at=AT)
    ana = chat.person(email("ana.whitefeather"))
    grace = chat.person(email("grace.lindqvist"))
    with store.begin() as tx:
        every_table.fill(tx, grace.id)
    ana.says("legal hold on Lincoln Middle and dev.patel@district.example because of a records request")
    ana.sees("Hold 2 is in force", "Dev Patel and Lincoln Middle", "release hold 2 because")
    ana.says("holds")
    ana.sees("2.", "by Ana Whitefeather: of a records request")
    chat.move_to("2060-03-02 03:00")
    let_go(store, chat.now)
    with store.read() as tx:
        assert tx.exec(select(RunRow.let_go_at).where(RunRow.school_id == 1)).all() == [None]
    ana.says("retention")
    ana.sees("1 hold is in force")
    ana.says("release hold 2")
    ana.sees("Say why")
    ana.says("release hold 2 because the request was answered")
    ana.sees("Hold 2 is released")
    ana.says("release hold 2 because twice")
    ana.sees("No hold 2 is in force")
    ana.says("all holds")
    ana.sees("of a records request", "the request was answered")
    chat.move_to("2060-03-03 03:00")
    let_go(store, chat.now)
    with store.read() as tx:
        assert tx.exec(select(RunRow.let_go_at).where(RunRow.school_id == 1)).all() == [chat.now]
        actions = [row.action for row in tx.exec(select(AuditRow)) if row.object == "hold:2"]
        assert actions == ["hold.put", "hold.released"]


def test_a_hold_on_a_period_and_on_people_by_name(store: Store) -> None:
    ana = Chat(store, at=AT).person(email("ana.whitefeather"))
    ana.says("legal hold on Tomás Rivera from 1 September 2025 to 30 June 2026 because of a claim")
    ana.sees("Tomás Rivera, from", "1 Sep 2025", "30 Jun 2026")
    ana.says("legal hold on everything from 1 September because counsel asks")
    ana.sees("anybody and any school", "from Tue 1 Sep")
    ana.says("legal hold on Lincoln because of a claim")
    ana.sees("no school called “Lincoln”", "legal hold on Lincoln Middle from")
    ana.says("legal hold on Roosevelt High from the flood because of a claim")
    ana.sees("can't read “the flood” as a day")
    ana.says("legal hold on Roosevelt High")
    ana.sees("Write whom or what, and why")


def test_who_opens_a_conversation_that_had_its_time_is_told_so(store: Store) -> None:
    chat = Chat(store, at=AT)
    grace = chat.person(email("grace.lindqvist"))
    with store.begin() as tx:
        made = every_table.fill(tx, grace.id)
    chat.move_to("2060-03-02 03:00")
    let_go(store, chat.now)
    chat.wait(hours=8)
    grace.presses_action(act("run.summary", run=made["run"]["id"]))
    grace.sees("kept for its time and is gone since", "stays on record")
    grace.says("thread")
    grace.does_not_see("did not work")
