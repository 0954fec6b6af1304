"""Every kind of message, in everything that may stand in its way: what becomes of it, written out by hand.

``sent`` goes all the same, ``waits`` goes when it is over, ``merged`` goes inside the next message that may go,
``dropped`` does not go. A kind that the bot sends and this table does not have fails the test.
"""

import ast
from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from handlers.message_kinds import KINDS, OTHER, kind_of
from handlers.outgoing import SENDING_HOURS
from protocols.cadence.calendar import Closure, ClosureKind, Half, SchoolCalendar, SchoolYear
from protocols.cadence.courtesy import Fate, Hindrance, Rate, Reader, Received, Topic, Wishes, rule
from protocols.cadence.protected import Audience, ProtectedRule
from protocols.cadence.sending import Away, Hours

ROOT = Path(__file__).parents[3]
EAST = ZoneInfo("America/New_York")

SITUATIONS = ("protected", "closed", "quiet", "away", "muted", "never", "rate", "budget")
TABLE = {
    # kind               protected closed  quiet   away     muted     never     rate     budget
    "reply":            "sent      sent    sent    sent     sent      sent      sent     sent",
    "run":              "sent      sent    sent    sent     sent      sent      sent     sent",
    "run_time":         "sent      sent    sent    sent     sent      sent      sent     sent",
    "run_summary":      "sent      sent    sent    sent     sent      sent      sent     sent",
    "run_stopped":      "sent      sent    sent    sent     sent      sent      sent     sent",
    "run_invite":       "sent      sent    sent    sent     sent      sent      sent     sent",
    "run_declined":     "sent      sent    sent    sent     sent      sent      sent     sent",
    "item_answer":      "sent      sent    sent    sent     sent      sent      sent     sent",
    "proposal_answer":  "sent      sent    sent    sent     sent      sent      sent     sent",
    "unit-request-answer": "sent   sent    sent    sent     sent      sent      sent     sent",
    "challenge_answer": "sent      sent    sent    sent     sent      sent      sent     sent",
    "calendar_first":   "sent      sent    sent    sent     sent      sent      sent     sent",
    "page":             "sent      sent    sent    sent     sent      sent      sent     sent",
    "memo_feed_first":  "sent      sent    sent    sent     sent      sent      sent     sent",
    "mandate_token":    "sent      sent    sent    sent     sent      sent      sent     sent",
    "feed_address":     "sent      sent    sent    sent     sent      sent      sent     sent",
    "pulse_receipt":    "sent      sent    sent    sent     sent      sent      sent     sent",
    "emergency":        "sent      sent    sent    sent     sent      sent      sent     sent",
    "visit_today":      "sent      sent    sent    merged   sent      sent      sent     sent",
    "digest":           "waits     waits   waits   merged   sent      sent      sent     sent",
    "item_question":    "waits     waits   waits   merged   sent      sent      sent     sent",
    "proposal":         "waits     waits   waits   merged   sent      sent      sent     sent",
    "override":         "waits     waits   waits   merged   sent      sent      sent     sent",
    "override-second":  "waits     waits   waits   merged   sent      sent      sent     sent",
    "unit-request":     "waits     waits   waits   merged   sent      sent      sent     sent",
    "challenge":        "waits     waits   waits   merged   sent      sent      sent     sent",
    "service_request":  "waits     waits   waits   merged   sent      sent      sent     sent",
    "service_answer":   "waits     waits   waits   merged   sent      sent      sent     sent",
    "service_overdue":  "waits     waits   waits   merged   sent      sent      sent     sent",
    "unit_takes":       "waits     waits   waits   merged   sent      sent      sent     sent",
    "held_back":        "waits     waits   waits   merged   sent      sent      sent     sent",
    "override-answer":  "waits     waits   waits   merged   sent      sent      sent     sent",
    "handover":         "waits     waits   waits   merged   sent      sent      sent     sent",
    "item_reminder":    "waits     waits   waits   merged   sent      sent      sent     sent",
    "subscription":     "waits     waits   waits   merged   sent      sent      sent     sent",
    "snoozed":          "waits     waits   waits   merged   sent      sent      sent     sent",
    "visit":            "waits     waits   waits   merged   sent      sent      sent     sent",
    "repair":           "waits     waits   waits   merged   sent      sent      sent     sent",
    "reopened":         "waits     waits   waits   merged   sent      sent      sent     sent",
    "visit_away":       "waits     waits   waits   merged   sent      sent      sent     sent",
    "pulse":            "waits     waits   waits   merged   sent      sent      sent     sent",
    "pulse_result":     "waits     waits   waits   merged   sent      sent      sent     merged",
    "pulse_done":       "waits     waits   waits   merged   sent      sent      sent     merged",
    "meeting":          "waits     waits   waits   merged   sent      sent      sent     sent",
    "welcome":          "waits     waits   waits   merged   sent      sent      sent     sent",
    "unit_note":        "waits     waits   waits   merged   sent      sent      sent     merged",
    "rhythm":           "waits     waits   waits   merged   sent      sent      sent     merged",
    "rhythm_handover":  "waits     waits   waits   merged   sent      sent      sent     merged",
    "new_school":       "waits     waits   waits   merged   sent      sent      sent     merged",
    "year_check":       "waits     waits   waits   merged   sent      sent      sent     merged",
    "calendar":         "waits     waits   waits   merged   sent      sent      sent     merged",
    "own_calendar":     "waits     waits   waits   merged   sent      sent      sent     merged",
    "override-notice":  "waits     waits   waits   merged   sent      sent      sent     sent",
    "handover_pack":    "waits     waits   waits   merged   sent      sent      sent     merged",
    "promise":          "waits     waits   waits   merged   dropped   sent      sent     merged",
    "run_next_step":    "waits     waits   waits   merged   sent      sent      sent     merged",
    "memo":             "waits     waits   waits   merged   sent      sent      sent     sent",
    "memo_version":     "waits     waits   waits   merged   sent      sent      sent     sent",
    "demand_changed":   "waits     waits   waits   merged   sent      sent      sent     sent",
    "slipped":          "waits     waits   waits   merged   sent      sent      sent     sent",
    "memo_unread":      "waits     waits   waits   merged   sent      sent      sent     sent",
    "too_much":         "waits     waits   waits   merged   sent      sent      sent     sent",
    "mailbox":          "waits     waits   waits   merged   sent      sent      sent     sent",
    "preview":          "waits     waits   waits   merged   sent      sent      sent     sent",
    "memo_in":          "waits     waits   waits   merged   sent      sent      sent     merged",
    "memo_feed":        "waits     waits   waits   merged   sent      sent      sent     merged",
    "digest_missed":    "waits     waits   waits   merged   sent      sent      sent     merged",
    "master.refused":   "waits     waits   waits   merged   sent      sent      sent     merged",
    "witness_told":     "waits     waits   waits   merged   sent      sent      sent     merged",
    "witness_settled":  "waits     waits   waits   merged   sent      sent      sent     merged",
    "overdue":          "waits     waits   waits   merged   dropped   dropped   merged   merged",
    "drift":            "waits     waits   waits   merged   dropped   dropped   merged   merged",
    "product":          "waits     waits   waits   merged   dropped   dropped   merged   merged",
    "run_reminder":     "waits     waits   waits   merged   dropped   dropped   merged   merged",
    "run_call":         "waits     waits   waits   merged   dropped   dropped   merged   merged",
    "deadline":         "waits     waits   waits   merged   dropped   dropped   merged   sent",
    "witness":          "waits     waits   waits   merged   dropped   dropped   merged   merged",
    "still_on":         "waits     waits   waits   merged   dropped   dropped   merged   sent",
}  # fmt: skip
AT_ONCE = {
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
    "challenge_answer": "the answer to a question that this ILD asked or waits on",
    "calendar_first": "the outcome for whoever subscribed to a calendar a minute ago",
    "page": "what came of a page that this person named a minute ago",
    "memo_feed_first": "the outcome for whoever followed a feed a minute ago",
    "mandate_token": "the token that this administrator has just asked for",
    "feed_address": "the address of the feed that this person has just asked for",
    "pulse_receipt": "the receipt of what this principal has just answered",
    "emergency": "a message about safety, which somebody with the right for it has sent",
    "override-notice": "an emergency, or notice of an override that would come after its meeting begins",
    "override": "a request that would come after the meeting begins, for the executive who decides",
    "override-second": "the same, for the executive who decides beyond the budget",
    "own_calendar": "the outcome for whoever connected a calendar within the last minutes",
}
"""What may be said at once, in protected time too, and who asked for it. All else waits as the table says."""
REASONS = {
    "protected": "the time is protected for visits",
    "closed": "outside school days and working hours",
    "quiet": "the person's quiet hours",
    "away": "the person is away",
    "muted": "the person has turned such messages off",
    "never": "the person wants no reminders",
    "rate": "the person wants fewer reminders",
    "budget": "this week's messages are used up",
}

RULES = (ProtectedRule(1, Half.AM, "all", date(2026, 8, 31), None, ""),)
MONDAY, TUESDAY, SATURDAY = "2026-11-30 10:00", "2026-12-01 09:00", "2026-12-05 10:00"
WHEN = {"protected": TUESDAY, "closed": SATURDAY}
READERS = {
    "quiet": {"wishes": Wishes(quiet=Hours(time(9), time(13)))},
    "away": {"wishes": Wishes(away=Away(date(2026, 11, 28), date(2026, 12, 4)))},
    "muted": {"wishes": Wishes(muted=frozenset(Topic))},
    "never": {"wishes": Wishes(rate=Rate.NEVER)},
    "rate": {"wishes": Wishes(rate=Rate.DAILY), "received": Received(1, 1, 1)},
    "budget": {"received": Received(7, 0, 0), "budget": 7},
}


def calendar() -> SchoolCalendar:
    year = SchoolYear("2026-27", date(2026, 8, 31), date(2027, 6, 18))
    break_ = Closure(date(2026, 12, 23), date(2027, 1, 1), ClosureKind.HOLIDAY, "Winter break")
    return SchoolCalendar(years=(year,), closures=(break_,))


def at(local: str) -> datetime:
    return datetime.fromisoformat(local).replace(tzinfo=EAST).astimezone(UTC)


def kinds_in_the_code(*first: str) -> set[str]:
    """Every kind given to these functions. Where a function is given it, what its callers give is meant."""
    functions = [
        (f"{path.name}:{node.lineno}", node)
        for path in sorted((ROOT / "handlers").rglob("*.py"))
        if path.name != "post.py"
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef)
    ]
    senders, found = set(first), set[str]()
    for _round in range(3):  # a sender may be called by another
        for place, function in functions:
            for call in (node for node in ast.walk(function) if isinstance(node, ast.Call)):
                if not senders & {
                    ast.unparse(call.func),
                    f"{place.partition(':')[0]}:{ast.unparse(call.func)}",
                }:
                    continue
                kind = next((word.value for word in call.keywords if word.arg == "kind"), None)
                if kind is None:  # another function of the same name, that chooses the kind itself
                    assert ast.unparse(call.func) not in first, place
                    continue
                names = set(_constants(kind, function))
                if isinstance(kind, ast.Name) and not names:
                    assert kind.id in {arg.arg for arg in function.args.kwonlyargs}, (
                        f"{place} sends which kind?"
                    )
                    is_private = function.name.startswith("_")  # of this module alone
                    senders.add(f"{place.partition(':')[0]}:{function.name}" if is_private else function.name)
                found |= names
    return found


def _constants(kind: ast.expr, function: ast.FunctionDef) -> Iterator[str]:
    """The texts that an expression may be, where it is written out or assigned in the same function."""
    match kind:
        case ast.Constant(value=str(text)):
            yield text
        case ast.IfExp(body=body, orelse=orelse):
            yield from _constants(body, function)
            yield from _constants(orelse, function)
        case ast.Name(id=name):
            for node in (node for node in ast.walk(function) if isinstance(node, ast.Assign)):
                for target in node.targets:
                    pairs = (
                        zip(target.elts, node.value.elts, strict=True)
                        if isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple)
                        else [(target, node.value)]
                    )
                    for left, right in pairs:
                        if isinstance(left, ast.Name) and left.id == name:
                            yield from _constants(right, function)


def test_every_kind_that_the_bot_sends_is_in_the_table() -> None:
    assert kinds_in_the_code("tell_now", "tell_when_open", "outbox.put") - set(TABLE) == set()


def test_what_is_said_at_once_is_in_the_table_with_who_asked_for_it() -> None:
    assert kinds_in_the_code("tell_now") == set(AT_ONCE)


def test_nothing_is_put_into_the_outbox_past_the_two_ways_but_the_digest() -> None:
    assert kinds_in_the_code("outbox.put") == {"digest"}


def test_the_table_and_the_kinds_are_the_same() -> None:
    assert set(TABLE) == set(KINDS)
    assert kind_of("of an older version") is OTHER


@pytest.mark.parametrize("situation", SITUATIONS)
@pytest.mark.parametrize("kind", TABLE)
def test_what_becomes_of_a_message(kind: str, situation: str) -> None:
    expected = dict(zip(SITUATIONS, TABLE[kind].split(), strict=True))[situation]
    now = at(WHEN.get(situation, MONDAY))
    reader = Reader(EAST, Audience(), **READERS.get(situation, {}))  # type: ignore[arg-type]  # a table of arguments
    ruling = rule(
        KINDS[kind].weight, KINDS[kind].topic, reader, now,
        rules=RULES, calendar=calendar(), working=SENDING_HOURS,
    )  # fmt: skip
    assert ruling.fate == expected
    if ruling.fate is not Fate.SENT:
        assert ruling.why == REASONS[situation]
    if ruling.fate in (Fate.WAITS, Fate.MERGED):
        assert ruling.until is not None
        assert ruling.until > now


@pytest.mark.parametrize("kind", TABLE)
def test_with_nothing_in_the_way_every_message_goes(kind: str) -> None:
    ruling = rule(
        KINDS[kind].weight, KINDS[kind].topic, Reader(EAST, Audience()), at(MONDAY),
        rules=RULES, calendar=calendar(), working=SENDING_HOURS,
    )  # fmt: skip
    assert ruling.fate is Fate.SENT


@pytest.mark.parametrize(
    ("situation", "until"),
    [
        ("protected", "2026-12-01 12:00"),
        ("closed", "2026-12-07 06:30"),
        ("quiet", "2026-11-30 13:00"),
        ("away", "2026-12-07 06:30"),
        ("rate", "2026-12-01 12:00"),
        ("budget", "2026-12-07 06:30"),
    ],
)
def test_until_when_a_reminder_waits(situation: str, until: str) -> None:
    reader = Reader(EAST, Audience(), **READERS.get(situation, {}))  # type: ignore[arg-type]  # a table of arguments
    now = at(WHEN.get(situation, MONDAY))
    ruling = rule(
        KINDS["overdue"].weight, Topic.OVERDUE, reader, now,
        rules=RULES, calendar=calendar(), working=SENDING_HOURS,
    )  # fmt: skip
    assert ruling.until == at(until)


def test_of_two_hindrances_the_longer_one_counts() -> None:
    wishes = Wishes(away=Away(date(2026, 12, 1), date(2026, 12, 10)))
    reader = Reader(EAST, Audience(), wishes, Received(9, 0, 0), budget=7)
    ruling = rule(
        KINDS["overdue"].weight, Topic.OVERDUE, reader, at(TUESDAY),
        rules=RULES, calendar=calendar(), working=SENDING_HOURS,
    )  # fmt: skip
    assert (ruling.hindrance, ruling.until) == (Hindrance.AWAY, at("2026-12-11 06:30"))
