"""A pulse's waves: open one with its invitations, close it, and who is asked."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Select, insert
from sqlmodel import Session, col, select

from app import clock, ids
from app.errors import Conflict, NotFound
from app.i18n import mark
from app.models.kickoffs import Kickoff
from app.models.people import Person, people_of, teams_of
from app.models.pulse_waves import PulseInvitation, PulseWave
from app.models.pulses import Pulse, PulseQuestion
from app.operations import mailing, pulse_links, records
from app.operations.days_off import days_off
from app.operations.derived import today_in
from app.operations.entities import PULSES
from app.operations.rooms import lock_rooms
from app.rules import pulse_schedule
from app.rules.pulse_groups import MINIMUM
from app.rules.pulse_schedule import Planned

OPENS = time(8, 0)  # where the kickoff is


def pulse_of(session: Session, kickoff_id: str, pulse_id: str) -> Pulse:
    found = records.find(session, PULSES, kickoff_id, pulse_id)
    assert isinstance(found, Pulse), "PULSES are pulses"
    return found


def wave_of(session: Session, kickoff_id: str, wave_id: str) -> PulseWave:
    wanted = select(PulseWave).where(PulseWave.id == wave_id, PulseWave.kickoff_id == kickoff_id)
    found = session.scalars(wanted).first()
    if found is None:
        raise NotFound
    return found


def waves_of(pulse_id: str) -> Select[PulseWave]:
    return (
        select(PulseWave).where(col(PulseWave.pulse_id) == pulse_id).order_by(col(PulseWave.number))
    )


def questions_of(session: Session, pulse_id: str) -> Sequence[PulseQuestion]:
    wanted = select(PulseQuestion).where(col(PulseQuestion.pulse_id) == pulse_id)
    order = wanted.order_by(col(PulseQuestion.position), col(PulseQuestion.id))
    return session.scalars(order).all()


def plan_of(pulse: Pulse, kickoff: Kickoff) -> tuple[Planned, ...]:
    return pulse_schedule.planned(
        pulse.first_day,
        pulse.rhythm,
        waves=pulse.waves,
        open_days=pulse.open_days,
        is_off=days_off(kickoff.time_zone),
    )


def open_wave(
    session: Session, pulse: Pulse, *, wave_id: str, signing_key: bytes, now: datetime
) -> PulseWave:
    """The next wave, and an invitation for everybody who has an address. The key of `wave_id` is
    made before. Two who open at the same moment are refused by a constraint, all but one."""
    lock_rooms(session, pulse.kickoff_id)
    before = session.scalars(waves_of(pulse.id)).all()
    if any(wave.is_open for wave in before):
        raise Conflict(mark("A wave is open already. Close it first."))
    questions = questions_of(session, pulse.id)
    if not pulse_schedule.enough(len(questions)):
        raise Conflict(
            mark("A pulse has 5 to 8 questions; this one has %(count)s."), count=len(questions)
        )
    kickoff = session.get_one(Kickoff, pulse.kickoff_id)
    people = _people(session, kickoff.id)
    if not people:
        raise Conflict(mark("Nobody can be asked: no person of the kickoff has an e-mail address."))
    mailed = mailing.undisturbed(session, kickoff, now)
    wave = PulseWave(
        id=wave_id,
        kickoff_id=kickoff.id,
        pulse_id=pulse.id,
        number=1 + max((wave.number for wave in before), default=0),
        opens_at=now,
        closes_at=_closes(kickoff, pulse, mailed),
        asked=[_as_asked(question) for question in questions],
        invited=len(people),
    )
    planned = pulse_schedule.due(plan_of(pulse, kickoff), today_in(kickoff, now), wave.number - 1)
    # Where its mail could only go out when it is over, this is one of its own.
    if planned is not None and today_in(kickoff, mailed) <= planned.last:
        # One that was passed over has no number of its own any more: the plan's holds.
        wave.number = planned.number
        wave.closes_at = min(wave.closes_at, _midnight_after(kickoff, planned.last))
    session.add(wave)
    session.flush()
    session.execute(insert(PulseInvitation), _invitations(session, wave, people, signing_key))
    return wave


def close_wave(session: Session, wave_id: str, *, now: datetime, key_lost: bool = False) -> bool:
    """Nothing more is taken. Whether it was open until now."""
    wave = _locked(session, wave_id)
    if not wave.is_open:
        return False
    wave.closed_at, wave.key_lost = now, key_lost
    wave.has_changed()
    return True


def _locked(session: Session, wave_id: str) -> PulseWave:
    """For itself: whoever answers at this moment is waited for, and seen."""
    wanted = select(PulseWave).where(PulseWave.id == wave_id).with_for_update()
    found = session.scalars(wanted).first()
    if found is None:
        raise NotFound
    return found


def due_to_open(session: Session, now: datetime) -> list[Pulse]:
    """Pulses with a wave that should be open by now."""
    wanted = select(Pulse, Kickoff).where(
        col(Pulse.kickoff_id) == col(Kickoff.id),
        col(Pulse.first_day).is_not(None),
        col(Kickoff.archived_at).is_(None),
    )
    found = []
    for pulse, kickoff in session.execute(wanted).all():
        if now.astimezone(ZoneInfo(kickoff.time_zone)).time() < OPENS:
            continue
        waves = session.scalars(waves_of(pulse.id)).all()
        if any(wave.is_open for wave in waves):
            continue
        opened = max((wave.number for wave in waves), default=0)
        planned = pulse_schedule.due(plan_of(pulse, kickoff), today_in(kickoff, now), opened)
        if planned is None:
            continue
        if today_in(kickoff, mailing.undisturbed(session, kickoff, now)) <= planned.last:
            found.append(pulse)
    return found


def due_to_close(session: Session, now: datetime) -> list[str]:
    wanted = select(PulseWave.id).where(
        col(PulseWave.closed_at).is_(None), col(PulseWave.closes_at) <= now
    )
    return list(session.scalars(wanted))


def unsettled(session: Session) -> list[str]:
    wanted = select(PulseWave.id).where(
        col(PulseWave.closed_at).is_not(None), col(PulseWave.settled_at).is_(None)
    )
    return list(session.scalars(wanted))


def open_waves(session: Session) -> Sequence[PulseWave]:
    return session.scalars(select(PulseWave).where(col(PulseWave.closed_at).is_(None))).all()


def renew_links(session: Session, signing_key: bytes) -> int:
    """After the server's key was changed: links that are still to be sent are made of the new one,
    and those that were sent go on working. How many; none where it was done before."""
    # Of waves that are over too: what was done about their answers is told with their links.
    count = 0
    for one in session.scalars(select(PulseInvitation).with_for_update()).all():
        hashed = pulse_links.hashed(pulse_links.token_of(signing_key, one.id))
        if one.token_hash != hashed:
            one.token_hash, one.token_hash_before = hashed, one.token_hash
            count += 1
    return count


def _as_asked(question: PulseQuestion) -> dict[str, Any]:
    return {
        "id": question.id,
        "text": question.text,
        "theme": str(question.theme),
        "form": str(question.form),
    }


def _people(session: Session, kickoff_id: str) -> list[Person]:
    return [person for person in session.scalars(people_of(kickoff_id)) if person.email]


def _invitations(
    session: Session, wave: PulseWave, people: Sequence[Person], signing_key: bytes
) -> list[dict[str, str]]:
    """In the order of their random ids: who was first on the list is nowhere."""
    teams = {team.id: team.name for team in session.scalars(teams_of(wave.kickoff_id))}
    labels = {
        person.id: {
            "team": teams.get(person.team_id or "", ""),
            "function": person.function,
            "site": person.site,
        }
        for person in people
    }
    sizes = {
        name: Counter(one[name] for one in labels.values()) for name in ("team", "function", "site")
    }
    made = []
    for person in people:
        invitation_id = ids.random_id()
        # A group of fewer than five can never be told: then nothing of it is kept.
        told = {
            name: label if sizes[name][label] >= MINIMUM else ""
            for name, label in labels[person.id].items()
        }
        token = pulse_links.token_of(signing_key, invitation_id)
        made.append(
            {
                "id": invitation_id,
                "wave_id": wave.id,
                "person_id": person.id,
                "token_hash": pulse_links.hashed(token),
                **told,
            }
        )
    return sorted(made, key=lambda one: one["id"])


def _closes(kickoff: Kickoff, pulse: Pulse, mailed: datetime) -> datetime:
    """Its days are counted from when its mail goes out."""
    first, is_off = today_in(kickoff, mailed), days_off(kickoff.time_zone)
    return _midnight_after(kickoff, pulse_schedule.last_open_day(first, pulse.open_days, is_off))


def _midnight_after(kickoff: Kickoff, day: Any) -> datetime:
    ends = datetime.combine(day + timedelta(days=1), time(), ZoneInfo(kickoff.time_zone))
    return ends.astimezone(clock.now().tzinfo)
