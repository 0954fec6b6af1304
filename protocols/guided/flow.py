"""The flow of a protocol in words, for a picture or a page: who does what, in which order, and where it turns.

Whatever a district changes in a file shows here at once: nothing is written by hand about one protocol. A *box* is
a step. *Marks* say what is special about it (silent roles, what is shown later, who closes it), always in words. A
*bend* is where the order is not straight: a choice that goes back, or a block that is done once for each entry of
a list.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby

from protocols.guided.steps import (
    MANY,
    Challenge,
    Closing,
    Part,
    Protocol,
    Source,
    Step,
    StepKind,
    Visibility,
    join_names,
)


class BendKind(StrEnum):
    BACK = "back"  # from a choice to an earlier step
    BLOCK = "block"  # these steps, once for each entry of a list


@dataclass(frozen=True, slots=True)
class Bend:
    """Where the order is not straight. ``first`` and ``last`` are the numbers of boxes, from above to below."""

    kind: BendKind
    first: int
    last: int
    words: str


@dataclass(frozen=True, slots=True)
class Box:
    """One step. ``number`` counts from 1 through the whole protocol; ``minutes`` is None where time is not set.

    ``silent`` are those who listen without answering. ``is_each_round`` is true in a block, where the minutes are
    those of one round. ``options`` are those of a choice, with where they lead if not simply on; ``condition`` is in
    words, and "" where the step is always done. ``comes_back`` is in words too: how a step left open returns.
    """

    number: int
    title: str
    kind: StepKind
    does: str
    people: str
    silent: str = ""
    marks: tuple[str, ...] = ()
    options: tuple[str, ...] = ()
    minutes: int | None = None
    is_each_round: bool = False
    condition: str = ""
    comes_back: str = ""


@dataclass(frozen=True, slots=True)
class Time:
    """Minutes of several steps together, 0 where none are set: with one round of what is repeated (``has_rounds``),
    and of branches that exclude each other the longest, so that it may be less (``has_branches``)."""

    minutes: int
    has_rounds: bool = False
    has_branches: bool = False


@dataclass(frozen=True, slots=True)
class Phase:
    """Neighbouring steps of one phase, and how long they take together."""

    title: str
    boxes: tuple[Box, ...]
    time: Time


@dataclass(frozen=True, slots=True)
class Flow:
    """The whole of it. ``people`` says for each role what it is called and how many take part."""

    key: str
    title: str
    purpose: str
    source: str
    people: tuple[str, ...]
    leads: str
    time: Time
    phases: tuple[Phase, ...]
    bends: tuple[Bend, ...]

    @property
    def boxes(self) -> tuple[Box, ...]:
        return tuple(box for phase in self.phases for box in phase.boxes)


_CHALLENGES = {
    Challenge.EVIDENCE: "asked once for what was seen or heard",
    Challenge.NEXT_STEP: "asked once how it will be checked",
    Challenge.PROBLEM_OF_PRACTICE: "asked once whether it is one's own, and small enough",
    Challenge.AIM: "asked once for whom, how much, by when",
    Challenge.RATIONALE: "asked once how cause and strategy join",
}


def describe(protocol: Protocol) -> Flow:
    """The flow of ``protocol``, as the file says it."""
    numbered = enumerate(protocol.steps, 1)
    phases = [(title, tuple(steps)) for title, steps in groupby(numbered, key=lambda pair: pair[1].phase)]
    return Flow(
        key=protocol.key,
        title=protocol.title,
        purpose=protocol.purpose,
        source=protocol.source,
        people=tuple(f"{part.called}{_how_many(part)}" for part in protocol.parts.values()),
        leads=protocol.roles[protocol.leads] if protocol.leads else "",
        time=_time([step for step in protocol.steps if protocol.is_for_all_runs(step)]),
        phases=tuple(
            Phase(
                title,
                tuple(_box(protocol, number, step) for number, step in steps),
                _time([step for _, step in steps if protocol.is_for_all_runs(step)]),
            )
            for title, steps in phases
        ),
        bends=(*_blocks(protocol), *_returns(protocol)),
    )


def say_minutes(minutes: int) -> str:
    """ "50 minutes", "1 hour 9 minutes"; "as long as it takes" for 0."""
    if not minutes:
        return "as long as it takes"
    hours, rest = divmod(minutes, 60)
    parts = (_count(hours, "hour") if hours else "", _count(rest, "minute") if rest else "")
    return " ".join(filter(None, parts))


def say_time(time: Time) -> str:
    """How long several steps take, and what that rests on."""
    most = "up to " if time.has_branches else ""
    rounds = ", with one round of what is repeated" if time.has_rounds else ""
    return f"{most}{say_minutes(time.minutes)}{rounds}"


def write_out(flow: Flow) -> tuple[str, ...]:
    """The flow as lines of plain text, for whoever does not see a picture: one a step, phases and bends named."""
    lines: list[str] = []
    for phase in flow.phases:
        time = f" ({say_time(phase.time)})" if phase.time.minutes else ""
        lines.append(f"{_capital(phase.title)}{time}:")
        lines += [f"{box.number}. {say_box(box)}" for box in phase.boxes]
    return (*lines, *(f"{say_bend(bend)}." for bend in flow.bends))


def say_box(box: Box) -> str:
    """A step in a sentence or two, without its number."""
    each = " each round" if box.is_each_round else ""
    time = f", {say_minutes(box.minutes)}{each}" if box.minutes else ""
    condition = f"{_capital(box.condition)}: " if box.condition else ""
    silent = f"silent: {box.silent}" if box.silent else ""
    more = ". ".join(_capital(words) for words in (silent, *box.options, *box.marks, box.comes_back) if words)
    return f"{condition}{box.title}. {_capital(box.people)}: {box.does}{time}.{f' {more}.' if more else ''}"


def say_bend(bend: Bend) -> str:
    """ "Steps 5 to 6: once for each of “Classrooms”" """
    if bend.kind is BendKind.BACK:
        return f"From step {bend.last} back to step {bend.first}: {bend.words}"
    steps = f"Step {bend.first}" if bend.first == bend.last else f"Steps {bend.first} to {bend.last}"
    return f"{steps}: {bend.words}"


def _box(protocol: Protocol, number: int, step: Step) -> Box:
    return Box(
        number=number,
        title=step.title,
        kind=step.kind,
        does=_does(step),
        people=join_names([protocol.roles[role] for role in step.who]),
        silent=join_names([protocol.roles[role] for role in step.listens]),
        marks=tuple(_marks(protocol, step)),
        options=tuple(_options(protocol, step)),
        minutes=step.minutes,
        is_each_round=bool(step.repeats),
        condition=_condition(protocol, step),
        comes_back=f"left open, it comes back every {step.every} school days" if step.every else "",
    )


def _time(steps: Sequence[Step]) -> Time:
    """Branches of the same choice exclude each other: its longest option counts."""
    timed = [step for step in steps if step.minutes]
    minutes = sum(step.minutes or 0 for step in timed if step.when is None)
    branches: dict[str, Counter[str]] = {}
    for step in timed:
        if step.when is not None:
            for option in step.when.options:
                branches.setdefault(step.when.step, Counter())[option] += step.minutes or 0
    return Time(
        minutes + sum(max(options.values()) for options in branches.values()),
        has_rounds=any(step.repeats for step in timed),
        has_branches=bool(branches),
    )


def _does(step: Step) -> str:
    many = step.takes_many
    match step.kind:
        case StepKind.TEXT:
            words = "answers" if many else "an answer"
        case StepKind.LIST:
            words = f"a list of {_up_to(step)}"
        case StepKind.NOTES:
            words = "notes of what is seen and heard"
        case StepKind.CHOICE:
            words = "choices" if many else "a choice"
        case StepKind.FIGURES:
            words = f"numbers with what they count, {_up_to(step)}"
        case StepKind.TALK:
            words = "talk, nothing is written"
        case StepKind.REVEAL:
            words = "read and talk"
        case StepKind.COMMITMENT:
            words = "what each will do differently" if len(step.who) > 1 else "what to do differently"
        case StepKind.NEXT_STEPS:
            words = "who does what, by when, with what evidence"
    return f"{words}, one after another" if step.in_turns else words


def _up_to(step: Step) -> str:
    return f"{step.max_entries} at most" if step.max_entries < MANY else "any length"


def _marks(protocol: Protocol, step: Step) -> list[str]:
    marks = []
    if step.is_timed:
        marks.append("the clock runs")
    if step.per:
        marks.append(f"for each of {_quoted(protocol, step.per)}")
    if step.reveals:
        marks.append(f"side by side: {join_names([_quoted(protocol, key) for key in step.reveals])}")
    if step.visibility is Visibility.PRIVATE:
        marks.append("private: nobody else ever sees it")
    if step.visibility is Visibility.TOGETHER:
        marks.append(_until_when(protocol, step))
    match step.source:
        case Source.LOOK_FORS:
            marks.append("picked from the framework, or in their own words")
        case Source.SCALE:
            marks.append("on the framework's scale")
    if step.challenge is not Challenge.NONE:
        marks.append(_CHALLENGES[step.challenge])
    if step.closing is Closing.ANY and len(step.who) > 1:
        marks.append("whoever finishes first closes it for all")
    if step.closing is Closing.LEAD and protocol.leads and set(step.who) != {protocol.leads}:
        marks.append(f"{protocol.roles[protocol.leads]} goes on for all")
    if step.ahead:
        marks.append(f"done {_count(step.ahead, 'day')} before the meeting")
    if step.is_written and not step.is_required and step.min_entries == 0:
        marks.append("nobody has to write")
    if step.is_required:
        marks.append("cannot be skipped")
    return marks


def _until_when(protocol: Protocol, step: Step) -> str:
    reveal = next((other for other in protocol.steps if step.key in other.reveals), None)
    until = f"until “{reveal.title}”" if reveal else "until all have written"
    return f"unseen by others {until}"


def _options(protocol: Protocol, step: Step) -> list[str]:
    found = []
    for option in step.options:
        again = f": back to step {protocol.position(option.again) + 1}" if option.again else ""
        found.append(f"“{option.label}”{again}")
    return found


def _condition(protocol: Protocol, step: Step) -> str:
    if step.when is None:
        return ""
    choice = protocol.step(step.when.step)
    labels = [f"“{choice.option(key).label}”" for key in step.when.options]
    return f"only after {' or '.join(labels)} in step {protocol.position(choice.key) + 1}"


def _blocks(protocol: Protocol) -> list[Bend]:
    found = []
    numbered = enumerate(protocol.steps, 1)
    for list_key, group in groupby(numbered, key=lambda pair: pair[1].repeats):
        numbers = [number for number, _ in group]
        if list_key:
            words = f"once for each of {_quoted(protocol, list_key)}"
            found.append(Bend(BendKind.BLOCK, numbers[0], numbers[-1], words))
    return found


def _returns(protocol: Protocol) -> list[Bend]:
    return [
        Bend(BendKind.BACK, protocol.position(option.again) + 1, number, option.label)
        for number, step in enumerate(protocol.steps, 1)
        for option in step.options
        if option.again
    ]


def _how_many(part: Part) -> str:
    if part.at_least == part.at_most:
        return "" if part.at_most == 1 else f" ({part.at_most})"
    if part.at_least == 0:
        return f" (may be absent; up to {part.at_most})" if part.at_most > 1 else " (may be absent)"
    return f" ({part.at_least} to {part.at_most})"


def _quoted(protocol: Protocol, key: str) -> str:
    return f"“{protocol.step(key).title}”"


def _count(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
