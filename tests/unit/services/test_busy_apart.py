"""Reading a calendar in a process of its own: the same answer, and an end to whatever does not end."""

from datetime import date
from zoneinfo import ZoneInfo

import pytest

from bot.services.busy_apart import Wanted, read_apart
from protocols.cadence.busy import BusyStretch
from protocols.cadence.busy_files import BusyFault
from tests.unit.cadence.busy_texts import calendar, event

TUESDAY = date(2026, 12, 1)
WANTED = Wanted.of(
    ZoneInfo("America/New_York"),
    TUESDAY,
    date(2027, 6, 18),
    emails=["grace@district.example"],
    keeps_titles=True,
)
NINE = event(":20261201T140000Z", ":20261201T150000Z", "SUMMARY:Café\\, früh", uid="good")


def test_what_is_read_there_comes_back_as_it_is() -> None:
    bad = event(":20261103T140000Z", ":20261103T150000Z", "RRULE:FREQ=SECONDLY", uid="bad")
    found = read_apart(calendar(NINE, bad), WANTED)
    assert found.stretches == (BusyStretch(TUESDAY, 540, 600, "Café, früh"),)
    assert found.left_out == 1


def test_a_refusal_there_is_a_refusal_here() -> None:
    with pytest.raises(BusyFault, match="not a calendar"):
        read_apart(b"<html>", WANTED)


def test_what_takes_too_long_is_ended_and_said() -> None:
    with pytest.raises(BusyFault, match="takes longer to work out than I can spare"):
        read_apart(calendar(NINE), WANTED, seconds=0.001)
