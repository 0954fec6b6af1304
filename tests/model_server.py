"""A language model's endpoint on this machine, in a thread: it plays whatever a test wants it to answer."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any


@dataclass(frozen=True, slots=True)
class Reply:
    """``body`` as it goes over the wire. ``hangs``: no byte is sent while the server runs; ``drops``: none ever."""

    body: bytes = b""
    status: int = 200
    hangs: bool = False
    drops: bool = False


def says(content: object, **more: Any) -> Reply:
    """A model that answers with ``content``: an object as JSON, a text as it is."""
    words = content if isinstance(content, str) else json.dumps(content)
    body = {"choices": [{"message": {"role": "assistant", "content": words}}]}
    return Reply(json.dumps(body).encode(), **more)


Play = Callable[[dict[str, Any]], Reply]


@dataclass
class ModelServer:
    """``asked`` are the bodies of the requests so far, ``headers`` theirs."""

    base_url: str
    play: Play
    asked: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)

    @property
    def notes(self) -> list[str]:
        """The notes that reached it."""
        return [json.loads(body["messages"][-1]["content"])["note"] for body in self.asked]


@contextmanager
def model_server(play: Play | Reply) -> Iterator[ModelServer]:
    """A server on a free port. ``play`` gets each request's body and says what to answer."""
    closing = Event()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            server.asked.append(body)
            server.headers.append(dict(self.headers.items()))
            server.paths.append(self.path)
            reply = server.play(body)
            if reply.hangs:
                closing.wait()
            if not (reply.hangs or reply.drops):
                self.send_response(reply.status)
                self.send_header("Content-Length", str(len(reply.body)))
                self.end_headers()
                self.wfile.write(reply.body)

        def log_message(self, format: str, *args: object) -> None:
            """Nothing: the tests' output is theirs."""

        def handle(self) -> None:
            try:
                super().handle()
            except ConnectionError:
                return  # whoever asked had no patience left

    web = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    answers = play if callable(play) else lambda _body: play
    server = ModelServer(f"http://127.0.0.1:{web.server_port}/v1", answers)
    thread = Thread(target=web.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server
    finally:
        closing.set()
        web.shutdown()
        thread.join()
        web.server_close()
