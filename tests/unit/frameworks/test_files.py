"""Frameworks as files: what is read, and what is refused with line, column and reason."""

from contextlib import suppress
from importlib import resources

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocols.frameworks.building import LONGEST_TEXT, MAX_FILE, MOST_LOOK_FORS
from protocols.frameworks.csv_files import ignored_columns, parse_csv
from protocols.frameworks.faults import SHOWN, FrameworkFault, FrameworkRefused
from protocols.frameworks.files import decode, ignored, packaged, parse
from protocols.frameworks.values import Framework
from protocols.frameworks.yaml_files import parse_yaml

YAML = """\
title: Our framework
source: The teachers of the district
areas:
  - title: Talk
    practices:
      - title: Students give reasons
        look_fors:
          - Students say why.
          - {key: asks_why, text: A student asks another one why.}
      - title: Many voices
        look_fors:
          - Everybody speaks once.
scale:
  - level: Not seen
    meaning: Looked for, neither seen nor heard.
  - {level: Seen, meaning: More than once.}
"""
CSV = """\
area,practice,look_for,look_for_code,level,meaning,framework,source
Talk,Students give reasons,Students say why.,,,,Our framework,The teachers of the district
,,A student asks another one why.,asks_why,,,,
,Many voices,Everybody speaks once.,,,,,
,,,,Not seen,"Looked for, neither seen nor heard.",,
,,,,Seen,More than once.,,
"""
HEADING = "area,practice,look_for,level,meaning\n"
SCALE = ",,,Not seen,Looked for.\n,,,Seen,More than once.\n"


def refusal(text: str, name: str) -> list[tuple[int, str, str]]:
    with pytest.raises(FrameworkRefused) as refused:
        parse(text, name=name)
    return [(fault.line, fault.column, fault.reason) for fault in refused.value.faults]


def outcome(text: str, name: str) -> tuple[Framework | None, tuple[FrameworkFault, ...]]:
    try:
        return parse(text, name=name), ()
    except FrameworkRefused as refused:
        return None, refused.faults


def changed(text: str, old: str, new: str) -> str:
    assert old in text
    return text.replace(old, new, 1)


def shape(framework: Framework) -> dict[str, dict[str, list[str]]]:
    return {
        area.title: {one.title: [look_for.text for look_for in one.look_fors] for one in area.practices}
        for area in framework.areas
    }


def test_yaml_is_read() -> None:
    framework = parse(YAML, name="ours.yaml")
    assert (framework.key, framework.title) == ("our_framework", "Our framework")
    assert shape(framework) == {
        "Talk": {
            "Students give reasons": ["Students say why.", "A student asks another one why."],
            "Many voices": ["Everybody speaks once."],
        }
    }
    assert [one.key for one in framework.look_fors] == [
        "students_say_why",
        "asks_why",
        "everybody_speaks_once",
    ]
    assert [(one.key, one.label) for one in framework.scale] == [("not_seen", "Not seen"), ("seen", "Seen")]


def test_the_same_words_as_csv_are_the_same_framework() -> None:
    assert parse(CSV, name="ours.csv") == parse(YAML, name="ours.yaml")


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("\ufeff" + CSV, id="a byte order mark"),
        pytest.param(CSV.replace("\n", "\r\n"), id="line ends of Windows"),
        pytest.param(CSV.replace("\n", "\r"), id="line ends of an old Macintosh"),
        pytest.param(
            CSV.replace("area,practice,look_for,", "AREA,Practice,Look-Fors,", 1), id="other capitals"
        ),
        pytest.param(CSV.replace("look_for_code", "Look For Code", 1), id="blanks in a heading"),
        pytest.param(CSV.replace("level,", "Level ,", 1), id="a blank after a heading"),
        pytest.param("\n" + CSV.replace("\n", "\n\n"), id="empty lines"),
        pytest.param(
            CSV.replace(",asks_why,,,,", ",ASKS_WHY"), id="a row that stops early, a code in capitals"
        ),
        pytest.param(
            CSV.replace("Many voices", "Many\tvoices").replace("once.,", "once. ,"), id="blanks in values"
        ),
        pytest.param(CSV.replace("say why", "say\u200b why\x07"), id="invisible characters"),
        pytest.param(
            CSV.replace("area,", "page,area,", 1).replace("\nTalk", "\n12,Talk").replace("\n,", "\n,,"),
            id="a column of its own",
        ),
    ],
)
def test_a_spreadsheets_own_ways_change_nothing(text: str) -> None:
    assert parse_csv(text, name="ours.csv") == parse_yaml(YAML, name="ours.yaml")


@pytest.mark.parametrize("mark", [";", "\t"])
def test_semicolons_and_tabs_separate_too(mark: str) -> None:
    text = (HEADING + "Talk,Reasons,They say why.,,\n" + SCALE).replace(",", mark)
    assert shape(parse_csv(text, name="a.csv")) == {"Talk": {"Reasons": ["They say why."]}}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_a_curly_apostrophe_stays_whatever_the_encoding(encoding: str) -> None:
    text = changed(CSV, "Students say why.", "One student’s reason is another’s question.")
    assert decode(text.encode(encoding)).removeprefix("\ufeff") == text


@given(st.binary(max_size=60))
def test_any_bytes_are_some_text(data: bytes) -> None:
    assert isinstance(decode(data), str)


def test_an_area_that_comes_back_is_the_same_area() -> None:
    rows = "Talk,Reasons,One.,,\nAccess,Same work,Two.,,\nTALK,reasons,Three.,,\n"
    assert shape(parse_csv(HEADING + rows + SCALE, name="a.csv")) == {
        "Talk": {"Reasons": ["One.", "Three."]},
        "Access": {"Same work": ["Two."]},
    }


def test_the_scale_may_stand_beside_the_look_fors() -> None:
    rows = "Talk,Reasons,One.,Not seen,Looked for.\n,,Two.,Seen,More than once.\n"
    framework = parse_csv(HEADING + rows, name="our_look_fors.csv")
    assert [level.label for level in framework.scale] == ["Not seen", "Seen"]
    assert framework.title == "Our look fors"


def test_columns_passed_over_are_named_as_they_are_written() -> None:
    text = "Page No,area,practice,look_for,level,meaning, Owner ,\n"
    assert ignored_columns(text) == ("Page No", "Owner")
    assert ignored(text, name="x.csv") == ("Page No", "Owner")
    assert ignored(YAML, name="x.yaml") == ()


@pytest.mark.parametrize("name", ["ours", "pasted text", "x.txt"])
def test_without_a_telling_name_the_first_line_tells_the_format(name: str) -> None:
    assert parse(CSV, name=name) == parse(YAML, name=name)


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        pytest.param("", 1, "empty", id="an empty file"),
        pytest.param("- a\n", 1, "expected keys", id="a list instead of keys"),
        pytest.param("title: [a\n", 2, "not valid YAML", id="broken YAML"),
        pytest.param("[" * 5000, 1, "not readable", id="nested without end"),
        pytest.param("x" * (MAX_FILE + 1), 1, "longer than", id="a file too long"),
        pytest.param(
            "\n".join(f"k{n}: 1" for n in range(99)), 1, "99 keys here", id="a file of something else"
        ),
        pytest.param(
            changed(YAML, "title: Our", "titel: Our"), 1, "did you mean 'title'", id="a misspelt key"
        ),
        pytest.param(
            changed(YAML, "Students say why.", "She says: why"), 8, "quotation marks", id="a colon in words"
        ),
        pytest.param(changed(YAML, "Students say why.", ""), 8, "found nothing", id="an empty look-for"),
        pytest.param(
            changed(YAML, "key: asks_why", "key: asks why"), 9, "is no key", id="a key with a blank"
        ),
        pytest.param(
            changed(YAML, "Everybody speaks once.", "students say WHY"),
            12,
            "line 8 already",
            id="a look-for twice",
        ),
        pytest.param(
            changed(YAML, "- Everybody speaks once.", "- {key: asks_why, text: Another.}"),
            12,
            "line 9 has the key 'asks_why' already",
            id="a key twice",
        ),
        pytest.param(
            changed(YAML, "  - {level: Seen, meaning: More than once.}\n", ""),
            14,
            "1 level",
            id="a scale of one",
        ),
        pytest.param(
            YAML + "".join(f"  - {{level: L{n}, meaning: M.}}\n" for n in range(5)),
            14,
            "7 levels",
            id="a long scale",
        ),
        pytest.param(
            changed(YAML, "meaning: More than once.", "key: seen"),
            16,
            "'meaning' is missing",
            id="no meaning",
        ),
        pytest.param(
            changed(YAML, "Everybody", "x" * LONGEST_TEXT), 12, "characters", id="a look-for too long"
        ),
        pytest.param(
            changed(YAML, "          - Everybody speaks once.\n", "          []\n"),
            10,
            "at least one look-for",
            id="a practice without look-fors",
        ),
        pytest.param(
            changed(YAML, "Everybody speaks once.", "\n          - ".join(f"L {n}" for n in range(30))),
            12,
            f"{MOST_LOOK_FORS} at most",
            id="a practice too long",
        ),
    ],
)
def test_a_wrong_yaml_file_is_refused_with_line_and_reason(text: str, line: int, reason: str) -> None:
    faults = refusal(text, "ours.yaml")
    assert any(found == line and reason in why for found, _column, why in faults), faults


@pytest.mark.parametrize(
    ("text", "line", "column", "reason"),
    [
        pytest.param("", 1, "area", "missing", id="an empty file"),
        pytest.param("area,practice,level,meaning\n", 1, "look_for", "missing", id="a column missing"),
        pytest.param(
            "area,domain,practice,look_for,level,meaning\n", 1, "area", "twice", id="a column twice"
        ),
        pytest.param(HEADING + SCALE, 1, "", "at least one area", id="a scale alone"),
        pytest.param(
            HEADING + ",,They say why.,,\n" + SCALE, 2, "area", "no area", id="a look-for of no area"
        ),
        pytest.param(
            HEADING + "Talk,,They say why.,,\n" + SCALE,
            2,
            "practice",
            "no practice",
            id="a look-for of no practice",
        ),
        pytest.param(
            HEADING + "Talk,Reasons,A.,,\nAccess,,B.,,\n" + SCALE,
            3,
            "practice",
            "no practice",
            id="a new area alone",
        ),
        pytest.param(
            HEADING + "Talk,Reasons,,,\n" + SCALE,
            2,
            "look_for",
            "is empty",
            id="a practice without look-fors",
        ),
        pytest.param(HEADING + "Talk,Reasons,A.,,\n", 1, "level", "no levels", id="no scale"),
        pytest.param(
            HEADING + "Talk,Reasons,A.,Some,\n" + SCALE,
            2,
            "meaning",
            "needs one",
            id="a level without meaning",
        ),
        pytest.param(
            HEADING + "Talk,Reasons,A.,,Often.\n" + SCALE, 2, "level", "no level", id="a meaning alone"
        ),
        pytest.param(
            HEADING + "Talk,Reasons,One, two and three,,\n" + SCALE,
            2,
            "",
            "6 values for 5",
            id="a comma unquoted",
        ),
        pytest.param(HEADING + 'Talk,Reasons,"A.,,\n' + SCALE, 2, "", "not closed", id="a quote left open"),
        pytest.param(
            HEADING + "Talk,Reasons,A.,,\n,,a,,\n" + SCALE,
            3,
            "look_for",
            "line 2 already",
            id="a look-for twice",
        ),
        pytest.param(
            "area,area_code,practice,look_for,level,meaning\nTalk,t,R,A.,,\nTalk,u,R,B.,,\n,,,,No,N.\n,,,,Yes,Y.\n",
            3,
            "area_code",
            "'t' in line 2, 'u' here",
            id="two codes for one area",
        ),
        pytest.param(
            "area,practice,Indicator,code,level,meaning\nTalk,R,A.,a b,,\n,,,,No,N.\n,,,,Yes,Y.\n",
            2,
            "Indicator",
            "is no key",
            id="a code that is none, under the file's own heading",
        ),
        pytest.param(
            HEADING + "a,b,c,,\n" * 2000, 1001, "", "more than 1,000 rows", id="a file of something else"
        ),
    ],
)
def test_a_wrong_csv_file_is_refused_with_line_column_and_reason(
    text: str, line: int, column: str, reason: str
) -> None:
    faults = refusal(text, "ours.csv")
    assert any((line, column) == found[:2] and reason in found[2] for found in faults), faults


def test_all_faults_are_named_at_once_and_none_that_only_follows_from_another() -> None:
    text = changed(YAML, "Students say why.", "")
    text = changed(text, "title: Many voices", "titel: Many voices")
    text = changed(text, "meaning: Looked for", "mening: Looked for")
    assert [line for line, _column, _reason in refusal(text, "ours.yaml")] == [8, 10, 14, 15]
    rows = HEADING + "Talk,,A.,,\nTalk,Reasons,B.,Some,\n,,b,,\n,,,Seen,Twice.\n"
    assert [fault[:2] for fault in refusal(rows, "o.csv")] == [
        (2, "practice"),
        (3, "meaning"),
        (4, "look_for"),
    ]


def test_the_message_names_file_line_and_column_and_stays_short() -> None:
    with pytest.raises(FrameworkRefused) as refused:
        parse(HEADING + "Talk,Reasons,,,\n" * 50 + SCALE, name="ours.csv")
    lines = str(refused.value).splitlines()
    assert (
        lines[0] == "ours.csv, line 2, column look_for: is empty; each row of a practice names one look-for"
    )
    assert lines[-1].startswith("And ")
    assert len(lines) == SHOWN + 1


def test_repeating_a_list_by_reference_costs_nothing() -> None:
    """An alias in an alias in an alias: a page that would be a hundred million look-fors."""
    text = "title: T\nscale: []\nareas:\n"
    text += "  - &a {title: A, practices: [&p {title: P, look_fors: [" + ", ".join(["&l x"] + ["*l"] * 500)
    text += "]}" + ", *p" * 500 + "]}\n" + "  - *a\n" * 500
    assert refusal(text, "bomb.yaml")


def test_words_without_latin_letters_get_keys_by_their_place() -> None:
    rows = "对话,理由,学生说明理由,,\n,,学生互相提问,,\n"
    framework = parse_csv(HEADING + rows + SCALE, name="x.csv")
    assert [one.key for one in framework.look_fors] == ["look_for_1", "look_for_2"]


def test_keys_made_of_the_same_words_differ_and_are_short() -> None:
    long = "Students explain to one another in their own words how they found "
    rows = f"Talk,Reasons,{long}it.,,\n,,{long}out.,,\n,,Supercalifragilisticexpialidocious{'x' * 30},,\n"
    keys = [one.key for one in parse_csv(HEADING + rows + SCALE, name="x.csv").look_fors]
    assert len(set(keys)) == 3
    assert all(len(key) <= 40 for key in keys)


WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)


@given(st.text(max_size=400))
def test_any_text_is_a_framework_or_a_refusal(text: str) -> None:
    for name in ("x.yaml", "x.csv", "x"):
        with suppress(FrameworkRefused):
            parse(text, name=name)
        ignored(text, name=name)


@given(st.sampled_from([YAML, CSV]), st.integers(0, 600), st.integers(0, 30), WORDS)
def test_a_damaged_file_is_a_framework_or_a_refusal_with_a_line_in_it(
    text: str, place: int, gone: int, put: str
) -> None:
    damaged = text[:place] + put + text[place + gone :]
    for name in ("x.yaml", "x.csv"):
        framework, faults = outcome(damaged, name)
        lines = len(damaged.replace("\r\n", "\n").replace("\r", "\n").split("\n")) + 1
        assert all(1 <= fault.line <= lines and fault.reason for fault in faults)
        if framework is not None:
            assert Framework.from_json(framework.to_json()) == framework
            assert len({one.key for one in framework.look_fors}) == len(framework.look_fors) > 0
            assert 2 <= len(framework.scale) <= 6


CELL = st.text(
    st.characters(categories=["L", "N", "P"], include_characters=" ,;"), min_size=1, max_size=20
).filter(lambda text: text.strip(" .") and text.strip("'\"") == text)


@given(
    st.lists(
        CELL, min_size=1, max_size=12, unique_by=lambda text: " ".join(text.casefold().split()).rstrip(".")
    )
)
def test_whatever_words_are_written_are_read_back(texts: list[str]) -> None:
    rows = [",".join(f'"{cell}"' for cell in ("A", "P", text.replace('"', ""), "", "")) for text in texts]
    framework, faults = outcome(HEADING + "\n".join(rows) + "\n" + SCALE, "x.csv")
    assert all("already" in fault.reason or "is empty" in fault.reason for fault in faults)
    assert framework is None or len(framework.look_fors) == len(texts)


def test_the_packaged_framework_is_read_and_keeps_its_own_rules() -> None:
    framework = packaged()
    assert 5 <= len(framework.areas) <= 6
    assert all(4 <= len(area.practices) <= 5 for area in framework.areas)
    assert all(2 <= len(practice.look_fors) <= 4 for practice in framework.practices)
    assert len(framework.scale) == 4
    assert all(
        len(look_for.text) <= 110 and look_for.text.endswith((".", "?”")) for look_for in framework.look_fors
    )
    words = " ".join(look_for.text.casefold() for look_for in framework.look_fors)
    assert not [
        verdict for verdict in ("effective", "engag", "rigor", "strong", "appropriate") if verdict in words
    ]


def test_the_packaged_framework_says_its_licence() -> None:
    file = resources.files("protocols.frameworks") / "library" / "teaching_and_learning.yaml"
    assert file.read_text(encoding="utf-8").startswith("# SPDX-License-Identifier: Apache-2.0\n")
    assert "Apache-2.0" in packaged().source
