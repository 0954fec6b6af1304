"""The longest time between two visits of a school: found in leaps, the same as by looking at each pair."""

import random
from dataclasses import replace
from datetime import date
from itertools import pairwise

import pytest
from sqlmodel import delete

from storage import longest_gap, people
from storage.database import Store
from storage.insight import Cut
from storage.longest_gap import longest_ever
from storage.tables import VisitRow
from tests.conversations.bigger_district import add_principals
from tests.district import NOW

FIRST, LAST = date(2023, 9, 1).toordinal(), date(2026, 11, 18).toordinal()
CUT = Cut(date(2026, 9, 1), date(2026, 11, 18))


def by_pairs(days: dict[int, list[int]]) -> longest_gap.Gap | None:
    gaps = [
        (since - until, until, school, since)
        for school, some in days.items()
        for since, until in pairwise(sorted(some))
    ]
    if not gaps:
        return None
    _days, until, school, since = min(gaps)
    return school, date.fromordinal(since), date.fromordinal(until)


@pytest.mark.parametrize("sample", [1, 3, 5, 20])
def test_leaps_find_what_looking_at_each_pair_finds(
    store: Store, monkeypatch: pytest.MonkeyPatch, sample: int
) -> None:
    add_principals(store, 8)
    monkeypatch.setattr(longest_gap, "SAMPLE", sample)
    chance = random.Random(sample)
    for visits in (0, 1, 12, 40, 200, 900):
        with store.begin() as tx:
            tx.execute(delete(VisitRow))
            schools = people.schools_on(tx, date(2026, 11, 1))
            days: dict[int, list[int]] = {school.id: [] for school in schools}
            for _ in range(visits):
                school, day = chance.choice(schools), chance.randrange(FIRST, LAST + 1)
                status = chance.choice(("held", "held", "held", "cancelled"))
                if status == "held":
                    days[school.id].append(day)
                tx.add(
                    VisitRow(
                        school_id=school.id, ild_id=school.ild_id or 0, day=day, half="am", status=status,
                        created_at=NOW,
                    )
                )  # fmt: skip
            tx.flush()
            assert longest_ever(tx, CUT) == by_pairs(days)
            some = frozenset(sorted(days)[2:9])
            expected = by_pairs({school: own for school, own in days.items() if school in some})
            assert longest_ever(tx, replace(CUT, schools=some)) == expected
