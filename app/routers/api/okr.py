"""How objectives, key results, KPIs and actions stand (F4), and the launch indicators (F3), for
programs. What is measured is written beneath its own record (`measured`)."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field

from app.access import Permission
from app.operations import records
from app.operations.entities import ACTIONS, KPIS
from app.operations.indicators import launch_indicators
from app.operations.okr import Board, KeyResultState, board
from app.operations.plan_readers import plan_readers
from app.operations.steering import kpi_states, ranked_actions, tie_an_action
from app.routers.api import API
from app.routers.conditions import Answer, IdempotencyKey, etag, once_asked
from app.routers.permissions import Asked, KickoffId, RecordId, needs
from app.routers.resource import shown_of
from app.routers.schemas import encoded, json_answer, problems, public_schema
from app.rules.course import Course

router = APIRouter(prefix=f"{API}/kickoffs/{{kickoff_id}}", tags=["okr"])

See = Annotated[Asked, needs(Permission.SEE_PLAN)]
Trend = Literal["up", "down", "flat"] | None
Share = Annotated[float | None, Field(description="a part of the whole way, 0 to 1")]


class CourseShown(BaseModel):
    """A figure and its line. `missing` names what there is no line without."""

    value: float | None
    expected: float | None = Field(description="what the line has today")
    behind: float | None = Field(description="how much of the way is missing; below 0 it is ahead")
    deviates: bool
    missing: list[str]


class KeyResultShown(BaseModel):
    id: str
    title: str
    owner_id: str | None
    unit: str
    baseline: float | None
    target: float | None
    due: date | None
    value: float | None
    score: Share
    missing: list[str] = Field(description="what there is no score without")
    trend: Trend
    confidence: int | None = Field(description="0 to 10, what was said last")
    said_on: date | None
    silent_days: int | None
    course: CourseShown


class ObjectiveShown(BaseModel):
    id: str
    title: str
    team_id: str | None
    goal_id: str | None
    score: Share
    scored: int = Field(description="how many of its key results have a score")
    key_results: list[KeyResultShown]


class OkrShown(BaseModel):
    objectives: list[ObjectiveShown]


class RankedActionShown(BaseModel):
    """`lift` is gap × share ÷ days; null where something is missing, and that is named."""

    id: str
    title: str
    key_result_id: str | None
    gap: Share
    share: Share
    days: float | None
    lift: float | None
    missing: list[str]


class RankedActionsShown(BaseModel):
    items: list[RankedActionShown]


class KpiShown(BaseModel):
    id: str
    title: str
    read_on: date | None
    trend: Trend
    course: CourseShown
    action_ids: list[str] = Field(description="the open actions that are tied to it")


class KpisShown(BaseModel):
    items: list[KpiShown]


class BehindShown(BaseModel):
    collection: str
    id: str


class IndicatorShown(BaseModel):
    """One launch indicator. Its id is stable."""

    id: str
    by_day: int
    due_on: date | None
    role: Literal["strategy_team", "line_managers", "product_management", "pmo"]
    state: Literal["not_due", "met", "short", "no_day"]
    unit: Literal["per_cent", "count"]
    have: int
    want: int = Field(description="the least that is asked")
    behind: list[BehindShown] = Field(description="the records that the figure is made of")
    lacking: list[BehindShown] = Field(description="those of them that are short")


class PlanReadersShown(BaseModel):
    """Who has opened the published plan: people with an account in the kickoff, and how many
    others. It counts for no indicator."""

    names: list[str]
    others: int


class IndicatorsShown(BaseModel):
    items: list[IndicatorShown]
    plan_readers: PlanReadersShown


_READ: dict[str, Any] = {"responses": problems(401, 403, 404, 422)}


@router.get("/okr", response_model=OkrShown, operation_id="get_okr", **_READ)
def okr(asked: See) -> Response:
    """The board: leadership's objectives, then each team's."""
    with asked.database.reading() as session:
        found = board(session, asked.its_kickoff)
    return json_answer({"objectives": _objectives(found)})


@router.get(
    "/ranked-actions",
    response_model=RankedActionsShown,
    operation_id="get_ranked_actions",
    **_READ,
)
def ranked(asked: See) -> Response:
    """What lifts most first; what cannot be ranked last."""
    with asked.database.reading() as session:
        found = ranked_actions(session, asked.its_kickoff)
    items = [
        {
            "id": one.id,
            "title": one.title,
            "key_result_id": one.key_result_id,
            "gap": one.lift.effect.gap,
            "share": one.lift.effect.share,
            "days": one.days,
            "lift": one.lift.value,
            "missing": one.lift.missing,
        }
        for one in found
    ]
    return json_answer({"items": items})


@router.get("/kpi-steering", response_model=KpisShown, operation_id="get_kpi_steering", **_READ)
def steering(asked: See) -> Response:
    """The KPIs that deviate first."""
    with asked.database.reading() as session:
        found = kpi_states(session, asked.its_kickoff)
    items = [
        {
            "id": one.id,
            "title": one.title,
            "read_on": one.read_on,
            "trend": one.trend,
            "course": _course(one.course),
            "action_ids": [tied.id for tied in one.actions],
        }
        for one in found
    ]
    return json_answer({"items": items})


@router.post(
    "/kpis/{record_id}/action",
    status_code=201,
    response_model=public_schema(ACTIONS, kickoff_id=(str, ...)),
    operation_id="tie_an_action_to_kpi",
    responses=problems(401, 403, 404, 409, 422),
)
def tie(
    request: Request,
    kickoff_id: KickoffId,
    record_id: RecordId,
    asked: Annotated[Asked, needs(KPIS.edit)],
    idempotency_key: IdempotencyKey = None,
) -> Response:
    """The open action that is tied to this KPI: the one that there is, or a new one."""

    def make(session: Any) -> Answer:
        records.find(session, KPIS, kickoff_id, record_id)
        action = tie_an_action(session, asked.its_kickoff, record_id)
        location = f"{API}/kickoffs/{kickoff_id}/{ACTIONS.name}/{action.id}"
        return Answer(encoded(shown_of(ACTIONS, asked, action)), etag(action), location)

    return once_asked(asked, request, idempotency_key, make).response()


@router.get("/indicators", response_model=IndicatorsShown, operation_id="get_indicators", **_READ)
def indicators(asked: See) -> Response:
    """What is to be so at day 7, 30, 60 and 90, measured from the records."""
    with asked.database.reading() as session:
        found = launch_indicators(session, asked.its_kickoff)
        readers = plan_readers(session, asked.its_kickoff.id)
    items = [
        {
            "id": one.id,
            "by_day": one.by_day,
            "due_on": one.due_on,
            "role": one.role,
            "state": one.state,
            "unit": one.unit,
            "have": one.have,
            "want": one.want[0],
            "behind": [{"collection": name, "id": id} for name, id in one.behind],
            "lacking": [{"collection": name, "id": id} for name, id in one.lacking],
        }
        for one in found
    ]
    read = {"names": list(readers.named), "others": readers.others}
    return json_answer({"items": items, "plan_readers": read})


def _objectives(found: Board) -> list[Mapping[str, Any]]:
    return [
        {
            "id": one.id,
            "title": one.title,
            "team_id": one.team_id,
            "goal_id": one.goal_id,
            "score": one.score.value,
            "scored": one.score.scored,
            "key_results": [_key_result(each) for each in one.key_results],
        }
        for group in found.groups
        for one in group.objectives
    ]


def _key_result(one: KeyResultState) -> Mapping[str, Any]:
    return {
        "id": one.id,
        "title": one.title,
        "owner_id": one.owner_id,
        "unit": one.unit,
        "baseline": one.way.baseline,
        "target": one.way.target,
        "due": one.due,
        "value": one.value,
        "score": one.score,
        "missing": one.missing,
        "trend": one.trend,
        "confidence": one.confidence,
        "said_on": one.last.on if one.last else None,
        "silent_days": one.silent,
        "course": _course(one.course),
    }


def _course(one: Course) -> Mapping[str, Any]:
    return {
        "value": one.value,
        "expected": one.expected,
        "behind": one.behind,
        "deviates": one.deviates,
        "missing": one.missing,
    }
