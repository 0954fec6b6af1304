"""Adapting protocols in chat: drafts until they are put in force, a preview, the way back, and copies to share."""

from dataclasses import replace

import pytest
from sqlmodel import select

from protocols.guided.catalog import library
from protocols.guided.steps import StepKind
from protocols.guided.yaml_writer import to_yaml
from storage import masters
from storage.database import Store
from storage.tables import AuditRow
from tests.chat import Chat, Speaker
from tests.district import email


@pytest.fixture
def chat(store: Store) -> Chat:
    return Chat(store, at="2026-11-30 10:00")


def test_an_ild_shortens_her_walkthrough_previews_it_and_puts_it_in_force(
    chat: Chat, store: Store, imani: Speaker
) -> None:
    imani.says("adapt walkthrough")
    imani.sees("Walkthrough", "10 steps", "4. Classroom notes", "30 minutes", "Nothing is changed yet")
    imani.says("step 4 takes 20 minutes")
    imani.sees("“Classroom notes” takes 20 minutes instead of 30.", "a draft with 1 change")
    imani.says("rename step 2 to What is hard")
    imani.sees("“A challenge” is called “What is hard”.", "a draft with 2 changes")
    imani.presses("Preview")
    imani.sees(
        "“Classroom notes” takes 20 minutes instead of 30.",
        "To the principal: “Before the visitor comes, what is going well",
        "Meanwhile, to the visitor: “The principal is naming a strength",
        "To the principal and the visitor: “What happens next?",
    )
    with store.read() as tx:
        assert masters.in_force(tx, "walkthrough", imani.id) == library()["walkthrough"]
    imani.presses("Put in force")
    imani.sees("In force for new runs at your schools", "keep the version they began with")
    with store.read() as tx:
        assert masters.in_force(tx, "walkthrough", imani.id).step("notes").minutes == 20
        assert masters.available(tx, imani.id)["walkthrough"].step("challenge").title == "What is hard"
        assert masters.available(tx, chat.person(email("tomas.rivera")).id) == library()


def test_the_buttons_do_the_same_as_the_words(store: Store, imani: Speaker) -> None:
    imani.says("adapt walkthrough")
    imani.presses("Change")
    imani.sees("1. A strength", "Before {visitor} comes", "the principal")
    imani.presses("Rename")
    imani.sees("What shall “A strength” be called?")
    imani.presses("Save", title="What goes well")
    imani.sees("“A strength” is called “What goes well”.")
    imani.presses("Change")
    imani.presses("Time")
    imani.says("5 minutes")
    imani.sees("takes 5 minutes instead of 2")
    imani.presses("Change")
    imani.presses("Reword")
    imani.presses("Save", ask_host="What is going well, {host}?")
    imani.sees("“What goes well” asks in other words.")
    imani.presses("Change")
    imani.presses("Drop")
    imani.sees("“What goes well” is left out.", "9 steps")
    imani.presses("Add a step")
    imani.presses("Add it", title="Surprise", ask="What surprised you?", who="visitor", minutes="3")
    imani.sees("“Surprise” is new, after “What an observer takes along”, 3 minutes.", "10 steps")
    with store.read() as tx:
        kept = masters.draft(tx, "walkthrough", imani.id)
        assert kept is not None
        assert [step.kind for step in kept.protocol.steps][-2:] == [StepKind.TEXT, StepKind.NEXT_STEPS]
        rows = [row for row in tx.exec(select(AuditRow)) if row.action == "master.changed"]
    assert [row.detail["what"] for row in rows] == ["rename", "time", "reword", "drop", "add"]
    assert all(row.object == "master:walkthrough" and row.actor_id == imani.id for row in rows)


def test_what_a_conversation_rests_on_cannot_be_dropped(imani: Speaker) -> None:
    imani.says("adapt walkthrough")
    imani.says("drop step 4")
    imani.sees("“Classroom notes” stays: it holds the evidence")
    imani.says("drop step 10")
    imani.sees("“Next steps” stays")
    imani.says("drop step 3")
    imani.sees("“Look-fors” stays: “Classroom notes” builds on it")
    imani.says("drop step 12")
    imani.sees("It has steps 1 to 10")
    imani.says("drop step 2")
    imani.sees("“A challenge” is left out.")


def test_steps_are_added_moved_and_reworded_in_words(imani: Speaker) -> None:
    imani.says("adapt walkthrough")
    imani.says("add a question after 7 for the visitor: One surprise: What surprised you? (3 min)")
    imani.sees("“One surprise” is new, after “Side by side”, 3 minutes.")
    imani.says("add a step at the beginning: How is everybody this morning?")
    imani.sees("“How is everybody this morning” is new, at the beginning.")
    imani.says("move step 9 to the beginning")
    imani.sees("“One surprise” comes first.")
    imani.says("move step 1 after step 9")
    imani.sees("“One surprise” comes after “Side by side”.")
    imani.says("move step 5 after 2")
    imani.sees("“Classroom notes” builds on “Look-fors”, so it comes after that.")
    imani.says("reword step 5 for the visitor: Sit with students, {visitor}.")
    imani.sees("“Classroom notes” asks the visitor in other words.")
    imani.says("reword step 5: Ask {teacher}.")
    imani.sees("I don't know {teacher} here", "{host}")
    imani.says("call the protocol Learning walk")
    imani.sees("It is called “Learning walk” instead of “Walkthrough”.")


def test_one_goes_back_and_further_back(store: Store, imani: Speaker) -> None:
    for minutes in (20, 25):
        imani.says("adapt walkthrough")
        imani.says(f"step 4 takes {minutes} minutes")
        imani.presses("Put in force")
    imani.presses("Go back")
    imani.sees("The one before is in force again", "takes 20 minutes instead of 25")
    imani.presses("Go back")
    imani.sees("takes 30 minutes instead of 20", "Nothing is changed yet")
    with store.read() as tx:
        assert masters.in_force(tx, "walkthrough", imani.id) == library()["walkthrough"]
    imani.presses("Earlier ones")
    imani.sees("Mon 30 Nov: 10 steps, 59 minutes")
    imani.presses("Take it again")
    imani.sees("takes 25 minutes instead of 30")


def test_a_draft_can_be_thrown_away(store: Store, imani: Speaker) -> None:
    imani.says("adapt walkthrough")
    imani.says("drop step 1")
    imani.presses("Throw the draft away")
    imani.sees("The draft is gone", "10 steps")
    with store.read() as tx:
        assert masters.draft(tx, "walkthrough", imani.id) is None


def test_another_ild_takes_a_copy_of_what_is_shared(chat: Chat, store: Store, imani: Speaker) -> None:
    tomas = chat.person(email("tomas.rivera"))
    imani.says("adapt walkthrough")
    imani.says("step 4 takes 20 minutes")
    imani.presses("Put in force")
    tomas.says("shared protocols")
    tomas.sees("Nobody shares a protocol yet")
    imani.presses("Share")
    imani.sees("Other ILDs find it under “shared protocols”", "[Stop sharing]")
    tomas.says("shared protocols")
    tomas.sees("from Imani Brooks", "takes 20 minutes instead of 30")
    tomas.presses("Take a copy")
    tomas.sees("Preview: Walkthrough", "takes 20 minutes instead of 30")
    tomas.says("step 4 takes 15 minutes")
    tomas.sees("takes 15 minutes instead of 20")
    tomas.presses("Put in force")
    imani.presses("Stop sharing")
    tomas.presses("Take a copy")
    tomas.sees("That is not shared any more")
    with store.read() as tx:
        assert masters.in_force(tx, "walkthrough", tomas.id).step("notes").minutes == 15
        assert masters.in_force(tx, "walkthrough", imani.id).step("notes").minutes == 20


def test_the_districts_counts_where_an_ild_has_none_of_her_own(
    chat: Chat, store: Store, imani: Speaker
) -> None:
    ana, tomas = chat.person(email("ana.whitefeather")), chat.person(email("tomas.rivera"))
    imani.says("adapt walkthrough")
    imani.says("step 4 takes 20 minutes")
    imani.presses("Put in force")
    ana.says("adapt walkthrough")
    ana.says("step 4 takes 40 minutes")
    ana.presses("Put in force")
    ana.sees("In force for new runs of the district")
    with store.read() as tx:
        assert masters.in_force(tx, "walkthrough", imani.id).step("notes").minutes == 20
        assert masters.in_force(tx, "walkthrough", tomas.id).step("notes").minutes == 40
        assert masters.in_force(tx, "walkthrough", None).step("notes").minutes == 40


def test_a_card_of_before_the_change_changes_nothing(imani: Speaker) -> None:
    imani.says("adapt walkthrough")
    imani.presses("Change")
    imani.presses("Drop")
    imani.seen = imani.seen[:2]
    imani.presses("Drop")
    imani.sees("It has changed since that was shown", "9 steps")


def test_words_about_a_step_need_a_protocol(imani: Speaker) -> None:
    imani.says("drop step 2")
    imani.sees("Of which protocol?")


def test_the_list_shows_all_and_what_is_ones_own(imani: Speaker) -> None:
    imani.says("adapt consultancy")
    imani.says("step 1 takes 7 minutes")
    imani.says("adapt")
    imani.sees(*[protocol.title for protocol in library().values()], "a draft of yours")
    imani.says("adapt the coffee break")
    imani.sees("Which one?")


@pytest.mark.parametrize("name", ["grace.lindqvist", "ruth.castellanos", "dev.patel"])
def test_only_ilds_and_the_administrator_adapt(chat: Chat, store: Store, imani: Speaker, name: str) -> None:
    imani.says("adapt walkthrough")
    somebody = chat.person(email(name))
    somebody.says("adapt walkthrough")
    somebody.sees("That is for")
    somebody.seen = imani.seen
    somebody.presses("Add a step")
    somebody.sees("Protocols are adapted by ILDs")
    with store.read() as tx:
        assert masters.draft(tx, "walkthrough", somebody.id) is None


def test_an_ild_cannot_change_the_districts(chat: Chat, imani: Speaker) -> None:
    imani.says("adapt the district's walkthrough")
    imani.sees("kept by the administrator")


def test_a_run_keeps_the_version_it_began_with_and_a_new_one_has_the_change(
    chat: Chat, imani: Speaker
) -> None:
    grace, mei = chat.person(email("grace.lindqvist")), chat.person(email("mei.tanaka"))
    imani.says("walkthrough lincoln middle")
    grace.sees("what is going well in teaching")
    imani.says("adapt walkthrough")
    imani.says("reword step 1: What delights you at your school?")
    imani.presses("Put in force")
    imani.says("walkthrough roosevelt")
    mei.sees("What delights you at your school?")
    grace.says("where are we")
    grace.sees("what is going well in teaching")
    grace.says("walkthrough lincoln middle")
    grace.does_not_see("What delights you")


def test_in_a_run_words_about_a_step_are_its_answer(chat: Chat, imani: Speaker) -> None:
    imani.says("adapt walkthrough")
    imani.says("drop step 1")
    imani.says("walkthrough lincoln middle")
    grace = chat.person(email("grace.lindqvist"))
    for words in ("The debates", "Few speak", "Students ask why"):
        grace.says(words)
    grace.says("done")
    imani.says("step 4 takes 20 minutes")
    imani.does_not_see("instead of 30")
    imani.says("adapt")
    imani.does_not_see("Protocols to adapt")


def test_a_whole_protocol_is_pasted_previewed_put_in_force_and_begun_by_its_title(
    store: Store, imani: Speaker, grace: Speaker
) -> None:
    text = to_yaml(replace(library()["walkthrough"], key="short_walk", title="Short walk"))
    imani.says(f"protocol:\n```yaml\n{text}```")
    imani.sees("Preview: Short walk", "A new protocol", "To the principal: “Before the visitor comes")
    imani.presses("Back to the steps")
    imani.sees("a draft of a new protocol")
    imani.says("adapt")
    imani.sees("Short walk")
    imani.says("adapt short walk")
    imani.says("step 4 takes 20 minutes")
    imani.presses("Put in force")
    imani.sees("In force for new runs at your schools")
    with store.read() as tx:
        assert masters.available(tx, imani.id)["short_walk"].step("notes").minutes == 20
    imani.says("protocols")
    imani.sees("Short walk")
    imani.says("begin a short walk at lincoln middle")
    grace.sees("Imani Brooks opens a short walk with you at Lincoln Middle.")
    imani.says("start shrt walk")
    imani.sees("Short walk at which school?")
    imani.says("begin a long talk at lincoln")
    imani.does_not_see("Short walk", "Lincoln Middle")


def test_a_wrong_one_is_refused_with_its_lines_and_changes_nothing(store: Store, imani: Speaker) -> None:
    text = to_yaml(library()["walkthrough"])
    imani.says("protocol:\n" + text.replace("kind: notes", "kind: note"))
    line = text.splitlines().index("  kind: notes") + 1
    imani.sees("Nothing was changed; the one before stays in force.", f"Line {line}", "found 'note'.")
    imani.says("protocol:\n" + text.replace("key: notes", "key: noted").replace("- notes", "- noted"))
    imani.sees("holds the evidence and stays")
    imani.says("protocol:")
    imani.sees("Paste the protocol's YAML in the same message")
    imani.says(f"protocol: {text}")
    imani.sees("That is in force already.")
    with store.read() as tx:
        assert masters.draft(tx, "walkthrough", imani.id) is None


def test_a_new_protocol_thrown_away_is_gone(imani: Speaker) -> None:
    imani.says("protocol:\n" + to_yaml(replace(library()["walkthrough"], key="short_walk")))
    imani.presses("Back to the steps")
    imani.presses("Throw the draft away")
    imani.sees("The draft is gone.")
