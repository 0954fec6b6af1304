"""Units of a card and their pages: what stays together, and what goes on in the next message of a platform.

A platform sends the values of fields with a button only from the button's own message. So in a card with fields all
fields and buttons stand in one message, with everything that explains them ahead of it where it must be split.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from handlers.cards import Button

JsonBlock = dict[str, Any]


class FieldError(ValueError):
    """A field that no message of the platform can hold: a fault of the card, not of the person."""


@dataclass(frozen=True, slots=True)
class Unit:
    """What must not be torn apart by a page: texts, then inputs, then buttons. ``words`` is the same, spoken.

    ``name`` says what the buttons are about, for when they must stand away from their text.
    """

    said: tuple[JsonBlock, ...] = ()
    words: str = ""
    inputs: tuple[JsonBlock, ...] = ()
    buttons: tuple[Button, ...] = ()
    name: str = ""

    @property
    def is_form(self) -> bool:
        return bool(self.inputs or self.buttons)


@dataclass(frozen=True, slots=True)
class Paper:
    """What a platform takes. ``fits``: the units make a good message. ``holds``: they make one that is still
    accepted, for fields and buttons that must not be parted. ``rows`` sets out buttons as units of one row each."""

    fits: Callable[[list[Unit]], bool]
    holds: Callable[[list[Unit]], bool]
    rows: Callable[[tuple[Button, ...]], list[Unit]]


def arrange(units: list[Unit], paper: Paper) -> list[list[Unit]]:
    """The units as pages, each of which is one message; at least one page.

    Raises ``FieldError`` where all fields and buttons of a card with fields do not fit one message.
    """
    return _form_pages(units, paper) if any(unit.inputs for unit in units) else _pages(units, paper)


def headed(heading: list[Unit], units: list[Unit]) -> list[Unit]:
    """The heading joined to the first unit, so that no page ends with a heading."""
    if not heading or not units:
        return [*heading, *units]
    last, first = heading[-1], units[0]
    said, words = (*last.said, *first.said), "\n".join(word for word in (last.words, first.words) if word)
    return [*heading[:-1], replace(first, said=said, words=words), *units[1:]]


def _pages(units: list[Unit], paper: Paper) -> list[list[Unit]]:
    """As few pages as the limits allow, in order; at least one."""
    pages: list[list[Unit]] = [[]]
    for unit in units:
        if pages[-1] and not paper.fits([*pages[-1], unit]):
            pages.append([])
        pages[-1].append(unit)
    return pages


def _form_pages(units: list[Unit], paper: Paper) -> list[list[Unit]]:
    """Pages with all fields and buttons on one of them, tried from the gentlest change of order to the hardest."""
    if paper.fits(units):
        return [units]
    at = [place for place, unit in enumerate(units) if unit.is_form]
    before, form, after = units[: at[0]], units[at[0] : at[-1] + 1], units[at[-1] + 1 :]
    if not paper.fits(form):
        # What explains goes ahead; then fields and buttons stay near the end, where people act.
        before += [unit for unit in form if not unit.is_form]
        form = [unit for unit in form if unit.is_form]
    if not paper.fits(form):
        before += [replace(unit, inputs=(), buttons=()) for unit in form if unit.said]
        form = [
            *(Unit(inputs=unit.inputs, words=unit.words) for unit in form if unit.inputs),
            *paper.rows(_named(form)),
        ]
        if not paper.holds(form):
            raise FieldError("a card has more fields and buttons than one message holds")
    return [
        *(_pages(before, paper) if before else []),
        form,
        *(_pages(after, paper) if after else []),
    ]


def _named(form: list[Unit]) -> tuple[Button, ...]:
    """All buttons of a form, each saying what it is about: "Lincoln: Open"."""
    return tuple(
        replace(button, label=f"{unit.name}: {button.label}" if unit.name else button.label)
        for unit in form
        for button in unit.buttons
    )
