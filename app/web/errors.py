"""Where errors become answers: problem+json (RFC 9457) for the API, a friendly page for people.

Both say what happened and what to do, in the reader's language, with the request's id and never
with anything from inside. The same codes and sentences travel over the socket.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

import orjson
import structlog
from fastapi.exceptions import RequestValidationError
from fastapi.responses import RedirectResponse, Response
from jinja2 import TemplateError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app import i18n
from app.access import NOBODY, Actor
from app.errors import Fault, KickoffError, NotSaved
from app.models.faults import faults_of
from app.rendering import render
from app.web import sentences, visit
from app.web.near_by import methods_at, nearest_page

log = structlog.get_logger("kickoff.errors")

_CODE_OF_STATUS = {
    400: "bad_request",
    401: "not_signed_in",
    403: "not_allowed",
    404: "not_found",
    405: "method_not_allowed",
    408: "too_slow",
    409: "conflict",
    412: "stale",
    413: "too_large",
    415: "unsupported_media_type",
    422: "invalid",
    428: "if_match_required",
    429: "too_fast",
    500: "internal",
    503: "unavailable",
}


@dataclass(frozen=True)
class Problem:
    """One refusal, before anybody knows whether a person or a program reads it."""

    code: str
    status: int
    detail: str
    faults: Sequence[Fault] = ()
    current: Any = None
    headers: dict[str, str] = field(default_factory=dict)

    def body(self) -> bytes:
        told: dict[str, Any] = {
            "type": f"urn:kickoff:problem:{self.code}",
            "title": sentences.said(self.code).title,
            "status": self.status,
            "detail": self.detail,
            "code": self.code,
            "request_id": visit.request_id(),
        }
        if self.faults:
            told["errors"] = [
                {"pointer": fault.pointer, "detail": i18n.gettext(fault.detail)}
                for fault in self.faults
            ]
        if self.current is not None:
            told["current"] = self.current
        return orjson.dumps(told, default=str, option=orjson.OPT_UTC_Z)


def refusal(scope: Scope, code: str, status: int, **headers: str) -> Response:
    """The answer to a request that a guard refuses before any route has seen it."""
    return answer(scope, Problem(code, status, sentences.sentence(code), headers=headers))


def answer(scope: Scope, problem: Problem, **around: Any) -> Response:
    """As problem+json or as a page, whichever this reader reads."""
    if _reads_json(scope):
        return Response(
            problem.body(), problem.status, problem.headers, media_type="application/problem+json"
        )
    page = _page(problem, **around)
    return Response(page, problem.status, problem.headers, media_type="text/html")


async def answer_within(request: Request, problem: Problem) -> Response:
    """As `answer`, with the header that the reader's other pages have."""
    if problem.status >= 500 or _reads_json(request.scope):
        # What is broken may be what would find out who reads.
        return answer(request.scope, problem)
    reader_of = getattr(request.app.state, "reader_of", None)
    try:
        me = await reader_of(request) if reader_of else NOBODY
    except KickoffError:
        me = NOBODY
    return answer(request.scope, problem, me=me, asked=getattr(request.state, "asked", None))


async def on_kickoff_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, KickoffError)
    return await answer_within(request, _of_kickoff_error(error))


async def on_validation_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    found = error.errors()
    if found and all(each["loc"][0] == "path" for each in found):
        # Nothing can stand at an address of a form that no address has.
        problem = Problem("not_found", 404, sentences.sentence("not_found"))
        return await answer_within(request, problem)
    asks = _what_can_be_asked(request)
    faults = faults_of([{**each, "loc": _place(each), "ctx": _known(each, asks)} for each in found])
    problem = Problem("invalid", 422, sentences.sentence("invalid"), faults=faults)
    return await answer_within(request, problem)


async def on_http_exception(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    headers = {name.lower(): value for name, value in (error.headers or {}).items()}
    if error.status_code < 400:
        return Response(status_code=error.status_code, headers=headers)
    if error.status_code == 405 and (page := nearest_page(request)):
        return RedirectResponse(page, 303)
    if error.status_code == 405:
        headers["allow"] = ", ".join(sorted(methods_at(request)))
    code = _CODE_OF_STATUS.get(error.status_code, "error")
    problem = Problem(code, error.status_code, sentences.sentence(code), headers=headers)
    return await answer_within(request, problem)


class UnexpectedErrors:
    """The last net: what nobody foresaw is logged once, with its trace, and answered with 500.

    Inside the layer that sets security headers, unlike the framework's own net, so that this answer
    carries them too.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = False

        async def noting(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self.app(scope, receive, noting)
        except Exception:
            log.exception("unexpected error")
            if started:
                # Half an answer is out. Only breaking the connection tells the reader so.
                raise
            await refusal(scope, "internal", 500)(scope, receive, send)


def _of_kickoff_error(error: KickoffError) -> Problem:
    headers: dict[str, str] = {}
    retry_after = getattr(error, "retry_after", 1.0 if error.status == 503 else None)
    if retry_after is not None:
        headers["retry-after"] = str(max(1, math.ceil(retry_after)))
    if error.status == 401:
        headers["www-authenticate"] = "Bearer"
    # What the raiser wrote is meant for the asker; of a fault of ours only the sentence is told.
    own_words = error.detail if error.status < 500 and not error.speaks else ""
    detail = i18n.gettext(own_words) if own_words else sentences.refusal(error)
    if isinstance(error, NotSaved):
        log.warning("not saved", reason=error.detail)
    return Problem(
        error.code,
        error.status,
        detail,
        faults=getattr(error, "faults", ()),
        current=getattr(error, "current", None),
        headers=headers,
    )


def _place(error: Mapping[str, Any]) -> tuple[int | str, ...]:
    """Where in the body; of what is not in the body, where else."""
    place: tuple[int | str, ...] = error["loc"]
    if error["type"] == "json_invalid":
        return ()
    return place[1:] if place[0] == "body" else place


def _known(error: Mapping[str, Any], asks: Sequence[str]) -> dict[str, Any]:
    known: dict[str, Any] = error.get("ctx") or {}
    asked_for = error["type"] == "extra_forbidden" and error["loc"][0] == "query" and asks
    return {**known, "asks": ", ".join(asks)} if asked_for else known


def _what_can_be_asked(request: Request) -> list[str]:
    """The names that the address takes behind its question mark, where it takes no others."""
    dependant = getattr(request.scope.get("route"), "dependant", None)
    models = [one.field_info.annotation for one in getattr(dependant, "query_params", ())]
    return [name for model in models for name in getattr(model, "model_fields", ())]


def _reads_json(scope: Scope) -> bool:
    path = scope["path"]
    if path.startswith("/api/") and path != "/api/docs":
        return True
    accept = next((value for key, value in scope["headers"] if key == b"accept"), b"")
    return b"json" in accept and b"text/html" not in accept


def _page(problem: Problem, *, me: Actor = NOBODY, asked: Any = None) -> str:
    values = {
        "me": me,
        "asked": asked,
        "kickoff": asked.kickoff if asked else None,
        "title": sentences.said(problem.code).title,
        "problem": problem,
        "request_id": visit.request_id(),
        "phrase": HTTPStatus(problem.status).phrase,
    }
    try:
        return render("error.html", **values)
    except (TemplateError, OSError):
        # The page around it may be what is broken; this one leans on nothing.
        log.exception("the error page failed")
        return render("error_plain.html", **values)
