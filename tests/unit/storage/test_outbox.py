"""The outbox under any order of events: two senders, lost leases, look-ups, rate limits.

The machine plays the platform as well: its ledger says what really arrived. What must hold whatever happens is in
the invariants; that the last message gets out as well is in the closing step.
"""

from datetime import datetime, timedelta

from hypothesis import HealthCheck
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlmodel import select

from storage import doubts, outbox
from storage.database import Store
from storage.tables import MessageRow
from tests.district import NOW
from tests.examples import tried

SENDERS = ("first", "second")
RECIPIENTS = (1, 2, 3)
KINDS = ("digest", "reply")
PERIODS = ("2026-11-23", "2026-11-30", "2026-12-07")
FINAL = {"sent", "failed", "dropped"}


def put(
    store: Store,
    recipient: int,
    *,
    kind: str = "digest",
    period: str = "p",
    at: datetime = NOW,
    place: int | None = None,
) -> int | None:
    with store.begin() as tx:
        return outbox.put(
            tx, recipient_id=recipient, kind=kind, period=period, card="{}", asked=kind == "reply",
            not_before=at, created_at=NOW, place_id=place,
        )  # fmt: skip


def claim(store: Store, sender: str = "first", *, now: datetime = NOW, limit: int = 8) -> list[int]:
    with store.begin() as tx:
        return [row.id or 0 for row in outbox.claim(tx, sender=sender, now=now, limit=limit)]


def state(store: Store, message_id: int) -> str:
    with store.read() as tx:
        return tx.get_one(MessageRow, message_id).state


class Outbox(RuleBasedStateMachine):
    """Any order of putting, claiming, sending, dying, looking up, pausing, giving up."""

    store: Store  # set by the test below; emptied for each example

    def __init__(self) -> None:
        super().__init__()
        self.now = NOW
        self.put: dict[int, tuple[int, str, str]] = {}
        self.held: dict[str, list[int]] = {sender: [] for sender in SENDERS}
        self.ledger: list[int] = []  # what the platform accepted, in order
        self.refused: set[int] = set()
        with self.store.begin() as tx:
            for row in sorted(tx.exec(select(MessageRow)), key=lambda row: -(row.id or 0)):
                tx.delete(row)
                tx.flush()

    def rows(self) -> dict[int, MessageRow]:
        with self.store.read() as tx:
            return {row.id or 0: row for row in tx.exec(select(MessageRow))}

    # ------------------------------------------------------------ what happens

    @rule(recipient=st.sampled_from(RECIPIENTS), kind=st.sampled_from(KINDS), period=st.sampled_from(PERIODS))
    def something_is_to_be_said(self, recipient: int, kind: str, period: str) -> None:
        message = put(self.store, recipient, kind=kind, period=period, at=self.now)
        is_known = (recipient, kind, period) in self.put.values()
        assert (message is None) == is_known
        if message is not None:
            self.put[message] = (recipient, kind, period)

    def anything_sent(self) -> bool:
        return any(row.state == "sent" and row.place_id is None for row in self.rows().values())

    @precondition(anything_sent)
    @rule(data=st.data())
    def something_is_to_be_changed(self, data: st.DataObject) -> None:
        rows = self.rows()
        place = data.draw(
            st.sampled_from([m for m, r in rows.items() if r.state == "sent" and r.place_id is None])
        )
        recipient = rows[place].recipient_id
        message = put(self.store, recipient, period=f"change {len(self.put)}", at=self.now, place=place)
        assert message is not None
        self.put[message] = (recipient, "digest", f"change {len(self.put)}")
        for older, row in self.rows().items():
            if row.place_id == place and older != message:
                assert row.state != "queued" or row.attempts > 0, "two new states of one place wait"

    @rule(sender=st.sampled_from(SENDERS), limit=st.integers(1, 3))
    def a_sender_claims(self, sender: str, limit: int) -> None:
        before = self.rows()
        taken = claim(self.store, sender, now=self.now, limit=limit)
        assert len(taken) <= limit
        for message in taken:
            assert before[message].state == "queued"
            recipient = before[message].recipient_id
            older = [
                m for m, r in before.items()
                if m < message and r.recipient_id == recipient and r.state not in FINAL and r.not_before <= self.now
            ]  # fmt: skip
            assert not older, "a message overtook an older one of the same recipient"
        self.held[sender] += taken

    def _take_held(self, data: st.DataObject) -> tuple[str, int]:
        sender = data.draw(st.sampled_from([s for s in SENDERS if self.held[s]]))
        message = data.draw(st.sampled_from(self.held[sender]))
        self.held[sender].remove(message)
        return sender, message

    def anything_held(self) -> bool:
        return any(self.held.values())

    @precondition(anything_held)
    @rule(data=st.data())
    def it_is_sent_and_written_down(self, data: st.DataObject) -> None:
        _sender, message = self._take_held(data)
        self.ledger.append(message)
        with self.store.begin() as tx:
            outbox.mark_sent(tx, message, at=self.now, platform="test", reference={})
        assert state(self.store, message) == "sent"

    @precondition(anything_held)
    @rule(data=st.data(), arrives=st.booleans())
    def the_answer_is_lost(self, data: st.DataObject, arrives: bool) -> None:
        _sender, message = self._take_held(data)
        if arrives:
            self.ledger.append(message)
        with self.store.begin() as tx:
            outbox.mark_unknown(tx, message, why="lost", look_up_at=self.now)

    @precondition(anything_held)
    @rule(data=st.data(), arrives=st.booleans())
    def a_sender_dies_holding_it(self, data: st.DataObject, arrives: bool) -> None:
        """Whatever else it held dies with it, unsent."""
        sender, message = self._take_held(data)
        if arrives:
            self.ledger.append(message)
        self.held[sender] = []
        self.now += outbox.LEASE + timedelta(seconds=1)
        self.held = {name: [] for name in SENDERS}  # the other is as late, and no longer acts on what it held
        with self.store.begin() as tx:
            doubts.expire_leases(tx, now=self.now, look_up_at=self.now)

    @precondition(anything_held)
    @rule(data=st.data(), wait=st.sampled_from([0, 30]), counts=st.booleans())
    def it_is_surely_not_accepted(self, data: st.DataObject, wait: int, counts: bool) -> None:
        _sender, message = self._take_held(data)
        attempts = self.rows()[message].attempts
        with self.store.begin() as tx:
            outbox.mark_unsent(tx, message, not_before=self.now + timedelta(seconds=wait), counts=counts)
        assert self.rows()[message].attempts == attempts - (not counts)

    @precondition(anything_held)
    @rule(data=st.data())
    def the_recipient_cannot_be_reached(self, data: st.DataObject) -> None:
        _sender, message = self._take_held(data)
        self.refused.add(message)
        with self.store.begin() as tx:
            outbox.mark_failed(tx, message, why="account_inactive")

    @rule()
    def doubts_are_looked_up(self) -> None:
        with self.store.begin() as tx:
            for row in doubts.in_doubt(tx, now=self.now):
                assert row.id is not None
                if row.id in self.ledger:
                    outbox.mark_sent(tx, row.id, at=self.now, platform="test", reference={})
                else:
                    outbox.requeue(tx, row.id, now=self.now)

    @rule(data=st.data())
    def a_stale_answer_changes_nothing(self, data: st.DataObject) -> None:
        """A sender that was thought dead reports after all; what is settled stays settled."""
        settled = [m for m, row in self.rows().items() if row.state in FINAL]
        if not settled:
            return
        message = data.draw(st.sampled_from(settled))
        before = state(self.store, message)
        with self.store.begin() as tx:
            outbox.mark_unsent(tx, message, not_before=self.now, counts=True)
            outbox.mark_unknown(tx, message, why="late", look_up_at=self.now)
            outbox.requeue(tx, message, now=self.now)
            outbox.mark_failed(tx, message, why="late")
        assert state(self.store, message) == before

    @rule(seconds=st.sampled_from([5, 45]))
    def time_passes(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)
        if seconds > 5:  # the senders are alive: they end what they hold within their leases
            for sender in SENDERS:
                for message in self.held[sender]:
                    self.ledger.append(message)
                    with self.store.begin() as tx:
                        outbox.mark_sent(tx, message, at=self.now, platform="test", reference={})
                self.held[sender] = []

    # ------------------------------------------------------------ what holds

    @invariant()
    def nothing_is_sent_twice(self) -> None:
        assert len(self.ledger) == len(set(self.ledger))

    @invariant()
    def one_message_is_under_way_for_each_recipient(self) -> None:
        under_way = [row.recipient_id for row in self.rows().values() if row.state in ("claimed", "unknown")]
        assert len(under_way) == len(set(under_way))

    @invariant()
    def nothing_is_lost_and_nothing_sent_is_forgotten(self) -> None:
        rows = self.rows()
        assert set(rows) == set(self.put)
        for message, row in rows.items():
            if row.state == "sent":
                assert message in self.ledger
            if row.state in ("queued", "failed", "dropped"):
                assert message not in self.ledger

    def teardown(self) -> None:
        """However it stood: with one living sender and look-ups, everything ends, in order, exactly once."""
        for _ in range(3 * len(self.put) + 3):
            self.now += outbox.LEASE + timedelta(seconds=1)
            with self.store.begin() as tx:
                doubts.expire_leases(tx, now=self.now, look_up_at=self.now)
            self.doubts_are_looked_up()
            for message in claim(self.store, "last", now=self.now, limit=10):
                self.ledger.append(message)
                with self.store.begin() as tx:
                    outbox.mark_sent(tx, message, at=self.now, platform="test", reference={})
        overtaken = {message for message, row in self.rows().items() if row.state == "dropped"}
        assert sorted(self.ledger) == sorted(self.put.keys() - self.refused - overtaken)
        for place in {row.place_id for row in self.rows().values() if row.place_id is not None}:
            states = [m for m, row in self.rows().items() if row.place_id == place and m not in self.refused]
            assert not states or states[-1] in self.ledger, "the last state of a place is not shown"


def test_any_order_of_events_sends_everything_once_and_in_order(store: Store) -> None:
    class OnThisStore(Outbox):
        pass

    OnThisStore.store = store
    run_state_machine_as_test(
        OnThisStore,
        settings=tried(15, stateful_step_count=25, deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip


def test_a_look_up_that_a_wrong_clock_put_off_for_a_day_is_made_now(store: Store) -> None:
    message = put(store, 1, at=NOW)
    assert message is not None
    assert claim(store) == [message]
    with store.begin() as tx:
        outbox.mark_unknown(tx, message, why="lost", look_up_at=NOW + timedelta(days=1))
        assert [row.id for row in doubts.in_doubt(tx, now=NOW)] == [message]
        outbox.postpone_look_up(tx, message, until=NOW + timedelta(minutes=2))
        assert doubts.in_doubt(tx, now=NOW) == []


def test_what_a_platform_did_not_take_stays_as_due_as_it_was(store: Store) -> None:
    """A clock that was a day ahead for a moment must not hold it back for a day."""
    message = put(store, 1, at=NOW)
    assert message is not None
    assert claim(store, now=NOW + timedelta(days=1)) == [message]
    with store.begin() as tx:
        outbox.mark_unsent(tx, message, not_before=None, counts=False)
    assert claim(store) == [message]


def test_a_state_alone_is_counted_as_among_all(store: Store) -> None:
    ids = [put(store, 1 + n % 3, period=str(n)) for n in range(6)]
    with store.begin() as tx:
        for one in ids[:2]:
            outbox.drop(tx, one, why="test")
        assert outbox.count_by_state(tx) == {"queued": 4, "dropped": 2}
        for state in ("queued", "dropped", "failed"):
            assert outbox.count_in_state(tx, state) == outbox.count_by_state(tx).get(state, 0)
