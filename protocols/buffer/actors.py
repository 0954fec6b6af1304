"""Who a passage speaks to: the nearest party named before the verb, or, failing that, whoever was spoken to
last.

The party decides the side. A principal answers for the school, its teachers and its staff; what a district
office, the state, a trust, a parent, a vendor or an applicant has to do is not hers, though she may have to
know it.
"""

import re
from collections.abc import Mapping

SCHOOL_SIDE = frozenset({"school", "principal", "teacher", "staff", "student"})
"""Parties whose duties are the principal's to see to."""

SOMEBODY_ELSE = "somebody else"
_CALLED = {
    "school": "the school",
    "principal": "the principal",
    "teacher": "teachers",
    "staff": "school staff",
    "student": "students",
    "superintendent": "the superintendent's office",
    "district": "a district office",
    "state": "the state",
    "trust_or_LA": "the trust or authority",
    "parent": "families",
    "visitor": "visitors",
    "vendor": "a vendor",
    "applicant": "people who apply for themselves",
}

_PARTIES: Mapping[str, str] = {
    "principal": (
        r"principals?|heads?\s+of\s+(?:schools?|institutions?)|school\s+heads?|head\s?teachers?|school\s+leaders?|"
        r"building\s+(?:administrators?|leaders?|principals?)|"
        r"school\s+administrators?|site\s+administrators?|administrators?|program\s+directors?|on-site\s+\w+|"
        r"responsibility\s+center\s+managers?|assistant\s+principals?|school[- ]based\s+leaders?|"
        r"supervisors?|deans?|"
        r"principal\s+or\s+designee|leadership\s+teams?"
    ),
    "teacher": r"(?:classroom\s+)?teachers?|instructors?|educators?|faculty",
    "staff": (
        r"(?:school\s+)?staff(?:\s+members?)?|employees?|(?:school\s+)?personnel|nurses?|counsell?ors?|"
        r"secretar(?:y|ies)|"
        r"clerks?|custodians?|paraprofessionals?|coordinators?|liaisons?|coaches|coach|librarians?|"
        r"supervising\s+adults?|"
        r"caller|reporters?|security\s+officers?|registrars?|proctors?|test\s+administrators?|aides?|"
        r"chaperones?|users|case\s+managers?|evaluators?|advis[eo]rs?|specialists?|therapists?|psychologists?|technicians?|"
        r"department\s+heads?|heads?\s+of\s+department|athletic\s+directors?|bookkeepers?|treasurers?|social\s+workers?|"
        r"teaching\s+assistants?|learning\s+support\s+officers?|site\s+managers?|business\s+managers?|caretakers?|"
        r"cafeteria\s+managers?|monitors?|mentors?|data\s+managers?|case\s+carriers?|interventionists?"
    ),
    "school": (
        r"schools?(?!\s+(?:districts?|systems?|committee|department|board|calendar|years?|days?|grounds|"
        r"property|records?|hours|bus|divisions?|office|of\b))|colleges?|campuses|campus|buildings?|settings?|"
        r"institutions?|organisations?|device\s+owners?|"
        r"educational\s+setting|school\s+sites?|sites?|school\s+site\s+councils?|school\s+teams?|teams?|"
        r"academies|academy|attendance\s+cent(?:er|re)s?|your\s+board|boards?\s+of\s+(?:management|trustees)|"
        r"chair(?:person|man|woman)?\s+of\s+(?:the\s+)?(?:board\s+of\s+management|governors|governing\s+body)|"
        r"(?:school|managerial)\s+authorit(?:y|ies)|presiding\s+members?|establishments?|"
        r"committees?|providers|leas?(?=\s+and\s+schools)|governing\s+bod(?:y|ies)|governors|classrooms?"
    ),
    "superintendent": r"(?:assistant|associate|area|regional|deputy)\s+superintendents?|superintendents?|chancellors?",
    "district": (
        r"(?:school\s+)?(?:districts?|systems?|divisions?)|central\s+office|office\s+of\s+[\w,& ]{3,40}|"
        r"(?!(?:school\s+)?(?:crisis|leadership|iep|attendance|data|safety|student\s+support|mtss|pbis|school\s+improvement|site|building)\s+team)"
        r"(?-i:(?:[A-Z][\w&]+\s+){1,3})(?:office|department|division|team|unit|services|transportation)|"
        r"school\s+department|department|board(?:\s+of\s+education)?(?!\s+of\s+management)|school\s+committee|human\s+resources|"
        r"circuit\s+managers?|(?:area|district|division|regional|county)\s+(?:\w+\s+)?(?:officers?|coordinators?|supervisors?|managers?|"
        r"staff|directors?|leads?|advis[eo]rs?|inspectors?)|help\s+desk|"
        r"personnel\s+from\s+the\s+superintendent|buses|bus\s+drivers?|governing\s+board|county\s+office|"
        r"central\s+staff|payroll|accounts\s+payable|procurement|"
        r"(?-i:Facilities|Purchasing|Transportation|Technology)(?=\s+(?:(?:will|can|may|has)\s+\w+|\w+s\s+(?:the|your|all|each|any)\b))"
    ),
    "state": (
        r"(?<!to\s)state(?!\s+(?:assess\w+|tests?|testing|laws?|standards?|funds?|funding|exams?|examinations?|"
        r"report\w*|requirements?|regulations?|aid|mandates?|ids?)\b)|dfe|department\s+(?:for|"
        r"of)\s+education|government|governor|ministry|secretary\s+of\s+state|commissioner|"
        r"federal\s+government|legislature|we|ofsted|esfa|doe|nysed"
    ),
    "trust_or_LA": r"local\s+authorit(?:y|ies)|l\.?a\.?s?|(?:academy\s+)?trusts?|local\s+educational\s+agenc(?:y|ies)",
    "parent": (
        r"parents?(?:\s*(?:/|and|or)\s*(?:guardians?|carers?))?|guardians?|carers?|famil(?:y|ies)|"
        r"caregivers?|adults"
    ),
    "student": r"students?|pupils?|child(?:ren)?|learners?|young\s+people|individuals",
    "visitor": r"visitors?|outsiders?|guests?|volunteers?|any\s+person|person\s+denied",
    "vendor": r"vendors?|contractors?|owner|suppliers?|manufacturers?|compan(?:y|ies)|bidders?|consultants?",
    "applicant": (
        r"applicants?|candidates?|(?:members|those|anyone|persons|individuals|staff|teachers)\s+who\s+(?:wish|want|plan|intend)|(?:an|eligible)\s+individuals?|individuals?\s+(?:planning|wishing|interested)|"
        r"eligible\s+employees|retirees?|nominees?|members\s+of\s+the|"
        r"employees\s+(?:who\s+(?:wish|want|plan|intend)|wishing|planning|intending|interested|seeking)"
    ),
    "other": (
        r"(?:union|unit|association|bargaining\s+unit)\s+members?|(?<=\ba\s)member(?!\s+of\s)|grievants?|"
        r"members\s+of\s+the\s+(?:union|association|bargaining\s+unit)|chapter\s+leaders?|union\s+representatives?|"
        r"booster\s+clubs?|(?:visiting|accreditation|review|inspection|monitoring|audit)\s+teams?|inspectors?|auditors?|"
        r"organizations?|law\s+enforcement|police(?:\s+officers?)?|fire\s+department|court|union|firefighters?"
    ),
}
_PATTERN = re.compile(
    r"(?<![\w’'-])(?:"
    + "|".join(f"(?P<{name}>{words})" for name, words in sorted(_PARTIES.items(), key=lambda p: -len(p[0])))
    + r")(?![\w’'-])",
    re.IGNORECASE,
)
_PRIORITY = ("superintendent", "applicant", "trust_or_LA", "vendor", "visitor", "other", "state", "district")
_YOU = re.compile(r"(?i)\b(?:you(?:['’]ll|['’]re|['’]d)?|your)\b")
_US = re.compile(
    r"(?i)\b(?:we(?:['’]ll|['’]re|['’]ve)?|our\s+(?:[\w-]+\s+){0,2}(?:team|office|staff|department|unit|colleagues|officers?))\b"
)
_BY_AGENT = re.compile(
    r"(?i)\bby\s+(?:the\s+|an?\s+|all\s+|each\s+|their\s+|your\s+)?(?P<who>[\w’'-]+(?:\s+[\w’'-]+){0,4})"
)
_OF = re.compile(
    r"(?i)\b(?:of|for|to|from|in|at|on|by|with|than|under|about|regarding)\s+(?:[\w’'/-]+\s+){0,3}$"
)


def say_party(party: str) -> str:
    """What a sentence calls the party: "teachers", "the trust or authority"."""
    return _CALLED.get(party, SOMEBODY_ELSE)


def addressee_of(label: str) -> str | None:
    """The party that a label names and nothing else ("Middle school principals:"), not a topic ("Team rosters:")."""
    named = list(_PATTERN.finditer(label))
    last = named[-1] if named else None
    if last is None or re.sub(r"\([^)]*\)", "", label[last.end() :]).strip(" :*"):
        return None
    return last.lastgroup


def parties_in(words: str) -> list[tuple[int, str]]:
    """The parties named in ``words`` with their places, in order."""
    return [(m.start(), m.lastgroup or "") for m in _PATTERN.finditer(words)]


def subject_of(before: str) -> str | None:
    """The party that does what the verb after ``before`` says, or None where none is named.

    ``before`` is the clause up to the modal verb. Of parties joined by "or" and "and" the school's comes first
    ("the Superintendent or principal shall ..."); a party inside "of ..." or "from ..." counts only where no
    other does.
    """
    clause = before[-240:]
    named = [
        (m.start(), m.lastgroup or "") for m in _PATTERN.finditer(clause) if not _is_of_things(clause, m)
    ]
    pronoun = max((m.start() for m in _YOU.finditer(clause)), default=-1)
    ours = list(_US.finditer(clause))
    we = ours[-1].end() - 1 if ours else -1
    direct = [(at, who) for at, who in named if not _OF.search(clause[:at])] or named
    last = direct[-1][0] if direct else -1
    if pronoun > max(last, we):
        return "school"
    if we > max(last, pronoun):
        return "state"
    if not direct:
        return None
    who = direct[-1][1]
    joined = {party for at, party in direct if last - at < 90 and _is_list(clause[at:])}
    for party in ("principal", "school"):
        if party in joined and who in {*_PRIORITY, "parent", "teacher", "staff", "student"}:
            return party
    return who


_THINGS = re.compile(
    r"(?i)\s+(?:[\w-]+\s+)?(?!always\b|also\b|thus\b|is\b|was\b|has\b|needs\b|does\b|wishes\b|wants\b|employees\b|members\b|"
    r"volunteers\b|themselves\b|others\b|plus\b|less\b|across\b|versus\b|this\b|its\b|whose\b)"
    r"(?:passwords|accounts|records|files|rosters|evaluations|schedules|surveys|reports|forms|results|scores|devices|laptops|"
    r"absences|grades|materials|meetings|handbooks|lists|counts|plans|contracts|assignments|applications|badges|emails|e-mails|"
    r"passes|fees|attendance|information|data|safety|travel|training|leave|pay|payroll|housing|meals|artwork|work|property|"
    r"password|account|record|roster|schedule|survey|report|form|device|handbook|list|plan|contract|assignment|application)\s*$"
)


def _is_of_things(clause: str, party: re.Match[str]) -> bool:
    """In "all staff passwords" the staff only say whose passwords."""
    return bool(_THINGS.match(clause, party.end())) and party[0].lower() not in _PLURAL_OWN


_PLURAL_OWN = frozenset({"principals", "teachers", "students", "parents", "schools", "employees"})
_LINKED = re.compile(r"(?i)(?:^|[\s,/])(?:and|or|and/or)\b|/")
_VERBISH = re.compile(r"(?i)\b(?:is|are|was|were|has|have|had|who|which|that|from|by)\b|[.;:]")


def _is_list(words: str) -> bool:
    return bool(_LINKED.search(words)) and not _VERBISH.search(words)


def agent_of(after: str) -> str | None:
    """The party after "by" in a passive ("must be approved by the School Site Council"), or None."""
    for m in _BY_AGENT.finditer(after[:200]):
        named = parties_in(after[m.start("who") : m.start("who") + 90])
        if named and named[0][0] < 30:
            return named[0][1]
    return None
