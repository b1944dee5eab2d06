"""The plan on paper: which papers there are, each as PDF, and the handout of each block."""

from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Query, Request, Response

from app.access import Permission
from app.errors import NotFound
from app.i18n import gettext as _
from app.live import handout
from app.models.agenda import AgendaBlock, blocks_of
from app.models.kickoffs import Kickoff
from app.outputs import paper
from app.outputs.papers.registry import registry
from app.routers.pages.page import page
from app.routers.permissions import Asked, needs

router = APIRouter(include_in_schema=False)

See = Annotated[Asked, needs(Permission.SEE_PLAN)]
Size = Annotated[str, Query(max_length=10)]
# What a file system does not take, in names that people wrote.
_NOT_IN_NAMES = str.maketrans(dict.fromkeys('\\/:*?"<>|', " "))


@router.get("/kickoffs/{kickoff_id}/paper")
def listed(request: Request, asked: See) -> Response:
    kickoff = asked.its_kickoff
    with asked.database.reading() as session:
        blocks = session.scalars(blocks_of(kickoff.id)).all()
    return page(
        request,
        "paper/list.html",
        kickoff=kickoff,
        asked=asked,
        papers=list(registry().values()),
        blocks=[block for block in blocks if block.kind != "break"],
    )


@router.get("/kickoffs/{kickoff_id}/paper/{code}.pdf")
def printed(asked: See, code: str, size: Size = "") -> Response:
    wanted = registry().get(code)
    if wanted is None or size.lower() not in ("", *wanted.sizes):
        raise NotFound
    kickoff = asked.its_kickoff
    with asked.database.reading() as session:
        contents = wanted.contents(session, kickoff)
    # Setting takes longer than reading: the database is let go of first.
    made = wanted.pdf(contents, size.lower() or wanted.sizes[0])
    return _file(made, kickoff, _(wanted.name), size.upper())


@router.get("/kickoffs/{kickoff_id}/paper/handouts/{block_id}")
def handed_out(request: Request, asked: See, block_id: str) -> Response:
    with asked.database.reading() as session:
        block = _block(session.get(AgendaBlock, block_id), asked)
        told = handout.of_block(session, asked.its_kickoff, block)
    return page(request, "paper/handout.html", kickoff=asked.its_kickoff, asked=asked, handout=told)


@router.get("/kickoffs/{kickoff_id}/paper/handouts/{block_id}/handout.pdf")
def handed_out_on_paper(asked: See, block_id: str) -> Response:
    kickoff = asked.its_kickoff
    with asked.database.reading() as session:
        block = _block(session.get(AgendaBlock, block_id), asked)
        contents = handout.contents(session, kickoff, block)
    return _file(paper.pdf("handout", contents), kickoff, block.title)


def _block(found: AgendaBlock | None, asked: Asked) -> AgendaBlock:
    if found is None or found.kickoff_id != asked.its_kickoff.id:
        raise NotFound
    return found


def _file(made: bytes, kickoff: Kickoff, *parts: str) -> Response:
    """Shown in the browser, and well named when it is kept."""
    name = " – ".join(part for part in (kickoff.title, *parts) if part)
    clean = " ".join(name.translate(_NOT_IN_NAMES).split())[:120].strip(". ")
    plain = clean.encode("ascii", "ignore").decode() or "kickoff"
    return Response(
        made,
        media_type="application/pdf",
        headers={
            "content-disposition": f'inline; filename="{plain}.pdf"; '
            f"filename*=UTF-8''{quote(clean, safe='')}.pdf",
            "cache-control": "private, no-store",
        },
    )
