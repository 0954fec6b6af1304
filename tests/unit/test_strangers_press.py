"""Everything pressed and written by everybody whom it does not concern: nothing is shown, nothing changes.

A walkthrough is over and a week's memo, meeting, visits and digests are on their way in the North Network. Then each
of the others presses every registered action with forged ids and versions, and writes every command about schools
that are not theirs. A handler that forgets to ask ``permissions`` shows or changes something here.
"""

import random
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlmodel import select

from handlers import actions, router, topics
from handlers.actions import act
from handlers.reception import Pressed, Said
from storage import handovers, proposals
from storage.database import Store
from storage.people import schools_on
from storage.tables import (
    AuditRow,
    DigestItemRow,
    DigestRow,
    HandoverRow,
    PromiseRow,
    ProposalRow,
    RunEventRow,
    RunRow,
    SchoolRow,
    TriageRow,
    VisitRow,
    WeekLineRow,
)
from tests.chat import Chat, Speaker
from tests.district import email, make_store
from tests.faults import stories
from tests.warm_stores import WarmStores

OUTSIDERS = {
    "another network's ILD": "tomas.rivera",
    "another network's principal": "peter.novak",
    "a principal of the same network": "farid.haddad",
    "an executive": "ruth.castellanos",
    "a unit's staff member": "dev.patel",
    "the administrator": "ana.whitefeather",
}
SECRETS = (  # what was said in the walkthrough, and why a visit was cancelled
    "talk to each other about their work",
    "same few students",
    "ask each other questions",
    "found the ratio",
    "pens down",
    "count who explains",
    "ask before I tell",
    "written note",
    "reading specialist",
    "A hearing that morning",
    "what quiet students ask",  # the focus the principal proposed
)
NETWORK_SECRETS = (*SECRETS, "The conferences first")  # and what the ILD tells her own principals
FIELDS = ("text", "reason", "note", "day", "at", "by", "wording", "sentence", "reason_class", "taker", "keep", "school",
          "do_not_drop", "taken_by", "who", "by_when", "evidence", "parts", "outcome", "answer")  # fmt: skip
EVERY_ACTION = sorted(name for topic in (*topics.TOPICS, *router.OWN) for name in topic.actions)
IDS = (
    "run",
    "visit",
    "triage",
    "memo",
    "meeting",
    "item",
    "digest",
    "demand",
    "school",
    "promise",
    "proposal",
    "handover",
    "cycle",
    "e",
    "n",
    "of",
    "id",
    "rule",
    "ild",
    "into",
)
FORGED = ((1, 1), (1, 27), (2, 1))  # id, version
MANY = 40
"""From so many kills asked for on, as `make faults` does, everything is tried and not a part of it."""
WORDS = (
    "walkthrough lincoln middle",
    "inquiry roosevelt",
    "home",
    "resume",
    "edit",
    "where are we",
    "plan lincoln middle thu 8:30",
    "move roosevelt to fri 9:00",
    "cancel roosevelt",
    "visited lincoln middle 45 min, coaching",
    "what was said at lincoln middle?",
    "what did grace promise?",
    "next steps at lincoln middle",
    "ask next steps at roosevelt high",
    "ask visits at lincoln middle since September",
    "triage",
    "my tasks",
    "my digest",
    "preview",
    "who has done what",
    "thread lincoln middle",
    "memory of lincoln middle",
    "my thread",
    "my follow-through",
    "hand over lincoln middle to imani brooks",
)


@pytest.fixture(scope="session")
def busy_week(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("busy")
    store = make_store(folder)
    events = stories.week(store)
    stories.walkthrough(store)
    events[-1].play(store)  # Monday's digests
    ask_and_hand_over(store)
    store.close()
    return folder / "test.sqlite"


def ask_and_hand_over(store: Store) -> None:
    """What waits for an answer at Lincoln Middle: a focus proposed to the ILD, a handover asked of the principal."""
    at = datetime(2026, 12, 2, 12, tzinfo=UTC)
    with store.begin() as tx:
        school = next(s for s in schools_on(tx, at.date()) if s.name == "Lincoln Middle")
        assert school.principal_id is not None
        assert school.ild_id is not None
        principal, ild = school.principal_id, school.ild_id
        proposals.add(
            tx, school_id=school.id, person_id=principal, kind="focus", text="what quiet students ask", at=at
        )
        handovers.add(tx, school_id=school.id, principal_id=principal, from_id=ild, to_id=ild, at=at)


@pytest.fixture
def busy_store(busy_week: Path, warm_stores: WarmStores, tmp_path: Path) -> Iterator[Store]:
    store = warm_stores.sqlite(busy_week, tmp_path / "busy.sqlite")
    yield store
    store.close()


def foreign_rows(store: Store, person_id: int, chat: Chat) -> dict[str, list[object]]:
    """Every row that the person has no right to change, as it stands."""
    with store.read() as tx:
        own_schools = {
            school.id
            for school in schools_on(tx, chat.now.date())
            if person_id in (school.ild_id, school.principal_id)
        }
        own_digests = {row.id for row in tx.exec(select(DigestRow)) if row.principal_id == person_id}
        keep: dict[type, Callable[..., bool]] = {
            RunRow: lambda row: row.school_id not in own_schools,
            RunEventRow: lambda row: row.run_id == 1,
            PromiseRow: lambda row: row.school_id not in own_schools,
            VisitRow: lambda row: row.school_id not in own_schools,
            ProposalRow: lambda row: row.school_id not in own_schools,
            SchoolRow: lambda row: row.id not in own_schools,
            TriageRow: lambda row: row.ild_id != person_id,
            WeekLineRow: lambda row: row.ild_id != person_id,
            HandoverRow: lambda row: row.principal_id != person_id and row.id == 1,
            DigestRow: lambda row: row.id not in own_digests,
            DigestItemRow: lambda row: row.digest_id not in own_digests,
        }
        return {
            table.__name__: [row.model_dump() for row in tx.exec(select(table)) if is_foreign(row)]  # type: ignore[attr-defined]  # a table's row
            for table, is_foreign in keep.items()
        }


def check(speaker: Speaker, move: str, outcome: str) -> None:
    assert outcome in ("done", "refused"), f"{move}: {outcome}"
    said = speaker.last_words().casefold()
    is_in_network = speaker.email == email("farid.haddad")
    for secret in SECRETS if is_in_network else NETWORK_SECRETS:
        assert secret.casefold() not in said, f"{move} shows {secret!r}"


@pytest.mark.parametrize("name", OUTSIDERS.values(), ids=OUTSIDERS.keys())
def test_forged_buttons_show_and_change_nothing(
    busy_store: Store, name: str, monkeypatch: pytest.MonkeyPatch, pytestconfig: pytest.Config
) -> None:
    """Each outsider presses each action with one of the forged ids, in `make faults` with all of them."""
    chance = random.Random(name)
    tried = 1 if pytestconfig.getoption("--kills") < MANY else len(FORGED)
    monkeypatch.setattr(actions, "MAX_LENGTH", 1_000)  # so that one line can hold every argument there is
    chat = Chat(busy_store, at="2026-12-02 13:00")
    chat.events = 10_000
    speaker = chat.person(email(name))
    before = foreign_rows(busy_store, speaker.id, chat)
    assert all(before.values()), "the week has left nothing to protect"
    for action in EVERY_ACTION:
        for number, version in chance.sample(FORGED, tried):
            ids = dict.fromkeys(IDS, number)
            forged = act(
                action, v=version, start=0, step="debrief", day="2026-12-09", half="am", word="edit",
                state="done", to="pass_on", what="note", at=540, **ids,
            )  # fmt: skip
            values = {
                "text": "x", "reason": "no time", "note": "x", "day": "2026-12-09", "at": "9:00", "by": "ild",
                "wording": "x", "sentence": "a long reason for it", "reason_class": "legal", "taker": "x",
                "parts": "focus\npromises", "outcome": "x", "answer": "x",
            }  # fmt: skip
            check(speaker, forged.encode(), speaker._send(Pressed(forged.encode(), values), None).outcome)
    assert foreign_rows(busy_store, speaker.id, chat) == before
    with busy_store.read() as tx:
        refused = {row.detail["right"] for row in tx.exec(select(AuditRow)) if row.action == "refused"}
    assert refused >= {"see_run", "plan_visit", "answer_digest"}, (
        "the presses did not come to the handlers' doors"
    )


@pytest.mark.parametrize("name", OUTSIDERS.values(), ids=OUTSIDERS.keys())
def test_words_about_others_schools_show_and_change_nothing(busy_store: Store, name: str) -> None:
    chat = Chat(busy_store, at="2026-12-02 13:00")
    chat.events = 10_000
    speaker = chat.person(email(name))
    before = foreign_rows(busy_store, speaker.id, chat)
    for words in WORDS:
        check(speaker, words, speaker._send(Said(words), None).outcome)
    assert foreign_rows(busy_store, speaker.id, chat) == before


def press(speaker: Speaker, line: str, values: dict[str, str] | None = None) -> str:
    return speaker._send(Pressed(line, values or {}), None).outcome


def test_a_visit_of_ones_own_makes_good_only_one_of_the_same_school(busy_store: Store) -> None:
    chat = Chat(busy_store, at="2026-12-02 13:00")
    chat.events = 10_000
    tomas = chat.person(email("tomas.rivera"))
    before = foreign_rows(busy_store, tomas.id, chat)
    assert any(row["status"] == "cancelled" for row in before["VisitRow"])  # type: ignore[index]  # a dumped row
    for number in (1, 2, 3):
        press(tomas, f"visit.hold?school=4&day=2026-12-1{number}&half=am&instead={number}")
    assert foreign_rows(busy_store, tomas.id, chat) == before


FEW = 1
"""Arguments of each action that are tried by each of four people; in `make faults` all."""
GARBAGE = ("", "?", "²", "-1", "0", "99999999999999999999", "2026-13-45", "0001-01-01", "nobody", "\x00")
ARGUMENTS = (*IDS, "v", "start", "step", "day", "half", "word", "state", "to", "what", "at", "before", "kind", "tag",
             "option", "instead")  # fmt: skip


@pytest.mark.parametrize("name", ["imani.brooks", "grace.lindqvist", "dev.patel", "ruth.castellanos"])
def test_a_damaged_button_is_answered_with_a_sentence_and_never_a_bug(
    busy_store: Store, name: str, monkeypatch: pytest.MonkeyPatch, pytestconfig: pytest.Config
) -> None:
    """One argument is nonsense, the others are as they should be; a few of each action, in `make faults` all."""
    monkeypatch.setattr(actions, "MAX_LENGTH", 1_000)
    chance = random.Random(name)
    chat = Chat(busy_store, at="2026-12-02 13:00")
    chat.events = 10_000
    speaker = chat.person(email(name))
    sound = dict.fromkeys(IDS, "1") | {
        "v": "1", "start": "0", "step": "debrief", "day": "2026-12-09", "half": "am", "at": "540",
        "kind": "walkthrough",
    }  # fmt: skip
    bugs = []
    for action in EVERY_ACTION:
        for argument in chance.sample(
            ARGUMENTS, FEW if pytestconfig.getoption("--kills") < MANY else len(ARGUMENTS)
        ):
            nonsense = chance.choice(GARBAGE)
            line = act(action, **{**sound, argument: nonsense}).encode()
            values = {field: chance.choice(GARBAGE) for field in FIELDS}
            if press(speaker, line, values) not in ("done", "refused"):
                bugs.append(f"{action} with {argument}={nonsense!r} and {values}")
    assert not bugs, "\n".join(bugs[:20])


def test_every_topics_actions_are_known_by_its_name() -> None:
    for topic in (*topics.TOPICS, *router.OWN):
        assert all(action.startswith(f"{topic.name}.") for action in topic.actions), topic.name
