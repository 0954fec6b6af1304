"""Finding a memo again: "find lead testing from Facilities since October".

Whoever looks finds what the permission table lets them: a principal what was sent to the own schools, an ILD what is
for her network, an office its own memos, each with where it stands and the original one tap away; an executive the
titles.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from handlers.actions import Action, act
from handlers.cards import Block, Button, Buttons, Card, Item, Items, Text
from handlers.deciding.triage_state import DECIDED
from handlers.digest import done_by_school
from handlers.digest.digest_entry import say_state
from handlers.errors import StaleError, UserError
from handlers.intake.mandate_cards import original_button, say_due
from handlers.networks import concerned, network_of_ild
from handlers.permissions import Right, Subject, may, require
from handlers.turn import Cards, Command, Topic, Turn, Values
from protocols.buffer.digest import UNSETTLED, Decision
from protocols.buffer.headlines import end_sentence, shorten
from protocols.buffer.searching import LONGEST_SEARCH, Found, Hit, Search, has_all, mend, rank, read_search
from protocols.cadence.moments import say_day
from storage import digests, mandates, memo_search, people, record
from storage.memo_search import Reach
from storage.people import Role
from storage.tables import DemandRow, MandateRow

PAGE = 5
HOW = "Write for example: find lead testing from Facilities since October."


@dataclass(frozen=True, slots=True)
class Seen:
    """A memo that the person may find, with those of its demands that are theirs to see; ``is_title``: no more than
    its title."""

    memo: MandateRow
    demands: Sequence[DemandRow]
    is_title: bool = False

    @property
    def found(self) -> Found:
        demands = [(one.id or 0, f"{one.headline} {one.quote}") for one in self.demands]
        text = "" if self.is_title else self.memo.text
        return Found(self.memo.id or 0, self.memo.title, self.memo.unit, text, self.memo.memo_date, demands)


_WORDS = re.compile(
    r"(?:find|search(?: for)?)(?: (?:the |a )?memos?(?: (?:about|on|with))?)? (?P<words>.+)", re.IGNORECASE
)


def find(turn: Turn, words: str) -> Cards | None:
    """The memos that say it, the best first. None where it is more likely the answer to what was asked last."""
    _require(turn)
    if record.expectation_of(turn.tx, turn.person.id) is not None and not _says_all(turn, words):
        return None
    return _look(turn, words)


def read_find(turn: Turn, text: str) -> Cards | None:
    """ "find …" that was no answer after all."""
    match = _WORDS.fullmatch(" ".join(text.split()))
    if match is None or not (may(turn.person, Right.FIND_TITLE) or may(turn.person, Right.FIND_MEMO)):
        return None
    return _look(turn, match["words"])


def _look(turn: Turn, words: str) -> Cards:
    words = " ".join(words.split())
    if len(words) > LONGEST_SEARCH:
        raise UserError(f"A few words are enough: under {LONGEST_SEARCH} characters. {HOW}")
    if _read(turn, words).is_empty:
        raise UserError(f"What shall I look for? {HOW}")
    version = memo_search.note_search(turn.tx, turn.person.id, words)
    return [_page(turn, words, version, start=0)]


def _says_all(turn: Turn, words: str) -> bool:
    """Whether some memo has every one of the words."""
    search = _read(turn, words)
    memos = [one.found for one in _visible(turn, search).values()]
    return bool(search.terms) and any(has_all(memo, search.terms) for memo in memos)


def _require(turn: Turn) -> None:
    if not may(turn.person, Right.FIND_TITLE):
        require(turn.person, Right.FIND_MEMO, object="mandates")


def _more(turn: Turn, action: Action, _values: Values) -> Cards:
    _require(turn)
    last = memo_search.last_search(turn.tx, turn.person.id)
    if last is None or last[1] != action.number("v"):
        raise StaleError("You have looked for something else since. Write find and the words again.")
    return [_page(turn, *last, start=max(action.number("start"), 0))]


def _read(turn: Turn, words: str) -> Search:
    return read_search(words, units=memo_search.units_of(turn.tx), today=turn.today)


def _page(turn: Turn, words: str, version: int, *, start: int) -> Card:
    search = _read(turn, words)
    seen = _visible(turn, search)
    hits = rank([one.found for one in seen.values()], search.terms)
    blocks: list[Block] = []
    if not hits and search.terms:
        hits, seen, said = _mended(turn, search)
        if said:
            blocks.append(Text(said))
    if not hits:
        return Card("", (Text(f"Nothing that was sent has “{shorten(words, 80)}”. {HOW}"),))
    page = hits[start : start + PAGE]
    blocks.append(Items(tuple(_item(turn, seen[hit.key], hit) for hit in page)))
    left = len(hits) - start - len(page)
    ways = []
    if start:
        ways.append(Button("Previous", act("memos.more", v=version, start=max(start - PAGE, 0))))
    if left > 0:
        more = act("memos.more", v=version, start=start + PAGE)
        ways.append(Button(f"Show the next {min(left, PAGE)} of {left}", more))
    if ways:
        blocks.append(Buttons(tuple(ways)))
    count = "1 memo" if len(hits) == 1 else f"{len(hits)} memos"
    return Card(f"{count} for “{shorten(words, 80)}”" if start == 0 else "", tuple(blocks))


def _mended(turn: Turn, search: Search) -> tuple[list[Hit], dict[int, Seen], str]:
    """The same with words that stand nowhere taken for the nearest that do."""
    all_of_it = _visible(turn, Search((), search.unit, search.first, search.last))
    known = [
        line for one in all_of_it.values() for line in (one.memo.title, *(d.headline for d in one.demands))
    ]
    mended = mend(search.terms, known)
    if not mended:
        return [], {}, ""
    terms = tuple(mended.get(term, term) for term in search.terms)
    said = " ".join(f"Nothing has “{term}”; I looked for “{near}”." for term, near in mended.items())
    return rank([one.found for one in all_of_it.values()], terms), all_of_it, said


# ---------------------------------------------------------------- who may find what


def _visible(turn: Turn, search: Search) -> dict[int, Seen]:
    since = _instant(turn, search.first)
    until = _instant(turn, search.last + timedelta(days=1)) if search.last else None
    reach, is_ild = _reach(turn)
    rows = memo_search.candidates(
        turn.tx, reach, terms=search.terms, unit=search.unit, since=since, until=until
    )
    demands: dict[int, list[DemandRow]] = {}
    for demand in mandates.demands_of_all(turn.tx, [memo.id or 0 for memo in rows]):
        demands.setdefault(demand.mandate_id, []).append(demand)
    told = _told(turn, [demand.id or 0 for some in demands.values() for demand in some])
    network = network_of_ild(turn.tx, turn.person.id, turn.today) if is_ild else ()
    network = tuple(one for one in network if may(turn.person, Right.FIND_MEMO, Subject(school=one.school)))
    seen = {}
    for memo in rows:
        mine = demands.get(memo.id or 0, [])
        if not _is_own(turn, memo):
            mine = [d for d in mine if (d.id or 0) in told or concerned(d, network)]
        if mine:
            seen[memo.id or 0] = Seen(memo, mine)
        elif may(turn.person, Right.FIND_TITLE):
            seen[memo.id or 0] = Seen(memo, (), is_title=True)
    return seen


def _instant(turn: Turn, day: date | None) -> datetime | None:
    return datetime.combine(day, time(), tzinfo=turn.zone) if day else None


def _reach(turn: Turn) -> tuple[Reach, bool]:
    """What the database is asked for, and whether it must be cut to an ILD's network afterwards."""
    person = turn.person
    if Role.ILD in person.roles or may(person, Right.FIND_TITLE):
        return Reach(is_all=True), Role.ILD in person.roles
    return Reach(frozenset(_led(turn)), person.id, person.unit or ""), False


def _led(turn: Turn) -> list[int]:
    led = people.schools_on(turn.tx, turn.today, principal_id=turn.person.id)
    return [school.id for school in led if may(turn.person, Right.FIND_MEMO, Subject(school=school))]


def _told(turn: Turn, demand_ids: Sequence[int]) -> set[int]:
    """Which of these demands a digest told the schools that this person leads."""
    return {item.demand_id for item, _digest in memo_search.given_of(turn.tx, demand_ids, _led(turn))}


def _is_own(turn: Turn, memo: MandateRow) -> bool:
    """Made by this person, or by somebody of the same office."""
    owners = {memo.sender_id} | ({turn.person.id} if memo.unit == turn.person.unit else set())
    return may(turn.person, Right.FIND_MEMO, Subject(owner_ids=frozenset(owners)))


# ---------------------------------------------------------------- one memo


def _item(turn: Turn, seen: Seen, hit: Hit) -> Item:
    memo = seen.memo
    origin = f"{memo.unit}, {say_day(memo.memo_date, turn.today)}."
    if seen.is_title:
        return Item(origin, lead=end_sentence(memo.title))
    best = next((one for key in hit.demands for one in seen.demands if one.id == key), None)
    demand = best or seen.demands[0]
    due = say_due(demand, turn.today)
    asks = f"{end_sentence(demand.headline)[:-1]}{f', {due}' if due else ''}."
    more = len(seen.demands) - 1
    also = f" And {more} more in it." if more > 0 else ""
    status, buttons = _status(turn, memo, demand)
    can_open = may(turn.person, Right.SEE_MANDATE, Subject(owner_ids=mandates.owners_of(memo)))
    if can_open:
        buttons = (*buttons, original_button(memo, demand))
    return Item(f"{origin} {asks}{also}", lead=end_sentence(memo.title), detail=status, buttons=buttons)


def _status(turn: Turn, memo: MandateRow, demand: DemandRow) -> tuple[str, tuple[Button, ...]]:
    """Where it stands for whoever looks: at the own school, in the network, or (an office) in numbers."""
    key = demand.id or 0
    mine = memo_search.given_of(turn.tx, [key], _led(turn))
    if mine:
        return _status_here(turn, mine[-1][0].id or 0)
    if Role.ILD in turn.person.roles and concerned(
        demand, network_of_ild(turn.tx, turn.person.id, turn.today)
    ):
        return _status_in_network(turn, key)
    if _is_own(turn, memo):
        return done_by_school.say_counts(turn, demand), (Button("Counts", act("done.show", demand=key)),)
    return "", ()


def _status_here(turn: Turn, item_id: int) -> tuple[str, tuple[Button, ...]]:
    found = digests.find_item(turn.tx, item_id)
    assert found is not None  # it has just been read
    item, digest, _demand, _memo = found
    told = f"Told {say_day(digest.week, turn.today)}."
    match item.section:
        case "know":
            return f"Good to know. {told}", ()
        case "off_plate":
            by = f" by {item.taken_by}" if item.taken_by else ""
            return f"Taken off your plate{by}. {told}", ()
        case _:
            state = say_state(item, turn.today) or "Open."
            is_mine = digest.principal_id == turn.person.id
            return f"{state} {told}", (Button("Open", act("digest.item", item=item.id)),) if is_mine else ()


def _status_in_network(turn: Turn, key: int) -> tuple[str, tuple[Button, ...]]:
    triage = memo_search.triage_by(turn.tx, [key], turn.person.id).get(key)
    version = triage.version if triage else 0
    decide = Button("Decide", act("triage.reopen", demand=key, v=version))
    if triage is None:
        return "Waits for your decision.", (decide,)
    decision = Decision(triage.decision)
    said = f"{DECIDED.get(decision, decision.value.replace('_', ' ').capitalize())}."
    if decision in UNSETTLED:
        return said, (decide,)
    items = [item for item, digest in memo_search.given_of(turn.tx, [key]) if digest.ild_id == turn.person.id]
    to_do = [item for item in items if item.section in digests.TO_DO]
    if not to_do:
        return said, ()
    done = sum(item.state == "done" for item in to_do)
    return f"{said} Done {done} of {len(to_do)}.", (Button("Which schools", act("done.show", demand=key)),)


TOPIC = Topic(
    name="memos",
    commands=(
        Command(
            _WORDS,
            lambda turn, match: find(turn, match["words"]),
            example="find lead testing",
            what="Look through all that was ever sent: words, from an office, since a day.",
            roles=frozenset({Role.ILD, Role.PRINCIPAL, Role.EXECUTIVE, Role.UNIT, Role.ADMINISTRATOR}),
        ),
    ),
    actions={"memos.more": _more},
    in_place=frozenset({"memos.more"}),
)
