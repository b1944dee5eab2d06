"""The records of the plan: what leads to each of them, and their tables and forms."""

from typing import Annotated

from fastapi import APIRouter, Request, Response
from sqlmodel import col, func, select

from app.access import Permission
from app.i18n import mark
from app.operations.entities import (
    ACTIONS,
    ASSUMPTIONS,
    DECISIONS,
    DELIVERABLES,
    GOALS,
    KPIS,
    RISKS,
)
from app.routers.pages.page import page
from app.routers.pages.records import Empty, RecordPages, record_pages
from app.routers.permissions import Asked, needs

router = APIRouter(include_in_schema=False)

TAB = "plan"
PAGES = (
    RecordPages(
        GOALS,
        "goals",
        empty=Empty(
            mark("No goals yet"),
            mark("Three to five goals carry the day. Say for each what is so when it is met."),
            "target",
        ),
        tab=TAB,
    ),
    RecordPages(
        KPIS,
        "kpis",
        empty=Empty(
            mark("No KPIs yet"),
            mark("One to three figures for each sub-goal, with where they are and should be."),
            "gauge",
        ),
        tab=TAB,
    ),
    RecordPages(
        DELIVERABLES,
        "deliverables",
        empty=Empty(
            mark("No deliverables yet"),
            mark("What is handed over, by one named owner, and when anybody can say it is done."),
            "package",
        ),
        tab=TAB,
    ),
    RecordPages(
        RISKS,
        "risks",
        empty=Empty(
            mark("No risks and no opportunities yet"),
            mark("What may happen, how likely and how serious, and who does what about it."),
            "shield-alert",
        ),
        tab=TAB,
    ),
    RecordPages(
        ACTIONS,
        "actions",
        empty=Empty(
            mark("No actions yet"),
            mark("Who does what by when. The room makes them of obstacles and cards; so can you."),
            "list-checks",
        ),
        tab=TAB,
    ),
    RecordPages(
        DECISIONS,
        "decisions",
        empty=Empty(
            mark("No decisions yet"),
            mark("They are written down as they fall, and superseded rather than removed."),
            "gavel",
        ),
        tab=TAB,
    ),
    RecordPages(
        ASSUMPTIONS,
        "assumptions",
        empty=Empty(
            mark("No assumptions yet"),
            mark("What the plan takes for granted, and by when somebody has looked."),
            "lightbulb",
        ),
        tab=TAB,
    ),
)


@router.get("/kickoffs/{kickoff_id}/plan")
def overview(request: Request, asked: Annotated[Asked, needs(Permission.SEE_PLAN)]) -> Response:
    kickoff = asked.its_kickoff
    counts = [
        select(func.count())
        .select_from(pages.entity.table)
        .where(col(pages.entity.child.kickoff_id) == kickoff.id)
        .scalar_subquery()
        for pages in PAGES
    ]
    with asked.database.reading() as session:
        found = session.execute(select(*counts)).one()
    return page(
        request,
        "plan/show.html",
        kickoff=kickoff,
        asked=asked,
        parts=list(zip(PAGES, found, strict=True)),
    )


for pages in PAGES:
    router.include_router(record_pages(pages))
