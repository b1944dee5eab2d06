"""Wrong sign-ins are budgeted: per account and for the whole instance, never per address.

A room shares one address, and an attacker has many. A spent budget pauses sign-in with passwords
for a while; one-time links go on working.
"""

import hashlib

from limits import RateLimitItemPerMinute
from limits.errors import StorageError
from limits.storage import MemoryStorage, RedisStorage, Storage
from limits.strategies import MovingWindowRateLimiter

from app import clock
from app.errors import TooFast

OF_AN_ACCOUNT = RateLimitItemPerMinute(10, 15, "sign-in-account")
OF_THE_INSTANCE = RateLimitItemPerMinute(300, 15, "sign-in-instance")


class SignInBudget:
    """Counts failures in Redis where several processes share it, else here."""

    def __init__(self, redis_url: str | None = None) -> None:
        self._here = MovingWindowRateLimiter(MemoryStorage())
        shared = _redis(redis_url) if redis_url else None
        self._shared = MovingWindowRateLimiter(shared) if shared else None

    def require(self, email: str) -> None:
        """Refuse while the account's or the instance's budget is spent."""
        for item, name in _items(email):
            limiter = self._limiter()
            if not limiter.test(item, name):
                reset = limiter.get_window_stats(item, name).reset_time
                raise TooFast(retry_after=max(1.0, reset - clock.now_ms() / 1000))

    def failed(self, email: str) -> None:
        for item, name in _items(email):
            self._limiter().hit(item, name)

    def _limiter(self) -> MovingWindowRateLimiter:
        """Without Redis each process keeps to the budget by itself."""
        try:
            if self._shared and self._shared.storage.check():
                return self._shared
        except StorageError:
            pass
        return self._here


def _items(email: str) -> tuple[tuple[RateLimitItemPerMinute, str], ...]:
    # The address itself is nobody's business in Redis.
    account = hashlib.sha256(email.strip().lower().encode(errors="replace")).hexdigest()[:32]
    return (OF_AN_ACCOUNT, account), (OF_THE_INSTANCE, "all")


def _redis(url: str) -> Storage:
    return RedisStorage(url, wrap_exceptions=True, socket_timeout=1, socket_connect_timeout=1)
