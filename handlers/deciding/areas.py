"""What the district lets principals decide: the administrator's short table, and which demands touch it."""

import re

from handlers import audit_trail
from handlers.cards import Card, Item, Items, Text, plain
from handlers.errors import UserError
from handlers.permissions import Right, require
from handlers.turn import Cards, Command, Topic, Turn
from protocols.buffer.principals_decide import Area, AreaFault, read_area, say_area, touched
from storage import deciding
from storage.database import Tx
from storage.people import Role
from storage.tables import DemandRow, PrincipalAreaRow


def known_areas(tx: Tx) -> list[Area]:
    return [Area(row.area, row.theirs, row.fixed, row.ask) for row in deciding.areas(tx)]


def areas_touched(tx: Tx, demand: DemandRow) -> list[Area]:
    """The areas that a demand on schools names."""
    return touched(demand.quote, known_areas(tx)) if demand.for_school else []


def _set(turn: Turn, match: re.Match[str]) -> Cards:
    require(turn.person, Right.KEEP_AREAS, object="principal_area")
    try:
        area = read_area(match["area"])
    except AreaFault as fault:
        raise UserError(str(fault)) from None
    row = PrincipalAreaRow(
        area=area.area,
        theirs=area.theirs,
        fixed=area.fixed,
        ask=area.ask,
        set_by=turn.person.id,
        set_on=turn.today,
    )
    deciding.put_area(turn.tx, row)
    audit_trail.write(turn, "principal_area.set", f"principal_area:{area.area.replace(' ', '_')}")
    text = "A demand that touches it says from now on:"
    return [Card("", (Text(text), Text(say_area(area))))]


def _drop(turn: Turn, match: re.Match[str]) -> Cards:
    require(turn.person, Right.KEEP_AREAS, object="principal_area")
    name = " ".join(match["area"].casefold().split())
    if not deciding.drop_area(turn.tx, name):
        names = ", ".join(row.area for row in deciding.areas(turn.tx)) or "nothing yet"
        raise UserError(f"There is no “{name}” in the table; there is {names}.")
    audit_trail.write(turn, "principal_area.dropped", f"principal_area:{name.replace(' ', '_')}")
    return [plain(f"Taken out of what principals decide: {name}.")]


def _show(turn: Turn, _match: re.Match[str]) -> Cards:
    known = known_areas(turn.tx)
    if not known:
        may_keep = Role.ADMINISTRATOR in turn.person.roles
        how = (
            " Write: principals decide: schedule; ask: your ILD."
            if may_keep
            else " The administrator keeps it."
        )
        return [plain(f"The table of what principals decide is empty.{how}")]
    return [Card("What principals decide", (Items(tuple(Item(say_area(area)) for area in known)),))]


ADMINISTRATORS = frozenset({Role.ADMINISTRATOR})

TOPIC = Topic(
    name="areas",
    commands=(
        Command(
            re.compile(
                r"principals (?:may |can )?decide(?: (?:on|about))?:?\s+(?P<area>\S.*)",
                re.IGNORECASE | re.DOTALL,
            ),
            _set,
            example="principals decide: schedule; theirs: the order of the day; fixed: 1,080 hours; ask: your ILD",
            what="What principals may decide themselves; demands that touch it say so.",
            roles=ADMINISTRATORS,
        ),
        Command(
            re.compile(
                r"principals (?:do not|don['’]t|no longer) decide(?: (?:on|about))?:?\s+(?P<area>.+)",
                re.IGNORECASE,
            ),
            _drop,
            example="principals do not decide: schedule",
            what="Take it out of the table again.",
            roles=ADMINISTRATORS,
        ),
        Command(
            re.compile(r"(?:show )?what (?:do |may |can )?principals (?:may |can )?decide\??", re.IGNORECASE),
            _show,
            example="what principals decide",
            what="What is a principal's own to decide, and how to ask for an exemption.",
        ),
    ),
)
