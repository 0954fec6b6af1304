"""What people wrote, laid side by side: notes by look-for and classroom, ratings by look-for, what was predicted and
what came, and the two figures that contradict each other most.

A debrief opens with where people differ, not with averages (Honig and others 2010): ``start_here`` says where.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from protocols.guided.contradictions import widest_apart
from protocols.guided.counts import Count, differing_counts, say_counts
from protocols.guided.figures import read_figures
from protocols.guided.state import Entry, RunState, seats_of
from protocols.guided.steps import Protocol, SeatKey, Step, StepKind


@dataclass(frozen=True, slots=True)
class Comparison:
    """What each seat wrote on one topic (a look-for, or a step's title) in one classroom ("" where none).

    ``levels`` are the places of the levels chosen, from 0, where the topic was rated; ``labels`` are all levels' names.
    """

    topic: str
    room: str
    sides: Mapping[SeatKey, tuple[Entry, ...]]
    is_look_for: bool = False
    levels: Mapping[SeatKey, int] = field(default_factory=dict)
    labels: tuple[str, ...] = ()

    @property
    def gap(self) -> int:
        """By how much people differ: in levels where they rated, else in the number of notes."""
        counts = list(self.levels.values()) or [len(entries) for entries in self.sides.values()]
        return max(counts, default=0) - min(counts, default=0)

    def only(self, seen: Collection[Entry]) -> "Comparison":
        """The same with what may be seen; a new round has begun and is not revealed yet."""
        sides = {seat: tuple(e for e in entries if e in seen) for seat, entries in self.sides.items()}
        levels = {seat: level for seat, level in self.levels.items() if sides.get(seat)}
        return replace(self, sides=sides, levels=levels)


@dataclass(frozen=True, slots=True)
class Contrast:
    """Two things that may contradict each other: a prediction and its result, or two figures.

    ``topic`` is the question they are about; "" for figures.
    """

    topic: str
    left_title: str
    left: tuple[Entry, ...]
    right_title: str
    right: tuple[Entry, ...]

    def only(self, seen: Collection[Entry]) -> "Contrast":
        """The same with what may be seen."""
        return replace(
            self,
            left=tuple(e for e in self.left if e in seen),
            right=tuple(e for e in self.right if e in seen),
        )


def compare(
    protocol: Protocol, state: RunState, steps: Sequence[str], *, about: Entry | None = None
) -> tuple[Comparison, ...]:
    """Entries of these steps side by side: notes by look-for and classroom, ratings by look-for, others as a whole.

    Look-fors come in their own order, notes without one last; classrooms by number. ``about`` narrows it to the
    entry that a lap is about. Steps that ``contrasts`` shows are left to it; of figures those that it leaves out
    come here.
    """
    shown_there = {key for key in steps if _is_contrasted(protocol, steps, key)}
    return tuple(
        comparison
        for key in steps
        if key not in shown_there
        for comparison in _compare_step(protocol, state, protocol.step(key), about)
        if any(comparison.sides.values())
    )


def contrasts(protocol: Protocol, state: RunState, steps: Sequence[str]) -> tuple[Contrast, ...]:
    """What is laid against each other among these steps: answers to the same question in two of them, and figures."""
    found: list[Contrast] = []
    for key in steps:
        step = protocol.step(key)
        if step.kind is StepKind.FIGURES:
            found += _contrast_figures(state, step)
    asked = [protocol.step(key) for key in steps if _is_contrasted(protocol, steps, key)]
    paired = [step for step in asked if step.per]
    for left, right in zip(paired[::2], paired[1::2], strict=False):
        for item in state.live(left.per):
            sides = [
                tuple(entry for entry in state.live(step.key) if entry.data.get("of") == str(item.number))
                for step in (left, right)
            ]
            if any(sides):
                found.append(Contrast(item.text, left.title, sides[0], right.title, sides[1]))
    return tuple(found)


def start_here(comparisons: Sequence[Comparison], viewer: SeatKey, names: Mapping[SeatKey, str]) -> str:
    """The sentence that opens the talk: where people differ most, and what each of them counted or chose there.

    First where they rated differently, then where two wrote and counted differently, then where they wrote but not
    equally much, then where only one did; "" where nothing differs.
    """
    rated = [c for c in comparisons if c.levels and c.gap]
    if rated:
        return _start_at_rating(max(rated, key=lambda c: c.gap), viewer, names)
    look_for = [c for c in comparisons if c.is_look_for and not c.levels and len(c.sides) > 1]
    if counted := [
        (c, other, pair)
        for c in look_for
        for other in _others(c, viewer)
        if (pair := _counts(c, viewer, other))
    ]:
        most, other, (mine, theirs) = max(
            counted, key=lambda found: abs(found[2][0].number - found[2][1].number)
        )
        counts = say_counts(mine, names[other], theirs)
        return f"You both looked at “{most.topic}”. {_place(most, counts)}. What did each of you count? Start there."
    differing = [c for c in look_for if c.gap and viewer in c.sides]
    if not differing:
        return ""
    most = max(differing, key=lambda c: (all(c.sides.values()), c.gap))
    mine_count = len(most.sides[viewer])
    other = max(_others(most, viewer), key=lambda seat: abs(len(most.sides[seat]) - mine_count))
    have, has = mine_count, len(most.sides[other])
    if not has:
        only = _place(most, "only you wrote about it")
        return f"“{most.topic}”. {only}. What did {names[other]} see there? Start there."
    if not have:
        only = _place(most, f"only {names[other]} wrote about it")
        return f"“{most.topic}”. {only}. What did you see there? Start there."
    notes = _place(most, f"you have {_notes(have)}, {names[other]} has {_notes(has)}")
    return f"You both looked at “{most.topic}”. {notes}. What did each of you count? Start there."


def _start_at_rating(most: Comparison, viewer: SeatKey, names: Mapping[SeatKey, str]) -> str:
    low = min(most.levels, key=lambda seat: most.levels[seat])
    high = max(most.levels, key=lambda seat: most.levels[seat])
    first, second = (low, high) if low == viewer else (high, low)
    said = ", ".join(
        f"{'you' if seat == viewer else names[seat]} “{most.labels[most.levels[seat]]}”"
        for seat in (first, second)
    )
    where = f" in {most.room}" if most.room else ""
    return f"You are furthest apart on “{most.topic}”{where}: {said}. What did each of you see? Start there."


def _counts(comparison: Comparison, viewer: SeatKey, other: SeatKey) -> tuple[Count, Count] | None:
    """What the viewer and another counted, where both did and it differs."""
    mine, theirs = ([entry.text for entry in comparison.sides.get(seat, ())] for seat in (viewer, other))
    return differing_counts(mine, theirs)


def _others(comparison: Comparison, viewer: SeatKey) -> list[SeatKey]:
    return [seat for seat in comparison.sides if seat != viewer]


def _place(comparison: Comparison, words: str) -> str:
    """ "Room 12: you counted nine students, Imani six" """
    return f"Room {comparison.room}: {words}" if comparison.room else f"{words[:1].upper()}{words[1:]}"


def _is_contrasted(protocol: Protocol, steps: Sequence[str], key: str) -> bool:
    step = protocol.step(key)
    partners = [other for other in steps if step.per and protocol.step(other).per == step.per]
    return len(partners) > 1


def _contrast_figures(state: RunState, step: Step) -> list[Contrast]:
    entries = state.live(step.key)
    pair = widest_apart([read_figures(entry.text) for entry in entries])
    if pair is None:
        return []
    left, right = (entries[place] for place in pair)
    return [Contrast("", step.title, (left,), step.title, (right,))]


def _compare_step(protocol: Protocol, state: RunState, step: Step, about: Entry | None) -> list[Comparison]:
    entries = [
        entry
        for entry in state.live(step.key)
        if about is None or not step.repeats or entry.data.get("lap") == str(about.number)
    ]
    if step.per:
        return _compare_answers(state, step, entries)
    if step.kind is StepKind.FIGURES:
        laid = [entry for pair in _contrast_figures(state, step) for entry in (*pair.left, *pair.right)]
        rest = _sides(state, step, [entry for entry in entries if entry not in laid])
        return [Comparison(step.title, "", {seat: left for seat, left in rest.items() if left})]
    if step.kind is not StepKind.NOTES:
        return [Comparison(step.title, "", _sides(state, step, entries))]
    topics: dict[str, str] = {str(e.number): e.text for e in state.live(step.tags)} if step.tags else {}
    for entry in entries:  # a look-for dropped after the note was written still heads it
        tag = entry.data.get("look_for", "")
        if tag and tag not in topics and (look_for := state.entry(int(tag))):
            topics[tag] = look_for.text
    topics[""] = step.title
    return [
        Comparison(topic, room, _sides(state, step, here), is_look_for=bool(tag))
        for tag, topic in topics.items()
        for room in sorted({e.data["room"] for e in entries}, key=_room_order)
        if (here := [e for e in entries if e.data.get("look_for", "") == tag and e.data["room"] == room])
    ]


def _compare_answers(state: RunState, step: Step, entries: Sequence[Entry]) -> list[Comparison]:
    """What everybody answered to each entry of the list; of ratings the widest apart first."""
    places = {option.key: place for place, option in enumerate(step.options)}
    found: list[Comparison] = []
    laps = sorted({entry.data.get("lap", "") for entry in entries}, key=lambda lap: int(lap or 0))
    for item in state.live(step.per):
        for lap in laps:
            here = [
                e for e in entries if e.data.get("of") == str(item.number) and e.data.get("lap", "") == lap
            ]
            where = state.entry(int(lap)) if lap else None
            levels = {e.seat: places[e.text] for e in here if e.text in places}
            sides = _sides(state, step, here)
            found.append(
                Comparison(
                    item.text,
                    where.text if where else "",
                    sides,
                    is_look_for=True,
                    levels=levels,
                    labels=tuple(option.label for option in step.options),
                )
            )
    return sorted(found, key=lambda comparison: -comparison.gap) if places else found


def _sides(state: RunState, step: Step, entries: Sequence[Entry]) -> dict[SeatKey, tuple[Entry, ...]]:
    """Everybody's entries by seat, those of people who have left since included."""
    writers = dict.fromkeys([*seats_of(state, step), *(entry.seat for entry in entries)])
    if len(writers) > 2:  # in a large group a side without a note is no news
        writers = dict.fromkeys(entry.seat for entry in entries)
    return {seat: tuple(e for e in entries if e.seat == seat) for seat in writers}


def _room_order(room: str) -> tuple[int, str]:
    return int("".join(filter(str.isdigit, room)) or 0), room


def _notes(count: int) -> str:
    return "1 note" if count == 1 else f"{count} notes"
