"""A school passes from one ILD to the next. What of its thread goes along is the principal's to say.

The principal is asked which parts she hands over; without her word it is none. The new ILD gets exactly those, and
her view of the thread begins on the day she came (``handlers/memory/thread_state.py``).
"""

import re
import unicodedata
from collections.abc import Sequence
from datetime import datetime, timedelta

from rapidfuzz import fuzz, process

from handlers import audit_trail
from handlers.actions import Action, act
from handlers.cards import (
    Block,
    Button,
    Buttons,
    Card,
    Emphasis,
    Field,
    FieldKind,
    Option,
    Text,
    plain,
)
from handlers.district import District, load_district
from handlers.errors import NotAllowedError, StaleError, UserError
from handlers.guided.run_seat_moves import hand_over
from handlers.memory.handover_pack import WORDS, pack_card
from handlers.memory.thread_state import part_of
from handlers.permissions import REFUSALS, Right, Subject, require
from handlers.post import tell_when_open
from handlers.schools import find_school, match_schools
from handlers.turn import Cards, Command, Topic, Turn, Values
from protocols.memory.thread import Part
from storage import handovers, people, record, runs, threads
from storage.database import Store, Tx
from storage.people import Person, Role, School
from storage.tables import HandoverRow

LOOK_BACK = timedelta(days=14)
"""So long after an ILD came, her principals are asked; later the thread has begun anew."""
SIMILAR = 80
ANSWERED = {
    "asked": "has not answered yet",
    "agreed": "has said what goes along",
    "declined": "would rather begin anew",
}


# ---------------------------------------------------------------- asking the principal


def hand_over_words(turn: Turn, match: re.Match[str]) -> Cards | None:
    """ "hand over lincoln to tomas rivera": the leaving ILD or the administrator asks the principal.

    None where the words are somebody's answer that happens to begin so.
    """
    is_answering = record.expectation_of(turn.tx, turn.person.id) is not None
    if is_answering and not match_schools(match["school"], people.schools_on(turn.tx, turn.today)):
        return None
    successor = _ild_called(turn, match["name"])
    school = find_school(
        turn,
        match["school"],
        Right.HAND_OVER,
        lambda s: act("handover.begin", school=s.id, to=successor.id),
    )
    return _begin(turn, school, successor)


def press_begin(turn: Turn, action: Action, _values: Values) -> Cards:
    """The school was chosen from several."""
    school = people.school_on(turn.tx, action.number("school"), turn.today)
    require(
        turn.person, Right.HAND_OVER, Subject(school=school), object=f"school:{action.args.get('school')}"
    )
    successor = people.get_people(turn.tx, [action.number("to")], on=turn.today).get(action.number("to"))
    if school is None or successor is None or Role.ILD not in successor.roles:
        raise UserError("That has changed since. Write it again: hand over Lincoln to Tomás Rivera.")
    return _begin(turn, school, successor)


def _begin(turn: Turn, school: School, successor: Person) -> Cards:
    if school.principal_id is None:
        raise UserError(f"{school.name} has no principal in the roster, so there is nobody to ask.")
    leaving = _leaving(turn, school, successor)
    if leaving is None:
        raise UserError(
            f"{successor.name} is {school.name}'s ILD already, and nobody was before in the roster."
        )
    known = handovers.latest(
        turn.tx, school_id=school.id, principal_id=school.principal_id, to_id=successor.id
    )
    principal = people.get_person(turn.tx, school.principal_id, on=turn.today)
    if known is not None:
        raise StaleError(f"{principal.given_name} was asked before and {ANSWERED[known.state]}.")
    _ask(turn.tx, turn.district, school, principal, leaving=leaving, successor=successor, now=turn.now)
    text = (
        f"{principal.given_name} is asked what goes along to {successor.name}. "
        "Who the school's ILD is stays with the roster."
    )
    return [plain(text)]


def _leaving(turn: Turn, school: School, successor: Person) -> int | None:
    if school.ild_id != successor.id:
        return school.ild_id
    tenure = handovers.tenure(turn.tx, school.id, turn.today)
    return tenure.ild_before if tenure else None


def _ild_called(turn: Turn, words: str) -> Person:
    ilds = {ild.id: ild for ild in people.people_with_role(turn.tx, Role.ILD, on=turn.today)}
    names = {ild.id: ild.name for ild in ilds.values() if ild.id != turn.person.id}
    wanted = words.strip()
    folded = {key: _fold(name) for key, name in names.items()}
    exact = [key for key in names if _fold(wanted) in (folded[key], ilds[key].email)]
    close = process.extract(_fold(wanted), folded, scorer=fuzz.WRatio, limit=3, score_cutoff=SIMILAR)
    found = exact or [key for _name, _score, key in close]
    if len(found) == 1:
        return ilds[found[0]]
    if found:
        raise UserError(f"Which one: {' or '.join(names[key] for key in found)}? Write the whole name.")
    raise UserError(
        f"I know no ILD called “{wanted}”. The administrator gives the role: make name@district.org ild."
    )


def _ask(
    tx: Tx,
    district: District,
    school: School,
    principal: Person,
    *,
    leaving: int,
    successor: Person,
    now: datetime,
) -> None:
    handover_id = handovers.add(
        tx, school_id=school.id, principal_id=principal.id, from_id=leaving, to_id=successor.id, at=now
    )
    record.audit(tx, at=now, actor_id=None, action="handover.asked", object=f"handover:{handover_id}")
    options = tuple(Option(part.value, words) for part, words in WORDS.items())
    text = (
        f"{successor.name} follows {people.get_person(tx, leaving, on=now.date()).name} as ILD of {school.name}. "
        "What of your work so far goes along? It is yours to say; what you leave out stays between you two."
    )
    blocks: tuple[Block, ...] = (
        Text(text),
        Field("parts", "Hand over", FieldKind.CHOICES, options=options),
        Buttons(
            (
                Button("Hand these over", act("handover.agree", handover=handover_id), Emphasis.PRIMARY),
                Button("Begin anew", act("handover.decline", handover=handover_id)),
            )
        ),
    )
    tell_when_open(
        tx,
        district,
        principal,
        Card("", blocks),
        kind="handover",
        period=str(handover_id),
        now=now,
        subject=f"handover:{handover_id}",
    )


def ask_about_new_ilds(store: Store, now: datetime) -> int:
    """Ask the principals whose ILD the roster has changed these days; how many were asked."""
    with store.read() as tx:
        district = load_district(tx)
        today = now.astimezone(district.zone).date()
        changed = handovers.begun_since(tx, today - LOOK_BACK, today)
    count = 0
    for school_id in changed:
        with store.begin() as tx:
            count += _ask_if_new(tx, district, school_id, now)
    return count


def _ask_if_new(tx: Tx, district: District, school_id: int, now: datetime) -> bool:
    today = now.astimezone(district.zone).date()
    school = people.school_on(tx, school_id, today)
    tenure = handovers.tenure(tx, school_id, today)
    if school is None or tenure is None or school.ild_id is None or school.principal_id is None:
        return False
    is_new = tenure.ild_before is not None and tenure.ild_since >= today - LOOK_BACK
    if not is_new or not _has_thread(tx, district, school_id, tenure):
        return False
    if handovers.latest(tx, school_id=school_id, principal_id=school.principal_id, to_id=school.ild_id):
        return False
    if not record.note_once(tx, kind="handover", object=f"{school_id}:{tenure.ild_since}", at=now):
        return False
    known = people.get_people(tx, [school.ild_id, school.principal_id], on=today)
    _ask(
        tx,
        district,
        school,
        known[school.principal_id],
        leaving=tenure.ild_before or 0,
        successor=known[school.ild_id],
        now=now,
    )
    return True


def _has_thread(tx: Tx, district: District, school_id: int, tenure: handovers.Tenure) -> bool:
    """Whether the principal and the ILD before have left anything that could go along."""
    since = district.noon(tenure.principal_since) - timedelta(hours=12)
    return tenure.principal_since < tenure.ild_since and bool(
        threads.runs_at(tx, [school_id], since=since) or threads.promises_at(tx, [school_id], since=since)
    )


def still_asked(tx: Tx, subject: str, now: datetime) -> str | None:
    """Before the principal is asked: None while she leads the school and has not answered."""
    row = handovers.get(tx, int(subject.partition(":")[2]))
    if row is None or row.state != "asked":
        return "it was answered"
    school = people.school_on(tx, row.school_id, now.astimezone(load_district(tx).zone).date())
    return None if school and school.principal_id == row.principal_id else "the principal has changed"


# ---------------------------------------------------------------- the principal's answer


def press_agree(turn: Turn, action: Action, values: Values) -> Cards:
    """Hand over the chosen parts, and nothing else."""
    row, school = _load(turn, action)
    chosen = values.get("parts", "").split("\n")
    parts = [part for part in Part if part.value in chosen]
    if not parts:
        raise UserError("Choose what goes along, or press Begin anew.")
    return _decide(turn, row, school, parts)


def press_decline(turn: Turn, action: Action, _values: Values) -> Cards:
    row, school = _load(turn, action)
    return _decide(turn, row, school, [])


def _decide(turn: Turn, row: HandoverRow, school: School, parts: Sequence[Part]) -> Cards:
    number = row.id or 0
    if not handovers.decide(turn.tx, number, parts=parts, at=turn.now):
        raise StaleError("You have answered that before.")
    audit_trail.write(
        turn, "handover.agreed" if parts else "handover.declined", f"handover:{number}", parts=len(parts)
    )
    successor = people.get_person(turn.tx, row.to_id, on=turn.today)
    tell_when_open(
        turn.tx,
        turn.district,
        successor,
        pack_card(turn, school, parts),
        kind="handover_pack",
        period=str(number),
        now=turn.now,
    )
    left = _hand_over_seats(turn, row, school, successor, parts)
    leaving = people.get_person(turn.tx, row.from_id, on=turn.today)
    rests = f" What is open between you and {leaving.given_name} rests; “stop” closes it." if left else ""
    if not parts:
        return [plain(f"Nothing goes along. You and {successor.given_name} begin anew.{rests}")]
    named = ", ".join(_lower(WORDS[part]) for part in parts)
    kept = f"Everything else stays between you and {leaving.given_name}."
    return [plain(f"{successor.given_name} gets: {named}. {kept}{rests}")]


def _hand_over_seats(
    turn: Turn, row: HandoverRow, school: School, successor: Person, parts: Sequence[Part]
) -> int:
    """The successor goes on in the open runs of the parts agreed to; how many of the leaving ILD's stay behind."""
    left = 0
    for line in runs.going_at(turn.tx, [school.id]):
        run = runs.get(turn.tx, line.id)
        key = run.seat_of(row.from_id) if run else None
        if run is None or key is None:
            continue
        if part_of(line.counts_as) in parts and successor.id not in run.sitting.values():
            hand_over(turn, line.id, key, successor)
        else:
            left += 1
    return left


def _load(turn: Turn, action: Action) -> tuple[HandoverRow, School]:
    """The question, for the principal it was put to."""
    row = handovers.get(turn.tx, action.number("handover"))
    school = people.school_on(turn.tx, row.school_id, turn.today) if row else None
    object = f"handover:{action.args.get('handover')}"
    require(turn.person, Right.SEE_RUN, Subject(school=school), object=object)
    assert row is not None  # nobody has the right to a handover of no school
    assert school is not None
    if row.principal_id != turn.person.id:
        raise NotAllowedError(REFUSALS[Right.SEE_RUN], right=Right.SEE_RUN, object=object)
    if row.state != "asked":
        raise StaleError("You have answered that before.")
    return row, school


def _fold(name: str) -> str:
    """Case and accents left out: people type Tomas for Tomás."""
    letters = unicodedata.normalize("NFKD", name.strip().casefold())
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]


TOPIC = Topic(
    name="handover",
    commands=(
        Command(
            re.compile(r"hand over (?P<school>.+?) to (?P<name>.+)", re.IGNORECASE),
            hand_over_words,
            example="hand over Lincoln to Tomás Rivera",
            what="Ask the principal what of your work goes along to the next ILD.",
            roles=frozenset({Role.ILD, Role.ADMINISTRATOR}),
        ),
    ),
    actions={"handover.begin": press_begin, "handover.agree": press_agree, "handover.decline": press_decline},
    still_true=still_asked,
    in_place_alone=frozenset({"handover.agree", "handover.decline"}),
)
