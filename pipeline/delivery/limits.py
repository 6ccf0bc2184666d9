"""How often one client, one reader or one mailbox may ask: a key in, the seconds it has to wait out. In memory, forgotten with the process.

It must never grow with the number of those who ask: beyond ``keys`` the one heard of longest ago is forgotten.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from time import monotonic

KEYS = 20_000


class Limit:
    """``count`` at once, and again as many spread over ``seconds``; usable from several threads."""

    def __init__(self, count: int, seconds: float, *, keys: int = KEYS, clock: Callable[[], float] = monotonic) -> None:
        self._step, self._slack, self._keys, self._clock = seconds / count, seconds - seconds / count, keys, clock
        self._due: OrderedDict[str, float] = OrderedDict()  # when everything a key has asked for would have been its turn
        self._lock = Lock()

    def wait(self, key: str) -> float:
        """0.0, and counted, if the key may go on; else the seconds until it may, and nothing is counted."""
        with self._lock:
            now = self._clock()
            due = max(self._due.get(key, now), now)
            if (wait := due - now - self._slack) > 1e-9:
                return wait
            self._due[key] = due + self._step
            self._due.move_to_end(key)
            while len(self._due) > self._keys:
                self._due.popitem(last=False)
            return 0.0

    def __len__(self) -> int:
        return len(self._due)
