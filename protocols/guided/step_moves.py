"""Moves within the step that a seat is asked: answer, rewrite, keep, choose, finish, skip."""

from collections.abc import Mapping

from protocols.guided import moves
from protocols.guided.draft import Draft, asked_now, check_fresh
from protocols.guided.entry_rules import (
    HELD_DATA,
    JUDGED,
    KEPT_DATA,
    PLACE_DATA,
    check_next_step,
    checked_text,
    chosen_option,
    is_same,
    line_data,
    new_lines,
    note_data,
    only,
)
from protocols.guided.events import EventKind
from protocols.guided.moves import MoveRefused, Reason
from protocols.guided.state import (
    Held,
    HeldKind,
    RunState,
    closes_for_all,
    counted,
    is_enough_for_all,
    is_passed_over,
    lap_item,
    led_step,
    own,
    seats_of,
    unanswered,
    waited_for,
)
from protocols.guided.steps import Challenge, SeatKey, Step, StepKind
from protocols.guided.tags import sole_look_for


def within_step(
    draft: Draft,
    move: moves.Answer | moves.Rewrite | moves.KeepAsImpression | moves.Choose | moves.Finish | moves.Skip,
) -> None:
    """The move on the step its seat is asked now. Refuses what is stale or not theirs."""
    led = led_step(draft.protocol, draft.state, move.seat)
    if led is not None and led.key == move.step and isinstance(move, moves.Finish | moves.Skip):
        check_fresh(draft.state, move.seat, move.version)
        _close_for_all(draft, led, move)
        return
    step = asked_now(draft, move.seat, move.step, move.version)
    held = draft.state.held.get(move.seat)
    if held and held.kind is HeldKind.OVERFULL and not isinstance(move, moves.Choose):
        if not isinstance(move, moves.Answer):
            raise MoveRefused(Reason.CHOOSE_FIRST, max=step.max_entries)
        _choose_anew(draft, step, held, move)
        return
    match move:
        case moves.Answer() | moves.Rewrite():
            if isinstance(move, moves.Rewrite) and held is None:
                raise MoveRefused(Reason.NOTHING_HELD)
            _answer(draft, step, held, move.seat, move.text, move.data)
        case moves.KeepAsImpression():
            if held is None:
                raise MoveRefused(Reason.NOTHING_HELD)
            keep(draft, move.seat, held)
            _finish_single(draft, step, move.seat)
        case moves.Choose():
            if held is None or held.kind is not HeldKind.OVERFULL:
                raise MoveRefused(Reason.NOTHING_HELD)
            _choose(draft, step, held, move)
        case moves.Finish() if closes_for_all(draft.protocol, draft.state, step, move.seat):
            _close_for_all(draft, step, move)
        case moves.Finish():
            _finish(draft, step, held, move.seat)
        case moves.Skip():
            _skip(draft, step, held, move)


def _answer(
    draft: Draft, step: Step, held: Held | None, seat: SeatKey, text: str, data: Mapping[str, str]
) -> None:
    if not step.is_written:
        raise MoveRefused(Reason.NOTHING_TO_WRITE)
    text = checked_text(text, data)
    if step.kind in (StepKind.LIST, StepKind.FIGURES):
        _answer_list(draft, step, seat, text)
        return
    # A note that is held has been given its look-for, or was taken off it.
    given = {**(only(PLACE_DATA, held.data) if held else sole_look_for(draft.state, step)), **data}
    if step.kind is StepKind.CHOICE:
        text, given = chosen_option(step, text), {}
    elif step.kind is StepKind.NOTES:
        given = note_data(draft.state, step, seat, given)
    elif step.kind is StepKind.NEXT_STEPS:
        check_next_step(given, at=draft.at)
    replaces = held.replaces if held else _replaced_by_answer(draft.state, step, seat)
    given |= _about(draft.state, step, seat, held)
    if held is None and replaces is None and len(counted(draft.state, step, seat)) >= step.max_entries:
        raise MoveRefused(Reason.TOO_MANY, max=step.max_entries)
    if held is None and step.challenge is not Challenge.NONE and data.get("verdict") in JUDGED:
        kept = only(HELD_DATA, given)
        draft.add(EventKind.CHALLENGED, seat, step.key, entry=replaces, text=text, data=kept)
        return
    write(draft, step.key, seat, text, given, replaces)
    _finish_single(draft, step, seat)


def _about(state: RunState, step: Step, seat: SeatKey, held: Held | None) -> dict[str, str]:
    """What the entry is about: the classroom of this lap, the question of a list that is answered one by one."""
    about: dict[str, str] = {}
    if item := lap_item(state, step, seat):
        about["lap"] = (held and held.data.get("lap")) or str(item.number)
    if step.per:
        about["of"] = held.data["of"] if held else _next_of(state, step, seat)
    return about


def _next_of(state: RunState, step: Step, seat: SeatKey) -> str:
    left = unanswered(state, step, seat)
    if not left:
        raise MoveRefused(Reason.TOO_MANY, max=len(state.live(step.per)))
    return str(left[0].number)


def _replaced_by_answer(state: RunState, step: Step, seat: SeatKey) -> int | None:
    """A step of one answer, looked at again, has that answer changed; others get a further one."""
    mine = [entry for entry in counted(state, step, seat) if entry.seat == seat]
    return mine[-1].number if mine and not step.takes_many else None


def write(
    draft: Draft, step: str, seat: SeatKey, text: str, data: Mapping[str, str], replaces: int | None
) -> None:
    """A new entry, or new words for entry ``replaces``."""
    kind = EventKind.ANSWERED if replaces is None else EventKind.EDITED
    number = replaces or len(draft.state.entries) + 1
    draft.add(kind, seat, step, entry=number, text=text, data=only(KEPT_DATA, data))


def _answer_list(draft: Draft, step: Step, seat: SeatKey, text: str) -> None:
    """One entry a line. The line over the limit holds all further ones back until it is chosen what to keep."""
    have = [entry.text for entry in own(draft.state, step, seat)]
    lines = new_lines(text, have)
    if not lines:
        raise MoveRefused(Reason.ALREADY_SAID)
    for words in lines:
        line_data(step, words)  # refused as a whole before any line of it is kept
    _check_way(draft, step, len(have) + len(lines))
    if len(have) + len(lines) > step.max_entries:
        draft.add(EventKind.OVERFULL, seat, step.key, text="\n".join(lines))
        return
    for words in lines:
        _write_line(draft, step, seat, words)
    _finish_single(draft, step, seat)


def _check_way(draft: Draft, step: Step, count: int) -> None:
    """A list that the run goes through entry by entry grows at its end only, and only while every small group still
    has that end before it: nobody is to be in one classroom twice, or to miss one."""
    state = draft.state
    block = [other for other in draft.protocol.steps if other.repeats == step.key]
    begun = {(key, round_) for key, round_, _ in state.opened}
    if not any((other.key, state.round_of(other.key)) in begun for other in block):
        return
    reached = state.lap_of(block[0]) + max(state.groups.values(), default=1) - 1
    is_through = not any(other.key == state.step for other in block)
    if is_through or reached > len(state.live(step.key)):
        raise MoveRefused(Reason.ON_THE_WAY)
    if count > step.max_entries:
        raise MoveRefused(Reason.TOO_MANY, max=step.max_entries)


def _write_line(draft: Draft, step: Step, seat: SeatKey, words: str) -> None:
    line, data = line_data(step, words)
    if not any(is_same(line, entry.text) for entry in own(draft.state, step, seat)):
        write(draft, step.key, seat, line, data, None)


def _choose(draft: Draft, step: Step, held: Held, move: moves.Choose) -> None:
    entries = own(draft.state, step, move.seat)
    keep = set(move.keep)
    in_range = all(1 <= place <= len(entries) + len(held.texts) for place in keep)
    if not in_range or len(keep) != len(move.keep) or not step.min_entries <= len(keep) <= step.max_entries:
        raise MoveRefused(Reason.CHOOSE_COUNT, min=step.min_entries, max=step.max_entries)
    draft.add(EventKind.CHOSEN, move.seat, step.key)
    for place, entry in enumerate(entries, 1):
        if place not in keep:
            draft.add(EventKind.WITHDRAWN, move.seat, step.key, entry=entry.number)
    for place, words in enumerate(held.texts, len(entries) + 1):
        if place in keep:
            _write_line(draft, step, move.seat, words)
    _leave(draft, step, move.seat)


def _choose_anew(draft: Draft, step: Step, held: Held, move: moves.Answer) -> None:
    """A shorter list, written out, is the choice too: what is not on it goes, what is new on it comes.

    A single line that is new may be one more as well as the only one, so it is no choice.
    """
    entries = own(draft.state, step, move.seat)
    lines = new_lines(checked_text(move.text, move.data), ())
    offered = (*(entry.text for entry in entries), *held.texts)
    is_unclear = len(lines) == 1 and not any(is_same(lines[0], words) for words in offered)
    if is_unclear or not max(step.min_entries, 1) <= len(lines) <= step.max_entries:
        raise MoveRefused(Reason.CHOOSE_FIRST, max=step.max_entries)
    draft.add(EventKind.CHOSEN, move.seat, step.key)
    for entry in entries:
        if not any(is_same(words, entry.text) for words in lines):
            draft.add(EventKind.WITHDRAWN, move.seat, step.key, entry=entry.number)
    for words in lines:
        if not any(is_same(words, entry.text) for entry in entries):
            _write_line(draft, step, move.seat, words)
    _leave(draft, step, move.seat)


def keep(draft: Draft, seat: SeatKey, held: Held) -> None:
    """The challenged text stands as it was written, marked as an impression."""
    number = held.replaces or len(draft.state.entries) + 1
    data = only(KEPT_DATA, held.data)
    draft.add(EventKind.KEPT, seat, held.step, entry=number, text=held.texts[0], data=data)


def _finish(draft: Draft, step: Step, held: Held | None, seat: SeatKey) -> None:
    if held:  # a challenge never blocks: what is left unanswered stands as an impression
        keep(draft, seat, held)
    is_revisited = draft.state.revisiting.get(seat) == step.key
    have = len(counted(draft.state, step, seat))
    least = have + len(unanswered(draft.state, step, seat)) if step.per else step.min_entries
    if step.is_written and have < least and not is_revisited:
        raise MoveRefused(Reason.TOO_FEW, min=least, have=have)
    _leave(draft, step, seat)


def _close_for_all(draft: Draft, step: Step, move: moves.Finish | moves.Skip) -> None:
    """Whoever leads goes on for everybody: once enough is written, or without those who are not there."""
    if isinstance(move, moves.Skip):
        if step.is_required:
            raise MoveRefused(Reason.REQUIRED, step=step.key)
        if not move.reason.strip():
            raise MoveRefused(Reason.NO_REASON)
        reason = checked_text(move.reason, move.data)
        for seat in waited_for(draft.protocol, draft.state):
            settle(draft, seat)
            draft.add(EventKind.SKIPPED, seat, step.key, text=reason)
        begin_lap(draft, step)
        return
    seats = seats_of(draft.state, step)
    for seat in seats:
        settle(draft, seat)
    if not is_enough_for_all(draft.state, step):
        have = sum(len(counted(draft.state, step, seat)) for seat in seats)
        raise MoveRefused(Reason.TOO_FEW, min=step.min_entries, have=have)
    draft.add(EventKind.FINISHED, move.seat, step.key, data={"for": "all"})
    begin_lap(draft, step)


def _skip(draft: Draft, step: Step, held: Held | None, move: moves.Skip) -> None:
    if step.is_required:
        raise MoveRefused(Reason.REQUIRED, step=step.key)
    if (step.key, move.seat) in draft.state.done:
        raise MoveRefused(Reason.ALREADY_DONE)
    if not move.reason.strip():
        raise MoveRefused(Reason.NO_REASON)
    reason = checked_text(move.reason, move.data)
    if held:
        keep(draft, move.seat, held)
    draft.add(EventKind.SKIPPED, move.seat, step.key, text=reason)
    begin_lap(draft, step)


def _finish_single(draft: Draft, step: Step, seat: SeatKey) -> None:
    is_answered = step.per and not unanswered(draft.state, step, seat)
    if is_answered or not step.takes_many:
        _leave(draft, step, seat)


def _leave(draft: Draft, step: Step, seat: SeatKey) -> None:
    """The seat is done here: back to where the run stands, or on to what comes next."""
    if draft.state.revisiting.get(seat) == step.key:
        draft.add(EventKind.RETURNED, seat, step.key)
    if (step.key, seat) not in draft.state.done:
        draft.add(EventKind.FINISHED, seat, step.key)
        begin_lap(draft, step)
    _begin_round(draft, step, seat)


def begin_lap(draft: Draft, step: Step) -> None:
    """Where a block is repeated for each entry of a list and its last step is done: on to the next entry."""
    if not step.repeats:
        return
    block = [other for other in draft.protocol.steps if other.repeats == step.repeats]
    state = draft.state
    lap = state.lap_of(step)
    is_through = all(
        (other.key, seat) in state.done
        for other in block
        if not is_passed_over(state, other)
        for seat in seats_of(state, other)
    )
    if is_through and lap < len(state.live(step.repeats)):
        draft.add(EventKind.LAP_BEGAN, None, block[0].key, data={"list": step.repeats, "lap": str(lap + 1)})


def _begin_round(draft: Draft, step: Step, seat: SeatKey) -> None:
    """Round again where the option chosen says so: adapt a strategy, and gather evidence anew."""
    if step.kind is not StepKind.CHOICE or step.per:
        return
    mine = draft.state.live(step.key, seat)
    again = step.option(mine[-1].text).again if mine else ""
    if again:
        settle_all(draft)
        number = draft.state.round_of(again) + 1
        draft.add(EventKind.ROUND_BEGAN, None, again, data={"round": str(number)})


def settle_all(draft: Draft) -> None:
    """What anybody still has held stands: a challenged text as an impression, of a long list the first ones."""
    for seat in tuple(draft.state.held):
        settle(draft, seat)


def settle(draft: Draft, seat: SeatKey) -> None:
    """What one seat has held stands without a further word of theirs."""
    held = draft.state.held.get(seat)
    if held is None:
        return
    if held.kind is HeldKind.CHALLENGED:
        keep(draft, seat, held)
        return
    step = draft.protocol.step(held.step)
    draft.add(EventKind.CHOSEN, seat, held.step)
    for words in held.texts[: step.max_entries - len(own(draft.state, step, seat))]:
        _write_line(draft, step, seat, words)
