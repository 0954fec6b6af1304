"""The district of the tests with more people: five ILDs, and a network of seven principals."""

from storage.database import Store
from storage.people import Role, find_by_email
from storage.tables import AssignmentRow, PersonRow, RoleRow, SchoolRow
from tests.district import LAST_YEAR_STARTS, email

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

        def add(name: str, given: str, family: str, role: Role) -> int:
            row = PersonRow(email=email(name), given_name=given, family_name=family, sourced_id=f"p-{name}")
            tx.add(row)
            tx.flush()
            assert row.id is not None
            tx.add(RoleRow(person_id=row.id, role=role, starts=LAST_YEAR_STARTS))
            return row.id

        for ild in ILDS:
            add(*ild, Role.ILD)
        imani = find_by_email(tx, email("imani.brooks"), on=LAST_YEAR_STARTS)
        assert imani is not None
        for name, level, principal in SCHOOLS:
            principal_id = add(*principal, Role.PRINCIPAL)
            school = SchoolRow(sourced_id=f"s-{name}", name=name, level=level)
            tx.add(school)
            tx.flush()
            assert school.id is not None
            tx.add(
                AssignmentRow(
                    school_id=school.id,
                    ild_id=imani.id,
                    principal_id=principal_id,
                    network="North Network",
                    starts=LAST_YEAR_STARTS,
                    cadence_days=10,
                )
            )
