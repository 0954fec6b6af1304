"""Every kind of message, and whether it may reach somebody in protected time.

In protected time passes what the reader asked for, what is said inside a visit or protocol the reader is part of, and
an emergency. Everything else waits for open time. A new kind of message must be put into one of these tables; whoever
adds one to ``PASSES`` says who asked for it.
"""

import ast
from pathlib import Path

import pytest

HANDLERS = Path(__file__).parent.parent.parent / "handlers"

PASSES = {
    "reply": "the answer to what this person just wrote or pressed",
    "run": "a step of a protocol that this person takes part in: what protected time is for",
    "run_summary": "the end of a protocol that this person took part in",
    "run_stopped": "the end of a protocol that this person took part in",
    "run_time": "the time of a step of a protocol that is going on; dropped when it comes late",
    "run_invite": "a colleague who is in a visit or protocol asks this person into it: what protected time is for",
    "run_declined": "the answer to an invitation that this person sent",
    "item_answer": "the answer to a question that this principal asked",
    "proposal_answer": "the answer to what this principal asked for or proposed",
    "unit-request-answer": "the answer to what this person of an office asked",
    "emergency": "a message about safety, which somebody with the right for it has sent",
    "override_effects.tell": "an emergency, or notice of an override that would come after its meeting begins",
    "own_calendar_reading._tell": "the outcome for whoever connected a calendar within the last minutes",
}
WAITS = {
    "digest": "the weekly digest",
    "digest_missed": "a digest that did not arrive",
    "item_reminder": "a reminder of an item of the digest, though the reader asked for one: it has a day, no hour",
    "item_question": "a principal's question to the ILD",
    "memo": "a memo to sort",
    "preview": "the week's digest, for the ILD",
    "overdue": "schools past their rhythm",
    "product": "a product that was promised",
    "promise": "what came of a promise",
    "proposal": "what a principal asks for or proposes",
    "visit": "a visit planned, moved or cancelled by the other side",
    "handover": "a school changes hands",
    "handover_pack": "what goes along to the next ILD",
    "master.refused": "a file of protocols that was refused",
    "meeting": "a meeting that was booked",
    "override-answer": "protected time was kept",
    "override_effects.tell": "notice of an override, and executives asked for one",
    "unit-request": "what an office asks, its reminder, and that it is unanswered",
    "run_reminder": "a reminder of a paused protocol",
    "run_call": "a step that comes back by itself",
    "run_next_step": "a promise that names somebody who was not there",
    "own_calendar_reading._tell": "a calendar that can no longer be read",
    "rhythm": "a new rhythm of a school",
    "year_check": "whether the year's promise can be kept",
}


def kinds_of(function: str) -> set[str]:
    """The kinds with which the conversations call a function; a kind that is passed through counts as its function."""
    found = set()
    for path in sorted(HANDLERS.glob("*.py")):
        if path.name == "post.py":
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for outer in [tree, *(n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef))]:
            if isinstance(outer, ast.Module):
                continue
            for call in ast.walk(outer):
                if isinstance(call, ast.Call) and _name(call.func) == function:
                    kind = next(word.value for word in call.keywords if word.arg == "kind")
                    is_known = isinstance(kind, ast.Constant)
                    found.add(str(kind.value) if is_known else f"{path.stem}.{outer.name}")  # type: ignore[attr-defined]
    return found


def _name(node: ast.expr) -> str:
    return ast.unparse(node)


def test_what_passes_in_protected_time_is_in_the_table_with_who_asked_for_it() -> None:
    assert kinds_of("tell_now") == set(PASSES)


def test_everything_else_waits_for_open_time() -> None:
    assert kinds_of("tell_when_open") | kinds_of("outbox.put") == set(WAITS)


@pytest.mark.parametrize("kind", sorted(PASSES.keys() & WAITS.keys()))
def test_only_what_can_be_urgent_may_do_both(kind: str) -> None:
    assert kind in ("override_effects.tell", "own_calendar_reading._tell")


def test_nothing_is_put_into_the_outbox_past_the_two_ways_but_the_digest() -> None:
    assert kinds_of("outbox.put") == {"digest"}
