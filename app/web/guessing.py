"""Typed room codes cannot be guessed: wrong ones share one small budget (S10).

A code has 30 bits. With R open rooms a guess hits with R / 2^30, so that for a chance of at most
1/1000 of any hit in a day of 8 h (28,800 s) the whole instance may be wrong 10^-3 * 2^30 / (R *
28,800) times a second: 37 for one room, 0.7 for fifty. The budget is on failures and on the
instance, never on an address: a whole room shares one. When it is spent, typed codes pause for
everybody until the minute is over, right ones too (or else they could still be found); the QR
code's 128 bits need no budget and go on working. The console shows `paused`.

    with budget.guess():          # raises CodesPaused
        room = find_room(code)    # raises UnknownRoom for wrong, closed and locked alike: counts

or `budget.allow()` before the look-up and `budget.failed()` after a wrong one.
"""

import asyncio
import contextlib
from collections.abc import Callable, Iterator

import structlog
from limits import RateLimitItemPerMinute
from limits.errors import StorageError
from limits.storage import MemoryStorage, RedisStorage, Storage
from limits.strategies import FixedWindowRateLimiter

from app import clock
from app.errors import TooFast, UnknownRoom
from app.ids import CODE_ALPHABET, CODE_LENGTH
from app.web import metrics
from app.web.checks import OK, Report, State

log = structlog.get_logger("kickoff.guessing")

CODES: int = len(CODE_ALPHABET) ** CODE_LENGTH
CHANCE = 1e-3
DAY = 8 * 3600
SHARE_EVERY = 0.5
# So many may share one budget without knowing of each other for SHARE_EVERY.
PROCESSES = 8
COUNT_ROOMS_EVERY = 10.0


class CodesPaused(TooFast):
    code = "codes_paused"


def failures_per_minute(rooms: int) -> int:
    """What the bound allows, rounded down; at least one, or nobody could ever mistype."""
    return max(1, int(60 * CHANCE * CODES / (max(1, rooms) * DAY)))


class GuessBudget:
    """Failures are counted here, at once and without waiting; processes share them by Redis.

    `run()` tells Redis twice a second what was counted here and learns what is left for all. In
    between a process spends at most an eighth of what was left, so that eight of them, each not
    knowing of the others, stay within it.
    """

    def __init__(self, redis_url: str | None = None) -> None:
        self.rooms = 1
        self._here = _Window(MemoryStorage())
        self._redis_url = redis_url
        self._under_way = 0
        self._untold = 0
        self._share = self._blind_share() if redis_url else None
        self._paused_until = 0.0
        self._noticed_until = 0.0

    def allow(self) -> bool:
        """Whether a typed code may be looked up now."""
        if clock.monotonic() < self._paused_until:
            return False
        left = failures_per_minute(self.rooms) - self._here.used()
        if left <= 0:
            self._pause(self._here.seconds_left())
            return False
        if self._share is not None:
            left = min(left, self._share - self._untold)
        # What is being looked up may all turn out wrong.
        return left > self._under_way

    def failed(self) -> None:
        """A typed code was wrong, or its room is closed or locked."""
        self._here.count()
        self._untold += 1

    @contextlib.contextmanager
    def guess(self) -> Iterator[None]:
        """Around one look-up of a typed code."""
        if not self.allow():
            raise CodesPaused(retry_after=self.seconds_left)
        self._under_way += 1
        try:
            yield
        except UnknownRoom:
            self.failed()
            raise
        finally:
            self._under_way -= 1

    @property
    def paused(self) -> bool:
        """Whether somebody is guessing: now, or until two minutes ago. For the console."""
        return clock.monotonic() < self._noticed_until

    @property
    def seconds_left(self) -> float:
        """Until typed codes are taken again."""
        return max(1.0, self._paused_until - clock.monotonic())

    async def check(self) -> Report:
        return Report(State.DEGRADED, "typed room codes are paused") if self.paused else OK

    async def run(self, count_rooms: Callable[[], int]) -> None:
        """A task of the lifespan: keeps the number of open rooms, and shares with other
        processes.
        """
        shared = _Window(_redis(self._redis_url)) if self._redis_url else None
        counted = -COUNT_ROOMS_EVERY
        while True:
            if clock.monotonic() - counted >= COUNT_ROOMS_EVERY:
                counted = clock.monotonic()
                with contextlib.suppress(Exception):  # the database's trouble shows in /readyz
                    self.rooms = max(1, await asyncio.to_thread(count_rooms))
            if shared:
                await self._tell(shared)
            metrics.codes_paused.set(self.paused)
            await asyncio.sleep(SHARE_EVERY)

    async def _tell(self, shared: "_Window") -> None:
        budget = failures_per_minute(self.rooms)
        told = self._untold
        try:
            if told:
                await asyncio.to_thread(shared.count, told)
            left = budget - await asyncio.to_thread(shared.used)
            seconds = await asyncio.to_thread(shared.seconds_left)
        except StorageError:
            # Without Redis each process keeps to an eighth of the budget by itself.
            self._share, self._untold = self._blind_share(), 0
            return
        # Both at once: what was told is in `left` from now on, and was not in the share before.
        self._untold -= told
        self._share = max(1, left // PROCESSES)
        if left <= min(PROCESSES, budget // 2):
            # So little is left that processes spending one each would go beyond it.
            self._pause(seconds)

    def _blind_share(self) -> int:
        """What this process may spend without knowing what the others have spent."""
        return max(1, failures_per_minute(self.rooms) // PROCESSES - self._here.used())

    def _pause(self, seconds: float) -> None:
        until = clock.monotonic() + seconds
        if until > self._paused_until:
            self._paused_until = until
        if not self.paused:
            log.warning("typed codes are paused: somebody is guessing", seconds=round(seconds))
        self._noticed_until = until + 60.0
        metrics.codes_paused.set(1)  # at once: `run` may be about to sleep


class _Window:
    """One minute's failures in one storage."""

    # Only the count is asked of it: the limit itself follows the number of rooms.
    _ITEM = RateLimitItemPerMinute(CODES, 1, "kickoff")

    def __init__(self, storage: Storage) -> None:
        self._limiter = FixedWindowRateLimiter(storage)

    def count(self, failures: int = 1) -> None:
        self._limiter.hit(self._ITEM, "codes", cost=failures)

    def used(self) -> int:
        left = self._limiter.get_window_stats(self._ITEM, "codes").remaining
        return CODES - left

    def seconds_left(self) -> float:
        reset = self._limiter.get_window_stats(self._ITEM, "codes").reset_time
        return max(0.0, reset - clock.now_ms() / 1000)


def _redis(url: str) -> Storage:
    return RedisStorage(url, wrap_exceptions=True, socket_timeout=1, socket_connect_timeout=1)
