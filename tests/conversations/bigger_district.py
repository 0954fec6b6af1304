"""The district of the tests with more people: five ILDs, and a network of seven principals."""

from handlers.welcome import first_contact
from storage.database import Store, Tx
from storage.people import Role, find_by_email
from storage.tables import AssignmentRow, PersonRow, RoleRow, SchoolRow
from tests.district import LAST_YEAR_STARTS, NOW, email

ILDS = (
    ("leila.farahani", "Leila", "Farahani"),
    ("samuel.osei", "Samuel", "Osei"),
    ("nora.lindgren", "Nora", "Lindgren"),
)
SCHOOLS = (  # name, level, its principal
    ("Maple Elementary", "elementary", ("wen.zhao", "Wen", "Zhao")),
    ("Cedar Middle", "middle", ("rosa.delgado", "Rosa", "Delgado")),
    ("Birch High", "high", ("amir.nasser", "Amir", "Nasser")),
    ("Willow K-8", "k8", ("hana.kimura", "Hana", "Kimura")),
)


def add_people(store: Store) -> None:
    """Three more ILDs, and four more principals with their schools in Imani's network."""
    with store.begin() as tx:
        for ild in ILDS:
            _add(tx, *ild, Role.ILD)
        for name, level, principal in SCHOOLS:
            _open(tx, name, level, principal)


def add_principals(store: Store, count: int) -> list[str]:
    """``count`` more principals, each with a school in Imani's network; their names before the @ of their address."""
    names = [f"p{number:02}.principal" for number in range(1, count + 1)]
    with store.begin() as tx:
        for name in names:
            given = name.split(".")[0].title()
            _open(tx, f"School {given}", "elementary", (name, given, "Principal"))
    return names


def _open(tx: Tx, name: str, level: str, principal: tuple[str, str, str]) -> None:
    """A school in Imani's network with its principal."""
    imani = find_by_email(tx, email("imani.brooks"), on=LAST_YEAR_STARTS)
    assert imani is not None
    school = SchoolRow(sourced_id=f"s-{name}", name=name, level=level)
    tx.add(school)
    tx.flush()
    assert school.id is not None
    tx.add(
        AssignmentRow(
            school_id=school.id,
            ild_id=imani.id,
            principal_id=_add(tx, *principal, Role.PRINCIPAL),
            network="North Network",
            starts=LAST_YEAR_STARTS,
            cadence_days=10,
        )
    )


def _add(tx: Tx, name: str, given: str, family: str, role: Role) -> int:
    row = PersonRow(email=email(name), given_name=given, family_name=family, sourced_id=f"p-{name}")
    tx.add(row)
    tx.flush()
    assert row.id is not None
    tx.add(RoleRow(person_id=row.id, role=role, starts=LAST_YEAR_STARTS))
    first_contact.note_met(tx, row.id, at=NOW)
    return row.id
