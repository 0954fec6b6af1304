"""Problems of practice, aims, rationales and next steps: good, or weak with the fault to mend first."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocols.guided.evidence import Fault, StatementKind, read_statement

CASES = {
    StatementKind.PROBLEM_OF_PRACTICE: [
        (
            "When I debrief lessons I praise the teacher and rarely ask what students understood, so my feedback "
            "does not change how fractions are taught in grades 4 and 5.",
            None,
        ),
        (
            "I visit classrooms every week but my feedback notes name activities, not what students said or wrote "
            "about the text.",
            None,
        ),
        (
            "I rated every teacher proficient while 57% of our students missed the reading standard; my "
            "observations do not look at student work.",
            None,
        ),
        (
            "Our leadership team spends its meetings on logistics, so we have not yet looked together at student "
            "writing from the sixth grade.",
            None,
        ),
        (
            "I do not know how to help my math teachers plan questions that make students explain their reasoning.",
            None,
        ),
        (
            "As principal I have not set clear expectations for what small-group reading instruction looks like, "
            "and it differs in every second-grade room.",
            None,
        ),
        ("Parents do not make sure that their children come to school on time.", Fault.ABOUT_OTHERS),
        ("Teachers don't use the curriculum and won't change their lessons.", Fault.ABOUT_OTHERS),
        ("Our students lack the vocabulary to read grade-level texts.", Fault.ABOUT_OTHERS),
        ("The district keeps changing the priorities and schools cannot keep up.", Fault.ABOUT_OTHERS),
        ("My teachers are resistant to feedback and do not want to change.", Fault.ABOUT_OTHERS),
        ("We need a new math curriculum.", Fault.SOLUTION_IN_DISGUISE),
        ("We need to hire a reading specialist for the primary grades.", Fault.SOLUTION_IN_DISGUISE),
        ("Our school lacks a data platform for tracking interventions.", Fault.SOLUTION_IN_DISGUISE),
        ("Implement instructional rounds in all departments this year.", Fault.SOLUTION_IN_DISGUISE),
        ("Teachers need training on the new literacy framework.", Fault.SOLUTION_IN_DISGUISE),
        (
            "I want to start a peer observation program so that teachers learn from each other.",
            Fault.SOLUTION_IN_DISGUISE,
        ),
        ("Student achievement", Fault.TOO_BROAD),
        ("Our math scores are low.", Fault.TOO_BROAD),
        ("I want to be a better instructional leader.", Fault.TOO_BROAD),
        ("Improving school culture", Fault.TOO_BROAD),
        ("Instruction is inconsistent across the school.", Fault.TOO_BROAD),
        ("Student engagement is low in our school.", Fault.TOO_BROAD),
    ],
    StatementKind.AIM: [
        (
            "By the end of the semester, every ninth-grade English teacher will have two debriefs a month with me.",
            None,
        ),
        ("Reduce the number of chronically absent kindergartners from 41 to 25 by March 15.", None),
        ("At least 8 of 10 exit tickets in Algebra 1 show a complete explanation by winter break.", None),
        (
            "Within 12 weeks, the share of English learners who speak in each lesson rises from a third to two thirds.",
            None,
        ),
        ("By June, our third graders will be better readers.", Fault.NO_MEASURE),
        ("Students will enjoy reading more by spring.", Fault.NO_MEASURE),
        ("80% of seventh graders will pass the unit test on ratios.", Fault.NO_DATE),
        (
            "Raise the share of students who explain their reasoning from 30% to 60% in fourth-grade math.",
            Fault.NO_DATE,
        ),
        ("Increase reading scores by 10% by June.", Fault.NO_WHO),
        ("By May, 20% more proficiency in math.", Fault.NO_WHO),
        ("Cut tardies among sophomores in half.", Fault.NO_DATE),
    ],
    StatementKind.RATIONALE: [
        (
            "Because teachers plan alone, they ask only recall questions; planning the questions together each "
            "Tuesday should lead to more why-questions, so that students explain their reasoning.",
            None,
        ),
        (
            "If I watch one small group in each visit and bring its work to the debrief, then teachers will see "
            "what students understood, so they can plan the next lesson from it.",
            None,
        ),
        (
            "My feedback is late because I write it alone at night; if I give it in the same hour with the student "
            "work on the table, the teacher can act on it the next day.",
            None,
        ),
        (
            "Students do not write because they are never given time to; ten minutes of writing in each lesson "
            "gives them the practice they lack.",
            None,
        ),
        ("We will use exit tickets. Attendance is low.", Fault.DOES_NOT_JOIN),
        ("It is best practice.", Fault.DOES_NOT_JOIN),
        ("Because research says so.", Fault.DOES_NOT_JOIN),
        ("We will buy tablets because technology is the future.", Fault.DOES_NOT_JOIN),
        ("Data shows reading is low. We will do a new schedule.", Fault.DOES_NOT_JOIN),
        ("If we work harder, scores will go up.", Fault.DOES_NOT_JOIN),
    ],
    StatementKind.NEXT_STEP: [
        ("By Friday I will write three questions for Ms. Lee's lesson and send them to her.", None),
        ("You visit two science rooms before 12 Dec and bring your notes on who spoke.", None),
        ("I'll observe the second-period debrief on Tuesday and we compare our notes.", None),
        ("AP records the first ten minutes of three math lessons by 3/14; we watch one together.", None),
        (
            "The coach and I co-teach a read-aloud on Wednesday while the principal tallies student talk.",
            None,
        ),
        ("Continue to support teachers.", Fault.NOT_CHECKABLE),
        ("Be more intentional about feedback.", Fault.NOT_CHECKABLE),
        ("I will think about my questioning before our next visit.", Fault.NOT_CHECKABLE),
        ("I will work on giving better feedback by Friday.", Fault.NOT_CHECKABLE),
        ("I will visit three rooms and write down the questions teachers ask.", Fault.NO_DATE),
        ("Principal sends the team two samples of student work.", Fault.NO_DATE),
        ("Bring three exit tickets to the meeting on Thursday.", Fault.NO_WHO),
        ("Send the feedback notes by Friday.", Fault.NO_WHO),
        ("The math coach will model a number talk in room 4.", Fault.NO_DATE),
        ("Circle the two words that show how the narrator feels.", None),
        ("Next time, draw the bar model before you write the equation.", None),
        ("Add more detail.", Fault.NOT_CHECKABLE),
        ("Use better strategies for engagement in your classroom.", Fault.NOT_CHECKABLE),
        ("Give teachers written feedback after each visit.", Fault.NO_WHO),
        ("Reading logs to be checked by Monday.", Fault.NO_WHO),
    ],
}


@pytest.mark.parametrize(
    ("kind", "text", "fault"), [(kind, text, fault) for kind, rows in CASES.items() for text, fault in rows]
)
def test_a_statement_is_good_or_has_the_fault_to_mend_first(
    kind: StatementKind, text: str, fault: Fault | None
) -> None:
    reading = read_statement(text, kind)
    assert reading.fault is fault
    assert reading.verdict == ("good" if fault is None else "weak")


def test_a_weak_statement_is_quoted_and_asked_about() -> None:
    reading = read_statement("Try harder.", StatementKind.NEXT_STEP)
    assert reading.question == (
        'You wrote "Try harder". What will be there to look at when it is done: a paper, a count, something said?'
    )


@given(st.text(max_size=300), st.sampled_from(StatementKind))
def test_any_text_can_be_read_as_any_kind(text: str, kind: StatementKind) -> None:
    reading = read_statement(text, kind)
    assert (reading.question is None) == (reading.fault is None) == (reading.verdict == "good")
