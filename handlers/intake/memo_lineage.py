"""Memos that their own source calls by one name: a feed's entry that changed, a page fetched again, a ``ref``.

There the source says that it is the same thing, so less likeness is enough than between two memos of unknown kin: one
that was reworded, and of which nothing is gone, takes the other's place. Where something is gone, or nearly all is new,
whoever answers for it is asked, as always: a name may be used again for something else.
"""

from handlers.intake.memo_versions import Kin, version_of
from handlers.turn import Turn
from protocols.buffer.versions import PARTLY, Verdict, Version, judge
from storage import versions
from storage.originals import Original

_SURE = frozenset({Verdict.SAME, Verdict.REVISED, Verdict.REPEATED})


def by_source(turn: Turn, original: Original, new: Version, kin: Kin | None) -> Kin | None:
    """The kin of a memo in the light of what its source calls it; ``kin`` is what its words alone say."""
    if kin is not None and kin.verdict in _SURE:
        return kin
    earlier = versions.of_source(turn.tx, original)
    if earlier is None:
        return kin
    stands = versions.standing(turn.tx, earlier)
    verdict, found = judge(version_of(earlier, stands), new)
    if verdict not in _SURE:
        is_revised = not found.withdrawn and found.share >= PARTLY and not found.is_notice
        verdict = Verdict.REVISED if is_revised else Verdict.UNSURE
    return Kin(verdict, earlier, stands, found)
