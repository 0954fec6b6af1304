"""Whatever comes: a file is read, or there is a sentence why not. No reader crashes, hangs, or loses a file."""

import io
import zipfile
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st
from sqlmodel import select

from bot.services.reading_apart import read_apart
from protocols.documents.document import TOO_MUCH, Document, DocumentFault
from protocols.documents.reading import read_document
from storage.database import Store
from storage.tables import OriginalRow
from tests import papers
from tests.broken_papers import CORPUS, endless_pdf, swelling_pdf
from tests.chat import Chat
from tests.computing import in_time
from tests.district import email
from tests.examples import tried

SECONDS = 10
"""Of computing; what the clock says depends on what else the machine does."""
FUZZED = tried(40, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])


def read(data: bytes) -> Document | str:
    """The document, or the sentence; anything else that is raised fails the test."""
    why = ""
    with in_time(SECONDS):
        try:
            found = read_document(data)
        except DocumentFault as fault:
            why = str(fault)
    if why:
        assert why.endswith(".")
        return why
    assert found.text.strip()
    found.text.encode()
    assert "\x00" not in found.text
    return found


@pytest.mark.parametrize("name", CORPUS)
def test_a_broken_file_is_read_or_refused_in_a_sentence(name: str) -> None:
    read(CORPUS[name]())


@pytest.mark.parametrize(
    "name",
    [
        "PDF: a table that finds nothing",
        "PDF: a stream that is not packed as it says",
        "PDF: saved states without end",
        "PDF: ten thousand lines drawn",
        "PDF: a mail's head before it",
        "DOCX: styles that rest on each other",
        "DOCX: lists of no sense",
        "mail: parts in parts",
        "mail: letters that are none",
        "mail: a boundary that is not there",
        "mail: a list of ten thousand readers",
        "page: unclosed",
        "text: half of letters",
    ],
)
def test_words_that_are_there_are_found_however_broken_the_rest_is(name: str) -> None:
    found = read(CORPUS[name]())
    assert isinstance(found, Document)
    assert "eturn" in found.text


@pytest.mark.parametrize("make", [swelling_pdf, endless_pdf])
def test_what_takes_all_memory_or_all_time_is_ended_from_outside(make: Any) -> None:
    with pytest.raises(DocumentFault, match=TOO_MUCH[:30]):
        read_apart(make(), seconds=4, patience=90)


def test_no_original_is_lost_whatever_its_reader_does(store: Store) -> None:
    files = {name: make() for name, make in CORPUS.items()}
    dev = Chat(store, at="2026-11-24 09:00").person(email("dev.patel"))
    for name, data in files.items():
        assert dev.shares((name, data)).outcome == "done", name
    with store.read() as tx:
        kept = {row.name: row for row in tx.exec(select(OriginalRow))}
    assert {name: row.content for name, row in kept.items()} == files
    assert {row.state for row in kept.values()} == {"read", "unreadable"}
    assert all(row.mandate_id or row.why for row in kept.values())


# ---------------------------------------------------------------- valid files, changed

WHOLE = {
    "PDF": papers.pdf(note="1 State code.", running="Circular 12"),
    "DOCX": papers.word(letterhead="DISTRICT"),
    "page": papers.page(),
    "mail": papers.mail(
        attachments=[("a.txt", "text/plain", b"Return it."), ("b.html", "text/html", papers.page())]
    ),
    "text": papers.plain(),
}
CHANGES = st.lists(
    st.tuples(
        st.sampled_from(["flip", "cut", "double", "insert", "swap"]),
        st.floats(0, 1),
        st.integers(1, 400),
        st.binary(min_size=1, max_size=12),
    ),
    min_size=1,
    max_size=6,
)


def changed(data: bytes, changes: list[tuple[str, float, int, bytes]]) -> bytes:
    out = bytearray(data)
    for what, where, size, letters in changes:
        at = int(where * len(out))
        match what:
            case "flip":
                out[at : at + len(letters)] = letters
            case "cut":
                del out[at : at + size]
            case "double":
                out[at:at] = out[at : at + size]
            case "insert":
                out[at:at] = letters
            case "swap":
                out[at : at + size] = out[at : at + size][::-1]
    return bytes(out)


@pytest.mark.parametrize("kind", WHOLE)
@given(changes=CHANGES)
@FUZZED
def test_a_changed_file_is_read_or_refused_in_a_sentence(
    kind: str, changes: list[tuple[str, float, int, bytes]]
) -> None:
    read(changed(WHOLE[kind], changes))


@given(changes=CHANGES, part=st.sampled_from(["word/document.xml", "word/styles.xml", "word/numbering.xml"]))
@FUZZED
def test_a_word_document_with_a_changed_part_is_read_or_refused(
    changes: list[tuple[str, float, int, bytes]], part: str
) -> None:
    whole = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(WHOLE["DOCX"])) as good, zipfile.ZipFile(whole, "w") as archive:
        for name in good.namelist():
            data = good.read(name)
            archive.writestr(name, changed(data, changes) if name == part else data)
    read(whole.getvalue())


@given(data=st.binary(max_size=2000))
@FUZZED
def test_any_bytes_at_all_are_read_or_refused(data: bytes) -> None:
    for head in (b"", b"%PDF-1.7\n", b"PK\x03\x04", b"<html>", b"From: a\r\nMIME-Version: 1.0\r\n"):
        read(head + data)
