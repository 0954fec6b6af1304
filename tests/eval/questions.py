"""How many questions are understood exactly: on our own table and on a set of questions kept elsewhere.

    python -m tests.eval.questions [DATA_DIR] [--errors]

Prints exact match on each table of tests/data/questions and on DATA_DIR/questions/questions.jsonl, with --errors
also each question that missed; a wrong answer where it should have refused or asked back is a breach of trust: it
is counted on its own and always printed. `questions.jsonl` is asked in March (context.json); the `unseen_*` tables,
which were written before the grammar saw them, in November of other schools (context_fall.json).
"""

import argparse
import json
import re
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from protocols.insight.query import Asker, Meaning, Period, Query, Refused, Role
from protocols.insight.understanding import understand
from protocols.insight.vocabulary import Break, IldName, SchoolName, SchoolYear, Vocabulary

OWN = Path(__file__).parent.parent / "data" / "questions"


def load_vocabulary(path: Path) -> tuple[Vocabulary, date]:
    """The fixed context of a table of questions, from JSON: today, schools, ilds, years, breaks."""

    data = json.loads(path.read_text(encoding="utf-8"))
    day = date.fromisoformat

    def periods(pairs: list[list[str]]) -> tuple[Period, ...]:
        return tuple(Period(day(first), day(last)) for first, last in pairs)

    vocabulary = Vocabulary(
        schools=tuple(
            SchoolName(**{**row, "aliases": tuple(row.get("aliases", ()))}) for row in data["schools"]
        ),
        ilds=tuple(IldName(**row) for row in data["ilds"]),
        networks=tuple(dict.fromkeys(row["network"] for row in data["schools"])),
        years=tuple(
            SchoolYear(
                day(row["start"]),
                day(row["end"]),
                periods(row["semesters"]),
                periods(row.get("quarters", [])),
            )
            for row in data["years"]
        ),
        breaks=tuple(Break(row["name"], day(row["start"]), day(row["end"])) for row in data["breaks"]),
        offices=tuple(data.get("offices", ())),
    )
    return vocabulary, day(data["today"])


def read_context(readme: Path) -> tuple[Vocabulary, date]:
    """The same, from the tables that a README beside the questions holds."""

    text = readme.read_text(encoding="utf-8")
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in text.splitlines()
        if line.startswith("| ")
    ]
    dates = {
        row[0]: [date.fromisoformat(day) for day in re.findall(r"\d{4}-\d\d-\d\d", " ".join(row[1:]))]
        for row in rows
    }

    def find(start: str) -> list[date]:
        return next(days for name, days in dates.items() if name.startswith(start))

    this, last = find("school year"), find("last school year")
    tables = [line for line in text.splitlines() if line.startswith("| its semesters")]
    halves = [[date.fromisoformat(day) for day in re.findall(r"\d{4}-\d\d-\d\d", line)] for line in tables]
    quarters, winter, thanks = find("its quarters"), find("winter break"), find("Thanksgiving break")

    def pairs(days: list[date]) -> tuple[Period, ...]:
        middle = len(days) // 2
        return tuple(
            Period(first, second) for first, second in zip(days[:middle], days[middle:], strict=True)
        )

    schools = tuple(
        SchoolName(name=row[0], level=row[1], network=row[2], tier=row[3])
        for row in rows
        if len(row) == 4 and row[2].startswith("Network")
    )
    ilds = tuple(
        IldName(name.strip(), network)
        for name, network in re.findall(r"([A-Z]\w+ [A-Z]\w+) \((Network \d)\)", text)
    )
    vocabulary = Vocabulary(
        schools=schools,
        ilds=ilds,
        networks=tuple(dict.fromkeys(school.network for school in schools)),
        years=(
            SchoolYear(last[0], last[1], pairs(halves[1])),
            SchoolYear(this[0], this[1], pairs(halves[0]), pairs(quarters)),
        ),
        breaks=(
            *(Break("winter break", period.start, period.end) for period in pairs(winter)),
            *(Break("Thanksgiving break", period.start, period.end) for period in pairs(thanks)),
        ),
    )
    found = re.search(r"Today is \w+ (\d{4}-\d\d-\d\d)", text)
    if not found:
        raise SystemExit(f"{readme}: does not say what day it is")
    return vocabulary, date.fromisoformat(found[1])


def asker_named(who: str, vocabulary: Vocabulary) -> Asker:
    role, _, name = who.partition(":")
    if role == "ild":
        ild = vocabulary.ild(name)
        return Asker(Role.ILD, name=name, network=ild.network if ild else None)
    if role == "principal":
        return Asker(Role.PRINCIPAL, school=name)
    return Asker(Role(role))


def as_expected(meaning: Meaning) -> dict[str, Any]:
    match meaning:
        case Query():
            return {
                **meaning.to_json(),
                "filters": {key: sorted(names) for key, names in meaning.to_json()["filters"].items()},
            }
        case Refused():
            return {"refuse": meaning.why.value}
        case _:
            return {"unclear": True}


@dataclass(slots=True)
class Score:
    """How a table was read. A breach is an answer where it should have refused or asked back; another query than the
    one meant is a wrong answer; what is left of the misses asked back or refused without need."""

    rows: int
    exact: int = 0
    misses: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    breaches: list[str] = field(default_factory=list)


def measure(rows: list[dict[str, Any]], vocabulary: Vocabulary, today: date) -> Score:
    meanings: dict[str, Meaning] = {}
    score = Score(len(rows))
    for row in rows:
        meaning = understand(
            row["text"],
            vocabulary=vocabulary,
            asker=asker_named(row["asker"], vocabulary),
            today=today,
            context=meanings.get(row["follows"]) if row.get("follows") else None,
        )
        meanings[row["id"]] = meaning
        got = as_expected(meaning)
        wanted = [row["expect"], *row.get("alt", [])]
        for one in wanted:
            if "filters" in one:
                one["filters"] = {key: sorted(names) for key, names in one["filters"].items()}
        if got in wanted:
            score.exact += 1
            continue
        puzzled = getattr(meaning, "puzzled_by", ())
        said = f"{row['id']} {row['asker']}: {row['text']}"
        miss = f"{said}\n    wanted {_short(wanted[0])}\n    got    {_short(got)} {puzzled or ''}"
        score.misses.append(miss)
        if "measure" in got:
            is_breach = not any("measure" in one for one in wanted)
            (score.breaches if is_breach else score.wrong).append(miss)
    return score


def _short(one: dict[str, Any]) -> str:
    return json.dumps({key: value for key, value in one.items() if value not in (None, {})})


def load_rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def own_tables() -> list[tuple[str, list[dict[str, Any]], Vocabulary, date]]:
    """Our own tables, each with the fixed context it is asked in."""

    tables = [("questions", load_rows(OWN / "questions.jsonl"), *load_vocabulary(OWN / "context.json"))]
    fall = load_vocabulary(OWN / "context_fall.json")
    tables += [(path.stem, load_rows(path), *fall) for path in sorted(OWN.glob("unseen_*.jsonl"))]
    return tables


def main() -> None:
    arguments = argparse.ArgumentParser(description="How many questions are understood exactly.")
    arguments.add_argument("data", nargs="?", type=Path, help="a folder that holds questions/questions.jsonl")
    arguments.add_argument("--errors", action="store_true", help="print each question that missed")
    options = arguments.parse_args()
    tables = own_tables()
    if options.data:
        outside = options.data / "questions"
        tables.append(
            (str(outside), load_rows(outside / "questions.jsonl"), *read_context(outside / "README.md"))
        )
    for name, rows, vocabulary, today in tables:
        score = measure(rows, vocabulary, today)
        for miss in score.misses if options.errors else score.breaches:
            print(miss)  # noqa: T201  # a report on standard output is what it is for
        print(  # noqa: T201  # as above
            f"{name}: {score.exact} of {score.rows} exact ({score.exact / score.rows:.3f}), "
            f"{len(score.wrong)} answered with another query, "
            f"{len(score.breaches)} answered that should have been refused or asked back"
        )


if __name__ == "__main__":
    main()
