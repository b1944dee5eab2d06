"""The plan check: how ready the plan is, what is missing, and the way to where it is mended."""

from itertools import groupby
from typing import Annotated, Any

from fastapi import APIRouter, Request, Response

from app.access import Permission
from app.operations.plan_facts import plan_facts
from app.routers.mending import CheckView, views
from app.routers.pages.page import page
from app.routers.permissions import Asked, needs
from app.rules import frames
from app.rules.plan_check.check import by_phase, plan_check, readiness
from app.rules.plan_check.rule import PHASES

router = APIRouter(include_in_schema=False)


@router.get("/kickoffs/{kickoff_id}/plan-check")
def shown(request: Request, asked: Annotated[Asked, needs(Permission.SEE_PLAN)]) -> Response:
    kickoff = asked.its_kickoff
    with asked.database.reading() as session:
        facts = plan_facts(session, kickoff)
    checks = plan_check(facts)
    return page(
        request,
        "plan_check/show.html",
        kickoff=kickoff,
        asked=asked,
        frames=frames,
        readiness=readiness(checks),
        by_phase=by_phase(checks),
        phases=_by_phase_and_section(list(views(checks, kickoff.id, facts.names))),
    )


def _by_phase_and_section(shown: list[CheckView]) -> list[tuple[str, list[tuple[str, Any]]]]:
    """[(phase, [(section, [view, …]), …]), …] in the order in which a plan is worked through."""
    found = []
    for phase in PHASES:
        of_phase = [view for view in shown if view.check.phase == phase]
        sections = groupby(of_phase, key=lambda view: view.check.section)
        found.append((phase, [(section, list(group)) for section, group in sections]))
    return found
