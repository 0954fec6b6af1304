"""The main screens, as the sample district sees them: the stories are played, and the cards that came are kept."""

from datetime import timedelta

from bot.sample.conversations import STARTS_AT
from bot.sample.people import MAIL
from bot.sample.player import BrokenSceneError, Player
from handlers.card_codec import decode_card
from handlers.cards import Card, buttons_of
from storage import people, playground
from storage.database import Store

IMANI, MEI, GRACE = f"imani.brooks@{MAIL}", f"mei.tanaka@{MAIL}", f"grace.lindqvist@{MAIL}"
DEV, RUTH = f"dev.patel@{MAIL}", f"ruth.castellanos@{MAIL}"
DARNELL = f"darnell.whitaker@{MAIL}"
KEPT = ("coordinator and one backup", "conference with each", "bell times", "family notification")
"""What the ILD passes on, by words of its sentence; the rest she takes off the plate."""


class Stage:
    """The district while the stories are played. ``shown`` are the screens so far, by the name of their picture."""

    def __init__(self, store: Store) -> None:
        self.player = Player(store, first=1_000_000)
        self.player.go_to(STARTS_AT)
        self.shown: dict[str, tuple[Card, ...]] = {}

    def says(self, who: str, words: str) -> None:
        self.player.now += timedelta(minutes=1)
        self.player.say(who, words)

    def presses(self, who: str, label: str, **values: str) -> None:
        self.player.now += timedelta(minutes=1)
        self.player.press(who, label, **values)

    def keeps(self, name: str, who: str, *, count: int = 1, having: str = "") -> None:
        """Keep the newest ``count`` messages of somebody (of those that hold ``having``) as a screen."""
        cards = [card for card in self.messages(who) if having in repr(card)][:count]
        if not cards:
            raise BrokenSceneError(f"{who} has no message with {having!r}")
        self.shown[name] = tuple(reversed(cards))

    def messages(self, who: str) -> list[Card]:
        """Somebody's last messages, the newest first."""
        with self.player.store.read() as tx:
            person = people.find_by_email(tx, who, on=self.player.now.date())
            assert person is not None
            return [decode_card(row.card) for row in playground.messages_to(tx, person.id, limit=30)]


def first_words(stage: Stage) -> None:
    stage.says(GRACE, "about you")
    stage.keeps("first-contact", GRACE)
    stage.says(GRACE, "tour")
    stage.keeps("tour", GRACE)
    stage.says(IMANI, "help")
    stage.keeps("help", IMANI)
    stage.says(IMANI, "home")
    stage.keeps("home", IMANI)


def week(stage: Stage) -> None:
    stage.says(IMANI, "my week")
    stage.keeps("my-week", IMANI)
    stage.says(IMANI, "plan")
    stage.keeps("plan", IMANI)


def executive(stage: Stage) -> None:
    stage.says(RUTH, "visits since September by month")
    stage.keeps("answer-with-chart", RUTH)
    stage.says(RUTH, "home")
    stage.keeps("home-executive", RUTH)


def meeting(stage: Stage) -> None:
    stage.says(DEV, "meeting with principals Tue 9:00 about substitutes")
    stage.keeps("protected-time", DEV)


def walkthrough(stage: Stage) -> None:
    stage.says(IMANI, "walkthrough roosevelt high")
    stage.keeps("run-question", MEI)
    stage.says(MEI, "Students write in every subject, and teachers read it.")
    stage.says(MEI, "The writing rarely gives a reason.")
    stage.says(MEI, "students give reasons in writing\nstudents revise after feedback")
    stage.says(MEI, "that is all")
    stage.keeps("run-notes", IMANI)
    stage.says(IMANI, "204 #1: strong engagement, the students were on task")
    stage.keeps("run-challenge", IMANI)
    stage.presses(IMANI, "Rewrite", text="six of 24 students wrote a sentence with because")
    stage.says(IMANI, "118 #2: two students rewrote a paragraph after the teacher's question")
    stage.says(MEI, "204 #1: nine students wrote because or since in their lab report")
    stage.says(MEI, "118 #2: one student read the comment aloud and crossed out a sentence")
    stage.says(MEI, "done")
    stage.says(IMANI, "done")
    stage.says(IMANI, "In room 204 students gave a reason in writing without being asked.")
    stage.says(IMANI, "done")
    stage.says(IMANI, "I counted six students in room 204 and you counted nine. What did we each count?")
    stage.says(IMANI, "done")
    stage.keeps("side-by-side", MEI)
    stage.presses(MEI, "Go on")
    stage.presses(IMANI, "Go on")
    stage.says(MEI, "I will read five lab reports a week for one sentence with a reason.")
    stage.says(IMANI, "I will ask what you counted before I say what I counted.")
    stage.says(
        IMANI,
        "Mei shows three teachers a paragraph that gives reasons by Fri 19 Mar, evidence: the three paragraphs",
    )
    stage.presses(IMANI, "That is all")
    stage.keeps("summary", MEI, having="All that was written")


def digest(stage: Stage) -> None:
    stage.says(IMANI, "triage")
    stage.keeps("desk-item", IMANI)
    stage.presses(IMANI, "Do not drop")
    while any(button.label == "Take off the plate" for button in buttons_of(stage.messages(IMANI)[0])):
        is_kept = any(words in repr(stage.messages(IMANI)[0]) for words in KEPT)
        stage.presses(IMANI, "Pass on" if is_kept else "Take off the plate")
    stage.says(IMANI, "my line: The seat counts today, please. The conferences can wait until Wednesday.")
    stage.player.at("2027-03-15 07:00")
    stage.keeps("digest", GRACE, having="Your week")
