"""Steering by figures (F4): what lifts most this week, and KPIs that have left their line."""

from typing import Annotated

from fastapi import APIRouter, Request, Response

from app.access import Permission
from app.operations.steering import kpi_states, ranked_actions, tie_an_action
from app.routers.conditions import writing
from app.routers.pages.page import go_to, page
from app.routers.permissions import Asked, KickoffId, RecordId, needs
from app.rules.course import TOLERANCE

router = APIRouter(include_in_schema=False)

See = Annotated[Asked, needs(Permission.SEE_PLAN)]
Edit = Annotated[Asked, needs(Permission.EDIT_PLAN)]


@router.get("/kickoffs/{kickoff_id}/okr/lift")
def what_lifts_most(request: Request, asked: See) -> Response:
    kickoff = asked.its_kickoff
    with asked.database.reading() as session:
        actions = ranked_actions(session, kickoff)
    return page(
        request,
        "okr/lift.html",
        kickoff=kickoff,
        asked=asked,
        ranked=[one for one in actions if one.lift.value is not None],
        unknown=[one for one in actions if one.lift.value is None],
    )


@router.get("/kickoffs/{kickoff_id}/okr/kpis")
def kpis(request: Request, asked: See) -> Response:
    kickoff = asked.its_kickoff
    with asked.database.reading() as session:
        states = kpi_states(session, kickoff)
    return page(
        request,
        "okr/kpis.html",
        kickoff=kickoff,
        asked=asked,
        states=states,
        deviating=[one for one in states if one.course.deviates],
        tolerance=round(100 * TOLERANCE),
    )


@router.post("/kickoffs/{kickoff_id}/okr/kpis/{record_id}/action")
def tie(kickoff_id: KickoffId, record_id: RecordId, asked: Edit) -> Response:
    """Led on to the action, to be given its owner and date."""
    with writing(asked.database) as session:
        made = tie_an_action(session, asked.its_kickoff, record_id)
    return go_to(f"/kickoffs/{kickoff_id}/actions/{made.id}", said="action_tied")
