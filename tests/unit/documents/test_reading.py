"""One memo, sent in every kind of file, reads the same; what cannot be read is told by what it is."""

import io
import zipfile

import pytest

from protocols.documents.document import MAX_BYTES, MAX_TEXT, DocumentFault, Kind
from protocols.documents.reading import read_document
from tests import papers

KINDS = {
    "a PDF": (papers.pdf(), Kind.PDF),
    "a PDF whose table has no lines": (papers.pdf(has_rules=False), Kind.PDF),
    "a Word document": (papers.word(), Kind.DOCX),
    "a web page": (papers.page(), Kind.HTML),
    "a mail with the memo on it": (
        papers.mail(text="See below.", attachments=[("memo.pdf", "application/pdf", papers.pdf())]),
        Kind.MAIL,
    ),
    "plain text": (papers.plain(), Kind.TEXT),
}


@pytest.mark.parametrize("name", KINDS)
def test_every_sentence_and_every_row_of_the_memo_is_in_its_text(name: str) -> None:
    data, kind = KINDS[name]
    document = read_document(data)
    assert (document.kind, document.notes) == (kind, ())
    for words in (papers.OPENING, *papers.DEMANDS, papers.CLOSING):
        assert words in document.text
    assert "\n".join(" | ".join(row) for row in papers.TABLE) in document.text


def zipped(**files: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, words in files.items():
            archive.writestr(name.replace("__", "/").replace("_xml", ".xml"), words)
    return packed.getvalue()


def bomb() -> bytes:
    """A Word document of some kilobytes that unpacks to two hundred megabytes."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b" " * 200_000_000)
    return packed.getvalue()


def laughing() -> bytes:
    """A Word document whose every entity holds ten of the one before."""
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10 if n else "ha" * 100}">' for n in range(12))
    document = (
        f'<?xml version="1.0"?><!DOCTYPE w [{entities}]>'
        '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
        "<w:body><w:p><w:r><w:t>&e11;</w:t></w:r></w:p></w:body></w:document>"
    )
    whole = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(papers.word())) as good, zipfile.ZipFile(whole, "w") as archive:
        for part in good.namelist():
            archive.writestr(part, document if part == "word/document.xml" else good.read(part))
    return whole.getvalue()


FAULTS = {
    "nothing": (b"", "There is nothing in it"),
    "blanks": (b" \r\n\t\n" * 50, "There is nothing in it"),
    "no words": (b"12 34 * 56\n" * 20, "I found no words in it"),
    "a scan": (papers.scan(2), "Its pages are pictures"),
    "a PDF with a password": (papers.pdf(password="lead"), "locked with a password"),
    "half a PDF's head": (b"%PDF-1.7\n%", "It is damaged"),
    "a Word document with a password": (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "locked with a password"
    ),
    "an old Word document": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"Word" * 90, "before 2007"),
    "half a Word document": (papers.word()[:4000], "It is damaged"),
    "a document that unpacks to very much": (bomb(), "unpacks to more than I can hold"),
    "a document of entities in entities": (laughing(), "It is damaged"),
    "a spreadsheet": (zipped(xl__workbook_xml="<a/>"), "It is a spreadsheet"),
    "slides": (zipped(ppt__presentation_xml="<a/>"), "It is a presentation"),
    "an archive": (zipped(memo="words"), "It is an archive"),
    "an empty archive": (zipped(), "There is nothing in it"),
    "a picture": (b"\x89PNG\r\n\x1a\n" + b"\0" * 99, "It is a picture"),
    "a photograph": (b"\xff\xd8\xff\xe0" + b"\0" * 99, "It is a picture"),
    "a recording": (b"ID3\x04" + b"\0" * 99, "It is a recording"),
    "rich text": (rb"{\rtf1\ansi Memo to all schools}", "rich text format"),
    "a program": (b"\x7fELF\x02\x01\x01" + bytes(range(256)) * 9, "no kind of file that I read"),
    "too large": (b"a" * (MAX_BYTES + 1), "larger than 20 MB"),
    "too long": (b"All schools must answer. " * (MAX_TEXT // 20), "more than 400,000 characters"),
}  # fmt: skip


@pytest.mark.parametrize("name", FAULTS)
def test_what_cannot_be_read_is_told_with_the_way_that_is_open(name: str) -> None:
    data, said = FAULTS[name]
    with pytest.raises(DocumentFault, match=said) as refused:
        read_document(data)
    assert str(refused.value).endswith(".")
    assert any(word in str(refused.value) for word in ("Send", "send", "Paste", "paste", "I read"))


def test_a_memo_that_begins_like_a_mail_is_a_memo() -> None:
    assert (
        read_document(b"From: Facilities\nTo: All schools\nDate: 20 November 2026\n\nReturn it.").kind
        is Kind.TEXT
    )


ENCODINGS = {
    "utf-8": "utf-8",
    "utf-8 with a mark": "utf-8-sig",
    "utf-16 with a mark": "utf-16",
    "utf-16, little end first": "utf-16-le",
    "utf-16, big end first": "utf-16-be",
    "latin-1": "latin-1",
    "Windows": "cp1252",
}


@pytest.mark.parametrize("name", ENCODINGS)
def test_letters_come_out_as_they_were_written(name: str) -> None:
    words = "Café Müller: return the form by 4 December, no later. " * 3
    written = words + ("\u201cNot later\u201d" if ENCODINGS[name] != "latin-1" else "")
    assert read_document(written.encode(ENCODINGS[name])).text == written.strip()


def test_a_page_break_parts_no_sentence() -> None:
    assert read_document(b"All schools must return\n\x0cthe form by December 4.").text == (
        "All schools must return\nthe form by December 4."
    )
