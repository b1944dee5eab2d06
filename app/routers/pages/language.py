"""POST /language: the reader switches between bokmål and English and stays on the same page."""

from typing import Annotated
from urllib.parse import urlsplit

from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from app.access import Permission
from app.i18n import DEFAULT_LANGUAGE, LANGUAGES
from app.routers.permissions import needs
from app.web import cookies
from app.web.request_context import LANGUAGE_COOKIE

router = APIRouter(include_in_schema=False)


@router.post("/language", dependencies=[needs(Permission.PUBLIC)])
def switch_language(
    request: Request,
    language: Annotated[str, Form(max_length=5)],
    back: Annotated[str, Form(alias="next", max_length=500)] = "",
) -> Response:
    """Fields: `csrf`, `language` (nb or en), `next` (a path here; default: the page one came
    from).
    """
    chosen = language if language in LANGUAGES else DEFAULT_LANGUAGE
    response = RedirectResponse(safe_path(back) or _referring_path(request) or "/", 303)
    cookies.put(response, request.scope, LANGUAGE_COOKIE, chosen, max_age=cookies.YEAR)
    return response


def safe_path(path: str) -> str:
    """A path on this server to go to, or nothing: never another host, however it is spelled."""
    if not path.startswith("/") or path.startswith(("//", "/\\")):
        return ""
    parts = urlsplit(path)
    if parts.scheme or parts.netloc or "\\" in path or not path.isprintable():
        return ""
    return path


def _referring_path(request: Request) -> str:
    parts = urlsplit(request.headers.get("referer", ""))
    if parts.netloc != request.headers.get("host"):
        return ""
    return safe_path(parts.path + (f"?{parts.query}" if parts.query else ""))
