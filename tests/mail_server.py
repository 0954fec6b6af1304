"""A real IMAP server on this machine, in a process of its own, with one user and an empty mailbox."""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from pathlib import Path

from imapclient import IMAPClient

from bot.mailbox import MailAccount

USER, PASSWORD = "memos", "not-a-secret"


@dataclass(frozen=True)
class MailServer:
    port: int

    @property
    def account(self) -> MailAccount:
        return MailAccount("127.0.0.1", self.port, USER, PASSWORD)

    @contextmanager
    def client(self) -> Iterator[IMAPClient]:
        """Logged in as somebody who looks at the mailbox with a mail program."""
        client = IMAPClient("127.0.0.1", self.port, ssl=False)
        client.login(USER, PASSWORD)
        try:
            yield client
        finally:
            client.logout()

    def deliver(
        self, mail: bytes, *, folder: str = "INBOX", at: datetime | None = None, is_seen: bool = False
    ) -> None:
        with self.client() as client:
            client.append(folder, mail, flags=[b"\\Seen"] if is_seen else [], msg_time=at)

    def unseen(self, folder: str = "INBOX") -> int:
        with self.client() as client:
            client.select_folder(folder, readonly=True)
            return len(client.search(["UNSEEN"]))

    def empty(self, folder: str = "INBOX") -> None:
        """Throw the folder away and make it anew: its mails are numbered anew too."""
        with self.client() as client:
            client.delete_folder(folder)
            client.create_folder(folder)

    def make(self, folder: str) -> None:
        with self.client() as client:
            client.create_folder(folder)


@contextmanager
def running(*, certificate: Path | None = None, key: Path | None = None) -> Iterator[MailServer]:
    """A server until the end of the block; with a certificate it offers STARTTLS."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    tls = ["--cert", str(certificate), "--key", str(key)] if certificate else ["--no-tls"]
    process = subprocess.Popen(
        [
            sys.executable, "-c", "from pymap.main import main; main()",
            "--host", "127.0.0.1", "--port", str(port), *tls,
            "dict", "--demo-user", USER, "--demo-password", PASSWORD,
        ],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )  # fmt: skip
    try:
        _wait_for(port, process)
        yield MailServer(port)
    finally:
        process.terminate()
        process.communicate(timeout=20)


def _wait_for(port: int, process: "subprocess.Popen[bytes]") -> None:
    for _ in range(600):
        if process.poll() is not None:
            assert process.stderr is not None
            raise AssertionError(process.stderr.read().decode())
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.05)
    raise AssertionError("the mail server does not answer")


def mail(
    body: str,
    *,
    sender: str = "Dev Patel <dev.patel@district.example>",
    subject: str = "Key lists",
    number: str | None = "1@district.example",
    attachment: tuple[str, bytes] | None = None,
    **headers: str,
) -> bytes:
    """A mail as it lies in a mailbox. Headers are given with _ for -."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, "memos@district.example", subject
    message["Date"] = "Fri, 20 Nov 2026 09:00:00 -0500"
    if number is not None:
        message["Message-ID"] = f"<{number}>"
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content(body)
    if attachment is not None:
        message.add_attachment(attachment[1], maintype="text", subtype="plain", filename=attachment[0])
    return message.as_bytes()
