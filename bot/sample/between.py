"""What went on between the sample district's schools and the centre besides visits: next steps, wishes, questions.

More of it in each term than in the one before, and more often begun by the school: the ties that this leaves are what
"who works with whom" shows.
"""

import random
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlmodel import col, select

from bot.sample.people import NETWORKS, UNIT_STAFF, ZONE
from protocols.cadence.calendar import SchoolCalendar
from storage.database import Tx
from storage.tables import PromiseRow, ProposalRow, UnitRequestRow, VisitRow

SHARE = {"Fall 2025": 0.1, "Spring 2026": 0.16, "Fall 2026": 0.3, "Spring 2027": 0.4}
"""Of the visits that ended in a next step, those whose step was written down."""
LOOKED_AT = {"Fall 2025": 0.4, "Spring 2026": 0.5, "Fall 2026": 0.85, "Spring 2027": 0.92}
OF_PRINCIPALS = (
    (
        "sit in on two lessons a week and write down one question that a student asks",
        "the questions of two weeks",
    ),
    ("open the Monday meeting with a piece of student work", "the four pieces"),
    ("give each sixth-grade teacher one note that quotes a student", "the notes"),
    ("let the reading team plan one lesson together", "the plan, with what they changed"),
    ("ask three teachers what they expect me to look at", "what the three said"),
    ("count who speaks in one discussion a day", "the tally of a week"),
    ("move hall duty to the assistant principal on Tuesday mornings", "the new duty plan"),
    ("watch a colleague's debrief and write down two of her questions", "the two questions"),
    ("look at ten exit slips with the mathematics team", "the ten slips, sorted"),
    ("shorten the walkthrough form to one look-for", "the form"),
)
OF_ILDS = (
    ("bring the rubric that another school uses for written reasons", "the rubric, with their notes"),
    ("ask Facilities for the library shelves once more", "the answer, with its day"),
    ("watch the staff meeting and say what I counted", "the count"),
    ("send two articles on number talks, four pages at most", "what was used of them"),
    ("find a second visitor who teaches in two languages", "the date on which she comes"),
)
WISHES = (  # school, day, kind, text
    ("Bayside Middle", date(2025, 11, 6), "focus", "who speaks in a discussion"),
    ("Prairie View Middle", date(2026, 9, 10), "focus", "how lessons begin"),
    ("Harbor Elementary", date(2026, 9, 24), "visit", "the new mathematics books"),
    ("Cedar Grove Elementary", date(2026, 10, 1), "focus", "my feedback notes"),
    ("Stonebridge High", date(2026, 10, 14), "focus", "seminars with more than four speakers"),
    ("Juniper K-8", date(2026, 11, 5), "visit", "science notebooks in grade 7"),
    ("North Shore Middle", date(2026, 12, 2), "focus", "what students write about fractions"),
    ("Roosevelt High", date(2026, 12, 9), "visit", "writing in history"),
    ("Copper Hill Elementary", date(2027, 1, 13), "focus", "questions that students ask"),
    ("Westbrook High", date(2027, 2, 1), "focus", "grade 9 in the first ten minutes"),
    ("Riverbend Elementary", date(2027, 2, 3), "visit", "reading conferences"),
    ("Sunrise Elementary", date(2027, 2, 8), "focus", "word problems without numbers"),
    ("Valley Tech High", date(2027, 3, 1), "focus", "how projects are talked about"),
)
QUESTIONS = (  # place among the unit staff, day, schools, question, answer
    (
        1,
        date(2025, 10, 8),
        ("Granite K-8",),
        "Which rooms can take the makeup test?",
        "Rooms 2 and 6, both in the morning.",
    ),
    (
        2,
        date(2026, 1, 13),
        ("Roosevelt High", "Westbrook High"),
        "When are the science labs empty?",
        "Fridays from 13:30, both.",
    ),
    (
        0,
        date(2026, 9, 16),
        ("Harbor Elementary",),
        "Who covers the nurse on Thursdays?",
        "The clerk, who has the training.",
    ),
    (
        1,
        date(2026, 10, 6),
        ("Lincoln Middle", "Bayside Middle"),
        "How many devices have the new browser?",
        "118 and 97.",
    ),
    (
        2,
        date(2026, 11, 18),
        ("Quarry Street Elementary",),
        "Is the south gate used in the morning?",
        "By two buses, from 7:40.",
    ),
    (
        0,
        date(2027, 1, 21),
        ("Valley Tech High", "Stonebridge High"),
        "Which vacancies are still open?",
        "Welding and Spanish.",
    ),
    (3, date(2027, 2, 4), ("Orchard Park Elementary",), "What is left of the book money?", "640 dollars."),
    (1, date(2027, 2, 10), ("Juniper K-8",), "Who signs for the test materials?", "The office manager."),
)


def put_between(tx: Tx, calendar: SchoolCalendar, ids: dict[str, int]) -> None:
    """Write next steps, wishes and questions; ``ids`` are schools by name, people by e-mail."""
    principals = {
        ids[school.name]: ids[school.principal.email]
        for _name, _ild, schools in NETWORKS
        for school in schools
    }
    ilds = {ids[school.name]: ids[ild.email] for _name, ild, schools in NETWORKS for school in schools}
    _put_steps(tx, calendar, principals)
    for school, day, kind, text in WISHES:
        tx.add(
            ProposalRow(
                school_id=ids[school],
                person_id=principals[ids[school]],
                kind=kind,
                text=text,
                state="taken",
                created_at=_instant(day, time(13, 20)),
                decided_at=_instant(day, time(15, 5)),
            )
        )
    for place, day, schools, question, answer in QUESTIONS:
        _put_question(tx, ids, ilds, place, day, schools, question, answer)


def _put_steps(tx: Tx, calendar: SchoolCalendar, principals: Mapping[int, int]) -> None:
    chance = random.Random(20260831)
    held = select(VisitRow).where(VisitRow.status == "held", col(VisitRow.led_to_next_step))
    for visit in tx.exec(held.order_by(col(VisitRow.day), col(VisitRow.id))).all():
        day = date.fromordinal(visit.day)
        term = calendar.term_of(day)
        due = calendar.add_school_days(day, chance.randint(5, 9))
        is_written = term is not None and chance.random() < SHARE[term.label]
        is_own = chance.random() < 0.3
        is_looked_at = term is not None and chance.random() < LOOKED_AT[term.label]
        what, evidence = chance.choice(OF_ILDS if is_own else OF_PRINCIPALS)
        if not is_written or due is None or due >= date(2027, 3, 1):
            continue
        again = calendar.add_school_days(due, 1) or due
        tx.add(
            PromiseRow(
                visit_id=visit.id,
                school_id=visit.school_id,
                owner_id=visit.ild_id if is_own else principals[visit.school_id],
                what=what,
                by_when=due,
                evidence=evidence,
                state="kept" if is_looked_at else "dropped",
                looked_at=_instant(again, time(9, 10)) if is_looked_at else None,
                created_at=_instant(day, time(11, 15)),
            )
        )


def _put_question(
    tx: Tx,
    ids: Mapping[str, int],
    ilds: Mapping[int, int],
    place: int,
    day: date,
    schools: tuple[str, ...],
    question: str,
    answer: str,
) -> None:
    asker, at = UNIT_STAFF[place], _instant(day, time(10, 5))
    ild = ilds[ids[schools[0]]]
    tx.add(
        UnitRequestRow(
            asker_id=ids[asker.email],
            office=asker.unit or "",
            school_ids=[ids[school] for school in schools],
            ild_id=ild,
            responder_id=ild,
            question=question,
            state="answered",
            answer=answer,
            remind_at=at + timedelta(days=1),
            due_at=at + timedelta(days=2),
            created_at=at,
            settled_at=at + timedelta(hours=5),
        )
    )


def _instant(day: date, at: time) -> datetime:
    return datetime.combine(day, at, tzinfo=ZoneInfo(ZONE))
