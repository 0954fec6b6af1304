"""The sample district of the playground: invented, plausible, and the same for everybody.

Its clock starts on a Wednesday afternoon in March, because March shows what the bot is for: the autumn's rhythm has
thinned out, one school has been forgotten since January, and five memos wait before Monday's digest. The centre is in
the same mirror: requests that units answered or let lie, two pulses and one that is open, theories of action.
"""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.sample.between import put_between
from bot.sample.calendar import put_calendar
from bot.sample.conversations import STARTS_AT as STARTS_AT_LOCAL
from bot.sample.conversations import play
from bot.sample.cycles import put_cycles
from bot.sample.people import (
    ADMINISTRATOR,
    EXECUTIVE,
    FIRST_DAY,
    NETWORKS,
    OTHER_ILDS,
    UNIT_STAFF,
    ZONE,
    SamplePerson,
)
from bot.sample.pulses import answer_open, put_pulses
from bot.sample.service import put_requests
from bot.sample.theories import put_theories
from bot.sample.visits import put_history, put_losses, put_never_made_good
from handlers.welcome import first_contact
from storage.calendar import load_calendar
from storage.database import Store, Tx
from storage.tables import AssignmentRow, PersonRow, RoleRow, SchoolRow

STARTS_AT = datetime.fromisoformat(STARTS_AT_LOCAL).replace(tzinfo=ZoneInfo(ZONE)).astimezone(UTC)
"""Wednesday 10 March 2027, 13:30: open time between two protected mornings."""


def fill_sample(store: Store) -> None:
    """Write the sample district into an empty, migrated store, as of ``STARTS_AT``."""
    yesterday = STARTS_AT.date() - timedelta(days=1)
    with store.begin() as tx:
        put_calendar(tx)
        ids = _put_people(tx)
        calendar = load_calendar(tx)
        put_history(tx, calendar, ids, until=yesterday)
        put_never_made_good(tx, ids, NETWORKS[0][1].email)
        put_losses(tx, ids, ids[UNIT_STAFF[0].email], ids[EXECUTIVE.email])
        put_between(tx, calendar, ids)
        put_requests(tx, calendar, ids)
        put_pulses(tx, ids)
        put_theories(tx, ids)
        put_cycles(tx, calendar, ids)
    play(store)
    with store.begin() as tx:
        answer_open(tx, ids)


def _put_people(tx: Tx) -> dict[str, int]:
    """Everybody and every school; ids by e-mail and by school name."""
    ids = {
        person.email: _put_person(tx, person)
        for person in (EXECUTIVE, *OTHER_ILDS, *UNIT_STAFF, ADMINISTRATOR)
    }
    for network, ild, schools in NETWORKS:
        ids[ild.email] = _put_person(tx, ild)
        for number, school in enumerate(schools):
            ids[school.principal.email] = _put_person(tx, school.principal)
            row = SchoolRow(
                sourced_id=f"{network[0]}{number + 1:02}",
                name=school.name,
                level=school.level,
                focus=school.focus,
            )
            tx.add(row)
            tx.flush()
            assert row.id is not None
            ids[school.name] = row.id
            tx.add(
                AssignmentRow(
                    school_id=row.id,
                    ild_id=ids[ild.email],
                    principal_id=ids[school.principal.email],
                    network=network,
                    starts=FIRST_DAY,
                    cadence_days=school.cadence,
                )
            )
    return ids


def _put_person(tx: Tx, person: SamplePerson) -> int:
    row = PersonRow(
        email=person.email, given_name=person.given, family_name=person.family, since=person.since
    )
    tx.add(row)
    tx.flush()
    assert row.id is not None
    tx.add(RoleRow(person_id=row.id, role=person.role, unit=person.unit, starts=FIRST_DAY))
    first_contact.note_met(tx, row.id, at=STARTS_AT)  # they have worked with the bot for a year and a half
    return row.id
