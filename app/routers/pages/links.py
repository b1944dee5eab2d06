"""What a link in a message opens, without sign-in: one page, and the buttons on it.

A link is its own key: no line of the log holds one, no other server is told of it, and looking at
it changes nothing.
"""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Path, Request, Response

from app import ids
from app.access import NOBODY, Permission
from app.errors import Conflict, Invalid, NotFound
from app.notify.wording import STOP
from app.operations import records
from app.operations.entities import PEOPLE
from app.operations.signed_links import LONGEST, Link, end_links, opened, path_of
from app.routers.conditions import writing
from app.routers.forms import Posted, faults_by_name, text_of
from app.routers.linked import PURPOSES, Purpose
from app.routers.pages.page import go_to, page
from app.routers.permissions import Asked, KickoffId, RecordId, declares, needs
from app.web import one_click
from app.web.sentences import refusal

router = APIRouter(include_in_schema=False)

PUBLIC = declares(Permission.PUBLIC)
Token = Annotated[str, Path(max_length=LONGEST)]
_HEADERS = {"referrer-policy": "strict-origin", "x-robots-tag": "noindex"}


@router.get("/l/{token}", dependencies=[PUBLIC])
def shown(request: Request, token: Token) -> Response:
    try:
        link, purpose = _opened(request, token)
        return _page(request, token, link, purpose)
    except NotFound:
        return _nowhere(request)


@router.post("/l/{token}", dependencies=[PUBLIC])
def acted(request: Request, token: Token, form: Posted) -> Response:
    try:
        link, purpose = _opened(request, token)
        if text_of(form, one_click.FIELD) == one_click.VALUE:
            return _by_one_click(request, link, purpose, form)
        return _act(request, token, link, purpose, form)
    except NotFound:
        return _nowhere(request)


@router.post("/kickoffs/{kickoff_id}/people/{record_id}/end-links")
def end(
    kickoff_id: KickoffId,
    record_id: RecordId,
    asked: Annotated[Asked, needs(Permission.EDIT_PLAN)],
) -> Response:
    """For a message that was forwarded, or went to a wrong address."""
    with writing(asked.database) as session:
        person = records.find(session, PEOPLE, kickoff_id, record_id, to_write=True)
        end_links(session, person)  # type: ignore[arg-type]  # PEOPLE are people
    return go_to(f"/kickoffs/{kickoff_id}/people/{record_id}", said="links_ended")


def _opened(request: Request, token: str) -> tuple[Link, Purpose]:
    state = request.app.state
    link = opened(state.settings.signing_key, token)
    state.link_budget.spend(token)
    purpose = PURPOSES.get(link.purpose)
    if purpose is None:
        raise NotFound
    return link, purpose


def _act(request: Request, token: str, link: Link, purpose: Purpose, form: Any) -> Response:
    database = request.app.state.database
    author = NOBODY
    if purpose.author is not None:
        with database.reading() as session:
            author = purpose.author(session, link)
    try:
        with writing(database.by(author)) as session:
            told = purpose.act(session, link, form)
    except Invalid as error:
        again = {"errors": faults_by_name(error.faults), "typed": form}
        return _page(request, token, link, purpose, 422, **again)
    except Conflict as error:
        return _page(request, token, link, purpose, 409, refused=refusal(error), typed=form)
    answer = go_to(path_of(token), **dict(told))
    answer.headers.update(_HEADERS)
    return answer


def _by_one_click(request: Request, link: Link, purpose: Purpose, form: Any) -> Response:
    """By a mail program: it follows no redirect, and shows nobody a page."""
    if purpose.name != STOP:
        raise NotFound
    with writing(request.app.state.database) as session:
        purpose.act(session, link, form)
    return Response(status_code=204, headers=_HEADERS)


def _page(
    request: Request, token: str, link: Link, purpose: Purpose, status: int = 200, **again: Any
) -> Response:
    with request.app.state.database.reading() as session:
        values = purpose.show(session, link, request.query_params)
    known: Mapping[str, Any] = {"errors": {}, "typed": {}, "refused": "", **again}
    made = page(
        request,
        purpose.template,
        status=status,
        here=path_of(token),
        sent_as=text_of(again["typed"], "sent_as") if "typed" in again else ids.secret(),
        told=request.query_params,
        **known,
        **values,
    )
    made.headers.update(_HEADERS)
    return made


def _nowhere(request: Request) -> Response:
    """The same for what was forged and for what has ended: nobody learns which."""
    made = page(request, "links/nowhere.html", status=404)
    made.headers.update(_HEADERS)
    return made
