"""The fields of a step: what one fills in for an entry, for a challenged one, or to change one later."""

from collections.abc import Mapping

from handlers.cards import Block, Field, FieldKind, Option
from handlers.guided.run_seats import Seat
from protocols.guided.steps import Challenge, Step, StepKind

Values = Mapping[str, str]


def entry_fields(seat: Seat, step: Step, text: str, data: Values, *, room: str = "") -> list[Block]:
    """The fields of one entry of a step, filled."""
    match step.kind:
        case StepKind.TEXT | StepKind.COMMITMENT:
            return [Field("text", "Your words", FieldKind.LONG, value=text)]
        case StepKind.LIST | StepKind.FIGURES:
            return [Field("text", "One a line", FieldKind.LONG, value=text)]
        case StepKind.NOTES:
            tags = seat.run.state.live(step.tags) if step.tags else ()
            options = tuple(Option(str(tag.number), tag.text) for tag in tags)
            likely = options[0].value if len(options) == 1 and not data else ""
            look_for = (
                [
                    Field(
                        "look_for",
                        "Look-for",
                        FieldKind.CHOICE,
                        value=data.get("look_for", likely),
                        options=options,
                    )
                ]
                if options
                else []
            )
            return [
                Field("room", "Classroom number", value=data.get("room", room)),
                Field("text", "What you saw or heard", FieldKind.LONG, value=text),
                *look_for,
            ]
        case StepKind.NEXT_STEPS:
            who = tuple(Option(key, seat.people[key].name) for key in seat.run.state.seats)
            return [
                Field("text", "What", value=text),
                Field("who", "Who", FieldKind.CHOICE, value=data.get("who", _likely_doer(seat)), options=who),
                Field("by_when", "By when", FieldKind.DATE, value=data.get("by_when", "")),
                _evidence_field(seat, data),
            ]
        case StepKind.CHOICE | StepKind.REVEAL | StepKind.TALK:
            return []


def rewrite_fields(seat: Seat, step: Step, text: str, data: Values) -> list[Block]:
    """The words alone: the classroom, the look-for, who and by when stay as they were."""
    if step.kind is StepKind.NEXT_STEPS:
        return [
            Field("text", "What", value=text),
            _evidence_field(seat, data),
        ]
    label = "What you saw or heard" if step.challenge is Challenge.EVIDENCE else "Your words"
    return [Field("text", label, FieldKind.LONG, value=text)]


def _evidence_field(seat: Seat, data: Values) -> Field:
    both = "both " if len(seat.run.state.seats) == 2 else ""
    return Field("evidence", f"What you will {both}look at", value=data.get("evidence", ""))


def _likely_doer(seat: Seat) -> str:
    """In a group one writes down what one does oneself; of two it may be either."""
    return "" if len(seat.run.state.seats) == 2 else seat.key
