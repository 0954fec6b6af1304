"""How a meeting stands, and moving it on: a button pressed late or twice finds it settled."""

from handlers import audit_trail
from handlers.actions import Action
from handlers.errors import StaleError, UserError
from handlers.protected_time.meeting_times import clock_of
from handlers.turn import Turn
from protocols.cadence.protected_times import Start
from storage import meetings
from storage.tables import MeetingRow


def load(turn: Turn, action: Action) -> MeetingRow:
    """The meeting a button is about. Raises ``StaleError`` where it has moved on since."""
    meeting = meetings.get(turn.tx, action.number("meeting"))
    if meeting is None:
        raise UserError("I can't find that meeting any more. Ask for it again.")
    if meeting.version != action.number("v"):
        raise StaleError(f"Already settled: {_state_words(turn, meeting)}.")
    return meeting


def _state_words(turn: Turn, meeting: MeetingRow) -> str:
    when = Start(meeting.day, clock_of(meeting)).say(turn.today)
    match meeting.state:
        case "booked":
            return f"the meeting about {meeting.topic} is booked for {when}"
        case "overridden":
            return f"the meeting about {meeting.topic} takes protected time on {when}"
        case "note":
            return "it goes out as a note"
        case "to_second":
            return f"an override for {when} waits for somebody to second it"
        case "withdrawn":
            return "the request was withdrawn"
        case _:
            return f"an executive was asked about {when}"


def require_requester(turn: Turn, meeting: MeetingRow) -> None:
    """Pass for whoever asked for it. Raises ``UserError`` for anybody else."""
    if meeting.requester_id != turn.person.id:
        raise UserError("Only the person who asked for this meeting can settle it. I have changed nothing.")


def settle(turn: Turn, meeting: MeetingRow, *, state: str, **values: object) -> None:
    """Compare and set, with its audit row. The row in hand then shows the new state."""
    version = meeting.version
    if not meetings.change(
        turn.tx, meeting.id or 0, version=version, state=state, **{"decided_by": turn.person.id, **values}
    ):
        raise StaleError("Somebody settled this a moment ago. Write “my meetings” to see how it stands.")
    turn.tx.refresh(meeting)
    audit_trail.write(
        turn, f"meeting.{state}", f"meeting:{meeting.id}", reason_class=values.get("reason_class")
    )
