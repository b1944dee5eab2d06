"""The door for answers. By socket or by form they are the same message, held to the same limits and
paid from the same purse."""

from collections.abc import Mapping
from typing import Any

import orjson

from app import clock
from app.errors import Invalid, TooFast
from app.live import wire
from app.live.votes import Vote

_FEW = 1000  # purses that may lie about before full ones are thrown away


def vote(submit: wire.Submit, *, room_id: str, participant_id: str) -> Vote:
    """A submission that was let in, as the ledger takes it."""
    return Vote(submit.id, submit.seq, submit.activity, room_id, participant_id, submit.data)


def of_form(*, id: str, seq: int | str, activity: str, data: Mapping[str, Any]) -> wire.Submit:
    """What a form says, parsed as if it had come by socket: `Invalid` and `TooLarge` as there."""
    told = {"type": "submit", "id": id, "seq": seq, "activity": activity, "data": data}
    try:
        text = orjson.dumps(told)
    except TypeError:  # half a character: a form may name an encoding of its own
        raise Invalid from None
    message = wire.parse(text, wire.ATTENDEE_LIMIT)
    assert isinstance(message, wire.Submit)
    return message


class Credit:
    """A purse of messages: one is taken out for each, and it fills by the second up to a burst."""

    __slots__ = ("_at", "_burst", "_left", "_per_second")

    def __init__(self, per_second: float, burst: float) -> None:
        self._per_second, self._burst = per_second, burst
        self._left, self._at = burst, clock.monotonic()

    def take(self) -> bool:
        """Whether there was one left."""
        self._fill()
        if self._left < 1:
            return False
        self._left -= 1
        return True

    @property
    def is_full(self) -> bool:
        self._fill()
        return self._left >= self._burst

    def _fill(self) -> None:
        now = clock.monotonic()
        left = self._left + (now - self._at) * self._per_second
        self._left = left if left < self._burst else self._burst
        self._at = now


class Credits:
    """One purse for each attendee of this process, whichever doors and sockets they come by."""

    def __init__(self, per_second: float, burst: float) -> None:
        self._per_second, self._burst = per_second, burst
        self._purses: dict[str, Credit] = {}
        self._most = _FEW

    def of(self, participant_id: str) -> Credit:
        found = self._purses.get(participant_id)
        if found is None:
            if len(self._purses) >= self._most:
                self._throw_full_ones_away()
            found = self._purses[participant_id] = self.new()
        return found

    def new(self) -> Credit:
        """A purse for somebody who is not an attendee, or has not said so yet."""
        return Credit(self._per_second, self._burst)

    def charge(self, participant_id: str) -> None:
        """Take one out, or `TooFast`."""
        if not self.of(participant_id).take():
            raise TooFast

    def _throw_full_ones_away(self) -> None:
        """A full purse is as good as a new one."""
        self._purses = {who: purse for who, purse in self._purses.items() if not purse.is_full}
        self._most = max(_FEW, 2 * len(self._purses))
