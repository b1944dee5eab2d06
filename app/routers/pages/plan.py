"""The plan: what leads to each of its parts, section by section."""

from typing import Annotated

from fastapi import APIRouter, Request, Response
from sqlmodel import col, func, select

from app.access import Permission
from app.i18n import gettext
from app.models.responsibilities import PARTS
from app.operations.plan_facts import plan_facts
from app.operations.responsibilities import responsible_in
from app.routers.add_routes import add_routes
from app.routers.changes import PATHS
from app.routers.mending import view_of
from app.routers.pages.page import page
from app.routers.pages.plan_parts import SECTIONS
from app.routers.pages.records import record_pages
from app.routers.permissions import Asked, needs
from app.rules import frames
from app.rules.plan_check.check import of_part, plan_check, readiness
from app.rules.plan_check.measures import MET, SHORT
from app.rules.plan_check.rule import BEFORE, Checked

NEXT = 3  # unmet rules that the overview names

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
        responsible = responsible_in(session, kickoff)
        facts = plan_facts(session, kickoff)
    checks = plan_check(facts)
    before = [check for check in checks if check.phase == BEFORE]
    unmet = sorted((check for check in before if check.state != MET), key=_short_first)
    return page(
        request,
        "plan/show.html",
        kickoff=kickoff,
        asked=asked,
        sections=SECTIONS,
        responsible=responsible,
        part_words={code: gettext(words) for code, words in PARTS},
        part_paths=PATHS,
        counts={part.path: count for part, count in zip(parts, found, strict=True)},
        readiness=readiness(before),
        next_checks=[view_of(check, kickoff.id, facts.names) for check in unmet[:NEXT]],
        parts_ready={part.path: readiness(of_part(before, part.path)) for part in parts},
        frames=frames,
    )


def _short_first(check: Checked) -> bool:
    """What somebody has begun is finished first."""
    return check.state != SHORT


for section in SECTIONS:
    for part in section.parts:
        add_routes(router, record_pages(part))
