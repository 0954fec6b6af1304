"""First contact: once for each person, never before what was asked for, and true about who sees what; and the tour."""

import pytest
from sqlmodel import delete, select

from handlers.actions import act
from handlers.cards import buttons_of
from handlers.permissions import TABLE, Right, Scope
from handlers.reception import Arrived, HomeOpened, Inbound, Received, Said, Sender, receive
from handlers.router import OWN
from handlers.topics import TOPICS
from handlers.welcome import first_contact, tour
from handlers.welcome.subjects import SUBJECTS
from handlers.welcome.who_sees import OF_ROLE, items_for
from storage import people
from storage.database import Store
from storage.people import Role
from storage.tables import MessageRow, NoticeRow, SettingRow
from tests.chat import Chat, Speaker, words_of
from tests.district import email

OF = {
    Role.ILD: "imani.brooks",
    Role.PRINCIPAL: "grace.lindqvist",
    Role.EXECUTIVE: "ruth.castellanos",
    Role.UNIT: "dev.patel",
    Role.ADMINISTRATOR: "ana.whitefeather",
}
OPEN_TIME = "2026-11-23 14:00"


@pytest.fixture
def chat(store: Store) -> Chat:
    """Monday afternoon, and nobody has met the bot yet."""
    with store.begin() as tx:
        tx.execute(delete(NoticeRow).where(NoticeRow.kind == first_contact.KIND))  # type: ignore[arg-type]  # a column
    return Chat(store, at=OPEN_TIME)


def arrives(chat: Chat, name: str, key: str, how: Arrived | HomeOpened) -> Received:
    sender = Sender("test", "T", email(name), email=email(name))
    return receive(chat.store, Inbound((key,), sender, how), now=chat.now)


def titles(speaker: Speaker) -> list[str]:
    return [card.title for card in speaker.seen]


@pytest.mark.parametrize("role", Role)
def test_a_greeting_is_answered_with_the_whole_of_it_once(chat: Chat, role: Role) -> None:
    speaker = chat.person(email(OF[role]))
    speaker.says("hello")
    speaker.sees(
        "Good to meet you", first_contact.WHAT[role], "Who sees what", "[Show me round]", "[Not now]"
    )
    assert len(speaker.seen) == 1
    speaker.says("hello")
    speaker.sees("What you can write here")
    speaker.does_not_see("Good to meet you")


@pytest.mark.parametrize("role", Role)
def test_the_three_things_to_try_work(chat: Chat, role: Role) -> None:
    speaker = chat.person(email(OF[role]))
    speaker.says("hello")
    for button in first_contact.TRY[role]:
        assert speaker.presses(button.label).outcome == "done", button.label


def test_what_was_asked_for_comes_first_and_two_lines_after_it(chat: Chat) -> None:
    imani = chat.person(email("imani.brooks"))
    imani.says("my week")
    assert "This week" in imani.seen[0].title
    assert "We have not met" in words_of(imani.seen[1])
    assert len(words_of(imani.seen[1])) < 200
    imani.says("my week")
    imani.does_not_see("We have not met")
    imani.presses("About you")
    imani.sees("What I am for", "Three things to try")


def test_it_comes_after_a_refusal_too_and_not_after_a_bug(
    chat: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    grace, peter = chat.person(email("grace.lindqvist")), chat.person(email("peter.novak"))
    assert grace.says("thread Roosevelt").outcome in ("refused", "done")
    assert "We have not met" in words_of(grace.seen[-1])

    def broken(*_args: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("handlers.router.answer_words", broken)
    assert peter.says("anything").outcome == "failed"
    assert "We have not met" not in peter.everything()


def test_nobody_is_greeted_where_others_read_along(chat: Chat) -> None:
    sender = Sender("test", "T", email("imani.brooks"), email=email("imani.brooks"))
    inbound = Inbound(("mention",), sender, Said("my week", is_private=False))
    assert receive(chat.store, inbound, now=chat.now).outcome == "done"
    imani = chat.person(email("imani.brooks"))
    imani.collect()
    assert "We have not met" not in imani.everything()
    imani.says("my week")
    imani.sees("We have not met")


@pytest.mark.parametrize("how", [Arrived("installationUpdate"), HomeOpened(1)], ids=["installed", "opened"])
def test_whoever_installs_or_opens_the_bot_is_told_once(chat: Chat, how: Arrived | HomeOpened) -> None:
    grace = chat.person(email("grace.lindqvist"))
    for number in range(3):
        assert arrives(chat, "grace.lindqvist", f"a{number}", how).outcome == "done"
    grace.collect()
    assert titles(grace) == ["Good to meet you, Grace"]
    grace.says("my week")
    assert "Good to meet you" not in grace.last_words()
    grace.does_not_see("We have not met")


def test_an_installation_in_protected_time_waits_for_open_time(chat: Chat) -> None:
    chat.move_to("2026-11-24 09:00")  # Tuesday morning belongs to schools
    grace = chat.person(email("grace.lindqvist"))
    arrives(chat, "grace.lindqvist", "a", Arrived("installationUpdate"))
    assert grace.collect() == []
    chat.move_to("2026-11-24 14:00")
    grace.collect()
    assert titles(grace) == ["Good to meet you, Grace"]


def test_somebody_not_in_the_roster_gets_a_kind_sentence_and_nothing_else(chat: Chat) -> None:
    for what in (Said("hello"), Arrived("installationUpdate")):
        stranger = Sender("test", "T", "nobody@else.example", email="nobody@else.example")
        received = receive(chat.store, Inbound((f"s:{what}",), stranger, what), now=chat.now)
        assert received.outcome == "unknown"
        assert received.answer is not None
        said = words_of(received.answer)
        assert "administrator" in said
        assert buttons_of(received.answer) == []
        assert "Sycamore" not in said
    with chat.store.read() as tx:
        assert list(tx.exec(select(MessageRow))) == []


def test_two_events_at_once_greet_once(chat: Chat) -> None:
    arrives(chat, "mei.tanaka", "one", Arrived("x"))
    assert arrives(chat, "mei.tanaka", "one", Arrived("x")).outcome == "repeat"
    mei = chat.person(email("mei.tanaka"))
    mei.says("hello")
    assert mei.everything().count("Good to meet you") == 1


# ---------------------------------------------------------------- who sees what


SAYS = {  # a right, whom the words must name
    Scope.ALL: {
        Role.ILD: "ILDs",
        Role.PRINCIPAL: "principals",
        Role.EXECUTIVE: "executives",
        Role.ADMINISTRATOR: "the administrator",
    },
    Scope.OWN_SCHOOL: {Role.PRINCIPAL: "its principal"},
    Scope.OWN_NETWORK: {Role.ILD: "the school’s ILD"},
}


@pytest.mark.parametrize("role", Role)
def test_who_sees_what_is_what_the_table_of_permissions_says(role: Role) -> None:
    for kept, item in zip(OF_ROLE[role], items_for(role), strict=True):
        said = item.text.casefold()
        for reader, scope in TABLE[kept.right].items():
            named = SAYS.get(scope, {}).get(reader) if scope else None
            if named:
                assert named.casefold() in said, f"{kept.what}: {item.text}"
        readers = {reader for reader, scope in TABLE[kept.right].items() if scope is not None}
        for reader, word in (
            (Role.EXECUTIVE, "executive"),
            (Role.UNIT, "office"),
            (Role.ADMINISTRATOR, "administr"),
        ):
            if reader not in readers and "their own" not in said:
                assert word not in said.replace("the office that asked", ""), f"{kept.what}: {item.text}"


@pytest.mark.parametrize("role", Role)
def test_each_role_is_told_who_reads_what_is_said_in_a_visit(chat: Chat, role: Role) -> None:
    assert {r for r, scope in TABLE[Right.SEE_RUN].items() if scope} == {Role.ILD, Role.PRINCIPAL}
    speaker = chat.person(email(OF[role]))
    speaker.says("who sees what?")
    speaker.sees(
        "What is said in a visit:", "The school’s ILD and its principal, and whom they invite. Nobody else."
    )


# ---------------------------------------------------------------- the tour


@pytest.mark.parametrize("role", Role)
def test_the_tour_has_five_short_stops_and_each_can_be_tried(chat: Chat, role: Role) -> None:
    speaker = chat.person(email(OF[role]))
    speaker.says("tour")
    for number, stop in enumerate(tour.STOPS[role], start=1):
        speaker.sees(f"{number} of 5: {stop.title}", f"[{stop.button.label}]")
        assert len(stop.text) < 200
        assert speaker.presses_action(stop.button.action).outcome == "done", stop.title
        if number < 5:
            speaker.presses("Next")
    with chat.store.read() as tx:
        assert len(tour.STOPS[role]) == 5
        assert tx.get(SettingRow, f"tour:{speaker.id}").value["state"] == "done"  # type: ignore[union-attr]  # it is there
    speaker.says("tour")
    speaker.sees("1 of 5")


def test_the_tour_goes_on_where_it_was_left_and_back(chat: Chat) -> None:
    imani = chat.person(email("imani.brooks"))
    imani.says("tour")
    imani.presses("Next")
    imani.presses("Next")
    imani.says("my week")
    chat.wait(days=3)
    imani.says("tour")
    imani.sees("3 of 5")
    imani.presses("Back")
    imani.sees("2 of 5")


def test_not_now_is_remembered(chat: Chat) -> None:
    imani = chat.person(email("imani.brooks"))
    imani.says("hello")
    imani.presses("Not now")
    imani.sees("won’t bring it up again")
    imani.says("help")
    imani.does_not_see("Show me round", "Not now")
    imani.says("my week")
    imani.does_not_see("We have not met")
    imani.says("tour")
    imani.sees("1 of 5")


def test_several_roles_have_several_tours(chat: Chat) -> None:
    with chat.store.begin() as tx:
        imani = people.find_by_email(tx, email("imani.brooks"), on=chat.now.date())
        assert imani is not None
        people.grant_role(tx, imani.id, Role.EXECUTIVE, unit=None, on=chat.now.date())
    speaker = chat.person(email("imani.brooks"))
    speaker.says("tour")
    for _ in range(4):
        speaker.presses("Next")
    speaker.presses("As an executive")
    speaker.sees("1 of 5: Ask in plain words")


@pytest.mark.parametrize("number", [-3, 0, 6, 999])
def test_a_forged_stop_leads_to_one_that_is_there(chat: Chat, number: int) -> None:
    imani = chat.person(email("imani.brooks"))
    assert imani.presses_action(act("tour.go", role="ild", n=number)).outcome == "done"
    imani.sees("of 5:")
    assert imani.presses_action(act("tour.go", role="executive", n=2)).outcome == "done"
    imani.does_not_see("ranking")


def test_somebody_without_a_role_is_told_whom_to_ask(chat: Chat) -> None:
    with chat.store.begin() as tx:
        people.add_person(tx, email=email("new.person"), name="New Person", on=chat.now.date())
    new = chat.person(email("new.person"))
    for words in ("hello", "help", "tour", "home", "about you"):
        new.says(words)
        new.sees("no role in this district")


# ---------------------------------------------------------------- subjects


def test_every_topic_belongs_to_one_subject() -> None:
    named = sorted(name for subject in SUBJECTS for name in subject.topics)
    assert len(named) == len(set(named))
    assert {topic.name for topic in (*TOPICS, *OWN) if any(c.example for c in topic.commands)} <= set(named)
