"""Rosters as districts have them, good and bad. People and schools are invented."""

import contextlib
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocols.roster.faults import Fault, RosterFaults
from protocols.roster.reading import read_roster
from protocols.roster.values import Level, Roster, RosterAssignment, RosterRole, TermKind
from tests.examples import tried

ORGS = """sourcedId,status,dateLastModified,name,type,identifier,parentSourcedId
D1,active,2026-08-01,Maple County,district,MC,
S1,active,2026-08-01,Birch Elementary,school,101,D1
S2,active,2026-08-01,Cedar Middle School,school,102,D1
S3,active,2026-08-01,Willow High,school,103,D1
"""
USERS = """sourcedId,status,enabledUser,username,givenName,familyName,email,preferredGivenName
I1,active,true,amara,Amara,Nwosu,Amara.Nwosu@maple.example,
P1,active,true,jonas,Jonas,Lindqvist,jonas@maple.example,Joni
P2,active,true,thuy,Thuy,Pham,thuy@maple.example,
T1,active,true,elif,Elif,Kaya,elif@maple.example,
K1,active,true,kid,Ana,Silva,,
G1,active,true,parent,Rui,Silva,rui@home.example,
"""
ROLES = """sourcedId,status,userSourcedId,roleType,role,beginDate,endDate,orgSourcedId
R1,active,I1,primary,districtAdministrator,2026-08-15,2027-06-30,D1
R2,active,P1,primary,principal,2026-08-15,2027-06-30,S1
R3,active,P2,primary,principal,,,S2
R4,active,P2,secondary,principal,,,S3
R5,active,T1,primary,teacher,,,S1
R6,active,K1,primary,student,,,S1
R7,active,G1,primary,guardian,,,S1
"""
ASSIGNMENTS = """school,ild,principal,from,to,cadence
S1,I1,P1,2026-08-15,,weekly
102,amara.nwosu@maple.example,thuy@maple.example,2026-08-15,2026-12-31,biweekly
Willow High,I1,,8/15/2026,,12 school days
"""
TERMS = """sourcedId,status,title,type,startDate,endDate,parentSourcedId,schoolYear
Y,active,2026-27,schoolYear,2026-09-03,2027-06-25,,2027
F,active,Fall,semester,2026-09-03,2027-01-29,Y,2027
"""


def bundle(**changes: str | None) -> dict[str, bytes]:
    """The five files; a change replaces one by its name without ``.csv``, None leaves it out."""
    texts = {
        "orgs": ORGS,
        "users": USERS,
        "roles": ROLES,
        "assignments": ASSIGNMENTS,
        "academicSessions": TERMS,
    } | changes
    return {f"{name}.csv": text.encode() for name, text in texts.items() if text is not None}


def faults_of(files: dict[str, bytes]) -> tuple[Fault, ...]:
    with pytest.raises(RosterFaults) as caught:
        read_roster(files)
    return caught.value.faults


def test_a_oneroster_1_2_bundle_gives_schools_people_assignments_and_terms() -> None:
    roster = read_roster(bundle())
    assert [(s.sourced_id, s.level, s.area) for s in roster.schools] == [
        ("S1", Level.ELEMENTARY, "Maple County"),
        ("S2", Level.MIDDLE, "Maple County"),
        ("S3", Level.HIGH, "Maple County"),
    ]
    assert [(p.sourced_id, p.email, p.name) for p in roster.people] == [
        ("I1", "amara.nwosu@maple.example", "Amara Nwosu"),
        ("P1", "jonas@maple.example", "Joni Lindqvist"),
        ("P2", "thuy@maple.example", "Thuy Pham"),
    ]
    net = "Schools of Amara Nwosu"
    assert roster.assignments == (
        RosterAssignment("S1", "I1", "P1", date(2026, 8, 15), None, 5, net),
        RosterAssignment("S2", "I1", "P2", date(2026, 8, 15), date(2026, 12, 31), 10, net),
        RosterAssignment("S3", "I1", "P2", date(2026, 8, 15), None, 12, net),
    )
    assert roster.terms is not None
    assert [(t.title, t.kind) for t in roster.terms] == [("2026-27", TermKind.YEAR), ("Fall", TermKind.TERM)]


def test_students_families_and_teachers_are_counted_and_not_kept() -> None:
    roster = read_roster(bundle())
    assert dict(roster.dropped) == {"students": 1, "families": 1, "teachers and aides": 1}
    assert "Silva" not in repr(roster)


def test_one_person_leading_two_schools_keeps_both_roles() -> None:
    thuy = next(person for person in read_roster(bundle()).people if person.sourced_id == "P2")
    assert [(held.role, held.org_id) for held in thuy.roles] == [
        (RosterRole.PRINCIPAL, "S2"),
        (RosterRole.PRINCIPAL, "S3"),
    ]


def test_without_assignments_and_terms_nothing_is_said_about_them() -> None:
    roster = read_roster(bundle(assignments=None, academicSessions=None))
    assert roster.assignments is None
    assert roster.terms is None


def test_a_school_without_a_principal_is_a_vacancy() -> None:
    roles = ROLES.replace("R4,active,P2,secondary,principal,,,S3\n", "")
    assignments = read_roster(bundle(roles=roles)).assignments
    assert assignments is not None
    assert assignments[2].principal_id is None


def test_a_teacher_whom_an_assignment_names_as_ild_is_kept() -> None:
    roster = read_roster(bundle(assignments=ASSIGNMENTS.replace("S1,I1,P1", "S1,T1,P1")))
    assert "T1" in {person.sourced_id for person in roster.people}


def test_oneroster_1_1_lists_administrators_of_one_school_as_candidates_only() -> None:
    users = (
        "sourcedId,status,enabledUser,orgSourcedIds,role,username,givenName,familyName,email\n"
        'I1,active,true,"S1,S2",administrator,a,Amara,Nwosu,a@maple.example\n'
        "P1,active,true,S1,administrator,j,Jonas,Lindqvist,j@maple.example\n"
        "K1,active,true,S1,student,k,Ana,Silva,\n"
    )
    assignments = "school,ild,principal,from,to,cadence\nS2,I1,,2026-08-15,,monthly\n"
    roster = read_roster(bundle(users=users, roles=None, assignments=assignments))
    assert [(c.school_id, c.person_id) for c in roster.candidates] == [("S1", "P1")]
    assert roster.assignments is not None
    assert roster.assignments[0].principal_id is None
    assert {role.role for person in roster.people for role in person.roles} == {RosterRole.ADMINISTRATOR}


def test_school_data_sync_2_1_is_read() -> None:
    orgs = "sourcedId,name,type,parentSourcedId\nD,Maple County,district,\nS1,Birch K-8,school,D\n"
    users = (
        "sourcedId,username,givenName,familyName,password,activeDirectoryMatchId,email,phone,sms\n"
        "I1,amara@maple.example,Amara,Nwosu,,,,,\nP1,jonas@maple.example,Jonas,Lindqvist,,,,,\n"
    )
    roles = (
        "userSourcedId,orgSourcedId,role,sessionSourcedId,grade,isPrimary,roleStartDate,roleEndDate\n"
        "I1,D,administrator,,,TRUE,,\nP1,S1,principal,,,TRUE,2026-08-01,\n"
    )
    assignments = "school,ild,principal,from,to,cadence\nS1,I1,,2026-08-15,,every two weeks\n"
    roster = read_roster(
        bundle(orgs=orgs, users=users, roles=roles, assignments=assignments, academicSessions=None)
    )
    assert roster.assignments is not None
    assert (roster.assignments[0].principal_id, roster.schools[0].level) == ("P1", Level.K8)


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda data: b"\xef\xbb\xbf" + data, id="a byte order mark"),
        pytest.param(lambda data: data.replace(b"\n", b"\r\n"), id="CRLF"),
        pytest.param(lambda data: data.replace(b"\n", b"\r"), id="old Mac line ends"),
        pytest.param(lambda data: data.decode().encode("utf-16"), id="UTF-16 with its mark"),
        pytest.param(lambda data: data.decode().encode("utf-16-le"), id="UTF-16 without its mark"),
        pytest.param(lambda data: data.rstrip(b"\n"), id="no line break at the end"),
        pytest.param(lambda data: data + b"\n\n,,,\n", id="blank lines at the end"),
        pytest.param(lambda data: data.replace(b"sourcedId", b" Sourced ID ", 1), id="a heading with blanks"),
        pytest.param(lambda data: data.replace(b"\nS1,", b"\n'S1,"), id="an apostrophe before an id"),
        pytest.param(lambda data: data.replace(b"active", b"ACTIVE"), id="status in capitals"),
    ],
)
def test_the_roster_is_the_same_with(change: object) -> None:
    assert callable(change)
    changed = {name: change(data) for name, data in bundle().items()}
    assert read_roster(changed) == read_roster(bundle())


def test_extension_columns_and_quoted_line_breaks_are_no_matter() -> None:
    orgs = 'sourcedId,name,type,metadata.grades,ext_x\nS1,"Birch\n  School",school,"KG,01,05",1\n'
    assert [
        (s.name, s.level) for s in read_roster(bundle(orgs=orgs, users=USERS, roles=None) | ROLELESS).schools
    ] == [("Birch School", Level.ELEMENTARY)]


ROLELESS = {
    "users.csv": b"sourcedId,givenName,familyName,role,orgSourcedIds,email\n",
    "assignments.csv": b"school,ild,principal,from,to,cadence\n",
}


def test_windows_1252_keeps_its_accents_and_says_so() -> None:
    files = bundle()
    files["users.csv"] = USERS.replace("Lindqvist", "Lindqvíst").encode("cp1252")
    roster = read_roster(files)
    assert roster.people[1].family == "Lindqvíst"
    assert "read as Windows-1252" in roster.notes[0]


def test_rows_to_be_deleted_are_gone_with_what_refers_to_them() -> None:
    orgs = ORGS.replace("S2,active", "S2,tobedeleted")
    users = USERS.replace("P2,active", "P2,ToBeDeleted")
    assignments = "school,ild,principal,from,to,cadence\nS1,I1,P1,2026-08-15,,weekly\n"
    roster = read_roster(bundle(orgs=orgs, users=users, assignments=assignments))
    assert [school.sourced_id for school in roster.schools] == ["S1", "S3"]
    assert [person.sourced_id for person in roster.people] == ["I1", "P1"]


def test_assignments_alone_rest_on_the_known_roster() -> None:
    known = read_roster(bundle())
    assignments = "school,ild,principal,from,to,cadence\nS1,I1,P2,2026-08-15,,monthly\n"
    roster = read_roster({"assignments.csv": assignments.encode()}, known=known)
    assert roster.schools == known.schools
    assert roster.assignments is not None
    assert roster.assignments[0].cadence_days == 20


def test_a_day_is_in_one_term_only() -> None:
    rows = (
        "T1,active,Quarter 1,term,2026-09-03,2026-11-06,F,2027\n"
        "G1,active,Week 1,gradingPeriod,2026-09-03,2026-09-10,F,2027\n"
    )
    read = read_roster(bundle(academicSessions=TERMS + rows)).terms or ()
    quarters = [term for term in read if term.kind is TermKind.QUARTER]
    assert tuple(term for term in read if term not in quarters) == read_roster(bundle()).terms
    assert sorted(term.title for term in quarters) == ["Quarter 1", "Week 1"]


BAD = [
    pytest.param(
        {"orgs": ORGS.replace("name,", "nom,")}, ("orgs.csv", 1, "name"), "is missing", id="a missing column"
    ),
    pytest.param({"orgs": None}, ("orgs.csv", 0, ""), "is missing", id="a missing file"),
    pytest.param({"roles": None}, ("roles.csv", 0, ""), "is missing", id="1.2 without roles.csv"),
    pytest.param(
        {"orgs": ORGS + ORGS.splitlines()[2] + "\n"},
        ("orgs.csv", 6, "sourcedId"),
        "also in line 3",
        id="an id twice",
    ),
    pytest.param(
        {"orgs": ORGS.replace("103,D1", "103,D9")},
        ("orgs.csv", 5, "parentSourcedId"),
        "D9",
        id="an orphan parent",
    ),
    pytest.param(
        {"roles": ROLES.replace("P1,primary", "P9,primary")},
        ("roles.csv", 3, "userSourcedId"),
        "P9",
        id="a role of nobody",
    ),
    pytest.param(
        {"roles": ROLES.replace("2027-06-30,S1", "2027-06-30,S9")},
        ("roles.csv", 3, "orgSourcedId"),
        "S9",
        id="a role at no school",
    ),
    pytest.param(
        {"users": USERS[: len(USERS) // 2]}, ("users.csv", 3, ""), "7 of 8 values", id="half a file"
    ),
    pytest.param(
        {"orgs": ORGS.replace("Cedar", '"Cedar')}, ("orgs.csv", 4, ""), "not closed", id="an unclosed quote"
    ),
    pytest.param({"orgs": ORGS.replace("Cedar", "Ced\0ar")}, ("orgs.csv", 4, ""), "NUL", id="NUL bytes"),
    pytest.param({"orgs": ""}, ("orgs.csv", 0, ""), "empty", id="an empty file"),
    pytest.param(
        {"users": USERS.replace("thuy@maple", "thuy maple")},
        ("users.csv", 4, "email"),
        "thuy maple.example",
        id="a bad e-mail",
    ),
    pytest.param(
        {"users": USERS.replace("thuy@", "jonas@")}, ("users.csv", 4, "email"), "line 3", id="an e-mail twice"
    ),
    pytest.param(
        {"assignments": ASSIGNMENTS.replace("S1,", "Birch Elementry,")},
        ("assignments.csv", 2, "school"),
        "Birch Elementary",
        id="a misspelt school",
    ),
    pytest.param(
        {"assignments": ASSIGNMENTS.replace("S1,I1", "S1,I7")},
        ("assignments.csv", 2, "ild"),
        "I7",
        id="an unknown ILD",
    ),
    pytest.param(
        {"assignments": ASSIGNMENTS.replace("S1,I1", "S1,K1")},
        ("assignments.csv", 2, "ild"),
        "students",
        id="a student as ILD",
    ),
    pytest.param(
        {"assignments": ASSIGNMENTS.replace("8/15/2026", "15/8/2026")},
        ("assignments.csv", 4, "from"),
        "15/8/2026",
        id="a date that is none",
    ),
    pytest.param(
        {"assignments": ASSIGNMENTS.replace("12-31", "02-31")},
        ("assignments.csv", 3, "to"),
        "2026-02-31",
        id="the 31st of February",
    ),
    pytest.param(
        {"assignments": ASSIGNMENTS.replace("2026-12-31", "2026-08-01")},
        ("assignments.csv", 3, "to"),
        "before it starts",
        id="an end before the start",
    ),
    pytest.param(
        {"assignments": ASSIGNMENTS.replace("weekly\n1", "often\n1")},
        ("assignments.csv", 2, "cadence"),
        "'often'",
        id="no rhythm",
    ),
    pytest.param(
        {"assignments": ASSIGNMENTS + "S1,I1,P1,2026-11-01,,weekly\n"},
        ("assignments.csv", 5, "from"),
        "in line 2",
        id="overlapping assignments",
    ),
    pytest.param(
        {"academicSessions": TERMS.replace("2027-01-29", "soon")},
        ("academicSessions.csv", 3, "endDate"),
        "soon",
        id="a term without an end",
    ),
    pytest.param(
        {"manifest": "propertyName,value\nfile.orgs,delta\n"},
        ("manifest.csv", 2, "value"),
        "delta",
        id="a delta bundle",
    ),
]


@pytest.mark.parametrize(("change", "place", "words"), BAD)
def test_a_fault_names_file_line_and_column_for(
    change: dict[str, str | None], place: tuple[str, int, str], words: str
) -> None:
    found = {(fault.file, fault.line, fault.column): str(fault) for fault in faults_of(bundle(**change))}
    assert place in found
    assert words in found[place]


def test_all_faults_are_told_at_once_in_order() -> None:
    files = bundle(
        orgs=ORGS.replace("103,D1", "103,D9"),
        assignments=ASSIGNMENTS.replace("weekly\n1", "often\n1").replace("I1,,8", "I8,,8"),
    )
    assert [(fault.file, fault.line) for fault in faults_of(files)] == [
        ("orgs.csv", 5),
        ("assignments.csv", 2),
        ("assignments.csv", 4),
    ]


def test_twenty_faults_are_printed_and_the_rest_counted() -> None:
    rows = "".join(f"X{i},I1,,2026-08-15,,weekly\n" for i in range(2000))
    with pytest.raises(RosterFaults) as caught:
        read_roster(bundle(assignments=ASSIGNMENTS + rows))
    lines = str(caught.value).splitlines()
    assert lines[0] == "2,000 things are to be mended first. Nothing was changed."
    assert (len(lines), lines[-1]) == (22, "And 1,980 more.")


def test_a_file_cut_in_the_middle_of_a_letter_is_refused() -> None:
    files = bundle()
    text = USERS.replace("Kaya", "Çağrı Öztürk").encode()
    files["users.csv"] = text[: text.index("ü".encode()) + 1]
    assert [(fault.file, fault.line) for fault in faults_of(files)] == [("users.csv", 5)]


names = st.sampled_from(
    ["orgs.csv", "users.csv", "roles.csv", "assignments.csv", "academicSessions.csv", "manifest.csv"]
)


@given(name=names, data=st.binary(max_size=400))
@tried(150, deadline=None)
def test_whatever_the_bytes_only_roster_faults_are_raised(name: str, data: bytes) -> None:
    _read_or_refuse(bundle() | {name: data})


@given(name=names, place=st.floats(0, 1), cut=st.integers(0, 8), patch=st.binary(max_size=6))
@tried(300, deadline=None)
def test_a_good_file_with_damage_anywhere_is_read_or_refused(
    name: str, place: float, cut: int, patch: bytes
) -> None:
    files = bundle(manifest="propertyName,value\noneroster.version,1.2\n")
    at = int(place * len(files[name]))
    files[name] = files[name][:at] + patch + files[name][at + cut :]
    _read_or_refuse(files)


def _read_or_refuse(files: dict[str, bytes]) -> None:
    with contextlib.suppress(RosterFaults):
        assert isinstance(read_roster(files), Roster)
