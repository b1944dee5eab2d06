"""What people answered is not thrown away with the record that asked for it."""

from sqlmodel import Session, select

from app.errors import Conflict
from app.i18n import mark
from app.models.fields import OfKickoff
from app.models.pulse_waves import PulseWave
from app.models.pulses import Pulse


def require_never_asked(session: Session, record: OfKickoff) -> None:
    """Of a pulse: no wave has been opened yet. It could be brought back, and its answers not."""
    if not isinstance(record, Pulse):
        return
    if session.exec(select(PulseWave.id).where(PulseWave.pulse_id == record.id).limit(1)).first():
        raise Conflict(
            mark("People have answered this pulse, so it is kept. Set its waves to stop asking.")
        )
