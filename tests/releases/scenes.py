"""A Wednesday afternoon in the sample district that stops in the middle of everything.

Conversations of several kinds are under way, a form is half filled in, memos lie on the desk, an answer and a digest
with buttons stand in the chats: what an upgrade must not break. Used once a release (see ``keeping``).
"""

from bot.sample.people import NORTH, NORTH_ILD, OTHER_ILDS, SOUTH, SOUTH_ILD
from bot.sample.player import Player
from storage import people
from storage.database import Store

IMANI, TOMAS = NORTH_ILD.email, SOUTH_ILD.email
DARNELL = NORTH[9].principal.email  # Westbrook High
CARMEN = NORTH[7].principal.email  # Bayside Middle
HANA = NORTH[8].principal.email  # Sunrise Elementary
ANDRE = SOUTH[9].principal.email  # Valley Tech High
QUESTION = "How could I talk less, so that the thinking is done by the principal?"


def play_scenes(store: Store) -> None:
    """Go on after the sample's own scenes, whose clock stops at 13:30."""
    player = Player(store, first=10_000)
    _a_walkthrough_in_its_notes(player)
    _a_visit_with_its_question_chosen(player)
    _a_small_change_with_its_aim(player)
    _a_consultancy_at_its_dilemma(player, store)
    _what_stands_on_the_screens(player)


def _a_walkthrough_in_its_notes(player: Player) -> None:
    """Both have written notes, neither has said that these are all."""
    player.at("2027-03-10 14:00")
    player.say(IMANI, "walkthrough Westbrook High")
    player.say(DARNELL, "Most ninth-graders pass; those who fail stop talking first.")
    player.say(DARNELL, "We call on those who raise a hand.")
    player.say(DARNELL, "students explain their thinking\nwho answers")
    player.say(DARNELL, "that is all")
    player.say(DARNELL, "9 #1: five of 24 students explained a step to a partner")
    player.say(IMANI, "9 #1: the teacher asked seven questions, two students answered six of them")


def _a_visit_with_its_question_chosen(player: Player) -> None:
    player.at("2027-03-10 14:20")
    player.say(IMANI, "begin coaching visit Bayside Middle")
    player.say(CARMEN, "How do I ask about a lesson so that the teacher thinks, and not only I?")


def _a_small_change_with_its_aim(player: Player) -> None:
    player.at("2027-03-10 14:30")
    player.say(IMANI, "begin PDSA Sunrise Elementary")
    player.say(
        HANA,
        "By 23 April, four of my five weekly notes to teachers quote a student; I count them on Fridays.",
    )


def _a_consultancy_at_its_dilemma(player: Player, store: Store) -> None:
    player.at("2027-03-10 14:40")
    player.say(TOMAS, "begin consultancy")
    with store.read() as tx:
        found = [
            people.find_by_email(tx, one.email, on=player.now.date()) for one in (NORTH_ILD, *OTHER_ILDS)
        ]
    facilitator, *peers = (str(person.id) for person in found if person is not None)
    player.press(TOMAS, "Begin", facilitator=facilitator, peer="\n".join(peers))
    player.say(TOMAS, "With one principal I talk for most of our meetings, and I change little afterwards.")
    player.say(TOMAS, QUESTION)


def _what_stands_on_the_screens(player: Player) -> None:
    player.at("2027-03-10 14:50")
    player.say(TOMAS, "triage")
    player.say(ANDRE, "this week")
    player.say(TOMAS, "ask my visits since September by school")
    player.say(TOMAS, "plan")
