"""What was said before the sample district's clock starts: a walkthrough, an inquiry, requests to units, last week's
digest, a pulse that has begun."""

from bot.sample.memos import IN_THE_BUFFER, read_sample
from bot.sample.people import EXECUTIVE, NORTH, NORTH_ILD, SOUTH, SOUTH_ILD, UNIT_STAFF
from bot.sample.player import Player
from storage.database import Store

IMANI = NORTH_ILD.email
TOMAS = SOUTH_ILD.email
GRACE = NORTH[0].principal.email  # Lincoln Middle
OLUCHI = NORTH[3].principal.email  # Cedar Grove Elementary
NIKHIL = SOUTH[3].principal.email  # Prairie View Middle
STARTS_AT = "2027-03-10 13:30"
KWAME, DARNELL = NORTH[6].principal.email, NORTH[9].principal.email  # Fairview, Westbrook High
RUTH = EXECUTIVE.email
DEV, MARGUERITE, STEFAN = (person.email for person in UNIT_STAFF[:3])


def play(store: Store) -> None:
    """Play everything up to the moment at which the clock starts; the last memos come in on the way."""
    player = Player(store)
    _digest_about_staff_lists(player)
    _inquiry_at_cedar_grove(player)
    _walkthrough_at_lincoln(player)
    _digest_about_reading(player)
    _last_weeks_digest(player)
    _plans(player)
    for name, sender, moment in IN_THE_BUFFER:
        player.go_to(moment)
        player.say(sender.email, read_sample(name))
    player.at(STARTS_AT)


def _walkthrough_at_lincoln(player: Player) -> None:
    """Ten days ago: a whole walkthrough, with promises by both that the next visit opens with."""
    player.at("2027-02-25 08:30")
    player.say(IMANI, "walkthrough Lincoln Middle")
    player.say(GRACE, "Students talk to each other about their work in most rooms.")
    player.say(GRACE, "The same few students answer in every lesson.")
    player.say(GRACE, "students explain their thinking\nstudents ask each other questions")
    player.say(GRACE, "that is all")
    player.at("2027-02-25 08:55")
    player.say(IMANI, "12 #1: three students explained to a partner how they found the ratio")
    player.say(GRACE, "12 #1: two students explained the ratio to each other at the board")
    player.say(IMANI, "14 #2: four of 22 students asked a partner a question in ten minutes")
    player.say(GRACE, "14 #2: the teacher asked nine questions, eight were answered by the same two students")
    player.say(GRACE, "done")
    player.say(IMANI, "done")
    player.go_to("2027-02-25 09:40")
    player.say(IMANI, "In room 12 three students explained the ratio to a partner without being asked.")
    player.say(IMANI, "done")
    player.say(
        IMANI, "In room 14 eight of nine questions went to the same two students. What did the others write?"
    )
    player.say(IMANI, "done")
    player.press(GRACE, "Go on")
    player.press(IMANI, "Go on")
    player.say(GRACE, "I will visit two rooms a week and count who explains, not who answers.")
    player.say(IMANI, "I will ask what you saw before I say what I saw.")
    player.say(IMANI, "Grace gives three teachers a written note by Fri 12 Mar, evidence: the three notes")
    player.press(
        GRACE,
        "Add it",
        text="bring the reading specialist to room 14",
        who="visitor",
        by_when="2027-03-16",
        evidence="her plan for the room",
    )
    player.press(IMANI, "That is all")


def _inquiry_at_cedar_grove(player: Player) -> None:
    """A new principal's cycle of inquiry, begun in February and waiting for its next evidence."""
    player.at("2027-02-23 13:00")
    player.say(IMANI, "inquiry Cedar Grove")
    player.say(
        OLUCHI,
        "I give my 4th-grade teachers feedback on classroom order, but rarely on whether students explain their "
        "thinking, so students seldom do.",
    )
    player.say(IMANI, "In 9 of 12 feedback notes the first sentence was about seating.")
    player.say(IMANI, "done")
    player.say(OLUCHI, "Two of my last ten notes quoted a student.")
    player.say(OLUCHI, "done")
    player.say(IMANI, "What do your teachers think you come to see?")
    player.say(IMANI, "done")
    player.say(OLUCHI, "Each of my notes quotes one student.")
    player.say(
        OLUCHI,
        "Because teachers tell me they plan for what I look at, feedback on student talk will make them plan for "
        "talk, so that students explain their thinking more often.",
    )
    player.say(OLUCHI, "pause")


def _digest_about_staff_lists(player: Player) -> None:
    """Three weeks ago: Imani has Human Resources look for its own certificates, Tomás passes everything on."""
    player.at("2027-02-18 14:00")
    player.say(DEV, read_sample("staff_list"))
    player.at("2027-02-19 10:00")
    player.say(IMANI, "triage")
    player.press(IMANI, "Pass on")
    player.press(IMANI, "Take off the plate")
    player.press(IMANI, "Say who does it")
    player.press(IMANI, "Save", by=f"unit:{UNIT_STAFF[0].unit}")
    player.say(TOMAS, "triage")
    player.press(TOMAS, "Take all")
    player.at("2027-02-22 06:30")
    player.at("2027-02-22 15:00")
    for principal in (GRACE, OLUCHI, KWAME, NIKHIL):
        player.press(principal, "Done")


def _digest_about_reading(player: Player) -> None:
    """Two weeks ago: both ILDs find that what is left of a test can be counted where it is ordered."""
    player.at("2027-02-25 14:30")
    player.say(MARGUERITE, read_sample("reading_survey"))
    player.at("2027-02-26 10:00")
    for ild in (IMANI, TOMAS):
        player.say(ild, "triage")
        player.press(ild, "Pass on")
        player.press(ild, "Take off the plate")
    player.at("2027-03-01 06:30")
    player.at("2027-03-01 15:00")
    for principal in (GRACE, DARNELL):
        player.press(principal, "Done")


def _last_weeks_digest(player: Player) -> None:
    """Last week's memo, decided by both ILDs on Friday, in Monday's digest; some principals have done their part."""
    player.at("2027-03-04 14:00")
    player.say(STEFAN, read_sample("winter_damage"))
    _ask_units(player)
    player.at("2027-03-05 10:00")
    player.press(STEFAN, "Take it")
    player.press(
        STEFAN, "Promise it", day="2027-03-12", words="The hinge is ordered; until then it closes by hand."
    )
    for ild in (IMANI, TOMAS):
        player.say(ild, "triage")
        player.press(ild, "Take all")
        player.say(ild, "my line: One short request from Facilities. Your custodian has the list already.")
    player.at("2027-03-08 06:30")
    player.at("2027-03-08 15:00")
    for principal in (GRACE, OLUCHI, NIKHIL):
        player.press(principal, "Done")
    player.say(RUTH, "start pulse")
    player.press(RUTH, "Start the pulse")


def _ask_units(player: Player) -> None:
    """Two requests of the same hour: Facilities answers the next day, Human Resources has let the clock run out."""
    player.say(KWAME, "ask facilities: the door of our walk-in freezer does not close by itself")
    player.say(
        DARNELL, "ask human resources: who teaches algebra while our teacher is on leave until 30 April?"
    )


def _plans(player: Player) -> None:
    """This week's and next week's visits that are planned already."""
    player.go_to("2027-03-08 15:30")
    player.say(IMANI, "plan Lincoln Middle 11 Mar 8:30")
    player.say(IMANI, "plan Cedar Grove 11 Mar 13:00")
    player.say(TOMAS, "plan Prairie View 11 Mar 8:30")
    player.say(TOMAS, "plan Granite 16 Mar 8:30")
