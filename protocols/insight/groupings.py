"""What a line of plain words asks to be set out by."""

import re

from protocols.insight.query import Grouping, Measure
from protocols.insight.state_words import PHASE

_NOUNS: tuple[tuple[Grouping, str], ...] = (
    (Grouping.MONTH, r"months?"),
    (Grouping.TERM, r"(?:terms?|semesters?)"),
    (Grouping.OFFICE, r"(?:(?:central )?offices?|departments?|depts?|(?:central )?units?|divisions?|teams?)"),
    (Grouping.REASON, r"(?:reasons?|causes?|excuses?)"),
    (
        Grouping.TIER,
        r"(?:(?:need |cadence |visit |support )?(?:tiers?)|needs?|levels? of need|need levels?|"
        r"(?:target )?cadences?)",
    ),
    (
        Grouping.EXPERIENCE,
        r"(?:(?:principal )?experience|experience levels?|(?:principal )?tenure|<e\d+>(?: principals?)?)",
    ),
    (Grouping.KIND, r"(?:kinds?|types?|sorts?)(?: of visits?| of visit)?|visit (?:kinds?|types?)"),
    (
        Grouping.LEVEL,
        r"(?:school |grade )?(?:levels?|types? of schools?|bands?|span)|school types?|kinds? of schools?",
    ),
    (
        Grouping.ILD,
        r"(?:(?:network )?(?:ilds?|directors?|supervisors?)|instructional leadership directors?|network leads?|"
        r"network leaders?|coaches|coach|persons?)",
    ),
    (Grouping.NETWORK, r"networks?(?! (?:leads?|leaders?|directors?|supervisors?)\b)"),
    (
        Grouping.SCHOOL,
        r"(?:schools?(?! levels?| types?| bands?)|campus(?:es)?|buildings?|sites?|principals?)",
    ),
)
_PER = (
    r"(?:per|by(?: the)?|add(?: the| in)?|each|every|for each(?: of (?:the|our|my))?|for every|"
    r"each of (?:the|"
    r"our|my)(?: \d+)?|across(?: the| our| all)?|among(?: the| our| my)?|between(?: the)?|"
    r"(?:broken|break|split|set|sort|sorted|group|grouped|divided|separated?|"
    r"laid)(?: \w+){0,3} (?:by|into|out by)|in each(?: of (?:the|our|my))?|for all(?: the| our|"
    r" my)?|"
    r"(?:from|in|at) (?:each|every))(?: of)?(?: the| our| my)?(?: \d+)?(?: single| individual| different)?"
)
_LIST = r"^(?:please |can you |could you )*(?:list|show|give)(?: me)?(?: all)?(?: the| our| my)*"
_WHICH = r"(?:which|what)(?: of (?:the|our|my|her|his|their))?(?: \d+)?"


def groupings_in(line: str, measure: Measure | None) -> list[Grouping]:
    """What the line asks to be set out by, in the order of the words."""

    line = re.sub(r"\bat least\b", "", line)
    line = re.sub(
        r"\b(by|per|each) (\w+) and (?=(?:months?|networks?|ilds?|schools?|levels?|tiers?|kinds?|"
        r"offices?|semesters?)\b)",
        r"\1 \2 and \1 ",
        line,
    )
    found: list[tuple[int, Grouping]] = []
    taken: set[int] = set()
    for grouping, noun in _NOUNS:
        nouns = f"(?:{noun})"
        patterns = [rf"\b{_PER} {nouns}\b", rf"\b{nouns} (?:by|for|to) {nouns}\b"]
        patterns.append(rf"\b{_WHICH} {nouns}\b")
        patterns.append(
            rf"\b(?:of|among|out of|from)(?: all)? (?:the|our|my|these|her|"
            rf"his)(?: \d+)? {nouns}\b.*\b(?:which|who)\b"
        )
        for pattern in patterns:
            for match in re.finditer(pattern, line):
                end = match.end()
                if end not in taken:
                    taken.add(end)
                    found.append((match.start(), grouping))
    if re.search(
        r"\bmonthly(?: \S+)? (?:trend|totals?|breakdown|counts?|figures?|numbers?|split|series|"
        r"view)\b|\bmonthly$|\btrend\b|\bfrom month to month\b",
        line,
    ):
        found.append((0, Grouping.MONTH))
    for grouping, noun in _NOUNS[-3:]:
        listed = re.search(rf"{_LIST} {noun} by (?=\w+)", line)
        if listed and not any(re.match(one, line[listed.end() :]) for _, one in _NOUNS):
            found.append((listed.start(), grouping))
    if measure in {Measure.LONGEST_GAP, Measure.CANCELLED} and re.search(
        r"^where\b|\band where$|\bwhere (?:was|is|were|are|did|do|have|has)\b", line
    ):
        found.append((998, Grouping.SCHOOL))
    for grouping, noun in _NOUNS[-3:]:
        if not found and re.search(rf"\b{noun}\b(?: \S+){{1,8}} each$", line):
            found.append((0, grouping))
    if re.search(r"\b(?:each|every|per)(?: of)?(?: the| our| my)? <[lt]\d+>", line):
        found.append((0, Grouping.SCHOOL))
    if re.search(r"\bhow many (?:ilds|directors|supervisors)\b", line):
        found.append((0, Grouping.ILD))
    if re.search(r"\bhow many schools\b", line) and measure is Measure.VISITS:
        found.append((0, Grouping.SCHOOL))
    if re.search(
        r"\b(?:why|what for|for what reasons?|for which reasons?|reasons?|causes?|what (?:is|was|"
        r"lies|are) behind|what explains|what caused|"
        r"what (?:took|"
        r"ate|cost|cut|broke|interrupted|disrupted)|how come|"
        r"explanations?|because of what)\b",
        line,
    ):
        found.append((999, Grouping.REASON))
    if measure is Measure.VISITS and re.search(r"\bwhich ones did (?:get|have|see|receive)\b", line):
        found.append((0, Grouping.SCHOOL))
    if re.search(r"\b(?:who|whose|whom)\b", line):
        who = _who(line, measure)
        if who:
            found.append((0, who))
    if re.search(
        r"\b(?:top|bottom|rank|ranked|best|worst|(?:most|least|fewest)(?: \w+)?)(?: the| our| my|"
        r" all)?(?: \d+)? (?:visited )?schools\b|\bschools (?:ranked|by number)\b",
        line,
    ):
        found.append((0, Grouping.SCHOOL))
    elif re.search(r"\bmost schools\b", line):
        found = [one for one in found if one[1] is not Grouping.SCHOOL]
    if measure is Measure.MADE_GOOD and re.search(r"\bwhich\b(?: \S+){0,3} visits?\b", line):
        found.append((0, Grouping.SCHOOL))
    if not found and re.search(rf"<{PHASE}\d+>", line):
        found.append((0, Grouping.PHASE))
    ordered: list[Grouping] = []
    for _, grouping in sorted(found, key=lambda one: one[0]):
        if grouping not in ordered:
            ordered.append(grouping)
    return ordered


def _who(line: str, measure: Measure | None) -> Grouping | None:
    match measure:
        case Measure.PROTECTED_LOST | Measure.MANDATES | Measure.MINUTES_ASKED:
            return Grouping.OFFICE
        case Measure.LONGEST_GAP:
            return Grouping.SCHOOL
        case Measure.CANCELLED if re.search(r"\bwhy\b|\breasons?\b", line):
            return None
        case Measure.CANCELLED if re.search(
            r"\bby whom\b|^who (?:has |have )?(?:cancelled|called off)\b", line
        ) and (not re.search(r"\b(?:most|least|fewest|more|less)\b", line)):
            return Grouping.REASON  # who called it off, which is not the ILD whose visit it was
        case Measure.NOT_VISITED | Measure.TAKEN_OFF | Measure.CYCLES:
            return None
        case Measure.VISITS if re.search(
            r"\bwho (?:all )?(?:(?:was|were|is|are|has been|have been|had been)(?: \w+)? (?:visited|seen)|"
            r"(?:got|gets|received|had|has had|has gotten)(?: \w+)? (?:visited|seen|visits?|the|a|most|"
            r"<k\d+>|more|fewer|least))"
            r"(?= |$)",
            line,
        ):
            return Grouping.SCHOOL
        case None:
            return None
        case _:
            return Grouping.ILD
