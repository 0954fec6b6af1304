"""The sentence for each reason why a move is refused: kind, short, and with what one can do instead."""

from collections.abc import Mapping

from protocols.guided.entry_rules import MAX_LENGTH
from protocols.guided.moves import MoveRefused, Reason
from protocols.guided.steps import Protocol, SeatKey, join_names, role_of

_SENTENCES = {
    Reason.STALE: "That was answered already, or the conversation has gone on. {where}",
    Reason.OVER: "This one is over. What you wrote can still be edited.",
    Reason.PAUSED: "This is paused. Say “resume” and it goes on from here.",
    Reason.NOT_PAUSED: "This is not paused. {where}",
    Reason.NOT_YOUR_TURN: "It is not your turn yet: waiting for {people}. I'll write as soon as it is.",
    Reason.LISTENING: "Now you listen, and {people} {write}. Your turn comes next.",
    Reason.DONE_HERE: "You are done with this step; waiting for {people}. To add something, go back.",
    Reason.NOT_TAKING_PART: "You have no part in this conversation, so there is nothing for you to answer.",
    Reason.EMPTY: "There were no words in that. Write a sentence and send it again.",
    Reason.TOO_LONG: "That is {length} characters, and one entry holds {max}. Send it in two parts.",
    Reason.NAMES_TEACHER: (
        "That seems to name a teacher, so I did not keep it. Write it with the classroom's number instead."
    ),
    Reason.NAMES_STUDENT: (
        'That seems to name a student, so I did not keep it. Write "a student" instead of the name.'
    ),
    Reason.ROOM_MISSING: "Which classroom was that? Give its number, such as 204.",
    Reason.ROOM_NOT_A_NUMBER: "I know classrooms by number only, such as 204 or B12. Which number is it?",
    Reason.UNKNOWN_LOOK_FOR: "That is not one of this visit's look-fors. Choose one from the list, or none.",
    Reason.NOT_AN_OPTION: "Choose one of these: {options}.",
    Reason.NOTHING_TO_WRITE: "Nothing to write here. Talk it over, then go on.",
    Reason.ALREADY_SAID: "That is on the list already.",
    Reason.TOO_MANY: "This step holds {max}, and it is full. Edit one of them, or go on.",
    Reason.TOO_FEW: "At least {min} is needed here before it goes on.",
    Reason.CHOOSE_FIRST: "At most {max}: mark which to keep, or send their numbers, such as 1 2 4, or a shorter list.",
    Reason.CHOOSE_COUNT: "Choose from the list, each once: {min} to {max} of them.",
    Reason.NOTHING_HELD: "Nothing is waiting for that. {where}",
    Reason.NEXT_STEP_INCOMPLETE: "A next step needs {missing}, so that you both can check it later.",
    Reason.NEXT_STEP_DATE: "I could not read that date. Give the day, month and year.",
    Reason.NEXT_STEP_PAST: "That day has passed. By which day to come?",
    Reason.NO_REASON: "A few words on why, and it is done.",
    Reason.REQUIRED: "This step carries the ones after it, so it cannot be skipped. You can pause instead.",
    Reason.ALREADY_DONE: "This step is behind you. Change what you wrote, or say done to leave it as it is.",
    Reason.DECIDED: "That decision began or closed a round, so it stays. The next round can decide otherwise.",
    Reason.ON_THE_WAY: "The way through this list has begun, so it stays. Edit an entry where a word of it is wrong.",
    Reason.NOTHING_BEFORE: "This is the first thing you were asked; there is nothing before it.",
    Reason.NO_SUCH_ENTRY: "I could not find what you want to edit. Open the summary and choose it there.",
    Reason.NOT_YOURS: "Only the one who wrote it can change it.",
    Reason.UNCHANGED: "That is what it says already, so nothing was changed.",
    Reason.NO_FIGURE: (
        "Each line needs a number and what it counts, such as “57 % of students proficient”. Send it again with both."
    ),
    Reason.NOT_LEADING: "Whoever leads the conversation keeps the time.",
    Reason.NOT_TIMED: "This step has no clock, so take the time it needs.",
    Reason.EXTENDED_ALREADY: "{minutes} more minutes were given already{until}. For further ones, press again here.",
    Reason.DOES_NOT_RETURN: "This step does not come back by itself. Say “pause” to go on another day.",
    Reason.NO_ROOM: "There is no seat free for another person here; it holds {max}.",
    Reason.SEAT_NEEDED: "The conversation needs you to go on. Pause it, hand it over, or stop it.",
}
_PARTS = {"who": "who does it", "by_when": "by when", "evidence": "what evidence you will look at"}


def explain(
    refused: MoveRefused,
    protocol: Protocol,
    names: Mapping[SeatKey, str] | None = None,
    *,
    until: str = "",
) -> str:
    """The sentence to say. ``names`` are the people in the seats, as for ``prompts``; ``until`` is the time of day
    at which the time of the open step is up, as its reader says it."""
    known = dict(names or {})
    data = refused.data
    keys = data.get("options", "").split(",")
    options = [option.label for step in protocol.steps for option in step.options if option.key in keys]
    words = {
        "max": str(MAX_LENGTH),
        **data,
        "min": "one" if data.get("min") == "1" else data.get("min", ""),
        "until": f", until {until}" if until else "",
        "where": _where(protocol, data.get("step", "")),
        "people": join_names(
            [
                known.get(SeatKey(seat), protocol.roles[role_of(SeatKey(seat))])
                for seat in data.get("seats", "").split(",")
                if seat
            ]
        ),
        "write": "write" if "," in data.get("seats", "") else "writes",
        "missing": join_names([_PARTS[part] for part in data.get("missing", "").split(",") if part]),
        "options": ", ".join(options),
    }
    return _SENTENCES[refused.reason].format_map(words).strip()


def _where(protocol: Protocol, step: str) -> str:
    return f'It stands at "{protocol.step(step).title}".' if step else ""
