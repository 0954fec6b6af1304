"""Nothing gets lost: every demand of every memo is told in a digest, decided by a named person, or waits in a queue.

A demand is accounted for once for each ILD whose schools it is for, and where such a school has no ILD once for nobody.
What is none of the three has slipped through, whatever the reason: it is named before the digests of a week go, and
somebody decides.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Asked:
    """A demand as it concerns one ILD's schools; ``ild`` None: schools that no ILD carries."""

    demand: int
    ild: int | None


def unaccounted(
    asked: Iterable[Asked],
    *,
    told: Collection[Asked],
    decided: Mapping[Asked, int | None],
    queued: Collection[Asked],
) -> list[Asked]:
    """What has slipped through, in order.

    ``told``: in a digest that went or in the one that goes next. ``decided``: by whom it was taken off the plate,
    withdrawn or put in another's place; a decision that nobody made (None) does not count. ``queued``: on a desk.
    """
    return sorted(
        one for one in set(asked) if one not in told and decided.get(one) is None and one not in queued
    )
