"""The framework in chat: everybody reads it; the administrator pastes another, and a wrong one changes nothing."""

import pytest

from protocols.frameworks.files import packaged
from storage import frameworks, record
from storage.database import Store
from tests.chat import Chat
from tests.district import email

OURS = """\
title: Sycamore looks and listens
source: The teachers of Sycamore, 2026
areas:
  - title: Talk
    practices:
      - title: Students give reasons
        look_fors:
          - Students say why without being asked.
          - A student asks another one why.
scale:
  - {level: Not seen, meaning: I looked for it and neither saw nor heard it.}
  - {level: Seen, meaning: More than one student did it.}
"""
TABLE = """\
Area;Practice;Look-for;Page;Level;Meaning
Talk;Students give reasons;Students say why without being asked.;12;;
;;A student asks another one why.;12;;
;;;;Not seen;I looked for it and neither saw nor heard it.
;;;;Seen;More than one student did it.
"""


@pytest.fixture
def chat(store: Store) -> Chat:
    return Chat(store, at="2026-11-30 10:00")


def test_a_principal_looks_for_look_fors_from_area_to_area(chat: Chat) -> None:
    grace = chat.person(email("grace.lindqvist"))
    grace.says("framework")
    grace.sees("Teaching and learning", "1. Students' thinking", "2. Talk", "never a teacher")
    grace.does_not_see("Replace it")
    grace.presses("Open")
    grace.sees("1.1", "cannot be answered by copying", "1.4.3")
    grace.presses("Next: Talk")
    grace.sees("2. Talk", "without being asked")
    grace.presses("All areas")
    grace.presses("Scale and source")
    grace.sees("Not seen", "About half", "Two people rate apart", "Apache-2.0")


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        pytest.param("look-fors on reasons", "without being asked", id="a word"),
        pytest.param("look fors for 2.1", "without being asked", id="a practice's number"),
        pytest.param("find look-fors about wait time", "three seconds", id="the name of one"),
        pytest.param("look-fors on chnaging there mind", "what changed her mind", id="misspelt"),
        pytest.param("look-fors on boilers", "I found no look-for with “boilers”", id="nothing"),
    ],
)
def test_look_fors_are_found_by_words(chat: Chat, words: str, expected: str) -> None:
    grace = chat.person(email("grace.lindqvist"))
    grace.says(words)
    grace.sees(expected, "[All areas]")


@pytest.mark.parametrize("text", [OURS, TABLE, f"```\n{OURS}```"], ids=["yaml", "csv", "between code marks"])
def test_a_pasted_framework_is_in_force_for_everybody(chat: Chat, text: str) -> None:
    ana, grace = chat.person(email("ana.whitefeather")), chat.person(email("grace.lindqvist"))
    ana.says(f"framework:\n{text}")
    ana.sees("In force from now on", "Visits that have begun keep", "2 look-fors in 1 area")
    grace.says("framework")
    grace.sees("2 look-fors in 1 area")
    grace.presses("Open")
    grace.sees("A student asks another one why.")


def test_the_text_may_come_as_the_next_message(chat: Chat) -> None:
    ana = chat.person(email("ana.whitefeather"))
    ana.says("framework")
    ana.presses("Replace it")
    ana.sees("Paste the framework as your next message")
    ana.says(TABLE)
    ana.sees("In force from now on", "Columns I passed over: Page.")


def test_one_line_or_words_of_tomorrow_are_not_taken_for_it(chat: Chat) -> None:
    ana = chat.person(email("ana.whitefeather"))
    ana.says("framework:")
    ana.says("let me look for the file")
    ana.does_not_see("Nothing was changed")
    chat.wait(days=1)
    ana.says(OURS)
    ana.does_not_see("In force")


def test_a_wrong_framework_is_refused_with_its_lines_and_the_one_before_stays(chat: Chat) -> None:
    ana = chat.person(email("ana.whitefeather"))
    ana.says(f"framework:\n{OURS}")
    ana.says(
        "framework:\n" + TABLE.replace("Students give reasons", "").replace("Seen;More", "Seen;", 1)[:-30]
    )
    ana.sees("Nothing was changed; the framework before stays in force.", "Line 2, column Practice")
    ana.says("framework:\n" + OURS.replace("Students say why without being asked.", "She asks: why"))
    ana.sees("Mend this and paste it again", "Line 8", "quotation marks")
    ana.says("framework")
    ana.sees("Sycamore looks and listens")


def test_the_same_framework_again_changes_nothing_and_one_can_go_back(chat: Chat, store: Store) -> None:
    ana = chat.person(email("ana.whitefeather"))
    ana.says(f"framework:\n{OURS}")
    ana.says(f"framework:\n{OURS}")
    ana.sees("That one is in force already")
    ana.says("framework:")
    ana.presses("Go back to Throughline's own")
    ana.sees("In force from now on", "6 areas")
    with store.read() as tx:
        assert frameworks.in_force(tx) == packaged()


def test_a_card_of_last_week_opens_what_it_shows(chat: Chat) -> None:
    ana, grace = chat.person(email("ana.whitefeather")), chat.person(email("grace.lindqvist"))
    grace.says("framework")
    ana.says(f"framework:\n{OURS}")
    chat.wait(days=7)
    grace.presses("Open")
    grace.sees("1. Students' thinking", "cannot be answered by copying")


def test_a_large_area_opens_by_practice(chat: Chat) -> None:
    ana = chat.person(email("ana.whitefeather"))
    rows = "".join(f"Talk,Practice {p},Look-for {p} and {n},,\n" for p in range(1, 7) for n in range(1, 5))
    ana.says(f"framework: area,practice,look_for,level,meaning\n{rows},,,No,Not seen.\n,,,Yes,Seen twice.")
    ana.presses("Open")
    ana.sees("1.2 Practice 2", "4 look-fors")
    ana.does_not_see("Look-for 2 and 1")
    ana.presses("Open")
    ana.sees("1.1.4", "Look-for 1 and 4")
    ana.presses("Back to")
    ana.sees("1.6 Practice 6")


@pytest.mark.parametrize("name", ["grace.lindqvist", "imani.brooks", "ruth.castellanos", "dev.patel"])
def test_only_the_administrator_changes_it(chat: Chat, store: Store, name: str) -> None:
    somebody = chat.person(email(name))
    somebody.says("framework: ours")
    somebody.sees("is for administrators")
    somebody.says(f"framework:\n{OURS}")
    somebody.does_not_see("In force")
    with store.read() as tx:
        assert frameworks.in_force(tx) == packaged()


def test_a_change_is_on_record_and_a_refused_one_is_not(chat: Chat, store: Store) -> None:
    ana = chat.person(email("ana.whitefeather"))
    ana.says("framework:\nareas: []\ntitle: x")
    ana.says(f"framework:\n{OURS}")
    with store.read() as tx:
        framework = frameworks.in_force(tx)
        (row,) = record.audit_of(tx, f"framework:{framework.version}")
    assert (row.action, row.actor_id) == ("framework.loaded", ana.id)
    assert row.detail == {"look_fors": 2, "levels": 2}
