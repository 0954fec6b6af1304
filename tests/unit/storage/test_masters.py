"""Adapted protocols in the database: one in force a key and owner, compare and set, and the way back."""

from dataclasses import replace
from datetime import UTC, datetime

from protocols.guided.adapting import retime_step
from protocols.guided.catalog import library
from protocols.guided.steps import Protocol
from storage import masters
from storage.database import Store, Tx

NOW = datetime(2026, 11, 30, 15, 0, tzinfo=UTC)
IMANI, TOMAS = 1, 2
PACKAGED = library()["walkthrough"]


def lasting(minutes: int) -> Protocol:
    return retime_step(PACKAGED, "notes", minutes)


def put(tx: Tx, protocol: Protocol, owner_id: int | None) -> int:
    assert masters.save_draft(tx, PACKAGED, protocol, owner_id=owner_id, by=IMANI, at=NOW)
    draft = masters.draft(tx, protocol.key, owner_id)
    assert draft is not None
    assert masters.put_in_force(tx, draft.id, body=protocol, at=NOW)
    return draft.id


def test_ones_own_comes_before_the_districts_and_that_before_the_packaged(store: Store) -> None:
    with store.begin() as tx:
        assert masters.in_force(tx, "walkthrough", IMANI) == PACKAGED
        put(tx, lasting(20), None)
        put(tx, lasting(25), IMANI)
        for ild, minutes in ((IMANI, 25), (TOMAS, 20), (None, 20)):
            assert masters.in_force(tx, "walkthrough", ild) == lasting(minutes)
            assert masters.available(tx, ild)["walkthrough"] == lasting(minutes)
            assert list(masters.available(tx, ild)) == list(library())


def test_a_protocol_that_only_the_district_has_can_be_begun(store: Store) -> None:
    ours = replace(PACKAGED, key="ours")
    with store.begin() as tx:
        assert masters.put_file(tx, ours, file="ours.yaml", by=None, at=NOW)
        assert not masters.put_file(tx, ours, file="ours.yaml", by=None, at=NOW)
        assert masters.available(tx, TOMAS)["ours"] == masters.in_force(tx, "ours", TOMAS) == ours
        assert masters.previous(tx, "ours", None) is None


def test_a_draft_changed_elsewhere_is_neither_overwritten_nor_put_in_force(store: Store) -> None:
    with store.begin() as tx:
        assert masters.save_draft(tx, PACKAGED, lasting(20), owner_id=IMANI, by=IMANI, at=NOW)
        assert masters.save_draft(tx, lasting(20), lasting(25), owner_id=IMANI, by=IMANI, at=NOW)
        assert not masters.save_draft(tx, lasting(20), lasting(5), owner_id=IMANI, by=IMANI, at=NOW)
        draft = masters.draft(tx, "walkthrough", IMANI)
        assert draft is not None
        assert not masters.put_in_force(tx, draft.id, body=lasting(20), at=NOW)
        assert masters.put_in_force(tx, draft.id, body=lasting(25), at=NOW)
        assert not masters.put_in_force(tx, draft.id, body=lasting(25), at=NOW)


def test_going_back_and_changing_again_does_not_bring_back_what_was_left(store: Store) -> None:
    with store.begin() as tx:
        first, second = put(tx, lasting(20), IMANI), put(tx, lasting(25), IMANI)
        assert masters.go_back(tx, second)
        assert not masters.go_back(tx, second)
        third = put(tx, lasting(35), IMANI)
        assert masters.previous(tx, "walkthrough", IMANI) == lasting(20)
        assert masters.go_back(tx, third)
        assert masters.in_force(tx, "walkthrough", IMANI) == lasting(20)
        assert masters.go_back(tx, first)
        assert masters.in_force(tx, "walkthrough", IMANI) == PACKAGED
        states = [one.state for one in masters.history(tx, "walkthrough", IMANI)]
        assert states == ["withdrawn", "withdrawn", "withdrawn"]


def test_one_is_in_force_and_a_new_version_stays_shared(store: Store) -> None:
    with store.begin() as tx:
        first = put(tx, lasting(20), IMANI)
        assert masters.share(tx, first, is_shared=True)
        assert not masters.share(tx, first, is_shared=True)
        second = put(tx, lasting(25), IMANI)
        assert [(one.id, one.protocol) for one in masters.shared(tx)] == [(second, lasting(25))]
        assert masters.share(tx, second, is_shared=False)
        assert masters.shared(tx) == []
        states = [one.state for one in masters.history(tx, "walkthrough", IMANI)]
        assert states == ["in_force", "replaced"]
