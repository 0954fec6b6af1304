"""Every kind of message: what it weighs, which topic of reminders it belongs to, and what one calls it.

What becomes of a kind in protected time, in quiet hours, for somebody who is away and in a week that is full follows
from its weight (``protocols/cadence/courtesy.py``). ``tests/unit/courtesy/test_message_kinds.py`` writes the outcome of
each out by hand and fails for a kind that is not here.
"""

from dataclasses import dataclass

from protocols.cadence.courtesy import Topic, Weight


@dataclass(frozen=True, slots=True)
class MessageKind:
    """``says`` is what it is in a list of messages. ``replaces``: a newer one about the same thing takes the place of
    one that still waits."""

    weight: Weight
    says: str
    topic: Topic | None = None
    replaces: bool = False

    @property
    def may_snooze(self) -> bool:
        return self.weight is Weight.REMINDER or self is KINDS["snoozed"]


_A, _T, _Q, _N, _R = Weight.ANSWER, Weight.TODAY, Weight.QUESTION, Weight.NOTICE, Weight.REMINDER

KINDS: dict[str, MessageKind] = {
    # said at once: the answer to what somebody did, and the other side of a run both are in
    "reply": MessageKind(_A, "an answer"),
    "run": MessageKind(_A, "the next step of a conversation"),
    "run_time": MessageKind(_A, "the time left in a step", replaces=True),
    "run_summary": MessageKind(_A, "a summary"),
    "run_stopped": MessageKind(_A, "a conversation that was stopped"),
    "run_invite": MessageKind(_A, "an invitation to take part"),
    "run_declined": MessageKind(_A, "an answer to an invitation"),
    "item_answer": MessageKind(_A, "your ILD's answer"),
    "proposal_answer": MessageKind(_A, "an answer to what you proposed"),
    "unit-request-answer": MessageKind(_A, "an answer to an office's question"),
    "challenge_answer": MessageKind(_A, "a unit's answer to your question about a demand"),
    "calendar_first": MessageKind(_A, "the first reading of a published calendar"),
    "page": MessageKind(_A, "what a page asks that you named"),
    "memo_feed_first": MessageKind(_A, "the first reading of a feed"),
    "mandate_token": MessageKind(_A, "a token for a unit"),
    "feed_address": MessageKind(_A, "the address of your feed"),
    "pulse_receipt": MessageKind(_A, "the receipt of your answer to the pulse"),
    "emergency": MessageKind(Weight.EMERGENCY, "an emergency"),
    # the one weekly message, and visits that change on their own day
    "digest": MessageKind(Weight.DIGEST, "the week's digest"),
    "visit_today": MessageKind(_T, "a visit of the same day that changed"),
    # a colleague asks, or answers
    "item_question": MessageKind(_Q, "a question about an item"),
    "proposal": MessageKind(_Q, "a proposal"),
    "override": MessageKind(_Q, "a request for protected time"),
    "override-second": MessageKind(_Q, "a request for protected time beyond the budget"),
    "unit-request": MessageKind(_Q, "an office's question about a school"),
    "challenge": MessageKind(_Q, "a question about a demand"),
    "service_request": MessageKind(_Q, "what a school asks of a unit"),
    "service_answer": MessageKind(_Q, "a unit's answer to what your school asked"),
    "service_overdue": MessageKind(_Q, "a school's request that nobody has answered"),
    "unit_takes": MessageKind(_Q, "something a unit does in place of schools"),
    "override-answer": MessageKind(_Q, "an answer about protected time"),
    "handover": MessageKind(_Q, "the handover of a school"),
    # what has its day or hour: if a full week held it back, it would be read after it
    "meeting": MessageKind(_Q, "a meeting"),
    "override-notice": MessageKind(_Q, "protected time that was taken"),
    "pulse": MessageKind(_Q, "a pulse, answered without names"),
    "visit": MessageKind(_Q, "a visit planned, moved or cancelled", replaces=True),
    "repair": MessageKind(_Q, "visits that must find another day"),
    "reopened": MessageKind(_Q, "visits that can be held after all"),
    "visit_away": MessageKind(_Q, "a visit planned for somebody's days away"),
    "memo": MessageKind(_Q, "a memo to triage"),
    "memo_version": MessageKind(_Q, "whether a memo of yours replaces an earlier one"),
    "demand_changed": MessageKind(_Q, "a day of your digest that has moved"),
    "slipped": MessageKind(_Q, "demands that nobody has decided about"),
    "memo_unread": MessageKind(_Q, "a mail of yours of which no memo came"),
    "too_much": MessageKind(_Q, "an account that sends more than a person would"),
    "mailbox": MessageKind(_Q, "news of the mailbox for memos"),
    "held_back": MessageKind(_Q, "demands that were held and are back"),
    "preview": MessageKind(_Q, "Monday's digest, as a preview"),
    # to somebody new
    "welcome": MessageKind(_Q, "the first words to somebody new"),
    # what a colleague did
    "rhythm": MessageKind(_N, "a school's rhythm that changed"),
    "rhythm_handover": MessageKind(_N, "the rhythms of a school that changes hands"),
    "new_school": MessageKind(_N, "schools that are new in your network"),
    "year_check": MessageKind(_N, "whether the year's rhythms can be kept"),
    "pulse_result": MessageKind(_N, "what came of a pulse"),
    "pulse_done": MessageKind(_N, "what was done after a pulse"),
    "unit_note": MessageKind(_N, "what became of your requests to schools"),
    "calendar": MessageKind(_N, "a change of the school calendar"),
    "own_calendar": MessageKind(_N, "how reading your own calendar went"),
    "memo_in": MessageKind(_N, "a memo of yours that came in by mail"),
    "memo_feed": MessageKind(_N, "how reading a feed of memos goes"),
    "handover_pack": MessageKind(_N, "what goes along with a school"),
    "promise": MessageKind(_N, "what came of a promise", Topic.PROMISES),
    "run_next_step": MessageKind(_N, "a next step that changed"),
    "digest_missed": MessageKind(_N, "digests that did not go out"),
    "master.refused": MessageKind(_N, "a protocol that cannot be read"),
    "witness_told": MessageKind(_N, "whether a visit helped"),
    "witness_settled": MessageKind(_N, "how a visit was settled"),
    # brought up by the bot
    "overdue": MessageKind(_R, "schools past their rhythm", Topic.OVERDUE),
    "drift": MessageKind(_R, "schools that drift away from their rhythm", Topic.OVERDUE),
    "product": MessageKind(_R, "something promised that is due", Topic.PRODUCTS, replaces=True),
    "run_reminder": MessageKind(_R, "a conversation that stands still", Topic.CHECK_INS, replaces=True),
    "run_call": MessageKind(_R, "a check-in that comes back", Topic.CHECK_INS, replaces=True),
    "witness": MessageKind(_R, "whether a visit took place", Topic.VISITS),
    "still_on": MessageKind(Weight.TIMELY, "whether a visit is still on", Topic.STILL_ON),
    "deadline": MessageKind(Weight.TIMELY, "what is due soon", Topic.DEADLINES),
    # reminders one asked for
    "item_reminder": MessageKind(Weight.WANTED, "a reminder you asked for", replaces=True),
    "subscription": MessageKind(Weight.WANTED, "figures you asked for regularly"),
    "snoozed": MessageKind(Weight.WANTED, "a reminder you put off"),
}

OTHER = MessageKind(Weight.NOTICE, "a message")
"""A kind of an older version that is not sent any more, and may still wait."""


def kind_of(name: str) -> MessageKind:
    return KINDS.get(name, OTHER)
