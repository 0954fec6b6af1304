"""What a principal does with an item: done, remind me, ask my ILD, delegate; and the ILD's answer.

States of an item::

    open      --done--> done        --undo--> open
    open      --ask--> asked        --ILD answers--> open
    open      --delegate--> delegated  --done--> done
    any but done  --the office withdraws it--> withdrawn  (storage/demand_changes.py)
    any but done  --remind--> the same, with a day on which I bring it up once

A button carries the item's version: pressed twice or a week late it either works or says where the item stands.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from handlers import audit_trail
from handlers.actions import Action, act
from handlers.cards import Button, Buttons, Card, Emphasis, Field, FieldKind, Items, Quote, Text
from handlers.digest.digest_entry import OPEN, day_of, item_of, minutes_of, say_delegation, say_state
from handlers.digest.digest_shown import redrawn
from handlers.digest.languages import in_language
from handlers.errors import StaleError, UserError
from handlers.permissions import Right, Subject, require
from handlers.post import tell_now, tell_when_open
from handlers.turn import Cards, Turn, Values
from protocols.buffer.effort import say_minutes
from protocols.buffer.headlines import end_sentence
from protocols.cadence.moments import MomentFault, read_moment, say_day
from storage import digests, people, record
from storage.database import Tx
from storage.digests import GivenItem
from storage.people import Person
from storage.tables import DemandRow, DigestRow, MandateRow

LONGEST_NAME = 80
LONGEST_QUESTION = 1000
BEFORE_DEADLINE = timedelta(days=2)
LONGEST_WAIT = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Given:
    """An item with the digest it stands in, its demand and its memo."""

    item: GivenItem
    digest: DigestRow
    demand: DemandRow
    memo: MandateRow

    @property
    def id(self) -> int:
        return self.item.id

    @property
    def name(self) -> str:
        return self.demand.headline

    @property
    def day(self) -> date | None:
        return day_of((self.item, self.demand, self.memo))

    def card(self, today: date, said: str = "") -> Card:
        """What was just done, and the item as it stands."""
        entry = (self.item, self.demand, self.memo)
        item = Items((item_of(entry, today, is_new=self.digest.is_new_principal),))
        return Card("", (Text(said), item) if said else (item,))


def load(turn: Turn, item_id: int) -> Given:
    """The item, if it is this principal's."""
    found = digests.find_item(turn.tx, item_id)
    if found is None:
        raise UserError("That item is not here any more. Write “my digest” to see yours.")
    given = Given(*found)
    require(
        turn.person,
        Right.ANSWER_DIGEST,
        Subject(owner_ids=frozenset({given.digest.principal_id})),
        object=f"digest_item:{given.id}",
    )
    return spoken(turn.tx, given)


def spoken(tx: Tx, given: Given) -> Given:
    """The item in its reader's own language."""
    entry = (given.item, given.demand, given.memo)
    ((item, _demand, _memo),) = in_language(tx, given.digest.principal_id, [entry])
    return replace(given, item=item)


def opened(turn: Turn, action: Action, _values: Values) -> Cards:
    """The item with all that is known of it and every way to answer."""
    return [load(turn, action.number("item")).card(turn.today)]


def _pressed(turn: Turn, action: Action) -> Given:
    given = load(turn, action.number("item"))
    if given.item.version != action.number("v") or given.item.state == "withdrawn":
        raise _stale(turn, given, "That button is older than this:")
    return given


def _stale(turn: Turn, given: Given, said: str) -> StaleError:
    """The item as it stands; in a digest, the digest as it stands."""
    shown = redrawn(turn, given.digest, given.id, f"{said} {end_sentence(given.name)}")
    return StaleError("", card=shown or given.card(turn.today, said))


def _still_open(turn: Turn, action: Action) -> Given:
    """The item, for a form that changes nothing yet: an older button will do while there is something to decide."""
    given = load(turn, action.number("item"))
    return given if given.item.state == "open" else _pressed(turn, action)


def _change(turn: Turn, given: Given, what: str, **values: Any) -> Given:
    """Compare and set, with the audit row; the item as it is now."""
    if not digests.change_item(turn.tx, given.id, version=given.item.version, at=turn.now, **values):
        raise StaleError("That was changed a moment ago. Write “my digest” to see where it stands.")
    audit_trail.write(turn, f"item.{what}", f"digest_item:{given.id}")
    return load(turn, given.id)


# ---------------------------------------------------------------- done


def done(turn: Turn, action: Action, _values: Values) -> Cards:
    given = load(turn, action.number("item"))
    if given.item.state == "done":
        raise _stale(turn, given, say_state(given.item, turn.today))
    given = _change(turn, _pressed(turn, action), "done", state="done", remind_on=None)
    left = [
        entry
        for entry in digests.items_of(turn.tx, given.digest.id or 0)
        if entry[0].section in digests.TO_DO and entry[0].state in OPEN
    ]
    minutes = sum(map(minutes_of, left))
    rest = (
        f"{len(left)} left this week, about {say_minutes(minutes)}." if left else "Nothing is left this week."
    )
    said = f"{end_sentence(given.name)} {rest}"
    if (shown := redrawn(turn, given.digest, given.id, f"Done: {said}")) is not None:
        return [shown]
    undo = Button("Not done after all", act("digest.undo", item=given.id, v=given.item.version))
    show = (Button("Show them", act("digest.mine")),) if left else ()
    return [Card("", (Text(said, lead="Done:"), Buttons((*show, undo))), in_place=True)]


def undo(turn: Turn, action: Action, _values: Values) -> Cards:
    given = _change(turn, _pressed(turn, action), "reopened", state="open")
    shown = redrawn(turn, given.digest, given.id, f"Open again: {end_sentence(given.name)}")
    return [shown or replace(given.card(turn.today, "Open again."), in_place=True)]


# ---------------------------------------------------------------- remind me


def remind_form(turn: Turn, action: Action, _values: Values) -> Cards:
    given = _still_open(turn, action)
    where = {"item": given.id, "v": given.item.version}
    days = [
        (f"Tomorrow, {say_day(turn.today + timedelta(days=1), turn.today)}", turn.today + timedelta(days=1))
    ]
    if given.day and given.day - BEFORE_DEADLINE > turn.today + timedelta(days=1):
        before = given.day - BEFORE_DEADLINE
        days.append((f"2 days before, {say_day(before, turn.today)}", before))
    buttons = tuple(
        Button(label, act("digest.remind_on", **where, day=day.isoformat())) for label, day in days
    )
    then = Button("Remind me then", act("digest.remind_on", **where), Emphasis.PRIMARY)
    return [
        Card(
            "",
            (
                Text("When shall I bring it up? In working hours, once.", lead=given.name),
                Buttons(buttons),
                Field("day", "Another day", FieldKind.DATE),
                Buttons((then, Button("Back", act("digest.back", item=given.id)))),
            ),
        )
    ]


def remind_on(turn: Turn, action: Action, values: Values) -> Cards:
    given = _pressed(turn, action)
    words = action.args.get("day") or values.get("day", "")
    try:
        day = read_moment(words, turn.local).day
    except MomentFault as fault:
        raise UserError(str(fault) if words.strip() else "Which day? Choose one, then press again.") from None
    if day > turn.today + LONGEST_WAIT:
        raise UserError("That is more than a year off. Choose a day before that.")
    given = _change(turn, given, "reminder_set", remind_on=day)
    warning = ""
    if given.day and given.demand.due_role == "deadline" and day > given.day:
        warning = f" Its day is {say_day(given.day, turn.today)}, before that."
    return [Card("", (Text(f"I'll bring it up on {say_day(day, turn.today)}.{warning}", lead=given.name),))]


# ---------------------------------------------------------------- ask, delegate


def ask_form(turn: Turn, action: Action, _values: Values) -> Cards:
    given = _still_open(turn, action)
    ild = _ild_of(turn, given)
    record.expect(turn.tx, turn.person.id, "digest", at=turn.now, what="ask", item=given.id)
    text = f"What would you like to ask {ild.name}? Your next message goes to them with the item."
    return [Card("", (Text(text, lead=given.name), _never_mind()))]


def delegate_form(turn: Turn, action: Action, _values: Values) -> Cards:
    given = _still_open(turn, action)
    record.expect(turn.tx, turn.person.id, "digest", at=turn.now, what="delegate", item=given.id)
    text = (
        "Who does it? Write a name or a role in your next message. I keep it here; telling them is up to you."
    )
    said = say_delegation((given.item, given.demand, given.memo))
    told = f"{given.memo.unit} says: “{said}” " if said else ""
    return [Card("", (Text(f"{told}{text}", lead=end_sentence(given.name)), _never_mind()))]


def _never_mind() -> Buttons:
    return Buttons((Button("Never mind", act("digest.never_mind")),))


def never_mind(turn: Turn, _action: Action, _values: Values) -> Cards:
    record.expect_nothing(turn.tx, turn.person.id)
    return [Card("", (Text("Nothing was changed."),))]


def answer(turn: Turn, args: Mapping[str, Any], text: str) -> Cards | None:
    """The words that a question, a name or an ILD's answer was awaited for."""
    words = text.strip()
    match args.get("what"):
        case "ask":
            cards = _asked(turn, load(turn, int(args["item"])), words)
        case "delegate":
            cards = _delegated(turn, load(turn, int(args["item"])), " ".join(words.split()))
        case "reply":
            cards = _replied(turn, int(args["item"]), words)
        case _:
            return None
    record.expect_nothing(turn.tx, turn.person.id)
    return cards


def _asked(turn: Turn, given: Given, words: str) -> Cards:
    if len(words) > LONGEST_QUESTION:
        raise UserError(f"Ask in under {LONGEST_QUESTION} characters; then it is answered sooner.")
    ild = _ild_of(turn, given)
    given = _change(turn, given, "asked", state="asked", question=words, answer="")
    school = _school_name(turn, given)
    reply = Button("Answer", act("digest.reply", item=given.id, v=given.item.version), Emphasis.PRIMARY)
    original = Button("Original", act("mandates.original", memo=given.memo.id or 0, at=given.demand.start))
    card = Card(
        "",
        (
            Text(f"asks about “{given.name}”:", lead=f"{turn.person.name}, {school},"),
            Quote(words, source=turn.person.name),
            Buttons((reply, original)),
        ),
    )
    tell_when_open(
        turn.tx,
        turn.district,
        ild,
        card,
        kind="item_question",
        period=f"{given.id}:{given.item.version}",
        now=turn.now,
    )
    return [Card("", (Text(f"{ild.name} has your question and answers here. The item stays open."),))]


def _delegated(turn: Turn, given: Given, name: str) -> Cards:
    if not name or len(name) > LONGEST_NAME:
        raise UserError("Write only a name or a role, such as: the clerk. Your next message is taken for it.")
    given = _change(turn, given, "delegated", state="delegated", delegated_to=name)
    return [given.card(turn.today, f"Noted: {name} does it. Your ILD sees that it is in hand.")]


def reply_form(turn: Turn, action: Action, _values: Values) -> Cards:
    """The ILD's [Answer] under a question."""
    given = _asked_of_me(turn, action.number("item"))
    if given.item.answer and given.item.state != "asked":
        raise StaleError(f"Answered already: {given.item.answer}")
    record.expect(turn.tx, turn.person.id, "digest", at=turn.now, what="reply", item=given.id)
    return [
        Card(
            "",
            (
                Text("Write the answer in your next message; it goes straight to them."),
                Quote(given.item.question),
                _never_mind(),
            ),
        )
    ]


def _replied(turn: Turn, item_id: int, words: str) -> Cards:
    given = _asked_of_me(turn, item_id)
    state = "open" if given.item.state == "asked" else given.item.state
    if not digests.change_item(
        turn.tx,
        item_id,
        version=given.item.version,
        at=turn.now,
        state=state,
        answer=words,
        answered_at=turn.now,
    ):
        raise StaleError("That item was changed a moment ago. Press Answer once more.")
    audit_trail.write(turn, "item.answered", f"digest_item:{item_id}")
    fresh = _asked_of_me(turn, item_id)
    principal = people.get_person(turn.tx, given.digest.principal_id, on=turn.today)
    ((item, demand, memo),) = in_language(turn.tx, principal.id, [(fresh.item, fresh.demand, fresh.memo)])
    card = Card(
        "",
        (
            Text(f"{turn.person.name} answers:"),
            Quote(words, source=turn.person.name),
            Items((item_of((item, demand, memo), turn.today),)),
        ),
    )
    tell_now(
        turn.tx,
        principal.id,
        card,
        kind="item_answer",
        period=f"{item_id}:{fresh.item.version}",
        now=turn.now,
    )
    return [Card("", (Text(f"{principal.name} has your answer."),))]


def _asked_of_me(turn: Turn, item_id: int) -> Given:
    """The item, if its school is this ILD's today."""
    found = digests.find_item(turn.tx, item_id)
    if found is None:
        raise UserError("That item is not here any more.")
    given = Given(*found)
    school = people.school_on(turn.tx, given.digest.school_id, turn.today)
    require(turn.person, Right.SEE_DIGEST_STATE, Subject(school=school), object=f"digest_item:{item_id}")
    return given


def _ild_of(turn: Turn, given: Given) -> Person:
    """Who carries the school today; whoever sent the digest may have left."""
    school = people.school_on(turn.tx, given.digest.school_id, turn.today)
    ild_id = school.ild_id if school else given.digest.ild_id
    ild = people.get_person(turn.tx, ild_id, on=turn.today) if ild_id else None
    if ild is None or not ild.active:
        raise UserError(
            "Your school has no ILD in the roster at present. Ask the office that sent it: see Original."
        )
    return ild


def _school_name(turn: Turn, given: Given) -> str:
    school = people.school_on(turn.tx, given.digest.school_id, turn.today)
    return school.name if school else "their school"
