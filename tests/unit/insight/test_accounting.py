"""Every word of a question has its part in the answer, or the question is asked back; nothing said is passed over."""

import pytest

from protocols.insight.query import Asker, Meaning, Measure, Query, Role, Unclear
from protocols.insight.understanding import understand
from tests.eval.questions import OWN, load_vocabulary

VOCABULARY, TODAY = load_vocabulary(OWN / "context_fall.json")

PLAIN = {
    Measure.VISITS: "how many visits in october",
    Measure.NOT_VISITED: "schools not visited since labor day",
    Measure.LONGEST_GAP: "longest gap between visits this year",
    Measure.INTERVALS_KEPT: "share of intervals kept this semester",
    Measure.EVENNESS: "how evenly are visits spread in network 4",
    Measure.TIME_IN_SCHOOLS: "share of time in schools by network",
    Measure.CANCELLED: "visits cancelled in october",
    Measure.MADE_GOOD: "share of cancelled visits made good",
    Measure.PROTECTED_KEPT: "protected time kept this month",
    Measure.PROTECTED_LOST: "protected time lost by office",
    Measure.NEXT_STEPS: "share of visits with a next step in october",
    Measure.MANDATES: "mandates sent this month",
    Measure.TAKEN_OFF: "demands taken off plates in october",
    Measure.MINUTES_ASKED: "minutes asked of principals in october",
    Measure.USEFULNESS: "how useful are visits since september",
}
CUT_DOWN = (
    "with parents",
    "by phone",
    "that were rushed",
    "with a deputy",
    "where somebody was absent",
    "for english learners",
    "at breakfast",
    "in the gym",
    "on short notice",
    "under review",
    "without approval",
    "of failing schools",
    "as part of a conference",
    "by large buses",
)
BESIDE_THE_POINT = """
cost per visit this year
failed visits in october
interrupted visits this semester
visits with overtime in october
full visits in october
quick visits in october
visits with staff in october
visits with members of the board
visits that started late in october
percentage of visits in october
protected time kept by friend
visits in a week with a holiday
"""
AFTERTHOUGHTS = """
How many visits in October? Only those in the morning.
How many visits in October? Just the unannounced ones.
How many visits in October? I mean the ones with parents.
Visits in October. Leave out the short ones.
Visits in October? Only where the principal was in, please.
"""
TOLD_BESIDES = """
Good morning. How many visits in October?
morning all, how many visits in october
How many visits in October? I have the board tonight. Thanks, Dr. Miller
for the board report: how many visits in october
the board wants to know how many visits in october
a council member is asking how many visits in october
before I go into cabinet, how many visits in october
quick question, how many visits in october
please send me the number of visits in october
how many visits actualy happened in october
when you get a minute, how many visits in october
is it true that we made visits in october, how many
I am putting together my remarks for Thursday and would love to know how many visits in october
a parent at the community forum claimed nobody comes. how many visits in october
how many visits in october, i feel like it was a busy month
excuse me, in general how many visits in october
I promised the trustees a number: how many visits in october
"""


def ask(text: str, context: Meaning | None = None) -> Meaning:
    return understand(text, vocabulary=VOCABULARY, asker=Asker(Role.EXECUTIVE), today=TODAY, context=context)


@pytest.mark.parametrize(("measure", "text"), PLAIN.items(), ids=lambda one: str(one))
def test_the_plain_question_is_answered_and_cut_down_to_what_is_not_counted_it_is_not(measure, text):
    plain = ask(text)

    assert isinstance(plain, Query)
    assert plain.measure is measure
    for words in CUT_DOWN:
        assert not isinstance(ask(f"{text} {words}"), Query), words


@pytest.mark.parametrize("text", BESIDE_THE_POINT.strip().splitlines())
def test_a_word_that_speaks_of_another_figure_is_asked_about(text):
    meaning = ask(text)

    assert isinstance(meaning, Unclear)
    assert meaning.puzzled_by


@pytest.mark.parametrize("text", AFTERTHOUGHTS.strip().splitlines())
def test_what_a_later_sentence_cuts_down_is_not_passed_over(text):
    assert isinstance(ask(text), Unclear)


@pytest.mark.parametrize("text", TOLD_BESIDES.strip().splitlines())
def test_why_and_for_whom_one_asks_changes_nothing(text):
    assert ask(text) == ask("how many visits in october")


@pytest.mark.parametrize(
    ("first", "then"),
    [
        ("visits with overtime in october", "and in september"),
        ("cost per visit this year", "by network"),
        ("visits and cancellations in october", "in september"),
        ("how many visits with parents in october", "in september"),
        ("visits to lakeside since october 1", "since september"),
        ("visits since the strike", "in network 4"),
    ],
)
def test_a_follow_up_leaves_open_what_the_question_before_it_was_asked_back_for(first, then):
    before = ask(first)

    assert isinstance(before, Unclear)
    assert isinstance(ask(then, before), Unclear)


@pytest.mark.parametrize(
    ("first", "then", "plain"),
    [
        ("visits since the strike", "since october 5", "visits since october 5"),
        ("visits at lakeside in october", "sorry i meant stonebridge", "visits at stonebridge in october"),
        ("cost per visit this year", "how many visits this year", "how many visits this year"),
        ("visits to franklin in october", "the high school", "visits to franklin high in october"),
    ],
)
def test_a_follow_up_that_says_what_was_missed_is_answered(first, then, plain):
    before = ask(first)

    assert isinstance(before, Unclear)
    assert ask(then, before) == ask(plain)


def test_gaps_of_so_many_days_keep_them_in_another_period():
    query = ask("and last spring", ask("gaps over 25 days since september"))

    assert isinstance(query, Query)
    assert (query.measure, query.days) == (Measure.LONGEST_GAP, 25)


@pytest.mark.parametrize("word", ["doug", "Sojourn", "stonebrid"])
def test_the_beginning_of_one_name_is_that_name(word):
    found = ask(f"visits at {word} in october")
    is_here = word != "Sojourn"

    assert isinstance(found, Query) is is_here


@pytest.mark.parametrize(
    ("text", "as_plain"),
    [
        (
            "how many coaching visits with principals in their first year",
            "coaching visits with new principals",
        ),
        (
            "every kind of visit except network meetings in october",
            "visits in october without network meetings",
        ),
        ("a month over month view of visits last school year", "visits by month last year"),
        ("rhythm of the new principals, and of the others", "intervals kept by new and veteran principals"),
        ("cancelled visits this month and what were the causes", "why were visits cancelled this month"),
        ("schools on a weekly rhythm. are we keeping to it?", "intervals kept at weekly schools"),
    ],
)
def test_what_is_said_at_length_is_what_is_said_in_short(text, as_plain):
    assert isinstance(ask(text), Query)
    assert ask(text) == ask(as_plain)


def test_who_was_not_seen_is_asked_after_who_was():
    query = ask("and which ones have we not", ask("how many visits by school in november"))

    assert isinstance(query, Query)
    assert query.measure is Measure.NOT_VISITED


@pytest.mark.parametrize("text", ["narrow to network 6", "zoom in on network 6", "limit it to network 6"])
def test_a_follow_up_may_narrow_what_was_asked(text):
    before = ask("how many visits in october")

    assert ask(text, before) == ask("visits in network 6 in october")


@pytest.mark.parametrize("word", ["promised", "rewarding"])
def test_no_other_word_is_taken_for_a_slip_in_one_that_says_nothing(word):
    assert not isinstance(ask(f"{word} visits in october"), Query)
