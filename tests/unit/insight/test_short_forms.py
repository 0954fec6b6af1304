"""Short forms are written out before a question is read, and what they could be besides stays as it is."""

import pytest

from protocols.insight.wording import plain


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("visits last wk", "visits last week"),
        ("not seen 3+ wks", "not seen 3 weeks"),
        ("gap >=28d", "gap 28 days"),
        ("n5 visits", "network 5 visits"),
        ("coaching n walkthrus", "coaching and walkthroughs"),
        ("min asked / school / oct", "minutes asked per school oct"),
        ("mandates this wk / last wk", "mandates this week vs last week"),
        ("visits mtd by ntwk", "visits this month to date by network"),
        ("pt kept n6 sy to date", "protected time kept network 6 ytd"),
        ("same pt last yr", "same point last year"),
        ("no visit in a month and a half", "no visit in 45 days"),
        ("2 and a half weeks", "17 days"),
        ("John F. Kennedy High", "john f kennedy high"),
        ("P.S. 86 and I.S. 27", "ps 86 and is 27"),
        ("Ms. Solis", "ms solis"),
        ("morning - how many visits", "how many visits"),
        ("Good morning team, visits?", "visits ."),
        ("hw many wkthrus @ webster", "how many walkthroughs at webster"),
        ("the K-8s", "the k8 schools"),
        ("the every-other-week ones", "the biweekly ones"),
        ("more then twenty days without to go", "more than 20 days without visit"),
        ("what'd they see", "what did they see"),
        ("net mtgs last sy", "network mtgs last school year"),
    ],
)
def test_what_is_typed_is_written_out(typed, read):
    assert plain(typed) == read
