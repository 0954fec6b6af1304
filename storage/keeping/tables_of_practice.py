"""What is declared of the practice: visits, runs, promises, memos, digests, meetings, requests, the calendar."""

from collections.abc import Mapping

from protocols.keeping.schedule import Kind
from storage.keeping.declared import Declared, Leaving, Record, of

_PUBLIC, _WORKING, _SYSTEM, _SECURITY = Record.PUBLIC, Record.WORKING, Record.SYSTEM, Record.SECURITY
_COACHING, _LETTERS = Record.COACHING, Record.CORRESPONDENCE

OF_PRACTICE: Mapping[str, Declared] = {
    # visits and coaching
    "visit": of(
        "Your visits",
        Kind.VISIT_WORDS,
        _PUBLIC,
        "ild_id",
        "school_id day half starts minutes kind status because cancelled_by cancel_reason move_reason",
        at="day",
        named="put_by",
        theirs="because cancel_reason move_reason",
        withheld="because cancel_reason move_reason useful",
    ),
    "witness": of(
        "What you said of visits", Kind.VISIT_WORDS, _COACHING, "person_id", "at took_place words", at="at"
    ),
    "run": of("Walkthroughs, inquiries and other conversations", Kind.COACHING, _COACHING, at="started_at"),
    "run_seat": of(
        "Conversations in which you took part",
        Kind.FIGURES,
        _COACHING,
        "person_id",
        "run_id seat since until",
        at="since",
    ),
    "run_event": of(
        "What you wrote in them", Kind.COACHING, _COACHING, "person_id", "at run_id body", at="at"
    ),
    "promise": of(
        "Next steps that were yours",
        Kind.COACHING,
        _COACHING,
        "owner_id",
        "school_id what by_when evidence state looked_at outcome created_at",
        theirs="outcome",
        at="created_at",
    ),
    "proposal": of(
        "What you proposed",
        Kind.COACHING,
        _COACHING,
        "person_id",
        "school_id kind text day state created_at decided_at",
        at="created_at",
    ),
    "handover": of(
        "Schools that were handed over",
        Kind.FIGURES,
        _COACHING,
        "principal_id from_id to_id",
        "school_id parts state created_at decided_at",
        at="created_at",
    ),
    "focus_tie": of(
        "How demands stand to a school's focus",
        Kind.DIGEST_WORDS,
        _COACHING,
        "principal_id tied_by",
        "school_id demand_id fit focus line tied_at",
        theirs="focus line",
        at="tied_at",
    ),
    "drift": of(
        "Schools that drifted while you accompanied them",
        Kind.FIGURES,
        _WORKING,
        "ild_id",
        "school_id kind since found_on told_on mended_on",
        at="found_on",
    ),
    "target": of(
        "Rhythms you set",
        Kind.FIGURES,
        _WORKING,
        "set_by",
        "school_id days starts ends because set_at",
        at="set_at",
    ),
    "protocol_version": of("Protocols as they were run", Kind.SETTINGS, _SYSTEM),
    "protocol_master": of(
        "Protocols you adapted",
        Kind.SETTINGS,
        _WORKING,
        "owner_id made_by",
        "key state file made_at body",
        at="made_at",
    ),
    "framework": of(
        "Frameworks you put in force", Kind.SETTINGS, _PUBLIC, "loaded_by", "title version loaded_at"
    ),
    # memos and digests
    "mandate": of(
        "Memos you sent",
        Kind.MEMOS,
        _PUBLIC,
        "sender_id forwarded_by",
        "received_at memo_date unit title text source",
        at="memo_date",
    ),
    "demand": of("What memos ask", Kind.MEMOS, _PUBLIC),
    "demand_change": of("Demands that changed", Kind.MEMOS, _PUBLIC, "ild_id", "at kind words due", at="at"),
    "digest_change": of("Which digest told of a change", Kind.MEMOS, _PUBLIC),
    "original": of(
        "Files you sent",
        Kind.FILES,
        _PUBLIC,
        "sender_id",
        "received_at name media_type size source unit state why let_go_at",
        at="received_at",
    ),
    "triage": of(
        "What you decided about demands",
        Kind.DIGEST_WORDS,
        _WORKING,
        "ild_id decided_by",
        "decided_at demand_id decision wording note taken_by unit reason week hold_until done_at",
        at="decided_at",
    ),
    "buffer_rule": of(
        "Your rules",
        Kind.SETTINGS,
        _WORKING,
        "ild_id",
        "sentence topic unit audience binding decision taken_by made_at ended_at",
        at="made_at",
    ),
    "week_line": of(
        "Your lines at the head of digests", Kind.DIGEST_WORDS, _WORKING, "ild_id", "week line", at="week"
    ),
    "digest": of(
        "Digests you got, or that went to your schools",
        Kind.FIGURES,
        _PUBLIC,
        "principal_id ild_id",
        "school_id week minutes budget minutes_saved is_late created_at",
        at="week",
    ),
    "digest_item": of(
        "What your digests held, and what you answered",
        Kind.DIGEST_WORDS,
        _PUBLIC,
        shown="section wording minutes own_day note taken_by state delegated_to question answer answered_at remind_on",
        theirs="note state delegated_to question answer answered_at remind_on",
        through=("digest_id", "digest"),
        withheld="note question answer delegated_to focus",
    ),
    "drop_use": of(
        "What you asked not to drop", Kind.MEMOS, _PUBLIC, "person_id", "at unit demand_id", at="at"
    ),
    "principal_area": of(
        "What you let principals decide",
        Kind.SETTINGS,
        _PUBLIC,
        "set_by",
        "area theirs fixed ask set_on",
        at="set_on",
    ),
    # the ways memos come in
    "page": of(
        "Pages you named", Kind.SET_ASIDE, _WORKING, "person_id", "asked_at host unit state", at="asked_at"
    ),
    "memo_feed": of(
        "Feeds you follow", Kind.SETTINGS, _WORKING, "person_id", "host title unit since active", at="since"
    ),
    "memo_feed_entry": of("Entries of feeds that were read", Kind.SETTINGS, _SYSTEM),
    "mailbox": of("How far the mailbox was read", Kind.SETTINGS, _SYSTEM),
    "unknown_mail": of("Mails of senders nobody knows", Kind.SET_ASIDE, _WORKING, named="settled_by"),
    "mandate_token": of(
        "Tokens you made",
        Kind.SETTINGS,
        _SECURITY,
        "made_by",
        "unit hint made_at revoked_at used_at",
        at="made_at",
    ),
    # meetings and protected time
    "meeting": of(
        "Meetings you asked for or decided about",
        Kind.MEMOS,
        _PUBLIC,
        "requester_id decided_by seconded_by",
        "created_at office topic audience day starts minutes state reason_class reason",
        at="day",
    ),
    "protected_loss": of(
        "Protected time of yours that was taken",
        Kind.FIGURES,
        _PUBLIC,
        "person_id",
        "day half minutes office reason_class",
        at="day",
    ),
    "emergency": of(
        "Emergencies you declared",
        Kind.MEMOS,
        _LETTERS,
        "author_id",
        "created_at audience text state people",
        at="created_at",
    ),
    # requests between schools and units
    "challenge": of(
        "Questions about demands that you asked or answered",
        Kind.REQUESTS,
        _LETTERS,
        "asker_id responder_id answered_by",
        "created_at unit demand_id question answer state answered_at",
        at="created_at",
    ),
    "challenge_waiter": of(
        "Questions whose answer you waited for", Kind.REQUESTS, _SYSTEM, "ild_id", "joined_at"
    ),
    "unit_request": of(
        "Offices' questions that you asked, or that were about your schools",
        Kind.REQUESTS,
        _LETTERS,
        "asker_id ild_id responder_id",
        "created_at office subject question state answer settled_at",
        at="created_at",
    ),
    "first_responder": of(
        "What you answer offices first about",
        Kind.SETTINGS,
        _PUBLIC,
        "person_id",
        "subject network starts ends",
    ),
    "service_request": of(
        "Service requests of yours",
        Kind.REQUESTS,
        _LETTERS,
        "asker_id owner_id",
        "asked_at school_id unit what state promised_on answered_at done_at",
        at="asked_at",
    ),
    "service_step": of(
        "Steps you took in service requests",
        Kind.REQUESTS,
        _LETTERS,
        "actor_id",
        "at request_id step unit words day",
        at="at",
        named="named_id",
    ),
    # the centre
    "pulse": of(
        "Pulses you started", Kind.FIGURES, _PUBLIC, "started_by", "opened_on closes_on units", at="opened_on"
    ),
    "pulse_answered": of(
        "About whom you have answered the pulse that is open",
        Kind.PULSE_WORDS,
        Record.ANONYMOUS,
        "person_id",
        "about",
        leaving=Leaving.GOES,
    ),
    "pulse_ballot": of("Marks in pulses", Kind.FIGURES, Record.ANONYMOUS),
    "pulse_line": of("Lines in pulses", Kind.PULSE_WORDS, Record.ANONYMOUS),
    "pulse_done": of(
        "What you said was done after a pulse",
        Kind.MEMOS,
        _PUBLIC,
        "said_by",
        "said_on about text",
        at="said_on",
    ),
    "theory": of(
        "Theories of action you wrote",
        Kind.SETTINGS,
        _PUBLIC,
        "written_by",
        "written_at scope number if_ then so_that because",
        at="written_at",
    ),
    # the calendar
    "period": of("School years and terms", Kind.SETTINGS, _PUBLIC),
    "closure": of("Days that differ", Kind.SETTINGS, _PUBLIC),
    "protected_rule": of("Protected half-days", Kind.SETTINGS, _PUBLIC),
    "protected_opening": of("Exceptions from protected half-days", Kind.SETTINGS, _PUBLIC),
    "policy_change": of(
        "Changes of protected time that you wrote",
        Kind.SETTINGS,
        _WORKING,
        "author_id",
        "created_at words state",
        at="created_at",
    ),
    "calendar_feed": of(
        "Published calendars you gave", Kind.SETTINGS, _SECURITY, "person_id", "host taken_at active"
    ),
    "calendar_change": of(
        "Changes of the calendar that you were shown",
        Kind.SETTINGS,
        _WORKING,
        "person_id",
        "created_at state edit",
        at="created_at",
    ),
    "travel": of("Ways between schools", Kind.SETTINGS, _SYSTEM),
}
