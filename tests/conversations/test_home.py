"""The home screen: what presses most first, one screen, one press from the thing, and only what one may see."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from sqlmodel import select

from handlers import home
from handlers.cards import Card, Chart, Items, buttons_of
from handlers.digest.digest_cards import SCREEN, height_of, title_height
from handlers.district import load_district
from handlers.topics import commands_for
from handlers.turn import Turn
from handlers.welcome.lines import PLACES
from storage import people
from storage.database import Store
from storage.people import Role
from storage.tables import AssignmentRow, MessageRow, SchoolRow
from tests.chat import Chat, words_of
from tests.district import PEOPLE, email, make_store
from tests.faults import stories
from tests.warm_stores import WarmStores

TUESDAY = "2026-12-08 10:00"
YESTERDAY = date(2026, 12, 7)


@pytest.fixture(scope="session")
def busy_week(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A week in the North Network: a memo, an override, a walkthrough, Monday's digests."""
    folder = tmp_path_factory.mktemp("busy")
    store = make_store(folder)
    events = stories.week(store)
    stories.walkthrough(store)
    events[-1].play(store)
    store.close()
    return folder / "test.sqlite"


@pytest.fixture
def chat(busy_week: Path, warm_stores: WarmStores, tmp_path: Path) -> Iterator[Chat]:
    store = warm_stores.sqlite(busy_week, tmp_path / "busy.sqlite")
    chat = Chat(store, at=TUESDAY)
    chat.events = 10_000
    yield chat
    store.close()


def look(chat: Chat, name: str) -> Card:
    """The screen as a platform draws it: in a transaction that can only read."""
    with chat.store.read() as tx:
        person = people.find_by_email(tx, email(name), on=chat.now.date())
        assert person is not None
        turn = Turn(tx=tx, person=person, now=chat.now, district=load_district(tx), key="home")
        card = home.home(turn)
        assert not [*tx.new, *tx.dirty, *tx.deleted], "a look has changed something"
        return card


ILDS_ONLY = ("to decide", "to settle", "on rhythm", "rhythm, and no visit")
PRINCIPALS_ONLY = ("to do, about", "You promised", "since the last")
EXECUTIVES_ONLY = ("kept this term", "not visited for", "Visits held")
UNITS_ONLY = ("You asked in the past week", "Numbers come once")
ADMINISTRATORS_ONLY = ("rules in force", "Known until", "Every message arrived")
SAID = ("written note", "talk to each other about their work", "same few students", "A hearing that morning")
"""What was promised, written and given as a reason between Imani and Grace or Mei."""

SEES = (  # who, what the screen has, what it must not have
    (
        "imani.brooks",
        ("to settle", "Roosevelt High", "1 of 3 schools on rhythm", "Protected time."),
        (*PRINCIPALS_ONLY, *EXECUTIVES_ONLY, *UNITS_ONLY, *ADMINISTRATORS_ONLY, "Juniper", "Harbor"),
    ),
    (
        "tomas.rivera",
        ("5 requests to decide", "Juniper K-8", "0 of 2 schools on rhythm"),
        (*SAID, *PRINCIPALS_ONLY, *EXECUTIVES_ONLY, "Lincoln", "Roosevelt"),
    ),
    (
        "grace.lindqvist",
        (
            "3 things to do",
            "You promised",
            "written note",
            "No visit to Lincoln Middle",
            "5 school days since",
        ),
        (*ILDS_ONLY, *EXECUTIVES_ONLY, *UNITS_ONLY, *ADMINISTRATORS_ONLY, "Roosevelt", "Elementary,"),
    ),
    (
        "mei.tanaka",
        ("2 things to do", "No visit to Roosevelt High"),
        (*SAID, *ILDS_ONLY, *EXECUTIVES_ONLY, "Lincoln"),
    ),
    (
        "peter.novak",
        ("No visit to Juniper K-8", "None yet this school year"),
        (*SAID, *ILDS_ONLY, *EXECUTIVES_ONLY, "Lincoln", "Roosevelt", "to do"),
    ),
    (
        "ruth.castellanos",
        ("4 schools of 5 not visited", "1 visit.", "99.2% kept this term", "Lowest: Dec 2026"),
        (*SAID, *ILDS_ONLY, *PRINCIPALS_ONLY, *UNITS_ONLY, "Lincoln", "Roosevelt", "Grace", "Imani"),
    ),
    (
        "dev.patel",
        ("device list", "You asked in the past week"),
        (*SAID, *ILDS_ONLY, *PRINCIPALS_ONLY, *EXECUTIVES_ONLY, *ADMINISTRATORS_ONLY, "Lincoln", "Grace"),
    ),
    (
        "ana.whitefeather",
        ("Every message arrived", "Known until Fri 18 Jun", "2 rules in force"),
        (*SAID, *ILDS_ONLY, *PRINCIPALS_ONLY, *EXECUTIVES_ONLY, *UNITS_ONLY, "Lincoln", "Grace", "Imani"),
    ),
)


@pytest.mark.parametrize(("name", "seen", "unseen"), SEES, ids=[row[0] for row in SEES])
def test_each_role_sees_its_own_and_nothing_else(
    chat: Chat, name: str, seen: tuple[str, ...], unseen: tuple[str, ...]
) -> None:
    said = words_of(look(chat, name))
    for words in seen:
        assert words in said, f"{name} does not see {words!r}:\n{said}"
    for words in unseen:
        assert words not in said, f"{name} sees {words!r}:\n{said}"


@pytest.mark.parametrize("name", [person[0] for person in PEOPLE])
def test_every_line_is_one_press_from_the_thing(chat: Chat, name: str) -> None:
    speaker = chat.person(email(name))
    for button in buttons_of(look(chat, name)):
        outcome = speaker.presses_action(button.action).outcome
        assert outcome == "done", f"{button.label}: {speaker.last_words()}"


@pytest.mark.parametrize("name", [person[0] for person in PEOPLE])
def test_it_fits_a_telephone(chat: Chat, name: str) -> None:
    card = look(chat, name)
    blocks = [height_of(block) for block in card.blocks if not isinstance(block, Chart)]
    charts = sum(isinstance(block, Chart) for block in card.blocks)
    assert title_height(card.title) + sum(blocks) + charts * home.CHART_HEIGHT <= SCREEN


def test_every_place_can_be_gone_to_by_somebody(chat: Chat) -> None:
    for place, words in PLACES.items():
        with chat.store.read() as tx:
            everybody = [people.find_by_email(tx, email(row[0]), on=chat.now.date()) for row in PEOPLE]
            district = load_district(tx)
            turns = [
                Turn(tx=tx, person=person, now=chat.now, district=district, key="x")
                for person in everybody
                if person is not None
            ]
            assert any(
                command.pattern.fullmatch(words) for turn in turns for command in commands_for(turn)
            ), place


def test_who_has_several_roles_has_the_lines_of_all_and_loses_none(chat: Chat) -> None:
    with chat.store.begin() as tx:
        imani = people.find_by_email(tx, email("imani.brooks"), on=chat.now.date())
        assert imani is not None
        for role in (Role.EXECUTIVE, Role.ADMINISTRATOR):
            people.grant_role(tx, imani.id, role, unit=None, on=chat.now.date())
        people.grant_role(tx, imani.id, Role.UNIT, unit="Human Resources", on=chat.now.date())
    speaker = chat.person(email("imani.brooks"))
    speaker.says("home")
    seen = speaker.last_words()
    while any(button.label.endswith(" more") for button in buttons_of(speaker.seen[-1])):
        speaker.presses(next(b.label for b in buttons_of(speaker.seen[-1]) if b.label.endswith(" more")))
        assert sum(len(b.items) for b in speaker.seen[-1].blocks if isinstance(b, Items)) <= home.PAGE
        seen += speaker.last_words()
    for words in (
        "to settle",
        "on rhythm",
        "not visited for",
        "kept this term",
        "You asked in the past week",
        "rules in force",
    ):
        assert seen.count(words) == 1, f"{words!r}:\n{seen}"


def test_what_waits_stands_first_and_is_counted_in_the_title(chat: Chat) -> None:
    card = look(chat, "imani.brooks")
    assert card.title == "Tue 8 Dec: this waits for you"
    items = next(block for block in card.blocks if isinstance(block, Items))
    assert items.items[0].lead == "1 visit to settle."
    assert look(chat, "peter.novak").title == "Tue 8 Dec: nothing is waiting for you"


def test_an_executive_is_led_to_the_override_that_waits(chat: Chat) -> None:
    dev, ruth = chat.person(email("dev.patel")), chat.person(email("ruth.castellanos"))
    dev.says("meeting with principals Thu 17 Dec 9:00 about the boiler")
    dev.presses("Ask for an override")
    ruth.says("home")
    ruth.sees("1 override to decide", "Human Resources", "Thu 17 Dec 9:00", "the boiler")
    ruth.presses("Decide")
    ruth.sees("Override of protected time")
    ruth.presses("Keep it protected")
    ruth.says("home")
    ruth.does_not_see("override to decide")


def test_a_question_of_an_ild_waits_on_the_unit_s_home(chat: Chat) -> None:
    tomas, dev = chat.person(email("tomas.rivera")), chat.person(email("dev.patel"))
    tomas.says("triage")
    tomas.presses("Other ways")
    tomas.presses("Ask first")
    tomas.presses("Ask", question="Which list do you mean?")
    dev.says("home")
    dev.sees("this waits for you", "1 question from ILDs", "Which list do you mean?")


def test_a_run_that_waits_is_one_press_away(chat: Chat) -> None:
    imani, mei = chat.person(email("imani.brooks")), chat.person(email("mei.tanaka"))
    imani.says("walkthrough roosevelt")
    mei.says("home")
    mei.sees("Roosevelt High walkthrough.", "It is your turn")
    mei.presses("Go on")
    mei.sees("strength")


def test_the_administrator_sees_what_is_missing(chat: Chat) -> None:
    ana = chat.person(email("ana.whitefeather"))
    with chat.store.begin() as tx:
        school = tx.exec(select(SchoolRow).where(SchoolRow.name == "Juniper K-8")).one()
        row = tx.exec(select(AssignmentRow).where(AssignmentRow.school_id == school.id)).one()
        row.principal_id = None
        message = tx.exec(select(MessageRow)).first()
        assert message is not None
        message.state, message.why = "failed", "no account"
        ruth = people.find_by_email(tx, email("ruth.castellanos"), on=chat.now.date())
        assert ruth is not None
        people.end_role(tx, ruth.id, Role.EXECUTIVE, on=chat.now.date())
    chat.wait(days=1)
    ana.says("home")
    ana.sees(
        "these wait for you", "1 message not delivered", "1 school without an ILD or a principal", "Juniper"
    )
    ana.sees("No executive yet")
    ana.presses("Look")
    ana.sees("no principal", "nobody yet")


def test_a_new_district_says_what_to_set_up(tmp_path: Path) -> None:
    store = Store(f"sqlite:///{tmp_path / 'new.sqlite'}")
    store.migrate()
    with store.begin() as tx:
        found = people.add_person(tx, email=email("ana.whitefeather"), name="Ana Whitefeather", on=YESTERDAY)
        people.grant_role(tx, found.id, Role.ADMINISTRATOR, unit=None, on=YESTERDAY)
    ana = Chat(store, at=TUESDAY).person(email("ana.whitefeather"))
    ana.says("home")
    ana.sees("No school calendar yet", "No protected half-days yet", "No school in the roster yet")


def test_home_counts_what_is_done_since(chat: Chat) -> None:
    grace = chat.person(email("grace.lindqvist"))
    grace.says("home")
    grace.sees("3 things to do")
    grace.presses("My digest")
    grace.presses("Done")
    grace.says("home")
    grace.sees("2 things to do")


def test_somebody_else_s_place_is_refused_kindly(chat: Chat) -> None:
    peter = chat.person(email("peter.novak"))
    assert peter.presses_action(home.act("home.go", to="desk")).outcome == "refused"
    peter.sees("leads nowhere for you", "home")
    assert peter.presses_action(home.act("home.go", to="elsewhere")).outcome == "refused"
    assert peter.presses_action(home.act("home.holes")).outcome == "refused"
