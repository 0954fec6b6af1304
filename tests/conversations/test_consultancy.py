"""A consultancy among ILDs: one presents and listens, the others think, somebody keeps the time."""

import pytest

from handlers.cards import buttons_of
from handlers.reception import Pressed
from storage.database import Store
from tests.conversations.several import Several

DILEMMA = "With one principal I talk for most of our meetings, and afterwards I change little in what I do."
QUESTION = "How could I talk less so that the thinking is done by somebody else?"
ILDS = ("imani.brooks", "tomas.rivera", "leila.farahani", "samuel.osei", "nora.lindgren")


class Consultancy(Several):
    def __init__(self, store: Store) -> None:
        super().__init__(store, *ILDS)

    def begin(self) -> None:
        self.says("imani", "consultancy")
        people = {"facilitator": self.picked("tomas"), "peer": self.picked("leila", "samuel", "nora")}
        self.presses("imani", "Begin", **people)

    def prepare(self) -> None:
        self.begin()
        self.says("imani", DILEMMA, QUESTION)

    def present(self) -> None:
        self.prepare()
        self.presses("tomas", "Go on")

    def probe(self) -> None:
        self.present()
        self.presses("tomas", "Go on")
        self.says("tomas", "go on")

    def discuss(self) -> None:
        self.probe()
        self.says("leila", "Who speaks first when you two meet?", "done")
        self.says("samuel", "What would happen if you said nothing for ten minutes?")
        self.presses("tomas", "Go on")

    def reflect(self) -> None:
        self.discuss()
        self.says("nora", "We heard that the agenda is always yours.")
        self.presses("tomas", "Go on")

    def finish(self) -> None:
        self.reflect()
        self.says("imani", "The agenda is mine, and it need not be.")
        self.presses("tomas", "Go on")
        self.says("leila", "The silence helped.")
        self.presses("tomas", "Go on")
        self.says(
            "imani", "I will let the principal set the agenda by Fri 11 Dec, evidence: the agenda", "done"
        )


@pytest.fixture
def group(store: Store) -> Consultancy:
    return Consultancy(store)


def test_the_people_are_chosen_in_a_form_and_mistakes_are_answered_kindly(group: Consultancy) -> None:
    group.says("imani", "consultancy")
    group["imani"].sees("The presenter: Imani Brooks", "The peers, 2 to 10")
    group.presses("imani", "Begin", facilitator=group.picked("tomas"), peer=group.picked("leila"))
    group["imani"].sees("Choose 2 to 10 for the peers, then press Begin.")
    twice = {"facilitator": group.picked("tomas"), "peer": group.picked("leila", "tomas")}
    group.presses("imani", "Begin", **twice)
    group["imani"].sees("Tomás Rivera has a part already. Each person takes one.")
    group.presses("imani", "Begin", facilitator=group.picked("tomas"), peer=group.picked("leila", "nora"))
    group["imani"].sees("Which dilemma in your own work")
    group["nora"].sees("Imani Brooks opens a consultancy with you", "You are one of the peers.")
    group["nora"].sees("Imani is writing down the dilemma")
    group["tomas"].sees("Imani Brooks opens a consultancy with you", "You are the facilitator.")
    assert group["samuel"].everything() == ""


def test_the_clock_starts_when_they_sit_together_and_everybody_reads_the_dilemma_then(
    group: Consultancy,
) -> None:
    group.prepare()
    group["tomas"].sees(DILEMMA, QUESTION, "the clock starts then", "[Go on]")
    group.tick(days=1)
    assert "Two minutes left" not in group["tomas"].everything()
    group.presses("tomas", "Go on")
    group["tomas"].sees("until 10:1", "[5 more minutes]")
    for peer in ("leila", "samuel", "nora"):
        group[peer].sees(DILEMMA, QUESTION, "Imani presents. Listen to the end")


def test_the_facilitator_alone_is_told_the_time_also_after_a_restart(group: Consultancy) -> None:
    group.present()
    group.tick(minutes=8)
    group["tomas"].sees("Two minutes left for “The presenter presents”.", "[5 more minutes]")
    group.restart()
    group.tick(minutes=2)
    group["tomas"].sees("The time for “The presenter presents” is up.", "[Go on]", "[5 more minutes]")
    group.presses("tomas", "5 more minutes")
    group["leila"].sees("Tomás gives “The presenter presents” 5 more minutes, until 10:20")
    group.restart()
    group.tick(minutes=4)
    assert group["tomas"].everything().count("The time for “The presenter presents” is up.") == 2
    group.says("tomas", "five more minutes")
    group["tomas"].sees("5 more minutes, until")
    assert "Two minutes left" not in group["leila"].everything()


def test_the_presenters_words_are_handed_back_while_the_presenter_listens(group: Consultancy) -> None:
    group.discuss()
    group["imani"].sees("Only listen now", "What would happen if you said nothing")
    group.says("imani", "But that was an unusual meeting")
    group["imani"].sees(
        "Now you listen, and Leila, Samuel and Nora write.",
        "Your words wait here",
        "But that was an unusual meeting",
    )
    assert [entry.seat for entry in group.run().state.live("discuss")] == []


def test_what_the_group_wrote_is_read_together_when_the_step_closes(group: Consultancy) -> None:
    group.probe()
    before = group.counts()
    group.says("leila", "Who speaks first when you two meet?")
    group.says("samuel", "What would happen if you said nothing for ten minutes?")
    assert {name: group.counts()[name] - before[name] for name in before} == {
        **dict.fromkeys(before, 0),
        "leila": 1,
        "samuel": 1,
    }
    group.presses("tomas", "Go on")
    group["nora"].sees("Who speaks first when you two meet?", "What would happen if you said nothing")
    group["tomas"].sees("Who speaks first when you two meet?")


def test_an_absent_peer_blocks_nobody_and_the_summary_reaches_all(group: Consultancy) -> None:
    group.finish()
    assert "nora" not in {group.run().people.get(entry.seat) for entry in group.run().state.live("debrief")}
    for name in ("imani", "tomas", "leila", "samuel", "nora"):
        group[name].sees("Consultancy, Wed 2 Dec", "let the principal set the agenda", "kept for all of you")
    group["samuel"].does_not_see("How useful")


def test_without_a_school_there_is_no_visit_and_no_promise_of_a_school(group: Consultancy) -> None:
    group.finish()
    assert (group.visits_held(), group.promises()) == ([], [])


def test_a_peer_gets_few_messages(group: Consultancy) -> None:
    group.finish()
    assert group.counts()["nora"] <= 12
    assert group.counts()["leila"] <= 15


def test_whoever_is_left_with_a_closed_question_is_told_that_it_is_over(group: Consultancy) -> None:
    group.reflect()
    group.says("imani", "The agenda is mine, and it need not be.")
    group.presses("tomas", "Go on")
    group["nora"].sees("How did we do this?")
    group.presses("tomas", "Go on")
    group["nora"].sees("You are done; thank you for thinking along")


def test_an_old_button_says_where_it_stands(group: Consultancy) -> None:
    group.present()
    old = next(b for b in buttons_of(group["tomas"].seen[-1]) if b.label == "Go on")
    group.presses("tomas", "Go on")
    group["tomas"]._send(Pressed(old.action.encode(), {}), None)
    group["tomas"].sees("answered already", "Clarifying questions")
    assert group.run().state.step == "clarify"


def test_two_consultancies_at_once_are_not_mixed_up(group: Consultancy) -> None:
    group.prepare()
    group.says("leila", "consultancy")
    people = {"facilitator": group.picked("nora"), "peer": group.picked("imani", "samuel")}
    group.presses("leila", "Begin", **people)
    group.says("leila", "I visit the schools that ask for me and seldom the ones that do not.")
    group.presses("tomas", "Go on")
    group.says("leila", "Who should I see first?")
    assert [e.text for e in group.run(1).state.live("dilemma")] == [DILEMMA]
    assert [e.text for e in group.run(2).state.live("question")] == ["Who should I see first?"]
    assert (group.run(1).state.step, group.run(2).state.step) == ("present", "assembled")
    group.says("imani", "where are we")
    group["imani"].sees("Consultancy, step 4 of 10", "Tell them your dilemma")


def test_a_principal_is_told_that_it_is_for_ilds(group: Consultancy) -> None:
    grace = group.chat.person("grace.lindqvist@district.example")
    grace.says("consultancy")
    grace.sees("Ask your ILD to begin it")
