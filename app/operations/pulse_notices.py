"""What people are told of a pulse: the link to answer it, one reminder, and what was done."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select
from sqlmodel import Session, col, select

from app.models.kickoffs import Kickoff
from app.models.pulse_waves import PulseInvitation, PulseWave
from app.models.pulses import Pulse, PulseMeasure
from app.operations import pulse_answers
from app.operations.derived import today_in
from app.operations.duties import Due
from app.operations.pulse_waves import open_waves, waves_of
from app.rules.pulse_reminder import Reminded, reminded


def invitations(session: Session, _now: datetime) -> Iterator[Due]:
    """Everybody who is asked in a wave that is open. The link is made when it is sent."""
    for wave in open_waves(session):
        those = list(session.scalars(_asked_in(wave)))
        yield from _invited(session, wave, those, "pulse_invitation")


def reminders(session: Session, wave: PulseWave, key: bytes) -> Iterator[Due]:
    """Those who have not answered, unless that told of too few (rules/pulse_reminder)."""
    asked = list(session.scalars(_asked_in(wave)))
    left = pulse_answers.not_answered(session, wave, key)
    whom = reminded(len(asked) - len(left), len(left))
    if whom == Reminded.NOBODY:
        return
    everybody = whom == Reminded.EVERYBODY
    those = asked if everybody else left
    yield from _invited(session, wave, those, "pulse_reminder", everybody=everybody)


def _asked_in(wave: PulseWave) -> Select[PulseInvitation]:
    return select(PulseInvitation).where(PulseInvitation.wave_id == wave.id)


def _invited(
    session: Session, wave: PulseWave, those: list[PulseInvitation], kind: str, **more: Any
) -> Iterator[Due]:
    pulse = session.get_one(Pulse, wave.pulse_id)
    kickoff = session.get_one(Kickoff, wave.kickoff_id)
    told = {
        "wave_id": wave.id,
        "title": pulse.title,
        "asked": len(wave.asked),
        "last_day": _last_day(kickoff, wave),
        **more,
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
