"""How rosters write days, rhythms, addresses, levels and roles, made exact; None means it cannot be read."""

import re
from collections.abc import Iterable
from datetime import date

from protocols.roster.values import Level, RosterRole

_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ].*)?")
_AMERICAN = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4}|\d{2})")
_EMAIL = re.compile(r"[^@\s,;:<>()\"\[\]\\]+@[^@\s,;:<>()\"\[\]\\.]+(\.[^@\s,;:<>()\"\[\]\\.]+)+")

EARLIEST, LATEST = 1950, 2099
"""Years taken. Anything else is a slip of the finger."""

_RHYTHMS = {
    "weekly": 5,
    "every week": 5,
    "biweekly": 10,
    "fortnightly": 10,
    "every two weeks": 10,
    "two weeks": 10,
    "every three weeks": 15,
    "three weeks": 15,
    "monthly": 20,
    "every month": 20,
    "every four weeks": 20,
    "four weeks": 20,
}
_NUMBERS = {"1": "one", "2": "two", "3": "three", "4": "four"}
CADENCE_LIMIT = 200
"""School days; a school year has about 180."""


def read_day(text: str) -> date | None:
    """A day as ISO (a time of day after it is dropped) or as a US spreadsheet writes it, month first."""
    if match := _ISO.fullmatch(text):
        year, month, day = (int(part) for part in match.groups())
    elif match := _AMERICAN.fullmatch(text):
        month, day, year = (int(part) for part in match.groups())
        year += 2000 if year < 100 else 0
    else:
        return None
    if not EARLIEST <= year <= LATEST:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


def read_cadence(text: str) -> int | None:
    """School days between visits: weekly 5, biweekly 10, three weeks 15, monthly 20, or ``12 school days``."""
    words = " ".join(re.sub(r"[-_]", " ", text.lower()).split()).replace("bi weekly", "biweekly")
    if match := re.fullmatch(r"(?:every )?(\d{1,3})(?: school)? days?", words) or re.fullmatch(
        r"(\d{1,3})", words
    ):
        days = int(match[1])
        return days if 0 < days <= CADENCE_LIMIT else None
    if match := re.fullmatch(r"(every )?([1-4]) weeks?", words):
        words = f"{match[1] or ''}{_NUMBERS[match[2]]} weeks".replace("one weeks", "week")
        words = "weekly" if words == "week" else words
    return _RHYTHMS.get(words)


def read_email(text: str) -> str | None:
    """An address in lower case."""
    return text.lower() if len(text) <= 254 and _EMAIL.fullmatch(text) else None


# ---------------------------------------------------------------- roles

_KEPT = {
    "principal": RosterRole.PRINCIPAL,
    "administrator": RosterRole.ADMINISTRATOR,
    "siteadministrator": RosterRole.SITE_ADMINISTRATOR,
    "assistantprincipal": RosterRole.SITE_ADMINISTRATOR,
    "viceprincipal": RosterRole.SITE_ADMINISTRATOR,
    "districtadministrator": RosterRole.DISTRICT_ADMINISTRATOR,
    "superintendent": RosterRole.DISTRICT_ADMINISTRATOR,
    "systemadministrator": RosterRole.SYSTEM_ADMINISTRATOR,
    "itadministrator": RosterRole.SYSTEM_ADMINISTRATOR,
    "staff": RosterRole.STAFF,
    "officestaff": RosterRole.STAFF,
    "director": RosterRole.STAFF,
    "coordinator": RosterRole.STAFF,
    "coach": RosterRole.STAFF,
}
_DROPPED = {
    "students": ("student", "alumni", "alumnus"),
    "families": ("guardian", "parent", "relative", "family", "emergencycontact"),
    "teachers and aides": (
        "teacher", "professor", "faculty", "aide", "teacherassistant", "assistant", "tutor",
        "proctor", "counselor", "adjunct", "instructor", "lecturer", "substitute", "paraprofessional",
    ),
}  # fmt: skip
_DROPPED_BY_ROLE = {role: kind for kind, roles in _DROPPED.items() for role in roles}
OTHERS = "people with other roles"
_DROP_ORDER = (*_DROPPED, OTHERS)


def read_role(text: str) -> RosterRole | None:
    """The role of somebody who is kept (OneRoster 1.1 and 1.2, School Data Sync v2.1); None for everybody else.

    An unknown role is not kept: it may be a district's own word for a student.
    """
    return _KEPT.get(_plain(text))


def dropped_as(roles: Iterable[str]) -> str:
    """What to call somebody who is not kept. Whoever is a student anywhere counts as one."""
    kinds = {_DROPPED_BY_ROLE.get(_plain(role), OTHERS) for role in roles}
    return next((kind for kind in _DROP_ORDER if kind in kinds), OTHERS)


def _plain(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", text.lower().removeprefix("ext:"))


# ---------------------------------------------------------------- levels

_LAST_WORD = re.compile(
    r"\b(elementary|primary|middle|intermediate|junior high|jr\.? high|senior high|high)\b(?= school\b| academy\b|$)"
)
_ANYWHERE = (
    (
        Level.K8,
        re.compile(
            r"\b(?:p?k|pre-?k|tk)\s?(?:-|–|to|through)\s?8\b|\bp\.?\s?s\.?\s?/\s?(?:[im]|jh)\.?\s?s\b"
        ),
    ),
    (Level.K8, re.compile(r"\belementary\s?[/&-]\s?middle\b|\belementary and middle\b")),
    (Level.MIDDLE, re.compile(r"\bj\.?\s?h\.?\s?s\b|\b[im]\.\s?s\.|\b(?:is|ms)\s?\d+")),
    (Level.HIGH, re.compile(r"\bh\.\s?s\.|\bhs\b|\bhigh school\b")),
    (Level.ELEMENTARY, re.compile(r"\bp\.\s?s\.|\bps\s?\d+|\belementary\b")),
    (Level.MIDDLE, re.compile(r"\bmiddle school\b")),
)
_LEVEL_OF_WORD = {
    "elementary": Level.ELEMENTARY,
    "primary": Level.ELEMENTARY,
    "middle": Level.MIDDLE,
    "intermediate": Level.MIDDLE,
    "junior high": Level.MIDDLE,
    "senior high": Level.HIGH,
    "high": Level.HIGH,
}
_GRADE_NUMBERS = {"ps": -2, "pr": -2, "it": -2, "pk": -1, "prek": -1, "tk": -1, "kg": 0, "k": 0}


def level_of(*, stated: str, grades: str, name: str) -> Level | None:
    """A school's level: as stated, else from its grades, else from its name; None where it cannot be told."""
    return _stated(stated) or _level_of_grades(grades) or _level_of_name(name)


def _stated(text: str) -> Level | None:
    words = text.lower().strip()
    if _plain(words) in ("k8", "pk8", "prek8", "elementarymiddle"):
        return Level.K8
    return _LEVEL_OF_WORD.get(words.removesuffix(" school"))


def _level_of_grades(text: str) -> Level | None:
    """From grade codes (``KG,01,02``) or a range (``K-5``): where they begin and where they end."""
    grades = [_grade(part) for part in re.split(r"[^a-z0-9]+", text.lower()) if part]
    known = [grade for grade in grades if grade is not None]
    if not known:
        return None
    low, high = min(known), max(known)
    if low >= 9:
        return Level.HIGH if high <= 13 else None
    if low >= 5:
        return Level.MIDDLE if high <= 9 else None
    if high <= 6:
        return Level.ELEMENTARY
    return Level.K8 if high <= 8 else None


def _grade(code: str) -> int | None:
    if code.isdecimal() and len(code) <= 2:
        return int(code)
    return _GRADE_NUMBERS.get(code)


def _level_of_name(name: str) -> Level | None:
    words = name.lower()
    if _ANYWHERE[0][1].search(words) or _ANYWHERE[1][1].search(words):
        return Level.K8
    if last := [*_LAST_WORD.finditer(words)]:
        word = last[-1][1].replace("jr.", "junior").replace("jr ", "junior ")
        return _LEVEL_OF_WORD[word]
    return next((level for level, pattern in _ANYWHERE if pattern.search(words)), None)
