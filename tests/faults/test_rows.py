"""Every row of the faults has a case that injects it, and what is named as a proof is there."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.rows import ELSEWHERE, ROWS

ROOT = Path(__file__).parent.parent.parent


def cases() -> Iterator[tuple[str, list[int], set[str]]]:
    """Each marked test of this folder: its name, its rows, its arguments."""
    for file in sorted(Path(__file__).parent.glob("test_*.py")):
        for node in ast.walk(ast.parse(file.read_text())):
            if not isinstance(node, ast.FunctionDef):
                continue
            for mark in node.decorator_list:
                if isinstance(mark, ast.Call) and ast.unparse(mark.func) == "pytest.mark.fault":
                    *rows, does = (ast.literal_eval(one) for one in mark.args)
                    assert does, node.name
                    yield node.name, rows, {one.arg for one in node.args.args}


def test_there_are_twenty_eight() -> None:
    assert list(ROWS) == list(range(1, 29))


@pytest.mark.parametrize("row", ROWS)
def test_every_row_has_a_case_of_its_own_or_a_proof_elsewhere(row: int) -> None:
    own = [name for name, rows, _arguments in cases() if row in rows]
    assert own or ELSEWHERE.get(row), ROWS[row].fault


def test_every_case_counts_what_it_injects() -> None:
    found = list(cases())
    assert len(found) > 20
    for name, rows, arguments in found:
        assert "injected" in arguments, name
        assert set(rows) <= set(ROWS), name


@pytest.mark.parametrize("test", sorted({proof.test for proofs in ELSEWHERE.values() for proof in proofs}))
def test_what_is_named_as_a_proof_is_a_test(test: str) -> None:
    file, _, name = test.partition("::")
    assert (ROOT / file).exists()
    if name:
        functions = [
            node.name
            for node in ast.walk(ast.parse((ROOT / file).read_text()))
            if isinstance(node, ast.FunctionDef)
        ]
        assert name in functions
