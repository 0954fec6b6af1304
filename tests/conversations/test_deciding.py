"""Every way in which an ILD decides about a demand, and what each comes to in the principals' digest."""

from typing import TypeVar

import pytest
from sqlmodel import col, select

from handlers.actions import act
from handlers.deciding.held_back import bring_back_held
from handlers.digest.digest_sending import send_digests
from storage.database import Store
from storage.people import Role, find_by_email, grant_role
from storage.tables import AuditRow, DigestItemRow, TriageRow
from tests.chat import Chat, Speaker
from tests.district import NOW, email

Row = TypeVar("Row")
TUESDAY = "2026-11-24 14:00"
MONDAY = "2026-11-30 06:30"
KEYS = "memo Schools must return the key list by December 11, 2026. This takes 20 minutes."
BOILER = (
    "memo From: Office of Facilities\nTo: Principals\nDate: November 23, 2026\nSubject: Boiler survey\n\n"
    "Schools must return the boiler survey by December 18, 2026. This takes 30 minutes."
)
RADIATORS = "memo Schools must return the survey of the boiler by December 10, 2026."
NEWS = "memo Payroll will send the list on December 2, 2026."


@pytest.fixture
def chat(store: Store) -> Chat:
    return Chat(store, at=TUESDAY)


@pytest.fixture
def dev(chat: Chat) -> Speaker:
    return chat.person(email("dev.patel"))


def rows(store: Store, kind: type[Row]) -> list[Row]:
    with store.read() as tx:
        return list(tx.exec(select(kind)))


def decisions(store: Store) -> list[tuple[str, str, str]]:
    with store.read() as tx:
        query = select(TriageRow).order_by(col(TriageRow.id))
        return [(row.decision, row.taken_by, row.unit) for row in tx.exec(query)]


def add_facilities(store: Store) -> None:
    """Ana answers for Facilities too."""
    with store.begin() as tx:
        ana = find_by_email(tx, email("ana.whitefeather"), on=NOW.date())
        assert ana is not None
        grant_role(tx, ana.id, Role.UNIT, unit="Facilities", on=NOW.date())


def monday(chat: Chat, store: Store, reader: Speaker) -> None:
    chat.move_to(MONDAY)
    send_digests(store, chat.now)
    reader.collect()
    reader.says("my digest")


def test_the_desk_is_calm_and_the_other_ways_are_one_press_further(dev: Speaker, imani: Speaker) -> None:
    dev.says(KEYS)
    imani.says("triage")
    imani.sees("[Pass on]", "[Take off the plate]", "[Hold]", "[Other ways]")
    imani.does_not_see("[Decline]", "[I'll do it]", "[Stand in]")
    imani.presses("Other ways")
    imani.sees(
        "[I'll do it]",
        "[Somebody else does it]",
        "[Stand in]",
        "[Hold until a day]",
        "[Merge]",
        "[Ask first]",
    )
    imani.sees("[Decline]", "[Back]")
    imani.presses("Back")
    imani.sees("[Pass on]", "Of yours")


# ---------------------------------------------------------------- by whom


@pytest.mark.parametrize(
    ("filled", "said", "kept"),
    [
        pytest.param({"by": "central"}, "Answered centrally", ("off_plate", "Answered centrally", ""), id="centrally"),
        pytest.param({"by": "self"}, "Yours to do", ("self", "Imani Brooks", ""), id="herself"),
        pytest.param(
            {"by": "unit:Human Resources"},
            "Human Resources does it",
            ("off_plate", "Human Resources", "Human Resources"),
            id="a unit",
        ),
        pytest.param({"by": "", "taker": "the clerk"}, "the clerk does it", ("off_plate", "the clerk", ""), id="one"),
    ],
)  # fmt: skip
def test_off_the_plate_and_by_whom(
    chat: Chat, store: Store, dev: Speaker, imani: Speaker, grace: Speaker,
    filled: dict[str, str], said: str, kept: tuple[str, str, str],
) -> None:  # fmt: skip
    dev.says(KEYS)
    imani.says("triage")
    imani.presses("Other ways")
    imani.presses("Somebody else does it")
    imani.sees("Who does it instead", "Answered centrally, once for all schools", "Human Resources")
    imani.presses("Save", **filled)
    imani.sees(said)
    assert decisions(store) == [kept]
    dev.says(NEWS)
    imani.says("triage")
    imani.presses("Pass on")
    monday(chat, store, grace)
    grace.sees("Taken off your plate this week", f"{kept[1]}: Return the key list")


def test_a_unit_that_is_named_is_told_and_says_where_it_cannot(
    chat: Chat, store: Store, dev: Speaker, imani: Speaker
) -> None:
    add_facilities(store)
    ana = chat.person(email("ana.whitefeather"))
    dev.says(KEYS)
    imani.says("triage")
    imani.presses("Other ways")
    imani.presses("Somebody else does it")
    imani.presses("Save", by="unit:Facilities")
    imani.sees("Facilities does it", "Facilities gets a note")
    ana.sees("Imani Brooks", "names Facilities to do this in place of", "by Fri 11 Dec", "[We can't]")
    dev.seen.append(ana.seen[-1])
    dev.presses("We can't")
    dev.sees("not asked of your office")
    ana.presses("We can't")
    ana.sees("Imani Brooks is told")
    imani.sees("Ana Whitefeather, Facilities", "back on your desk")
    imani.presses("Decide")
    imani.sees("key list", "[Pass on]")
    ana.presses("We can't")
    ana.sees("not asked of your office any more")


def test_a_note_to_a_unit_does_not_go_once_the_ild_has_decided_otherwise(
    chat: Chat, store: Store, dev: Speaker, imani: Speaker
) -> None:
    add_facilities(store)
    chat.is_courteous = True
    ana = chat.person(email("ana.whitefeather"))
    chat.move_to("2026-12-01 09:00")  # Tuesday morning is protected
    dev.says(KEYS)
    imani.says("triage")
    imani.presses("Other ways")
    imani.presses("Somebody else does it")
    imani.presses("Save", by="unit:Facilities")
    imani.presses("Change it")
    imani.presses("Pass on")
    chat.move_to("2026-12-01 12:30")
    assert ana.collect() == []


# ---------------------------------------------------------------- standing in, declining


def test_standing_in_is_kept_with_the_unit_and_is_a_task_of_hers(
    chat: Chat, store: Store, dev: Speaker, imani: Speaker
) -> None:
    dev.says(KEYS)
    imani.says("triage")
    imani.presses("Other ways")
    imani.presses("Stand in")
    imani.sees("Which unit should do it and does not?")
    imani.presses("Stand in", unit="Nobody")
    imani.sees("Choose the unit")
    imani.presses("Stand in", unit="Human Resources")
    imani.sees("You stand in for Human Resources")
    assert decisions(store) == [("stand_in", "Imani Brooks", "Human Resources")]
    imani.says("my tasks")
    imani.sees("key list", "standing in for Human Resources")
    imani.presses("Done")
    imani.sees("1 done")


def test_declining_needs_a_reason_that_is_kept(
    chat: Chat, store: Store, dev: Speaker, imani: Speaker, grace: Speaker
) -> None:
    dev.says(KEYS)
    imani.says("triage")
    imani.presses("Other ways")
    imani.presses("Decline")
    imani.sees("Human Resources reads it in its weekly note with your name")
    imani.presses("Decline it", reason=" ")
    imani.sees("Give the reason")
    imani.presses("Decline it", reason="The registrar has the list since October.")
    imani.sees("Declined", "reads why")
    (row,) = rows(store, TriageRow)
    assert (row.decision, row.reason) == ("decline", "The registrar has the list since October.")
    audit = [a for a in rows(store, AuditRow) if a.action == "triage.decided"]
    assert (audit[0].actor_id, audit[0].detail["decision"]) == (imani.id, "decline")
    assert "registrar" not in str(audit[0].detail)
    dev.says(NEWS)
    imani.says("pass on all suggested")
    monday(chat, store, grace)
    grace.sees("Declined by Imani Brooks: Return the key list")


# ---------------------------------------------------------------- hold


def test_what_is_held_comes_back_by_itself_with_one_message(
    chat: Chat, store: Store, dev: Speaker, imani: Speaker
) -> None:
    dev.says(KEYS)
    imani.says("triage")
    imani.presses("Hold")
    imani.sees("Held until Wed 2 Dec", "[Until another day]")
    imani.presses("Until another day")
    imani.sees("the last day to hold it is Thu 10 Dec")
    imani.presses("Hold it", day="2026-12-11")
    imani.sees("The last day to hold it is Thu 10 Dec, so that nothing is late")
    imani.presses("Hold it", day="2026-12-03")
    imani.sees("Held until Thu 3 Dec")
    imani.says("triage")
    imani.sees("Nothing waits for your decision", "1 demand is on hold")
    imani.presses("See what is on hold")
    imani.sees("Back on your desk Thu 3 Dec")
    chat.move_to("2026-12-02 13:00")
    assert bring_back_held(store, chat.now) == 0
    chat.move_to("2026-12-03 13:00")
    assert bring_back_held(store, chat.now) == 1
    assert bring_back_held(store, chat.now) == 0
    imani.sees("1 demand that you held is back on your desk", "key list", "by Fri 11 Dec")
    imani.presses("Decide")
    imani.sees("Held until Thu 3 Dec, so it is back", "[Pass on]")


def test_advice_that_was_held_is_suggested_to_be_passed_on_when_it_is_back(
    chat: Chat, dev: Speaker, imani: Speaker
) -> None:
    dev.says("memo Principals should visit the new library.")
    imani.says("triage")
    imani.sees("I would hold it")
    imani.presses("Hold")
    chat.move_to("2026-12-09 13:00")
    imani.says("triage")
    imani.sees("I would pass it on", "You held it until now, and it is still asked for")


def test_a_day_to_hold_until_has_to_be_ahead(dev: Speaker, imani: Speaker) -> None:
    dev.says(KEYS)
    imani.says("triage")
    imani.presses("Other ways")
    imani.presses("Hold until a day")
    imani.presses("Hold it", day="2026-11-24")
    imani.sees("Choose a day after today")
    imani.presses("Hold it", day="")
    imani.sees("Until which day?")


# ---------------------------------------------------------------- merge


def test_merged_demands_are_one_item_with_both_sources_and_the_earlier_deadline(
    chat: Chat, store: Store, dev: Speaker, imani: Speaker, grace: Speaker
) -> None:
    dev.says(BOILER)
    dev.says(KEYS)
    imani.says("triage")
    imani.sees("key list")
    imani.presses("Other ways")
    imani.presses("Merge")
    imani.sees("Office of Facilities: Return the boiler survey")
    imani.presses("Merge them", into="")
    imani.sees("Choose what to merge it with")
    assert rows(store, TriageRow) == []
    imani.presses("Merge them", into="1")
    imani.sees(
        "One item now, for Office of Facilities and Human Resources, by Fri 11 Dec: “Return the key list”"
    )
    imani.sees("with “Return the boiler survey” beside it")
    assert {row.decision for row in rows(store, TriageRow)} == {"pass_on", "merge"}
    monday(chat, store, grace)
    grace.sees(
        "Return the key list",
        "By Fri 11 Dec",
        "Also from Office of Facilities: Return the boiler survey. By Fri 18 Dec.",
    )
    grace.sees("1 thing, about 30 minutes", "30 min, required")
    grace.presses("Done")
    states = {(row.section, row.state) for row in rows(store, DigestItemRow) if row.merged_into}
    assert ("merged", "done") in states


def test_nearly_the_same_is_suggested_to_be_merged_with_its_reason(
    chat: Chat, store: Store, dev: Speaker, imani: Speaker
) -> None:
    dev.says(RADIATORS)
    dev.says(BOILER.replace("return the boiler survey", "return the survey of the boiler"))
    imani.says("triage")
    imani.presses("Pass on")
    imani.sees(
        "I would merge them", "It asks nearly the same as", "which goes to the same schools", "[Merge them]"
    )
    imani.presses("Merge them")
    imani.sees("One item now")
    assert [row.decision for row in rows(store, TriageRow)] == ["pass_on", "merge"]


def test_all_suggestions_merge_too(store: Store, dev: Speaker, imani: Speaker) -> None:
    dev.says(RADIATORS)
    dev.says(BOILER.replace("return the boiler survey", "return the survey of the boiler"))
    imani.says("pass on all suggested")
    imani.sees("1 to do, 1 merged")
    assert sorted(row.decision for row in rows(store, TriageRow)) == ["merge", "pass_on"]


def test_what_was_merged_goes_on_its_own_when_the_other_is_taken_off(
    chat: Chat, store: Store, dev: Speaker, imani: Speaker, grace: Speaker
) -> None:
    dev.says(BOILER)
    dev.says(KEYS)
    imani.says("triage")
    imani.presses("Other ways")
    imani.presses("Merge")
    imani.presses("Merge them", into="1")
    boiler = next(row for row in rows(store, TriageRow) if row.decision == "pass_on")
    imani.presses_action(act("triage.decide", demand=boiler.demand_id, v=boiler.version, to="off_plate"))
    imani.sees("Taken off the plate", "What was merged into it goes on its own", "key list")
    monday(chat, store, grace)
    grace.sees("Return the key list", "By Fri 11 Dec", "Taken off your plate")
    grace.does_not_see("Also from")


def test_she_does_what_was_merged_along_with_what_it_was_merged_into(
    chat: Chat, store: Store, dev: Speaker, imani: Speaker, grace: Speaker
) -> None:
    dev.says(BOILER)
    dev.says(KEYS)
    imani.says("triage")
    imani.presses("Other ways")
    imani.presses("Merge")
    imani.presses("Merge them", into="1")
    boiler = next(row for row in rows(store, TriageRow) if row.decision == "pass_on")
    imani.presses_action(act("triage.decide", demand=boiler.demand_id, v=boiler.version, to="self"))
    imani.sees("Yours to do", "With it, what was merged into it: “Return the key list”")
    assert {row.decision for row in rows(store, TriageRow)} == {"self"}
    imani.says("my tasks")
    imani.sees("Yours to do: 2", "Return the boiler survey", "Return the key list")
    monday(chat, store, grace)
    grace.does_not_see("key list", "boiler")


def test_there_may_be_nothing_to_merge_with(dev: Speaker, imani: Speaker) -> None:
    dev.says(KEYS)
    imani.says("triage")
    imani.presses("Other ways")
    imani.presses("Merge")
    imani.sees("nothing to merge it with")


# ---------------------------------------------------------------- who may


@pytest.mark.parametrize(
    "name",
    [
        "triage.ways",
        "triage.taker",
        "triage.stand_in",
        "triage.hold",
        "triage.merge",
        "triage.decline",
        "challenge.form",
    ],
)
def test_no_way_is_open_to_another_networks_ild(
    dev: Speaker, imani: Speaker, tomas: Speaker, name: str
) -> None:
    dev.says("memo High schools must send a room plan by December 10, 2026.")
    imani.says("triage")
    tomas.presses_action(act(name, demand=1, v=0))
    tomas.sees("What reaches a school is decided by its ILD")


@pytest.mark.parametrize("to", ["stand_in", "decline", "challenge", "shred"])
def test_a_forged_press_takes_no_decision_that_needs_words(
    store: Store, dev: Speaker, imani: Speaker, to: str
) -> None:
    dev.says(KEYS)
    imani.presses_action(act("triage.decide", demand=1, v=0, to=to))
    assert rows(store, TriageRow) == []
