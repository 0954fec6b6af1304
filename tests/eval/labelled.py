"""Memos labelled in the text itself: excerpts written for the project, in the styles of many issuers.

A set is a text file of memos, each under a line ``=== id | style | the memo's own date``. In a memo ``[[must S
2026-10-09: ...]]`` marks one demand with how binding it is, whose it is (``S`` the school's side, ``O`` another's)
and its day (``-`` for none), and ``{{deadline 2026-10-09: Friday 9 October}}`` one expression of time with its role
and day (``none`` where it names no single day). Marks do not nest within their own kind. ``load`` takes them out
again and gives what ``tests.eval.mandates.measure`` takes.

``python -m tests.eval.labelled [--errors] [SET…]`` prints the figures of each set.
"""

import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from tests.eval.mandates import Figures, measure, report

FOLDER = Path(__file__).parents[1] / "data" / "memos" / "labelled"
_HEAD = re.compile(r"=== (?P<id>\S+) \| (?P<style>[^|\n]+) \| (?P<date>\d{4}-\d\d-\d\d)\n")
_MARK = re.compile(
    r"\[\[(?P<binding>must|should|may|info) (?P<side>[SO]) (?P<due>-|\d{4}-\d\d-\d\d): |"
    r"\{\{(?P<role>deadline|event|effective|other) (?P<iso>none|\d{4}-\d\d-\d\d): |(?P<end>\]\]|\}\})"
)
_SENTENCE_END = re.compile(r"(?<=[.!?])(?<!\b[A-Z][a-z]{2}\.)\s+|\n+")


def load(path: Path) -> list[dict[str, Any]]:
    """The memos of a set; raises ValueError for a mark that is not closed or not opened."""
    text = path.read_text(encoding="utf-8")
    heads = list(_HEAD.finditer(text))
    if not heads or text.count("\n=== ") + text.startswith("=== ") != len(heads):
        raise ValueError(f"{path.name}: a head line is not of the form '=== id | style | date'")
    ends = [*(head.start() for head in heads[1:]), len(text)]
    return [
        _memo(head["id"], head["date"], text[head.end() : end].strip("\n"))
        for head, end in zip(heads, ends, strict=True)
    ]


def _memo(name: str, day: str, marked: str) -> dict[str, Any]:
    plain: list[str] = []
    length = at = 0
    demands: list[dict[str, Any]] = []
    times: list[dict[str, Any]] = []
    open_demand: dict[str, Any] | None = None
    open_time: dict[str, Any] | None = None
    for mark in _MARK.finditer(marked):
        plain.append(marked[at : mark.start()])
        length += mark.start() - at
        at = mark.end()
        if mark["binding"]:
            if open_demand is not None:
                raise ValueError(f"{name}: a demand within a demand at {marked[mark.start() :][:60]!r}")
            due = None if mark["due"] == "-" else mark["due"]
            open_demand = {
                "start": length,
                "modality": mark["binding"],
                "for_school": mark["side"] == "S",
                "due": due,
            }
        elif mark["role"]:
            iso = None if mark["iso"] == "none" else mark["iso"]
            open_time = {"start": length, "role": mark["role"], "iso": iso}
        elif mark["end"] == "]]" and open_demand is not None:
            demands.append(open_demand | {"end": length})
            open_demand = None
        elif mark["end"] == "}}" and open_time is not None:
            times.append(open_time | {"end": length, "precision": "day" if open_time["iso"] else "relative"})
            open_time = None
        else:
            raise ValueError(f"{name}: a mark ends that was not begun at {marked[mark.start() :][:60]!r}")
    if open_demand is not None or open_time is not None:
        raise ValueError(f"{name}: a mark does not end")
    text = "".join(plain) + marked[at:]
    for one in demands:
        one["quote"] = text[one["start"] : one["end"]]
    for one in times:
        one["span"] = text[one["start"] : one["end"]]
    return {
        "id": name,
        "ref_date": day,
        "text": text,
        "units": list(_units(text, [(one["start"], one["end"]) for one in demands])),
        "actions": demands,
        "deadline_spans": times,
    }


def _units(text: str, demands: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Each labelled demand, and what stands between them cut at the ends of sentences and lines."""
    at = 0
    for start, end in [*demands, (len(text), len(text))]:
        edge = at
        for cut in [*(m for m in _SENTENCE_END.finditer(text, at, start)), None]:
            stop = cut.start() if cut else start
            if re.search(r"\w", text[edge:stop]):
                yield edge, stop
            edge = cut.end() if cut else start
        if end > start:
            yield start, end
        at = end


def figures_of(path: Path) -> tuple[Figures, int]:
    """The figures of a set and how many memos it has."""
    figures = Figures()
    memos = load(path)
    for memo in memos:
        measure(memo, figures)
    return figures, len(memos)


def main(arguments: Sequence[str]) -> int:
    names = [name for name in arguments if not name.startswith("-")]
    for path in [Path(name) for name in names] or sorted(FOLDER.glob("*.txt")):
        figures, count = figures_of(path)
        sys.stdout.write(f"{path.name}: {report(figures, count)}\n")
        if "--errors" in arguments:
            sys.stdout.write("\n".join(figures.errors) + "\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
