"""``simulate``: a school year in the sample district, played through the planner's real rules."""

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from bot.commands.console import CommandFailedError, print_json, say
from bot.render.year_shown import Stretch, YearPicture, YearRow, alternative_of
from bot.sample.year import MOST_SCHOOLS, sample_world
from protocols.cadence.intervals import Rhythm, say_cadence
from protocols.cadence.simulation import Mishaps, Strategy, World, Year, play_year
from protocols.cadence.strategies import FIXED, GREEDY, OURS, late_spans

SNOW_DAYS = 2
USUAL_SCHOOLS = 12
AHEAD = replace(OURS, name="Throughline", notice=5)
"""As in life: visits are agreed a school week ahead and then stay."""
WAYS: tuple[tuple[str, Strategy], ...] = (
    ("Throughline", AHEAD),
    ("most overdue first", replace(GREEDY, notice=5)),
    ("a fixed timetable", FIXED),
)


def register(app: typer.Typer) -> None:
    app.command("simulate")(simulate)


def simulate(
    schools: Annotated[
        int, typer.Option("--schools", min=1, max=MOST_SCHOOLS, help="How many schools one ILD carries.")
    ] = USUAL_SCHOOLS,
    lost: Annotated[
        float,
        typer.Option(
            "--weeks-lost", min=0, max=1, help="The share of protected half-days that meetings take, 0 to 1."
        ),
    ] = 0.0,
    seed: Annotated[int, typer.Option("--seed", help="Which year: the same number, the same year.")] = 1,
    picture: Annotated[Path, typer.Option("--picture", help="Where to write the picture.")] = Path(
        "throughline-year.png"
    ),
    is_json: Annotated[bool, typer.Option("--json", help="Print the figures as JSON.")] = False,
) -> None:
    """Play a school year of the sample district: visits, cancellations, snow, lost time; a table and a picture."""
    # matplotlib takes a good part of every command's start, and this one alone draws a year.
    from bot.render.year import draw_year

    world = sample_world(schools, Mishaps(taken=lost, snow_days=SNOW_DAYS), seed=seed)
    found = {name: play_year(world, way) for name, way in WAYS}
    year = found[AHEAD.name]
    rows = tuple(_row(year, school.name) for school in world.schools)
    try:
        picture.write_bytes(draw_year(_picture(world, year, rows, seed)))
    except OSError as error:
        raise CommandFailedError(f"{picture} cannot be written: {error.strerror}.") from None
    if is_json:
        print_json({name: _figures(one) for name, one in found.items()})
    else:
        for line in table(found, rows):
            say(line)
    say(f"Picture: {picture}")
    say(alternative_of(rows, _sentence(world, year)))


def table(found: dict[str, Year], rows: tuple[YearRow, ...]) -> list[str]:
    """Ways of planning the same year, one below the other, then each school."""
    lines = [
        f"{'The same year, planned by':<28}{'kept':>6}{'worst':>7}{'late by':>9}{'held':>6}{'fell out':>10}"
    ]
    for name, year in found.items():
        lines.append(
            f"{name:<28}{_share(year.kept):>6}{year.worst:>7}{year.late_by:>9.1f}"
            f"{len(year.held):>6}{len(year.fallen_out):>10}"
        )
    lines += ["", f"{'School':<28}{'kept':>6}{'longest':>9}{'held':>6}{'fell out':>10}  rhythm"]
    for row in rows:
        lines.append(
            f"{row.name:<28}{row.kept:>6}{row.longest:>9}{len(row.held):>6}{len(row.fallen_out):>10}  {row.rhythm}"
        )
    return [*lines, "Kept: intervals within the rhythm. Worst and late by: school days over it.", ""]


def _figures(year: Year) -> dict[str, float | int]:
    return {
        "kept": round(year.kept, 3),
        "worst_over": year.worst,
        "late_by": round(year.late_by, 1),
        "evenness": round(year.evenness, 2),
        "held": len(year.held),
        "fallen_out": len(year.fallen_out),
    }


def _row(year: Year, school: str) -> YearRow:
    rhythm: Rhythm = year.rhythms[school]
    return YearRow(
        name=school,
        rhythm=say_cadence(rhythm.target),
        held=tuple(visit.day for visit in year.held if visit.school == school),
        fallen_out=tuple(visit.day for visit in year.fallen_out if visit.school == school),
        late=tuple(Stretch(span.starts, span.ends, str(span.over)) for span in late_spans(year, school)),
        kept=_share(rhythm.kept if rhythm.kept is not None else 1.0),
        longest=f"{rhythm.longest} of {rhythm.target}",
    )


def _picture(world: World, year: Year, rows: tuple[YearRow, ...], seed: int) -> YearPicture:
    starts, ends = world.year.starts, world.year.ends
    closed = [
        Stretch(max(one.starts, starts), min(one.ends, ends), one.title)
        for one in world.calendar.closures
        if one.ends >= starts and one.starts <= ends
    ]
    return YearPicture(
        title=f"A simulated school year: {len(rows)} schools, {_share(year.kept)} of intervals kept",
        subtitle=f"{_sentence(world, year)} Year {seed} of the sample district; all of it is invented.",
        starts=starts,
        ends=ends,
        rows=rows,
        closed=tuple(closed),
        lost=tuple(sorted({slot.day for slot in world.taken})),
        snow=world.snow,
    )


def _sentence(world: World, year: Year) -> str:
    """The year in a sentence."""
    taken = len(world.taken)
    time = f", {taken} of {len(world.slots)} protected half-days lost" if taken else ""
    worst = f"worst gap {year.worst} school days over its target" if year.worst else "no gap over its target"
    return f"{len(year.held)} visits held, {len(year.fallen_out)} fell out{time}; {worst}."


def _share(share: float) -> str:
    return f"{share:.0%}"
