"""Whatever two people do, in whatever order: nothing lost, nothing twice, one end, and the same run on replay."""

from collections import Counter
from datetime import date

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from protocols.guided import moves
from protocols.guided.engine import decide
from protocols.guided.events import Event, EventKind
from protocols.guided.history import BrokenHistory, follow, replay
from protocols.guided.moves import Move, MoveRefused, Reason
from protocols.guided.prompts import Manner, Prompt, prompts
from protocols.guided.refusals import explain
from protocols.guided.state import RunState, Status
from protocols.guided.steps import Role, StepKind, Visibility
from protocols.guided.summary import summary, visible
from tests.examples import tried
from tests.unit.guided_engine.chat import HOST, NAMES, VISITOR, Chat

ROLES = st.sampled_from([HOST, VISITOR])
VERDICTS = st.sampled_from(["", "evidence", "judgement", "mixed", "weak"])
DUE = date(2027, 1, 12)
NEXT_STEP = {"who": "host", "by_when": DUE.isoformat(), "evidence": "twelve notes"}


class AnyOrder(RuleBasedStateMachine):
    """Two people at one run, pressing and writing as they like, with old cards still on their screens."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []
        self.last: Move | None = None
        self.old_cards: list[Prompt] = []

    @initialize(key=st.sampled_from(["walkthrough", "cycle_of_inquiry"]), turns=st.integers(0, 16))
    def begin(self, key: str, turns: int) -> None:
        self.chat = Chat(key)
        self.go_on_together(turns, "adapt", "")

    def attempt(self, move: Move) -> bool:
        for asked in prompts(self.chat.protocol, self.chat.state, NAMES).values():
            if isinstance(asked, Prompt):
                self.old_cards.append(asked)
        before, count = self.chat.state, len(self.chat.events)
        try:
            self.chat.do(move)
        except MoveRefused:
            assert self.chat.state is before
            assert len(self.chat.events) == count
            return False
        self.last = move
        text = getattr(move, "text", "") or getattr(move, "what", "")
        if text and not text.isdecimal() and text not in ("adopt", "adapt"):
            self.said += text.split("\n")
        return True

    def words(self) -> str:
        return f"what was seen, number {len(self.said)} of {len(self.chat.events)}"

    @rule(role=ROLES, verdict=VERDICTS)
    def go_on(self, role: Role, verdict: str) -> None:
        """Does what the card asks."""
        asked = prompts(self.chat.protocol, self.chat.state)[role]
        if isinstance(asked, Prompt):
            assert self.attempt(natural(asked, self.words(), verdict)), asked

    @rule(turns=st.integers(1, 4), decision=st.sampled_from(["adopt", "adapt"]), verdict=VERDICTS)
    def go_on_together(self, turns: int, decision: str, verdict: str) -> None:
        for _ in range(turns):
            for role in (HOST, VISITOR):
                asked = prompts(self.chat.protocol, self.chat.state)[role]
                if isinstance(asked, Prompt):
                    assert self.attempt(natural(asked, self.words(), verdict, decision))

    @rule(role=ROLES)
    def say_done(self, role: Role) -> None:
        asked = prompts(self.chat.protocol, self.chat.state)[role]
        accepted = self.attempt(moves.Finish(role, asked.step, asked.version))
        if isinstance(asked, Prompt) and asked.may_finish:
            assert accepted

    @rule(role=ROLES)
    def go_back(self, role: Role) -> None:
        asked = prompts(self.chat.protocol, self.chat.state)[role]
        assert self.attempt(moves.Back(role, asked.step, asked.version)) == asked.may_go_back

    @rule(role=ROLES)
    def skip(self, role: Role) -> None:
        asked = prompts(self.chat.protocol, self.chat.state)[role]
        accepted = self.attempt(moves.Skip(role, asked.step, "no time today", version=asked.version))
        if isinstance(asked, Prompt) and asked.manner is Manner.ASK:
            assert accepted == asked.may_skip

    @rule(role=ROLES, lines=st.integers(1, 5))
    def send_lines(self, role: Role, lines: int) -> None:
        asked = prompts(self.chat.protocol, self.chat.state)[role]
        text = "\n".join(f"{self.words()}, line {line}" for line in range(lines))
        self.attempt(moves.Answer(role, asked.step, text, {"room": "12", **NEXT_STEP}))

    @rule(role=ROLES)
    def keep_as_impression(self, role: Role) -> None:
        self.attempt(moves.KeepAsImpression(role, self.chat.step(role)))

    @rule(role=ROLES)
    def pause_and_do_something_and_resume(self, role: Role) -> None:
        self.attempt(moves.Pause(role))
        asked = prompts(self.chat.protocol, self.chat.state)[role]
        assert not self.attempt(moves.Answer(role, asked.step or "notes", self.words()))
        self.attempt(moves.Resume(role))

    @rule(role=ROLES, number=st.integers(0, 20), decision=st.sampled_from(["adopt", "adapt", ""]))
    def edit(self, role: Role, number: int, decision: str) -> None:
        entry = self.chat.state.entry(number)
        step = entry.step if entry else "notes"
        self.attempt(moves.Edit(role, step, number, decision or self.words()))

    @rule(role=ROLES)
    def add_a_next_step(self, role: Role) -> None:
        self.attempt(moves.AddNextStep(role, "next_steps", "visitor", self.words(), DUE, "the notes"))

    @precondition(lambda self: self.last is not None)
    @rule()
    def repeat_the_last_move(self) -> None:
        """The platform delivers a button twice."""
        assert self.last is not None
        last = self.last
        is_button = last.version is not None
        assert not (self.attempt(last) and is_button)

    @precondition(lambda self: self.old_cards)
    @rule(data=st.data())
    def press_an_old_card(self, data: st.DataObject) -> None:
        card = data.draw(st.sampled_from(self.old_cards))
        asked = prompts(self.chat.protocol, self.chat.state)[card.seat]
        is_the_same = isinstance(asked, Prompt) and asked.step == card.step
        accepted = self.attempt(natural(card, self.words(), ""))
        if accepted:
            assert is_the_same or card.step == "next_steps"

    @precondition(lambda self: self.chat.state.version > 25)
    @rule(role=ROLES, certain=st.integers(0, 9))
    def abandon(self, role: Role, certain: int) -> None:
        if certain == 9:
            self.attempt(moves.Abandon(role, "Fire drill"))

    @invariant()
    def no_answer_is_lost(self) -> None:
        state = self.chat.state
        kept = {entry.text for entry in state.entries}
        kept |= {revision.text for entry in state.entries for revision in entry.history}
        held = (EventKind.CHALLENGED, EventKind.OVERFULL)  # rewritten, or not chosen: in the events for good
        kept |= {event.text for event in self.chat.events if event.kind in held}
        joined = "\n".join(kept)
        assert all(text in joined for text in self.said)

    def done(self) -> Counter[tuple[str, Role | None, int]]:
        """How often each role has done each step in each round, read off the events alone."""
        round_, again, done = 1, len(self.chat.protocol.steps), Counter[tuple[str, Role | None, int]]()
        for event in self.chat.events:
            if event.kind is EventKind.ROUND_BEGAN:
                round_, again = round_ + 1, self.chat.protocol.position(event.step)
            if event.kind in (EventKind.FINISHED, EventKind.SKIPPED):
                is_again = self.chat.protocol.position(event.step) >= again
                done[event.step, event.seat, round_ if is_again else 1] += 1
        return done

    @invariant()
    def no_step_is_done_twice_in_a_round(self) -> None:
        assert all(count == 1 for count in self.done().values())

    @invariant()
    def there_is_one_end_and_after_it_only_words_change(self) -> None:
        kinds = [event.kind for event in self.chat.events]
        ends = [i for i, kind in enumerate(kinds) if kind in (EventKind.ENDED, EventKind.ABANDONED)]
        assert len(ends) == int(self.chat.state.is_over)
        for end in ends:
            assert set(kinds[end + 1 :]) <= {EventKind.EDITED, EventKind.ANSWERED}

    @invariant()
    def somebody_can_always_go_on(self) -> None:
        if self.chat.state.status is Status.RUNNING:
            asked = prompts(self.chat.protocol, self.chat.state).values()
            assert any(isinstance(prompt, Prompt) for prompt in asked)

    @invariant()
    def nothing_is_seen_before_it_is_revealed(self) -> None:
        protocol, state = self.chat.protocol, self.chat.state
        if state.is_over:
            return
        reveals = {key: step for step in protocol.steps for key in step.reveals}
        here = protocol.position(state.step)
        for viewer in state.seats:
            for entry in visible(protocol, state, viewer):
                step = protocol.step(entry.step)
                if entry.seat == viewer or step.visibility is Visibility.SHARED:
                    continue
                if step.key in reveals:
                    assert here >= protocol.position(reveals[step.key].key)
                else:
                    assert (step.key, entry.round, 1) in state.closed
        assert summary(protocol, state)

    def teardown(self) -> None:
        if not hasattr(self, "chat"):
            return
        protocol, events, state = self.chat.protocol, self.chat.events, self.chat.state
        assert replay(protocol, events) == state
        for cut in {0, 1, len(events) // 3, len(events) // 2, len(events) - 1}:
            assert follow(protocol, replay(protocol, events[:cut]), events[cut:]) == state
        assert [Event.from_json(event.to_json()) for event in events] == events
        finish(self.chat)


def natural(asked: Prompt, words: str, verdict: str, decision: str = "adopt") -> Move:
    """The move a willing person makes on this card."""
    role, step, version = asked.seat, asked.step, asked.version
    data = {"verdict": verdict} if verdict else {}
    if asked.manner is Manner.CHALLENGE:
        return moves.Rewrite(role, step, words, data, version)
    if asked.manner is Manner.CHOOSE:
        return moves.Choose(role, step, (1, len(asked.options)), version)
    if asked.manner is Manner.REVEAL or (asked.may_finish and len(asked.entries) > 2):
        return moves.Finish(role, step, version)
    match asked.kind:
        case StepKind.NEXT_STEPS:
            return moves.AddNextStep(role, step, "host", words, DUE, "twelve notes", data, version)
        case StepKind.CHOICE:
            return moves.Answer(role, step, decision, data, version)
        case StepKind.LIST:  # two lines a message: the second message is one too many
            return moves.Answer(role, step, f"{words}\nand {words}", {}, version)
        case StepKind.NOTES:
            return moves.Answer(role, step, words, {"room": "7", **data}, version)
        case _:
            return moves.Answer(role, step, words, data, version)


def finish(chat: Chat) -> None:
    """From wherever a run stands, doing what the cards ask leads to its end."""
    if chat.state.status is Status.PAUSED:
        chat.do(moves.Resume(HOST))
    for turn in range(400):
        if chat.state.is_over:
            return
        for role in (HOST, VISITOR):
            asked = prompts(chat.protocol, chat.state)[role]
            if isinstance(asked, Prompt):
                can_finish = asked.may_finish or asked.manner is Manner.REVEAL
                move = moves.Finish(role, asked.step) if can_finish else natural(asked, f"turn {turn}", "")
                chat.do(move)
    raise AssertionError("the run does not end")


AnyOrder.TestCase.settings = tried(60, stateful_step_count=50, deadline=None)
TestAnyOrder = AnyOrder.TestCase


def test_a_missing_or_doubled_event_is_noticed() -> None:
    chat = Chat()
    chat.say(HOST, "Children read every day.")
    with pytest.raises(BrokenHistory):
        replay(chat.protocol, [*chat.events, chat.events[-1]])
    with pytest.raises(BrokenHistory):
        replay(chat.protocol, chat.events[1:])


def test_deciding_changes_nothing_by_itself() -> None:
    chat = Chat()
    move = moves.Answer(HOST, "strength", "Children read every day.")
    state = chat.state
    first = decide(chat.protocol, state, move, at=chat.now)
    assert decide(chat.protocol, state, move, at=chat.now) == first
    assert state == replay(chat.protocol, chat.events)


def test_a_moment_without_a_zone_is_a_mistake_of_the_caller() -> None:
    chat = Chat()
    with pytest.raises(ValueError, match="zone"):
        decide(chat.protocol, chat.state, moves.Pause(HOST), at=chat.now.replace(tzinfo=None))


@pytest.mark.parametrize("reason", list(Reason))
def test_every_refusal_has_a_short_kind_sentence(reason: Reason) -> None:
    data = {
        "step": "strength",
        "seats": "host",
        "missing": "who",
        "min": 1,
        "max": 3,
        "have": 0,
        "length": 9,
        "minutes": 5,
    }
    sentence = explain(MoveRefused(reason, **data), Chat().protocol, NAMES)
    assert 10 < len(sentence) < 160
    assert "!" not in sentence
    assert "{" not in sentence


def test_a_run_that_never_began_takes_no_moves() -> None:
    chat = Chat()
    with pytest.raises(MoveRefused, match="not_taking_part"):
        decide(chat.protocol, RunState(), moves.Answer(HOST, "strength", "a"), at=chat.now)
