"""The plan on paper: which papers there are, each as PDF, and the handout of each block."""

from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Query, Request, Response

from app.access import Permission
from app.errors import NotFound
from app.i18n import gettext as _
from app.live import handout
from app.live.handed_out import NOTHING_TO_HAND_OUT, handed_out
from app.models.agenda import AgendaBlock, blocks_of
from app.models.answers import PublishedHandouts, PublishedPlan
from app.operations import publications
from app.outputs import paper
from app.outputs.papers.registry import registry
from app.routers.pages.page import page
from app.routers.pages.plan_published import plan_address
from app.routers.permissions import Asked, needs
from app.web.hosts import public_url

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
        link = publications.publication(session, PublishedHandouts, kickoff.id)
        plan_link = publications.publication(session, PublishedPlan, kickoff.id)
    return page(
        request,
        "paper/list.html",
        kickoff=kickoff,
        asked=asked,
        papers=list(registry().values()),
        blocks=[block for block in blocks if block.kind != NOTHING_TO_HAND_OUT],
        link=link,
        may_publish=asked.may(Permission.EDIT_PLAN),
        address=address_of(request, link.secret) if link else "",
        plan_link=plan_link,
        plan_link_address=plan_address(request, plan_link.secret) if plan_link else "",
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
    return pdf_file(made, kickoff.title, _(wanted.name), size.upper())


@router.get("/kickoffs/{kickoff_id}/paper/handouts/{block_id}")
def of_block(request: Request, asked: See, block_id: str) -> Response:
    kickoff = asked.its_kickoff
    with asked.database.reading() as session:
        block = _block(session.get(AgendaBlock, block_id), asked)
        told = handout.of_block(session, kickoff, block)
        link = publications.publication(session, PublishedHandouts, kickoff.id)
        is_out = link is not None and block_id in {one.id for one in handed_out(session, kickoff)}
    public = f"/handouts/{link.secret}/{block_id}" if link and is_out else ""
    return page(
        request, "paper/handout.html", kickoff=kickoff, asked=asked, handout=told, public=public
    )


@router.get("/kickoffs/{kickoff_id}/paper/handouts/{block_id}/handout.pdf")
def of_block_on_paper(asked: See, block_id: str) -> Response:
    kickoff = asked.its_kickoff
    with asked.database.reading() as session:
        block = _block(session.get(AgendaBlock, block_id), asked)
        contents = handout.contents(session, kickoff, block)
        pictures = handout.on_paper(session, kickoff.id, contents)
    return pdf_file(paper.pdf("handout", contents, pictures), kickoff.title, block.title)


def address_of(request: Request, secret: str) -> str:
    """Where a kickoff's handouts are published."""
    return f"{public_url(request.scope, request.app.state.settings)}/handouts/{secret}"


def _block(found: AgendaBlock | None, asked: Asked) -> AgendaBlock:
    if found is None or found.kickoff_id != asked.its_kickoff.id:
        raise NotFound
    return found


def pdf_file(made: bytes, *parts: str) -> Response:
    """Shown in the browser, and well named when it is kept."""
    name = " – ".join(part for part in parts if part)
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
