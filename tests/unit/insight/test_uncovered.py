"""What no measure answers is asked back, though it speaks of visits; the nearest measure would be a wrong answer."""

import pytest

from protocols.insight.query import Asker, Refused, Role, Unclear, Why
from protocols.insight.understanding import understand
from tests.eval.questions import OWN, load_vocabulary

VOCABULARY, TODAY = load_vocabulary(OWN / "context_fall.json")

ASKED_BACK = """
visits of more than an hour
how many visits after school in october
how many schools had their first visit in october
visits on mondays
visits on the weekend
visits in the mornings vs afternoons
visits to new schools
visits by new ilds
how many visits were not cancelled in october
mandates due this week
how many mandates were completed in october
how many next steps were completed this year
overdue next steps in network 4
how many visits did i make in october
my visits this month
which week had the most visits
what was the longest visit in october
shortest gap between visits
average gap between visits
schools with a gap of less than 10 days
schools visited only once this year
schools visited at least twice in october
how many visits did the superintendent make
how many council members visited webster
visits by board members in october
staff visits to webster
which offices respected protected time
best time to visit webster
how many hours did anjali work last week
what is our goal for time in schools
what does evenness mean
how do you calculate intervals kept
can you schedule a visit to webster
cancel the visit to webster
how many visits would it take to see everyone
projected visits by june
visits by gareth outside his network
how many of the cancelled visits were on mondays
how many visits are left this semester
who has not been visiting enough
name the director with no visits last week
visits around halloween
visits between october and september
visits from march to february
visits excluding the small ones
each of the visits in october
the most visits in a week
how did visits grow
visits where the principal was away
share of visits cancelled
send the visits of october to renata
share of mandates from headquarters
second longest gap
how many mandates did HR send
add a visit to douglass on monday
all visits but the ones in october
visits not in october
schools visited in both september and october
how many visits did not count
how many visits can renata do
visits at schools like webster
are visits related to next steps
do visits lead to better ratings
which schools had a walkthrough but no coaching
protected time and time in schools
how many principals came to the network meetings
walkthroughs in october while the principal was on leave
which schools were not unvisited in october
schools that have not gone without a visit
"""


@pytest.mark.parametrize("text", ASKED_BACK.strip().splitlines())
def test_what_no_measure_answers_is_asked_back_with_two_near_questions(text):
    meaning = understand(text, vocabulary=VOCABULARY, asker=Asker(Role.EXECUTIVE), today=TODAY)

    assert isinstance(meaning, Unclear)
    assert len(set(meaning.suggestions)) == 2


@pytest.mark.parametrize(
    "word", ["projected", "reading", "season", "business", "production", "mess", "white"]
)
def test_a_word_that_means_something_else_is_no_misspelling_of_ours(word):
    meaning = understand(
        f"{word} visits in october", vocabulary=VOCABULARY, asker=Asker(Role.EXECUTIVE), today=TODAY
    )

    assert isinstance(meaning, Unclear)
    assert word in meaning.puzzled_by


@pytest.mark.parametrize(
    ("asker", "text", "why"),
    [
        (Asker(Role.EXECUTIVE), "which ILD should i talk to about gaps", Why.RANKING),
        (Asker(Role.EXECUTIVE), "usefulness ratings of each principal", Why.SMALL_GROUP),
        (Asker(Role.EXECUTIVE), "what is renata coaching the tubman principal on", Why.CONTENT),
        (Asker(Role.PRINCIPAL, school="IS 27"), "district protected time", Why.NOT_YOURS),
        (
            Asker(Role.PRINCIPAL, school="IS 27"),
            "which of her schools were skipped this month",
            Why.NOT_YOURS,
        ),
        (
            Asker(Role.ILD, name="Renata Solis", network="Network 4"),
            "am i above average on time in schools",
            Why.NOT_YOURS,
        ),
    ],
)
def test_what_is_asked_sideways_is_refused_all_the_same(asker, text, why):
    meaning = understand(text, vocabulary=VOCABULARY, asker=asker, today=TODAY)

    assert isinstance(meaning, Refused)
    assert meaning.why is why
