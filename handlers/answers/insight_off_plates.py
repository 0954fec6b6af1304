"""The figures of what principals did not have to meet: taken off their plates, or read with another demand."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from handlers.answers.insight_work import Figures, Work, add_up, add_up_days, by_time, ranked, say_spread
from protocols.buffer.digest import Decision
from protocols.insight.query import Grouping
from storage import digest_figures, off_plates
from storage.off_plates import Spared

_BECAME = {
    Decision.OFF_PLATE: "done by an office",
    Decision.SELF: "done by the ILD",
    Decision.STAND_IN: "done by the ILD for an office",
    Decision.DECLINE: "declined",
    Decision.MERGE: "merged into another",
}


def taken_off(work: Work) -> Figures:
    tx, cut = work.turn.tx, work.of_places
    is_over_time = work.query.by in (Grouping.MONTH, Grouping.TERM)
    rows = off_plates.spared(tx, cut, is_by_week=is_over_time)
    by_school = off_plates.spared_by_school(tx, cut)
    total, minutes = sum(row.demands for row in rows), sum(row.minutes for row in rows)
    detail: dict[str, str] = {}
    if is_over_time:
        groups = by_time(work, add_up_days((row.week, row.demands) for row in rows if row.week))
    else:
        spared = list(_groups(work, rows, by_school))
        groups = ranked(add_up((name, demands) for name, demands, _minutes in spared))
        saved = add_up((name, minutes) for name, _demands, minutes in spared)
        detail = {name: f"{count or 0:g}" for name, count in saved.items()}
    each = (by_school.get(school, (0, 0))[0] for school in work.place_ids)
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
            *say_spread(each, "school", unit="demands"),
        ),
    )


def _groups(
    work: Work, rows: Iterable[Spared], by_school: Mapping[int, tuple[int, int]]
) -> Iterator[tuple[str, int, int]]:
    """(group, demands, minutes), a group more than once."""
    match work.query.by:
        case Grouping.OFFICE:
            yield from ((row.office, row.demands, row.minutes) for row in rows)
        case None | Grouping.REASON:
            yield from ((_BECAME[row.decision], row.demands, row.minutes) for row in rows)
        case _:
            for school, (demands, minutes) in by_school.items():
                yield work.label(work.by_id[school]), demands, minutes


def _say_became(work: Work, rows: list[Spared]) -> tuple[str, ...]:
    """What became of them, beside another grouping."""
    if not rows or work.query.by in (None, Grouping.REASON):
        return ()
    counts = ranked(add_up((_BECAME[row.decision], row.demands) for row in rows))
    return (f"Of them, {', '.join(f'{count:g} {name}' for name, count in counts.items())}.",)


def without_digest(work: Work, found: Figures) -> Figures:
    """The same with what is missing where digests are counted: schools that got none, of which nothing is known."""
    without = len(work.places) - digest_figures.count_with_digest(work.turn.tx, work.of_places)
    if not without:
        return found
    said = "1 school" if without == 1 else f"{without} schools"
    return replace(found, missing=(*found.missing, f"{said} without a digest"))
