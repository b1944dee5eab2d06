"""Pulses as a process keeps them going: waves open and close when they are due, their keys are in a
vault of their own, and those who have not answered are reminded once.

Every process does this; constraints and locks see to it that each thing happens once.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

import structlog
from sqlmodel import Session

from app import clock, ids
from app.database import Database
from app.errors import ActivityClosed, Conflict, KickoffError, NotFound, NotSaved
from app.live.vault import Vault
from app.models.pulse_waves import PulseWave
from app.operations import pulse_answers, pulse_notices, pulse_settling, pulse_waves
from app.operations.duties import AT_ONCE
from app.operations.notices import post
from app.operations.pulse_answers import Asked, Standing
from app.operations.rooms import lock_rooms
from app.rules.pulse_schedule import reminds_at

PATIENCE = 60.0  # seconds in which another process may give a key back
ORPHANED_FOR = 60.0

log = structlog.get_logger("kickoff.pulses")


class Pulses:
    """One per process. Everything here blocks: call it off the loop."""

    def __init__(self, database: Database, vault: Vault, signing_key: bytes) -> None:
        self._database = database
        self._vault = vault
        self._signing_key = signing_key
        self._missed_since: dict[str, float] = {}
        self._orphaned_since: dict[str, float] = {}

    # -- what people do -------------------------------------------------------------------------

    def open_now(self, database: Database, kickoff_id: str, pulse_id: str) -> PulseWave:
        """`database` knows on whose behalf."""
        with database.unit_of_work() as session:
            return self.opening(session, kickoff_id, pulse_id)

    def opening(self, session: Session, kickoff_id: str, pulse_id: str) -> PulseWave:
        """In the caller's transaction. If that fails, the key is an orphan and soon gone."""
        wave_id = ids.new_id()
        # The key goes first: no answer may be taken of which nobody could tell whose it is not.
        self._vault.make(wave_id)
        pulse = pulse_waves.pulse_of(session, kickoff_id, pulse_id)
        return pulse_waves.open_wave(
            session, pulse, wave_id=wave_id, signing_key=self._signing_key, now=clock.now()
        )

    def close_now(self, database: Database, kickoff_id: str, wave_id: str) -> None:
        with database.unit_of_work() as session:
            pulse_waves.wave_of(session, kickoff_id, wave_id)
            pulse_waves.close_wave(session, wave_id, now=clock.now())
        self.settle(wave_id)

    def look(self, token: str) -> tuple[Asked, Standing]:
        with self._database.reading() as session:
            asked = pulse_answers.asked_by(session, token)
            if asked is None:
                raise NotFound
            key = self._vault.key(asked.wave.id) if asked.wave.is_open else None
            return asked, pulse_answers.standing(session, asked, key)

    def answer(self, token: str, sent: Mapping[str, str]) -> tuple[Asked, Standing]:
        """What became of it; `Invalid` where something is wrong with what was filled in."""
        asked, standing = self.look(token)
        if standing != Standing.OPEN:
            return asked, standing
        given = pulse_answers.read(asked.wave, sent)
        key = self._vault.key(asked.wave.id)
        if key is None:
            raise NotSaved("the key of this wave is away")
        try:
            with self._database.unit_of_work() as session:
                pulse_answers.answer(session, asked, given, key=key)
        except ActivityClosed:
            return asked, Standing.CLOSED
        return asked, Standing.USED

    # -- what comes round -----------------------------------------------------------------------

    def tend(self, now: datetime | None = None) -> bool:
        """Whether a wave was settled."""
        now = now or clock.now()
        with self._database.reading() as session:
            opening = [(one.kickoff_id, one.id) for one in pulse_waves.due_to_open(session, now)]
            closing = pulse_waves.due_to_close(session, now)
        for wave_id in closing:
            self._close(wave_id, now)
        for kickoff_id, pulse_id in opening:
            self._open(kickoff_id, pulse_id, now)
        with self._database.reading() as session:
            waiting = pulse_waves.unsettled(session)
            open_ids = [wave.id for wave in pulse_waves.open_waves(session)]
        for wave_id in waiting:
            self.settle(wave_id)
        self._keep_keys(open_ids, now)
        self._remind(now)
        return bool(waiting)

    def settle(self, wave_id: str) -> None:
        pulse_settling.settle(self._database, wave_id, self._vault.key(wave_id))
        self._vault.destroy(wave_id)

    def _open(self, kickoff_id: str, pulse_id: str, now: datetime) -> None:
        wave_id = ids.new_id()
        self._vault.make(wave_id)
        try:
            with self._database.unit_of_work() as session:
                lock_rooms(session, kickoff_id)
                if pulse_id not in {one.id for one in pulse_waves.due_to_open(session, now)}:
                    raise Conflict  # another process was faster
                pulse = pulse_waves.pulse_of(session, kickoff_id, pulse_id)
                pulse_waves.open_wave(
                    session, pulse, wave_id=wave_id, signing_key=self._signing_key, now=now
                )
        except (Conflict, NotFound) as refusal:
            # If something is missing, its page says what.
            self._vault.destroy(wave_id)
            log.info("pulse.not_opened", pulse=pulse_id, code=refusal.code)

    def _close(self, wave_id: str, now: datetime, *, key_lost: bool = False) -> None:
        with self._database.unit_of_work() as session:
            pulse_waves.close_wave(session, wave_id, now=now, key_lost=key_lost)

    def _remind(self, now: datetime) -> None:
        """Once: the notice's key sees to that where two do this."""
        with self._database.reading() as session:
            waves = [one for one in pulse_waves.open_waves(session) if not one.reminded]
        for wave in waves:
            at, key = reminds_at(wave.opens_at, wave.closes_at), self._vault.key(wave.id)
            if at is None or now < at or key is None:
                continue
            with self._database.reading() as session:
                told = list(pulse_notices.reminders(session, wave, key))
            for first in range(0, len(told), AT_ONCE):
                with self._database.unit_of_work() as session:
                    for due in told[first : first + AT_ONCE]:
                        post(
                            session,
                            kickoff_id=due.kickoff_id,
                            kind=due.kind,
                            key=due.key,
                            person_id=due.person_id,
                            data=due.data,
                        )
            with self._database.unit_of_work() as session:
                session.get_one(PulseWave, wave.id).reminded = True

    def _keep_keys(self, open_ids: Sequence[str], now: datetime) -> None:
        """As the room's (live/keys): put back while somebody remembers them, missed aloud, and gone
        with what they were made for."""
        held, seconds = self._vault.held(), clock.monotonic()
        for wave_id in held.intersection(open_ids):
            self._vault.keep(wave_id)
        missing, orphans = set(open_ids) - held, held.difference(open_ids)
        self._missed_since = {one: self._missed_since.get(one, seconds) for one in missing}
        self._orphaned_since = {one: self._orphaned_since.get(one, seconds) for one in orphans}
        for wave_id, since in self._missed_since.items():
            if seconds - since >= PATIENCE:
                try:
                    self._close(wave_id, now, key_lost=True)
                except KickoffError as refusal:
                    log.warning("pulse.not_closed", code=refusal.code)
        for wave_id, since in self._orphaned_since.items():
            if seconds - since >= ORPHANED_FOR:
                self._vault.destroy(wave_id)
