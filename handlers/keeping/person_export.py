"""All that is kept by somebody or about them, as sheets and pages, under the same rights as in the chat.

What a table holds of a person is declared in ``storage/keeping``; here it is put into words that can be read. Somebody
else's words are in it only where the person reads them in the chat, too: a conversation's page is made by the same
module that makes it there. Secrets (addresses of calendars and feeds, tokens) are never in it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from handlers.card_codec import decode_card
from handlers.cards import Card, Chart, Download, Field, Items, Quote, Table, Text
from handlers.errors import UserError
from handlers.guided import run_pages
from handlers.guided.run_seats import reader_seat
from handlers.permissions import Right, Subject, may, require
from handlers.turn import Turn
from protocols.cadence.day_minutes import time_of_day
from protocols.cadence.moments import say_time
from protocols.guided.events import Event
from protocols.guided.print import html
from storage import people
from storage.keeping import every_table, person_rows
from storage.keeping.every_table import DECLARED, OWN_SETTINGS, OwnRow

ORDINAL_DAYS = frozenset({"visit", "busy_stretch", "protected_loss"})
"""Tables whose day is a number."""
MINUTES = frozenset({"starts", "ends", "works_from", "works_to", "quiet_from", "quiet_to"})
"""Columns that are minutes since local midnight where they are numbers."""
CLOSED = "(of a school that is not open to you now)"
LOOKED_UP = "What was done with your record"


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table of the export: rows of plain values under the names of columns."""

    key: str
    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]


@dataclass(frozen=True, slots=True)
class PersonalExport:
    """``pages`` are conversations to read, by the name of their file; ``closed`` is how many the person took part in
    and may not read as a whole any more."""

    name: str
    made_at: datetime
    sheets: tuple[Sheet, ...]
    pages: Mapping[str, str]
    closed: int


def gather(turn: Turn) -> PersonalExport:
    """All that is kept by or about the person whose turn it is. Somebody who has left gets their own rows."""
    person = turn.person
    if person.active:
        require(
            person,
            Right.EXPORT_PERSON,
            Subject(owner_ids=frozenset({person.id})),
            object=f"person:{person.id}",
        )
    sheets = [_sheet(turn, name) for name in DECLARED]
    sheets += [_settings(turn), _school_visits(turn), _looks(turn)]
    pages, closed = _pages(turn)
    return PersonalExport(
        name=person.name,
        made_at=turn.now,
        sheets=tuple(sheet for sheet in sheets if sheet.rows),
        pages=pages,
        closed=closed,
    )


def _sheet(turn: Turn, name: str) -> Sheet:
    declared = DECLARED[name]
    found = every_table.rows_of(turn.tx, name, turn.person.id)
    open_to = _schools_open_to(turn) if declared.theirs else frozenset()
    rows = [_plain(turn, name, _as_open(turn, row, declared.theirs, open_to)) for row in found]
    schools = person_rows.school_names(turn.tx)
    demands = person_rows.headlines(turn.tx, {row["demand_id"] for row in rows if row.get("demand_id")})
    named: Mapping[str, tuple[str, Mapping[int, str]]] = {
        "school_id": ("school", schools),
        "demand_id": ("demand", demands),
    }
    columns = tuple(named[column][0] if column in named else column for column in declared.shown)
    return Sheet(
        name,
        declared.says,
        tuple(column.strip("_").replace("_", " ") for column in columns),
        tuple(
            tuple(
                named[column][1].get(value, value) if column in named else value
                for column, value in row.items()
            )
            for row in rows
        ),
    )


def _schools_open_to(turn: Turn) -> frozenset[int]:
    """The schools of which the person may read what is said, today."""
    schools = people.schools_on(turn.tx, turn.today)
    return frozenset(one.id for one in schools if may(turn.person, Right.SEE_RUN, Subject(school=one)))


def _as_open(turn: Turn, row: OwnRow, theirs: tuple[str, ...], open_to: frozenset[int]) -> dict[str, Any]:
    """The row without what may be another's words, unless it is the person's as a principal, or its school is open to
    them. What is left out says so."""
    if not theirs or row.principal_id == turn.person.id or row.school_id in open_to:
        return row.shown
    return {column: CLOSED if column in theirs and value else value for column, value in row.shown.items()}


def _plain(turn: Turn, table: str, row: Mapping[str, Any]) -> dict[str, Any]:
    """The row in values that a person reads: days and times instead of numbers, words instead of cards."""
    found: dict[str, Any] = {}
    for column, value in row.items():
        if column == "day" and table in ORDINAL_DAYS:
            found[column] = date.fromordinal(value).isoformat()
        elif column in MINUTES and isinstance(value, int):
            found[column] = say_time(time_of_day(value))
        elif table == "message" and column == "card":
            found[column] = words_of(decode_card(value))
        elif table == "run_event" and column == "body":
            found[column] = _event_words(value)
        elif isinstance(value, datetime):
            found[column] = value.astimezone(turn.zone).isoformat(timespec="minutes")
        elif isinstance(value, date):
            found[column] = value.isoformat()
        else:
            found[column] = value
    return found


def _event_words(body: str) -> str:
    event = Event.from_json(body)
    said = " ".join(filter(None, (event.text, *event.data.values()))) if event.text else ""
    return f"{event.kind}: {said}" if said else str(event.kind)


def words_of(card: Card) -> str:
    """What a card says, as plain text; files and charts by their names."""
    lines = [card.title]
    for block in card.blocks:
        match block:
            case Text(text=text, lead=lead):
                lines.append(f"{lead} {text}".strip())
            case Quote(text=text, source=source):
                lines.append(f"“{text}” {source}".strip())
            case Items(items=items, title=title):
                lines += [title, *(f"- {one.lead} {one.text} {one.detail}".strip() for one in items)]
            case Table(columns=columns, rows=rows, caption=caption):
                lines += [caption, " | ".join(columns), *(" | ".join(row) for row in rows)]
            case Chart(alternative=alternative):
                lines.append(alternative)
            case Download(name=name):
                lines.append(name)
            case Field(label=label):
                lines.append(label)
            case _:
                pass  # buttons say what can be done, not what was said
    return "\n".join(line for line in lines if line)


# ---------------------------------------------------------------- what no single table says


def _settings(turn: Turn) -> Sheet:
    rows = tuple(
        (next(says for prefix, says in OWN_SETTINGS.items() if name.startswith(prefix)), str(value))
        for name, value in every_table.settings_of(turn.tx, turn.person.id).items()
    )
    return Sheet("own_settings", "What else you have set", ("what", "value"), rows)


def _school_visits(turn: Turn) -> Sheet:
    """Visits at the school one leads, and what one said of their use."""
    rows = []
    for school in people.schools_on(turn.tx, turn.today, principal_id=turn.person.id):
        if not may(turn.person, Right.SEE_VISITS, Subject(school=school)):
            continue
        since = person_rows.leads_since(turn.tx, school.id, turn.person.id)
        for row in person_rows.visits_at(turn.tx, school.id, since=since):
            rows.append((school.name, date.fromordinal(row[0]).isoformat(), *row[1:]))
    columns = ("school", "day", "half", "minutes", "kind", "status", "useful (1 to 4)")
    return Sheet("school_visits", "Visits at your school", columns, tuple(rows))


def _looks(turn: Turn) -> Sheet:
    """What others did with the person's own record; who, by name, as the chat says it, too."""
    owner = Subject(owner_ids=frozenset({turn.person.id}))
    if turn.person.active and not may(turn.person, Right.SEE_AUDIT, owner):
        return Sheet("about_you", LOOKED_UP, (), ())
    found = person_rows.audit_about(turn.tx, turn.person.id)
    names = people.get_people(turn.tx, {actor for _, actor, _ in found if actor is not None}, on=turn.today)
    rows = tuple(
        (
            at.astimezone(turn.zone).isoformat(timespec="minutes"),
            names[actor].name if actor in names else "the bot, or at the terminal",
            action,
        )
        for at, actor, action in found
    )
    return Sheet("about_you", LOOKED_UP, ("at", "who", "what"), rows)


def _pages(turn: Turn) -> tuple[dict[str, str], int]:
    """The conversations one took part in, as one may read them today."""
    pages: dict[str, str] = {}
    closed = 0
    for run_id in person_rows.runs_of(turn.tx, turn.person.id):
        try:
            seat, viewer = reader_seat(turn, run_id)
        except UserError:
            closed += 1  # handed over, moved to another network, or gone by its term
            continue
        page = run_pages.make(turn, seat, viewer)
        pages[f"{seat.run.protocol.key}-{run_id}.html"] = html.to_html(page)
    return pages, closed
