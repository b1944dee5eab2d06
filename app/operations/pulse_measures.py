"""What is done about what was answered: an action, told back, and asked again in the next wave."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlmodel import Session, col, select

from app.models.actions import Action, ActionState
from app.models.kpis import Kpi
from app.models.objectives import KeyResult
from app.models.pulse_waves import PulseWave
from app.models.pulses import PulseMeasure
from app.operations import actions, records
from app.operations.entities import PULSE_MEASURES
from app.operations.pulse_results import QuestionResult, WaveResult
from app.operations.pulse_waves import questions_of
from app.rules import pulse_measures
from app.rules.pulse_figures import Figures, helped


@dataclass(frozen=True)
class Seen:
    """A measure in its place. `before` and `after` are its question's figures in the wave before
    it was agreed and in the last one since; `helped` is None while nobody can tell."""

    measure: PulseMeasure
    placed: pulse_measures.Placed
    action: Action | None
    before: Figures | None
    after: Figures | None
    helped: bool | None

    @property
    def is_done(self) -> bool:
        return self.action is not None and self.action.state == ActionState.CLOSED

    def is_late(self, today: date) -> bool:
        """Neither done nor told back by its deadline."""
        due = self.measure.due
        return due is not None and due < today and not (self.is_done or self.measure.did)


def measures_of(session: Session, pulse_id: str) -> Sequence[PulseMeasure]:
    wanted = select(PulseMeasure).where(col(PulseMeasure.pulse_id) == pulse_id)
    return session.scalars(wanted.order_by(col(PulseMeasure.id))).all()


def seen(session: Session, pulse_id: str, result: WaveResult | None) -> list[Seen]:
    """A pulse's measures in the order in which they are worth doing."""
    found = measures_of(session, pulse_id)
    wanted = select(Action).where(col(Action.id).in_([one.action_id for one in found]))
    by_id = {one.id: one for one in session.scalars(wanted)}
    questions = {one.id: one for one in result.questions} if result else {}
    waves = {wave.number: wave for wave in result.waves} if result else {}
    made = []
    for measure, placed in pulse_measures.ranked(found):
        before, after = _tested(measure, questions.get(measure.question_id or ""), waves)
        action = by_id.get(measure.action_id or "")
        made.append(Seen(measure, placed, action, before, after, helped(before, after)))
    return made


def told_back(session: Session, pulse_id: str, *, most: int = 5) -> list[PulseMeasure]:
    """You said, we did: the last that there is something to tell of."""
    told = [one for one in measures_of(session, pulse_id) if one.said and one.did]
    return told[::-1][:most]


def asked_again(session: Session, wave: PulseWave) -> dict[str, PulseMeasure]:
    """The questions of a wave about which something was done since they were asked before."""
    return {
        one.question_id: one
        for one in measures_of(session, wave.pulse_id)
        if one.question_id and one.created_at < wave.opens_at
    }


def become_action(session: Session, kickoff_id: str, measure_id: str) -> Action:
    """The measure as an action of the 30-60-90 plan: made once, however often it is asked for."""
    measure = records.find(session, PULSE_MEASURES, kickoff_id, measure_id, to_write=True)
    assert isinstance(measure, PulseMeasure), "PULSE_MEASURES are measures"
    there = session.get(Action, measure.action_id) if measure.action_id else None
    if there is not None:
        return there
    made = actions.create_action(session, kickoff_id, **_as_action(measure))
    measure.action_id = made.id
    measure.has_changed()
    return made


def tied_to(session: Session, pulse_id: str) -> dict[str, list[tuple[str, str, str]]]:
    """By question: the part of the plan, id and title of what its answers tell something about."""
    found: dict[str, list[tuple[str, str, str]]] = {}
    for question in questions_of(session, pulse_id):
        key_result = session.get(KeyResult, question.key_result_id or "")
        kpi = session.get(Kpi, question.kpi_id or "")
        found[question.id] = [
            *([("key-results", key_result.id, key_result.title)] if key_result else []),
            *([("kpis", kpi.id, kpi.title)] if kpi else []),
        ]
    return found


def _as_action(measure: PulseMeasure) -> dict[str, Any]:
    return {
        "source": "pulse",
        "title": measure.title,
        "owner_id": measure.owner_id,
        "due": measure.due,
    }


def _tested(
    measure: PulseMeasure, question: QuestionResult | None, waves: dict[int, PulseWave]
) -> tuple[Figures | None, Figures | None]:
    """The figures of the last wave before it was agreed, and of the last one that was opened since.
    A wave that was open when it was agreed is neither."""
    before = after = None
    for number, found in question.trend if question else ():
        wave = waves[number]
        if wave.closed_at and wave.closed_at <= measure.created_at:
            before = found
        elif wave.opens_at >= measure.created_at:
            after = found
    return before, after
