"""A parcel as Slack messages, with its pictures and files where Slack can get at them.

Where the bot has a public https address Slack fetches pictures from it, and a file is a link. Where it has none, a
picture is put into Slack first and shown by its id, and a file is put into the reader's conversation, below the card.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from bot.attachments import Addresses, bytes_of, reachable
from bot.platforms.base import Parcel
from bot.platforms.faults import Fault, FaultKind
from bot.platforms.slack_uploads import NO_UPLOAD, SlackUploads
from bot.render import block_kit
from handlers.cards import Card, Chart, Download
from handlers.intake.original_files import OpenFile

FILE = "file:"
"""Before a file's id, among the names of a message's parts."""
NOT_POSTED = FILE + "none"
"""The part that a file is which is not to be had any more, or not to be put into this workspace."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """``files`` come after the ``messages``: each with its token. ``has_own_pictures``: some are held by Slack."""

    messages: tuple[block_kit.SlackMessage, ...]
    files: tuple[tuple[Download, str], ...] = ()
    has_own_pictures: bool = False

    @property
    def count(self) -> int:
        return len(self.messages) + len(self.files)


class SlackDrawing:
    """``open_file`` answers with a memo's original by its token, or None where that is not open any more."""

    def __init__(
        self, addresses: Addresses, uploads: SlackUploads, open_file: Callable[[str], OpenFile | None]
    ) -> None:
        self._addresses = addresses
        self._uploads = uploads
        self._open_file = open_file

    async def draw(self, parcel: Parcel) -> Drawn:
        """The parcel's messages and files. Raises ``Fault``: then nothing was posted."""
        own: dict[Chart, str] = {}
        if not self._addresses.has_pictures and parcel.tokens:
            own = await self._uploads.pictures(parcel.card)
        return self._drawn(parcel, own)

    def draw_in_words(self, parcel: Parcel) -> Drawn:
        """The same without pictures that Slack would hold."""
        return self._drawn(parcel, {})

    def in_words(self, card: Card) -> tuple[block_kit.SlackMessage, ...]:
        """A card for somebody who has no outbox, and so no addresses."""
        shown, addresses = reachable(card, {}, self._addresses)
        return _render(shown, addresses)

    async def post_file(self, file: tuple[Download, str], channel: str) -> str:
        """Put a file into a conversation; the name of that part. Raises ``Fault``."""
        block, token = file
        data = await asyncio.to_thread(self._bytes, block, token)
        if not data:
            return NOT_POSTED
        try:
            return FILE + await self._uploads.put(block.name, data, title=block.label, channel=channel)
        except Fault as fault:
            if fault.kind is FaultKind.REFUSED or fault.code in NO_UPLOAD:
                return NOT_POSTED
            raise

    def find_files(self, parcel: Parcel, there: Sequence[tuple[str, str]], total: int) -> dict[int, str]:
        """Which of the parcel's files are in the conversation (``there``: name and id, since the parcel was written),
        by their number among its ``total`` parts. Told by their names: one of the same name counts as it."""
        files = self._files(parcel)
        left = list(there)
        found: dict[int, str] = {}
        for number, (block, _token) in enumerate(files, total - len(files)):
            at = next((one for one in left if one[0] == block.name), None)
            if at is not None:
                left.remove(at)
                found[number] = FILE + at[1]
        return found

    def _drawn(self, parcel: Parcel, own: dict[Chart, str]) -> Drawn:
        files = self._files(parcel)
        card, addresses = reachable(parcel.card, parcel.tokens, self._addresses, own=own, follows=bool(files))
        return Drawn(_render(card, addresses), files, has_own_pictures=bool(own))

    def _files(self, parcel: Parcel) -> tuple[tuple[Download, str], ...]:
        if self._addresses.base is not None:
            return ()
        return tuple(
            (block, parcel.tokens[position])
            for position, block in enumerate(parcel.card.blocks)
            if isinstance(block, Download) and position in parcel.tokens
        )

    def _bytes(self, block: Download, token: str) -> bytes:
        if block.is_opened_late:
            file = self._open_file(token)
            return file.data if file is not None else b""
        return bytes_of(block)


def names_of(message: dict[str, Any], us: str | None) -> list[tuple[str, str]]:
    """Name and id of the files of a message of ours in a conversation's history."""
    if us is None or message.get("user") != us:
        return []
    files = [one for one in message.get("files") or [] if isinstance(one, dict)]
    return [(str(one.get("name")), str(one.get("id"))) for one in files]


def _render(card: Card, addresses: dict[Chart | Download, str]) -> tuple[block_kit.SlackMessage, ...]:
    return block_kit.render(card, chart_address=addresses.__getitem__, download_address=addresses.__getitem__)
