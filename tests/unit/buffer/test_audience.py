"""Which schools a demand is for: said by its sentence, its list, its heading or the head of the memo."""

from datetime import date
from functools import partial

import pytest

from protocols.buffer.audience import audience_of, headed_audience, known_audience, network_key
from protocols.buffer.digest import SchoolProfile, concerns, day_for
from protocols.buffer.faithfulness import check_faithful
from protocols.buffer.reading import read_memo


def audiences(text: str) -> dict[str, tuple[str, ...]]:
    reading = read_memo(text, memo_date=date(2026, 9, 1))
    return {demand.quote: demand.audience for demand in reading.demands}


@pytest.mark.parametrize(
    ("line", "tags"),
    [
        ("Elementary schools:", ("elementary",)),
        ("HIGH SCHOOLS", ("high",)),
        ("Middle Schools and K-8", ("middle", "k8")),
        ("For new principals", ("new_principals",)),
        ("Elementary, middle and high school principals only:", ("elementary", "middle", "high")),
        ("Secondary Schools (6-12) only", ("high",)),
        ("**Title I schools**", ("title_i",)),
        ("## Secondary", ("high",)),
        ("ALL SCHOOLS", ("all",)),
        ("Network 3", ("network:3",)),
        ("NORTH NETWORK PRINCIPALS", ("network:north",)),
        ("For Network 2 and 3 principals only", ("network:2", "network:3")),
        ("Network 3 middle schools:", ("middle", "network:3")),
        ("Network North:", ("network:north",)),
    ],
)
def test_a_line_that_names_only_an_audience_is_its_heading(line: str, tags: tuple[str, ...]) -> None:
    assert headed_audience(line) == tags


@pytest.mark.parametrize(
    "line",
    [
        "High",
        "Primary",
        "Priority: high",
        "high schools",
        "High schools were inspected",
        "Middle School Book Fair",
        "Network Security",
        "North Network",
        "",
    ],
)
def test_any_other_line_heads_no_audience(line: str) -> None:
    assert headed_audience(line) == ()


@pytest.mark.parametrize(
    ("sentence", "tags"),
    [
        ("Middle and high schools send one copy.", ("middle", "high")),
        ("K-8 and middle schools send one copy.", ("middle", "k8")),
        ("This notice applies to high schools.", ("high",)),
        ("Elementary: send one copy.", ("elementary",)),
        ("All schools send one copy.", ("all",)),
        ("Schools in network North send one copy.", ("network:north",)),
        ("Network 3 principals send one copy.", ("network:3",)),
        ("Principals of Network Three send one copy.", ("network:3",)),
        ("Principals in Networks 2 and 3 send one copy.", ("network:2", "network:3")),
        ("Middle schools in the South Network send one copy.", ("middle", "network:south")),
        ("All North Shore Network principals send one copy.", ("network:north shore",)),
        ("Principals, Network 3: send one copy.", ("network:3",)),
        ("Network 3: send one copy.", ("network:3",)),
        ("Everyone except Network 3 schools sends one copy.", ()),
        ("Send the file to the Network 3 principals.", ()),
        ("Principals in the social network send one copy.", ()),
        ("Check the network access of schools.", ()),
        ("Send the file to the high school.", ()),
        ("The file comes from the elementary principal.", ()),
        ("Everyone except high schools sends one copy.", ()),
        ("Keep a high level of order.", ()),
        ("Post the high school diploma rules.", ()),
    ],
)
def test_a_group_is_the_audience_only_where_the_words_address_it(
    sentence: str, tags: tuple[str, ...]
) -> None:
    assert audience_of(sentence) == tags


@pytest.mark.parametrize("heading", ["High schools:", "HIGH SCHOOLS", "High Schools", "For high schools:"])
def test_a_list_under_a_heading_is_for_the_schools_it_names(heading: str) -> None:
    text = f"Counts\n\n{heading}\n• Count the desks.\n• Count the chairs. Write both down.\n"
    assert set(audiences(text).values()) == {("high",)}
    assert len(audiences(text)) == 3


def test_a_heading_reaches_over_paragraphs_to_the_next_heading() -> None:
    text = (
        "HIGH SCHOOLS\nCount the desks.\n\nCount the chairs.\n\nMIDDLE SCHOOLS\nCount the lamps.\n\n"
        "Storage Room Rules\nLock the door.\n"
    )
    assert audiences(text) == {
        "Count the desks.": ("high",),
        "Count the chairs.": ("high",),
        "Count the lamps.": ("middle",),
        "Lock the door.": ("all",),
    }


def test_what_follows_the_list_is_for_everyone_again() -> None:
    text = "High schools:\n• Count the desks.\n\nLock the door.\n"
    assert audiences(text)["Lock the door."] == ("all",)


def test_a_labelled_bullet_reaches_to_the_next_bullet_of_its_kind() -> None:
    text = "1. High schools:\n  - Count the desks.\n  - Count the chairs.\n2. Lock the door.\n"
    assert audiences(text) == {
        "Count the desks.": ("high",),
        "Count the chairs.": ("high",),
        "Lock the door.": ("all",),
    }


def test_a_sentence_says_its_own_audience_under_any_heading() -> None:
    text = "HIGH SCHOOLS\nMiddle schools must count the lamps. All schools must lock the door.\n"
    assert list(audiences(text).values()) == [("middle",), ("all",)]


def test_a_list_takes_its_audience_from_the_line_that_leads_it() -> None:
    text = "Middle schools must, by 9 October 2026:\n• count the desks\n• lock the door\n"
    assert set(audiences(text).values()) == {("middle",)}


def test_the_first_sections_heading_is_not_the_memos_audience() -> None:
    text = "Counts\n\nElementary schools:\n• Count the desks.\n\nNotes\nLock the door.\n"
    assert audiences(text) == {"Count the desks.": ("elementary",), "Lock the door.": ("all",)}


def test_the_address_of_the_memo_goes_for_all_its_demands() -> None:
    text = "To: High School Principals\nRe: Counts\n\nCount the desks.\n"
    assert audiences(text) == {"Count the desks.": ("high",)}


def test_news_of_no_action_goes_to_those_it_is_for() -> None:
    text = (
        "Elementary schools:\n• Count the desks.\n\n"
        "Middle and high schools were counted in May; no action is required.\n"
    )
    (_, told) = read_memo(text, memo_date=date(2026, 9, 1)).demands
    assert told.audience == ("middle", "high")
    assert concerns(told.audience, SchoolProfile("Oak Middle", level="middle"))
    assert not concerns(told.audience, SchoolProfile("Elm Elementary", level="elementary"))


@pytest.mark.parametrize(
    ("tags", "known", "is_concerned"),
    [
        (("network:north",), ("network:north",), True),
        (("network:south",), ("network:south",), False),
        (("middle", "network:north"), ("middle", "network:north"), True),
        (("elementary", "network:north"), ("elementary", "network:north"), False),
        (("network:wi-fi",), ("all",), True),
        (("middle", "network:wi-fi"), ("middle",), True),
    ],
)
def test_a_demand_reaches_the_named_networks_and_no_others_that_exist(
    tags: tuple[str, ...], known: tuple[str, ...], is_concerned: bool
) -> None:
    kept = known_audience(tags, {"North Network", "South Network"})
    assert kept == known
    assert concerns(kept, SchoolProfile("Lincoln", level="middle", network="North Network")) is is_concerned


@pytest.mark.parametrize(
    ("one", "other"),
    [("North Network", "NORTH"), ("Network Three", "3"), ("the Lake Network", "Network Lake")],
)
def test_a_network_is_known_however_it_is_written(one: str, other: str) -> None:
    assert network_key(one) == network_key(other)


def test_each_network_has_its_own_of_several_days() -> None:
    text = "Schools must return the key list by October 5, 2026 (Network 1) and October 7, 2026 (Network 2)."
    (demand,) = read_memo(text, memo_date=date(2026, 9, 1)).demands
    days = {
        name: day_for(demand.facets.days_for, demand.due, SchoolProfile("Any", network=name))
        for name in ("Network 1", "Network 2")
    }
    assert days == {"Network 1": date(2026, 10, 5), "Network 2": date(2026, 10, 7)}


def test_the_gate_holds_a_wording_to_the_networks_of_its_sentence() -> None:
    text = "Network 3 principals must return the key list by October 5, 2026."
    (demand,) = read_memo(text, memo_date=date(2026, 9, 1)).demands
    check = partial(check_faithful, source=text, demand=demand)
    assert not check("Network 3 principals: return the key list by October 5, 2026.")
    for wrong in ("Network 2 principals must return", "Principals must return"):
        assert [one.fault for one in check(f"{wrong} the key list by October 5, 2026.")]


@pytest.mark.parametrize(
    ("text", "days"),
    [
        (
            "Elementary schools: by October 5, 2026; middle schools: by October 7, 2026.",
            {"elementary": date(2026, 10, 5), "middle": date(2026, 10, 7)},
        ),
        (
            "Middle schools must return the list by October 5, 2026, and high schools by October 7, 2026.",
            {"middle": date(2026, 10, 5), "high": date(2026, 10, 7)},
        ),
    ],
)
def test_every_group_that_a_sentence_has_a_day_for_is_told_its_day(text: str, days: dict[str, date]) -> None:
    (demand,) = read_memo(text, memo_date=date(2026, 9, 1)).demands
    for level, day in days.items():
        school = SchoolProfile("Any", level=level)
        assert concerns(demand.audience, school)
        assert day_for(demand.facets.days_for, demand.due, school) == day


@pytest.mark.parametrize(
    ("address", "sentence", "tags"),
    [
        ("Principals of middle schools", "Each principal must return the roster.", ("middle",)),
        ("Middle school principals", "All principals must return the roster.", ("middle",)),
        ("Middle school principals", "Every head of school must return the roster.", ("middle",)),
        ("Middle school principals", "All principals in the district must return the roster.", ("all",)),
        ("Middle school principals", "All schools must return the roster.", ("all",)),
        ("Middle school principals", "Each high school principal must return the roster.", ("high",)),
        ("All principals", "Each principal must return the roster.", ("all",)),
        ("Network 3 principals", "Each principal must return the roster.", ("network:3",)),
    ],
)
def test_each_principal_is_each_of_those_who_are_addressed(
    address: str, sentence: str, tags: tuple[str, ...]
) -> None:
    text = f"To: {address}\nFrom: Human Resources\nDate: March 10, 2027\n\n{sentence}\n"
    assert audiences(text)[sentence] == tags
