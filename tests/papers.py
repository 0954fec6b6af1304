"""Files as offices send them, made here: a memo as PDF, Word document, web page, mail and plain text."""

import io
from collections.abc import Sequence
from datetime import UTC, datetime
from email.message import EmailMessage

import docx
from fpdf import FPDF

HEAD = (
    "OFFICE OF FACILITIES",
    "TO: All principals",
    "FROM: Office of Facilities",
    "DATE: November 20, 2026",
    "SUBJECT: Lead testing of drinking water",
)
OPENING = (
    "State law requires that drinking water is tested for lead in every school building that was opened before 2001. "
    "The tests are taken by a laboratory that the district pays; schools prepare the building and tell families."
)
DEMANDS = (
    "Principals must return the list of outlets by December 4, 2026.",
    "Schools should post the notice to families at the main entrance.",
    "Do not run the taps in the twelve hours before the samples are taken.",
)
TABLE = (
    ("School type", "What is due", "Deadline"),
    ("Elementary schools", "Outlet list and floor plan", "December 4, 2026"),
    ("Middle schools", "Outlet list", "December 11, 2026"),
    ("High schools", "Outlet list and key holder", "December 18, 2026"),
)
CLOSING = "Questions go to Maria Lopez, Office of Facilities, at 555-0142."

Rows = Sequence[Sequence[str]]


class _Memo(FPDF):
    """Pages with a running head and a page number, as a word processor prints them."""

    running = ""
    pages_called = ""

    def header(self) -> None:
        if self.running:
            self.set_font("Helvetica", size=9)
            self.cell(0, 6, self.running, new_x="LMARGIN", new_y="NEXT")
            self.ln(4)

    def footer(self) -> None:
        if self.pages_called:
            self.set_y(-15)
            self.set_font("Helvetica", size=9)
            self.cell(0, 6, self.pages_called.format(page=self.page_no()), align="C")


def pdf(
    *,
    head: Sequence[str] = HEAD,
    paragraphs: Sequence[str] = (OPENING, *DEMANDS, CLOSING),
    table: Rows = TABLE,
    running: str = "",
    pages_called: str = "",
    password: str = "",
    note: str = "",
    has_rules: bool = True,
) -> bytes:
    """A memo as a PDF: its head line by line, its paragraphs set in justified lines, its table, and its note at the
    foot of the first page."""
    paper = _Memo()
    paper.set_creation_date(datetime(2026, 11, 20, tzinfo=UTC))  # the same words are the same bytes
    paper.running, paper.pages_called = running, pages_called
    paper.add_page()
    paper.set_font("Helvetica", size=11)
    for line in head:
        paper.cell(0, 6, line, new_x="LMARGIN", new_y="NEXT")
    paper.ln(4)
    for paragraph in paragraphs:
        paper.set_font("Helvetica", size=11)
        paper.multi_cell(0, 5.5, paragraph, align="J", new_x="LMARGIN", new_y="NEXT")
        paper.ln(4)
    if table and has_rules:
        with paper.table() as grid:
            for row in table:
                cells = grid.row()
                for words in row:
                    cells.cell(words)
    elif table:
        for row in table:
            for words in row:
                paper.cell(58, 6, words)
            paper.ln(6)
    if note:
        paper.set_auto_page_break(False)
        paper.set_y(-30)
        paper.set_font("Helvetica", size=8)
        paper.multi_cell(0, 4, note, new_x="LMARGIN", new_y="NEXT")
    if password:
        paper.set_encryption(owner_password=f"{password}-owner", user_password=password)
    return bytes(paper.output())


def scan(pages: int = 1) -> bytes:
    """A PDF of pictures, as a copier makes it."""
    from PIL import Image

    paper = FPDF()
    paper.set_creation_date(datetime(2026, 11, 20, tzinfo=UTC))
    for number in range(pages):
        paper.add_page()
        paper.image(Image.new("L", (620, 877), 200 + number), x=0, y=0, w=210)
    return bytes(paper.output())


def word(
    *,
    head: Sequence[str] = HEAD,
    paragraphs: Sequence[str] = (OPENING,),
    numbered: Sequence[str] = DEMANDS,
    table: Rows = TABLE,
    closing: str = CLOSING,
    letterhead: str = "",
) -> bytes:
    """A memo as a Word document, its demands a numbered list."""
    paper = docx.Document()
    if letterhead:
        paper.sections[0].header.paragraphs[0].text = letterhead
    for line in (*head, *paragraphs):
        paper.add_paragraph(line)
    for line in numbered:
        paper.add_paragraph(line, style="List Number")
    if table:
        grid = paper.add_table(rows=len(table), cols=len(table[0]))
        for cells, row in zip(grid.rows, table, strict=True):
            for cell, words in zip(cells.cells, row, strict=True):
                cell.text = words
    if closing:
        paper.add_paragraph(closing)
    packed = io.BytesIO()
    paper.save(packed)
    return packed.getvalue()


def page(*, paragraphs: Sequence[str] = (OPENING, *DEMANDS, CLOSING), table: Rows = TABLE) -> bytes:
    """A memo as a web page with a menu, a script and a style."""
    cells = "".join("<tr>" + "".join(f"<td>{words}</td>" for words in row) + "</tr>" for row in table)
    body = "".join(f"<p>{line}</p>" for line in (*HEAD, *paragraphs))
    return (
        "<!DOCTYPE html><html><head><meta charset=utf-8><title>Memos</title><style>p {color: red}</style></head>"
        "<body><nav><a href=/>Home</a> <a href=/memos>All memos</a></nav>"
        f"<script>var due = 'January 1, 2027';</script>{body}<table>{cells}</table></body></html>"
    ).encode()


def mail(
    *,
    attachments: Sequence[tuple[str, str, bytes]] = (),
    text: str = "\n\n".join((OPENING, *DEMANDS, CLOSING)),
) -> bytes:
    """A memo as a mail; ``attachments`` are name, media type, bytes."""
    letter = EmailMessage()
    letter["From"] = "Office of Facilities <facilities@district.example>"
    letter["To"] = "principals@district.example"
    letter["Date"] = "Fri, 20 Nov 2026 09:30:00 -0500"
    letter["Subject"] = "Lead testing of drinking water"
    letter["Message-ID"] = "<lead-2026@district.example>"
    letter.set_content(text)
    for name, media_type, data in attachments:
        main, _, sub = media_type.partition("/")
        letter.add_attachment(data, maintype=main, subtype=sub, filename=name)
    return bytes(letter)


def plain() -> bytes:
    rows = "\n".join(" | ".join(row) for row in TABLE)
    return "\n\n".join(("\n".join(HEAD), OPENING, *DEMANDS, rows, CLOSING)).encode()
