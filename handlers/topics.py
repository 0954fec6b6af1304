"""The list of topics: the map of the conversation. To add one, write its module and name it here."""

import re
from collections.abc import Callable

from handlers import administration
from handlers.answers import insight, insight_goal, insight_looks, subscriptions
from handlers.cadence import drift, likings, rhythms, still_on, travel, visit_repair, visits, witnesses
from handlers.calendars import calendar_desk, own_calendar, reopening
from handlers.centre import asked_in_words, pulse, scorecards, service_requests, theory, ties
from handlers.courtesy import courtesy
from handlers.deciding import areas, challenges, triage, triage_rules, week_budget
from handlers.digest import deadlines, digests, done_by_school, languages
from handlers.guided import frameworks, masters, proposals, runs
from handlers.intake import (
    drop_quota,
    mailbox,
    mandate_tokens,
    mandates,
    memo_feeds,
    memo_form,
    memo_search,
    pages,
    submission,
)
from handlers.keeping import forgetting, holds, my_data, retention
from handlers.memory import handovers, thread_pages
from handlers.protected_time import (
    emergencies,
    lead_through,
    meetings,
    override_budget,
    protected_ledger,
    protected_policy,
)
from handlers.turn import Cards, Command, Topic, Turn

LONGEST_COMMAND = 500
"""Characters. A longer text that begins with a command's word ("Plan for ...") is a memo, not a command."""

TOPICS: tuple[Topic, ...] = (
    my_data.TOPIC,  # before runs: "export" alone is a run's page
    runs.TOPIC,
    visits.TOPIC,
    witnesses.TOPIC,
    visit_repair.TOPIC,
    still_on.TOPIC,
    reopening.TOPIC,
    likings.TOPIC,
    rhythms.TOPIC,
    travel.TOPIC,
    drift.TOPIC,
    thread_pages.TOPIC,
    proposals.TOPIC,
    handovers.TOPIC,
    meetings.TOPIC,
    own_calendar.TOPIC,
    lead_through.TOPIC,
    service_requests.TOPIC,
    scorecards.TOPIC,
    pages.TOPIC,
    mandates.TOPIC,
    memo_form.TOPIC,
    submission.TOPIC,
    drop_quota.TOPIC,
    memo_feeds.TOPIC,
    mandate_tokens.TOPIC,
    mailbox.TOPIC,
    triage.TOPIC,
    challenges.TOPIC,
    triage_rules.TOPIC,
    week_budget.TOPIC,
    areas.TOPIC,
    digests.TOPIC,
    deadlines.TOPIC,
    done_by_school.TOPIC,
    languages.TOPIC,
    theory.TOPIC,
    subscriptions.TOPIC,  # before questions: "send me visits by ILD every Monday"
    insight_looks.TOPIC,
    insight_goal.TOPIC,
    ties.TOPIC,
    insight.TOPIC,
    frameworks.TOPIC,
    memo_search.TOPIC,  # after those who know what to find: find look-fors about …
    masters.TOPIC,
    protected_policy.TOPIC,
    override_budget.TOPIC,
    emergencies.TOPIC,
    protected_ledger.TOPIC,
    pulse.TOPIC,
    courtesy.TOPIC,
    administration.TOPIC,
    retention.TOPIC,
    holds.TOPIC,
    forgetting.TOPIC,
    calendar_desk.TOPIC,
)

FORMS = frozenset(
    {
        "ask.answer_form",
        "ask.times",
        "challenge.form",
        "master.add",
        "master.form",
        "meeting.override_form",
        "memo.form",
        "pulse.done_form",
        "pulse.form",
        "run.edit_form",
        "run.stop_form",
        "service.form",
        "service.new",
        "submission.form",
        "theory.form",
        "theory.tie_form",
        "thread.apart_form",
        "thread.drop_form",
        "thread.put_off_form",
        "triage.decline",
        "triage.edit",
        "triage.focus",
        "triage.hold",
        "triage.merge",
        "triage.note",
        "triage.stand_in",
        "triage.taker",
        "visit.cancel_form",
        "visit.log_form",
        "visit.move_form",
        "witness.form",
    }
)
"""Buttons that open a form. A platform with windows of their own for forms (Slack's modals) opens one at once, for it
may do so only within seconds of the press; elsewhere the form is the next message."""

READINGS: tuple[Callable[[Turn, str], Cards | None], ...] = (
    pages.read_lone_address,
    mandates.read_pasted,
    memo_search.read_find,
    asked_in_words.read,
    insight.read_clear_question,
    rhythms.read_bare,
    runs.read_while_waiting,
    insight.read_question,
)
"""What free words may be, tried in this order when they are neither a command nor an awaited answer.

``read_while_waiting`` answers whatever somebody says whose run waits for the other side, so only what is surely a
question comes before it: a note that sounds like one is not refused as one.
"""


read_in_thread = runs.read_in_thread
"""Read after commands and letters: what is written in a thread belongs to what the thread is about."""

read_letter = mandates.read_letter
"""Read before an awaited answer: nobody answers a question with To, From and Subject."""


def commands_for(turn: Turn) -> list[Command]:
    """The commands that this person's roles may use, in the order of the topics."""
    return [
        command
        for topic in TOPICS
        for command in topic.commands
        if not command.roles or command.roles & turn.person.roles
    ]


def run_command(turn: Turn, text: str) -> Cards | None:
    """What the bot says to words that are a command this person may use; None for all others."""
    words = re.sub(r"\s+", " ", text).strip()
    for command in commands_for(turn):
        if len(words) > LONGEST_COMMAND and not command.is_verbatim:
            continue
        match = command.pattern.fullmatch(text.strip() if command.is_verbatim else words)
        if match:
            cards = command.run(turn, match)
            if cards is not None:
                return cards
    return None


def opens_form(line: str) -> bool:
    """Whether the answer to the button of this line of text is a form to fill in."""
    return line.partition("?")[0] in FORMS


def find_topic(name: str) -> Topic | None:
    return next((topic for topic in TOPICS if topic.name == name), None)
