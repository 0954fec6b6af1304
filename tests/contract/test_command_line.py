"""The command line, black box: JSON on standard output, all else on standard error, exit status 0, 1, 2."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from zipfile import ZipFile

import pytest

from protocols.guided.catalog import library
from protocols.guided.yaml_writer import to_yaml
from storage.database import Store
from tests import papers
from tests.district import fill
from tests.forked_bot import ForkedBot
from tests.model_server import Reply, model_server, says

ROOT = Path(__file__).parent.parent.parent
Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def bot() -> Iterator[ForkedBot]:
    with ForkedBot() as forked:
        yield forked


@pytest.fixture
def run(bot: ForkedBot, tmp_path: Path) -> Run:
    """Run a command in the test's folder."""

    def run_it(*arguments: str, given: str = "", **names: str) -> subprocess.CompletedProcess[str]:
        return bot.run(*arguments, folder=tmp_path, environment=_environment(tmp_path, names), given=given)

    return run_it


def _environment(folder: Path, names: dict[str, str]) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG")}
    return {
        **kept,
        "DATABASE_URL": f"sqlite:///{folder / 'cli.sqlite'}",
        "PYTHONPATH": str(ROOT),
        **names,
    }


@pytest.mark.parametrize(
    ("arguments", "status"),
    [(("translate", "memo.txt", "--json"), 0), (("translate", "none.txt"), 1), (("-",), 2)],
)
def test_a_new_process_says_and_returns_what_a_forked_one_does(
    tmp_path: Path, run: Run, arguments: tuple[str, ...], status: int
) -> None:
    (tmp_path / "memo.txt").write_text("Principals must return the seat count by Friday, December 4.")
    new = subprocess.run(
        [sys.executable, "-m", "bot", *arguments],
        cwd=tmp_path,
        env=_environment(tmp_path, {}),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    forked = run(*arguments)
    assert (new.returncode, new.stdout) == (status, forked.stdout)
    assert (forked.returncode, forked.stderr) == (status, new.stderr)


def test_translate_prints_its_json_and_nothing_else(run: Run, tmp_path: Path) -> None:
    (tmp_path / "memo.txt").write_text("Principals must return the seat count by Friday, December 4.")
    done = run("translate", "memo.txt", "--json", "--date", "2026-11-20")
    read = json.loads(done.stdout)
    assert (done.returncode, done.stderr) == (0, "")
    assert read.keys() >= {"title", "one_line", "contact", "demands", "dates"}
    assert [demand["due"] for demand in read["demands"]] == ["2026-12-04"]


def test_translate_reads_a_pdf_and_says_which_text_its_places_are_of(run: Run, tmp_path: Path) -> None:
    (tmp_path / "memo.pdf").write_bytes(papers.pdf())
    done = run("translate", "memo.pdf", "--json", "--date", "2026-11-20")
    read = json.loads(done.stdout)
    assert (done.returncode, done.stderr) == (0, "")
    assert {demand["due"] for demand in read["demands"]} >= {"2026-12-04", "2026-12-11", "2026-12-18"}
    assert all(read["text"][one["start"] : one["end"]] == one["quote"] for one in read["demands"])


def test_translate_says_why_a_file_cannot_be_read(run: Run, tmp_path: Path) -> None:
    (tmp_path / "memo.pdf").write_bytes(papers.scan())
    done = run("translate", "memo.pdf", "--json")
    assert (done.returncode, done.stdout) == (1, "")
    assert "memo.pdf cannot be read. Its pages are pictures" in done.stderr


def test_permissions_are_told_in_sentences_for_everybody_and_for_one_role(run: Run) -> None:
    everybody, unit, data = (
        run("permissions"),
        run("permissions", "--role", "unit"),
        run("permissions", "--json"),
    )
    assert (everybody.returncode, everybody.stdout) == (0, "")
    assert (
        "Principals, at the school they lead; ILDs, at the schools they accompany. Nobody else."
        in everybody.stderr
    )
    assert unit.stderr.startswith("If you are on the staff of an office")
    assert "You see a memo as it came, if you sent it." in unit.stderr
    (run_right,) = (one for one in json.loads(data.stdout) if one["right"] == "see_run")
    assert run_right["roles"]["executive"] == {"reach": None, "sentence": None}
    assert run("permissions", "--role", "janitor").returncode == 2


def test_evidence_reads_a_note_a_line(run: Run, tmp_path: Path) -> None:
    done = run("evidence", "--json", given="Great engagement.\nThree students wrote a claim.\n")
    read = json.loads(done.stdout)
    assert [one["text"] for one in read] == ["Great engagement.", "Three students wrote a claim."]
    assert read[0]["verdict"] == "judgement"
    assert read[0]["question"]


def test_evidence_reads_statements_of_a_kind(run: Run, tmp_path: Path) -> None:
    done = run("evidence", "--kind", "next_step", "--json", given="Improve things\n")
    (read,) = json.loads(done.stdout)
    assert read.keys() >= {"text", "verdict", "fault", "question"}
    assert read["verdict"] == "weak"


NOTES = "Great engagement.\nThree students wrote a claim.\nStudents worked quietly.\nMs. Okonkwo was great.\n"


def test_evidence_asks_the_model_about_what_may_leave_and_prints_the_same_shape(
    run: Run, tmp_path: Path
) -> None:
    question = 'You wrote "great engagement". Who did or said what?'
    with model_server(says({"verdict": "evidence", "question": question})) as server:
        model = {"LLM_BASE_URL": server.base_url, "LLM_MODEL": "small"}
        done = run("evidence", "--json", "--model", given=NOTES, **model)
        here = run("evidence", "--json", given=NOTES, **model)
    read, alone = json.loads(done.stdout), json.loads(here.stdout)
    assert server.notes == ["Great engagement.", "Students worked quietly."]
    assert [list(one) for one in read] == [list(one) for one in alone]
    verdicts = [(one["verdict"], was["verdict"]) for one, was in zip(read, alone, strict=True)]
    assert verdicts == [
        ("judgement", "judgement"),
        ("evidence", "evidence"),
        ("evidence", "judgement"),
        ("judgement", "judgement"),
    ]
    assert read[0]["question"] == question
    assert read[3] == alone[3]


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        (says({"say": "ready"}), "The language model answers."),
        (says("ready"), "of no use: its answers are not the JSON it was asked for. Look at LLM_BASE_URL"),
        (Reply(b"", status=401), "of no use: it refuses the question. Look at LLM_BASE_URL"),
        (Reply(drops=True), "of no use: it cannot be reached. Look at LLM_BASE_URL"),
    ],
    ids=["answers", "chats", "knows no such key", "hangs up"],
)
def test_the_check_says_whether_the_model_answers(run: Run, tmp_path: Path, reply: Reply, words: str) -> None:
    with model_server(reply) as server:
        done = run("check", LLM_BASE_URL=server.base_url, LLM_MODEL="small", LLM_API_KEY="the-key")
    assert words in done.stderr
    assert "the-key" not in done.stderr
    assert len(server.asked) == 1


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        (Reply(b'{"translatedText": "La escuela abre."}'), "The translation service answers."),
        (Reply(b"", status=403), "The translation service gives no answer. Look at TRANSLATE_URL."),
    ],
    ids=["answers", "refuses"],
)
def test_the_check_says_whether_the_translation_service_answers(
    run: Run, tmp_path: Path, reply: Reply, words: str
) -> None:
    with model_server(reply) as server:
        done = run("check", TRANSLATE_URL=server.base_url)
    assert words in done.stderr
    assert server.paths == ["/v1/translate"]


def test_a_tick_prints_counts_and_twice_is_no_fault(run: Run, tmp_path: Path) -> None:
    for _ in range(2):
        done = run("tick", "--at", "2026-11-30T06:30")
        counts = json.loads(done.stdout)
        assert done.returncode == 0
        assert counts["failed"] == 0
        assert all(isinstance(count, int) for count in counts.values())


def test_a_backup_is_put_back(run: Run, tmp_path: Path) -> None:
    assert run("migrate").returncode == 0
    assert run("backup", "kept.sqlite").returncode == 0
    done = run("restore", "kept.sqlite")
    assert (done.returncode, done.stdout) == (0, "")
    assert "before-restore" in done.stderr


def test_a_calendar_is_taken_in_once(run: Run, tmp_path: Path) -> None:
    rows = "date,title\n2026-08-31,First Day of School\n2026-11-26,Thanksgiving Break\n2027-06-18,Last Day of School\n"
    (tmp_path / "year.csv").write_text(rows)
    assert "School years: 1" in run("import", "calendar", "year.csv").stderr
    assert "Nothing has changed" in run("import", "calendar", "year.csv").stderr


def test_ways_between_schools_are_taken_in_or_named_by_their_place(run: Run, tmp_path: Path) -> None:
    store = Store(f"sqlite:///{tmp_path / 'cli.sqlite'}")
    store.migrate()
    with store.begin() as tx:
        fill(tx)
    store.close()
    (tmp_path / "ways.csv").write_text("from,to,minutes\nLincoln Middle,Roosevelt High,12\n")
    assert "Ways added: 1" in run("import", "travel", "ways.csv").stderr
    assert "as before: 1" in run("import", "travel", "ways.csv").stderr
    (tmp_path / "ways.csv").write_text("from,to,minutes\nLincoln Middle,Nowhere,12\n")
    done = run("import", "travel", "ways.csv")
    assert (done.returncode, done.stdout) == (1, "")
    assert "ways.csv, line 2, column to: no open school is called 'Nowhere'" in done.stderr


def test_a_framework_is_taken_in_once_and_a_wrong_one_leaves_it_in_force(run: Run, tmp_path: Path) -> None:
    heading = "area,practice,look_for,level,meaning,page\n"
    scale = ",,,Not seen,Looked for.,\n,,,Seen,More than once.,\n"
    (tmp_path / "ours.csv").write_text(
        f"\ufeff{heading}Talk,Reasons,Students say why.,,,12\n{scale}", "utf-8"
    )
    done = run("import", "framework", "ours.csv")
    read = json.loads(done.stdout)
    assert (done.returncode, done.stderr) == (0, "")
    assert (read["areas"], read["practices"], read["look_fors"], read["levels"]) == (1, 1, 1, 2)
    assert (read["title"], read["ignored_columns"], read["changed"]) == ("Ours", ["page"], True)
    (tmp_path / "wrong.csv").write_text(f"{heading}Talk,,Students say why.,,,\n,,,Seen,,\n{scale}")
    done = run("import", "framework", "wrong.csv")
    assert (done.returncode, done.stdout) == (1, "")
    assert "wrong.csv, line 2, column practice: " in done.stderr
    assert "wrong.csv, line 3, column meaning: " in done.stderr
    assert "the one before stays in force" in done.stderr
    again = json.loads(run("import", "framework", "ours.csv").stdout)
    assert (again["version"], again["changed"]) == (read["version"], False)


def test_protocols_are_taken_in_all_or_none_and_a_wrong_one_leaves_the_one_before(
    run: Run, tmp_path: Path
) -> None:
    (tmp_path / "ours").mkdir()
    talk = to_yaml(replace(library()["walkthrough"], key="our_walk"))
    (tmp_path / "ours" / "walk.yaml").write_text(talk, "utf-8")
    done = run("import", "protocols", "ours")
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout) == [{"file": "walk.yaml", "key": "our_walk", "changed": True}]
    (tmp_path / "ours" / "walk.yaml").write_text(talk.replace("Walkthrough", "Walk"), "utf-8")
    (tmp_path / "ours" / "wrong.yaml").write_text("key: wrong\ntitel: Wrong\n", "utf-8")
    done = run("import", "protocols", "ours")
    assert (done.returncode, done.stdout) == (1, "")
    assert "wrong.yaml, line 2: unknown key 'titel'; did you mean 'title'?" in done.stderr
    assert "the ones before stay in force" in done.stderr
    (tmp_path / "ours" / "walk.yaml").write_text(talk, "utf-8")
    done = run("import", "protocols", "ours/walk.yaml")
    assert json.loads(done.stdout)[0]["changed"] is False


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        pytest.param(["translate", "no-such-file"], 1, "cannot be read", id="a file that is not there"),
        pytest.param(["evidence"], 1, "nothing on standard input", id="no notes"),
        pytest.param(
            ["import", "roster", "no-such-file"], 1, "cannot be read", id="a roster that is not there"
        ),
        pytest.param(
            ["import", "calendar", "no-such-file"], 1, "cannot be read", id="a calendar that is not there"
        ),
        pytest.param(
            ["import", "framework", "no-such-file"], 1, "cannot be read", id="a framework that is not there"
        ),
        pytest.param(
            ["import", "protocols", "no-such-file"], 1, "cannot be read", id="a protocol that is not there"
        ),
        pytest.param(["restore", "no-such-file"], 1, "no file", id="a backup that is not there"),
        pytest.param(["check"], 1, "SLACK_BOT_TOKEN", id="a district with nothing in it"),
        pytest.param(["tick", "--at", "soon"], 2, "--at", id="an instant that is none"),
        pytest.param(["evidence", "--kind", "poem"], 2, "--kind", id="a kind that is none"),
        pytest.param(["evidence", "--model"], 1, "LLM_BASE_URL and LLM_MODEL are missing", id="no model"),
        pytest.param(
            ["evidence", "--model", "--kind", "aim"], 1, "Leave out --kind or --model", id="a model for aims"
        ),
        pytest.param(["fly"], 2, "fly", id="a command that is none"),
    ],
)
def test_what_cannot_be_done_is_said_on_standard_error(
    run: Run, tmp_path: Path, arguments: list[str], status: int, words: str
) -> None:
    done = run(*arguments, given="A note." if "--model" in arguments else "")
    assert (done.returncode, done.stdout) == (status, "")
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_faulty_settings_are_named_all_at_once(run: Run, tmp_path: Path) -> None:
    done = run("web", PORT="many", SLACK_BOT_TOKEN="xoxb-1", DISTRICT_TIMEZONE="Mars")
    assert done.returncode == 1
    assert [line.split()[0] for line in done.stderr.splitlines()] == [
        "PORT",
        "DISTRICT_TIMEZONE",
        "SLACK_SIGNING_SECRET",
    ]


@pytest.mark.parametrize(
    "url", ["sqlite:///no/such/folder/x.sqlite", "postgresql://127.0.0.1:9/x?connect_timeout=2"]
)
def test_a_database_that_does_not_answer_is_named(run: Run, tmp_path: Path, url: str) -> None:
    done = run("web", DATABASE_URL=url)
    assert done.returncode == 1
    assert "DATABASE_URL" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_damaged_database_is_not_served(run: Run, tmp_path: Path) -> None:
    assert run("migrate").returncode == 0
    path = tmp_path / "cli.sqlite"
    data = bytearray(path.read_bytes())
    data[8192 : len(data) // 2] = b"\x07" * (len(data) // 2 - 8192)
    path.write_bytes(data)
    done = run("web", PORT="0")
    assert done.returncode == 1
    assert "damaged" in done.stderr
    assert "Traceback" not in done.stderr


TEAMS = {
    "MICROSOFT_APP_ID": "3f2b8a90-0000-4000-8000-0000000000b0",
    "MICROSOFT_APP_PASSWORD": "secret",
    "MICROSOFT_APP_TENANT_ID": "7c1f0d3e-0000-4000-8000-00000000d157",
    "BASE_URL": "https://throughline.example.org",
}


def test_the_package_for_teams_is_written_and_its_manifest_printed(run: Run, tmp_path: Path) -> None:
    done = run("manifest", "teams", "--out", "app.zip", "--publisher", "Sycamore Schools", **TEAMS)
    assert done.returncode == 0
    with ZipFile(tmp_path / "app.zip") as archive:
        assert json.loads(archive.read("manifest.json")) == json.loads(done.stdout)
    assert json.loads(done.stdout)["developer"]["name"] == "Sycamore Schools"
    assert "secret" not in done.stdout + done.stderr


@pytest.mark.parametrize(
    ("arguments", "names", "said"),
    [
        ((), {}, "MICROSOFT_APP_ID"),
        ((), {**TEAMS, "BASE_URL": "http://throughline.example.org"}, "https://"),
        (("--site", "ftp://a"), TEAMS, "--site"),
        (("--publisher", "x" * 33), TEAMS, "32 letters"),
        (("--out", "nowhere/app.zip"), TEAMS, "cannot be written"),
    ],
)
def test_what_the_package_for_teams_lacks_is_said(
    run: Run, tmp_path: Path, arguments: tuple[str, ...], names: dict[str, str], said: str
) -> None:
    done = run("manifest", "teams", *arguments, **names)
    assert (done.returncode, done.stdout) == (1, "")
    assert said in done.stderr
