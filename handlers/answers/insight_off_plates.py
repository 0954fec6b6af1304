"""The figures of what principals did not have to meet: taken off their plates, or read with another demand."""

from collections.abc import Callable
from dataclasses import replace

from handlers.answers.insight_work import Figures, Work, add_up, add_up_days, by_time, ranked, say_spread
from protocols.buffer.digest import Decision
from protocols.insight.query import Grouping
from storage import insight, off_plates
from storage.off_plates import Spared

_BECAME = {
    Decision.OFF_PLATE: "done by an office",
    Decision.SELF: "done by the ILD",
    Decision.STAND_IN: "done by the ILD for an office",
    Decision.DECLINE: "declined",
    Decision.MERGE: "merged into another",
}


def taken_off(work: Work) -> Figures:
    places = work.by_id
    start, end = work.period.start, work.period.end
    rows = off_plates.spared(work.turn.tx, start=start, end=end, schools=work.place_ids)
    total, minutes = sum(row.demands for row in rows), sum(row.minutes for row in rows)
    if work.query.by in (Grouping.MONTH, Grouping.TERM):
        groups = by_time(work, add_up_days((row.week, row.demands) for row in rows))
        detail: dict[str, str] = {}
    else:
        group_of = _group_of(work)
        groups = ranked(add_up((group_of(row), row.demands) for row in rows))
        spared = add_up((group_of(row), row.minutes) for row in rows)
        detail = {name: f"{count or 0:g}" for name, count in spared.items()}
    each = dict.fromkeys((place.name for place in work.places), 0.0) | add_up(
        (places[row.school_id].name, row.demands) for row in rows
    )
    return Figures(
        total,
        groups,
        "demands",
        of=total,
        detail=detail,
        detail_name="minutes",
        notes=(
            f"{minutes:,} minutes of principals were spared.",
            *_say_became(work, rows),
            *say_spread(each.values(), "school", unit="demands"),
        ),
    )


def _group_of(work: Work) -> Callable[[Spared], str]:
    places = work.by_id
    match work.query.by:
        case Grouping.OFFICE:
            return lambda row: row.office
        case None | Grouping.REASON:
            return lambda row: _BECAME[row.decision]
        case _:
            return lambda row: work.label(places[row.school_id])


def _say_became(work: Work, rows: list[Spared]) -> tuple[str, ...]:
    """What became of them, beside another grouping."""
    if not rows or work.query.by in (None, Grouping.REASON):
        return ()
    counts = ranked(add_up((_BECAME[row.decision], row.demands) for row in rows))
    return (f"Of them, {', '.join(f'{count:g} {name}' for name, count in counts.items())}.",)


def without_digest(work: Work, found: Figures) -> Figures:
    """The same with what is missing where digests are counted: schools that got none, of which nothing is known."""
    got = {school for school, _week, _minutes in insight.digest_minutes(work.turn.tx, work.of_places)}
    without = len(work.places) - len(got)
    if not without:
        return found
    said = "1 school" if without == 1 else f"{without} schools"
    return replace(found, missing=(*found.missing, f"{said} without a digest"))
