"""The linear model that weighs clauses and notes; pure arithmetic over weights kept in `weights.json`.

Two steps. A clause gets the log-odds that it judges. A note then gets three scores (evidence, judgement, mixed) from
how its clauses came out: the strongest judging clause, the plainest one, how many of each, and the note read as one
clause.
"""

import json
from dataclasses import dataclass
from functools import cache
from math import exp

from protocols.guided.coach.clauses import Clause, split_clauses
from protocols.guided.coach.features import Mark, find_marks, measure
from protocols.guided.coach.lexicon import read_packaged

LABELS = ("evidence", "judgement", "mixed")


@dataclass(frozen=True, slots=True)
class Weights:
    """What training found. `digest` names the notes it was trained on; `challenge_from` is the least probability
    that a note judges at which the writer is asked about it."""

    digest: str
    clause: dict[str, float]
    clause_base: float
    note: dict[str, tuple[float, float, float]]
    note_base: tuple[float, float, float]
    challenge_from: float


@dataclass(frozen=True, slots=True)
class WeighedClause:
    """A clause, its features, and the log-odds (natural) that it judges: above 0 judgement, below 0 evidence."""

    clause: Clause
    marks: tuple[Mark, ...]
    judges: float


@cache
def load_weights() -> Weights:
    """The weights shipped with the package."""
    return parse_weights(read_packaged("weights.json"))


def parse_weights(text: str) -> Weights:
    """Weights from their JSON; raises `KeyError` or `ValueError` on a file of another shape."""
    raw = json.loads(text)
    return Weights(
        digest=raw["digest"],
        clause=raw["clause"],
        clause_base=raw["clause_base"],
        note={name: (row[0], row[1], row[2]) for name, row in raw["note"].items()},
        note_base=(raw["note_base"][0], raw["note_base"][1], raw["note_base"][2]),
        challenge_from=raw["challenge_from"],
    )


def weigh_clause(clause: Clause, weights: Weights) -> WeighedClause:
    """How strongly one clause judges."""
    marks = find_marks(clause)
    odds = weights.clause_base
    for feature, strength in measure(marks).items():
        odds += weights.clause.get(feature, 0.0) * strength
    return WeighedClause(clause, marks, odds)


def weigh_clauses(text: str, weights: Weights) -> tuple[WeighedClause, ...]:
    """Every clause of a note, weighed."""
    return tuple(weigh_clause(clause, weights) for clause in split_clauses(text))


def describe_note(weighed: tuple[WeighedClause, ...], weights: Weights) -> dict[str, float]:
    """Strengths by which a note is told apart, from its weighed clauses (at least one)."""
    odds = [max(-6.0, min(6.0, item.judges)) for item in weighed]
    whole = odds[0]
    if len(weighed) > 1:
        tokens = tuple(token for item in weighed for token in item.clause.tokens)
        whole = max(-8.0, min(8.0, weigh_clause(Clause(tokens), weights).judges))
    most, least = max(odds), min(odds)
    return {
        "whole": whole,
        "most": most,
        "least": least,
        "judging": _sure(most),
        "plain": _sure(-least),
        "whole judging": _sure(whole),
        "both": _sure(most) * _sure(-least),
        "single": float(len(odds) == 1),
        "torn": float(len(odds) == 1) * (1.0 - abs(2.0 * _sure(whole) - 1.0)),
        "share": sum(value > 0 for value in odds) / len(odds),
        "mean": sum(odds) / len(odds),
    }


def weigh_note(weighed: tuple[WeighedClause, ...], weights: Weights) -> dict[str, float]:
    """Probability of each of `LABELS` for a note's weighed clauses (at least one)."""
    scores = list(weights.note_base)
    for name, strength in describe_note(weighed, weights).items():
        for column, weight in enumerate(weights.note[name]):
            scores[column] += weight * strength
    top = max(scores)
    shares = [exp(score - top) for score in scores]
    return {label: share / sum(shares) for label, share in zip(LABELS, shares, strict=True)}


def _sure(odds: float) -> float:
    return 1.0 / (1.0 + exp(-odds))
