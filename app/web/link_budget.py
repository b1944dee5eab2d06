"""How often one signed link may be used: a person's taps and a few mail scanners, not a loop.

On the link and not on an address, for a whole site shares one. What is forged costs one signature
and no look into the database, so that it needs no budget.
"""

import hashlib

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from app import clock
from app.errors import TooFast

OF_A_LINK = RateLimitItemPerMinute(60, 1, "link")


class LinkBudget:
    """Each process counts by itself: several let a link be used as many times more often."""

    def __init__(self) -> None:
        self._limiter = MovingWindowRateLimiter(MemoryStorage())

    def spend(self, token: str) -> None:
        name = hashlib.sha256(token.encode()).hexdigest()[:32]
        if not self._limiter.hit(OF_A_LINK, name):
            reset = self._limiter.get_window_stats(OF_A_LINK, name).reset_time
            raise TooFast(retry_after=max(1.0, reset - clock.now_ms() / 1000))
