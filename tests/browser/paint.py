"""Pages of the room from frozen values, for a real browser, without a server.

The browser's requests are answered here, with the policy that the product sends, so that an inline
style or script would be refused as it is in the product.
"""

import mimetypes
from dataclasses import replace
from urllib.parse import unquote, urlsplit

from jinja2 import Environment
from playwright.sync_api import Page, Route

from app.i18n import speaking
from app.live.snapshot import RoomSnapshot
from app.outputs import qr
from app.rendering import STATIC, environment

HOME = "http://scene.test/"
POLICY = (
    "default-src 'none'; script-src 'nonce-scene'; style-src 'self'; img-src 'self'; "
    "font-src 'self'; connect-src 'self' ws://scene.test; manifest-src 'self'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
REGIONS = {
    "projector": ("head", "stage", "foot", "over"),
    "console": ("top", "day", "now", "activities", "side"),
}


def seen_by(view: str, room: RoomSnapshot) -> RoomSnapshot:
    """The room as that view may see it: a projector has no result before it is shown."""
    if view == "console":
        return room
    hidden = [a if a.revealed or a.live else replace(a, result=None) for a in room.activities]
    return room.with_activities(tuple(hidden), people=())


def _environment() -> Environment:
    """The product's own, with what main.py adds to it."""
    jinja = environment()
    jinja.globals.update(qr=qr.svg, csp_nonce=lambda: "scene", csrf_token=lambda: "scene")
    return jinja


def shell(view: str, room: RoomSnapshot, language: str = "nb", **values: object) -> str:
    """The whole page as the server would send it."""
    jinja = _environment()
    with speaking(language):
        return jinja.get_template(f"live/{view}.html").render(
            room=seen_by(view, room),
            **{"may_facilitate": True, **values},
        )


def regions(view: str, room: RoomSnapshot, language: str = "nb") -> dict[str, str]:
    """The view's regions, rendered with the room alone, as frames carry them."""
    jinja = _environment()
    with speaking(language):
        return {
            name: jinja.get_template(f"live/{view}/{name}.html").render(room=seen_by(view, room))
            for name in REGIONS[view]
        }


def show(page: Page, html: str, path: str = "") -> None:
    """Open the page; static files come from the working tree."""

    def answer(route: Route) -> None:
        asked = unquote(urlsplit(route.request.url).path)
        if asked.startswith("/static/"):
            file = STATIC / asked.removeprefix("/static/")
            kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
            route.fulfill(body=file.read_bytes(), content_type=kind)
        else:
            headers = {"content-security-policy": POLICY}
            route.fulfill(body=html, content_type="text/html; charset=utf-8", headers=headers)

    page.route(f"{HOME}**", answer)
    page.goto(HOME + path)
