"""The sample district's people and schools. All of them are invented.

Two networks of twelve schools. The rhythms are differentiated by need and just fit five protected half-days a week:
one school every week, three every two weeks, four every three weeks, four every month make a load of 97 %.
"""

from dataclasses import dataclass
from datetime import date

from storage.people import Role

DISTRICT = "Sycamore Valley Unified"
ZONE = "America/New_York"
MAIL = "sycamore.example"
FIRST_DAY = date(2025, 9, 2)


@dataclass(frozen=True, slots=True)
class SamplePerson:
    given: str
    family: str
    role: Role
    unit: str | None = None
    since: date = date(2019, 8, 1)

    @property
    def email(self) -> str:
        plain = f"{self.given}.{self.family}".lower().replace(" ", "")
        return plain.translate(str.maketrans("áéíóúñåöğ'’", "aeiounaog__")).replace("_", "") + f"@{MAIL}"


@dataclass(frozen=True, slots=True)
class SampleSchool:
    name: str
    level: str
    principal: SamplePerson
    cadence: int  # school days
    focus: str


def _principal(given: str, family: str, since: date = date(2019, 8, 1)) -> SamplePerson:
    return SamplePerson(given, family, Role.PRINCIPAL, since=since)


NORTH_ILD = SamplePerson("Imani", "Brooks", Role.ILD)
SOUTH_ILD = SamplePerson("Tomás", "Rivera", Role.ILD)
OTHER_ILDS = (
    SamplePerson("Nadia", "Rahman", Role.ILD),
    SamplePerson("Joon-ho", "Park", Role.ILD),
    SamplePerson("Sofia", "Marchetti", Role.ILD),
)
"""ILDs whose networks are not in the sample: peers for a consultancy."""
EXECUTIVE = SamplePerson("Ruth", "Castellanos", Role.EXECUTIVE)
UNIT_STAFF = (
    SamplePerson("Dev", "Patel", Role.UNIT, "Human Resources"),
    SamplePerson("Marguerite", "Oyelaran", Role.UNIT, "Assessment"),
    SamplePerson("Stefan", "Kowalczyk", Role.UNIT, "Facilities"),
    SamplePerson("Henrik", "Aaltonen", Role.UNIT, "Budget"),
    SamplePerson("Rosa", "Delacroix", Role.UNIT, "Human Resources"),
    SamplePerson("Tevita", "Moala", Role.UNIT, "Facilities"),
)
"""The first of each unit heads it."""
ADMINISTRATOR = SamplePerson("Ana", "Whitefeather", Role.ADMINISTRATOR)
NEW = date(2026, 8, 3)

NORTH = (
    SampleSchool(
        "Lincoln Middle", "middle", _principal("Grace", "Lindqvist"), 10, "students explain their thinking"
    ),
    SampleSchool(
        "Lincoln Elementary", "elementary", _principal("Farid", "Haddad"), 15, "reading aloud with questions"
    ),
    SampleSchool("Roosevelt High", "high", _principal("Mei", "Tanaka"), 10, "writing in every subject"),
    SampleSchool(
        "Cedar Grove Elementary", "elementary", _principal("Oluchi", "Eze", NEW), 5, "feedback to teachers"
    ),
    SampleSchool("Maple Street Elementary", "elementary", _principal("Peter", "Novak"), 20, "number talks"),
    SampleSchool("Juniper K-8", "k8", _principal("Lakshmi", "Raman"), 15, "science notebooks"),
    SampleSchool(
        "Fairview Elementary", "elementary", _principal("Kwame", "Asante"), 20, "small-group reading"
    ),
    SampleSchool(
        "Bayside Middle", "middle", _principal("Carmen", "Villalobos"), 10, "discussion between students"
    ),
    SampleSchool("Sunrise Elementary", "elementary", _principal("Hana", "Yoshida"), 15, "word problems"),
    SampleSchool("Westbrook High", "high", _principal("Darnell", "Whitaker"), 15, "ninth-grade on track"),
    SampleSchool("Orchard Park Elementary", "elementary", _principal("Svetlana", "Petrova"), 20, "phonics"),
    SampleSchool(
        "Mill Pond Elementary", "elementary", _principal("Joseph", "Begay"), 20, "arts in every grade"
    ),
)
SOUTH = (
    SampleSchool(
        "Harbor Elementary", "elementary", _principal("Amina", "Warsame"), 10, "language of mathematics"
    ),
    SampleSchool(
        "Riverbend Elementary", "elementary", _principal("Luca", "Moretti"), 15, "independent reading"
    ),
    SampleSchool("Stonebridge High", "high", _principal("Yolanda", "Pruitt"), 10, "seminar discussion"),
    SampleSchool(
        "Prairie View Middle", "middle", _principal("Nikhil", "Banerjee", NEW), 5, "lesson openings"
    ),
    SampleSchool(
        "Elm Hollow Elementary", "elementary", _principal("Fiona", "MacAllister"), 20, "spelling patterns"
    ),
    SampleSchool("Granite K-8", "k8", _principal("Ruben", "Escobedo"), 15, "evidence in argument"),
    SampleSchool(
        "Willow Creek Elementary", "elementary", _principal("Thandiwe", "Dlamini"), 20, "play in kindergarten"
    ),
    SampleSchool("North Shore Middle", "middle", _principal("Erik", "Sandstrom"), 10, "fractions"),
    SampleSchool(
        "Copper Hill Elementary", "elementary", _principal("Leilani", "Kahale"), 15, "students ask questions"
    ),
    SampleSchool("Valley Tech High", "high", _principal("Andre", "Baptiste"), 15, "project work"),
    SampleSchool("Meadowlark Elementary", "elementary", _principal("Ingrid", "Halvorsen"), 20, "attendance"),
    SampleSchool(
        "Quarry Street Elementary", "elementary", _principal("Samir", "Khoury"), 20, "family reading"
    ),
)
NETWORKS = (("North Network", NORTH_ILD, NORTH), ("South Network", SOUTH_ILD, SOUTH))
