"""The packaged protocols: what holds for every one of them, as files and as texts people read."""

import re
from collections.abc import Iterator
from importlib import resources

import pytest

from protocols.guided.catalog import library
from protocols.guided.steps import Challenge, Closing, Protocol, Role, Step, StepKind, Visibility

EVERY = pytest.mark.parametrize("key", sorted(library()))
LONGEST = 250
"""Characters of one text: what is read on a phone without scrolling."""

SAYS_IT_ALL = (StepKind.NOTES, StepKind.FIGURES, StepKind.NEXT_STEPS)
NAMED = re.compile(r"\{(\w+)\}")


def texts(step: Step) -> Iterator[str]:
    yield from (*step.ask.values(), *step.wait.values(), step.more, step.help, step.too_many)
    yield from (option.label for option in step.options)


def minutes(key: str) -> dict[str, int]:
    """Minutes by phase, of the phases that have any."""
    found: dict[str, int] = {}
    for step in library()[key].steps:
        if step.minutes:
            found[step.phase] = found.get(step.phase, 0) + step.minutes
    return found


def test_the_library_holds_the_protocols_of_the_study_and_their_kin() -> None:
    files = resources.files("protocols.guided") / "library"
    names = {file.name.removesuffix(".yaml") for file in files.iterdir() if file.name.endswith(".yaml")}
    assert set(library()) == names
    assert names >= {
        *("walkthrough", "network_walkthrough", "cycle_of_inquiry", "pdsa", "data_based", "consultancy"),
        *("tuning", "atlas", "network_meeting", "modeling", "coaching_visit", "ild_quarterly"),
    }


@EVERY
def test_a_protocol_names_a_published_work_with_its_year(key: str) -> None:
    assert re.search(r"\((?:19|20)\d\d\)", library()[key].source)


@pytest.mark.parametrize(
    ("key", "published"),
    [
        (
            "consultancy",
            {"present": 10, "clarify": 5, "probe": 10, "discuss": 15, "reflect": 5, "debrief": 5},
        ),
        ("network_meeting", {"warm-up": 30, "walkthrough": 90, "topic": 90, "operations": 15}),
    ],
)
def test_the_timings_are_those_published(key: str, published: dict[str, int]) -> None:
    assert minutes(key) == published


def test_the_presenter_of_a_consultancy_is_silent_while_the_peers_talk() -> None:
    discuss = library()["consultancy"].step("discuss")
    assert (discuss.minutes, discuss.listens, discuss.who) == (15, (Role.PRESENTER,), (Role.PEER,))


def test_the_agenda_of_a_network_meeting_is_out_two_weeks_ahead_and_its_host_prepared_after() -> None:
    ahead = [step.ahead for step in library()["network_meeting"].steps if step.ahead]
    assert library()["network_meeting"].step("agenda").ahead == 14
    assert ahead == sorted(ahead, reverse=True)


@EVERY
def test_everybody_has_something_to_read_at_every_step(key: str) -> None:
    protocol = library()[key]
    for step in protocol.steps:
        assert {*step.ask, *step.wait} == set(protocol.parts), step.key


@EVERY
def test_a_text_is_short_and_calm(key: str) -> None:
    protocol = library()[key]
    for text in (protocol.purpose, *(words for step in protocol.steps for words in texts(step))):
        assert len(text) <= LONGEST, text
        assert "!" not in text
        assert not re.search(r"please note|simply|successfully", text, re.IGNORECASE), text
        assert text == text.strip()


@EVERY
def test_only_who_is_alone_in_a_role_is_called_by_name(key: str) -> None:
    protocol = library()[key]
    alone = {role.value for role, part in protocol.parts.items() if part.at_most == 1}
    for step in protocol.steps:
        for text in texts(step):
            assert set(NAMED.findall(text)) <= {*alone, "item", "count", "max"}, text


@EVERY
def test_nobody_is_called_by_their_own_name(key: str) -> None:
    for step in library()[key].steps:
        for role, text in (*step.ask.items(), *step.wait.items()):
            own = f"{{{role.value}}}" in text
            assert not own, (step.key, text)


@EVERY
def test_evidence_and_next_steps_cannot_be_left_out(key: str) -> None:
    protocol = library()[key]
    assert all(step.is_required for step in protocol.steps if step.kind in SAYS_IT_ALL)
    if protocol.counts_as:
        assert [step.key for step in protocol.steps if step.is_required and is_evidence(step)]
    assert next_steps(protocol)[-1].when is None


def is_evidence(step: Step) -> bool:
    return step.kind in (StepKind.NOTES, StepKind.FIGURES) or step.challenge is Challenge.EVIDENCE


def next_steps(protocol: Protocol) -> list[Step]:
    return [step for step in protocol.steps if step.kind is StepKind.NEXT_STEPS]


@EVERY
def test_a_next_step_is_put_to_the_question_whether_anybody_could_check_it(key: str) -> None:
    assert {step.challenge for step in next_steps(library()[key])} == {Challenge.NEXT_STEP}


@EVERY
def test_what_a_branch_depends_on_is_always_chosen(key: str) -> None:
    protocol = library()[key]
    assert all(protocol.step(step.when.step).is_required for step in protocol.steps if step.when)


@EVERY
def test_an_absent_person_of_many_holds_nobody_up(key: str) -> None:
    protocol = library()[key]
    many = {role for role, part in protocol.parts.items() if part.at_most > 1}
    for step in protocol.steps:
        assert not many & set(step.who) or step.closing is not Closing.EACH, step.key


@EVERY
def test_what_was_written_apart_is_laid_side_by_side_or_shown_when_all_have_written(key: str) -> None:
    protocol = library()[key]
    revealed = {name for step in protocol.steps for name in step.reveals}
    for step in protocol.steps:
        if step.visibility is Visibility.TOGETHER and step.kind in (StepKind.NOTES, StepKind.CHOICE):
            assert step.key in revealed, step.key
