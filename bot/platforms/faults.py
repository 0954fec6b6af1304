"""What a call to a platform can come to besides an answer, and what that means for a message."""

from enum import StrEnum

from bot.platforms.base import InDoubt, Limited, Outcome, Revoked, Unavailable, Unreachable


class FaultKind(StrEnum):
    LIMITED = "limited"  # too many requests; ``wait`` seconds
    UNAVAILABLE = (
        "unavailable"  # no connection, or something on the way that is not the platform: surely not accepted
    )
    REVOKED = "revoked"  # our credentials
    REFUSED = "refused"  # a definite no, about this call; ``code`` is the platform's word for it
    IN_DOUBT = "in_doubt"  # perhaps accepted


class Fault(Exception):
    """A call that did not succeed. Holds the platform's error code, never what was sent."""

    def __init__(self, kind: FaultKind, code: str, *, wait: float = 0.0) -> None:
        super().__init__(f"{kind}: {code}")
        self.kind = kind
        self.code = code
        self.wait = wait


def outcome_of(
    fault: Fault, parts: tuple[str, ...], *, is_posting: bool, address: dict[str, str] | None = None
) -> Outcome:
    """What a fault means for a message. ``is_posting``: whether the call could have posted it; ``address`` is what
    was learned about reaching the person until then."""
    match fault.kind:
        case FaultKind.LIMITED:
            return Limited(fault.wait, parts)
        case FaultKind.UNAVAILABLE:
            return Unavailable(fault.code, parts)
        case FaultKind.REVOKED:
            return Revoked(fault.code, parts)
        case FaultKind.REFUSED:
            return Unreachable(fault.code)
        case FaultKind.IN_DOUBT if is_posting:
            return InDoubt(fault.code, parts, address or {})
        case FaultKind.IN_DOUBT:
            return Unavailable(fault.code, parts)  # nothing was to be posted yet
