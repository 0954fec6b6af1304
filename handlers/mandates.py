"""A memo comes in: pasted, forwarded, or sent after "memo". It is read once, kept whole, and shown as what it asks.

Nothing reaches a principal from here: each ILD decides for her own schools (``handlers/triage.py``). The same memo
again, whatever became of its spaces and capitals, is recognised and the first one is shown.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from handlers import audit_trail, triage_rules
from handlers.actions import Action, act
from handlers.cards import Block, Button, Buttons, Card, Emphasis, Text
from handlers.errors import UserError
from handlers.mandate_cards import PAGE, memo_card, original_card
from handlers.networks import all_networks, concerned
from handlers.original_files import file_of, unread_parts
from handlers.permissions import Right, Subject, may, require
from handlers.post import tell_when_open
from handlers.turn import Cards, Command, Topic, Turn, Values, office_of
from protocols.buffer.headlines import end_sentence, first_thing, headline
from protocols.buffer.letterhead import fingerprint_of, has_letterhead, looks_like_memo, read_letterhead
from protocols.buffer.missing import say_missing
from protocols.buffer.reading import read_memo
from protocols.cadence.feed_addresses import lone_page
from protocols.cadence.moments import say_day
from storage import mandates, originals, people, record
from storage.database import Tx
from storage.originals import Arrival, Original, Source
from storage.people import Person, Role
from storage.tables import DemandRow, MandateRow

SENDERS = frozenset({Role.ILD, Role.EXECUTIVE, Role.UNIT, Role.ADMINISTRATOR})
WAITS_FOR_TEXT = timedelta(hours=2)
"""So long after "memo" plain words are taken for its text; later they were meant for something else."""

_CALLED_MEMO = re.compile(r"\s*memo\s*\n\s*\S", re.IGNORECASE)
_SAY_WHOSE = frozenset({Source.FEED, Source.MAIL, Source.POST})

# ---------------------------------------------------------------- ways in


def _said(turn: Turn, match: re.Match[str]) -> Cards:
    require(turn.person, Right.SEND_MANDATE, object="mandate")
    text = match["text"] or ""
    if text.strip():
        return receive(turn, text)
    record.expect(turn.tx, turn.person.id, "mandates", at=turn.now)
    return [Card("", (Text("Paste the memo as your next message, just as it came. I keep it whole."),))]


def _awaited(turn: Turn, args: Mapping[str, Any], text: str) -> Cards | None:
    """The text that was asked for. Words that come hours later are not it."""
    awaited = record.expectation_of(turn.tx, turn.person.id)
    if awaited is None or turn.now - awaited.since > WAITS_FOR_TEXT:
        return None
    record.expect_nothing(turn.tx, turn.person.id)
    if lone_page(text) is not None:
        return None  # the memo stands there: ``pages`` fetches it
    return receive(turn, text)


def read_pasted(turn: Turn, text: str) -> Cards | None:
    """A long text, or one with a letterhead, that somebody pasted without a word is a memo.

    Whoever may not send memos is told so where theirs is one beyond doubt: it has a letterhead, or says "memo" above.
    """
    if _CALLED_MEMO.match(text):
        require(turn.person, Right.SEND_MANDATE, object="mandate")
    if not looks_like_memo(text):
        return None
    if not may(turn.person, Right.SEND_MANDATE) and not has_letterhead(text):
        return None
    require(turn.person, Right.SEND_MANDATE, object="mandate")
    return receive(turn, text)


def read_letter(turn: Turn, text: str) -> Cards | None:
    """A text with a letterhead from somebody who may send memos, even in the middle of something else."""
    if not has_letterhead(text) or not looks_like_memo(text) or not may(turn.person, Right.SEND_MANDATE):
        return None
    return receive(turn, text)


@dataclass(frozen=True, slots=True)
class Taken:
    """What came of a text: its memo, everything that asks, whether it ``is_known`` from before, ILDs ``told`` of it."""

    memo: MandateRow
    demands: list[DemandRow]
    is_known: bool = False
    told: int = 0


def receive(
    turn: Turn,
    text: str,
    *,
    original: Original | None = None,
    notes: Sequence[str] = (),
    came: Sequence[str] = (),
) -> Cards:
    """``take`` a memo that somebody sends in the chat; what it asks, as a card."""
    taken = take(turn, text, original=original, notes=notes, came=came)
    if taken.is_known:
        return [_known_card(turn, taken.memo)]
    return [memo_card(taken.memo, taken.demands, today=turn.today, opening=_opening(turn, taken))]


def take(
    turn: Turn,
    text: str,
    *,
    original: Original | None = None,
    notes: Sequence[str] = (),
    came: Sequence[str] = (),
) -> Taken:
    """Read the memo, keep it, tell the ILDs whose schools it concerns. Every way in ends here.

    ``original`` is what the text was read from, where that was kept before; a text without one is kept here. ``notes``
    say what of the original is not in the text; whoever is shown the memo reads them. ``came`` are the names of the
    files that came with it. Raises ``UserError`` where there is no memo in it, and then nothing was written.
    """
    require(turn.person, Right.SEND_MANDATE, object="mandate")
    text = text.replace("\r\n", "\n").replace("\x00", "").strip("\n")
    if not re.search(r"[^\W\d_]{2,}", text):
        raise UserError("There are no words in that. Paste the text of the memo after the word memo.")
    known = mandates.find_by_fingerprint(turn.tx, fingerprint_of(text))
    if known is not None:
        if original is not None:
            originals.mark_read(turn.tx, original.id, mandate_id=known.id, at=turn.now, unit=known.unit)
        return Taken(known, mandates.demands_of(turn.tx, known.id or 0), is_known=True)
    head = read_letterhead(text, today=turn.today)
    memo_date = head.day or turn.today
    reading = read_memo(text, memo_date=memo_date, calendar=turn.district.calendar)
    if not reading.demands:
        kept = "no memo came of it" if original else "I kept nothing"
        raise UserError(
            f"I read all of it and found nothing that it asks, forbids or announces, so {kept}. "
            "Say who should do what by when, and send it again."
        )
    author = turn.written_by if turn.written_by and may(turn.written_by, Right.SEND_MANDATE) else turn.person
    original = original or _keep_pasted(turn, text)
    memo = MandateRow(
        title=reading.title,
        one_line=reading.one_line,
        contact=reading.contact,
        text=text,
        fingerprint=fingerprint_of(text),
        unit=_unit_of(author, original, head.office),
        sender_id=author.id,
        forwarded_by=None if author.id == turn.person.id else turn.person.id,
        memo_date=memo_date,
        received_at=turn.now,
        source=original.source.value,
        source_ref=original.source_ref,
        original_id=original.id,
    )
    mandate_id = mandates.add(turn.tx, memo, [(d, headline(d, reading)) for d in reading.demands])
    why = "\n".join(filter(None, (*notes, say_missing(text, came))))
    originals.mark_read(turn.tx, original.id, mandate_id=mandate_id, at=turn.now, why=why, unit=memo.unit)
    demands = mandates.demands_of(turn.tx, mandate_id)
    by_rules = triage_rules.apply_to_memo(turn, memo, demands)
    told = _tell_ilds(turn, memo, demands, by_rules)
    audit_trail.write(turn, "mandate.received", f"mandate:{mandate_id}", demands=len(demands), ilds=told)
    return Taken(memo, demands, told=told)


def _unit_of(author: Person, original: Original, signed: str | None) -> str:
    """Whose memo it is. Where the way in itself says so (a unit's token, a feed, a mail's sender), that counts more
    than what stands in the text; else the office that signs it, else its author's."""
    if original.source in _SAY_WHOSE and original.unit:
        return original.unit
    if signed is not None:
        return signed
    return office_of(author) if author.id != original.sender_id else original.unit or office_of(author)


def _keep_pasted(turn: Turn, text: str) -> Original:
    source = Source.FORWARDED if turn.written_by else Source.PASTED
    arrival = Arrival(text.encode(), source, turn.now, media_type="text/plain", sender_id=turn.person.id)
    return originals.receive_original(turn.tx, arrival)


# ---------------------------------------------------------------- what is said of it


def _opening(turn: Turn, taken: Taken) -> list[Block]:
    memo, demands = taken.memo, taken.demands
    # Where all of it stands on the card below, its most pressing sentence need not stand above it too.
    pressing = first_thing(memo.one_line) if len(demands) > PAGE else ""
    blocks: list[Block] = [Text(pressing, lead=say_count(demands)), *unread_parts(turn.tx, memo)]
    blocks.append(Text(f"{_say_origin(turn, memo)} {_route(turn, taken.told)}", quiet=True))
    if Role.ILD in turn.person.roles:
        blocks.append(Buttons((Button("Decide now", act("triage.open"), Emphasis.PRIMARY),)))
    return blocks


def _say_origin(turn: Turn, memo: MandateRow) -> str:
    """ "Human Resources, Fri 20 Nov." and who wrote it, where somebody else sent it on."""
    said = f"{memo.unit}, {say_day(memo.memo_date, turn.today)}."
    if memo.forwarded_by is None:
        return said
    return f"{said} {people.get_person(turn.tx, memo.sender_id, on=turn.today).name} wrote it."


def say_count(demands: list[DemandRow]) -> str:
    """ "It asks 3 things of schools; 2 more are only to know." """
    asked = sum(demand.for_school and demand.binding in ("must", "should") for demand in demands)
    told = len(demands) - asked
    things = "1 thing" if asked == 1 else f"{asked} things"
    if not asked:
        return "It asks nothing of schools."
    more = f"; {told} more {'is' if told == 1 else 'are'} only to know" if told else ""
    return f"It asks {things} of schools{more}."


def _route(turn: Turn, told: int) -> str:
    others = "Each ILD decides what reaches her schools; principals read it in Monday's digest."
    if told:
        who = "1 ILD gets a note" if told == 1 else f"{told} ILDs get a note"
        return f"{who} in working hours. {others}"
    return others


def _known_card(turn: Turn, memo: MandateRow) -> Card:
    sender = people.get_person(turn.tx, memo.sender_id, on=turn.today)
    who = "you" if sender.id == turn.person.id else sender.name
    when = say_day(memo.received_at.astimezone(turn.zone).date(), turn.today)
    lead = f"I have this one already: {who} sent it on {when}."
    if not _may_see(turn, memo):
        return Card(
            "",
            (
                Text(
                    f"{lead} It is on its way to the schools it concerns.",
                ),
            ),
        )
    demands = mandates.demands_of(turn.tx, memo.id or 0)
    opening = [Text(say_count(demands), lead=lead), *unread_parts(turn.tx, memo)]
    return memo_card(memo, demands, today=turn.today, opening=opening)


def _tell_ilds(
    turn: Turn, memo: MandateRow, demands: list[DemandRow], by_rules: Mapping[int, Collection[int]]
) -> int:
    """One note to each ILD, other than the sender, with a school that any demand concerns; how many.

    What her own rules have decided (``by_rules``) she reads in the week's overview.
    """
    told = 0
    for network in all_networks(turn.tx, turn.today):
        ild = network.ild
        decided = by_rules.get(ild.id, ())
        mine = [d for d in demands if d.id not in decided and concerned(d, network.schools)]
        if not mine or ild.id == turn.person.id:
            continue
        asks = say_count(mine).replace("of schools", "of your schools")
        title, first = end_sentence(memo.title), first_thing(memo.one_line)
        text = f"{memo.unit}: {title} {asks}" + (f" {first}" if first != title else "")
        buttons = (
            Button("Decide", act("triage.memo", memo=memo.id or 0), Emphasis.PRIMARY),
            Button("What it asks", act("mandates.page", memo=memo.id or 0, start=0)),
        )
        told += (
            tell_when_open(
                turn.tx,
                turn.district,
                ild,
                Card("", (Text(text, lead="A new memo."), Buttons(buttons))),
                kind="memo",
                period=str(memo.id),
                now=turn.now,
                subject=f"mandates:{memo.id}:{ild.id}",
            )
            is not None
        )
    return told


def _still_waits(tx: Tx, subject: str, now: datetime) -> str | None:
    """A note about a memo is of no use once the ILD has decided all of it."""
    _topic, memo_id, ild_id = subject.split(":")
    demands = mandates.demands_of(tx, int(memo_id))
    if all(mandates.triage_of(tx, demand.id or 0, int(ild_id)) for demand in demands):
        return "the ILD has decided about it already"
    return None


# ---------------------------------------------------------------- buttons


def _page(turn: Turn, action: Action, _values: Values) -> Cards:
    memo = load_memo(turn, action)
    demands = mandates.demands_of(turn.tx, memo.id or 0)
    start = min(max(action.number("start"), 0), max(len(demands) - 1, 0))
    missing = [] if start else unread_parts(turn.tx, memo)
    return [memo_card(memo, demands, today=turn.today, start=start, opening=missing)]


def _original(turn: Turn, action: Action, _values: Values) -> Cards:
    memo = load_memo(turn, action)
    at = action.number("at") if "at" in action.args else 0
    demands = mandates.demands_of(turn.tx, memo.id or 0) if at else []
    quote = next((demand.quote for demand in demands if demand.start == at), "")
    audit_trail.write(turn, "mandate.read", f"mandate:{memo.id}")
    card, file = original_card(memo, today=turn.today, at=at, quote=quote), file_of(turn.tx, memo)
    return [Card(card.title, (*card.blocks, file)) if file else card]


def load_memo(turn: Turn, action: Action) -> MandateRow:
    """The memo of a button, if the person may see it."""
    memo = mandates.get(turn.tx, action.number("memo"))
    if memo is None:
        raise UserError("That memo is not here any more. Ask the office that sent it.")
    require(
        turn.person,
        Right.SEE_MANDATE,
        Subject(owner_ids=mandates.owners_of(memo)),
        object=f"mandate:{memo.id}",
    )
    return memo


def _may_see(turn: Turn, memo: MandateRow) -> bool:
    return may(turn.person, Right.SEE_MANDATE, Subject(owner_ids=mandates.owners_of(memo)))


TOPIC = Topic(
    name="mandates",
    commands=(
        Command(
            re.compile(r"(?:new |a )?memo\b[:.]?(?P<text>[\s\S]*)", re.IGNORECASE),
            _said,
            example="memo",
            what="Paste a memo; I list what it asks, of whom and by when.",
            roles=SENDERS,
            is_verbatim=True,
        ),
    ),
    actions={"mandates.page": _page, "mandates.original": _original},
    answer=_awaited,
    still_true=_still_waits,
)
