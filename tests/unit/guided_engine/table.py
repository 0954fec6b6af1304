"""A run of any protocol around a table: as many people as asked for, a watch, and everything that must stay true.

``Table.do`` plays one move and checks what it changed; ``Table.check`` looks at what everybody is shown. What was
said is made of words that occur once, so that they can be looked for in everything that anybody sees.
"""

from collections import defaultdict
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta

from protocols.guided import moves
from protocols.guided.binding import bind
from protocols.guided.catalog import library
from protocols.guided.engine import begin, call, decide
from protocols.guided.events import Event, EventKind
from protocols.guided.history import follow, replay
from protocols.guided.moves import Move, MoveRefused
from protocols.guided.prompts import Manner, Prompt, Waiting, prompts
from protocols.guided.refusals import explain
from protocols.guided.state import RunState, Status, is_passed_over, lap_item
from protocols.guided.steps import (
    Offer,
    Option,
    Protocol,
    Role,
    SeatKey,
    StepKind,
    Visibility,
    seat_key,
)
from protocols.guided.summary import summary, visible

START = datetime(2026, 12, 1, 14, 0, tzinfo=UTC)
DUE = date(2027, 1, 12)
OFFERS = (
    Offer("why", "Students say why", "Talk"),
    Offer("revise", "Students revise their work", "Work"),
    Offer("ask", "Students ask one another", "Talk"),
)
LEVELS = (Option("not", "Not seen"), Option("some", "Some"), Option("most", "Most"))
BOUND: Mapping[str, Protocol] = {
    key: bind(protocol, offers=OFFERS, levels=LEVELS) for key, protocol in library().items()
}
SPARE = 2  # people beyond the fewest, of each role that has room
_OVER = (EventKind.ENDED, EventKind.ABANDONED)
_DONE = (EventKind.FINISHED, EventKind.SKIPPED)
_ASIDE = (
    *(EventKind.EDITED, EventKind.EXTENDED, EventKind.RESTED, EventKind.JOINED, EventKind.LEFT),
    EventKind.HANDED_OVER,
)


class Table:
    """One run in memory. A minute passes between moves; refused moves leave everything as it is."""

    def __init__(self, protocol: Protocol, *, is_full: bool) -> None:
        self.protocol = protocol
        self.now = START
        seats = tuple(
            seat_key(role, number)
            for role, part in protocol.parts.items()
            for number in range(
                1, 1 + (min(part.at_most, part.at_least + SPARE) if is_full else part.at_least)
            )
        )
        groups = {seat: 1 + place % 2 for place, seat in enumerate(seats)} if is_full else {}
        self.state = RunState()
        self.events: list[Event] = []
        self.said: dict[str, tuple[str, str]] = {}  # words: the step, and the person who wrote them
        self.cards: list[Prompt] = []
        self.persons: dict[SeatKey, int] = {}
        self.done: set[tuple[str, int, int, SeatKey]] = set()
        self.opened: set[tuple[str, int, int]] = set()
        self.written: dict[int, int] = {}  # the lap in which an entry was written
        self.visited: dict[tuple[str, int, int], dict[int, int]] = defaultdict(dict)
        self.last: Move | None = None
        self.take(begin(protocol, at=self.now, seats=seats, groups=groups))

    # what happens

    def do(self, move: Move) -> bool:
        """Plays a move. False where it was refused, which must change nothing and have a sentence."""
        self.now += timedelta(minutes=1)
        before = self.state
        try:
            events = decide(self.protocol, self.state, move, at=self.now)
        except MoveRefused as refused:
            assert self.state is before
            sentence = explain(refused, self.protocol)
            assert len(sentence) < 200, sentence
            assert "{" not in sentence, sentence
            return False
        self.take(events)
        self.last = move
        if isinstance(move, moves.Join | moves.HandOver):
            self.persons[move.seat] = len(self.events)
        for words in _words_of(move):
            is_answer = not isinstance(move, moves.Skip | moves.Abandon)
            self.said.setdefault(words, (move.step if is_answer else "", self.person(move.seat)))
        return True

    def come_back(self) -> None:
        """The clock calls whoever left a step for another day."""
        self.take(call(self.protocol, self.state, at=self.now))

    def take(self, events: tuple[Event, ...]) -> None:
        for event in events:
            before = self.state
            self.state = follow(self.protocol, self.state, (event,))
            self.events.append(event)
            self._check_event(before, event)

    def restart(self) -> None:
        """All that was in memory is gone; the run is read from what was written down."""
        protocol = Protocol.from_json(self.protocol.to_json())
        events = [Event.from_json(event.to_json()) for event in self.events]
        assert protocol == self.protocol
        assert events == self.events
        state = replay(protocol, events)
        assert state == self.state
        self.state = state

    def person(self, seat: SeatKey) -> str:
        return f"{seat}/{self.persons.get(seat, 0)}"

    def shown(self) -> dict[SeatKey, Prompt | Waiting]:
        return prompts(self.protocol, self.state)

    # what must stay true

    def _check_event(self, before: RunState, event: Event) -> None:
        state = self.state
        if before.is_over:
            assert event.kind in (EventKind.EDITED, EventKind.ANSWERED), event
        if event.kind in _DONE:
            gained = state.done - before.done
            assert gained, f"{event.seat} does {event.step} twice"
            assert not is_passed_over(before, self.protocol.step(event.step)), event
            for key, seat in gained:
                step = self.protocol.step(key)
                once = (key, before.round_of(key), before.lap_of(step), seat)
                assert once not in self.done, f"{once} twice"
                self.done.add(once)
        if event.kind is EventKind.ANSWERED or (event.kind is EventKind.KEPT and event.entry is not None):
            self.written.setdefault(event.entry or 0, before.lap_of(self.protocol.step(event.step)))
        if state.step:
            step = self.protocol.step(state.step)
            self.opened.add((step.key, state.round_of(step.key), state.lap_of(step)))
            if step.repeats:
                for seat in state.seats:
                    group = state.groups.get(seat, 1)
                    item = lap_item(state, step, seat)
                    assert item is not None
                    route = self.visited[step.repeats, state.round_of(step.key), group]
                    assert route.setdefault(state.lap_of(step), item.number) == item.number

    def check(self) -> None:
        """Everything that is shown to anybody now, and that somebody can go on."""
        protocol, state = self.protocol, self.state
        shown = self.shown()
        ends = [place for place, event in enumerate(self.events) if event.kind in _OVER]
        assert len(ends) == int(state.is_over)
        if state.status is Status.RUNNING:
            assert any(isinstance(each, Prompt) for each in shown.values()), "a dead end"
        for seat, asked in shown.items():
            assert asked.text.strip(), asked
            seen = visible(protocol, state, seat)
            page = summary(protocol, state, viewer=seat)
            self._check_words(seat, f"{asked!r}{page!r}")
            if isinstance(asked, Prompt):
                sides = [e for c in asked.comparisons for side in c.sides.values() for e in side]
                pairs = [e for c in asked.contrasts for e in (*c.left, *c.right)]
                assert {e.number for e in (*asked.entries, *sides, *pairs)} <= {e.number for e in seen}
            for entry in seen:
                assert entry.seat == seat or self._is_open(entry.number), entry
            for comparison in page.comparisons:
                assert set(comparison.levels) <= {s for s, side in comparison.sides.items() if side}
        self._check_words(None, repr(summary(protocol, state)))
        self._check_laps()

    def _is_open(self, number: int) -> bool:
        """Whether others than the writer may see an entry, told from what has happened."""
        entry = self.state.entry(number)
        assert entry is not None
        step = self.protocol.step(entry.step)
        if step.visibility is Visibility.SHARED:
            return True
        if step.visibility is Visibility.PRIVATE:
            return False
        if self.state.status is Status.ENDED:
            return True
        lap = self.written[number]
        reveals = [other for other in self.protocol.steps if step.key in other.reveals]
        if reveals:
            return any(
                (reveals[0].key, round_, lap if reveals[0].repeats else 1) in self.opened
                for round_ in range(entry.round, 9)
            )
        return (step.key, entry.round, lap) in self.state.closed

    def _check_words(self, seat: SeatKey | None, page: str) -> None:
        """No words on the page that its reader may not see yet, or not at all."""
        entries = {
            line: entry.number
            for entry in self.state.entries
            for text in (entry.text, *(revision.text for revision in entry.history))
            for line in text.split("\n")
        }
        for words, (key, person) in self.said.items():
            step = next((each for each in self.protocol.steps if each.key == key), None)
            if step is None or step.visibility is Visibility.SHARED or words not in page:
                continue
            assert seat is not None or step.visibility is Visibility.TOGETHER, words
            if seat is not None and person == self.person(seat):
                continue
            writer = SeatKey(person.split("/")[0])
            if step.visibility is Visibility.TOGETHER and writer == seat:
                continue  # whoever takes a seat over goes on with what is not private
            assert words in entries, f"{seat} sees {words!r}, which is still held"
            assert self._is_open(entries[words]), f"{seat} sees {words!r} of {person} in {key}"

    def _check_laps(self) -> None:
        for (list_key, _, group), route in self.visited.items():
            block = [step for step in self.protocol.steps if step.repeats == list_key]
            items = [entry.number for entry in self.state.live(list_key)]
            assert len(set(route.values())) == len(route), f"group {group} is in one classroom twice"
            is_behind = not self.state.step or self.protocol.position(self.state.step) > max(
                self.protocol.position(step.key) for step in block
            )
            if is_behind and self.state.status is not Status.ABANDONED:
                assert sorted(route.values()) == items, f"group {group} missed a classroom"

    def check_nothing_lost(self) -> None:
        held = (EventKind.CHALLENGED, EventKind.OVERFULL)
        kept = [event.text for event in self.events if event.kind in (*held, *_DONE, *_OVER)]
        for entry in self.state.entries:
            kept += [entry.text, *(revision.text for revision in entry.history)]
        joined = "\n".join(kept)
        lost = [words for words in self.said if words not in joined]
        assert not lost

    def check_card(self, card: Prompt) -> None:
        """An accepted press of a button came from a card that was not behind its person's back."""
        since = self.events[card.version :]
        assert not [e for e in since if e.seat == card.seat and e.kind not in _ASIDE], card

    # what a willing person does

    def natural(self, asked: Prompt, pick: int = 0, verdict: str = "") -> Move | None:
        """The move that the card asks for; None where others come first."""
        seat, step, version = asked.seat, asked.step, asked.version
        words = f"<{seat} {len(self.events)}.{pick} of {len(self.said)}>"
        data = {"verdict": verdict} if verdict else {}
        match asked.manner:
            case Manner.CHALLENGE if pick % 3 == 0:
                return moves.KeepAsImpression(seat, step, version)
            case Manner.CHALLENGE if asked.kind is StepKind.NEXT_STEPS:
                return moves.AddNextStep(seat, step, "host", words, DUE, "notes", data, version)
            case Manner.CHALLENGE:
                return moves.Rewrite(seat, step, words, data, version)
            case Manner.CHOOSE:
                most = min(self.protocol.step(step).max_entries, len(asked.options))
                first = len(asked.options) - most if pick % 2 else 0
                return moves.Choose(seat, step, tuple(range(first + 1, first + most + 1)), version)
            case Manner.REVEAL | Manner.TALK | Manner.LEAD:
                return moves.Finish(seat, step, version) if asked.may_finish else None
        if asked.may_finish and (len(asked.entries) > 1 or asked.is_revisited or pick % 7 == 6):
            return moves.Finish(seat, step, version)
        return self._answer(asked, words, pick, data)

    def _answer(self, asked: Prompt, words: str, pick: int, data: dict[str, str]) -> Move:
        seat, step, version = asked.seat, asked.step, asked.version
        text = words
        match asked.kind:
            case StepKind.NEXT_STEPS:
                return moves.AddNextStep(seat, step, "host", words, DUE, "notes", data, version)
            case StepKind.CHOICE:
                text, data = asked.options[pick % len(asked.options)].key, {}
            case StepKind.LIST:
                lines = [f"{words} {line}" for line in range(1 + pick % 4)]
                text, data = "\n".join([OFFERS[pick % 3].key, *lines] if pick % 2 else lines), {}
            case StepKind.FIGURES:
                text, data = f"{pick % 100} % of students {words}", {}
            case StepKind.NOTES:
                data = {"room": str(1 + pick % 9), **data}
                if asked.tags and pick % 2:
                    data["look_for"] = asked.tags[pick % len(asked.tags)].key
        return moves.Answer(seat, step, text, data, version)

    def finish(self) -> None:
        """From wherever a run stands, doing what the cards ask leads to its end."""
        if self.state.status is Status.PAUSED:
            assert self.do(moves.Resume(self.state.seats[0]))
        for _ in range(300):
            if self.state.is_over:
                return
            for seat in self.state.seats:
                asked = self.shown().get(seat)
                if not isinstance(asked, Prompt):
                    continue
                ends = [option.key for option in self.protocol.step(asked.step).options if not option.again]
                if asked.may_finish:
                    move: Move | None = moves.Finish(seat, asked.step, asked.version)
                elif asked.manner is Manner.ASK and asked.kind is StepKind.CHOICE:
                    move = moves.Answer(seat, asked.step, ends[-1], {}, asked.version)
                else:
                    move = self.natural(asked, 1)
                if move is not None:
                    assert self.do(move), (asked, move)
        raise AssertionError("the run does not end")


def _words_of(move: Move) -> list[str]:
    """The words of a move that can be found again: those that occur once."""
    text = getattr(move, "text", "") or getattr(move, "what", "") or getattr(move, "reason", "")
    return [line for line in text.split("\n") if "<" in line]


def roles_with_room(protocol: Protocol) -> list[Role]:
    """The roles that people may join and leave."""
    return [role for role, part in protocol.parts.items() if part.at_most > part.at_least]
