"""Who may do and see what: one table, deny by default.

Principals speak openly only if coaching is not inspection. So an executive sees that a visit
took place, when, how long, which kind, and never what was said; a principal sees everything about the own school;
an ILD her own network; a unit its own requests. ``tests/unit/test_permissions.py`` walks every cell.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from handlers.errors import NotAllowedError
from storage.people import Person, Role, School


class Right(StrEnum):
    START_RUN = "start_run"  # open a walkthrough or an inquiry at a school
    SEE_RUN = "see_run"  # what was said, seen and promised in it
    TAKE_PART = "take_part"  # in a run one was invited to
    ADAPT_PROTOCOL = "adapt_protocol"  # a master of one's own
    MANAGE_PROTOCOLS = "manage_protocols"  # the district's masters
    SEE_VISITS = "see_visits"  # that visits took place: when, how long, which kind
    PLAN_VISIT = "plan_visit"
    SEE_RHYTHM = "see_rhythm"  # how often a school is to be seen, since when and why
    SET_RHYTHM = "set_rhythm"
    SET_TRAVEL = "set_travel"  # see and say how long the way between two schools is
    SEE_DRIFT = "see_drift"  # that a school slips out of sight; an executive once its ILD's time is over
    CHECK_YEAR = "check_year"  # whether the rhythms can be kept: load and slack of networks
    SEND_MANDATE = "send_mandate"
    SEE_MANDATE = "see_mandate"  # the original of a memo
    FOLLOW_FEED = "follow_feed"  # an office's feed of memos
    MANAGE_TOKENS = "manage_tokens"  # with which a unit's program sends memos
    SETTLE_MAIL = "settle_mail"  # take in or leave a mail of somebody unknown
    SEE_DROP_USES = "see_drop_uses"  # which units asked not to drop what: open to units and ILDs
    SET_DROP_QUOTA = "set_drop_quota"
    REPLACE_MEMO = "replace_memo"  # say that a memo takes an earlier one's place
    TRIAGE = "triage"
    KEEP_RULE = "keep_rule"  # end a rule of the buffer that one made
    ANSWER_CHALLENGE = "answer_challenge"  # a question about a demand: the unit's that asked for it
    SET_MINUTES = "set_minutes"  # how many minutes a week all offices together may ask
    KEEP_AREAS = "keep_areas"  # the table of what principals decide
    ANSWER_DIGEST = "answer_digest"  # done, remind me, delegate, ask
    SEE_DIGEST_STATE = "see_digest_state"  # who has done what
    SEE_DONE_COUNTS = "see_done_counts"  # how many schools have done what an office asked
    FIND_MEMO = "find_memo"  # in the search of all that was sent, with its status and the original
    FIND_TITLE = "find_title"  # there, no more than that it was sent: title, office, day
    ASK_MEETING = "ask_meeting"
    OVERRIDE = "override"  # take protected time, with a reason
    SEE_PROTECTED = "see_protected"  # how much of it was kept and who took it
    MANAGE_CALENDAR = "manage_calendar"
    MANAGE_FRAMEWORK = "manage_framework"  # which look-fors and which scale the district uses
    HAND_OVER = "hand_over"  # ask a principal what goes along to the next ILD
    CONNECT_CALENDAR = "connect_calendar"  # one's own, so that visits and meetings heed it
    PUBLISH_FEED = "publish_feed"  # one's visits, protected time and deadlines, at an address of one's own
    ASK_THROUGH = "ask_through"  # put a question for a principal, which her ILD or a first responder answers
    ANSWER_REQUEST = "answer_request"  # a unit's question: whoever it was given to, and the school's ILD
    NAME_RESPONDER = "name_responder"  # who answers units first about a subject
    DECLARE_EMERGENCY = "declare_emergency"  # a message about safety, at once, to principals and ILDs
    WITNESS_VISIT = "witness_visit"  # say whether a visit took place, and was of use
    SETTLE_VISIT = "settle_visit"  # say what holds where the witnesses of a visit differ
    SET_COURTESY = "set_courtesy"  # how many messages a week may reach somebody unasked
    KEEP_THEORY = "keep_theory"  # the district's theory of action
    KEEP_OWN_THEORY = "keep_own_theory"  # that of one's own network
    SEE_THEORY = "see_theory"  # an ILD's for her network; the district's is told to everybody
    ASK_UNIT = "ask_unit"  # a service request: what a school asks of a unit
    SEE_SERVICE_REQUEST = (
        "see_service_request"  # its words and its steps: school, its ILD, the unit that has it
    )
    ANSWER_SERVICE_REQUEST = "answer_service_request"  # take it, promise a day, hand it on, do or decline it
    CONFIRM_SERVICE_REQUEST = "confirm_service_request"  # say that it is mended, or is not
    SEE_SCORECARD = "see_scorecard"  # how units answer, in numbers
    SET_SERVICE_CLOCK = (
        "set_service_clock"  # after how long an unanswered one is brought up, and who heads a unit
    )
    START_PULSE = "start_pulse"  # ask principals, without names, how they find the centre's support
    ANSWER_PULSE = "answer_pulse"  # for oneself
    SEE_PULSE = "see_pulse"  # results about units
    SEE_ILD_PULSE = "see_ild_pulse"  # the result about an ILD: her own
    SAY_DONE = "say_done"  # what was done about a result: a unit about its own
    SEE_TIES = "see_ties"  # who works with whom, in counts
    SET_GOAL = "set_goal"  # the goal that time in schools is held against
    SET_RETENTION = "set_retention"  # see the retention schedule, and how long what is kept
    PUT_HOLD = "put_hold"  # legal holds: put them, see them, release them
    EXPORT_PERSON = "export_person"  # take along all that is kept by or about somebody
    FORGET_PERSON = "forget_person"  # take the name of somebody who left out of what is kept
    SEE_AUDIT = "see_audit"


class Scope(StrEnum):
    """How far a right reaches. ``OWN``: what one made oneself."""

    OWN = "own"
    OWN_SCHOOL = "own_school"
    OWN_NETWORK = "own_network"
    ALL = "all"


_: Scope | None = None
_ROLES = (Role.ILD, Role.PRINCIPAL, Role.EXECUTIVE, Role.UNIT, Role.ADMINISTRATOR)
TABLE: dict[Right, dict[Role, Scope | None]] = {
    right: dict(zip(_ROLES, row, strict=True))
    for right, row in {
        # right                  ILD                principal          executive   unit        administrator
        Right.START_RUN:        (Scope.OWN_NETWORK, Scope.OWN_SCHOOL,  _,          _,          _),
        Right.SEE_RUN:          (Scope.OWN_NETWORK, Scope.OWN_SCHOOL,  _,          _,          _),
        Right.TAKE_PART:        (Scope.OWN,         Scope.OWN,         Scope.OWN,  Scope.OWN,  Scope.OWN),
        Right.ADAPT_PROTOCOL:   (Scope.OWN,         _,                 _,          _,          _),
        Right.MANAGE_PROTOCOLS: (_,                 _,                 _,          _,          Scope.ALL),
        Right.SEE_VISITS:       (Scope.OWN_NETWORK, Scope.OWN_SCHOOL,  Scope.ALL,  _,          _),
        Right.PLAN_VISIT:       (Scope.OWN_NETWORK, Scope.OWN_SCHOOL,  _,          _,          _),
        Right.SEE_RHYTHM:       (Scope.OWN_NETWORK, Scope.OWN_SCHOOL,  Scope.ALL,  _,          _),
        Right.SET_RHYTHM:       (Scope.OWN_NETWORK, _,                 _,          _,          _),
        Right.SET_TRAVEL:       (Scope.OWN_NETWORK, _,                 _,          _,          Scope.ALL),
        Right.SEE_DRIFT:        (Scope.OWN_NETWORK, Scope.OWN_SCHOOL,  Scope.ALL,  _,          _),
        Right.CHECK_YEAR:       (Scope.OWN_NETWORK, _,                 Scope.ALL,  _,          _),
        Right.SEND_MANDATE:     (Scope.ALL,         _,                 Scope.ALL,  Scope.ALL,  Scope.ALL),
        Right.SEE_MANDATE:      (Scope.ALL,         Scope.ALL,         Scope.ALL,  Scope.OWN,  Scope.OWN),
        Right.SEE_DROP_USES:    (Scope.ALL,         _,                 Scope.ALL,  Scope.ALL,  Scope.ALL),
        Right.SET_DROP_QUOTA:   (_,                 _,                 _,          _,          Scope.ALL),
        Right.REPLACE_MEMO:     (Scope.OWN,         _,                 Scope.OWN,  Scope.OWN,  Scope.ALL),
        Right.FOLLOW_FEED:      (_,                 _,                 _,          Scope.OWN,  Scope.ALL),
        Right.MANAGE_TOKENS:    (_,                 _,                 _,          _,          Scope.ALL),
        Right.SETTLE_MAIL:      (_,                 _,                 _,          _,          Scope.ALL),
        Right.TRIAGE:           (Scope.OWN_NETWORK, _,                 _,          _,          _),
        Right.KEEP_RULE:        (Scope.OWN,         _,                 _,          _,          _),
        Right.ANSWER_CHALLENGE: (Scope.OWN,         _,                 Scope.OWN,  Scope.OWN,  Scope.OWN),
        Right.SET_MINUTES:      (Scope.OWN_NETWORK, _,                 _,          _,          Scope.ALL),
        Right.KEEP_AREAS:       (_,                 _,                 _,          _,          Scope.ALL),
        Right.ANSWER_DIGEST:    (_,                 Scope.OWN,         _,          _,          _),
        Right.SEE_DIGEST_STATE: (Scope.OWN_NETWORK, Scope.OWN_SCHOOL,  _,          _,          _),
        Right.SEE_DONE_COUNTS:  (_,                 _,                 _,          Scope.OWN,  Scope.OWN),
        Right.FIND_MEMO:        (Scope.OWN_NETWORK, Scope.OWN_SCHOOL,  _,          Scope.OWN,  Scope.OWN),
        Right.FIND_TITLE:       (_,                 _,                 Scope.ALL,  _,          _),
        Right.ASK_MEETING:      (Scope.ALL,         _,                 Scope.ALL,  Scope.ALL,  Scope.ALL),
        Right.OVERRIDE:         (_,                 _,                 Scope.ALL,  _,          _),
        Right.SEE_PROTECTED:    (Scope.OWN_NETWORK, Scope.OWN_SCHOOL,  Scope.ALL,  _,          Scope.ALL),
        Right.MANAGE_CALENDAR:  (_,                 _,                 _,          _,          Scope.ALL),
        Right.MANAGE_FRAMEWORK: (_,                 _,                 _,          _,          Scope.ALL),
        Right.HAND_OVER:        (Scope.OWN_NETWORK, _,                 _,          _,          Scope.ALL),
        Right.CONNECT_CALENDAR: (Scope.OWN,         Scope.OWN,         _,          _,          _),
        Right.PUBLISH_FEED:     (Scope.OWN,         Scope.OWN,         _,          _,          _),
        Right.ASK_THROUGH:      (_,                 _,                 _,          Scope.ALL,  Scope.ALL),
        Right.ANSWER_REQUEST:   (Scope.OWN,         Scope.OWN,         Scope.OWN,  Scope.OWN,  Scope.OWN),
        Right.NAME_RESPONDER:   (Scope.OWN_NETWORK, _,                 _,          _,          Scope.ALL),
        Right.DECLARE_EMERGENCY: (Scope.OWN_NETWORK, _,                Scope.ALL,  _,          Scope.ALL),
        Right.WITNESS_VISIT:    (_,                 Scope.OWN_SCHOOL,  _,          _,          _),
        Right.SETTLE_VISIT:     (Scope.OWN_NETWORK, _,                 _,          _,          _),
        Right.SET_COURTESY:     (_,                 _,                 _,          _,          Scope.ALL),
        Right.KEEP_THEORY:      (_,                 _,                 Scope.ALL,  _,          _),
        Right.KEEP_OWN_THEORY:  (Scope.OWN,         _,                 _,          _,          _),
        Right.SEE_THEORY:       (Scope.OWN_NETWORK, Scope.OWN_SCHOOL,  Scope.ALL,  _,          _),
        Right.ASK_UNIT:         (_,                 Scope.OWN_SCHOOL,  _,          _,          _),
        Right.SEE_SERVICE_REQUEST: (Scope.OWN_NETWORK, Scope.OWN_SCHOOL, _,        Scope.OWN,  _),
        Right.ANSWER_SERVICE_REQUEST: (_,           _,                 _,          Scope.OWN,  _),
        Right.CONFIRM_SERVICE_REQUEST: (_,          Scope.OWN_SCHOOL,  _,          _,          _),
        Right.SEE_SCORECARD:    (Scope.ALL,         Scope.ALL,         Scope.ALL,  Scope.ALL,  _),
        Right.SET_SERVICE_CLOCK: (_,                _,                 _,          _,          Scope.ALL),
        Right.START_PULSE:      (_,                 _,                 Scope.ALL,  _,          Scope.ALL),
        Right.ANSWER_PULSE:     (_,                 Scope.OWN,         _,          _,          _),
        Right.SEE_PULSE:        (Scope.ALL,         Scope.ALL,         Scope.ALL,  Scope.ALL,  Scope.ALL),
        Right.SEE_ILD_PULSE:    (Scope.OWN,         _,                 Scope.ALL,  _,          _),
        Right.SAY_DONE:         (_,                 _,                 Scope.ALL,  Scope.OWN,  _),
        Right.SEE_TIES:         (_,                 _,                 Scope.ALL,  _,          _),
        Right.SET_GOAL:         (_,                 _,                 Scope.ALL,  _,          Scope.ALL),
        Right.SET_RETENTION:    (_,                 _,                 _,          _,          Scope.ALL),
        Right.PUT_HOLD:         (_,                 _,                 _,          _,          Scope.ALL),
        Right.EXPORT_PERSON:    (Scope.OWN,         Scope.OWN,         Scope.OWN,  Scope.OWN,  Scope.OWN),
        Right.FORGET_PERSON:    (_,                 _,                 _,          _,          Scope.ALL),
        Right.SEE_AUDIT:        (Scope.OWN,         Scope.OWN,         Scope.OWN,  Scope.OWN,  Scope.ALL),
    }.items()
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Subject:
    """What the right is about: the school as of today, or the people who made the thing. Nothing: the district."""

    school: School | None = None
    owner_ids: frozenset[int] = frozenset()


def may(person: Person, right: Right, subject: Subject | None = None) -> bool:
    """Whether any of the person's roles reaches the subject. Inactive people and unknown roles may nothing.

    With no subject: whether the person has the right at all, whatever its reach.
    """
    if not person.active:
        return False
    scopes = {TABLE[right].get(role) for role in person.roles} - {None}
    if subject is None:
        return bool(scopes)
    return any(_reaches(scope, person, subject) for scope in scopes if scope is not None)


def which(person: Person, right: Right, schools: Sequence[School]) -> Sequence[School]:
    """Those of the schools that the right reaches, in their order: what ``may`` says of each, decided once for all
    of them where it reaches the whole district."""
    scopes = {TABLE[right].get(role) for role in person.roles} if person.active else set()
    if Scope.ALL in scopes:
        return schools
    reaching = [scope for scope in scopes if scope is not None]
    return [
        school
        for school in schools
        if any(_reaches(scope, person, Subject(school=school)) for scope in reaching)
    ]


def _reaches(scope: Scope, person: Person, subject: Subject) -> bool:
    match scope:
        case Scope.ALL:
            return True
        case Scope.OWN:
            return person.id in subject.owner_ids
        case Scope.OWN_SCHOOL:
            return subject.school is not None and subject.school.principal_id == person.id
        case Scope.OWN_NETWORK:
            return subject.school is not None and subject.school.ild_id == person.id


REFUSALS: dict[Right, str] = {
    Right.START_RUN: (
        "A walkthrough is between a school's principal and its ILD. You are neither there, so I can't "
        "open one."
    ),
    Right.SEE_RUN: "What is said in a visit stays with the principal and their ILD, so I can't show it.",
    Right.TAKE_PART: "That conversation is between others, so there is nothing for you to answer.",
    Right.ADAPT_PROTOCOL: "Protocols are adapted by ILDs, each for their own visits. Tell yours what should change.",
    Right.MANAGE_PROTOCOLS: "The district's protocols are kept by the administrator. You can adapt a copy of your own.",
    Right.SEE_VISITS: "That is another network's record, so I can't show it.",
    Right.PLAN_VISIT: (
        "Visits are planned by the school's principal and its ILD. You are neither there, so nothing was "
        "changed."
    ),
    Right.SEE_RHYTHM: "That is another network's school, so I can't show its rhythm.",
    Right.SET_RHYTHM: "How often a school is seen is set by its ILD. I have changed nothing.",
    Right.SET_TRAVEL: (
        "The ways between schools are kept by the administrator, and by an ILD for her own schools. I have changed "
        "nothing."
    ),
    Right.SEE_DRIFT: "Which schools drift is for their ILDs, their principals and executives to see.",
    Right.CHECK_YEAR: "Whether the rhythms can be kept is for ILDs and executives to check.",
    Right.SEND_MANDATE: (
        "Memos to schools come from an office, an ILD or an executive. Send it to your ILD, who can put "
        "it in."
    ),
    Right.SEE_MANDATE: "That memo is not yours to see here. Ask the office that sent it.",
    Right.SEE_DROP_USES: "Who asked not to drop what is open to offices, ILDs and executives. Ask your ILD.",
    Right.SET_DROP_QUOTA: "How often an office may ask not to drop something is the administrator's to say. Ask them.",
    Right.REPLACE_MEMO: "Whether a memo replaces another is for whoever sent it to say. I have changed nothing.",
    Right.FOLLOW_FEED: "Feeds of memos are followed by an administrator, or by an office for itself. Ask one of them.",
    Right.MANAGE_TOKENS: "Tokens are given to units by an administrator. Ask them for one.",
    Right.SETTLE_MAIL: "Mails of unknown senders are settled by an administrator. I have changed nothing.",
    Right.TRIAGE: "What reaches a school is decided by its ILD. I have changed nothing.",
    Right.KEEP_RULE: "That rule was made by another ILD for her own schools. I have changed nothing.",
    Right.ANSWER_CHALLENGE: "That question was put to another office, so the answer is theirs to give.",
    Right.SET_MINUTES: (
        "The minutes budget is set by the administrator, and by an ILD for her own schools. Ask one of them."
    ),
    Right.KEEP_AREAS: "The table of what principals decide is kept by the administrator. Ask them for a change.",
    Right.ANSWER_DIGEST: "That item belongs to another principal. I have changed nothing.",
    Right.SEE_DIGEST_STATE: "That is another network's list, so I can't show it.",
    Right.SEE_DONE_COUNTS: "How many schools have done it is for the office that asked, and for their ILDs.",
    Right.FIND_MEMO: "That was not sent to a school of yours, so I can't show it.",
    Right.FIND_TITLE: "The titles of all memos are for executives. I can look through what was sent to you.",
    Right.ASK_MEETING: (
        "Meetings are asked for by an office, an ILD or an executive. Ask your ILD to call one for you."
    ),
    Right.OVERRIDE: (
        "Only an executive may take protected time, with a reason. Take one of the free times, or ask an "
        "executive."
    ),
    Right.SEE_PROTECTED: "That is another network's time, so I can't show it.",
    Right.MANAGE_CALENDAR: (
        "The calendar and the protected half-days are kept by the administrator. Ask them for a change."
    ),
    Right.MANAGE_FRAMEWORK: (
        "The framework is kept by the administrator, so that everybody looks for the same. Ask them for a "
        "change."
    ),
    Right.HAND_OVER: "A school is handed over by its ILD or by the administrator. Ask one of them.",
    Right.CONNECT_CALENDAR: (
        "A calendar is connected by the ILD or principal whose it is, for their own visits. I have changed nothing."
    ),
    Right.PUBLISH_FEED: "A feed holds an ILD's or a principal's own visits, so there is none for you.",
    Right.ASK_THROUGH: (
        "Questions for principals come this way from offices. You can write to a principal yourself, or to "
        "your ILD."
    ),
    Right.ANSWER_REQUEST: "That request was given to somebody else. I have changed nothing.",
    Right.NAME_RESPONDER: (
        "First responders are named by the administrator, and by an ILD for her own network. Ask one of them."
    ),
    Right.DECLARE_EMERGENCY: (
        "Emergencies are sent by executives and the administrator, and by an ILD to her own schools. Call one of "
        "them; they can send it at once."
    ),
    Right.WITNESS_VISIT: (
        "Whether a visit took place, and was of use, is for the school's principal to say. I have changed nothing."
    ),
    Right.SETTLE_VISIT: "Where the witnesses of a visit differ, its ILD settles it with the principal.",
    Right.SET_COURTESY: "How many messages may reach people unasked is the administrator's to say. Ask them.",
    Right.KEEP_THEORY: "The district's theory of action is kept by executives. Tell one of them what you would change.",
    Right.KEEP_OWN_THEORY: "That theory of action is another network's, kept by its ILD. I have changed nothing.",
    Right.SEE_THEORY: "That theory of action is another network's, so I can't show it. The district's I can.",
    Right.ASK_UNIT: "Service requests come from a school’s principal. Write to the unit yourself.",
    Right.SEE_SERVICE_REQUEST: (
        "A service request is between the school, its ILD and the unit that has it, so I can't show it."
    ),
    Right.ANSWER_SERVICE_REQUEST: "That request is with another unit now, so its answer is theirs to give.",
    Right.CONFIRM_SERVICE_REQUEST: "Whether it is mended is for the school's principal to say. I have changed nothing.",
    Right.SEE_SCORECARD: "Scorecards of units are open to executives, units, ILDs and principals. Ask one of them.",
    Right.SET_SERVICE_CLOCK: (
        "When a request is brought up, and who heads a unit, is set by the administrator. Ask them for a change."
    ),
    Right.START_PULSE: "A pulse is started by an executive or the administrator. Ask one of them.",
    Right.ANSWER_PULSE: "That pulse was put to other principals, so there is nothing for you to answer.",
    Right.SEE_PULSE: "What came of the pulse is for the people of the district.",
    Right.SEE_ILD_PULSE: "What principals answered about an ILD is for her and executives. “pulse” shows the offices'.",
    Right.SAY_DONE: "What was done about a result is for the office that it is about, or an executive, to say.",
    Right.SEE_TIES: "Who works with whom across the district is for executives. Your own thread I can show you.",
    Right.SET_GOAL: "The goal for time in schools is set by executives and the administrator. Ask one of them.",
    Right.SET_RETENTION: "How long what is kept is set by the administrator. Ask them to show you the schedule.",
    Right.PUT_HOLD: "Legal holds are put and released by the administrator. Ask them, and say why.",
    Right.EXPORT_PERSON: "What is kept about somebody is theirs to take along. “export my data” gives you yours.",
    Right.FORGET_PERSON: "Somebody who left is forgotten by the administrator. I have changed nothing.",
    Right.SEE_AUDIT: (
        "You can see what was done with your own record. The whole log is the administrator's."
    ),
}
"""What a person reads who may not: what stands behind the rule, and the way that is open."""


def require(person: Person, right: Right, subject: Subject | None = None, *, object: str) -> None:
    """Pass, or raise ``NotAllowedError`` with the right's sentence. ``object`` names the thing for the audit log."""
    if not may(person, right, subject):
        raise NotAllowedError(REFUSALS[right], right=right, object=object)
