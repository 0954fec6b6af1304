"""How much a second reader can change, for better and worse: `python -m tests.eval.second_reader`.

Reads our own held-out notes as a model would find them that is always right, always wrong, or always says the same.
No real model does better or worse than the first two, so this is known before any is set.
"""

import sys
from collections.abc import Callable

from protocols.guided.evidence import Verdict, read_note
from protocols.guided.second_opinion import Opinion, look_at, settle
from tests.eval.evidence import Row, read_held_out

TABLES = ("held_out.txt", "held_out_second.txt", "held_out_third.txt")


def read_with(row: Row, verdict: Verdict | None) -> bool:
    """Whether a note is asked about when a second reader says this of it; None: there is no second reader."""
    reading = read_note(row.text)
    look = look_at(reading, row.text)
    if look is not None and verdict is not None:
        reading = settle(reading, look, Opinion(verdict, ""))
    return reading.verdict is not Verdict.EVIDENCE


READERS: dict[str, Callable[[Row], Verdict | None]] = {
    "no second reader": lambda row: None,
    "one that is always right": lambda row: Verdict(row.label),
    "one that is always wrong": lambda row: (
        Verdict.JUDGEMENT if row.label == Verdict.EVIDENCE else Verdict.EVIDENCE
    ),
    "one that always says evidence": lambda row: Verdict.EVIDENCE,
    "one that always says judgement": lambda row: Verdict.JUDGEMENT,
}


def main() -> int:
    """Print how many notes would leave, and challenges told right, their precision and recall for each reader."""
    rows = [row for table in TABLES for row in read_held_out(table)]
    looks = [look for row in rows if (look := look_at(read_note(row.text), row.text)) is not None]
    unsure = sum(look.is_unsure for look in looks)
    sys.stdout.write(f"{len(rows)} notes, {len(looks)} would leave, of {unsure} the verdict may change\n")
    judged = [row.label != Verdict.EVIDENCE for row in rows]
    for name, says in READERS.items():
        asked = [read_with(row, says(row)) for row in rows]
        right = sum(one == other for one, other in zip(asked, judged, strict=True)) / len(rows)
        rightly = sum(one and other for one, other in zip(asked, judged, strict=True))
        precision, recall = rightly / max(1, sum(asked)), rightly / sum(judged)
        sys.stdout.write(
            f"{name:<32} challenge or not {right:.3f}  precision of a challenge {precision:.3f}  recall {recall:.3f}\n"
        )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
