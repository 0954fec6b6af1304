"""Measure how well memos are read, against labelled ones kept outside the project.

``python -m tests.eval.mandates DATA_DIR [--errors]`` reads ``DATA_DIR/mandates/memos.jsonl`` and prints,
beside the published baselines: demand sentences found, dates exactly right, roles, due dates, binding, and
how many of the school's demands the best fifth of the words holds. With ``--errors`` it shows what was
missed and what was made up.
"""

import json
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from protocols.buffer.demands import Reading
from protocols.buffer.reading import read_memo

SHARE_OF_WORDS = 0.2


@dataclass
class Count:
    """True positives, false positives, false negatives."""

    hit: int = 0
    false: int = 0
    missed: int = 0

    @property
    def precision(self) -> float:
        return self.hit / (self.hit + self.false) if self.hit + self.false else 1.0

    @property
    def recall(self) -> float:
        return self.hit / (self.hit + self.missed) if self.hit + self.missed else 1.0

    @property
    def f1(self) -> float:
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0

    def __str__(self) -> str:
        return f"P {self.precision:.2f}  R {self.recall:.2f}  F1 {self.f1:.2f}"


@dataclass
class Figures:
    any_actor: Count = field(default_factory=Count)
    school: Count = field(default_factory=Count)
    dates: Count = field(default_factory=Count)
    roles: Count = field(default_factory=Count)
    due: Count = field(default_factory=Count)
    binding: Count = field(default_factory=Count)
    held: list[float] = field(default_factory=list)
    could_hold: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


Span = tuple[int, int]


def units_touched(units: Sequence[Span], spans: Iterable[Span]) -> set[int]:
    """Sentences that a span covers, each span counted for those of which it covers a tenth of the shorter one."""
    touched: set[int] = set()
    for start, end in spans:
        for number, (first, last) in enumerate(units):
            overlap = min(end, last) - max(start, first)
            if overlap > 0.1 * min(last - first, end - start):
                touched.add(number)
    return touched


def measure(memo: dict[str, Any], figures: Figures) -> None:
    text: str = memo["text"]
    reading = read_memo(text, memo_date=date.fromisoformat(memo["ref_date"]))
    units: list[Span] = [(s, e) for s, e in memo["units"]]
    actions = memo["actions"]
    gold_any = units_touched(units, ((a["start"], a["end"]) for a in actions))
    gold_school = units_touched(units, ((a["start"], a["end"]) for a in actions if a["for_school"]))
    mine_any = units_touched(units, ((d.start, d.end) for d in reading.demands))
    mine_school = units_touched(units, ((d.start, d.end) for d in reading.demands if d.for_school))
    for count, gold, mine in (
        (figures.any_actor, gold_any, mine_any),
        (figures.school, gold_school, mine_school),
    ):
        count.hit += len(gold & mine)
        count.false += len(mine - gold)
        count.missed += len(gold - mine)
    for number in sorted(mine_any ^ gold_any):
        kind = "made up" if number in mine_any else "missed"
        start, end = units[number]
        figures.errors.append(f"{memo['id']}  demand {kind}: {text[start:end]}")
    measure_sides(memo, units, gold_any & mine_any & (gold_school ^ mine_school), mine_school, figures)
    measure_dates(memo, reading, figures)
    measure_matched(memo, reading, units, figures)
    if gold_school:
        spans = [(d.start, d.end) for d in reading.ranked()]
        figures.held.append(held_by_best(spans, text, units, gold_school))
        shortest = sorted((units[n] for n in gold_school), key=lambda u: len(text[u[0] : u[1]].split()))
        figures.could_hold.append(held_by_best(shortest, text, units, gold_school))


def measure_sides(
    memo: dict[str, Any], units: Sequence[Span], wrong: set[int], mine_school: set[int], figures: Figures
) -> None:
    for number in sorted(wrong):
        side = "taken for the school's" if number in mine_school else "taken for another's"
        start, end = units[number]
        figures.errors.append(f"{memo['id']}  side, {side}: {memo['text'][start:end]}")


def measure_dates(memo: dict[str, Any], reading: Reading, figures: Figures) -> None:
    text: str = memo["text"]
    gold = [d for d in memo["deadline_spans"] if d["precision"] == "day"]
    open_gold = list(gold)
    for mention in reading.dates:
        if mention.iso is None:
            continue
        match = next(
            (
                d
                for d in open_gold
                if d["start"] < mention.end
                and mention.start < d["end"]
                and d["iso"] == mention.iso.isoformat()
            ),
            None,
        )
        if match is None:
            figures.dates.false += 1
            figures.errors.append(f"{memo['id']}  date made up: {mention.text!r} as {mention.iso}")
            continue
        open_gold.remove(match)
        figures.dates.hit += 1
        if match["role"] == mention.role.value:
            figures.roles.hit += 1
        else:
            figures.roles.false += 1
            around = text[max(0, mention.start - 50) : mention.end + 20].replace("\n", " ")
            figures.errors.append(f"{memo['id']}  role {mention.role}, labelled {match['role']}: {around}")
    figures.dates.missed += len(open_gold)
    figures.errors.extend(f"{memo['id']}  date missed: {d['span']!r} ({d['iso']})" for d in open_gold)


def measure_matched(memo: dict[str, Any], reading: Reading, units: Sequence[Span], figures: Figures) -> None:
    """Binding and due date of each labelled action whose sentence was found."""
    for action in memo["actions"]:
        mine = [d for d in reading.demands if d.start < action["end"] and action["start"] < d.end]
        if mine:
            best = max(mine, key=lambda d: min(d.end, action["end"]) - max(d.start, action["start"]))
            if best.binding.value == action["modality"]:
                figures.binding.hit += 1
            else:
                figures.binding.false += 1
                figures.errors.append(
                    f"{memo['id']}  binding {best.binding}, labelled {action['modality']}: {best.quote[:160]}"
                )
            due = best.due.isoformat() if best.due else None
        else:
            due = None
        if action["due"] and due == action["due"]:
            figures.due.hit += 1
        elif action["due"]:
            figures.due.missed += 1
            figures.errors.append(
                f"{memo['id']}  due {due}, labelled {action['due']}: {action['quote'][:120]}"
            )
        if due and due != action["due"]:
            figures.due.false += 1
            if not action["due"]:
                figures.errors.append(f"{memo['id']}  due {due}, labelled none: {action['quote'][:120]}")


def held_by_best(ranked: Sequence[Span], text: str, units: Sequence[Span], gold: set[int]) -> float:
    """Share of the school's demand sentences among the first spans that fit into a fifth of the memo's words."""
    room = SHARE_OF_WORDS * len(text.split())
    held: set[int] = set()
    for start, end in ranked:
        words = len(text[start:end].split())
        if words <= room:
            room -= words
            held |= units_touched(units, [(start, end)]) & gold
    return len(held) / len(gold)


def mean(values: Sequence[float]) -> float:
    return sum(values) / max(1, len(values))


def report(figures: Figures, memos: int) -> str:
    accuracy = figures.binding.precision
    lines = [
        f"{memos} memos read. Baselines in brackets were measured on a larger set, of which this is a part.",
        f"demand sentences, any actor       {figures.any_actor}   (keywords .62, wide list .78; aim .85)",
        f"demand sentences, school's side   {figures.school}   (aim .78)",
        f"days exactly right                {figures.dates}   (dateparser P .60 R .69, pattern P .99 R .90; aim .95)",
        f"role of the days found            {figures.roles.precision:.2f}",
        f"due date tied to its demand       {figures.due}",
        f"binding of the demands found      {accuracy:.2f}   (aim .80)",
        f"school's demands in a fifth of the words  {mean(figures.held):.2f}   (possible with whole sentences of "
        f"these memos {mean(figures.could_hold):.2f}; TextRank .19, keywords .28, best on the larger set .54; aim .45)",
    ]
    return "\n".join(lines)


def main(arguments: Sequence[str]) -> int:
    if not arguments:
        sys.stderr.write("Say where the data is: python -m tests.eval.mandates DATA_DIR [--errors]\n")
        return 2
    path = Path(arguments[0]) / "mandates" / "memos.jsonl"
    if not path.is_file():
        sys.stderr.write(f"There are no labelled memos at {path}.\n")
        return 1
    figures = Figures()
    memos = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    for memo in memos:
        measure(memo, figures)
    sys.stdout.write(report(figures, len(memos)) + "\n")
    if "--errors" in arguments:
        sys.stdout.write("\n".join(figures.errors) + "\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
