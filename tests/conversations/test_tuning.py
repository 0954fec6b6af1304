"""Tuning: somebody's own work, warm and cool feedback, and a presenter who only listens."""

import pytest

from storage.database import Store
from tests.conversations.several import Several

WORK = "My template for feedback notes. Its goal is a note a teacher can use the next day."


class Tuning(Several):
    def __init__(self, store: Store) -> None:
        super().__init__(store, "imani.brooks", "grace.lindqvist", "farid.haddad", "mei.tanaka")

    def prepare(self) -> None:
        self.says("grace", "tuning")
        peers = self.picked("farid", "mei")
        self.presses("grace", "Begin", facilitator=self.picked("imani"), peer=peers)
        self.says("grace", WORK, "Does the first line say what to do?")

    def gather(self) -> None:
        self.prepare()
        self.says("imani", *["go on"] * 4)
        self.says("farid", "the first line asks a question")
        self.says("imani", "go on")

    def finish(self) -> None:
        self.gather()
        self.says("farid", "The quote from the lesson shows the teacher the place.")
        self.says("imani", "go on")
        self.says("mei", "What would a teacher do with the second line?")
        self.says("imani", "go on")
        self.says("grace", "I will put what to do into the first line.")
        self.says("imani", "go on", "go on")
        self.says("grace", "I will send two new notes by Fri 11 Dec, evidence: the two notes", "done")


@pytest.fixture
def tuning(store: Store) -> Tuning:
    return Tuning(store)


def test_a_principal_brings_work_and_the_ild_keeps_the_time(tuning: Tuning) -> None:
    tuning.prepare()
    tuning["imani"].sees(WORK, "the clock starts then")
    tuning.presses("imani", "Go on")
    tuning["imani"].sees("until")
    tuning["mei"].sees(WORK, "Does the first line say what to do?", "Listen to the end")


def test_what_is_gathered_in_silence_stays_with_its_writer(tuning: Tuning) -> None:
    tuning.finish()
    assert [entry.text for entry in tuning.run().state.live("gather")] == ["the first line asks a question"]
    for name in ("imani", "grace", "mei"):
        assert "the first line asks a question" not in tuning[name].everything()


def test_the_presenter_reads_the_feedback_as_it_closes_and_cannot_answer_it(tuning: Tuning) -> None:
    tuning.gather()
    tuning.says("farid", "The quote from the lesson shows the teacher the place.")
    tuning.says("grace", "The second line is meant as a hint")
    tuning["grace"].sees("Now you listen", "The second line is meant as a hint")
    tuning["grace"].does_not_see("The quote from the lesson")
    tuning.says("imani", "go on")
    tuning["grace"].sees("The quote from the lesson", "Cool feedback. Only listen")


def test_it_ends_with_what_the_presenter_will_do_and_is_no_visit(tuning: Tuning) -> None:
    tuning.finish()
    for name in ("imani", "grace", "farid", "mei"):
        tuning[name].sees("send two new notes", "By Fri 11 Dec")
    assert (tuning.visits_held(), tuning.promises()) == ([], [])
    assert tuning.counts()["mei"] <= 15
