"""The sample district's theories of action: the district's with what was learned on the way, and one network's."""

from datetime import datetime
from zoneinfo import ZoneInfo

from bot.sample.people import EXECUTIVE, NORTH_ILD, ZONE
from protocols.centre.theory import Clause, Gauge, Line, Theory, Way
from storage import theories
from storage.database import Tx
from storage.theories import DISTRICT, Revision, scope_of

_FIRST = Theory(
    "we keep half of the week free of meetings and visit every school in a rhythm that fits its principal",
    "principals work on their teaching with somebody who knows their school",
    "students explain their thinking in every subject",
)
_SECOND = Theory(
    (
        "we keep half of the week free of meetings, and every visit ends in a next step that both of us "
        "look at again"
    ),
    "principals work on one thing at a time, with somebody who knows their school, until it has changed",
    "students explain their thinking in every subject",
)
_NETWORK = Theory(
    "I am in schools for more than half of my week, and in each at its own rhythm",
    "principals bring me a question of their own, and we leave each visit with a next step",
    "students in all twelve schools are asked for reasons in every lesson",
)
_KEPT = Line(Clause.IF, Gauge.PROTECTED_KEPT, Way.AT_LEAST, 0.95)
_RHYTHM = Line(Clause.IF, Gauge.INTERVALS_KEPT, Way.AT_LEAST, 0.8)
_STEPS = Line(Clause.THEN, Gauge.NEXT_STEPS, Way.AT_LEAST, 0.7)
_AGAIN = Line(Clause.THEN, Gauge.LOOKED_AT, Way.AT_LEAST, 0.8)
_USE = Line(Clause.SO_THAT, Gauge.USEFULNESS, Way.AT_LEAST, 3.2)
_IN_SCHOOLS = Line(Clause.IF, Gauge.TIME_IN_SCHOOLS, Way.AT_LEAST, 0.5)


def put_theories(tx: Tx, ids: dict[str, int]) -> None:
    """Write both with their revisions; ``ids`` are people by e-mail."""
    ruth, imani = ids[EXECUTIVE.email], ids[NORTH_ILD.email]
    network = scope_of(imani)
    for revision in (
        Revision(DISTRICT, 1, _FIRST, (), "", ruth, _at("2025-09-15 09:00")),
        Revision(DISTRICT, 2, _FIRST, (_KEPT, _RHYTHM), "tied to a figure", ruth, _at("2025-11-03 10:00")),
        Revision(
            DISTRICT,
            3,
            _SECOND,
            (_KEPT, _RHYTHM, _STEPS, _AGAIN, _USE),
            "last spring the visits took place and little came of them: three of ten ended without a next step, "
            "and hardly anybody asked about those that there were",
            ruth,
            _at("2026-09-14 09:30"),
        ),
        Revision(network, 1, _NETWORK, (), "", imani, _at("2026-09-21 15:00")),
        Revision(
            network, 2, _NETWORK, (_IN_SCHOOLS, _STEPS), "tied to a figure", imani, _at("2026-09-28 15:00")
        ),
    ):
        theories.add(tx, revision)


def _at(moment: str) -> datetime:
    return datetime.fromisoformat(moment).replace(tzinfo=ZoneInfo(ZONE))
