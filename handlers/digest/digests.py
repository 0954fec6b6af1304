"""The weekly digest as a conversation: the principal's own, the ILD's preview, and who has done what."""

import re
from collections.abc import Sequence
from datetime import date

from handlers.actions import Action, ActionError, act
from handlers.cards import Block, Button, Buttons, Card, Item, Items, Text
from handlers.digest import digest_items, digest_preview
from handlers.digest.digest_cards import changes_card, digest_card, know_card, page_card
from handlers.digest.digest_entry import short_item
from handlers.digest.digest_sending import still_true
from handlers.digest.digest_shown import view_of
from handlers.digest.languages import in_language
from handlers.errors import UserError
from handlers.intake.mandate_cards import say_due
from handlers.networks import schools_led, whose
from handlers.permissions import Right, Subject, require
from handlers.turn import Cards, Command, Topic, Turn, Values
from protocols.buffer.headlines import end_sentence, shorten
from protocols.cadence.moments import say_day
from storage import digests, people
from storage.digests import GivenItem
from storage.people import Role
from storage.tables import DemandRow, DigestRow

MOST_EARLIER = 4
MOST_DEMANDS = 6
MOST_NAMED = 4
"""Schools named under an item; more are counted, with their names one press away."""

# ---------------------------------------------------------------- the principal's own


def my_digest(turn: Turn) -> Cards:
    """The newest digest with what became of each item, and what is still open of earlier ones."""
    digest = digests.latest(turn.tx, turn.person.id)
    if digest is None:
        return [
            Card(
                "",
                (
                    Text(
                        "You have had no digest yet. The first comes on a Monday when there is something to tell."
                    ),
                ),
            )
        ]
    cards = [digest_card(view_of(turn, digest), today=turn.today)]
    earlier = in_language(turn.tx, turn.person.id, digests.open_before(turn.tx, turn.person.id, digest.week))
    if earlier:
        led = schools_led(turn.tx, turn.person.id, turn.today)
        shown = tuple(short_item(entry, turn.today, whose(entry[1], led)) for entry in earlier[:MOST_EARLIER])
        more = len(earlier) - len(shown)
        blocks: tuple[Block, ...] = (Items(shown, title=f"Still open from earlier weeks: {len(earlier)}"),)
        if more > 0:
            blocks += (Text(f"{more} more come up as these are done.", quiet=True),)
        cards.append(Card("", blocks))
    return cards


def _load(turn: Turn, action: Action) -> DigestRow:
    digest = digests.get(turn.tx, action.number("digest"))
    if digest is None:
        raise UserError("That digest is not here any more. Write “my digest” to see the newest.")
    require(
        turn.person,
        Right.ANSWER_DIGEST,
        Subject(owner_ids=frozenset({digest.principal_id})),
        object=f"digest:{digest.id}",
    )
    return digest


def _page(turn: Turn, action: Action, _values: Values) -> Cards:
    return [
        page_card(view_of(turn, _load(turn, action)), start=max(action.number("start"), 0), today=turn.today)
    ]


def _changes(turn: Turn, action: Action, _values: Values) -> Cards:
    return [changes_card(view_of(turn, _load(turn, action)))]


def _know(turn: Turn, action: Action, _values: Values) -> Cards:
    return [
        know_card(view_of(turn, _load(turn, action)), start=max(action.number("start"), 0), today=turn.today)
    ]


# ---------------------------------------------------------------- who has done what


def who_has_done_what(turn: Turn, *, before: date | None = None) -> Cards:
    """Per item, which schools have done it, asked, delegated it, and where it is open."""
    require(turn.person, Right.SEE_DIGEST_STATE, object="digest")
    names = _names_of(turn)
    week = digests.latest_week(turn.tx, list(names), before=before)
    if week is None:
        return [Card("", (Text("No digest has gone to your schools yet."),))]
    rows = digests.at_schools(turn.tx, list(names), week)
    by_demand: dict[int, list[tuple[GivenItem, DigestRow, DemandRow]]] = {}
    for row in rows:
        by_demand.setdefault(row[2].id or 0, []).append(row)
    items = tuple(_standing(turn, group, names, week) for group in by_demand.values())
    done = sum(item.state == "done" for item, _digest, _demand in rows)
    blocks: list[Block] = [Text(f"{done} of {len(rows)} done.")]
    if items:
        blocks.append(Items(items[:MOST_DEMANDS]))
    if len(items) > MOST_DEMANDS:
        left = list(by_demand.values())[MOST_DEMANDS:]
        done_left = sum(item.state == "done" for group in left for item, _g, _d in group)
        count = sum(len(group) for group in left)
        blocks.append(
            Text(f"{len(left)} more items with later days: {done_left} of {count} done.", quiet=True)
        )
    ways = [Button("The week before", act("digest.state", before=week.toordinal()))]
    if before is not None:
        ways.append(Button("The latest week", act("digest.state")))
    blocks.append(Buttons(tuple(ways)))
    return [Card(f"Week of {say_day(week, turn.today)}", tuple(blocks))]


def _names_of(turn: Turn) -> dict[int, str]:
    """The schools whose items this person may see: an ILD's network, a principal's own."""
    names = {s.id: s.name for s in people.schools_on(turn.tx, turn.today, ild_id=turn.person.id)}
    for school in people.schools_on(turn.tx, turn.today, principal_id=turn.person.id):
        names[school.id] = school.name
    return names


Standing = tuple[GivenItem, DigestRow, DemandRow]
STATES = (("open", "Open"), ("asked", "Asked you"), ("delegated", "Delegated"), ("done", "Done"))


def _by_state(group: Sequence[Standing], names: dict[int, str]) -> dict[str, list[str]]:
    by_state: dict[str, list[str]] = {}
    for item, digest, _demand in group:
        who = names.get(digest.school_id, "a school")
        if item.state == "delegated":
            who = f"{who} (to {shorten(item.delegated_to, 30)})"
        by_state.setdefault(item.state, []).append(who)
    return by_state


def _standing(turn: Turn, group: Sequence[Standing], names: dict[int, str], week: date) -> Item:
    """ "Done 3 of 5. Open: Lincoln Middle. Asked you: Roosevelt High."; many schools are counted, not named."""
    by_state = _by_state(group, names)
    done = len(by_state.get("done", ()))
    parts = [f"Done {done} of {len(group)}."] if done else []
    is_long = False
    for state, label in STATES[:-1]:
        schools = sorted(by_state.get(state, []))
        if len(schools) > MOST_NAMED:
            count = f"all {len(schools)}" if len(schools) == len(group) else f"{len(schools)} of {len(group)}"
            parts.append(f"{label}: {count}.")
        elif schools:
            parts.append(f"{label}: {', '.join(schools)}.")
        is_long = is_long or MOST_NAMED < len(schools) < len(names)
    demand = group[0][2]
    who = Button("Which schools", act("digest.who", demand=demand.id or 0, week=week.toordinal()))
    return Item(
        " ".join(parts),
        lead=end_sentence(demand.headline),
        detail=say_due(demand, turn.today),
        buttons=(who,) if is_long else (),
    )


def _who(turn: Turn, action: Action, _values: Values) -> Cards:
    """Every school of this person's that was given the item, by name under what became of it."""
    require(turn.person, Right.SEE_DIGEST_STATE, object="digest")
    names = _names_of(turn)
    try:
        week = date.fromordinal(action.number("week"))
    except (ValueError, OverflowError):
        raise UserError("That button is damaged. Write “who has done what” to see it anew.") from None
    rows = digests.at_schools(turn.tx, list(names), week)
    group = [row for row in rows if row[2].id == action.number("demand")]
    if not group:
        raise UserError("That item is not here any more. Write “who has done what” to see what is.")
    by_state = _by_state(group, names)
    items = tuple(
        Item(f"{', '.join(sorted(by_state[state]))}.", lead=f"{label} ({len(by_state[state])}):")
        for state, label in STATES
        if by_state.get(state)
    )
    return [Card(group[0][2].headline, (Items(items),))]


def _state_before(turn: Turn, action: Action, _values: Values) -> Cards:
    try:
        before = date.fromordinal(action.number("before")) if "before" in action.args else None
    except ValueError:
        raise ActionError(f"{action.name} needs a day") from None
    return who_has_done_what(turn, before=before)


def _mine(turn: Turn, _action: Action, _values: Values) -> Cards:
    return my_digest(turn)


ILDS = frozenset({Role.ILD})
PRINCIPALS = frozenset({Role.PRINCIPAL})
READERS = ILDS | PRINCIPALS

TOPIC = Topic(
    name="digest",
    commands=(
        Command(
            re.compile(r"(?:show )?(?:my|the) digest|(?:show )?this week(?:['’]s)? items", re.IGNORECASE),
            lambda turn, _match: my_digest(turn),
            example="my digest",
            what="This week's items and where each stands.",
            roles=PRINCIPALS,
        ),
        Command(
            re.compile(r"(?:show )?(?:a |the )?preview(?: (?:the )?(?:week|digest))?", re.IGNORECASE),
            lambda turn, _match: digest_preview.preview(turn),
            example="preview",
            what="What your principals will read on Monday.",
            roles=ILDS,
        ),
        Command(
            re.compile(r"my line\s*:\s*(?P<line>.*)", re.IGNORECASE),
            digest_preview.set_line,
            example="my line: Read the first one today; the rest can wait.",
            what="Your own sentence at the head of Monday's digest.",
            roles=ILDS,
        ),
        Command(
            re.compile(r"who (?:has )?(?:did|done) what\??", re.IGNORECASE),
            lambda turn, _match: who_has_done_what(turn),
            example="who has done what",
            what="Per item, which schools have done it and where it is open.",
            roles=READERS,
        ),
    ),
    actions={
        "digest.mine": _mine,
        "digest.page": _page,
        "digest.turn": _page,
        "digest.know": _know,
        "digest.know_turn": _know,
        "digest.changes": _changes,
        "digest.item": digest_items.opened,
        "digest.back": digest_items.opened,
        "digest.preview": digest_preview.preview_pressed,
        "digest.preview_page": digest_preview.preview_page,
        "digest.preview_first": digest_preview.preview_pressed,
        "digest.state": _state_before,
        "digest.who": _who,
        "digest.done": digest_items.done,
        "digest.undo": digest_items.undo,
        "digest.remind": digest_items.remind_form,
        "digest.remind_on": digest_items.remind_on,
        "digest.ask": digest_items.ask_form,
        "digest.delegate": digest_items.delegate_form,
        "digest.never_mind": digest_items.never_mind,
        "digest.reply": digest_items.reply_form,
    },
    answer=digest_items.answer,
    still_true=still_true,
    in_place=frozenset(
        {
            "digest.remind_on",
            "digest.never_mind",
            "digest.state",
            "digest.preview_page",
            "digest.preview_first",
            "digest.turn",
            "digest.know_turn",
            "digest.back",
        }
    ),
    in_place_alone=frozenset(
        {"digest.remind", "digest.ask", "digest.delegate", "digest.who", "digest.preview", "digest.item"}
    ),
)
