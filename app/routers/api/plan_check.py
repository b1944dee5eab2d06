"""The plan check for programs: each rule by its id, what it found, and where it is mended."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from app.access import Permission
from app.operations.plan_facts import plan_facts
from app.routers.api import API
from app.routers.mending import mended_at
from app.routers.permissions import Asked, KickoffId, needs
from app.routers.schemas import json_answer, problems
from app.rules.plan_check.check import Readiness, by_phase, plan_check, readiness
from app.rules.plan_check.rule import Checked

router = APIRouter(prefix=f"{API}/kickoffs/{{kickoff_id}}", tags=["plan check"])

State = Literal["met", "short", "not_begun"]
Phase = Literal["before", "day", "after"]
Frame = Annotated[
    list[int] | None,
    Field(min_length=2, max_length=2, description="fewest and most, both included"),
]


class ReadinessShown(BaseModel):
    """How many rules are in each state; `share` of them is met."""

    share: float = Field(ge=0, le=1)
    met: int
    short: int
    not_begun: int


class PhaseReadiness(ReadinessShown):
    phase: Phase


class FindingShown(BaseModel):
    code: str
    have: int
    want: Frame
    where: str = Field(description='the id of the record, "" for the plan as a whole')


class CheckShown(BaseModel):
    """One rule of the method. Its id is stable."""

    id: str
    section: str
    phase: Phase = Field(description="when it can be met")
    state: State
    have: int
    want: Frame
    where: list[str] = Field(description="the ids of the records that lack something")
    href: str = Field(description='the page where it is mended; "" where there is none yet')
    findings: list[FindingShown]


class PlanCheckShown(BaseModel):
    """It advises; nothing is refused because of it."""

    readiness: ReadinessShown
    phases: list[PhaseReadiness]
    checks: list[CheckShown]


@router.get(
    "/plan-check",
    response_model=PlanCheckShown,
    operation_id="get_plan_check",
    responses=problems(401, 403, 404, 422),
)
def get(kickoff_id: KickoffId, asked: Annotated[Asked, needs(Permission.SEE_PLAN)]) -> Response:
    """The plan measured against every figure of the method."""
    with asked.database.reading() as session:
        checks = plan_check(plan_facts(session, asked.its_kickoff))
    phases = by_phase(checks).items()
    return json_answer(
        {
            "readiness": _shares(readiness(checks)),
            "phases": [{"phase": phase, **_shares(ready)} for phase, ready in phases],
            "checks": [_shown(check, kickoff_id) for check in checks],
        }
    )


def _shares(ready: Readiness) -> dict[str, Any]:
    return {
        "share": round(ready.share, 4),
        "met": ready.met,
        "short": ready.short,
        "not_begun": ready.not_begun,
    }


def _shown(check: Checked, kickoff_id: str) -> dict[str, Any]:
    return {
        "id": check.id,
        "section": check.section,
        "phase": check.phase,
        "state": check.state,
        "have": check.have,
        "want": check.want,
        "where": check.where,
        "href": mended_at(check, kickoff_id),
        "findings": [
            {"code": one.code, "have": one.have, "want": one.want, "where": one.where}
            for one in check.findings
        ],
    }
