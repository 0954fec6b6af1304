"""What stands on a run's page, and what never does."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from protocols.guided.moves import Finish
from protocols.guided.print.html import to_html
from protocols.guided.print.markdown import to_markdown
from protocols.guided.print.page import Line, Page, Section
from protocols.guided.print.record import make_page
from protocols.guided.steps import SeatKey
from tests.unit.guided_engine.chat import HOST, VISITOR, Chat
from tests.unit.guided_engine.table import BOUND
from tests.unit.guided_library.test_played import Played
from tests.unit.guided_print.stories import HOST_SEAT, PRINTING, VISITOR_SEAT, alone, inquiry, walkthrough

BARE = replace(PRINTING, came_of=None)


def printed(chat: Chat, viewer: SeatKey | None = HOST_SEAT) -> Page:
    return make_page(chat.protocol, chat.state, PRINTING if chat.state.promises else BARE, viewer=viewer)


def section(page: Page, title: str) -> Section:
    return next(found for phase in page.phases for found in phase.sections if found.title == title)


def lines(page: Page) -> Iterator[Line]:
    for phase in page.phases:
        for found in phase.sections:
            yield from found.lines
            for table in found.tables:
                for row in table.rows:
                    for cell in row:
                        yield from cell


def texts(page: Page) -> list[str]:
    return [line.text for line in lines(page)]


def rows(found: Section, number: int = 0) -> list[list[str]]:
    return [[" / ".join(line.text for line in cell) for cell in row] for row in found.tables[number].rows]


def test_the_head_says_where_between_whom_and_when() -> None:
    page = printed(walkthrough())
    assert page.title == "Walkthrough, Lincoln Middle"
    assert page.facts == (
        ("Between", "Amara Diallo (the principal) and Jun Okafor (the visitor)"),
        ("When", "Tue 1 Dec 2026, 8:00 to 8:22"),
        ("State", "Complete"),
    )


def test_people_of_one_part_are_named_together() -> None:
    run = Played("network_walkthrough", more=1)
    names = dict(zip(run.state.seats, ("Amara", "Jun", "Grace", "Tomas", "Wen"), strict=True))
    page = make_page(run.protocol, run.state, replace(BARE, names=names), viewer=HOST_SEAT)
    assert dict(page.facts)["Between"] == (
        "Amara (the host principal); Jun (the facilitator); Grace, Tomas and Wen (the visitors)"
    )


def test_who_wrote_a_whole_list_is_told_once() -> None:
    page = printed(walkthrough())
    found = section(page, "Look-fors")
    assert found.by == "Amara Diallo"
    assert [(line.text, line.who) for line in found.lines] == [
        ("Students explain their thinking", ""),
        ("Every student writes", ""),
    ]
    assert [(line.who, found.by) for found in [section(page, "A strength")] for line in found.lines] == [
        ("Amara Diallo", "")
    ]


def test_the_page_follows_the_conversation_from_last_times_promises_to_what_was_left_out() -> None:
    page = printed(walkthrough())
    assert [phase.title for phase in page.phases] == [
        "From last time",
        "Before",
        "After",
        "Left out, and why",
    ]


def test_what_was_promised_stands_beside_what_came_of_it() -> None:
    assert rows(section(printed(walkthrough()), "What was promised")) == [
        [
            "Amara Diallo",
            "Give three teachers a note the same day",
            "Fri 20 Nov",
            "the notes",
            "Done: three notes, all read together",
        ],
        ["Jun Okafor", "Bring the reading specialist", "Fri 27 Nov", "her plan for two classes", ""],
    ]


def test_notes_stand_side_by_side_by_look_for_and_classroom_and_nowhere_else() -> None:
    page = printed(walkthrough())
    tables = section(page, "Side by side").tables
    assert [table.caption for table in tables] == [
        "Students explain their thinking",
        "Every student writes",
        "Classroom notes, without a look-for",
    ]
    assert tables[0].columns == ("Classroom", "Amara Diallo", "Jun Okafor")
    assert rows(section(page, "Side by side")) == [
        ["12", "One student explained at the board, 22 listened.", "Three pairs asked each other why."]
    ]
    assert texts(page).count("Three pairs asked each other why.") == 1


def looking(look_fors: str) -> Chat:
    """A walkthrough in its classrooms, its look-fors picked from a framework."""
    chat = Chat()
    chat.protocol = BOUND["walkthrough"]
    chat.say(HOST, "Children read every day.")
    chat.say(HOST, "In most rooms only the adult talks.")
    chat.say(HOST, look_fors)
    chat.press(HOST, Finish)
    return chat


def test_notes_stand_under_their_look_for_with_the_practice_it_was_picked_from() -> None:
    chat = looking("why\nwait time")
    why, wait = (str(entry.number) for entry in chat.state.live("look_fors"))
    chat.say(HOST, "Three of 22 gave a reason.", room="12", look_for=why)
    chat.say(VISITOR, "Eleven seconds before a hand went up.", room="12", look_for=wait)
    chat.press(HOST, Finish)
    chat.press(VISITOR, Finish)
    for words in ("Pairs asked why.", "Who was not asked?"):
        chat.say(VISITOR, words)
        chat.press(VISITOR, Finish)
    page = printed(chat)
    assert [line.marks for line in section(page, "Look-fors").lines] == [("practice: Talk",), ()]
    captions = [table.caption for table in section(page, "Side by side").tables]
    assert captions == ["Students say why (Talk)", "wait time"]


def test_a_note_not_yet_shown_to_the_others_says_its_look_for_itself() -> None:
    chat = looking("why")
    chat.say(HOST, "Three of 22 gave a reason.", room="12")
    (note,) = section(printed(chat), "Classroom notes").lines
    assert note.marks == ("look-for: Students say why (Talk)", "unseen by the others so far")


def test_an_impression_is_marked_in_words() -> None:
    marks = {line.text: line.marks for line in lines(printed(walkthrough()))}
    assert marks["The room felt alive."] == ("kept as an impression",)


def test_an_edit_is_marked_with_its_day() -> None:
    marks = {line.text: line.marks for line in lines(printed(walkthrough()))}
    assert marks["Teachers plan together every Tuesday."] == ("changed on Thu 3 Dec",)


def test_a_skipped_step_stands_at_the_end_with_its_reason() -> None:
    (left_out,) = printed(walkthrough()).phases[-1].sections
    assert left_out.lines == (Line("We spoke about it on the phone.", "Amara Diallo", "A challenge"),)


def test_next_steps_say_who_what_by_when_and_what_evidence() -> None:
    found = section(printed(walkthrough()), "Next steps")
    assert found.tables[0].columns == ("Who", "What", "By when", "Evidence we will look at")
    assert rows(found)[1] == ["Jun Okafor", "Send the sentence starters", "Fri 4 Dec", "the page in use"]


def test_what_became_of_a_next_step_has_its_column_once_it_is_known() -> None:
    chat = walkthrough()
    number = chat.state.live("next_steps")[0].number
    page = make_page(
        chat.protocol, chat.state, replace(BARE, kept={number: "Done on Wed 9 Dec"}), viewer=HOST_SEAT
    )
    found = section(page, "Next steps")
    assert found.tables[0].columns[-1] == "What came of it"
    assert [row[-1] for row in rows(found)] == ["Done on Wed 9 Dec", ""]


def test_a_further_round_says_which_and_on_which_day() -> None:
    page = printed(inquiry())
    assert [line.marks for line in section(page, "Strategy").lines] == [
        ("round 1", "Tue 1 Dec"),
        ("round 2", "Tue 15 Dec"),
    ]
    assert [line.text for line in section(page, "Adopt, adapt or abandon").lines] == [
        "Adapt it and go round again",
        "Adopt it",
    ]
    assert [line.marks for line in section(page, "What we learned").lines] == [(), ()]


@pytest.mark.parametrize(
    ("viewer", "seen", "unseen"),
    [
        (HOST_SEAT, "Amara in private", "Jun in private"),
        (VISITOR_SEAT, "Jun in private", "Amara in private"),
    ],
)
def test_a_private_entry_is_on_its_writers_page_alone_and_marked(
    viewer: SeatKey, seen: str, unseen: str
) -> None:
    page = printed(alone(), viewer)
    assert {line.text: line.marks for line in lines(page)}[seen] == ("private, only you see it",)
    assert "look before you pass it on" in page.footer
    assert unseen not in to_html(page) + to_markdown(page)


def test_the_page_for_all_holds_nothing_private() -> None:
    page = printed(alone(), None)
    assert "in private" not in to_html(page) + to_markdown(page)
    assert page.footer == "Printed Mon 14 Dec 2026. It holds what everybody who took part may see."


def test_what_is_revealed_together_is_not_on_the_page_before() -> None:
    assert "Amara for both" not in texts(printed(alone(until="both"), VISITOR_SEAT))
    own = {line.text: line.marks for line in lines(printed(alone(until="both"), HOST_SEAT))}
    assert own["Amara for both"] == ("unseen by the others so far",)
    assert "Amara for both" in texts(printed(alone(), VISITOR_SEAT))


def test_a_further_round_is_not_shown_with_the_reveal_of_the_first() -> None:
    run = Played("pdsa", chosen=("decision", 1))
    predicted = [entry for entry in run.state.entries if entry.step == "predictions"]
    second = [entry for entry in predicted if entry.round == 2]
    assert second
    ended = make_page(run.protocol, run.state, BARE, viewer=HOST_SEAT)
    assert {entry.text for entry in predicted} <= set(texts(ended))
    going = replace(run.state, status=run.state.status.RUNNING, opened=frozenset({("side_by_side", 1, 1)}))
    page = make_page(run.protocol, going, BARE, viewer=HOST_SEAT)
    theirs = {entry.text for entry in second if entry.seat == VISITOR_SEAT}
    assert not theirs & set(texts(page))


def test_why_somebody_left_out_a_private_step_is_theirs_as_well() -> None:
    chat = alone()
    (skip,) = walkthrough().state.skipped
    chat.state = replace(chat.state, skipped=(replace(skip, step="own", reason="Not today"),))
    assert "Not today" in texts(printed(chat, HOST_SEAT))
    assert "Not today" not in texts(printed(chat, VISITOR_SEAT))


def test_whoever_takes_over_a_seat_does_not_read_what_was_private_there() -> None:
    chat = alone()
    (private,) = chat.state.live("own", VISITOR_SEAT)
    (shared,) = chat.state.live("both", VISITOR_SEAT)
    former = replace(BARE, written_by={private.number: "Tomas Reyes", shared.number: "Tomas Reyes"})
    page = make_page(chat.protocol, chat.state, former, viewer=VISITOR_SEAT)
    assert private.text not in texts(page)
    assert {line.text: line.marks for line in lines(page)}[shared.text] == ("written by Tomas Reyes",)


def test_many_people_stand_below_one_another_instead_of_in_columns() -> None:
    run = Played("network_walkthrough", more=3)
    page = make_page(run.protocol, run.state, BARE, viewer=HOST_SEAT)
    tables = section(page, "Side by side").tables
    assert {table.columns for table in tables} == {("Classroom", "Who", "What"), ("Who", "What")}


def test_figures_that_contradict_each_other_stand_in_their_list_and_side_by_side() -> None:
    run = Played("data_based")
    page = make_page(run.protocol, run.state, BARE, viewer=HOST_SEAT)
    (table,) = section(page, "What does not fit").tables
    assert table.columns == ("One figure", "The other")
    ((left, right),) = table.rows
    listed = {entry.text for entry in run.state.live("figures")}
    assert {line.text for line in (*left, *right)} <= listed <= set(texts(page))


def test_a_run_that_goes_on_says_so() -> None:
    chat = alone(until="both")
    assert dict(printed(chat).facts)["State"] == "Under way, not complete"
    assert dict(printed(chat).facts)["When"] == "Tue 1 Dec 2026, 8:00"


@pytest.mark.parametrize("key", ["walkthrough", "pdsa", "data_based", "network_walkthrough", "consultancy"])
def test_everything_the_viewer_may_see_is_on_the_page(key: str) -> None:
    run = Played(key, more=1)
    page = make_page(run.protocol, run.state, BARE, viewer=run.state.seats[0])
    said = set(texts(page))
    labels = {option.key: option.label for step in run.protocol.steps for option in step.options}
    assert {labels.get(entry.text, entry.text) for entry in run.state.entries} <= said


def test_nobody_is_called_by_the_key_of_a_seat() -> None:
    chat = alone()
    chat.press(HOST, Finish)
    chat.press(VISITOR, Finish)
    page = make_page(chat.protocol, chat.state, replace(BARE, names={}), viewer=HOST_SEAT)
    assert {line.who for line in lines(page)} <= {"the principal", "the visitor", ""}
