"""The table of permissions in sentences: nothing of it missing, nothing said that it does not hold."""

import ast
import re
from pathlib import Path

import pytest

from handlers.permission_pages import (
    ORDER,
    SAY_PLURAL,
    as_data,
    for_everybody,
    for_role,
    headline,
    say_about,
    say_to,
    write_page,
)
from handlers.permission_words import MEANINGS, Part
from handlers.permissions import REFUSALS, TABLE, Right, Scope
from storage.people import Role

ROOT = Path(__file__).parent.parent.parent
PAGE = ROOT / "docs" / "permissions.md"
each_right = pytest.mark.parametrize("right", Right)
each_role = pytest.mark.parametrize("role", Role)


def test_the_page_is_what_the_table_says() -> None:
    assert PAGE.read_text(encoding="utf-8") == write_page(), "run make permissions"


def test_every_right_has_a_meaning_and_every_part_a_right() -> None:
    assert set(MEANINGS) == set(Right)
    assert {meaning.part for meaning in MEANINGS.values()} == set(Part)
    assert len({headline(right) for right in Right}) == len(Right)
    assert set(ORDER) == set(Role)


@each_right
def test_what_is_ones_own_is_said_wherever_the_table_says_own(right: Right) -> None:
    assert bool(MEANINGS[right].own) == (Scope.OWN in TABLE[right].values())


@each_right
@each_role
def test_a_role_is_told_of_a_right_exactly_where_the_table_gives_it(right: Right, role: Role) -> None:
    said = say_to(right, role)
    assert (said is not None) == (TABLE[right][role] is not None)
    told = for_role(role)
    assert (f"{headline(right)}: “{REFUSALS[right]}”" in told) == (said is None)
    if said is not None:
        assert f"  {said}\n" in told
        assert "{" not in said


@each_right
def test_the_line_for_everybody_names_those_who_may_and_says_that_nobody_else_does(right: Right) -> None:
    said = say_about(right).removesuffix(MEANINGS[right].note)
    held = {role for role, scope in TABLE[right].items() if scope is not None}
    if said.startswith("Everybody"):
        assert held == set(Role)
    else:
        named = {role for role, name in SAY_PLURAL.items() if re.search(rf"\b{name}\b", said, re.IGNORECASE)}
        assert named == held
    assert ("Nobody else." in said) == (held != set(Role))
    assert "{" not in said


@each_right
def test_those_whose_reach_differs_are_not_said_in_one_breath(right: Right) -> None:
    groups = say_about(right).partition(".")[0].split("; ")
    if "verybody" not in groups[0]:
        by_group = [
            {TABLE[right][role] for role, name in SAY_PLURAL.items() if name.casefold() in group.casefold()}
            for group in groups
        ]
        assert all(len(scopes) == 1 for scopes in by_group), groups


def test_it_reads_as_one_would_explain_it_to_a_principal() -> None:
    told = for_role(Role.PRINCIPAL)
    assert (
        "You see what was said, seen and promised in a walkthrough or an inquiry, at the school you lead."
        in told
    )
    assert "To take protected time: “Only an executive may take protected time, with a reason." in told
    everybody = for_everybody()
    assert (
        "What was said, seen and promised in a walkthrough or an inquiry. Principals, at the school they lead; ILDs, "
        "at the schools they accompany. Nobody else." in everybody
    )
    for page in (told, everybody, write_page()):
        assert not re.search(r"\b(?:True|False|None)\b|[a-z]_[a-z]|\bto they\b", page)


def test_the_data_has_every_cell() -> None:
    data = as_data()
    assert {one["right"] for one in data} == {right.value for right in Right}
    cells = {(one["right"], role): cell["reach"] for one in data for role, cell in one["roles"].items()}
    assert cells == {
        (right.value, role.value): scope and scope.value
        for right, row in TABLE.items()
        for role, scope in row.items()
    }
    (first, *_) = as_data([Role.UNIT])
    assert list(first["roles"]) == ["unit"]


def test_every_right_is_asked_for_somewhere() -> None:
    """A right that no handler asks for promises something that nothing keeps."""
    asked: set[str] = set()
    for path in (ROOT / "handlers").rglob("*.py"):
        if not path.name.startswith("permission"):
            asked |= {
                node.attr
                for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
                if isinstance(node, ast.Attribute)
                and isinstance(node.value, ast.Name)
                and node.value.id == "Right"
            }
    assert asked == {right.name for right in Right}
