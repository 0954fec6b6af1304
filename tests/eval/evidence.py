"""Measure the evidence coach: `python -m tests.eval.evidence [DATA_DIR]`.

Prints accuracy, a confusion table, precision of a challenge and the errors beside three baselines (the commoner label,
"a digit means evidence", and a plain word list), first on labelled notes kept outside the project, classrooms apart
from other settings, then on our own held-out notes by the shortcut each breaks; statements and names likewise.

The held-out tables of `tests/data/notes` were labelled before the coach read them. They measure and nothing else:
never train on them, and never copy one into `protocols/guided/coach/notes` (a test compares the two).
"""

import json
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from protocols.guided.evidence import StatementKind, read_note, read_statement
from protocols.guided.names import find_named

HELD_OUT = Path(__file__).parents[1] / "data" / "notes"
LABELS = ("evidence", "judgement", "mixed")
#: The plain word list a first attempt would use.
WORD_LIST = re.compile(
    r"\b(?:good|great|excellent|bad|poor|poorly|well|nice|strong|weak|should|always|never|seem\w*|clearly|very|engaged|"
    r"boring|rude|lazy|better|best|effective|needs?|appeared|disrespectful|difficult)\b",
    re.IGNORECASE,
)
_KINDS = {
    "aim_statement": StatementKind.AIM,
    "next_step": StatementKind.NEXT_STEP,
    "theory_of_action": StatementKind.RATIONALE,
}


@dataclass(frozen=True, slots=True)
class Row:
    """One labelled note."""

    text: str
    label: str
    setting: str


def read_rows(folder: Path) -> list[Row]:
    """Notes labelled evidence, judgement or mixed, from every file of the folder that has any."""
    rows = []
    for path in sorted(folder.glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            raw = json.loads(line)
            if raw.get("label") in LABELS:
                rows.append(Row(raw["text"], raw["label"], raw.get("setting", "other")))
    return rows


def read_held_out(name: str) -> list[Row]:
    """Rows of one of our held-out tables: `label: text` lines under `[section]` lines. Never to be trained on."""
    rows = []
    section = ""
    for line in (HELD_OUT / name).read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            section = line.strip("[]")
        elif line and not line.startswith("#"):
            label, _, text = line.partition(": ")
            rows.append(Row(text, _LETTERS.get(label, label), section))
    return rows


def print_measure(title: str, rows: list[Row], judge: Callable[[str], str], *, errors: bool) -> None:
    """One block: accuracy over three labels, the same with mixed counted as judgement, challenges, confusion,
    errors."""
    if not rows:
        return
    verdicts = [judge(row.text) for row in rows]
    right = sum(verdict == row.label for verdict, row in zip(verdicts, rows, strict=True))
    coarse = sum(
        (verdict == "evidence") == (row.label == "evidence")
        for verdict, row in zip(verdicts, rows, strict=True)
    )
    challenged = [row for verdict, row in zip(verdicts, rows, strict=True) if verdict != "evidence"]
    rightly = sum(row.label != "evidence" for row in challenged)
    judged = sum(row.label != "evidence" for row in rows)
    _say(
        f"{title:<34} n={len(rows):<4} accuracy {right / len(rows):.3f}  challenge or not {coarse / len(rows):.3f}  "
        f"precision of a challenge {rightly / max(1, len(challenged)):.3f}  recall {rightly / max(1, judged):.3f}"
    )
    if errors:
        table = Counter(zip((row.label for row in rows), verdicts, strict=True))
        _say(f"    {'label / read as':<18}" + "".join(f"{label:>11}" for label in LABELS))
        for label in LABELS:
            _say(f"    {label:<18}" + "".join(f"{table[label, verdict]:>11}" for verdict in LABELS))
        for row, verdict in zip(rows, verdicts, strict=True):
            if verdict != row.label:
                _say(f"    {row.label} read as {verdict}: {row.text}")


def _judges(rows: list[Row]) -> tuple[tuple[str, Callable[[str], str]], ...]:
    commoner = Counter(row.label for row in rows).most_common(1)[0][0]
    return (
        ("the coach", lambda text: read_note(text).verdict.value),
        (f"always {commoner}", lambda text: commoner),
        ("a digit means evidence", lambda text: "evidence" if re.search(r"\d", text) else "judgement"),
        ("a plain word list", lambda text: "judgement" if WORD_LIST.search(text) else "evidence"),
    )


def print_notes(rows: list[Row]) -> None:
    """The coach beside the baselines, all rows and classrooms apart."""
    for name, judge in _judges(rows):
        is_coach = name == "the coach"
        print_measure(f"{name}, all", rows, judge, errors=False)
        print_measure(
            f"{name}, classrooms", [row for row in rows if row.setting in _CLASSROOMS], judge, errors=is_coach
        )
        print_measure(
            f"{name}, other settings",
            [row for row in rows if row.setting not in _CLASSROOMS],
            judge,
            errors=is_coach,
        )
    start = perf_counter()
    for row in rows:
        read_note(row.text)
    _say(f"{1000 * (perf_counter() - start) / len(rows):.2f} ms a note")


_LETTERS = {"E": "evidence", "J": "judgement", "M": "mixed"}
_CLASSROOMS = frozenset({"classroom", "early childhood", "school"})


def print_held_out(name: str) -> None:
    """The coach beside the baselines on a held-out table of ours, then the coach by the shortcut it breaks."""
    rows = read_held_out(name)
    for judge_name, judge in _judges(rows):
        print_measure(f"{judge_name}, {name}", rows, judge, errors=judge_name == "the coach")
    for section in dict.fromkeys(row.setting for row in rows):
        part = [row for row in rows if row.setting == section]
        verdicts = [(row.label, read_note(row.text).verdict.value) for row in part]
        right = sum(label == verdict for label, verdict in verdicts)
        challenges = sum((label == "evidence") == (verdict == "evidence") for label, verdict in verdicts)
        _say(
            f"    {section:<44} n={len(part):<3} accuracy {right / len(part):.2f}  "
            f"challenge or not {challenges / len(part):.2f}"
        )


def print_held_out_statements() -> None:
    """Statements of ours: how many verdicts and how many faults the coach names as we did."""
    rows = read_held_out("held_out_statements.txt")
    for kind in StatementKind:
        readings = [(row, read_statement(row.text, kind)) for row in rows if row.setting == kind.value]
        verdicts = sum((row.label == "good") == (reading.verdict == "good") for row, reading in readings)
        faults = sum(row.label == (reading.fault or "good") for row, reading in readings)
        _say(
            f"{kind.value}, our own: {verdicts} of {len(readings)} good or weak as labelled, {faults} with the fault"
        )
        for row, reading in readings:
            if row.label != (reading.fault or "good"):
                _say(f"    {row.label} read as {reading.fault or 'good'}: {row.text}")


def print_names(table: str) -> None:
    """Notes of ours that name somebody or only look so."""
    rows = read_held_out(table)
    found = [find_named(row.text) or "none" for row in rows]
    named = sum(row.label != "none" for row in rows)
    caught = sum(row.label != "none" != name for row, name in zip(rows, found, strict=True))
    warned = sum(name != "none" for name in found)
    right = sum(row.label == name for row, name in zip(rows, found, strict=True))
    _say(
        f"names, {table}: n={len(rows)}  precision of a warning {caught / max(1, warned):.3f}  "
        f"recall {caught / named:.3f}  teacher or student told right {right / len(rows):.3f}"
    )
    for row, name in zip(rows, found, strict=True):
        if row.label != name:
            _say(f"    {row.label} read as {name}: {row.text}")


def print_statements(folder: Path) -> None:
    """Aims, next steps and rationales labelled good or weak; how many the coach reads the same way."""
    tried: list[tuple[str, str, StatementKind]] = []
    for path in sorted(folder.glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            raw = json.loads(line)
            verdict = raw.get("verdict", raw.get("label"))
            kind = _KINDS.get(raw.get("type", ""))
            if kind and verdict in {"good", "weak"}:
                tried.append((raw["text"], verdict, kind))
    for kind in StatementKind:
        readings = [(text, verdict, read_statement(text, kind)) for text, verdict, of in tried if of is kind]
        if not readings:
            continue
        right = sum(verdict == reading.verdict for _, verdict, reading in readings)
        _say(f"{kind.value}: {right} of {len(readings)} read as their source does")
        for text, verdict, reading in readings:
            if verdict != reading.verdict:
                _say(f"    {verdict} read as {reading.verdict} ({reading.fault}): {text}")


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")


def main(arguments: Iterable[str]) -> int:
    """Run on our own tables, and first on the folder given, if one is (its `evidence` subfolder if it has one);
    2 for more than one folder, 1 for one without labelled notes."""
    given = list(arguments)
    if len(given) > 1:
        sys.stderr.write("Usage: python -m tests.eval.evidence [DATA_DIR]\n")
        return 2
    if given:
        folder = Path(given[0])
        folder = folder / "evidence" if (folder / "evidence").is_dir() else folder
        rows = read_rows(folder)
        if not rows:
            sys.stderr.write(f"No labelled notes in {folder}.\n")
            return 1
        print_notes(rows)
        print_statements(folder)
    for name in ("held_out.txt", "held_out_second.txt", "held_out_third.txt"):
        print_held_out(name)
    print_held_out_statements()
    for name in ("held_out_names.txt", "held_out_names_second.txt"):
        print_names(name)
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
