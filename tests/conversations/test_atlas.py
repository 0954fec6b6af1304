"""Learning from student work: describe first, then read the thinking, then practice."""

import pytest

from storage.database import Store
from tests.conversations.several import Several


class Atlas(Several):
    def __init__(self, store: Store) -> None:
        super().__init__(store, "imani.brooks", "grace.lindqvist", "farid.haddad", "mei.tanaka", "wen.zhao")

    def prepare(self) -> None:
        self.says("imani", "atlas lincoln middle")
        self.presses("imani", "Begin", peer=self.picked("farid", "mei", "wen"))
        self.says("grace", "Six answers to one fractions task, grade 6.")

    def describe(self) -> None:
        self.prepare()
        self.says("imani", "go on", "go on")
        self.says("farid", "In the second answer the student drew three bars and shaded two.")
        self.says("imani", "go on")

    def finish(self) -> None:
        self.describe()
        self.says("mei", "The student may have read the fraction as two numbers.")
        self.says("imani", "go on")
        self.says("grace", "I had not seen the bars.")
        self.says("imani", "go on")
        self.says("farid", "I will look for drawings before answers.")
        self.says("imani", "go on", "go on")
        self.says("mei", "I will bring six answers of ours by Fri 18 Dec, evidence: the answers")
        self.says("imani", "go on")


@pytest.fixture
def atlas(store: Store) -> Atlas:
    return Atlas(store)


def test_it_is_described_before_it_is_judged_and_the_presenter_listens(atlas: Atlas) -> None:
    atlas.prepare()
    atlas["imani"].sees("Six answers to one fractions task")
    atlas.says("imani", "go on", "go on")
    atlas["farid"].sees("What do you see in the work?")
    atlas["grace"].sees("They describe what is on the paper")
    atlas.says("grace", "that one was ill that day")
    atlas["grace"].sees("Now you listen", "that one was ill that day")
    atlas.says("farid", "This student is lazy.")
    atlas["farid"].sees("[Keep as my impression]")


def test_a_step_that_carries_the_rest_is_not_left_empty_but_waits_for_one_voice_only(atlas: Atlas) -> None:
    atlas.prepare()
    atlas.says("imani", "go on", "go on", "go on")
    atlas["imani"].sees("At least one is needed here before it goes on.")
    atlas.says("farid", "In the second answer the student drew three bars and shaded two.")
    atlas.says("imani", "go on")
    atlas["grace"].sees("drew three bars", "how the students were thinking")
    atlas["wen"].sees("How was this student thinking")


def test_it_ends_with_next_steps_of_those_who_were_there_and_is_no_visit(atlas: Atlas) -> None:
    atlas.finish()
    for name in ("imani", "grace", "farid", "mei", "wen"):
        atlas[name].sees("bring six answers of ours", "By Fri 18 Dec")
    assert atlas.visits_held() == []
    assert [row.owner_id for row in atlas.promises()] == [atlas["mei"].id]
    assert atlas.counts()["wen"] <= 14
