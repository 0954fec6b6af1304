"""A protocol as the YAML that ``catalog.parse`` reads back to an equal value: what an adapted one is checked and
handed out as. Keys stand in the order of the packaged files, and what has its usual value is left out."""

from collections.abc import Mapping, Sequence
from typing import Any

import yaml

from protocols.guided.step_checks import MANY_KINDS
from protocols.guided.steps import (
    MANY,
    Challenge,
    Closing,
    Option,
    Part,
    Protocol,
    Role,
    Source,
    Step,
    Visibility,
)

_WIDTH = 110


def to_yaml(protocol: Protocol) -> str:
    """The file. What is filled in when a run begins (the framework's look-fors and levels) is no part of it."""
    file = {
        "key": protocol.key,
        "title": protocol.title,
        "purpose": protocol.purpose,
        "source": protocol.source,
        "leads": protocol.leads.value if protocol.leads else None,
        "counts_as": protocol.counts_as or None,
        "roles": {role.value: _part(part) for role, part in protocol.parts.items()},
        "steps": [_step(step, tuple(protocol.parts)) for step in protocol.steps],
    }
    return yaml.safe_dump(_without_none(file), sort_keys=False, allow_unicode=True, width=_WIDTH)


def _part(part: Part) -> dict[str, Any]:
    return _without_none(
        {
            "called": part.called,
            "from": part.pool.value,
            "min": _unless(part.at_least, 1),
            "max": _unless(part.at_most, 1),
        }
    )


def _step(step: Step, roles: Sequence[Role]) -> dict[str, Any]:
    most = MANY if step.kind in MANY_KINDS or step.per else 1
    return _without_none(
        {
            "key": step.key,
            "title": step.title,
            "phase": step.phase,
            "kind": step.kind.value,
            "who": [role.value for role in step.who],
            "turns": step.in_turns or None,
            "framework": _unless(step.source, Source.NONE),
            "min": _unless(step.min_entries, 1),
            "max": _unless(step.max_entries, most),
            "closing": _unless(step.closing, Closing.EACH),
            "visibility": _unless(step.visibility, Visibility.SHARED),
            "challenge": _unless(step.challenge, Challenge.NONE),
            "required": step.is_required or None,
            "minutes": step.minutes,
            "timed": step.is_timed or None,
            "listens": [role.value for role in step.listens] or None,
            "tags": step.tags or None,
            "per": step.per or None,
            "repeats": step.repeats or None,
            "when": {step.when.step: list(step.when.options)} if step.when else None,
            "every": step.every,
            "ahead": step.ahead,
            "options": [_option(option) for option in step.options] or None,
            "reveals": list(step.reveals) or None,
            "ask": _by_role(step.ask, step.who),
            "more": step.more or None,
            "help": step.help or None,
            "too_many": step.too_many or None,
            "wait": _by_role(step.wait, tuple(role for role in roles if role not in step.who)),
        }
    )


def _option(option: Option) -> dict[str, Any]:
    return _without_none({"key": option.key, "label": option.label, "again": option.again or None})


def _by_role(texts: Mapping[Role, str], roles: Sequence[Role]) -> str | dict[str, str] | None:
    """One text where all of ``roles`` read the same, else one a role."""
    if texts and tuple(texts) == tuple(roles) and len(set(texts.values())) == 1:
        return next(iter(texts.values()))
    return {role.value: text for role, text in texts.items()} or None


def _unless(value: Any, usual: Any) -> Any:
    """The value for the file; None where it is the usual one."""
    return None if value == usual else getattr(value, "value", value)


def _without_none(values: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value is not None}
