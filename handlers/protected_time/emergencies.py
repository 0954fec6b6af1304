"""Messages about safety: at once, in protected time and out of hours too, and counted.

Whoever may send one sees first whom it reaches; one press sends it. It goes to the principals it is for, to their
ILDs and to the executives, so that nobody who has to act hears of it last. It costs no budget, and the ledger says how
many there were: what is called an emergency every week is none.
"""

import re
from datetime import timedelta

from handlers import audit_trail
from handlers.actions import Action, act
from handlers.cards import Button, Buttons, Card, Emphasis, Quote, Text, plain
from handlers.errors import StaleError, UserError
from handlers.permissions import Right, Subject, require
from handlers.post import tell_now
from handlers.protected_time.invitees import Invitees, find_invitees, invitees_of
from handlers.turn import Cards, Command, Topic, Turn, Values
from storage import emergencies, people
from storage.people import Person, Role
from storage.tables import EmergencyRow

LONGEST = 600
GOOD_FOR = timedelta(minutes=30)
"""So long after it was shown a message may be sent; later the emergency is another one."""


def _words(turn: Turn, match: re.Match[str]) -> Cards:
    """ "emergency at lincoln middle: gas leak, everybody is outside" """
    require(turn.person, Right.DECLARE_EMERGENCY, object="emergency")
    text = match["text"].strip()
    if len(text) > LONGEST:
        raise UserError(f"Say it in under {LONGEST} characters: what happened, and what to do now.")
    who = (match["who"] or "").strip()
    everybody = who.casefold() in ("everybody", "everyone", "all", "all schools", "the district")
    if not who:
        raise UserError("For whom? Write: emergency at Lincoln Middle: … or emergency for everybody: …")
    found = find_invitees(turn, "" if everybody else who)
    _require_for(turn, found)
    emergency_id = emergencies.show(
        turn.tx, author_id=turn.person.id, audience=found.key, text=text, at=turn.now
    )
    count = len(_readers(turn, found))
    args = {"emergency": emergency_id, "v": 1}
    buttons = (
        Button("Send at once", act("emergency.send", **args), Emphasis.DANGER),
        Button("Leave it", act("emergency.leave", **args)),
    )
    reach = (
        f"{found.count}, their ILDs and the executives read it now, in protected time and out of hours too: "
        f"{count} {'person' if count == 1 else 'people'} beside you."
    )
    return [Card("An emergency", (Quote(text, turn.person.name), Text(reach), Buttons(buttons)))]


def _require_for(turn: Turn, found: Invitees) -> None:
    """The right for each school it is for; an ILD's reaches her own network and not the ILDs as such."""
    schools = people.schools_on(turn.tx, turn.today, ids=list(found.school_ids))
    subjects = [Subject(school=school) for school in schools] or [Subject()]
    for subject in subjects:
        require(turn.person, Right.DECLARE_EMERGENCY, subject, object="emergency")


def _readers(turn: Turn, found: Invitees) -> dict[int, Person]:
    """Whom it reaches: those it is for, the ILDs of their schools, the executives; not whoever sends it."""
    schools = people.schools_on(turn.tx, turn.today, ids=list(found.school_ids))
    readers = {person.id: person for person in found.people}
    readers |= people.get_people(turn.tx, {s.ild_id for s in schools if s.ild_id}, on=turn.today)
    readers |= {p.id: p for p in people.people_with_role(turn.tx, Role.EXECUTIVE, on=turn.today)}
    return {key: person for key, person in readers.items() if person.active and key != turn.person.id}


def _send(turn: Turn, action: Action, _values: Values) -> Cards:
    row = _load(turn, action)
    if turn.now - row.created_at > GOOD_FOR:
        raise StaleError("That was written more than half an hour ago. Write it again as it is now.")
    found = invitees_of(turn.tx, row.audience, on=turn.today)
    _require_for(turn, found)
    readers = _readers(turn, found)
    _settle(turn, row, "sent", people=len(readers))
    card = Card(
        "", (Text(f"{turn.person.name} writes:", lead="Emergency."), Quote(row.text, turn.person.name))
    )
    for person_id in readers:
        tell_now(turn.tx, person_id, card, kind="emergency", period=f"{row.id}", now=turn.now)
    count = len(readers)
    return [
        plain(
            f"Sent at once to {count} {'person' if count == 1 else 'people'}. It is counted as an emergency."
        )
    ]


def _leave(turn: Turn, action: Action, _values: Values) -> Cards:
    _settle(turn, _load(turn, action), "left")
    return [plain("Left. Nobody was told.")]


def _load(turn: Turn, action: Action) -> EmergencyRow:
    row = emergencies.get(turn.tx, action.number("emergency"))
    require(turn.person, Right.DECLARE_EMERGENCY, object=f"emergency:{action.number('emergency')}")
    if row is None or row.author_id != turn.person.id:
        raise UserError("Only whoever wrote that message sends it. Write your own: emergency at …")
    if row.version != action.number("v"):
        raise StaleError(f"Already settled: it was {'sent' if row.state == 'sent' else 'left'}.")
    return row


def _settle(turn: Turn, row: EmergencyRow, state: str, *, people: int = 0) -> None:
    if not emergencies.settle(turn.tx, row.id or 0, version=row.version, state=state, people=people):
        raise StaleError("That was settled a moment ago.")
    audit_trail.write(turn, f"emergency.{state}", f"emergency:{row.id}", people=people)


TOPIC = Topic(
    name="emergency",
    commands=(
        Command(
            re.compile(
                r"emergency(?: (?:at|in|for|to) (?:the )?(?P<who>[^:]+?))?(?::| because) ?(?P<text>.+)",
                re.IGNORECASE,
            ),
            _words,
            example="emergency at Lincoln Middle: gas leak, everybody is outside",
            what="A message about safety that does not wait for open time.",
            roles=frozenset({Role.ILD, Role.EXECUTIVE, Role.ADMINISTRATOR}),
        ),
    ),
    actions={"emergency.send": _send, "emergency.leave": _leave},
    in_place=frozenset({"emergency.send", "emergency.leave"}),
)
