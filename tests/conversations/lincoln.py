"""What has happened so far between the principal and the ILD of Lincoln Middle: visits, promises, runs."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from handlers.district import load_district
from handlers.memory.threads import opening_lines
from handlers.turn import Turn
from protocols.cadence.calendar import Half
from protocols.guided.catalog import library
from protocols.guided.engine import begin
from protocols.guided.steps import Role, seat_key
from storage import people, promises, runs, visits
from storage.database import Store, Tx
from storage.people import School
from tests.chat import Chat, Speaker
from tests.conversations.test_visits import person_id, school_id
from tests.district import NOW, email

FRIDAY = date(2026, 12, 11)
NOTES = "Three feedback notes, each quoting one student"
ZONE = ZoneInfo("America/New_York")


def promise(
    store: Store,
    owner: str = "grace.lindqvist",
    what: str = NOTES,
    *,
    by_when: date = FRIDAY,
    at: str = "2026-12-01 10:00",
) -> int:
    with store.begin() as tx:
        return promises.add(
            tx,
            run_id=None,
            visit_id=None,
            school_id=school_id(store, "Lincoln Middle"),
            owner_id=person_id(store, owner),
            what=what,
            by_when=by_when,
            evidence="the notes",
            at=local(at),
        )


def held(
    store: Store, day: date, *, school: str = "Lincoln Middle", kind: str = "walkthrough", step: bool = True
) -> int:
    with store.begin() as tx:
        visit_id = visits.record_held(
            tx,
            school_id=school_id(store, school),
            ild_id=person_id(store, "imani.brooks"),
            day=day,
            half=Half.AM,
            kind=kind,
            minutes=50,
            at=NOW,
        )
        if step:
            visits.note_next_step(tx, visit_id)
    return visit_id


def run_of(store: Store, key: str, *, at: str, visit_id: int | None = None) -> int:
    protocol, when = library()[key], local(at)
    seats = {
        seat_key(Role.HOST): person_id(store, "grace.lindqvist"),
        seat_key(Role.VISITOR): person_id(store, "imani.brooks"),
    }
    with store.begin() as tx:
        return runs.begin(
            tx,
            protocol,
            begin(protocol, at=when, seats=tuple(seats)),
            school_id=school_id(store, "Lincoln Middle"),
            visit_id=visit_id,
            people=seats,
            person_id=seats[seat_key(Role.VISITOR)],
            at=when,
        )


def inquiry(chat: Chat, grace: Speaker, *, at: str = "2026-12-01 10:00") -> int:
    """An open cycle of inquiry, its problem put into words."""
    run_id = run_of(chat.store, "cycle_of_inquiry", at=at)
    grace.says("resume")
    if "Problem of practice" not in grace.last_words():
        grace.presses("Go on")
    grace.says("I rarely look at whether students explain their thinking, so my teachers rarely plan for it.")
    if "[Keep it as it is]" in grace.last_words():
        grace.presses("Keep it as it is")
    return run_id


def local(at: str) -> datetime:
    return datetime.fromisoformat(at).replace(tzinfo=ZONE)


def turn_of(tx: Tx, chat: Chat, name: str) -> tuple[Turn, School]:
    person = people.find_by_email(tx, email(name), on=FRIDAY)
    school = people.school_on(tx, school_id(chat.store, "Lincoln Middle"), FRIDAY)
    assert person is not None
    assert school is not None
    return Turn(tx, person, chat.now, load_district(tx), "t"), school


def opening_for(chat: Chat, name: str) -> list[str]:
    with chat.store.read() as tx:
        turn, school = turn_of(tx, chat, name)
        return [f"{line.lead} {line.text}" for line in opening_lines(turn, school)]
