"""The whole plan as one workbook."""

from typing import Annotated

from fastapi import APIRouter, Response

from app.access import Permission
from app.operations.entities import PLAN
from app.routers.permissions import Asked, needs
from app.routers.record_files import plan_file

router = APIRouter(include_in_schema=False)


@router.get("/kickoffs/{kickoff_id}/plan.xlsx")
def whole_plan(asked: Annotated[Asked, needs(Permission.SEE_PLAN)]) -> Response:
    return plan_file(PLAN, asked)
