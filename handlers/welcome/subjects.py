"""What the bot can be helped with, by subject: which topics belong together, and by which words one asks for them."""

from collections.abc import Collection
from dataclasses import dataclass

from rapidfuzz import fuzz, process
from rapidfuzz.utils import default_process

SURE = 84
"""From this similarity (0 to 100) on, a word is taken for a subject's."""


@dataclass(frozen=True, slots=True)
class Subject:
    """``key`` is on its button, ``title`` heads its page; ``words`` are other names that people give it."""

    key: str
    label: str
    title: str
    topics: frozenset[str]
    words: tuple[str, ...] = ()


def _subject(key: str, label: str, title: str, topics: str, words: str = "") -> Subject:
    return Subject(key, label, title, frozenset(topics.split()), tuple(filter(None, words.split(", "))))


SUBJECTS = (
    _subject(
        "visits",
        "Visits",
        "Visits and their rhythm",
        "visit witness repair still_on reopened liking rhythm travel drift",
        "visit, rhythm, plan, planning, my week, drift, travel, cadence",
    ),
    _subject(
        "walkthroughs",
        "Walkthroughs",
        "Walkthroughs, inquiries and other protocols",
        "run frameworks master",
        "walkthrough, inquiry, inquiries, protocols, protocol, look-fors, framework",
    ),
    _subject(
        "thread",
        "Thread",
        "What a school keeps between visits",
        "thread ask handover",
        "threads, promises, promise, focus, follow-through, handover, hand over",
    ),
    _subject(
        "memos",
        "Memos",
        "Memos and requests to schools",
        "mandates pages submission drops memo_feeds mandate_tokens mailbox memos",
        "memo, mandates, requests, request, mail, feeds, feed, search, find, tokens",
    ),
    _subject(
        "desk",
        "Desk",
        "Deciding what reaches schools",
        "triage challenge rules minutes areas",
        "triage, decide, deciding, rules, budget, my tasks, buffer",
    ),
    _subject(
        "digest",
        "Digest",
        "The weekly digest",
        "digest deadlines done languages",
        "my digest, week, deadlines, language, items, preview",
    ),
    _subject(
        "protected",
        "Protected time",
        "Protected time, meetings and questions for schools",
        "meeting lead protected budget emergency ledger",
        "protected time, meetings, meeting, overrides, override, ledger, emergency, ask principal, blackout",
    ),
    _subject(
        "units",
        "Units",
        "What schools ask of units",
        "service scorecard",
        "service request, service requests, bridge, unit, scorecard, scorecards, facilities",
    ),
    _subject(
        "figures",
        "Figures",
        "Visits and protected time in numbers",
        "insight subscription goal looks",
        "questions, numbers, reports, charts",
    ),
    _subject(
        "centre",
        "Centre",
        "The centre in the same mirror",
        "pulse theory ties",
        "central office, offices, support, survey, anonymous, theory of action, ties, who works with whom",
    ),
    _subject(
        "calendar",
        "Calendar",
        "The school calendar and your own",
        "calendar own_calendar",
        "calendars, my calendar, holidays, feed address",
    ),
    _subject(
        "settings",
        "Settings",
        "Hours, quiet and reminders",
        "courtesy",
        "my settings, setting, quiet, reminders, hours, away, messages, time zone",
    ),
    _subject(
        "roles", "Roles", "Roles and deliveries", "admin", "role, administrator, people, undelivered, roster"
    ),
    _subject(
        "records",
        "Records",
        "What is kept, how long, and letting go",
        "retention holds forget my_data",
        "retention, record, holds, legal hold, keeping, my data, export, deletion, public records",
    ),
    _subject(
        "start", "Home and tour", "Where one begins", "home welcome tour help", "home, tour, about, privacy"
    ),
)
"""Every topic is in one of them (a test counts)."""


def subject_named(words: str) -> Subject | None:
    """The subject that these words mean; None where they are not surely one's."""
    near = _nearest(words, 1)
    return near[0][0] if near and near[0][1] >= SURE else None


def nearest(words: str, among: Collection[Subject]) -> list[Subject]:
    """The two of them whose names are most like the words."""
    return [subject for subject, _score in _nearest(words, len(SUBJECTS)) if subject in among][:2]


def _nearest(words: str, limit: int) -> list[tuple[Subject, float]]:
    names = {name: subject for subject in SUBJECTS for name in (subject.key, subject.label, *subject.words)}
    best: dict[str, tuple[Subject, float]] = {}
    scored = process.extract(words, list(names), scorer=fuzz.ratio, processor=default_process, limit=None)
    for name, score, _index in scored:
        best.setdefault(names[name].key, (names[name], score))
    return list(best.values())[:limit]
