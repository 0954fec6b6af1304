"""What the bot sent unasked, what waits and why, and putting a reminder off, with a record of it."""

from collections import Counter
from datetime import datetime, timedelta

from handlers.actions import Action, act
from handlers.card_codec import decode_card
from handlers.cards import Block, Button, Buttons, Card, Item, Items, Text, plain
from handlers.courtesy.readers import this_week
from handlers.courtesy.snoozing import CHOICES, without_snooze
from handlers.errors import StaleError, UserError
from handlers.message_kinds import kind_of
from handlers.post import tell_when_open
from handlers.turn import Cards, Turn, Values
from protocols.cadence.courtesy import hours_of, less
from protocols.cadence.moments import say_day, say_time
from protocols.cadence.sending import WORKING_HOURS, Hours, instant_of
from storage import courtesy, outbox

SNOOZES_SHOWN = timedelta(days=28)
LATER = timedelta(hours=3)


def my_messages(turn: Turn) -> Cards:
    """What came unasked this week, what waits and why, and what was put off."""
    sent = this_week(turn.tx, turn.district, turn.person, turn.now)
    most = courtesy.budget(turn.tx)
    blocks: list[Block] = [
        Text(
            f"{len(sent)} of at most {most} messages that nobody asked for, since Monday.", lead="This week:"
        )
    ]
    if sent:
        counts = Counter(kind_of(one.kind).says for one in sent)
        blocks.append(
            Items(tuple(Item(f"{says}{f', {n} times' if n > 1 else ''}") for says, n in counts.items()))
        )
    waiting = courtesy.unasked_waiting(turn.tx, turn.person.id)
    if waiting:
        items = tuple(
            Item(f"{kind_of(one.kind).says}, {_when(turn, one.not_before)}{_waits_for(one.waits_for)}")
            for one in waiting
        )
        blocks.append(Items(items, title="Waiting"))
    put_off = courtesy.snoozes_since(turn.tx, turn.person.id, turn.now - SNOOZES_SHOWN)
    if put_off:
        counts = Counter(kind_of(row.kind).says for row in put_off)
        items = tuple(Item(f"{says}: {_times(n)}") for says, n in counts.most_common())
        blocks.append(Items(items, title="Put off in the last four weeks"))
    blocks.append(Text("What is over the number comes with the next message that may go.", quiet=True))
    rate = courtesy.wishes_of(turn.tx, turn.person.id).rate
    buttons = [Button("My settings", act("courtesy.settings"))]
    if less(rate) is not rate:
        buttons.insert(0, Button("Remind me less", act("courtesy.rate", to=less(rate))))
    blocks.append(Buttons(tuple(buttons)))
    return [Card("Your messages", tuple(blocks))]


def _when(turn: Turn, at: datetime) -> str:
    local = at.astimezone(turn.zone)
    return f"{say_day(local.date(), turn.today)} {say_time(local.time())}" if at > turn.now else "now"


def _waits_for(reason: str) -> str:
    said = {"away": "when you are back", "budget": "the week is full", "rate": "gathered with others"}
    return f" ({said[reason]})" if reason in said else ""


def _times(number: int) -> str:
    return "once" if number == 1 else f"{number} times"


def press_snooze(turn: Turn, action: Action, _values: Values) -> Cards:
    """A reminder is put off, with a record; it comes back once, if it is still true then."""
    message = outbox.get(turn.tx, action.number("message"))
    choice = action.args.get("to", "")
    if message is None or message.recipient_id != turn.person.id or choice not in CHOICES:
        raise UserError("I can't find that reminder any more. Write “my messages” to see what came.")
    known = courtesy.snooze_of(turn.tx, message.id or 0)
    if known is not None:
        raise StaleError(f"It comes back {_when(turn, known.until)} already.")
    wishes = courtesy.wishes_of(turn.tx, turn.person.id)
    at = _snoozed_to(turn, choice, hours_of(wishes, WORKING_HOURS))
    card = without_snooze(decode_card(message.card))
    again = Text(f"You put this off on {say_day(turn.today, turn.today)}.", quiet=True)
    blocks = tuple(block for block in card.blocks if not _says_put_off(block))
    new_id = tell_when_open(
        turn.tx,
        turn.district,
        turn.person,
        Card(card.title, (*blocks, again)),
        kind="snoozed",
        period=str(message.id),
        now=turn.now,
        not_before=at,
        subject=message.subject,
    )
    returns = outbox.get(turn.tx, new_id) if new_id is not None else None
    until = returns.not_before if returns else at
    courtesy.note_snooze(turn.tx, message, choice=choice, until=until, at=turn.now)
    return [plain(f"It comes back {_when(turn, until)}.")]


def _says_put_off(block: Block) -> bool:
    return isinstance(block, Text) and block.quiet and block.text.startswith("You put this off on")


def _snoozed_to(turn: Turn, choice: str, working: Hours) -> datetime:
    match choice:
        case "later":
            return turn.now + LATER
        case "tomorrow":
            day = turn.today + timedelta(days=1)
        case _:
            day = turn.today + timedelta(days=7 - turn.today.weekday())
    return instant_of(day, working.starts, turn.zone)
