"""Recognise an instruction by its first word: "Submit ...", "If a device will not start, check ...", "Reminder: sign ...".

The verbs are those that instructions to schools open with. Words that open headings as often as instructions
("Support", "Contact", "Access") count only in a sentence or bullet, which the caller knows.
"""

import re

_VERBS = frozenset(
    ["accept", "access", "account", "acknowledge", "acquire", "act", "add", "address", "adhere", "adjust", "administer", "adopt", "advise", "agree", "align", "allow", "announce", "answer", "apply", "appoint", "approve", "arrange", "ask", "assemble", "assess", "assign", "assist", "assure", "attach", "attend", "avoid", "back", "begin", "book", "bring", "budget", "build", "call", "cancel", "carry", "cease", "certify", "change", "charge", "check", "choose", "circulate", "clear", "click", "close", "collect", "come", "communicate", "compare", "complete", "comply", "conduct", "confirm", "connect", "consider", "consult", "contact", "continue", "contribute", "convene", "coordinate", "copy", "correct", "count", "create", "cut", "decide", "define", "delegate", "delete", "deliver", "describe", "designate", "destroy", "determine", "develop", "direct", "disable", "discard", "discontinue", "discuss", "dismiss", "display", "distribute", "document", "download", "draft", "drop", "edit", "email", "e-mail", "employ", "enable", "encourage", "enforce", "engage", "enrol", "enroll", "ensure", "enter", "escort", "establish", "evaluate", "evacuate", "examine", "exclude", "excuse", "explain", "export", "extend", "facilitate", "familiarize", "fax", "file", "fill", "finalize", "finish", "fix", "follow", "forward", "furnish", "gather", "get", "give", "go", "hand", "hang", "have", "help", "hold", "identify", "immunize", "implement", "import", "inform", "initiate", "insert", "inspect", "install", "instruct", "insure", "integrate", "interview", "inventory", "invite", "issue", "join", "keep", "label", "lead", "leave", "lend", "let", "limit", "list", "load", "locate", "lock", "log", "look", "mail", "maintain", "make", "manage", "mark", "meet", "modify", "monitor", "move", "name", "nominate", "notify", "obtain", "offer", "open", "order", "organize", "organise", "participate", "pass", "pay", "perform", "permit", "pick", "place", "plan", "post", "practice", "practise", "prepare", "present", "preserve", "prevent", "print", "prioritize", "proceed", "process", "produce", "prohibit", "promote", "protect", "provide", "publish", "purchase", "put", "raise", "reach", "read", "reassign", "recalculate", "receive", "recommend", "reconcile", "record", "recruit", "recycle", "reduce", "refer", "reflect", "refrain", "register", "reimburse", "reinforce", "reject", "release", "remain", "remember", "remind", "remove", "renew", "repeat", "replace", "reply", "report", "request", "require", "reschedule", "reserve", "reset", "resolve", "respond", "restore", "restrict", "retain", "return", "review", "revise", "rotate", "run", "safeguard", "scan", "schedule", "screen", "search", "secure", "seek", "select", "send", "separate", "serve", "set", "share", "shelter", "show", "sign", "sort", "speak", "specify", "staff", "start", "stay", "stop", "store", "submit", "substitute", "supervise", "supply", "support", "take", "talk", "teach", "tell", "test", "total", "track", "train", "transfer", "translate", "transmit", "transport", "treat", "turn", "type", "uninstall", "unplug", "update", "upload", "use", "utilize", "utilise", "validate", "verify", "view", "visit", "vote", "wait", "warn", "watch", "wear", "welcome", "work", "write"]
)
_NOUNS_AT_THE_START = re.compile(
    r"(?i)^(?:support|access|contact|test|report|process|practice|plan|work|order|document|record|review|transfer|change|"
    r"schedule|use|display|staff|label|request|list|mark|place|present|release|return|search|share|show|sign|start|store|supply|"
    r"track|train|transport|view|visit|address|name|notice|offer|post|purchase|test|set|help|lead|access|assist|call|check|file|fax|email|copy|budget|account)"
    r"(?:\s+(?:of|for|to|from|is|are|was|were|will|and|or|that|which|has|have|with|must|should|shall|may|can|in|on|at|by|as)\b|\s*[:–—(]|\s*$|['’]s)"
)
_OPENING = re.compile(
    r"(?i)^[\s\"“‘'(*]*(?:(?:reminder|important|note|action(?:\s+required)?|next\s+steps?|step\s+\d+|then|next|first|finally|also|and|or|"
    r"second|third|lastly|in\s+addition|additionally|where\s+possible|wherever\s+possible|if\s+(?:possible|needed|necessary|applicable)|as\s+needed|alternatively|only|immediately|"
    r"always|never|kindly|otherwise)\s*[,:–—-]?\s+)*(?P<please>please\s+)?(?:(?:also|only|always|then|immediately|be\s+sure\s+to|make\s+sure\s+to)\s+)*"
    r"(?P<not>do\s+not\s+|don['’]t\s+|never\s+)?(?P<verb>[a-z]+(?:-mail)?)\b"
)
_CONDITION = re.compile(
    r"(?i)^[\s\"“‘'(*]*(?:if|when|whenever|once|where|before|after|while|during|upon|unless|to|in\s+order\s+to|for|by|as\s+soon\s+as|until|prior\s+to|"
    r"at|on|in|following)\b[^;:]{3,240}?,\s+(?=(?:then\s+|please\s+|do\s+not\s+|also\s+)*(?P<verb>[a-z]+(?:-mail)?)\b)"
)
_BE = re.compile(
    r"(?i)^[\s\"“‘'(*]*(?:please\s+)?be\s+(?:sure|prepared|aware|ready|certain|mindful|available|on)\b"
)
_GO_ON = re.compile(
    r"^\s*(?:to|the|a|an|your|all|any|each|this|these|that|those|their|with|and|in|on|at|for|it|us|no|only|\w)",
    re.I,
)


def instruction_at(passage: str, *, is_bullet: bool) -> int | None:
    """Where the instructing verb stands in ``passage``, or None where the passage is no instruction."""
    opening = _OPENING.match(passage)
    if opening and _instructs(
        passage, opening.start("verb"), opening["verb"], polite=bool(opening["please"] or opening["not"])
    ):
        return opening.start("verb")
    if _BE.match(passage):
        return 0
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
    if verb.lower() not in _VERBS:
        return False
    rest = passage[at:]
    if not polite and _NOUNS_AT_THE_START.match(rest):
        return False
    after = rest[len(verb) :]
    return bool(_GO_ON.match(after)) or after.strip(" .") == ""


def is_noun_list(passage: str, at: int) -> bool:
    """True for "in schools, staff and ...": the word after the comma goes on with a list."""
    return bool(_NOUNS_AT_THE_START.match(passage[at:]))
