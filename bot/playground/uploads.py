"""Files that are sent with the page's form: read from it, and named so that a form sent twice is one."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from aiohttp.web import FileField
from multidict import MultiMapping

from handlers.intake.sent_files import SentFile, called
from storage.originals import Arrival, Source


@dataclass(frozen=True, slots=True)
class Upload:
    """A file of a posted form."""

    name: str
    media_type: str
    data: bytes

    def sent(self, person_id: int, key: str) -> SentFile:
        """The file as the front desk hears of it; ``key`` is that of the page the form stood on."""
        mark = sha256(self.data).hexdigest()[:16]
        return SentFile(f"playground:{person_id}:{key}:{mark}", self.name, self.media_type, len(self.data))

    def arrival(self, file: SentFile, now: datetime) -> Arrival:
        return Arrival(
            self.data,
            Source.FILE,
            now,
            source_ref=file.reference,
            name=called(file),
            media_type=self.media_type[:100],
        )


def read_uploads(posted: MultiMapping[Any]) -> list[Upload]:
    """The files of a form, in their order; a control in which nothing was chosen sends one without a name."""
    return list(_read(posted.getall("file", [])))


def _read(fields: Iterable[Any]) -> Iterable[Upload]:
    for field in fields:
        if isinstance(field, FileField) and field.filename:
            with field.file as file:
                yield Upload(field.filename, field.content_type, file.read())
