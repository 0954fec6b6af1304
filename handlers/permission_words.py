"""What each right means, in the words in which one would tell a principal: the table of ``permissions`` as sentences.

A phrase holds ``{you}``, ``{your}``, ``{them}`` and ``{self}``, so that the same line reads "you" to the person whose
role it is and "they" in the list for everybody. Who may is never said here: that comes from the table alone.
"""

from dataclasses import dataclass
from enum import StrEnum

from handlers.permissions import Right


class Part(StrEnum):
    """The parts of the practice under which the rights are listed."""

    VISITS = "Visits, and what is said in them"
    RHYTHM = "Rhythm, drift and the year"
    THEORY = "Theory of action and who works with whom"
    PROTOCOLS = "Protocols and the framework"
    TIME = "Calendars, meetings and protected time"
    MEMOS = "Memos"
    DIGEST = "The desk and the weekly digest"
    OFFICES = "Questions and requests between schools and offices"
    PULSE = "The pulse"
    LOG = "The log, and what is kept"


@dataclass(frozen=True, slots=True)
class Meaning:
    """One right in words.

    ``what`` goes on after "You see" where ``is_sight``, else after "You may". Behind a comma follows how far it
    reaches: ``own`` where the table says ``Scope.OWN``; ``school``, ``network`` and ``district`` for the other reaches,
    where the usual words for them do not fit. ``note`` is a sentence about what the table cannot say: when, how much,
    what instead.
    """

    part: Part
    what: str
    is_sight: bool = False
    own: str = ""
    school: str = "at the school {you} lead"
    network: str = "at the schools {you} accompany"
    district: str = ""
    note: str = ""


def _sight(part: Part, what: str, own: str = "", **more: str) -> Meaning:
    return Meaning(part, what, is_sight=True, own=own, **more)


def _act(part: Part, what: str, own: str = "", **more: str) -> Meaning:
    return Meaning(part, what, own=own, **more)  # type: ignore[arg-type]  # texts, all of them


_EVERY = "at every school"

MEANINGS: dict[Right, Meaning] = {
    Right.SEE_RUN: _sight(Part.VISITS, "what was said, seen and promised in a walkthrough or an inquiry"),
    Right.START_RUN: _act(Part.VISITS, "begin a walkthrough or an inquiry"),
    Right.TAKE_PART: _act(
        Part.VISITS,
        "take part in a walkthrough or an inquiry",
        "where {you} were invited",
        note="Whoever is invited sees what is shared with them there, and no more.",
    ),
    Right.SEE_VISITS: _sight(
        Part.VISITS, "that a visit took place, when, how long and of which kind", district=_EVERY
    ),
    Right.PLAN_VISIT: _act(Part.VISITS, "plan, move and cancel visits"),
    Right.WITNESS_VISIT: _act(Part.VISITS, "say whether a visit took place, and was of use"),
    Right.SETTLE_VISIT: _act(Part.VISITS, "settle what holds where the witnesses of a visit differ"),
    Right.HAND_OVER: _act(
        Part.VISITS,
        "hand a school over to its next ILD",
        network="one of those {you} accompany",
        district="whichever it is",
        note="The principal is asked what of the work goes along.",
    ),
    Right.SEE_RHYTHM: _sight(
        Part.RHYTHM, "how often a school is to be visited, since when and why", district=_EVERY
    ),
    Right.SET_RHYTHM: _act(Part.RHYTHM, "set how often a school is visited"),
    Right.SEE_DRIFT: _sight(
        Part.RHYTHM,
        "that a school slips out of sight",
        district=_EVERY,
        note="The ILD is told first, then the principal. Executives see it once the ILD has had her time to mend it, "
        "and then only of which kind it is and how long it lasts.",
    ),
    Right.CHECK_YEAR: _sight(
        Part.RHYTHM,
        "whether the year's rhythms can be kept",
        network="for the schools {you} accompany",
        district="for every network",
    ),
    Right.SET_TRAVEL: _act(
        Part.RHYTHM,
        "see and set how long the way between two schools takes",
        network="where {you} accompany both",
        district="whichever they are",
    ),
    Right.SET_GOAL: _act(Part.RHYTHM, "set the goal for time in schools"),
    Right.SEE_THEORY: _sight(
        Part.THEORY,
        "a network's theory of action",
        school="that of the network {you} are in",
        network="{your} own",
        district="whichever it is",
        note="The district's own is told to everybody.",
    ),
    Right.KEEP_OWN_THEORY: _act(Part.THEORY, "change a network's theory of action", "{your} own"),
    Right.KEEP_THEORY: _act(Part.THEORY, "change the district's theory of action"),
    Right.SEE_TIES: _sight(
        Part.THEORY, "who works with whom across the district", note="In counts of days, never a word."
    ),
    Right.ADAPT_PROTOCOL: _act(Part.PROTOCOLS, "adapt a protocol", "in {your} own copy"),
    Right.MANAGE_PROTOCOLS: _act(Part.PROTOCOLS, "adapt the district's protocols"),
    Right.MANAGE_FRAMEWORK: _act(
        Part.PROTOCOLS,
        "change the framework: the look-fors and the scale that the district uses",
        note="Everybody reads it.",
    ),
    Right.SEE_PROTECTED: _sight(
        Part.TIME,
        "how much protected time was kept, and which office took it",
        district=_EVERY,
        note="How often each office has taken it this term is open to everybody.",
    ),
    Right.ASK_MEETING: _act(Part.TIME, "ask for a meeting with schools, and find a time for it"),
    Right.OVERRIDE: _act(
        Part.TIME,
        "take protected time",
        note="With a reason that everybody concerned reads, and it is counted.",
    ),
    Right.MANAGE_CALENDAR: _act(
        Part.TIME,
        "keep the school year, the protected half-days and their budgets, give and take roles, and see what could not "
        "be delivered",
        note="The list of what could not be delivered names the person and the kind of message, not its words.",
    ),
    Right.CONNECT_CALENDAR: _act(
        Part.TIME,
        "connect a calendar for visits and meetings to heed",
        "{your} own",
        note="Others are told only that its owner is taken then, never what with.",
    ),
    Right.PUBLISH_FEED: _act(
        Part.TIME, "subscribe to a calendar of visits, protected time and deadlines", "{your} own"
    ),
    Right.DECLARE_EMERGENCY: _act(
        Part.TIME,
        "send a message about safety that does not wait",
        network="to the schools {you} accompany",
        district="to any school",
    ),
    Right.SET_COURTESY: _act(Part.TIME, "set how many messages a week may reach somebody unasked"),
    Right.SEND_MANDATE: _act(
        Part.MEMOS, "send a memo to schools", note="It reaches a school through its ILD."
    ),
    Right.SEE_MANDATE: _sight(
        Part.MEMOS, "a memo as it came", "if {you} sent it", district="whoever sent it"
    ),
    Right.FIND_MEMO: _sight(
        Part.MEMOS,
        "a memo and its status in the search of all that was sent",
        "if {you} or {your} office sent it",
        school="if it was sent to the school {you} lead",
        network="if it is for the schools {you} accompany",
    ),
    Right.FIND_TITLE: _sight(
        Part.MEMOS, "of every memo in that search the title, the office and the day, and no more"
    ),
    Right.REPLACE_MEMO: _act(
        Part.MEMOS,
        "say that a memo takes an earlier one's place",
        "if {you} sent it",
        district="whoever sent it",
    ),
    Right.FOLLOW_FEED: _act(
        Part.MEMOS, "have a feed of memos followed", "for {your} own office", district="for any office"
    ),
    Right.MANAGE_TOKENS: _act(Part.MEMOS, "give an office's program a token to send memos with"),
    Right.SETTLE_MAIL: _act(Part.MEMOS, "take in or leave a mail of somebody unknown"),
    Right.SEE_DROP_USES: _sight(Part.MEMOS, "which offices asked not to drop what"),
    Right.SET_DROP_QUOTA: _act(Part.MEMOS, "set how often an office may ask not to drop something"),
    Right.TRIAGE: _act(
        Part.DIGEST, "decide what of a memo reaches a school", network="one of those {you} accompany"
    ),
    Right.KEEP_RULE: _act(Part.DIGEST, "end a rule by which such decisions are taken", "one that {you} made"),
    Right.ANSWER_CHALLENGE: _act(
        Part.DIGEST, "answer a question about what a memo asks", "where it was put to {them} or {your} office"
    ),
    Right.SET_MINUTES: _act(
        Part.DIGEST,
        "set how many minutes a week all offices together may ask",
        network="of the schools {you} accompany",
        district="of every school",
    ),
    Right.KEEP_AREAS: _act(Part.DIGEST, "change the table of what principals decide themselves"),
    Right.ANSWER_DIGEST: _act(
        Part.DIGEST, "answer the weekly digest (done, remind me, ask, delegate)", "the one sent to {them}"
    ),
    Right.SEE_DIGEST_STATE: _sight(Part.DIGEST, "who has done what of the digest"),
    Right.SEE_DONE_COUNTS: _sight(
        Part.DIGEST,
        "how many schools have done what a memo asked",
        "if {you} or {your} office sent it",
        note="In numbers without names, and none while fewer than five schools are concerned.",
    ),
    Right.ASK_THROUGH: _act(
        Part.OFFICES, "put a question for a principal, which her ILD or a first responder answers"
    ),
    Right.ANSWER_REQUEST: _act(
        Part.OFFICES,
        "answer an office's question",
        "where it was given to {them}",
        note="So may the school's ILD.",
    ),
    Right.NAME_RESPONDER: _act(
        Part.OFFICES,
        "name who answers offices first about a subject",
        network="for the schools {you} accompany",
        district="for every school",
    ),
    Right.ASK_UNIT: _act(
        Part.OFFICES, "make a service request of an office", school="for the school {you} lead"
    ),
    Right.SEE_SERVICE_REQUEST: _sight(
        Part.OFFICES,
        "a service request with its words and every step",
        "while {your} office has it",
        school="of the school {you} lead",
        network="of the schools {you} accompany",
    ),
    Right.ANSWER_SERVICE_REQUEST: _act(
        Part.OFFICES,
        "promise a day for a service request, hand it on, do or decline it",
        "while {your} office has it",
    ),
    Right.CONFIRM_SERVICE_REQUEST: _act(
        Part.OFFICES, "say that what was asked for is mended, or is not", school="for the school {you} lead"
    ),
    Right.SEE_SCORECARD: _sight(
        Part.OFFICES, "how each office answers what schools ask of it", note="In numbers that name no school."
    ),
    Right.SET_SERVICE_CLOCK: _act(
        Part.OFFICES, "set when an unanswered service request is brought up, and who heads an office"
    ),
    Right.START_PULSE: _act(
        Part.PULSE, "ask all principals, without names, how they find the centre's support"
    ),
    Right.ANSWER_PULSE: _act(
        Part.PULSE, "answer a pulse", "one put to {them}", note="Who answered what is kept nowhere."
    ),
    Right.SEE_PULSE: _sight(
        Part.PULSE,
        "what came of a pulse about an office",
        note="Nothing while it is open, and nothing of fewer than five answers.",
    ),
    Right.SEE_ILD_PULSE: _sight(
        Part.PULSE,
        "what principals answered in a pulse about an ILD",
        "about {self}",
        district="whoever she is",
    ),
    Right.SAY_DONE: _act(
        Part.PULSE,
        "say what was done about what came of a pulse",
        "about {your} own office",
        district="whomever it is about",
    ),
    Right.EXPORT_PERSON: _act(
        Part.LOG,
        "take along all that is kept by somebody or about them",
        "about {self}",
        note="Somebody else's words only where they may be read in the chat, too.",
    ),
    Right.SET_RETENTION: _act(Part.LOG, "set how long what is kept, within the range the schedule gives"),
    Right.PUT_HOLD: _act(
        Part.LOG,
        "put what is kept under a legal hold, and release it",
        note="A hold lets nobody read anything that they might not read before.",
    ),
    Right.FORGET_PERSON: _act(Part.LOG, "take the name of somebody who left out of what is kept"),
    Right.SEE_AUDIT: _sight(
        Part.LOG,
        "who did what and when",
        "as far as {your} own record goes",
        district="all of it",
        note="The log holds ids and times, never what people wrote.",
    ),
}
"""Every right there is, in the order in which it is told."""
