"""The sender's desk: each of its steps in the database as one transaction. Plain functions, called in a thread."""

import hashlib
import os
import secrets
import socket
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import assert_never

from bot.platforms.base import (
    Account,
    Found,
    InDoubt,
    Limited,
    NotFoundOut,
    Outcome,
    Parcel,
    Revoked,
    Sent,
    Unavailable,
    Unreachable,
)
from handlers.card_codec import decode_card
from handlers.district import load_district, one_district
from handlers.outgoing import Drop, Later, Send, recheck
from storage import attachments, doubts, outbox, people, places
from storage.database import Store, Tx
from storage.tables import MessageRow

SETTLE = timedelta(seconds=30)
"""From a lost answer to the first look-up: what a platform accepted a moment ago may not show yet."""
LONGEST_REPEAT = 30.0
"""Seconds at most from one attempt at a change of a message to the next; it doubles up to there."""
LOOK_UP_AGAIN = timedelta(minutes=2)
AFTER_RESTORE = timedelta(days=8)
"""So long after a backup was put back whatever nobody asked for is looked up before it is sent, and so far back:
a digest of the days between the backup and its return was sent, and the database does not know."""
MAX_ATTEMPTS = 8
"""So often is a message tried that comes back as in doubt and is not there; then it is reported."""
MAX_DOUBT = timedelta(hours=12)
"""So long is a message looked up that cannot be; then it is reported, and the recipient's next ones go on."""


@dataclass(frozen=True, slots=True)
class Claimed:
    """``count`` messages were looked at; ``parcels`` of them are to be sent, the others were dropped or put off."""

    count: int
    parcels: tuple[Parcel, ...]


@dataclass(frozen=True, slots=True)
class Ended:
    """What came of a message, and when."""

    parcel: Parcel
    outcome: Outcome
    at: datetime


class Desk:
    """``platforms`` are the names of those that can be sent to.

    ``wall`` is the real time, by which leases run, even where messages are sent as of a time that somebody has set.
    """

    def __init__(self, store: Store, platforms: Sequence[str], *, wall: Callable[[], datetime]) -> None:
        self._store = store
        self._platforms = frozenset(platforms)
        self._sender = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"
        self._wall = wall

    def claim(self, *, now: datetime, limit: int, silent: Mapping[str, datetime]) -> Claimed:
        """Take due messages and look once more whether each still makes sense, in one transaction.

        ``silent`` are platforms that take nothing until then; all messages that go there wait, in their order.
        """
        with one_district(), self._store.begin() as tx:
            rows = outbox.claim(tx, sender=self._sender, now=now, limit=limit, leased_at=self._wall())
            if not rows:
                return Claimed(0, ())
            district = load_district(tx)
            restored = doubts.restored_at(tx)
            is_restored = _is_after_restore(restored, now)
            folk = people.get_people(tx, {row.recipient_id for row in rows}, on=now.date())
            parcels = []
            for row in rows:
                assert row.id is not None
                if is_restored and not row.asked and row.attempts == 1:
                    outbox.mark_unknown(tx, row.id, why=doubts.PUT_BACK, look_up_at=now)
                    continue
                match recheck(tx, district, row, now=now, person=folk[row.recipient_id]):
                    case Send(person=person):
                        parcel = self._parcel(tx, row, person.email, restored)
                        until = _silent_until(parcel.account, silent)
                        if until is None:
                            parcels.append(parcel)
                        else:
                            outbox.mark_unsent(tx, row.id, not_before=until, counts=False)
                    case Drop(why=why):
                        outbox.drop(tx, row.id, why=why)
                    case Later(at=at, waits_for=waits_for, expires_at=expires_at):
                        outbox.mark_unsent(
                            tx,
                            row.id,
                            not_before=at,
                            counts=False,
                            waits_for=waits_for,
                            expires_at=expires_at,
                        )
        return Claimed(len(rows), tuple(parcels))

    def link(self, parcel: Parcel, account: Account, *, at: datetime) -> Parcel:
        """Remember an account that was found by e-mail address."""
        with self._store.begin() as tx:
            people.link_account(
                tx,
                person_id=parcel.recipient_id,
                platform=account.platform,
                workspace=account.workspace,
                user=account.user,
                address=dict(account.address),
                at=at,
            )
        return replace(parcel, account=account)

    def settle(self, ended: Sequence[Ended]) -> None:
        """Write down what came of messages, in one transaction."""
        with self._store.begin() as tx:
            for one in ended:
                self._settle(tx, one.parcel, one.outcome, now=one.at)

    def _settle(self, tx: Tx, parcel: Parcel, outcome: Outcome, *, now: datetime) -> None:
        message_id = parcel.message_id
        match outcome:
            case Sent(parts=parts, address=address):
                self._reached(tx, parcel, address)
                platform = parcel.account.platform if parcel.account else ""
                outbox.mark_sent(tx, message_id, at=now, platform=platform, reference=_reference(parts))
            case Limited(parts=parts) | Unavailable(parts=parts) | Revoked(parts=parts):
                # Due at once: the platform as a whole waits, so this recipient's later messages stay behind it.
                reference = _reference(parts)
                outbox.mark_unsent(tx, message_id, not_before=None, counts=False, reference=reference)
            case Unreachable(why=why):
                outbox.mark_failed(tx, message_id, why=why)
            case InDoubt(why=why, parts=parts, address=address, may_repeat=may_repeat):
                self._note(tx, parcel, address)
                if parcel.attempts >= MAX_ATTEMPTS:
                    outbox.mark_failed(tx, message_id, why=f"perhaps sent; gave up: {why}")
                else:
                    wait = timedelta(seconds=min(2.0**parcel.attempts, LONGEST_REPEAT))
                    outbox.mark_unknown(
                        tx,
                        message_id,
                        why=why,
                        look_up_at=now + (wait if may_repeat else SETTLE),
                        reference=_reference(parts),
                    )
            case _:
                assert_never(outcome)

    def doubts(self, *, now: datetime) -> list[Parcel]:
        """Messages to look up now, those of senders that died among them."""
        with self._store.begin() as tx:
            dead = [name for name in doubts.holders(tx) if name != self._sender and _is_dead(name)]
            doubts.expire_leases(tx, now=self._wall(), look_up_at=now + SETTLE, dead=dead)
            rows = doubts.in_doubt(tx, now=now)
            found = people.get_people(tx, {row.recipient_id for row in rows}, on=now.date())
            restored = doubts.restored_at(tx)
            return [self._parcel(tx, row, found[row.recipient_id].email, restored) for row in rows]

    def resolve(self, parcel: Parcel, answer: Found | NotFoundOut, *, now: datetime) -> None:
        """Write down what the platform said about a message in doubt."""
        message_id = parcel.message_id
        with self._store.begin() as tx:
            match answer:
                case Found(parts=parts, is_complete=True, address=address):
                    self._note(tx, parcel, address)
                    platform = parcel.account.platform if parcel.account else ""
                    outbox.mark_sent(tx, message_id, at=now, platform=platform, reference=_reference(parts))
                case Found(parts=parts, address=address):
                    self._note(tx, parcel, address)
                    if parcel.attempts >= MAX_ATTEMPTS:
                        outbox.mark_failed(tx, message_id, why="the platform lost it every time")
                    else:
                        outbox.requeue(tx, message_id, now=now, reference=_reference(parts))
                case NotFoundOut(why=why, is_final=is_final):
                    if is_final or now - parcel.created_at > MAX_DOUBT:
                        outbox.mark_failed(tx, message_id, why=f"perhaps sent; cannot be looked up: {why}")
                    else:
                        outbox.postpone_look_up(tx, message_id, until=now + LOOK_UP_AGAIN)
                case _:
                    assert_never(answer)

    def expiring(self, *, now: datetime, before: datetime) -> int:
        """How many waiting messages a pause until ``before`` makes useless."""
        with self._store.read() as tx:
            return outbox.expiring(tx, now=now, before=before)

    def _parcel(self, tx: Tx, row: MessageRow, email: str, restored: datetime | None) -> Parcel:
        assert row.id is not None
        since = row.created_at if restored is None else min(row.created_at, restored - AFTER_RESTORE)
        account = self._account(tx, row)
        return Parcel(
            message_id=row.id,
            key=_key(row),
            recipient_id=row.recipient_id,
            email=email,
            account=account,
            card=decode_card(row.card),
            created_at=row.created_at,
            since=since,
            tokens=attachments.attachments_of(tx, row.id),
            parts=places.parts_of(row),
            attempts=row.attempts,
            is_after_restore=row.state == "unknown" and row.why == doubts.PUT_BACK,
            replaces=_replaced(tx, row, account),
            thread=_thread(tx, row, account),
            window=row.window,
        )

    def _account(self, tx: Tx, row: MessageRow) -> Account | None:
        """The account used last, on a platform that can be sent to. One that is said to be gone only where there is no
        other: its platform decides what becomes of the message, and it may be back."""
        found = [one for one in people.accounts_of(tx, row.recipient_id) if one.platform in self._platforms]
        for one in sorted(found, key=lambda one: bool(one.lost)):
            return Account(one.platform, one.workspace, one.user, dict(one.address))
        return None

    def _reached(self, tx: Tx, parcel: Parcel, address: dict[str, str]) -> None:
        if parcel.account is not None:
            one = parcel.account
            people.reached(tx, platform=one.platform, workspace=one.workspace, user=one.user, address=address)

    def _note(self, tx: Tx, parcel: Parcel, address: dict[str, str]) -> None:
        if parcel.account is not None and address:
            people.note_address(
                tx,
                platform=parcel.account.platform,
                workspace=parcel.account.workspace,
                user=parcel.account.user,
                address=address,
            )


def _silent_until(account: Account | None, silent: Mapping[str, datetime]) -> datetime | None:
    """Until when nothing can be sent to this account; somebody who has none is looked for on every platform."""
    return silent.get(account.platform) if account else max(silent.values(), default=None)


def _replaced(tx: Tx, row: MessageRow, account: Account | None) -> tuple[str, ...]:
    """What stands at the message's place on the platform that it goes to."""
    if row.place_id is None or account is None:
        return ()
    return places.parts_at(tx, row.place_id, platform=account.platform)


def _thread(tx: Tx, row: MessageRow, account: Account | None) -> str:
    """The message under which this one belongs, once that is there."""
    first = places.first_of_thread(tx, row.recipient_id, row.thread) if row.thread else None
    if first is None or account is None or first.id == places.place_of(row):
        return ""
    return next(iter(places.parts_at(tx, first.id or 0, platform=account.platform)), "")


def _is_dead(sender: str) -> bool:
    """Whether a sender was on this machine and its process is gone. Of others only the lease can tell."""
    host, _, rest = sender.partition(":")
    number = rest.partition(":")[0]
    if host != socket.gethostname() or not number.isdigit():
        return False
    if int(number) == os.getpid():
        return (
            True  # the same number under another name: a container whose process always has it, started anew
        )
    try:
        os.kill(int(number), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False


def _is_after_restore(restored: datetime | None, now: datetime) -> bool:
    return restored is not None and now - restored < AFTER_RESTORE


def _key(row: MessageRow) -> str:
    name = f"{row.recipient_id}\n{row.kind}\n{row.period}"
    return hashlib.sha256(name.encode()).hexdigest()[:24]


def _reference(parts: tuple[str, ...]) -> dict[str, list[str]]:
    """What ``platform_ref`` holds: the platform's names of the parts that are there, in order."""
    return {"parts": list(parts)}
