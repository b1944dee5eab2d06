"""What people are told of a pulse: the link to answer it, one reminder, and what was done."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, and_, func
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from app.models.kickoffs import Kickoff
from app.models.pulse_waves import PulseInvitation, PulseWave
from app.models.pulses import Pulse, PulseMeasure
from app.operations import pulse_answers
from app.operations.derived import today_in
from app.operations.duties import Due
from app.operations.pulse_waves import open_waves
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
    """You said, we did: to those who were asked in the last wave that was over when the measure was
    agreed, once for each. Their link of that wave shows it, and needs no account."""
    before = (
        select(func.max(PulseWave.number))
        .where(
            col(PulseWave.pulse_id) == col(PulseMeasure.pulse_id),
            col(PulseWave.closed_at) <= col(PulseMeasure.created_at),
        )
        .correlate(PulseMeasure)
        .scalar_subquery()
    )
    asked = aliased(PulseWave)
    wanted = (
        select(PulseMeasure, PulseInvitation)
        .join(Kickoff, col(Kickoff.id) == col(PulseMeasure.kickoff_id))
        .join(
            asked,
            and_(col(asked.pulse_id) == col(PulseMeasure.pulse_id), col(asked.number) == before),
        )
        .join(PulseInvitation, col(PulseInvitation.wave_id) == col(asked.id))
        .where(PulseMeasure.said != "", PulseMeasure.did != "", col(Kickoff.archived_at).is_(None))
    )
    for measure, invitation in session.execute(wanted):
        told = {"said": measure.said, "did": measure.did, "invitation_id": invitation.id}
        yield Due(measure.kickoff_id, "pulse_told", measure.id, invitation.person_id, told)


def _last_day(kickoff: Kickoff, wave: PulseWave) -> str:
    return today_in(kickoff, wave.closes_at - timedelta(seconds=1)).isoformat()
