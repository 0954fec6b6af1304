"""The mailbox for memos, on a real IMAP server of this machine."""

import itertools
import socket
import ssl
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from imapclient import IMAPClient
from sqlmodel import select

from bot import mailbox as reading
from bot.fetched_memos import unread_job
from bot.mailbox import MailAccount, check_mailbox, mailbox_job
from handlers.intake.mailbox import tell_unknown
from protocols.documents.reading import read_document
from storage.database import Store
from storage.tables import MailboxRow, MandateRow, OriginalRow, UnknownMailRow
from tests import mail_server
from tests.certificate import make_certificate
from tests.chat import Chat, Speaker
from tests.district import email
from tests.mail_server import MailServer, mail

KEYS = "Schools must return the key list to the office by Friday, December 11, 2026."
SEATS = "Principals must send the seat count to the office by Monday, December 14, 2026."
TUESDAY = "2026-11-24 14:00"
_FOLDERS = itertools.count(1)


@pytest.fixture(scope="module")
def server() -> Iterator[MailServer]:
    with mail_server.running() as started:
        yield started


@dataclass
class Post:
    """The mailbox of one test, and its clock."""

    server: MailServer
    folder: str
    chat: Chat

    @property
    def account(self) -> MailAccount:
        return replace(self.server.account, folder=self.folder)

    def deliver(self, *mails: bytes, is_seen: bool = False, at: datetime | None = None) -> None:
        for one in mails:
            self.server.deliver(one, folder=self.folder, is_seen=is_seen, at=at or self.chat.now)

    def read(self, **wait: float) -> int:
        self.chat.wait(**wait)
        return mailbox_job(self.account, read_document)(self.chat.store, self.chat.now)

    @property
    def unseen(self) -> int:
        return self.server.unseen(self.folder)


@pytest.fixture
def chat(store: Store) -> Chat:
    return Chat(store, at=TUESDAY)


@pytest.fixture
def post(server: MailServer, chat: Chat) -> Post:
    folder = f"Memos-{next(_FOLDERS)}"
    server.make(folder)
    found = Post(server, folder, chat)
    assert found.read() == 0  # looked at once, so that what comes now is new
    chat.wait(minutes=3)
    return found


@pytest.fixture
def dev(chat: Chat) -> Speaker:
    return chat.person(email("dev.patel"))


@pytest.fixture
def ana(chat: Chat) -> Speaker:
    return chat.person(email("ana.whitefeather"))


def memos(store: Store) -> list[MandateRow]:
    with store.read() as tx:
        return list(tx.exec(select(MandateRow)))


def originals(store: Store) -> list[OriginalRow]:
    with store.read() as tx:
        return list(tx.exec(select(OriginalRow)))


def test_a_mail_is_a_memo_of_its_sender_who_hears_what_it_asks(
    chat: Chat, store: Store, post: Post, dev: Speaker
) -> None:
    sent = mail(KEYS, attachment=("seats.txt", SEATS.encode()))
    post.deliver(sent)
    assert post.read() == 1
    (memo,), (original,) = memos(store), originals(store)
    assert (memo.source, memo.unit, memo.sender_id) == ("mail", "Human Resources", dev.id)
    assert "key list" in memo.text
    assert "seat count" in memo.text
    assert memo.memo_date.isoformat() == "2026-11-20"
    assert original.content.replace(b"\r\n", b"\n").strip() == sent.replace(b"\r\n", b"\n").strip()
    assert original.state == "read"
    assert post.unseen == 0
    dev.sees("Your mail “Key lists” came in.", "It asks 2 things of schools", "[What it asks]", "[Original]")
    dev.presses("What it asks")
    dev.sees("by Fri 11 Dec", "by Mon 14 Dec")
    imani = chat.person(email("imani.brooks"))
    imani.says("triage")
    imani.sees("key list")


def test_the_same_mail_again_is_passed_over(chat: Chat, store: Store, post: Post, dev: Speaker) -> None:
    post.deliver(mail(KEYS), mail(KEYS, Received="by another way"))
    assert post.read() == 2
    assert len(originals(store)) == len(memos(store)) == 1
    assert post.unseen == 0


def test_two_mails_that_some_program_gave_the_same_id_are_two(store: Store, post: Post) -> None:
    post.deliver(mail(KEYS), mail(SEATS))
    post.read()
    assert len(memos(store)) == 2


def test_a_mail_that_somebody_opened_before_is_taken_all_the_same(store: Store, post: Post) -> None:
    post.deliver(mail(KEYS), is_seen=True)
    assert post.read() == 1
    assert len(memos(store)) == 1


def test_of_a_mailbox_never_read_only_recent_mails_that_nobody_opened_come_in(
    server: MailServer, chat: Chat, store: Store
) -> None:
    folder = f"Memos-{next(_FOLDERS)}"
    server.make(folder)
    post = Post(server, folder, chat)
    post.deliver(mail(SEATS, number="opened"), is_seen=True)
    post.deliver(mail(SEATS.replace("14", "15"), number="old"), at=datetime(2026, 10, 1, tzinfo=UTC))
    post.deliver(mail(KEYS, number="new"), mail("Thank you for lunch.", number="thanks"))
    assert post.read() == 2
    assert ["key list" in memo.text for memo in memos(store)] == [True]
    assert post.unseen == 1  # the old one, which is left alone
    post.deliver(mail(SEATS.replace("14", "16"), number="newer"))
    assert post.read(minutes=3) == 1
    assert len(memos(store)) == 2


def test_many_mails_are_read_over_several_ticks(
    store: Store, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "MOST_A_TICK", 3)
    post.deliver(*(mail(KEYS.replace("key", f"k{n}"), number=f"n{n}") for n in range(7)))
    assert [post.read() for _ in range(4)] == [3, 3, 1, 0]
    assert len(memos(store)) == 7


def test_a_mail_that_cannot_be_read_is_kept_and_said(
    chat: Chat, store: Store, post: Post, dev: Speaker
) -> None:
    post.deliver(mail("The soup was lovely.", subject="Lunch"))
    post.read()
    dev.sees("No memo came of your mail “Lunch”", "nothing that it asks", "kept as it came")
    assert [one.state for one in originals(store)] == ["read"]
    assert memos(store) == []


def test_a_mail_too_large_to_keep_is_said_and_stays_in_the_mailbox(
    chat: Chat, store: Store, post: Post, dev: Speaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "MAX_BYTES", 5_000)
    post.deliver(mail(KEYS + "\n" + "word " * 5_000, subject="Huge"))
    post.read()
    dev.sees("No memo came of your mail “Huge”", "lies in the mailbox")
    (original,) = originals(store)
    assert original.state == "unreadable"
    assert b"Subject: Huge" in original.content


def test_a_process_that_dies_after_keeping_a_mail_loses_nothing(store: Store, post: Post, chat: Chat) -> None:
    post.deliver(mail(KEYS))

    def dies(_data: bytes) -> object:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        mailbox_job(post.account, dies)(store, chat.now)  # type: ignore[arg-type]  # it never answers
    assert [one.state for one in originals(store)] == ["kept"]
    assert memos(store) == []
    chat.wait(minutes=16)
    assert post.read() == 0
    assert unread_job(read_document)(store, chat.now) == 1
    assert len(memos(store)) == 1
    assert unread_job(read_document)(store, chat.now) == 0


def test_a_process_that_dies_before_marking_marks_at_the_next_reading(
    store: Store, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    post.deliver(mail(KEYS), mail(SEATS, number="2"))

    def dies(*_args: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(reading, "_mark_seen", dies)
        with pytest.raises(KeyboardInterrupt):
            post.read()
    assert post.unseen == 2  # kept here, and not yet marked there
    assert len(originals(store)) == 1
    assert post.read(minutes=16) == 1
    assert post.unseen == 0
    assert len(originals(store)) == 2


def test_where_the_server_numbers_its_mails_anew_known_ones_are_passed_over(
    server: MailServer, store: Store, post: Post
) -> None:
    post.deliver(mail(KEYS))
    post.read()
    server.empty(post.folder)
    post.deliver(mail(KEYS), is_seen=True)
    post.deliver(mail(SEATS, number="2"), is_seen=True)  # came while nobody looked
    post.deliver(
        mail("Schools must send x by December 1, 2026.", number="3"), at=datetime(2026, 9, 1, tzinfo=UTC)
    )
    assert post.read(minutes=3) == 2
    assert len(originals(store)) == 2
    assert post.read(minutes=3) == 0
    with store.read() as tx:
        assert tx.exec(select(MailboxRow).where(MailboxRow.validity > 0)).one().failures == 0


def test_two_clocks_read_it_once(chat: Chat, store: Store, post: Post) -> None:
    post.deliver(mail(KEYS))
    assert [post.read(), post.read()] == [1, 0]


# ---------------------------------------------------------------- senders whom nobody knows


STRANGER = "Pat Doe <pat@vendor.example>"


@pytest.mark.parametrize(
    ("sent", "why"),
    [
        pytest.param(mail(KEYS, sender=STRANGER), "Nobody in the roster", id="a stranger"),
        pytest.param(mail(KEYS, sender=email("mei.tanaka")), "may not send memos", id="a principal"),
        pytest.param(
            mail(KEYS, Authentication_Results="mx.district.example; dmarc=fail; spf=pass"),
            "does not come from this address",
            id="a forged sender",
        ),
        pytest.param(mail(KEYS, sender=""), "Nobody in the roster", id="nobody"),
    ],
)
def test_a_mail_of_nobody_known_goes_nowhere_by_itself(
    chat: Chat, store: Store, post: Post, ana: Speaker, sent: bytes, why: str
) -> None:
    post.deliver(sent)
    assert post.read() == 1
    assert memos(store) == []
    assert len(originals(store)) == 1
    assert tell_unknown(store, chat.now) == 1
    ana.sees("Mails that wait for you", "Key lists", why)
    imani = chat.person(email("imani.brooks"))
    imani.collect()
    assert "Key lists" not in imani.everything()


def test_administrators_see_them_once_a_day_and_take_them_in_or_leave_them(
    chat: Chat, store: Store, post: Post, ana: Speaker
) -> None:
    post.deliver(mail(KEYS, sender=STRANGER))
    post.read()
    assert tell_unknown(store, chat.now) == 1
    ana.sees("from pat@vendor.example")
    post.deliver(mail(SEATS, sender=STRANGER, number="2", subject="Seats"))
    post.read(minutes=3)
    assert tell_unknown(store, chat.now) == 0  # tomorrow
    ana.says("unknown mails")
    ana.sees("Key lists", "Seats")
    ana.presses("Take it in")
    ana.sees("I read “Key lists” in a minute or two")
    chat.wait(minutes=1)
    assert unread_job(read_document)(store, chat.now) == 1
    (memo,) = memos(store)
    assert memo.sender_id == ana.id
    ana.sees("Your mail “Key lists” came in.")
    ana.says("unknown mails")
    ana.does_not_see("Key lists")
    ana.presses("Leave it")
    ana.sees("I leave “Seats”. It stays kept.")
    chat.move_to("2026-11-30 10:00")
    assert tell_unknown(store, chat.now) == 0
    with store.read() as tx:
        assert [row.state for row in tx.exec(select(UnknownMailRow))] == ["taken", "left"]
    assert len(memos(store)) == 1


def test_a_mail_settled_by_one_administrator_is_not_settled_again(
    chat: Chat, store: Store, post: Post, ana: Speaker
) -> None:
    post.deliver(mail(KEYS, sender=STRANGER))
    post.read()
    ana.says("unknown mails")
    ana.presses("Leave it")
    del ana.seen[-1]
    ana.presses("Take it in")
    ana.sees("was settled before")
    assert unread_job(read_document)(store, chat.now) == 0


def test_an_out_of_office_answer_is_kept_and_bothers_nobody(
    chat: Chat, store: Store, post: Post, dev: Speaker
) -> None:
    post.deliver(mail(KEYS, subject="Automatic reply", Auto_Submitted="auto-replied"))
    post.read()
    assert (memos(store), len(originals(store)), dev.collect()) == ([], 1, [])
    assert tell_unknown(store, chat.now) == 0


# ---------------------------------------------------------------- faults


def test_a_refused_password_is_told_once_and_once_that_it_is_mended(
    chat: Chat, store: Store, post: Post, ana: Speaker
) -> None:
    good, wrong = post.account, replace(post.account, password="wrong")
    job = mailbox_job(wrong, read_document)
    assert job(store, chat.now) == 0
    ana.sees("I can't read the mailbox for memos.", "refuses the user name or the password", "IMAP_PASSWORD")
    said = len(ana.seen)
    chat.wait(hours=2)
    job(store, chat.now)
    assert ana.collect() == []
    assert "wrong" not in ana.everything()
    post.deliver(mail(KEYS))
    chat.wait(hours=2)
    chat.move_to("2026-11-30 10:00")
    assert mailbox_job(good, read_document)(store, chat.now) == 1
    ana.collect()
    assert "can be read again" in ana.everything()
    assert len(ana.seen) == said + 1


def test_a_server_that_is_away_is_told_when_it_lasts(chat: Chat, store: Store, ana: Speaker) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    job = mailbox_job(MailAccount("127.0.0.1", port, "memos", "x"), read_document)
    told = []
    for _ in range(6):
        job(store, chat.now)
        told.append(bool(ana.collect()))
        chat.wait(minutes=5)
    assert told[:2] == [False, False]
    assert sum(told) <= 1
    chat.move_to("2026-11-30 10:00")
    for _ in range(6):
        job(store, chat.now)
        chat.wait(hours=1)
    ana.collect()
    assert ana.everything().count("I can't read the mailbox") == 1
    assert "cannot be reached" in ana.everything()


def test_a_folder_that_is_not_there_is_said(
    chat: Chat, store: Store, server: MailServer, ana: Speaker
) -> None:
    job = mailbox_job(replace(server.account, folder="Nowhere"), read_document)
    assert job(store, chat.now) == 0
    ana.sees("has no folder “Nowhere”", "IMAP_FOLDER")


def test_a_mailbox_can_be_checked_without_being_touched(store: Store, post: Post) -> None:
    post.deliver(mail(KEYS))
    assert check_mailbox(post.account) is None
    assert "IMAP_PASSWORD" in (check_mailbox(replace(post.account, password="wrong")) or "")
    assert "IMAP_FOLDER" in (check_mailbox(replace(post.account, folder="Nowhere")) or "")
    assert post.unseen == 1
    assert memos(store) == []


def test_a_host_elsewhere_is_never_spoken_to_without_encryption(
    monkeypatch: pytest.MonkeyPatch, server: MailServer, chat: Chat, store: Store, ana: Speaker
) -> None:
    """A server that offers no STARTTLS gets no password."""
    monkeypatch.setattr(reading, "is_loopback", lambda host: False)
    monkeypatch.setattr(reading, "_STARTTLS_PORT", server.port)
    assert mailbox_job(server.account, read_document)(store, chat.now) == 0
    ana.sees("offers no encryption that I can trust")


def test_another_port_elsewhere_is_encrypted_from_the_first_letter(
    monkeypatch: pytest.MonkeyPatch, server: MailServer, chat: Chat, store: Store
) -> None:
    monkeypatch.setattr(reading, "is_loopback", lambda host: False)
    assert mailbox_job(server.account, read_document)(store, chat.now) == 0
    with store.read() as tx:
        assert tx.exec(select(MailboxRow)).one().failures == 1


def test_starttls_is_taken_and_its_certificate_checked(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, chat: Chat, store: Store, ana: Speaker
) -> None:
    public, private = make_certificate(tmp_path, hosts=[], addresses=["127.0.0.1"])
    with mail_server.running(certificate=public, key=private) as encrypted:
        monkeypatch.setattr(reading, "is_loopback", lambda host: False)
        monkeypatch.setattr(reading, "_STARTTLS_PORT", encrypted.port)
        trusted = ssl.create_default_context(cafile=str(public))
        with IMAPClient("127.0.0.1", encrypted.port, ssl=False) as sender:
            sender.starttls(trusted)
            sender.login(mail_server.USER, mail_server.PASSWORD)
            sender.append("INBOX", mail(KEYS), msg_time=chat.now)
        assert mailbox_job(encrypted.account, read_document)(store, chat.now) == 0
        ana.sees("offers no encryption that I can trust")
        chat.wait(hours=2)
        assert mailbox_job(replace(encrypted.account, trusted=trusted), read_document)(store, chat.now) == 1
    assert len(memos(store)) == 1
