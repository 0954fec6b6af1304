"""Who can be played: the district's people by role, with what they carry and how much they have not read yet."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from storage import people, playground, record
from storage.database import Tx
from storage.people import Person, Role, School

SEEN_SETTING = "playground_seen"
LISTED = 60
"""So many people of a role are listed; of more, only those with unread messages, and a search finds the rest."""
OFFERED = 300
"""So many names the search offers by itself; it finds all of them."""
_TINTS = 6
_ROLES = {
    Role.ILD: "ILD",
    Role.PRINCIPAL: "Principal",
    Role.EXECUTIVE: "Executive",
    Role.UNIT: "Unit staff",
    Role.ADMINISTRATOR: "Administrator",
}


@dataclass(frozen=True, slots=True)
class Member:
    """A person as the switch shows them: ``carries`` under the role's heading, ``about`` where there is none.

    ``tint`` picks one of a few colours, which mean nothing.
    """

    id: int
    name: str
    carries: str
    about: str
    initials: str
    tint: int
    unread: int
    search: str


@dataclass(frozen=True, slots=True)
class Group:
    """People of one role; ``total`` counts those not listed, too."""

    title: str
    members: tuple[Member, ...]
    total: int
    unread: int


@dataclass(frozen=True, slots=True)
class Cast:
    """Everybody, grouped; each person stands in the first group that fits."""

    groups: tuple[Group, ...]
    everybody: Mapping[int, Member]

    @property
    def unread(self) -> int:
        return sum(group.unread for group in self.groups)

    @property
    def offered(self) -> list[Member]:
        """Whom the search offers while one types."""
        return list(self.everybody.values())[:OFFERED]

    def find(self, words: str) -> Member | None:
        """The person whose name, school or e-mail address it is; else the first that contains the words."""
        wanted = words.casefold().strip()
        if not wanted:
            return None
        exact = (one for one in self.everybody.values() if wanted in one.search.split("\n"))
        within = (one for one in self.everybody.values() if wanted in one.search)
        return next(exact, None) or next(within, None)


def load_cast(tx: Tx, today: date) -> Cast:
    """Everybody who holds a role today."""
    schools = people.schools_on(tx, today)
    by_ild, by_principal = _by(schools, "ild_id"), _by(schools, "principal_id")
    unread = unread_counts(tx)
    everybody: dict[int, Member] = {}
    groups: list[Group] = []

    def add(title: str, role: Role, is_in: str | None = None) -> None:
        members = []
        for person in people.people_with_role(tx, role, on=today):
            networks = {school.network for school in by_principal.get(person.id, ())}
            if person.id in everybody or (is_in is not None and is_in not in networks):
                continue
            leads = by_principal.get(person.id, [])
            carries = _carries(person, role, by_ild.get(person.id, []), leads)
            member = _member(person, role, carries, unread.get(person.id, 0), leads)
            everybody[person.id] = member
            members.append(member)
        if members:
            shown = members if len(members) <= LISTED else [one for one in members if one.unread]
            groups.append(Group(title, tuple(shown), len(members), sum(one.unread for one in members)))

    add("Instructional leadership directors", Role.ILD)
    for network in sorted({school.network for school in schools}):
        add(f"Principals, {network}", Role.PRINCIPAL, network)
    add("Principals", Role.PRINCIPAL)
    add("Executives", Role.EXECUTIVE)
    add("Central-office units", Role.UNIT)
    add("Administrators", Role.ADMINISTRATOR)
    return Cast(tuple(groups), everybody)


def unread_counts(tx: Tx) -> dict[int, int]:
    """Person id -> messages sent since this person's page was last opened."""
    seen = record.get_setting(tx, SEEN_SETTING) or {}
    sent = playground.count_messages(tx)
    return {person_id: count - int(seen.get(str(person_id), 0)) for person_id, count in sent.items()}


def mark_all_read(tx: Tx, *, before: datetime) -> None:
    """What was sent before this moment is nobody's news."""
    counts = playground.count_messages(tx, before=before)
    record.put_setting(tx, SEEN_SETTING, {str(person_id): count for person_id, count in counts.items()})


def mark_read(tx: Tx, person_id: int, count: int) -> None:
    """The person's page was shown when ``count`` messages had been sent to them: those are read."""
    seen = record.get_setting(tx, SEEN_SETTING) or {}
    record.put_setting(tx, SEEN_SETTING, {**seen, str(person_id): count})


def _by(schools: Iterable[School], key: str) -> dict[int, list[School]]:
    found: dict[int, list[School]] = {}
    for school in schools:
        person_id = getattr(school, key)
        if person_id is not None:
            found.setdefault(person_id, []).append(school)
    return found


def _carries(person: Person, role: Role, network: list[School], leads: list[School]) -> str:
    match role:
        case Role.ILD:
            names = " and ".join(sorted({school.network for school in network}))
            return f"{names}, {len(network)} schools" if network else "No schools"
        case Role.PRINCIPAL:
            return ", ".join(school.name for school in leads) or "No school"
        case Role.EXECUTIVE:
            return "The whole district"
        case Role.UNIT:
            return person.unit or "Central office"
        case Role.ADMINISTRATOR:
            return "Looks after the bot"


def _member(person: Person, role: Role, carries: str, unread: int, leads: list[School]) -> Member:
    initials = (person.given_name[:1] + person.family_name[:1]).upper() or "?"
    words = [person.name, person.email, *(school.name for school in leads)]
    return Member(
        id=person.id,
        name=person.name,
        carries=carries,
        about=f"{_ROLES[role]} · {carries}",
        initials=initials,
        tint=person.id % _TINTS,
        unread=unread,
        search="\n".join(words).casefold(),
    )
