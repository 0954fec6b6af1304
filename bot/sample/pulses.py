"""The sample district's pulses: two closed ones, with what was done about them, and answers to the one that is open.

What nobody may be able to find out about real answers is invented here from the start, so the closed ones are written
as they lie after closing: without receipts, under keys that mean nothing.
"""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from bot.sample.people import EXECUTIVE, NETWORKS, UNIT_STAFF
from bot.sample.service_history import BUDGET, FACILITIES, PEOPLE, TESTS
from handlers.centre.pulse_parts import about_ild, about_unit
from protocols.centre.pulse import ABOUT_ILD, ABOUT_UNIT, STEPS
from storage import pulse
from storage.database import Tx
from storage.tables import PulseBallotRow, PulseDoneRow, PulseLineRow, PulseRow

UNITS = [TESTS, BUDGET, FACILITIES, PEOPLE]
"""As the roster has them: by name."""
OPEN_ANSWERS = 9
"""Principals who have answered the open pulse; none of those whom the stories play."""


@dataclass(frozen=True, slots=True)
class Past:
    """A closed pulse. ``means`` are the middle of each statement's marks, 1 to 5, by unit, and by ILD's e-mail."""

    opened: date
    closes: date
    answered: int
    means: Mapping[str, Sequence[float]]
    lines: Mapping[str, Sequence[str]]
    done: Sequence[tuple[str, str, str, date]] = ()  # unit, words, who said so, when


IMANI, TOMAS = NETWORKS[0][1].email, NETWORKS[1][1].email
DEV, MARGUERITE, STEFAN = (person.email for person in UNIT_STAFF[:3])
PAST = (
    Past(
        opened=date(2026, 5, 18),
        closes=date(2026, 5, 22),
        answered=17,
        means={
            FACILITIES: (2.4, 3.1, 2.2),
            PEOPLE: (2.1, 2.8, 2.6),
            TESTS: (3.4, 2.3, 3.0),
            BUDGET: (1.9, 2.6, 2.0),
            IMANI: (4.1, 4.2, 3.3, 3.0),
            TOMAS: (4.0, 3.4, 3.6, 3.2),
        },
        lines={
            FACILITIES: (
                "Tell me a day, even a late one.",
                "I never know who has my request.",
                "A number to call that somebody answers.",
                "Come before eight, when the rooms are empty.",
                "Say when it is not going to happen.",
            ),
        },
        done=(
            (
                FACILITIES,
                "Since September every request has a number and a day that we promise.",
                STEFAN,
                date(2026, 9, 8),
            ),
            (
                FACILITIES,
                "Tevita Moala carries the elementary schools, Stefan Kowalczyk all others.",
                STEFAN,
                date(2026, 9, 8),
            ),
        ),
    ),
    Past(
        opened=date(2026, 11, 30),
        closes=date(2026, 12, 4),
        answered=20,
        means={
            FACILITIES: (3.9, 3.4, 3.8),
            PEOPLE: (2.6, 3.0, 2.9),
            TESTS: (4.0, 2.5, 3.4),
            BUDGET: (2.2, 2.7, 2.1),
            IMANI: (4.3, 4.3, 3.9, 3.4),
            TOMAS: (4.1, 3.6, 3.7, 3.4),
        },
        lines={
            FACILITIES: (
                "Keep promising a day. It has changed my Mondays.",
                "Look at a repair once more after a week.",
                "Quiet work in the mornings, loud work after three.",
                "A picture of what was done would save me a walk.",
                "Tell the custodian as well as me.",
                "Summer work listed in April, please.",
            ),
            PEOPLE: (
                "An answer within three days, even if it is no.",
                "One person for our school, as Facilities has.",
                "Vacancies on one page that we can both see.",
                "Substitutes for the afternoon are never found.",
                "Contracts before the first day of school.",
                "Interview questions that fit a reading specialist.",
            ),
            TESTS: (
                "Half of the forms ask what you know already.",
                "Send the window dates in September.",
                "One count instead of three in the same week.",
                "Results in a form that a teacher can read.",
                "The help line is good.",
            ),
            IMANI: (
                "Ask me again in March what I promised in January.",
                "More time in classrooms, less on the walk between them.",
                "The question at the end is what I keep.",
                "Bring a second school's principal along.",
                "Say no to meetings for us a little more often.",
            ),
            TOMAS: (
                "Wait a moment longer before you suggest something.",
                "I take the notes from our visits to my staff.",
                "Come in the afternoon, too.",
                "Keep the testing e-mails away from us.",
                "Look at my feedback notes with me.",
            ),
        },
        done=(
            (
                FACILITIES,
                "Since January we look at every repair again a week later.",
                STEFAN,
                date(2027, 1, 12),
            ),
            (
                PEOPLE,
                "Rosa Delacroix answers for the South Network, Dev Patel for the North.",
                DEV,
                date(2027, 1, 19),
            ),
            (
                TESTS,
                "Seat counts are read from the roster. Schools correct them instead of typing them.",
                MARGUERITE,
                date(2027, 2, 2),
            ),
        ),
    ),
)


def put_pulses(tx: Tx, ids: dict[str, int]) -> None:
    """Write the closed pulses; ``ids`` are people by e-mail."""
    chance = random.Random(20261204)
    for past in PAST:
        row = PulseRow(
            opened_on=past.opened,
            closes_on=past.closes,
            started_by=ids[EXECUTIVE.email],
            units=UNITS,
            asked=sum(len(schools) for _network, _ild, schools in NETWORKS),
            answered=past.answered,
            is_closed=True,
        )
        pulse_id = pulse.start(tx, row)
        _put_answers(tx, past, pulse_id, ids, chance)
        for unit, words, who, day in past.done:
            said = PulseDoneRow(
                pulse_id=pulse_id,
                about=about_unit(unit),
                text=words,
                said_by=ids[who],
                said_on=day,
                told_on=day,
            )
            pulse.add_done(tx, said)


def _put_answers(tx: Tx, past: Past, pulse_id: int, ids: dict[str, int], chance: random.Random) -> None:
    def key() -> str:
        return f"{chance.getrandbits(128):032x}"

    for about, network in _answers(past, ids):
        name = about.partition(":")[2] if about.startswith("unit:") else network
        means = past.means[name if name in past.means else _ild_of(network)]
        marks = [min(len(STEPS), max(1, round(chance.gauss(mean, 0.8)))) for mean in means]
        assert len(marks) == len(ABOUT_UNIT if about.startswith("unit:") else ABOUT_ILD)
        tx.add(PulseBallotRow(id=key(), pulse_id=pulse_id, about=about, network=network, marks=marks))
    for name, lines in past.lines.items():
        about = about_unit(name) if name in UNITS else about_ild(ids[name])
        for line in lines:
            tx.add(PulseLineRow(id=key(), pulse_id=pulse_id, about=about, text=line))
    tx.flush()


def _answers(past: Past, ids: dict[str, int]) -> list[tuple[str, str]]:
    """(about, network) of every answer: the two networks take turns until all have answered."""
    found = []
    for number in range(past.answered):
        network, ild, _schools = NETWORKS[number % len(NETWORKS)]
        found += [(about_unit(unit), network) for unit in UNITS]
        found.append((about_ild(ids[ild.email]), network))
    return found


def _ild_of(network: str) -> str:
    return next(ild.email for name, ild, _schools in NETWORKS if name == network)


def answer_open(tx: Tx, ids: Mapping[str, int]) -> None:
    """Answers to the pulse that is open, about the offices and the ILD of each who answers."""
    row = pulse.running(tx)
    assert row is not None
    assert row.id is not None
    chance = random.Random(20270310)
    for number in range(OPEN_ANSWERS):
        network, ild, schools = NETWORKS[number % len(NETWORKS)]
        who = ids[schools[-1 - number // len(NETWORKS)].principal.email]
        for about, statements in (
            *((about_unit(unit), ABOUT_UNIT) for unit in row.units),
            (about_ild(ids[ild.email]), ABOUT_ILD),
        ):
            marks = [chance.choice((2, 3, 4, 4, 5)) for _statement in statements]
            pulse.answer(tx, row.id, who, about, network=network, marks=marks, line="")
