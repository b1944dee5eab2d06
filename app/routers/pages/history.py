"""The history of a kickoff's plan: who changed what when, and the way back for what was removed."""

from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response
from sqlmodel import col

from app.access import Permission
from app.i18n import gettext
from app.models.history import AuthorKind, RecordChange
from app.operations import history, restoring
from app.operations.entities import KICKOFFS, PLAN
from app.operations.listing import Key
from app.routers.changes import PATHS, lines_of
from app.routers.conditions import writing
from app.routers.pages.page import go_to, page
from app.routers.paging import Cursor, page_of
from app.routers.permissions import Asked, KickoffId, RecordId, needs

router = APIRouter(prefix="/kickoffs/{kickoff_id}/history", include_in_schema=False)

See = Annotated[Asked, needs(Permission.SEE_PLAN)]
Edit = Annotated[Asked, needs(Permission.EDIT_PLAN)]

LINES = 50
NEWEST_FIRST = [Key(RecordChange.id, descending=True)]
# Who has no name, by the word that the address has for them.
NAMELESS = {AuthorKind.ROOM: "room", AuthorKind.PRODUCT: "product"}


@router.get("")
def listed(
    request: Request,
    asked: See,
    part: str = "",
    who: str = "",
    record: str = "",
    cursor: Cursor = None,
) -> Response:
    kickoff = asked.its_kickoff
    statement = history.of_kickoff(kickoff.id, entity=part, followed_too=bool(record))
    if who in NAMELESS.values():
        statement = statement.where(col(RecordChange.author_kind) == who)
    elif who:
        statement = statement.where(col(RecordChange.author_id) == who)
    if record:
        statement = statement.where(col(RecordChange.record_id) == record)
    chosen = {"part": part, "who": who, "record": record}
    with asked.database.reading() as session:
        found, following = page_of(
            session,
            request,
            statement,
            NEWEST_FIRST,
            limit=LINES,
            cursor=cursor,
            asked=urlencode(chosen),
        )
        lines = lines_of(session, kickoff, found, private=asked.may(Permission.SEE_NOTES))
        people = history.authors_of(session, kickoff.id)
    here = f"/kickoffs/{kickoff.id}/history?{urlencode(chosen)}"
    return page(
        request,
        "history/list.html",
        kickoff=kickoff,
        asked=asked,
        lines=lines,
        chosen=chosen,
        parts=[(entity.name, gettext(entity.many)) for entity in (KICKOFFS, *PLAN)],
        people=people,
        older=f"{here}&{urlencode({'cursor': following})}" if following else "",
        newer=here if cursor else "",
        may_edit=asked.may(Permission.EDIT_PLAN),
    )


@router.post("/{record_id}/restore")
def restore(kickoff_id: KickoffId, record_id: RecordId, asked: Edit) -> Response:
    """`record_id` is the change that removed it."""
    with writing(asked.database) as session:
        entity, removal = restoring.removal_of(session, kickoff_id, record_id)
        record = restoring.bring_back(session, entity, removal)
    path = PATHS.get(entity.name, entity.name)
    return go_to(f"/kickoffs/{kickoff_id}/{path}", said="restored", part=f"record-{record.id}")
