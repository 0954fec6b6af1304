"""``who works with whom``: density and reciprocity of the ties between schools and the centre by term, with a picture.

For executives. From what the bot has on record, ids and days alone; schools stand by network and name, nobody ranked.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from handlers import audit_trail
from handlers.actions import Action, act, key_of
from handlers.audit_trail import Shown
from handlers.cards import (
    Block,
    Button,
    Buttons,
    Card,
    Chart,
    ChartKind,
    Download,
    Series,
    Table,
    Text,
    plain,
)
from handlers.centre.theory_figures import terms_of
from handlers.csv_files import write_csv
from handlers.errors import UserError
from handlers.permissions import Right, require
from handlers.turn import Cards, Command, Topic, Turn, Values
from protocols.cadence.calendar import Term
from protocols.centre.ties import Contact, Web, weave
from protocols.insight.measures import Share
from storage import people, ties
from storage.people import Role, School

MOST_DRAWN = 60
"""Schools in one picture; of more, one network at a time is drawn."""
MOST_NAMED = 8
MOST_TOLD = 5
"""Schools of a party that are named in the words of a picture."""
OF_ILDS = "Instructional leadership"
"""The office that an ILD calls a meeting for: her schools' own ILD."""
WHAT = (
    "A tie is there in a term in which a school and its ILD, or a school and a unit, had at least one of these on "
    "record: a visit held, a protocol run together, a promise, a question, a wish, a service request, a meeting called "
    "for that network or school. Density: ties of those possible. Both ways: ties in which each side began something; "
    "a visit of which it is not known who planned it counts as begun by the ILD. "
    "Meetings of all principals tie nobody. Counted are schools and units of today, and that something happened, never "
    "what was said."
)


@dataclass(frozen=True)
class Ties:
    """Schools, their parties, and the web of each term, the earliest first."""

    schools: tuple[School, ...]
    units: tuple[str, ...]
    terms: tuple[Term, ...]
    webs: tuple[Web, ...]

    @cached_property
    def ilds(self) -> tuple[str, ...]:
        return tuple(sorted({_ild_of(school) for school in self.schools}))

    @property
    def parties(self) -> tuple[str, ...]:
        return (*self.ilds, *self.units)


def _ild_of(school: School) -> str:
    return f"ILD, {school.network}"


def load(turn: Turn, network: str | None) -> Ties:
    """The ties of the district's schools, or of one network's, over the terms that have begun."""
    terms = terms_of(turn)
    if not terms:
        raise UserError("The calendar has no term that has begun, so there is nothing to count by.")
    schools = tuple(people.schools_on(turn.tx, turn.today, network=network))
    of_id = {school.id: school for school in schools}
    found = [
        replace(one, party=_ild_of(of_id[one.school_id])) if one.party in (ties.ITS_ILD, OF_ILDS) else one
        for one in ties.contacts(turn.tx, start=terms[0].starts, end=turn.today, zone=turn.district.zone)
        if one.school_id in of_id
    ]
    units = _units(turn, found, {_ild_of(school) for school in schools})
    possible = [(school.id, party) for school in schools for party in (_ild_of(school), *units)]
    webs = tuple(weave(found, possible, start=term.starts, end=min(term.ends, turn.today)) for term in terms)
    return Ties(schools, units, terms, webs)


def _units(turn: Turn, found: Sequence[Contact], ilds: set[str]) -> tuple[str, ...]:
    """The units of today, and whatever other office had to do with a school."""
    staff = people.people_with_role(turn.tx, Role.UNIT, on=turn.today)
    return tuple(
        sorted({person.unit for person in staff if person.unit} | {one.party for one in found} - ilds)
    )


def show(turn: Turn, match: re.Match[str]) -> Cards:
    require(turn.person, Right.SEE_TIES, object="ties")
    named = match["network"]
    network = _network(turn, named) if named else None
    return [_card(turn, network, None)]


def _press_term(turn: Turn, action: Action, _values: Values) -> Cards:
    """The same with the picture of another term."""
    require(turn.person, Right.SEE_TIES, object="ties")
    wanted, network = action.args.get("network"), None
    if wanted is not None:
        network = next((name for name in _networks(turn) if key_of(name) == wanted), None)
        if network is None:
            raise UserError("That network is no longer there. Write “who works with whom” for the district.")
    return [_card(turn, network, action.args.get("term"))]


def _networks(turn: Turn) -> list[str]:
    return sorted({school.network for school in people.schools_on(turn.tx, turn.today)})


def _network(turn: Turn, words: str) -> str:
    known = _networks(turn)
    plain_words = words.casefold().strip(" ?.")
    found = [
        name for name in known if plain_words in (name.casefold(), name.casefold().removesuffix(" network"))
    ]
    if not found:
        raise UserError(
            f"I don't know a network “{words.strip()}”. There is {', '.join(known) or 'none yet'}."
        )
    return found[0]


def _card(turn: Turn, network: str | None, term: str | None) -> Card:
    known = load(turn, network)
    audit_trail.looked(turn, Shown.TIES, network=network)
    if not known.schools:
        return plain("There is no school to look at.")
    at = next((i for i, one in enumerate(known.terms) if one.label == term), len(known.terms) - 1)
    web, label = known.webs[at], known.terms[at].label
    said = [_say(web)]
    if web.counted:
        said.append(f"Behind it: {', '.join(kind.say(count) for kind, count in web.counted.items())}.")
    said += [one for one in (_say_alone(known, web), _say_change(known, at)) if one]
    blocks: list[Block] = [Text(" ".join(said)), _table(known), _by_term(known)]
    if len(known.schools) <= MOST_DRAWN:
        blocks.append(_picture(known, at))
    else:
        blocks.append(
            Text(
                f"A picture of {len(known.schools)} schools is too dense. Write: who works with whom in, and a network."
            )
        )
    blocks.append(Download("ties.csv", "CSV", _csv(known)))
    keys = {} if network is None else {"network": key_of(network)}
    others = [one.label for i, one in reversed(list(enumerate(known.terms))) if i != at]
    blocks.append(Buttons(tuple(Button(one, act("ties.term", term=one, **keys)) for one in others)))
    blocks.append(Text(WHAT, quiet=True))
    return Card(
        f"Who works with whom{f' in {network}' if network else ''}, {label}",
        tuple(blocks),
        in_place=term is not None,
    )


# ---------------------------------------------------------------- words


def _say(web: Web) -> str:
    if not web.ties:
        return f"None of {len(web.possible)} possible ties is on record."
    return (
        f"{_of(web.density)} possible ties ({_percent(web.density)}); {_of(web.reciprocity)} "
        f"{'goes' if len(web.two_way) == 1 else 'go'} both ways ({_percent(web.reciprocity)})."
    )


def _say_alone(known: Ties, web: Web) -> str:
    """Schools that are tied to no unit, or to nobody: whom the centre may have lost sight of."""
    names = [school.name for school in known.schools if school.id in web.alone()]
    if not names or not web.ties:
        return ""
    more = len(names) - MOST_NAMED
    listed = ", ".join(names[:MOST_NAMED]) + (f" and {more} more" if more > 0 else "")
    return f"Without any tie: {listed}."


def _say_change(known: Ties, at: int) -> str:
    """Against the term before, where both have a figure."""
    if at == 0:
        return ""
    now, before = known.webs[at].density.value, known.webs[at - 1].density.value
    if now is None or not before:
        return ""
    return f"Density was {before:.0%} in {known.terms[at - 1].label}."


def _table(known: Ties) -> Table:
    rows = tuple(
        (
            term.label,
            _of(web.between(known.ilds).density),
            _of(web.between(known.units).density) if known.units else "no units",
            _percent(web.density),
            f"{_of(web.reciprocity)}, {_percent(web.reciprocity)}" if web.ties else "no ties",
        )
        for term, web in zip(known.terms, known.webs, strict=True)
    )
    return Table(
        ("Term", "With ILDs", "With units", "Density", "Both ways"),
        rows,
        caption="Ties by term, of those possible",
    )


def _by_term(known: Ties) -> Chart:
    series = tuple(
        Series(name, tuple(None if one.value is None else round(100 * one.value, 1) for one in shares))
        for name, shares in (
            ("density", [web.density for web in known.webs]),
            ("both ways", [web.reciprocity for web in known.webs]),
        )
    )
    told = "; ".join(
        f"{term.label}: density {_percent(web.density)}, both ways {_percent(web.reciprocity)}"
        for term, web in zip(known.terms, known.webs, strict=True)
    )
    labels = tuple(term.label for term in known.terms)
    title = "Ties between schools and the centre"
    return Chart(ChartKind.PAIRED_BARS, title, labels, series, "%", f"{title}, in per cent. {told}.")


def _picture(known: Ties, at: int) -> Chart:
    web, label = known.webs[at], known.terms[at].label
    series = tuple(
        Series(party, tuple(_strength(web, school, party) for school in known.schools))
        for party in known.parties
    )
    told = "; ".join(_told(known, web, party) for party in known.parties)
    title = f"Who works with whom, {label}"
    return Chart(
        ChartKind.TIES,
        title,
        tuple(school.name for school in known.schools),
        series,
        "ties between schools and the centre",
        f"{title}. {told}.",
        groups=tuple(school.network for school in known.schools),
    )


def _strength(web: Web, school: School, party: str) -> float | None:
    pair = (school.id, party)
    return 2 if pair in web.two_way else 1 if pair in web.one_way else None


def _told(known: Ties, web: Web, party: str) -> str:
    """One party of the picture in words: the schools that it is tied to both ways, and how many one way. With all names
    a picture's words would be longer than what platforms take; each tie is in the CSV."""
    both = [school.name for school in known.schools if (school.id, party) in web.two_way]
    one = [school.name for school in known.schools if (school.id, party) in web.one_way]
    parts = []
    if both:
        more = len(both) - MOST_TOLD
        parts.append(f"both ways with {', '.join(both[:MOST_TOLD])}{f' and {more} more' if more > 0 else ''}")
    if one:
        some = ", ".join(one) if len(one) <= MOST_TOLD else f"{len(one)} schools"
        parts.append(f"one way with {some}")
    return f"{party}: {'; '.join(parts) or 'no tie'}"


def _csv(known: Ties) -> str:
    rows: list[tuple[str, ...]] = [("term", "school", "network", "with", "goes")]
    for term, web in zip(known.terms, known.webs, strict=True):
        for school in known.schools:
            for party in known.parties:
                strength = _strength(web, school, party)
                if strength is not None:
                    way = "both ways" if strength == 2 else "one way"
                    rows.append((term.label, school.name, school.network, party, way))
    return write_csv(rows)


def _of(share: Share) -> str:
    return f"{share.part:g} of {share.whole:g}"


def _percent(share: Share) -> str:
    return "not known" if share.value is None else f"{share.value:.0%}"


TOPIC = Topic(
    name="ties",
    commands=(
        Command(
            re.compile(r"(?:show )?(?:who works with whom|ties)(?: in (?P<network>.+))?\??", re.IGNORECASE),
            show,
            example="who works with whom",
            what="Ties between schools and the centre by term: how dense, how many go both ways, with a picture.",
            roles=frozenset({Role.EXECUTIVE}),
        ),
    ),
    actions={"ties.term": _press_term},
    in_place=frozenset({"ties.term"}),
)
