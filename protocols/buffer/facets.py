"""What a demand says beside who, what and when: on whose authority, with what, whom to ask, who may do it instead,
what follows if it is not done, which of several days is for which schools, and why where a form says so by itself.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any


class Authority(StrEnum):
    """On whose word a demand rests, where the memo says so, strongest first."""

    LAW = "law"
    STATE = "state"
    BOARD = "board"
    OFFICE = "office"


@dataclass(frozen=True, slots=True)
class DayFor:
    """One of several days that a sentence names, and the schools it is for (``audience`` tags)."""

    audience: tuple[str, ...]
    day: date


@dataclass(frozen=True, slots=True)
class Facets:
    """Each empty where the memo does not say; authority_words, delegation, consequence and why are its own words.

    ``why`` is only what a form asks for by that name; of other memos ``reasons`` finds the sentence.
    """

    authority: Authority | None = None
    authority_words: str = ""
    forms: tuple[str, ...] = ()
    contact: str = ""
    delegation: str = ""
    consequence: str = ""
    attachments: tuple[str, ...] = ()
    days_for: tuple[DayFor, ...] = ()
    why: str = ""

    def to_json(self) -> dict[str, object]:
        return {
            "authority": self.authority.value if self.authority else None,
            "authority_words": self.authority_words,
            "forms": list(self.forms),
            "contact": self.contact,
            "delegation": self.delegation,
            "consequence": self.consequence,
            "attachments": list(self.attachments),
            "days_for": [
                {"audience": list(one.audience), "day": one.day.isoformat()} for one in self.days_for
            ],
            "why": self.why,
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "Facets":
        """The facets that ``to_json`` gave; what is missing from ``kept`` is empty."""
        authority = kept.get("authority")
        return cls(
            authority=Authority(authority) if authority else None,
            authority_words=kept.get("authority_words") or "",
            forms=tuple(kept.get("forms") or ()),
            contact=kept.get("contact") or "",
            delegation=kept.get("delegation") or "",
            consequence=kept.get("consequence") or "",
            attachments=tuple(kept.get("attachments") or ()),
            days_for=tuple(
                DayFor(tuple(one["audience"]), date.fromisoformat(one["day"]))
                for one in kept.get("days_for") or ()
            ),
            why=kept.get("why") or "",
        )
