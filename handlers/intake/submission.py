"""A unit sends a request: a form that asks what a principal needs to know, a look at the week, then the buffer.

What does not say so comes back with what is missing and everything as it was typed. A whole request is shown once more
with what that week holds at the schools it is for, in numbers only; then it goes the way of every memo.
"""

import re
from datetime import date, timedelta

from handlers.actions import Action, act
from handlers.cards import (
    Block,
    Button,
    Buttons,
    Card,
    Emphasis,
    Field,
    FieldKind,
    Item,
    Items,
    Option,
    Quote,
    Text,
)
from handlers.deciding.week_load import lighter_week, week_load
from handlers.digest.digest_building import coming_week
from handlers.intake import drop_quota
from handlers.intake.mandate_cards import AUDIENCES, original_button
from handlers.intake.mandates import take
from handlers.intake.memo_news import known_card, opening_of
from handlers.networks import all_networks
from handlers.permissions import Right, require
from handlers.turn import Cards, Command, Topic, Turn, Values
from protocols.buffer.audience import ALL, NEWCOMERS
from protocols.buffer.digest import concerns
from protocols.buffer.submission import MOST_WORDS, Request, compose_memo, find_lacks
from protocols.cadence.moments import say_day
from storage import originals, submissions
from storage.originals import Arrival, Source
from storage.people import Role

SENDERS = frozenset({Role.UNIT, Role.EXECUTIVE, Role.ADMINISTRATOR})
_WHOM = (ALL, "elementary", "middle", "high", "k8", NEWCOMERS)
_YES = (Option("yes", "Yes"), Option("no", "No"))


def open_form(turn: Turn, _match: re.Match[str] | None = None) -> Cards:
    require(turn.person, Right.SEND_MANDATE, object="mandate")
    text = f"What a principal needs to know, in under {MOST_WORDS} words. I check it before anything is sent."
    return [Card("Send a request", (Text(text), *_fields(turn, {}), Buttons((_check(),))))]


def _check(label: str = "Check it") -> Button:
    return Button(label, act("submission.check"), Emphasis.PRIMARY)


def _fields(turn: Turn, values: Values) -> tuple[Field, ...]:
    def field(
        name: str, label: str, kind: FieldKind, hint: str = "", options: tuple[Option, ...] = ()
    ) -> Field:
        return Field(name, label, kind, value=values.get(name, ""), hint=hint, options=options)

    whom = tuple(Option(tag, AUDIENCES[tag].capitalize() if tag != "k8" else "K-8") for tag in _WHOM)
    fields = [
        field("whom", "Who is it for?", FieldKind.CHOICE, options=whom),
        field(
            "what", "What do you want them to do?", FieldKind.LONG, "Begin with what to do, without the day"
        ),
        field("why", "Why should they care?", FieldKind.LONG, "What it does for pupils, or for them"),
        field("by", "By when?", FieldKind.DATE),
        field("minutes", "How long does it take one school?", FieldKind.LINE, "In minutes"),
        field("contact", "Who answers questions?", FieldKind.LINE, "A name with an extension or address"),
        field("delegate", "May it be delegated?", FieldKind.CHOICE, options=_YES),
        field("required", "Is it required?", FieldKind.CHOICE, options=_YES),
    ]
    marks = drop_quota.left(turn, turn.office)
    if marks:
        label = f"Ask not to drop it? You have {marks} of {drop_quota.quota(turn)} left; every office sees the use."
        fields.append(field("drop", label, FieldKind.CHOICE, options=_YES))
    return tuple(fields)


def _request(values: Values) -> Request:
    minutes = re.search(r"\d{1,4}", values.get("minutes", ""))
    try:
        by = date.fromisoformat(values.get("by", "").strip())
    except ValueError:
        by = None
    whom = values.get("whom", "")
    return Request(
        audience=whom if whom in _WHOM else "",
        why=values.get("why", "").strip(),
        what=values.get("what", "").strip(),
        by=by,
        minutes=int(minutes[0]) if minutes else None,
        contact=values.get("contact", "").strip(),
        delegate=values.get("delegate", ""),
        is_required=values.get("required") == "yes",
    )


def check(turn: Turn, _action: Action, values: Values) -> Cards:
    """Send it back with what is missing, or show it once more with what the week holds."""
    require(turn.person, Right.SEND_MANDATE, object="mandate")
    request = _request(values)
    missing = find_lacks(request, today=turn.today)
    if missing:
        return [_sent_back(turn, values, missing)]
    text, _reading = compose_memo(request)
    again = Button("Check again", act("submission.check"))
    blocks: list[Block] = [
        Text("Nothing is sent yet. Change what you like below.", lead="It says what a principal needs."),
        Quote(text, source=turn.office),
        *_week_blocks(turn, request),
        Buttons((Button("Send it", act("submission.send"), Emphasis.PRIMARY), again)),
        *_fields(turn, values),
    ]
    return [Card("Send a request", tuple(blocks))]


def _sent_back(turn: Turn, values: Values, missing: tuple[str, ...]) -> Card:
    count = "One thing is" if len(missing) == 1 else f"{len(missing)} things are"
    blocks: list[Block] = [
        Text(
            f"{count} missing, and then it can go. All you wrote is below.", lead="Thank you, almost there."
        ),
        Items(tuple(Item(one) for one in missing)),
        *_fields(turn, values),
        Buttons((_check(),)),
    ]
    return Card("Send a request", tuple(blocks))


def _week_blocks(turn: Turn, request: Request) -> list[Block]:
    """What the week of its digest holds at the schools it is for, in numbers only, and the nearest lighter week."""
    assert request.by is not None
    assert request.minutes is not None
    schools = {
        one.school.id
        for network in all_networks(turn.tx, turn.today)
        for one in network.schools
        if concerns((request.audience,), one.profile)
    }
    if not schools:
        return [Text("No school with an ILD is among those it is for, so nobody would read it.")]
    coming = coming_week(turn.local, turn.district.calendar)
    due_week = request.by - timedelta(days=request.by.weekday())
    blocks: list[Block] = []
    for week in dict.fromkeys((coming, max(due_week, coming))):
        load = week_load(turn.tx, turn.district, week, now=turn.now, school_ids=schools)
        if not load.minutes:
            return []
        over = len(load.over(request.minutes))
        held = f"The week of {say_day(week, turn.today)} holds up to {load.most} minutes for a school already"
        fits = f"with this it would be too much for {over} of {len(load.minutes)}" if over else "this fits"
        said = f"{held}; {fits}."
        if over:
            lighter = lighter_week(
                turn.tx,
                turn.district,
                week + timedelta(days=7),
                request.minutes,
                now=turn.now,
                school_ids=schools,
            )
            said += f" The nearest lighter week is that of {say_day(lighter, turn.today)}." if lighter else ""
        blocks.append(Text(said, quiet=not over))
    return blocks


def send(turn: Turn, _action: Action, values: Values) -> Cards:
    """Send what passes the gate into the buffer; a use of "do not drop" is counted where it was asked for."""
    require(turn.person, Right.SEND_MANDATE, object="mandate")
    request = _request(values)
    missing = find_lacks(request, today=turn.today)
    if missing:
        return [_sent_back(turn, values, missing)]
    text, reading = compose_memo(request)
    arrival = Arrival(
        text.encode(),
        Source.FORM,
        turn.now,
        media_type="text/plain",
        unit=turn.office,
        sender_id=turn.person.id,
    )
    taken = take(turn, text, original=originals.receive_original(turn.tx, arrival), as_read=reading)
    if taken.is_known:
        return [known_card(turn, taken.memo, is_nearly=taken.kin is not None)]
    demand = taken.demands[0]
    blocks: list[Block] = [Text(demand.quote, lead="Sent."), *opening_of(turn, taken)]
    if values.get("drop") == "yes":
        blocks.append(Text(_use(turn, demand.id or 0)))
    blocks.append(Buttons((original_button(taken.memo),)))
    return [Card("", tuple(blocks))]


def _use(turn: Turn, demand_id: int) -> str:
    if not drop_quota.left(turn, turn.office):
        return f"{turn.office} has used all its “do not drop” of this term, so it goes without."
    submissions.use(turn.tx, unit=turn.office, demand_id=demand_id, person_id=turn.person.id, at=turn.now)
    used, most = drop_quota.used(turn, turn.office), drop_quota.quota(turn)
    return f"ILDs read that you ask not to drop it: {used} of {most} used this term. They decide."


TOPIC = Topic(
    name="submission",
    commands=(
        Command(
            re.compile(r"(?:send|new|make) (?:a |another )?request(?: to schools)?", re.IGNORECASE),
            open_form,
            example="send a request",
            what="Ask something of schools: a form, checked before it goes.",
            roles=SENDERS,
        ),
    ),
    actions={
        "submission.form": lambda turn, _action, _values: open_form(turn),
        "submission.check": check,
        "submission.send": send,
    },
    in_place_alone=frozenset({"submission.send"}),
)
