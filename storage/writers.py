"""The line of those who want to write to a database that has one writer at a time.

SQLite lets whoever happens to ask first after a commit go on, and all others ask again after pauses that grow to a
tenth of a second: a press may be passed over again and again by a sender that writes without a break. In one process
they therefore stand in line: first come, first served, and whoever cannot wait before all others.
"""

from collections import deque
from threading import Lock


class Line:
    """One turn at a time, in order. Whoever ends a turn hands it to the next in person, so that nobody gets between."""

    def __init__(self) -> None:
        self._mutex = Lock()
        self._is_taken = False
        self._urgent: deque[Lock] = deque()
        self._others: deque[Lock] = deque()

    def __len__(self) -> int:
        """How many wait."""
        with self._mutex:
            return len(self._urgent) + len(self._others)

    def take(self, seconds: float, *, is_urgent: bool = False) -> bool:
        """Wait for a turn, so long at most; False where it did not come. Who got it must ``leave``."""
        place = Lock()
        line = self._urgent if is_urgent else self._others
        with self._mutex:
            if not self._is_taken:
                self._is_taken = True
                return True
            place.acquire()
            line.append(place)
        if place.acquire(timeout=seconds):
            return True
        with self._mutex:
            if place not in line:  # handed over in this very moment
                return True
            line.remove(place)
        return False

    def leave(self) -> None:
        """End the turn."""
        with self._mutex:
            line = self._urgent or self._others
            if line:
                line.popleft().release()
            else:
                self._is_taken = False
