"""Files that are broken, or were made to break their reader: a corpus that is written anew for each test run."""

import io
import re
import zipfile
import zlib
from collections.abc import Callable

from tests import papers

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def _pdf(*objects: bytes, root: int = 1) -> bytes:
    """A PDF of these objects, numbered from 1, with a table that finds them."""
    out, places = bytearray(b"%PDF-1.4\n"), []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<</Size %d/Root %d 0 R>>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, root, table)
    return bytes(out)


def _page_with(content: bytes, extra: bytes = b"", resources: bytes = b"") -> bytes:
    """A PDF of one page with this content stream."""
    stream = b"<</Length %d%s>>\nstream\n%s\nendstream" % (len(content), extra, content)
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R/Resources<<%s>>>>" % resources
    return _pdf(b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>", page, stream)


_FONT = b"/Font<</F<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>"
_WORDS = b"BT /F 12 Tf 72 700 Td (Return the list by December 4, 2026.) Tj ET"


def _word(document: str, **parts: str | None) -> bytes:
    """A Word document whose parts are these instead; a part that is None is missing."""
    whole = io.BytesIO()
    changed = {"word/document.xml": document} | {
        name.replace("__", "/") + ".xml": words for name, words in parts.items()
    }
    with zipfile.ZipFile(io.BytesIO(papers.word())) as good, zipfile.ZipFile(whole, "w") as archive:
        for name in good.namelist():
            words = changed.get(name, good.read(name))
            if words is not None:
                archive.writestr(name, words)
    return whole.getvalue()


def _body(inner: str) -> str:
    return f'<?xml version="1.0" encoding="UTF-8"?><w:document {W}><w:body>{inner}</w:body></w:document>'


def _paragraph(words: str) -> str:
    return f"<w:p><w:r><w:t>{words}</w:t></w:r></w:p>"


def _nested(open_: str, close: str, depth: int, inner: str) -> str:
    return open_ * depth + inner + close * depth


def _multipart(depth: int) -> bytes:
    head = "From: a@b.example\r\nMIME-Version: 1.0\r\nSubject: Deep\r\n"
    layers = "".join(
        f'Content-Type: multipart/mixed; boundary="b{n}"\r\n\r\n--b{n}\r\n' for n in range(depth)
    )
    return (
        head + layers + "Content-Type: text/plain\r\n\r\nReturn the list by December 4, 2026.\r\n"
    ).encode()


def _forwarded(depth: int) -> bytes:
    letter = papers.mail()
    for number in range(depth):
        letter = papers.mail(
            text="Forwarded.", attachments=[(f"{number}.eml", "application/octet-stream", letter)]
        )
    return letter


def _header(extra: str, body: str = "Return the list by December 4, 2026.") -> bytes:
    return f"From: a@b.example\r\nMIME-Version: 1.0\r\n{extra}\r\n\r\n{body}".encode(
        "utf-8", "surrogateescape"
    )


PDFS: dict[str, Callable[[], bytes]] = {
    "cut off after a third": lambda: papers.pdf()[: len(papers.pdf()) // 3],
    "cut off near the end": lambda: papers.pdf()[:-200],
    "the head alone": lambda: b"%PDF-1.7\n",
    "rubbish behind the head": lambda: b"%PDF-1.7\n" + bytes(range(256)) * 40,
    "a table that finds nothing": lambda: re.sub(rb"\d{10} 00000 n", b"9999999999 00000 n", papers.pdf()),
    "no table": lambda: papers.pdf().partition(b"xref\n")[0],
    "a stream of another length": lambda: papers.pdf().replace(b"/Length", b"/Lenght"),
    "a stream that is not packed as it says": lambda: _page_with(_WORDS, b"/Filter/FlateDecode", _FONT),
    "pages that are their own parents": lambda: _pdf(
        b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[2 0 R 2 0 R]/Count 2>>"
    ),
    "a catalog of nothing": lambda: _pdf(b"<</Type/Catalog>>"),
    "a catalog that is itself": lambda: _pdf(b"1 0 R"),
    "more pages than it has": lambda: _pdf(
        b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[]/Count 99999999>>"
    ),
    "a page without an edge": lambda: _page_with(_WORDS, resources=_FONT).replace(b"0 0 612 792", b"0 0 0 0"),
    "a page of no numbers": lambda: _page_with(_WORDS, resources=_FONT).replace(b"0 0 612 792", b"a b c d"),
    "letters of no font": lambda: _page_with(_WORDS),
    "numbers beyond any": lambda: _page_with(b"BT /F 1e308 Tf 9e307 -9e307 Td (x) Tj ET", resources=_FONT),
    "arrays in arrays": lambda: _page_with(b"[" * 20_000 + b"]" * 20_000),
    "saved states without end": lambda: _page_with(b"q " * 50_000 + _WORDS, resources=_FONT),
    "a form that draws itself": lambda: _pdf(
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R/Resources<</XObject<</A 5 0 R>>>>>>",
        b"<</Length 5>>\nstream\n/A Do\nendstream",
        b"<</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</A 5 0 R>>>>/Length 5>>"
        b"\nstream\n/A Do\nendstream",
    ),
    "ten thousand lines drawn": lambda: _page_with(
        b"".join(b"%d %d m %d %d l S " % (n % 600, n % 790, 600 - n % 600, n % 780) for n in range(10_000))
        + _WORDS,
        resources=_FONT,
    ),
    "a password nobody knows": lambda: papers.pdf(password="lead"),
    "a mail's head before it": lambda: b"\r\n\r\n" + papers.pdf(),
}
DOCXS: dict[str, Callable[[], bytes]] = {
    "cut off": lambda: papers.word()[:-400],
    "no document": lambda: _word(_body(""), word__document=None),
    "a document of nothing": lambda: _word(""),
    "a document that is no markup": lambda: _word("Return the list."),
    "an unclosed document": lambda: _word(_body(_paragraph("Return the list"))[:-30]),
    "no body": lambda: _word(f"<w:document {W}/>"),
    "letters of another encoding": lambda: _word(_body(_paragraph("é")).replace("UTF-8", "UTF-16")),
    "no styles": lambda: _word(_body(_paragraph("Return the list by Friday.")), word__styles=None),
    "styles that rest on each other": lambda: _word(
        _body(
            '<w:p><w:pPr><w:pStyle w:val="A"/></w:pPr><w:r><w:t>Return the list by Friday.</w:t></w:r></w:p>'
        ),
        word__styles=f'<w:styles {W}><w:style w:styleId="A"><w:basedOn w:val="B"/></w:style>'
        '<w:style w:styleId="B"><w:basedOn w:val="A"/></w:style></w:styles>',
    ),
    "lists of no sense": lambda: _word(
        _body(
            '<w:p><w:pPr><w:numPr><w:ilvl w:val="99"/><w:numId w:val="x"/></w:numPr></w:pPr>'
            "<w:r><w:t>Return the list by Friday.</w:t></w:r></w:p>"
        ),
        word__numbering=f'<w:numbering {W}><w:num w:numId="x"><w:abstractNumId w:val="y"/></w:num></w:numbering>',
    ),
    "tables in tables": lambda: _word(
        _body(_nested("<w:tbl><w:tr><w:tc>", "</w:tc></w:tr></w:tbl>", 120, _paragraph("Return the list.")))
    ),
    "wrappers in wrappers": lambda: _word(
        _body(
            _nested("<w:sdt><w:sdtContent>", "</w:sdtContent></w:sdt>", 110, _paragraph("Return the list."))
        )
    ),
    "runs in runs": lambda: _word(
        _body(
            "<w:p>" + _nested("<w:ins>", "</w:ins>", 200, "<w:r><w:t>Return the list.</w:t></w:r>") + "</w:p>"
        )
    ),
    "a cell across a million": lambda: _word(
        _body(
            "<w:tbl>"
            + "<w:tr><w:tc><w:tcPr><w:gridSpan w:val='1000000'/></w:tcPr>" * 1
            + _paragraph("Return the list.")
            + "</w:tc></w:tr></w:tbl>"
        )
    ),
    "forty thousand paragraphs": lambda: _word(_body(_paragraph("Return the list.") * 40_000)),
    "an archive within": lambda: _packed({"word/document.xml": papers.word()}),
    "names that climb": lambda: _packed({"../../word/document.xml": b"<a/>", "word/document.xml": b"<a/>"}),
}
MAILS: dict[str, Callable[[], bytes]] = {
    "a head that never ends": lambda: b"From: a@b.example\r\nMIME-Version: 1.0\r\nX: " + b"a" * 300_000,
    "parts in parts": lambda: _multipart(60),
    "parts in many parts": lambda: _multipart(1200),
    "mails in mails": lambda: _forwarded(12),
    "a boundary that is not there": lambda: _header('Content-Type: multipart/mixed; boundary="x"'),
    "no boundary": lambda: _header("Content-Type: multipart/mixed"),
    "letters that are none": lambda: _header("Content-Type: text/plain; charset=klingon"),
    "letters that are code": lambda: _header("Content-Type: text/plain; charset=rot13"),
    "base64 that is none": lambda: _header(
        "Content-Type: text/plain\r\nContent-Transfer-Encoding: base64", "Return! the? list=="
    ),
    "a quoted text that is none": lambda: _header(
        "Content-Type: text/plain\r\nContent-Transfer-Encoding: quoted-printable", "Return =ZZ the = list ="
    ),
    "a head of wrong letters": lambda: _header("Subject: =?utf-8?b?/////?= =?x?q?=ff?=\r\nDate: yesterday"),
    "a day that is none": lambda: _header("Date: Thu, 99 Foo 99999 99:99:99 +9999"),
    "a name that is none": lambda: _header(
        "Content-Type: application/pdf; name*=utf-8''%ff%fe; name*1*=x\r\nContent-Disposition: attachment",
        "%PDF-",
    ),
    "a list of ten thousand readers": lambda: _header(
        "To: " + ", ".join(f"p{n}@x.example" for n in range(10_000))
    ),
    "a broken file on it": lambda: papers.mail(
        attachments=[
            ("memo.pdf", "application/pdf", papers.pdf()[:500]),
            ("a.docx", "x/y", papers.word()[:500]),
        ]
    ),
    "no words and no file": lambda: papers.mail(text=""),
}
PAGES: dict[str, Callable[[], bytes]] = {
    "boxes in boxes": lambda: b"<html>" + b"<div>" * 30_000 + b"Return the list." + b"</div>" * 30_000,
    "tables in tables": lambda: b"<html>" + b"<table><tr><td>" * 3_000 + b"Return the list.",
    "a cell across everything": lambda: (
        b"<html><table><tr><td colspan=99999999 rowspan=99999999>Return</td>"
        b"<td>it</td></tr>" + b"<tr><td>now</td></tr>" * 300
    ),
    "unclosed": lambda: b"<!doctype html><p>Return <b>the <i>list<table><tr><td>by<ul><li>Friday",
    "a declaration of another encoding": lambda: (
        b'<?xml version="1.0" encoding="UTF-16"?><html><p>Return it.</html>'
    ),
    "a charset of no sense": lambda: (
        b"<html><meta charset='x-\xff'><p>Return the list by Friday \xe9.</html>"
    ),
    "entities": lambda: b"<html><p>" + b"&#x110000;&#0;&bogus;&amp;" * 2_000 + b" Return it.</html>",
    "ten thousand items": lambda: b"<html><ol>" + b"<li>Return the list." * 10_000,
    "a comment that never ends": lambda: b"<html><p>Return it.<!-- " + b"x" * 200_000,
}
TEXTS: dict[str, Callable[[], bytes]] = {
    "one word of a hundred thousand letters": lambda: b"a" * 100_000,
    "hyphens at every line's end": lambda: b"re-\n" * 60_000,
    "line ends alone": lambda: b"\n" * 300_000 + b"Return it.",
    "half of letters": lambda: b"Return the list \xc3 by Friday \xe2\x82" * 30,
    "wide letters cut in two": lambda: "Return the list by Friday.".encode("utf-16") * 3 + b"\x00",
    "page breaks": lambda: b"\x0c" * 50_000 + b"Return it.",
    "blanks": lambda: b"Return" + b" " * 300_000 + b"it.",
}
CORPUS: dict[str, Callable[[], bytes]] = {
    f"{kind}: {name}": make
    for kind, files in (("PDF", PDFS), ("DOCX", DOCXS), ("mail", MAILS), ("page", PAGES), ("text", TEXTS))
    for name, make in files.items()
}


def _packed(parts: dict[str, bytes]) -> bytes:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return whole.getvalue()


def swelling_pdf() -> bytes:
    """A PDF of some megabytes whose one stream unpacks to two thousand."""
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(b"0 0 m " * 200_000) for _ in range(1_700)) + packer.flush()
    return _page_with(packed, b"/Filter/FlateDecode")


def endless_pdf() -> bytes:
    """A PDF of some kilobytes that draws ten forms, each of which draws ten others, and so on."""
    depth = 9
    forms = b"".join(b"/A%d %d 0 R" % (n, 5) for n in range(10))
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R/Resources<</XObject<<%s>>>>>>"
        % forms,
        b"<</Length 60>>\nstream\n" + b"".join(b"/A%d Do " % n for n in range(10)) + b"\nendstream",
    ]
    for level in range(depth):
        inner = b"".join(b"/A%d %d 0 R" % (n, 6 + level) for n in range(10))
        content = b"".join(b"/A%d Do " % n for n in range(10)) if level < depth - 1 else b"0 0 m 9 9 l S"
        objects.append(
            b"<</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<<%s>>>>/Length %d>>\nstream\n%s\nendstream"
            % (inner if level < depth - 1 else b"", len(content), content)
        )
    return _pdf(*objects)
