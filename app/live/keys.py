"""The keys of anonymous activities are looked after: kept while people answer, gone afterwards,
missed aloud.

Every process does this every two seconds (RELIABILITY D9):
- a key whose activity has been scrubbed is destroyed here too, wherever the scrubbing was done, and
  also where a process died between the scrubbing and the destruction;
- so is one whose activity was deleted, and its whole kickoff perhaps with it;
- the key of an open activity is put back where it belongs while any process remembers it;
- an open activity whose key nobody has any longer is frozen: without it no ballot could be told
  from another, so nothing more is taken, and the room is told.
"""

from sqlmodel import Session, col, select

from app import clock
from app.database import Database, touch_room
from app.live.vault import Vault
from app.models.activities import Activity, ActivityStatus, Mode
from app.models.rooms import Room, RoomEvent
from app.operations.activities import lock_activity
from app.operations.rooms import lock_rooms

PATIENCE = 5.0  # seconds in which another process may give a key back
# Seconds in which an opening that made its key first is committed: longer than any statement may
# take.
ORPHANED_FOR = 20.0


class KeyKeeper:
    """One per process. `tend` blocks: call it off the loop."""

    def __init__(self, database: Database, vault: Vault) -> None:
        self._database = database
        self._vault = vault
        self._missed_since: dict[str, float] = {}
        self._orphaned_since: dict[str, float] = {}

    def tend(self) -> None:
        held = self._vault.held()
        with self._database.reading() as session:
            wanted = select(Activity.id, Activity.status, Activity.scrubbed, Activity.mode).where(
                col(Activity.id).in_(held)
                | (col(Activity.mode) == Mode.ANONYMOUS)
                & (col(Activity.status) == ActivityStatus.OPEN)
            )
            activities = session.exec(wanted).all()
        missing = set()
        for activity_id, status, scrubbed, mode in activities:
            if mode != Mode.ANONYMOUS:
                continue  # it was opened, taken back and made one with names
            if scrubbed:
                self._vault.destroy(activity_id)
            elif activity_id in held:
                self._vault.keep(activity_id)
            elif status == ActivityStatus.OPEN:
                missing.add(activity_id)
        self._miss(missing)
        self._destroy_orphans(held - {activity_id for activity_id, *_ in activities})

    def _miss(self, missing: set[str]) -> None:
        now = clock.monotonic()
        self._missed_since = {
            activity_id: self._missed_since.get(activity_id, now) for activity_id in missing
        }
        for activity_id, since in self._missed_since.items():
            if now - since >= PATIENCE:
                with self._database.unit_of_work() as session:
                    freeze(session, activity_id, clock.now_ms())

    def _destroy_orphans(self, orphans: set[str]) -> None:
        now = clock.monotonic()
        self._orphaned_since = {
            activity_id: self._orphaned_since.get(activity_id, now) for activity_id in orphans
        }
        for activity_id, since in self._orphaned_since.items():
            if now - since >= ORPHANED_FOR:
                self._vault.destroy(activity_id)


def freeze(session: Session, activity_id: str, now_ms: int) -> None:
    """Nothing more comes in; what is counted stands and becomes figures as after closing."""
    lock_activity(session, activity_id)
    activity = session.get_one(Activity, activity_id)
    if activity.status != ActivityStatus.OPEN:
        return
    lock_rooms(session, activity.kickoff_id)
    activity.status = ActivityStatus.FROZEN
    activity.closed_at = now_ms
    activity.version += 1
    room = session.get_one(Room, activity.room_id)
    room.revision += 1
    event = RoomEvent(
        room_id=room.id,
        at=now_ms,
        control=room.control,
        name="activity.freeze",
        data={"activity": activity.id, "title": activity.title},
    )
    session.add_all([activity, room, event])
    touch_room(session, room.id)
