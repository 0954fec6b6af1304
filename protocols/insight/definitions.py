"""What each measure is, said once: the answers quote it, and ``docs/measures.md`` is written from it.

The arithmetic is in ``protocols.insight.measures``; these are its words. A definition says what is counted, of what it
is a part, what is left out, and how it is spread over the things it is made of.
"""

from dataclasses import dataclass

from protocols.insight.measures import FEWEST_ANSWERS
from protocols.insight.query import Grouping, Measure


@dataclass(frozen=True, slots=True)
class Definition:
    """``name`` stands in "Counted: …"; ``counts`` is the sentence that an answer quotes.

    ``leaves_out`` says what is not in the number; ``spread`` over what the median and the range are taken; ``asked``
    is a question that gives it.
    """

    name: str
    unit: str
    counts: str
    leaves_out: str
    spread: str
    asked: str


DEFINITIONS: dict[Measure, Definition] = {
    Measure.VISITS: Definition(
        name="visits held",
        unit="visits",
        counts="A visit counts once it was held, on its day, for the ILD who made it.",
        leaves_out="Planned and cancelled ones. Planned ones whose day has passed, and of which nobody has said "
        "whether they took place, are named as missing.",
        spread="schools, those without a visit included",
        asked="visits since September by ILD",
    ),
    Measure.NOT_VISITED: Definition(
        name="schools not visited",
        unit="schools",
        counts="A school counts when no visit was held there in the whole stretch.",
        leaves_out="Visits that are only planned do not end it.",
        spread="calendar days since the last visit, of those schools that ever had one",
        asked="schools not visited for three weeks",
    ),
    Measure.LONGEST_GAP: Definition(
        name="longest gap between visits",
        unit="calendar days",
        counts="A gap runs from one held visit to the next; the first begins with the last visit before the period, "
        "the last ends with the period.",
        leaves_out="Nothing: holidays count, for a school waits through them, too. What is open today and the longest "
        "gap ever are said besides.",
        spread="schools, each with its longest",
        asked="longest gap between visits this year",
    ),
    Measure.INTERVALS_KEPT: Definition(
        name="share of intervals kept",
        unit="share of intervals",
        counts="An interval is kept when no more school days lie between two visits than the school's rhythm asked "
        "for at that time.",
        leaves_out="Days without school. The interval that is open at the end counts once it is too long.",
        spread="schools, each with its share",
        asked="what share of intervals was kept since September",
    ),
    Measure.EVENNESS: Definition(
        name="evenness of visits",
        unit="0 to 1",
        counts="Each school's visits are set against what its rhythm asks for; 1 is perfectly even.",
        leaves_out="How many visits there were in all: few can be even.",
        spread="schools, each with its visits as a share of what its rhythm asks",
        asked="how evenly are visits spread since September",
    ),
    Measure.TIME_IN_SCHOOLS: Definition(
        name="share of time in schools",
        unit="share of working time",
        counts="The minutes of held visits, of the hours of all school days.",
        leaves_out="Visits whose length is not known count as none, so the share is a lower bound; how many, is said.",
        spread="ILDs, without their names",
        asked="share of time in schools since September",
    ),
    Measure.CANCELLED: Definition(
        name="visits cancelled",
        unit="visits",
        counts="A planned visit that was called off counts on the day it was planned for, by who called it off.",
        leaves_out="Visits that were moved. One is made good when its stand-in was held.",
        spread="schools, those without any included",
        asked="visits cancelled this semester and by whom",
    ),
    Measure.MADE_GOOD: Definition(
        name="cancelled visits made good",
        unit="share of cancelled visits",
        counts="Of the visits called off in the period, those whose stand-in was held, whenever that was.",
        leaves_out="Stand-ins that are only planned, which are said besides; and a further visit that nobody put in "
        "the place of the one called off.",
        spread="schools that had one called off, each with its share",
        asked="how many cancelled visits were made good this semester",
    ),
    Measure.PROTECTED_KEPT: Definition(
        name="protected time kept",
        unit="share of protected time",
        counts="Principals' protected minutes that nothing took, of all that were protected.",
        leaves_out="Half-days without school. Two meetings in one hour take it once.",
        spread="schools, each with its share",
        asked="protected time kept this month",
    ),
    Measure.PROTECTED_LOST: Definition(
        name="protected time lost",
        unit="hours of principals",
        counts="Minutes of protected time that an office took, of each principal it took them from.",
        leaves_out="What was asked for and not taken.",
        spread="schools, each with its hours",
        asked="who took protected time this month",
    ),
    Measure.NEXT_STEPS: Definition(
        name="share of visits with a next step",
        unit="share of visits",
        counts="A held visit counts that ended in at least one next step.",
        leaves_out="What the step is. How many of those that fell due were looked at again is said besides.",
        spread="schools with a visit, each with its share",
        asked="share of visits with a next step since September",
    ),
    Measure.MANDATES: Definition(
        name="mandates sent",
        unit="mandates",
        counts="A memo counts once, on its own date, when something in it is for at least one of the schools.",
        leaves_out="Memos that say nothing to these schools. What became of them on the way to principals (given, "
        "merged, taken off plates) is said besides, by item and principal.",
        spread="offices, each with its mandates",
        asked="mandates sent this month by office",
    ),
    Measure.TAKEN_OFF: Definition(
        name="demands taken off plates",
        unit="demands",
        counts="A demand counts once for each principal who did not have to meet it: an office or the ILD does it, it "
        "was declined, or it is read with another that asks the same.",
        leaves_out="What never was for the school. Minutes are those of what was taken off; a merged demand is still "
        "met with the one it is read in, so its minutes are not counted as spared.",
        spread="schools, those without any included",
        asked="demands taken off plates this month by office",
    ),
    Measure.MINUTES_ASKED: Definition(
        name="minutes asked of principals",
        unit="minutes",
        counts="The minutes of what principals were given in their weekly digests, after triage.",
        leaves_out="What others took off the plate. Minutes are the memo's own, else what such things usually take.",
        spread="digests: a principal and a week each",
        asked="minutes asked of principals since September",
    ),
    Measure.USEFULNESS: Definition(
        name="usefulness of visits",
        unit="1 to 4",
        counts="The mean of what principals said of the use of their visits, each principal counting once; rounded so "
        "that one principal can hardly move it.",
        leaves_out=f"Groups of fewer than {FEWEST_ANSWERS} principals, and those that would give such a group away "
        "when they are subtracted from a larger one; lists of schools; and every word.",
        spread="principals: the median, and from twenty up the middle half, for the lowest of a few could be "
        "somebody's own",
        asked="how useful do principals find our visits since September",
    ),
    Measure.CYCLES: Definition(
        name="cycles of inquiry open and closed",
        unit="cycles",
        counts="A cycle of inquiry counts as open when it was under way at the end of the period, in the phase it "
        "is in, and as closed when it ended within it.",
        leaves_out="Everything that is written in one. How closed ones were decided is said only from "
        f"{FEWEST_ANSWERS} principals up, and of no school. Which phase a cycle was in on an earlier day is not kept.",
        spread="open cycles, each with its age in calendar days",
        asked="open cycles of inquiry by phase",
    ),
}

GROUPED = {
    Grouping.SCHOOL: "school",
    Grouping.ILD: "ILD",
    Grouping.NETWORK: "network",
    Grouping.LEVEL: "level",
    Grouping.TIER: "need tier: the rhythm the school has today",
    Grouping.EXPERIENCE: "new and experienced principals",
    Grouping.KIND: "kind of visit",
    Grouping.MONTH: "month",
    Grouping.TERM: "semester",
    Grouping.OFFICE: "office",
    Grouping.REASON: "reason",
    Grouping.PHASE: "phase, of cycles of inquiry",
}

_ABOVE = """\
# Measures

What the answers count. Each measure is defined here once, and the answer to a question quotes its sentence. This page
is written by `make measures` from `protocols/insight/definitions.py`; the arithmetic is in
`protocols/insight/measures.py`.

Every answer says the number, what was counted, over what period, what is missing, and how it is spread: from the
smallest to the largest, and the median. Days are both included. Nothing that was said or written in a visit is counted
or shown, ILDs are not ranked, and what fewer than {fewest} principals answered is not shown.
"""


def write_page() -> str:
    """The page ``docs/measures.md``."""
    parts = [_ABOVE.format(fewest=FEWEST_ANSWERS)]
    for measure, one in DEFINITIONS.items():
        title = one.name[:1].upper() + one.name[1:]
        parts.append(
            f"## {title}\n\n{one.counts}\n\n"
            f"- **Unit:** {one.unit}\n- **Left out:** {one.leaves_out}\n- **Spread over:** {one.spread}\n"
            f"- **Ask:** `{one.asked}`\n- **In JSON:** `{measure}`\n"
        )
    groups = "\n".join(f"- {words}" for words in GROUPED.values())
    parts.append(f"## What an answer can be set out by\n\n{groups}\n")
    return "\n".join(parts)
