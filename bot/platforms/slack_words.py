"""What people wrote, from the form in which Slack hands it over.

Slack escapes ``&``, ``<`` and ``>`` and wraps addresses and mentions in angle brackets. A memo must come out as it
was written, for its words are quoted back; so a link keeps its words, and its address where the words hide it.
Source: docs.slack.dev, "Formatting message text".
"""

import re

_BRACKETS = re.compile(r"<([^<>|]*)(?:\|([^<>]*))?>")


def read_text(text: str, *, bot_user: str | None = None) -> str:
    """The plain text of a message. ``bot_user``: mentions of this user id are taken out (they only call the bot)."""

    def word(match: re.Match[str]) -> str:
        target, label = match[1], match[2]
        if target.startswith("@"):
            if bot_user is not None and target[1:] == bot_user:
                return ""
            return f"@{label or target[1:]}"
        if target.startswith("#"):
            return f"#{label or target[1:]}"
        if target.startswith("!"):
            return label or "@" + target[1:].split("^")[0]
        if label is None:
            return target.removeprefix("mailto:")
        bare = re.sub(r"^(mailto:|https?://)", "", target).rstrip("/")
        return label if label.rstrip("/") in (target, bare, target.rstrip("/")) else f"{label} ({target})"

    plain = _BRACKETS.sub(word, text)
    return plain.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&").strip()
