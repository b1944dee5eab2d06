"""What stands beside a form of the plan: what the plan check says of this part and this record, and
for a goal which of the SMART criteria it meets."""

from collections.abc import Callable, Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Request, Response
from sqlmodel import Session

from app.access import Permission
from app.models.actions import Action
from app.models.fields import OfKickoff
from app.operations.plan_facts import plan_facts
from app.routers.forms import Posted, text_of
from app.routers.mending import lacking, views
from app.routers.pages.comes_from import comes_from
from app.routers.pages.page import page
from app.routers.permissions import Asked, needs
from app.rules import frames
from app.rules.plan_check.check import of_part, plan_check
from app.rules.smart import Stated, criteria

router = APIRouter(include_in_schema=False)

_LONGEST = 4000  # as long as such a text may be when it is saved
_TEXTS = ("title", "specific", "measurable", "achievable", "relevant")


def beside(session: Session, asked: Asked, part: str, record: OfKickoff | None) -> dict[str, Any]:
    """For the form of one part of the plan, by the last part of its address."""
    kickoff = asked.its_kickoff
    facts = plan_facts(session, kickoff)
    checks = plan_check(facts)
    return {
        "frames": frames,
        "part_checks": list(views(of_part(checks, part), kickoff.id, facts.names)),
        "lacks": lacking(checks, kickoff.id, record.id) if record else [],
    }


def beside_form_of(part: str) -> Callable[[Session, Asked, OfKickoff | None], Mapping[str, Any]]:
    """The same as what a form is given (`RecordPages.also_in_form`)."""

    def also(session: Session, asked: Asked, record: OfKickoff | None) -> Mapping[str, Any]:
        told = beside(session, asked, part, record)
        if isinstance(record, Action):
            told["comes_from"] = comes_from(session, record)
        return told

    return also


def smart_as_typed(values: Mapping[str, Any]) -> Mapping[str, Any]:
    """The criteria of a goal as it stands in the form: what is refused was typed all the same."""
    texts = {name: str(values.get(name) or "")[:_LONGEST] for name in _TEXTS}
    owner, due = values.get("owner_id"), values.get("due")
    return {"criteria": criteria(Stated(**texts, has_owner=bool(owner), has_date=bool(due)))}


@router.post("/kickoffs/{kickoff_id}/smart")
def while_typing(
    request: Request, form: Posted, _asked: Annotated[Asked, needs(Permission.SEE_PLAN)]
) -> Response:
    """The criteria of a goal as it stands in somebody's form: read, told, and forgotten."""
    typed = {name: text_of(form, name) for name in (*_TEXTS, "owner_id", "due")}
    return page(request, "goals/_smart.html", **smart_as_typed(typed))
