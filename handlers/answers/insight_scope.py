"""What a question can be about, for this asker: the names it may use and the schools it may reach.

The meaning of the words is `protocols.insight`'s; whose schools the figures come from is decided here, with the
permission table.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from handlers.permissions import Right, which
from handlers.turn import Turn
from protocols.cadence.calendar import ClosureKind, Term
from protocols.cadence.targets import Targets
from protocols.insight.query import Asker, Filters, Period, Query
from protocols.insight.query import Role as AskerRole
from protocols.insight.vocabulary import Break, IldName, SchoolName, SchoolYear, Vocabulary
from storage import calendar, people, targets
from storage.edition import Kept
from storage.people import Person, Role, School

TIERS = ((7, "weekly"), (12, "biweekly"), (17, "triweekly"))
"""A rhythm of up to so many school days is called so; slower ones are monthly. A school is grouped by the rhythm it
has today, as by its network; how well it was kept is measured by the rhythms that held then."""
LONGEST_QUARTER = 90
"""Terms up to so many days long are quarters, longer ones semesters."""
MOST_QUARTERS = 4
"""More grading periods than these in a year are not what people call quarters."""


@dataclass(frozen=True, slots=True)
class Place:
    """A school with the words a question may group or filter it by."""

    school: School
    name: str
    tier: str
    experience: str
    ild: str | None


@dataclass(frozen=True, slots=True)
class Roll:
    """The district as all questions of a day name it, whoever asks: its places, and the words for them.

    ``everywhere`` are the ids of all schools that there ever were: visits are kept of those that have closed, too.
    """

    places: tuple[Place, ...]
    by_id: Mapping[int, Place]
    everywhere: frozenset[int]
    vocabulary: Vocabulary
    ilds: Mapping[int, Person]
    targets: Mapping[int, Targets]


@dataclass(frozen=True, slots=True)
class Ground:
    """Everything the asker's questions stand on: the district's roll, the places the asker may see, and the asker."""

    roll: Roll
    asker: Asker
    places: tuple[Place, ...]

    @property
    def vocabulary(self) -> Vocabulary:
        return self.roll.vocabulary

    @property
    def ilds(self) -> Mapping[int, Person]:
        return self.roll.ilds

    def reach(self, query: Query) -> tuple[Place, ...]:
        """The places the query is about: its filters, within what the asker may see."""
        filters = query.filters
        if not any(filters.get(key) for key in ("school", "network", "level", "tier", "experience")):
            return self.places
        return tuple(
            place
            for place in self.places
            if _fits(filters, "school", place.name)
            and _fits(filters, "network", place.school.network)
            and _fits(filters, "level", place.school.level)
            and _fits(filters, "tier", place.tier)
            and _fits(filters, "experience", place.experience)
        )

    def ild_ids(self, query: Query) -> frozenset[int] | None:
        """The ILDs a query names, None where it names none."""
        named = query.filters.get("ild")
        if not named:
            return None
        return frozenset(person_id for person_id, person in self.ilds.items() if person.name in named)


_ROLLS: Kept[Roll] = Kept(most=3)
"""Of today's roster, and of the days that it is elsewhere: a district may lie in two zones."""


def load_ground(turn: Turn) -> Ground:
    """The names and places for the person whose turn it is."""
    # The calendar is part of the key by what it is, so that one that was made for a trial has a roll of its own.
    roll = _ROLLS.get(turn.tx, (turn.today, turn.district.calendar), lambda: _load_roll(turn))
    visible = which(turn.person, Right.SEE_VISITS, [place.school for place in roll.places])
    places = roll.places
    if len(visible) < len(places):
        places = tuple(roll.by_id[school.id] for school in visible)
    return Ground(roll, _asker(turn, roll.places), places)


def _load_roll(turn: Turn) -> Roll:
    schools = people.schools_on(turn.tx, turn.today)
    wanted = {i for s in schools for i in (s.ild_id, s.principal_id) if i is not None}
    known = people.get_people(turn.tx, wanted, on=turn.today)
    counts = Counter(school.name for school in schools)
    places = tuple(_place(turn, school, known, is_unique=counts[school.name] == 1) for school in schools)
    carried = {school.ild_id: school.network for school in schools if school.ild_id is not None}
    ilds = {person_id: known[person_id] for person_id in carried}
    vocabulary = Vocabulary(
        schools=tuple(
            SchoolName(place.name, place.school.level or "other", place.school.network, place.tier)
            for place in places
        ),
        ilds=tuple(IldName(person.name, carried[i]) for i, person in ilds.items()),
        networks=tuple(sorted({school.network for school in schools})),
        years=_years(turn),
        breaks=_breaks(turn),
    )
    by_id = {place.school.id: place for place in places}
    return Roll(
        places,
        by_id=by_id,
        everywhere=people.all_school_ids(turn.tx),
        vocabulary=vocabulary,
        ilds=ilds,
        targets=targets.load(turn.tx, by_id),
    )


def _place(turn: Turn, school: School, known: dict[int, Person], *, is_unique: bool) -> Place:
    principal = known.get(school.principal_id or 0)
    ild = known.get(school.ild_id or 0)
    return Place(
        school,
        name=school.name if is_unique else f"{school.name} ({school.sourced_id})",
        tier=next((tier for days, tier in TIERS if school.cadence_days <= days), "monthly"),
        experience="new" if principal is not None and principal.is_new(turn.today) else "experienced",
        ild=ild.name if ild else None,
    )


def _asker(turn: Turn, places: Sequence[Place]) -> Asker:
    """The widest of the person's roles: an executive who also leads a school asks as an executive."""
    roles = turn.person.roles
    if Role.EXECUTIVE in roles:
        return Asker(AskerRole.EXECUTIVE, name=turn.person.name)
    if Role.ILD in roles:
        own = next((p.school.network for p in places if p.school.ild_id == turn.person.id), None)
        return Asker(AskerRole.ILD, name=turn.person.name, network=own)
    if Role.PRINCIPAL in roles:
        own_school = next((p for p in places if p.school.principal_id == turn.person.id), None)
        return Asker(
            AskerRole.PRINCIPAL,
            name=turn.person.name,
            school=own_school.name if own_school else None,
            network=own_school.school.network if own_school else None,
        )
    return Asker(AskerRole.UNIT, name=turn.person.name)


def _years(turn: Turn) -> tuple[SchoolYear, ...]:
    """The school years with what divides them. A district without quarters of their own may have short terms."""
    known = turn.district.calendar
    quarters = calendar.load_quarters(turn.tx)
    years = []
    for year in sorted(known.years, key=lambda each: each.starts):
        terms = [term for term in known.terms if year.starts <= term.starts <= year.ends]
        inside = [quarter for quarter in quarters if year.starts <= quarter.starts <= year.ends]
        short = (
            inside if 0 < len(inside) <= MOST_QUARTERS else [t for t in terms if _days(t) <= LONGEST_QUARTER]
        )
        semesters = [term for term in terms if _days(term) > LONGEST_QUARTER]
        years.append(SchoolYear(year.starts, year.ends, _periods(semesters), _periods(short)))
    return tuple(years)


def _days(term: Term) -> int:
    return (term.ends - term.starts).days


def _periods(terms: Iterable[Term]) -> tuple[Period, ...]:
    return tuple(Period(term.starts, term.ends) for term in terms)


def _breaks(turn: Turn) -> tuple[Break, ...]:
    closed = [c for c in turn.district.calendar.closures if c.kind is ClosureKind.HOLIDAY]
    return tuple(Break(closure.title.casefold(), closure.starts, closure.ends) for closure in closed)


def _fits(filters: Filters, key: str, value: str | None) -> bool:
    wanted = filters.get(key)
    return not wanted or value in wanted
