"""The plan: what leads to each of its parts, section by section."""

from typing import Annotated

from fastapi import APIRouter, Request, Response
from sqlmodel import col, func, select

from app.access import Permission
from app.routers.pages.page import page
from app.routers.pages.plan_parts import SECTIONS
from app.routers.pages.records import record_pages
from app.routers.permissions import Asked, needs

router = APIRouter(include_in_schema=False)


@router.get("/kickoffs/{kickoff_id}/plan")
def overview(request: Request, asked: Annotated[Asked, needs(Permission.SEE_PLAN)]) -> Response:
    kickoff = asked.its_kickoff
    parts = [part for section in SECTIONS for part in section.parts]
    counts = [
        select(func.count())
        .select_from(part.entity.table)
        .where(col(part.entity.child.kickoff_id) == kickoff.id)
        .scalar_subquery()
        for part in parts
    ]
    with asked.database.reading() as session:
        found = session.execute(select(*counts)).one()
    return page(
        request,
        "plan/show.html",
        kickoff=kickoff,
        asked=asked,
        sections=SECTIONS,
        counts={part.path: count for part, count in zip(parts, found, strict=True)},
    )


for section in SECTIONS:
    for part in section.parts:
        router.include_router(record_pages(part))
