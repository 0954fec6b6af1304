"""A tour of five short stops for each role, in one message that changes as one goes on. It can be refused.

How far somebody came is kept: ``tour`` goes on at the stop they left, and begins again once they have seen the last.
"Not now" is kept, too: then nobody brings it up again.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from handlers.actions import Action, act
from handlers.cards import Button, Buttons, Card, Emphasis, Text, plain
from handlers.turn import Cards, Command, Topic, Turn, Values
from handlers.welcome.lines import goes
from storage import record
from storage.people import Role

ORDER = (Role.ILD, Role.PRINCIPAL, Role.EXECUTIVE, Role.UNIT, Role.ADMINISTRATOR)
"""Whose tour somebody with several roles gets first."""


@dataclass(frozen=True, slots=True)
class Stop:
    """One thing in two sentences, and the press that shows it."""

    title: str
    text: str
    button: Button


STOPS: dict[Role, tuple[Stop, ...]] = {
    Role.ILD: (
        Stop(
            "Your week",
            "“my week” has every school: who is due, what is planned, what both of you promised. Schools that fall "
            "behind come up by themselves.",
            goes("My week", "week"),
        ),
        Stop(
            "Walkthroughs and inquiries",
            "Write “walkthrough” and a school. I ask you and the principal step by step, each in your own chat, and "
            "show both sides at the debrief.",
            goes("What can be begun", "protocols"),
        ),
        Stop(
            "Your desk",
            "Memos come in one demand at a time. You pass it on, hold it, or take it off the plate; I suggest and "
            "say why.",
            goes("Decide", "desk"),
        ),
        Stop(
            "Monday’s digest",
            "What you passed on goes out once, early on Monday. “preview” shows it, and “my line: …” puts a sentence "
            "of yours at its head.",
            goes("Preview", "preview"),
        ),
        Stop(
            "Protected time",
            "Half-days that belong to schools. A meeting asked for in one is refused with free times, and “plan” puts "
            "your visits there.",
            goes("Plan two weeks", "plan"),
        ),
    ),
    Role.PRINCIPAL: (
        Stop(
            "Your digest",
            "Once a week, early on Monday: what to do, by when, how long it takes. Each thing can be done, asked "
            "about, delegated or put off.",
            goes("My digest", "digest"),
        ),
        Stop(
            "Your visits",
            "“my week” has the next one and what you both promised. You can move it, cancel it, or ask for one.",
            goes("My week", "week"),
        ),
        Stop(
            "Walkthroughs and inquiries",
            "You name the strength, the challenge and what to look for. Both of you write in your own chats, and see "
            "both sides at the debrief.",
            goes("What can be begun", "protocols"),
        ),
        Stop(
            "Your thread",
            "Your focus, what both of you promised, the open inquiry. It is yours and your ILD’s, and nobody else’s.",
            goes("My thread", "thread"),
        ),
        Stop(
            "In peace",
            "Your hours, quiet, days away, fewer reminders: tell me, and I keep to it.",
            goes("My settings", "settings"),
        ),
    ),
    Role.EXECUTIVE: (
        Stop(
            "Ask in plain words",
            "“schools not visited for three weeks”, “visits this semester against last semester”. You get the number, "
            "what was counted, a picture and a CSV.",
            goes("Questions", "figures"),
        ),
        Stop(
            "What I don’t show",
            "What is said in a visit, and a ranking of ILDs. Your questions are on record, without a word of anybody.",
            Button("Who sees what", act("welcome.open")),
        ),
        Stop(
            "Overrides",
            "An office that needs protected time asks you. You decide, with a reason that everybody concerned reads.",
            goes("Overrides so far", "overrides"),
        ),
        Stop(
            "The ledger",
            "Protected time kept and taken: by month, by office, by reason, and what was made good.",
            goes("Ledger", "ledger"),
        ),
        Stop(
            "Drift",
            "Schools that slip out of sight though the average is fine. Their ILD hears first; you see what was not "
            "mended in time.",
            goes("Drift", "drift"),
        ),
    ),
    Role.UNIT: (
        Stop(
            "Send a request",
            "Paste a memo, or fill in a short form. ILDs decide what reaches schools, and you read what I understood.",
            goes("Send a request", "send"),
        ),
        Stop(
            "Meetings that leave schools alone",
            "“meeting with principals Tue 13:00 about substitutes”. In protected time I refuse, with what it would "
            "cost and the nearest free times.",
            goes("What is protected", "protected"),
        ),
        Stop(
            "Ask through the ILD",
            "“ask principal Grace about the boiler” goes to whoever can answer, with a clock on it.",
            goes("What I asked", "asked"),
        ),
        Stop(
            "What became of it",
            "“home” counts who has done it, and a note comes at the week’s end. No school is named to you.",
            goes("Questions from ILDs", "questions"),
        ),
        Stop(
            "Overrides",
            "Each office has a few a term. An executive decides, and everybody can see how many are taken.",
            goes("Overrides so far", "overrides"),
        ),
    ),
    Role.ADMINISTRATOR: (
        Stop(
            "The roster",
            "Schools with their principal and ILD come from your roster files. Executives and offices you name here: "
            "“make name@district.org executive”.",
            Button("The roster", act("home.holes")),
        ),
        Stop(
            "The calendar",
            "School years, terms and closures; import them or name a published calendar that I read every day.",
            goes("Calendar", "calendar"),
        ),
        Stop(
            "Protected half-days",
            "“protect Tuesday morning because visits come first”. I show what it would change before it is in force.",
            goes("Protected time", "protected"),
        ),
        Stop(
            "What did not arrive",
            "Messages that could not be delivered are listed with the reason, and never with their words.",
            goes("Undelivered", "undelivered"),
        ),
        Stop(
            "Who sees what",
            "You keep the rules and read the log of what was done. What is said in visits is not yours to see.",
            Button("Who sees what", act("welcome.open")),
        ),
    ),
}


def role_of(turn: Turn) -> Role | None:
    """Whose tour it is; None for somebody without a role."""
    return next((role for role in ORDER if role in turn.person.roles), None)


def offer() -> tuple[Button, Button]:
    """The way in, and the way to say no."""
    return (Button("Show me round", act("tour.go")), Button("Not now", act("welcome.later")))


def is_open(turn: Turn) -> bool:
    """Whether it may still be brought up: neither seen to its end nor put off."""
    return _state(turn).get("state") not in ("done", "later")


def put_off(turn: Turn) -> None:
    _keep(turn, state="later")


def _state(turn: Turn) -> dict[str, object]:
    return record.get_setting(turn.tx, f"tour:{turn.person.id}") or {}


def _keep(turn: Turn, **changes: object) -> None:
    record.put_setting(turn.tx, f"tour:{turn.person.id}", {**_state(turn), **changes})


def show(turn: Turn) -> Cards:
    """Where it was left; from the first stop for whoever has seen the last."""
    role = role_of(turn)
    if role is None:
        return [plain("You have no role in this district’s roster yet, so there is nothing to show you.")]
    known = _state(turn)
    at = known.get("at", 1)
    is_same = known.get("role") == role.value and known.get("state") != "done"
    return [_stop(turn, role, at if is_same and isinstance(at, int) else 1)]


def _stop(turn: Turn, role: Role, number: int) -> Card:
    """The stop of that number (from 1), with the way on and back; remembered as where the person is."""
    stops = STOPS[role]
    number = min(max(number, 1), len(stops))
    is_last = number == len(stops)
    _keep(turn, role=role.value, at=number, state="done" if is_last else "going")
    stop = stops[number - 1]
    ways: list[Button] = []
    if number > 1:
        ways.append(Button("Back", act("tour.go", role=role.value, n=number - 1)))
    if is_last:
        ways += _others(turn, role)
    else:
        ways.append(Button("Next", act("tour.go", role=role.value, n=number + 1), Emphasis.PRIMARY))
        ways.append(Button("Not now", act("tour.later")))
    end = " That was the tour; “help” says the rest." if is_last else ""
    blocks = (Text(stop.text + end), Buttons((stop.button,)), Buttons(tuple(ways)))
    return Card(f"{number} of {len(stops)}: {stop.title}", blocks)


LABELS = {
    Role.ILD: "As an ILD",
    Role.PRINCIPAL: "As a principal",
    Role.EXECUTIVE: "As an executive",
    Role.UNIT: "As an office",
    Role.ADMINISTRATOR: "As the administrator",
}


def _others(turn: Turn, role: Role) -> Sequence[Button]:
    """At the end, the tours of the person's other roles."""
    others = (one for one in ORDER if one in turn.person.roles and one is not role)
    return [Button(LABELS[one], act("tour.go", role=one.value, n=1)) for one in others]


def _go(turn: Turn, action: Action, _values: Values) -> Cards:
    """A stop by its number; without one, where it was left. A role that the person has no more begins their own."""
    wanted = next((role for role in turn.person.roles if role.value == action.args.get("role")), None)
    if wanted is None or "n" not in action.args:
        return show(turn)
    return [replace(_stop(turn, wanted, action.number("n")), in_place=True)]


def say_later() -> Card:
    """What somebody reads who does not want it now."""
    return plain("Fine. I won’t bring it up again; write “tour” or “help” when it suits you.")


def _later(turn: Turn, _action: Action, _values: Values) -> Cards:
    put_off(turn)
    return [replace(say_later(), in_place=True)]


TOPIC = Topic(
    name="tour",
    commands=(
        Command(
            re.compile(r"(?:the |a |take the )?tour|show me (?:a)?round", re.IGNORECASE),
            lambda turn, _match: show(turn),
            example="tour",
            what="Five short stops; it goes on where you left it.",
        ),
    ),
    actions={"tour.go": _go, "tour.later": _later},
)
