"""Did the visit take place: the principal's one tap, the calendar's word, and what is to be settled where they differ.

The principal's word about the own school stays, whatever the ILD says of it. Whether a visit was of use goes into
figures only together with others' answers; the ILD is not shown it unless the principal sends it to her.
"""

import re
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta

from handlers import audit_trail
from handlers.actions import Action, act
from handlers.cadence.visit_changes import say_visit, start_of
from handlers.calendars.busy_times import is_taken
from handlers.cards import Block, Button, Buttons, Card, Emphasis, Field, FieldKind, Item, Items, Text, plain
from handlers.district import District, load_district, zone_of
from handlers.errors import StaleError, UserError
from handlers.free_words import read_words
from handlers.permissions import Right, Subject, require
from handlers.post import tell_when_open
from handlers.turn import Cards, Command, Topic, Turn, Values
from protocols.cadence.day_minutes import minutes_into_day
from protocols.cadence.witnesses import Difference, Witness, Word, difference
from storage import courtesy, people, record, visits, witnesses
from storage.database import Store, Tx
from storage.people import Person, Role, School
from storage.visits import Visit

ASKED_BACK = timedelta(days=7)
"""So far back a visit is asked about: later nobody remembers whether it was of use."""
ONCE_IN = timedelta(days=7)
LIFETIME = timedelta(days=5)
MOST_ASKED = 3
USUAL_MINUTES = 60
SETTLED_BACK = timedelta(days=200)
USEFUL = {"helped": 3, "little": 2}
"""One tap on the scale of 1 to 4 of the end of a conversation: "quite" and "a little", never the extremes."""
LAST_LOOK = "witnesses"


# ---------------------------------------------------------------- the clock


def look_for_witnesses(store: Store, now: datetime) -> int:
    """Once an hour: what calendars confirm, and which principals are asked; how many visits."""
    hour = now.replace(minute=0, second=0, microsecond=0).isoformat()
    with store.begin() as tx:
        if record.get_setting(tx, LAST_LOOK) == {"hour": hour}:
            return 0
        district = load_district(tx)
        count = _ask_calendars(tx, district, now) + _ask_principals(tx, district, now)
        record.put_setting(tx, LAST_LOOK, {"hour": hour})
    return count


def _over(district: District, found: Sequence[Visit], now: datetime) -> list[Visit]:
    """Those of the visits whose time has passed, by the district's clock."""
    local = now.astimezone(district.zone)
    minute = local.hour * 60 + local.minute
    return [
        visit
        for visit in found
        if visit.day < local.date()
        or visit.status == "held"
        or minutes_into_day(start_of(visit)) + (visit.minutes or USUAL_MINUTES) <= minute
    ]


def _ask_calendars(tx: Tx, district: District, now: datetime) -> int:
    today = now.astimezone(district.zone).date()
    found = _over(district, witnesses.without_calendar(tx, today - ASKED_BACK, today), now)
    count = 0
    for visit in found:
        school = people.school_on(tx, visit.school_id, visit.day)
        sides = [side for side in (visit.ild_id, school.principal_id if school else None) if side]
        if visit.starts is None or not any(_was_taken(tx, district, side, visit) for side in sides):
            continue
        witnesses.say(tx, visit.id, Witness.CALENDAR, took_place=True, at=now)
        record.audit(tx, at=now, actor_id=None, action="visit.on_calendar", object=f"visit:{visit.id}")
        count += 1
    return count


def _was_taken(tx: Tx, district: District, person_id: int, visit: Visit) -> bool:
    start, minutes = minutes_into_day(start_of(visit)), visit.minutes or USUAL_MINUTES
    return is_taken(tx, district, person_id, visit.day, start, minutes, zone=district.zone)


def _ask_principals(tx: Tx, district: District, now: datetime) -> int:
    today = now.astimezone(district.zone).date()
    found = _over(district, witnesses.to_ask(tx, today - ASKED_BACK, today), now)
    schools = {school.id: school for school in people.schools_on(tx, today)}
    by_principal: dict[int, list[Visit]] = defaultdict(list)
    for visit in found:
        school = schools.get(visit.school_id)
        if school and school.principal_id and school.principal_id != visit.ild_id:
            by_principal[school.principal_id].append(visit)
    known = people.get_people(tx, by_principal, on=today)
    count = 0
    for principal_id, asked in by_principal.items():
        if not courtesy.was_written(tx, principal_id, "witness", since=now - ONCE_IN):
            count += _ask(tx, district, known[principal_id], asked[-MOST_ASKED:], now)
    return count


def _ask(tx: Tx, district: District, principal: Person, asked: Sequence[Visit], now: datetime) -> int:
    today = now.astimezone(zone_of(principal, district)).date()
    blocks: list[Block] = []
    for visit in asked:
        text = f"{say_visit(visit, today)}, with {visit.ild}. Did it take place, and was it of use?"
        blocks += [Text(text, lead=f"The visit to {visit.school},"), Buttons(_answers(visit))]
    note = "Whether it was of use is counted only together with others' answers; your ILD does not see yours."
    blocks.append(Text(note, quiet=True))
    ids = ",".join(str(visit.id) for visit in asked)
    said = tell_when_open(
        tx,
        district,
        principal,
        Card("", tuple(blocks)),
        kind="witness",
        period=ids,
        now=now,
        lifetime=LIFETIME,
        subject=f"witness:{ids}",
    )
    return len(asked) if said is not None else 0


def _answers(visit: Visit) -> tuple[Button, ...]:
    return (
        Button("Yes, it helped", act("witness.say", visit=visit.id, what="helped")),
        Button("Yes, it did not help much", act("witness.say", visit=visit.id, what="little")),
        Button("It did not take place", act("witness.say", visit=visit.id, what="no")),
    )


def still_asked(tx: Tx, subject: str, _now: datetime) -> str | None:
    """None while the principal has said nothing of at least one of the visits."""
    ids = [int(number) for number in subject.partition(":")[2].split(",")]
    said = witnesses.words_of(tx, ids)
    answered = [
        visit_id
        for visit_id in ids
        if any(word.witness is Witness.PRINCIPAL for word in said.get(visit_id, ()))
    ]
    return "the principal has said so already" if len(answered) == len(ids) else None


# ---------------------------------------------------------------- the principal


def press_say(turn: Turn, action: Action, _values: Values) -> Cards:
    """One tap. It may be changed by another; the last one stands."""
    visit, _school = _load(turn, action, Right.WITNESS_VISIT)
    what = action.args.get("what", "")
    if what not in (*USEFUL, "no"):
        raise UserError("Choose one of the three answers.")
    if visit.day > turn.today:
        raise UserError(f"That visit is planned for {say_visit(visit, turn.today)}; it is still to come.")
    took_place = what != "no"
    if took_place and visit.status == "planned":
        visits.mark_held(turn.tx, visit.id, version=visit.version, minutes=visit.minutes)
        audit_trail.write(turn, "visit.held", f"visit:{visit.id}")
    _say(turn, visit, Witness.PRINCIPAL, took_place=took_place)
    visits.rate(turn.tx, visit.id, useful=USEFUL.get(what))
    if not took_place:
        told = f"{visit.ild} has it on the list to settle. Your word stays as you said it."
        return [Card("", (Text(told, lead="Noted: it did not take place."), Buttons(_answers(visit)[:1])))]
    tell = Button(f"Tell {visit.ild} too", act("witness.tell", visit=visit.id, what=what))
    text = "Thank you. It counts together with others' answers and is shown to nobody by itself."
    return [Card("", (Text(text), Buttons((tell,))))]


def press_tell(turn: Turn, action: Action, _values: Values) -> Cards:
    """The principal wants the ILD to read it."""
    visit, school = _load(turn, action, Right.WITNESS_VISIT)
    what = action.args.get("what", "")
    if what not in USEFUL:
        raise UserError("Say first whether it helped.")
    ild = people.get_person(turn.tx, school.ild_id or visit.ild_id, on=turn.today)
    said = "it helped" if what == "helped" else "it did not help much"
    text = (
        f"{turn.person.name} says of the visit to {visit.school} on {say_visit(visit, turn.today)}: {said}."
    )
    tell_when_open(
        turn.tx,
        turn.district,
        ild,
        plain(text),
        kind="witness_told",
        period=f"{visit.id}:{what}",
        now=turn.now,
    )
    return [plain(f"{ild.name} gets a note.")]


# ---------------------------------------------------------------- to settle


def to_settle(turn: Turn) -> Cards:
    """The ILD's list: what each witness says, and two ways to settle it."""
    require(turn.person, Right.SETTLE_VISIT, object="visits")
    items = [_item(turn, *each) for each in unsettled(turn)]
    if not items:
        return [plain("Nothing is to settle: of every visit it is known whether it took place.")]
    count = "1 visit" if len(items) == 1 else f"{len(items)} visits"
    return [Card(f"To settle: {count}", (Items(tuple(items)),))]


def unsettled(turn: Turn) -> list[tuple[Visit, Difference, Sequence[Word]]]:
    """The ILD's visits of which it is not known whether they took place: how the witnesses differ, and their words."""
    found = witnesses.perhaps_to_settle(turn.tx, turn.person.id, turn.today - SETTLED_BACK, turn.today)
    said = witnesses.words_of(turn.tx, [visit.id for visit in found])
    over = {visit.id for visit in _over(turn.district, found, turn.now)}
    differing: list[tuple[Visit, Difference, Sequence[Word]]] = []
    for visit in found:
        words = said.get(visit.id, [])
        what = difference(visit.status, words, is_past=visit.id in over)
        if what is not None:
            differing.append((visit, what, words))
    return differing


def _item(turn: Turn, visit: Visit, what: Difference, words: Sequence[Word]) -> Item:
    if what in (Difference.OPEN, Difference.SEEN, Difference.NOT_HELD):
        yes = act("visit.held", visit=visit.id, v=visit.version)
        no = act("visit.cancel_form", visit=visit.id, v=visit.version)
    else:
        yes = act("witness.form", visit=visit.id, v=visit.version, held=1)
        no = act("witness.form", visit=visit.id, v=visit.version, held=0)
    buttons = (Button("It took place", yes), Button("It did not", no))
    return Item(
        f"{say_visit(visit, turn.today)}. {_say_all(visit, words)}", lead=visit.school, buttons=buttons
    )


def _say_all(visit: Visit, words: Sequence[Word]) -> str:
    """What each witness says: "My log: held. The principal: it did not take place." """
    log = {"held": "held", "planned": "planned", "cancelled": "cancelled"}[visit.status]
    names = {
        Witness.PRINCIPAL: "The principal",
        Witness.CALENDAR: "A calendar",
        Witness.IMPORTED: "An import",
    }
    parts = [f"My log: {log}."]
    for word in words:
        if word.witness in names:
            verdict = "it took place" if word.took_place else "it did not take place"
            if word.witness is Witness.CALENDAR:
                verdict = "taken at that time"
            parts.append(f"{names[word.witness]}: {verdict}.")
    if len(parts) == 1 and visit.status == "planned":
        parts.append("Nobody has said whether it took place.")
    return " ".join(parts)


def press_form(turn: Turn, action: Action, _values: Values) -> Cards:
    visit = _open(turn, action)
    is_held = action.number("held") == 1
    verdict = "took place" if is_held else "did not take place"
    settle = act("witness.settle", visit=visit.id, v=visit.version, held=int(is_held))
    text = f"{visit.school}, {say_visit(visit, turn.today)}: it {verdict}. The principal reads your sentence."
    return [
        Card(
            "",
            (
                Text(text),
                Field("why", "In a sentence", FieldKind.LINE, required=True),
                Buttons((Button("Settle it", settle, Emphasis.PRIMARY),)),
            ),
        )
    ]


def press_settle(turn: Turn, action: Action, values: Values) -> Cards:
    """The ILD's word, with a sentence that the principal reads. The principal's own stays beside it."""
    visit = _open(turn, action)
    school = people.school_on(turn.tx, visit.school_id, turn.today)
    ask = "Say in a sentence how it was, then press Settle it."
    words = read_words(turn, values.get("why", ""), school, ask=ask) if school else values.get("why", "")
    is_held = action.number("held") == 1
    if is_held and visit.status == "cancelled":
        witnesses.held_after_all(turn.tx, visit.id)
    elif not is_held and visit.status == "held":
        witnesses.not_held_after_all(turn.tx, visit.id, reason=words)
    _say(turn, visit, Witness.ILD, took_place=is_held, words=words)
    verdict = "took place" if is_held else "did not take place"
    text = f"{turn.person.name} on the visit to {visit.school} of {say_visit(visit, turn.today)}: it {verdict}. {words}"
    note = Text("Your own answer stays as you gave it, and you may change it.", quiet=True)
    blocks = (Text(text), note, Buttons(_answers(visit)))
    if school is None or school.principal_id is None:
        return [plain("Settled.")]
    principal = people.get_person(turn.tx, school.principal_id, on=turn.today)
    tell_when_open(
        turn.tx,
        turn.district,
        principal,
        Card("", blocks),
        kind="witness_settled",
        period=f"{visit.id}:{turn.key}",
        now=turn.now,
    )
    return [
        plain(f"Settled: it {verdict}. {principal.name} reads your sentence; their answer stays beside it.")
    ]


def _open(turn: Turn, action: Action) -> Visit:
    visit, _school = _load(turn, action, Right.SETTLE_VISIT)
    words = witnesses.words_of(turn.tx, [visit.id]).get(visit.id, [])
    is_open = difference(visit.status, words, is_past=True) is not None
    if visit.version != action.number("v") or not is_open:
        raise StaleError("That was settled before. Write “to settle” to see what is left.")
    return visit


def _load(turn: Turn, action: Action, right: Right) -> tuple[Visit, School]:
    visit = visits.get(turn.tx, action.number("visit"))
    school = people.school_on(turn.tx, visit.school_id, turn.today) if visit else None
    require(turn.person, right, Subject(school=school), object=f"visit:{action.args.get('visit')}")
    assert visit is not None  # nobody has a right to a visit of no school
    assert school is not None
    return visit, school


def _say(turn: Turn, visit: Visit, witness: Witness, *, took_place: bool, words: str = "") -> None:
    witnesses.say(
        turn.tx,
        visit.id,
        witness,
        took_place=took_place,
        at=turn.now,
        person_id=turn.person.id,
        words=words,
    )
    audit_trail.write(turn, f"visit.{witness}_says", f"visit:{visit.id}", took_place=took_place)


TOPIC = Topic(
    name="witness",
    commands=(
        Command(
            re.compile(r"(?:what is )?(?:there )?to settle|settle(?: visits?)?", re.IGNORECASE),
            lambda turn, _match: to_settle(turn),
            example="to settle",
            what="Visits of which it is not clear whether they took place.",
            roles=frozenset({Role.ILD}),
        ),
    ),
    actions={
        "witness.say": press_say,
        "witness.tell": press_tell,
        "witness.form": press_form,
        "witness.settle": press_settle,
    },
    still_true=still_asked,
    in_place=frozenset({"witness.settle"}),
    in_place_alone=frozenset({"witness.say", "witness.tell", "witness.form"}),
)
