"""Names are caught before a note is stored; what only looks like a name is let through."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocols.guided.names import find_named

TEACHERS = [
    "Ms. Ortega asked six questions.",
    "Mr O'Dowd sat at his desk.",
    "Teacher Garza read the story aloud.",
    "mrs tillman passed out the papers",
    "In Ms. Adeyemi's room the desks face the board.",
    "Dr. Kimura modeled the second step.",
    "ms tagaloa sat with table two",
    "mr. de la rosa read aloud",
    "Ms. T asked who agreed",
    "Mrs. Van Houten waved to us",
    "Visited Oyelaran teaching the water cycle",
]
STUDENTS = [
    "I asked Jan to read the next line.",
    "There are two corrections in Jan's notebook.",
    "Jamal said the answer was twelve.",
    "jamal said hi",
    "The teacher asked Priya to read.",
    "Zaydrian threw a pencil.",
    "Xochitl's notebook was open.",
    "A boy named Kwesi read aloud.",
    "Ms. Ortega called on Tyler.",
    "Teacher said, 'Nice reasoning, Dalia.'",
    "Grace wrote two sentences.",
    "bilal hit the table",
    "Teacher called on Quynh twice.",
    "A boy sat next to Ekene, who read aloud.",
    "Ta'Shawna drew a circle.",
]
NOBODY = [
    "By 29 Jan, in 12 of our 24 classes students revise one paragraph.",
    "Students revise more by the end of Jan than in September.",
    "In room 12 students opened their Chromebooks.",
    "Spanish class: students read aloud.",
    "Kahoot was on the screen for ten minutes.",
    "Lincoln Elementary: students lined up at the door.",
    "On Monday the teacher read aloud.",
    "I asked what they were learning.",
    "Students wrote about Martin Luther King.",
    "Will students have time to talk?",
    "May is testing month.",
    "Mark the papers, she said.",
    "Algebra 1, period 3: 14 of 20 hands up.",
    "Librarian read to the class.",
    "T asked 6 qs",
    "Volunteers handed out snacks.",
    "Will come back on Thursday",
    "In May students test; by June, hold a closing.",
    "Dean of students at the gate.",
    "The coach will bring exit tickets.",
    "Paris is the setting of the story.",
    "miss recess if late, says the sign",
    "The Jordan River was on the map.",
    "Teacher asked the class to sit.",
    "Students compared Washington and Jefferson.",
]


@pytest.mark.parametrize("text", TEACHERS)
def test_a_title_with_a_surname_names_a_teacher(text: str) -> None:
    assert find_named(text) == "teacher"


@pytest.mark.parametrize("text", STUDENTS)
def test_a_first_name_names_a_student_even_beside_a_teacher(text: str) -> None:
    assert find_named(text) == "student"


@pytest.mark.parametrize("text", NOBODY)
def test_rooms_subjects_schools_months_and_brands_name_nobody(text: str) -> None:
    assert find_named(text) is None


@given(st.text(max_size=300))
def test_any_text_can_be_searched_for_names(text: str) -> None:
    assert find_named(text) in {None, "teacher", "student"}
