"""Moves within the step that a role is asked: answer, rewrite, keep, choose, finish, skip."""

from collections.abc import Mapping

from protocols.guided import moves
from protocols.guided.draft import Draft, asked_now
from protocols.guided.entry_rules import (
    HELD_DATA,
    JUDGED,
    KEPT_DATA,
    PLACE_DATA,
    check_next_step,
    checked_text,
    chosen_option,
    is_same,
    new_lines,
    note_data,
    only,
)
from protocols.guided.events import EventKind
from protocols.guided.moves import MoveRefused, Reason
from protocols.guided.state import Held, HeldKind, RunState, counted
from protocols.guided.steps import Challenge, Role, Step, StepKind


def within_step(
    draft: Draft,
    move: moves.Answer | moves.Rewrite | moves.KeepAsImpression | moves.Choose | moves.Finish | moves.Skip,
) -> None:
    """The move on the step its role is asked now. Refuses what is stale or not theirs."""
    step = asked_now(draft, move.role, move.step, move.version)
    held = draft.state.held.get(move.role)
    if held and held.kind is HeldKind.OVERFULL and not isinstance(move, moves.Choose):
        if not isinstance(move, moves.Answer):
            raise MoveRefused(Reason.CHOOSE_FIRST, max=step.max_entries)
        _choose_anew(draft, step, held, move)
        return
    match move:
        case moves.Answer() | moves.Rewrite():
            if isinstance(move, moves.Rewrite) and held is None:
                raise MoveRefused(Reason.NOTHING_HELD)
            _answer(draft, step, held, move.role, move.text, move.data)
        case moves.KeepAsImpression():
            if held is None:
                raise MoveRefused(Reason.NOTHING_HELD)
            keep(draft, move.role, held)
            _finish_single(draft, step, move.role)
        case moves.Choose():
            if held is None or held.kind is not HeldKind.OVERFULL:
                raise MoveRefused(Reason.NOTHING_HELD)
            _choose(draft, step, held, move)
        case moves.Finish():
            _finish(draft, step, held, move.role)
        case moves.Skip():
            _skip(draft, step, held, move)


def _answer(
    draft: Draft, step: Step, held: Held | None, role: Role, text: str, data: Mapping[str, str]
) -> None:
    if step.kind is StepKind.REVEAL:
        raise MoveRefused(Reason.NOTHING_TO_WRITE)
    text = checked_text(text, data)
    if step.kind is StepKind.LIST:
        _answer_list(draft, step, role, text)
        return
    given = {**only(PLACE_DATA, held.data), **data} if held else dict(data)
    if step.kind is StepKind.CHOICE:
        text, given = chosen_option(step, text), {}
    elif step.kind is StepKind.NOTES:
        given = note_data(draft.state, step, role, given)
    elif step.kind is StepKind.NEXT_STEPS:
        check_next_step(given, at=draft.at)
    replaces = held.replaces if held else _replaced_by_answer(draft.state, step, role)
    if held is None and replaces is None and len(counted(draft.state, step, role)) >= step.max_entries:
        raise MoveRefused(Reason.TOO_MANY, max=step.max_entries)
    if held is None and step.challenge is not Challenge.NONE and data.get("verdict") in JUDGED:
        kept = only(HELD_DATA, given)
        draft.add(EventKind.CHALLENGED, role, step.key, entry=replaces, text=text, data=kept)
        return
    write(draft, step.key, role, text, given, replaces)
    _finish_single(draft, step, role)


def _replaced_by_answer(state: RunState, step: Step, role: Role) -> int | None:
    """A step of one answer, looked at again, has that answer changed; others get a further one."""
    mine = state.live(step.key, role)
    return mine[-1].number if mine and not step.takes_many else None


def write(
    draft: Draft, step: str, role: Role, text: str, data: Mapping[str, str], replaces: int | None
) -> None:
    """A new entry, or new words for entry ``replaces``."""
    kind = EventKind.ANSWERED if replaces is None else EventKind.EDITED
    number = replaces or len(draft.state.entries) + 1
    draft.add(kind, role, step, entry=number, text=text, data=only(KEPT_DATA, data))


def _answer_list(draft: Draft, step: Step, role: Role, text: str) -> None:
    """One entry a line. The line over the limit holds all further ones back until it is chosen what to keep."""
    have = [entry.text for entry in draft.state.live(step.key, role)]
    lines = new_lines(text, have)
    if not lines:
        raise MoveRefused(Reason.ALREADY_SAID)
    if len(have) + len(lines) > step.max_entries:
        draft.add(EventKind.OVERFULL, role, step.key, text="\n".join(lines))
        return
    for words in lines:
        write(draft, step.key, role, words, {}, None)
    _finish_single(draft, step, role)


def _choose(draft: Draft, step: Step, held: Held, move: moves.Choose) -> None:
    entries = draft.state.live(step.key, move.role)
    keep = set(move.keep)
    in_range = all(1 <= place <= len(entries) + len(held.texts) for place in keep)
    if not in_range or len(keep) != len(move.keep) or not step.min_entries <= len(keep) <= step.max_entries:
        raise MoveRefused(Reason.CHOOSE_COUNT, min=step.min_entries, max=step.max_entries)
    draft.add(EventKind.CHOSEN, move.role, step.key)
    for place, entry in enumerate(entries, 1):
        if place not in keep:
            draft.add(EventKind.WITHDRAWN, move.role, step.key, entry=entry.number)
    for place, words in enumerate(held.texts, len(entries) + 1):
        if place in keep:
            write(draft, step.key, move.role, words, {}, None)
    _leave(draft, step, move.role)


def _choose_anew(draft: Draft, step: Step, held: Held, move: moves.Answer) -> None:
    """A shorter list, written out, is the choice too: what is not on it goes, what is new on it comes.

    A single line that is new may be one more as well as the only one, so it is no choice.
    """
    entries = draft.state.live(step.key, move.role)
    lines = new_lines(checked_text(move.text, move.data), ())
    offered = (*(entry.text for entry in entries), *held.texts)
    is_unclear = len(lines) == 1 and not any(is_same(lines[0], words) for words in offered)
    if is_unclear or not max(step.min_entries, 1) <= len(lines) <= step.max_entries:
        raise MoveRefused(Reason.CHOOSE_FIRST, max=step.max_entries)
    draft.add(EventKind.CHOSEN, move.role, step.key)
    for entry in entries:
        if not any(is_same(words, entry.text) for words in lines):
            draft.add(EventKind.WITHDRAWN, move.role, step.key, entry=entry.number)
    for words in lines:
        if not any(is_same(words, entry.text) for entry in entries):
            write(draft, step.key, move.role, words, {}, None)
    _leave(draft, step, move.role)


def keep(draft: Draft, role: Role, held: Held) -> None:
    """The challenged text stands as it was written, marked as an impression."""
    number = held.replaces or len(draft.state.entries) + 1
    data = only(KEPT_DATA, held.data)
    draft.add(EventKind.KEPT, role, held.step, entry=number, text=held.texts[0], data=data)


def _finish(draft: Draft, step: Step, held: Held | None, role: Role) -> None:
    if held:  # a challenge never blocks: what is left unanswered stands as an impression
        keep(draft, role, held)
    have = len(counted(draft.state, step, role))
    is_revisited = draft.state.revisiting.get(role) == step.key
    if step.kind is not StepKind.REVEAL and have < step.min_entries and not is_revisited:
        raise MoveRefused(Reason.TOO_FEW, min=step.min_entries, have=have)
    _leave(draft, step, role)


def _skip(draft: Draft, step: Step, held: Held | None, move: moves.Skip) -> None:
    if step.is_required:
        raise MoveRefused(Reason.REQUIRED, step=step.key)
    if (step.key, move.role) in draft.state.done:
        raise MoveRefused(Reason.ALREADY_DONE)
    if not move.reason.strip():
        raise MoveRefused(Reason.NO_REASON)
    reason = checked_text(move.reason, move.data)
    if held:
        keep(draft, move.role, held)
    draft.add(EventKind.SKIPPED, move.role, step.key, text=reason)


def _finish_single(draft: Draft, step: Step, role: Role) -> None:
    if not step.takes_many:
        _leave(draft, step, role)


def _leave(draft: Draft, step: Step, role: Role) -> None:
    """The role is done here: back to where the run stands, or on to what comes next."""
    if draft.state.revisiting.get(role) == step.key:
        draft.add(EventKind.RETURNED, role, step.key)
    if (step.key, role) not in draft.state.done:
        draft.add(EventKind.FINISHED, role, step.key)
    _begin_round(draft, step, role)


def _begin_round(draft: Draft, step: Step, role: Role) -> None:
    """Round again where the option chosen says so: adapt a strategy, and gather evidence anew."""
    if step.kind is not StepKind.CHOICE:
        return
    mine = draft.state.live(step.key, role)
    again = step.option(mine[-1].text).again if mine else ""
    if again:
        settle_all(draft)
        number = draft.state.round_of(again) + 1
        draft.add(EventKind.ROUND_BEGAN, None, again, data={"round": str(number)})


def settle_all(draft: Draft) -> None:
    """What anybody still has held stands: a challenged text as an impression, of a long list the first ones."""
    for role, held in tuple(draft.state.held.items()):
        if held.kind is HeldKind.CHALLENGED:
            keep(draft, role, held)
        else:
            draft.add(EventKind.CHOSEN, role, held.step)
