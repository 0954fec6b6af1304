"""What people write about being disturbed: "8 to 16:30", "from 18 to 7", "Chicago", "until 3 May".

Hours without am or pm are read as on a school's clock: "8 to 5" ends in the afternoon, "18 to 7" runs over midnight.
"""

import re
from datetime import date, datetime, time, timedelta
from functools import cache
from zoneinfo import available_timezones

from protocols.cadence.courtesy import Topic
from protocols.cadence.moments import MomentFault, read_moment
from protocols.cadence.sending import Away, Hours

LONGEST_AWAY = timedelta(days=370)
HOW_HOURS = "Write it like 8 to 16:30, or 8am to 4:30pm."
HOW_AWAY = "Write it like: away until 3 May, or: away 20 Dec to 3 Jan."

_AT = r"(?P<{0}h>\d{{1,2}})(?:[:.](?P<{0}m>\d{{2}}))?\s*(?P<{0}s>[ap]\.?m\.?)?"
_SPAN = re.compile(
    rf"(?:from\s+)?{_AT.format('a')}\s*(?:-|–|to|till|until)\s*{_AT.format('b')}", re.IGNORECASE
)
_UNTIL = re.compile(r"\s*(?:\b(?:until|till|to|through|thru)\b|–|\s-\s)\s*", re.IGNORECASE)

_COMMON_ZONES = {
    "eastern": "America/New_York",
    "central": "America/Chicago",
    "mountain": "America/Denver",
    "arizona": "America/Phoenix",
    "pacific": "America/Los_Angeles",
    "alaska": "America/Anchorage",
    "hawaii": "Pacific/Honolulu",
}
TOPIC_WORDS = {
    "promise": Topic.PROMISES,
    "overdue": Topic.OVERDUE,
    "overdue school": Topic.OVERDUE,
    "rhythm": Topic.OVERDUE,
    "product": Topic.PRODUCTS,
    "check-in": Topic.CHECK_INS,
    "check in": Topic.CHECK_INS,
    "checkin": Topic.CHECK_INS,
    "visit": Topic.VISITS,
    "deadline": Topic.DEADLINES,
    "due date": Topic.DEADLINES,
    "still-on": Topic.STILL_ON,
    "still on": Topic.STILL_ON,
}


class CourtesyFault(ValueError):
    """Words that cannot be used; the text says what to write instead."""


def read_hours(text: str, *, over_midnight: bool) -> Hours:
    """ "8 to 16:30". Working hours lie in one day; quiet ones may run ``over_midnight``. Raises ``CourtesyFault``."""
    match = _SPAN.fullmatch(text.strip())
    if match is None:
        raise CourtesyFault(f"I can't read “{text.strip()}” as hours. {HOW_HOURS}")
    starts, ends = _clock(match, "a"), _clock(match, "b")
    is_bare = not match["as"] and not match["bs"] and ends.hour < 12
    if not over_midnight and ends <= starts and is_bare:
        ends = ends.replace(hour=ends.hour + 12)
    if starts == ends or (ends < starts and not over_midnight):
        raise CourtesyFault(f"They would end before they begin. {HOW_HOURS}")
    return Hours(starts, ends)


def _clock(match: re.Match[str], side: str) -> time:
    hour, minute, suffix = int(match[f"{side}h"]), int(match[f"{side}m"] or 0), match[f"{side}s"]
    if (suffix and not 1 <= hour <= 12) or hour > 23 or minute > 59:
        raise CourtesyFault(f"There is no such time of day. {HOW_HOURS}")
    if suffix:
        hour = hour % 12 + (12 if suffix.lower().startswith("p") else 0)
    return time(hour, minute)


def read_zone(text: str) -> str:
    """The IANA name of a zone called by its city, its name or the way Americans say it. Raises ``CourtesyFault``."""
    wanted = " ".join(re.sub(r"\b(?:time|zone|standard|daylight)\b", " ", text.casefold()).split())
    if wanted in _COMMON_ZONES:
        return _COMMON_ZONES[wanted]
    found = sorted(_zones().get(wanted.replace(" ", "_"), ()))
    american = [name for name in found if name.startswith("America/")]
    if len(found) == 1 or len(american) == 1:
        return (american or found)[0]
    if found:
        raise CourtesyFault(f"Several zones are called so: {', '.join(found[:4])}. Write one of them.")
    raise CourtesyFault(
        f"I know no zone called “{text.strip()}”. Write a large city of it, such as Chicago, or Eastern, Central, "
        "Mountain, Pacific."
    )


@cache
def _zones() -> dict[str, frozenset[str]]:
    """What a zone is called, in lower case -> its IANA names: the whole name, and the city at its end."""
    names: dict[str, set[str]] = {}
    for name in available_timezones():
        if "/" in name and not name.startswith(("Etc/", "posix/", "right/", "SystemV/", "US/")):
            names.setdefault(name.casefold(), set()).add(name)
            names.setdefault(name.rpartition("/")[2].casefold(), set()).add(name)
    return {called: frozenset(found) for called, found in names.items()}


def read_away(text: str, now: datetime) -> Away:
    """ "until 3 May", "20 Dec to 3 Jan", "tomorrow". ``now`` is local. Raises ``CourtesyFault``.

    The last day named is a day away: "until Friday" includes Friday.
    """
    words = re.sub(r"^\s*(?:from|on)\s+", "", text.strip(), flags=re.IGNORECASE)
    first, parted, last = _parted(words)
    try:
        starts = _day(first, now) if first else now.date()
        ends = _day(last, now) if parted else starts
        if ends < starts:  # "20 Dec to 3 Jan", said in spring: the end is the year after
            ends = read_moment(last, datetime.combine(starts, time())).day
    except MomentFault as fault:
        raise CourtesyFault(f"{fault} {HOW_AWAY}" if HOW_AWAY not in str(fault) else str(fault)) from None
    if ends < starts:
        raise CourtesyFault(f"That would end before it begins. {HOW_AWAY}")
    if ends - starts > LONGEST_AWAY:
        raise CourtesyFault("That is more than a year. Write a nearer day; it can be made longer later.")
    return Away(starts, ends)


def _parted(words: str) -> tuple[str, bool, str]:
    match = _UNTIL.search(words)
    if match is None:
        return words, False, ""
    return words[: match.start()].strip(), True, words[match.end() :].strip()


def _day(words: str, now: datetime) -> date:
    today = now.date()
    week = re.fullmatch(r"(?:the )?(?:end of )?(?P<which>this|next) week", words, re.IGNORECASE)
    if week:
        monday = today - timedelta(days=today.weekday())
        return monday + timedelta(days=4 if week["which"].lower() == "this" else 11)
    return read_moment(words, now).day


def read_topic(text: str) -> Topic:
    """The reminders that a word names. Raises ``CourtesyFault``."""
    word = " ".join(text.casefold().split())
    word = re.sub(r"^(?:the|about|of) |[ -]questions?$", "", word)
    singular = word.removesuffix("s")
    for key in (word, singular):
        if key in TOPIC_WORDS:
            return TOPIC_WORDS[key]
    known = ", ".join(topic.value for topic in Topic)
    raise CourtesyFault(f"I send no reminders about “{text.strip()}”. There are: {known}.")
