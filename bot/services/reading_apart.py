"""Reading a file that somebody sent in a process of its own (``apart``): ten seconds of computing at most."""

from dataclasses import asdict
from typing import Any

from bot.services.apart import TooMuchError, answer_apart, run_apart
from protocols.documents.document import MAX_BYTES, TOO_LARGE, TOO_MUCH, Document, DocumentFault, Kind
from protocols.documents.reading import read_document

SECONDS = 10.0
PATIENCE = 2 * SECONDS
"""By the clock, where the machine does other things as well."""
_MODULE = "bot.services.reading_apart"


def read_apart(data: bytes, *, seconds: float = SECONDS, patience: float = PATIENCE) -> Document:
    """``read_document`` in another process. Raises ``DocumentFault``, also where it takes too long or too much."""
    if len(data) > MAX_BYTES:
        raise DocumentFault(TOO_LARGE)
    try:
        answer = run_apart(_MODULE, {}, data, seconds=seconds, patience=patience)
    except TooMuchError:
        raise DocumentFault(TOO_MUCH) from None
    if "fault" in answer:
        raise DocumentFault(answer["fault"])
    notes, attached = tuple(answer["notes"]), tuple(answer["attached"])
    return Document(answer["text"], Kind(answer["kind"]), notes, attached)


def _read(_wanted: dict[str, Any], data: bytes) -> dict[str, Any]:
    try:
        document = read_document(data)
    except DocumentFault as fault:
        return {"fault": str(fault)}
    return asdict(document)


if __name__ == "__main__":
    answer_apart(_read)
