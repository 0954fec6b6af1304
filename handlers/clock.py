"""What is done without being asked: the work of a clock tick.

The scheduler only ticks; what is due is asked of the database at every tick, in local time. So a tick may come
twice, late, or from two processes at once: each job finds done what is done (unique keys, versions) and does the
rest. To add a job, write a function ``(store, now) -> how many`` in its topic and name it in ``JOBS``.
"""

import logging
import traceback
from collections.abc import Callable
from datetime import datetime

from handlers.answers.subscriptions import send_subscriptions
from handlers.cadence.drift import check_drift
from handlers.cadence.new_schools import tell_new_schools
from handlers.cadence.overdue import bring_up_overdue
from handlers.cadence.rhythm_handovers import hand_rhythms_over
from handlers.cadence.still_on import ask_still_on
from handlers.cadence.visit_repair import repair_closed_days
from handlers.cadence.witnesses import look_for_witnesses
from handlers.cadence.year_check import tell_year_checks
from handlers.calendars.calendar_feeds import tell_calendar_ends
from handlers.calendars.publishing import blank_feeds
from handlers.centre.pulse_clock import blank_receipts, keep_pulses
from handlers.centre.request_news import watch_requests
from handlers.deciding.challenges import remind_challenges
from handlers.deciding.held_back import bring_back_held
from handlers.digest.deadlines import remind_deadlines
from handlers.digest.digest_preview import remind_previews
from handlers.digest.digest_reminders import send_reminders
from handlers.digest.digest_sending import report_undelivered, send_digests
from handlers.digest.slipped import check_demands
from handlers.district import one_district
from handlers.front_page import renew_homes
from handlers.guided.run_reminders import remind_runs
from handlers.guided.run_time import call_back, tell_time
from handlers.intake.mailbox import tell_unknown
from handlers.intake.mandate_tokens import blank_tokens
from handlers.intake.unit_notes import send_unit_notes
from handlers.keeping.retention_clock import let_go
from handlers.memory.handovers import ask_about_new_ilds
from handlers.memory.products import ask_for_products
from handlers.memory.thread_pages import tie_walkthroughs
from handlers.protected_time.lead_answers import remind_requests
from storage import record
from storage.database import Store, Tx

log = logging.getLogger(__name__)

Job = Callable[[Store, datetime], int]
"""Does what is due at the aware instant, in transactions of its own; answers how many things it did."""


def _forget_inbound(store: Store, now: datetime) -> int:
    with store.begin() as tx:
        return record.forget_inbound(tx, now=now)


JOBS: tuple[tuple[str, Job], ...] = (
    ("inbound_forgotten", _forget_inbound),
    ("digests", send_digests),
    ("digests_undelivered", report_undelivered),
    ("item_reminders", send_reminders),
    ("deadlines_reminded", remind_deadlines),
    ("previews_reminded", remind_previews),
    ("demands_slipped", check_demands),
    ("runs_reminded", remind_runs),
    ("run_times", tell_time),
    ("run_calls", call_back),
    ("walkthroughs_tied", tie_walkthroughs),
    ("products", ask_for_products),
    ("handovers", ask_about_new_ilds),
    ("rhythm_handovers", hand_rhythms_over),
    ("unit_requests", remind_requests),
    ("challenges", remind_challenges),
    ("service_requests", watch_requests),
    ("held_back", bring_back_held),
    ("unit_notes", send_unit_notes),
    ("visits_repaired", repair_closed_days),
    ("new_schools", tell_new_schools),
    ("still_on", ask_still_on),
    ("overdue", bring_up_overdue),
    ("year_checks", tell_year_checks),
    ("drift", check_drift),
    ("subscriptions", send_subscriptions),
    ("calendar_ends", tell_calendar_ends),
    ("witnesses", look_for_witnesses),
    ("unknown_mails", tell_unknown),
    ("tokens_blanked", blank_tokens),
    ("feeds_blanked", blank_feeds),
    ("pulses", keep_pulses),
    ("receipts_blanked", blank_receipts),
    ("homes_renewed", renew_homes),
    ("records_let_go", let_go),
)
"""In this order. The name is the key of its count."""


def run_due(
    store: Store, now: datetime, *, jobs: tuple[tuple[str, Job], ...] | None = None
) -> dict[str, int]:
    """Do everything that is due at ``now``; how many of each kind, and how many jobs failed.

    A job that fails is logged and does not keep the others from their work; the next tick tries it again.
    """
    counts: dict[str, int] = {}
    failed = 0
    with one_district():
        for name, job in JOBS if jobs is None else jobs:
            try:
                counts[name] = job(store, now)
            except Exception as error:  # noqa: BLE001 - one topic's bug must not silence the others
                failed += 1
                frames = "".join(traceback.format_tb(error.__traceback__))
                log.error("clock job %s failed: %s\n%s", name, type(error).__name__, frames)
    return {**counts, "failed": failed}


TICKED_SETTING = "clock_ticked"


def note_tick(store: Store, now: datetime) -> None:
    """Remember that the clock has ticked, so that whoever looks from outside knows whether it runs."""
    with store.begin() as tx:
        record.put_setting(tx, TICKED_SETTING, {"at": now.isoformat()})


def ticked_at(tx: Tx) -> datetime | None:
    """When the elected clock last ticked; None where it never did."""
    known = record.get_setting(tx, TICKED_SETTING)
    return datetime.fromisoformat(known["at"]) if known else None
