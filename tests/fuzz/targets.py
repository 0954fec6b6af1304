"""What meets the outside: each reader with samples of what it reads, how they are changed, and what it may raise.

A target takes bytes and does with them what the bot would. It may refuse in the way that it says it does; anything else
that is raised is a finding, and so is computing for longer than ``SECONDS``.
"""

import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from bot.platforms import slack_events, slack_news, teams_events
from bot.platforms.teams_uploads import read_consent
from bot.platforms.teams_words import read_plain, read_rich
from handlers.actions import ActionError, decode
from handlers.card_codec import decode_card, encode_card
from protocols.buffer.feed_entries import FeedFault, read_feed
from protocols.buffer.mail_heads import read_head
from protocols.buffer.reading import read_memo
from protocols.cadence import courtesy_words, moments, protected_words
from protocols.cadence.busy_blocks import BusyFault
from protocols.cadence.busy_files import read_busy
from protocols.cadence.calendar_files import CalendarFault, read_calendar_file
from protocols.cadence.calendar_words import WordsFault, read_calendar_words
from protocols.cadence.feed_addresses import AddressFault, find_address, read_address, redact
from protocols.cadence.visited_words import VisitedFault, read_visited
from protocols.documents.document import DocumentFault
from protocols.documents.reading import read_document
from protocols.frameworks import files as frameworks
from protocols.frameworks.faults import FrameworkRefused
from protocols.guided import catalog
from protocols.guided.evidence import StatementKind, read_note, read_statement
from protocols.guided.figures import read_figures
from protocols.guided.yaml_writer import to_yaml
from protocols.insight.query import Asker, Role, context_from_json
from protocols.insight.understanding import understand
from protocols.roster.faults import RosterFaults
from protocols.roster.reading import read_roster
from protocols.roster.travel import read_travel_csv
from protocols.roster.visits import read_visits_csv
from tests import papers
from tests.broken_papers import CORPUS
from tests.eval.questions import OWN, load_vocabulary
from tests.fuzz import changes
from tests.fuzz.changes import Change
from tests.fuzz.commands import COMMAND_WORDS, say_all
from tests.unit.buffer import test_feed_entries
from tests.unit.cadence import busy_texts, test_calendar_ics
from tests.unit.frameworks import test_files
from tests.unit.roster import test_reading, test_travel, test_visits

SECONDS = 20.0
"""Of computing for one input, on a slow machine; every reader refuses or ends long before."""
ROOT = Path(__file__).parent.parent.parent
EAST = ZoneInfo("America/New_York")
TODAY = date(2026, 11, 24)
NOW = datetime(2026, 11, 24, 9, 0, tzinfo=EAST)
OF_ANOTHER_SHAPE = (LookupError, TypeError, AttributeError, ValueError)
"""What a signed request of a shape that the platform never sends may raise: the address answers 400."""


@dataclass(frozen=True, slots=True)
class Target:
    """``read`` is given each input; ``refuses`` are the errors that it names as its refusals."""

    read: Callable[[bytes], object]
    seeds: Callable[[], list[bytes]]
    change: Change
    refuses: tuple[type[Exception], ...] = ()
    seconds: float = field(default=SECONDS)


def run(target: Target, data: bytes) -> None:
    """One input. Raises what is a finding."""
    with suppress(*target.refuses):
        target.read(data)


def _texts(*texts: str) -> list[bytes]:
    return [text.encode() for text in texts]


def _lines(read: Callable[[str], object]) -> Callable[[bytes], object]:
    return lambda data: read(data.decode("utf-8", "replace"))


# ---------------------------------------------------------------- files


def _calendar(data: bytes) -> None:
    read_calendar_file("district.ics", data, zone=EAST)


def _busy(data: bytes) -> None:
    read_busy(
        data, zone=EAST, first=TODAY, last=date(2027, 2, 1), emails=["me@district.example"], keeps_titles=True
    )


def _ics() -> list[bytes]:
    busy = busy_texts.calendar(
        busy_texts.event(":20261201T090000", ":20261201T100000", "RRULE:FREQ=WEEKLY;COUNT=9;BYDAY=TU,TH"),
        busy_texts.event(";TZID=Eastern:20261202T090000", ";TZID=Eastern:20261202T100000", "TRANSP:OPAQUE"),
        busy_texts.event(
            ";VALUE=DATE:20261203", ";VALUE=DATE:20261205", "STATUS:CANCELLED", "RDATE:20261209T090000"
        ),
        zones=busy_texts.WINDOWS_EASTERN.format(name="Eastern"),
    )
    return [busy, *(found[0] for found in test_calendar_ics.FILES.values())]


ICS_WORDS = (
    "BEGIN:VEVENT\r\n", "END:VEVENT\r\n", "BEGIN:VTIMEZONE\r\n", "RRULE:FREQ=SECONDLY\r\n",
    "RRULE:FREQ=YEARLY;UNTIL=9999\r\n", "EXDATE;TZID=x:20261201T090000\r\n",
    "RDATE;VALUE=PERIOD:20261201T090000/PT1H\r\n", "DTSTART:19700101\r\n", "DTEND:", "DURATION:P99999D\r\n",
    "DURATION:-PT1H\r\n", "TZID=", ";VALUE=DATE", "BYSETPOS=-1", "INTERVAL=0", "COUNT=999999999",
    "BYMONTHDAY=31", "BYDAY=5MO", "RECURRENCE-ID:20261201T090000\r\n", "FREQ=MINUTELY", "99991231T235959Z",
    "00010101",
)  # fmt: skip


def _calendar_csv() -> list[bytes]:
    return _texts(
        "date,end,title,category\n2026-08-31,,First Day of School,\n2026-11-25,2026-11-27,Thanksgiving Break,holiday\n"
        "2027-01-25,,Spring Semester Begins,\n2027-04-26,2027-05-07,State testing,\n2027-06-18,,Last Day of School,\n"
    )


def _roster(data: bytes) -> None:
    try:
        files = json.loads(data)
    except (ValueError, RecursionError):
        files = {"orgs.csv": data.decode("utf-8", "replace")}
    if isinstance(files, dict):
        read_roster({str(name): str(text).encode("utf-8", "surrogatepass") for name, text in files.items()})


def _roster_seeds() -> list[bytes]:
    bundles = (
        test_reading.bundle(),
        test_reading.bundle(roles=None),
        test_reading.bundle(users=None, orgs=None),
    )
    return [json.dumps({name: data.decode() for name, data in files.items()}).encode() for files in bundles]


def _visits(data: bytes) -> None:
    read_visits_csv(data, known=test_visits.KNOWN, today=TODAY)


def _travel(data: bytes) -> None:
    read_travel_csv(data, known=test_travel.KNOWN)


def _document(data: bytes) -> None:
    found = read_document(data)
    found.text.encode()
    assert "\x00" not in found.text


def _mail(data: bytes) -> None:
    head = read_head(data)
    assert not set("\r\n\x00") & set(head.address + head.name + head.subject + head.reference)
    _document(data)


def _feed(data: bytes) -> None:
    for entry in read_feed(data).entries:
        assert "<script" not in entry.page.casefold()


def _framework(data: bytes) -> None:
    text = frameworks.decode(data)
    frameworks.ignored(text, name="ours")
    frameworks.parse(text, name="ours")


def _protocol(data: bytes) -> None:
    protocol = catalog.parse(data.decode("utf-8", "replace"), name="ours.yaml")
    assert catalog.parse(to_yaml(protocol), name="again.yaml") == protocol


def _protocol_seeds() -> list[bytes]:
    folder = resources.files("protocols.guided") / "library"
    return [
        file.read_bytes()
        for file in sorted(folder.iterdir(), key=lambda one: one.name)
        if file.name.endswith("yaml")
    ]


YAML_WORDS = (
    "key: ", "title: ", "- ", "steps:\n", "fields:\n", "options: ", "&a ", "*a", "<<: *a\n", "!!int ",
    "!!binary ", "? ", "%YAML 9.9\n", "---\n", "...\n", "\t", "{", "}", "[", "]", "0x1F", "1_000", ".inf", "~",
    "null", "true", '"\\U00110000"',
)  # fmt: skip


# ---------------------------------------------------------------- platforms


def _payloads(platform: str) -> list[bytes]:
    return [path.read_bytes() for path in sorted((ROOT / "tests" / "payloads" / platform).glob("*.json"))]


def _slack(data: bytes) -> None:
    try:
        body = json.loads(data)
    except (ValueError, RecursionError):
        return
    if not slack_events.is_readable(body):
        return
    heard = (
        slack_events.heard_event(body, bot_user="U0BOT"),
        slack_events.heard_command(body),
        slack_events.heard_action(body),
        slack_events.heard_form(body),
        slack_events.heard_global(body),
        slack_events.heard_shortcut(body, bot_user="U0BOT"),
    )
    for one in heard:
        assert one is None or all(key.startswith("slack:") for key in one.inbound.keys)
    slack_news.heard_home(body, slack_events.team_of(body))
    slack_news.heard_news(body, slack_events.team_of(body), lambda _member: None)


def _teams(data: bytes) -> None:
    try:
        activity = json.loads(data)
    except (ValueError, RecursionError):
        return
    if not isinstance(activity, dict):
        return
    place = teams_events.read_place(activity)
    value = activity.get("value")
    value = value if isinstance(value, dict) else {}
    for heard in (
        teams_events.heard_message(activity, place),
        teams_events.heard_installation(activity, place),
        teams_events.heard_memo(activity, place, value),
        teams_events.heard_press(activity, place, value),
    ):
        assert heard is None or heard.inbound.keys[0].startswith("teams:")
    teams_events.team_of(activity)
    teams_events.is_ours(activity, "membersAdded", place)
    read_consent(value)


def _teams_words(text: str) -> None:
    read_plain(text, called=["Throughline"])
    read_rich(text, called=["Throughline"])


def _action(text: str) -> None:
    action = decode(text)
    with suppress(ActionError):
        assert decode(action.encode()) == action
    for name in action.args:
        with suppress(ActionError):
            action.number(name)


def _card(data: bytes) -> None:
    card = decode_card(data.decode("utf-8", "replace"))
    assert decode_card(encode_card(card)) == card


# ---------------------------------------------------------------- words


@cache
def _vocabulary() -> Any:
    return load_vocabulary(OWN / "context.json")


def _question(text: str) -> None:
    vocabulary, today = _vocabulary()
    for role in (Role.EXECUTIVE, Role.ILD):
        asker = Asker(role) if role is Role.EXECUTIVE else Asker(role, name=vocabulary.ilds[0].name)
        understand(text, vocabulary=vocabulary, asker=asker, today=today)


def _questions() -> list[bytes]:
    lines = (OWN / "questions.jsonl").read_text(encoding="utf-8").splitlines()
    return [str(json.loads(line)["text"]).encode() for line in lines if line.strip()]


def _context(data: bytes) -> None:
    try:
        read = json.loads(data)
    except RecursionError:
        return
    if isinstance(read, dict):
        context_from_json(read)


def _moment(text: str) -> None:
    words = " ".join(text.split())
    readings: tuple[Callable[[], object], ...] = (
        lambda: moments.read_moment(words, NOW),
        lambda: moments.find_moment(words, NOW),
        lambda: moments.read_day(words, TODAY),
        lambda: moments.find_minutes(words),
        lambda: read_visited(words, TODAY),
        lambda: read_calendar_words(words, TODAY),
        lambda: protected_words.read_policy(words, TODAY),
        lambda: courtesy_words.read_away(words, NOW),
        lambda: courtesy_words.read_hours(words, over_midnight=True),
        lambda: courtesy_words.read_zone(words),
    )
    for read in readings:
        with suppress(
            moments.MomentFault,
            VisitedFault,
            WordsFault,
            protected_words.PolicyFault,
            courtesy_words.CourtesyFault,
        ):
            read()


MOMENTS = (
    "Tue 9:00", "8 Dec 13:30", "tomorrow morning", "next Tuesday", "12/8 at 2:30 pm", "the last week of May",
    "3 to 5 May",
    "Tuesday morning for principals from 4 January to 11 June except the last week of May because visits come first",
    "until 3 May", "8 to 16:30", "Chicago", "closed 3 to 5 December because of snow",
    "early release Friday at 12:30", "school year 2027-28 from 7 September to 24 June", "staff day 29 January",
    "45 min, coaching", "an hour and a half", "20261130T063000", "2026-W49-1", "in two weeks",
    "every other Thursday", "noon", "midnight", "half past two",
)  # fmt: skip


def _address(text: str) -> None:
    redact(text)
    find_address(text)
    read_address(text)


def _memo(text: str) -> None:
    reading = read_memo(text, memo_date=TODAY)
    for demand in reading.demands:
        assert text[demand.start : demand.end]
    json.dumps(reading.to_json())


def _note(text: str) -> None:
    read_note(text)
    read_figures(text)
    for kind in StatementKind:
        read_statement(text, kind)


def _notes() -> list[bytes]:
    lines = (ROOT / "tests" / "data" / "notes" / "held_out.txt").read_text(encoding="utf-8").splitlines()
    return _texts(*[line for line in lines if line.strip()][:60])


def _memos() -> list[bytes]:
    return [path.read_bytes() for path in sorted((ROOT / "tests" / "data" / "memos").glob("*.txt"))]


def _papers(*kinds: str) -> list[bytes]:
    return [make() for name, make in CORPUS.items() if name.startswith(kinds)]


_WORDS = changes.of_text(
    (*MOMENTS, "since", "by", "ILD", "Lincoln Middle", "must", "by Friday", "#3:", "of 24")
)
TARGETS: Mapping[str, Target] = {
    "calendar": Target(_calendar, _ics, changes.of_text(ICS_WORDS), (CalendarFault,)),
    "calendar_csv": Target(_calendar, _calendar_csv, changes.of_cells(MOMENTS), (CalendarFault,)),
    "own_calendar": Target(_busy, _ics, changes.of_text(ICS_WORDS), (BusyFault,)),
    "roster": Target(
        _roster,
        _roster_seeds,
        changes.any_of(changes.of_json(("orgs.csv", "active", "S1", "I1")), changes.of_text()),
        (RosterFaults,),
    ),
    "visits": Target(
        _visits,
        lambda: [(test_visits.HEADING + "S1,I1,2026-10-05,learning walk,45,held,,\n").encode()],
        changes.of_cells(("S1", "I1", "cancelled", "weather", "10/6/2026", "600")),
        (RosterFaults,),
    ),
    "travel": Target(
        _travel,
        lambda: _texts("from,to,minutes\nS1,S2,12\nBirch Elementary,S3,8\n"),
        changes.of_cells(("S1", "S3", "0101")),
        (RosterFaults,),
    ),
    "pdf": Target(
        _document,
        lambda: [papers.pdf(note="1 State code."), *_papers("PDF")],
        changes.of_pdf,
        (DocumentFault,),
    ),
    "docx": Target(
        _document,
        lambda: [papers.word(letterhead="DISTRICT"), *_papers("DOCX")],
        changes.of_packed(changes.any_of(changes.of_markup, changes.of_bytes)),
        (DocumentFault,),
    ),
    "html": Target(_document, lambda: [papers.page(), *_papers("page")], changes.of_markup, (DocumentFault,)),
    "mail": Target(
        _mail,
        lambda: [papers.mail(), *_papers("mail")],
        changes.of_text(
            (
                "Content-Type: multipart/mixed; boundary=x\n",
                "From: ",
                "Subject: =?utf-8?B?",
                "--x\n",
                "base64",
            )
        ),
        (DocumentFault,),
    ),
    "text": Target(
        _document,
        lambda: [papers.plain(), *_memos()],
        changes.any_of(changes.of_text(), changes.of_bytes),
        (DocumentFault,),
    ),
    "feed": Target(
        _feed,
        lambda: [test_feed_entries.RSS, test_feed_entries.ATOM, test_feed_entries.RDF],
        changes.of_markup,
        (FeedFault,),
    ),
    "framework": Target(
        _framework,
        lambda: _texts(test_files.YAML, test_files.CSV),
        changes.any_of(changes.of_text(YAML_WORDS), changes.of_cells()),
        (FrameworkRefused,),
    ),
    "protocol": Target(_protocol, _protocol_seeds, changes.of_text(YAML_WORDS), (catalog.ProtocolRefused,)),
    "slack": Target(
        _slack, lambda: _payloads("slack"), changes.of_json(("im", "button", "modal")), OF_ANOTHER_SHAPE
    ),
    "teams": Target(
        _teams, lambda: _payloads("teams"), changes.of_json(("message", "invoke")), (teams_events.ShapeError,)
    ),
    "teams_words": Target(
        _lines(_teams_words),
        lambda: _texts("<p><at>Throughline</at> help<br>now &amp; then</p>", "help"),
        changes.of_markup,
    ),
    "action": Target(
        _lines(_action),
        lambda: _texts("run.answer?run=12&step=3&v=7", "help.open", "visit.hold?day=2026-12-09&half=am"),
        changes.of_text(("&", "=", "?", "%", ".", "v=", "%F0%9F")),
        (ActionError,),
    ),
    "card": Target(
        _card,
        lambda: _texts(
            '{"title":"T","blocks":[{"block":"text","text":"One","lead":"L","quiet":true},'
            '{"block":"buttons","buttons":[{"label":"Go","action":{"name":"a.b","args":{"v":"1"}}}]}]}'
        ),
        changes.of_json(("text", "buttons", "field")),
        (ValueError, LookupError, TypeError, AttributeError),
    ),
    "question": Target(_lines(_question), _questions, _WORDS),
    "context": Target(
        _context,
        lambda: _texts(
            '{"understood":{"measure":"visits","by":"ild","from":"2026-09-01","to":"2026-11-24",'
            '"filters":{"school":["Lincoln Middle"]}}}',
            '{"refused":"content","heard":{}}',
        ),
        changes.of_json(("measure", "understood", "heard")),
        (ValueError,),
    ),
    "moments": Target(_lines(_moment), lambda: _texts(*MOMENTS), _WORDS),
    "address": Target(
        _lines(_address),
        lambda: _texts(
            "webcal://calendar.example/x/y.ics?key=1",
            "https://a.example/b",
            "webcal://user:secret@calendar.example/x#a",
            "read https://a.example/b.",
        ),
        changes.of_text(("http://", "@", "[::1]", "0x7f.1", "2130706433", "%2e", "xn--", ":99999", "\\")),
        (AddressFault,),
    ),
    "memo": Target(_lines(_memo), _memos, _WORDS),
    "note": Target(_lines(_note), _notes, _WORDS),
    "commands": Target(
        say_all,
        lambda: [json.dumps([line]).encode() for line in COMMAND_WORDS],
        changes.of_json(COMMAND_WORDS),
    ),
}
"""By the name under which ``make fuzz`` runs it."""
