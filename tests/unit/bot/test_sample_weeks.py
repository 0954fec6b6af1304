"""The sample district's weeks are such that a budget of minutes has something to say."""

from collections import defaultdict
from datetime import date

import pytest
from sqlmodel import select

from bot.sample import fill_sample
from bot.sample.conversations import IMANI, TOMAS
from bot.sample.player import Player
from protocols.buffer.budget import USUAL_BUDGET
from storage.database import Store
from storage.tables import DigestRow, SchoolRow


@pytest.fixture
def weeks(store: Store) -> dict[date, dict[str, set[int]]]:
    """Week -> level -> the minutes of its schools' digests, where both ILDs take everything as suggested."""
    fill_sample(store)
    player = Player(store, first=1000)
    for minute, ild in enumerate((IMANI, TOMAS)):
        player.at(f"2027-03-12 10:0{minute}")
        player.say(ild, "pass on all suggested")
    player.at("2027-03-15 06:30")
    found: dict[date, dict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
    with store.read() as tx:
        schools = {row.id: row for row in tx.exec(select(SchoolRow))}
        for digest in tx.exec(select(DigestRow)):
            found[digest.week][schools[digest.school_id].level or ""].add(digest.minutes)
    return found


def test_a_usual_week_is_under_the_budget_and_a_full_one_over_it_for_some(
    weeks: dict[date, dict[str, set[int]]],
) -> None:
    last, coming = weeks[date(2027, 3, 8)], weeks[date(2027, 3, 15)]
    assert max(max(minutes) for minutes in last.values()) < USUAL_BUDGET
    for level in ("middle", "high"):
        assert all(USUAL_BUDGET * 0.8 < minutes <= USUAL_BUDGET for minutes in coming[level])
    for level in ("elementary", "k8"):
        assert all(USUAL_BUDGET < minutes < USUAL_BUDGET * 1.5 for minutes in coming[level])
