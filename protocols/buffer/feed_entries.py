"""The entries of an RSS or Atom feed, each as a small page of its own.

What an entry is, is decided by its own id; whether it has changed, by its words: hosts write dates and markup anew
that nobody reads.
"""

import calendar
import html
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

import feedparser

from protocols.buffer.letterhead import fingerprint_of

MOST_ENTRIES = 500
"""Of one copy. Feeds hold the newest ten to a hundred; a longer one is an archive."""
TEASER_WORDS = 60
"""An entry with fewer words of its own, and a link, announces a page rather than being one."""
LONGEST_ENTRY = 400_000
"""Characters of one entry."""

BEFORE = timedelta(days=14)
"""So long before it was followed an entry may have been published and still be taken in."""

MOST_FILES = 5
"""Of one entry."""

_DOCUMENT = re.compile(r"(?i)(?:pdf|wordprocessingml\.document|docx|html|rfc822|\.eml|\.txt|text/plain)$")
_MORE = re.compile(r"(?i)\s*(?:\[?(?:…|\.\.\.)\]?|read more|continue reading)[\s.…»>]*$")
_TAG = re.compile(r"<[^>]{0,2000}>")


class FeedFault(ValueError):
    """The text is no feed; it says so in a sentence that a person may read."""


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """``key`` is the entry's own id, hashed; ``fingerprint`` changes with its words and files. ``published`` is aware
    UTC, None where it bears no date. ``page`` is a whole HTML page of the entry. ``files`` are the addresses of
    documents that hang on it, ``link`` is where it stands on the web; ``is_teaser``: it only announces
    what is there."""

    key: str
    fingerprint: str
    title: str
    link: str
    published: datetime | None
    page: str
    is_teaser: bool
    files: tuple[str, ...] = ()

    @property
    def leads_to(self) -> tuple[str, ...]:
        """What has to be fetched to know all that it says."""
        return (*([self.link] if self.is_teaser else []), *self.files)

    def to_json(self) -> dict[str, Any]:
        return {**asdict(self), "published": self.published.isoformat() if self.published else None}

    @classmethod
    def from_json(cls, known: Mapping[str, Any]) -> "FeedEntry":
        published = datetime.fromisoformat(known["published"]) if known["published"] else None
        return cls(**{**known, "published": published, "files": tuple(known["files"])})


@dataclass(frozen=True, slots=True)
class MemoFeed:
    """A copy of a feed: what it calls itself, and its entries in the order they were published, undated ones first."""

    title: str
    entries: tuple[FeedEntry, ...]


_ACTIVE = re.compile(
    r"<\s{0,3}/?\s{0,3}(?:script|iframe|object|embed|style|svg|form|base)\b|\son[a-z]{3,20}\s{0,3}=|javascript:",
    re.IGNORECASE,
)
"""What feedparser takes out of every entry but some of broken feeds: where it is left, only the words are kept."""
_BROKEN = "That feed is broken or cut off, so I can't read an entry of it."


def read_feed(data: bytes) -> MemoFeed:
    """The entries of RSS 0.9 to 2.0 and Atom. Raises ``FeedFault`` for what is none, and for one cut off before its
    first entry; of one cut off later, the entries before."""
    try:
        parsed = feedparser.parse(io.BytesIO(data), sanitize_html=True, resolve_relative_uris=True)
    except ValueError:  # of a declared encoding that is no name of one
        raise FeedFault(
            "That feed does not say in which encoding it is written, so I can't read it."
        ) from None
    except (LookupError, AttributeError, TypeError):  # the parser stumbles over some broken ones itself
        raise FeedFault(_BROKEN) from None
    if not parsed.get("version"):
        raise FeedFault(
            "That is not an RSS or Atom feed. Look on the page for a link that says RSS, and copy its address."
        )
    found: dict[str, FeedEntry] = {}
    for entry in parsed.entries[:MOST_ENTRIES]:
        read = _read_entry(dict(entry))  # as it is: feedparser's own look-up guesses, and warns that it does
        if read is not None:
            found.setdefault(read.key, read)
    if parsed.get("bozo") and not found:
        raise FeedFault(_BROKEN)
    oldest = datetime.min.replace(tzinfo=UTC)
    ordered = sorted(found.values(), key=lambda one: one.published or oldest)
    return MemoFeed(_line(parsed.feed.get("title", ""))[:200], tuple(ordered))


def _read_entry(entry: Mapping[str, Any]) -> FeedEntry | None:
    title, link = _line(entry.get("title", "")), str(entry.get("link", "")).strip()
    bodies = [str(one.get("value", "")) for one in entry.get("content") or []]
    # The longest: a feed may hold both the whole text and the first lines of it.
    body = max([*bodies, str(entry.get("summary", ""))], key=len)[:LONGEST_ENTRY]
    words = html.unescape(_TAG.sub(" ", body))
    if _ACTIVE.search(body):
        body = html.escape(words)
    name = str(entry.get("id", "")).strip() or link or f"{title}\n{words}"
    files = _files(entry)
    if not (title or words.strip() or files):
        return None
    published = _instant(entry.get("published_parsed")) or _instant(entry.get("updated_parsed"))
    return FeedEntry(
        key=sha256(name.encode(errors="replace")).hexdigest(),
        fingerprint=fingerprint_of("\n".join((title, words, *files))),
        title=title,
        link=link,
        published=published,
        page=_page(title, published, body),
        is_teaser=bool(link) and not files and len(words.split()) < TEASER_WORDS,
        files=files,
    )


def _files(entry: Mapping[str, Any]) -> tuple[str, ...]:
    """The documents among what hangs on an entry; sound and pictures are none."""
    found = [one for one in entry.get("links") or [] if one.get("rel") == "enclosure"]
    return tuple(
        dict.fromkeys(
            href
            for one in found
            if (href := str(one.get("href", "")).strip())
            and (_DOCUMENT.search(str(one.get("type", ""))) or _DOCUMENT.search(re.sub(r"[?#].*", "", href)))
        )
    )[:MOST_FILES]


def _page(title: str, published: datetime | None, body: str) -> str:
    """The entry with its title and its day above it, as a memo bears them."""
    head = [f"<p>Subject: {html.escape(title)}</p>"] if title else []
    if published is not None:
        head.append(f"<p>Date: {published:%B} {published.day}, {published.year}</p>")
    return (
        f'<!doctype html><html><head><meta charset="utf-8"><title>{html.escape(title)}</title></head>'
        f"<body>{''.join(head)}\n<div>{body}</div></body></html>"
    )


def _instant(parts: Any) -> datetime | None:
    """Feedparser gives times as tuples in UTC; years that no calendar has are left out."""
    if parts is None:
        return None
    try:
        return datetime.fromtimestamp(calendar.timegm(parts), UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _line(text: str) -> str:
    return " ".join(html.unescape(_TAG.sub(" ", str(text))).split())


# ---------------------------------------------------------------- what of a copy comes in


@dataclass(frozen=True, slots=True)
class Fresh:
    """What a copy brings: entries to take in, oldest first, and those that are only remembered as seen."""

    take: tuple[FeedEntry, ...]
    leave: tuple[FeedEntry, ...]


def choose_fresh(
    entries: Sequence[FeedEntry], known: Mapping[str, str], *, since: datetime, is_first: bool, most: int
) -> Fresh:
    """Which entries are new or have changed. ``known`` is the fingerprint of each entry as last seen.

    Whoever follows a feed gets no avalanche: what was published more than ``BEFORE`` before ``since`` (when the feed
    was followed) is left, and at the first reading (``is_first``) also what bears no date. An entry that was let in
    or left, and now reads otherwise, is taken: a deadline may have moved. At most ``most`` are taken; the others are
    neither taken nor left, so that the next reading finds them.
    """
    take: list[FeedEntry] = []
    leave: list[FeedEntry] = []
    for entry in entries:
        if known.get(entry.key) == entry.fingerprint:
            continue
        is_old = is_first if entry.published is None else entry.published < since - BEFORE
        if entry.key not in known and is_old:
            leave.append(entry)
        elif len(take) < most:
            take.append(entry)
    return Fresh(tuple(take), tuple(leave))


def with_teaser(teaser: str, page: str) -> str:
    """The page's words, and above them those lines of the entry that announced it which are not in the page too."""
    told = _folded(page)
    missing = [
        line for line in teaser.splitlines() if (words := _folded(_MORE.sub("", line))) and words not in told
    ]
    return "\n".join([*missing, "", page]) if missing else page


def _folded(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))
