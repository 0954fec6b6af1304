"""The mailbox: offices send their memos to an address, and each mail comes in like a memo that was pasted.

A mail is kept, with its attachments, before it is read, and marked as seen only then. Its sender is known by the
address in the roster. A mail of anybody else is kept too and shown to the administrators once a day: they take it in or
leave it; by itself it goes nowhere.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from handlers import audit_trail
from handlers.actions import Action, act
from handlers.cards import Button, Buttons, Card, Item, Items, Text, plain
from handlers.district import District, load_district
from handlers.errors import StaleError
from handlers.intake import arrivals
from handlers.intake.arrivals import is_open
from handlers.intake.mandate_cards import original_button
from handlers.intake.memo_news import Taken, say_count
from handlers.permissions import Right, may, require
from handlers.post import tell_when_open
from handlers.turn import Cards, Command, Topic, Turn, Values, office_of
from protocols.buffer.mail_heads import MailHead
from protocols.documents.document import Document, DocumentFault
from storage import mailboxes, originals, people, record
from storage.database import Store, Tx
from storage.mailboxes import UnknownMail
from storage.originals import Arrival, Original, Source
from storage.people import Person, Role

EVERY = timedelta(minutes=2)
LEASE = timedelta(minutes=10)
LONGEST_WAIT = timedelta(hours=1)
TOLD_FROM = 5
"""So many readings in a row may fail for a reason that often passes before anybody is told: about half an hour."""
WAITING = ("new", "shown")
"""States of a mail that nobody has settled."""
SHOWN = 10
WHY = {
    "unknown": "Nobody in the roster has this address.",
    "unverified": "Your mail server says that it does not come from this address.",
    "not_allowed": "This person may not send memos to schools.",
}
AUTOMATIC = "It is an automatic answer, so nothing was done with it."


@dataclass(frozen=True, slots=True)
class Position:
    """How far the mailbox has been read; see ``MailboxRow``. ``read_at`` None: never."""

    id: int
    validity: int
    of_before: int
    taken_uid: int
    seen_uid: int
    read_at: datetime | None

    @property
    def is_taken_unseen(self) -> bool:
        """Whether the last mail that was taken has not been marked yet."""
        return self.taken_uid > self.seen_uid


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail as it lies in the mailbox. ``too_large`` is why only its head was fetched; empty for a whole one."""

    uid: int
    data: bytes
    head: MailHead
    too_large: str = ""


# ---------------------------------------------------------------- the clock


def begin(store: Store, name: str, now: datetime) -> Position | None:
    """Reserve the reading of the mailbox; None where it is not due, or another clock reads it."""
    with store.begin() as tx:
        row = mailboxes.open_mailbox(tx, name, at=now)
        if row.id is None or row.next_at > now:
            return None
        if not mailboxes.take_turn(tx, row.id, was=row.next_at, next_at=now + LEASE):
            return None
        return Position(row.id, row.validity, row.of_before, row.taken_uid, row.seen_uid, row.read_at)


def restart(store: Store, position: Position, validity: int, *, of_before: int) -> Position:
    """The server numbers its mails anew, or for the first time: those up to ``of_before`` were there already."""
    with store.begin() as tx:
        mailboxes.restart(tx, position.id, validity=validity, of_before=of_before)
    return Position(position.id, validity, of_before, 0, 0, position.read_at)


def keep_mail(store: Store, position: Position, mail: Mail, now: datetime) -> Original | None:
    """Keep a mail and that it was taken, in one transaction. None where it was kept before, or is not to be read."""
    with store.begin() as tx:
        sender = (
            people.find_by_email(tx, mail.head.address, on=_today(tx, now)) if mail.head.address else None
        )
        original = originals.receive_original(
            tx,
            Arrival(
                mail.data,
                Source.MAIL,
                now,
                source_ref=mail.head.reference,
                name=f"{mail.head.subject[:80] or 'mail'}.eml",
                media_type="message/rfc822",
                unit=office_of(sender) if sender else "",
                sender_id=sender.id if sender else None,
                sender=mail.head.address,
            ),
        )
        mailboxes.note_taken(tx, position.id, mail.uid)
        if not is_open(original):
            return None
        why = _why_not_by_itself(sender, mail.head)
        if mail.head.is_automatic:
            originals.mark_read(tx, original.id, mandate_id=None, at=now, why=AUTOMATIC)
            return None
        if why:
            subject = mail.head.subject or "(no subject)"
            mailboxes.add_unknown(
                tx,
                original_id=original.id,
                address=mail.head.address or "(no address)",
                subject=subject,
                why=why,
            )
            originals.mark_read(tx, original.id, mandate_id=None, at=now, why=WHY[why])
            return None
        if mail.too_large:
            take_words(tx, original, DocumentFault(mail.too_large), now=now)
            return None
        return original


def _why_not_by_itself(sender: Person | None, head: MailHead) -> str:
    if head.is_unverified:
        return "unverified"
    if sender is None:
        return "unknown"
    return "" if may(sender, Right.SEND_MANDATE) else "not_allowed"


def take_words(tx: Tx, original: Original, read: Document | DocumentFault, *, now: datetime) -> None:
    """A mail's words: a memo; its sender is told what it asks, or why none came of it."""
    district = load_district(tx)
    settled = arrivals.settle(tx, original, read, now=now)
    if original.sender_id is None:
        return
    sender = people.get_person(tx, original.sender_id, on=now.astimezone(district.zone).date())
    name = original.name.removesuffix(".eml")
    period = f"original:{original.id}"
    if settled.taken is None:
        text = f"{settled.why} The mail is kept as it came."
        card = plain(text, lead=f"No memo came of your mail “{name}”.")
        tell_when_open(tx, district, sender, card, kind="memo_unread", period=period, now=now)
    elif not settled.taken.is_known:
        card = _came_in(settled.taken, settled.notes, name)
        tell_when_open(tx, district, sender, card, kind="memo_in", period=period, now=now)


def _came_in(taken: Taken, notes: tuple[str, ...], name: str) -> Card:
    text = " ".join((say_count(taken.demands), *notes, "The ILDs whose schools it concerns decide."))
    buttons = (
        Button("What it asks", act("mandates.page", memo=taken.memo.id or 0, start=0)),
        original_button(taken.memo),
    )
    return Card("", (Text(text, lead=f"Your mail “{name}” came in."), Buttons(buttons)))


def note_seen(store: Store, position: Position, uid: int) -> None:
    """Everything up to that mail is marked as seen in the mailbox."""
    with store.begin() as tx:
        mailboxes.note_seen(tx, position.id, uid)


def finish(store: Store, position: Position, now: datetime, *, is_all: bool) -> None:
    """The mailbox could be read. ``is_all``: nothing new is left in it."""
    with store.begin() as tx:
        read_at, next_at = (now, now + EVERY) if is_all else (None, now)
        was_told = mailboxes.note_good(tx, position.id, read_at=read_at, next_at=next_at)
        if was_told:
            card = plain("The mailbox for memos can be read again. What came meanwhile comes in now.")
            _tell_administrators(tx, load_district(tx), card, period=f"mended:{now:%Y%m%d%H%M}", now=now)


def take_fault(store: Store, position: Position, why: str, *, is_lasting: bool, now: datetime) -> None:
    """The mailbox cannot be read. ``is_lasting``: somebody has to change a setting."""
    with store.begin() as tx:
        failures, is_told = mailboxes.note_bad(tx, position.id)
        pause = LONGEST_WAIT if is_lasting else min(EVERY * 2 ** min(failures, 6), LONGEST_WAIT)
        tells = not is_told and (is_lasting or failures >= TOLD_FROM)
        mailboxes.put_next(tx, position.id, next_at=now + pause, is_fault_told=is_told or tells)
        if tells:
            text = f"{why} Nothing is lost: mails wait there, and I keep trying."
            card = plain(text, lead="I can't read the mailbox for memos.")
            _tell_administrators(tx, load_district(tx), card, period=f"fault:{now:%Y%m%d%H%M}", now=now)


def tell_unknown(store: Store, now: datetime) -> int:
    """Show the administrators, once a day, the mails of senders nobody knows; how many were new."""
    with store.begin() as tx:
        new = mailboxes.unknown(tx, states=("new",), limit=200)
        if not new:
            return 0
        district = load_district(tx)
        day = now.astimezone(district.zone).date()
        if not record.note_once(tx, kind="unknown_mail", object=day.isoformat(), at=now):
            return 0
        card = _unknown_card(mailboxes.unknown(tx, states=WAITING, limit=SHOWN + 1))
        _tell_administrators(tx, district, card, period=f"unknown:{day.isoformat()}", now=now)
        mailboxes.note_shown(tx, [mail.id for mail in new])
        return len(new)


def _tell_administrators(tx: Tx, district: District, card: Card, *, period: str, now: datetime) -> None:
    for person in people.people_with_role(tx, Role.ADMINISTRATOR, on=now.astimezone(district.zone).date()):
        tell_when_open(tx, district, person, card, kind="mailbox", period=period, now=now)


def _today(tx: Tx, now: datetime) -> date:
    return now.astimezone(load_district(tx).zone).date()


# ---------------------------------------------------------------- chat


def _unknown_card(mails: Sequence[UnknownMail]) -> Card:
    shown = mails[:SHOWN]
    items = tuple(
        Item(
            WHY[mail.why],
            lead=mail.subject,
            detail=f"from {mail.address}",
            buttons=(
                Button("Take it in", act("mailbox.take", mail=mail.id)),
                Button("Leave it", act("mailbox.leave", mail=mail.id)),
            ),
        )
        for mail in shown
    )
    more = " “unknown mails” shows the others." if len(mails) > SHOWN else ""
    closing = Text(f"What you take in comes in under your name; what you leave stays kept.{more}", quiet=True)
    return Card("Mails that wait for you", (Items(items), closing))


def _list(turn: Turn, _match: re.Match[str]) -> Cards:
    require(turn.person, Right.SETTLE_MAIL, object="unknown_mail")
    mails = mailboxes.unknown(turn.tx, states=WAITING, limit=SHOWN + 1)
    return [_unknown_card(mails) if mails else plain("No mail of an unknown sender waits.")]


def _press_take(turn: Turn, action: Action, _values: Values) -> Cards:
    mail = _settle(turn, action, "taken")
    originals.give_to(turn.tx, mail.original_id, sender_id=turn.person.id)
    audit_trail.write(turn, "mail.taken", f"original:{mail.original_id}")
    return [plain(f"I read “{mail.subject}” in a minute or two and tell you what it asks.")]


def _press_leave(turn: Turn, action: Action, _values: Values) -> Cards:
    mail = _settle(turn, action, "left")
    audit_trail.write(turn, "mail.left", f"original:{mail.original_id}")
    return [plain(f"I leave “{mail.subject}”. It stays kept.")]


def _settle(turn: Turn, action: Action, state: str) -> UnknownMail:
    require(turn.person, Right.SETTLE_MAIL, object="unknown_mail")
    mail = mailboxes.get_unknown(turn.tx, action.number("mail"))
    if mail is None or not mailboxes.settle_unknown(turn.tx, mail.id, state, by=turn.person.id, at=turn.now):
        raise StaleError("That mail was settled before. “unknown mails” shows those that wait.")
    return mail


TOPIC = Topic(
    name="mailbox",
    commands=(
        Command(
            re.compile(r"(?:show )?unknown mails?", re.IGNORECASE),
            _list,
            example="unknown mails",
            what="Mails with memos from senders the roster does not know: take in or leave.",
            roles=frozenset({Role.ADMINISTRATOR}),
        ),
    ),
    actions={"mailbox.take": _press_take, "mailbox.leave": _press_leave},
    in_place_alone=frozenset({"mailbox.take", "mailbox.leave"}),
)
