"""Words for how things stand, which become marks before anything else is read of the line.

Cycles of inquiry (`<c>`): an inquiry is a kind of visit, too, so a line speaks of cycles only where it says how they
stand: open, closed, in which phase, for how long. What was taken off principals' plates is `<x>`, a phase `<h>`.
"""

import re

from protocols.insight.wording import Marks

CYCLE, OFF_PLATE, PHASE, ANYWAY = "c", "x", "h", "w"
"""Letters of the marks."""

_CYCLE = re.compile(
    r"\b(?:(?:inquiry|pdsa) cycles?|cycles? of inquiry|cycles?|inquiries|inquiry|pdsas?)\b"
    r"(?! (?:visits?|sessions?|meetings?))"
)
_STANDS = re.compile(
    r"\b(?:still )?(?:open|opened|closed|ended|finished|concluded|running|ongoing|under ?way|in progress|"
    r"active|"
    r"unfinished|stuck|stalled|adopted|adapted|abandoned|begun|oldest)\b"
    r"|\bhow (?:old|long)\b|\bages?\b"
    r"|\b(?:and )?(?:with|by) (?:(?:which|what|the|their) )?decisions?\b"
)
_PHASE = re.compile(
    r"\b(?:(?:by|per|in|at|for each|and) )?(?:(?:which|what|each|every|the) )?(?:phases?|stages?)\b"
)
_BY_PHASE = re.compile(r"\b(?:by|per) (?:phase|stage)\b")
_OF_CONTENT = re.compile(
    r"\bwhat\b(?! (?:phases?|stages?|share|percent\w*|decisions?|is the (?:age|number)))"
)
_PLATES = r"(?:(?:the|their|our|my|her|his|a|principals?|schools?|everyones?) )*plates?"
_ASKED = r"(?:demands?|mandates?|requests?|asks|items|memos?|tasks?|things|minutes|hours|time)"
_OFF_PLATE = re.compile(
    rf"\b(?:(?:be|been|was|were|is|are|got|gets) )?(?:taken|took|kept|lifted|removed|moved|pulled|came|went|"
    rf"gone) "
    rf"(?:(?!most\b|least\b|more\b|fewe|less\b)\S+ ){{0,3}}?off (?:of )?{_PLATES}\b"
    rf"|\b{_ASKED} off (?:of )?{_PLATES}\b"
    rf"|\b{_ASKED}(?: \S+){{0,3}}? (?:merged|folded (?:in|together)|combined|spared|saved|shielded|buffered|"
    rf"declined)\b"
    rf"|\b(?:merged|spared|saved|shielded|buffered|declined) {_ASKED}\b"
    rf"|\b(?:what )?(?:(?:principals?|schools?|we|they) )?(?:did|do|does|have|had|has) "
    rf"(?:(?:the|our|my|their|principals?|schools?|we|they) )*not (?:have|need|had) to do\b"
)
"""Told and not bidden: "take this off my plate" asks for a deed."""


_STEPS = re.compile(r"\b(?:next|action|agreed) (?:steps?|actions?)\b")
_LOOKED_AT = re.compile(
    r"\b(?:that |which )?(?:(?:were|was|are|is|got|have been|has been|being|been) )?(?:ever )?"
    r"(?:looked at(?: again)?|look at again|followed up(?: on)?|followed through(?: on)?|revisited|"
    r"c(?:o|a)me back to)\b"
)
_TIME = re.compile(r"\btime (?:\S+ ){0,4}(?:in|at) (?:\S+ )?(?:schools?|buildings|campus\w*|field)\b")
_GOAL = re.compile(
    r"\b(?:against|versus|vs|compared (?:to|with)|and|with|to) (?:the |our |a )?(?:\d+ percent )?goals?(?: line)?\b"
)


def mark_states(marks: Marks) -> None:
    """Mark how cycles stand, phases, what was taken off plates; and what an answer says anyway.

    How many next steps were looked at again stands in every answer on next steps, the goal in each on time in schools.
    """
    if _STEPS.search(marks.line):
        _mark(marks, _LOOKED_AT, ANYWAY)
    if _TIME.search(marks.line):
        _mark(marks, _GOAL, ANYWAY)
    if not _OF_CONTENT.search(marks.line) and _CYCLE.search(marks.line) and _speaks_of_state(marks.line):
        _mark(marks, _PHASE, PHASE)
        _mark(marks, _STANDS, CYCLE)
        _mark(marks, _CYCLE, CYCLE)
    else:
        _mark(marks, _BY_PHASE, PHASE)
    _mark(marks, _OFF_PLATE, OFF_PLATE)


def _speaks_of_state(line: str) -> bool:
    return bool(_STANDS.search(line) or _PHASE.search(line))


def _mark(marks: Marks, pattern: re.Pattern[str], letter: str) -> None:
    position = 0
    while found := pattern.search(marks.line, position):
        position = marks.put(found.start(), found.end(), letter, found[0])
