"""The playground's clock: where its buttons lead, which moments it stops at, and that it only goes forward."""

import asyncio
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.playground.clock import ClockFault, Jump, PlaygroundClock, next_step, read_target, target_of
from protocols.cadence.calendar import Closure, ClosureKind, SchoolCalendar, SchoolYear
from storage.database import Store

ZONE = ZoneInfo("America/New_York")
CALENDAR = SchoolCalendar(
    years=(SchoolYear("2026-27", date(2026, 8, 31), date(2027, 6, 18)),),
    closures=(Closure(date(2026, 11, 25), date(2026, 11, 27), ClosureKind.HOLIDAY, "Thanksgiving break"),),
)


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE).astimezone(UTC)


@pytest.mark.parametrize(
    ("jump", "now", "then"),
    [
        pytest.param(Jump.HOUR, "2026-11-24 09:10", "2026-11-24 10:10", id="an hour is an hour"),
        pytest.param(Jump.DAY, "2026-11-24 09:10", "2026-11-25 09:10", id="a day keeps the time"),
        pytest.param(Jump.DAY, "2026-10-31 09:10", "2026-11-01 09:10", id="a day keeps the time in autumn"),
        pytest.param(Jump.DAY, "2027-03-13 09:10", "2027-03-14 09:10", id="a day keeps the time in spring"),
        pytest.param(Jump.MORNING, "2026-11-23 09:10", "2026-11-24 06:00", id="the next school morning"),
        pytest.param(
            Jump.MORNING, "2026-11-24 05:00", "2026-11-24 06:00", id="this morning when it is ahead"
        ),
        pytest.param(Jump.MORNING, "2026-11-24 06:00", "2026-11-30 06:00", id="a morning after the holidays"),
        pytest.param(Jump.MONDAY, "2026-11-24 09:10", "2026-11-30 06:00", id="Monday from Tuesday"),
        pytest.param(Jump.MONDAY, "2026-11-30 05:59", "2026-11-30 06:00", id="Monday from earlier on Monday"),
        pytest.param(Jump.MONDAY, "2026-11-30 06:00", "2026-12-07 06:00", id="Monday from Monday morning"),
        pytest.param(Jump.MONDAY, "2026-11-29 23:00", "2026-11-30 06:00", id="Monday from Sunday"),
    ],
)
def test_a_button_leads_to(jump: Jump, now: str, then: str) -> None:
    assert target_of(jump, local(now), ZONE, CALENDAR) == local(then)


def test_a_calendar_that_has_run_out_has_no_next_morning() -> None:
    with pytest.raises(ClockFault, match="no school day ahead"):
        target_of(Jump.MORNING, local("2027-06-18 07:00"), ZONE, CALENDAR)


@pytest.mark.parametrize(
    "zone", ["America/New_York", "America/Phoenix", "Pacific/Honolulu", "America/St_Johns"]
)
@given(
    minutes=st.integers(0, 60 * 24 * 400),
    span=st.integers(1, 60 * 24 * 3),
    due=st.none() | st.integers(-900, 9000),
)
def test_no_half_hour_of_a_districts_clock_is_passed_over(
    zone: str, minutes: int, span: int, due: int | None
) -> None:
    start = now = datetime(2026, 8, 31, tzinfo=UTC) + timedelta(minutes=minutes)
    target = start + timedelta(minutes=span)
    waiting = None if due is None else start + timedelta(minutes=due)
    stops = []
    while now < target:
        now = next_step(now, target, waiting if waiting and waiting > now else None)
        stops.append(now)
    assert stops[-1] == target
    assert stops == sorted(set(stops))
    halves = {
        at
        for at in (start + timedelta(minutes=offset) for offset in range(1, span + 1))
        if at.astimezone(ZoneInfo(zone)).minute in (0, 30)
    }
    assert halves <= set(stops)
    if waiting and start < waiting <= target:
        assert waiting in stops


def test_a_message_that_was_due_before_stops_nothing() -> None:
    now = local("2026-11-24 09:10")
    assert next_step(now, now + timedelta(hours=5), now - timedelta(hours=1)) == local("2026-11-24 09:30")


@pytest.mark.parametrize(
    "words", ["", "Monday", "2026-11-30", "2026-11-30T", "2026-02-30T06:00", "x" * 5_000]
)
def test_what_is_no_moment_is_refused(words: str) -> None:
    with pytest.raises(ClockFault, match="a day and a time"):
        read_target(words, ZONE)


def test_a_moment_is_read_in_the_districts_zone() -> None:
    assert read_target("2026-11-30T06:00", ZONE) == datetime(2026, 11, 30, 11, 0, tzinfo=UTC)


async def _nothing(_at: datetime) -> None:
    return


def make_clock(folder: Path) -> PlaygroundClock:
    store = Store(f"sqlite:///{folder / 'clock.sqlite'}")
    store.migrate()
    return PlaygroundClock(store)


def test_the_clock_outlives_the_process_and_keeps_its_first_time(tmp_path: Path) -> None:
    make_clock(tmp_path).set_first(local("2026-11-24 09:00"))
    make_clock(tmp_path).set_first(local("2026-12-24 09:00"))
    assert make_clock(tmp_path).now() == local("2026-11-24 09:00")


@pytest.mark.parametrize("hours", [0, -1, -24 * 365])
def test_the_clock_does_not_go_back(tmp_path: Path, hours: int) -> None:
    clock = make_clock(tmp_path)
    clock.set_first(local("2026-11-24 09:00"))
    with pytest.raises(ClockFault, match="only goes forward"):
        asyncio.run(clock.move(clock.now() + timedelta(hours=hours), work=_nothing, send=_nothing))
    assert clock.now() == local("2026-11-24 09:00")
    assert clock.last_move() is None


def test_a_move_does_the_work_of_every_stop_before_it_sends(tmp_path: Path) -> None:
    clock = make_clock(tmp_path)
    clock.set_first(local("2026-11-24 09:10"))
    done: list[tuple[str, datetime]] = []

    async def work(at: datetime) -> None:
        assert clock.now() == at
        done.append(("work", at))

    async def send(at: datetime) -> None:
        done.append(("send", at))

    asyncio.run(clock.move(local("2026-11-24 10:10"), work=work, send=send))
    stops = [local("2026-11-24 09:30"), local("2026-11-24 10:00"), local("2026-11-24 10:10")]
    assert done == [(what, at) for at in stops for what in ("work", "send")]
    moved = clock.last_move()
    assert moved is not None
    assert (moved.start, moved.end) == (local("2026-11-24 09:10"), local("2026-11-24 10:10"))


def test_a_move_that_breaks_half_way_leaves_the_clock_where_it_was(tmp_path: Path) -> None:
    clock = make_clock(tmp_path)
    clock.set_first(local("2026-11-24 09:00"))

    async def work(at: datetime) -> None:
        if at == local("2026-11-24 10:00"):
            raise RuntimeError("killed")

    with pytest.raises(RuntimeError, match="killed"):
        asyncio.run(clock.move(local("2026-11-24 12:00"), work=work, send=_nothing))
    assert clock.now() == local("2026-11-24 10:00")
