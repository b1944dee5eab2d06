"""The API's description as a page to read and try."""

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from app import rendering
from app.access import Permission
from app.routers.permissions import declares

router = APIRouter(include_in_schema=False)


@router.get("/api/docs", dependencies=[declares(Permission.PUBLIC)])
async def api_docs() -> HTMLResponse:
    return HTMLResponse(rendering.render("api_docs.html"))
