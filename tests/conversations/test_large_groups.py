"""Twelve and twenty-four principals in one conversation: cards that Slack takes, few messages, a short "where"."""

import pytest

from bot.render import block_kit
from protocols.guided.state import Status
from storage.database import Store
from tests.contract import block_kit_rules
from tests.conversations.bigger_district import add_principals
from tests.conversations.several import Several, labels_of, options_of
from tests.district import email

SIZES = pytest.mark.parametrize("many", [12, 24])


class Large(Several):
    """Imani, Grace, who hosts, and ``many`` principals of her network, who are called by number."""

    def __init__(self, store: Store, many: int) -> None:
        super().__init__(store, "imani.brooks", "grace.lindqvist")
        self.guests = add_principals(store, many)
        for name in self.guests:
            self.people[name] = self.chat.person(email(name), platform="slack")

    def all_say(self, text: str) -> None:
        """Every guest within a minute; each in words of their own."""
        self.chat.wait(minutes=1)
        for number, name in enumerate(self.guests, 1):
            outcome = self[name].says(text.replace("N", str(number))).outcome
            assert outcome == "done", self[name].last_words()

    def choose(self, field: str) -> str:
        known = options_of(self["imani"], field)
        return "\n".join(known[f"{name.split('.')[0].title()} Principal"] for name in self.guests)

    def check_cards(self) -> None:
        """Every card anybody was shown is one that Slack takes, in a few messages at most."""
        for name, speaker in self.people.items():
            speaker.collect()
            for card in speaker.seen:
                pages = block_kit.render(
                    card,
                    chart_address=lambda _: "https://bot.example/a.png",
                    download_address=lambda _: "https://bot.example/a.csv",
                )
                assert [fault for page in pages for fault in block_kit_rules.faults(page.blocks)] == [], name
                assert len(pages) <= 4, (name, card.title, len(pages))


class LargeWalk(Large):
    def prepare(self) -> None:
        self.says("imani", "network walkthrough lincoln middle")
        self.presses("imani", "Begin", visitor=self.choose("visitor"))
        self.says("grace", "Students talk to each other about their work.", "The same few answer.")
        self.says("grace", "students ask each other why\nevery student writes", "that is all")
        self.says("grace", "12\n14\n16", "that is all")
        self.says("imani", "go on")

    def walk(self) -> None:
        self.prepare()
        for lap in range(3):
            self.all_say(f"#{1 + lap % 2} N of 24 students asked a partner why, lap {lap}")
            self.says("imani", "go on")

    def rate(self) -> None:
        self.walk()
        for _ in range(2):  # one look-for after the other
            self.chat.wait(minutes=1)
            for number, name in enumerate(self.guests):
                self[name].collect()
                assert self[name].presses(labels_of(self[name])[number % 3]).outcome == "done"
        self.says("imani", "go on")

    def finish(self) -> None:
        self.rate()
        self.all_say("In room 12 N students tried a second way.")
        self.says("imani", "go on")
        self.all_say("In room 14 N students waited with their pens down. What was their task?")
        self.says("imani", "go on", "go on")
        self.all_say("I will ask N more whys in each visit.")
        self.presses("imani", "Go on for all")
        self.all_say("I will count N explanations by Fri 11 Dec, evidence: my tally")
        self.says("imani", "go on")


class LargeMeeting(Large):
    def begin(self) -> None:
        self.says("imani", "network meeting lincoln middle")
        self.presses("imani", "Begin", peer=self.choose("peer"), meets_on="2027-01-13")

    def finish(self) -> None:
        self.begin()
        self.all_say("How do N of my teachers get feedback they use?")
        self.says("imani", "go on", "Topic: feedback that gets used. Bring one feedback note of yours.")
        self.says("grace", "Students talk to each other; the same few answer.")
        self.says("grace", "students ask each other why", "done", "Rooms 12 and 14, groups mixed.")
        self.chat.move_to("2027-01-13 08:30")
        self.says("imani", "go on", "go on")
        self.all_say("12: N students asked a partner why")
        self.says("imani", *["go on"] * 6)
        self.all_say("I will quote N students by Fri 29 Jan, evidence: my notes")
        self.says("imani", "go on")
        self.all_say("The rooms, for N reasons.")
        self.says("imani", "go on", "go on")
        self.says("grace", "What was said about the quiet students stung.")
        self.says("imani", "We begin with the topic.")


@SIZES
def test_a_network_walkthrough_of_many_comes_to_its_end_with_few_messages(store: Store, many: int) -> None:
    walk = LargeWalk(store, many)
    walk.finish()
    walk.check_cards()
    assert walk.run().state.status is Status.ENDED
    assert len(walk.promises()) == many
    counts = walk.counts()
    assert max(counts[name] for name in walk.guests) <= 20
    assert counts["grace"] <= 18
    assert counts["imani"] <= 14 + many  # who leads reads along as they write


@SIZES
def test_a_network_meeting_of_many_comes_to_its_end_with_few_messages(store: Store, many: int) -> None:
    meeting = LargeMeeting(store, many)
    meeting.finish()
    meeting.check_cards()
    assert meeting.run().state.status is Status.ENDED
    assert len(meeting.promises()) == many
    counts = meeting.counts()
    assert max(counts[name] for name in meeting.guests) <= 19
    assert counts["grace"] <= 21
    assert counts["imani"] <= 18 + 2 * many  # she reads the topics and next steps as they come


@SIZES
def test_where_are_we_tells_of_those_together_who_do_the_same(store: Store, many: int) -> None:
    walk = LargeWalk(store, many)
    walk.prepare()
    first, second = walk.guests[:2]
    walk.says(first, "#1 one of 24 students asked a partner why")
    walk.says(second, "#1 two of 24 students asked a partner why", "done")
    walk.says("imani", "where are we")
    walk["imani"].sees(
        f"You: waiting; Grace and {many - 1} others: writing, 1 so far; P02: done here, 1 so far."
    )
    walk.says(first, "where are we")
    walk[first].sees(
        f"You: writing, 1 so far; Grace and {many - 2} others: writing; Imani: waiting; P02: done"
    )


def test_people_are_chosen_from_a_list_longer_than_one_menu_of_slack(store: Store) -> None:
    meeting = Large(store, 110)
    meeting.says("imani", "network meeting lincoln middle")
    assert len(options_of(meeting["imani"], "peer")) > 110
    meeting.check_cards()
