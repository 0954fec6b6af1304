"""Rules that an ILD makes in words: "enrolment forms: always to my clerk", "always take surveys from Facilities off
the plate".

A rule has a topic, and may have a unit, an audience and how binding it is; a demand it fits has all of these. Words are
compared by their stems and forgive a slip of the pen. Of several rules the narrowest counts, then the newest.

What binds a school by a deadline is never taken off its plate by a rule that does not say who does it instead
(``may_decide``).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from protocols.buffer.audience import ALL, audience_of
from protocols.buffer.demands import Binding, DateRole, Demand
from protocols.buffer.digest import Decision
from protocols.buffer.focus import stem

ALIKE = 86
"""Percent by which two words of five letters or more may be the same word."""
LONGEST_SENTENCE = 200

_WORD = re.compile(r"[^\W_]+")
_NO_TOPIC = re.compile(
    r"a|all|an|and|any|anything|are|every|everything|for|in|is|it|items?|demands?|memos?|mine|my|of|on|or|our|"
    r"requests?|schools?|that|the|their|things?|to|what|which|with"
)
_OFFICE = re.compile(r"(?:the|office|offices|department|dept|division|unit|of|and|for)")
_BINDINGS = (
    (
        Binding.MUST,
        re.compile(r"(?i)\b(?:(?:that|which) (?:is|are) |if )?(?:required|mandatory|compulsory)\b"),
    ),
    (Binding.SHOULD, re.compile(r"(?i)\b(?:(?:that|which) (?:is|are) |if )?(?:recommended|asked for)\b")),
    (Binding.MAY, re.compile(r"(?i)\b(?:(?:that|which) (?:is|are) |if )?(?:optional|voluntary)\b")),
    (
        Binding.INFO,
        re.compile(r"(?i)\b(?:(?:that|which) (?:is|are) |if )?(?:for information(?: only)?|only to know)\b"),
    ),
)
_IT = r"(?:it|them|these|those|this)"
_OFF = r"off (?:the|their|my principals?['’]?|our|everyone['’]s) plates?"
_GIVEN = (
    r"(?:,? (?:and )?(?:give|send) (?:it|them) to (?P<taker>.+)|"
    r"[,:;]? (?P<doer>.+?) (?:does|do|answers?) (?:it|them))?"
)


def _full(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"(?i){pattern}")


_VERB_FIRST: tuple[tuple[Decision, re.Pattern[str]], ...] = (
    (Decision.OFF_PLATE, _full(rf"always (?:take|keep) (?P<what>.+?) {_OFF}{_GIVEN}")),
    (Decision.OFF_PLATE, _full(r"always (?:give|send|pass|hand) (?P<what>.+?) (?:on )?to (?P<taker>.+)")),
    (Decision.SELF, _full(r"(?:i )?always do (?P<what>.+?) myself")),
    (Decision.PASS_ON, _full(r"always pass on (?P<what>.+)")),
    (Decision.PASS_ON, _full(r"always pass (?P<what>.+?) on")),
    (Decision.HOLD, _full(r"always hold (?P<what>.+)")),
)
_TOPIC_FIRST: tuple[tuple[Decision, re.Pattern[str]], ...] = (
    (Decision.OFF_PLATE, _full(rf"(?:(?:take|keep) (?:{_IT} )?)?{_OFF}{_GIVEN}")),
    (Decision.SELF, _full(rf"(?:to |by )?(?:me|mine|myself)|i(?:['’]ll| will)? do {_IT}(?: myself)?")),
    (Decision.OFF_PLATE, _full(rf"(?:(?:give|send|pass|hand) {_IT} )?(?:on )?to (?P<taker>.+)")),
    (Decision.PASS_ON, _full(rf"pass (?:{_IT} )?on|pass on(?: {_IT})?")),
    (Decision.HOLD, _full(rf"hold(?: {_IT})?")),
)


@dataclass(frozen=True, slots=True)
class BufferRule:
    """What a rule fits, and what it decides. Empty ``topic``, ``unit`` or ``audience`` and no ``binding`` fit anything;
    ``taken_by`` is who does it instead, in the ILD's words."""

    topic: str
    decision: Decision
    unit: str = ""
    audience: tuple[str, ...] = ()
    binding: Binding | None = None
    taken_by: str = ""

    @property
    def narrowness(self) -> tuple[int, int]:
        """How many conditions, then how many words of topic: a rule with more of them goes before."""
        conditions = sum(map(bool, (self.topic, self.unit, self.audience, self.binding)))
        return conditions, len(_topic_words(self.topic))


class RuleFault(ValueError):
    """The words are a rule, but not one that can be kept; the text says what to write."""


def read_rule(sentence: str) -> BufferRule | None:
    """The rule that the sentence makes; None where it makes none.

    Raises ``RuleFault`` for a rule about everything, and for one that names nobody after "to".
    """
    words = " ".join(sentence.split()).rstrip(" .")
    if len(words) > LONGEST_SENTENCE:
        return None
    for decision, pattern in _VERB_FIRST:
        if found := pattern.fullmatch(words):
            return _rule(decision, found["what"], found.groupdict())
    topic, comma, then = _split_always(words)
    if comma:
        for decision, pattern in _TOPIC_FIRST:
            if found := pattern.fullmatch(then):
                return _rule(decision, topic, found.groupdict())
    return None


def _split_always(words: str) -> tuple[str, bool, str]:
    found = re.fullmatch(r"(?i)(?P<topic>[^:;]+?)\s*[:,;–—-]\s*always\s+(?P<then>.+)", words)
    return (found["topic"], True, found["then"]) if found else ("", False, "")


def _rule(decision: Decision, what: str, groups: dict[str, str | None]) -> BufferRule:
    taken_by = (groups.get("taker") or groups.get("doer") or "").strip(" .")
    binding = None
    for kind, pattern in _BINDINGS:
        if pattern.search(what):
            binding, what = kind, pattern.sub(" ", what)
    audience: tuple[str, ...] = ()
    if found := re.search(r"(?i)\s(?:for|to)\s+(?P<whom>[^:]+?)(?=\s+from\b|$)", what):
        audience = tuple(tag for tag in audience_of(f"{found['whom']} must") if tag != ALL)
        if audience:
            what = what[: found.start()] + what[found.end() :]
    unit = ""
    if found := re.search(r"(?i)(?:^|\s)from\s+(?P<unit>[^:]+)$", what):
        unit, what = found["unit"].strip(), what[: found.start()]
    topic = " ".join(what.split()).strip(" ,")
    if not _topic_words(topic):
        topic = ""
    if not (topic or unit or audience or binding):
        raise RuleFault(
            "That would fit everything. Say what it is about: always take surveys from Facilities off the plate."
        )
    return BufferRule(topic, decision, unit, audience, binding, taken_by)


def fits(rule: BufferRule, demand: Demand, *, unit: str, title: str = "") -> bool:
    """Whether a demand of that unit's memo has everything that the rule asks for."""
    wanted = _topic_words(rule.topic)
    there = _words(f"{demand.quote} {title}")
    return (
        all(_is_among(word, there) for word in wanted)
        and _is_of_unit(rule.unit, unit)
        and set(rule.audience) <= set(demand.audience)
        and rule.binding in (None, demand.binding)
    )


def may_decide(rule: BufferRule, demand: Demand) -> bool:
    """False where it would take a must with a deadline off the plate and leave nobody to do it."""
    has_deadline = demand.due is not None and demand.due_role is DateRole.DEADLINE
    binds = demand.for_school and demand.binding is Binding.MUST and has_deadline
    return not (rule.decision is Decision.OFF_PLATE and not rule.taken_by and binds)


def choose(rules: Sequence[BufferRule], demand: Demand, *, unit: str, title: str = "") -> int | None:
    """Which of the rules (its place) decides about the demand: the narrowest that fits and may; None where none does.

    ``rules`` are in the order in which they were made; of equals the last counts.
    """
    found = [
        (rule.narrowness, place)
        for place, rule in enumerate(rules)
        if fits(rule, demand, unit=unit, title=title) and may_decide(rule, demand)
    ]
    return max(found)[1] if found else None


def say_rule(rule: BufferRule) -> str:
    """The rule in one line: "Enrolment forms: to my clerk", "Optional surveys from Facilities: off the plate"."""
    audience = " and ".join(tag.replace("_", " ") for tag in rule.audience)
    if audience and not audience.endswith(("principals", "schools")):
        audience += " schools"
    what = " ".join(
        filter(
            None,
            (
                SAID_BINDING[rule.binding] if rule.binding else "",
                rule.topic or "everything",
                f"for {audience}" if audience else "",
                f"from {rule.unit}" if rule.unit else "",
            ),
        )
    )
    then = {
        Decision.PASS_ON: "passed on",
        Decision.SELF: "yours to do",
        Decision.HOLD: "held",
        Decision.OFF_PLATE: f"to {rule.taken_by}" if rule.taken_by else "off the plate",
    }[rule.decision]
    return f"{what[:1].upper()}{what[1:]}: {then}"


SAID_BINDING = {
    Binding.MUST: "required",
    Binding.SHOULD: "recommended",
    Binding.MAY: "optional",
    Binding.INFO: "for information,",
}


def _words(text: str) -> set[str]:
    return set(_WORD.findall(text.casefold()))


def _topic_words(topic: str) -> list[str]:
    return [word for word in _WORD.findall(topic.casefold()) if not _NO_TOPIC.fullmatch(word)]


def _is_among(word: str, there: set[str]) -> bool:
    """Whether the word, another form of it, or a long one with a slip in it is there."""
    if word in there or stem(word) in {stem(one) for one in there}:
        return True
    return len(word) >= 5 and any(len(one) >= 5 and fuzz.ratio(word, one) >= ALIKE for one in there)


def _is_of_unit(wanted: str, unit: str) -> bool:
    """Whether every word of the wanted unit's name stands in the other's: "Facilities" in "Office of Facilities"."""
    there = _words(unit)
    return all(_is_among(word, there) for word in _words(wanted) if not _OFFICE.fullmatch(word))
