"""Questions about visits and protected time: answered in numbers, never with what was said in a visit.

Every question an executive asks, and every refusal, is in the audit log with what was asked for, so that ILDs can
see what was looked at.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from handlers.actions import Action, act, key_of
from handlers.answers.insight_answers import Answer, answer
from handlers.answers.insight_cards import answer_card, unclear_words
from handlers.answers.insight_memory import Heard, hear, reread
from handlers.answers.insight_scope import Ground, load_ground
from handlers.answers.insight_work import SmallGroupError
from handlers.cards import Button, Buttons, Card, Text
from handlers.centre import asked_in_words
from handlers.errors import UserError
from handlers.guided.run_waiting import waiting_seat
from handlers.turn import Cards, Command, Topic, Turn, Values
from protocols.insight.query import Meaning, Query, Refused, Unclear, Why, context_from_json
from protocols.insight.regularity import ended_period
from protocols.insight.understanding import understand
from storage import questions, record
from storage.people import Role
from storage.questions import Asked

LONGEST_QUESTION = 500
"""Characters; nobody asks so long, and what is longer is something else."""
ASKERS = frozenset({Role.EXECUTIVE, Role.ILD, Role.PRINCIPAL})
VISITS, BEHIND, TERMS, INTERVALS = "visits", "behind", "terms", "intervals"
KEPT, LOST = "kept", "lost"
QUICK: Mapping[Role, Mapping[str, str]] = {
    Role.EXECUTIVE: {
        VISITS: "visits since September by ILD",
        BEHIND: "schools not visited for three weeks",
        TERMS: "visits this semester against last semester",
        KEPT: "protected time kept this month",
        LOST: "who took protected time this month",
    },
    Role.ILD: {
        VISITS: "my visits since September by school",
        BEHIND: "which of my schools were not visited for three weeks",
        INTERVALS: "my intervals kept this semester",
        KEPT: "protected time kept this month",
    },
    Role.PRINCIPAL: {
        VISITS: "how many visits have we had since September",
        KEPT: "protected time kept at our school this month",
    },
}
"""Questions one can press instead of typing; each is understood as it stands (a test asks them all).

A button carries a question's key, which stays the same when the words or the order change."""

REFUSALS = {
    Why.CONTENT: "What is said in a visit stays between the principal and their ILD, so I can't show it. "
    "That visits took place, when, how long and which kind, I can.",
    Why.RANKING: "I don't rank ILDs: their schools ask for different rhythms, so a count says little about them. "
    "How well each school's rhythm is kept, I can show.",
    Why.NOT_YOURS: "That is not yours to see here, so I can't show it. Your own figures I can.",
    Why.SMALL_GROUP: "Fewer than five principals stand behind that, so an answer could give one of them away. "
    "The district's figure I can show.",
}

_FOLLOWS = re.compile(r"\s*(?:(?:and|what about|how about)\b.*\?|by \w+\??)\s*", re.IGNORECASE)


# ---------------------------------------------------------------- asking


def read_clear_question(turn: Turn, text: str) -> Cards | None:
    """Free words that are wholly understood as a question one may ask. None for anything less.

    Of somebody whom another conversation waits for, only words that say so ("and in May?", "by school") are taken to
    follow on the question before: almost anything follows on something.
    """
    is_awaited = record.expectation_of(turn.tx, turn.person.id) is not None or waiting_seat(turn) is not None
    asked = _read(turn, text, follows=not is_awaited or _FOLLOWS.fullmatch(text) is not None)
    if asked is None or not isinstance(asked[1].meaning, Query):
        return None
    return [_card(turn, *asked)]


def read_question(turn: Turn, text: str) -> Cards | None:
    """Free words that look like a question, to refuse or ask back. None where they have nothing of one."""
    asked = _read(turn, text)
    if asked is None:
        return None
    ground, heard = asked
    meaning = heard.meaning
    if isinstance(meaning, Unclear) and meaning.heard.measure is None and not _looks_like_question(text):
        return None
    return [_card(turn, ground, heard)]


def is_nearly_question(turn: Turn, text: str) -> bool:
    """Whether words that are not understood yet ask for something that is counted, or that nobody is shown."""
    if not _looks_like_question(text):
        return False
    asked = _read(turn, text, follows=False)
    if asked is None:
        return False
    meaning = asked[1].meaning
    heard = meaning.heard if isinstance(meaning, Unclear) else None
    return heard is None or bool(heard.measure or heard.by or heard.filters)


def _read(turn: Turn, text: str, *, follows: bool = True) -> tuple[Ground, Heard] | None:
    if not ASKERS & turn.person.roles or len(text) > LONGEST_QUESTION:
        return None
    ground = load_ground(turn)
    return ground, hear(turn, ground, text, follows=follows)


def _ask_words(turn: Turn, match: re.Match[str]) -> Cards:
    if (cards := asked_in_words.answer(turn, match["question"])) is not None:
        return cards
    ground = load_ground(turn)
    return [_card(turn, ground, hear(turn, ground, match["question"]))]


def _looks_like_question(text: str) -> bool:
    return text.rstrip().endswith("?") or bool(
        re.match(r"\s*(how|which|what|who|when|where|why|show|list|count)\b", text, re.IGNORECASE)
    )


def ask(turn: Turn, question: str, *, context: Mapping[str, Any] | None) -> dict[str, Any]:
    """A question for another program (``throughline ask --json``); the same words, refusals and audit as in chat.

    ``context`` is the JSON of the answer before. Raises ``ValueError`` where it is not one.
    """
    ground = load_ground(turn)
    if not ASKERS & turn.person.roles:
        _audit(turn, "refused", why=Why.NOT_YOURS)
        return {"refused": Why.NOT_YOURS.value, "answer": REFUSALS[Why.NOT_YOURS]}
    if (about := asked_in_words.about(turn, question)) is not None:
        return {
            "unclear": True,
            "answer": asked_in_words.pointer(about),
            "suggestions": [asked_in_words.WORDS[about]],
        }
    before = context_from_json(context) if context else None
    meaning = understand(
        question, vocabulary=ground.vocabulary, asker=ground.asker, today=turn.today, context=before
    )
    found = _resolve(turn, ground, meaning)
    match found:
        case Answer():
            return found.to_json(question)
        case Refused(why=why, heard=heard):
            return {"refused": why.value, "answer": REFUSALS[why], "heard": heard.to_json()}
        case Unclear(suggestions=suggestions, heard=heard):
            return {
                "unclear": True,
                "answer": unclear_words(found, question, today=turn.today),
                "suggestions": list(suggestions),
                "heard": heard.to_json(),
            }


def _resolve(turn: Turn, ground: Ground, meaning: Meaning) -> Answer | Refused | Unclear:
    """The answer, or why there is none; either way it is in the audit log."""
    if isinstance(meaning, Query):
        try:
            found = answer(turn, ground, meaning)
        except SmallGroupError:
            meaning = Refused(Why.SMALL_GROUP)
        else:
            _audit(turn, "question.answered", understood=meaning.to_json(), asker=ground.asker.role)
            return found
    if isinstance(meaning, Refused):
        _audit(turn, "refused", why=meaning.why)
    return meaning


def _audit(turn: Turn, action: str, **detail: object) -> None:
    record.audit(turn.tx, at=turn.now, actor_id=turn.person.id, action=action, object="question", **detail)


# ---------------------------------------------------------------- answering


def _card(turn: Turn, ground: Ground, heard: Heard) -> Card:
    match _resolve(turn, ground, heard.meaning):
        case Answer() as found:
            return _keep(turn, ground, heard, found)
        case Refused(why=why):
            return Card("", (Text(REFUSALS[why]), Buttons((_quick_button(VISITS, "Show what I can"),))))
        case Unclear() as found:
            told = unclear_words(found, heard.words[-1], today=turn.today)
            return Card("", (Text(told), Buttons((Button("Examples", act("insight.quick")),))))


def _keep(turn: Turn, ground: Ground, heard: Heard, found: Answer) -> Card:
    """The card of an answer, whose buttons name the question, and on which the next one may follow."""
    number = questions.add_question(
        turn.tx,
        person_id=turn.person.id,
        words=heard.words,
        understood=found.query.to_json(),
        at=turn.now,
    )
    networks = ground.vocabulary.networks if Role.EXECUTIVE in turn.person.roles else ()
    return answer_card(found, number, networks)


def ask_again(turn: Turn, words: Sequence[str], *, is_monthly: bool) -> Card | None:
    """The answer to a question that was asked before, computed anew with what the person may see now.

    What was asked of the month (or week) that has only just begun is answered of the one before. None where there is
    no answer any more: a right, a name or the people behind it are gone.
    """
    if not ASKERS & turn.person.roles:
        _audit(turn, "refused", why=Why.NOT_YOURS)
        return None
    ground = load_ground(turn)
    heard = reread(ground, words, today=turn.today)
    if isinstance(heard.meaning, Query):
        query = heard.meaning
        ended = ended_period(query.from_, query.to, today=turn.today, is_monthly=is_monthly)
        heard = reread(ground, words, today=ended) if ended else heard
    found = _resolve(turn, ground, heard.meaning)
    return _keep(turn, ground, heard, found) if isinstance(found, Answer) else None


# ---------------------------------------------------------------- buttons


def _press_quick(turn: Turn, action: Action, _values: Values) -> Cards:
    """Without a key the questions to choose from; with one, its answer."""
    known = _questions(turn)
    if not known:
        raise UserError("Figures are for executives, ILDs and principals.")
    if not action.args:
        buttons = tuple(_quick_button(key, question) for key, question in known.items())
        return [Card("Questions you can ask", (Buttons(buttons), Text("Or write your own.", quiet=True)))]
    question = known.get(action.args.get("q", ""))
    if question is None:
        raise UserError("That button is from an older version of mine. Write “questions” to see them.")
    ground = load_ground(turn)
    return [_card(turn, ground, hear(turn, ground, question))]


def _press_by(turn: Turn, action: Action, _values: Values) -> Cards:
    """The answer of this message, set out another way."""
    ground = load_ground(turn)
    words = f"by {action.args.get('by', 'school')}"
    return [_card(turn, ground, hear(turn, ground, words, after=_question_of(turn, action)))]


def _press_network(turn: Turn, action: Action, _values: Values) -> Cards:
    """The question of this message, asked of another network."""
    ground = load_ground(turn)
    wanted = action.args.get("network")
    network = next((name for name in ground.vocabulary.networks if key_of(name) == wanted), None)
    if network is None:
        raise UserError("I don't have that network any more. Write which one you mean: and in North Network?")
    words = f"and in {network}?"
    return [_card(turn, ground, hear(turn, ground, words, after=_question_of(turn, action)))]


def _question_of(turn: Turn, action: Action) -> Asked:
    before = questions.find_question(turn.tx, action.number("question"), person_id=turn.person.id)
    if before is None:
        raise UserError("That button is from an older version of mine. Ask the question again.")
    return before


def _quick_button(key: str, label: str) -> Button:
    return Button(label[:1].upper() + label[1:], act("insight.quick", q=key))


def quick_answer(turn: Turn, key: str) -> Answer | None:
    """The answer to one of the questions that this person can press, as a pure look: it is not remembered as asked.

    None where there is none: no such question, too few behind it, not theirs to see.
    """
    question = _questions(turn).get(key)
    if question is None:
        return None
    ground = load_ground(turn)
    meaning = understand(
        question, vocabulary=ground.vocabulary, asker=ground.asker, today=turn.today, context=None
    )
    if not isinstance(meaning, Query):
        return None
    try:
        return answer(turn, ground, meaning)
    except SmallGroupError:
        return None


def _questions(turn: Turn) -> Mapping[str, str]:
    return next((asked for role, asked in QUICK.items() if role in turn.person.roles), {})


def _show_questions(turn: Turn, _match: re.Match[str]) -> Cards:
    return _press_quick(turn, Action("insight.quick"), {})


TOPIC = Topic(
    name="insight",
    commands=(
        Command(
            re.compile(r"(?:show )?(?:questions|figures|numbers|reports?)", re.IGNORECASE),
            _show_questions,
            example="questions",
            what="Visits, gaps and protected time in numbers, with a picture and a CSV.",
            roles=ASKERS,
        ),
        Command(
            re.compile(r"(?:ask |\? ?)(?P<question>.+)", re.IGNORECASE),
            _ask_words,
            example="ask visits since September by month",
            what="A question in your own words, even in the middle of something else.",
            roles=ASKERS,
        ),
    ),
    actions={"insight.quick": _press_quick, "insight.by": _press_by, "insight.network": _press_network},
    in_place=frozenset({"insight.by", "insight.network"}),
    in_place_alone=frozenset({"insight.quick"}),
)
