"""Story A: a walkthrough between an ILD and a principal, from the first word to the next visit."""

import re
from collections.abc import Callable
from datetime import date

import pytest
from sqlmodel import select

from bot.render.plain_text import render
from handlers.cards import Field, buttons_of
from handlers.reception import Pressed
from storage import promises, runs, visits
from storage.database import Store
from storage.tables import AssignmentRow, AuditRow, MessageRow, PromiseRow, RunEventRow, RunRow, VisitRow
from tests.chat import Chat, Speaker
from tests.conversations.several import options_of
from tests.district import email
from tests.played import Played

TUESDAY = "2026-12-01 09:00"


class Two:
    """Imani, the ILD, and Grace, principal of Lincoln Middle, each in her own chat; a minute passes between messages.

    With ``restarts`` every message meets a new process: a new store over the same database, nothing remembered.
    """

    def __init__(self, store: Store, *, at: str = TUESDAY, restarts: bool = False) -> None:
        self.chat = Chat(store, at=at)
        self.restarts = restarts
        self.opened: list[Store] = []
        self.imani = self.chat.person(email("imani.brooks"))
        self.grace = self.chat.person(email("grace.lindqvist"))

    def says(self, who: Speaker, text: str) -> None:
        self._pass()
        assert who.says(text).outcome in ("done", "refused")

    def presses(self, who: Speaker, label: str, /, **values: str) -> None:
        self._pass()
        assert who.presses(label, **values).outcome in ("done", "refused")

    def _pass(self) -> None:
        self.chat.wait(minutes=1)
        if self.restarts:
            self.chat.store = Store(self.chat.store.url)
            self.opened.append(self.chat.store)

    def close(self) -> None:
        for store in self.opened:
            store.close()

    # the story, in parts

    def begin(self) -> None:
        self.says(self.imani, "walkthrough lincoln middle")

    def prepare(self) -> None:
        self.begin()
        self.says(self.grace, "Students talk to each other about their work.")
        self.says(self.grace, "The same few students answer in every lesson.")
        self.says(self.grace, "students explain their thinking\nstudents ask each other questions")
        self.says(self.grace, "that is all")

    def walk(self) -> None:
        self.prepare()
        self.walk_on()

    def walk_on(self) -> None:
        self.says(self.imani, "12 #1: three students explained to a partner how they found the ratio")
        self.says(self.grace, "12 #1: two students explained the ratio to each other")
        self.says(self.imani, "14 #2: four of 22 students asked a partner why")
        self.says(self.grace, "done")
        self.says(self.imani, "done")

    def debrief(self) -> None:
        self.walk()
        self.talk()

    def talk(self) -> None:
        self.says(self.imani, "Three students explained the ratio without being asked.")
        self.says(self.imani, "done")
        self.says(
            self.imani,
            "In room 14 five students waited six minutes with their pens down. What was their task?",
        )
        self.says(self.imani, "done")
        self.presses(self.grace, "Go on")
        self.presses(self.imani, "Go on")
        self.says(self.grace, "I will visit two rooms a week and count who explains.")
        self.says(self.imani, "I will ask before I tell.")

    def finish(self) -> None:
        self.debrief()
        self.promise()

    def promise(self) -> None:
        self.says(
            self.imani, "Grace gives three teachers a written note by Fri 11 Dec, evidence: the three notes"
        )
        self.presses(
            self.grace,
            "Add it",
            text="bring the reading specialist to room 14",
            who="visitor",
            by_when="2026-12-15",
            evidence="her plan for the room",
        )
        self.presses(self.imani, "That is all")


class TwoAtOnce(Two):
    """The same story; up to where it is the same for many tests, it is played for the first of them only."""

    def __init__(self, store: Store, played: Played) -> None:
        super().__init__(store)
        self.played = played

    def walk(self) -> None:
        self._come_to(walk)

    def debrief(self) -> None:
        self._come_to(debrief)

    def finish(self) -> None:
        self._come_to(finish)

    def _come_to(self, part: Callable[[Store], Two]) -> None:
        assert not self.chat.events, "somebody has said something"
        self.__dict__.update(vars(self.played(self.chat.store, part)))


def walk(store: Store) -> Two:
    two = Two(store)
    two.walk()
    return two


def debrief(store: Store) -> Two:
    two = Two(store)
    two.debrief()
    return two


def finish(store: Store) -> Two:
    two = Two(store)
    two.finish()
    return two


@pytest.fixture
def two(store: Store, played: Played) -> Two:
    return TwoAtOnce(store, played)


def held(store: Store) -> list[VisitRow]:
    with store.read() as tx:
        return list(tx.exec(select(VisitRow).where(VisitRow.status == "held")))


def count_events(store: Store) -> int:
    with store.read() as tx:
        return len(list(tx.exec(select(RunEventRow.id))))


def plan_visit(store: Store, day: date, school: str = "Lincoln Middle") -> int:
    from protocols.cadence.calendar import Half
    from storage.people import schools_on

    with store.begin() as tx:
        found = next(s for s in schools_on(tx, day) if s.name == school)
        assert found.ild_id is not None
        at = Chat(store, at="2026-11-20 09:00").now
        return visits.plan(
            tx, school_id=found.id, ild_id=found.ild_id, day=day, half=Half.AM, starts=540, minutes=60, at=at
        )


# ---------------------------------------------------------------- beginning


def test_an_ambiguous_school_gets_a_choice_and_the_choice_starts(two: Two) -> None:
    two.says(two.imani, "walkthrough lincoln")
    two.imani.sees("Which one: Lincoln Elementary or Lincoln Middle?")
    two.presses(two.imani, "Lincoln Middle")
    two.imani.sees("Grace is naming a strength, a challenge and the look-fors")
    two.grace.sees(
        "Imani Brooks opens a walkthrough with you at Lincoln Middle", "One strength, in your words"
    )


def test_a_misspelt_school_is_understood_and_an_unknown_one_gets_a_choice(two: Two) -> None:
    two.says(two.imani, "walkthrough linkoln midle")
    two.grace.sees("opens a walkthrough")
    two.says(two.imani, "pause")
    with two.chat.store.begin() as tx:
        from storage import record

        record.expect_nothing(tx, two.imani.id)
    two.says(two.imani, "walkthrough xanadu")
    two.imani.sees("I know no school called “xanadu”", "[Lincoln Elementary]")


def test_the_bare_word_offers_own_schools_with_todays_visit_first(two: Two, store: Store) -> None:
    plan_visit(store, date(2026, 12, 1), "Roosevelt High")
    two.says(two.imani, "walkthrough")
    labels = [button.label for button in buttons_of(two.imani.seen[-1])]
    assert labels == ["Roosevelt High, Tue 1 Dec 9:00", "Lincoln Elementary", "Lincoln Middle"]


def test_a_principal_may_open_it_and_the_ild_is_told(two: Two) -> None:
    two.says(two.grace, "walkthrough lincoln")
    two.grace.sees("One strength, in your words")
    two.imani.sees(
        "Grace Lindqvist opens a walkthrough with you at Lincoln Middle", "Grace is naming a strength"
    )


@pytest.mark.parametrize("name", ["ruth.castellanos", "dev.patel", "tomas.rivera", "peter.novak"])
def test_nobody_else_opens_or_reads_it(two: Two, store: Store, name: str) -> None:
    two.finish()
    other = two.chat.person(email(name))
    other.says("walkthrough lincoln middle")
    other.sees("You are neither there")
    other._send(Pressed("run.summary?run=1&full=1"), None)
    other.sees("stays with the principal and their ILD")
    other.does_not_see("ratio")
    with store.read() as tx:
        refused = [row.actor_id for row in tx.exec(select(AuditRow).where(AuditRow.action == "refused"))]
    assert refused == [other.id] * 2


def test_a_school_that_has_one_open_is_not_opened_twice(two: Two, store: Store) -> None:
    two.begin()
    two.says(two.imani, "walkthrough lincoln middle")
    two.imani.sees("is open already, at “A strength”", "[Go on]", "[Stop it]")
    with store.read() as tx:
        assert len(list(tx.exec(select(RunRow.id)))) == 1


# ---------------------------------------------------------------- before and during


def test_a_fourth_look_for_is_declined_with_the_reason_and_a_choice(two: Two) -> None:
    two.begin()
    two.says(two.grace, "Students talk to each other.")
    two.presses(two.grace, "Send", text="The same few students answer.")
    two.says(two.grace, "one thing\nanother thing\na third thing\na fourth thing")
    two.grace.sees("That is four things to look for. Visitors see more when they look for less. Which three")
    two.presses(two.grace, "Keep these", keep="1\n3\n4")
    two.imani.sees(
        "one thing", "a third thing", "a fourth thing", "The same few students answer", "Write what you see"
    )
    two.imani.does_not_see("another thing")


def test_the_choice_of_three_can_be_typed(two: Two) -> None:
    two.begin()
    for words in ("Talk.", "Silence.", "one thing\nanother thing\na third thing", "a fourth thing"):
        two.says(two.grace, words)
    two.says(two.grace, "1, 2 and 4")
    two.imani.sees("one thing", "another thing", "a fourth thing")


def test_a_shorter_list_is_a_choice_as_well(two: Two) -> None:
    two.begin()
    for words in ("Talk.", "Silence.", "one thing\nanother thing\na third thing", "a fourth thing"):
        two.says(two.grace, words)
    two.says(two.grace, "just the important ones")
    two.grace.sees("At most 3", "such as 1 2 4, or a shorter list", "[Keep these]")
    two.says(two.grace, "another thing\na fourth thing")
    two.imani.sees("another thing", "a fourth thing", "Write what you see")
    two.imani.does_not_see("one thing", "third thing")


# ---------------------------------------------------------------- words at the wrong moment


def refusals_written(store: Store) -> int:
    with store.read() as tx:
        return len(list(tx.exec(select(AuditRow.id).where(AuditRow.action == "refused"))))


EARLY = [
    "12: three students explained the ratio to a partner",
    "What did the others write?",
    "Grace said students were quiet",
    "In room 14 five students waited. How many asked a question?",
    "I will visit two rooms a week by Fri 11 Dec, evidence: my tally",
    "Grace visits rooms twice this month by Fri 11 Dec, evidence: her notes",
]


@pytest.mark.parametrize("words", EARLY)
def test_words_typed_too_early_are_handed_back_and_never_refused_as_a_question(
    two: Two, store: Store, words: str
) -> None:
    two.begin()
    before = count_events(store)
    two.says(two.imani, words)
    two.imani.sees(
        "Grace is naming a strength, a challenge and the look-fors. I'll write when you can start. "
        "Your words wait here until then.",
        words,
        "[Send it now]",
    )
    assert (count_events(store), refusals_written(store)) == (before, 0)


def test_a_clear_question_about_visits_is_answered_while_one_waits(two: Two, store: Store) -> None:
    two.begin()
    two.says(two.imani, "visits this month?")
    two.imani.does_not_see("Your words wait here")
    two.imani.sees("visit")
    assert refusals_written(store) == 0


@pytest.mark.parametrize("words", ["we had no time", "Imani", "But that was an unusual lesson.", *EARLY])
def test_words_typed_too_early_do_not_follow_on_a_question_asked_before(
    two: Two, store: Store, words: str
) -> None:
    two.begin()
    two.says(two.imani, "visits this month?")
    two.says(two.imani, words)
    two.imani.sees("Your words wait here", words)
    two.imani.does_not_see("I don't show what was said")
    assert refusals_written(store) == 0
    two.says(two.imani, "by school")
    two.imani.does_not_see("Your words wait here")


def test_words_handed_back_are_sent_with_one_press_and_only_once(two: Two, store: Store) -> None:
    two.begin()
    two.says(two.imani, EARLY[0])
    send = next(b for b in buttons_of(two.imani.seen[-1]) if b.label == "Send it now")
    words = {"text": EARLY[0]}
    two.imani._send(Pressed(send.action.encode(), words), None)
    two.imani.sees("Grace is naming", "[Send it now]", EARLY[0])
    for text in ("Talk.", "Silence.", "students explain their thinking", "done"):
        two.says(two.grace, text)
    two.imani._send(Pressed(send.action.encode(), words), None)
    two.imani.sees("Noted.", "The next one")
    two.imani._send(Pressed(send.action.encode(), words), None)
    two.imani.sees("Those words were sent already", "The next one")
    with store.read() as tx:
        run = runs.get(tx, 1)
    assert run is not None
    assert [(e.data["room"], e.text) for e in run.state.live("notes")] == [
        ("12", "three students explained the ratio to a partner")
    ]


def test_words_are_handed_back_to_whoever_listens_is_done_or_paused(two: Two) -> None:
    two.prepare()
    two.says(two.imani, "14 #1: four of 22 students asked a partner why")
    two.says(two.imani, "done")
    two.says(two.imani, EARLY[0])
    two.imani.sees("done with this step", "To add something, go back", "[Send it now]", "[Back]")
    two.presses(two.imani, "Back")
    two.presses(two.imani, "Send it now")
    two.imani.sees("Noted")
    two.says(two.imani, "done")
    two.says(two.grace, "pause")
    two.says(two.grace, "12: two students asked why")
    two.grace.sees("Paused by you", "12: two students asked why", "[Send it now]", "[Resume]")
    two.presses(two.grace, "Resume")
    two.presses(two.grace, "Send it now")
    two.grace.sees("Noted")
    two.says(two.grace, "done")
    two.says(two.grace, "But that was only the first lesson")
    two.grace.sees("Now you listen, and Imani writes", "But that was only the first lesson", "[Send it now]")


def test_words_said_at_the_reveal_are_handed_back(two: Two) -> None:
    two.walk()
    for words in (
        "Three students spoke.",
        "done",
        "Five students waited.",
        "done",
        "I counted those at the back",
    ):
        two.says(two.imani, words)
    two.imani.sees("Nothing to write here", "I counted those at the back", "[Send it now]", "[Go on]")


# ---------------------------------------------------------------- classroom notes


def test_notes_are_typed_with_the_room_or_filled_in_and_stay_with_their_writer(two: Two) -> None:
    two.prepare()
    two.says(two.imani, "room B12: three students explained the ratio to a partner")
    two.imani.sees("Noted.", "The next one")
    two.presses(two.imani, "Log it", room="14", text="Four students asked a partner why")
    two.says(two.imani, "two students copied the goal from the board")
    assert "ratio" not in two.grace.everything()
    with two.chat.store.read() as tx:
        run = runs.get(tx, 1)
    assert run is not None
    assert [entry.data["room"] for entry in run.state.live("notes")] == ["B12", "14", "14"]


def test_a_note_without_a_room_or_with_two_is_asked_about(two: Two) -> None:
    two.prepare()
    two.says(two.imani, "three students explained the ratio")
    two.imani.sees("Which classroom was that?", "three students explained the ratio")
    two.says(two.imani, "12: three students explained\n14: two students asked why")
    two.imani.sees("several classrooms in one message")


@pytest.mark.parametrize(
    ("note", "sentence"),
    [
        ("12: Ms. Ortega asked two questions", "seems to name a teacher"),
        ("12: Mr. Adeyemi waited for four seconds", "seems to name a teacher"),
        ("12: a boy named Kwame explained the ratio", "seems to name a student"),
    ],
)
def test_a_note_that_names_somebody_is_refused_before_it_is_kept(
    two: Two, store: Store, note: str, sentence: str
) -> None:
    two.prepare()
    before = count_events(store)
    two.says(two.imani, note)
    two.imani.sees(sentence)
    two.imani.does_not_see("Noted", note.removeprefix("12: "))
    assert count_events(store) == before
    with store.read() as tx:
        cards = list(tx.exec(select(MessageRow.card)))
    assert not [card for card in cards if note.removeprefix("12: ") in card]
    two.presses(two.imani, "Log it", text="Six students waited for four seconds before they spoke")
    two.imani.sees("Noted")
    assert count_events(store) == before + 1


def test_a_judging_note_is_challenged_once_and_can_be_rewritten_or_kept(two: Two) -> None:
    two.prepare()
    two.says(two.imani, "12: strong engagement")
    two.imani.sees("You wrote", "strong engagement", "[Rewrite]", "[Keep as my impression]")
    card = two.imani.seen[-1]
    assert [block.name for block in card.blocks if isinstance(block, Field)] == ["text"]
    assert [button.label for button in buttons_of(card)] == ["Rewrite", "Keep as my impression"]
    two.presses(two.imani, "Rewrite", text="18 of 22 students wrote in pairs for ten minutes")
    two.imani.sees("Noted")
    two.says(two.grace, "12: great energy everywhere")
    two.presses(two.grace, "Keep as my impression")
    two.grace.sees("Noted")
    two.says(two.grace, "12: wonderful atmosphere")
    two.says(two.grace, "it felt good")
    two.grace.sees("Noted")
    with two.chat.store.read() as tx:
        run = runs.get(tx, 1)
    assert run is not None
    assert [entry.is_impression for entry in run.state.live("notes")][:2] == [False, True]


def test_one_press_puts_a_typed_note_under_its_look_for(two: Two) -> None:
    two.prepare()
    two.says(two.imani, "12: three students explained the ratio to a partner")
    two.imani.sees("which look-for does it show?", "[1. students explain their thinking]")
    two.presses(two.imani, "2. students ask")
    two.imani.does_not_see("which look-for does it show?")
    with two.chat.store.read() as tx:
        run = runs.get(tx, 1)
    assert run is not None
    assert run.state.live("notes")[0].data["look_for"] == str(run.state.live("look_fors")[1].number)


def test_with_one_look_for_a_typed_note_is_about_it_and_nothing_is_asked(two: Two) -> None:
    two.begin()
    two.says(two.grace, "Students talk to each other about their work.")
    two.says(two.grace, "The same few students answer in every lesson.")
    two.says(two.grace, "students explain their thinking")
    two.says(two.grace, "that is all")
    two.says(two.imani, "12: three students explained the ratio to a partner")
    two.imani.does_not_see("which look-for does it show?")
    two.presses(two.imani, "Log it", room="12", text="the task was on the board", look_for="")
    two.imani.does_not_see("which look-for does it show?")
    with two.chat.store.read() as tx:
        run = runs.get(tx, 1)
    assert run is not None
    (look_for,) = run.state.live("look_fors")
    assert [note.data.get("look_for", "") for note in run.state.live("notes")] == [str(look_for.number), ""]


def test_evidence_bears_the_practice_of_the_look_for_that_was_picked(two: Two) -> None:
    two.begin()
    two.says(two.grace, "Students talk to each other about their work.")
    two.says(two.grace, "The same few students answer in every lesson.")
    two.presses(two.grace, "From the framework")
    practices = options_of(two.grace, "practice")
    two.presses(two.grace, "Show its look-fors", practice=practices["Students give reasons"])
    picks = options_of(two.grace, "picks")
    two.presses(two.grace, "Add these", picks="\n".join(list(picks.values())[:2]))
    two.says(two.grace, "that is all")
    two.says(two.imani, "12 #1: three of 22 students gave a reason nobody had asked for")
    two.says(two.grace, "12 #1: one student said why")
    two.says(two.imani, "done")
    two.says(two.grace, "done")
    two.talk()
    two.promise()
    two.presses(two.imani, "All that was written")
    two.imani.sees("Practice: Students give reasons")
    two.says(two.imani, "thread lincoln middle")
    two.presses(two.imani, "Evidence")
    two.imani.sees("three of 22 students gave a reason", "(Students give reasons)")


def test_a_note_on_another_room_is_no_rewrite_of_the_challenged_one(two: Two) -> None:
    two.prepare()
    two.says(two.imani, "12: strong engagement")
    two.says(two.imani, "14: four students asked a partner why")
    with two.chat.store.read() as tx:
        run = runs.get(tx, 1)
    assert run is not None
    assert [(e.text, e.is_impression) for e in run.state.live("notes")] == [
        ("strong engagement", True),
        ("four students asked a partner why", False),
    ]


def test_an_answer_that_begins_like_a_command_reaches_the_run(two: Two) -> None:
    two.walk()
    two.says(
        two.imani,
        "walkthrough feedback felt rushed last time, so here is one thing: three students explained",
    )
    two.grace.sees("walkthrough feedback felt rushed")


# ---------------------------------------------------------------- after


def test_the_debrief_keeps_its_order_and_the_host_listens(two: Two) -> None:
    two.walk()
    two.grace.sees("Warm feedback first", "nothing to answer")
    two.says(two.grace, "But that was only the first lesson")
    two.grace.sees("Now you listen, and Imani writes")
    two.says(two.imani, "Three students explained the ratio without being asked.")
    two.grace.sees("Three students explained the ratio without being asked", "Imani, warm feedback")


def test_both_sides_are_revealed_side_by_side(two: Two) -> None:
    two.walk()
    for words in (
        "Three students explained the ratio.",
        "done",
        "In room 14 five students waited. Why?",
        "done",
    ):
        two.says(two.imani, words)
    for who in (two.imani, two.grace):
        who.sees(
            "students explain their thinking, room 12",
            "three students explained to a partner",
            "two students explained the ratio to each other",
            "You both looked at “students explain their thinking”. Room 12: you counted",
        )
    two.imani.sees("you counted three students, Grace two. What did each of you count? Start there.")
    two.grace.sees("you counted two students, Imani three")


def test_what_each_will_do_differently_shows_when_both_have_written(two: Two) -> None:
    two.walk()
    for words in (
        "Three students explained the ratio.",
        "done",
        "In room 14 five students waited. Why?",
        "done",
    ):
        two.says(two.imani, words)
    two.says(two.imani, "go on")
    two.says(two.grace, "go on")
    two.says(two.imani, "I will ask before I tell.")
    assert "ask before I tell" not in two.grace.everything()
    two.says(two.grace, "I will visit two rooms a week.")
    two.grace.sees("ask before I tell")
    two.imani.sees("visit two rooms a week")


def test_a_next_step_is_asked_for_what_it_lacks_and_the_end_needs_one(two: Two) -> None:
    two.debrief()
    two.says(two.imani, "done")
    two.imani.sees("At least one is needed")
    two.says(two.imani, "Grace gives three feedback notes")
    two.imani.sees(
        "A next step needs by when and what evidence you will look at", "give three feedback notes"
    )
    two.presses(two.imani, "Add it", by_when="2026-12-11", evidence="the three notes")
    two.grace.sees("You: give three feedback notes. By Fri 11 Dec. To look at: the three notes")
    two.imani.sees("Noted", "Grace: give three feedback notes. By Fri 11 Dec", "Another step")


def test_a_next_step_nobody_could_check_is_challenged_once(two: Two) -> None:
    two.debrief()
    two.says(two.imani, "Grace improves engagement by Fri 11 Dec, evidence: better engagement")
    two.imani.sees("What will be there to look at when it is done?", "[Keep it as it is]")
    two.presses(two.imani, "Rewrite", text="give three teachers a written note", evidence="the three notes")
    two.imani.sees("Another step")
    two.presses(two.imani, "That is all")
    two.imani.sees("give three teachers a written note", "the three notes")


def test_the_end_gives_both_the_summary_and_counts_the_visit_once(two: Two, store: Store) -> None:
    two.finish()
    two.imani.sees(
        "Next steps", "Grace", "give three teachers a written note", "By Fri 11 Dec", "3 classroom notes"
    )
    two.grace.sees("bring the reading specialist to room 14", "Imani", "I will visit two rooms a week")
    assert [(visit.day, visit.kind, visit.led_to_next_step) for visit in held(store)] == [
        (date(2026, 12, 1).toordinal(), "walkthrough", True)
    ]
    assert held(store)[0].minutes in range(10, 30)
    with store.read() as tx:
        rows = list(tx.exec(select(PromiseRow)))
        actions = [row.action for row in tx.exec(select(AuditRow))]
    assert [(row.owner_id, row.by_when) for row in rows] == [
        (two.grace.id, date(2026, 12, 11)),
        (two.imani.id, date(2026, 12, 15)),
    ]
    assert {"run.started", "visit.planned", "visit.held", "run.ended"} <= set(actions)


def test_the_summary_says_that_the_visit_counts_and_tells_the_ild_when_the_next_is_due(two: Two) -> None:
    two.finish()
    for who in (two.imani, two.grace):
        who.sees("The visit counts as held, 15 minutes. 3 classroom notes.")
    two.imani.sees("Next visit by its rhythm (every two weeks): due by Tue 15 Dec.")
    two.grace.does_not_see("by its rhythm")


def test_the_summary_names_the_day_of_the_visit_where_the_run_began_on_another(two: Two) -> None:
    two.prepare()
    two.chat.move_to("2026-12-03 09:00")
    two.walk_on()
    two.talk()
    two.promise()
    two.imani.sees(
        "Lincoln Middle walkthrough, Tue 1 Dec", "The visit counts as held on Thu 3 Dec, 15 minutes."
    )


def test_what_was_skipped_and_what_may_be_edited_reads_with_a_colon(two: Two) -> None:
    two.begin()
    two.says(two.grace, "skip because we named it last week")
    two.says(two.grace, "The same few students answer.")
    two.says(two.grace, "edit")
    assert "A challenge: The same few students answer." in render(two.grace.seen[-1])


def test_a_rewritten_note_keeps_its_room_and_look_for(two: Two) -> None:
    two.prepare()
    two.says(two.imani, "12 #2: strong engagement")
    two.presses(two.imani, "Rewrite", text="18 of 22 students wrote in pairs for ten minutes")
    with two.chat.store.read() as tx:
        run = runs.get(tx, 1)
    assert run is not None
    note = run.state.live("notes")[0]
    assert (note.data["room"], note.data["look_for"]) == ("12", str(run.state.live("look_fors")[1].number))


def test_every_card_names_the_one_who_promised_with_a_colon(two: Two) -> None:
    two.finish()
    two.says(two.grace, "edit")
    two.says(two.imani, "my week")
    two.chat.move_to("2026-12-15 09:00")
    two.begin()
    for who in (two.imani, two.grace):
        shown = "\n".join(render(card) for card in who.seen)
        assert "bring the reading specialist" in shown
        assert not re.search(r"\b(?:Imani|You|Imani Brooks|Grace|promised)\s+(?:bring|give) ", shown)


def test_the_planned_visit_is_the_one_that_counts(two: Two, store: Store) -> None:
    planned = plan_visit(store, date(2026, 12, 2))
    two.finish()
    assert [(visit.id, visit.day) for visit in held(store)] == [(planned, date(2026, 12, 1).toordinal())]


def test_a_visit_counted_by_hand_on_that_day_is_not_counted_again(two: Two, store: Store) -> None:
    two.walk()
    two.says(two.imani, "visited lincoln middle 45 min")
    two.says(two.imani, "resume")
    for words in (
        "Three students explained the ratio.",
        "done",
        "In room 14 five students waited. Why?",
        "done",
    ):
        two.says(two.imani, words)
    for who in (two.imani, two.grace):
        two.says(who, "go on")
        two.says(who, "I will ask before I tell.") if who is two.grace else None
    two.says(two.imani, "I will wait longer.")
    two.says(two.imani, "I will bring the schedule by Fri 11 Dec, evidence: the schedule of room 14")
    two.says(two.imani, "done")
    assert len(held(store)) == 1


# ---------------------------------------------------------------- at any time


def test_killing_the_process_between_any_two_messages_loses_nothing(store: Store) -> None:
    two = Two(store, restarts=True)
    two.finish()
    two.imani.sees("Next steps", "Differently from now on")
    assert len(held(store)) == 1
    two.close()


def test_one_can_go_back_change_the_answer_and_come_forward_again(two: Two) -> None:
    two.begin()
    two.says(two.grace, "Students talk.")
    two.says(two.grace, "back")
    two.grace.sees("One strength", "[Leave it as it is]")
    two.says(two.grace, "Students talk to each other about their work.")
    two.grace.sees("And what is hard?")


def test_skipping_asks_for_the_reason_and_the_summary_shows_it(two: Two) -> None:
    two.begin()
    two.says(two.grace, "skip")
    two.grace.sees("Leave out “A strength”: why?")
    two.says(two.grace, "we named it last week")
    two.grace.sees("And what is hard?")
    two.says(two.grace, "skip because there is no time today")
    two.grace.sees("What should you both look for")
    two.says(two.grace, "skip")
    two.grace.sees("cannot be skipped")


def test_a_pause_of_days_ends_with_one_word_and_both_go_on_where_they_stood(two: Two) -> None:
    two.prepare()
    two.says(two.imani, "12: three students explained the ratio to a partner")
    two.says(two.imani, "pause")
    two.imani.sees("Paused at “Classroom notes”")
    two.grace.sees("Imani paused")
    two.says(two.grace, "12: two students asked why")
    two.grace.sees("paused", "[Resume]")
    two.chat.wait(days=3)
    two.says(two.grace, "resume")
    two.grace.sees("with the classroom's number")
    two.imani.sees("Grace resumed", "The next one")
    two.imani.does_not_see("Noted")
    two.says(two.imani, "14: four students asked a partner why")
    two.imani.sees("Noted")


def test_an_answer_days_later_needs_no_word_at_all(two: Two) -> None:
    two.begin()
    two.chat.wait(days=4)
    two.says(two.grace, "Students talk to each other about their work.")
    two.grace.sees("And what is hard?")


def test_several_open_runs_get_a_choice(two: Two) -> None:
    two.begin()
    two.says(two.imani, "walkthrough roosevelt")
    two.says(two.imani, "resume")
    two.imani.sees("Which one?", "[Lincoln Middle, walkthrough", "[Roosevelt High, walkthrough")
    two.presses(two.imani, "Lincoln Middle")
    two.imani.sees("Lincoln Middle walkthrough, step 1 of 9", "Grace: writing")


def test_words_meant_for_one_run_never_land_in_another(two: Two, store: Store) -> None:
    two.prepare()
    two.says(two.imani, "walkthrough lincoln elementary")
    two.says(two.imani, "resume")
    two.presses(two.imani, "Lincoln Middle")
    farid = two.chat.person(email("farid.haddad"))
    for words in ("Reading aloud.", "Wait time.", "teachers wait three seconds", "done"):
        two.says(farid, words)
    two.imani.sees("in the middle of something else", "[Answer here]")
    two.says(two.imani, "12: three students explained the ratio to a partner")
    with store.read() as tx:
        first, second = runs.get(tx, 1), runs.get(tx, 2)
    assert first is not None
    assert second is not None
    assert (len(first.state.live("notes")), len(second.state.live("notes"))) == (1, 0)


def test_where_are_we_says_how_it_stands_for_both(two: Two) -> None:
    two.prepare()
    two.says(two.imani, "12: three students explained the ratio to a partner")
    two.says(two.grace, "where are we")
    two.grace.sees("Classroom notes", "step 4 of 9", "You: writing", "Imani: writing, 1 so far")


def test_stopping_needs_a_yes_and_a_reason_and_the_visit_does_not_count(two: Two, store: Store) -> None:
    two.prepare()
    two.says(two.imani, "stop")
    two.imani.sees("for good?", "[Stop it]", "[Go on]")
    two.presses(two.imani, "Stop it")
    two.imani.sees("Nothing was stopped yet")
    two.says(two.imani, "stop")
    two.presses(two.imani, "Stop it", reason="fire drill all morning")
    two.imani.sees("Stopped. Grace knows")
    two.grace.sees("Imani stopped the Lincoln Middle walkthrough")
    two.grace.does_not_see("fire drill")
    assert held(store) == []


def test_an_answer_is_edited_after_the_end_and_the_promise_follows(two: Two, store: Store) -> None:
    two.finish()
    two.chat.wait(days=2)
    two.says(two.grace, "edit")
    two.grace.sees("Your answers", "Students talk to each other about their work")
    button = next(b for b in buttons_of(two.grace.seen[-1]) if b.label == "Edit")
    two.grace._send(Pressed(button.action.encode()), None)
    two.presses(two.grace, "Save", text="Students question each other about their work.")
    two.grace.sees("Changed: Students question each other")
    card = two.grace.seen[-1]
    two.says(two.grace, "edit")
    steps = [b for b in buttons_of(two.grace.seen[-1]) if b.label == "Edit"]
    two.grace._send(Pressed(steps[-2].action.encode()), None)
    two.presses(two.grace, "Save", by_when="2026-12-18")
    two.grace.sees("By Fri 18 Dec")
    assert card.blocks
    with store.read() as tx:
        school = tx.exec(select(RunRow.school_id)).one()
        assert [row.by_when for row in promises.open_at(tx, [school])] == [
            date(2026, 12, 15),
            date(2026, 12, 18),
        ]
        run = runs.get(tx, 1)
        actions = list(tx.exec(select(AuditRow.action).where(AuditRow.action == "run.answer_edited")))
    assert run is not None
    assert [old.text for old in run.state.entries[0].history] == [
        "Students talk to each other about their work."
    ]
    assert len(actions) == 2
    two.chat.wait(hours=6)
    assert "Grace changed a next step" in two.imani.everything()


def test_the_next_visit_opens_with_what_was_promised_by_both(two: Two, store: Store) -> None:
    two.finish()
    two.chat.move_to("2026-12-15 09:00")
    two.begin()
    for who in (two.imani, two.grace):
        who.sees(
            "Last time (Tue 1 Dec, walkthrough)",
            "“give three teachers a written note” by Fri 11 Dec",
            "“bring the reading specialist to room 14” by Tue 15 Dec",
        )
    with store.read() as tx:
        assert [row.looked_at for row in tx.exec(select(PromiseRow))] == [None, None]
    for who, words in (
        (two.grace, ("Talk.", "Silence.", "students explain", "done", "12: two students spoke", "done")),
    ):
        for text in words:
            two.says(who, text)
    for text in (
        "12: three students spoke",
        "done",
        "Three students spoke.",
        "done",
        "skip because we talked",
        "go on",
    ):
        two.says(two.imani, text)
    two.says(two.grace, "go on")
    two.says(two.imani, "I will wait longer.")
    two.says(two.grace, "I will ask more.")
    two.grace.sees(
        "First, what came of last time", "You", "give three teachers a written note", "[Kept]", "[Dropped]"
    )
    two.presses(two.grace, "Kept")
    two.says(two.grace, "I will bring the schedule by Fri 18 Dec, evidence: the schedule of room 14")
    two.says(two.grace, "done")
    with store.read() as tx:
        rows = list(tx.exec(select(PromiseRow)))
    assert [(row.state, row.looked_at is not None) for row in rows] == [
        ("kept", True),
        ("open", True),
        ("open", False),
    ]


# ---------------------------------------------------------------- twice, late, at once


def test_a_button_pressed_twice_or_late_says_where_it_stands(two: Two, store: Store) -> None:
    two.prepare()
    two.imani.collect()
    first = next(b for b in buttons_of(two.imani.seen[-1]) if b.label == "Log it")
    values = {"room": "12", "text": "three students explained the ratio to a partner"}
    two.imani._send(Pressed(first.action.encode(), values), None)
    before = count_events(store)
    two.imani._send(Pressed(first.action.encode(), values), None)
    two.imani.sees("answered already", "Classroom notes")
    assert count_events(store) == before


def test_what_the_other_one_writes_meanwhile_makes_no_button_old(two: Two, store: Store) -> None:
    two.prepare()
    two.imani.collect()
    button = next(b for b in buttons_of(two.imani.seen[-1]) if b.label == "Log it")
    two.says(two.grace, "12: two students explained the ratio to each other")
    two.imani._send(
        Pressed(button.action.encode(), {"room": "14", "text": "four students asked a partner why"}), None
    )
    two.imani.sees("Noted")


def test_of_two_at_once_the_second_is_decided_again_and_nothing_is_lost(
    two: Two, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    two.prepare()
    with store.read() as tx:
        stale = runs.get(tx, 1)
    two.says(two.grace, "12: two students explained the ratio to each other")
    real, given = runs.get, [stale]
    monkeypatch.setattr(runs, "get", lambda tx, run_id: given.pop() if given else real(tx, run_id))
    # the first reading is from before Grace's note, as in a process that read a moment earlier
    two.says(two.imani, "14: four students asked a partner why")
    two.imani.sees("Noted")
    with store.read() as tx:
        run = real(tx, 1)
    assert run is not None
    assert [entry.seat for entry in run.state.live("notes")] == ["host", "visitor"]


def test_nothing_of_what_people_wrote_stands_in_the_log(
    store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    two = Two(store)
    with caplog.at_level("DEBUG"):
        two.finish()
    assert not re.search(r"ratio|specialist|two rooms", caplog.text)


def test_a_next_step_typed_while_the_other_closed_the_run_is_kept(two: Two, store: Store) -> None:
    two.finish()
    two.says(two.grace, "I will send the schedule by Fri 11 Dec, evidence: the schedule of room 14")
    two.grace.sees("Imani had closed it a moment before", "kept all the same")
    with store.read() as tx:
        assert [row.what for row in tx.exec(select(PromiseRow))][-1] == "send the schedule"
    two.says(two.grace, "I will send the plan by Fri 11 Dec, evidence: the plan of room 14")
    two.grace.does_not_see("kept all the same")


def test_the_principal_rates_the_visit_and_nobody_is_shown_it(two: Two, store: Store) -> None:
    two.finish()
    two.grace.sees("How useful was this visit for your own work?")
    assert "How useful" not in two.imani.everything()
    two.presses(two.grace, "Very")
    assert [(visit.useful, visit.confirmed_by) for visit in held(store)] == [(4, "principal")]
    two.imani._send(Pressed("run.useful?run=1&n=1"), None)
    two.imani.sees("the principal's to say")
    assert [visit.useful for visit in held(store)] == [4]


def test_whoever_has_left_the_school_is_not_asked_and_cannot_write(two: Two, store: Store) -> None:
    two.prepare()
    with store.begin() as tx:
        row = tx.exec(select(RunRow)).one()
        assignment = tx.exec(select(AssignmentRow).where(AssignmentRow.school_id == row.school_id)).one()
        assignment.principal_id = None
        tx.add(assignment)
    before = count_events(store)
    two.says(two.grace, "12: two students explained the ratio to each other")
    assert count_events(store) == before
    two.says(two.grace, "pause")
    two.grace.does_not_see("Paused", "ratio")
    assert count_events(store) == before


def test_new_words_that_name_somebody_are_refused_and_offered_back(two: Two) -> None:
    two.finish()
    two.says(two.imani, "edit")
    two.presses(two.imani, "Edit")
    two.presses(two.imani, "Save", text="Ms. Ortega asked two questions")
    two.imani.sees("seems to name", "Ms. Ortega asked two questions", "[Save]")
    two.says(two.imani, "The teacher asked two questions and waited")
    two.imani.sees("Changed:", "The teacher asked two questions and waited")


def test_with_nothing_open_the_words_say_how_to_begin(two: Two) -> None:
    for words, answer in (
        ("resume", "Nothing of yours is open"),
        ("where are we", "Nothing of yours is open"),
        ("edit", "You have written nothing"),
    ):
        two.says(two.imani, words)
        two.imani.sees(answer)


def test_everything_can_be_done_with_buttons_and_fields_alone(two: Two, store: Store) -> None:
    two.says(two.imani, "walkthrough")
    two.presses(two.imani, "Lincoln Middle")
    two.presses(two.grace, "Send", text="Students talk to each other.")
    two.presses(two.grace, "Skip")
    two.presses(two.grace, "Skip it", reason="we named it last week")
    two.presses(two.grace, "Send", text="students explain their thinking")
    two.presses(two.grace, "Go on")
    look_for = next(
        f for f in two.imani.collect()[-1].blocks if isinstance(f, Field) and f.name == "look_for"
    )
    two.presses(
        two.imani,
        "Log it",
        room="12",
        text="three students explained the ratio",
        look_for=look_for.options[0].value,
    )
    two.presses(two.imani, "Done with classrooms")
    two.presses(two.grace, "Log it", room="12", text="two students explained the ratio to each other")
    two.presses(two.grace, "Done with classrooms")
    two.presses(two.imani, "Send", text="Three students explained the ratio without being asked.")
    two.presses(two.imani, "Go on")
    two.presses(two.imani, "Send", text="In room 14 five students waited for six minutes.")
    two.presses(two.imani, "Go on")
    for who in (two.imani, two.grace):
        two.presses(who, "Go on")
    two.presses(two.imani, "Send", text="I will ask before I tell.")
    two.presses(two.grace, "Send", text="I will visit two rooms a week.")
    two.presses(
        two.grace,
        "Add it",
        text="send the schedule",
        who="host",
        by_when="2026-12-11",
        evidence="the schedule",
    )
    two.presses(two.grace, "That is all")
    two.grace.sees("Next steps", "send the schedule")
    assert len(held(store)) == 1
