"""Answers that are sent again without being asked: "send me this every first Monday".

What is kept is the question in the person's own words. When its day has come it is asked anew, as of that day and with
the rights the person has then, and is on record as any question; all that is due to one person on a day is one message.
"""

import re
from collections.abc import Iterable
from datetime import date, datetime, time
from itertools import groupby

from handlers import audit_trail
from handlers.actions import Action, act
from handlers.answers.insight import ASKERS, ask_again
from handlers.answers.insight_memory import hear
from handlers.answers.insight_scope import load_ground
from handlers.cards import Block, Button, Buttons, Card, Item, Items, Text, merged, plain
from handlers.district import District, load_district, zone_of
from handlers.errors import UserError
from handlers.guided.run_waiting import waiting_seat
from handlers.post import tell_when_open
from handlers.turn import Cards, Command, Topic, Turn, Values
from protocols.cadence.moments import say_day
from protocols.insight.description import describe
from protocols.insight.query import Query
from protocols.insight.regularity import Regularity, ended_period, read_regularity
from storage import people, questions, record
from storage.database import Store, Tx
from storage.questions import Asked, Subscription

FROM = time(6, 30)
"""Local time of day from which what is due is asked."""
MOST = 10
"""Subscriptions of one person; whoever wants more wants another thing than a message."""
LONGEST_CHAIN = 8
"""Questions that follow on one another; of a longer chain nobody remembers how it began."""
OFFERED = (Regularity(), Regularity(ordinal=1), Regularity(weekday=4))

_WHEN = (
    r"(?P<when>(?:weekly|monthly|(?:on )?(?:every|each|the (?:first|1st|second|2nd|third|3rd|fourth|4th|last)|once)\b)"
    r"[\w ]*)"
)
_THIS = r"(?:this|that|it|these|those|the same|(?:this|that) (?:answer|report)|(?:these|those|the) (?:figures|numbers))"


# ---------------------------------------------------------------- taking out


def _subscribe_words(turn: Turn, match: re.Match[str]) -> Cards | None:
    """ "send me this every first Monday": the last answer."""
    is_said = bool(match["verb"])
    if not is_said and (record.expectation_of(turn.tx, turn.person.id) or waiting_seat(turn) is not None):
        return None  # "every Monday" is what somebody else asked them for
    often = read_regularity(match["when"])
    if often is None:
        return _ask_how_often(turn) if is_said else None
    asked = questions.last_question(turn.tx, turn.person.id)
    if asked is None:
        return (
            [
                plain(
                    "Ask a question first, for example: visits this month. Then say how often you want the answer."
                )
            ]
            if is_said
            else None
        )
    return [_subscribe(turn, asked, often)]


def _ask_and_subscribe(turn: Turn, match: re.Match[str]) -> Cards | None:
    """ "send me visits by ILD every first Monday": a question and how often, in one sentence."""
    often = read_regularity(match["when"])
    if often is None:
        return None
    heard = hear(turn, load_ground(turn), match["question"], follows=False)
    if not isinstance(heard.meaning, Query):
        return None
    number = questions.add_question(
        turn.tx,
        person_id=turn.person.id,
        words=heard.words,
        understood=heard.meaning.to_json(),
        at=turn.now,
    )
    return [_subscribe(turn, Asked(number, heard.words, heard.meaning.to_json()), often)]


def _subscribe(turn: Turn, asked: Asked, often: Regularity) -> Card:
    running = questions.subscriptions_of(turn.tx, turn.person.id)
    if len(running) >= MOST:
        raise UserError(f"You have {MOST} already. Write “my subscriptions” and stop one first.")
    if len(asked.words) > LONGEST_CHAIN:
        raise UserError(
            "That grew out of many questions. Ask it once more in one sentence, then I can send it."
        )
    query = Query.from_json(asked.understood)
    said = describe(query, today=turn.today)
    subscription = questions.subscribe(
        turn.tx,
        person_id=turn.person.id,
        words=asked.words,
        said=" ".join(asked.words) if len(asked.words) == 1 else said,
        often=often.encode(),
        on=turn.today,
    )
    audit_trail.write(turn, "subscription.started", f"subscription:{subscription}", often=often.encode())
    first = _first_day(turn.district, often, turn.today)
    lines = [
        f"The first comes {say_day(first, turn.today)}."
        if first
        else "It comes once the calendar has such a day."
    ]
    if (
        ended_period(query.from_, query.to, today=turn.today.replace(day=1), is_monthly=True)
        and often.is_monthly
    ):
        lines.append("Each is about the month that has just ended.")
    lines.append("It is counted anew each time, with what you may see then.")
    buttons = Buttons((_stop_button(subscription), Button("My subscriptions", act("subscription.list"))))
    return Card("", (Text(" ".join(lines), lead=f"I'll send you this {often.say()}: {said}."), buttons))


def _first_day(district: District, often: Regularity, today: date) -> date | None:
    """The school day on which it goes for the first time."""
    ahead = district.calendar.school_days(
        today, max((y.ends for y in district.calendar.years), default=today)
    )
    return next((day for day in ahead if day > today and often.due_on(day, after=today)), None)


def _ask_how_often(turn: Turn, asked: Asked | None = None) -> Cards:
    asked = asked or questions.last_question(turn.tx, turn.person.id)
    if asked is None:
        raise UserError("Ask a question first, for example: visits this month.")
    said = describe(Query.from_json(asked.understood), today=turn.today)
    buttons = tuple(
        Button(
            _begin(often.say()),
            act("subscription.start", question=asked.id, often=often.encode()),
        )
        for often in OFFERED
    )
    text = "Or write, for example: send me this every second Tuesday of the month."
    return [Card(f"How often? {_begin(said)}", (Buttons(buttons), Text(text, quiet=True)))]


def _press_offer(turn: Turn, action: Action, _values: Values) -> Cards:
    return _ask_how_often(turn, _question_of(turn, action))


def _press_start(turn: Turn, action: Action, _values: Values) -> Cards:
    try:
        often = Regularity.decode(action.args.get("often", ""))
    except ValueError:
        raise UserError("That button is from an older version of mine. Write “my subscriptions”.") from None
    return [_subscribe(turn, _question_of(turn, action), often)]


def _question_of(turn: Turn, action: Action) -> Asked:
    asked = questions.find_question(turn.tx, action.number("question"), person_id=turn.person.id)
    if asked is None or not ASKERS & turn.person.roles:
        raise UserError("That answer is not yours to be sent. Ask the question yourself.")
    return asked


# ---------------------------------------------------------------- listing and stopping


def _list_words(turn: Turn, _match: re.Match[str]) -> Cards:
    return [_list_card(turn)]


def _list_card(turn: Turn, said: str = "") -> Card:
    running = questions.subscriptions_of(turn.tx, turn.person.id)
    lead = Text(said) if said else None
    if not running:
        none = Text("You have no subscriptions. Ask a question, then press “Send me this regularly”.")
        return Card("My subscriptions", (lead, none) if lead else (none,))
    items = tuple(_item(turn, one) for one in running)
    listed = Items(items, numbered=True)
    return Card("My subscriptions", (lead, listed) if lead else (listed,))


def _item(turn: Turn, one: Subscription) -> Item:
    often = Regularity.decode(one.often)
    next_day = _first_day(turn.district, often, max(one.last, turn.today))
    when = f"Next: {say_day(next_day, turn.today)}." if next_day else ""
    return Item(f"{_begin(often.say())}. {when}".strip(), lead=one.said, buttons=(_stop_button(one.id),))


def _stop_button(subscription: int) -> Button:
    return Button("Stop", act("subscription.stop", subscription=subscription))


def _press_list(turn: Turn, _action: Action, _values: Values) -> Cards:
    return [_list_card(turn)]


def _press_stop(turn: Turn, action: Action, _values: Values) -> Cards:
    number = action.number("subscription")
    return [_stop(turn, [number])]


def _stop_words(turn: Turn, match: re.Match[str]) -> Cards:
    running = questions.subscriptions_of(turn.tx, turn.person.id)
    if match["all"]:
        return [_stop(turn, [one.id for one in running])]
    place = int(match["number"])
    if not 1 <= place <= len(running):
        raise UserError("There is no subscription of that number. Write “my subscriptions” to see yours.")
    return [_stop(turn, [running[place - 1].id])]


def _stop(turn: Turn, numbers: Iterable[int]) -> Card:
    own = {one.id: one for one in questions.subscriptions_of(turn.tx, turn.person.id)}
    stopped = [own[number] for number in numbers if number in own]
    for one in stopped:
        questions.stop(turn.tx, one.id, at=turn.now)
        audit_trail.write(turn, "subscription.stopped", f"subscription:{one.id}")
    if not stopped:
        return _list_card(turn, "That is stopped already.")
    return _list_card(turn, f"Stopped: {'; '.join(one.said for one in stopped)}.")


# ---------------------------------------------------------------- sending


def send_subscriptions(store: Store, now: datetime) -> int:
    """Send what is due today to everybody who asked for it; how many answers went into messages."""
    with store.read() as tx:
        district = load_district(tx)
        running = questions.all_subscriptions(tx)
    sent = 0
    for person_id, own in groupby(running, key=lambda one: one.person_id):
        with store.begin() as tx:
            sent += _send_due(tx, district, person_id, list(own), now)
    return sent


def _send_due(tx: Tx, district: District, person_id: int, running: list[Subscription], now: datetime) -> int:
    person = people.get_person(tx, person_id, on=now.date())
    local = now.astimezone(zone_of(person, district))
    today = local.date()
    if not person.active or local.time() < FROM or not district.calendar.is_school_day(today):
        return 0
    turn = Turn(tx=tx, person=person, now=now, district=district, key=f"subscription:{person_id}:{today}")
    cards: list[Card] = []
    is_answered = False
    for one in running:
        often = Regularity.decode(one.often)
        nominal = often.due_on(today, after=one.last)
        if nominal is not None and questions.note_sent(tx, one.id, nominal=nominal):
            answered = ask_again(turn, one.words, is_monthly=often.is_monthly)
            is_answered |= answered is not None
            cards.append(_due_card(one, often, answered) if answered else _end(turn, one, often))
    if not cards:
        return 0
    tell_when_open(
        tx,
        district,
        person,
        merged(cards),
        kind="subscription",
        period=today.isoformat(),
        now=now,
        # Figures are dropped where the person loses the right while they wait; that there are none is still said.
        subject=f"subscription:{person_id}" if is_answered else "",
    )
    return len(cards)


def _end(turn: Turn, one: Subscription, often: Regularity) -> Card:
    """There is no answer for this person any more: it is said once, and asked no longer."""
    questions.stop(turn.tx, one.id, at=turn.now)
    audit_trail.write(turn, "subscription.ended", f"subscription:{one.id}")
    text = f"You asked for this {often.say()}. I can't answer it for you any more, so I have stopped it."
    return Card(one.said, (Text(text),))


def _due_card(one: Subscription, often: Regularity, answered: Card) -> Card:
    """The answer with what it answers above it, and a way to stop it below."""
    kept: list[Block] = [
        Text("", lead=answered.title),
        *(block for block in answered.blocks if not isinstance(block, Buttons)),
    ]
    buttons = [button for block in answered.blocks if isinstance(block, Buttons) for button in block.buttons]
    asked = [button for button in buttons if button.action.topic == "insight"]
    return Card(f"{_begin(often.say())}: {one.said}", (*kept, Buttons((*asked, _stop_button(one.id)))))


def _begin(text: str) -> str:
    return text[:1].upper() + text[1:]


def _still_wanted(tx: Tx, subject: str, now: datetime) -> str | None:
    """Drop what waits where the person may ask no such thing any more. One that was stopped meanwhile may still come:
    it was due before."""
    person = people.get_person(tx, int(subject.partition(":")[2]), on=now.date())
    return None if ASKERS & person.roles else "the person may not see figures any more"


TOPIC = Topic(
    name="subscription",
    commands=(
        Command(
            re.compile(
                rf"(?P<verb>(?:please )?(?:send|give|show|mail|get|tell) (?:me |us )?{_THIS} (?:again )?|"
                rf"(?:please )?subscribe(?: me)?(?: to)? {_THIS} )?{_WHEN}(?: please)?",
                re.IGNORECASE,
            ),
            _subscribe_words,
            example="send me this every first Monday",
            what="After an answer: the same question, answered anew each week or month.",
            roles=ASKERS,
        ),
        Command(
            re.compile(rf"(?:please )?(?:send|mail) (?:me |us )(?P<question>.+?),? {_WHEN}", re.IGNORECASE),
            _ask_and_subscribe,
            example="send me visits by school every Monday",
            what="A question and how often you want its answer, in one sentence.",
            roles=ASKERS,
        ),
        Command(
            re.compile(r"(?:show |list )?(?:my |the )?subscriptions", re.IGNORECASE),
            _list_words,
            example="my subscriptions",
            what="What is sent to you regularly, and to stop one.",
            roles=ASKERS,
        ),
        Command(
            re.compile(
                r"(?:stop|end|cancel) (?:(?P<all>(?:all )?(?:my )?subscriptions)|subscription (?P<number>\d{1,2}))",
                re.IGNORECASE,
            ),
            _stop_words,
            example="stop subscription 1",
            what="Stop one of them, by its number; “stop my subscriptions” all.",
            roles=ASKERS,
        ),
    ),
    actions={
        "subscription.offer": _press_offer,
        "subscription.start": _press_start,
        "subscription.list": _press_list,
        "subscription.stop": _press_stop,
    },
    in_place=frozenset({"subscription.start"}),
    in_place_alone=frozenset({"subscription.stop"}),
    still_true=_still_wanted,
)
