"""What is declared of people, of what is said to them, and of the bot's own bookkeeping."""

from collections.abc import Mapping

from protocols.keeping.schedule import Kind
from storage.keeping.declared import Declared, Leaving, Record, of

_GOES = Leaving.GOES
_PERSONAL, _SECURITY, _SYSTEM, _WORKING = Record.PERSONAL, Record.SECURITY, Record.SYSTEM, Record.WORKING
_PUBLIC = Record.PUBLIC

OF_PEOPLE: Mapping[str, Declared] = {
    "person": of(
        "Who you are here",
        Kind.PEOPLE,
        _PERSONAL,
        "id",
        "given_name family_name email sourced_id zone active since",
        leaving=Leaving.BLANKED,
    ),
    "role": of("Your roles", Kind.PEOPLE, _PUBLIC, "person_id", "role unit starts ends"),
    "account": of(
        "Your accounts on Slack and Teams",
        Kind.PEOPLE,
        _PERSONAL,
        "person_id",
        "platform workspace user seen_at used_at lost",
        leaving=_GOES,
    ),
    "assignment": of(
        "Schools that were yours to lead or accompany",
        Kind.PEOPLE,
        _PUBLIC,
        "ild_id principal_id",
        "school_id network starts ends cadence_days",
    ),
    "school": of("Schools", Kind.PEOPLE, _PUBLIC, withheld="focus"),
    "courtesy": of(
        "Your hours, days away and reminders",
        Kind.PEOPLE,
        _PERSONAL,
        "person_id",
        "works_from works_to quiet_from quiet_to away_from away_to rate deadline_days muted",
        leaving=_GOES,
    ),
    "language": of("Your language", Kind.PEOPLE, _PERSONAL, "person_id", "code", leaving=_GOES),
    "setting": of("The deployment's settings", Kind.SETTINGS, _SYSTEM, leaving=Leaving.BLANKED),
    # your own calendar
    "own_calendar": of(
        "The calendar you connected",
        Kind.PEOPLE,
        _PERSONAL,
        "person_id",
        "host keeps_titles state fault connected_at read_at",
        leaving=_GOES,
    ),
    "busy_stretch": of(
        "When your calendar says that you are busy",
        Kind.BUSY,
        _PERSONAL,
        "person_id",
        "day starts ends title",
        leaving=_GOES,
    ),
    "feed": of(
        "The address of your visits as a calendar",
        Kind.PEOPLE,
        _SECURITY,
        "person_id",
        "made_at",
        leaving=_GOES,
    ),
    # what is said and heard
    "message": of(
        "What the bot wrote to you",
        Kind.MESSAGES,
        _PERSONAL,
        "recipient_id",
        "created_at sent_at kind state card",
        at="created_at",
        leaving=Leaving.BLANKED,
    ),
    "attachment": of("Links to charts and files in messages", Kind.ADDRESSES, _SECURITY),
    "snooze": of(
        "What you put off",
        Kind.MESSAGES,
        _PERSONAL,
        "person_id",
        "at kind choice until",
        at="at",
        leaving=_GOES,
    ),
    "chat_line": of(
        "What you wrote in the playground",
        Kind.MESSAGES,
        _PERSONAL,
        "person_id",
        "at text is_press",
        at="at",
        leaving=_GOES,
    ),
    "expectation": of(
        "What your next words would answer", Kind.PEOPLE, _PERSONAL, "person_id", "topic since", leaving=_GOES
    ),
    "pace": of(
        "How much you had the bot do in your latest minute",
        Kind.PEOPLE,
        _PERSONAL,
        "person_id",
        "span_starts count",
        leaving=_GOES,
    ),
    "home": of(
        "Your home page on Slack",
        Kind.PEOPLE,
        _PERSONAL,
        "person_id",
        "platform workspace published_at",
        leaving=_GOES,
    ),
    "home_attachment": of(
        "Links to charts and files on homes",
        Kind.PEOPLE,
        _SECURITY,
        through=("home_id", "home"),
        leaving=_GOES,
    ),
    "inbound": of("Keys of events", Kind.ARRIVALS, _SYSTEM),
    "kept_inbound": of("Events that wait for their turn", Kind.ARRIVALS, _SYSTEM),
    "notice": of("What was brought up already, in ids", Kind.FIGURES, _SYSTEM),
    # what you asked and looked for
    "question": of(
        "What you asked in figures", Kind.QUESTIONS, _WORKING, "person_id", "at words", at="at", leaving=_GOES
    ),
    "subscription": of(
        "Figures you get regularly",
        Kind.PEOPLE,
        _PERSONAL,
        "person_id",
        "said words often last stopped_at",
        leaving=_GOES,
    ),
    "memo_search": of(
        "What you last looked for among memos", Kind.PEOPLE, _PERSONAL, "person_id", "words", leaving=_GOES
    ),
    "translation": of("Translations", Kind.TRANSLATIONS, _SYSTEM),
    "plain_line": of("Plainer lines that were suggested", Kind.TRANSLATIONS, _SYSTEM),
    # the record
    "audit": of(
        "What you did, from the log", Kind.AUDIT, _SECURITY, "actor_id", "at action object detail", at="at"
    ),
    # Whom a hold is about is not told by an export: its reason may be a claim of theirs.
    "legal_hold": of("Legal holds", Kind.AUDIT, _SECURITY, at="put_at", named="put_by released_by"),
}
