"""A pulse's waves and what came of them. There is no way to a single person's answer."""

from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, Field
from sqlmodel import Session

from app.access import Permission
from app.errors import NotFound
from app.models.pulse_waves import PulseWave
from app.models.pulses import Theme
from app.operations import pulse_answers, pulse_measures, pulse_results, pulse_waves
from app.operations.entities import ACTIONS
from app.operations.pulse_results import QuestionResult
from app.routers.api import API
from app.routers.conditions import Answer, IdempotencyKey, etag, once_asked
from app.routers.permissions import Asked, KickoffId, RecordId, needs
from app.routers.resource import shown_of
from app.routers.schemas import encoded, json_answer, problems, public_schema
from app.rules.pulse_figures import Figures, Flag

router = APIRouter(prefix=f"{API}/kickoffs/{{kickoff_id}}", tags=["pulses"])

See = Annotated[Asked, needs(Permission.SEE_PLAN)]
Edit = Annotated[Asked, needs(Permission.EDIT_PLAN)]
Dimension = Literal["team", "function", "site"]
_ACTION = public_schema(ACTIONS, kickoff_id=(str, ...))


class WaveShown(BaseModel):
    """`answered` is how many have, which is told at any time; what they answered is not."""

    id: str
    pulse_id: str
    number: int
    state: Literal["open", "closed", "settled"]
    opens_at: datetime
    closes_at: datetime
    closed_at: datetime | None
    invited: int
    answered: int


class WavesShown(BaseModel):
    items: list[WaveShown]


class FiguresShown(BaseModel):
    answered: int
    counts: dict[int, int] = Field(description="how many answered each value")
    mean: float
    level: float = Field(description="from 0 to 100; more is better")
    score: int | None = Field(description="net promoters, of 0-10 alone")
    warned: int | None = Field(description="per cent who see a risk, of risk warnings alone")


class QuestionShown(BaseModel):
    """Without figures where fewer than five answered. Groups that may not be told are not there."""

    id: str
    text: str
    theme: Theme
    form: str
    figures: FiguresShown | None
    flags: list[Flag]
    trend: dict[int, float] = Field(description="the level by wave")
    groups: dict[str, FiguresShown]
    texts: list[str]


class ResultsShown(BaseModel):
    wave: WaveShown
    by: Dimension | None
    asked: list[QuestionShown]


@router.get(
    "/pulses/{record_id}/waves",
    response_model=WavesShown,
    operation_id="list_waves_of_pulse",
    responses=problems(401, 403, 404, 422),
)
def waves(kickoff_id: KickoffId, record_id: RecordId, asked: See) -> Response:
    with asked.database.reading() as session:
        pulse = pulse_waves.pulse_of(session, kickoff_id, record_id)
        found = session.scalars(pulse_waves.waves_of(pulse.id)).all()
        items = [_wave(session, wave) for wave in found]
    return json_answer({"items": items})


@router.post(
    "/pulses/{record_id}/waves",
    status_code=201,
    response_model=WaveShown,
    operation_id="open_wave_of_pulse",
    responses=problems(401, 403, 404, 409, 422),
)
def open_wave(
    request: Request,
    kickoff_id: KickoffId,
    record_id: RecordId,
    asked: Edit,
    idempotency_key: IdempotencyKey = None,
) -> Response:
    """Ask everybody who has an e-mail address."""

    def make(session: Session) -> Answer:
        wave = request.app.state.live.pulses.opening(session, kickoff_id, record_id)
        return Answer(encoded(_wave(session, wave)), etag(wave))

    return once_asked(asked, request, idempotency_key, make).response()


@router.post(
    "/pulse-waves/{record_id}/close",
    response_model=WaveShown,
    operation_id="close_wave_of_pulse",
    responses=problems(401, 403, 404, 409, 422),
)
def close_wave(
    request: Request,
    kickoff_id: KickoffId,
    record_id: RecordId,
    asked: Edit,
    idempotency_key: IdempotencyKey = None,
) -> Response:
    """Nobody can answer it any more, and its figures are made. One that is closed stays so."""
    request.app.state.live.pulses.close_now(asked.database, kickoff_id, record_id)

    def make(session: Session) -> Answer:
        wave = pulse_waves.wave_of(session, kickoff_id, record_id)
        return Answer(encoded(_wave(session, wave)), etag(wave), status=200)

    return once_asked(asked, request, idempotency_key, make).response()


@router.get(
    "/pulses/{record_id}/results",
    response_model=ResultsShown,
    operation_id="get_results_of_pulse",
    responses=problems(401, 403, 404, 422),
)
def results(
    kickoff_id: KickoffId,
    record_id: RecordId,
    asked: See,
    wave: Annotated[int | None, Query(ge=1, le=10_000, description="the last, if left out")] = None,
    by: Annotated[Dimension | None, Query(description="with the figures of these groups")] = None,
) -> Response:
    """Of a wave that is over. 404 while there is none."""
    with asked.database.reading() as session:
        pulse = pulse_waves.pulse_of(session, kickoff_id, record_id)
        found = pulse_results.results(session, pulse.id, number=wave, by=by or "")
        if found is None:
            raise NotFound
        answer = {
            "wave": _wave(session, found.wave),
            "by": by,
            "asked": [_question(one) for one in found.questions],
        }
    return json_answer(answer)


@router.post(
    "/pulse-measures/{record_id}/action",
    response_model=_ACTION,
    operation_id="make_action_of_pulse_measure",
    responses=problems(401, 403, 404, 409, 422),
)
def as_action(
    request: Request,
    kickoff_id: KickoffId,
    record_id: RecordId,
    asked: Edit,
    idempotency_key: IdempotencyKey = None,
) -> Response:
    """The action that it becomes, or has become."""

    def make(session: Session) -> Answer:
        made = pulse_measures.become_action(session, kickoff_id, record_id)
        return Answer(encoded(shown_of(ACTIONS, asked, made)), etag(made), status=200)

    return once_asked(asked, request, idempotency_key, make).response()


def _wave(session: Session, wave: PulseWave) -> dict[str, Any]:
    state = "open" if wave.is_open else "settled" if wave.settled_at else "closed"
    names = ("id", "pulse_id", "number", "opens_at", "closes_at", "closed_at", "invited")
    return {
        **{name: getattr(wave, name) for name in names},
        "state": state,
        "answered": pulse_answers.how_many_answered(session, wave),
    }


def _question(one: QuestionResult) -> dict[str, Any]:
    return {
        "id": one.id,
        "text": one.text,
        "theme": one.theme,
        "form": one.form,
        "figures": _figures(one.figures) if one.figures else None,
        "flags": list(one.flags),
        "trend": {str(number): found.level for number, found in one.trend if found},
        "groups": {label: _figures(found) for label, found in one.groups},
        "texts": list(one.texts),
    }


def _figures(one: Figures) -> dict[str, Any]:
    return {
        "answered": one.answered,
        "counts": {str(value): count for value, count in one.values},
        "mean": one.mean,
        "level": one.level,
        "score": one.score,
        "warned": one.warned,
    }
