"""Reading a file of each kind, beside what its bare library takes to hand out its letters.

A memo of two pages with a table. The bare reading has no paragraphs, no rows, no notes; the ratio is what those cost.
Memory is the most that Python held while reading, measured in a run of its own, which is slower.
"""

import io
import tracemalloc
from collections.abc import Callable
from email import message_from_bytes
from email.policy import default
from functools import partial
from html.parser import HTMLParser

import docx
import pdfplumber

from protocols.documents.reading import read_document
from tests import papers
from tests.bench.ground import Ground
from tests.bench.tables import Column, Report
from tests.bench.timing import Ratio, compare

PARAGRAPHS = [f"{papers.OPENING} {demand}" for demand in papers.DEMANDS] * 5


class _Letters(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_data(self, data: str) -> None:
        self.found.append(data)


def _bare_pdf(data: bytes) -> str:
    with pdfplumber.open(io.BytesIO(data)) as pdf:
        return "\n".join(page.extract_text() for page in pdf.pages)


def _bare_docx(data: bytes) -> str:
    return "\n".join(paragraph.text for paragraph in docx.Document(io.BytesIO(data)).paragraphs)


def _bare_html(data: bytes) -> str:
    parser = _Letters()
    parser.feed(data.decode())
    return "".join(parser.found)


def _bare_mail(data: bytes) -> str:
    body = message_from_bytes(data, policy=default).get_body()
    return "" if body is None else str(body.get_content())


FILES: dict[str, tuple[bytes, Callable[[bytes], str]]] = {
    "PDF": (papers.pdf(paragraphs=PARAGRAPHS), _bare_pdf),
    "DOCX": (papers.word(paragraphs=PARAGRAPHS), _bare_docx),
    "HTML": (papers.page(paragraphs=PARAGRAPHS), _bare_html),
    "EML": (papers.mail(text="\n\n".join(PARAGRAPHS)), _bare_mail),
    "text": (b"\n\n".join(one.encode() for one in PARAGRAPHS), bytes.decode),
}


def run(report: Report, _ground: Ground) -> None:
    bare_means = "its letters from the bare library, without paragraphs, rows and notes"
    table = report.ratios(
        "A memo of two pages as a file, read", Column("read", form=",.2f"), Column("bare", bare_means, ",.2f")
    )
    for kind, (data, bare) in FILES.items():
        table.ratio(kind, compare(partial(read_document, data), partial(bare, data), rounds=9))
    table = report.ratios(
        "The same, the most memory that Python held, in megabytes",
        Column("read", form=",.2f"),
        Column("bare", bare_means, ",.2f"),
    )
    for kind, (data, bare) in FILES.items():
        table.ratio(kind, Ratio(megabytes(partial(read_document, data)), megabytes(partial(bare, data))))


def megabytes(work: Callable[[], object]) -> float:
    tracemalloc.start()
    work()
    _now, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return most / 1_000_000
