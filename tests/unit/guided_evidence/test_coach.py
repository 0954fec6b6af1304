"""The shipped weights belong to the shipped notes, and the notes are what they say."""

from collections import Counter
from itertools import pairwise
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from protocols.guided.coach.clauses import TokenKind, read_tokens, split_clauses
from protocols.guided.coach.grammar import compose_notes, digest_notes, read_written_notes
from protocols.guided.coach.model import load_weights
from protocols.guided.coach.train import COMPOSED, SEED

HELD_OUT = Path(__file__).parents[2] / "data" / "notes"


def test_the_shipped_weights_were_trained_on_the_shipped_notes() -> None:
    notes = read_written_notes() + compose_notes(COMPOSED, seed=SEED)
    assert load_weights().digest == digest_notes(notes), (
        "The notes changed: run python -m protocols.guided.coach.train"
    )


def test_the_same_seed_composes_the_same_notes() -> None:
    assert compose_notes(50, seed=3) == compose_notes(50, seed=3)
    assert compose_notes(50, seed=3) != compose_notes(50, seed=4)


def test_no_written_note_is_there_twice_and_no_label_is_rare() -> None:
    notes = read_written_notes()
    assert [text for text, times in Counter(note.text for note in notes).items() if times > 1] == []
    shares = Counter(note.label for note in notes)
    assert min(shares.values()) >= 100


def test_a_grammar_leaves_no_hole_open() -> None:
    assert not any("{" in note.text or "|" in note.text for note in compose_notes(300, seed=1))


def _clauses(text: str) -> list[str]:
    return [text[clause.start : clause.end] for clause in split_clauses(text)]


def test_a_comment_after_a_fact_is_a_clause_of_its_own() -> None:
    assert _clauses("She wrote the date, which is good.") == ["She wrote the date", "which is good"]
    assert _clauses("4 of 6 grps writing - gd pacing") == ["4 of 6 grps writing", "gd pacing"]


def test_a_quotation_is_never_cut() -> None:
    text = 'He said, "Good, but why? Because it is late." and sat down.'
    quotes = [token for token in read_tokens(text) if token.kind is TokenKind.QUOTE]
    assert [text[token.start : token.end] for token in quotes] == ['"Good, but why? Because it is late."']


def test_an_apostrophe_opens_no_quotation() -> None:
    assert all(
        token.kind is not TokenKind.QUOTE
        for token in read_tokens("The students' work wasn't on the teacher's desk")
    )


@given(st.text(max_size=200))
def test_clauses_follow_each_other_without_overlap(text: str) -> None:
    clauses = split_clauses(text)
    assert all(before.end <= after.start for before, after in pairwise(clauses))


def test_no_note_the_coach_is_measured_on_is_among_those_it_learns_from() -> None:
    learned = {" ".join(note.text.lower().split()).rstrip(".!") for note in read_written_notes()}
    held_out = (
        line.partition(": ")[2]
        for path in HELD_OUT.glob("held_out*.txt")
        for line in path.read_text(encoding="utf-8").splitlines()
    )
    assert [text for text in held_out if text and text.lower().rstrip(".!") in learned] == []
