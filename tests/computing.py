"""A ceiling on how long something computes: the processor's time, for what the clock says depends on what else runs."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager


class OverTime(BaseException):
    """Computed for too long. No reader may catch it, as they do what they stumble over."""


@contextmanager
def in_time(seconds: float) -> Iterator[None]:
    """Raises ``OverTime`` where what it holds computes for longer than that; a regular expression is ended, too."""

    def over(_number: int, _frame: object) -> None:
        raise OverTime

    before = signal.signal(signal.SIGPROF, over)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
