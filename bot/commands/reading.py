"""``translate`` and ``evidence``: the practice's own readings on the command line. They need no database."""

import sys
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from bot.bootstrap import language_model
from bot.commands.console import CommandFailedError, as_text, print_json, read_bytes, say
from bot.services.reading_apart import read_apart
from bot.services.second_reader import SecondReader
from bot.settings import read_settings
from handlers.guided.second_looks import Advise
from protocols.buffer.demands import Reading
from protocols.buffer.reading import read_memo
from protocols.cadence.moments import say_day
from protocols.documents.document import Document, DocumentFault
from protocols.documents.kinds import is_text
from protocols.guided.evidence import StatementKind, read_note, read_statement
from protocols.guided.second_opinion import look_at, settle


def register(app: typer.Typer) -> None:
    app.command("translate")(translate)
    app.command("evidence")(evidence)


def translate(
    file: Annotated[
        Path,
        typer.Argument(help="The memo: text, PDF, DOCX, HTML or EML; - reads standard input."),
    ],
    is_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    memo_date: Annotated[
        datetime | None,
        typer.Option("--date", formats=["%Y-%m-%d"], help="The memo's own date; default today."),
    ] = None,
) -> None:
    """List what a memo asks: what, who, by when, how binding, with the sentence it comes from."""
    data = sys.stdin.buffer.read() if str(file) == "-" else read_bytes(file)
    document = None if is_text(data) else _read_document(file, data)
    text = as_text(data) if document is None else document.text
    day = memo_date.date() if memo_date else datetime.now().astimezone().date()
    reading = read_memo(text, memo_date=day)
    if is_json:
        # Places are those in the text: of a file that is not text itself, it goes along.
        came = {} if document is None else {"text": document.text, "notes": list(document.notes)}
        print_json(reading.to_json() | came)
        return
    _tell(reading, day)
    for note in document.notes if document else ():
        say(f"\n{note}")


def _read_document(file: Path, data: bytes) -> Document:
    try:
        return read_apart(data)
    except DocumentFault as fault:
        raise CommandFailedError(f"{file} cannot be read. {fault}") from None


def _tell(reading: Reading, today: date) -> None:
    say(reading.title or "(no title)")
    say(reading.one_line)
    for number, demand in enumerate(reading.ranked(), 1):
        due = f", by {say_day(demand.due, today)}" if demand.due else ""
        say(f"\n{number}. {demand.binding.value}, {demand.actor}{due}, about {demand.minutes} min")
        say(f"   “{demand.quote}”")
    if not reading.demands:
        say("It asks nothing of anybody.")
    if reading.contact:
        say(f"\nQuestions: {reading.contact}")


def evidence(
    kind: Annotated[
        StatementKind | None, typer.Option("--kind", help="Read statements of this kind instead of notes.")
    ] = None,
    is_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    has_model: Annotated[
        bool, typer.Option("--model", help="Put notes the coach is unsure of to the language model, too.")
    ] = False,
) -> None:
    """Tell evidence from judgement: one note a line on standard input."""
    lines = [line for line in sys.stdin.read().splitlines() if line.strip()]
    if not lines:
        raise CommandFailedError("There was nothing on standard input. Give one note a line.")
    advise = _second_reader(kind) if has_model else None
    read = [_read(line, kind, advise) for line in lines]
    if is_json:
        print_json(read)
        return
    for one in read:
        say(f"{one['verdict']}: {one['text']}")
        if one["question"]:
            say(f"   {one['question']}")


def _second_reader(kind: StatementKind | None) -> Advise:
    if kind is not None:
        raise CommandFailedError(
            "The language model reads notes, no statements. Leave out --kind or --model."
        )
    model = language_model(read_settings())
    if model is None:
        raise CommandFailedError("No language model is set up: LLM_BASE_URL and LLM_MODEL are missing.")
    return SecondReader(model)


def _read(line: str, kind: StatementKind | None, advise: Advise | None) -> dict[str, Any]:
    if kind is None:
        note = read_note(line)
        if advise is not None and (look := look_at(note, line)) is not None:
            note = settle(note, look, advise(look))
        return {
            "text": note.text,
            "verdict": note.verdict.value,
            "because": list(note.because),
            "question": note.question,
            "names": note.names,
        }
    statement = read_statement(line, kind)
    return {
        "text": statement.text,
        "verdict": statement.verdict,
        "fault": statement.fault.value if statement.fault else None,
        "question": statement.question,
    }
