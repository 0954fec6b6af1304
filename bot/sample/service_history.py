"""What the sample district's schools have asked of its units in two years, and how each of them answered.

Facilities is fast and not always done; Human Resources is thorough and slow; Assessment answers in the same week;
Budget has begun to answer at all.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from protocols.centre.service_requests import Step

FACILITIES, PEOPLE, TESTS, BUDGET = "Facilities", "Human Resources", "Assessment", "Budget"


@dataclass(frozen=True, slots=True)
class Did:
    """A step so many school days after the request; somebody who is named is the unit's second.

    ``within``: school days until the day that is promised.
    """

    step: Step
    days: int
    words: str = ""
    within: int = 0
    to: str = ""  # the unit that it is handed on to


@dataclass(frozen=True, slots=True)
class Asked:
    """A request; ``by`` is who of the unit has it, by place among its staff."""

    day: date
    school: str
    unit: str
    what: str
    did: Sequence[Did] = ()
    by: int = 0


def takes(days: int, within: int) -> Did:
    return Did(Step.PROMISE, days, within=within)


def done(days: int, words: str) -> Did:
    return Did(Step.FINISH, days, words)


def mended(days: int) -> Did:
    return Did(Step.CONFIRM, days)


LAST_YEAR = (
    Asked(
        date(2025, 9, 29),
        "Lincoln Middle",
        FACILITIES,
        "Two bathroom doors on the second floor do not lock.",
        (takes(4, 10), done(15, "Both locks are new."), mended(16)),
    ),
    Asked(
        date(2025, 10, 21),
        "Stonebridge High",
        PEOPLE,
        "We have had no substitute for chemistry since 6 October.",
        (takes(6, 10), done(18, "A retired colleague teaches until January."), mended(19)),
    ),
    Asked(
        date(2025, 12, 3),
        "Granite K-8",
        FACILITIES,
        "Three classrooms stay under 60 degrees in the morning.",
        (
            takes(3, 5),
            done(8, "The valve was stuck."),
            Did(Step.REOPEN, 11, "Room 4 is cold again."),
            takes(13, 4),
            done(16, "A second valve is in."),
            mended(18),
        ),
    ),
    Asked(
        date(2026, 2, 9),
        "Roosevelt High",
        TESTS,
        "Which of our 14 late arrivals take the reading screen?",
        (done(5, "Eleven of them. The list is in your folder."), mended(6)),
    ),
    Asked(
        date(2026, 3, 17),
        "Westbrook High",
        PEOPLE,
        "Our attendance clerk goes in June. When may we post the position?",
        (Did(Step.DECLINE, 9, "Positions open in May. Write again then, and name the hours you need."),),
    ),
    Asked(
        date(2026, 4, 21),
        "Harbor Elementary",
        FACILITIES,
        "The ramp at the north door has come loose.",
        (takes(1, 2), done(2, "It is bolted down."), mended(3)),
    ),
    Asked(
        date(2026, 5, 13),
        "Copper Hill Elementary",
        FACILITIES,
        "Half of the playground lights are out.",
        (takes(6, 15), done(20, "Eight lamps were changed."), mended(22)),
    ),
)
AUTUMN = (
    Asked(
        date(2026, 9, 3),
        "Cedar Grove Elementary",
        PEOPLE,
        "I have no login for the hiring pages, and interviews are on the 10th.",
        (Did(Step.NAME, 1), takes(2, 2), done(3, "Your login is in the inner mail."), mended(3)),
        by=1,
    ),
    Asked(
        date(2026, 9, 9),
        "Harbor Elementary",
        FACILITIES,
        "The kindergarten sink drips into the cupboard.",
        (takes(1, 4), done(4, "New trap and seal."), mended(5)),
        by=1,
    ),
    Asked(
        date(2026, 9, 14),
        "North Shore Middle",
        PEOPLE,
        "Two of our three paraprofessionals were not paid in August.",
        (takes(5, 5), done(10, "Both are paid, with the late fee."), mended(10)),
    ),
    Asked(
        date(2026, 9, 22),
        "Lincoln Middle",
        FACILITIES,
        "The bell in the east wing rings four minutes late.",
        (takes(2, 3), done(5, "The clock takes its time from the network now."), mended(6)),
    ),
    Asked(
        date(2026, 9, 28),
        "Valley Tech High",
        BUDGET,
        "May we carry 1,900 dollars of shop money into October?",
        (
            Did(Step.ASK_BACK, 12, "Which order is it for?"),
            Did(Step.REPLY, 13, "For the lathe guards, order 118."),
            done(17, "It is carried over."),
            mended(18),
        ),
    ),
    Asked(
        date(2026, 10, 5),
        "Juniper K-8",
        TESTS,
        "Our grades 6 to 8 are not in the winter screening list.",
        (takes(1, 5), done(5, "All three are in."), mended(6)),
    ),
    Asked(
        date(2026, 10, 13),
        "Riverbend Elementary",
        FACILITIES,
        "A wasp nest is above the bus stop.",
        (done(1, "It is gone."), mended(1)),
        by=1,
    ),
    Asked(
        date(2026, 10, 19),
        "Stonebridge High",
        PEOPLE,
        "We need a long-term substitute for Spanish from 2 November.",
        (takes(7, 10), done(15, "She begins on Monday."), mended(17)),
    ),
    Asked(
        date(2026, 10, 27),
        "Elm Hollow Elementary",
        FACILITIES,
        "The gym floor lifts along the west wall.",
        (
            takes(2, 12),
            done(14, "Forty feet are laid anew."),
            Did(Step.REOPEN, 17, "It lifts again by the door."),
            takes(19, 6),
            done(24, "The damp came from a pipe; pipe and floor are new."),
            mended(26),
        ),
    ),
    Asked(
        date(2026, 11, 4),
        "Bayside Middle",
        BUDGET,
        "Who signs for the field trip bus, now that our bookkeeper is on leave?",
        (
            Did(Step.HAND_ON, 4, "Leave cover is theirs.", to=PEOPLE),
            takes(6, 2),
            done(7, "You do, until 15 January."),
            mended(8),
        ),
    ),
    Asked(
        date(2026, 11, 9),
        "Maple Street Elementary",
        TESTS,
        "Parents ask for the reading results in Somali.",
        (takes(2, 10), done(11, "The letter is in your folder, in Somali and Spanish."), mended(12)),
    ),
    Asked(
        date(2026, 11, 17),
        "Prairie View Middle",
        PEOPLE,
        "My assistant principal's contract still names his old school.",
        (takes(3, 4), done(8, "It is changed and signed."), mended(9)),
        by=1,
    ),
    Asked(
        date(2026, 12, 1),
        "Sunrise Elementary",
        FACILITIES,
        "Our front door opener has no remote since the power cut.",
        (takes(1, 3), done(3, "Two new remotes."), mended(4)),
    ),
    Asked(
        date(2026, 12, 8),
        "Quarry Street Elementary",
        FACILITIES,
        "Could the hall be painted over the winter break?",
        (Did(Step.DECLINE, 3, "Halls are painted in summer. It is on the list for July."),),
    ),
)
SPRING = (
    Asked(
        date(2027, 1, 6),
        "Granite K-8",
        FACILITIES,
        "The heating in rooms 3 and 4 makes a knocking sound in lessons.",
        (takes(1, 5), done(6, "Air was in the pipes."), mended(8)),
    ),
    Asked(
        date(2027, 1, 11),
        "Copper Hill Elementary",
        BUDGET,
        "Our supply order of 2 December was not released.",
        (takes(5, 3), done(8, "Released; it waits for a truck no more."), mended(9)),
    ),
    Asked(
        date(2027, 1, 20),
        "Roosevelt High",
        PEOPLE,
        "Who replaces our librarian until Easter?",
        (takes(4, 8), done(11, "A colleague comes on Tuesdays and Thursdays."), mended(13)),
    ),
    Asked(
        date(2027, 1, 28),
        "Lincoln Elementary",
        FACILITIES,
        "Room 9 smells of gas after rain.",
        (done(0, "It was the drain, not gas. The trap is filled and sealed."), mended(1)),
        by=1,
    ),
    Asked(
        date(2027, 2, 2),
        "Willow Creek Elementary",
        TESTS,
        "Kindergarten tablets lose the screening page.",
        (takes(1, 3), done(3, "All 22 have the new version."), mended(4)),
    ),
    Asked(
        date(2027, 2, 8),
        "Harbor Elementary",
        PEOPLE,
        "Our second-grade vacancy was not on the January list.",
        (takes(6, 10), Did(Step.PROMISE, 16, within=5)),
    ),
    Asked(
        date(2027, 2, 10),
        "Meadowlark Elementary",
        FACILITIES,
        "Snow slides off the roof onto the play yard.",
        (takes(1, 2), done(2, "Guards are up along the edge."), mended(3)),
    ),
    Asked(
        date(2027, 2, 22),
        "Riverbend Elementary",
        FACILITIES,
        "The side gate does not latch, and it opens to the street.",
        (takes(2, 7),),
        by=1,
    ),
    Asked(
        date(2027, 2, 24),
        "Orchard Park Elementary",
        BUDGET,
        "May phonics readers be bought from the left-over travel money?",
        (Did(Step.ASK_BACK, 3, "How many, and from which vendor?"),),
    ),
    Asked(
        date(2027, 3, 1),
        "Stonebridge High",
        FACILITIES,
        "The seminar room has had no light since Friday.",
        (takes(1, 2), done(3, "A fuse, and two lamps.")),
        by=1,
    ),
    Asked(
        date(2027, 3, 2),
        "Mill Pond Elementary",
        TESTS,
        "Do our two new third-graders sit the state test?",
        (takes(2, 6),),
    ),
)
