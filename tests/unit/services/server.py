"""A real HTTP server on this machine whose answers a test writes byte by byte."""

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from bot.services.safe_network import Reach

Answer = Callable[[bytes, socket.socket], None]
"""Gets the head of the request and the connection; closes nothing."""


@dataclass
class Server:
    port: int
    requests: list[bytes] = field(default_factory=list)

    @property
    def reach(self) -> Reach:
        """What lets a fetcher come here, and nowhere else on this machine."""
        return Reach(ports=frozenset({self.port}), is_loopback_allowed=True)

    def url(self, path: str = "/basic.ics", *, scheme: str = "http", host: str = "127.0.0.1") -> str:
        return f"{scheme}://{host}:{self.port}{path}"

    def header(self, name: str, request: int = -1) -> str | None:
        """A header of one of the requests that came."""
        for line in self.requests[request].decode("latin-1").split("\r\n")[1:]:
            key, _, value = line.partition(":")
            if key.casefold() == name.casefold():
                return value.strip()
        return None


def reply(
    body: bytes, *headers: str, status: str = "200 OK", length: int | None = None
) -> Callable[[bytes, socket.socket], None]:
    """An answer that is always the same."""

    def send(_request: bytes, connection: socket.socket) -> None:
        lines = [
            f"HTTP/1.1 {status}",
            *headers,
            f"Content-Length: {len(body) if length is None else length}",
            "Connection: close",
        ]
        connection.sendall("\r\n".join([*lines, "", ""]).encode() + body)

    return send


@contextmanager
def serving(answer: Answer, *, tls: ssl.SSLContext | None = None) -> Iterator[Server]:
    """Serve until the end of the block; every connection gets one answer."""
    listener = socket.create_server(("127.0.0.1", 0))
    server = Server(listener.getsockname()[1])

    def handle(connection: socket.socket) -> None:
        try:
            if tls is not None:
                connection = tls.wrap_socket(connection, server_side=True)
            with connection:
                head = b""
                while b"\r\n\r\n" not in head:
                    part = connection.recv(65_536)
                    if not part:
                        return
                    head += part
                server.requests.append(head)
                answer(head, connection)
        except OSError:
            return  # the fetcher has hung up, which some tests are about

    def accept() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=handle, args=(connection,), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield server
    finally:
        listener.close()
