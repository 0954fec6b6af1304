"""Rebuild `weights.json` from the notes: `python -m protocols.guided.coach.train`.

The same notes, seed and version of scikit-learn give the same weights. Clauses are learned first; how a note follows
from its clauses is learned on notes that the clause model has not seen, so that it is not too sure of itself.
Identity of words is hidden from two copies in three of each clause, so that kinds of words carry the weight and
unseen words are judged by their company.
"""

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from random import Random

from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression

from protocols.guided.coach.clauses import Clause, split_clauses
from protocols.guided.coach.features import find_marks, measure
from protocols.guided.coach.grammar import LabelledNote, compose_notes, digest_notes, read_written_notes
from protocols.guided.coach.model import (
    LABELS,
    Weights,
    describe_note,
    parse_weights,
    weigh_clauses,
    weigh_note,
)

SEED = 20
COMPOSED = 4_000
#: A written note counts as much as this many composed ones.
WRITTEN_WORTH = 15.0
#: A note is challenged from this probability on that it judges: above one half, since a wrong challenge costs trust.
CHALLENGE_FROM = 0.55
_FOLDS = 5
_TRAINING_STRENGTH = 0.2
_OUTPUT = Path(__file__).with_name("weights.json")


def collect_notes() -> tuple[LabelledNote, ...]:
    """All notes the shipped weights are trained on."""
    return read_written_notes() + compose_notes(COMPOSED, seed=SEED)


def train(notes: Sequence[LabelledNote]) -> Weights:
    """Fit both steps. Clause weights are fitted on all notes, note weights on five-fold unseen ones."""
    order = list(range(len(notes)))
    Random(SEED).shuffle(order)
    weighed: list[tuple[LabelledNote, dict[str, float]]] = []
    for fold in range(_FOLDS):
        unseen = [notes[index] for index in order[fold::_FOLDS]]
        seen = [notes[index] for place, index in enumerate(order) if place % _FOLDS != fold]
        fitted = _fit_clauses(seen)
        for note in unseen:
            clauses = weigh_clauses(note.text, fitted)
            if clauses:
                weighed.append((note, describe_note(clauses, fitted)))
    vectorizer = DictVectorizer(sparse=False)
    model = LogisticRegression(C=1.0, max_iter=2_000)
    model.fit(
        vectorizer.fit_transform([row for _, row in weighed]),
        [LABELS.index(note.label) for note, _ in weighed],
        sample_weight=[_worth(note) for note, _ in weighed],
    )
    clause = _fit_clauses(notes)
    names = [str(name) for name in vectorizer.get_feature_names_out()]
    return Weights(
        digest=digest_notes(tuple(notes)),
        clause=clause.clause,
        clause_base=clause.clause_base,
        note={name: _three(model.coef_[:, column]) for column, name in enumerate(names)},
        note_base=_three(model.intercept_),
        challenge_from=CHALLENGE_FROM,
    )


def _fit_clauses(notes: Sequence[LabelledNote]) -> Weights:
    random = Random(SEED)
    rows: list[dict[str, float]] = []
    labels: list[int] = []
    worths: list[float] = []
    for note in notes:
        for text, label in note.parts:
            clauses = split_clauses(text)
            tokens = tuple(token for clause in clauses for token in clause.tokens)
            wholes = [Clause(tokens)] if len(clauses) > 1 else []
            for clause in (*clauses, *wholes):
                strengths = measure(find_marks(clause))
                for hidden in (0.0, 0.6, 1.0):
                    rows.append(
                        {
                            name: value
                            for name, value in strengths.items()
                            if not _names_word(name) or random.random() >= hidden
                        }
                    )
                    labels.append(int(label == "judgement"))
                    worths.append(_worth(note) / len(clauses))
    vectorizer = DictVectorizer()
    model = LogisticRegression(C=_TRAINING_STRENGTH, max_iter=2_000)
    model.fit(vectorizer.fit_transform(rows), labels, sample_weight=worths)
    weights = {
        str(name): round(float(weight), 3)
        for name, weight in zip(vectorizer.get_feature_names_out(), model.coef_[0], strict=True)
        if abs(weight) >= 0.02
    }
    return Weights("", weights, round(float(model.intercept_[0]), 3), {}, (0.0, 0.0, 0.0), 0.5)


def _names_word(feature: str) -> bool:
    return feature.startswith(("w:", "b:", "told:w:"))


def _worth(note: LabelledNote) -> float:
    return WRITTEN_WORTH if note.source == "written" else 1.0


def _three(values: Sequence[float]) -> tuple[float, float, float]:
    evidence, judgement, mixed = (round(float(value), 4) for value in values)
    return evidence, judgement, mixed


def write_weights(weights: Weights, path: Path = _OUTPUT) -> None:
    """Write weights as the JSON that `parse_weights` reads, one feature a line so that changes can be read."""
    raw = {
        "digest": weights.digest,
        "challenge_from": weights.challenge_from,
        "clause_base": weights.clause_base,
        "note_base": weights.note_base,
        "note": weights.note,
        "clause": dict(sorted(weights.clause.items())),
    }
    path.write_text(json.dumps(raw, indent=0, ensure_ascii=False) + "\n", encoding="utf-8")
    parse_weights(path.read_text(encoding="utf-8"))


def measure_unseen(notes: Sequence[LabelledNote]) -> dict[str, float]:
    """Accuracy on every fifth written note, trained on the rest; and precision of challenges there."""
    written = [note for note in notes if note.source == "written"]
    tried = written[::5]
    fitted = train([note for note in notes if note not in tried])
    right = challenged = rightly = 0
    for note in tried:
        shares = weigh_note(weigh_clauses(note.text, fitted), fitted)
        verdict = max(shares, key=lambda label: shares[label])
        right += verdict == note.label
        if verdict != "evidence":
            challenged += 1
            rightly += note.label != "evidence"
        if verdict != note.label:
            sys.stderr.write(f"  {note.label} read as {verdict}: {note.text}\n")
    return {"accuracy": right / len(tried), "precision of a challenge": rightly / max(1, challenged)}


def main() -> None:
    """Train, write the weights, and print what they reach on written notes left out."""
    notes = collect_notes()
    for name, value in measure_unseen(notes).items():
        sys.stdout.write(f"{name} on written notes left out: {value:.3f}\n")
    write_weights(train(notes))
    sys.stdout.write(f"{len(notes)} notes -> {_OUTPUT.name}\n")


if __name__ == "__main__":
    main()
