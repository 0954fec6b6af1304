"""Who works with whom: the ties between the centre and its schools, how dense they are, and how many go both ways.

In districts whose central offices help schools to improve, people on both sides turn to each other; where ties are few,
or run from the centre to schools alone, what is sent down stays paper. The two figures of such a network are usual in
the study of social networks: *density*, the ties there are of those there could be, and *reciprocity*, the ties that go
both ways of those there are.

A *party* of the centre is a school's ILD, whoever that was, or a unit. A *tie* between a school and a party is there in
a term where the record holds at least one thing that one of them began with the other (``Kind``); it goes *both ways*
where each of them began something. Only that it happened counts, never what was said in it, and nobody is ranked: the
figures are of a district and its terms.
"""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from protocols.insight.measures import Share


class Side(StrEnum):
    CENTRE = "centre"
    SCHOOL = "school"


class Kind(StrEnum):
    """What a tie can rest on."""

    VISIT = "visit"  # held; began by whoever planned it
    RUN = "run"  # a protocol held together; began by whoever opened it
    PROMISE = "promise"  # a next step; began by whoever promised it
    PROPOSAL = "proposal"  # a visit or focus that a principal asked her ILD for
    QUESTION = "question"  # of a principal to her ILD about an item of the digest
    UNIT_QUESTION = "unit_question"  # of a unit to a school, through its ILD
    SERVICE_REQUEST = "service_request"  # of a school to a unit
    MEETING = "meeting"  # that a unit called for a network or a school

    def say(self, count: int) -> str:
        """ "12 visits" """
        return f"{count} {_KINDS[self][count != 1]}"


_KINDS = {  # one, several
    Kind.VISIT: ("visit", "visits"),
    Kind.RUN: ("protocol run together", "protocols run together"),
    Kind.PROMISE: ("promise", "promises"),
    Kind.PROPOSAL: ("wish of a principal", "wishes of principals"),
    Kind.QUESTION: ("question of a principal", "questions of principals"),
    Kind.UNIT_QUESTION: ("question of a unit", "questions of units"),
    Kind.SERVICE_REQUEST: ("service request", "service requests"),
    Kind.MEETING: ("school called to a meeting", "times a school called to a meeting"),
}


@dataclass(frozen=True, slots=True)
class Contact:
    """One thing that a school and a party had to do with each other. ``party`` is its name."""

    school_id: int
    party: str
    day: date
    kind: Kind
    began: Side


Pair = tuple[int, str]
"""(school, party)"""


@dataclass(frozen=True, slots=True)
class Web:
    """The ties of a stretch of time. ``possible`` are all pairs that could have one."""

    possible: frozenset[Pair]
    one_way: frozenset[Pair]
    two_way: frozenset[Pair]
    counted: dict[Kind, int]

    @property
    def ties(self) -> frozenset[Pair]:
        return self.one_way | self.two_way

    @property
    def density(self) -> Share:
        """Ties, of those possible."""
        return Share(len(self.ties), len(self.possible))

    @property
    def reciprocity(self) -> Share:
        """Ties that go both ways, of all ties."""
        return Share(len(self.two_way), len(self.ties))

    def between(self, parties: Collection[str]) -> "Web":
        """The part of it that these parties have. ``counted`` stays that of the whole."""
        pairs = frozenset(pair for pair in self.possible if pair[1] in parties)
        return Web(pairs, self.one_way & pairs, self.two_way & pairs, self.counted)

    def alone(self) -> frozenset[int]:
        """The schools without any tie."""
        return frozenset(school for school, _ in self.possible) - {school for school, _ in self.ties}


def weave(contacts: Iterable[Contact], possible: Collection[Pair], *, start: date, end: date) -> Web:
    """The ties from ``start`` to ``end``, both included. Contacts of pairs that are not possible are left out."""
    pairs = frozenset(possible)
    began: dict[Pair, set[Side]] = {}
    counted: Counter[Kind] = Counter()
    for one in contacts:
        pair = (one.school_id, one.party)
        if start <= one.day <= end and pair in pairs:
            began.setdefault(pair, set()).add(one.began)
            counted[one.kind] += 1
    two_way = frozenset(pair for pair, sides in began.items() if len(sides) == len(Side))
    return Web(
        pairs, frozenset(began) - two_way, two_way, {kind: counted[kind] for kind in Kind if counted[kind]}
    )
