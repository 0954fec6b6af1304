"""Finding the school, the person and the day that a row of our own CSV files means."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date

from rapidfuzz import fuzz, process

from protocols.roster.faults import Findings
from protocols.roster.sheet import Row, Sheet
from protocols.roster.values import RosterPerson, RosterSchool
from protocols.roster.words import read_day

_SUGGESTIONS = 50
"""Close names are looked for in the first faults only: a file with a wrong column has one in every row."""
_CLOSE = 75


@dataclass(slots=True)
class Register:
    """Schools and people that rows may name. ``others`` are found too, and are on the roster once named."""

    schools: dict[str, RosterSchool]
    people: dict[str, RosterPerson]
    others: dict[str, RosterPerson] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)
    unreachable: set[str] = field(default_factory=set)
    _by_word: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    _by_email: dict[str, RosterPerson] = field(default_factory=dict)
    _suggested: int = 0

    def __post_init__(self) -> None:
        for school in self.schools.values():
            for word in {_fold_words(school.identifier), _fold_words(school.name)} - {""}:
                self._by_word[word].append(school.sourced_id)
        for person in (*self.others.values(), *self.people.values()):
            self._by_email[person.email] = person

    def find_school(
        self, sheet: Sheet, row: Row, findings: Findings, *, column: str = "school"
    ) -> RosterSchool | None:
        """The school a row names in a column; where there is none, or more than one, a fault."""
        text = row.get_id(column)
        if school := self.schools.get(text):
            return school
        found = self._by_word.get(_fold_words(text), [])
        if len(found) == 1:
            return self.schools[found[0]]
        if not text:
            findings.add(sheet.file, row.line, column, "is empty.", "Name the school.")
        elif found:
            what = f"{len(found)} schools are called {text!r}."
            findings.add(
                sheet.file, row.line, column, what, f"Write the sourcedId: {' or '.join(sorted(found))}."
            )
        else:
            what = f"no open school is called {text!r}."
            findings.add(sheet.file, row.line, column, what, self._suggest(text))
        return None

    def find_person(self, sheet: Sheet, row: Row, column: str, findings: Findings) -> RosterPerson | None:
        """The person a row names in a column; where there is none a fault."""
        text = row.get_id(column)
        person = self.people.get(text) or self.others.get(text) or self._by_email.get(text.lower())
        if person is not None:
            self.people.setdefault(person.sourced_id, person)
            return person
        if not text:
            what, hint = "is empty.", "Write the sourcedId or the e-mail address."
        elif text in self.refused:
            what = f"{text} is listed among {self.refused[text]}."
            hint = "Correct the role in the student information system."
        elif text in self.unreachable:
            what, hint = (
                f"{text} has no e-mail address.",
                "Add it to users.csv; the bot reaches people by it.",
            )
        else:
            what = f"{text!r} is nobody active in users.csv."
            hint = (
                "Write the sourcedId or e-mail address; if they left, remove the row, what is recorded stays."
            )
        findings.add(sheet.file, row.line, column, what, hint)
        return None

    def _suggest(self, text: str) -> str:
        self._suggested += 1
        if self._suggested <= _SUGGESTIONS:
            names = [school.name for school in self.schools.values()]
            best = process.extractOne(text, names, scorer=fuzz.WRatio, score_cutoff=_CLOSE)
            if best is not None:
                return f"Did you mean {best[0]!r}?"
        return "Write its sourcedId, identifier or exact name."


def read_day_of(sheet: Sheet, row: Row, column: str, findings: Findings, *, is_required: bool) -> date | None:
    """The day in a column; None, with a fault, where it cannot be read or is required and empty."""
    text = row.get_id(column)
    day = read_day(text)
    if day is None and (text or is_required):
        what = f"{text!r} is not a day." if text else "is empty."
        findings.add(sheet.file, row.line, column, what, "Write it like 2026-09-03.")
    return day


def say_day(day: date) -> str:
    """``Thu 3 Sep 2026``: with the year, since rosters span several."""
    return f"{day:%a} {day.day} {day:%b %Y}"


def _fold_words(text: str) -> str:
    return " ".join(text.casefold().split())
