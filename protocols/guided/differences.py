"""What differs between two versions of a protocol, in plain sentences for whoever decides on the newer one."""

from collections.abc import Sequence
from dataclasses import replace

from protocols.guided.steps import Protocol, Role, Step


def differences(before: Protocol, after: Protocol) -> tuple[str, ...]:
    """One sentence a difference, in the order of the steps as they are after; empty where the two are equal."""
    found = []
    if before.title != after.title:
        found.append(f"It is called “{after.title}” instead of “{before.title}”.")
    if before.purpose != after.purpose:
        found.append("Its purpose is worded anew.")
    if before.parts != after.parts or before.leads != after.leads:
        found.append("Who takes part differs.")
    if before.source != after.source or before.counts_as != after.counts_as:
        found.append("Its source, or what kind of visit it counts as, differs.")
    old = {step.key: step for step in before.steps}
    new = {step.key: step for step in after.steps}
    found += [f"“{step.title}” is left out." for key, step in old.items() if key not in new]
    previous = ""
    for key, step in new.items():
        if key in old:
            found += _of_step(old[key], step, after)
        else:
            place = f"after “{previous}”" if previous else "at the beginning"
            found.append(f"“{step.title}” is new, {place}{_lasting(step)}.")
        previous = step.title
    found += _moved(before, after)
    if not found and before != after:
        found.append("Its steps are grouped into other phases.")
    return tuple(found)


def _of_step(before: Step, after: Step, protocol: Protocol) -> list[str]:
    found = []
    if before.title != after.title:
        found.append(f"“{before.title}” is called “{after.title}”.")
    if before.minutes != after.minutes:
        instead = f"{before.minutes}" if before.minutes else "no set time"
        now = f"takes {after.minutes} minutes" if after.minutes else "takes no set time"
        found.append(f"“{after.title}” {now} instead of {instead}.")
    if before.ask != after.ask:
        roles = [role for role in after.ask if before.ask.get(role) != after.ask[role]]
        named = "" if set(roles) == set(after.who) else f" {_named(protocol, roles)}"
        found.append(f"“{after.title}” asks{named} in other words.")
    if (before.more, before.help, before.too_many) != (after.more, after.help, after.too_many):
        found.append(f"“{after.title}” goes on, or explains itself, in other words.")
    same = replace(
        after,
        title=before.title,
        phase=before.phase,
        minutes=before.minutes,
        ask=before.ask,
        more=before.more,
        help=before.help,
        too_many=before.too_many,
    )
    if same != before:
        found.append(f"“{after.title}” works differently: who does it, how many answers, or who sees them.")
    return found


def _named(protocol: Protocol, roles: Sequence[Role]) -> str:
    return " and ".join(protocol.roles[role] for role in roles)


def _lasting(step: Step) -> str:
    return f", {step.minutes} minutes" if step.minutes else ""


def _moved(before: Protocol, after: Protocol) -> list[str]:
    """Steps that stand elsewhere among those that both have, moved one by one until the orders agree."""
    both = {step.key for step in before.steps} & {step.key for step in after.steps}
    old = [step.key for step in before.steps if step.key in both]
    new = [step.key for step in after.steps if step.key in both]
    found = []
    while old != new:
        place = next(i for i, (a, b) in enumerate(zip(old, new, strict=True)) if a != b)
        # Either the step that stood here went on, or the one that stands here now came forward.
        key = old[place] if new.index(old[place]) - place > old.index(new[place]) - place else new[place]
        where = new.index(key)
        old.remove(key)
        old.insert(where, key)
        title = after.step(key).title
        found.append(
            f"“{title}” comes after “{after.step(new[where - 1]).title}”."
            if where
            else f"“{title}” comes first."
        )
    return found
