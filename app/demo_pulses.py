"""The demo's pulse as it has been answered so far: waves that are over, with figures and texts."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import Session, select

from app import clock, ids
from app.database import Database
from app.models.kickoffs import Kickoff
from app.models.pulse_waves import PulseInvitation
from app.models.pulses import VALUES, Form, Pulse
from app.operations import pulse_answers, pulse_settling, pulse_waves
from app.operations.pulse_answers import Asked

WROTE = (
    "Møter midt på dagen, når telefonene er flest.",
    "Vet ikke hvem som bestemmer når to saker haster.",
    "Tilgangen til målersystemet kommer og går.",
    "Ingenting denne gangen, det går bedre.",
    "Vi venter på svar fra nettavdelingen.",
    "Overlapp ved vaktskiftet: ingen vet hva som er lovet.",
    "For mange systemer åpne på én gang.",
    "Kundene ringer om fakturaen, og vi har ikke svaret.",
)
ANSWERS_OF = 9  # of ten, so many answer


def seed_waves(database: Database, signing_key: bytes) -> None:
    """Every wave of every kickoff's pulses that is over by now, the later ones a little better.

    Its links are the server's own: what was done about the answers is told with them."""
    with database.reading() as session:
        kickoffs = session.scalars(select(Kickoff)).all()
    for kickoff in kickoffs:
        _seed(database, kickoff, signing_key)


def _seed(database: Database, kickoff: Kickoff, signing_key: bytes) -> None:
    random = Random(4)  # noqa: S311 -- invented answers
    with database.reading() as session:
        pulses = session.scalars(select(Pulse).where(Pulse.kickoff_id == kickoff.id)).all()
    zone = ZoneInfo(kickoff.time_zone)
    today = clock.now().astimezone(zone).date()
    for pulse in pulses:
        for planned in pulse_waves.plan_of(pulse, kickoff):
            if planned.last >= today:
                break
            opened = datetime.combine(planned.first, pulse_waves.OPENS, zone)
            closed = datetime.combine(planned.last + timedelta(days=1), time(), zone)
            _ask(database, pulse.id, opened, closed, random, signing_key)


def _ask(
    database: Database,
    pulse_id: str,
    opened: datetime,
    closed: datetime,
    random: Random,
    signing_key: bytes,
) -> None:
    key, wrote = random.randbytes(32), random.sample(WROTE, len(WROTE))
    with database.unit_of_work() as session:
        pulse = session.get_one(Pulse, pulse_id)
        wave = pulse_waves.open_wave(
            session, pulse, wave_id=ids.new_id(), signing_key=signing_key, now=opened
        )
        for invitation in _invited(session, wave.id):
            if random.randrange(10) < ANSWERS_OF:
                form = {one["id"]: _said(one, wave.number, random, wrote) for one in wave.asked}
                given = pulse_answers.read(wave, form)
                pulse_answers.answer(session, Asked(wave, invitation), given, key=key)
        pulse_waves.close_wave(session, wave.id, now=closed)
    pulse_settling.settle(database, wave.id, key)


def _invited(session: Session, wave_id: str) -> list[PulseInvitation]:
    wanted = select(PulseInvitation).where(PulseInvitation.wave_id == wave_id)
    return list(session.scalars(wanted))


def _said(question: Mapping[str, Any], number: int, random: Random, wrote: list[str]) -> str:
    form = Form(question["form"])
    if form == Form.TEXT:
        return wrote.pop() if wrote and random.random() < 0.6 else ""
    if form == Form.WARNING:
        return str(random.choices((0, 1, 2), weights=(4 + number, 3, 3))[0])
    values = VALUES[form]
    middle = 0.75 if form == Form.TEN else 0.45
    around = values[0] + (values[-1] - values[0]) * (middle + 0.06 * number)
    value = round(random.gauss(around, (values[-1] - values[0]) / 5))
    return str(min(values[-1], max(values[0], value)))
