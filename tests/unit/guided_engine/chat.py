"""A run as a chat between two people: say, press, see. Names are invented."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from protocols.guided.catalog import library
from protocols.guided.engine import begin, decide
from protocols.guided.events import Event
from protocols.guided.history import follow
from protocols.guided.moves import Answer, Move, MoveRefused, Reason
from protocols.guided.prompts import Prompt, Waiting, prompts
from protocols.guided.refusals import explain
from protocols.guided.state import Promise, RunState
from protocols.guided.steps import Protocol, Role

HOST, VISITOR = Role.HOST, Role.VISITOR
NAMES = {HOST: "Amara Diallo", VISITOR: "Jun Okafor"}
START = datetime(2026, 12, 1, 14, 0, tzinfo=UTC)


class Chat:
    """One run in memory. Every move is a minute after the one before; refused moves leave the run as it is."""

    def __init__(self, key: str = "walkthrough", promises: Sequence[Promise] = ()) -> None:
        self.protocol: Protocol = library()[key]
        self.now = START
        self.events: list[Event] = list(begin(self.protocol, at=self.now, promises=promises))
        self.state: RunState = follow(self.protocol, RunState(), self.events)

    def do(self, move: Move) -> tuple[Event, ...]:
        self.now += timedelta(minutes=1)
        events = decide(self.protocol, self.state, move, at=self.now)
        self.state = follow(self.protocol, self.state, events)
        self.events += events
        return events

    def step(self, role: Role) -> str:
        return prompts(self.protocol, self.state)[role].step

    def say(self, role: Role, text: str, **data: str) -> None:
        self.do(Answer(role, self.step(role), text, data))

    def press(self, role: Role, kind: type, *args: object) -> None:
        """Presses a button of the card the person sees now: step and version come from there."""
        prompt = self.asked(role)
        self.do(kind(role, prompt.step, *args, version=prompt.version))

    def refused(self, move: Move) -> tuple[Reason, str]:
        before = self.state
        try:
            self.do(move)
        except MoveRefused as refused:
            assert self.state is before
            return refused.reason, explain(refused, self.protocol, NAMES)
        raise AssertionError(f"{move} was not refused")

    def asked(self, role: Role) -> Prompt | Waiting:
        return prompts(self.protocol, self.state, NAMES)[role]

    def sees(self, role: Role) -> str:
        return self.asked(role).text
