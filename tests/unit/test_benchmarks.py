"""The page of benchmarks: what a run found stands in it as it was found, and no benchmark is left out."""

from collections.abc import Iterator
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path

import pytest

from tests.bench import __main__ as command
from tests.bench.benches import BENCHES, Bench
from tests.bench.ground import Ground
from tests.bench.page import Machine, page
from tests.bench.tables import NOTHING, Column, Report
from tests.bench.timing import Ratio, medians

QUIET = Machine(
    datetime(2026, 11, 29, 16, 20, tzinfo=UTC), "Linux x86_64", cores=2, load=0.1, commit="abc1234"
)


def a_report() -> tuple[Report, list[str]]:
    said: list[str] = []
    return Report(said.append), said


def tables_of(text: str) -> Iterator[list[list[str]]]:
    """The cells of each table, read as a reader of Markdown splits them."""
    lines: list[list[str]] = []
    for line in [*text.splitlines(), ""]:
        if line.startswith("|"):
            lines.append([cell.strip() for cell in line.replace("\\|", "\0").split("|")[1:-1]])
        elif lines:
            yield lines
            lines = []


def test_a_table_is_said_line_by_line_while_it_is_measured() -> None:
    report, said = a_report()
    with report.section("Inbound", "What it costs."):
        table = report.ratios("One event", Column("the bot"), Column("bare"))
        table.ratio("a message", Ratio(6.0, 4.0))
        assert said[-1].split() == ["a", "message", "6.0", "4.0", "1.50"]
        table.row("worked on", None, 4, "many")
        assert said[-1].split() == ["worked", "on", NOTHING, "4.0", "many"]
    head, *rows = said[1:]
    assert {len(line) for line in rows} == {len(head)}  # figures stand below their heads


def test_the_page_holds_every_figure_under_its_head() -> None:
    report, _ = a_report()
    with report.section("Inbound", "What it costs."):
        table = report.table(
            "One | event", Column("the\nbot", "until it is | acknowledged"), Column("a second", form=",d")
        )
        table.row("a | b\nc", 1234.56, 1600)
        table.row("nothing", None, None)
        table.note("A sentence.")
        table.aim("a message within 5 ms", ["a | b"])
        table.aim("no loss", [])
    text = page(QUIET, report, minutes=12.4)
    (found,) = tables_of(text)
    assert found == [
        ["", "the bot", "a second"],
        ["---", "---:", "---:"],
        ["a \0 b c", "1,234.6", "1,600"],
        ["nothing", NOTHING, NOTHING],
    ]
    assert "until it is | acknowledged." in text
    assert "A sentence." in text
    assert "- a message within 5 ms: **missed** by 1: a \\| b." in text
    assert "- no loss: met." in text
    assert (
        "2026-11-29 16:20 UTC, commit abc1234, Linux x86_64, 2 cores, load 0.1 at the start; 12 minutes"
        in text
    )
    assert "busy" not in text


def test_the_page_says_that_the_machine_was_busy() -> None:
    busy = Machine(QUIET.began, QUIET.system, cores=2, load=3.0, commit="abc1234")
    assert "load 3.0 at the start: busy with other work" in page(busy, Report(), minutes=1)


def test_a_benchmark_that_fails_is_told_and_the_others_go_on() -> None:
    report, said = a_report()
    with report.section("First", "One."):
        report.table("Figures", Column("ms")).row("a", 1)
        raise ValueError("no luck")
    with report.section("Second", "Two."):
        report.missing("Not measured on PostgreSQL: no server")
        report.missing("Not measured on PostgreSQL: no server")
    text = page(QUIET, report, minutes=1)
    assert "**Not measured to its end:** ValueError." in text
    assert "no luck" in "\n".join(said)
    assert text.count("Not measured on PostgreSQL: no server") == 1
    assert next(tables_of(text))[-1] == ["a", "1.0"]


def test_every_benchmark_is_run() -> None:
    folder = Path(command.__file__).parent
    names = [path.stem for path in folder.glob("*.py") if "def run(report: Report" in path.read_text()]
    assert sorted(names) == sorted(BENCHES)
    for name, bench in BENCHES.items():
        assert bench.run is import_module(f"tests.bench.{name}").run


@pytest.fixture
def played(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Two short benchmarks in place of all, and a page of an earlier run in place of ours."""

    def short(report: Report, _ground: Ground) -> None:
        report.table("Figures", Column("ms")).row("a figure", 1)

    def stopped(_report: Report, _ground: Ground) -> None:
        raise KeyboardInterrupt

    benches = {"short": Bench("Short", "One.", short), "stopped": Bench("Stopped", "Two.", stopped)}
    (tmp_path / "old.md").write_text("an earlier run")
    monkeypatch.setattr(command, "BENCHES", benches)
    monkeypatch.setattr(command, "ROOT", tmp_path)
    monkeypatch.setattr(command, "PAGE", tmp_path / "old.md")
    return tmp_path / "old.md"


def run(monkeypatch: pytest.MonkeyPatch, *names: str) -> int:
    monkeypatch.setattr("sys.argv", ["bench", *names])
    return command.main()


def test_a_run_that_is_broken_off_leaves_the_page_of_the_one_before(
    played: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(KeyboardInterrupt):
        run(monkeypatch)
    assert played.read_text() == "an earlier run"


def test_one_benchmark_alone_writes_no_page(played: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run(monkeypatch, "short") == 0
    assert played.read_text() == "an earlier run"


def test_a_whole_run_writes_the_page(played: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    del command.BENCHES["stopped"]
    assert run(monkeypatch) == 0
    assert "| a figure | 1.0 |" in played.read_text()


def test_an_unknown_name_is_refused(played: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(SystemExit):
        run(monkeypatch, "nothing")


def test_what_is_compared_takes_turns() -> None:
    calls: list[str] = []
    medians(lambda: calls.append("ours"), lambda: calls.append("bare"), rounds=2)
    assert calls == ["ours", "bare"] * 3
