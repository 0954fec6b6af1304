"""A network's principals in one member's classrooms, in small groups, with the differences opening the debrief."""

from datetime import date

import pytest

from storage.database import Store
from storage.people import schools_on
from tests.conversations.lincoln import NOTES, promise
from tests.conversations.several import Several, labels_of, options_of

PEOPLE = (
    *("imani.brooks", "grace.lindqvist", "farid.haddad", "mei.tanaka"),
    *("wen.zhao", "rosa.delgado", "amir.nasser"),
)
VISITORS = ("farid", "mei", "wen", "rosa")
STUCK = "A student who is stuck tries a second thing before an adult says how."


class Walk(Several):
    def __init__(self, store: Store) -> None:
        super().__init__(store, *PEOPLE)

    def begin(self) -> None:
        self.says("imani", "network walkthrough lincoln middle")
        self.presses("imani", "Begin", visitor=self.picked(*VISITORS))

    def prepare(self) -> None:
        self.begin()
        self.says("grace", "Students talk to each other about their work.", "The same few answer.")
        self.presses("grace", "From the framework")
        practices = options_of(self["grace"], "practice")
        self.presses(
            "grace", "Show its look-fors", practice=practices["The thinking stays with the students"]
        )
        self.presses("grace", "Add these", picks=options_of(self["grace"], "picks")[STUCK])
        self.says("grace", "students ask each other why", "that is all", "12\n14", "that is all")

    def walk(self) -> None:
        self.prepare()
        self.presses("imani", "Go on")
        self.says("farid", "three students tried a second way before the teacher came")
        self.presses("farid", "1.")
        self.says("mei", "two of 20 students asked a partner why")
        self.presses("imani", "Go on")
        self.says("wen", "four students asked each other why")
        self.presses("imani", "Go on")

    def rate(self) -> None:
        self.walk()
        for name, first, second in (("farid", 0, 3), ("mei", 3, 3), ("grace", 1, 2)):
            self.presses(name, labels_of(self[name])[first])
            self.presses(name, labels_of(self[name])[second])

    def feed_back(self) -> None:
        self.rate()
        self.presses("imani", "Go on")
        self.says("farid", "In room 12 three students tried a second way.")
        self.presses("imani", "Go on")
        self.says("mei", "In room 14 five students waited with their pens down. What was their task?")
        self.presses("imani", "Go on")

    def finish(self) -> None:
        self.feed_back()
        self.presses("imani", "Go on")
        self.says("grace", "I will visit two rooms a week.")
        self.says("farid", "I will ask one more why in each visit.")
        self.says("imani", "I will ask before I tell.")
        self.presses("imani", "Go on")
        self.says("grace", "I will show the notes to my math team by Fri 11 Dec, evidence: the marked notes")
        self.says("farid", "I will count who explains by Fri 11 Dec, evidence: my tally")
        self.says("imani", "I will bring the math coach by Tue 15 Dec, evidence: her plan")
        self.presses("imani", "Go on")


@pytest.fixture
def walk(store: Store) -> Walk:
    return Walk(store)


def test_too_few_visitors_are_asked_for_more_and_the_groups_are_named(walk: Walk) -> None:
    walk.says("imani", "network walkthrough lincoln middle")
    walk["imani"].sees("The host principal: Grace Lindqvist", "The visitors, 2 to 30")
    walk.presses("imani", "Begin", visitor=walk.picked("farid"))
    walk["imani"].sees("Choose 2 to 30 for the visitors, then press Begin.")
    walk.presses("imani", "Begin", visitor=walk.picked(*VISITORS))
    for name in ("imani", "grace", "farid"):
        walk[name].sees("Group 1: Farid and Wen. Group 2: Mei and Rosa.")
    assert walk["amir"].everything() == ""


def test_the_groups_start_when_they_are_there_in_different_rooms_and_go_round(walk: Walk) -> None:
    walk.prepare()
    walk["imani"].sees("go on when the groups stand before their first classroom", STUCK)
    walk.tick(hours=20)
    walk.presses("imani", "Go on")
    walk["farid"].sees("The same few answer", STUCK, "Classroom 12, ten minutes", "room 12, until")
    walk["mei"].sees("Classroom 14, ten minutes")
    walk["grace"].sees("Classroom 12, ten minutes. Look as if")
    walk.says("mei", "two of 20 students asked a partner why")
    walk.presses("imani", "Go on")
    walk["farid"].sees("Classroom 14, ten minutes")
    walk["mei"].sees("Classroom 12, ten minutes")
    walk.says("farid", "four students asked each other why")
    rooms = [(entry.seat, entry.data["room"]) for entry in walk.run().state.live("notes")]
    assert rooms == [("visitor-2", "14"), ("visitor", "14")]


def test_a_group_that_saw_nothing_in_one_room_keeps_nobody_there(walk: Walk) -> None:
    walk.prepare()
    walk.presses("imani", "Go on")
    walk["imani"].sees("[Go on]")
    walk.presses("imani", "Go on")
    walk["farid"].sees("Classroom 14, ten minutes")
    walk.presses("imani", "Go on")
    walk["imani"].sees("At least one is needed here before it goes on.")


def test_the_clock_of_each_room_survives_a_restart(walk: Walk) -> None:
    walk.prepare()
    walk.presses("imani", "Go on")
    walk.tick(minutes=8)
    walk["imani"].sees("Two minutes left for “Classroom notes”.")
    walk.restart()
    walk.says("farid", "three students tried a second way")
    walk.tick(minutes=1)
    walk["imani"].sees("The time for “Classroom notes” is up.", "[Go on]", "[5 more minutes]")
    walk.says("imani", "give us five more minutes")
    walk["imani"].sees("5 more minutes, until")
    walk["farid"].sees("Imani gives “Classroom notes” 5 more minutes")


def test_nobody_sees_a_rating_before_the_debrief_opens_with_the_greatest_discrepancy(walk: Walk) -> None:
    walk.rate()
    assert "Not seen: " not in walk["mei"].everything()
    walk["imani"].does_not_see("Farid “", "Farid: ")
    for _ in ("ratings", "warm feedback", "questions"):
        walk.presses("imani", "Go on")
    apart = f"You are furthest apart on “{STUCK}”"
    walk["imani"].sees(apart, "Mei “Most, most of the time”, Farid “Not seen”")
    walk["farid"].sees(apart, "you “Not seen”, Mei “Most, most of the time”", "Grace speaks first")
    walk["farid"].does_not_see("average", "Start there. What did")


def test_the_host_listens_and_what_is_typed_meanwhile_is_handed_back(walk: Walk) -> None:
    walk.rate()
    walk.presses("imani", "Go on")
    walk["grace"].sees("Warm feedback first. Listen")
    walk.says("farid", "In room 12 three students tried a second way.")
    walk["grace"].does_not_see("tried a second way")
    walk.says("grace", "thank you all")
    walk["grace"].sees("Now you listen", "Your words wait here", "thank you all")
    walk.presses("imani", "Go on")
    walk["grace"].sees("In room 12 three students tried a second way.", "Questions and challenges.")


def test_whoever_leads_writes_too_and_an_answer_of_hers_closes_nothing_for_the_others(walk: Walk) -> None:
    walk.feed_back()
    walk.presses("imani", "Go on")
    walk["imani"].sees("Two silent minutes, for you too")
    walk.says("imani", "I will ask before I tell.")
    walk["imani"].sees("The others write now. Go on for all when those who are there have written.")
    walk.says("grace", "I will visit two rooms a week.")
    assert walk.run().state.step == "differently"


def test_go_on_from_whoever_leads_is_no_answer_of_hers(walk: Walk) -> None:
    walk.feed_back()
    walk.presses("imani", "Go on")
    walk.says("grace", "I will visit two rooms a week.")
    walk.says("imani", "go on")
    run = walk.run()
    assert run.state.step == "next_steps"
    assert [entry.seat for entry in run.state.live("differently")] == ["host"]


def test_the_end_keeps_each_promise_at_the_school_it_is_about(walk: Walk, store: Store) -> None:
    walk.finish()
    with walk.store.read() as tx:
        names = {school.id: school.name for school in schools_on(tx, date(2026, 12, 2))}
    assert [(row.what, names[row.school_id]) for row in walk.promises()] == [
        ("show the notes to my math team", "Lincoln Middle"),
        ("count who explains", "Lincoln Elementary"),
        ("bring the math coach", "Lincoln Middle"),
    ]
    assert walk.visits_held() == [date(2026, 12, 2)]


def test_everybody_gets_the_summary_and_only_the_host_and_the_ild_what_is_theirs(walk: Walk) -> None:
    walk.finish()
    for name in ("imani", "grace", *VISITORS):
        walk[name].sees("Lincoln Middle network walkthrough, Wed 2 Dec", "show the notes to my math team")
    walk["grace"].sees("How useful was this visit")
    walk["imani"].sees("Next visit by its rhythm")
    walk["farid"].does_not_see("Next visit by its rhythm", "How useful")
    assert walk["amir"].everything() == ""


def test_what_the_host_and_the_ild_promised_each_other_is_shown_to_no_visitor(walk: Walk) -> None:
    promise(walk.store)
    walk.finish()
    assert "First, what came of last time" in walk["grace"].everything()
    for name in VISITORS:
        assert NOTES not in walk[name].everything()


def test_a_visitor_gets_few_messages(walk: Walk) -> None:
    walk.finish()
    assert walk.counts()["rosa"] <= 11


def test_two_walkthroughs_at_once_are_not_mixed_up(walk: Walk) -> None:
    walk.prepare()
    walk.presses("imani", "Go on")
    walk.says("imani", "network walkthrough roosevelt high")
    walk.presses("imani", "Begin", visitor=walk.picked("farid", "amir"))
    walk["farid"].sees("opens a network walkthrough with you", "at Roosevelt High")
    walk.says("farid", "four students asked each other why")
    assert [entry.text for entry in walk.run(1).state.live("notes")] == ["four students asked each other why"]
    assert walk.run(2).state.entries == ()
