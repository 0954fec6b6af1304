"""Who answers units first about a subject: named by the administrator for the district, by an ILD for her network.

The ILD's naming goes before the district's, for she knows who can be asked. A subject is a word or two ("facilities",
"bus routes"); a question is about it where its words, or the name of the office that asks, hold all of them.
"""

import re

from handlers import audit_trail
from handlers.cards import Card, Item, Items, Text, plain
from handlers.errors import UserError
from handlers.permissions import Right, Subject, may, require
from handlers.turn import Cards, Turn
from storage import people, requests
from storage.database import Tx
from storage.people import Person, Role, School
from storage.tables import FirstResponderRow

LONGEST_SUBJECT = 60
CENTRAL = {Role.ILD, Role.EXECUTIVE, Role.UNIT, Role.ADMINISTRATOR}


def responder_for(turn: Turn, question: str, office: str, school: School) -> tuple[Person, str] | None:
    """The first responder for a question about a school, and what for; None where the ILD answers."""
    words = set(_words(f"{question} {office}"))
    for row in requests.responders_on(turn.tx, turn.today):
        if row.network not in (None, school.network) or not set(_words(row.subject)) <= words:
            continue
        person = people.get_people(turn.tx, [row.person_id], on=turn.today).get(row.person_id)
        if person is not None and person.active:
            return person, row.subject
    return None


def _words(text: str) -> list[str]:
    """Words without their plural, so that "bus routes" is found in "the bus route of Monday"."""
    return [
        word[:-1] if len(word) > 3 and word.endswith("s") else word
        for word in re.findall(r"\w+", text.casefold())
    ]


def name_words(turn: Turn, match: re.Match[str]) -> Cards:
    """ "first responder for facilities is dev patel" """
    require(turn.person, Right.NAME_RESPONDER, object="first_responder")
    subject = " ".join(match["subject"].split()).casefold()
    if len(subject) > LONGEST_SUBJECT or not _words(subject):
        raise UserError(
            "Name the subject in a word or two: first responder for facilities is name@district.org."
        )
    person = _find(turn, match["who"].strip().rstrip("."))
    network = _network(turn)
    requests.name_responder(turn.tx, subject=subject, network=network, person_id=person.id, on=turn.today)
    audit_trail.write(turn, "first_responder.named", f"person:{person.id}")
    where = network or "the whole district"
    return [plain(f"From now on {person.name} answers units first about {subject}, for {where}.")]


def end_words(turn: Turn, match: re.Match[str]) -> Cards:
    """ "no first responder for facilities" """
    require(turn.person, Right.NAME_RESPONDER, object="first_responder")
    subject = " ".join(match["subject"].split()).casefold().rstrip(".")
    if not requests.end_responder(turn.tx, subject=subject, network=_network(turn), on=turn.today):
        raise UserError(f"Nobody is named for {subject}. Write “first responders” to see who is.")
    audit_trail.write(turn, "first_responder.ended", "first_responder")
    return [
        plain(f"Questions about {subject} go to the ILD again. What was asked already stays where it is.")
    ]


def show(turn: Turn, _match: re.Match[str]) -> Cards:
    rows = requests.responders_on(turn.tx, turn.today)
    if not rows:
        return [plain("Nobody is named: the ILD of the school answers units about everything.")]
    known = people.get_people(turn.tx, {row.person_id for row in rows}, on=turn.today)
    items = tuple(_item(row, known) for row in rows)
    closing = Text("About anything else the school's ILD answers.", quiet=True)
    return [Card("First responders", (Items(items), closing))]


def _item(row: FirstResponderRow, known: dict[int, Person]) -> Item:
    return Item(f"{known[row.person_id].name}, for {row.network or 'the whole district'}", lead=row.subject)


def _network(turn: Turn) -> str | None:
    """Whose first responder this person names: the district's as administrator, else her own network's."""
    if Role.ADMINISTRATOR in turn.person.roles:
        return None
    own = people.schools_on(turn.tx, turn.today, ild_id=turn.person.id)
    if not own or not may(turn.person, Right.NAME_RESPONDER, Subject(school=own[0])):
        raise UserError("You carry no school at present, so there is no network to name somebody for.")
    return own[0].network


def _find(turn: Turn, words: str) -> Person:
    """Somebody of the central office by address or name. A principal answers no office: that is the point of it."""
    person = people.find_by_email(turn.tx, words, on=turn.today)
    found = [person] if person is not None else people_named(turn.tx, turn, words)
    found = [one for one in found if set(one.roles) & CENTRAL]
    if len(found) == 1:
        return found[0]
    if found:
        raise UserError(f"Several people are called {words}. Write the e-mail address instead.")
    raise UserError(f"I know nobody called {words} in the central office. Write the e-mail address instead.")


def people_named(tx: Tx, turn: Turn, words: str, *, roles: tuple[Role, ...] = tuple(Role)) -> list[Person]:
    """Active people whose name holds all these words, as begun: "grace", "lindq"."""
    tokens = words.casefold().split()
    pool = {
        person.id: person for role in roles for person in people.people_with_role(tx, role, on=turn.today)
    }
    return [
        person
        for person in pool.values()
        if tokens and all(any(part.startswith(t) for part in person.name.casefold().split()) for t in tokens)
    ]
