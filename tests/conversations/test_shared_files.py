"""A memo as a file: it goes the way of a pasted one, and what of it could not be read is said to whoever decides."""

import pytest
from sqlmodel import select

from handlers.intake.sent_files import SentFile, called
from storage.database import Store
from storage.tables import MandateRow, OriginalRow
from tests import papers
from tests.chat import Chat
from tests.district import email

NOTHING_ASKED = b"The heating season has begun. We thank all custodians for a good start."


@pytest.fixture
def chat(store: Store) -> Chat:
    return Chat(store, at="2026-11-24 09:00")


def kept(store: Store) -> list[OriginalRow]:
    with store.read() as tx:
        return list(tx.exec(select(OriginalRow).order_by(OriginalRow.id)))  # type: ignore[arg-type]  # a column


def memos(store: Store) -> list[MandateRow]:
    with store.read() as tx:
        return list(tx.exec(select(MandateRow)))


def test_a_file_goes_the_way_of_a_pasted_memo_to_the_ild_who_decides(chat: Chat) -> None:
    dev, imani = chat.person(email("dev.patel")), chat.person(email("imani.brooks"))
    dev.shares(("lead.pdf", papers.pdf()))
    dev.sees("It asks", "return the list of outlets", "by Fri 4 Dec")
    chat.wait(hours=4)
    imani.collect()
    assert "A new memo." in imani.everything()
    imani.presses("Decide")
    imani.sees("return the list of outlets")


def test_the_days_of_a_table_are_days_of_its_rows(chat: Chat) -> None:
    dev = chat.person(email("dev.patel"))
    dev.shares(("lead.docx", papers.word()))
    dev.presses("Original")
    dev.sees(
        "High schools | Outlet list and key holder | December 18, 2026", "The file as it came", "lead.docx"
    )


def test_after_the_word_memo_a_file_is_what_was_waited_for(chat: Chat) -> None:
    dev = chat.person(email("dev.patel"))
    dev.says("memo")
    dev.shares(("lead.txt", papers.plain()))
    dev.sees("It asks")
    dev.says("thanks")
    dev.does_not_see("no words in that")


def test_words_that_ask_for_something_beside_a_file_are_part_of_the_memo(chat: Chat) -> None:
    dev = chat.person(email("dev.patel"))
    dev.shares(("lead.pdf", papers.pdf()), text="Principals must confirm receipt by November 30, 2026.")
    dev.sees("confirm receipt", "by Mon 30 Nov")
    [memo] = memos(chat.store)
    assert memo.text.startswith(
        "Principals must confirm receipt by November 30, 2026.\n\nOFFICE OF FACILITIES"
    )


def test_words_that_ask_for_nothing_are_not(chat: Chat) -> None:
    dev = chat.person(email("dev.patel"))
    dev.shares(("lead.pdf", papers.pdf()), text="Here is the memo about the water.")
    [memo] = memos(chat.store)
    assert memo.text.startswith("OFFICE OF FACILITIES")


def test_of_several_files_each_is_a_memo_and_one_that_is_none_stops_no_other(chat: Chat) -> None:
    dev = chat.person(email("dev.patel"))
    other = papers.pdf(paragraphs=["All schools must return the seat count by December 9, 2026."], table=())
    dev.shares(("scan.pdf", papers.scan()), ("heating.txt", NOTHING_ASKED), ("seats.pdf", other))
    dev.sees("I can't read scan.pdf.", "heating.txt:", "found nothing that it asks", "return the seat count")
    assert [(one.name, one.state, bool(one.mandate_id)) for one in kept(chat.store)] == [
        ("scan.pdf", "unreadable", False),
        ("heating.txt", "read", False),
        ("seats.pdf", "read", True),
    ]
    assert all(one.sender_id == dev.id for one in kept(chat.store))


def test_the_same_memo_as_another_file_is_known(chat: Chat) -> None:
    dev = chat.person(email("dev.patel"))
    dev.shares(("lead.pdf", papers.pdf()))
    dev.shares(("lead (1).pdf", papers.pdf()))
    dev.sees("I have this one already")
    assert len(memos(chat.store)) == 1
    assert [one.mandate_id for one in kept(chat.store)] == [memos(chat.store)[0].id] * 2


def test_what_of_a_file_could_not_be_read_is_said_to_the_sender_and_to_the_ild(chat: Chat) -> None:
    dev, imani = chat.person(email("dev.patel")), chat.person(email("imani.brooks"))
    dev.shares(("lead.eml", papers.mail(attachments=[("form.pdf", "application/pdf", papers.scan())])))
    dev.sees(
        "Look at this yourself.", "I could not read “form.pdf”, which hangs on it", "Its pages are pictures"
    )
    chat.wait(hours=4)
    imani.collect()
    imani.presses("What it asks")
    imani.sees("I could not read “form.pdf”")


def test_an_attachment_that_is_named_and_did_not_come_is_said(chat: Chat) -> None:
    dev = chat.person(email("dev.patel"))
    asks = papers.pdf(paragraphs=["Principals must return Attachment A by December 4, 2026."], table=())
    dev.shares(("lead.pdf", asks))
    dev.sees("It names “Attachment A”, which did not come with it.")
    more = papers.pdf(paragraphs=["Principals must return Attachment B by December 9, 2026."], table=())
    dev.shares(("seats.pdf", more), ("attachment b.xlsx", b"PK\x05\x06" + bytes(18)))
    dev.does_not_see("did not come with it")


def test_principals_send_no_memos_and_their_files_are_not_kept(chat: Chat) -> None:
    grace = chat.person(email("grace.lindqvist"))
    received = grace.shares(("lead.pdf", papers.pdf()))
    assert received.outcome == "refused"
    grace.sees("Send it to your ILD")
    assert kept(chat.store) == []


def test_more_files_than_are_taken_at_once_are_said(chat: Chat) -> None:
    dev = chat.person(email("dev.patel"))
    dev.shares(*((f"memo{n}.txt", NOTHING_ASKED + bytes([48 + n % 10])) for n in range(12)))
    dev.sees("I take 10 files at once. Send the other 2 again.")


def test_a_bug_while_a_file_is_made_a_memo_keeps_the_file(
    chat: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stumble(*_args: object, **_more: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("handlers.intake.mandates.read_memo", stumble)
    dev = chat.person(email("dev.patel"))
    assert dev.shares(("lead.pdf", papers.pdf())).outcome == "failed"
    dev.sees("nothing was changed")
    [file] = kept(chat.store)
    assert (file.state, file.content) == ("kept", papers.pdf())


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("memo.pdf", "memo.pdf"),
        ("", "the file"),
        ("../../etc/passwd", "passwd"),
        ("a\\b\\memo.pdf", "memo.pdf"),
        ("me\x00mo\u202efdp.exe", "memofdp.exe"),
        ("x" * 300 + ".pdf", "x" * 112 + "….pdf"),
    ],
)
def test_a_file_is_called_by_a_name_that_plays_no_tricks(name: str, shown: str) -> None:
    assert called(SentFile("test:1", name)) == shown
