"""No answer to an executive holds a word that was written in a run, whatever is asked and whatever was written."""

import json
from datetime import date, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import select

from handlers.answers import insight
from handlers.district import load_district
from handlers.errors import UserError
from handlers.router import answer_words
from handlers.turn import Turn
from protocols.cadence.calendar import Half
from storage import people, visits
from storage.database import Store, Tx
from storage.tables import (
    AuditRow,
    PromiseRow,
    ProposalRow,
    ProtocolVersionRow,
    RunEventRow,
    RunRow,
    VisitRow,
)
from tests.chat import words_of
from tests.district import NOW, email
from tests.eval.questions import OWN, load_rows

QUESTIONS = [
    *(row["text"] for row in load_rows(OWN / "questions.jsonl")),
    *(question for asked in insight.QUICK.values() for question in asked.values()),
    "what did they write in the last walkthrough",
    "show me the notes of Lincoln Middle",
    "next steps agreed at Lincoln Middle",
    "share of visits with a next step by school",
    "and what are they?",
    "longest gap between visits",
    "open cycles of inquiry by phase",
    "open cycles of inquiry by school",
    "which cancelled visits were never made up",
    "demands taken off plates by office",
    "how useful do principals find our visits",
    "how long do service requests to facilities wait",
    "what did principals say about the units' support in the pulse",
    "who works with whom",
    "scorecards",
    "ledger",
    "who looked at my figures",
    "my subscriptions",
    "find",
]
WRITTEN = st.text("qxzjvk =+-@<>*", min_size=12, max_size=60).map(lambda text: f"zq{text.strip()}qz")


class UndoError(Exception):
    """Ends an example: nothing of it is kept."""


@settings(deadline=None, max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    written=WRITTEN,
    asked=st.lists(st.sampled_from(QUESTIONS), min_size=1, max_size=3),
)
def test_no_answer_to_an_executive_holds_what_was_written_in_a_run(
    store: Store, written: str, asked: list[str]
) -> None:
    try:
        with store.begin() as tx:
            write_everywhere(tx, written)
            for question in asked:
                for answer in answers(tx, question):
                    assert written not in answer, f"{question!r} is answered with it"
            kept = "".join(json.dumps(row.detail) for row in tx.exec(select(AuditRow)))
            assert written not in kept, "the record holds it"
            raise UndoError
    except UndoError:
        pass


def answers(tx: Tx, question: str) -> list[str]:
    """Everything an executive is told who asks this, in chat and by a program."""
    today = NOW.date()
    executive = people.find_by_email(tx, email("ruth.castellanos"), on=today)
    assert executive is not None
    turn = Turn(tx=tx, person=executive, now=NOW, district=load_district(tx), key=f"test:{question}")
    try:
        said = [words_of(card) for card in answer_words(turn, question)]
    except UserError as refusal:
        said = [str(refusal)]
    return [*said, json.dumps(insight.ask(turn, question, context=None), ensure_ascii=False)]


def write_everywhere(tx: Tx, text: str) -> None:
    """A walkthrough with its events, a promise and a proposal of each school, each free text being this one."""
    today = NOW.date()
    version = ProtocolVersionRow(
        digest="d", key="walkthrough", title="Walkthrough", body="{}", created_at=NOW
    )
    tx.add(version)
    tx.flush()
    for school in people.schools_on(tx, today):
        day = today - timedelta(days=3)
        visit_id = visits.record_held(
            tx,
            school_id=school.id,
            ild_id=school.ild_id or 0,
            day=day,
            half=Half.AM,
            kind="walkthrough",
            minutes=60,
            at=NOW,
        )
        visit = tx.get_one(VisitRow, visit_id)
        visit.because = visit.move_reason = visit.cancel_reason = text
        visit.led_to_next_step, visit.useful = True, 3
        run = RunRow(
            protocol_key="walkthrough",
            protocol_digest="d",
            counts_as="inquiry" if school.id % 2 else "walkthrough",
            school_id=school.id,
            visit_id=visit_id,
            apart=text,
            started_at=NOW,
            moved_at=NOW,
            phase="try",
            phase_since=NOW,
        )
        tx.add(run)
        tx.flush()
        tx.add(RunEventRow(run_id=run.id or 0, seq=1, body=json.dumps({"text": text}), at=NOW))
        tx.add(
            PromiseRow(
                run_id=run.id,
                visit_id=visit_id,
                school_id=school.id,
                owner_id=school.principal_id or 0,
                what=text,
                by_when=date(2026, 11, 1),
                evidence=text,
                outcome=text,
                created_at=NOW,
            )
        )
        tx.add(
            ProposalRow(
                school_id=school.id,
                person_id=school.principal_id or 0,
                kind="focus",
                text=text,
                created_at=NOW,
            )
        )
    tx.flush()
