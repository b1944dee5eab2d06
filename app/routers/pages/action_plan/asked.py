"""What the pages of the 30-60-90-day plan have in common: their addresses, who reads, what is
chosen by the address."""

from collections.abc import Mapping
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import Request, Response
from sqlmodel import Session, col, select

from app import clock
from app.access import Permission
from app.i18n import gettext
from app.models.actions import ACTION_SOURCES
from app.models.deliverables import Deliverable
from app.models.kickoffs import Kickoff
from app.models.organisations import User
from app.models.people import Person
from app.operations.action_plan import names_of
from app.operations.derived import SHOWN_STATUSES, SHOWN_WINDOWS, today_in
from app.operations.mailing import same_address
from app.routers.pages.page import page
from app.routers.permissions import Asked, needs
from app.rules.action_rows import NOBODY, Filter
from app.rules.ninety_days import THIRDS, now_on

HERE = "/kickoffs/{kickoff_id}/30-60-90"
LONGEST = 100  # of a text that is looked for

See = Annotated[Asked, needs(Permission.SEE_PLAN)]
Edit = Annotated[Asked, needs(Permission.EDIT_PLAN)]


def address(kickoff_id: str, *parts: str) -> str:
    return "/".join((HERE.format(kickoff_id=kickoff_id), *parts))


def filter_of(query: Mapping[str, str]) -> Filter:
    named = {name: query.get(name, "")[:LONGEST] for name in Filter.__dataclass_fields__}
    return Filter(**named)


def asked_for(by: Filter) -> str:
    """The filter as it stands in an address."""
    named = {name: getattr(by, name) for name in Filter.__dataclass_fields__}
    return urlencode({name: value for name, value in named.items() if value})


def choices_of(session: Session, kickoff_id: str) -> dict[str, list[tuple[str, str]]]:
    """What a filter and a bulk edit can name."""
    people, teams = names_of(session, kickoff_id)
    return {
        "owner": list(people.items()),
        "team": list(teams.items()),
        "window": [(code, gettext(name)) for code, name in SHOWN_WINDOWS],
        "status": [(code or NOBODY, gettext(name)) for code, name in SHOWN_STATUSES],
        "source": [(code, gettext(name)) for code, name in ACTION_SOURCES],
    }


def prioritised(session: Session, kickoff: Kickoff) -> list[tuple[Deliverable, str]]:
    """The deliverables of the first 30 days, with the owner's name."""
    wanted = (
        select(Deliverable, Person.name)
        .outerjoin(Person, col(Person.id) == col(Deliverable.owner_id))
        .where(col(Deliverable.kickoff_id) == kickoff.id, col(Deliverable.prioritised))
        .order_by(col(Deliverable.position), col(Deliverable.id))
    )
    return [(one, name or "") for one, name in session.execute(wanted).all()]


def me_in(session: Session, asked: Asked) -> str:
    """The person of the kickoff who has the address that one signed in with; "" where none has."""
    user = session.get(User, asked.actor.id) if asked.actor.id else None
    if user is None:
        return ""
    wanted = select(Person.id).where(
        col(Person.kickoff_id) == asked.its_kickoff.id,
        same_address(col(Person.email), user.email),
    )
    return session.scalars(wanted.order_by(col(Person.id))).first() or ""


def plan_page(
    request: Request, template: str, asked: Asked, *, status: int = 200, **values: Any
) -> Response:
    kickoff, now = asked.its_kickoff, clock.now()
    today = today_in(kickoff, now)
    return page(
        request,
        template,
        status=status,
        kickoff=kickoff,
        asked=asked,
        here=address(kickoff.id),
        told=request.query_params,
        may_edit=asked.may(Permission.EDIT_PLAN),
        today=today,
        now_in=now_on(kickoff.day, today) if kickoff.day else None,
        thirds=THIRDS,
        **values,
    )
