"""A result of the pulse as a picture and as figures: how the answers lie on the scale, not only their mean."""

from collections.abc import Sequence

from handlers.cards import Block, Chart, ChartKind, Series, Table, Text
from protocols.centre.pulse import FEWEST, STEPS, Reading, Statement, Tally, mean, middle_half, shares


def scale_chart(name: str, statements: Sequence[Statement], tally: Tally) -> Chart:
    """Shares of the answers on each step, the middle step in the middle."""
    series = tuple(
        Series(f"{step}, {words}", tuple(100 * row[step - 1] / sum(row) for row in tally.rows))
        for step, words in enumerate(STEPS, 1)
    )
    said = "; ".join(
        f"{one.short}: {low:.0f}% below the middle, {middle:.0f}% in it, {high:.0f}% above"
        for one, row in zip(statements, tally.rows, strict=True)
        for low, middle, high in (shares(row),)
    )
    return Chart(
        ChartKind.DIVERGING,
        f"{name}: how principals find its support"
        if name != "ILDs together"
        else "How principals find ILDs' support",
        tuple(one.short for one in statements),
        series,
        "% of the answers",
        f"{tally.answers} answers. {said}.",
    )


def say_statements(statements: Sequence[Statement], tally: Tally, before: Tally | None) -> Table:
    """Mean, spread and each step of the scale; beside them the last pulse's mean, where there was one to show."""
    columns = ("Statement", "Mean of 1 to 5", "Middle half", "Answers on 1 to 5", "Last pulse's mean")
    rows = []
    for at, (one, row) in enumerate(zip(statements, tally.rows, strict=True)):
        low, high = middle_half(row)
        last = (
            f"{mean(before.rows[at]):.1f} of {before.answers} answers"
            if before is not None
            else "none to show"
        )
        spread = f"all on {low}" if low == high and max(row) == sum(row) else f"{low} to {high}"
        rows.append((one.text, f"{mean(row):.1f}", spread, ", ".join(map(str, row)), last))
    return Table(
        columns,
        tuple(rows),
        caption=f"{tally.answers} answers",
    )


def say_groups(statements: Sequence[Statement], reading: Reading) -> list[Block]:
    """The mean of each network that may be shown, and which may not."""
    blocks: list[Block] = []
    if reading.groups:
        rows = tuple(
            (name, str(tally.answers), *(f"{mean(row):.1f}" for row in tally.rows))
            for name, tally in reading.groups.items()
        )
        blocks.append(
            Table(
                ("Network", "Answers", *(one.short for one in statements)), rows, caption="Means by network"
            )
        )
    if reading.few:
        blocks.append(Text(f"Fewer than {FEWEST} answers: {', '.join(reading.few)}.", quiet=True))
    if reading.withheld:
        names = ", ".join(reading.withheld)
        blocks.append(Text(f"Left out, so that no smaller group can be worked out: {names}.", quiet=True))
    return blocks
