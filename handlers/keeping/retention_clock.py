"""Each night: letting go of what has had its time, in small pieces, until the day's pass is through.

A piece is one transaction over one window of rows, with the mark of how far it came in the same transaction. So a
process that is killed goes on where it stopped, two that work at once find done what is done, and nobody who writes
waits for more than one piece. What a tick does not get done, the next one does.
"""

import time
from dataclasses import replace
from datetime import date, datetime
from datetime import time as time_of_day

from handlers.district import load_district
from protocols.keeping.schedule import Kind, cutoff
from storage import record
from storage.database import Store, Tx
from storage.keeping import holds as held
from storage.keeping import practice, progress, talk
from storage.keeping.progress import Progress
from storage.keeping.purging import Part, Window, look

FROM = time_of_day(1)
"""In the district's zone: the pass of a day begins when nobody works."""
ROWS = 500
"""Of one window: some twenty milliseconds of writing."""
WINDOWS = 40
"""So many windows a tick lets go of: what the clock has to say besides must not wait for it."""
READ_ONLY = 10
"""So many windows in which nothing goes cost as much as one in which something does."""
PAUSE = 0.02
"""Seconds after a piece on SQLite, whose writers do not queue but try again: one that waits gets in then."""
PARTS: tuple[Part, ...] = (*practice.PARTS, *talk.PARTS)
SWEPT = "translations"


def let_go(store: Store, now: datetime) -> int:
    """Go on with the day's pass; how many records went. Nothing before one o'clock, and nothing twice a day."""
    with store.read() as tx:
        known = progress.progress(tx)
        local = now.astimezone(load_district(tx).zone)
        if (known.day == local.date() and known.is_done) or local.time() < FROM:
            return 0
    count, left = 0, WINDOWS * READ_ONLY
    mark = known if known.day == local.date() else _begin(known, local.date())
    for part in PARTS:
        while part.name not in mark.over:
            if left <= 0:
                return count + _note(store, mark)
            mark, gone = _piece(store, part, mark, now)
            left -= READ_ONLY if gone else 1
            count += gone
    while SWEPT not in mark.over:
        if left <= 0:
            return count + _note(store, mark)
        mark, gone = _sweep(store, mark, now)
        left -= READ_ONLY if gone else 1
        count += gone
    _end(store, mark, now)
    return count


def _begin(known: Progress, day: date) -> Progress:
    """A new day's pass. On the first of each month everything is looked at anew: an old row that was open, or under a
    hold whose period did not end, may have become free."""
    is_anew = known.day is None or known.day.replace(day=1) != day.replace(day=1)
    return Progress(day, {} if is_anew else known.after, anew=known.anew)


def _piece(store: Store, part: Part, mark: Progress, now: datetime) -> tuple[Progress, int]:
    """The next window of a part. Nothing is written where nothing goes."""
    with store.read() as tx:
        window = _look(tx, part, mark, now)
    if not window.keys:
        return _passed(mark, part, window, 0), 0
    with store.begin() as tx:
        mark = _latest(tx, mark)
        window = _look(tx, part, mark, now)  # again: a hold may have been put since, or a term changed
        gone = part.let_go(tx, window.keys, now) if window.keys else 0
        mark = _passed(mark, part, window, gone)
        progress.put_progress(tx, mark)
    if store.is_sqlite:
        time.sleep(PAUSE)
    return mark, gone


def _latest(tx: Tx, mark: Progress) -> Progress:
    """The mark with what others wrote of the same pass: another clock, or an administrator who had all looked at anew
    by releasing a hold or changing a term."""
    stored = progress.progress(tx)
    is_anew = stored.anew != mark.anew
    if stored.day != mark.day:
        return replace(mark, after={} if is_anew else mark.after, anew=stored.anew)
    names = {*stored.after, *mark.after}
    after = {name: max(stored.after.get(name, 0), mark.after.get(name, 0)) for name in names}
    return replace(stored, after=stored.after if is_anew else after, over=stored.over | mark.over)


def _look(tx: Tx, part: Part, mark: Progress, now: datetime) -> Window:
    """The next window of a part by the terms and holds of this moment."""
    after = mark.after.get(part.name, 0)
    before = cutoff(part.kind, progress.changes(tx), now)
    assert before is not None  # what is kept for good has no part
    return look(tx, part, after=after, before=before, holds=held.in_force(tx), limit=ROWS)


def _passed(mark: Progress, part: Part, window: Window, gone: int) -> Progress:
    return replace(
        mark,
        after={**mark.after, part.name: window.after},
        over=mark.over | {part.name} if window.is_last else mark.over,
        gone=_plus(mark, part.kind, gone),
    )


def _plus(mark: Progress, kind: Kind, gone: int) -> dict[str, int]:
    counts = dict(mark.gone)
    if gone:
        counts[kind.value] = counts.get(kind.value, 0) + gone
    return counts


def _sweep(store: Store, mark: Progress, now: datetime) -> tuple[Progress, int]:
    """Translations have no numbers to go by, and are few."""
    with store.read() as tx:
        is_any = (before := _of_translations(tx, now)) and talk.has_translations(tx, before)
    if is_any:
        with store.begin() as tx:
            mark = _latest(tx, mark)
            before = _of_translations(tx, now)
            gone = talk.sweep_translations(tx, before, ROWS) if before else 0
            mark = replace(mark, gone=_plus(mark, Kind.TRANSLATIONS, gone))
            progress.put_progress(tx, mark)
        if gone:
            return mark, gone
    return replace(mark, over=mark.over | {SWEPT}), 0


def _of_translations(tx: Tx, now: datetime) -> datetime | None:
    return cutoff(Kind.TRANSLATIONS, progress.changes(tx), now)


def _note(store: Store, mark: Progress) -> int:
    """Remember how far it came; the next tick goes on."""
    with store.begin() as tx:
        progress.put_progress(tx, _latest(tx, mark))
    return 0


def _end(store: Store, mark: Progress, now: datetime) -> None:
    """The pass is through: what went is in the record, by kind."""
    with store.begin() as tx:
        mark = _latest(tx, mark)
        if mark.is_done:
            return  # another clock has ended it
        progress.put_progress(tx, replace(mark, is_done=True))
        for kind, count in mark.gone.items():
            record.audit(
                tx, at=now, actor_id=None, action="retention.let_go", object=f"retention:{kind}", count=count
            )
