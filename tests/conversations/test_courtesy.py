"""Being left in peace: hours, reminders, days away, what is put off, and how much may come in a week."""

from datetime import datetime, timedelta

import pytest
from sqlmodel import select

from handlers.cards import Card, plain
from handlers.district import load_district
from handlers.post import tell_when_open
from storage import courtesy, people
from storage.database import Store
from storage.tables import MessageRow, SnoozeRow
from tests.chat import Chat, Speaker
from tests.district import email

MONDAY = "2026-11-30 10:00"


@pytest.fixture
def chat(store: Store) -> Chat:
    return Chat(store, at=MONDAY, is_courteous=True)


def tell(
    chat: Chat, who: Speaker, text: str, *, kind: str, subject: str = "", lifetime: timedelta | None = None
) -> None:
    """Something that nobody asked for, said by the bot."""
    with chat.store.begin() as tx:
        person = people.get_person(tx, who.id, on=chat.now.date())
        tell_when_open(
            tx,
            load_district(tx),
            person,
            text if isinstance(text, Card) else plain(text),
            kind=kind,
            period=f"{text}:{chat.now}",
            now=chat.now,
            subject=subject,
            lifetime=lifetime,
        )


def new_words(who: Speaker) -> list[str]:
    from tests.chat import words_of

    return [words_of(card) for card in who.collect()]


def states(store: Store, who: Speaker) -> list[tuple[str, str, str]]:
    with store.read() as tx:
        rows = tx.exec(select(MessageRow).where(MessageRow.recipient_id == who.id).order_by(MessageRow.id))
        return [(row.kind, row.state, row.why) for row in rows if not row.asked]


# ---------------------------------------------------------------- hours and zone


def test_ones_own_hours_hold_back_what_nobody_asked_for(chat: Chat, imani: Speaker) -> None:
    imani.says("my hours 11 to 16:30")
    imani.sees("Noted: 11:00 to 16:30", "answered at any hour")
    tell(chat, imani, "A memo came.", kind="memo")
    assert new_words(imani) == []
    imani.says("my week")
    imani.sees("This week")  # an answer comes at any hour
    chat.move_to("2026-11-30 11:00")
    assert new_words(imani) == ["A memo came."]


def test_quiet_hours_over_midnight(chat: Chat, imani: Speaker) -> None:
    imani.says("quiet from 14:45 to 9")
    chat.move_to("2026-11-30 15:00")
    tell(chat, imani, "A memo came.", kind="memo")
    assert new_words(imani) == []
    chat.move_to("2026-12-01 09:00")
    assert new_words(imani) == []  # Tuesday morning is protected
    chat.move_to("2026-12-01 12:00")
    assert new_words(imani) == ["A memo came."]
    imani.says("no quiet hours")
    imani.sees("Quiet hours:", "none")


def test_hours_that_leave_nothing_open_are_refused(chat: Chat, imani: Speaker) -> None:
    imani.says("quiet from 6 to 20")
    imani.sees("less than an hour", "away until")
    imani.says("my settings")
    imani.sees("Quiet hours:", "none")


def test_ones_own_zone(chat: Chat, imani: Speaker) -> None:
    imani.says("my zone Los Angeles")
    imani.sees("America/Los_Angeles, where it is 7:00 now")
    chat.move_to("2026-12-01 08:00")
    tell(chat, imani, "A memo came.", kind="memo")
    assert new_words(imani) == []  # five in the morning there
    imani.says("my zone atlantis")
    imani.sees("I know no zone called")
    imani.says("my settings")
    imani.sees("America/Los_Angeles")
    imani.presses("As the district")
    imani.sees("America/New_York, as the district")


# ---------------------------------------------------------------- reminders


def test_never_means_none_at_all(chat: Chat, store: Store, imani: Speaker) -> None:
    imani.says("remind me never")
    imani.sees("Reminders:", "none", "my week")
    tell(chat, imani, "Roosevelt is overdue.", kind="overdue")
    tell(chat, imani, "A memo came.", kind="memo")
    assert new_words(imani) == ["A memo came."]
    assert ("overdue", "dropped", "the person wants no reminders") in states(store, imani)


def test_less_goes_one_step_and_gathers_what_comes(chat: Chat, imani: Speaker) -> None:
    imani.says("remind me less")
    imani.sees("at most one message a day")
    for number in range(3):
        tell(chat, imani, f"Reminder {number}.", kind="overdue")
        chat.wait(minutes=5)
    (first,) = new_words(imani)
    assert first.startswith("Reminder 0.")
    chat.move_to("2026-12-01 12:30")
    (gathered,) = new_words(imani)
    for words in ("What waited for you: 2 messages", "Reminder 1.", "Reminder 2."):
        assert words in gathered


def test_a_topic_is_turned_off_and_on(chat: Chat, store: Store, grace: Speaker) -> None:
    grace.says("stop reminding me about products")
    grace.sees("I won't bring it up any more", "[Turn on]")
    tell(chat, grace, "You promised notes.", kind="product")
    assert new_words(grace) == []
    assert states(store, grace) == [("product", "dropped", "the person has turned such messages off")]
    grace.presses("Turn on")
    grace.sees("I bring it up again")
    tell(chat, grace, "You promised a plan.", kind="product")
    assert new_words(grace)[0].startswith("You promised a plan.")
    grace.says("stop reminding me about breakfast")
    grace.sees("I send no reminders about “breakfast”", "promises")


# ---------------------------------------------------------------- put off


def test_a_reminder_is_put_off_comes_back_once_and_is_recorded(
    chat: Chat, store: Store, imani: Speaker
) -> None:
    tell(chat, imani, "Roosevelt is overdue.", kind="overdue")
    assert "[Later today] \n[Tomorrow] \n[Next week]" in new_words(imani)[0]
    imani.presses("Tomorrow")
    imani.sees("It comes back Tue 1 Dec 12:00")  # the morning is protected
    imani.presses("Next week")
    imani.sees("comes back Tue 1 Dec 12:00 already")
    chat.move_to("2026-12-01 12:00")
    (again,) = new_words(imani)
    assert again.startswith("Roosevelt is overdue.")
    assert "You put this off on Mon 30 Nov." in again
    imani.presses("Next week")
    imani.sees("It comes back Mon 7 Dec 7:00")
    with store.read() as tx:
        put_off = [(row.kind, row.choice) for row in tx.exec(select(SnoozeRow).order_by(SnoozeRow.id))]
    assert put_off == [("overdue", "tomorrow"), ("overdue", "week")]
    imani.says("my messages")
    imani.sees(
        "Put off in the last four weeks", "schools past their rhythm: 2 times", "a reminder you put off"
    )


def test_nobody_puts_off_what_came_to_somebody_else(chat: Chat, imani: Speaker, tomas: Speaker) -> None:
    tell(chat, imani, "Roosevelt is overdue.", kind="overdue")
    imani.collect()
    _place, _card, button = imani._find_button("Tomorrow")
    tomas.presses_action(button.action)
    tomas.sees("I can't find that reminder")


# ---------------------------------------------------------------- away


def test_who_is_away_gets_one_message_on_return(chat: Chat, store: Store, imani: Speaker) -> None:
    imani.says("away until 4 Dec")
    imani.sees("You are away until Fri 4 Dec", "one message when you are back")
    for number in range(4):
        chat.wait(hours=5)
        tell(chat, imani, f"Memo {number}.", kind="memo")
    tell(chat, imani, "Roosevelt is overdue.", kind="overdue", lifetime=timedelta(days=30))
    assert new_words(imani) == []
    chat.move_to("2026-12-06 12:00")
    assert new_words(imani) == []
    chat.move_to("2026-12-07 07:00")
    (whole,) = new_words(imani)
    for words in ("While you were away: 5 messages", "Memo 0.", "Memo 3.", "Roosevelt is overdue."):
        assert words in whole
    assert [state for _kind, state, _why in states(store, imani)] == ["sent", *["merged"] * 4]
    tell(chat, imani, "Memo 9.", kind="memo")
    assert new_words(imani) == ["Memo 9."]  # it ended by itself


def test_back_sooner(chat: Chat, imani: Speaker) -> None:
    imani.says("away until 4 Dec")
    tell(chat, imani, "Memo 1.", kind="memo")
    imani.presses("I am back")
    imani.sees("Welcome back", "1 message waited", "Memo 1.")
    imani.says("i'm back")
    imani.does_not_see("Welcome")


def test_the_other_side_of_a_planned_visit_is_told_kindly(chat: Chat, imani: Speaker) -> None:
    mei = chat.person(email("mei.tanaka"))
    imani.says("plan roosevelt thu 8:30")
    mei.collect()
    imani.says("away until 4 Dec")
    imani.sees("Planned in that time", "Mei Tanaka gets a note", "Roosevelt High", "[Move]")
    (told,) = new_words(mei)
    assert "Imani Brooks is away until Fri 4 Dec. Your visit at Roosevelt High on Thu 3 Dec 8:30" in told
    assert "[Move]" in told


def test_a_digest_keeps_for_whoever_is_away(chat: Chat, store: Store, grace: Speaker) -> None:
    grace.says("away until 4 Dec")
    tell(chat, grace, "Your week.", kind="digest", lifetime=timedelta(hours=24))
    with store.begin() as tx:  # as the digest is queued, whoever it is for
        row = tx.exec(select(MessageRow).where(MessageRow.kind == "digest")).one()
        row.not_before, row.expires_at = chat.now, chat.now + timedelta(hours=24)
        tx.add(row)
    assert new_words(grace) == []
    chat.move_to("2026-12-07 07:00")
    assert new_words(grace) == ["Your week."]


# ---------------------------------------------------------------- the budget


def test_a_full_week_waits_for_monday_and_comes_as_one(chat: Chat, store: Store, imani: Speaker) -> None:
    ana = chat.person(email("ana.whitefeather"))
    ana.says("message budget 3")
    ana.sees("nobody gets more than 3 messages a week")
    for number in range(5):
        tell(chat, imani, f"Promise {number}.", kind="promise")
    assert new_words(imani) == ["Promise 0.", "Promise 1.", "Promise 2."]
    tell(chat, imani, "Mei asks about the bus.", kind="item_question")
    (question,) = new_words(imani)  # a colleague's question passes and takes along what waited
    assert "Mei asks about the bus." in question
    assert "Promise 3." in question
    assert "Promise 4." in question
    tell(chat, imani, "Promise 5.", kind="promise")
    tell(chat, imani, "The visit of 13:00 is off.", kind="visit_today")
    assert new_words(imani) == ["The visit of 13:00 is off."]
    imani.says("my messages")
    imani.sees("5 of at most 3", "Waiting", "the week is full", "what came of a promise, 3 times")
    chat.move_to("2026-12-07 06:30")
    assert new_words(imani) == ["Promise 5."]


def test_what_has_its_day_is_not_held_back_by_a_full_week(chat: Chat, imani: Speaker) -> None:
    chat.person(email("ana.whitefeather")).says("message budget 1")
    tell(chat, imani, "Promise 0.", kind="promise")
    tell(chat, imani, "A memo came.", kind="memo")
    tell(chat, imani, "Your visit of Friday moves.", kind="visit")
    assert new_words(imani) == ["Promise 0.", "A memo came.", "Your visit of Friday moves."]


def test_only_the_administrator_sets_the_budget(chat: Chat, store: Store, imani: Speaker) -> None:
    imani.says("message budget 50")
    imani.sees("for administrators")
    with store.read() as tx:
        assert courtesy.budget(tx) == 7


# ---------------------------------------------------------------- newer takes the place of older


def test_a_newer_word_about_the_same_visit_takes_the_place_of_one_that_waits(
    chat: Chat, store: Store, imani: Speaker
) -> None:
    mei = chat.person(email("mei.tanaka"))
    chat.move_to("2026-12-01 09:00")
    imani.says("plan roosevelt fri 8:30")
    imani.says("move roosevelt to mon 13:00")
    imani.says("move roosevelt to wed 9:00")
    chat.move_to("2026-12-01 12:00")
    (told,) = new_words(mei)
    assert "Wed" in told
    assert [state for _kind, state, _why in states(store, mei)] == ["dropped", "dropped", "sent"]


def test_a_visit_that_changes_on_its_own_day_does_not_wait(chat: Chat, imani: Speaker) -> None:
    mei = chat.person(email("mei.tanaka"))
    imani.says("plan roosevelt tue 11:00")
    mei.collect()
    chat.move_to("2026-12-01 08:00")  # protected
    imani.says("cancel roosevelt")
    imani.presses("Cancel the visit", by="weather", reason="Ice on the roads")
    (told,) = new_words(mei)
    assert "is off" in told


def test_settings_on_one_card(chat: Chat, grace: Speaker) -> None:
    grace.says("my settings")
    grace.sees(
        "Working hours:", "7:00 to 17:00, as everybody", "Time zone:", "Reminders:", "About products:", "Away:",
        "0 of 7 this week",
    )  # fmt: skip
    grace.does_not_see("About overdue")
    grace.presses("Less")
    grace.sees("at most one message a day")


def test_what_changed_is_written_down(chat: Chat, store: Store, grace: Speaker) -> None:
    from storage import record

    for words in ("my hours 8 to 16", "remind me less", "away until 4 Dec", "my zone Chicago"):
        grace.says(words)
    with store.read() as tx:
        done = [row.action for row in record.audit_of(tx, f"person:{grace.id}")]
    assert done == ["courtesy.hours", "courtesy.rate", "courtesy.away", "courtesy.zone"]


def test_a_lapsed_part_is_not_merged(chat: Chat, store: Store, imani: Speaker) -> None:
    imani.says("away until 4 Dec")
    tell(chat, imani, "Stale.", kind="run_reminder")
    with store.begin() as tx:
        row = tx.exec(select(MessageRow).where(MessageRow.kind == "run_reminder")).one()
        row.expires_at = datetime(2026, 12, 5, tzinfo=chat.now.tzinfo)
        tx.add(row)
    tell(chat, imani, "Memo.", kind="memo")
    chat.move_to("2026-12-07 07:00")
    assert new_words(imani) == ["Memo."]


def test_no_visit_is_proposed_for_somebodys_days_away(chat: Chat, imani: Speaker) -> None:
    mei = chat.person(email("mei.tanaka"))
    imani.says("plan")
    imani.sees("Thu 3 Dec 8:30, Roosevelt High")
    mei.says("away until 4 Dec")
    imani.says("plan")
    imani.sees("Tue 8 Dec 8:30, Roosevelt High")
    imani.does_not_see("Thu 3 Dec 8:30, Roosevelt High")
