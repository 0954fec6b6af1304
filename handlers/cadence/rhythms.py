"""The rhythm of a school: which one holds, since when and why, and the ILD's change of it.

A change says first what it does to the year's load, and the past stays as it was. The principal is told, for it is
their time too; executives see it with its reason.
"""

import re
from dataclasses import replace
from datetime import date

from handlers import audit_trail
from handlers.actions import Action, ActionError, act
from handlers.cadence.visit_changes import network_of
from handlers.cadence.year_check import check_words, say_way, span_of
from handlers.cards import Block, Button, Buttons, Card, Emphasis, Field, Item, Items, Quote, Text, plain
from handlers.errors import StaleError, UserError
from handlers.free_words import read_words
from handlers.permissions import Right, Subject, may
from handlers.post import tell_when_open
from handlers.schools import find_school, match_schools, my_schools, pressed_school
from handlers.turn import Cards, Command, Topic, Turn, Values
from protocols.cadence.feasibility import count
from protocols.cadence.feasibility_ways import ways
from protocols.cadence.intervals import say_cadence
from protocols.cadence.moments import say_day
from protocols.cadence.target_words import TargetFault, Wish, read_wish, say_target
from protocols.cadence.targets import Change, Target, Targets
from storage import people, targets
from storage.people import Role, School

ASK_WHY = "Say in a few words why: the principal reads it, and whoever asks later."
MOST_LISTED = 30
LONGEST_BARE = 200
"""Characters. A longer text is no rhythm that somebody wrote down in passing."""
_NAMES_RHYTHM = re.compile(r"\b(?:every|weekly|biweekly|fortnightly|monthly)\b", re.IGNORECASE)


# ---------------------------------------------------------------- what holds


def rhythm_words(turn: Turn, match: re.Match[str]) -> Cards | None:
    """ "rhythm": every school one may see; "rhythm lincoln": that one over time; with a rhythm after it: a change.

    None where the words are about no school: a question, or an answer that happens to begin so.
    """
    words = (match["rest"] or "").strip()
    if not words:
        return [_list_card(turn)]
    everywhere = people.schools_on(turn.tx, turn.today)
    seen = [school for school in everywhere if may(turn.person, Right.SEE_RHYTHM, Subject(school=school))]
    exact = next((school for school in seen if school.name.casefold() == words.casefold()), None)
    if exact is not None:
        return [_school_card(turn, exact)]
    wish = _wish_of(turn, words)
    if not match_schools(wish.school if wish else words, everywhere):
        return None
    if wish is None:
        school = find_school(turn, words, Right.SEE_RHYTHM, lambda s: act("rhythm.show", school=s.id))
        return [_school_card(turn, school)]
    return _ask_for(turn, wish)


def read_bare(turn: Turn, text: str) -> Cards | None:
    """ "lincoln every two weeks because …", without the word rhythm before it: whoever sets rhythms means one."""
    words = " ".join(text.split())
    if Role.ILD not in turn.person.roles or len(words) > LONGEST_BARE or not _NAMES_RHYTHM.search(words):
        return None
    wish = _wish_of(turn, words)
    if wish is None or not match_schools(wish.school, my_schools(turn)):
        return None
    return _ask_for(turn, wish)


def _wish_of(turn: Turn, words: str) -> Wish | None:
    try:
        return read_wish(words, turn.local, turn.district.calendar)
    except TargetFault as fault:
        raise UserError(str(fault)) from None


def _ask_for(turn: Turn, wish: Wish) -> Cards:
    try:
        school = find_school(turn, wish.school, Right.SET_RHYTHM, lambda s: _ask_action(s, wish))
    except UserError as error:
        if error.card is None:
            raise
        why = Field("because", "Why", value=wish.because, hint=ASK_WHY)  # goes along with the school chosen
        return [replace(error.card, blocks=(why, *error.card.blocks))]
    return [_preview(turn, school, _change_of(turn, wish))]


def press_show(turn: Turn, action: Action, _values: Values) -> Cards:
    return [_school_card(turn, _school_in(turn, action, Right.SEE_RHYTHM))]


def _list_card(turn: Turn) -> Card:
    """Each school with what holds; for an executive only those that differ from the roster, for there are many."""
    own = people.schools_on(turn.tx, turn.today, ild_id=turn.person.id)
    own += people.schools_on(turn.tx, turn.today, principal_id=turn.person.id)
    is_wide = not own
    schools = people.schools_on(turn.tx, turn.today) if is_wide else own
    schools = [s for s in schools if may(turn.person, Right.SEE_RHYTHM, Subject(school=s))]
    held = targets.load(turn.tx, [school.id for school in schools])
    lines = [
        (school, target)
        for school in schools
        if (target := held[school.id].on(turn.today)) is not None and (not is_wide or target.because)
    ]
    if not lines:
        text = "Every school is at the roster's rhythm." if is_wide else "You have no school in the roster."
        return plain(text)
    names = people.get_people(turn.tx, {t.set_by for _s, t in lines if t.set_by}, on=turn.today)
    items = tuple(
        Item(
            _say_held(turn, held[school.id], target),
            lead=school.name,
            detail=_say_why(target, {key: person.name for key, person in names.items()}),
        )
        for school, target in lines[:MOST_LISTED]
    )
    blocks: list[Block] = [Items(items)]
    if len(lines) > MOST_LISTED:
        blocks.append(
            Text(f"And {len(lines) - MOST_LISTED} more. Write: rhythm, and a school's name.", quiet=True)
        )
    if Role.ILD in turn.person.roles:
        how = "To change one: rhythm Lincoln weekly until 30 January because Grace is new."
        blocks.append(Text(how, quiet=True))
    title = "Rhythms that differ from the roster" if is_wide else "Rhythms"
    return Card(title, tuple(blocks))


def _say_held(turn: Turn, held: Targets, target: Target) -> str:
    since = f", since {say_day(target.starts, turn.today)}" if _is_dated(target) else ""
    coming = held.following(turn.today)
    then = ""
    if coming is not None:
        then = f" From {say_day(coming.starts, turn.today)}: {say_target(coming, turn.today)}."
    return f"{_upper(say_target(target, turn.today))}{since}.{then}"


def _say_why(target: Target, names: dict[int, str]) -> str:
    if not target.because:
        return "As in the roster."
    return f"{names.get(target.set_by or 0, 'An ILD')}: {target.because}"


def _is_dated(target: Target) -> bool:
    return bool(target.because) and target.starts > date.min


def _school_card(turn: Turn, school: School) -> Card:
    """What held when, the newest first, and what is to come."""
    held = targets.load(turn.tx, [school.id])[school.id]
    names = {
        key: person.name
        for key, person in people.get_people(
            turn.tx, {span.set_by for span in held.spans if span.set_by}, on=turn.today
        ).items()
    }
    items = tuple(
        Item(
            _upper(say_cadence(span.days)),
            lead=_say_days(span, turn.today),
            detail=_say_why(span, names),
        )
        for span in reversed(held.spans)
    )
    return Card(f"The rhythm of {school.name}", (Items(items),))


def _say_days(span: Target, today: date) -> str:
    if span.starts == date.min:
        return f"Until {say_day(span.ends, today)}:" if span.ends else "All along:"
    first = say_day(span.starts, today)
    return f"{first} to {say_day(span.ends, today)}:" if span.ends else f"From {first}:"


# ---------------------------------------------------------------- a change


def _ask_action(school: School, wish: Wish) -> Action:
    return _with_change(act("rhythm.ask", school=school.id), Change(wish.days, wish.starts, wish.ends))


def _with_change(action: Action, change: Change) -> Action:
    args = {**action.args, "days": str(change.days or 0), "from": change.starts.isoformat()}
    if change.ends is not None:
        args["until"] = change.ends.isoformat()
    return Action(action.name, args)


def _change_of(turn: Turn, wish: Wish) -> Change:
    return Change(wish.days, wish.starts, wish.ends, wish.because, turn.person.id)


def _change_in(turn: Turn, action: Action, because: str) -> Change:
    """The change that a button carries; one whose first day is past by now begins today."""
    try:
        starts = date.fromisoformat(action.args["from"])
        ends = date.fromisoformat(action.args["until"]) if "until" in action.args else None
    except (KeyError, ValueError):
        raise ActionError(f"{action.name} needs its days") from None
    if ends is not None and ends < turn.today:
        raise StaleError("That rhythm would be over by now. Nothing was changed.")
    days = action.number("days")
    if days < 0:
        raise ActionError(f"{action.name} needs a rhythm")
    return Change(days or None, max(starts, turn.today), ends, because, turn.person.id)


def press_ask(turn: Turn, action: Action, values: Values) -> Cards:
    """The school was chosen from several."""
    school = _school_in(turn, action, Right.SET_RHYTHM)
    return [_preview(turn, school, _change_in(turn, action, values.get("because", "")))]


def _preview(turn: Turn, school: School, change: Change) -> Card:
    """What the change would do, before it is in force."""
    now = targets.load(turn.tx, [school.id])[school.id]
    after = now.changed(change)
    if _says_the_same(now, after):
        target = now.on(change.starts)
        said = say_cadence(target.days if target else school.cadence_days)
        raise UserError(f"{school.name} is at that rhythm already: {said}. Nothing was changed.")
    lead = f"{school.name}: {_say_change(turn, now, after, change)}"
    blocks: list[Block] = [Text(_say_load(turn, school, after), lead=lead)]
    blocks.append(Field("because", "Why", value=change.because, required=True, hint=ASK_WHY))
    put = _with_change(act("rhythm.put", school=school.id, of=targets.newest_id(turn.tx, school.id)), change)
    leave = Button("Leave it", act("rhythm.leave", school=school.id))
    blocks.append(Buttons((Button("Put in force", put, Emphasis.PRIMARY), leave)))
    return Card("", tuple(blocks))


def _says_the_same(now: Targets, after: Targets) -> bool:
    return [(one.days, one.starts, one.ends) for one in now.spans] == [
        (one.days, one.starts, one.ends) for one in after.spans
    ] or _days_of(now) == _days_of(after)


def _days_of(held: Targets) -> list[tuple[int, date]]:
    """The rhythms with their first days, neighbours of one rhythm taken together."""
    found: list[tuple[int, date]] = []
    for one in held.spans:
        if not found or found[-1][0] != one.days:
            found.append((one.days, one.starts))
    return found


def _say_change(turn: Turn, now: Targets, after: Targets, change: Change) -> str:
    """ "every week from today until Sat 30 Jan, then every two weeks again. Now it is every two weeks." """
    new, old = after.on(change.starts), now.on(turn.today)
    assert new is not None  # who may change it carries the school on that day
    first = "today" if change.starts == turn.today else say_day(change.starts, turn.today)
    until = f" until {say_day(change.ends, turn.today)}" if change.ends else ""
    then = ""
    if change.ends is not None and (following := after.following(change.ends)) is not None:
        then = f", then {say_cadence(following.days)}"
    before = f" Now it is {say_cadence(old.days)}." if old is not None else ""
    return f"{say_cadence(new.days)} from {first}{until}{then}.{before}"


def _say_load(turn: Turn, school: School, after: Targets) -> str:
    """What is left over of the year's half-days now and with the change."""
    year = turn.district.calendar.year_of(turn.today)
    if year is None:
        return "The calendar has no school year today, so I can't say what it does to your load."
    network = network_of(turn, school)
    span = span_of(turn.tx, turn.district, network, turn.today, year)
    name = network.name_of(school)
    changed = replace(
        span,
        promises=tuple(replace(one, targets=after) if one.name == name else one for one in span.promises),
    )
    before, then = count(span), count(changed)
    extra = then.visits - before.visits
    visits = (
        f"{abs(extra)} visits {'more' if extra > 0 else 'fewer'}"
        if abs(extra) != 1
        else ("1 visit more" if extra > 0 else "1 visit fewer")
    )
    said = f"To the end of the year that is {visits if extra else 'no visit more'}."
    if then.slack >= 0:
        return f"{said} Half-days to spare in your network: {then.slack} (now {before.slack})."
    missing = f"{said} Then {-then.slack} half-days are missing in your network"
    was = f" (now {before.slack} to spare)" if before.slack >= 0 else f" (now {-before.slack})"
    possible = ways(changed)
    help_ = f" It could be made good: {_lower(say_way(possible[0]))}" if possible else ""
    return f"{missing}{was}.{help_}"


def press_put(turn: Turn, action: Action, values: Values) -> Cards:
    """The change is in force."""
    school = _school_in(turn, action, Right.SET_RHYTHM)
    if targets.newest_id(turn.tx, school.id) != action.number("of"):
        raise StaleError(
            f"The rhythm of {school.name} was changed since. Write it again to see what holds now."
        )
    because = read_words(turn, values.get("because", ""), school, ask=ASK_WHY)
    change = _change_in(turn, action, because)
    now = targets.load(turn.tx, [school.id])[school.id]
    target_id = targets.put(turn.tx, school.id, change, set_by=turn.person.id, at=turn.now)
    audit_trail.write(turn, "rhythm.set", f"school:{school.id}", target=target_id, days=change.days)
    after = targets.load(turn.tx, [school.id])[school.id]
    said = _say_change(turn, now, after, change).partition(". Now")[0].rstrip(".")
    told = _tell_principal(turn, school, target_id, said, because)
    return [plain(f"In force: {school.name}, {said}.{told} What was before stays measured as it was.")]


def press_leave(turn: Turn, action: Action, _values: Values) -> Cards:
    school = _school_in(turn, action, Right.SEE_RHYTHM)
    return [plain(f"Left as it is: {school.name}, {say_cadence(school.cadence_days)}.")]


def _tell_principal(turn: Turn, school: School, target_id: int, said: str, because: str) -> str:
    principal = people.get_people(turn.tx, [school.principal_id or 0], on=turn.today).get(
        school.principal_id or 0
    )
    if principal is None:
        return ""
    text = f"{turn.person.name} would like to see you at {school.name} {said}. The reason:"
    ask = "If another rhythm would serve you better, tell your ILD; it can be changed again."
    blocks = (Text(text), Quote(because, source=turn.person.given_name), Text(ask, quiet=True))
    tell_when_open(
        turn.tx,
        turn.district,
        principal,
        Card("", blocks),
        kind="rhythm",
        period=str(target_id),
        now=turn.now,
        subject=f"rhythm:{target_id}",
    )
    return f" {principal.name} gets a note."


def _school_in(turn: Turn, action: Action, right: Right) -> School:
    return pressed_school(turn, action, right, object=f"school:{action.args.get('school')}")


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]


TOPIC = Topic(
    name="rhythm",
    commands=(
        Command(
            re.compile(r"(?:show )?(?:the |my )?rhythms?(?:(?: of| for)? (?P<rest>.+))?", re.IGNORECASE),
            rhythm_words,
            example="rhythm Lincoln weekly until 30 January because …",
            what="Change how often a school is seen; “rhythm” shows what holds and why.",
            roles=frozenset({Role.ILD}),
        ),
        Command(
            re.compile(r"(?:show )?(?:the |my )?rhythms?(?:(?: of| for)? (?P<rest>.+))?", re.IGNORECASE),
            rhythm_words,
            example="rhythm",
            what="How often each school is seen, since when and why.",
            roles=frozenset({Role.PRINCIPAL, Role.EXECUTIVE}),
        ),
        Command(
            re.compile(
                r"(?:check (?:the|this|my|our) year|can (?:we|i) keep (?:this|it|our promises?|the rhythms?))\??",
                re.IGNORECASE,
            ),
            check_words,
            example="check the year",
            what="Whether the rhythms can be kept to the end of the year, and what would help.",
            roles=frozenset({Role.ILD, Role.EXECUTIVE}),
        ),
    ),
    actions={
        "rhythm.show": press_show,
        "rhythm.ask": press_ask,
        "rhythm.put": press_put,
        "rhythm.leave": press_leave,
    },
    in_place=frozenset({"rhythm.put", "rhythm.leave"}),
    in_place_alone=frozenset({"rhythm.ask"}),
)
