"""The retention schedule in chat: what is kept how long and why, and what the district changes of it."""

import re

from handlers import audit_trail
from handlers.cards import Card, Item, Items, Table, Text, plain
from handlers.errors import UserError
from handlers.permissions import Right, require
from handlers.turn import Cards, Command, Topic, Turn
from protocols.cadence.moments import say_day
from protocols.keeping.schedule import (
    SCHEDULE,
    Kind,
    TermFault,
    check_change,
    days_of,
    read_days,
    read_kind,
    say_bounds,
    say_days,
)
from storage.keeping import holds, progress
from storage.people import Role

OBJECT = "retention"


def show(turn: Turn, _match: re.Match[str]) -> Cards:
    """The schedule as a table, with what the district changed, and what the last night's pass let go."""
    require(turn.person, Right.SET_RETENTION, object=OBJECT)
    changes = progress.changes(turn.tx)
    rows = tuple(
        (
            kind.value.capitalize(),
            say_days(days_of(kind, changes)) + (" (yours)" if kind.value in changes else ""),
            say_bounds(term),
            term.goes,
        )
        for kind, term in SCHEDULE.items()
    )
    in_force = len(holds.rows(turn.tx))
    held = (
        f"{in_force} {'hold is' if in_force == 1 else 'holds are'} in force"
        if in_force
        else "No hold is in force"
    )
    return [
        Card(
            "How long what is kept is kept",
            (
                Text("Words go, figures stay. What is open, unsettled or under hold stays, however old."),
                Table(("Kind", "Kept", "You may set", "What goes"), rows, caption="The retention schedule"),
                Text(f"{held}. {_last(turn)}"),
                Text("“retention coaching” says why; “keep coaching 2 years” changes it.", quiet=True),
            ),
        )
    ]


def _last(turn: Turn) -> str:
    known = progress.progress(turn.tx)
    if known.day is None:
        return "Nothing was let go yet: the first pass is tonight, from 1:00."
    when = say_day(known.day, turn.today)
    if not known.gone:
        return f"The last pass, {when}, found nothing to let go."
    said = ", ".join(f"{kind} {count:,}" for kind, count in sorted(known.gone.items()))
    return f"Let go {when}: {said}." if known.is_done else f"Let go {when} so far: {said}."


def show_one(turn: Turn, match: re.Match[str]) -> Cards:
    """One kind: what it is, from when, what goes and stays, and why."""
    require(turn.person, Right.SET_RETENTION, object=OBJECT)
    kind = _kind(match["kind"])
    term = SCHEDULE[kind]
    kept = say_days(days_of(kind, progress.changes(turn.tx)))
    bounds = f" You may set {say_bounds(term)}." if term.may_change else " That is fixed."
    items = (
        Item(f"{kept}, from when {term.since}.{bounds}", lead="Kept:"),
        Item(f"{term.goes}.", lead="Goes:"),
        Item(f"{term.stays}.", lead="Stays:"),
        Item(term.why, lead="Why:"),
    )
    return [Card(kind.value.capitalize(), (Text(term.what), Items(items)))]


def change(turn: Turn, match: re.Match[str]) -> Cards | None:
    """Keep a kind for so long; None where the words are about nothing that is kept."""
    kind = read_kind(match["kind"])
    if kind is None:
        return None
    require(turn.person, Right.SET_RETENTION, object=OBJECT)
    changes = progress.changes(turn.tx)
    days: int | None = None
    if match["number"]:
        days = read_days(int(match["number"]), match["unit"])
        try:
            check_change(kind, days, changes)
        except TermFault as fault:
            raise UserError(str(fault)) from None
    elif not SCHEDULE[kind].may_change:
        raise UserError(f"That is as it always was, {kind.value}: {_for(SCHEDULE[kind].days)}.")
    before = days_of(kind, changes)
    progress.put_change(turn.tx, kind, days)
    after = days_of(kind, progress.changes(turn.tx))
    audit_trail.write(turn, "retention.set", f"{OBJECT}:{kind.value}", before=before, after=after)
    if after == before:
        return [plain(f"Nothing changes. For {kind.value} it stays at {say_days(after)}.")]
    is_shorter = after is not None and before is not None and after < before
    way = (
        "What is older goes at the next pass, tomorrow from 1:00 at the latest; until then you can take it back."
        if is_shorter
        else "What was let go before does not come back."
    )
    return [plain(f"From now on, {kind.value}: {_for(after)}; before it was {say_days(before)}. {way}")]


def _for(days: int | None) -> str:
    return "for good" if days is None else f"for {say_days(days)}"


def _kind(words: str) -> Kind:
    kind = read_kind(words)
    if kind is None:
        raise UserError(f"I keep nothing called “{words.strip()}”. Write “retention” to see what is kept.")
    return kind


_ADMINISTRATORS = frozenset({Role.ADMINISTRATOR})

TOPIC = Topic(
    name="retention",
    commands=(
        Command(
            re.compile(r"(?:show )?(?:the )?retention(?: schedule)?", re.IGNORECASE),
            show,
            example="retention",
            what="How long what is kept is kept, and what was let go last.",
            roles=_ADMINISTRATORS,
        ),
        Command(
            re.compile(r"(?:show )?retention (?:of |for )?(?P<kind>.+)", re.IGNORECASE),
            show_one,
            example="retention coaching",
            what="One kind of record: from when, what goes, what stays and why.",
            roles=_ADMINISTRATORS,
        ),
        Command(
            re.compile(
                r"keep (?P<kind>[a-z ]+?) (?:for )?(?:(?P<number>\d{1,5}) (?P<unit>days?|months?|years?)|as usual)",
                re.IGNORECASE,
            ),
            change,
            example="keep messages 6 months",
            what="Set how long a kind is kept, within its range; “keep messages as usual” takes it back.",
            roles=_ADMINISTRATORS,
        ),
    ),
)
