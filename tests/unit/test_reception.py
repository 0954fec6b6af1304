"""The front desk, event by event: what comes of each kind of inbound, and that a repeat of it does nothing."""

import logging

import pytest
from sqlmodel import select

from handlers import topics
from handlers.errors import UserError
from handlers.reception import Inbound, Pressed, Received, Said, Sender, receive
from handlers.turn import Turn
from protocols.documents.document import MAX_TEXT
from storage import outbox, record
from storage.database import Store
from storage.tables import AccountRow, AuditRow, MandateRow, MessageRow
from tests.chat import words_of
from tests.district import NOW, email

IMANI = Sender("test", "T", "U1", email=email("imani.brooks"))


def send(store: Store, what: Said | Pressed, *, key: str = "event:1", sender: Sender = IMANI) -> Received:
    return receive(store, Inbound((key,), sender, what), now=NOW)


def answers(store: Store) -> list[str]:
    with store.read() as tx:
        return [row.card for row in tx.exec(select(MessageRow).order_by(MessageRow.id))]  # type: ignore[arg-type]  # a column


@pytest.mark.parametrize(
    ("what", "outcome", "says"),
    [
        pytest.param(Said("help"), "done", "What you can write here", id="words it knows"),
        pytest.param(Said(""), "done", "What you can write here", id="no words"),
        pytest.param(Said(" \n\t "), "done", "What you can write here", id="only spaces"),
        pytest.param(Said("\x00\u202e\ud83d"), "done", "", id="no text at all"),
        pytest.param(Said("x" * (MAX_TEXT + 1)), "refused", "Send it in parts", id="more than it reads"),
        pytest.param(Pressed("help.open"), "done", "What you can write here", id="a button"),
        pytest.param(Pressed("visit.dance?visit=1"), "refused", "older version", id="an action that is gone"),
        pytest.param(
            Pressed("visit.open?visit=one"), "refused", "older version", id="an id that is no number"
        ),
        pytest.param(Pressed("visit.open"), "refused", "older version", id="an id that is missing"),
        pytest.param(
            Pressed("visit.open?visit=1&visit=2"), "refused", "older version", id="an id said twice"
        ),
        pytest.param(Pressed("visit.open?visit=" + "9" * 40), "refused", "", id="an id beyond any"),
        pytest.param(Pressed("visit.open?visit=-1"), "refused", "", id="an id below any"),
        pytest.param(Pressed("<script>"), "refused", "older version", id="markup for a button"),
        pytest.param(Pressed(""), "refused", "older version", id="a button without a text"),
        pytest.param(Pressed("help.open?" + "x" * 200), "refused", "older version", id="a line too long"),
    ],
)
def test_each_kind_of_event_is_answered_once(
    store: Store, what: Said | Pressed, outcome: str, says: str
) -> None:
    received = send(store, what)
    assert received.outcome == outcome
    first = answers(store)
    assert len(first) == 1
    assert says in first[0]
    assert send(store, what).outcome == "repeat"
    assert answers(store) == first


def test_an_event_with_several_keys_is_known_by_any_of_them(store: Store) -> None:
    first = Inbound(("team:channel:17:message", "Ev1"), IMANI, Said("help"))
    again = Inbound(("team:channel:17:message", "Ev2"), IMANI, Said("help"))
    renamed = Inbound(("Ev1", "other"), IMANI, Said("help"))
    assert [receive(store, one, now=NOW).outcome for one in (first, again, renamed)] == [
        "done",
        "repeat",
        "repeat",
    ]


@pytest.mark.parametrize("rest", ["\x00", "\ud83d", "\udc00 and \x00"])
def test_letters_that_no_database_keeps_are_left_out_and_the_rest_is_kept(store: Store, rest: str) -> None:
    memo = f"memo Schools must return the key list{rest} by December 4, 2026."
    sender = Sender("test", "T", "U2", email=email("dev.patel"))
    assert send(store, Said(memo), sender=sender).outcome == "done"
    with store.read() as tx:
        (kept,) = tx.exec(select(MandateRow.text))
    assert "Schools must return the key list" in kept
    assert "\x00" not in kept


def test_a_stranger_is_told_whom_to_ask_and_leaves_nothing(store: Store) -> None:
    received = send(store, Said("help"), sender=Sender("test", "T", "U9", email="who@elsewhere.example"))
    assert (received.outcome, received.person_id) == ("unknown", None)
    assert received.answer is not None
    assert "who@elsewhere.example" in words_of(received.answer)
    assert "administrator" in words_of(received.answer)
    with store.read() as tx:
        assert tx.exec(select(AccountRow)).all() == []
    assert send(store, Said("help")).outcome == "done", "the event was not used up by the stranger"


def test_an_account_is_linked_by_address_once_and_known_without_it_from_then_on(store: Store) -> None:
    assert send(store, Said("help")).outcome == "done"
    bare = Sender("test", "T", "U1")
    assert send(store, Said("help"), key="event:2", sender=bare).outcome == "done"
    other_workspace = Sender("test", "ANOTHER", "U1")
    assert send(store, Said("help"), key="event:3", sender=other_workspace).outcome == "unknown"


def test_what_is_refused_changes_nothing_but_is_in_the_audit_log(store: Store) -> None:
    assert send(store, Said("plan harbor elementary thu 10 dec 8:30")).outcome == "refused"
    with store.read() as tx:
        (row,) = tx.exec(select(AuditRow))
        assert (row.action, row.detail["right"]) == ("refused", "plan_visit")
        assert row.object.startswith("school:")


@pytest.fixture
def breaking(monkeypatch: pytest.MonkeyPatch) -> type[Exception]:
    """A reading that writes, then fails with what was written in its text."""

    def broken(turn: Turn, text: str) -> None:
        record.put_setting(turn.tx, "half", {"is": "written"})
        turn.tx.flush()
        raise RuntimeError(text)

    monkeypatch.setattr(topics, "READINGS", (broken,))
    return RuntimeError


def test_a_bug_leaves_no_trace_but_its_code_and_no_words_in_the_log(
    store: Store, breaking: type[Exception], caplog: pytest.LogCaptureFixture
) -> None:
    secret = "the teacher in room 14 was late"
    with caplog.at_level(logging.DEBUG):
        assert send(store, Said(secret)).outcome == "failed"
    (answer,) = answers(store)
    code = answer.split("this code: ")[1][:4]
    assert any(code in line for line in caplog.messages)
    assert "broken" in caplog.text, "the log has the frames"
    assert secret not in caplog.text
    with store.read() as tx:
        assert record.get_setting(tx, "half") is None
    assert send(store, Said(secret)).outcome == "repeat"


def test_a_bug_can_be_pressed_again_once_it_is_mended(
    store: Store, breaking: type[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert send(store, Said("gobbledygook")).outcome == "failed"
    monkeypatch.setattr(topics, "READINGS", ())
    assert send(store, Said("gobbledygook"), key="event:2").outcome == "done"


def test_a_refusal_rolls_back_what_was_begun(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    def refusing(turn: Turn, text: str) -> None:
        record.put_setting(turn.tx, "half", {"is": "written"})
        raise UserError("Say it with a day.")

    monkeypatch.setattr(topics, "READINGS", (refusing,))
    assert send(store, Said("gobbledygook")).outcome == "refused"
    assert "Say it with a day." in answers(store)[0]
    with store.read() as tx:
        assert record.get_setting(tx, "half") is None


def test_an_answer_may_go_at_once_even_in_protected_time(store: Store) -> None:
    send(store, Said("help"))
    with store.begin() as tx:
        (row,) = outbox.claim(tx, sender="test", now=NOW, limit=5)
        assert row.asked
        assert row.not_before == NOW


def test_codes_are_read_out_on_the_telephone(store: Store, breaking: type[Exception]) -> None:
    send(store, Said("x y z"))
    code = answers(store)[0].split("this code: ")[1][:4]
    assert not set(code) & set("0O1I")
    assert code.isalnum()
