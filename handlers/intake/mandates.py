"""A memo comes in: pasted, forwarded, or sent after "memo". It is read once, kept whole, and shown as what it asks.

Nothing reaches a principal from here: each ILD decides for her own schools (``handlers/deciding/triage.py``). The same
memo again, whatever became of its spaces, capitals and letterhead, is recognised and the first one is shown; of a
corrected one, the difference (``handlers/intake/memo_versions.py``).
"""

import re
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from handlers import audit_trail
from handlers.actions import Action, act
from handlers.cards import Block, Button, Buttons, Card, Emphasis, Text
from handlers.deciding import triage_rules
from handlers.errors import UserError
from handlers.intake.mandate_cards import memo_card, original_card
from handlers.intake.memo_lineage import by_source
from handlers.intake.memo_news import Taken, corrected_card, known_card, opening_of, say_count
from handlers.intake.memo_versions import (
    Kin,
    ask_sender,
    find_kin,
    positions,
    press_another,
    press_replaces,
    repeat,
    supersede,
)
from handlers.intake.original_files import file_of, unread_parts
from handlers.networks import all_networks, concerned
from handlers.permissions import Right, Subject, may, require
from handlers.post import tell_when_open
from handlers.turn import Cards, Command, Topic, Turn, Values, office_of
from protocols.buffer.demands import Reading
from protocols.buffer.headlines import end_sentence, first_thing, headline
from protocols.buffer.letterhead import fingerprint_of, has_letterhead, looks_like_memo, read_letterhead
from protocols.buffer.missing import say_missing
from protocols.buffer.reading import read_memo
from protocols.buffer.submission import advise
from protocols.buffer.versions import Verdict, Version
from protocols.buffer.written_dates import order_in
from protocols.cadence.feed_addresses import lone_page
from protocols.cadence.moments import say_day
from storage import mandates, originals, people, record, versions
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
        return [known_card(turn, taken.memo, is_nearly=taken.kin is not None)]
    if taken.kin is not None and taken.kin.verdict is Verdict.REVISED:
        return [corrected_card(turn, taken, taken.kin)]
    return [memo_card(taken.memo, taken.demands, today=turn.today, opening=opening_of(turn, taken))]


def take(
    turn: Turn,
    text: str,
    *,
    original: Original | None = None,
    notes: Sequence[str] = (),
    came: Sequence[str] = (),
    as_read: Reading | None = None,
) -> Taken:
    """Read the memo, keep it, tell the ILDs whose schools it concerns. Every way in ends here.

    ``original`` is what the text was read from, where that was kept before; a text without one is kept here. ``notes``
    say what of the original is not in the text; whoever is shown the memo reads them. ``came`` are the names of the
    files that came with it. Raises ``UserError`` where there is no memo in it, and then nothing was written.
    ``as_read`` is what a form says by itself, so that nothing has to be read out of its words.
    """
    require(turn.person, Right.SEND_MANDATE, object="mandate")
    text = text.replace("\r\n", "\n").replace("\x00", "").strip("\n")
    if not re.search(r"[^\W\d_]{2,}", text):
        raise UserError("There are no words in that. Paste the text of the memo after the word memo.")
    known = mandates.find_by_fingerprint(turn.tx, fingerprint_of(text))
    if known is not None:
        if original is not None:
            originals.mark_read(turn.tx, original.id, mandate_id=known.id, at=turn.now, unit=known.unit)
        return Taken(known, versions.standing(turn.tx, known), is_known=True)
    habit = order_in(str(turn.district.zone))
    head = read_letterhead(text, today=turn.today, habit=habit)
    memo_date = head.day or turn.today
    reading = as_read or read_memo(
        text,
        memo_date=memo_date,
        calendar=turn.district.calendar,
        habit=habit,
        networks={school.network for school in people.schools_on(turn.tx, turn.today)},
    )
    if not reading.demands:
        kept = "no memo came of it" if original else "I kept nothing"
        raise UserError(
            f"I read all of it and found nothing that it asks, forbids or announces, so {kept}. "
            "Say who should do what by when, and send it again."
        )
    author = turn.written_by if turn.written_by and may(turn.written_by, Right.SEND_MANDATE) else turn.person
    original = original or _keep_pasted(turn, text)
    unit = _unit_of(author, original, head.office)
    why = "\n".join(filter(None, (*notes, say_missing(text, came))))
    version = Version(reading.title, unit, memo_date, reading.demands, text)
    kin = by_source(turn, original, version, find_kin(turn, version))
    if kin is not None and kin.verdict is Verdict.SAME:
        originals.mark_read(turn.tx, original.id, mandate_id=kin.memo.id, at=turn.now, why=why, unit=unit)
        return Taken(kin.memo, kin.stands, is_known=True, kin=kin)
    memo = MandateRow(
        title=reading.title,
        one_line=reading.one_line,
        contact=reading.contact,
        text=text,
        fingerprint=fingerprint_of(text),
        unit=unit,
        sender_id=author.id,
        forwarded_by=None if author.id == turn.person.id else turn.person.id,
        memo_date=memo_date,
        received_at=turn.now,
        source=original.source.value,
        source_ref=original.source_ref,
        original_id=original.id,
    )
    taken = _add(turn, memo, reading, kin)
    mandate_id = memo.id or 0
    originals.mark_read(turn.tx, original.id, mandate_id=mandate_id, at=turn.now, why=why, unit=unit)
    audit_trail.write(
        turn, "mandate.received", f"mandate:{mandate_id}", demands=len(taken.demands), ilds=taken.told
    )
    if kin is not None and kin.verdict is Verdict.UNSURE and original.source in _SAY_WHOSE:
        ask_sender(turn, memo, dict(enumerate(taken.demands)), kin)
    return taken


def _add(turn: Turn, memo: MandateRow, reading: Reading, kin: Kin | None) -> Taken:
    """Keep the memo and tell the ILDs; of a corrected one only what is new or changed."""
    kept = list(reading.demands)
    if kin is not None and kin.verdict is Verdict.REVISED:
        fresh = {one.now for one in kin.found.changed} | set(kin.found.new)
        kept = [demand for at, demand in enumerate(kept) if at in fresh]
    mandate_id = mandates.add(turn.tx, memo, [(demand, headline(demand, reading)) for demand in kept])
    demands = mandates.demands_of(turn.tx, mandate_id)
    if kin is not None and kin.verdict is Verdict.REVISED:
        told = supersede(turn, memo, positions(demands, kin), kin)
        triage_rules.apply_to_memo(turn, memo, demands)
        return Taken(memo, demands, told=told, kin=kin)
    if kin is not None and kin.verdict is Verdict.REPEATED:
        repeat(turn, memo, demands, kin)
    by_rules = triage_rules.apply_to_memo(turn, memo, demands)
    advice = advise(memo.text, reading) if Role.UNIT in turn.person.roles else ()
    told = _tell_ilds(turn, memo, demands, by_rules)
    return Taken(memo, demands, told=told, kin=kin, advice=advice)


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


# ---------------------------------------------------------------- who is told


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
    demands = versions.standing(turn.tx, memo)
    start = min(max(action.number("start"), 0), max(len(demands) - 1, 0))
    opening = [] if start else [*_replaced(turn, memo), *unread_parts(turn.tx, memo)]
    return [memo_card(memo, demands, today=turn.today, start=start, opening=opening)]


def _replaced(turn: Turn, memo: MandateRow) -> list[Block]:
    later = versions.replaced_by(turn.tx, memo.id or 0)
    if later is None:
        return []
    which = f"version {later.version}, of {say_day(later.memo_date, turn.today)}"
    return [Text(f"Corrected by {which}. Below is what still stands of it.", quiet=True)]


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
    actions={
        "mandates.page": _page,
        "mandates.original": _original,
        "mandates.replaces": press_replaces,
        "mandates.another": press_another,
    },
    answer=_awaited,
    still_true=_still_waits,
    in_place_alone=frozenset({"mandates.replaces", "mandates.another"}),
)
