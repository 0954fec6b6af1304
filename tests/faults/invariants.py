"""The outside checker: the platform's ledger against the database, in plain SQL and with rules of its own.

It imports nothing of the product, so a mistake in the product's rules is not repeated here. Each fault case ends in
``assert faults(...) == []``; ``test_invariants.py`` feeds it broken databases and sees that it names what is broken.

I1  nobody gets the same message twice, and nobody two digests of a week;
I2  whatever was to be said was said once and in time, or stands on the list of what failed or is in doubt;
I3  no meeting is booked into protected time;
I4  no visit is lost, and none counts twice;
I5  every change of state has its audit row.
"""

import json
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import Connection, create_engine, text

NOON = 12 * 60
WITHOUT_SCHOOL = ("holiday", "staff_day", "snow")
SETTLED = ("sent", "failed", "unknown", "dropped", "merged")


@dataclass(frozen=True, slots=True)
class Shown:
    """A message as the platform has it: whose chat, the bot's name for it and which part (Slack), the platform's own
    name for it, and its words."""

    who: str
    name: str
    part: int
    words: str
    reference: str = ""


@dataclass(frozen=True, slots=True)
class Expected:
    """What a case knows must be there. ``visits``: (school, day) of every held one; ``digests``: who reads one."""

    visits: Collection[tuple[str, date]] | None = None
    digests: Collection[str] | None = None
    kinds: Collection[str] = field(
        default_factory=tuple
    )  # only these kinds of messages; all, where none is named
    may_wait: bool = False  # something may be queued for later


def faults(url: str, shown: Sequence[Shown] | None = None, expected: Expected | None = None) -> list[str]:
    """Every breach of an invariant, in a sentence that begins with its name. ``shown`` None: no platform was there."""
    engine = create_engine(url)
    try:
        with engine.connect() as connection:
            wanted = expected or Expected()
            found = list(_digests(connection, wanted))
            if shown is not None:
                found += _twice(shown)
                found += _said(connection, shown, wanted)
            found += _booked(connection)
            found += _visits(connection, wanted)
            found += _audited(connection)
            return found
    finally:
        engine.dispose()


def _rows(connection: Connection, query: str, **values: Any) -> list[Any]:
    return list(connection.execute(text(query), values).mappings())


# -------------------------------------------------------------------- I1, I2


def _twice(shown: Sequence[Shown]) -> Iterator[str]:
    names = Counter((one.who, one.name, one.part) if one.name else (one.who, one.words) for one in shown)
    for name, count in names.items():
        if count > 1:
            yield f"I1: {name[0]} got {name[1][:40]!r} {count} times"


def _digests(connection: Connection, expected: Expected) -> Iterator[str]:
    rows = _rows(
        connection,
        "SELECT p.email, d.week, count(*) AS n FROM digest d JOIN person p ON p.id = d.principal_id GROUP BY 1, 2",
    )
    for row in rows:
        if row["n"] > 1:
            yield f"I1: {row['email']} has {row['n']} digests of {row['week']}"
    if expected.digests is not None:
        for email in sorted(set(expected.digests) - {row["email"] for row in rows}):
            yield f"I2: {email} has no digest"
    orphans = _rows(
        connection,
        "SELECT d.id FROM digest d LEFT JOIN message m ON m.id = d.message_id WHERE m.id IS NULL",
    )
    for row in orphans:
        yield f"I2: digest {row['id']} is in no message"


def _said(connection: Connection, shown: Sequence[Shown], expected: Expected) -> Iterator[str]:
    rows = _rows(
        connection,
        "SELECT m.id, m.kind, m.state, m.why, m.platform_ref, m.sent_at, m.expires_at, p.email,"
        " coalesce(m.place_id, m.id) AS place FROM message m JOIN person p ON p.id = m.recipient_id ORDER BY m.id",
    )
    # What stands at a place now is its newest state; the older ones were changed, or taken away for it.
    newest = {row["place"]: row["id"] for row in rows if row["state"] == "sent"}
    there = Counter((one.who, one.reference) for one in shown)
    known: set[tuple[str, str]] = set()
    doubted: set[str] = set()
    for row in rows:
        parts = _json(row["platform_ref"]).get("parts", [])
        known |= {(row["email"], part) for part in parts}
        if row["state"] in ("failed", "unknown"):
            doubted.add(row["email"])
        if expected.kinds and row["kind"] not in expected.kinds:
            continue
        name = f"message {row['id']} ({row['kind']}) to {row['email']}"
        if row["state"] not in SETTLED and not (expected.may_wait and row["state"] == "queued"):
            yield f"I2: {name} is still {row['state']}"
        if row["state"] == "sent" and newest[row["place"]] == row["id"]:
            if not parts or any(not there[row["email"], part] for part in parts):
                yield f"I2: {name} counts as sent and is not there"
            if row["expires_at"] is not None and str(row["sent_at"]) > str(row["expires_at"]):
                yield f"I2: {name} came after it was of use"
        if row["state"] in ("failed", "unknown") and not row["why"]:
            yield f"I2: {name} is {row['state']} without a reason"
    for one in shown:
        if one.reference and (one.who, one.reference) not in known and one.who not in doubted:
            yield f"I2: {one.who} reads {one.words[:40]!r} and no message of the outbox knows of it"


def _json(value: Any) -> dict[str, Any]:
    found = json.loads(value) if isinstance(value, str) else value
    return found if isinstance(found, dict) else {}


# -------------------------------------------------------------------- I3


def _booked(connection: Connection) -> Iterator[str]:
    meetings = _rows(connection, "SELECT * FROM meeting WHERE state = 'booked'")
    if not meetings:
        return
    rules = _rows(connection, "SELECT * FROM protected_rule")
    openings = _rows(connection, "SELECT * FROM protected_opening")
    closures = _rows(connection, "SELECT kind, starts, ends FROM closure WHERE scope = 'all'")
    changed = _rows(connection, "SELECT max(id) AS last FROM audit WHERE action = 'protected_time.changed'")[
        0
    ]["last"]
    for meeting in meetings:
        booked = _rows(
            connection,
            "SELECT max(id) AS last FROM audit WHERE object = :object AND action = 'meeting.booked'",
            object=f"meeting:{meeting['id']}",
        )[0]["last"]
        if changed is not None and booked is not None and booked < changed:
            continue  # it was there first; the change named it before it was put in force
        day = _day(meeting["day"])
        kinds = {one["kind"] for one in closures if _day(one["starts"]) <= day <= _day(one["ends"])}
        if kinds & set(WITHOUT_SCHOOL) and "as_usual" not in kinds:
            continue
        for rule in rules:
            if _meets(connection, meeting, rule, day) and not any(_opens(one, rule, day) for one in openings):
                yield f"I3: meeting {meeting['id']} is booked into the protected {rule['half']} of {day}"


def _meets(connection: Connection, meeting: Any, rule: Any, day: date) -> bool:
    if day.weekday() != rule["weekday"] or _day(rule["starts"]) > day:
        return False
    if rule["ends"] is not None and _day(rule["ends"]) < day:
        return False
    begins, ends = (0, NOON) if rule["half"] == "am" else (NOON, 24 * 60)
    if not (meeting["starts"] < ends and meeting["starts"] + meeting["minutes"] > begins):
        return False
    return rule["scope"] in _scopes(connection, meeting["audience"])


def _scopes(connection: Connection, audience: str) -> set[str]:
    """The scopes of rules that concern those a meeting is for."""
    kind, _, name = audience.partition(":")
    role = "role:ild" if kind == "ilds" else "role:principal"
    found = {"all", role}
    if kind == "network":
        return found | {f"network:{name}"}
    where = {"school": "s.id = :name", "level": "s.level = :name"}.get(kind, "true")
    value: Any = int(name) if kind == "school" else name
    rows = _rows(
        connection,
        f"SELECT DISTINCT a.network FROM assignment a JOIN school s ON s.id = a.school_id WHERE {where}",
        **({"name": value} if where != "true" else {}),
    )
    return found | {f"network:{row['network']}" for row in rows}


def _opens(opening: Any, rule: Any, day: date) -> bool:
    is_then = _day(opening["starts"]) <= day <= _day(opening["ends"])
    return is_then and opening["half"] in (None, rule["half"]) and opening["scope"] in ("all", rule["scope"])


def _day(value: Any) -> date:
    return value if isinstance(value, date) else date.fromisoformat(str(value)[:10])


# -------------------------------------------------------------------- I4


def _visits(connection: Connection, expected: Expected) -> Iterator[str]:
    held = _rows(
        connection,
        "SELECT v.id, v.day, v.half, v.starts, v.kind, v.ild_id, s.name FROM visit v"
        " JOIN school s ON s.id = v.school_id WHERE v.status = 'held'",
    )
    places = Counter(
        (row["name"], row["day"], row["ild_id"], row["half"], row["starts"], row["kind"]) for row in held
    )
    for (school, day, *_how), count in places.items():
        if count > 1:
            yield f"I4: the visit of {date.fromordinal(day)} at {school} counts {count} times"
    if expected.visits is not None:
        there = Counter((row["name"], date.fromordinal(row["day"])) for row in held)
        wanted = Counter(expected.visits)
        for school, day in sorted((wanted - there).elements()):
            yield f"I4: the visit of {day} at {school} is lost"
        for school, day in sorted((there - wanted).elements()):
            yield f"I4: the visit of {day} at {school} was never made"
    runs = _rows(
        connection,
        "SELECT r.id, r.visit_id, v.status FROM run r LEFT JOIN visit v ON v.id = r.visit_id"
        " WHERE r.state = 'done' AND r.counts_as <> ''",
    )
    for row in runs:
        if row["status"] != "held":
            yield f"I4: run {row['id']} ended and its visit does not count"
    for visit_id, count in Counter(row["visit_id"] for row in runs).items():
        if count > 1:
            yield f"I4: visit {visit_id} belongs to {count} runs"


# -------------------------------------------------------------------- I5

_STATES: dict[str, tuple[str, dict[str, str]]] = {
    "run": ("state", {"": "run.started", "done": "run.ended", "abandoned": "run.abandoned"}),
    "meeting": ("state", {"booked": "meeting.booked", "overridden": "meeting.overridden"}),
    "visit": ("status", {"cancelled": "visit.cancelled"}),
    "policy_change": ("state", {"in_force": "protected_time.changed"}),
    "digest": ("week", {"": "digest.sent"}),
    "mandate": ("version", {"": "mandate.received"}),
    "promise": ("state", {"": "promise.made"}),
}
"""Of a table: the column of its state, and the action that each state was reached by; ``""`` is: written at all."""
_ONCE = ("run.started", "run.ended", "digest.sent", "mandate.received", "promise.made", "visit.held")


def _audited(connection: Connection) -> Iterator[str]:
    rows = _rows(connection, "SELECT action, object, detail FROM audit")
    done = Counter((row["object"], row["action"]) for row in rows)
    for table, (column, states) in _STATES.items():
        for row in _rows(connection, f"SELECT id, {column} AS state FROM {table}"):
            for state, action in states.items():
                if state in ("", str(row["state"])) and not done[f"{table}:{row['id']}", action]:
                    yield f"I5: {table} {row['id']} has no audit row {action}"
    for (place, action), count in done.items():
        if action in _ONCE and count > 1:
            yield f"I5: {place} has {count} audit rows {action}"
    for row in _rows(connection, "SELECT demand_id FROM triage"):
        if not done[f"demand:{row['demand_id']}", "triage.decided"]:
            yield f"I5: what was decided about demand {row['demand_id']} has no audit row"
    imported = sum(
        int(_json(row["detail"]).get("added", 0)) for row in rows if row["action"] == "visits_imported"
    )
    known = {row["object"] for row in rows}
    bare = [
        row["id"]
        for row in _rows(connection, "SELECT id FROM visit ORDER BY id")
        if f"visit:{row['id']}" not in known
    ]
    if len(bare) > imported:
        yield f"I5: {len(bare)} visits have no audit row and {imported} were imported"
