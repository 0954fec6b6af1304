"""The same memo again: sent twice, nearly the same, corrected, or this month's of a series.

Surely the same: the first one is shown. Surely corrected, with nothing gone: it takes the first one's place, and the
difference is what everybody is shown. The next of a series: a memo of its own, and each ILD sees what she decided last
time. Anything less sure is taken as a memo of its own, and whoever sent it is asked whether it replaces the other;
until they say so both stand, for a deadline told twice does less harm than one that is gone.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from handlers import audit_trail
from handlers.actions import Action, act
from handlers.cards import Block, Button, Buttons, Card, Emphasis, Text, plain
from handlers.deciding.wordings import own_wording, wording_for
from handlers.digest.digest_building import coming_week, own_day, readers_on
from handlers.district import zone_of
from handlers.errors import StaleError, UserError
from handlers.intake.version_cards import difference_blocks, say_change
from handlers.networks import all_networks, concerned
from handlers.permissions import Right, Subject, require
from handlers.post import tell_when_open
from handlers.turn import Turn, Values
from protocols.buffer.digest import Decision
from protocols.buffer.facets import Facets
from protocols.buffer.headlines import end_sentence
from protocols.buffer.versions import Comparison, Verdict, Version, What, is_same_office, judge, titles_alike
from protocols.cadence.moments import say_day
from storage import demand_changes, mandates, people, versions
from storage.mandates import demand_of
from storage.tables import DemandRow, MandateRow

LOOKS_BACK = timedelta(days=120)
"""Memos further back are not looked through for an earlier version."""
MOST_COMPARED = 40
ORDER = (Verdict.SAME, Verdict.REVISED, Verdict.REPEATED, Verdict.UNSURE)


@dataclass(frozen=True, slots=True)
class Kin:
    """The earlier ``memo`` that a memo is a version of, what still ``stands`` of it, and the difference."""

    verdict: Verdict
    memo: MandateRow
    stands: list[DemandRow]
    found: Comparison


def find_kin(turn: Turn, new: Version, *, apart_from: int | None = None) -> Kin | None:
    """The memo in force that this one is most like, or None where it is a memo of its own."""
    best: Kin | None = None
    near = [
        named
        for named in versions.in_force(turn.tx, since=turn.now - LOOKS_BACK)
        if named.id != apart_from
        and (is_same_office(named.unit, new.unit) or titles_alike(named.title, new.title))
    ]
    for named in near[:MOST_COMPARED]:
        memo = mandates.get(turn.tx, named.id)
        assert memo is not None
        stands = versions.standing(turn.tx, memo)
        verdict, found = judge(version_of(memo, stands), new)
        if verdict is Verdict.OTHER:
            continue
        kin = Kin(verdict, memo, stands, found)
        if best is None or _rank(kin) < _rank(best):
            best = kin
    return best


def _rank(kin: Kin) -> tuple[int, float]:
    return ORDER.index(kin.verdict), -kin.found.share


def version_of(memo: MandateRow, demands: Sequence[DemandRow]) -> Version:
    return Version(memo.title, memo.unit, memo.memo_date, tuple(demand_of(row) for row in demands), memo.text)


# ---------------------------------------------------------------- taking the other's place


def positions(rows: Sequence[DemandRow], kin: Kin) -> dict[int, DemandRow]:
    """The kept rows of a corrected memo by the positions that the comparison names, in the text's order."""
    fresh = sorted({one.now for one in kin.found.changed} | set(kin.found.new))
    return dict(zip(fresh, rows, strict=True))


def repeat(turn: Turn, memo: MandateRow, rows: Sequence[DemandRow], kin: Kin) -> None:
    """The memo is the next of a series: each of its demands knows which it was last time."""
    memo.repeats_id = kin.memo.id
    pairs = [*kin.found.same, *((one.was, one.now) for one in kin.found.changed)]
    for was, now in pairs:
        rows[now].was_id = kin.stands[was].id
    turn.tx.flush()


def _own_days(turn: Turn, demand: DemandRow) -> dict[int, date | None]:
    """School -> its own of several days that the demand names; nothing where it names one for all."""
    if not Facets.from_json(demand.facets).days_for:
        return {}
    schools = [one for network in all_networks(turn.tx, turn.today) for one in network.schools]
    return {one.school.id: own_day(demand, [one]) for one in schools}


def _wordings(turn: Turn, now: DemandRow, memo: MandateRow) -> Callable[[int | None], str]:
    """ILD -> how her schools' items read from now on: in her own words, where the gate still lets them pass."""
    plain_words = wording_for(now, memo)

    def of(ild_id: int | None) -> str:
        before = mandates.triage_of(turn.tx, now.was_id or 0, ild_id or 0)
        own = own_wording(turn.tx, before, now, memo)
        return own.words if own is not None and not own.differences else plain_words

    return of


def supersede(turn: Turn, memo: MandateRow, rows: Mapping[int, DemandRow], kin: Kin) -> int:
    """``memo``, whose demands are ``rows``, takes the place of the one in ``kin``; how many ILDs were told.

    ``rows`` by the positions that the comparison names; those that changed nothing need not be among them.
    Raises ``StaleError`` where another memo has taken that place already.
    """
    if not versions.take_place(turn.tx, memo, of=kin.memo):
        raise StaleError("Another memo has taken its place already. Both stand as they are.")
    words = {}
    for one in kin.found.changed:
        was, now = kin.stands[one.was], rows[one.now]
        now.was_id = was.id
        if kin.found.is_notice:
            _take_over(now, was)
        turn.tx.add(now)
        words[now.id or 0] = say_change(was, now, one.differences, turn.today)
        moved = all(difference.what is What.DUE for difference in one.differences)
        demand_changes.carry_over(
            turn.tx,
            was=was.id or 0,
            now=now.id or 0,
            kind="moved" if moved else "changed",
            words=words[now.id or 0],
            wording=_wordings(turn, now, memo),
            due=now.due,
            at=turn.now,
            own_day=_own_days(turn, now).get,
        )
        versions.follow(turn.tx, was=was.id or 0, now=now.id or 0)
    gone = [kin.stands[at] for at in kin.found.withdrawn]
    for row in gone:
        demand_changes.withdraw(
            turn.tx, demand_id=row.id or 0, words=f"{row.headline}: withdrawn by {memo.unit}", at=turn.now
        )
        versions.let_go(turn.tx, row.id or 0, as_decision=Decision.PASS_ON.value)
    _tell_principals(turn, memo, [rows[one.now] for one in kin.found.changed], words)
    audit_trail.write(
        turn,
        "mandate.superseded",
        f"mandate:{kin.memo.id}",
        by=memo.id,
        changed=len(words),
        new=len(kin.found.new),
        withdrawn=len(gone),
    )
    return _tell_ilds(turn, memo, rows, kin)


def _take_over(now: DemandRow, was: DemandRow) -> None:
    """A notice tells only a new day: who does what, how binding it is and for whom stays as the memo before has it."""
    now.headline, now.actor, now.for_school, now.binding = (
        was.headline,
        was.actor,
        was.for_school,
        was.binding,
    )
    now.audience, now.minutes, now.minutes_basis = list(was.audience), was.minutes, was.minutes_basis


def _tell_principals(
    turn: Turn, memo: MandateRow, changed: Sequence[DemandRow], words: dict[int, str]
) -> None:
    """At once only what would come too late with the next digest, in one message; the others read it there."""
    told: dict[int, list[DemandRow]] = {}
    for row in changed:
        for principal_id in versions.told_open(turn.tx, row.id or 0):
            told.setdefault(principal_id, []).append(row)
    principals = {r.principal.id: r.principal for r in readers_on(turn.tx, turn.today)} if told else {}
    for principal_id, rows in told.items():
        principal = principals.get(principal_id)
        if principal is None:
            continue
        week = coming_week(turn.now.astimezone(zone_of(principal, turn.district)), turn.district.calendar)
        soon = [row for row in rows if row.due is not None and row.due <= week]
        if not soon:
            continue
        said = " ".join(end_sentence(words[row.id or 0]) for row in soon)
        blocks = (
            Text(f"{memo.unit}: {said}", lead="Changed since your digest."),
            Buttons((Button("Your digest", act("digest.mine"), Emphasis.PRIMARY),)),
        )
        tell_when_open(
            turn.tx,
            turn.district,
            principal,
            Card("", blocks),
            kind="demand_changed",
            period=f"{memo.id}",
            now=turn.now,
        )


def _tell_ilds(turn: Turn, memo: MandateRow, rows: Mapping[int, DemandRow], kin: Kin) -> int:
    touched = [rows[one.now] for one in kin.found.changed] + [rows[at] for at in kin.found.new]
    touched += [kin.stands[at] for at in kin.found.withdrawn]
    told = 0
    for network in all_networks(turn.tx, turn.today):
        if network.ild.id == turn.person.id or not any(concerned(d, network.schools) for d in touched):
            continue
        lead = f"{memo.unit} corrects “{kin.memo.title}”."
        blocks: list[Block] = [
            Text("What differs is on your desk again, with what you had decided.", lead=lead),
            *difference_blocks(kin.stands, rows, kin.found, turn.today),
            Buttons(
                (
                    Button("Decide", act("triage.memo", memo=memo.id or 0), Emphasis.PRIMARY),
                    Button("What it asks now", act("mandates.page", memo=memo.id or 0, start=0)),
                )
            ),
        ]
        told += (
            tell_when_open(
                turn.tx,
                turn.district,
                network.ild,
                Card("", tuple(blocks)),
                kind="memo",
                period=f"{memo.id}:corrected",
                now=turn.now,
            )
            is not None
        )
    return told


# ---------------------------------------------------------------- what whoever sent it is shown


def corrected_opening(turn: Turn, memo: MandateRow, rows: Mapping[int, DemandRow], kin: Kin) -> list[Block]:
    """The difference, for the sender of a memo that has taken another's place."""
    who = people.get_person(turn.tx, kin.memo.sender_id, on=turn.today)
    whose = "you sent" if who.id == turn.person.id else f"{who.name} sent"
    lead = f"This corrects “{kin.memo.title}”, which {whose} on {_came(turn, kin.memo)}."
    follows = "Each ILD sees the difference; principals who were told read it with their next digest."
    return [
        Text("", lead=lead),
        *difference_blocks(kin.stands, rows, kin.found, turn.today),
        Text(f"{memo.unit}, version {memo.version}. {follows}", quiet=True),
    ]


def repeated_opening(turn: Turn, kin: Kin) -> list[Block]:
    text = "The days have moved on, so it is asked anew; each ILD sees what she decided then."
    return [
        Text(text, lead=f"Like “{kin.memo.title}” of {say_day(kin.memo.memo_date, turn.today)}.", quiet=True)
    ]


def question_blocks(turn: Turn, memo: MandateRow, rows: Mapping[int, DemandRow], kin: Kin) -> list[Block]:
    """Asked of whoever sent a memo that resembles another, with what would change."""
    question = f"Does this replace “{kin.memo.title}” of {say_day(kin.memo.memo_date, turn.today)}?"
    until = "Until you say so, both stand."
    where = {"memo": memo.id or 0, "of": kin.memo.id or 0}
    yes = "Yes, it changes that" if kin.found.is_notice else "Yes, it replaces it"
    buttons = (
        Button(yes, act("mandates.replaces", **where), Emphasis.PRIMARY),
        Button("No, it is another", act("mandates.another", **where)),
    )
    return [
        Text(until, lead=question),
        *difference_blocks(kin.stands, rows, kin.found, turn.today),
        Buttons(buttons),
    ]


def ask_sender(turn: Turn, memo: MandateRow, rows: Mapping[int, DemandRow], kin: Kin) -> None:
    """The question to somebody whose memo came in without a chat."""
    card = Card("", tuple(question_blocks(turn, memo, rows, kin)))
    tell_when_open(
        turn.tx,
        turn.district,
        turn.person,
        card,
        kind="memo_version",
        period=f"{memo.id}:{kin.memo.id}",
        now=turn.now,
    )


def _came(turn: Turn, memo: MandateRow) -> str:
    return say_day(memo.received_at.astimezone(turn.zone).date(), turn.today)


# ---------------------------------------------------------------- the answer


def press_replaces(turn: Turn, action: Action, _values: Values) -> list[Card]:
    """Yes: it takes the other's place. What stands in both is kept once, where it was first."""
    memo, old = _two(turn, action)
    if memo.supersedes_id == old.id:
        raise StaleError("It has taken that memo's place already.")
    rows, stands = mandates.demands_of(turn.tx, memo.id or 0), versions.standing(turn.tx, old)
    verdict, found = judge(version_of(old, stands), version_of(memo, rows))
    if verdict is Verdict.OTHER:
        raise StaleError("The two have nothing in common any more. Both stand as they are.")
    kin = Kin(verdict, old, stands, found)
    told = supersede(turn, memo, dict(enumerate(rows)), kin)
    for _was, now in () if found.is_notice else found.same:
        versions.drop_untouched(turn.tx, rows[now])
    who = "" if not told else (" 1 ILD is told." if told == 1 else f" {told} ILDs are told.")
    return [plain(f"“{end_sentence(memo.title).rstrip('.')}” holds from now on.{who}")]


def press_another(turn: Turn, action: Action, _values: Values) -> list[Card]:
    memo, _old = _two(turn, action)
    if memo.supersedes_id is not None:
        raise StaleError("It has taken that memo's place already. Send what should hold as a corrected memo.")
    audit_trail.write(turn, "mandate.another", f"mandate:{memo.id}")
    return [plain("Both stand, each as a memo of its own.")]


def _two(turn: Turn, action: Action) -> tuple[MandateRow, MandateRow]:
    memo, old = (mandates.get(turn.tx, action.number(name)) for name in ("memo", "of"))
    if memo is None or old is None:
        raise UserError("One of the two memos is not here any more, so I have changed nothing.")
    owner = Subject(owner_ids=mandates.owners_of(memo))
    require(turn.person, Right.REPLACE_MEMO, owner, object=f"mandate:{memo.id}")
    return memo, old
