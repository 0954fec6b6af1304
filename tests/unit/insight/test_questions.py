"""Every question of our own table means what the table says, and no text at all breaks the rules of asking."""

import json
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocols.insight.description import describe
from protocols.insight.query import (
    FILTER_KEYS,
    Asker,
    Grouping,
    Meaning,
    Measure,
    Query,
    Refused,
    Role,
    Unclear,
    Why,
    context_from_json,
)
from protocols.insight.understanding import understand
from tests.eval.questions import (
    OWN,
    as_expected,
    asker_named,
    load_rows,
    load_vocabulary,
    measure,
    own_tables,
)
from tests.examples import tried

VOCABULARY, TODAY = load_vocabulary(OWN / "context.json")
ROWS = {row["id"]: row for row in load_rows(OWN / "questions.jsonl")}
EXECUTIVE = Asker(Role.EXECUTIVE)
PRINCIPAL = Asker(Role.PRINCIPAL, school="Benton Elementary")
ILD = Asker(Role.ILD, name="Tobias Lindqvist", network="Network 9")
HERS = {school.name for school in VOCABULARY.schools if school.network == ILD.network}


def ask(text: str, asker: Asker = EXECUTIVE, context: Meaning | None = None) -> Meaning:
    return understand(text, vocabulary=VOCABULARY, asker=asker, today=TODAY, context=context)


def meaning_of(row: Mapping[str, str]) -> Meaning:
    before = meaning_of(ROWS[row["follows"]]) if row["follows"] else None
    return ask(row["text"], asker_named(row["asker"], VOCABULARY), before)


@pytest.mark.parametrize("row", ROWS.values(), ids=lambda row: f"{row['id']} {row['text'][:60]}")
def test_a_question_means_what_the_table_says(row):
    wanted = [row["expect"], *row.get("alt", [])]
    for one in wanted:
        if "filters" in one:
            one["filters"] = {key: sorted(names) for key, names in one["filters"].items()}

    assert as_expected(meaning_of(row)) in wanted


def test_the_table_has_at_least_150_questions_of_our_own():
    assert len({row["text"] for row in ROWS.values()}) >= 150
    assert Path(OWN / "context.json").exists()


@pytest.mark.parametrize(
    ("rows", "vocabulary", "today"),
    [table[1:] for table in own_tables()],
    ids=[table[0] for table in own_tables()],
)
def test_a_table_keeps_its_level_and_none_of_it_is_answered_against_a_promise(rows, vocabulary, today):
    score = measure(rows, vocabulary, today)

    assert not score.breaches
    assert not score.wrong
    assert score.exact >= 0.95 * score.rows


WORDS = sorted({word for row in ROWS.values() for word in row["text"].split()})
PHRASES = st.lists(st.sampled_from(WORDS), max_size=14).map(" ".join)
TEXTS = st.one_of(st.text(max_size=200), PHRASES, st.sampled_from([row["text"] for row in ROWS.values()]))
CONTEXTS = st.sampled_from([None, *ROWS.values()])


@tried(300, deadline=None)
@given(TEXTS, st.sampled_from([EXECUTIVE, PRINCIPAL, ILD, Asker(Role.UNIT), Asker(Role.ADMIN)]), CONTEXTS)
def test_no_text_breaks_the_reading_and_every_query_is_one(text, asker, row):
    meaning = ask(text, asker, meaning_of(row) if row else None)

    if isinstance(meaning, Query):
        assert meaning.from_ <= meaning.to <= TODAY
        assert set(meaning.filters) <= set(FILTER_KEYS)
        assert meaning.days is None or meaning.measure in {Measure.NOT_VISITED, Measure.LONGEST_GAP}


@tried(300, deadline=None)
@given(TEXTS, CONTEXTS)
def test_a_principals_query_has_exactly_her_own_school(text, row):
    meaning = ask(text, PRINCIPAL, meaning_of(row) if row else None)

    if isinstance(meaning, Query):
        assert meaning.filters["school"] == (PRINCIPAL.school,)
        assert not {"network", "level", "tier"} & set(meaning.filters)


@tried(300, deadline=None)
@given(TEXTS, CONTEXTS)
def test_an_ilds_query_stays_within_her_network(text, row):
    meaning = ask(text, ILD, meaning_of(row) if row else None)

    if isinstance(meaning, Query):
        assert set(meaning.filters.get("school", ())) <= HERS
        assert set(meaning.filters.get("ild", ())) <= {ILD.name}
        assert set(meaning.filters.get("network", ())) <= {ILD.network}
        assert any(meaning.filters.get(key) for key in ("school", "ild", "network"))


@tried(200, deadline=None)
@given(st.sampled_from(list(ROWS.values())))
def test_the_context_survives_as_json(row):
    meaning = meaning_of(row)

    match meaning:
        case Query():
            answer = {"understood": meaning.to_json()}
            assert Query.from_json(json.loads(json.dumps(meaning.to_json()))) == meaning
        case Refused():
            answer = {"refused": meaning.why.value, "heard": meaning.heard.to_json()}
        case Unclear():
            answer = {"unclear": True, "heard": meaning.heard.to_json()}
    restored = context_from_json(json.loads(json.dumps(answer)))

    asker = asker_named(row["asker"], VOCABULARY)
    for follow_up in ("and last month?", "by month", "the middle school"):
        assert ask(follow_up, asker, restored) == ask(follow_up, asker, meaning)


def test_how_things_stand_now_is_not_asked_of_the_period_before():
    before = ask("visits in february against january")
    now, alone = ask("longest gap now", context=before), ask("longest gap now")
    assert isinstance(now, Query)
    assert now == alone


@pytest.mark.parametrize(
    "text", ["visits to schools with new principals", "and with new principals?", "and middle schools?"]
)
def test_a_group_of_schools_takes_the_place_of_the_school_before(text):
    before = ask("visits in february at Benton Elementary")
    after = ask(text, context=before)
    assert isinstance(after, Query)
    assert "school" not in after.filters
    assert isinstance(before, Query)
    assert (after.from_, after.to) == (before.from_, before.to)


def test_an_office_that_is_not_counted_alone_is_answered_with_all_offices_near():
    found = ask("how much protected time did human resources take this year")
    assert isinstance(found, Unclear)
    assert "by office" in found.suggestions[1]
    assert isinstance(ask(found.suggestions[1]), Query)


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        ({"measure": "gossip", "from": "2027-01-01", "to": "2027-01-31"}, "measure"),
        ({"measure": "visits"}, "from, to"),
        ({"measure": "visits", "from": "2027-02-01", "to": "2027-01-31"}, "end before they begin"),
        ({"measure": "visits", "from": "yesterday", "to": "2027-01-31"}, "ISO dates"),
        ({"measure": "visits", "from": "2027-01-01", "to": "2027-01-31", "days": "nine"}, "days"),
        (
            {"measure": "visits", "from": "2027-01-01", "to": "2027-01-31", "filters": {"mood": ["good"]}},
            "filters",
        ),
        (
            {"measure": "visits", "from": "2027-01-01", "to": "2027-01-31", "filters": {"school": "PS 142"}},
            "school",
        ),
    ],
)
def test_a_context_that_is_no_query_is_refused_by_the_key_that_is_wrong(data, fault):
    with pytest.raises(ValueError, match=fault):
        context_from_json(data)


@pytest.mark.parametrize("asker", [EXECUTIVE, PRINCIPAL, ILD], ids=lambda asker: asker.role)
@pytest.mark.parametrize(
    "text",
    [
        "",
        "how is it going",
        "visits at hawthorne",
        "how many visits at juniper",
        "visits since the merger",
        "schools not visited recently",
    ],
)
def test_what_is_suggested_would_be_understood(text, asker):
    meaning = ask(text, asker)

    if isinstance(meaning, Unclear):
        assert len(set(meaning.suggestions)) == 2
        for suggestion in meaning.suggestions:
            assert isinstance(ask(suggestion, asker), Query), suggestion


def test_a_description_is_understood_again_as_the_same_query():
    for row in ROWS.values():
        query = meaning_of(row)
        if isinstance(query, Query) and row["asker"] == "executive":
            assert ask(describe(query, today=TODAY)) == query, describe(query, today=TODAY)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("visits since september by ild", "visits held, by ILD, 1 Sep 2026 to 10 Mar"),
        ("schools not visited in 3 weeks", "schools not visited for 21 days, as of 10 Mar"),
        ("visits this semester against last", "visits held, 25 Jan to 10 Mar against 31 Aug 2026 to 22 Jan"),
        ("walkthroughs at kessler in february", "walkthroughs held, Kessler Middle, 1 Feb to 28 Feb"),
    ],
)
def test_a_query_is_said_in_words(text, words):
    query = ask(text)

    assert isinstance(query, Query)
    assert describe(query, today=TODAY) == words


def test_an_unknown_name_is_told_apart_from_the_words_around_it():
    meaning = ask("visits at hawthorne elementary in january")

    assert isinstance(meaning, Unclear)
    assert meaning.puzzled_by == ("hawthorne",)
    assert meaning.heard.measure is Measure.VISITS


def test_a_name_of_two_schools_asks_which():
    meaning = ask("how many visits at juniper in february")

    assert isinstance(meaning, Unclear)
    assert meaning.heard.between == ("Juniper Elementary", "Juniper Middle")
    assert all("Juniper" in suggestion for suggestion in meaning.suggestions)


def test_a_context_beyond_the_askers_own_is_not_answered():
    context = ask("visits by ild this semester")

    assert isinstance(context, Query)
    assert context.by is Grouping.ILD
    assert ask("and last month?", ILD, context) == Refused(
        Why.NOT_YOURS, ask("and last month?", ILD, context).heard
    )
