"""Before Monday: what each group of schools will read, the ILD's opening line, and Friday's reminder."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from handlers.actions import Action, act
from handlers.cards import Block, Button, Buttons, Card, Emphasis, Item, Items, Quote, Text
from handlers.digest_building import Decided, Planned, plan_week, readers_on, sections_of
from handlers.district import District, load_district
from handlers.errors import StaleError, UserError
from handlers.mandate_cards import say_due
from handlers.permissions import Right, require
from handlers.post import tell_when_open
from handlers.triage_state import next_week, queue_of
from handlers.turn import Cards, Turn, Values
from protocols.buffer.digest import DigestItem
from protocols.cadence.moments import say_day
from storage import mandates, people, record
from storage.database import Store, Tx
from storage.people import Person, Role

LONGEST_LINE = 240
PAGE = 6
"""Items on one card of the preview."""
REMIND_AT = time(9)
"""Friday, local time of the district: late enough to have read the mail, early enough to act."""
SECTIONS = {"do_not_drop": "Do not drop", "do": "Do", "know": "Good to know", "off_plate": "Off the plate"}


@dataclass(frozen=True, slots=True)
class Line:
    """One item of the preview under the schools that read it."""

    title: str
    section: str
    item: DigestItem
    source: Decided


def preview(turn: Turn) -> Cards:
    """Next Monday's digests of this ILD's schools: what all of them read, then what only some do."""
    require(turn.person, Right.TRIAGE, object="digest")
    week = next_week(turn)
    planned = _planned(turn, week)
    writing = [one for one in planned if not one.plan.is_empty]
    waiting = len(queue_of(turn))
    blocks: list[Block] = []
    line = mandates.line_of(turn.tx, turn.person.id, week)
    if line:
        blocks.append(Quote(line, source=turn.person.name))
    else:
        blocks.append(
            Text(
                "No opening line of yours yet. Write it like: my line: Read the first one today.", quiet=True
            )
        )
    if waiting:
        count = f"{waiting} demands still wait" if waiting > 1 else "1 demand still waits"
        blocks.append(Text(f"{count} for your decision and will not go out without it."))
        blocks.append(Buttons((Button("Decide", act("triage.open"), Emphasis.PRIMARY),)))
    if not writing:
        blocks.append(
            Text("As it stands nobody gets a digest: nothing is passed on that they have not read.")
        )
        return [Card(f"Digest of {say_day(week, turn.today)}", tuple(blocks))]
    blocks += _page(turn, writing, start=0)
    silent = [one.reader.names for one in planned if one.plan.is_empty]
    if silent:
        blocks.append(Text(f"Nothing for {', '.join(silent)}: no digest there.", quiet=True))
    return [Card(f"Digest of {say_day(week, turn.today)}: {_say_sizes(writing)}", tuple(blocks))]


def _planned(turn: Turn, week: date) -> list[Planned]:
    readers = readers_on(turn.tx, week, ild_ids=[turn.person.id])
    return plan_week(turn.tx, readers, week)


def _say_sizes(writing: Sequence[Planned]) -> str:
    minutes = sorted({one.plan.minutes_total for one in writing})
    schools = "1 school" if len(writing) == 1 else f"{len(writing)} schools"
    span = f"{minutes[0]}" if len(minutes) == 1 else f"{minutes[0]} to {minutes[-1]}"
    return f"{schools}, about {span} minutes each"


def _page(turn: Turn, writing: Sequence[Planned], *, start: int) -> list[Block]:
    """``PAGE`` items from ``start`` on under the schools that read them, and the way to the rest."""
    lines = _grouped(writing)
    page = lines[start : start + PAGE]
    blocks: list[Block] = []
    for title in dict.fromkeys(line.title for line in page):
        items = tuple(_item(turn, line) for line in page if line.title == title)
        blocks.append(Items(items, title=title))
    rest = len(lines) - start - len(page)
    if rest > 0:
        more = act("digest.preview_page", start=start + len(page))
        blocks.append(Buttons((Button(f"Show the next {min(rest, PAGE)} of {rest}", more),)))
    return blocks


def _grouped(writing: Sequence[Planned]) -> list[Line]:
    """What is common to all first; then, per group of schools that read the same, what they read besides."""
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
        names = ", ".join(one.reader.names for one in members)
        lines += _lines(members[0], set(besides), f"Only {names}")
    return lines


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
    if not writing or start >= len(_grouped(writing)):
        raise StaleError("The digest has changed since. Write “preview” to see it as it is now.")
    return [Card("", tuple(_page(turn, writing, start=start)))]


def _item(turn: Turn, line: Line) -> Item:
    triage, demand, _memo = line.source
    facts = [SECTIONS[line.section]]
    if line.section != "off_plate":
        facts.append(say_due(demand, turn.today))
    if line.section in ("do", "do_not_drop") and line.item.minutes:
        facts.append(f"{line.item.minutes} min")
    change = Button("Change", act("triage.reopen", demand=line.item.key, v=triage.version))
    note = f"“{line.item.note}”" if line.item.note else ""
    return Item(
        ", ".join(fact for fact in facts if fact), lead=line.item.what, detail=note, buttons=(change,)
    )


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
    record.audit(
        turn.tx,
        at=turn.now,
        actor_id=turn.person.id,
        action="line.written",
        object=f"week:{week.isoformat()}",
    )
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
        week = monday + timedelta(days=7)
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
    writing = [one for one in _planned(turn, week) if not one.plan.is_empty]
    if not waiting and not writing:
        return False
    buttons = [Button("Preview", act("digest.preview"))]
    sentences = []
    if writing:
        sentences.append(f"Ready for {say_day(week, turn.today)}: {_say_sizes(writing)}.")
    if waiting:
        count = f"{len(waiting)} demands wait" if len(waiting) > 1 else "1 demand waits"
        sentences.append(f"{count} for your decision; what is not decided stays here.")
        buttons.insert(0, Button("Decide", act("triage.open"), Emphasis.PRIMARY))
    if not mandates.line_of(tx, ild.id, week):
        sentences.append("Your opening line is still missing: write my line: and then the sentence.")
    card = Card("", (Text(" ".join(sentences), lead="Monday's digest."), Buttons(tuple(buttons))))
    said = tell_when_open(
        tx, district, ild, card, kind="preview", period=week.isoformat(), now=now, lifetime=timedelta(days=2)
    )
    return said is not None
