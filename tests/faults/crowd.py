"""Many people with something to be told, in a database that is made once and copied."""

import shutil
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

from sqlalchemy import text
from sqlmodel import select

from handlers.card_codec import encode_card
from handlers.cards import plain
from handlers.welcome import first_contact
from storage.database import Store, Tx
from storage.people import Role
from storage.tables import MessageRow, PersonRow, RoleRow
from tests.district import LAST_YEAR_STARTS, NOW, fill


def address(number: int) -> str:
    return f"reader{number}@crowd.example"


def members(people: int) -> dict[str, str]:
    """The crowd as a platform knows it: user -> e-mail address."""
    return {f"U{number:06d}": address(number) for number in range(people)}


def put_crowd(tx: Tx, people: int) -> None:
    """Write so many principals beside the small district; all have met the bot before."""
    rows = [
        PersonRow(email=address(n), given_name="R", family_name=f"Reader {n}", sourced_id=f"r-{n}")
        for n in range(people)
    ]
    tx.add_all(rows)
    tx.flush()
    tx.add_all(RoleRow(person_id=row.id, role=Role.PRINCIPAL, starts=LAST_YEAR_STARTS) for row in rows)
    for row in rows:
        assert row.id is not None
        first_contact.note_met(tx, row.id, at=NOW)


@cache
def _file(people: int) -> Path:
    file = Path(mkdtemp(prefix="crowd-")) / "crowd.sqlite"
    store = Store(f"sqlite:///{file}")
    store.migrate()
    with store.begin() as tx:
        fill(tx)
        put_crowd(tx, people)
    store.close()
    return file


def crowd(folder: Path, people: int) -> Store:
    """A district of its own with so many readers."""
    return Store(f"sqlite:///{shutil.copy(_file(people), folder / 'crowd.sqlite')}")


def tell(
    store: Store,
    *,
    each: int = 1,
    due: datetime | None = None,
    first: int = 0,
    asked: bool = True,
    lasts: timedelta | None = None,
    words: str = "message",
    ahead: float = 0.0,
    share: tuple[int, int] = (0, 1),
) -> int:
    """Queue ``each`` messages for everybody in the crowd, no two of the same words; how many.

    ``ahead``: seconds by which the clock of whoever queues them is ahead. ``share`` (2, 7): only every seventh person
    from the third on.
    """
    now = datetime.now(UTC) + timedelta(seconds=ahead)
    with store.begin() as tx:
        people = tx.exec(
            select(PersonRow).where(PersonRow.email.like("%@crowd.example"))  # type: ignore[attr-defined]
        ).all()[share[0] :: share[1]]
        tx.add_all(
            MessageRow(
                recipient_id=person.id,
                kind="test",
                period=f"{words} {number}",
                card=encode_card(plain(f"{words} {number} for reader {person.id}")),
                asked=asked,
                not_before=due or now,
                expires_at=now + lasts if lasts else None,
                created_at=now,
            )
            for number in range(first, first + each)
            for person in people
        )
    return each * len(people)


def states(store: Store, kind: str = "test") -> dict[str, int]:
    """State -> how many messages of the kind are in it."""
    with store.read() as tx:
        rows = tx.execute(
            text("SELECT state, count(*) FROM message WHERE kind = :kind GROUP BY 1"), {"kind": kind}
        )
        return {str(state): int(count) for state, count in rows}


def is_over(store: Store) -> bool:
    """Whether nothing is queued, under way or in doubt any more."""
    return set(states(store)) <= {"sent", "failed", "dropped"}
