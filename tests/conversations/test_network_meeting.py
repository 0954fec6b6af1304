"""A network meeting: topics weeks ahead, a morning in classrooms and on the chosen topic, and a look back."""

from datetime import date

import pytest

from storage.database import Store
from tests.conversations.several import Several

PEOPLE = ("imani.brooks", "grace.lindqvist", "farid.haddad", "mei.tanaka", "wen.zhao")
AGENDA = "Topic: feedback that gets used. Farid leads it. Bring one feedback note of yours."


class Meeting(Several):
    def __init__(self, store: Store) -> None:
        super().__init__(store, *PEOPLE)

    def begin(self) -> None:
        self.says("imani", "network meeting lincoln middle")
        self.presses("imani", "Begin", peer=self.picked("farid", "mei", "wen"), meets_on="2027-01-13")

    def prepare(self) -> None:
        self.begin()
        self.says("farid", "How do I give feedback that gets used?")
        self.says("imani", "go on", AGENDA)
        self.says("grace", "Students talk to each other; the same few answer.")
        self.says("grace", "students ask each other why", "done", "Rooms 12 and 14, groups mixed.")

    def meet(self) -> None:
        self.prepare()
        self.chat.move_to("2027-01-13 08:30")
        self.says("imani", "go on")

    def finish(self) -> None:
        self.meet()
        self.says("imani", "go on")
        self.says("farid", "12 #1: three students asked a partner why")
        self.says("mei", "12 #1: one student asked a partner why")
        self.says("imani", *["go on"] * 6)
        self.says("farid", "I will quote a student in each note by Fri 29 Jan, evidence: three notes")
        self.says("imani", "go on")
        self.says("mei", "The rooms.")
        self.says("imani", "go on")
        self.says("wen", "Too little time for the topic.")
        self.says("imani", "go on")
        self.says("grace", "What was said about the quiet students stung.")
        self.says("imani", "We begin with the topic.")


@pytest.fixture
def meeting(store: Store) -> Meeting:
    return Meeting(store)


def test_the_day_of_the_meeting_is_asked_for_and_is_not_in_the_past(meeting: Meeting) -> None:
    meeting.says("imani", "network meeting lincoln middle")
    peers = meeting.picked("farid", "mei")
    meeting.presses("imani", "Begin", peer=peers)
    meeting["imani"].sees("On which day is the meeting? Choose it, then press Begin.")
    meeting.presses("imani", "Begin", peer=peers, meets_on="2026-11-02")
    meeting["imani"].sees("That day has passed.")
    meeting.presses("imani", "Begin", peer=peers, meets_on="2027-01-13")
    meeting["farid"].sees("by Wed 23 Dec", "Which question from your own work")


def test_the_agenda_goes_to_everybody_when_it_is_written(meeting: Meeting) -> None:
    meeting.begin()
    meeting.says("farid", "How do I give feedback that gets used?")
    meeting["imani"].sees("How do I give feedback that gets used?")
    meeting["wen"].does_not_see("How do I give feedback")
    meeting.says("imani", "go on", AGENDA)
    for name in ("grace", "farid", "mei", "wen"):
        meeting[name].sees(AGENDA)


def test_the_clock_starts_on_the_day_and_the_meeting_opens_with_what_was_prepared(meeting: Meeting) -> None:
    meeting.prepare()
    meeting["imani"].sees("On the day of the meeting, go on when everybody is here", "Rooms 12 and 14")
    meeting.tick(days=2)
    assert "is up" not in meeting["imani"].everything()
    meeting.chat.move_to("2027-01-13 08:30")
    meeting.restart()
    meeting.says("imani", "go on")
    meeting["imani"].sees("Warm-up", "until 09:01")
    meeting["wen"].sees("Students talk to each other", "students ask each other why", "Welcome.")


def test_the_walkthrough_opens_its_debrief_where_two_counted_differently(meeting: Meeting) -> None:
    meeting.meet()
    meeting.says("imani", "go on")
    meeting["wen"].sees("Ten minutes a classroom", "students ask each other why")
    meeting.says("farid", "12 #1: three students asked a partner why")
    meeting.says("mei", "12 #1: one student asked a partner why")
    meeting.says("imani", *["go on"] * 3)
    meeting["farid"].sees(
        "You both looked at “students ask each other why”", "Room 12", "Grace speaks first."
    )


def test_the_host_looks_back_in_private_and_everybody_has_the_rest(meeting: Meeting) -> None:
    meeting.finish()
    for name in ("imani", "farid", "mei", "wen"):
        meeting[name].sees("Lincoln Middle network meeting, Wed 13 Jan", "quote a student in each note")
        meeting[name].sees("We begin with the topic.")
        assert "stung" not in meeting[name].everything().replace("what stung", "")
    meeting["grace"].sees("What was said about the quiet students stung.")
    assert meeting.visits_held() == [date(2027, 1, 13)]
    assert [row.owner_id for row in meeting.promises()] == [meeting["farid"].id]


def test_an_absent_principal_blocks_nothing_and_gets_few_messages(meeting: Meeting) -> None:
    meeting.finish()
    assert meeting.counts()["wen"] <= 19
