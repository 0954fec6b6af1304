"""Schools, people and offices whose names were made to break something: they are shown as they are, and nothing else.

Names come from rosters, and whoever can write into one, or call a memo or a feed something, chooses them. Each is a
piece of another language: SQL, HTML, Slack's and Teams' markup, templates, formats, formulas. Every card that comes is
drawn on every renderer by ``tests/chat.py``, which looks for links, mentions and markup that nobody put there.
"""

import pytest
from sqlalchemy import inspect, text
from sqlmodel import select

from storage.database import Store
from storage.tables import PersonRow, RoleRow, SchoolRow
from tests.chat import Chat
from tests.district import email

NAMES = {
    "SQL": "Lincoln'); DROP TABLE school;-- Middle",
    "SQL pattern": "Lincoln%_\\ Middle",
    "HTML": "Lincoln <img src=x onerror=alert(1)> Middle",
    "Slack": "Lincoln <!channel> <https://x.example|Middle> <@U0BOT>",
    "Teams": "Lincoln [Middle](https://x.example) <at>all</at> **Middle**",
    "a template": "Lincoln {{7*7}} ${7*7} {0.__class__} %(name)s %s Middle",
    "a formula": "=HYPERLINK(\"https://x.example\";\"Lincoln Middle\")",
    "a regular expression": "Lincoln (((((a+)+)+)+)+ [Middle",
    "letters": "Lincoln \u202eelddiM\u2028\u0000\u200b Middle",
}  # fmt: skip
WORDS = (
    "my week",
    "plan",
    "visits since September by school",
    "schools not visited for 3 weeks",
    "thread {name}",
    "visits at {name} since September",
    "plan {name} Thu 8:30",
    "walkthrough {name}",
    "find {name}",
    "ledger",
    "drift",
    "travel",
)


def rename(store: Store, name: str) -> None:
    with store.begin() as tx:
        school = tx.exec(select(SchoolRow).where(SchoolRow.name == "Lincoln Middle")).one()
        school.name = name.replace("\x00", "")
        for person in tx.exec(select(PersonRow).where(PersonRow.email.in_([email("grace.lindqvist")]))):  # type: ignore[attr-defined]  # a column
            person.family_name = name.replace("\x00", "")
        for role in tx.exec(select(RoleRow).where(RoleRow.unit == "Human Resources")):
            role.unit = name.replace("\x00", "")


@pytest.mark.parametrize("kind", NAMES)
def test_a_hostile_name_is_only_a_name(store: Store, kind: str) -> None:
    name = NAMES[kind]
    tables = set(inspect(store.engine).get_table_names())
    rename(store, name)
    chat = Chat(store, at="2026-11-24 09:00")
    for who in ("imani.brooks", "grace.lindqvist", "ruth.castellanos", "dev.patel", "ana.whitefeather"):
        speaker = chat.person(email(who))
        for words in WORDS:
            received = speaker.says(words.format(name=name))
            assert received.outcome in ("done", "refused"), f"{who}: {words}"
        speaker.last_words()
        assert "49" not in speaker.everything().replace("{{7*7}} ${7*7}", ""), "a template was worked out"
    assert set(inspect(store.engine).get_table_names()) == tables
    with store.read() as tx:
        assert tx.execute(text("SELECT count(*) FROM school")).scalar_one() == 5


def test_a_search_for_a_pattern_finds_only_what_holds_these_letters(store: Store) -> None:
    chat = Chat(store, at="2026-11-24 09:00")
    dev = chat.person(email("dev.patel"))
    dev.says(
        "TO: All principals\nFROM: Human Resources\nSUBJECT: Key lists\n\n"
        "Principals must return the key list by Friday, December 4, 2026."
    )
    dev.says("find key list")
    dev.sees("Key lists")
    for words in ("find %%%%%", "find _____", "find ' or '1'='1"):
        dev.says(words)
        dev.does_not_see("Key lists")
