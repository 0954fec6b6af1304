"""What a guided run takes from a framework when it begins: the look-fors to pick from, and the levels to rate with."""

from dataclasses import dataclass

from protocols.frameworks.values import Framework, Level


@dataclass(frozen=True, slots=True)
class Offer:
    """A look-for to pick, with the titles of the practice and area it belongs to."""

    key: str
    text: str
    area: str
    practice: str


def offers(framework: Framework) -> tuple[Offer, ...]:
    """All look-fors in the order of the framework."""
    return tuple(
        Offer(look_for.key, look_for.text, area.title, practice.title)
        for area in framework.areas
        for practice in area.practices
        for look_for in practice.look_fors
    )


def levels(framework: Framework) -> tuple[Level, ...]:
    """The scale, from least to most."""
    return framework.scale
