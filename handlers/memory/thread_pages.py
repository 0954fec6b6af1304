"""The thread in chat: three lines first, each part one press away; and what a walkthrough belongs to.

``thread lincoln`` for the ILD, ``my thread`` for the principal; nobody else reads it.
"""

import re
from datetime import datetime

from handlers.actions import Action, act
from handlers.cards import (
    Block,
    Button,
    Buttons,
    Card,
    Emphasis,
    Field,
    FieldKind,
    Item,
    Items,
    Option,
    Text,
    plain,
)
from handlers.errors import UserError
from handlers.free_words import read_words
from handlers.guided.run_starts import protocols_for, start
from handlers.memory import follow_through, products, promise_outcomes
from handlers.memory.promise_outcomes import promise_buttons
from handlers.memory.thread_state import load_thread, open_inquiries, problem_of
from handlers.memory.threads import APART, FOLLOWS, ask_cycle
from handlers.permissions import Right, Subject, require
from handlers.schools import find_school, match_schools, my_schools, pressed_school
from handlers.turn import Cards, Command, Topic, Turn, Values
from protocols.cadence.moments import say_day
from protocols.memory.thread import Promised, Session, Thread, excerpt, opening
from storage import people, record, runs, threads
from storage.database import Store
from storage.people import Role, School
from storage.runs import Run

MOST_LISTED = 8
"""Lines of one list on a phone; what is older stays in the summaries."""


# ---------------------------------------------------------------- words


def thread_words(turn: Turn, match: re.Match[str]) -> Cards | None:
    """ "thread lincoln". None where the words are somebody's answer that happens to begin so."""
    words = match["school"]
    if not words:
        return _choose_school(turn)
    is_answering = record.expectation_of(turn.tx, turn.person.id) is not None
    if is_answering and not match_schools(words, people.schools_on(turn.tx, turn.today)):
        return None
    school = find_school(turn, words, Right.SEE_RUN, lambda s: act("thread.open", school=s.id))
    return [thread_card(turn, school)]


def _choose_school(turn: Turn) -> Cards:
    schools = my_schools(turn)
    if len(schools) == 1:
        return [thread_card(turn, schools[0])]
    if not schools:
        raise UserError("Each school has its own thread. Write it like: thread Lincoln.")
    if len(schools) > MOST_LISTED:
        options = tuple(Option(str(school.id), school.name) for school in schools)
        field = Field("school", "School", FieldKind.CHOICE, options=options, required=True)
        open_it = Button("Open the thread", act("thread.open"), Emphasis.PRIMARY)
        return [Card("", (Text("The thread of which school?"), field, Buttons((open_it,))))]
    buttons = tuple(Button(school.name, act("thread.open", school=school.id)) for school in schools)
    return [Card("", (Text("The thread of which school?"), Buttons(buttons)))]


def my_thread(turn: Turn, _match: re.Match[str]) -> Cards:
    """ "my thread": the principal's own, one card for each school; whoever leads none chooses one."""
    schools = people.schools_on(turn.tx, turn.today, principal_id=turn.person.id)
    if not schools:
        return _choose_school(turn)
    return [thread_card(turn, school) for school in schools]


def thread_card(turn: Turn, school: School) -> Card:
    """Three lines, how things are followed up, and the way to the parts."""
    thread = load_thread(turn, school, with_evidence=True)
    lines = opening(thread, reader_id=turn.person.id, today=turn.today)
    blocks: list[Block] = [Text(line.text, lead=line.lead) for line in lines]
    if not blocks:
        blocks.append(Text("Nothing yet: no visit, no promise, no focus. A first walkthrough begins it."))
    if thread.closed_before:
        blocks.append(Text(_closed(turn, school, thread), quiet=True))
    blocks.extend(follow_through.lines_for(turn, school))
    if buttons := _parts(school, thread):
        blocks.append(Buttons(buttons))
    return Card(school.name, tuple(blocks))


def _closed(turn: Turn, school: School, thread: Thread) -> str:
    assert thread.closed_before is not None  # the caller asked
    since = say_day(thread.closed_before, turn.today)
    principal = people.get_people(turn.tx, [school.principal_id or 0], on=turn.today).get(
        school.principal_id or 0
    )
    whose = principal.given_name if principal else "The principal"
    return f"From the time before {since} you see what {whose} agreed to hand over."


def _parts(school: School, thread: Thread) -> tuple[Button, ...]:
    counted = (
        ("Promises", "promises", len(thread.open_promises) or len(thread.promises)),
        ("Sessions", "sessions", len(thread.sessions)),
        ("Evidence", "evidence", thread.evidence_count),
        ("Inquiry", "inquiry", len(thread.inquiries)),
    )
    return tuple(
        Button(f"{label} ({count})", act("thread.show", school=school.id, part=part))
        for label, part, count in counted
        if count
    )


# ---------------------------------------------------------------- parts


def press_open(turn: Turn, action: Action, values: Values) -> Cards:
    """The thread of the button's school, or of the one chosen in the form."""
    if "school" not in action.args:
        if not values.get("school"):
            raise UserError("Choose a school first, then press Open the thread.")
        action = act(action.name, school=values["school"])
    return [thread_card(turn, _school(turn, action))]


def press_show(turn: Turn, action: Action, _values: Values) -> Cards:
    """One part of the thread in full."""
    school = _school(turn, action)
    part = action.args.get("part", "")
    thread = load_thread(turn, school, with_evidence=part == "evidence")
    match part:
        case "promises":
            return [_promises_card(turn, thread)]
        case "sessions":
            return [_sessions_card(turn, thread)]
        case "evidence":
            return [_evidence_card(turn, thread)]
        case _:
            return [_inquiry_card(turn, thread)]


def _promises_card(turn: Turn, thread: Thread) -> Card:
    settled = [promise for promise in thread.promises if not promise.is_open][:MOST_LISTED]
    blocks: list[Block] = []
    if thread.open_promises:
        items = [_promise_item(turn, promise) for promise in thread.open_promises]
        blocks.append(Items(tuple(items), title="Open, by both"))
    if settled:
        items = [_promise_item(turn, promise) for promise in settled]
        blocks.append(Items(tuple(items), title="What came of the others"))
    return Card(f"{thread.school}: promises", tuple(blocks) or (Text("No promise yet."),))


def _promise_item(turn: Turn, promise: Promised) -> Item:
    lead = "You:" if promise.owner_id == turn.person.id else f"{promise.owner}:"
    due = f"By {say_day(promise.by_when, turn.today)}"
    if promise.is_open:
        note = f", {promise.outcome}" if promise.outcome else ""
        detail = f"{due}{note}. To look at: {promise.evidence}"
        return Item(promise.what, lead=lead, detail=detail, buttons=promise_buttons(promise.id))
    came = f" {promise.outcome}" if promise.outcome else ""
    return Item(promise.what, lead=lead, detail=f"{promise.state.capitalize()}.{came}")


def _sessions_card(turn: Turn, thread: Thread) -> Card:
    items = [_session_item(turn, session) for session in thread.sessions[:MOST_LISTED]]
    older = len(thread.sessions) - len(items)
    blocks: list[Block] = [Items(tuple(items))] if items else [Text("No session yet.")]
    if older > 0:
        blocks.append(
            Text(f"{older} older ones, since {say_day(thread.sessions[-1].day, turn.today)}.", quiet=True)
        )
    return Card(f"{thread.school}: sessions", tuple(blocks))


def _session_item(turn: Turn, session: Session) -> Item:
    length = f", {session.minutes} minutes" if session.minutes else ""
    buttons = [Button("Read", act("run.summary", run=session.run_id))] if session.run_id else []
    detail = ""
    if session.belongs_to:
        detail = f"Part of the inquiry “{excerpt(session.belongs_to)}”."
    elif session.apart:
        detail = f"Apart from any inquiry: {session.apart}."
    elif session.is_loose:
        detail = "Tied to no inquiry, and nobody has said why."
        if session.run_id:
            buttons.append(Button("Say what it belongs to", act("thread.ask", run=session.run_id)))
    return Item(
        f"{session.what}{length}",
        lead=say_day(session.day, turn.today),
        detail=detail,
        buttons=tuple(buttons),
    )


def _evidence_card(turn: Turn, thread: Thread) -> Card:
    items = tuple(
        Item(piece.text, lead=f"{say_day(piece.day, turn.today)}, {piece.by}:", detail=piece.about)
        for piece in thread.evidence
    )
    rest = thread.evidence_count - len(items)
    blocks: list[Block] = [Items(items)] if items else [Text("No evidence yet.")]
    if rest > 0:
        blocks.append(Text(f"{rest} more in the summaries. Open them under Sessions.", quiet=True))
    return Card(f"{thread.school}: evidence, the latest first", tuple(blocks))


def _inquiry_card(turn: Turn, thread: Thread) -> Card:
    items = tuple(
        Item(
            inquiry.problem or inquiry.title,
            lead=f"Round {inquiry.round}:",
            detail=" ".join(
                filter(
                    None,
                    (
                        f"Begun {say_day(inquiry.started_on, turn.today)}.",
                        f"Strategy: {inquiry.strategy}" if inquiry.strategy else "",
                        f"Next check-in {say_day(inquiry.check_in, turn.today)}." if inquiry.check_in else "",
                    ),
                )
            ),
            buttons=(Button("Read", act("run.summary", run=inquiry.run_id, full=1)),),
        )
        for inquiry in thread.inquiries
    )
    return Card(f"{thread.school}: inquiry", (Items(items),) if items else (Text("No inquiry is open."),))


# ---------------------------------------------------------------- what a walkthrough belongs to


def press_tie(turn: Turn, action: Action, _values: Values) -> Cards:
    """The walkthrough is part of an inquiry."""
    run, school = _run(turn, action)
    cycle = next((c for c in open_inquiries(turn, school) if c.id == action.number("cycle")), None)
    if cycle is None:
        raise UserError(
            "That inquiry is over. Say what this walkthrough is for.", buttons=(_because(run.id),)
        )
    runs.place(turn.tx, run.id, cycle_id=cycle.id, apart="")
    _audit(turn, run, "run.tied", cycle=cycle.id)
    about = problem_of(cycle) or cycle.protocol.title
    return [plain(f"Part of the inquiry “{excerpt(about)}”. Look for what bears on it.")]


def press_apart(turn: Turn, action: Action, values: Values) -> Cards:
    """The walkthrough belongs to no inquiry, with the reason."""
    run, school = _run(turn, action)
    why = action.args.get("why", "")
    reason = APART.get(why) or read_words(
        turn, values.get("reason", ""), school, ask="Say in a few words what it is for, then press Keep it."
    )
    runs.place(turn.tx, run.id, cycle_id=None, apart=reason)
    _audit(turn, run, "run.set_apart", why=why or "own words")
    if why == "follows":
        later = Button("Open the inquiry now", act("thread.inquire", run=run.id))
        text = "Good. Walk first; when you are through, open it here, and this walkthrough belongs to it."
        return [Card("", (Text(text), Buttons((later,))))]
    return [plain(f"Noted: apart from any inquiry, {reason}.")]


def press_apart_form(turn: Turn, action: Action, _values: Values) -> Cards:
    run, _school = _run(turn, action)
    keep = Button("Keep it", act("thread.apart", run=run.id), Emphasis.PRIMARY)
    field = Field("reason", "Apart, because", FieldKind.LINE, required=True)
    return [Card("", (Text("What is this walkthrough for?"), field, Buttons((keep,))))]


def press_inquire(turn: Turn, action: Action, _values: Values) -> Cards:
    """Open the inquiry that the walkthrough leads to; the clock ties them together once it is there."""
    _run_row, school = _run(turn, action)
    protocol = protocols_for(turn).get("cycle_of_inquiry")
    if protocol is None:
        raise UserError("No cycle of inquiry is in use here. Write “protocols” to see those that are.")
    return start(turn, school, protocol)


def press_ask(turn: Turn, action: Action, _values: Values) -> Cards:
    """What a walkthrough that is long over belonged to."""
    run, school = _run(turn, action)
    return [ask_cycle(turn, run.id, school)]


def tie_walkthroughs(store: Store, _now: datetime) -> int:
    """Walkthroughs that an inquiry was to follow from belong to it as soon as it is there; how many were tied."""
    with store.begin() as tx:
        found = threads.to_be_tied(tx, mark=FOLLOWS)
        for run_id, cycle_id in found:
            runs.place(tx, run_id, cycle_id=cycle_id, apart="")
    return len(found)


def _because(run_id: int) -> Button:
    return Button("Apart, because …", act("thread.apart_form", run=run_id))


def _run(turn: Turn, action: Action) -> tuple[Run, School]:
    run = runs.get(turn.tx, action.number("run"))
    school = people.school_on(turn.tx, run.school_id, turn.today) if run and run.school_id else None
    require(turn.person, Right.SEE_RUN, Subject(school=school), object=f"run:{action.args.get('run')}")
    assert run is not None  # nobody has the right to a run of no school
    assert school is not None
    return run, school


def _school(turn: Turn, action: Action) -> School:
    return pressed_school(turn, action, Right.SEE_RUN, object=f"thread:{action.args.get('school')}")


def _audit(turn: Turn, run: Run, what: str, **detail: object) -> None:
    record.audit(turn.tx, at=turn.now, actor_id=turn.person.id, action=what, object=f"run:{run.id}", **detail)


TOPIC = Topic(
    name="thread",
    commands=(
        Command(
            re.compile(r"(?:show )?(?:my )?(?:thread|memory)", re.IGNORECASE),
            my_thread,
            example="my thread",
            what="Your focus, what was promised by both, and where the inquiry stands.",
            roles=frozenset({Role.PRINCIPAL}),
        ),
        Command(
            re.compile(
                r"(?:show )?(?:the |my )?(?:thread|memory)(?:(?: of| for| with| at)? (?P<school>.+))?",
                re.IGNORECASE,
            ),
            thread_words,
            example="thread Lincoln",
            what="A school's thread: focus, visits, promises by both sides, the inquiry.",
            roles=frozenset({Role.ILD}),
        ),
        Command(
            re.compile(r"(?:show )?my follow[- ]?through", re.IGNORECASE),
            follow_through.my_follow_through,
            example="my follow-through",
            what="How often your visits end in a next step, and next steps are looked at again.",
            roles=frozenset({Role.ILD}),
        ),
    ),
    actions={
        "thread.open": press_open,
        "thread.show": press_show,
        "thread.tie": press_tie,
        "thread.apart": press_apart,
        "thread.apart_form": press_apart_form,
        "thread.inquire": press_inquire,
        "thread.ask": press_ask,
        "thread.outcome": promise_outcomes.press_outcome,
        "thread.ready": promise_outcomes.press_ready,
        "thread.put_off_form": promise_outcomes.press_put_off_form,
        "thread.put_off": promise_outcomes.press_put_off,
        "thread.drop_form": promise_outcomes.press_drop_form,
        "thread.drop": promise_outcomes.press_drop,
    },
    still_true=products.still_asked_for,
    in_place=frozenset({"thread.put_off", "thread.drop", "thread.tie", "thread.apart", "thread.show"}),
    in_place_alone=frozenset(
        {"thread.outcome", "thread.ready", "thread.put_off_form", "thread.drop_form", "thread.apart_form"}
    ),
)
