"""Rules in words: what they say, what they fit, which of several counts, and what no rule may do."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocols.buffer.demands import Binding, DateRole, Demand
from protocols.buffer.digest import Decision
from protocols.buffer.rules import BufferRule, RuleFault, choose, fits, may_decide, read_rule, say_rule

DEMAND = Demand(
    start=0,
    end=5,
    quote="Schools must return the enrollment forms to the registrar.",
    actor="school",
    for_school=True,
    binding=Binding.MUST,
    due=None,
    due_basis="",
    audience=("all",),
    minutes=10,
    minutes_basis="",
)
OFF, SELF, PASS, HOLD = Decision.OFF_PLATE, Decision.SELF, Decision.PASS_ON, Decision.HOLD


@pytest.mark.parametrize(
    ("sentence", "rule"),
    [
        ("enrolment forms: always to my clerk", BufferRule("enrolment forms", OFF, taken_by="my clerk")),
        ("Key lists, always give them to Payroll.", BufferRule("Key lists", OFF, taken_by="Payroll")),
        ("always take surveys from Facilities off the plate", BufferRule("surveys", OFF, unit="Facilities")),
        (
            "always take optional surveys from Facilities off their plate and give them to Payroll",
            BufferRule("surveys", OFF, unit="Facilities", binding=Binding.MAY, taken_by="Payroll"),
        ),
        ("surveys from Facilities: always off the plate", BufferRule("surveys", OFF, unit="Facilities")),
        ("surveys: always off the plate, Facilities answers them", BufferRule("surveys", OFF, taken_by="Facilities")),
        ("always send key lists to Facilities", BufferRule("key lists", OFF, taken_by="Facilities")),
        ("always do room plans myself", BufferRule("room plans", SELF)),
        ("room plans: always me", BufferRule("room plans", SELF)),
        ("room plans: always I'll do them", BufferRule("room plans", SELF)),
        ("always pass on bus changes", BufferRule("bus changes", PASS)),
        ("bus changes: always pass them on", BufferRule("bus changes", PASS)),
        ("always hold news for new principals", BufferRule("news", HOLD, audience=("new_principals",))),
        (
            "always hold surveys for high schools from Assessment",
            BufferRule("surveys", HOLD, unit="Assessment", audience=("high",)),
        ),
        (
            "everything from Facilities that is optional: always off the plate",
            BufferRule("", OFF, unit="Facilities", binding=Binding.MAY),
        ),
        ("always take everything from Facilities off the plate", BufferRule("", OFF, unit="Facilities")),
    ],
)  # fmt: skip
def test_what_a_sentence_says(sentence: str, rule: BufferRule) -> None:
    assert read_rule(sentence) == rule


@pytest.mark.parametrize(
    "words",
    [
        "always",
        "The clerk is always late with the forms.",
        "Table 2: students always talk",
        "We always take attendance first",
        "pass on all suggested",
        "memo Schools must always lock the door.",
        "forms: always " + "x" * 300,
    ],
)
def test_what_is_no_rule(words: str) -> None:
    assert read_rule(words) is None


@pytest.mark.parametrize("words", ["always pass on everything", "all items: always off the plate"])
def test_a_rule_about_everything_is_refused(words: str) -> None:
    with pytest.raises(RuleFault, match="would fit everything"):
        read_rule(words)


@pytest.mark.parametrize(
    ("rule", "demand", "unit", "expected"),
    [
        pytest.param(BufferRule("enrolment forms", OFF), DEMAND, "HR", True, id="British and American spelling"),
        pytest.param(BufferRule("enrollment form", OFF), DEMAND, "HR", True, id="singular"),
        pytest.param(BufferRule("registar forms", OFF), DEMAND, "HR", True, id="a slip of the pen"),
        pytest.param(BufferRule("enrolment surveys", OFF), DEMAND, "HR", False, id="a word that is not there"),
        pytest.param(BufferRule("forms", OFF, unit="HR"), DEMAND, "HR", True, id="its unit"),
        pytest.param(BufferRule("", OFF, unit="facilities"), DEMAND, "Office of Facilities", True, id="in full"),
        pytest.param(BufferRule("forms", OFF, unit="Facilities"), DEMAND, "Payroll", False, id="another unit"),
        pytest.param(BufferRule("forms", OFF, binding=Binding.MAY), DEMAND, "HR", False, id="binding otherwise"),
        pytest.param(BufferRule("", OFF, binding=Binding.MUST), DEMAND, "HR", True, id="as binding as that"),
        pytest.param(BufferRule("forms", OFF, audience=("high",)), DEMAND, "HR", False, id="for others too"),
        pytest.param(BufferRule("", OFF, audience=("high",)), replace(DEMAND, audience=("high",)), "HR", True,
                     id="its audience"),
        pytest.param(BufferRule("bus", OFF), replace(DEMAND, quote="Business cards are here."), "HR", False,
                     id="a short word is not a part of a longer one"),
    ],
)  # fmt: skip
def test_what_a_rule_fits(rule: BufferRule, demand: Demand, unit: str, expected: bool) -> None:
    assert fits(rule, demand, unit=unit) is expected


def test_a_word_of_the_memos_title_counts() -> None:
    rule = BufferRule("boiler forms", OFF)
    assert not fits(rule, DEMAND, unit="HR")
    assert fits(rule, DEMAND, unit="HR", title="The boiler survey")


BINDING_BY_DAY = replace(DEMAND, due=date(2026, 12, 11), due_role=DateRole.DEADLINE)


@pytest.mark.parametrize(
    ("rule", "demand", "may"),
    [
        pytest.param(BufferRule("forms", OFF), BINDING_BY_DAY, False, id="a must with a deadline, and nobody to do it"),
        pytest.param(BufferRule("forms", OFF, taken_by="Payroll"), BINDING_BY_DAY, True, id="somebody does it"),
        pytest.param(BufferRule("forms", SELF), BINDING_BY_DAY, True, id="she does it"),
        pytest.param(BufferRule("forms", PASS), BINDING_BY_DAY, True, id="it is passed on"),
        pytest.param(BufferRule("forms", HOLD), BINDING_BY_DAY, True, id="held: it comes back in time"),
        pytest.param(BufferRule("forms", OFF), DEMAND, True, id="without a deadline"),
        pytest.param(BufferRule("forms", OFF), replace(BINDING_BY_DAY, binding=Binding.SHOULD), True, id="not a must"),
        pytest.param(BufferRule("forms", OFF), replace(BINDING_BY_DAY, for_school=False), True, id="others must"),
        pytest.param(
            BufferRule("forms", OFF), replace(BINDING_BY_DAY, due_role=DateRole.EVENT), True, id="an event's day"
        ),
    ],
)  # fmt: skip
def test_what_no_rule_may_do(rule: BufferRule, demand: Demand, may: bool) -> None:
    assert may_decide(rule, demand) is may


def test_of_several_rules_the_narrowest_counts_then_the_newest() -> None:
    rules = [
        BufferRule("forms", PASS, unit="HR"),
        BufferRule("enrolment forms", SELF),
        BufferRule("forms", HOLD),
    ]
    assert choose(rules, DEMAND, unit="HR") == 0
    assert choose(rules, DEMAND, unit="Payroll") == 1
    assert choose([*rules, BufferRule("enrolment form", PASS)], DEMAND, unit="Payroll") == 3
    assert choose([BufferRule("forms", OFF)], BINDING_BY_DAY, unit="HR") is None
    assert (
        choose([BufferRule("forms", HOLD), BufferRule("enrolment forms", OFF)], BINDING_BY_DAY, unit="HR")
        == 0
    )


@pytest.mark.parametrize(
    ("sentence", "said"),
    [
        ("enrolment forms: always to my clerk", "Enrolment forms: to my clerk"),
        ("always take optional surveys from HR off the plate", "Optional surveys from HR: off the plate"),
        ("always hold news for new principals", "News for new principals: held"),
        ("always pass on bus changes for high schools", "Bus changes for high schools: passed on"),
        ("always take everything from Facilities off the plate", "Everything from Facilities: off the plate"),
    ],
)  # fmt: skip
def test_how_a_rule_is_said(sentence: str, said: str) -> None:
    rule = read_rule(sentence)
    assert rule is not None
    assert say_rule(rule) == said


@given(st.text(max_size=250))
def test_no_sentence_breaks_the_reading(text: str) -> None:
    for sentence in (text, f"always take {text} off the plate", f"{text}: always to my clerk"):
        try:
            rule = read_rule(sentence)
        except RuleFault:
            continue
        if rule is not None:
            fits(rule, DEMAND, unit="HR", title=text)
            say_rule(rule)
