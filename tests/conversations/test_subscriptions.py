"""Answers that come again: taken out in words or by a button, sent by the clock, counted anew, stopped."""

from datetime import date

import pytest
from sqlmodel import select

from handlers import clock
from handlers.actions import act
from handlers.cards import Chart, buttons_of
from storage.database import Store
from storage.tables import AuditRow, RoleRow
from tests.chat import Chat, Speaker, words_of
from tests.conversations.test_insight import chat as chat  # the same ten weeks of visits
from tests.conversations.test_insight import last_card
from tests.district import email


@pytest.fixture
def ruth(chat: Chat) -> Speaker:
    return chat.person(email("ruth.castellanos"))


def tick(chat: Chat, at: str) -> int:
    chat.move_to(at)
    return clock.run_due(chat.store, chat.now, jobs=(("subscriptions", clock.send_subscriptions),))[
        "subscriptions"
    ]


def test_an_answer_comes_every_first_monday_about_the_month_that_ended(chat: Chat, ruth: Speaker) -> None:
    ruth.says("visits this month by ILD")
    ruth.sees("4 visits")
    ruth.says("send me this every first Monday")
    ruth.sees(
        "every first Monday of the month: visits held, by ILD",
        "The first comes Mon 7 Dec",
        "the month that has just",
    )
    assert tick(chat, "2026-11-30 08:00") == 0
    assert tick(chat, "2026-12-07 08:00") == 1
    ruth.sees(
        "Every first Monday of the month",
        "4 visits",
        "Counted: visits held, by ILD, 1 Nov to 30 Nov",
        "[Stop]",
    )
    assert any(isinstance(block, Chart) for block in last_card(ruth).blocks)
    assert tick(chat, "2026-12-07 08:05") == 0, "a second tick says nothing twice"


def test_all_that_is_due_on_a_day_is_one_message(chat: Chat, ruth: Speaker) -> None:
    ruth.says("schools not visited for three weeks")
    ruth.says("every Monday")
    ruth.says("send me visits this week by school every Monday")
    ruth.sees("every Monday: visits held, by school")
    assert tick(chat, "2026-11-23 08:00") == 2
    ruth.sees("Roosevelt High (49 days)", "1 visit", "16 Nov to 22 Nov")
    assert len([card for card in ruth.seen if card.title.startswith("Every Monday")]) == 1


def test_follow_ups_are_sent_with_what_they_followed_on(chat: Chat, ruth: Speaker) -> None:
    ruth.says("visits this month")
    ruth.says("and in South Network?")
    ruth.presses("Send me this regularly")
    ruth.sees("How often?", "South Network", "[Every first Monday of the month]")
    ruth.presses("Every Monday")
    ruth.sees("every Monday: visits held, South Network")
    assert tick(chat, "2026-11-23 08:00") == 1
    ruth.sees("South Network", "1 Nov to 23 Nov", "[By school]")
    ruth.presses("By school")
    ruth.sees("Harbor Elementary 1", "Juniper K-8 1")


def test_a_button_is_about_its_own_answer_however_old(chat: Chat, ruth: Speaker) -> None:
    ruth.says("visits in October")
    ruth.sees("5 visits")
    place, card = next(iter(ruth.messages().items()))
    button = next(b for b in buttons_of(card) if b.label == "By ILD")
    ruth.says("schools not visited for three weeks")
    ruth.presses_again(place, button)
    ruth.sees("5 visits", "Imani Brooks 4, Tomás Rivera 1")


def test_the_list_and_stopping_one(chat: Chat, ruth: Speaker) -> None:
    ruth.says("my subscriptions")
    ruth.sees("You have no subscriptions")
    ruth.says("visits this month by ILD")
    ruth.says("send me this every month")
    ruth.says("send me schools not visited for three weeks every week")
    ruth.says("my subscriptions")
    ruth.sees(
        "visits this month by ILD",
        "Next: Mon 7 Dec",
        "schools not visited for three weeks",
        "Next: Mon 23 Nov",
    )
    ruth.says("stop subscription 2")
    ruth.sees("Stopped: schools not visited for three weeks", "visits this month by ILD")
    assert tick(chat, "2026-11-23 08:00") == 0
    ruth.says("stop my subscriptions")
    ruth.sees("You have no subscriptions")
    assert tick(chat, "2026-12-07 08:00") == 0


def test_the_rights_of_the_day_hold_and_it_is_on_record(chat: Chat, ruth: Speaker, store: Store) -> None:
    ruth.says("visits this month by ILD")
    ruth.says("send me this every Monday")
    assert tick(chat, "2026-11-23 08:00") == 1
    with store.begin() as tx:
        seen = tx.exec(select(AuditRow).where(AuditRow.action == "question.answered")).all()
        assert len(seen) == 2
        for row in tx.exec(select(RoleRow).where(RoleRow.person_id == ruth.id)):
            row.ends = date(2026, 11, 28)
            tx.add(row)
    assert tick(chat, "2026-11-30 08:00") == 1
    said = words_of(last_card(ruth))
    assert "I can't answer it for you any more" in said
    assert "4 visits" not in said
    assert tick(chat, "2026-12-07 08:00") == 0


def test_a_holiday_puts_it_off_and_a_long_break_drops_it(chat: Chat, ruth: Speaker) -> None:
    ruth.says("visits this month by ILD")
    ruth.says("send me this every Friday")
    assert tick(chat, "2026-11-20 08:00") == 1
    assert tick(chat, "2026-11-27 08:00") == 0, "no school"
    assert tick(chat, "2026-11-30 08:00") == 1, "three days late is still of use"
    assert tick(chat, "2026-12-18 08:00") == 1
    assert tick(chat, "2027-01-04 08:00") == 1
    ruth.sees("1 Jan to 4 Jan")


def test_every_monday_is_an_answer_where_somebody_waits_for_one(chat: Chat) -> None:
    imani = chat.person(email("imani.brooks"))
    imani.says("every Monday")
    imani.does_not_see("I'll send you")


def test_nobody_subscribes_to_anothers_answer(chat: Chat, ruth: Speaker) -> None:
    ruth.says("visits this month by ILD")
    mei = chat.person(email("mei.tanaka"))
    mei.presses_action(act("subscription.start", question=1, often="0"))
    mei.sees("not yours")
    mei.presses_action(act("insight.by", question=1, by="ild"))
    mei.sees("older version")


def test_many_presses_on_one_answer_can_still_be_sent(chat: Chat, ruth: Speaker) -> None:
    ruth.says("visits this month")
    for _round in range(5):
        ruth.presses("And in")
        ruth.presses("By month")
        ruth.presses("By school")
    ruth.says("send me this every Monday")
    ruth.sees("I'll send you this every Monday: visits held, by school")
