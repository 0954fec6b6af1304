"""Drift: what an average hides. The year looks fine and yet one school is slipping out of sight.

Harm comes from drift, not from the average (Honig and others 2010): monthly visits in the autumn and one in the
spring, a veteran who "needs nothing", the school whose visit is always the one that gives way. Four kinds:

    =========== =============================================================================================
    falling     fewer of the visits that its rhythm asks for than last term
    forgotten   an experienced principal, and the longest gap of the network against its own rhythm
    cancelled   most of what was planned there falls out, and elsewhere it does not
    no_inquiry  walkthroughs only, never an inquiry
    =========== =============================================================================================

Everything is read from days and kinds of visits; what was said in them plays no part. Lengths are in school days.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from statistics import median

from protocols.cadence.calendar import SchoolCalendar
from protocols.cadence.intervals import Standing, standing
from protocols.cadence.targets import Targets

FEWEST_DAYS = 20
"""A term so young says nothing yet."""
FEWEST_ASKED = 2.0
"""Visits that the rhythm asks for, in each of the two terms."""
ENOUGH = 0.75
FALL = 0.25
"""Drift is under three quarters of what is asked for, and a quarter less than last term."""
FORGOTTEN_SHARE = 1.5
"""Periods without a visit, while half of the other schools are within theirs."""
FEWEST_SCHOOLS = 3
FEWEST_CANCELLED = 3
CANCELLED_SHARE = 0.4
CANCELLED_TIMES = 2
FEWEST_WALKS = 6
WALKS_OVER = 60
LONGEST_BREAK = timedelta(days=120)
"""Two terms further apart than a summer are not laid side by side."""


class DriftKind(StrEnum):
    """What slips; the module's table says what each means. The most pressing first."""

    FORGOTTEN = "forgotten"
    FALLING = "falling"
    CANCELLED = "cancelled"
    NO_INQUIRY = "no_inquiry"


@dataclass(frozen=True, slots=True)
class Past:
    """One school's visits as far as they are known.

    `held` are the days of held visits with their kind, `fell` the days for which a visit was planned that was
    cancelled and not made good, `inquiries` the days on which an inquiry was begun. `mended` says when an earlier
    drift of a kind was mended: what came before is not held against the school again.
    """

    school: int
    targets: Targets
    held: tuple[tuple[date, str], ...] = ()
    fell: tuple[date, ...] = ()
    inquiries: tuple[date, ...] = ()
    is_experienced: bool = True
    mended: Mapping[DriftKind, date] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Drift:
    """What slips at a school, since when, and the numbers it rests on with the period they are of.

    `part` of `whole` is what the kind counts: visits held of those asked for, school days since the last visit of
    the target, visits cancelled of those planned, walkthroughs of visits. `other_part` of `other_whole` is what it is
    laid against: last term, the middle of the other schools, the other schools together.
    """

    school: int
    kind: DriftKind
    since: date
    starts: date
    ends: date
    part: int
    whole: int
    other_part: int = 0
    other_whole: int = 0


@dataclass(frozen=True, slots=True)
class Terms:
    """The running term up to today, and the one before it (None where there is none, or too long ago)."""

    now: tuple[date, date]
    last: tuple[date, date] | None

    @property
    def starts(self) -> date:
        return self.last[0] if self.last else self.now[0]


def terms_of(calendar: SchoolCalendar, today: date) -> Terms | None:
    """The two terms to lay side by side; None between terms and in a calendar without any."""
    now = calendar.term_of(today)
    if now is None:
        return None
    before = max(
        (term for term in calendar.terms if term.ends < now.starts), key=lambda t: t.ends, default=None
    )
    is_near = before is not None and now.starts - before.ends <= LONGEST_BREAK
    return Terms((now.starts, today), (before.starts, before.ends) if before and is_near else None)


def find_drifts(pasts: Sequence[Past], calendar: SchoolCalendar, today: date) -> tuple[Drift, ...]:
    """The drifts of one network, the most pressing first; of a school that is forgotten it is not also said that it
    falls."""
    terms = terms_of(calendar, today)
    if terms is None:
        return ()
    stands = {past.school: _standing(past, calendar, today) for past in pasts}
    found: list[Drift] = []
    for past in pasts:
        forgotten = _forgotten(past, stands, calendar, today)
        first = forgotten or _falling(past, terms, calendar)
        others = [other for other in pasts if other is not past]
        found += [
            one for one in (first, _cancelled(past, others, terms), _no_inquiry(past, terms, calendar)) if one
        ]
    order = list(DriftKind)
    return tuple(sorted(found, key=lambda one: (order.index(one.kind), one.since, one.school)))


def is_mended(kind: DriftKind, past: Past, calendar: SchoolCalendar, *, found_on: date, today: date) -> bool:
    """Whether what slipped was taken up again since it was found: a visit, and the school within its rhythm; for a
    school without an inquiry, one begun."""
    if kind is DriftKind.NO_INQUIRY:
        return any(day >= found_on for day in past.inquiries) or any(
            day >= found_on and what == "inquiry" for day, what in past.held
        )
    if not any(found_on <= day <= today for day, _what in past.held):
        return False
    return kind is DriftKind.CANCELLED or not _standing(past, calendar, today).is_overdue


def _standing(past: Past, calendar: SchoolCalendar, today: date) -> Standing:
    days = [day for day, _what in past.held]
    return standing(days, target=past.targets, calendar=calendar, today=today)


def _held(past: Past, span: tuple[date, date]) -> list[tuple[date, str]]:
    return [(day, what) for day, what in past.held if span[0] <= day <= span[1]]


def _falling(past: Past, terms: Terms, calendar: SchoolCalendar) -> Drift | None:
    if terms.last is None or calendar.count_school_days(*terms.now) < FEWEST_DAYS:
        return None
    if past.mended.get(DriftKind.FALLING, date.min) >= terms.now[0]:
        return None
    asked, asked_before = (past.targets.asked(calendar, *span) for span in (terms.now, terms.last))
    held, before = (len(_held(past, span)) for span in (terms.now, terms.last))
    if min(asked, asked_before) < FEWEST_ASKED:
        return None
    share, share_before = held / int(asked), min(1.0, before / asked_before)  # what is due by today, whole
    if share >= ENOUGH or share_before - share < FALL:
        return None
    return Drift(
        past.school,
        DriftKind.FALLING,
        terms.now[0],
        *terms.now,
        held,
        int(asked),
        before,
        round(asked_before),
    )


def _forgotten(
    past: Past, stands: Mapping[int, Standing], calendar: SchoolCalendar, today: date
) -> Drift | None:
    own = stands[past.school]
    others = [one for school, one in stands.items() if school != past.school]
    if not past.is_experienced or len(stands) < FEWEST_SCHOOLS or own.share < FORGOTTEN_SHARE:
        return None
    if any(one.share >= own.share for one in others) or median(one.share for one in others) > 1:
        return None
    since = own.last or calendar.add_school_days(today, -own.days_since) or today
    middle = round(median(one.days_since for one in others))
    return Drift(
        past.school, DriftKind.FORGOTTEN, since, since, today, own.days_since, own.target, other_part=middle
    )


def _cancelled(past: Past, others: Sequence[Past], terms: Terms) -> Drift | None:
    starts = max(terms.starts, past.mended.get(DriftKind.CANCELLED, date.min))
    span = (starts, terms.now[1])
    fell = sorted(day for day in past.fell if span[0] <= day <= span[1])
    planned = len(fell) + len(_held(past, span))
    if len(fell) < FEWEST_CANCELLED or len(fell) < CANCELLED_SHARE * planned:
        return None
    elsewhere = sum(span[0] <= day <= span[1] for other in others for day in other.fell)
    planned_elsewhere = elsewhere + sum(len(_held(other, span)) for other in others)
    if not planned_elsewhere or len(fell) / planned < CANCELLED_TIMES * elsewhere / planned_elsewhere:
        return None
    return Drift(
        past.school,
        DriftKind.CANCELLED,
        fell[0],
        *span,
        len(fell),
        planned,
        elsewhere,
        planned_elsewhere,
    )


def _no_inquiry(past: Past, terms: Terms, calendar: SchoolCalendar) -> Drift | None:
    starts = max(terms.starts, past.mended.get(DriftKind.NO_INQUIRY, date.min))
    span = (starts, terms.now[1])
    held = sorted(_held(past, span))
    walks = [day for day, what in held if what == "walkthrough"]
    if len(walks) < FEWEST_WALKS or calendar.school_days_since(walks[0], span[1]) < WALKS_OVER:
        return None
    if any(what == "inquiry" for _day, what in held) or any(
        span[0] <= day <= span[1] for day in past.inquiries
    ):
        return None
    return Drift(past.school, DriftKind.NO_INQUIRY, walks[0], *span, len(walks), len(held))
