"""The school calendar in chat: what comes next, and its changes by the administrator.

A change is written as a sentence ("snow day", "early release Friday at 12:30") and shows first what it does; one
press puts it in force. Visits that cannot be held then are off, and those concerned know. Everybody may ask what
comes next; only the administrator sees which source says so.
"""

import re
from dataclasses import replace
from datetime import date, timedelta
from functools import partial

from handlers import audit_trail
from handlers.actions import Action, act
from handlers.cadence.visit_changes import say_closure
from handlers.calendars import calendar_feeds
from handlers.calendars.calendar_effects import Effect, call_off, effect_blocks, foresee
from handlers.calendars.reopening import offer_back
from handlers.cards import Block, Button, Buttons, Card, Emphasis, Item, Items, Text, plain
from handlers.errors import StaleError, UserError
from handlers.permissions import Right, may, require
from handlers.turn import Cards, Command, Topic, Turn, Values
from protocols.cadence.calendar import DISTRICT_WIDE, Closure, ClosureKind
from protocols.cadence.calendar_edits import CalendarEdit, scopes_of
from protocols.cadence.calendar_end import find_gap
from protocols.cadence.calendar_words import (
    CLOSING_WORDS,
    PERIOD_WORDS,
    REOPENING_WORDS,
    TIMED_WORDS,
    WordsFault,
    read_calendar_words,
)
from protocols.cadence.moments import say_day
from storage import calendar, people
from storage import calendar_feeds as kept
from storage.people import Role
from storage.tables import CalendarFeedRow

SHOWN_AHEAD = timedelta(days=120)
MOST_SHOWN = 8
BY_OF = {ClosureKind.SNOW: "weather"}
"""Who takes a visit away, as cancellations have it; every other closure is the central office's."""

# ---------------------------------------------------------------- showing


def _show(turn: Turn, _match: re.Match[str]) -> Cards:
    known = turn.district.calendar
    is_keeper = may(turn.person, Right.MANAGE_CALENDAR)
    blocks: list[Block] = []
    year, term = known.year_of(turn.today), known.term_of(turn.today)
    if year is not None:
        left = known.count_school_days(turn.today, year.ends)
        ends = f"School year {year.label} runs to {say_day(year.ends, turn.today)}: {_count(left, 'school day')} left."
        said_term = f" {term.label} ends {say_day(term.ends, turn.today)}." if term else ""
        blocks.append(Text(ends + said_term))
    else:
        following = min(
            (one for one in known.years if one.starts > turn.today), key=lambda o: o.starts, default=None
        )
        begins = f" {following.label} begins {say_day(following.starts, turn.today)}." if following else ""
        blocks.append(Text(f"Today is in no school year.{begins}"))
    ahead = calendar.sources_of(turn.tx, turn.today, turn.today + SHOWN_AHEAD)
    feeds = {kept.source_of(row.id or 0): row for row in kept.feeds(turn.tx)} if is_keeper else {}
    if ahead:
        items = tuple(
            Item(
                _say_what(turn, closure),
                lead=say_days(closure.starts, closure.ends, turn.today),
                detail=_say_source(source, feeds) if is_keeper else "",
            )
            for closure, source in ahead[:MOST_SHOWN]
        )
        blocks.append(Items(items, title="Not as usual"))
        if len(ahead) > MOST_SHOWN:
            blocks.append(Text(f"{len(ahead) - MOST_SHOWN} more in the next four months.", quiet=True))
    else:
        blocks.append(Text("Nothing out of the ordinary is known for the next four months."))
    if is_keeper:
        if gap := find_gap(known, turn.today):
            blocks.append(Text(gap.sentence(turn.today)))
        if feeds:
            blocks.append(
                Items(tuple(_feed_item(turn, row) for row in feeds.values()), title="Read every hour")
            )
    return [Card("School calendar", tuple(blocks))]


def _say_what(turn: Turn, closure: Closure) -> str:
    whom = "" if closure.scope == DISTRICT_WIDE else f", {_say_scope(turn, closure.scope)} only"
    return say_closure(closure) + whom


def _say_source(source: str, feeds: dict[str, CalendarFeedRow]) -> str:
    if source == calendar.FROM_CHAT:
        return "Said in chat."
    if source in feeds:
        return f"From {feeds[source].host}."
    return "From a calendar that is no longer read." if source.startswith("feed:") else f"From {source}."


def _feed_item(turn: Turn, row: CalendarFeedRow) -> Item:
    taken = (
        f"last change taken {say_day(row.taken_at.astimezone(turn.zone).date(), turn.today)}"
        if row.taken_at
        else "nothing taken yet"
    )
    state = f"cannot be read at present; {taken}" if row.failures else taken
    return Item(
        state,
        lead=row.host,
        buttons=(
            Button("Read it now", act("calendar.read", feed=row.id or 0)),
            Button("Stop reading it", act("calendar.stop", feed=row.id or 0)),
        ),
    )


def say_days(starts: date, ends: date, today: date) -> str:
    """ "Thu 3 Dec" or "Thu 3 Dec to Sat 5 Dec" """
    first = say_day(starts, today)
    return first if starts == ends else f"{first} to {say_day(ends, today)}"


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" + ("" if number == 1 else "s")


# ---------------------------------------------------------------- changing


def _change_words(turn: Turn, match: re.Match[str]) -> Cards:
    """A change of the calendar in words: what it would do, with *Put in force* and *Leave it*."""
    require(turn.person, Right.MANAGE_CALENDAR, object="calendar")
    try:
        read = read_calendar_words(match[0], turn.now.astimezone(turn.district.zone).date())
    except WordsFault as fault:
        raise UserError(str(fault)) from None
    assert read is not None  # the commands' patterns are those of the reading
    scope = _scope(turn, read.whom)
    closures = tuple(
        Closure(one.starts, one.ends, one.kind, one.title, one.at, scope) for one in read.closures
    )
    edit = CalendarEdit(closures, read.years, read.terms)
    effect = _foresee(turn, edit)
    _refuse_nothing(turn, edit, effect)
    change_id = kept.propose(turn.tx, edit, person_id=turn.person.id, at=turn.now)
    return [_preview(turn, edit, effect, change_id)]


def _foresee(turn: Turn, edit: CalendarEdit) -> Effect:
    return foresee(
        turn.tx,
        turn.district,
        partial(calendar.put_edit, edit=edit),
        now=turn.now,
        scopes=scopes_of(edit.closures),
    )


def _refuse_nothing(turn: Turn, edit: CalendarEdit, effect: Effect) -> None:
    """Raises where the change changes no day, with the reason."""
    known = turn.district.calendar
    for closure in edit.closures:
        when = say_days(closure.starts, closure.ends, turn.today)
        is_open = closure.kind is ClosureKind.AS_USUAL
        days = [closure.starts + timedelta(days=n) for n in range((closure.ends - closure.starts).days + 1)]
        if all(day.weekday() >= 5 for day in days):
            why = "Schools are open from Monday to Friday." if is_open else "There is no school anyway."
            raise UserError(f"{when} is a weekend. {why}")
        if not any(known.year_of(day) for day in days):
            raise UserError(
                f"{when} is in no school year I know. Write: school year 2027-28 from 7 September to 24 June."
            )
        if closure.scope == DISTRICT_WIDE and is_open and effect.difference.is_nothing:
            raise UserError(f"{when} is an ordinary school day already.")
        if closure.scope == DISTRICT_WIDE and closure.kind.closes_school and not effect.difference.lost:
            shut = known.closure_on(days[0])
            raise UserError(f"There is no school on {when} anyway" + (f": {shut.title}." if shut else "."))


def _preview(turn: Turn, edit: CalendarEdit, effect: Effect, change_id: int) -> Card:
    blocks: list[Block] = [*effect_blocks(effect, turn.today)]
    if effect.fallen:
        blocks.append(
            Text(
                "Their ILDs and principals are told, those of today at once, with the next free half-days.",
                quiet=True,
            )
        )
    blocks.append(Buttons(put_buttons(change_id)))
    return Card(say_edit(turn, edit), tuple(blocks))


def put_buttons(change_id: int) -> tuple[Button, ...]:
    """What can be done with a change that is shown."""
    return (
        Button("Put in force", act("calendar.put", change=change_id), Emphasis.PRIMARY),
        Button("Leave it", act("calendar.leave", change=change_id)),
    )


def say_edit(turn: Turn, edit: CalendarEdit) -> str:
    """What somebody said, in one line: "Snow day, Tue 1 Dec"."""
    said = [f"{_say_what(turn, one)}, {say_days(one.starts, one.ends, turn.today)}" for one in edit.closures]
    said += [f"School year {one.label}, {say_days(one.starts, one.ends, turn.today)}" for one in edit.years]
    said += [f"{one.label}, {say_days(one.starts, one.ends, turn.today)}" for one in edit.terms]
    return "; ".join(said)


def _scope(turn: Turn, whom: str) -> str:
    """The scope that the words name. Raises where they name nobody, or several."""
    named = re.sub(r"^(?:the|all) ", "", whom.strip().casefold())
    if named in ("", "everybody", "everyone", "all schools", "schools", "district"):
        return DISTRICT_WIDE
    schools = people.schools_on(turn.tx, turn.today)
    for network in {school.network for school in schools}:
        if network.casefold() == named:
            return f"network:{network}"
    levels = {school.level for school in schools if school.level}
    level = re.fullmatch(r"(\S+) schools?", named)
    if level and level[1] in levels:
        return f"level:{level[1]}"
    found = [school for school in schools if school.name.casefold() == named]
    found = found or [school for school in schools if named in school.name.casefold()]
    if len(found) == 1:
        return f"school:{found[0].id}"
    if found:
        raise UserError(f"Which of them: {', '.join(school.name for school in found[:6])}?")
    raise UserError(
        f"I don't know which schools “{whom}” are. Write a school's name, a network or a level, like high schools."
    )


def _say_scope(turn: Turn, scope: str) -> str:
    kind, _, name = scope.partition(":")
    match kind:
        case "school":
            school = people.school_on(turn.tx, int(name), turn.today)
            return school.name if school else "a former school"
        case "level":
            return f"{name} schools"
        case _:
            return name


def press_put(turn: Turn, action: Action, _values: Values) -> Cards:
    """Put a change in force that was shown. What it does is worked out again: visits may have been planned since."""
    require(turn.person, Right.MANAGE_CALENDAR, object="calendar")
    change = _shown(turn, action)
    if change.feed_id is not None:
        return calendar_feeds.take_shown(turn, change)
    effect = _foresee(turn, change.edit)
    if not kept.settle(turn.tx, change.id, "in_force"):
        raise StaleError("That was settled a moment ago. Write “calendar” to see what is in force.")
    calendar.put_edit(turn.tx, change.edit)
    said = say_edit(turn, change.edit)
    audit_trail.write(
        turn,
        "calendar.changed",
        f"calendar_change:{change.id}",
        lost=len(effect.difference.lost),
        won=len(effect.difference.won),
        visits=len(effect.fallen),
    )
    kind = change.edit.closures[0].kind if change.edit.closures else None
    told = call_off(
        turn.tx,
        turn.district,
        effect,
        why=said,
        by=BY_OF.get(kind, "central_office") if kind else "central_office",
        actor_id=turn.person.id,
        now=turn.now,
        key=str(change.id),
    )
    back = offer_back(
        turn.tx,
        replace(turn.district, calendar=effect.after),
        effect,
        why=said,
        key=str(change.id),
        now=turn.now,
    )
    text = f"In force: {said}."
    if back:
        text += f" {_count(back, 'visit')} called off for it can be put back; the ILDs are asked."
    if effect.fallen:
        text += f" {_count(len(effect.fallen), 'visit')} off; {told} {'person knows' if told == 1 else 'people know'}."
    return [Card("", (Text(text), *_way_back(change.edit, turn.today)))]


def _way_back(edit: CalendarEdit, today: date) -> tuple[Block, ...]:
    closed = [
        one for one in edit.closures if one.kind is not ClosureKind.AS_USUAL and one.scope == DISTRICT_WIDE
    ]
    if not closed:
        return ()
    one = closed[0]
    days = (
        f"{one.starts:%Y-%m-%d}"
        if one.starts == one.ends
        else f"{one.starts:%Y-%m-%d} to {one.ends:%Y-%m-%d}"
    )
    when = "today" if one.starts == one.ends == today else days
    return (Text(f"To take it back, write: reopen {when}.", quiet=True),)


def press_leave(turn: Turn, action: Action, _values: Values) -> Cards:
    """The calendar stays as it is."""
    require(turn.person, Right.MANAGE_CALENDAR, object="calendar")
    change = _shown(turn, action)
    if not kept.settle(turn.tx, change.id, "left"):
        raise StaleError("That was settled a moment ago. Write “calendar” to see what is in force.")
    return [plain("Left as it is. Nothing was changed.")]


def _shown(turn: Turn, action: Action) -> kept.Change:
    change = kept.get_change(turn.tx, action.number("change"))
    if change is None:
        raise UserError("I can't find that change any more. Write it again.")
    if change.state != "shown":
        was = "put in force" if change.state == "in_force" else "left, or a newer one came"
        raise StaleError(f"That change was {was} already. Write “calendar” to see what is in force.")
    return change


_ADMINISTRATORS = frozenset({Role.ADMINISTRATOR})


def _change(pattern: re.Pattern[str], example: str, what: str) -> Command:
    return Command(pattern, _change_words, example=example, what=what, roles=_ADMINISTRATORS)


TOPIC = Topic(
    name="calendar",
    commands=(
        Command(
            re.compile(r"(?:show )?(?:the )?(?:school )?calendar", re.IGNORECASE),
            _show,
            example="calendar",
            what="Holidays, testing, half-days: what comes next in the school year.",
        ),
        _change(
            CLOSING_WORDS,
            "snow day",
            "Close schools: a snow day, a holiday, a staff day, testing, with its days.",
        ),
        _change(
            TIMED_WORDS, "early release Friday at 12:30", "A day on which students go early or come late."
        ),
        _change(REOPENING_WORDS, "school on 12 June after all", "School on days that were closed."),
        _change(
            PERIOD_WORDS,
            "school year 2027-28 from 7 September to 24 June",
            "Set the first and last day of a school year or a term.",
        ),
        Command(
            re.compile(r"calendar\s+(?P<address>(?:https?|webcals?)://\S+)", re.IGNORECASE),
            calendar_feeds.subscribe_words,
            example="calendar https://district.example/calendar.ics",
            what="Read the district's published calendar, and again every hour.",
            roles=_ADMINISTRATORS,
            is_verbatim=True,
        ),
    ),
    actions={
        "calendar.put": press_put,
        "calendar.leave": press_leave,
        "calendar.read": calendar_feeds.press_read,
        "calendar.stop": calendar_feeds.press_stop,
    },
    in_place=frozenset({"calendar.put", "calendar.leave"}),
    in_place_alone=frozenset({"calendar.read", "calendar.stop"}),
)
