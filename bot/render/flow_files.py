"""The pictures of the packaged protocols and their index, written anew: ``python -m bot.render.flow_files FOLDER``."""

import re
import sys
from collections.abc import Mapping
from pathlib import Path

from bot.render.flow import draw
from protocols.guided.catalog import library
from protocols.guided.flow import Flow, describe, say_bend, say_box, say_time
from protocols.guided.steps import Protocol

INDEX = "README.md"
_INTRODUCTION = """# How each protocol goes

Made from the files in `protocols/guided/library` by `make flows`; change those, not this. Each picture has its words
below it. In a picture the number and the minutes of a step stand at the left. A dashed box is a branch, an arrow at the
right leads back, and a bracket holds what is done once for each entry of a list.
"""
_MARKUP = re.compile(r"([\\`*_{}\[\]<>|#])")


def flow_files(protocols: Mapping[str, Protocol]) -> dict[str, str]:
    """What stands in the folder: the text of each file by its name."""
    flows = sorted((describe(protocol) for protocol in protocols.values()), key=lambda flow: flow.title)
    rows = [
        f"| [{_plain(flow.title)}](#{_anchor(flow.title)}) | {say_time(flow.time)} | {_plain(flow.purpose)} |"
        for flow in flows
    ]
    index = "\n".join((_INTRODUCTION, "| Protocol | Time | What it is for |", "|---|---|---|", *rows, ""))
    pages = "\n".join(_page(flow) for flow in flows)
    return {INDEX: f"{index}\n{pages}", **{f"{flow.key}.svg": draw(flow) for flow in flows}}


def _page(flow: Flow) -> str:
    lines = [f"## {_plain(flow.title)}", "", _plain(flow.purpose), ""]
    lines += [f"- Who: {_plain('; '.join(flow.people))}"]
    lines += [f"- Leads: {_plain(flow.leads)}"] if flow.leads else []
    lines += [f"- Time: {say_time(flow.time)}", f"- After: {_plain(flow.source)}", ""]
    lines += [
        f'<img src="{flow.key}.svg" width="400" alt="The flow of {_plain(flow.title)}, in words below.">',
        "",
    ]
    for phase in flow.phases:
        time = f" ({say_time(phase.time)})" if phase.time.minutes else ""
        lines += [f"**{_plain(phase.title[:1].upper() + phase.title[1:])}**{time}", ""]
        lines += [f"{box.number}. {_plain(say_box(box))}" for box in phase.boxes]
        lines.append("")
    lines += [f"- {_plain(say_bend(bend))}" for bend in flow.bends]
    return "\n".join(lines).rstrip() + "\n"


def _anchor(title: str) -> str:
    return re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-")


def _plain(text: str) -> str:
    return _MARKUP.sub(r"\\\1", text)


def main(folder: Path) -> None:
    """Write every file, and remove the picture of a protocol that is no longer there."""
    folder.mkdir(parents=True, exist_ok=True)
    files = flow_files(library())
    for path in folder.glob("*.svg"):
        if path.name not in files:
            path.unlink()
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
