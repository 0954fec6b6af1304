"""A one-off delivery ends when nothing can go any more, not when one recipient is quicker than another."""

import asyncio

import pytest

from bot.platforms.base import Outcome, Parcel
from storage import people
from storage.database import Store
from storage.tables import MessageRow
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


def test_a_first_message_is_written_down_with_its_platform_and_the_channel_is_remembered(
    store: Store,
) -> None:
    async def scene(bench: Bench) -> None:
        message_id = bench.queue("grace.lindqvist", "hello")
        await bench.parts.delivery.deliver_due()
        with store.read() as tx:
            row = tx.get_one(MessageRow, message_id)
            accounts = people.accounts_of(tx, row.recipient_id)
        assert (row.state, row.platform) == ("sent", "slack")
        assert [account.address.get("channel") is not None for account in accounts] == [True]

    play(store, scene)
