"""A unit's request to schools, and the gate it passes: seven things that a principal needs to know, in few words.

Who is it for, why should they care, what do you want them to do, by when, how long does it take, who answers questions,
may it be delegated; all of it in under 200 words. What does not say so goes back with what is missing. A memo that was
written elsewhere is held against the same questions, as advice.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from protocols.buffer.audience import ALL, NEWCOMERS
from protocols.buffer.demands import Binding, DateRole, Demand, Reading
from protocols.buffer.facets import Facets
from protocols.buffer.headlines import shorten
from protocols.buffer.reading import read_memo
from protocols.buffer.reasons import reason_for

MOST_WORDS = 200
LONGEST_TITLE = 70
MOST_MINUTES = 40 * 60
SAYS_SO = "the office says"
"""The basis of minutes that a unit gives itself."""


_WHOM = {
    ALL: "all schools",
    "elementary": "elementary schools",
    "middle": "middle schools",
    "high": "high schools",
    "k8": "K-8 schools",
    NEWCOMERS: "new principals",
}


@dataclass(frozen=True, slots=True)
class Request:
    """What was filled in, as typed. ``audience`` is a tag, "" where none was chosen; ``delegate`` yes, no or ""."""

    audience: str
    why: str
    what: str
    by: date | None
    minutes: int | None
    contact: str
    delegate: str
    is_required: bool = False

    @property
    def words(self) -> int:
        return len(f"{self.what} {self.why}".split())


def find_lacks(request: Request, *, today: date) -> tuple[str, ...]:
    """What keeps it from being sent, each as what to add; empty where it may go."""
    lacks = []
    if not request.audience:
        lacks.append("Who is it for? Choose all schools or some of them.")
    if not _says_something(request.what):
        lacks.append("What do you want them to do? One sentence that begins with what to do.")
    if not _says_something(request.why):
        lacks.append(
            "Why should they care? One sentence, in their terms: what it does for pupils or for them."
        )
    if request.by is None:
        lacks.append("By when? Choose a day.")
    elif request.by <= today:
        lacks.append("By when? That day has come already; choose one that leaves them time.")
    if request.minutes is None or not 0 < request.minutes <= MOST_MINUTES:
        lacks.append("How long does it take one school? A number of minutes, such as 20.")
    if not _says_something(request.contact, fewest=1):
        lacks.append("Who answers questions? A name with an extension or address.")
    if request.delegate not in ("yes", "no"):
        lacks.append("May it be delegated? Yes or no.")
    lacks.extend(_more_than_one_thing(request, today))
    if request.words > MOST_WORDS:
        lacks.append(f"It has {request.words} words. Keep what and why under {MOST_WORDS}.")
    return tuple(lacks)


def _more_than_one_thing(request: Request, today: date) -> list[str]:
    """What the words ask beside the one thing and the one day of the form, where nobody would read it as asked."""
    found = []
    days = {
        mention.iso
        for mention in read_memo(request.what, memo_date=today).dates
        if mention.iso and mention.role is DateRole.DEADLINE
    }
    if request.by is not None and days - {request.by}:
        found.append(
            "By when? Your words name another day than the one you chose. Leave the day to the form."
        )
    asked = [one for one in read_memo(request.why, memo_date=today).demands if one.for_school and one.due]
    if any(one.binding in (Binding.MUST, Binding.SHOULD) for one in asked):
        found.append(
            "Why should they care? That asks one thing more, with a day. Send it as a request of its own."
        )
    return found


def _says_something(text: str, *, fewest: int = 2) -> bool:
    return len(re.findall(r"[^\W\d_]{2,}", text)) >= fewest


def compose_memo(request: Request) -> tuple[str, Reading]:
    """A whole request as the text of a memo and what it says, with the one demand as the form has it.

    Nothing is read out of the words that the form says by itself. Raises ``ValueError`` where a field is missing.
    """
    if request.by is None or request.minutes is None:
        raise ValueError("a request without a day or minutes is not whole")
    what = " ".join(request.what.split()).rstrip(" .")
    day = f"{request.by:%B} {request.by.day}, {request.by.year}"
    quote = f"{what[:1].upper()}{what[1:]} by {day}."
    title = shorten(f"{what[:1].upper()}{what[1:]}", LONGEST_TITLE)
    delegation = "It may be delegated." if request.delegate == "yes" else "Please do not delegate it."
    why, contact = " ".join(request.why.split()), " ".join(request.contact.split())
    text = "\n\n".join(
        (
            quote,
            f"For: {_WHOM.get(request.audience, request.audience)}.",
            f"Why: {why}",
            f"It takes about {request.minutes} minutes. {delegation}",
            f"Questions: {contact}",
        )
    )
    demand = Demand(
        start=0,
        end=len(quote),
        quote=quote,
        actor="principal",
        for_school=True,
        binding=Binding.MUST if request.is_required else Binding.SHOULD,
        due=request.by,
        due_basis=SAYS_SO,
        audience=(request.audience or ALL,),
        minutes=request.minutes,
        minutes_basis=SAYS_SO,
        due_role=DateRole.DEADLINE,
        due_words=day,
        facets=Facets(contact=contact, delegation=delegation, why=why),
    )
    return text, Reading(title, quote, contact, (demand,), ())


def advise(text: str, reading: Reading) -> tuple[str, ...]:
    """Which of the seven a memo that was written elsewhere leaves open, in a few words each; it goes all the same."""
    asked = [d for d in reading.demands if d.for_school and d.binding in (Binding.MUST, Binding.SHOULD)]
    if not asked:
        return ()
    open_ones = []
    if not any(_why(text, demand, asked) for demand in asked):
        open_ones.append("why they should care")
    if not all(demand.due or demand.due_words for demand in asked):
        open_ones.append("by when")
    if not any(demand.minutes_basis.startswith(("the memo says", SAYS_SO)) for demand in asked):
        open_ones.append("how long it takes")
    if not reading.contact and not any(demand.facets.contact for demand in asked):
        open_ones.append("who answers questions")
    if not any(demand.facets.delegation for demand in asked):
        open_ones.append("whether it may be delegated")
    return tuple(open_ones)


def _why(text: str, demand: Demand, asked: Sequence[Demand]) -> str:
    return reason_for(text, demand, [one for one in asked if one is not demand], wording=demand.quote)
