"""The night's pass: what goes at its term and not before, what stays, what a hold keeps; no stop loses count."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy
from sqlmodel import SQLModel, col, select

from handlers.answers import insight
from handlers.card_codec import decode_card
from handlers.clock import run_due
from handlers.district import load_district
from handlers.keeping import retention_clock
from handlers.turn import Turn
from protocols.keeping.schedule import SCHEDULE, Kind
from storage import outbox, people, record, ties
from storage.database import Store
from storage.keeping import holds, progress
from storage.outbox import NO_WORDS
from storage.tables import (
    AuditRow,
    MessageRow,
    PersonRow,
    PromiseRow,
    RunEventRow,
    RunRow,
    SchoolRow,
    VisitRow,
)
from tests import every_table
from tests.district import email
from tests.every_table import THEN, mark
from tests.unit.insight.test_nothing_written import QUESTIONS

NIGHT = datetime(2026, 11, 24, 8, 10, tzinfo=UTC)  # 3:10 in New York
FAR = datetime(2060, 3, 3, 8, 10, tzinfo=UTC)


def person(store: Store, name: str = "grace.lindqvist") -> int:
    with store.read() as tx:
        found = people.find_by_email(tx, email(name), on=NIGHT.date())
        assert found is not None
        return found.id


def filled(store: Store) -> dict[str, dict[str, Any]]:
    grace = person(store)
    with store.begin() as tx:
        return every_table.fill(tx, grace)


def words(store: Store) -> str:
    with store.read() as tx:
        return every_table.everything(tx)


# What each kind lets go, by the places of the words; written out by hand beside the schedule's sentences.
GOES = {
    Kind.BUSY: ["busy_stretch.title"],
    Kind.ADDRESSES: ["attachment.token"],
    Kind.MESSAGES: ["message.card", "chat_line.text", "snooze.subject"],
    Kind.QUESTIONS: ["question.words"],
    Kind.TRANSLATIONS: ["translation.text", "plain_line.line"],
    Kind.COACHING: ["run_event.body", "promise.what", "promise.evidence", "promise.outcome", "proposal.text"],
    Kind.VISIT_WORDS: ["visit.because", "visit.cancel_reason", "visit.move_reason", "witness.words"],
    Kind.DIGEST_WORDS: [
        *("digest_item.note", "digest_item.question", "digest_item.answer", "digest_item.delegated_to"),
        *("digest_item.focus", "triage.note", "triage.reason", "triage.taken_by"),
        *("week_line.line", "focus_tie.focus", "focus_tie.line"),
    ],
    Kind.REQUESTS: [
        *("service_request.what", "service_step.words", "unit_request.question", "unit_request.answer"),
        *("challenge.question", "challenge.answer"),
    ],
    Kind.PULSE_WORDS: ["pulse_line.text"],
    Kind.FILES: ["original.content"],
    Kind.AUDIT: ["audit.action"],
    Kind.SET_ASIDE: ["page.address"],
}
TERMS = [kind for kind, term in SCHEDULE.items() if term.days is not None and kind is not Kind.ARRIVALS]


def test_every_kind_that_has_a_term_is_let_go_by_something() -> None:
    assert set(GOES) == set(TERMS)
    assert {part.kind for part in retention_clock.PARTS} | {Kind.TRANSLATIONS} == set(TERMS)


@pytest.mark.parametrize("kind", TERMS)
def test_a_kind_goes_when_its_term_is_over_and_not_a_day_before(store: Store, kind: Kind) -> None:
    filled(store)
    places = [mark(*place.split(".")) for place in GOES[kind]]
    days = SCHEDULE[kind].days or 0
    before, after = (THEN.replace(hour=8) + timedelta(days=days + more) for more in (-1, 2))
    retention_clock.let_go(store, before)
    standing = words(store)
    assert [place for place in places if place not in standing] == []
    retention_clock.let_go(store, after)
    standing = words(store)
    assert [place for place in places if place in standing] == []


def test_figures_stay_whatever_goes(store: Store) -> None:
    made = filled(store)
    kept = (
        "visit",
        "run",
        "run_seat",
        "promise",
        "proposal",
        "digest",
        "digest_item",
        "triage",
        "service_request",
    )
    kept += (
        "service_step",
        "unit_request",
        "challenge",
        "protected_loss",
        "meeting",
        "mandate",
        "demand",
        "original",
    )
    kept += ("witness", "pulse", "pulse_ballot", "handover", "drift", "assignment", "person", "message")
    with store.begin() as tx:
        tx.execute(sqlalchemy.update(MessageRow).values(asked=False))
    while retention_clock.let_go(store, FAR):
        pass
    with store.read() as tx:
        for name in kept:
            table = SQLModel.metadata.tables[name]
            rows = tx.execute(sqlalchemy.select(table)).mappings().all()
            keys = [column.name for column in table.primary_key]
            assert any(all(row[key] == made[name][key] for key in keys) for row in rows), name
        visit = tx.get_one(VisitRow, made["visit"]["id"])
        assert (visit.status, visit.day, visit.minutes, visit.kind) == (
            "held",
            THEN.toordinal(),
            1,
            "walkthrough",
        )


def test_who_worked_with_whom_is_counted_as_before(store: Store) -> None:
    filled(store)

    def counted() -> list[str]:
        with store.read() as tx:
            days = {"start": THEN.date() - timedelta(days=9), "end": THEN.date() + timedelta(days=9)}
            return sorted(map(repr, ties.contacts(tx, **days, zone=ZoneInfo("America/New_York"))))

    before = counted()
    assert len(before) >= 6
    while retention_clock.let_go(store, FAR):
        pass
    assert counted() == before


def test_every_figure_is_as_before(store: Store) -> None:
    filled(store)

    def answers() -> dict[str, object]:
        with store.begin() as tx:
            executive = people.find_by_email(tx, email("ruth.castellanos"), on=NIGHT.date())
            assert executive is not None
            turn = Turn(tx=tx, person=executive, now=NIGHT, district=load_district(tx), key="test")
            return {asked: insight.ask(turn, asked, context=None) for asked in QUESTIONS}

    before = answers()
    assert sum("understood" in str(answer) for answer in before.values()) > 20
    while retention_clock.let_go(store, FAR):
        pass
    assert answers() == before


@pytest.mark.parametrize(
    ("kind", "table", "state"),
    [
        (Kind.COACHING, "run", {"state": "open"}),
        (Kind.COACHING, "run", {"state": "paused"}),
        (Kind.COACHING, "promise", {"state": "open"}),
        (Kind.COACHING, "proposal", {"state": "open"}),
        (Kind.VISIT_WORDS, "visit", {"status": "planned"}),
        (Kind.VISIT_WORDS, "witness", {"took_place": False}),  # the principal says otherwise: not settled
        (Kind.DIGEST_WORDS, "digest_item", {"state": "asked"}),
        (Kind.DIGEST_WORDS, "triage", {"decision": "hold"}),
        (Kind.DIGEST_WORDS, "triage", {"decision": "self", "done_at": None}),
        (Kind.REQUESTS, "service_request", {"state": "done"}),
        (Kind.REQUESTS, "unit_request", {"settled_at": None}),
        (Kind.REQUESTS, "challenge", {"answered_at": None}),
        (Kind.MESSAGES, "message", {"state": "queued"}),
        (Kind.MESSAGES, "message", {"state": "unknown"}),
        (Kind.PULSE_WORDS, "pulse", {"is_closed": False}),
        (Kind.SET_ASIDE, "page", {"state": "waiting"}),
    ],
)
def test_what_is_open_stays_however_old(store: Store, kind: Kind, table: str, state: dict[str, Any]) -> None:
    filled(store)
    with store.begin() as tx:
        tx.execute(sqlalchemy.update(SQLModel.metadata.tables[table]).values(**state))
    said = {"witness": "visit", "pulse": "pulse_line", "run": "run_event"}.get(table, table)
    while retention_clock.let_go(store, FAR):
        pass
    standing = words(store)
    of_table = [mark(*place.split(".")) for place in GOES[kind] if place.startswith(f"{said}.")]
    assert of_table
    assert [place for place in of_table if place not in standing] == []


def test_a_run_of_an_inquiry_that_is_open_stays_with_it(store: Store) -> None:
    made = filled(store)
    with store.begin() as tx:
        run = tx.get_one(RunRow, made["run"]["id"])
        inquiry = RunRow(
            protocol_key="pdsa",
            protocol_digest=run.protocol_digest,
            started_at=THEN,
            moved_at=THEN,
            state="open",
        )
        tx.add(inquiry)
        tx.flush()
        run.cycle_id = inquiry.id
    while retention_clock.let_go(store, FAR):
        pass
    assert mark("run_event", "body") in words(store)


# ---------------------------------------------------------------- holds


def hold(store: Store, **whom: Any) -> int:
    given = {"people": (), "schools": (), "starts": None, "ends": None} | whom
    with store.begin() as tx:
        return holds.put(tx, **given, because="a request", by=None, at=NIGHT)


def school(store: Store) -> int:
    with store.read() as tx:
        return tx.exec(select(SchoolRow.id).order_by(col(SchoolRow.id))).first() or 0


@pytest.mark.parametrize(
    ("whom", "is_held"),
    [
        (lambda store: {"people": [person(store)]}, True),
        (lambda store: {"schools": [school(store)]}, True),
        (lambda store: {}, True),
        (lambda store: {"people": [person(store)], "starts": THEN.date(), "ends": THEN.date()}, True),
        (lambda store: {"people": [person(store, "dev.patel")]}, False),
        (lambda store: {"people": [person(store)], "ends": THEN.date() - timedelta(days=1)}, False),
    ],
)
def test_nothing_under_hold_goes(
    store: Store, whom: Callable[[Store], dict[str, Any]], is_held: bool
) -> None:
    filled(store)
    number = hold(store, **whom(store))
    while retention_clock.let_go(store, FAR):
        pass
    made_again = (Kind.TRANSLATIONS,)
    places = [mark(*place.split(".")) for kind in TERMS if kind not in made_again for place in GOES[kind]]
    about_nobody = [mark("pulse_line", "text"), mark("original", "content")]
    standing = words(store)
    gone = [place for place in places if place not in standing]
    if is_held:
        assert gone == []
        with store.begin() as tx:
            assert holds.release(tx, number, because="answered", by=None, at=FAR)
            progress.look_anew(tx)
        while retention_clock.let_go(store, FAR + timedelta(days=1)):
            pass
        standing = words(store)
        assert [place for place in places if place in standing] == []
    else:
        assert [place for place in places if place not in about_nobody and place in standing] == []


def test_a_hold_on_a_school_reaches_whoever_led_or_accompanied_it_then(store: Store) -> None:
    hold(store, schools=[school(store)])
    with store.read() as tx:
        (found,) = holds.in_force(tx)
        names = {
            person.given_name for person in people.get_people(tx, found.people, on=NIGHT.date()).values()
        }
    assert names == {"Grace", "Imani"}


# ---------------------------------------------------------------- the pass


def test_the_pass_begins_at_one_o_clock_and_is_done_once_a_day(store: Store) -> None:
    filled(store)
    assert retention_clock.let_go(store, FAR.replace(hour=5)) == 0  # midnight in New York
    first = run_due(store, FAR, jobs=(("records_let_go", retention_clock.let_go),))
    assert first["records_let_go"] > 20
    assert first["failed"] == 0
    assert retention_clock.let_go(store, FAR + timedelta(hours=2)) == 0
    with store.read() as tx:
        found = tx.exec(select(AuditRow).where(AuditRow.action == "retention.let_go")).all()
        counts = {row.object: row.detail["count"] for row in found}
        assert counts["retention:coaching"] >= 3
        assert sum(counts.values()) == first["records_let_go"]
        assert all("zq" not in str(row.detail) for row in found)


def test_a_pass_that_is_broken_off_goes_on_where_it_stopped(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    many(store, 40)
    monkeypatch.setattr(retention_clock, "ROWS", 10)
    monkeypatch.setattr(retention_clock, "WINDOWS", 6)
    calls = 0
    (part,) = (part for part in retention_clock.PARTS if part.name == "messages")

    def dies(tx: Any, keys: Any, now: datetime) -> int:
        nonlocal calls
        calls += 1
        if calls == 3:
            raise RuntimeError
        return part.let_go(tx, keys, now)

    monkeypatch.setattr(retention_clock, "PARTS", (replace(part, let_go=dies),))
    with pytest.raises(RuntimeError):
        retention_clock.let_go(store, FAR)
    assert count(store, MessageRow) == 20
    retention_clock.let_go(store, FAR)
    assert count(store, MessageRow) == 0
    with store.read() as tx:
        found = tx.exec(select(AuditRow).where(AuditRow.action == "retention.let_go")).one()
    assert found.detail == {"count": 40}


def test_a_tick_does_so_many_windows_and_the_next_goes_on(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    many(store, 50)
    monkeypatch.setattr(retention_clock, "ROWS", 10)
    monkeypatch.setattr(retention_clock, "WINDOWS", 3)
    going = tuple(part for part in retention_clock.PARTS if part.name == "messages")
    monkeypatch.setattr(retention_clock, "PARTS", going)
    assert [retention_clock.let_go(store, FAR + timedelta(minutes=n)) for n in range(4)] == [30, 20, 0, 0]


def test_a_term_that_was_made_shorter_is_heeded_by_the_next_pass(store: Store) -> None:
    filled(store)
    year = THEN.replace(hour=8) + timedelta(days=400)
    retention_clock.let_go(store, year)
    assert mark("promise", "what") in words(store)
    with store.begin() as tx:
        progress.put_change(tx, Kind.COACHING, 365)
    retention_clock.let_go(store, year + timedelta(days=1))
    assert mark("promise", "what") not in words(store)


def test_who_releases_a_hold_while_a_pass_is_under_way_is_heeded(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the pass went by before is looked at anew by the next one; a term that is longer counts at once."""
    many(store, 40)
    monkeypatch.setattr(retention_clock, "ROWS", 10)
    (part,) = (part for part in retention_clock.PARTS if part.name == "messages")
    monkeypatch.setattr(retention_clock, "PARTS", (part,))
    real, pieces = retention_clock._piece, 0

    def piece(*given: Any) -> Any:
        nonlocal pieces
        pieces += 1
        if pieces == 3:
            with store.begin() as tx:
                progress.put_change(tx, Kind.COACHING, 2555)
                progress.put_change(tx, Kind.MESSAGES, 1095)
        return real(*given)

    monkeypatch.setattr(retention_clock, "_piece", piece)
    assert retention_clock.let_go(store, THEN.replace(hour=8) + timedelta(days=400)) == 20
    with store.read() as tx:
        known = progress.progress(tx)
    assert (known.is_done, known.anew, known.gone) == (True, 2, {"messages": 20})
    assert known.after.get("messages", 0) < min(left_of(store))


def left_of(store: Store) -> list[int]:
    with store.read() as tx:
        return [key or 0 for key in tx.exec(select(MessageRow.id))]


def test_two_clocks_share_a_pass(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    many(store, 40)
    monkeypatch.setattr(retention_clock, "ROWS", 10)
    (part,) = (part for part in retention_clock.PARTS if part.name == "messages")
    monkeypatch.setattr(retention_clock, "PARTS", (part,))
    real, other = retention_clock._piece, []

    def piece(*given: Any) -> Any:
        if not other:
            other.append(0)
            other[0] = retention_clock.let_go(store, FAR)  # another one does all of it meanwhile
        return real(*given)

    monkeypatch.setattr(retention_clock, "_piece", piece)
    assert retention_clock.let_go(store, FAR) + other[0] == 40
    with store.read() as tx:
        (log,) = tx.exec(select(AuditRow).where(AuditRow.action == "retention.let_go"))
    assert log.detail == {"count": 40}


# ---------------------------------------------------------------- messages


def many(store: Store, number: int, **values: Any) -> list[int]:
    """So many answers that were sent to Grace long ago."""
    grace = person(store)
    with store.begin() as tx:
        rows = [
            MessageRow(
                recipient_id=grace,
                kind=values.get("kind", "reply"),
                period=f"{n}",
                card='{"title":"words","blocks":[]}',
                asked=values.get("asked", True),
                state="sent",
                not_before=THEN,
                created_at=THEN,
                sent_at=THEN,
            )
            for n in range(number)
        ]
        tx.add_all(rows)
        tx.flush()
        return [row.id or 0 for row in rows]


def count(store: Store, table: type[SQLModel]) -> int:
    with store.read() as tx:
        return int(tx.execute(sqlalchemy.select(sqlalchemy.func.count()).select_from(table)).scalar_one())


def test_what_came_unasked_leaves_the_mark_that_it_was_said(store: Store) -> None:
    (key,) = many(store, 1, kind="overdue", asked=False)
    retention_clock.let_go(store, FAR)
    with store.begin() as tx:
        row = tx.get_one(MessageRow, key)
        assert row.card == NO_WORDS
        assert decode_card(row.card).title == ""
        again = outbox.put(
            tx, recipient_id=row.recipient_id, kind="overdue", period="0", card=NO_WORDS, asked=False,
            not_before=FAR, created_at=FAR,
        )  # fmt: skip
        assert again is None


def test_a_message_stays_as_a_place_while_something_younger_stands_there(store: Store) -> None:
    place, first, second = many(store, 3)
    with store.begin() as tx:
        tx.get_one(MessageRow, first).place_id = place
        younger = tx.get_one(MessageRow, second)
        younger.place_id, younger.created_at = place, FAR - timedelta(days=1)
    retention_clock.let_go(store, FAR)
    with store.read() as tx:
        left = {row.id: row.card for row in tx.exec(select(MessageRow))}
    assert left.keys() == {place, second}
    assert left[place] == NO_WORDS
    assert left[second] != NO_WORDS


def test_the_words_of_a_run_that_went_are_nowhere_and_it_still_counts(store: Store) -> None:
    made = filled(store)
    retention_clock.let_go(store, FAR)
    with store.read() as tx:
        run = tx.get_one(RunRow, made["run"]["id"])
        assert (run.state, run.let_go_at) == ("done", FAR)
        assert [event.body for event in tx.exec(select(RunEventRow))] == [""]
        promise = tx.get_one(PromiseRow, made["promise"]["id"])
        assert (promise.state, promise.what) == ("kept", "(no longer kept)")


def test_the_log_keeps_holds_and_deletions_for_good(store: Store) -> None:
    with store.begin() as tx:
        for action in ("hold.put", "person.forgotten", "retention.set", "visit.planned"):
            record.audit(tx, at=THEN, actor_id=None, action=action, object="x:1")
    retention_clock.let_go(store, FAR)
    with store.read() as tx:
        left = {row.action for row in tx.exec(select(AuditRow).where(AuditRow.object == "x:1"))}
    assert left == {"hold.put", "person.forgotten", "retention.set"}
    assert count(store, PersonRow) > 0
