"""Adapting protocols in chat: "adapt walkthrough", then buttons or words, a preview, and in force for new runs.

An ILD adapts her own copy, which counts at her schools; the administrator the district's, which counts wherever no
ILD has her own. Everything happens in a draft until it is put in force. ``masters_desk`` holds the draft and its
card, ``masters_edits`` the changes, ``masters_versions`` preview, going back and sharing, ``masters_files`` the
district's YAML files.
"""

import re
from collections.abc import Callable

from rapidfuzz import fuzz, process

from handlers.actions import Action, act
from handlers.cards import Button, Buttons, Card, Item, Items, Text
from handlers.errors import StaleError, UserError
from handlers.guided.masters_desk import (
    DISTRICT,
    OWN,
    Desk,
    desk_card,
    note,
    open_desk,
    owner_of,
    require_any,
    usual_side,
)
from handlers.guided.masters_edits import (
    add_words,
    awaited,
    drop_words,
    in_words,
    move_words,
    press_add,
    press_added,
    press_desk,
    press_drop,
    press_form,
    press_save,
    press_step,
    rename_words,
    retime_words,
    reword_words,
    title_words,
)
from handlers.guided.masters_files import faults_shown, read_protocol
from handlers.guided.masters_versions import (
    press_again,
    press_back,
    press_discard,
    press_force,
    press_history,
    press_preview,
    press_share,
    press_take,
    preview_card,
    shared_cards,
)
from handlers.turn import Cards, Command, Topic, Turn, Values
from protocols.guided.catalog import ProtocolRefused
from protocols.guided.steps import Protocol
from storage import masters, record
from storage.people import Role

SIMILAR = 80
"""From this similarity (0 to 100) on, words are taken for a protocol's name."""


def _adapt(turn: Turn, match: re.Match[str]) -> Cards | None:
    """None where "adapt" is somebody's decision in a cycle of inquiry, and no protocol is named."""
    require_any(turn)
    whose = DISTRICT if match["district"] else usual_side(turn)
    key = _find_key(turn, whose, match["name"]) if match["name"] else None
    if key is not None:
        return [desk_card(turn, open_desk(turn, key, whose))]
    awaited_now = record.expectation_of(turn.tx, turn.person.id)
    if awaited_now is not None and awaited_now.topic == "run":
        return None
    return [_list_card(turn, whose)]


def _list_card(turn: Turn, whose: str) -> Card:
    owner_id = owner_of(turn, whose, object="masters")
    items = tuple(
        Item(
            protocol.purpose,
            lead=protocol.title,
            detail=_standing(turn, key, owner_id),
            buttons=(Button("Adapt", act("master.open", key=key, of=whose)),),
        )
        for key, protocol in _known(turn, owner_id).items()
    )
    text = (
        "Which one? You change a draft; runs that have begun keep what they began with."
        if whose == OWN
        else "Which one of the district's? It counts wherever no ILD has her own."
    )
    shared = Buttons((Button("What others share", act("master.shared")),))
    return Card("Protocols to adapt", (Text(text), Items(items), shared))


def _standing(turn: Turn, key: str, owner_id: int | None) -> str:
    if masters.draft(turn.tx, key, owner_id):
        return "a draft of yours" if owner_id else "a draft of the district's"
    if masters.current(turn.tx, key, owner_id):
        return "yours" if owner_id else "the district's own"
    return "the district's own" if masters.current(turn.tx, key, None) else ""


def _find_key(turn: Turn, whose: str, words: str) -> str | None:
    """The protocol that was meant, if any."""
    known = _known(turn, owner_of(turn, whose, object="masters"))
    said = words.casefold().strip(" .")
    names = {key: _names(key, protocol) for key, protocol in known.items()}
    exact = next((key for key, own in names.items() if said in own), None)
    if exact is not None:
        return exact
    spoken = [(name, key) for key, own in names.items() for name in own]
    near = process.extractOne(
        said, [name for name, _ in spoken], scorer=fuzz.token_set_ratio, score_cutoff=SIMILAR
    )
    return spoken[near[2]][1] if near else None


def _known(turn: Turn, owner_id: int | None) -> dict[str, Protocol]:
    """What is in force by key, and new ones that are still a draft."""
    new = {draft.key: draft.protocol for draft in masters.drafts(turn.tx, owner_id)}
    return new | dict(masters.available(turn.tx, owner_id))


def _names(key: str, protocol: Protocol) -> tuple[str, ...]:
    return protocol.title.casefold(), key.replace("_", " ")


def _press_open(turn: Turn, action: Action, _values: Values) -> Cards:
    return [desk_card(turn, open_desk(turn, action.args.get("key", ""), action.args.get("of", OWN)))]


def _pasted(turn: Turn, match: re.Match[str]) -> Cards:
    """A whole protocol as YAML becomes the draft; a wrong one is refused with its lines."""
    require_any(turn)
    whose = DISTRICT if match["district"] else usual_side(turn)
    owner_id = owner_of(turn, whose, object="masters")
    text = re.sub(r"^\s*```(?:ya?ml)?[ \t]*\n|\n?```\s*$", "", match["text"], flags=re.IGNORECASE).strip("\n")
    if not text.strip():
        raise UserError(
            "Paste the protocol's YAML in the same message, after “protocol:”. “adapt” needs none."
        )
    try:
        protocol = read_protocol(text, name="protocol")
    except ProtocolRefused as refused:
        lead = "Nothing was changed; the one before stays in force."
        mend = Text("Mend this and paste it again after “protocol:”.", lead=lead)
        raise UserError("", card=Card("", (mend, *faults_shown(refused.faults)))) from None
    held = _known(turn, owner_id).get(protocol.key)
    draft = masters.draft(turn.tx, protocol.key, owner_id)
    if draft is None and held == protocol:
        return [
            desk_card(turn, open_desk(turn, protocol.key, whose), opening=Text("That is in force already."))
        ]
    before = draft.protocol if draft else protocol
    if not masters.save_draft(turn.tx, before, protocol, owner_id=owner_id, by=turn.person.id, at=turn.now):
        raise StaleError("Somebody changed it in the same moment. Write “adapt” to see how it stands.")
    desk = open_desk(turn, protocol.key, whose)
    note(turn, desk, "master.changed", what="paste")
    return [preview_card(desk)]


def _press_shared(turn: Turn, _action: Action, _values: Values) -> Cards:
    return shared_cards(turn)


def _words(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


def _edit(pattern: str, run: Callable[[Turn, Desk, re.Match[str]], Cards]) -> Command:
    """A change in words; the card of the steps names them, the help does not."""
    return Command(_words(pattern), in_words(run), example="", what="", roles=ADAPTERS)


ADAPTERS = frozenset({Role.ILD, Role.ADMINISTRATOR})
_STEP = r"step (?P<n>\d{1,2})"
_FOR = r"(?: for (?:the )?(?P<role>[\w -]{2,40}?))?"
_FIRST = r"(?:beginning|start|top)"

TOPIC = Topic(
    name="master",
    commands=(
        Command(
            _words(
                r"adapt(?P<district> (?:the )?district(?:['’]s)?)?"
                r"(?: (?:my |the |our )?(?P<name>[\w ,'’-]{2,60}))?"
            ),
            _adapt,
            example="adapt walkthrough",
            what="Change a protocol: rename, reword, re-time, drop or add a step, preview it, share it, go back.",
            roles=ADAPTERS,
        ),
        Command(
            _words(r"(?:show )?shared (?:protocols?|masters?)"),
            lambda turn, _match: shared_cards(turn),
            example="shared protocols",
            what="What other ILDs have made of the protocols, to take a copy.",
            roles=ADAPTERS,
        ),
        Command(
            re.compile(
                r"(?:the |my )?(?P<district>district(?:['’]s)? )?protocol\s*:[ \t]*(?P<text>[\s\S]*)",
                re.IGNORECASE,
            ),
            _pasted,
            example="protocol:",
            what="Paste a whole protocol of your own, YAML; you see a preview first.",
            roles=ADAPTERS,
            is_verbatim=True,
        ),
        _edit(rf"rename {_STEP}(?: to |: ?| )(?P<text>.+)", rename_words),
        _edit(rf"reword {_STEP}{_FOR}: ?(?P<text>.+)", reword_words),
        _edit(rf"{_STEP} (?:takes|lasts|gets|is) (?P<minutes>\d{{1,4}}) ?min(?:ute)?s?\.?", retime_words),
        _edit(rf"(?:drop|leave out|remove) {_STEP}", drop_words),
        _edit(
            rf"move {_STEP} (?:(?:to )?(?:after|behind) (?:step )?(?P<to>\d{{1,2}})|to the {_FIRST})",
            move_words,
        ),
        _edit(
            r"add (?:an? )?(?P<kind>step|question|list|talk|commitment) "
            rf"(?:after (?:step )?(?P<n>\d{{1,2}})|at the {_FIRST}){_FOR}: ?(?P<text>.+)",
            add_words,
        ),
        _edit(r"(?:call|rename) the protocol (?:to )?(?P<text>.+)", title_words),
    ),
    actions={
        "master.open": _press_open,
        "master.desk": press_desk,
        "master.step": press_step,
        "master.form": press_form,
        "master.save": press_save,
        "master.drop": press_drop,
        "master.add": press_add,
        "master.added": press_added,
        "master.preview": press_preview,
        "master.force": press_force,
        "master.discard": press_discard,
        "master.back": press_back,
        "master.history": press_history,
        "master.again": press_again,
        "master.share": press_share,
        "master.shared": _press_shared,
        "master.take": press_take,
    },
    answer=awaited,
)
