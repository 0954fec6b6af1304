"""Tokens for POST /mandates: an administrator gives one to a unit, shows it once, and takes it back.

Of a token only the hash is kept. The message that shows it is blanked an hour after it was written, so that neither
the database nor a backup holds one for longer.
"""

import re
from datetime import datetime, timedelta

from handlers import audit_trail
from handlers.actions import Action, act
from handlers.card_codec import encode_card
from handlers.cards import Button, Buttons, Card, Item, Items, Quote, Text, plain
from handlers.district import base_url, zone_of
from handlers.errors import StaleError, UserError
from handlers.intake.arrivals import name_unit, staff_of
from handlers.permissions import Right, require
from handlers.post import tell_now
from handlers.turn import Cards, Command, Topic, Turn, Values
from protocols.cadence.moments import say_day
from storage import mandate_tokens, outbox
from storage.database import Store
from storage.people import Role
from storage.tables import MandateTokenRow

SHOWN_FOR = timedelta(hours=1)
MOST_TOKENS = 200
_ADMINISTRATORS = frozenset({Role.ADMINISTRATOR})


def _make(turn: Turn, match: re.Match[str]) -> Cards:
    require(turn.person, Right.MANAGE_TOKENS, object="mandate_token")
    if not turn.is_private:
        raise UserError("A token is shown where nobody else reads it. Ask me again in our direct message.")
    unit = name_unit(turn.tx, match["unit"], now=turn.now)
    if len(mandate_tokens.in_force(turn.tx)) >= MOST_TOKENS:
        raise UserError(f"There are {MOST_TOKENS} tokens already. Take one back first: tokens.")
    token_id, token = mandate_tokens.make(turn.tx, unit=unit, made_by=turn.person.id, at=turn.now)
    audit_trail.write(turn, "mandate_token.made", f"mandate_token:{token_id}")
    staff = staff_of(turn.tx, unit, now=turn.now)
    answers = (
        f"{staff[0].name} answers for what comes in with it."
        if staff
        else (f"The roster has no staff of {unit}, so you answer for what comes in with it.")
    )
    where = f"{base_url(turn.tx) or 'https://…'}/mandates"
    card = Card(
        f"A token for {unit}",
        (
            Text("Copy it now: I show it once and keep only a mark by which I know it again."),
            Quote(token),
            Text(f"A program sends memos with it to {where}. {answers}"),
            Buttons((Button("Take it back", act("mandate_tokens.revoke", token=token_id)),)),
        ),
    )
    tell_now(
        turn.tx,
        turn.person.id,
        card,
        kind="mandate_token",
        period=str(token_id),
        now=turn.now,
        subject=f"{TOPIC.name}:{token_id}",
    )
    return []


def _list(turn: Turn, _match: re.Match[str]) -> Cards:
    require(turn.person, Right.MANAGE_TOKENS, object="mandate_token")
    rows = mandate_tokens.in_force(turn.tx)
    if not rows:
        return [plain("No unit has a token. To make one, write: new token for Facilities.")]
    items = tuple(
        Item(
            _say_use(turn, row),
            lead=f"{row.id}. {row.unit}",
            detail=f"ends in {row.hint}",
            buttons=(Button("Take it back", act("mandate_tokens.revoke", token=row.id or 0)),),
        )
        for row in rows
    )
    return [Card("Tokens", (Items(items),))]


def _say_use(turn: Turn, row: MandateTokenRow) -> str:
    zone = zone_of(turn.person, turn.district)
    made = f"Made on {say_day(row.made_at.astimezone(zone).date(), turn.today)}"
    if row.used_at is None:
        return f"{made}, not used yet."
    return f"{made}, used last on {say_day(row.used_at.astimezone(zone).date(), turn.today)}."


def _revoke_words(turn: Turn, match: re.Match[str]) -> Cards:
    return _revoke(turn, int(match["number"]))


def _press_revoke(turn: Turn, action: Action, _values: Values) -> Cards:
    return _revoke(turn, action.number("token"))


def _revoke(turn: Turn, token_id: int) -> Cards:
    require(turn.person, Right.MANAGE_TOKENS, object="mandate_token")
    row = mandate_tokens.get(turn.tx, token_id)
    if row is None:
        raise UserError("There is no such token. “tokens” shows those in force.")
    if not mandate_tokens.revoke(turn.tx, token_id, at=turn.now):
        raise StaleError(f"That token of {row.unit} was taken back before.")
    audit_trail.write(turn, "mandate_token.revoked", f"mandate_token:{token_id}")
    return [
        plain(f"The token of {row.unit} that ends in {row.hint} works no longer. What came in with it stays.")
    ]


def blank_tokens(store: Store, now: datetime) -> int:
    """Take tokens out of the messages that showed them; how many."""
    blank = encode_card(plain("A token was shown here. “tokens” lists the tokens in force."))
    with store.begin() as tx:
        return outbox.blank(tx, "mandate_token", before=now - SHOWN_FOR, card=blank)


TOPIC = Topic(
    name="mandate_tokens",
    commands=(
        Command(
            re.compile(r"(?:make |create )?(?:a )?new token for (?:the )?(?P<unit>.+)", re.IGNORECASE),
            _make,
            example="new token for Facilities",
            what="Let a unit's own program send memos, with a token that is shown once.",
            roles=_ADMINISTRATORS,
        ),
        Command(
            re.compile(r"(?:show )?tokens", re.IGNORECASE),
            _list,
            example="tokens",
            what="The tokens in force, and when each was last used.",
            roles=_ADMINISTRATORS,
        ),
        Command(
            re.compile(r"(?:revoke|take back|end|delete) token #?(?P<number>\d{1,9})", re.IGNORECASE),
            _revoke_words,
            example="revoke token 2",
            what="A token works no longer.",
            roles=_ADMINISTRATORS,
        ),
    ),
    actions={"mandate_tokens.revoke": _press_revoke},
    in_place_alone=frozenset({"mandate_tokens.revoke"}),
)
