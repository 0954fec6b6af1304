"""Reading the mailbox over IMAP, as a job of the clock.

A mail is fetched without being marked (``BODY.PEEK``), kept in a transaction, and marked as seen only after that; so a
process killed in between loses nothing, and what it had done is known by the mail's number (UID) and its Message-ID.
Numbers hold as long as the server's UIDVALIDITY does; where that changes, or at the first time, recent mails are looked
through again and those known are passed over (RFC 3501, 2.3.1.1).

Connections are encrypted, from the first letter (port 993) or by STARTTLS (143), and the certificate is checked; only
to this machine itself, where a bridge may run, it goes without.
"""

import logging
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

import imapclient
from imapclient import IMAPClient, SocketTimeout
from imapclient.exceptions import CapabilityError, IMAPClientAbortError, IMAPClientError, LoginError

from bot.fetched_memos import ReadDocument, read_original
from bot.settings import Settings, is_loopback
from handlers import clock
from handlers.intake import mailbox
from handlers.intake.mailbox import Mail, Position
from protocols.buffer.mail_heads import LONGEST_HEAD, read_head
from protocols.documents.document import MAX_BYTES
from storage.database import Store

log = logging.getLogger(__name__)
logging.getLogger("imapclient").setLevel(logging.WARNING)  # below it the library logs whole mails

MOST_A_TICK = 20
"""Mails of one reading; the others come with the next, a minute later."""
FIRST_DAYS = timedelta(days=14)
"""Of a mailbox that was never read: so far back mails that nobody has opened are taken in."""
AGAIN_DAYS = timedelta(days=2)
"""Where the server numbers its mails anew: so long before the last reading they are looked through again."""
_TIMEOUT = SocketTimeout(connect=10, read=60)
_STARTTLS_PORT, _TLS_PORT = 143, 993


@dataclass(frozen=True, slots=True)
class MailAccount:
    """Where the mailbox is. ``trusted``: the certificates trusted here, None for the system's."""

    host: str
    port: int
    user: str
    password: str = field(repr=False)
    folder: str = "INBOX"
    trusted: ssl.SSLContext | None = None

    @property
    def name(self) -> str:
        """What the database calls it."""
        return sha256(f"{self.user}@{self.host}:{self.port}/{self.folder}".encode()).hexdigest()


class MailboxError(Exception):
    """The mailbox cannot be read. The text says why; ``is_lasting`` where somebody has to change a setting."""

    def __init__(self, sentence: str, *, is_lasting: bool = False) -> None:
        super().__init__(sentence)
        self.is_lasting = is_lasting


def account_of(settings: Settings) -> MailAccount | None:
    """The mailbox of the settings, if they name one."""
    if settings.imap_host is None or settings.imap_user is None or settings.imap_password is None:
        return None
    return MailAccount(
        settings.imap_host,
        settings.imap_port,
        settings.imap_user,
        settings.imap_password.get_secret_value(),
        settings.imap_folder,
    )


def mailbox_job(account: MailAccount, read: ReadDocument) -> clock.Job:
    """A job: take in what has come; how many mails that were."""

    def run(store: Store, now: datetime) -> int:
        position = mailbox.begin(store, account.name, now)
        if position is None:
            return 0
        try:
            with _connected(account) as client:
                return _take_all(store, client, account, position, read, now)
        except MailboxError as error:
            mailbox.take_fault(store, position, str(error), is_lasting=error.is_lasting, now=now)
            return 0

    return run


def check_mailbox(account: MailAccount) -> str | None:
    """None where the mailbox can be read, else why not, in a sentence. Nothing in it is changed."""
    try:
        with _connected(account) as client:
            _select(client, account, is_looking=True)
    except MailboxError as error:
        return str(error)
    return None


@contextmanager
def _connected(account: MailAccount) -> Iterator[IMAPClient]:
    """A connection that is logged in. Raises ``MailboxError`` for whatever goes wrong with it, then or later."""
    client: IMAPClient | None = None
    try:
        client = _connect(account)
        client.login(account.user, account.password)
        yield client
    except LoginError:
        raise MailboxError(
            f"{account.host} refuses the user name or the password. Look at IMAP_USER and IMAP_PASSWORD.",
            is_lasting=True,
        ) from None
    except (ssl.SSLCertVerificationError, CapabilityError):
        raise MailboxError(
            f"{account.host} offers no encryption that I can trust. Look at IMAP_HOST and IMAP_PORT.",
            is_lasting=True,
        ) from None
    except (IMAPClientAbortError, OSError) as error:
        log.info("the mailbox cannot be reached: %s", type(error).__name__)
        raise MailboxError(f"{account.host} cannot be reached, or stopped answering.") from None
    except IMAPClientError as error:
        log.info("the mailbox does not answer as it should: %s", type(error).__name__)
        raise MailboxError(f"{account.host} does not answer as a mail server does.") from None
    finally:
        if client is not None:
            with suppress(IMAPClientError, OSError):
                client.logout()


def _connect(account: MailAccount) -> IMAPClient:
    trusted = account.trusted or ssl.create_default_context()
    is_here = is_loopback(account.host)
    if account.port != _STARTTLS_PORT and (not is_here or account.port == _TLS_PORT):
        return IMAPClient(account.host, account.port, ssl=True, ssl_context=trusted, timeout=_TIMEOUT)
    client = IMAPClient(account.host, account.port, ssl=False, timeout=_TIMEOUT)
    if client.has_capability("STARTTLS") or not is_here:
        try:
            client.starttls(trusted)
        except BaseException:
            with suppress(IMAPClientError, OSError):
                client.shutdown()
            raise
    return client


def _take_all(
    store: Store,
    client: IMAPClient,
    account: MailAccount,
    position: Position,
    read: ReadDocument,
    now: datetime,
) -> int:
    selected = _select(client, account)
    validity = int(selected[b"UIDVALIDITY"])
    if validity != position.validity:
        upto = int(selected.get(b"UIDNEXT", 0)) - 1
        upto = upto if upto >= 0 else max(client.search(["ALL"]), default=0)
        position = mailbox.restart(store, position, validity, of_before=upto)
    elif position.is_taken_unseen:  # the process died between keeping a mail and marking it
        _mark_seen(store, client, position, position.taken_uid)
    uids = _to_take(client, position, now)
    for uid in uids[:MOST_A_TICK]:
        mail = _fetch(client, uid)
        if mail is None:  # moved or deleted meanwhile
            continue
        original = mailbox.keep_mail(store, position, mail, now)
        _mark_seen(store, client, position, uid)
        if original is not None:
            read_original(store, original.id, read, now=now)
    mailbox.finish(store, position, now, is_all=len(uids) <= MOST_A_TICK)
    return min(len(uids), MOST_A_TICK)


def _select(client: IMAPClient, account: MailAccount, *, is_looking: bool = False) -> dict[bytes, Any]:
    """What the server says of the folder. Raises ``MailboxError`` where it has none of that name."""
    try:
        selected: dict[bytes, Any] = client.select_folder(account.folder, readonly=is_looking)
    except IMAPClientAbortError:
        raise
    except IMAPClientError:
        raise MailboxError(
            f"{account.host} has no folder “{account.folder}”. Look at IMAP_FOLDER.", is_lasting=True
        ) from None
    return selected


def _to_take(client: IMAPClient, position: Position, now: datetime) -> list[int]:
    """The numbers of the mails to be taken in, oldest first.

    What came after the numbering was first seen is taken, opened by somebody or not; of what was there before, only
    what is recent, and at the very first time only what nobody has opened.
    """
    newer = max(position.taken_uid, position.of_before)
    found = {uid for uid in client.search(["UID", f"{newer + 1}:*"]) if uid > newer}
    if position.taken_uid < position.of_before:
        back = position.read_at - AGAIN_DAYS if position.read_at else now - FIRST_DAYS
        wanted = ["SINCE", back.date(), *([] if position.read_at else ["UNSEEN"])]
        found |= {uid for uid in client.search(wanted) if position.taken_uid < uid <= position.of_before}
    return sorted(found)


def _fetch(client: IMAPClient, uid: int) -> Mail | None:
    """A mail, or of one that is too large its head."""
    found = client.fetch([uid], ["RFC822.SIZE"]).get(uid)
    if found is None:
        return None
    size = int(found[b"RFC822.SIZE"])
    if size > MAX_BYTES:
        head = client.fetch([uid], [f"BODY.PEEK[HEADER]<0.{LONGEST_HEAD}>"]).get(uid) or {}
        data = next((value for key, value in head.items() if key.startswith(b"BODY[")), b"")
        why = (
            f"It is larger than {MAX_BYTES // 1_000_000} MB, so I kept only its head; all of it lies in the mailbox. "
            "Send the part that asks for something."
        )
        return Mail(uid, data, read_head(data), too_large=why)
    whole = client.fetch([uid], ["BODY.PEEK[]"]).get(uid)
    if whole is None:
        return None
    data = whole[b"BODY[]"]
    return Mail(uid, data, read_head(data))


def _mark_seen(store: Store, client: IMAPClient, position: Position, uid: int) -> None:
    client.add_flags([uid], [imapclient.SEEN], silent=True)
    mailbox.note_seen(store, position, uid)
