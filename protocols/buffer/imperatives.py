"""Recognise an instruction by its first word: "Submit ...", "If a device will not start, check ...",
"Reminder: sign ...".

The verbs are those that instructions to schools open with. Words that open headings as often as
instructions ("Support", "Contact", "Access") count only in a sentence or bullet, which the caller knows.
"""

import re

_VERBS = frozenset(
    re.findall(
        r"[a-z-]+",
        """
    accept access accommodate account acknowledge acquire act add address adhere adjust administer adopt
    advise agree align allow announce answer apply appoint approve arrange ask assemble assess assign
    assist assure attach attend avoid await back backup begin book bring budget build calculate call
    cancel carry cease certify change charge check choose circulate clear click close collect come
    communicate compare compile complete comply conduct confirm connect consider consult contact continue
    contribute convene coordinate copy correct count cover create cut debrief decide define delegate
    delete deliver deposit describe designate destroy determine develop direct disable discard discontinue
    discuss dismiss display disseminate distribute document download draft drop e-mail edit email employ
    enable encourage enforce engage enrol enroll ensure enter escort establish evacuate evaluate examine
    exclude excuse explain export express extend facilitate familiarize fax file fill finalize finish fix
    follow forward furnish gather get give go hand hang have help highlight hold honor identify immunize
    implement import include inform initiate insert inspect install instruct insure integrate interview
    inventory invite invoice issue join keep label lead leave lend let limit link list load locate lock
    log look mail maintain make manage mark maximize meet minimize model modify monitor move name nominate
    notify number observe obtain offer open order organise organize participate pass pay perform
    permit pick place plan post practice practise prepare present preserve prevent print prioritize
    proceed process produce prohibit promote protect provide publish pull purchase push put raise reach
    read reassign recalculate receive recommend reconcile record recruit recycle reduce refer reflect
    refrain register reimburse reinforce reject release remain remember remind remove renew repeat replace
    reply report request require reschedule reserve reset resolve respond restore restrict retain return
    review revise roll rotate run safeguard save scan schedule screen scroll search secure seek select
    send separate serve set settle share shelter show sign sort speak specify staff start stay stop store
    submit substitute supervise supplement supply support take talk tap teach tell test total track train
    transfer translate transmit transport treat trim turn type uninstall unplug update upload use utilise
    utilize validate verify view visit vote wait warn wash watch wear welcome withdraw withhold work write
    clarify collaborate consolidate convey cooperate demonstrate detail devise emphasize equip explore
    familiarise finalise formulate generate greet incorporate indicate initial investigate itemize justify
    liaise lodge mention optimize outline pack partner phone prioritise propose purge rank reassess recognise
    recognize redirect refresh reiterate relay rename resubmit retrieve reuse revisit sanitise sanitize seal
    shred solicit strengthen subscribe summarise summarize survey tailor tally text think trace undertake
    unlock uphold vacate ventilate weigh wipe
    """,
    )
)
_NOUNS_AT_THE_START = re.compile(
    r"(?i)^(?:support|access|contact|test|report|process|practice|plan|work|order|document|record|review|"
    r"transfer|change|"
    r"schedule|use|display|staff|label|request|list|mark|place|present|release|return|search|share|show|"
    r"sign|start|store|supply|"
    r"track|train|transport|view|visit|address|name|notice|offer|post|purchase|test|set|help|lead|access|"
    r"assist|call|check|file|fax|email|copy|budget|account)"
    r"(?:\s+(?:of|for|to|from|is|are|was|were|will|and|or|which|has|have|with|must|should|shall|may|"
    r"can|in|on|at|by|as)\b|\s*[:–—(]|\s*$|['’]s)|^(?:issue|form|step|page|note|order|section|report|version)\s+(?:no\.?\s*)?\d"
)
_WORK_TOGETHER = re.compile(
    r"(?i)(?:review|plan|work|check|share|practice|file|post)\s+with\s+(?!\w+$)|check\s+(?:on|for)\s"
)
_GOES_ON_LISTING = re.compile(
    r"(?i)[a-z-]+\s*(?:,|(?:and|or|of|is|are|was|were|will|has|have|must|shall|should|may|can)\b)"
)
_OPENING = re.compile(
    r"(?i)^(?:\W*0{3,}(?:\s*+[.,:–—|-]\s*+|\s{2,}+|\s(?=(?-i:[A-Z]))))?[\s\"“‘'(*]*(?:(?:reminder|important|note|action(?:\s+required)?|next\s+steps?|step\s+\d+|then|"
    r"next|(?:first|second|third|fourth|final|last)(?:ly)?|also|and|or|"
    r"in\s+addition|additionally|where\s+possible|wherever\s+possible|if\s+(?:possible|"
    r"needed|necessary|applicable)|as\s+needed|alternatively|only|immediately|"
    r"always|never|kindly|otherwise)\s*[,:–—-]?\s+)*(?P<please>please\s+)?(?:(?:also|only|always|then|"
    r"immediately|be\s+sure\s+to|make\s+sure\s+to)\s+)*"
    r"(?P<not>do\s+not\s+|don['’]t\s+|never\s+)?(?P<verb>[a-z]+(?:-mail)?)\b"
)
_CONDITION = re.compile(
    r"(?i)^[\s\"“‘'(*]*(?:if|when|whenever|once|where|before|after|while|during|upon|unless|to|"
    r"in\s+order\s+to|for|by|as\s+soon\s+as|until|prior\s+to|"
    r"at|on|in|following)\b[^;:]{3,240}?,\s+(?=(?:then\s+|please\s+|do\s+not\s+|"
    r"also\s+)*(?P<verb>[a-z]+(?:-mail)?)\b)"
)
_BE = re.compile(
    r"(?i)^[\s\"“‘'(*]*(?:please\s+)?be\s+(?:sure|prepared|aware|ready|certain|mindful|available|advised|informed|on)\b"
)
_GO_ON = re.compile(
    r"^\s*(?:to|the|a|an|your|all|any|\w|[“‘\"'($£€])",
    re.I,
)


_OBJECT = re.compile(
    r"(?i)\s+(?:the|a|an|your|all|any|each|every|these|those|its|their)\s+(?!other\b|while\b|few\b|same\b|more\b)[\w’'“\"-]+"
)
_NEVER_VERBS = frozenset(
    re.findall(
        r"[a-z]+",
        """
    about above according across after against all along alongside also although amid among and another
    any are around as at atop because been before behind below beneath beside besides between beyond both
    but by can cannot concerning could despite did does down during each effective either else even ever
    every everyone except far few fewer first for from further given had half hardly has have hence her
    here hers his how however if in include inside instead into is it its just last lest like likewise
    many may might mine more moreover most much must namely near neither next nor not nothing now of off
    often on once one only onto opposite or other otherwise our out outside over past per perhaps please
    plus prior quite rather regarding same second several shall she should since so some sometimes soon
    still such than that the their then there therefore these they third this those though three through
    throughout thus till times to today together tomorrow too toward towards twice two under underneath
    unless unlike until unto up upon us was we were what whatever when whenever where whereas wherever
    whether which whichever while who whoever whom whose why will with within without would yes yet you
    your minus versus via thanks thank hello dear congratulations welcome nobody somebody everybody anyone
    someone note notes school schools principal principals teacher teachers staff students parents
    """,
    )
)
_IS_SUBJECT = re.compile(
    r"(?i)\s+(?!the\b|a\b|an\b|your\b|all\b|any\b|each\b|every\b|that\b|whether\b|if\b|this\b|these\b|it\b|them\b|us\b|no\b|"
    r"with\b|by\b|to\b|for\b|on\b|in\b|at\b|from\b|and\b|or\b|only\b|there\b|until\b|unless\b|before\b|after\b|while\b|when\b|where\b|you\b|they\b|we\b|who\b|what\b|how\b)[\w’'-]+(?:\s+[\w’'-]+)?\s+"
    r"(?:will|must|shall|should|may|can|cannot|is|are|was|were|has|have)\b"
)
""""Link officers will be in touch": the word that opens it belongs to what acts."""
_LABEL = re.compile(r"[^:.;?!]{2,60}:\s+(?=[A-Za-z])")
_ADJECTIVES = frozenset(
    [
        "secure",
        "complete",
        "open",
        "clear",
        "correct",
        "direct",
        "back",
        "present",
        "separate",
        "close",
        "welcome",
    ]
)
_DETERMINED = re.compile(
    r"(?i)\s+(?:the|a|an|your|all|any|each|every|this|these|that|those|their|it|them|one|two|both|and|in|up|"
    r"out|by)\b"
)


def instruction_at(passage: str) -> int | None:
    """Where the instructing verb stands in ``passage``, or None where the passage is no instruction."""
    opening = _OPENING.match(passage)
    if opening and _instructs(
        passage, opening.start("verb"), opening["verb"], polite=bool(opening["please"] or opening["not"])
    ):
        return opening.start("verb")
    if _BE.match(passage):
        return 0
    label = _LABEL.match(passage)
    if label:
        opening = _OPENING.match(passage[label.end() :])
        if opening and _instructs(
            passage, label.end() + opening.start("verb"), opening["verb"], polite=False
        ):
            return label.end() + opening.start("verb")
    position = 0
    for _ in range(3):
        condition = _CONDITION.match(passage, position)
        if condition is None:
            return None
        if _instructs(passage, condition.start("verb"), condition["verb"], polite=True) and not is_noun_list(
            passage, condition.start("verb")
        ):
            return condition.start("verb")
        position = condition.end()
    return None


def _instructs(passage: str, at: int, verb: str, *, polite: bool) -> bool:
    rest = passage[at:]
    if verb.lower() not in _VERBS:
        return _is_plain_order(verb, rest[len(verb) :])
    is_noun = _NOUNS_AT_THE_START.match(rest) and not _WORK_TOGETHER.match(rest)
    if not polite and is_noun and not joins_a_verb(rest):
        return False
    after = rest[len(verb) :]
    if not polite and _IS_SUBJECT.match(after):
        return False
    if verb.lower() in _ADJECTIVES and not _DETERMINED.match(after):
        return False
    return bool(_GO_ON.match(after)) or after.strip(" .") == ""


def _is_plain_order(word: str, after: str) -> bool:
    """ "Rescreen any student", "Weed the shelves": an unknown first word before a determiner can only be a verb."""
    low = word.lower()
    is_plain = len(low) > 2 and low.isalpha() and not low.endswith(("ing", "ed", "ly", "est"))
    return (
        is_plain and low not in _NEVER_VERBS and bool(_OBJECT.match(after)) and not _IS_SUBJECT.match(after)
    )


def joins_a_verb(words: str) -> bool:
    """True for "Fax or mail one copy": a second instruction shows that the first word is one too."""
    joined = re.match(r"[A-Za-z-]+\s+(?:\w+\s+)?(?:and|or)\s+([A-Za-z-]+)", words)
    return joined is not None and joined[1].lower() in _VERBS


def is_noun_list(passage: str, at: int) -> bool:
    """True for "in schools, staff and ...": the word after the comma goes on with a list."""
    return bool(_GOES_ON_LISTING.match(passage[at:]))
