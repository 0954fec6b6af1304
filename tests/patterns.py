"""Every regular expression of the product, and words on which one that goes back and forth would do so.

``every_pattern`` finds those that modules keep, however deep in tuples, dicts and topics, and those that are written
where they are used. ``attacks`` makes, of what an expression is made of, texts that repeat what one of its parts
matches: whatever is quadratic or worse is so on one of them, as a rule.
"""

import ast
import importlib
import pkgutil
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from itertools import islice
from pathlib import Path
from re import _constants as kinds  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from types import ModuleType
from typing import Any

PACKAGES = ("bot", "handlers", "storage", "protocols")
ALPHABET = " \n\t\raAbBeEiInNoOsStTzZ0179_-–—.,;:!?'’\"“()[]{}<>/\\@#$%&*+=|~^`•§é×"
"""Letters by which the classes of an expression are told apart."""


@dataclass(frozen=True, slots=True)
class Found:
    """A pattern, and where it is: a module's name of it, or the module and line where it is written. ``ways`` are the
    methods it is used by: at the beginning of a text, as all of it, or sought at every place."""

    where: str
    pattern: re.Pattern[str]
    ways: frozenset[str]

    def try_on(self, text: str) -> None:
        """Look for it as the product does."""
        if self.ways & SOUGHT:
            for _ in self.pattern.finditer(text):
                pass
        if "match" in self.ways:
            self.pattern.match(text)
        if "fullmatch" in self.ways:
            self.pattern.fullmatch(text)


def product_modules() -> list[ModuleType]:
    names = []
    for package in PACKAGES:
        folder = importlib.import_module(package)
        names += [package] + [one.name for one in pkgutil.walk_packages(folder.__path__, f"{package}.")]
    return [
        importlib.import_module(name)
        for name in names
        if ".migrations" not in name and "__main__" not in name
    ]


def every_pattern() -> tuple[list[Found], list[str]]:
    """The patterns, each once; and the places where one is put together of what is only known when it is used."""
    found: dict[tuple[str, int], Found] = {}
    late: list[str] = []
    modules = product_modules()
    ways = _ways(modules)

    def add(where: str, pattern: re.Pattern[str], used: frozenset[str]) -> None:
        key = (pattern.pattern, pattern.flags)
        found[key] = Found(where, pattern, used | (found[key].ways if key in found else frozenset()))

    for module in modules:
        for name, value in list(vars(module).items()):
            if isinstance(value, ModuleType) or name.startswith("__"):
                continue
            for pattern in _held(value, set()):
                # One that stands in a tuple is called by another name, and may be used in any way.
                used = ways.get(name, _CALLS) if isinstance(value, re.Pattern) else _CALLS
                add(f"{module.__name__}.{name}", pattern, used)
        for line, way, pattern in _written(module):
            where = f"{module.__name__}:{line}"
            if pattern is None:
                late.append(where)
            elif isinstance(pattern.pattern, bytes):
                continue  # of files' bytes, read apart and within limits
            else:
                add(where, pattern, frozenset({way}))
    return list(found.values()), late


def _tree(module: ModuleType) -> ast.Module:
    file = getattr(module, "__file__", None)
    return ast.parse(Path(file).read_text(encoding="utf-8")) if file else ast.Module([], [])


def _held(value: Any, seen: set[int]) -> Iterator[re.Pattern[str]]:
    if id(value) in seen:
        return
    seen.add(id(value))
    if isinstance(value, re.Pattern):
        if isinstance(value.pattern, str):
            yield value
    elif isinstance(value, Mapping):
        for one in (*value.keys(), *value.values()):
            yield from _held(one, seen)
    elif isinstance(value, (tuple, list, set, frozenset)):
        for one in value:
            yield from _held(one, seen)
    elif is_dataclass(value) and not isinstance(value, type):
        for field in fields(value):
            yield from _held(getattr(value, field.name), seen)


_CALLS = frozenset({"compile", "match", "search", "fullmatch", "sub", "subn", "split", "findall", "finditer"})
SOUGHT = frozenset({"search", "sub", "subn", "split", "findall", "finditer"})


def _ways(modules: list[ModuleType]) -> dict[str, frozenset[str]]:
    """How patterns are used, by the name under which they are; a name that is handed on counts as used in every way."""
    found: dict[str, set[str]] = {}
    for module in modules:
        tree = _tree(module)
        called = set()
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and isinstance(node.value, (ast.Name, ast.Attribute)):
                name = node.value.id if isinstance(node.value, ast.Name) else node.value.attr
                if node.attr in _CALLS:
                    found.setdefault(name, set()).add(node.attr)
                    called.add(id(node.value))
        for node in ast.walk(tree):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and id(node) not in called:
                found.setdefault(node.id, set()).update(
                    _CALLS if node.id.isupper() or node.id[0] == "_" else ()
                )
    return {name: frozenset(ways) for name, ways in found.items()}


def _written(module: ModuleType) -> Iterator[tuple[int, str, re.Pattern[str] | None]]:
    """Patterns in calls of ``re``; None where they cannot be worked out of what the module knows."""
    for node in ast.walk(_tree(module)):
        if not (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and isinstance(node.func.value, ast.Name)
            and node.func.value.id == "re"
            and node.func.attr in _CALLS
        ):
            continue
        flags = _flags(node, module)
        try:
            text = eval(compile(ast.Expression(node.args[0]), "pattern", "eval"), vars(module))
            yield node.lineno, node.func.attr, re.compile(text, 0 if isinstance(text, re.Pattern) else flags)
        except Exception:  # noqa: BLE001 - put together of a function's own names
            yield node.lineno, node.func.attr, None


def _flags(node: ast.Call, module: ModuleType) -> int:
    at = {"compile": 1, "sub": 4, "subn": 4, "split": 3}.get(node.func.attr, 2)  # type: ignore[attr-defined]
    given = [one.value for one in node.keywords if one.arg == "flags"] + node.args[at : at + 1]
    return int(eval(compile(ast.Expression(given[0]), "flags", "eval"), vars(module))) if given else 0


# ---------------------------------------------------------------- texts that repeat what a part of it matches


def attacks(pattern: re.Pattern[str], length: int) -> Iterator[str]:
    """Texts of about ``length`` on which an expression that can go back and forth does."""
    tree = parser.parse(pattern.pattern, pattern.flags & ~re.UNICODE.value & ~re.DEBUG.value)
    letters = _letters(tree, pattern.flags)
    seen = set()
    for head, body in _pumps(tree, letters, pattern.flags):
        for tail in ("\x00", ""):
            text = head + body * max(1, (length - len(head)) // len(body)) + tail
            if text not in seen:
                seen.add(text)
                yield text


def _pumps(tree: Any, letters: list[str], flags: int) -> Iterator[tuple[str, str]]:
    for letter in letters:
        yield "", letter
    whole = list(islice(_samples(tree, letters, flags), 6))
    heads = list(dict.fromkeys(_heads(tree, letters, flags)))
    for head, body in heads:
        for one in filter(None, body):
            yield head, one
            yield "", head + one
        for letter in letters:
            yield head, letter
    for one in filter(None, whole):
        yield "", one
        yield "", one + " "
        if len(one) > 1:
            yield "", one[:-1]


def _heads(tree: Any, letters: list[str], flags: int) -> Iterator[tuple[str, tuple[str, ...]]]:
    """For each part that may repeat: what may stand before it, and what it repeats."""
    before = ""
    for at, (kind, what) in enumerate(tree):
        if kind in (kinds.MAX_REPEAT, kinds.MIN_REPEAT, kinds.POSSESSIVE_REPEAT):
            _least, most, inner = what
            if most is kinds.MAXREPEAT or most >= 8:
                bodies = [one for one in islice(_samples(inner, letters, flags), 8) if one]
                follow = next(iter(_samples(tree[at + 1 :], letters, flags)), "")
                bodies += [one + follow for one in bodies[:3] if follow]
                yield before, tuple(dict.fromkeys(bodies))
            for head, body in _heads(inner, letters, flags):
                yield before + head, body
        elif kind is kinds.SUBPATTERN:
            for head, body in _heads(what[3], letters, flags):
                yield before + head, body
        elif kind is kinds.ATOMIC_GROUP:
            for head, body in _heads(what, letters, flags):
                yield before + head, body
        elif kind is kinds.BRANCH:
            for branch in what[1][:12]:
                for head, body in _heads(branch, letters, flags):
                    yield before + head, body
        elif kind in (kinds.ASSERT, kinds.ASSERT_NOT):
            for head, body in _heads(what[1], letters, flags):
                yield before + head, body
        before += next(iter(_samples([(kind, what)], letters, flags)), "")


def _samples(tree: Any, letters: list[str], flags: int) -> Iterator[str]:
    """A few texts that the parts match one after the other."""
    found = [""]
    for kind, what in tree:
        ways = list(islice(_one(kind, what, letters, flags), 8)) or [""]
        found = list(dict.fromkeys(one + way for way in ways[:4] for one in found))[:8]
    yield from found


def _one(kind: Any, what: Any, letters: list[str], flags: int) -> Iterator[str]:
    if kind is kinds.LITERAL:
        yield chr(what)
    elif kind in (kinds.IN, kinds.NOT_LITERAL, kinds.ANY):
        yield from [one for one in letters if _takes(kind, what, one, flags)]
    elif kind is kinds.BRANCH:
        for branch in what[1]:
            yield from islice(_samples(branch, letters, flags), 2)
    elif kind is kinds.SUBPATTERN:
        yield from _samples(what[3], letters, flags)
    elif kind is kinds.ATOMIC_GROUP:
        yield from _samples(what, letters, flags)
    elif kind in (kinds.MAX_REPEAT, kinds.MIN_REPEAT, kinds.POSSESSIVE_REPEAT):
        least, _most, inner = what
        for one in _samples(inner, letters, flags):
            yield one * max(1, min(least, 60))
        if least == 0:
            yield ""
    elif kind is kinds.ASSERT:
        yield ""
    else:
        yield ""


def _letters(tree: Any, flags: int) -> list[str]:
    """One letter of each kind that the classes of the expression tell apart, and some of no class."""
    classes = list(_classes(tree))
    known: dict[tuple[bool, ...], str] = {}
    for letter in (
        ALPHABET + "".join(sorted({chr(what) for kind, what in classes if kind is kinds.LITERAL}))[:40]
    ):
        known.setdefault(tuple(_takes(kind, what, letter, flags) for kind, what in classes), letter)
    return list(known.values())[:40]


def _classes(tree: Any) -> Iterator[tuple[Any, Any]]:
    for kind, what in tree:
        if kind in (kinds.IN, kinds.NOT_LITERAL, kinds.ANY):
            yield kind, what
        elif kind is kinds.SUBPATTERN:
            yield from _classes(what[3])
        elif kind is kinds.ATOMIC_GROUP:
            yield from _classes(what)
        elif kind in (kinds.MAX_REPEAT, kinds.MIN_REPEAT, kinds.POSSESSIVE_REPEAT):
            inner = what[2]
            if len(inner) == 1 and inner[0][0] is kinds.LITERAL:
                yield inner[0]
            yield from _classes(inner)
        elif kind is kinds.BRANCH:
            for branch in what[1]:
                yield from _classes(branch)
        elif kind in (kinds.ASSERT, kinds.ASSERT_NOT):
            yield from _classes(what[1])


_SINGLE: dict[tuple[str, str, int], bool] = {}


def _takes(kind: Any, what: Any, letter: str, flags: int) -> bool:
    if kind is kinds.ANY:
        return bool(flags & re.DOTALL) or letter != "\n"
    if kind is kinds.LITERAL:
        return chr(what) == letter
    if kind is kinds.NOT_LITERAL:
        return chr(what) != letter
    key = (str(what), letter, flags)
    if key not in _SINGLE:
        _SINGLE[key] = _in_class(what, letter, flags)
    return _SINGLE[key]


_CATEGORIES = {
    "CATEGORY_DIGIT": str.isdecimal,
    "CATEGORY_SPACE": str.isspace,
    "CATEGORY_WORD": lambda letter: letter.isalnum() or letter == "_",
}


def _in_class(what: Any, letter: str, flags: int) -> bool:
    is_not = what[0][0] is kinds.NEGATE
    alike = {letter, letter.lower(), letter.upper()} if flags & re.IGNORECASE else {letter}
    for kind, value in what[is_not:]:
        if kind is kinds.LITERAL and chr(value) in alike:
            return not is_not
        if kind is kinds.RANGE and any(value[0] <= ord(one) <= value[1] for one in alike if len(one) == 1):
            return not is_not
        if kind is kinds.CATEGORY:
            name = str(value).replace("_NOT_", "_").replace("UNI_", "")
            if _CATEGORIES[name](letter) != ("_NOT_" in str(value)):
                return not is_not
    return bool(is_not)
