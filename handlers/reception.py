"""The front desk: one inbound event becomes one transaction and, in the outbox, its answers.

The order that makes a kill between any two steps harmless: the event's keys, the change and the answers are
written in the same transaction, so either all of them are there or none; a platform's repeat of the event finds
its key and does nothing. What a person can mend rolls back and is answered with a sentence; a bug rolls back and
is answered with a reference code that is also in the log.
"""

import logging
import secrets
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import partial
from typing import Literal

from handlers import apologies, router
from handlers.account_news import AccountFound, AccountLost, News, take_news
from handlers.actions import ActionError, decode
from handlers.answering import Pressed as Pressed
from handlers.answering import pressed_turn, put_answers, thread_of
from handlers.cards import Card
from handlers.district import load_district
from handlers.errors import UserError
from handlers.guided.second_looks import NO_SECOND_LOOK, Advise, LookWanted, SecondLooks
from handlers.intake.sent_files import Files, SentFile, answer_files, cover, without_memo_word
from handlers.pace import Pace, cost_of, count_answers, is_within, too_much
from handlers.turn import Cards, Turn
from handlers.welcome import first_contact
from protocols.documents.document import MAX_TEXT
from storage import homes, people, record
from storage.database import Store, StoreBusyError, Tx, insist
from storage.people import Person

log = logging.getLogger(__name__)

_CODE_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # no 0/O, 1/I: codes are read out on the telephone


@dataclass(frozen=True, slots=True)
class Sender:
    """Who a platform says sent it. ``email`` where the platform knows it and the account is not linked yet."""

    platform: str
    workspace: str
    user: str
    email: str | None = None
    address: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Said:
    """Words. ``is_command`` where the platform says so (a slash command): then they never answer a question.

    ``files`` hung on them. ``is_private``: written to the bot alone, where nobody else reads it. ``written_by`` is
    whose words they are on that platform, where the sender sends somebody else's on; empty for their own. ``thread`` is
    the platform's name of the bot's message under which they were written, empty outside of a thread.
    """

    text: str
    is_command: bool = False
    files: tuple[SentFile, ...] = ()
    is_private: bool = True
    written_by: str = ""
    thread: str = ""


@dataclass(frozen=True, slots=True)
class HomeOpened:
    """They look at the home that the platform keeps for them, at this page of it (from 1)."""

    home_page: int


@dataclass(frozen=True, slots=True)
class Arrived:
    """They have put the bot into their own chat, or opened that chat for the first time: first contact.

    A platform gives it as often as it hears of it (Teams: ``installationUpdate`` with ``add`` and
    ``conversationUpdate`` with the bot among ``membersAdded``, in a personal chat; Slack: ``app_home_opened`` on the
    messages tab), with the address by which the person is reached; who has been welcomed is not welcomed again.
    ``how`` is the platform's word for it. ``HomeOpened`` counts as this too.
    """

    how: str


@dataclass(frozen=True, slots=True)
class Inbound:
    """One event. ``keys`` are all names under which the platform may deliver it again."""

    keys: tuple[str, ...]
    sender: Sender
    what: Said | Pressed | HomeOpened | Arrived | News


@dataclass(frozen=True, slots=True)
class Received:
    """What came of it. ``person_id`` is whose outbox to look at first; None: ``unknown`` says what to answer."""

    outcome: Literal["done", "repeat", "refused", "failed", "unknown", "busy"]
    person_id: int | None = None
    # For whoever has no outbox: unknown people, and everybody while the store is busy; and what a platform shows in
    # the window from which a form was sent.
    answer: Card | None = None


def receive(
    store: Store,
    inbound: Inbound,
    *,
    now: datetime,
    advise: Advise | None = None,
    files: Files | None = None,
    pace: Pace | None = None,
) -> Received:
    """Act on one event, once. Never raises: whatever happens, the person gets a sentence.

    ``advise`` is the second reader of notes, if there is one; it is asked between two transactions, never in one.
    ``files`` are those that hung on the words, kept and read (``handlers/intake/sent_files.py``). ``pace`` is how much
    of one account is done in a minute; None: whatever comes.
    """
    read = files or {}
    if advise is None:
        return _receive(store, inbound, now, NO_SECOND_LOOK, read, pace)
    try:
        return _receive(store, inbound, now, SecondLooks(may_ask=True), read, pace)
    except LookWanted as wanted:
        look = wanted.look
    return _receive(store, inbound, now, SecondLooks(look=look, opinion=advise(look)), read, pace)


def look(store: Store, inbound: Inbound, *, now: datetime) -> Card | None:
    """What the press of an event would show: a pure read, for clients that ask what a card looks like now.

    Nothing is kept of it, whatever the action does; None for strangers, and where there is nothing to show.
    """
    found: list[Card] = []
    try:
        with store.read() as tx:
            sender = inbound.sender
            person = people.find_by_account(
                tx, platform=sender.platform, workspace=sender.workspace, user=sender.user, on=now.date()
            )
            if person is not None and isinstance(inbound.what, Pressed):
                turn = Turn(tx=tx, person=person, now=now, district=load_district(tx), key=inbound.keys[0])
                found = list(_act(_placed(turn, inbound), inbound.what, {}))
            raise _OnlyLookedError
    except _OnlyLookedError:
        return found[0] if found else None
    except (UserError, StoreBusyError):
        return None
    except Exception as error:  # noqa: BLE001 - the card stays as it is; a press of it says what is wrong
        log.warning("a card cannot be shown anew: %s", type(error).__name__)
        return None


class _OnlyLookedError(Exception):
    """Rolls back what looking may have changed."""


def _receive(
    store: Store, inbound: Inbound, now: datetime, looks: SecondLooks, files: Files, pace: Pace | None
) -> Received:
    """Raises ``LookWanted``, and then nothing was written."""

    def act(turn: Turn) -> Cards:
        return _act(replace(turn, looks=looks), inbound.what, files)

    try:
        return insist(lambda: _take(store, inbound, now, "done", act, pace))
    except LookWanted:
        raise
    except UserError as error:
        refusal = error  # the name `error` ends with the clause, before the answer is written
        say = partial(apologies.refusal, what=inbound.what, error=refusal)
        return _apologise(store, inbound, now, "refused", say, pace)
    except StoreBusyError:
        return Received("busy", answer=apologies.busy())
    except Exception as error:  # noqa: BLE001 - the last line of defence: a person waits for an answer
        code = "".join(secrets.choice(_CODE_LETTERS) for _ in range(4))
        # The frames without the message: an exception's text may hold what somebody wrote.
        frames = "".join(traceback.format_tb(error.__traceback__))
        log.error("bug %s in answer to %s: %s\n%s", code, inbound.keys[0], type(error).__name__, frames)
        return _apologise(store, inbound, now, "failed", lambda _turn: [apologies.broken(code)], pace)


def _take(
    store: Store,
    inbound: Inbound,
    now: datetime,
    outcome: Literal["done", "refused", "failed"],
    cards: Callable[[Turn], Cards],
    pace: Pace | None,
) -> Received:
    """The one transaction: the event's keys, what ``cards`` changes, and the cards that it answers with."""
    with store.begin() as tx:
        if isinstance(inbound.what, News):
            return _take_news(tx, inbound, inbound.what, now)
        person = _identify(tx, inbound.sender, now=now)
        if person is None:
            return Received("unknown", answer=apologies.stranger(inbound.sender.email))
        record.release_inbound(tx, inbound.keys)
        if not record.is_first_time(tx, inbound.keys, at=now):
            return Received("repeat", person.id)
        is_private = not isinstance(inbound.what, Said) or inbound.what.is_private
        district, key = load_district(tx), inbound.keys[0]
        turn = Turn(
            tx=tx,
            person=person,
            now=now,
            district=district,
            key=key,
            is_private=is_private,
            written_by=_author(tx, inbound, on=now.date()),
        )
        turn = _placed(turn, inbound)
        if not is_within(turn, cost_of_event(inbound.what), pace) and outcome == "done":
            return _refuse(turn, inbound.what, too_much(turn, pace))
        with _awaiting_nothing_new(turn):
            answers = [*cards(turn), *_first_words(turn, inbound.what, outcome)]
        count_answers(turn, answers, pace)
        shown = put_answers(turn, answers, is_refusal=outcome != "done")
        _keep_home(turn, inbound, is_answered=bool(answers))
    return Received(outcome, person.id, answer=shown)


def _refuse(turn: Turn, what: object, error: UserError | None) -> Received:
    """Answer before anything was tried; without an error not at all."""
    answers = apologies.refusal(turn, what, error) if error is not None else []
    return Received("refused", turn.person.id, answer=put_answers(turn, answers, is_refusal=True))


def cost_of_event(what: Said | Pressed | HomeOpened | Arrived | News) -> int:
    """What an event counts in its sender's minute, in messages."""
    match what:
        case Said(text=text, files=files):
            return cost_of(text, files=len(files))
        case Pressed(values=values):
            return cost_of("".join(values.values()))
        case _:
            return cost_of()


@contextmanager
def _awaiting_nothing_new(turn: Turn) -> Iterator[None]:
    """A form in a window of its own asks nothing in the chat: what was awaited there before still is."""
    if turn.window is None or turn.window.is_sent:
        yield
        return
    before = record.expectation_of(turn.tx, turn.person.id)
    kept = (before.topic, dict(before.args), before.since) if before is not None else None
    yield
    if kept is None:
        record.expect_nothing(turn.tx, turn.person.id)
    else:
        record.expect(turn.tx, turn.person.id, kept[0], at=kept[2], **kept[1])


def _placed(turn: Turn, inbound: Inbound) -> Turn:
    """The turn with the message that was pressed, or the thread in which was written."""
    platform = inbound.sender.platform
    match inbound.what:
        case Pressed() as what:
            return pressed_turn(turn, what, platform=platform)
        case Said(thread=reference):
            thread = thread_of(turn.tx, turn.person.id, platform=platform, reference=reference)
            return replace(turn, thread=thread)
        case _:
            return turn


def _take_news(tx: Tx, inbound: Inbound, news: News, now: datetime) -> Received:
    record.release_inbound(tx, inbound.keys)
    if not record.is_first_time(tx, inbound.keys, at=now):
        return Received("repeat")
    sender = inbound.sender
    take_news(tx, news, platform=sender.platform, workspace=sender.workspace, user=sender.user, at=now)
    return Received("done")


def _first_words(
    turn: Turn,
    what: Said | Pressed | HomeOpened | Arrived | News,
    outcome: Literal["done", "refused", "failed"],
) -> Cards:
    """To somebody new: under the answer, or by itself where nothing was asked; never where others read along."""
    match what:
        case HomeOpened() | Arrived():
            first_contact.tell(turn)
        case Said() | Pressed() if turn.is_private and turn.window is None and outcome != "failed":
            return first_contact.after_answer(turn)
    return []


def _keep_home(turn: Turn, inbound: Inbound, *, is_answered: bool) -> None:
    """What the person did may show on their home; an answer to what they pressed there stands elsewhere."""
    sender = inbound.sender
    account = {"platform": sender.platform, "workspace": sender.workspace, "user": sender.user}
    match inbound.what:
        case HomeOpened(home_page=page):
            homes.open_home(turn.tx, person_id=turn.person.id, **account, page=page, at=turn.now)
        case Pressed(is_at_home=True) if is_answered:
            homes.note_answered(turn.tx, **account, at=turn.now)
        case _:
            homes.touch(turn.tx, turn.person.id, at=turn.now)


def _author(tx: Tx, inbound: Inbound, *, on: date) -> Person | None:
    """Who wrote what is sent on, where their account is known here."""
    what, sender = inbound.what, inbound.sender
    if not isinstance(what, Said) or not what.written_by:
        return None
    return people.find_by_account(
        tx, platform=sender.platform, workspace=sender.workspace, user=what.written_by, on=on
    )


def _act(turn: Turn, what: Said | Pressed | HomeOpened | Arrived | News, read: Files) -> Cards:
    match what:
        case Said(text=text) if len(text) > MAX_TEXT:
            raise UserError(
                f"That is {len(text):,} characters; I read up to {MAX_TEXT:,} at once. "
                "Send it in parts, or the part that asks for something."
            )
        case Said(text=text, files=files) if files:
            return _act_on_files(turn, _writable(text), files, read)
        case Said(text=text, is_command=is_command):
            return router.answer_words(turn, _writable(text), is_command=is_command)
        case Pressed(line=line, values=values):
            try:
                written = {name: _writable(value) for name, value in values.items()}
                return router.answer_press(turn, decode(line), written)
            except ActionError as error:
                log.info("action refused: %s", error)
                raise UserError(
                    "That button is from an older version of mine. Write `help` to start again."
                ) from None
        case HomeOpened() | Arrived() | AccountLost() | AccountFound():
            return []


def _act_on_files(turn: Turn, text: str, files: tuple[SentFile, ...], read: Files) -> Cards:
    """The files, and what was written beside them: a command of its own, or a part of the memo."""
    words = without_memo_word(text)
    if not words:
        return answer_files(turn, files, read, "")
    ordered = router.answer_command(turn, words)
    if ordered is not None:
        return [*answer_files(turn, files, read, ""), *ordered]
    return answer_files(turn, files, read, cover(turn, words))


def _writable(text: str) -> str:
    """The text without what no database keeps: NUL, and halves of letters that a broken client has cut."""
    return text.replace("\x00", "").encode(errors="replace").decode()


def _apologise(
    store: Store,
    inbound: Inbound,
    now: datetime,
    outcome: Literal["refused", "failed"],
    cards: Callable[[Turn], Cards],
    pace: Pace | None,
) -> Received:
    """The change was rolled back; say why in a transaction of its own, and remember the event as answered."""
    try:
        return insist(lambda: _take(store, inbound, now, outcome, cards, pace))
    except StoreBusyError:
        return Received("busy", answer=apologies.busy())


def _identify(tx: Tx, sender: Sender, *, now: datetime) -> Person | None:
    """The person behind the account; linked by e-mail address the first time, when the platform knows it."""
    today = now.date()
    account = {"platform": sender.platform, "workspace": sender.workspace, "user": sender.user}
    person = people.find_by_account(tx, **account, on=today)
    if person is None and sender.email:
        person = people.find_by_email(tx, sender.email, on=today)
    if person is not None:
        people.link_account(tx, person_id=person.id, **account, address=sender.address, at=now, is_used=True)
    return person
