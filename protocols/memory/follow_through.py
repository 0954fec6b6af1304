"""Two shares that an ILD sees of her own work: visits that ended in a next step, next steps looked at again.

"A protocol ends in next steps, and the next meeting reviews them" is the rule of the tools that helped principals
(Honig, Copland, Rainey, Lorton and Newton 2010); whether it is kept shows in these shares. With them stand the
walkthroughs tied to no inquiry: in a study of how principals spend their time, informal walkthroughs went with worse
results where they were not part of a strategy for improvement (Grissom, Loeb and Master 2013). So no count here is
good by itself, none is praised, and schools are listed by name and never by rank.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from protocols.insight.measures import Share


class Tie(StrEnum):
    """What a walkthrough belongs to."""

    INQUIRY = "inquiry"
    APART = "apart"
    UNSAID = "unsaid"


@dataclass(frozen=True, slots=True)
class HeldVisit:
    """A visit that took place. ``tie`` is None where it was no walkthrough."""

    school_id: int
    ended_in_step: bool
    tie: Tie | None


@dataclass(frozen=True, slots=True)
class AgreedStep:
    """A next step. It is *looked at again* when a later meeting reviewed it or somebody said what came of it."""

    school_id: int
    by_when: date
    is_looked_at: bool


@dataclass(frozen=True, slots=True)
class Follow:
    """The shares of one school or of all of them."""

    visits: Share
    steps: Share
    ties: dict[Tie, int]

    @property
    def walkthroughs(self) -> int:
        return sum(self.ties.values())


@dataclass(frozen=True, slots=True)
class FollowThrough:
    """``by_school`` holds every school asked for, those without visits too."""

    whole: Follow
    by_school: dict[int, Follow]


def follow_through(
    visits: Sequence[HeldVisit], steps: Sequence[AgreedStep], *, schools: Collection[int], today: date
) -> FollowThrough:
    """The shares. A next step counts from the day after it was due: before that nobody had to look at it."""
    due = [step for step in steps if step.by_when < today]
    return FollowThrough(
        whole=_follow(visits, due),
        by_school={
            school: _follow(
                [visit for visit in visits if visit.school_id == school],
                [step for step in due if step.school_id == school],
            )
            for school in schools
        },
    )


def _follow(visits: Sequence[HeldVisit], due: Sequence[AgreedStep]) -> Follow:
    return Follow(
        visits=Share(sum(visit.ended_in_step for visit in visits), len(visits)),
        steps=Share(sum(step.is_looked_at for step in due), len(due)),
        ties={tie: sum(visit.tie is tie for visit in visits) for tie in Tie},
    )


def say_visits(share: Share) -> str:
    """ "9 of 12 visits ended in a next step" """
    if not share.whole:
        return "no visit has been held yet"
    return f"{_counted(share, 'visit')} ended in a next step"


def say_steps(share: Share) -> str:
    """ "7 of 10 next steps that came due were looked at again" """
    if not share.whole:
        return "no next step has come due yet"
    was = "was" if share.part == 1 else "were"
    return f"{_counted(share, 'next step')} that came due {was} looked at again"


def _counted(share: Share, noun: str) -> str:
    return f"{int(share.part)} of {int(share.whole)} {noun}{'' if share.whole == 1 else 's'}"


def say_spread(shares: Sequence[Share]) -> str:
    """ "by school from 1 of 4 to 3 of 3", without saying which; nothing where fewer than two schools have any."""
    known = sorted((s for s in shares if s.value is not None), key=lambda s: (s.value or 0.0, s.whole))
    if len(known) < 2:
        return ""
    least, most = known[0], known[-1]
    if least.value == most.value:
        return "the same in each school"
    return f"by school from {int(least.part)} of {int(least.whole)} to {int(most.part)} of {int(most.whole)}"


_SAID = {  # of one, of several
    Tie.INQUIRY: ("is part of an inquiry", "are part of an inquiry"),
    Tie.APART: ("stands apart from one, with a reason", "stand apart from one, with a reason"),
    Tie.UNSAID: (
        "is tied to no inquiry, and nobody has said why",
        "are tied to no inquiry, and nobody has said why",
    ),
}


def say_ties(follow: Follow) -> str:
    """What the walkthroughs belong to, in a sentence; nothing where there was none."""
    number = follow.walkthroughs
    if not number:
        return ""
    if number == 1:
        only = next(tie for tie, count in follow.ties.items() if count)
        one, _ = _SAID[only]
        return f"The one walkthrough {one}."
    parts = [f"{count} {_SAID[tie][count > 1]}" for tie, count in follow.ties.items() if count]
    return f"Of {number} walkthroughs, {'; '.join(parts)}."
