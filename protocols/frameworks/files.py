"""A framework's text whatever its format, and the framework that comes with Throughline."""

from functools import cache
from importlib import resources

from protocols.frameworks.csv_files import ignored_columns, parse_csv
from protocols.frameworks.values import Framework
from protocols.frameworks.yaml_files import parse_yaml
from protocols.roster.sheet import fold

_YAML_ENDS, _CSV_ENDS = (".yaml", ".yml"), (".csv", ".tsv")


@cache
def packaged() -> Framework:
    """The framework in force where a district has none of its own."""
    file = resources.files("protocols.frameworks") / "library" / "teaching_and_learning.yaml"
    return parse_yaml(file.read_text(encoding="utf-8"), name=file.name)


def decode(data: bytes) -> str:
    """A file's bytes as text: UTF-8, UTF-16 with its mark, or else Windows-1252, in which a spreadsheet's plain CSV has
    its curly apostrophes."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", errors="replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="ignore")  # five bytes mean nothing there


def parse(text: str, *, name: str) -> Framework:
    """The framework in a YAML or CSV file; its ``name`` or first line tells which. Raises ``FrameworkRefused``."""
    return parse_csv(text, name=name) if is_csv(text, name=name) else parse_yaml(text, name=name)


def ignored(text: str, *, name: str) -> tuple[str, ...]:
    """The columns of a CSV file that are passed over; none in YAML, where an unknown key is a fault."""
    return ignored_columns(text) if is_csv(text, name=name) else ()


def is_csv(text: str, *, name: str) -> bool:
    """By the end of the name; without one, by whether the first line reads as headings."""
    if name.casefold().endswith(_YAML_ENDS):
        return False
    if name.casefold().endswith(_CSV_ENDS):
        return True
    heading = text.removeprefix("\ufeff").lstrip().partition("\n")[0]
    cells = heading.replace(";", ",").replace("\t", ",").split(",")
    return (
        len({"area", "practice", "lookfor", "level", "meaning"} & {fold(cell.strip()) for cell in cells}) >= 2
    )
