"""The faults that the product is tried against, row by row, and what else proves a row beside the cases here.

A case is a test marked ``@pytest.mark.fault(ROW, "what is done")``; ``injected`` counts how often it did so, and a
case that never did it fails. ``ELSEWHERE`` names tests that prove a row already, through a real local server or as a
table of cases, where a process of its own would add nothing. ``make faults`` runs all of them.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """``weak`` is what is known not to hold, or to hold only so far."""

    fault: str
    behaviour: str
    weak: str = ""


@dataclass(frozen=True, slots=True)
class Proof:
    """A test outside of this folder, and what it does."""

    test: str
    does: str


ROWS: dict[int, Row] = {
    1: Row(
        "`kill -9` before a message is claimed, after, after the platform took it, before and after it is marked",
        "Goes on by itself; what was under way is looked up, nothing twice, nothing lost",
        "A sender holds up to eight messages at once, so a kill leaves up to eight in doubt, not one. Teams cannot be"
        " asked whether it has a message: there what was under way at the kill stays on the administrator's list.",
    ),
    2: Row(
        "`kill -9` while messages are being queued",
        "All or none; the next run adds what is missing and nothing twice",
    ),
    3: Row(
        "`SIGTERM` in mid-sending (a deploy)",
        "Ends what is in flight within ten seconds, gives back the rest, exit status 0",
        "Who was written to when the ten seconds ended is looked up by the next process.",
    ),
    4: Row(
        "Several instances, all ticking",
        "One leads (PostgreSQL), unique keys hold even without it (SQLite)",
    ),
    5: Row(
        "The platform takes a message, then drops the connection, answers 502 or 504, or not at all",
        "In doubt, looked up, never sent again blindly",
        "Teams: 502 and 504 (and 412) are repeated, as Microsoft asks, so a message that Teams took and then answered"
        " so may be shown twice.",
    ),
    6: Row(
        "A storm of 429: Retry-After of seconds, missing, as a date, an hour",
        "All of that platform waits as told, order kept, no attempt counted; an alarm where messages come too late",
    ),
    7: Row(
        "Somebody's account is gone or blocks the bot",
        "That one is listed with the platform's reason; the others go on",
    ),
    8: Row(
        "The token is revoked in mid-run",
        "Stops at once, keeps the rest, one alarm; goes on when it works again",
    ),
    9: Row(
        "The same event eleven times, a button twice, two people at once",
        "One effect; the second one sees who did it",
    ),
    10: Row(
        "Events out of order, an event of ten minutes ago, an old button",
        "The state by its version; what is stale is answered with where the thing stands",
    ),
    11: Row(
        "The work takes longer than the platform waits",
        "Acknowledged first; the repeat has no second effect",
        "While the database is locked for more than two seconds an event is acknowledged before it is written down; a"
        " kill in just that moment loses it.",
    ),
    12: Row(
        "A replayed, a wrong signature; a clock six minutes off",
        "Refused with 401; the health check says that the clock is off",
    ),
    13: Row(
        "The clock jumps an hour, a day, back to 1970",
        "Nothing twice; what is late goes, what is stale is listed",
        "A sender on another machine that died while its clock was ahead holds its messages until its clock's time has"
        " come.",
    ),
    14: Row(
        "The clocks change; six time zones; a district changes its zone",
        "The same time on the wall, once; protected time never shrinks",
    ),
    15: Row(
        "The machine is down from Friday to Tuesday",
        "One catch-up, marked late or skipped by policy; no flood",
    ),
    16: Row(
        "A full disk, a folder that is gone, a file that cannot be written",
        "Nothing is sent that was not claimed, a plain alarm, recovers by itself",
    ),
    17: Row(
        "The database is locked for a minute; a long reader holds up the log",
        "Waits, then says “try again”; the log stays bounded",
    ),
    18: Row(
        "A damaged file; last night's backup put back, taken under load",
        "Refuses to serve what is damaged; nothing of the gap is said again",
        "Teams cannot be looked up, so after a restore what waits is sent; what was sent in the gap may come twice.",
    ),
    19: Row(
        "A deploy in mid-protocol: an old process alive, old buttons",
        "Old rows and old statements still work, old buttons are answered",
        "Version 0.1.0 itself is started only where the clone has its tag, and on SQLite; elsewhere the old process is"
        " its statements: rows with the columns of its version, read and written meanwhile.",
    ),
    20: Row(
        "Rosters that are cut, encoded otherwise, short of nine in ten rows; a kill in mid-import",
        "Checked whole before anything changes; a large removal asks; all or nothing",
    ),
    21: Row("Calendar files as they are in the wild", "The right school days"),
    22: Row("A snow day declared at 05:30", "Visits to the head of the queue, one message a person"),
    23: Row(
        "Time is protected over a booking; two administrators; a request in the same second",
        "Named before saving; one after the other; protected time wins",
    ),
    24: Row(
        "A principal changes school, an ILD leaves",
        "The past stays, open visits are handed over, no digest to who left",
    ),
    25: Row(
        "Somebody left, muted or removed the bot between queueing and sending",
        "Looked at again when it is sent",
    ),
    26: Row(
        "Messages to everybody while 3,000 presses a minute come in",
        "Acknowledged within a second (99 of 100) while the fan-out runs",
        "Measured beside the platform and whoever presses, on the same cores; the figure is in the table and no test"
        " fails by it.",
    ),
    27: Row(
        "PostgreSQL: connections killed, fail-over, deadlock, pool used up",
        "Tried again as a whole, once; waits are bounded",
    ),
    28: Row("A week's messages to 13,000 people", "Memory stays flat (a tenth)"),
}

_SLACK = "tests/contract/test_slack_sending.py::"
_TEAMS = "tests/contract/test_teams_sending.py::"
_FROM_SLACK = "tests/contract/test_slack_requests.py::"
_FROM_TEAMS = "tests/contract/test_teams_requests.py::"
_TOLD = "tests/conversations/"

ELSEWHERE: dict[int, tuple[Proof, ...]] = {
    1: (
        Proof(
            _SLACK + "test_a_sender_that_died_holding_a_message_leaves_it_to_be_looked_up",
            "a sender dies holding messages (server)",
        ),
        Proof("tests/contract/test_processes.py", "stopped and killed processes on one machine (processes)"),
    ),
    2: (
        Proof(
            _TOLD + "test_digest.py::test_killed_after_any_digest_the_next_run_writes_the_rest",
            "the digest job stops after any digest (conversation)",
        ),
    ),
    4: (
        Proof(
            "tests/contract/test_postgres_senders.py",
            "one elected clock, three senders at once (PostgreSQL)",
        ),
        Proof(
            _TOLD + "test_digest.py::test_two_clocks_at_once_give_nobody_two_and_nobody_none",
            "two clocks at once (conversation)",
        ),
    ),
    5: (
        Proof(
            _SLACK + "test_a_message_accepted_whose_answer_was_lost_is_there_once",
            "the answer is lost (server)",
        ),
        Proof(
            _SLACK + "test_a_message_slack_failed_over_is_looked_up_and_then_sent_once",
            "5xx of Slack (server)",
        ),
        Proof(
            _TEAMS + "test_a_message_in_doubt_is_reported_and_never_sent_again", "dropped by Teams (server)"
        ),
        Proof(
            _TEAMS + "test_an_answer_that_takes_too_long_leaves_the_message_in_doubt", "no answer (server)"
        ),
        Proof(
            _TEAMS + "test_what_microsoft_asks_to_repeat_is_repeated_after_a_while",
            "412, 502, 504 of Teams (server)",
        ),
    ),
    6: (
        Proof(
            _SLACK + "test_a_rate_limit_pauses_everything_as_long_as_slack_says",
            "seconds, a date, an hour (server)",
        ),
        Proof(
            _SLACK + "test_a_storm_of_rate_limits_loses_nothing_and_keeps_each_persons_order",
            "a storm (server)",
        ),
        Proof(
            _TEAMS + "test_an_hour_of_refusals_loses_nothing_keeps_the_order_and_asks_ever_less_often",
            "an hour of refusals by Teams (server)",
        ),
        Proof("tests/unit/bot/test_pace.py::test_how_long_to_wait", "every form of Retry-After (table)"),
    ),
    7: (
        Proof(
            _SLACK + "test_somebody_who_cannot_be_reached_is_listed_and_the_others_go_on",
            "Slack's words for it (server)",
        ),
        Proof(
            _TEAMS + "test_somebody_who_cannot_be_reached_is_listed_and_the_others_go_on",
            "Teams' words for it (server)",
        ),
    ),
    8: (
        Proof(
            _SLACK + "test_a_revoked_token_stops_everything_keeps_the_queue_and_raises_one_alarm",
            "Slack (server)",
        ),
        Proof(
            _TEAMS + "test_refused_credentials_stop_everything_keep_the_queue_and_raise_one_alarm",
            "Teams (server)",
        ),
    ),
    9: (
        Proof(
            _FROM_SLACK + "test_a_message_delivered_eleven_times_under_different_ids_is_answered_once",
            "eleven ids (server)",
        ),
        Proof(
            _FROM_SLACK + "test_eleven_deliveries_at_the_same_moment_are_answered_once",
            "eleven at once (server)",
        ),
        Proof(_FROM_SLACK + "test_a_button_delivered_twice_is_answered_once", "a press twice (server)"),
        Proof(
            _FROM_TEAMS + "test_the_same_activity_is_answered_once_one_after_the_other_and_at_once",
            "Teams' repeats (server)",
        ),
        Proof(_TOLD + "test_runs_at_once.py", "two people at once (conversations, both databases)"),
    ),
    10: (
        Proof(_FROM_TEAMS + "test_a_button_of_an_old_version_is_answered_kindly", "an old button (server)"),
        Proof(
            _FROM_SLACK + "test_edits_and_the_bots_own_words_are_passed_over",
            "edits and deletions of messages (server)",
        ),
        Proof(
            _TOLD + "test_protected_policy.py::test_a_press_after_the_policy_has_changed_is_refused",
            "a press overtaken by a change (conversation)",
        ),
    ),
    11: (
        Proof(_FROM_SLACK + "test_the_acknowledgement_does_not_wait_for_the_work", "a slow handler (server)"),
    ),
    12: (
        Proof(
            _FROM_SLACK + "test_a_request_that_is_not_slacks_is_refused_and_does_nothing",
            "wrong, missing and old signatures (server)",
        ),
        Proof(
            _FROM_TEAMS + "test_a_request_without_a_good_token_is_refused_and_does_nothing",
            "Teams' tokens (server)",
        ),
    ),
    14: (
        Proof(
            "tests/unit/cadence/test_zones_and_weeks.py", "four zones, Arizona, Hawaii, both changes (tables)"
        ),
        Proof("tests/unit/cadence/test_sending.py", "missing and repeated hours (tables)"),
        Proof(
            _TOLD + "test_digest.py::test_each_principal_is_served_by_the_clock_on_their_own_wall",
            "a district in two zones (conversation)",
        ),
    ),
    15: (
        Proof(
            _TOLD + "test_digest.py::test_a_clock_that_was_down_on_monday_morning_sends_late_and_says_so",
            "late, and said so (conversation)",
        ),
        Proof(
            _TOLD
            + "test_digest.py::test_a_clock_that_was_down_until_wednesday_skips_the_week_and_tells_the_ild_once",
            "too late, and skipped (conversation)",
        ),
    ),
    18: (
        Proof("tests/unit/bot/test_backup.py", "what is no backup is not put back (tables)"),
        Proof(
            "tests/contract/test_command_line.py::test_a_damaged_database_is_not_served",
            "a damaged file (processes)",
        ),
        Proof(
            _SLACK + "test_after_a_backup_was_put_back_nothing_of_the_gap_is_sent_again",
            "the gap on Slack (server)",
        ),
        Proof(_TEAMS + "test_after_a_backup_was_put_back_what_waits_is_sent", "the gap on Teams (server)"),
    ),
    19: (Proof("tests/unit/storage/test_migrations.py", "tables and migrations agree (both databases)"),),
    20: (
        Proof("tests/unit/roster", "encodings, missing columns, duplicates, orphans (tables)"),
        Proof(
            "tests/unit/storage_roster/test_storage_roster.py",
            "all or nothing, large removals (both databases)",
        ),
    ),
    21: (
        Proof("tests/unit/cadence/test_calendar_ics.py", "folded lines, exclusive ends, exceptions (tables)"),
        Proof("tests/unit/cadence/test_calendar_files.py", "tables and cut files (tables)"),
    ),
    22: (
        Proof(
            _TOLD + "test_visit_repair.py::test_a_snow_day_this_morning_is_repaired_in_one_message",
            "visits of the day (conversation)",
        ),
        Proof(
            _TOLD + "test_visit_repair.py::test_a_snow_week_of_many_visits_is_one_message",
            "a week of them, one message (conversation)",
        ),
        Proof(
            _TOLD + "test_calendar.py::test_a_snow_day_this_morning_is_one_press", "declared (conversation)"
        ),
        Proof(
            "tests/unit/cadence/test_sending.py::test_a_snow_day_on_monday_moves_the_digest",
            "the digest (table)",
        ),
    ),
    23: (Proof(_TOLD + "test_protected_policy.py", "conflicts named, the past kept (conversations)"),),
    24: (
        Proof(_TOLD + "test_rhythm_handovers.py", "visits and rhythms handed over (both databases)"),
        Proof(_TOLD + "test_handover.py", "what goes along, what stays (both databases)"),
        Proof(
            _TOLD + "test_digest.py::test_no_digest_goes_to_a_principal_who_has_left_the_school",
            "who left (conversation)",
        ),
    ),
    25: (
        Proof(_SLACK + "test_somebody_who_left_meanwhile_is_not_written_to", "left before sending (server)"),
        Proof("tests/unit/bot/test_outgoing.py", "what is looked at again (tables)"),
        Proof(_TOLD + "test_courtesy.py", "quiet hours, days away (both databases)"),
        Proof("tests/contract/test_slack_accounts.py", "accounts that are lost and come back (server)"),
    ),
}
