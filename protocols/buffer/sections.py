"""What stands above a passage and goes for it too: a heading, the line that leads its list, the schools meant."""

from collections.abc import Sequence

from protocols.buffer.audience import audience_of, headed_audience
from protocols.buffer.passages import Kind, Passage, sort_of


def headings_above(passages: Sequence[Passage]) -> list[str]:
    """For each passage what says what its days are: the line leading its list, the head of its table, its heading."""
    above: list[str] = []
    heading = header = ""
    for passage in passages:
        is_row = "|" in passage.text or "\t" in passage.text
        if passage.kind is Kind.HEADING:
            heading = passage.text
        if is_row and not header and not any(c.isdigit() for c in passage.text):
            header = passage.text
        elif not is_row:
            header = ""
        above.append(passages[passage.lead].text if passage.lead is not None else header or heading)
    return above


def audiences_above(passages: Sequence[Passage]) -> list[tuple[str, ...]]:
    """For each passage the schools that its leading line or its section's heading names; empty where none does.

    A heading counts only if it names an audience and nothing else, and reaches to the next heading; above a list it
    reaches to the end of the list, for what follows is again for everyone. A school that hears of one demand too many
    loses a minute; one that never hears of it, more.
    """
    above: list[tuple[str, ...]] = []
    section = _Section()
    for passage in passages:
        section = section.after(passage)
        if passage.lead is None or _are_equals(passages[passage.lead], passage):
            above.append(section.audience)
        else:
            named = audience_of(passages[passage.lead].text)
            above.append(named or above[passage.lead] or section.audience)
    return above


class _Section:
    """The reach of one heading. ``marker`` is the heading's own bullet; ``is_list`` is None until its first line."""

    __slots__ = ("audience", "is_list", "marker")

    def __init__(self, audience: tuple[str, ...] = (), marker: str = "", is_list: bool | None = None) -> None:
        self.audience = audience
        self.marker = marker
        self.is_list = is_list

    def after(self, passage: Passage) -> "_Section":
        """The section once ``passage`` has been read: the same, another, or none."""
        is_labelled_bullet = passage.kind is Kind.BULLET and passage.text.endswith(":")
        if passage.kind is Kind.HEADING or is_labelled_bullet:
            named = headed_audience(passage.text)
            if named or not is_labelled_bullet:
                return _Section(named, passage.marker if is_labelled_bullet else "")
        if not self.audience or not passage.is_first:
            return self
        if self.marker and sort_of(passage.marker) in ("", sort_of(self.marker)):
            return _Section()
        if self.is_list is None:
            return _Section(self.audience, self.marker, is_list=bool(passage.marker))
        return _Section() if self.is_list and not passage.marker else self


def _are_equals(lead: Passage, passage: Passage) -> bool:
    """A bullet after a bullet of its own kind may stand beside it as well as under it."""
    return bool(lead.marker) and sort_of(lead.marker) == sort_of(passage.marker)
