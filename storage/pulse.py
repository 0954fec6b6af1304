"""The pulse in the database, kept so that nobody's answer can be found.

A ballot holds no person and no time. To whom it belongs only its receipt says, a random word that the answerer gets and
of which the hash is kept until the pulse is closed. That somebody has answered stands in another table, without a
time. Neither table counts up or keeps the order of writing: their rows lie by keys, and a ballot's key is random.
PostgreSQL also notes with each row the transaction that wrote it; so with every new ballot all ballots of its group
are written anew, shuffled, and the newest is one of them. When the pulse closes, receipts, and who has answered, go.
"""

import hashlib
import random
import secrets
from collections.abc import Sequence
from datetime import date

from sqlalchemy import delete, func
from sqlmodel import col, select

from storage.database import Tx, add_once, add_row, change_if
from storage.tables import PulseAnsweredRow, PulseBallotRow, PulseDoneRow, PulseLineRow, PulseRow

_SHUFFLE = random.SystemRandom()


def start(tx: Tx, row: PulseRow) -> int:
    return add_row(tx, row)


def get(tx: Tx, pulse_id: int) -> PulseRow | None:
    return tx.get(PulseRow, pulse_id)


def running(tx: Tx) -> PulseRow | None:
    """The pulse that is open, or is about to be closed."""
    query = select(PulseRow).where(col(PulseRow.is_closed).is_(False))
    return tx.exec(query.order_by(col(PulseRow.id).desc())).first()


def closed(tx: Tx) -> list[PulseRow]:
    """The pulses with a result, the newest first."""
    return list(tx.exec(select(PulseRow).where(PulseRow.is_closed).order_by(col(PulseRow.id).desc())))


def answered_about(tx: Tx, pulse_id: int, person_id: int) -> set[str]:
    """What the person has answered about, while the pulse is open."""
    query = select(PulseAnsweredRow.about).where(
        PulseAnsweredRow.pulse_id == pulse_id, PulseAnsweredRow.person_id == person_id
    )
    return set(tx.exec(query))


def count_answered(tx: Tx, pulse_id: int) -> int:
    """How many people have answered about anything."""
    query = select(func.count(func.distinct(PulseAnsweredRow.person_id))).where(
        PulseAnsweredRow.pulse_id == pulse_id
    )
    return int(tx.exec(query).one())


def answer(
    tx: Tx, pulse_id: int, person_id: int, about: str, *, network: str, marks: Sequence[int], line: str
) -> str | None:
    """Put an answer in; its receipt, by which alone it can be taken out again. None where the person has answered."""
    if not add_once(tx, PulseAnsweredRow(pulse_id=pulse_id, person_id=person_id, about=about)):
        return None
    receipt = secrets.token_urlsafe(16)
    kept = _hashed(receipt)
    _put_ballots(tx, pulse_id, about, network, [(list(marks), kept)])
    if line:
        _put_lines(tx, pulse_id, about, [(line, kept)])
    return receipt


def take_back(tx: Tx, pulse_id: int, person_id: int, about: str, *, receipt: str) -> bool:
    """Take the answer out that this receipt belongs to; False where there is none."""
    kept = _hashed(receipt)
    where = (
        PulseBallotRow.pulse_id == pulse_id,
        PulseBallotRow.about == about,
        PulseBallotRow.receipt == kept,
    )
    row = tx.exec(select(PulseBallotRow).where(*where)).first()
    if row is None or about not in answered_about(tx, pulse_id, person_id):
        return False
    tx.delete(row)
    tx.execute(
        delete(PulseLineRow).where(col(PulseLineRow.pulse_id) == pulse_id, col(PulseLineRow.receipt) == kept)
    )
    tx.execute(
        delete(PulseAnsweredRow).where(
            col(PulseAnsweredRow.pulse_id) == pulse_id,
            col(PulseAnsweredRow.person_id) == person_id,
            col(PulseAnsweredRow.about) == about,
        )
    )
    tx.flush()
    return True


def close(tx: Tx, pulse_id: int) -> bool:
    """Close it and take apart what still held answers to their answerers; False where somebody was faster."""
    count = count_answered(tx, pulse_id)
    is_open = (col(PulseRow.id) == pulse_id, col(PulseRow.is_closed).is_(False))
    if not change_if(tx, PulseRow, *is_open, is_closed=True, answered=count):
        return False
    take_apart(tx, pulse_id, limit=None)
    tx.execute(delete(PulseAnsweredRow).where(col(PulseAnsweredRow.pulse_id) == pulse_id))
    return True


def take_apart(tx: Tx, pulse_id: int, *, limit: int | None) -> int:
    """Throw away the receipts of at most so many groups of answers and of lines; how many groups it were.

    For a pulse on whose last day nobody can answer any more. A large district's are taken apart in several transactions
    before ``close``; a group always as a whole, so that what is left says nothing of who answered when.
    """
    kept = (PulseBallotRow.pulse_id == pulse_id, PulseBallotRow.receipt != "")
    groups = select(PulseBallotRow.about, PulseBallotRow.network).where(*kept).distinct().limit(limit)
    found = tx.exec(groups).all()
    for about, network in found:
        _put_ballots(tx, pulse_id, about, network, [], keep_receipts=False)
    kept = (PulseLineRow.pulse_id == pulse_id, PulseLineRow.receipt != "")
    lines_of = tx.exec(select(PulseLineRow.about).where(*kept).distinct().limit(limit)).all()
    for about in lines_of:
        _put_lines(tx, pulse_id, about, [], keep_receipts=False)
    return len(found) + len(lines_of)


def ballots(tx: Tx, pulse_id: int) -> list[tuple[str, str, tuple[int, ...]]]:
    """(about, network, marks) of every answer to a closed pulse; of an open one, whose numbers would tell who has just
    answered what, none."""
    query = (
        select(PulseBallotRow.about, PulseBallotRow.network, PulseBallotRow.marks)
        .join(PulseRow, col(PulseRow.id) == col(PulseBallotRow.pulse_id))
        .where(PulseBallotRow.pulse_id == pulse_id, PulseRow.is_closed)
    )
    return [(about, network, tuple(marks)) for about, network, marks in tx.exec(query)]


def lines(tx: Tx, pulse_id: int, about: str) -> list[str]:
    """What was written about a unit or ILD in a closed pulse, in a random order that stays."""
    query = (
        select(PulseLineRow.text)
        .join(PulseRow, col(PulseRow.id) == col(PulseLineRow.pulse_id))
        .where(PulseLineRow.pulse_id == pulse_id, PulseLineRow.about == about, PulseRow.is_closed)
    )
    return list(tx.exec(query.order_by(col(PulseLineRow.id))))


def add_done(tx: Tx, row: PulseDoneRow) -> int:
    return add_row(tx, row)


def done(tx: Tx, pulse_id: int) -> list[PulseDoneRow]:
    """What was done after this pulse, the oldest first."""
    query = select(PulseDoneRow).where(PulseDoneRow.pulse_id == pulse_id)
    return list(tx.exec(query.order_by(col(PulseDoneRow.id))))


def untold(tx: Tx, *, before: date) -> list[PulseDoneRow]:
    """What was said before that day and principals have not heard of."""
    query = select(PulseDoneRow).where(col(PulseDoneRow.told_on).is_(None), PulseDoneRow.said_on < before)
    return list(tx.exec(query.order_by(col(PulseDoneRow.id))))


def _put_ballots(
    tx: Tx,
    pulse_id: int,
    about: str,
    network: str,
    new: Sequence[tuple[list[int], str]],
    *,
    keep_receipts: bool = True,
) -> None:
    """Write a group's ballots anew in random order, each under a key of its own, with the new ones among them."""
    where = (
        col(PulseBallotRow.pulse_id) == pulse_id,
        col(PulseBallotRow.about) == about,
        col(PulseBallotRow.network) == network,
    )
    query = select(PulseBallotRow.marks, PulseBallotRow.receipt).where(*where)
    known = [*((list(marks), receipt) for marks, receipt in tx.exec(query)), *new]
    tx.execute(delete(PulseBallotRow).where(*where).execution_options(synchronize_session="fetch"))
    for marks, receipt in _SHUFFLE.sample(known, len(known)):
        tx.add(
            PulseBallotRow(
                id=secrets.token_hex(16),
                pulse_id=pulse_id,
                about=about,
                network=network,
                marks=marks,
                receipt=receipt if keep_receipts else "",
            )
        )
    tx.flush()


def _put_lines(
    tx: Tx, pulse_id: int, about: str, new: Sequence[tuple[str, str]], *, keep_receipts: bool = True
) -> None:
    """As ``_put_ballots``, for lines."""
    where = (col(PulseLineRow.pulse_id) == pulse_id, col(PulseLineRow.about) == about)
    query = select(PulseLineRow.text, PulseLineRow.receipt).where(*where)
    known = [*((text, receipt) for text, receipt in tx.exec(query)), *new]
    tx.execute(delete(PulseLineRow).where(*where).execution_options(synchronize_session="fetch"))
    for text, receipt in _SHUFFLE.sample(known, len(known)):
        tx.add(
            PulseLineRow(
                id=secrets.token_hex(16),
                pulse_id=pulse_id,
                about=about,
                text=text,
                receipt=receipt if keep_receipts else "",
            )
        )
    tx.flush()


def _hashed(receipt: str) -> str:
    return hashlib.sha256(receipt.encode()).hexdigest()
