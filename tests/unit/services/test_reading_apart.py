"""Reading a file in a process of its own: the same answer, and an end to whatever does not end."""

import pytest

from bot.services.reading_apart import read_apart
from protocols.documents.document import DocumentFault
from protocols.documents.reading import read_document
from tests import papers


def test_what_is_read_there_comes_back_as_it_is() -> None:
    data = papers.mail(attachments=[("plan.png", "image/png", b"\x89PNG\r\n\x1a\n" + b"x" * 90_000)])
    found = read_apart(data, patience=60)
    assert found == read_document(data)
    assert found.notes


def test_a_refusal_there_is_a_refusal_here() -> None:
    with pytest.raises(DocumentFault, match="There is nothing in it"):
        read_apart(b"", patience=60)


def test_what_takes_too_long_is_ended_and_said() -> None:
    with pytest.raises(DocumentFault, match="takes longer to read than I can spare"):
        read_apart(papers.pdf(), patience=0.001)
