"""Several people in one guided conversation, each on their own platform; a minute passes between messages."""

from datetime import date

from sqlmodel import select

from handlers.cards import Field, buttons_of
from handlers.clock import run_due
from storage import runs
from storage.database import Store
from storage.runs import Run
from storage.tables import PromiseRow, VisitRow
from tests.chat import Chat, Speaker
from tests.conversations.bigger_district import add_people
from tests.district import email

PLATFORMS = ("slack", "playground")


class Several:
    """The people by given name, on Slack and in the browser by turns."""

    def __init__(self, store: Store, *names: str, at: str = "2026-12-02 10:00") -> None:
        add_people(store)
        self.store = store
        self.chat = Chat(store, at=at)
        self.people: dict[str, Speaker] = {}
        for place, name in enumerate(names):
            platform = PLATFORMS[place % len(PLATFORMS)]
            self.people[name.split(".")[0]] = self.chat.person(email(name), platform=platform)

    def __getitem__(self, name: str) -> Speaker:
        return self.people[name]

    def says(self, name: str, *texts: str) -> None:
        for text in texts:
            self.chat.wait(minutes=1)
            assert self[name].says(text).outcome in ("done", "refused")

    def presses(self, name: str, label: str, /, **values: str) -> None:
        self.chat.wait(minutes=1)
        assert self[name].presses(label, **values).outcome in ("done", "refused")

    def picked(self, *names: str) -> str:
        """These people as a form sends them."""
        return "\n".join(str(self[name].id) for name in names)

    def restart(self) -> None:
        """A new process: a new store over the same database, nothing remembered."""
        self.store.close()
        self.store = self.chat.store = Store(self.store.url)

    def tick(self, **spans: float) -> None:
        """Time passes and the clock does what is due."""
        self.chat.wait(**spans)
        assert run_due(self.store, self.chat.now)["failed"] == 0

    def counts(self) -> dict[str, int]:
        """How many messages each one got so far; one that changed is still one."""
        return {name: len(speaker.messages()) for name, speaker in self.people.items()}

    def run(self, number: int = 1) -> Run:
        with self.store.read() as tx:
            found = runs.get(tx, number)
        assert found is not None
        return found

    def promises(self) -> list[PromiseRow]:
        with self.store.read() as tx:
            return list(tx.exec(select(PromiseRow)))

    def visits_held(self) -> list[date]:
        with self.store.read() as tx:
            return [
                date.fromordinal(row.day)
                for row in tx.exec(select(VisitRow).where(VisitRow.status == "held"))
            ]


def options_of(speaker: Speaker, name: str) -> dict[str, str]:
    """What may be chosen in the field of the last card: label to value."""
    speaker.collect()
    field = next(b for b in speaker.seen[-1].blocks if isinstance(b, Field) and b.name == name)
    return {option.label: option.value for option in field.options}


def labels_of(speaker: Speaker) -> list[str]:
    """The buttons of the last card."""
    speaker.collect()
    return [button.label for button in buttons_of(speaker.seen[-1])]
