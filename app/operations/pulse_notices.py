"""What people are told of a pulse: the link to answer it, one reminder, and what was done."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session, col, select

from app.models.kickoffs import Kickoff
from app.models.pulse_waves import PulseInvitation, PulseWave
from app.models.pulses import Pulse, PulseMeasure
from app.operations.derived import today_in
from app.operations.duties import Due
from app.operations.pulse_waves import open_waves, waves_of


def invitations(session: Session, _now: datetime) -> Iterator[Due]:
    """Everybody who is asked in a wave that is open. The link is made when it is sent."""
    for wave in open_waves(session):
        wanted = select(PulseInvitation).where(PulseInvitation.wave_id == wave.id)
        yield from invited(session, wave, list(session.scalars(wanted)), "pulse_invitation")


def invited(
    session: Session, wave: PulseWave, those: list[PulseInvitation], kind: str
) -> Iterator[Due]:
    pulse = session.get_one(Pulse, wave.pulse_id)
    kickoff = session.get_one(Kickoff, wave.kickoff_id)
    told = {
        "wave_id": wave.id,
        "title": pulse.title,
        "asked": len(wave.asked),
        "last_day": _last_day(kickoff, wave),
    }
    for one in those:
        yield Due(kickoff.id, kind, wave.id, one.person_id, {**told, "invitation_id": one.id})


def told_back(session: Session, _now: datetime) -> Iterator[Due]:
    """You said, we did: to those who were asked the last time, once for each measure."""
    wanted = select(PulseMeasure).where(PulseMeasure.said != "", PulseMeasure.did != "")
    for measure in session.scalars(wanted):
        waves = [one for one in session.scalars(waves_of(measure.pulse_id)) if not one.is_open]
        if not waves:
            continue
        people = select(PulseInvitation.person_id).where(
            col(PulseInvitation.wave_id) == waves[-1].id
        )
        told = _told(measure)
        for person_id in session.scalars(people):
            yield Due(measure.kickoff_id, "pulse_told", measure.id, person_id, told)


def _told(measure: PulseMeasure) -> Mapping[str, Any]:
    path = f"/kickoffs/{measure.kickoff_id}/pulses/{measure.pulse_id}/results"
    return {"said": measure.said, "did": measure.did, "path": path}


def _last_day(kickoff: Kickoff, wave: PulseWave) -> str:
    return today_in(kickoff, wave.closes_at - timedelta(seconds=1)).isoformat()
