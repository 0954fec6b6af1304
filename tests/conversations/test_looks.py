"""Whoever is counted may see who counted: an ILD and a principal read what executives asked about their schools."""

from tests.chat import Chat
from tests.conversations.test_insight import chat as chat  # the same ten weeks of visits
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
        "Ruth Castellanos: schools not visited for 21 days, Imani Brooks",
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
    ruth.sees("for ILDs and principals")
