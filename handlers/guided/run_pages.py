"""A run as a page to print or keep, for its owner's eyes: what this person may see of it and nothing else."""

from handlers.actions import Action
from handlers.cards import Card, Download, Text
from handlers.guided.run_ends import audit
from handlers.guided.run_seats import Seat, reader_seat, take_seat
from handlers.turn import Cards, Turn, Values
from protocols.guided.print import html, markdown
from protocols.guided.print.page import Page
from protocols.guided.print.record import Printing, make_page
from protocols.guided.steps import SeatKey
from storage import promises

OUTCOMES = {"kept": "kept", "dropped": "dropped", "open": "still open"}


def press_page(turn: Turn, action: Action, _values: Values) -> Cards:
    seat, viewer = reader_seat(turn, action.number("run"))
    return [page_card(turn, seat, viewer)]


def page_of(turn: Turn, run_id: int) -> Card:
    """The page of a run that the person takes part in."""
    seat = take_seat(turn, run_id)
    return page_card(turn, seat, seat.key)


def page_card(turn: Turn, seat: Seat, viewer: SeatKey | None) -> Card:
    """Two files, one for a browser or printer and one for a document; that somebody took them along is kept."""
    page = make(turn, seat, viewer)
    audit(turn, seat, "run.exported")
    name = f"{seat.run.protocol.key}-{seat.run.id}"
    return Card(
        f"{seat.title}, to print",
        (
            Text("It holds what you may see. The links open for whoever has them, so keep them to yourself."),
            Download(f"{name}.html", "Page to print", html.to_html(page), html.MEDIA_TYPE),
            Download(f"{name}.md", "Markdown", markdown.to_markdown(page), markdown.MEDIA_TYPE),
        ),
    )


def make(turn: Turn, seat: Seat, viewer: SeatKey | None) -> Page:
    """What ``viewer`` may see of the run, as a page."""
    run = seat.run
    written_by = {
        number: seat.known[writer].name
        for number, writer in run.writers.items()
        if (entry := run.state.entry(number)) and run.people.get(entry.seat) != writer
    }
    printing = Printing(
        names={key: person.name for key, person in seat.people.items()},
        zone=turn.zone,
        today=turn.today,
        school=seat.school.name if seat.school else "",
        written_by=written_by,
        kept=_kept(turn, seat),
    )
    return make_page(run.protocol, run.state, printing, viewer=viewer)


def _kept(turn: Turn, seat: Seat) -> dict[int, str]:
    """What became of each next step, by its entry's number."""
    made = [entry for entry in seat.run.state.entries if entry.data.get("by_when") and not entry.is_withdrawn]
    rows = promises.of_run(turn.tx, seat.run.id)
    return {
        entry.number: ": ".join(filter(None, (OUTCOMES.get(row.state, row.state), row.outcome)))
        for entry, row in zip(made, rows, strict=False)
    }
