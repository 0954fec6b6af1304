"""A one-off delivery ends when nothing can go any more, not when one recipient is quicker than another."""

import asyncio

import pytest

from bot.platforms.base import Outcome, Parcel
from storage.database import Store
from tests.contract.slack_bench import Bench, play


def test_the_second_message_to_somebody_whose_first_took_long_goes_too(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def scene(bench: Bench) -> None:
        slack = bench.parts.platforms["slack"]
        send = slack.send

        async def slowly(parcel: Parcel) -> Outcome:
            if parcel.message_id == first:
                await asyncio.sleep(0.1)
            return await send(parcel)

        monkeypatch.setattr(slack, "send", slowly)
        first = bench.queue("grace.lindqvist", "first")
        bench.queue("grace.lindqvist", "second")
        bench.queue("imani.brooks", "other")
        await bench.parts.delivery.deliver_due()
        assert bench.words("U0GRACE") == ["first", "second"]

    play(store, scene)
