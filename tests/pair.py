"""Two people in one guided conversation, one on Slack and the other on the web; a minute passes between messages."""

from handlers.clock import run_due
from storage import promises, runs
from storage.database import Store
from storage.runs import Run
from storage.tables import PromiseRow
from tests.chat import Chat, Speaker
from tests.district import email


class Pair:
    """``visitor`` (the ILD, or who leads her) writes from Slack, ``host`` from the web playground."""

    def __init__(self, store: Store, *, visitor: str = "imani.brooks", host: str = "grace.lindqvist") -> None:
        self.store = store
        self.chat = Chat(store, at="2026-12-01 09:00")
        self.visitor = self.chat.person(email(visitor), platform="slack")
        self.host = self.chat.person(email(host), platform="playground")

    def says(self, who: Speaker, *texts: str) -> None:
        for text in texts:
            self.chat.wait(minutes=1)
            assert who.says(text).outcome in ("done", "refused")

    def presses(self, who: Speaker, label: str, /, **values: str) -> None:
        self.chat.wait(minutes=1)
        assert who.presses(label, **values).outcome in ("done", "refused")

    def comes(self, at: str) -> dict[str, int]:
        """The clock moves there, and does what is due then."""
        self.chat.move_to(at)
        return run_due(self.store, self.chat.now)

    def run(self) -> Run:
        """The one run there is, as it is stored."""
        with self.store.read() as tx:
            found = runs.get(tx, 1)
        assert found is not None
        return found

    def promised(self, school_id: int) -> list[PromiseRow]:
        with self.store.read() as tx:
            return promises.open_at(tx, [school_id])
