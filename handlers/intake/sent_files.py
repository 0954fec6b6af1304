"""Files that come with words: kept as they came, read apart, and then each a memo like one that was pasted.

The order that loses nothing: the event is written down before it is acknowledged; ``wanted`` says which of its files
are worth fetching; each is kept (``keep``) in a transaction of its own before anything reads it; then, in the
event's one transaction, its text becomes a memo and its original says so. A process killed in between finds the
event again, and the files it kept.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from handlers.cards import Card, Text
from handlers.errors import NotAllowedError, UserError
from handlers.intake import mandates
from handlers.pace import Pace, may_bring
from handlers.permissions import Right, may, require
from handlers.turn import Cards, Turn
from protocols.buffer.reading import read_memo
from protocols.documents.document import MAX_BYTES, READABLE, TOO_LARGE, Document
from storage import originals, people, record
from storage.database import Store
from storage.originals import Arrival, Original, Source

MOST_FILES = 10
"""Of one message: what a platform lets people share at once."""
LONGEST_NAME = 120
_MEMO_WORD = re.compile(r"\s*(?:new |a )?memo\b[:.]?\s*", re.IGNORECASE)
_NOT_READ = re.compile(r"(?:image|audio|video)/", re.IGNORECASE)
_NO_PICTURES = f"I read no pictures and no recordings. I read {READABLE}."


@dataclass(frozen=True, slots=True)
class SentFile:
    """A file that hung on words. ``reference`` is the platform's name for it, by which it is kept once; ``place`` is
    where the platform has it (empty: it is kept already). ``size`` in bytes, 0 where nobody says."""

    reference: str
    name: str = ""
    media_type: str = ""
    size: int = 0
    place: str = ""


@dataclass(frozen=True, slots=True)
class ReadFile:
    """What became of a file before its turn: kept or not, and read or ``why`` not."""

    original: Original | None = None
    document: Document | None = None
    why: str = ""


Files = Mapping[str, ReadFile]
"""By the reference of the file."""


def called(file: SentFile) -> str:
    """The file as it is named to people."""
    name = " ".join(re.sub(r"[\x00-\x1f\x7f\ud800-\udfff\u202a-\u202e\u2066-\u2069]", "", file.name).split())
    name = re.split(r"[/\\]", name)[-1]
    if len(name) > LONGEST_NAME:
        stem, dot, ending = name.rpartition(".")
        is_ended = bool(dot) and len(ending) < 8
        name = f"{stem[: LONGEST_NAME - 8]}….{ending}" if is_ended else f"{name[: LONGEST_NAME - 1]}…"
    return name or "the file"


def refusal(file: SentFile) -> str | None:
    """Why a file is not even fetched, in a sentence, or None."""
    if _NOT_READ.match(file.media_type):
        return f"{_NO_PICTURES} Paste the words as a message."
    return TOO_LARGE if file.size > MAX_BYTES else None


def is_wanted_from(
    store: Store,
    *,
    platform: str,
    workspace: str,
    user: str,
    email: str | None,
    now: datetime,
    cost: int = 0,
    pace: Pace | None = None,
) -> bool:
    """Whether a file from this account is worth fetching: somebody who may send memos, and not more than may be done in
    a minute. ``cost`` is that of its whole event."""
    with store.read() as tx:
        today = now.date()
        person = people.find_by_account(tx, platform=platform, workspace=workspace, user=user, on=today)
        if person is None and email:
            person = people.find_by_email(tx, email, on=today)
        return person is not None and may(person, Right.SEND_MANDATE) and may_bring(tx, person.id, cost, pace)


def find_kept(store: Store, file: SentFile) -> tuple[Original, bytes] | None:
    """A file that was kept before, with its bytes."""
    with store.read() as tx:
        original = originals.find_by_reference(tx, Source.FILE, file.reference)
        if original is None or original.let_go_at is not None:
            return None
        return original, originals.content_of(tx, original.id)


def keep(store: Store, file: SentFile, data: bytes, *, now: datetime) -> Original:
    """Keep a file as it came, before anything reads it. Who sent it is noted when its event is worked on."""
    arrival = Arrival(
        data, Source.FILE, now, source_ref=file.reference, name=called(file), media_type=file.media_type[:100]
    )
    with store.begin() as tx:
        return originals.receive_original(tx, arrival)


# ---------------------------------------------------------------- in the event's turn


def answer_files(turn: Turn, sent: Sequence[SentFile], read: Files, words: str) -> Cards:
    """Each file as a memo. ``words`` came with them: where they ask for something they are part of the first one."""
    require(turn.person, Right.SEND_MANDATE, object="mandate")
    awaited = record.expectation_of(turn.tx, turn.person.id)
    if awaited is not None and awaited.topic == mandates.TOPIC.name:
        record.expect_nothing(turn.tx, turn.person.id)
    cards: list[Card] = []
    for file in sent[:MOST_FILES]:
        found = read.get(file.reference, ReadFile(why=refusal(file) or _not_had(file)))
        above = words
        if found.document is not None:
            words = ""
        others = [called(other) for other in sent if other is not file]
        cards += _one(turn, file, found, above, others)
    if len(sent) > MOST_FILES:
        cards.append(
            _said(f"I take {MOST_FILES} files at once. Send the other {len(sent) - MOST_FILES} again.")
        )
    return cards


def cover(turn: Turn, text: str) -> str:
    """The words beside a file that belong to its memo: those that ask for something themselves."""
    words = without_memo_word(text)
    asks = words and read_memo(words, memo_date=turn.today, calendar=turn.district.calendar).demands
    return words if asks else ""


def without_memo_word(text: str) -> str:
    """What somebody wrote beside a file, without the word that says it is a memo."""
    begun = _MEMO_WORD.match(text)
    return (text[begun.end() :] if begun else text).strip()


def _one(turn: Turn, file: SentFile, found: ReadFile, above: str, others: Sequence[str]) -> Cards:
    """One file as a memo. ``above`` are words that belong to it, ``others`` the names of the files beside it."""
    name, original, document = called(file), found.original, found.document
    if original is not None:
        originals.note_sender(turn.tx, original.id, sender_id=turn.person.id, unit=turn.office)
    if document is None:
        if original is not None:
            originals.mark_unreadable(turn.tx, original.id, why=found.why, at=turn.now)
        kept = " I keep it as it came." if original is not None else ""
        return [_said(f"{found.why}{kept}", lead=f"I can't read {name}.")]
    text = f"{above}\n\n{document.text}" if above else document.text
    try:
        with turn.tx.begin_nested():
            came = (*document.attached, *others)
            return mandates.receive(turn, text, original=original, notes=document.notes, came=came)
    except NotAllowedError:
        raise
    except UserError as error:
        if original is not None:
            originals.mark_read(turn.tx, original.id, mandate_id=None, at=turn.now, why=error.sentence)
        return [_said(error.sentence, lead=f"{name}:")]


def _not_had(file: SentFile) -> str:
    return "I could not get it. Send it once more, or paste its words as a message."


def _said(text: str, *, lead: str = "") -> Card:
    return Card("", (Text(text, lead=lead),))
