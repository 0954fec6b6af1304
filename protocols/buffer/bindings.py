"""Whether a passage asks something, and how binding: tables of the ways in which memos say must, should and
may.

Each rule is a pattern for the words that carry the force; what stands before them is the subject. Order
matters: the first rule that matches decides, and rules for what only *looks* like a demand come first. All
patterns are bounded, so they are linear in the passage.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from protocols.buffer.demands import Binding


@dataclass(frozen=True, slots=True)
class Force:
    """The words that bind, their place in the passage, and what kind of subject they need.

    ``needs_actor``: a demand only where the subject is on the school's side (else it tells what others can do).
    ``is_asking``: the subject is the one who asks ("the state requires schools to ..."), the party asked follows.
    ``is_passive``: who acts stands after "by", or is left to be understood.
    ``is_relief``: it frees from a duty ("need not"), so that a day in it is none to act by.
    """

    binding: Binding
    start: int
    end: int
    needs_actor: bool = False
    is_asking: bool = False
    is_passive: bool = False
    is_relief: bool = False


@dataclass(frozen=True, slots=True)
class _Rule:
    binding: Binding
    pattern: re.Pattern[str]
    needs_actor: bool = False
    is_asking: bool = False
    is_relief: bool = False


def _rules(
    binding: Binding,
    patterns: Sequence[str],
    *,
    needs_actor: bool = False,
    is_asking: bool = False,
    is_relief: bool = False,
) -> tuple[_Rule, ...]:
    return tuple(_Rule(binding, re.compile(p), needs_actor, is_asking, is_relief) for p in patterns)


_NOT_A_DEMAND: Sequence[re.Pattern[str]] = tuple(
    re.compile(pattern, re.IGNORECASE | re.DOTALL)
    for pattern in (
        r"\b(?:remain|stay)s?\s+in\s+effect\b",
        r"\bshall\s+(?:not\s+)?(?:affect|apply|mean|be\s+(?:construed|deemed|considered|defined|interpreted|"
        r"known|effective)|"
        r"have\s+the\s+(?:same\s+)?(?:meaning|right)|take\s+effect|become\s+effective|constitute|"
        r"include\s+but|supersede)\b",
        r"^(?:for|if\s+you\s+have|if\s+you\s+need|should\s+you\s+have)\s+(?:any\s+|more\s+|further\s+|"
        r"related\s+|additional\s+|other\s+)*"
        r"(?:information|questions?|concerns?|details|help|assistance|guidance|queries)\b",
        r"^(?:please\s+)?(?:see|find\s+out|click\s+here|learn\s+more|visit\s+our|thank)\b",
        r"^(?:please\s+)?(?:contact|call|email|e-mail|reach\s+out)\b.{0,120}\b(?:questions?|queries|"
        r"concerns?|more\s+information|further)\b",
        r"\b(?:office|department|team)\b.{0,60}\bis\s+responsible\s+for\s+supporting\b",
        r"^(?:please\s+)?(?:contact|e-?mail|call|reach)\b(?!.*\b(?:if|when|whenever|to\s+(?:report|request|"
        r"schedule|arrange|order|confirm|register)|by|before)\b)"
        r".{0,140}(?:@|\d{3}[-. ]\d{4})",
        r"\bthank\s+you\b",
        r"^(?:this|that|these)\s+(?:is|are|was)\s+(?:\w+ly\s+)?(?:necessary|needed|important|essential)\s+(?:to\s+(?:ensure|"
        r"help|protect|keep|allow|avoid)|because|so\s+that)\b",
        r"^(?!.*\b(?:must|shall|should)\b).*\b(?:is|are)\s+(?:considered|defined\s+as|deemed|known\s+as)\b",
        r"^download\b.*\bhere\b",
        r"^(?:please\s+)?click\s+(?:on\s+)?(?:the|this|here)\b",
        r"^(?:please\s+)?(?:read|visit|go\s+to|check|consult|review)\b.{0,80}\b(?:for\s+(?:more|further|additional)\s+"
        r"(?:information|details)|to\s+learn\s+more)\b",
        r"^(?:any\s+)?(?:questions?|queries)\b.{0,100}\b(?:directed|addressed|referred|sent)\b",
        r"\b(?:if|should)\s+you\s+(?:\w+\s+){0,8}?(?:questions?|concerns?|quer(?:y|ies)|assistance|help|support|information|"
        r"difficult(?:y|ies))\b.{0,160}\b(?:contact|call|e-?mail|reach\s+out|hesitate|get\s+in\s+touch|write\s+to|"
        r"speak\s+(?:to|with))\b",
        r"\b(?:hesitate\s+to|feel\s+free\s+to)\s+(?:contact|call|e-?mail|reach|ask|write)\b",
        r"^(?:please\s+)?contact\s+(?:your|the|our|us|me)\b(?!.*\b(?:if|when|to|before|by)\b)[^.;,]{0,60}[:.]?$",
        r"\bdeadline\b[^.;]{0,80}\b(?:has|have)\s+(?:not\s+(?:yet\s+)?changed|passed)\b|\bdeadline\b[^.;]{0,80}\bremains?\b",
        # A question asks to be answered by the paper, not by the school; a polite request ends in one too.
        r"^(?!.*\b(?:please|(?:could|would|will|can)\s+you)\b).*\?[\s\"”’')\]*]*$",
    )
)
_EPISTEMIC = (
    r"(?:and|or|will|mean|face|encounter|wonder|recall|know|involve|reduce|improve|prevent|receive|find|need|benefit|vary|include|includes|result|occur|cause|become|contain|differ|lead|"
    r"experience|feel|see|notice|"
    r"turn|appear|arise|happen|affect|help|impact|exist|seem|look|already|represent|reflect|indicate|remain|"
    r"have|come|cost|be\s+(?:able|aware|eligible|asked|required|needed|necessary|subject|considered|"
    r"available|different|a|an|the|in|at|"
    r"more|less|due|located|found|affected|difficult|helpful|useful|charged))\b"
)
_MUST = (
    r"\b(?:is|are)\s+(?:(?:hereby|again|also|therefore|strictly)\s+){0,2}(?:reminded|directed|instructed)\s+to\b",
    r"\b(?:must|shall)\b",
    r"^(?:the\s+|is\s+the\s+)?(?:last|final)\s+(?:day|date|chance|call)\s+(?:to|for)\b",
    r"\b(?:is|are)\s+(?:hereby\s+)?(?:enjoined|mandated|obliged|bound)\s+to\b",
    r"\b(?:is|are|be|being)\s+(?:\w+ly\s+)?(?:required|mandated|obligated|"
    r"obliged)\s+(?:by\s+(?:\w+\s+){1,5})?to\b",
    r"\bwill\s+(?:also\s+)?(?:be\s+)?(?:required|asked|expected|responsible|need|have)\s+(?:to|for)\b",
    r"(?:['’]ll|\bwill|\byou|\bschools?|\bprincipals?|\bteachers?|\bstaff|\badministrators?)\s+(?:also\s+|"
    r"only\s+)?needs?\s+to\s+(?!be\s+able)\w+",
    r"(?<!may\s)(?<!might\s)(?<!not\s)\bneeds?\s+to\s+be\s+(?!able\b)\w+",
    r"\b\w+s?\s+(?:has|have)\s+to\s+(?!do\b)\w+",
    r"\b(?:is|are)\s+(?:hereby\s+)?(?:required|mandatory|compulsory|obligatory|prohibited|forbidden|"
    r"not\s+permitted|not\s+allowed|imperative|"
    r"essential|critical|vital|due)\b(?!\s+to\s+(?:the|a|an)\b)",
    r"\b(?:is|are)\s+(?:\w+ly\s+)?(?:needed|necessary|important)\s+(?:to|for|that|from|before|in\s+order|if|when)\b",
    r"\b(?:is|are)\s+\w+ly\s+important\b",
    r"\b(?:may|can)\s*not\b|\bcan['’]t\b|\bmay\s+only\b|\bcan\s+only\b",
    r"\b(?:may|can)\s+(?:be\s+)?\w+(?:\s+\w+){0,4}?\s+only\s+(?:if|when|with|by|for|after|in|on|to|where|once|through)\b",
    r"\b(?:is|are|will|does|do)\s+not\b[^.;:]{2,80}\bunless\b",
    r"\b(?:needs?|requires?)\s+(?:[\w’']+\s+){0,4}?(?:approval|signatures?|permission|"
    r"authori[sz]ation|consent|clearance|sign-off)\b",
    r"\b(?:is|are)\s+(?:strictly\s+)?(?:off[- ]limits|out\s+of\s+bounds)\b",
    r"\bno\s+(?:[\w’'-]+\s+){1,8}?(?:(?:may|shall)\s+(?:be\s+)?\w+|(?:can|will)\s+be\s+\w+)",
    r"\bno\s+(?:[\w’'-]+\s+){1,6}?(?:is|are)\s+to\s+\w+",
    r"^only\s+.{3,160}?\b(?:may|can)\s+\w+",
    r"\b(?:is|are)\s+(?:also\s+|not\s+|only\s+)?to\s+be\s+\w+",
    r"\b(?:principals?|schools?|heads?\s+of\s+school|administrators?|teachers?|staff|employees?|"
    r"leaders?)\s+are\s+(?:also\s+|not\s+)?to\s+\w+",
    r"\bit\s+is\s+(?:the\s+)?(?:[\w’']+\s+){0,6}policy\b.{0,60}\b(?:to|that)\b",
    r"\b(?:has|have)\s+(?:a|the)\s+(?:legal\s+|statutory\s+)?(?:responsibility|duty|obligation)\s+(?:to|"
    r"for)\b",
    r"\b(?:it\s+is\s+your|your)\s+(?:responsibility|duty)\b|\bit['’]?s\s+for\s+you\s+to\b",
    r"\bwill\s+not\s+be\s+(?:permitted|allowed|administered|tolerated|admitted)\b",
    r"\bnor\s+(?:may|can|shall|should)\b",
    r"\b(?:not|never)\b[^.;]{0,60}\bunder\s+any\s+circumstances\b|\b(?:will|shall|must)\s+not\s+be\s+(?:less|more|fewer|greater)\s+than\b",
    r"\bunder\s+no\s+circumstances\b|(?:^|[,;:.(\u2013\u2014-]\s*|\bplease\s+|,\s*(?:and|but|"
    r"so)\s+)do\s+not\s+(?!have\b|need\b|include\b|apply\b)\w+",
    r"\bno(?:t)?\s+later\s+than\b|(?:^|\b(?:the|final)\s+)deadline\s+(?:to|is)\b|\bdue\s+(?:date|by|on|no)\b",
    r"\bwill\s+only\s+be\s+(?:accepted|considered|processed|approved|issued|reimbursed|paid|granted|released|admitted)\b",
    r"\bwill\s+(?:not\s+)?be\s+(?:\w+\s+)?only\s+(?:when|if)\b|\bonly\s+\w+(?:\s+\w+){0,3}\s+will\s+be\b|"
    r"\bcannot\s+be\s+made\s+unless\b",
    r"\bwill\s+(?:also\s+|then\s+)?be\s+\w+(?=\s+(?:\w+\s+){0,4}?by\s+(?:the\s+|each\s+|all\s+|every\s+)?"
    r"(?:building\s+|school\s+|classroom\s+)?(?:principals?|schools?|teachers?|staff|school\s+\w+)\b)",
)
_MUST_ASKED = (
    r"\bit\s+is\s+(?:\w+ly\s+)?(?:imperative|essential|critical|crucial|vital|important|necessary|required|mandatory)\s+"
    r"that\b",
    r"^deadline\s+for\b|\b(?:the|final)\s+deadline\s+for\b",
    r"\bis\s+the\s+(?:sole\s+)?responsibility\s+of\b",
    r"\b(?:mandates?|requires?)\s+(?:you\s+to|that|such|all|each|every|any|schools?|districts?|principals?|"
    r"the\s+(?:school|principal))\b",
    r"\b(?:laws?|regulations?|statutes?|code|board|policy|policies)\s+(?:also\s+|now\s+)?(?:mandates?|"
    r"requires?)\b",
)
_MUST_BY_SCHOOL = (
    r"\b(?:is|are)\s+responsible\s+(?:for|to)\b",
    r"\bwill\s*:$",
    r"\bwill\s+(?:not\s+)?(?!not\b|then\b|also\b|soon\b|now\b|be\s|have\s|receive|get\b|need|see\b|find|continue|notice|benefit|"
    r"take\s+place|begin|start|help|"
    r"remain|also\s+be\s|then\s+be\s|no\s+longer|still|allow|enable|support\s+you|gain|learn)\w+",
    r"\bwill\s+be\s+(?:closed|dismissed|released)\b",
    r"\b(?:is|are)\s+to\s+(?!be\b|the\b|a\b|note\b)\w+",
)
_ADVERBS = (
    r"(?:,?\s*+(?:\w+ly|hereby|again|also|now|therefore|thus|further|likewise|hence|all|both)(?:\s*+,)?\s++)"
    r"{0,3}"
)
"""What may stand inside "are ..., therefore, advised"."""
_SHOULD = (
    r"\bshould\b(?!\s+(?:get|receive|now\s+be\s+(?:on|in|able)|see|take\s+(?:about|approximately|between|no|up)|be\s+able|"
    r"arrive|appear|have\s+(?:received|been)|notice|"
    r"result|begin|work|help|you\s+have|only\s+take|be\s+(?:available|familiar\s+to)))",
    rf"\b(?:is|are|be)(?=[\s,]){_ADVERBS}\s*(?:urged|encouraged|advised|asked|requested|recommended|expected|discouraged|"
    r"invited\s+to\s+ensure)\b",
    rf"\b(?:dissemination|compliance|attendance|participation|cooperation|submission|support|action)\b[^.;]{{0,80}}"
    rf"\b(?:is|are)(?=[\s,]){_ADVERBS}\s*(?:desired|appreciated|sought)\b",
    r"\bplease\s+(?!see\b|find\b|contact\b|note\b|be\s+aware\b)(?:\w+\s+)?\w+",
    r"\b(?:ought\s+to|it\s+is\s+(?:recommended|advisable|preferable|desirable|best)|best\s+practice\s+is|it\s+is\s+(?:good|best)\s+practice\s+to)\b",
    r"\bmay\s+(?:kindly|please)\s+\w+",
)
_SHOULD_ASKED = (
    r"\bit\s+would\s+(?:be\s+\w+\s+)?(?:help(?:ful)?|appreciated)\b|\b(?:(?:we|i)\s+(?:would|should)|we['’]d|i['’]d)\s+(?:be\s+grateful|"
    r"appreciate\s+it\s+if|ask)\b|\b(?:we|i)\s+(?:would\s+)?suggest\b|\b(?:is|are)\s+reminded\s+(?:that|of)\b(?![^.;]*\b(?:must|shall|should|required|may|needs?|to\s+be)\b)",
    r"\b(?:is|are)\s+(?:\w+ly\s+)?(?:encouraging|asking|urging|requesting|inviting|reminding|advising)\s+"
    r"(?=(?:that\s+)?(?:[\w-]+\s+){1,5}to\b|that\b)",
    r"\b(?:would\s+like|wish(?:es)?)\s+to\s+(?:ask|remind|encourage|urge|advise|request)\b",
    r"\b(?:we|i|dfe|the\s+(?:department|district|office))\s+(?:\w+ly\s+)?(?:(?:do\s+not|"
    r"don['’]t)\s+)?(?:recommends?|urges?|encourages?|advises?|asks?|requests?|"
    r"expects?(?=\s+(?:that|(?:[\w’'-]+\s+){1,6}to)\b))\b",
)
_MAY = (
    r"\b(?:is|are)\s+welcome(?=\s*[.!;]|\s*$)",
    r"\b(?:have|has)\s+the\s+(?:option|right|opportunity|discretion|authority)\s+to\b|\bit['’]?s\s+up\s+to\b|"
    r"\bit\s+is\s+up\s+to\b|\bat\s+(?:the|your)\s+discretion\b",
    r"\b(?:is|are)\s+(?:entitled|permitted|allowed|authori[sz]ed|welcome|free|invited|"
    r"eligible)\s+to\b",
    r"\b(?:is|are)\s+(?:options?\s+for|available\s+to\s+(?:any|all|schools?|every)|optional)\b",
    r"\bmay\s+want\s+to\b|\bfeel\s+free\s+to\b",
    r"\b(?:is|are)\s+given\s+(?:the\s+|full\s+)?(?:authority|discretion|options?|choice|permission|opportunity)\s+to\b",
)
_MAY_BY_SCHOOL = (
    r"\b(?:may|can)\s*:$",
    rf"\b(?:may|can)\s+(?:also\s+|still\s+|then\s+|now\s+|either\s+|later\s+)*(?!{_EPISTEMIC}|not\b|be\s)\w+",
    r"\b(?:may|can)\s+(?:also\s+)?be\s+(?:submitted|requested|made|sent|e?mailed|completed|ordered|entered|"
    r"used|excused|granted|given|replaced|done|held|taken|conducted|arranged|chosen|carried\s+out|"
    r"extended|waived|delegated|combined|substituted|scheduled|left|kept|stored|brought|shared|displayed|posted|moved|"
    r"returned|paid|charged|purchased|bought|hired|invited|placed|run|offered|added|filed|claimed|carried)\b",
    r"\b(?:is|are|(?:will|may)(?:\s+also)?\s+be|['’]ll\s+be)\s+able\s+to\b|\bchoose\s+(?:not\s+)?to\b",
)
_INFO = (
    r"\bwill\s+(?:(?:not|also|then|only)\s+)*(?:be\s+)?(?!not\b|be\b|need\b|help\b|include\b|still\b)\w+",
    r"\b(?:is|are)\s+(?:paused|suspended|cancell?ed|postponed|closed|scheduled|unavailable|planned|open|"
    r"moved)\b",
    r"\b(?:has|have)\s+(?:decided\s+to|been)\s+(?:postpon|reschedul|cancel|extend|mov|clos|suspend)\w*",
    r"\b(?:opens?|closes?|begins?|starts?|ends?(?!\s+of\b)|expires?|takes?\s+place|arrives?|resumes?)\s+(?:[\w:.]+\s+){0,4}?"
    r"0{3,}",
    r"\b(?:rises?|increases?|changes?|drops?|moves?|applies|goes\s+live|comes\s+into\s+(?:force|effect)|takes\s+effect)\b",
    r"\btakes?\s+place\b|\bplease\s+be\s+aware\b",
    r"\b(?:is|are|falls?)\s+(?:on\s+)?0{5,}",
    r"\b(?:visits?|meets?|comes?|arrives?|leaves?|returns?|runs?|ships?|publish(?:es)?|issues?)\s+[^.;]{0,60}?0{5,}",
)
_RELIEF = (
    r"\bneed\s+not\b|\b(?:do|does)\s*(?:not|n['’]t)\s+(?:need|have)\s+to\b|"
    r"\b(?:is|are)\s*(?:not|n['’]t|no\s+longer)\s+(?:required|obliged|expected)\s+to\b",
)
_NOTHING_TO_DO = (
    r"\b(?:need\s+not|(?:do|does)\s*(?:not|n['’]t)\s+(?:need|have)\s+to|(?:is|are)\s*(?:not|n['’]t)\s+required\s+to)\s+"
    r"\w+\s+(?:anything|any\s+(?:further\s+)?(?:action|steps?))\b",
    r"\bno\s+(?:further\s+)?(?:action|response|reply|submission)\s+(?:is\s+|will\s+be\s+)?(?:required|needed|necessary)\b",
)
_INFO_FOR_SCHOOL = (r"\bmay\s+(?:\w+\s+)?be\s+(?:asked|required)\s+to\b",)
_RULES: Sequence[_Rule] = (
    *_rules(Binding.INFO, _INFO_FOR_SCHOOL),
    *_rules(Binding.MAY, _RELIEF, is_relief=True),
    *_rules(Binding.MAY, _MAY),
    *_rules(Binding.MUST, _MUST),
    *_rules(Binding.MUST, _MUST_ASKED, is_asking=True),
    *_rules(Binding.SHOULD, _SHOULD),
    *_rules(Binding.SHOULD, _SHOULD_ASKED, is_asking=True),
    *_rules(Binding.MUST, _MUST_BY_SCHOOL, needs_actor=True),
    *_rules(Binding.MAY, _MAY_BY_SCHOOL, needs_actor=True),
)
_RELIEVING = tuple(re.compile(pattern, re.IGNORECASE) for pattern in _NOTHING_TO_DO)
_INFO_RULES = tuple(re.compile(pattern, re.IGNORECASE) for pattern in _INFO)
_PASSIVE = re.compile(
    r"(?i)^\W*(?:(?:not|also|only|then|all|each|immediately|promptly)\s+)*be\s+(?:\w+ly\s+)?\w+"
)


_SMALL = {capital: capital + 32 for capital in range(ord("A"), ord("Z") + 1)}
"""Small letters of equal length, once for a passage: rules that need not fold capitals are faster."""
_POLITE = re.compile(r"(?i)please\b")
_ENDS_PASSIVE = re.compile(r"(?i)\bbe\s+\w+$")
_LEADING_CONDITION = re.compile(
    r"(?i)^\W*(?:if|when|whenever|where|once|unless|while|after|before)\b[^,;:]{3,300},\s"
)
_RELATIVE = re.compile(r"(?i)\b(?:who|whom|which|that|whose\s+\w+|because|since)\s+(?:\w+\s+)?$")
_SUBORDINATE = re.compile(
    r"(?i)\b(?:when|whenever|if|until(?!\s+0{3})|once|unless|where|because|while|as\s+soon\s+as)\s+[^,;:]{0,60}$"
)
_OF_A_THING = re.compile(
    r"(?i)(?<!ensure)(?<!ensures)(?<!sure)(?<!require)(?<!requires)(?<!required)(?<!note)(?<!remind)\s(?:that|which)\s+"
    r"(?:[\w’'/-]+\s+){1,5}$"
)
_OF_PEOPLE = re.compile(
    r"(?i)\b(?:schools?|principals?|teachers?|staff|head\s?teachers?|employees|sites|campuses|teams|academies|colleges|"
    r"settings|boards|leaders|coordinators|counsell?ors|nurses|secretaries)$"
)
_IS_VERB = re.compile(
    r"(?i)\s(?:that|which)\s+(?!the\b|a\b|an\b|your\b|their\b|schools?\b|principals?\b|teachers?\b|you\b|we\b|they\b)"
)
_ASKED_WHAT = re.compile(r"(?i)\b(?:what|how|whether)\s+(?:[\w’'/-]+\s+){0,3}$")


def is_no_demand(passage: str) -> bool:
    """True for boilerplate and sentences that only define, thank or point elsewhere."""
    return any(pattern.search(passage) for pattern in _NOT_A_DEMAND)


def main_clause_at(passage: str) -> int:
    """Where the main clause begins: behind a leading "If ...," or "When ...,", else 0."""
    condition = _LEADING_CONDITION.match(passage)
    return condition.end() if condition else 0


def asks_nothing_of(passage: str) -> bool:
    """True for "you do not need to do anything" and "no action is required", whoever is meant."""
    return any(pattern.search(passage) for pattern in _RELIEVING)


def forces_in(passage: str) -> list[Force]:
    """The ways in which this passage binds, the deciding one first; empty where it does not.

    The first in the main clause decides; those inside "who must ...", "what may ..." or a leading "If ...," come after.
    """
    passage = passage.translate(_SMALL)
    main = main_clause_at(passage)
    found: list[tuple[bool, int, int, Force]] = []
    for order, rule in enumerate(_RULES):
        for m in islice(rule.pattern.finditer(passage), 4):
            before = passage[max(0, m.start() - 80) : m.start()]
            if _ASKED_WHAT.search(before):
                continue
            if rule.needs_actor and (_SUBORDINATE.search(before) or _is_of_a_thing(before)):
                continue
            is_aside = m.start() < main or bool(_RELATIVE.search(before))
            is_passive = not _POLITE.match(m[0]) and bool(
                _PASSIVE.match(passage[m.end() : m.end() + 60]) or _ENDS_PASSIVE.search(m[0])
            )
            force = Force(
                rule.binding,
                m.start(),
                m.end(),
                needs_actor=rule.needs_actor,
                is_asking=rule.is_asking,
                is_passive=is_passive,
                is_relief=rule.is_relief,
            )
            found.append((is_aside, m.start(), order, force))
    found.sort(key=lambda item: item[:3])
    return [force for *_, force in found]


def _is_of_a_thing(before: str) -> bool:
    """In "forms that schools may use" the verb speaks of the forms; in "schools that share a clerk may" of schools."""
    found = _OF_A_THING.search(before)
    return bool(found) and not (
        found and _OF_PEOPLE.search(before[: found.start()]) and _IS_VERB.match(found[0])
    )


def announces(passage: str) -> re.Match[str] | None:
    """The words by which a passage announces what others do ("will close on"), or None; its days stand as zeros."""
    return next((m for pattern in _INFO_RULES if (m := pattern.search(passage))), None)
