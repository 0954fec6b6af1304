"""The retention schedule: every kind of record, how long it is kept, from when, why, what the district may change.

One table. What is let go are words, files and addresses; figures stay, so that no count of an earlier year changes.
``None`` for days is "for good". A term runs from the event that ``since`` names. The district's own schedule, and the
law of its state, come first: that is why most terms may be changed, in a range in which the bot still works and nothing
is kept without end by mistake.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

DAYS_A_YEAR = 365
DAYS_A_MONTH = 30


class Kind(StrEnum):
    """What is kept alike. The value is the word by which an administrator names it."""

    ARRIVALS = "event keys"
    BUSY = "busy times"
    ADDRESSES = "links"
    SET_ASIDE = "files set aside"
    MESSAGES = "messages"
    QUESTIONS = "questions"
    TRANSLATIONS = "translations"
    COACHING = "coaching"
    VISIT_WORDS = "visit reasons"
    DIGEST_WORDS = "digest answers"
    REQUESTS = "requests"
    PULSE_WORDS = "pulse lines"
    FILES = "files"
    AUDIT = "audit log"
    MEMOS = "memos"
    FIGURES = "figures"
    PEOPLE = "people"
    SETTINGS = "settings"


@dataclass(frozen=True, slots=True)
class Term:
    """How long one kind is kept. ``days`` None: for good. ``fewest`` and ``most`` days bound what the district may set;
    both None: nothing to change. ``goes`` and ``stays`` say what is let go in the end, and what never is."""

    what: str
    since: str
    goes: str
    stays: str
    why: str
    days: int | None
    fewest: int | None = None
    most: int | None = None

    @property
    def may_change(self) -> bool:
        return self.fewest is not None


_Y = DAYS_A_YEAR

SCHEDULE: Mapping[Kind, Term] = {
    Kind.ARRIVALS: Term(
        what="Keys of events from Slack and Teams, by which one that comes twice is known.",
        since="the event came",
        goes="the key",
        stays="nothing",
        why="Platforms repeat an event for hours, never for days.",
        days=7,
    ),
    Kind.BUSY: Term(
        what="When somebody's own calendar said that they were busy.",
        since="the day is over",
        goes="the stretch and its title",
        stays="nothing",
        why="It is read to plan visits; a day that is over is planned no more.",
        days=30,
        fewest=7,
        most=90,
    ),
    Kind.ADDRESSES: Term(
        what="Links to charts and files in messages.",
        since="the message was written",
        goes="the link, which opens nothing any more",
        stays="the message, and what the chart was drawn from",
        why="Whoever has a link has the picture, so links should not stand for years. Asking again gives a new one.",
        days=90,
        fewest=7,
        most=_Y,
    ),
    Kind.SET_ASIDE: Term(
        what="Files and mails of which no memo came: unreadable, left by the administrator, or no memo at all.",
        since="it was read or left",
        goes="the file and where it came from",
        stays="nothing",
        why="Nobody acted on it, so it is no record of the district's business.",
        days=90,
        fewest=30,
        most=_Y,
    ),
    Kind.MESSAGES: Term(
        what="What the bot wrote to people.",
        since="it was written",
        goes="answers as a whole; of what came unasked, the words",
        stays="that a message of that kind came, and when; what still waits to be sent",
        why="It repeats records that have terms of their own. A year lets one look back over the school year.",
        days=_Y,
        fewest=90,
        most=7 * _Y,
    ),
    Kind.QUESTIONS: Term(
        what="Questions in figures, in the words they were asked.",
        since="it was asked",
        goes="the question",
        stays="in the audit log, that somebody asked about a school and when",
        why="Follow-up questions and old answers' buttons need it for a while.",
        days=_Y,
        fewest=90,
        most=3 * _Y,
    ),
    Kind.TRANSLATIONS: Term(
        what="Translations of what digests ask, and plainer lines that were suggested.",
        since="it was made",
        goes="the translation",
        stays="the original",
        why="It can be made again from the original.",
        days=_Y,
        fewest=30,
        most=3 * _Y,
    ),
    Kind.COACHING: Term(
        what="What was said in walkthroughs, inquiries and other protocols: notes, evidence, next steps, proposals.",
        since="the conversation ended, the next step was settled, or the proposal was answered",
        goes="all words",
        stays="that it took place, when, of which kind, with whom, and whether next steps were kept",
        why="Coaching is kept for the work of two people, not for a file on one of them: it is apart from evaluation, "
        "and should not outlast the work by much. Three years span a principal's usual goals. An open conversation and "
        "an open next step stay, however old.",
        days=3 * _Y,
        fewest=_Y,
        most=7 * _Y,
    ),
    Kind.VISIT_WORDS: Term(
        what="Why a visit was planned, moved or cancelled, and what its witnesses wrote.",
        since="the visit's day",
        goes="the words",
        stays="the visit: day, half, minutes, kind, whether it was held and who cancelled it",
        why="The reasons matter as long as the plan does; the log of visits is a figure. A visit still planned, or not "
        "settled between its witnesses, stays whole.",
        days=3 * _Y,
        fewest=_Y,
        most=7 * _Y,
    ),
    Kind.DIGEST_WORDS: Term(
        what="What a principal and an ILD wrote to each other about an item of a digest.",
        since="the digest's week",
        goes="the question, the answer, the ILD's line and to whom it was given",
        stays="the item, its minutes and whether it was done",
        why="It is part of their conversation, and kept as long as that.",
        days=3 * _Y,
        fewest=_Y,
        most=7 * _Y,
    ),
    Kind.REQUESTS: Term(
        what="The words of service requests, of offices' questions for schools, and of questions about demands.",
        since="it was settled",
        goes="the words",
        stays="unit, school, days and outcome, from which scorecards are counted",
        why="Common schedules keep routine correspondence for one to five years. What is open stays.",
        days=3 * _Y,
        fewest=_Y,
        most=10 * _Y,
    ),
    Kind.PULSE_WORDS: Term(
        what="Lines that principals wrote in a pulse, without names.",
        since="the pulse closed",
        goes="the lines, all of a pulse at once",
        stays="the marks, which no name can be joined to",
        why="The next pulses take their place; style can give a writer away.",
        days=3 * _Y,
        fewest=_Y,
        most=7 * _Y,
    ),
    Kind.FILES: Term(
        what="The file a memo came as: PDF, DOCX, mail.",
        since="it came",
        goes="the bytes",
        stays="the memo: its text, its demands, and the fingerprint of the file",
        why="Memos are correspondence of the district. Seven years cover the longest common term for it; the text is "
        "kept for good.",
        days=7 * _Y,
        fewest=3 * _Y,
        most=10 * _Y,
    ),
    Kind.AUDIT: Term(
        what="The log of who did what, in ids.",
        since="it was done",
        goes="the line",
        stays="holds, deletions and what was let go",
        why="It answers who looked at what, and who took protected time; longer than any claim about a school year "
        "commonly may be brought.",
        days=7 * _Y,
        fewest=3 * _Y,
        most=10 * _Y,
    ),
    Kind.MEMOS: Term(
        what="Memos, their demands, what was decided about them, digests, meetings, overrides, emergencies.",
        since="it came",
        goes="nothing",
        stays="all of it",
        why="It is the record of what the centre asked of schools and of time that was taken from them. State law "
        "says when such records may be destroyed; the bot destroys none by itself.",
        days=None,
    ),
    Kind.FIGURES: Term(
        what="Visits, protected time, digests and answers in numbers; rhythms and drift.",
        since="it happened",
        goes="nothing",
        stays="all of it",
        why="Years are compared with each other; the numbers hold no words.",
        days=None,
    ),
    Kind.PEOPLE: Term(
        what="People, their roles, accounts, calendars, settings, and which school was whose.",
        since="they left",
        goes="name, addresses, accounts, own calendar and settings, once an administrator forgets them",
        stays="their roles and schools in time, under a name such as Former principal 12",
        why="Who accompanied whom is part of the figures; who they are is not, once they have left.",
        days=None,
    ),
    Kind.SETTINGS: Term(
        what="The district's settings: calendar, protected half-days, protocols, frameworks, rules, feeds, tokens.",
        since="it was set",
        goes="nothing",
        stays="all of it",
        why="What held when is needed to read the figures of that time.",
        days=None,
    ),
}
"""In the order in which it is shown: what goes first, first."""

REPEATED = (Kind.COACHING, Kind.VISIT_WORDS, Kind.DIGEST_WORDS, Kind.REQUESTS)
"""What messages repeat. A message is kept no longer than any of these, or its words would outlive the record."""

Changes = Mapping[str, int]
"""Kind -> days, for what the district has changed."""


class TermFault(ValueError):
    """A term that cannot be set; the text says why, and what can."""


def days_of(kind: Kind, changes: Changes) -> int | None:
    """How many days a kind is kept: the district's number within the bounds, else the schedule's; None: for good."""
    term = SCHEDULE[kind]
    own = changes.get(kind.value)
    if own is None or term.fewest is None or term.most is None:
        days = term.days
    else:
        days = min(max(own, term.fewest), term.most)
    if kind is Kind.MESSAGES and days is not None:
        return min([days, *(days_of(other, changes) or days for other in REPEATED)])
    return days


def cutoff(kind: Kind, changes: Changes, now: datetime) -> datetime | None:
    """What is older than this is let go; None: nothing ever is."""
    days = days_of(kind, changes)
    return None if days is None else now - timedelta(days=days)


def read_kind(words: str) -> Kind | None:
    """The kind that an administrator names."""
    wanted = " ".join(words.casefold().removeprefix("the ").split())
    return next((kind for kind in Kind if wanted in (kind.value, kind.value.removesuffix("s"))), None)


def read_days(number: int, unit: str) -> int:
    """ "2", "years" -> 730 days."""
    unit = unit.casefold()
    if unit.startswith("year"):
        return number * DAYS_A_YEAR
    return number * DAYS_A_MONTH if unit.startswith("month") else number


def check_change(kind: Kind, days: int, changes: Changes) -> None:
    """Raises ``TermFault`` where the district may not set this, given what it has changed already."""
    term = SCHEDULE[kind]
    if term.fewest is None or term.most is None:
        raise TermFault(f"The term of {kind.value} is not for the district to change: {term.why}")
    if not term.fewest <= days <= term.most:
        raise TermFault(
            f"{kind.value.capitalize()} can be kept from {say_days(term.fewest)} to {say_days(term.most)}. "
            f"Write, for example: keep {kind.value} {say_days(term.days or term.most)}."
        )
    wanted = {**changes, kind.value: days}
    if kind is Kind.MESSAGES and days_of(kind, wanted) != days:
        shortest = min(REPEATED, key=lambda one: days_of(one, changes) or days)
        raise TermFault(
            f"Messages repeat what was said elsewhere, so they can't be kept longer than {shortest.value}: "
            f"{say_days(days_of(shortest, changes))}."
        )


def say_days(days: int | None) -> str:
    """ "1 year", "90 days", "for good" """
    if days is None:
        return "for good"
    number, unit = (days // DAYS_A_YEAR, "year") if days % DAYS_A_YEAR == 0 and days else (days, "day")
    return f"{number} {unit}" if number == 1 else f"{number} {unit}s"


def say_bounds(term: Term) -> str:
    """ "90 days to 7 years", or "fixed" """
    if term.fewest is None or term.most is None:
        return "fixed"
    return f"{say_days(term.fewest)} to {say_days(term.most)}"
