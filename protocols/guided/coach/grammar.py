"""Notes for training: those written one by one, and many more composed from a grammar of clauses.

Everything is drawn from one seeded generator, so the same seed always gives the same notes.
"""

import re
from dataclasses import dataclass
from hashlib import sha256
from random import Random

from protocols.guided.coach.lexicon import load_shorthand, read_packaged

_HOLE = re.compile(r"\{(\w+)\}")
_PART = re.compile(r"([EJ])>\s*")


@dataclass(frozen=True, slots=True)
class LabelledNote:
    """A note with its label, and its parts with theirs (`evidence` or `judgement`). `source` is `written` or
    `composed`."""

    text: str
    label: str
    parts: tuple[tuple[str, str], ...]
    source: str


def read_written_notes() -> tuple[LabelledNote, ...]:
    """The notes written one by one."""
    notes = []
    for label in ("evidence", "judgement"):
        for line in _lines(f"notes/{label}.txt"):
            notes.append(LabelledNote(line, label, ((line, label),), "written"))
    for line in _lines("notes/mixed.txt"):
        _, *pieces = _PART.split(line)
        parts = tuple(
            (text.strip(), "evidence" if mark == "E" else "judgement")
            for mark, text in zip(pieces[::2], pieces[1::2], strict=True)
        )
        notes.append(LabelledNote(" ".join(text for text, _ in parts), "mixed", parts, "written"))
    return tuple(notes)


def compose_notes(count: int, *, seed: int) -> tuple[LabelledNote, ...]:
    """`count` different notes from the grammar: two in five evidence, two in five judgement, one in five mixed."""
    composer = _Composer(seed)
    notes: dict[str, LabelledNote] = {}
    while len(notes) < count:
        note = composer.compose()
        notes.setdefault(note.text, note)
    return tuple(notes.values())


def digest_notes(notes: tuple[LabelledNote, ...]) -> str:
    """A fingerprint of notes and labels, so that weights can be told from stale ones."""
    told = "\n".join(f"{note.label}\t{note.text}" for note in notes)
    return sha256(told.encode()).hexdigest()


class _Composer:
    def __init__(self, seed: int) -> None:
        self._random = Random(seed)
        self._rules = _read_rules()
        self._short: dict[str, list[str]] = {}
        for short, long in load_shorthand().items():
            self._short.setdefault(long, []).append(short)

    def compose(self) -> LabelledNote:
        label = self._random.choices(("evidence", "judgement", "mixed"), weights=(2, 2, 1))[0]
        if label != "mixed":
            text = self._write(self._expand(label))
            return LabelledNote(text, label, ((text, label),), "composed")
        seen = self._expand("evidence")
        if self._random.random() < 0.5:
            judged, joiner = self._expand("because"), " "
            first_is_seen = True
        else:
            judged, joiner = self._expand("judgement"), self._random.choice((". ", "; ", ", ", " - ", ": "))
            first_is_seen = self._random.random() < 0.5
        short = self._random.random() < 0.2
        seen, judged = self._style(seen, short), self._style(judged, short)
        first, second = (seen, judged) if first_is_seen else (judged, seen)
        if joiner == ". ":
            second = _capital(second)
        text = re.sub(r"\s+([,.])", r"\1", _capital(first) + joiner + second) + self._random.choice(
            (".", ".", "")
        )
        return LabelledNote(text, "mixed", ((seen, "evidence"), (judged, "judgement")), "composed")

    def _expand(self, name: str) -> str:
        pattern = self._random.choice(self._rules[name])
        return _HOLE.sub(lambda hole: self._expand(hole.group(1)), pattern)

    def _write(self, text: str) -> str:
        if self._random.random() < 0.25:
            return self._style(text, True)
        text = _capital(text)
        return text + self._random.choice((".", ".", ".", "", "!" if self._random.random() < 0.1 else "."))

    def _style(self, text: str, short: bool) -> str:
        if not short:
            return text
        words = []
        for word in text.split():
            if word in {"the", "a", "an", "were", "was", "is", "are"} and self._random.random() < 0.75:
                continue
            options = self._short.get(word)
            words.append(self._random.choice(options) if options and self._random.random() < 0.6 else word)
        return " ".join(words) or text


def _read_rules() -> dict[str, list[str]]:
    rules: dict[str, list[str]] = {}
    name = ""
    for line in read_packaged("notes/grammar.txt").splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        if line.startswith(" "):
            body = line
        else:
            name, _, body = line.partition(" = ")
        rules.setdefault(name, []).extend(filter(None, (option.strip() for option in body.split(" | "))))
        rules[name] = [option.removeprefix("| ") for option in rules[name]]
    return rules


def _lines(name: str) -> list[str]:
    lines = (line.strip() for line in read_packaged(name).splitlines())
    return [line for line in lines if line and not line.startswith("#")]


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
