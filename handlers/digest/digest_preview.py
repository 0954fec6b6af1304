"""Before Monday: what each group of schools will read, the ILD's opening line, and Friday's reminder."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from handlers import audit_trail
from handlers.actions import Action, act
from handlers.cards import Block, Button, Buttons, Card, Emphasis, Item, Items, Quote, Text
from handlers.deciding import triage_rules, week_budget
from handlers.deciding.triage_state import held_by, next_week, queue_of
from handlers.digest.digest_building import Decided, Planned, plan_week, readers_on, sections_of
from handlers.digest.digest_cards import HEADINGS
from handlers.district import District, load_district
from handlers.errors import StaleError, UserError
from handlers.intake.mandate_cards import say_day_of, say_effort
from handlers.permissions import Right, require
from handlers.post import tell_when_open
from handlers.turn import Cards, Turn, Values
from protocols.buffer.digest import DigestItem
from protocols.buffer.effort import say_minutes
from protocols.buffer.headlines import end_sentence, split_lead
from protocols.cadence.digest_weeks import next_digest_week
from protocols.cadence.moments import say_day
from storage import mandates, people, record
from storage.database import Store, Tx
from storage.people import Person, Role

LONGEST_LINE = 240
PAGE = 6
"""Items on one card of the preview."""
MOST_NAMED = 4
"""Schools named one by one; more are counted."""
HELD_NEAR = timedelta(days=21)
"""From next Monday; what is held until nearer its day comes up again then."""
REMIND_AT = time(9)
"""Friday, local time of the district: late enough to have read the mail, early enough to act."""
SECTIONS = HEADINGS | {"know": "Good to know", "off_plate": "Off the plate"}


@dataclass(frozen=True, slots=True)
class Line:
    """One item of the preview under the schools that read it; ``schools`` names them where ``title`` does not."""

    title: str
    section: str
    item: DigestItem
    source: Decided
    schools: str = ""


def preview(turn: Turn) -> Cards:
    """Next Monday's digests of this ILD's schools: what all of them read, then what only some do."""
    require(turn.person, Right.TRIAGE, object="digest")
    week = next_week(turn)
    planned = _planned(turn, week)
    writing = [one for one in planned if not one.plan.is_empty]
    title = f"Digest of {say_day(week, turn.today)}"
    blocks: list[Block] = []
    line = mandates.line_of(turn.tx, turn.person.id, week)
    if line:
        blocks.append(Quote(line, source=turn.person.name))
    else:
        hint = "No opening line of yours yet. Write it like: my line: Read the first one today."
        blocks.append(Text(hint, quiet=True))
    if not writing:
        none = "As it stands nobody gets a digest: nothing is passed on that they have not read."
        return [Card(title, (*blocks, *_undecided(turn), *_by_rules(turn), Text(none)))]
    lines = _grouped(writing)
    marked = [line for line in lines if line.section == "do_not_drop"][:PAGE]
    blocks += _shown(turn, marked)
    blocks += _undecided(turn)
    blocks += [*week_budget.over_blocks(turn, writing), *_by_rules(turn)]
    blocks += _page(turn, lines, start=len(marked), size=PAGE - min(len(marked), PAGE - 1))
    silent = [one.reader.names for one in planned if one.is_empty]
    if silent:
        blocks.append(Text(f"Nothing for {', '.join(silent)}: no digest there.", quiet=True))
    return [Card(f"{title}: {_say_sizes(writing)}", tuple(blocks))]


def _undecided(turn: Turn) -> list[Block]:
    """What waits for her decision, and what she held whose day comes near."""
    blocks: list[Block] = []
    if waiting := len(queue_of(turn)):
        count = f"{waiting} demands still wait" if waiting > 1 else "1 demand still waits"
        blocks.append(Text(f"{count} for your decision and will not go out without it."))
        blocks.append(Buttons((Button("Decide", act("triage.open"), Emphasis.PRIMARY),)))
    if near := _say_near(turn):
        blocks += [Text(near), Buttons((Button("See what is on hold", act("triage.held")),))]
    return blocks


def _by_rules(turn: Turn) -> list[Block]:
    """What her rules decided in the past week, in one line, and the way to each."""
    said = triage_rules.say_acted(turn)
    return [Text(said), Buttons((Button("See them", act("rules.acted")),))] if said else []


def _say_near(turn: Turn) -> str:
    """ "2 demands on hold have their day soon, the first Mon 26 Apr."; empty where none has."""
    horizon = next_week(turn) + HELD_NEAR
    days = sorted(
        one.demand.due for one in held_by(turn) if one.demand.due and turn.today <= one.demand.due <= horizon
    )
    if not days:
        return ""
    first = say_day(days[0], turn.today)
    if len(days) == 1:
        return f"1 demand on hold has its day soon: {first}."
    return f"{len(days)} demands on hold have their day soon, the first {first}."


def _planned(turn: Turn, week: date) -> list[Planned]:
    readers = readers_on(turn.tx, week, ild_ids=[turn.person.id])
    return plan_week(turn.tx, readers, week)


def _say_sizes(writing: Sequence[Planned]) -> str:
    minutes = [one.plan.minutes_total for one in writing]
    least, most = say_minutes(min(minutes)), say_minutes(max(minutes))
    schools = "1 school" if len(writing) == 1 else f"{len(writing)} schools"
    if not max(minutes):
        return f"{schools}, nothing to do but to know"
    if least == most:
        return f"{schools}, about {most}" + (" each" if len(writing) > 1 else "")
    if min(minutes) >= 60:
        return f"{schools}, up to {most} each"
    return f"{schools}, about {least} to {most} each"


def _page(turn: Turn, lines: Sequence[Line], *, start: int, size: int = PAGE) -> list[Block]:
    """``size`` items from ``start`` on under the schools that read them, and the way to the rest."""
    page = lines[start : start + size]
    blocks = _shown(turn, page)
    rest = len(lines) - start - len(page)
    ways = [Button("Back to the beginning", act("digest.preview_first"))] if size == PAGE else []
    if rest > 0:
        more = act("digest.preview_page", start=start + len(page))
        ways.append(Button(f"Show the next {min(rest, PAGE)} of {rest}", more))
    return [*blocks, Buttons(tuple(ways))] if ways else blocks


def _shown(turn: Turn, lines: Sequence[Line]) -> list[Block]:
    return [
        Items(tuple(_item(turn, line) for line in lines if line.title == title), title=title)
        for title in dict.fromkeys(line.title for line in lines)
    ]


def _grouped(writing: Sequence[Planned]) -> list[Line]:
    """What must not be dropped first, then what all read, then, per group of schools, what they read besides."""
    keys = {one.reader.principal.id: {(s, i.key) for s, i in sections_of(one.plan)} for one in writing}
    common = set.intersection(*keys.values())
    title = "All of them" if len(writing) > 1 else writing[0].reader.names
    lines = _lines(writing[0], common, title)
    groups: dict[frozenset[tuple[str, int]], list[Planned]] = {}
    for one in writing:
        besides = frozenset(keys[one.reader.principal.id] - common)
        if besides:
            groups.setdefault(besides, []).append(one)
    for besides, members in sorted(groups.items(), key=lambda group: -len(group[1])):
        lines += _lines(members[0], set(besides), _say_only(members))
    return _marked(writing) + [line for line in lines if line.section != "do_not_drop"]


def _marked(writing: Sequence[Planned]) -> list[Line]:
    """Each "do not drop" once, with the schools that have it."""
    readers: dict[int, list[Planned]] = {}
    for one in writing:
        for item in one.plan.do_not_drop:
            readers.setdefault(item.key, []).append(one)
    found = [
        replace(line, schools=_say_readers(members, len(writing)))
        for key, members in readers.items()
        for line in _lines(members[0], {("do_not_drop", key)}, SECTIONS["do_not_drop"])
    ]
    return sorted(found, key=lambda line: (line.item.due or date.max, line.item.key))


def _say_only(members: Sequence[Planned]) -> str:
    names = [one.reader.names for one in members]
    if len(names) <= MOST_NAMED:
        return f"Only {', '.join(names)}"
    return f"Only {len(names)} schools: {', '.join(names[: MOST_NAMED - 1])} and {len(names) - MOST_NAMED + 1} more"


def _say_readers(members: Sequence[Planned], all_of_them: int) -> str:
    names = [one.reader.names for one in members]
    if len(names) == all_of_them:
        return "all of them" if all_of_them > 1 else ""
    return ", ".join(names) if len(names) <= MOST_NAMED else f"{len(names)} schools"


def _lines(one: Planned, keys: set[tuple[str, int]], title: str) -> list[Line]:
    return [
        Line(title, section, item, one.sources[item.key])
        for section, item in sections_of(one.plan)
        if (section, item.key) in keys
    ]


def preview_page(turn: Turn, action: Action, _values: Values) -> Cards:
    """The preview's items from ``start`` on."""
    require(turn.person, Right.TRIAGE, object="digest")
    writing = [one for one in _planned(turn, next_week(turn)) if not one.plan.is_empty]
    start = max(action.number("start"), 0)
    lines = _grouped(writing) if writing else []
    if start >= len(lines):
        raise StaleError("The digest has changed since. Write “preview” to see it as it is now.")
    return [Card("", tuple(_page(turn, lines, start=start)))]


def _item(turn: Turn, line: Line) -> Item:
    """What they will read, in its words; then where, by when, how long and for whom."""
    triage, demand, _memo = line.source
    facts = [line.schools] if line.title == SECTIONS[line.section] else [SECTIONS[line.section]]
    if line.section != "off_plate":
        facts.append(say_day_of(demand, turn.today))
    if line.section in HEADINGS and line.item.minutes:
        facts.append(say_effort(line.item.minutes))
    said = ", ".join(fact for fact in facts if fact)
    lead, rest = split_lead(end_sentence(line.item.wording))
    text = " ".join(part for part in (rest, end_sentence(said[:1].upper() + said[1:])) if part)
    change = Button("Change", act("triage.reopen", demand=line.item.key, v=triage.version))
    note = f"“{line.item.note}”" if line.item.note else ""
    return Item(text, lead=lead, detail=note, buttons=(change,))


def set_line(turn: Turn, match: re.Match[str]) -> Cards:
    """ "my line: Read the first one today." """
    require(turn.person, Right.TRIAGE, object="digest")
    line = match["line"].strip().strip('“”"')
    if not line or len(line) > LONGEST_LINE:
        raise UserError(
            f"Your line opens the digest on a telephone: keep it under {LONGEST_LINE} characters."
        )
    week = next_week(turn)
    mandates.put_line(turn.tx, ild_id=turn.person.id, week=week, line=line)
    audit_trail.write(turn, "line.written", f"week:{week.isoformat()}")
    show = Button("Preview", act("digest.preview"))
    return [
        Card(
            "",
            (
                Text(f"The digest of {say_day(week, turn.today)} opens with it."),
                Quote(line),
                Buttons((show,)),
            ),
        )
    ]


def preview_pressed(turn: Turn, _action: Action, _values: Values) -> Cards:
    return preview(turn)


# ---------------------------------------------------------------- Friday


def remind_previews(store: Store, now: datetime) -> int:
    """On the last school day of the week, remind each ILD once of what waits for Monday; how many were reminded."""
    with store.read() as tx:
        district = load_district(tx)
        local = now.astimezone(district.zone)
        today = local.date()
        monday = today - timedelta(days=today.weekday())
        rest = district.calendar.school_days(today, monday + timedelta(days=6))
        if local.time() < REMIND_AT or rest != (today,):
            return 0
        week = next_digest_week(monday, district.calendar) or monday + timedelta(days=7)
        if record.get_setting(tx, "previews_reminded") == {"week": week.isoformat()}:
            return 0
        ilds = people.people_with_role(tx, Role.ILD, on=today)
    count = 0
    for ild in ilds:
        with store.begin() as tx:
            count += _remind(tx, district, ild, week, now)
    with store.begin() as tx:
        record.put_setting(tx, "previews_reminded", {"week": week.isoformat()})
    return count


def _remind(tx: Tx, district: District, ild: Person, week: date, now: datetime) -> bool:
    turn = Turn(tx=tx, person=ild, now=now, district=district, key=f"preview:{week}")
    waiting = queue_of(turn)
    near = _say_near(turn)
    writing = [one for one in _planned(turn, week) if not one.plan.is_empty]
    by_rules = triage_rules.say_acted(turn)
    if not waiting and not writing and not near and not by_rules:
        return False
    buttons = [Button("Preview", act("digest.preview"))]
    sentences = []
    if writing:
        sentences.append(f"Ready for {say_day(week, turn.today)}: {_say_sizes(writing)}.")
        over = week_budget.say_full(turn, writing)
        if over:
            sentences.append(over)
            buttons.append(Button("See what competes", act("minutes.week")))
    if by_rules:
        sentences.append(by_rules)
        buttons.append(Button("See what rules decided", act("rules.acted")))
    if waiting:
        count = f"{len(waiting)} demands wait" if len(waiting) > 1 else "1 demand waits"
        sentences.append(f"{count} for your decision; what is not decided stays here.")
        buttons.insert(0, Button("Decide", act("triage.open"), Emphasis.PRIMARY))
    if near:
        sentences.append(near)
        buttons.append(Button("See what is on hold", act("triage.held")))
    if not mandates.line_of(tx, ild.id, week):
        sentences.append("Your opening line is still missing: write my line: and then the sentence.")
    card = Card("", (Text(" ".join(sentences), lead="Monday's digest."), Buttons(tuple(buttons))))
    said = tell_when_open(
        tx, district, ild, card, kind="preview", period=week.isoformat(), now=now, lifetime=timedelta(days=2)
    )
    return said is not None
