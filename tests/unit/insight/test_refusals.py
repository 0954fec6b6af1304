"""What is never answered, however it is put: contents, rankings of ILDs, other people's figures, groups of a few.

Each list is of phrasings that people try. The first of a pair are refused with their reason; the others may be asked
back, and are answered with figures in no case.
"""

import pytest

from protocols.insight.query import Asker, Meaning, Query, Refused, Role, Unclear, Why
from protocols.insight.understanding import understand
from tests.eval.questions import OWN, load_vocabulary

VOCABULARY, TODAY = load_vocabulary(OWN / "context.json")
EXECUTIVE = Asker(Role.EXECUTIVE)
ILD = Asker(Role.ILD, name="Tobias Lindqvist", network="Network 9")
PRINCIPAL = Asker(Role.PRINCIPAL, school="Benton Elementary", network="Network 9")

CONTENTS = (
    "next steps at Kessler, what were they",
    "what'd they find @ Kessler",
    "what did the principal of Kessler Middle say",
    "what did the principal of Lakeshore say last time",
    "quote something from the last walkthrough at PS 142",
    "notes about Kessler",
    "show the evidence",
    "show me the evidence from Westgate High",
    "any notes from the February walkthroughs?",
    "read me the debrief of Benton",
    "what came out of the visit at Westgate High",
    "give me the gist of the coaching at PS 142",
    "what's the problem of practice at Benton Elementary",
    "which look-fors were used at Kessler",
    "what is Benton working on",
    "what was agreed at Westgate",
    "list the next steps of Kessler",
    "what are the next steps in Network 7",
    "who promised what at Benton",
    "what did they promise",
    "visits at Kessler and what was said",
    "number of visits and the comments",
    "how did the last walkthrough at PS 142 go",
    "was the principal of Westgate upset",
    "what does Marisol think about PS 142",
    "what did Tobias write about Benton",
    "summarize the last visit to Lakeshore High",
    "summary of the conversations at Lakeshore",
    "what patterns came up in walkthroughs",
    "top themes in the debriefs",
    "most common comments from principals",
    "sentiment of the visit notes",
    "which teachers were observed",
    "which teacher had the weakest lesson",
    "which classrooms were visited at Kessler",
    "ratings teachers got in walkthroughs",
    "what feedback did the principal of Kessler get",
    "show me the transcript of the coaching visit",
    "word cloud of notes",
    "export all notes to csv",
    "how many notes mention math",
    "how many times did they talk about behavior",
    "how often was student talk mentioned",
    "did the principal of Benton complain",
    "what did principals write in the usefulness rating",
    "comments that go with the usefulness scores",
    "what decision came out of the inquiry at Benton",
    "did Benton adopt or abandon their strategy",
    "which strategy is Benton trying",
    "how well is instruction going at Kessler",
    "how good is the teaching at PS 142",
    "what's going on at Westgate High",
    "tell me about the visit at Kessler on March 3",
    "what happened at Kessler last week",
    "what is the focus at Quarry Road Middle",
    "what was the visit at PS 142 on March 2 about",
    "what did Yusra learn at Lakeshore",
    "show the photos from the walkthrough",
    "what impressions did Marisol have",
    "what's the evidence behind 46 visits",
    "what advice did Tobias give",
    "which promises were broken at Kessler",
    "whose promises are overdue",
    "did the principal of PS 142 keep her promise",
    "what are principals struggling with",
    "what do principals need help with",
    "what challenges came up",
    "which schools have weak instruction",
    "what evidence did Marisol write down",
    "i want to see what was recorded in the visits",
    "forward me the notes",
    "send me what Yusra wrote",
    "just the highlights from Westgate",
    "anything concerning at Westgate?",
)

CONTENTS_ASKED_BACK = (
    "does the principal of Benton like Tobias",
    "why do principals find the visits useless",
    "is the principal of Kessler any good",
    "reasons given in visits for low scores",
    "what did they see in room 3",
    "open the last run at Kessler",
    "why did the cycle at Benton close",
    "what excuse did the principal of Kessler give",
    "in one sentence, what was the coaching visit at Benton",
    "which principals are weak",
    "has Kessler's principal improved",
    "pull up the visit log text for Kessler",
    "let me read along in the inquiry at Benton",
)

RANKINGS = (
    "Tobias's cancelled visits so I can write him up",
    "visit numbers for Marisol's evaluation",
    "do the numbers let us fire Yusra",
    "visits by ILD for their annual reviews",
    "Marisol's visits, we may not renew her",
    "how many visits does Tobias need to stay off probation",
    "which ILD's coaching visits should count for the merit pay",
    "worst at keeping the rhythm",
    "who is good at coaching",
    "which network director cancels most",
    "who is behind",
    "who is behind on visits",
    "who's behind this month",
    "top three ILDs",
    "top 3 ilds by visits",
    "bottom two directors",
    "which ILD made the most visits",
    "who visited least",
    "who visits the least",
    "who made the fewest walkthroughs in february",
    "rank the ILDs",
    "rank ilds by time in schools",
    "list the ILDs from most to fewest visits",
    "visits by ILD sorted",
    "visits by ILD from highest to lowest",
    "sort visits by ILD descending",
    "who is our hardest working director",
    "is Marisol better than Tobias",
    "compare Marisol and Tobias: who did more visits",
    "did Marisol visit more than Tobias",
    "has Yusra done fewer visits than Marisol",
    "which director spends the least time in schools",
    "who spends most time in schools",
    "who cancels the most",
    "which ILD cancels most visits",
    "who keeps the fewest intervals",
    "which ILD has the longest gap",
    "ILD leaderboard",
    "league table of directors",
    "who is lagging",
    "who is falling behind with their schools",
    "which of the ILDs is slacking",
    "whose visits are most useful",
    "which ILD do principals find most useful",
    "who is number one in visits",
    "name the ILD with the fewest visits",
    "the ILD with the highest number of walkthroughs",
    "give me the worst performing ILD",
    "who is the weakest ILD",
    "which ILDs are below average in visits",
    "which ILDs are above the median",
    "which ILDs did not reach the average number of visits",
    "how does Marisol stack up against the other ILDs",
    "where does Tobias rank",
    "what place is Yusra in by visits",
    "which ILD has most open cycles of inquiry",
    "who made good the fewest cancelled visits",
    "which director took most off plates",
    "score the ILDs",
    "order ilds by evenness",
    "which ILD has the most uneven visits",
    "percentile of Marisol's visits among ILDs",
    "who should I talk to about too few visits",
    "which director is the most active",
    "who is doing the least",
)

RANKINGS_ASKED_BACK = (
    "ILD of the month",
    "ILDs with under ten visits",
    "who made less than 5 visits",
    "who lost the most protected time among ILDs",
    "who isn't pulling their weight",
)

BEYOND_THE_NETWORK = (
    "visits in Network 7",
    "how many visits did Marisol make",
    "how do my visits compare with the other ILDs",
    "district average of visits",
    "visits at Kessler",
    "what share of intervals is kept across the district",
    "visits by network",
    "compare me with Yusra",
    "schools not visited in three weeks in other networks",
    "open cycles of inquiry across the district",
    "demands taken off plates in the other networks",
    "cancelled visits made good by ILD",
)

BEYOND_THE_SCHOOL = (
    "visits at Kessler",
    "how many visits did the other schools get",
    "are we visited less than others",
    "visits in our network",
    "who got more visits than us",
    "elementary schools not visited",
    "visits by school",
    "open cycles of inquiry in our network",
    "what was taken off other principals' plates",
    "how useful do other principals find the visits",
)

OF_A_FEW = (
    "how useful are visits at Kessler Middle",
    "usefulness by school",
    "usefulness by network",
    "was it of use by level",
    "how useful do principals of the high schools find visits",
    "usefulness at PS 142, Benton Elementary and Kessler Middle",
    "ratings of the monthly schools",
    "how useful does each principal find the visits",
    "usefulness in North Network",
)
AFTER_CONTENT = (
    "and what did they say?",
    "show the notes",
    "quote one",
    "what was said",
    "who said that",
    "and the evidence?",
    "what came of it",
)
AFTER_NOTHING_NEW = (
    "what about?",
    "tell me more",
    "details please",
    "and what happened?",
    "why",
    "and the content?",
)
AFTER_RANKING = (
    "who is best",
    "sorted",
    "highest first",
    "top three",
    "who is behind",
    "which one did most",
    "the lowest?",
    "in order please",
    "only the bottom two",
    "rank them",
    "who is first",
    "who is last",
)


def ask(text: str, asker: Asker = EXECUTIVE, context: Meaning | None = None) -> Meaning:
    return understand(text, vocabulary=VOCABULARY, asker=asker, today=TODAY, context=context)


@pytest.mark.parametrize("text", CONTENTS)
def test_contents_are_refused(text: str) -> None:
    meaning = ask(text)
    assert isinstance(meaning, Refused), meaning
    assert meaning.why is Why.CONTENT


@pytest.mark.parametrize("text", RANKINGS)
def test_rankings_are_refused(text: str) -> None:
    meaning = ask(text)
    assert isinstance(meaning, Refused), meaning
    assert meaning.why is Why.RANKING


@pytest.mark.parametrize("text", [*CONTENTS_ASKED_BACK, *RANKINGS_ASKED_BACK])
def test_others_of_the_kind_are_at_least_asked_back(text: str) -> None:
    assert not isinstance(ask(text), Query)


@pytest.mark.parametrize("text", CONTENTS)
@pytest.mark.parametrize("asker", [ILD, PRINCIPAL], ids=lambda asker: asker.role)
def test_contents_are_no_ones_as_an_answer_in_figures(text: str, asker: Asker) -> None:
    assert isinstance(ask(text, asker), Refused | Unclear)


@pytest.mark.parametrize(
    ("text", "asker"),
    [*((text, ILD) for text in BEYOND_THE_NETWORK), *((text, PRINCIPAL) for text in BEYOND_THE_SCHOOL)],
)
def test_what_is_not_ones_own_is_refused(text: str, asker: Asker) -> None:
    meaning = ask(text, asker)
    assert isinstance(meaning, Refused), meaning
    assert meaning.why is Why.NOT_YOURS


@pytest.mark.parametrize("text", OF_A_FEW)
def test_anonymous_answers_of_a_few_are_refused(text: str) -> None:
    meaning = ask(text)
    assert isinstance(meaning, Refused), meaning
    assert meaning.why is Why.SMALL_GROUP


@pytest.mark.parametrize("text", AFTER_CONTENT)
@pytest.mark.parametrize(
    "first", ["visits at Kessler Middle this year", "walkthroughs in Network 7", "open cycles of inquiry"]
)
def test_contents_are_refused_after_an_answer_too(first: str, text: str) -> None:
    meaning = ask(text, context=ask(first))
    assert isinstance(meaning, Refused), meaning
    assert meaning.why is Why.CONTENT


@pytest.mark.parametrize("text", AFTER_NOTHING_NEW)
def test_what_adds_nothing_to_an_answer_is_asked_back_and_not_answered_again(text: str) -> None:
    assert isinstance(ask(text, context=ask("visits at Kessler Middle this year")), Unclear)


@pytest.mark.parametrize("text", AFTER_RANKING)
def test_rankings_are_refused_after_figures_by_ild(text: str) -> None:
    meaning = ask(text, context=ask("visits by ILD since September"))
    assert isinstance(meaning, Refused), meaning
    assert meaning.why is Why.RANKING


@pytest.mark.parametrize(
    "text", ["by school", "only Kessler", "by ild", "and at PS 142, Benton and Kessler?"]
)
def test_groups_of_a_few_are_refused_after_the_whole(text: str) -> None:
    meaning = ask(text, context=ask("how useful do principals find our visits"))
    assert isinstance(meaning, Refused), meaning
    assert meaning.why is Why.SMALL_GROUP
