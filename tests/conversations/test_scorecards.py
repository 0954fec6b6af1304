"""A unit's scorecard: numbers for everybody of the work, and never a word of a request."""

import pytest

from handlers.actions import act, key_of
from handlers.cards import Chart, Table
from storage import people
from storage.database import Store
from storage.people import Role
from tests.chat import Chat, Speaker
from tests.district import LAST_YEAR_STARTS, email

WORDS = ("the gym roof leaks", "boiler", "clerk")


@pytest.fixture
def chat(store: Store) -> Chat:
    """Three requests: one mended, one answered late, one open; two at Facilities, one at Human Resources."""
    with store.begin() as tx:
        person = people.add_person(tx, email=email("lena.voss"), name="Lena Voss", on=LAST_YEAR_STARTS)
        people.grant_role(tx, person.id, Role.UNIT, unit="Facilities", on=LAST_YEAR_STARTS)
    chat = Chat(store, at="2026-11-30 10:00")
    grace, lena, dev = (chat.person(email(one)) for one in ("grace.lindqvist", "lena.voss", "dev.patel"))
    grace.says("ask facilities: the gym roof leaks")
    lena.presses("Done")
    lena.presses("It is done")
    grace.presses("It is mended")
    chat.person(email("oluchi.eze")).says("ask facilities: the boiler is cold")
    chat.person(email("peter.novak")).says("ask human resources: our clerk has no contract")
    chat.move_to("2026-12-04 15:00")
    dev.presses("Take it")
    dev.presses("Promise it", day="2026-12-11")
    chat.move_to("2026-12-07 15:00")
    return chat


def blocks(speaker: Speaker, kind: type[Table] | type[Chart]) -> list[Table | Chart]:
    return [block for block in speaker.seen[-1].blocks if isinstance(block, kind)]


@pytest.mark.parametrize(
    "name", ["ruth.castellanos", "imani.brooks", "farid.haddad", "lena.voss", "dev.patel"]
)
def test_numbers_for_everybody_and_no_words(chat: Chat, name: str) -> None:
    reader = chat.person(email(name))
    reader.collect()
    reader.says("scorecard facilities")
    reader.sees(
        "1 of 2 answered, 1 within 3 school days.",
        "this school year, since Mon 31 Aug",
        "0 school days, one request",
        "1, 1 not answered, 0 past the promised day",
        "5 school days, one request",
    )
    (chart,) = blocks(reader, Chart)
    assert isinstance(chart, Chart)
    assert chart.series[0].values == (1, 0, 0, 0, 0, 0)
    assert "same day: 1. 1 open request not answered" in chart.alternative
    reader.presses("All units")
    reader.sees("Schools asked for 3 things; 2 open.")
    (table,) = blocks(reader, Table)
    assert isinstance(table, Table)
    assert table.rows == (
        ("Facilities", "2", "1", "0", "0", "0", "1, oldest 5"),
        ("Human Resources", "1", "1", "4", "—", "0", "1, oldest 5"),
    )
    (chart,) = blocks(reader, Chart)
    assert isinstance(chart, Chart)
    assert (chart.labels, chart.goal) == (("Facilities", "Human Resources"), 3)
    reader.presses("Human Resources")
    reader.sees("Scorecard: Human Resources", "1 of 1 answered, 0 within 3 school days.")
    reader.presses("This term")
    reader.sees("this term, since Mon 31 Aug")
    reader.does_not_see(*WORDS, "Lincoln", "Harbor", "Juniper")


def test_an_executive_is_never_shown_a_request(chat: Chat) -> None:
    ruth = chat.person(email("ruth.castellanos"))
    for words in ("scorecards", "scorecard hr", "service requests", "request 1", "request 2", "home"):
        ruth.says(words)
    said = ruth.everything().casefold()
    assert not [one for one in WORDS if one in said]


def test_an_executives_home_says_how_much_waits_and_leads_to_the_scorecards(chat: Chat) -> None:
    ruth = chat.person(email("ruth.castellanos"))
    ruth.says("home")
    while "Schools wait for units" not in ruth.last_words():
        ruth.presses(next(f"{n} more" for n in range(1, 20) if f"[{n} more]" in ruth.last_words()))
    ruth.sees("Schools wait for units: 2 requests open.", "The oldest for 5 school days.")
    ruth.presses("Scorecards")
    ruth.sees("Schools asked for 3 things; 2 open.")


def test_a_unit_finds_its_own(chat: Chat) -> None:
    dev = chat.person(email("dev.patel"))
    dev.says("our scorecard")
    dev.sees("Scorecard: Human Resources")


def test_an_unknown_unit_gets_the_names_of_those_there_are(chat: Chat) -> None:
    ruth = chat.person(email("ruth.castellanos"))
    ruth.says("scorecard plumbing")
    ruth.sees("Which unit? There are Facilities, Human Resources.")


def test_the_administrator_is_told_whose_it_is(chat: Chat) -> None:
    ana = chat.person(email("ana.whitefeather"))
    ana.says("scorecards")
    ana.sees("That is for")


def test_what_waits_stands_on_the_home_and_in_my_week(chat: Chat) -> None:
    tomas, oluchi, lena = (chat.person(email(one)) for one in ("tomas.rivera", "oluchi.eze", "lena.voss"))
    for words in ("home", "my week"):
        tomas.says(words)
        tomas.sees("2 service requests are open, 1 not answered. The oldest: 5 school days, with Facilities.")
        tomas.presses("Service requests" if words == "my week" else "See them")
        tomas.sees("Your schools: 2 requests open, 1 not answered", "Harbor Elementary to Facilities")
    oluchi.says("my week")
    oluchi.sees("1 service request is open, 1 not answered")
    lena.says("home")
    lena.sees("1 school waits for an answer.", "First: the boiler is cold.")


def test_the_principal_is_asked_on_the_home_whether_it_is_mended(chat: Chat) -> None:
    oluchi, lena = chat.person(email("oluchi.eze")), chat.person(email("lena.voss"))
    lena.says("service requests")
    lena.presses("Open")
    lena.presses("Done")
    lena.presses("It is done")
    oluchi.says("home")
    oluchi.sees("Facilities says it is done:", "the boiler is cold")
    oluchi.presses("Is it mended")
    oluchi.presses("It is mended")
    oluchi.sees("The principal says it is mended")


def test_a_button_opens_its_own_unit_after_another_was_added(chat: Chat) -> None:
    ruth = chat.person(email("ruth.castellanos"))
    ruth.says("scorecards")
    with chat.store.begin() as tx:  # first by name, so every other unit moves on by one place
        new = people.add_person(tx, email=email("noor.aziz"), name="Noor Aziz", on=LAST_YEAR_STARTS)
        people.grant_role(tx, new.id, Role.UNIT, unit="Budget", on=LAST_YEAR_STARTS)
    ruth.presses("Facilities")
    ruth.sees("Scorecard: Facilities")
    ruth.presses_action(act("scorecard.show", unit=key_of("Transport"), of="year"))
    ruth.sees("not here any more")
