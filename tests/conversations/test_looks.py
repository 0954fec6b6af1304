"""Whoever is counted may see who counted: an ILD and a principal read what executives asked about their schools."""

from handlers import clock
from handlers.actions import act
from storage.database import Store
from tests.chat import Chat
from tests.conversations.bigger_district import add_people
from tests.conversations.test_insight import chat as chat  # the same ten weeks of visits
from tests.conversations.test_pulse import MONDAY, answer_ild, close, start
from tests.district import email


def test_an_ild_sees_which_executive_asked_what_about_her_schools(chat: Chat) -> None:
    imani, ruth = chat.person(email("imani.brooks")), chat.person(email("ruth.castellanos"))
    imani.says("who looked at my figures?")
    imani.sees("No executive has asked anything")
    ruth.says("visits since September by ILD")
    ruth.says("which of Imani Brooks' schools were not visited for three weeks")
    ruth.says("visits in South Network in October")
    imani.says("visits since September by school")
    imani.says("who looked at my figures?")
    imani.sees(
        "Ruth Castellanos",
        "schools not visited for 21 days, Imani Brooks",
        "You or your schools were named",
        "visits held, by ILD, 1 Sep to 18 Nov",
        "Yours among others",
        "Wed 18 Nov, 10:00",
        "They saw numbers",
    )
    imani.does_not_see("South Network", "13 visits", "by school")


def test_another_ild_sees_her_own_only(chat: Chat) -> None:
    tomas, ruth = chat.person(email("tomas.rivera")), chat.person(email("ruth.castellanos"))
    ruth.says("which of Imani Brooks' schools were not visited for three weeks")
    ruth.says("visits in South Network in October")
    tomas.says("who has looked at our schools")
    tomas.sees("visits held, South Network, 1 Oct to 31 Oct", "were named")
    tomas.does_not_see("Imani")


def test_a_principal_sees_what_was_asked_about_the_own_school(chat: Chat) -> None:
    mei, ruth = chat.person(email("mei.tanaka")), chat.person(email("ruth.castellanos"))
    ruth.says("how many visits did Lincoln Middle have since September?")
    ruth.says("how many visits did Roosevelt High have since September?")
    mei.says("who looked at my school")
    mei.sees("visits held, Roosevelt High")
    mei.does_not_see("Lincoln Middle")


def test_it_is_nothing_for_an_executive(chat: Chat) -> None:
    ruth = chat.person(email("ruth.castellanos"))
    ruth.says("who looked at my figures")
    ruth.sees("for central-office staff, ILDs and principals")


# ---------------------------------------------------------------- other cards of figures


def test_every_other_card_of_figures_that_an_executive_opens_is_there(chat: Chat) -> None:
    imani, tomas, ruth = (
        chat.person(email(name)) for name in ("imani.brooks", "tomas.rivera", "ruth.castellanos")
    )
    ruth.says("who works with whom")
    ruth.says("who works with whom in South Network")
    ruth.says("ledger")
    ruth.says("theory of action: if ILDs guard mornings, then principals lead, so that students write more")
    ruth.says("theory of action")
    imani.says("who looked at my figures")
    imani.sees(
        "Ruth Castellanos",
        "who works with whom, in the district",
        "the ledger of protected time",
        "the district's theory of action with its figures",
    )
    imani.does_not_see("South Network")
    tomas.says("who looked at my figures")
    tomas.sees("who works with whom, South Network", "You or your schools were named")


def test_another_terms_picture_of_ties_is_a_look_too(chat: Chat) -> None:
    imani, ruth = chat.person(email("imani.brooks")), chat.person(email("ruth.castellanos"))
    ruth.says("who works with whom in North Network")
    ruth.presses("Spring 2026")
    imani.says("who looked at my figures")
    assert imani.last_words().count("who works with whom, North Network") == 2


def test_an_office_sees_who_looked_at_its_scorecard_and_at_what_offices_asked(chat: Chat) -> None:
    dev, ruth = chat.person(email("dev.patel")), chat.person(email("ruth.castellanos"))
    dev.says("who looked at our scorecard")
    dev.sees("No executive has asked anything that your office stands in")
    ruth.says("scorecards")
    ruth.says("scorecard human resources")
    ruth.says("protected time lost this month by office")
    ruth.says("visits since September by school")
    dev.says("who looked at our figures")
    dev.sees("the scorecards of all units", "the scorecard of Human Resources", "Your office was named")
    dev.sees("protected time lost, by office")
    dev.does_not_see("visits held")


def test_what_others_look_at_is_not_there(chat: Chat) -> None:
    imani, tomas = chat.person(email("imani.brooks")), chat.person(email("tomas.rivera"))
    tomas.says("scorecards")
    tomas.says("my visits since September by school")
    imani.says("who looked at my figures")
    imani.sees("No executive has asked anything")


def test_what_is_sent_to_an_executive_regularly_is_a_look_each_time(chat: Chat) -> None:
    imani, ruth = chat.person(email("imani.brooks")), chat.person(email("ruth.castellanos"))
    ruth.says("visits this month by ILD")
    ruth.says("send me this every Monday")
    chat.move_to("2026-11-23 09:00")
    jobs = (("subscriptions", clock.send_subscriptions),)
    assert clock.run_due(chat.store, chat.now, jobs=jobs)["subscriptions"] == 1
    imani.says("who looked at my figures")
    assert imani.last_words().count("visits held, by ILD") == 2


def test_an_ild_sees_that_what_principals_answered_about_her_was_read(store: Store) -> None:
    chat = Chat(store, at=MONDAY)
    add_people(store)
    ruth, imani, tomas = (
        chat.person(email(name)) for name in ("ruth.castellanos", "imani.brooks", "tomas.rivera")
    )
    start(ruth)
    for name in ("grace.lindqvist", "farid.haddad", "mei.tanaka", "wen.zhao", "rosa.delgado"):
        answer_ild(chat.person(email(name)), "Imani Brooks", 4, 4, 4, 4)
    close(chat)
    ruth.presses_action(act("pulse.result", id=1, part=f"i{imani.id}"))
    ruth.sees("Imani Brooks: 5 answers")
    imani.says("who looked at my figures")
    imani.sees("what principals answered in the pulse about you", "were named")
    tomas.says("who looked at my figures")
    tomas.does_not_see("pulse")
