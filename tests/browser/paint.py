"""Pages of the room from frozen values, for a real browser, without a server.

The browser's requests are answered here, with the policy that the product sends, so that an inline
style or script would be refused as it is in the product.
"""

import json
import mimetypes
from typing import Any
from urllib.parse import unquote, urlsplit

from jinja2 import Environment
from playwright.sync_api import Page, Route, WebSocketRoute

from app.i18n import speaking
from app.live.activity import ready_made
from app.live.ready import BLOCKS
from app.live.roles import View, seen_by
from app.live.snapshot import RoomSnapshot
from app.outputs import qr
from app.rendering import STATIC, environment
from tests.browser.scenes import NOW

HOME = "http://scene.test/"
POLICY = (
    "default-src 'none'; script-src 'nonce-scene'; style-src 'self'; img-src 'self'; "
    "font-src 'self'; connect-src 'self' ws://scene.test; manifest-src 'self'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
REGIONS = {
    "phone": ("head", "main"),
    "projector": ("head", "stage", "foot", "over"),
    "console": ("top", "day", "now", "activities", "side"),
}


def _environment() -> Environment:
    """The product's own, with what main.py adds to it."""
    jinja = environment()
    if jinja.globals.get("csrf_token") is not _scene:
        # An application of another test file in this process has put its own there, and macros that
        # were imported since keep what they found.
        jinja.globals.update(qr=qr.svg, csp_nonce=_scene, csrf_token=_scene)
        if jinja.cache is not None:
            jinja.cache.clear()
    return jinja


def _scene() -> str:
    return "scene"


def shell(view: str, room: RoomSnapshot, language: str = "nb", **values: object) -> str:
    """The whole page as the server would send it."""
    jinja = _environment()
    with speaking(language):
        return jinja.get_template(f"live/{view}.html").render(
            room=seen_by(View(view), room),
            ready_activities=ready_made(),
            ready_blocks=BLOCKS,
            **{"may_facilitate": True, **values},
        )


def regions(view: str, room: RoomSnapshot, language: str = "nb") -> dict[str, str]:
    """The view's regions, rendered with the room alone, as frames carry them."""
    jinja = _environment()
    with speaking(language):
        return {
            name: jinja.get_template(f"live/{view}/{name}.html").render(
                room=seen_by(View(view), room)
            )
            for name in REGIONS[view]
        }


def show(page: Page, html: str, path: str = "", *, silent: bool = True) -> None:
    """Open the page; static files come from the tree. `silent`: nobody answers its socket."""

    def answer(route: Route) -> None:
        asked = unquote(urlsplit(route.request.url).path)
        if asked.startswith("/static/"):
            file = STATIC / asked.removeprefix("/static/")
            kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
            route.fulfill(body=file.read_bytes(), content_type=kind)
        else:
            headers = {"content-security-policy": POLICY}
            route.fulfill(body=html, content_type="text/html; charset=utf-8", headers=headers)

    if silent:
        page.route_web_socket(lambda url: "/live/" in url, lambda _: None)
    page.route(f"{HOME}**", answer)
    page.goto(HOME + path)


class Line:
    """The room's end of a page's socket: sends frames of scenes, keeps what the page says.

    Made before `show`. `answer` may be set to what a command is answered with instead of an ack;
    with `slow` a command is answered when the test says so.
    """

    def __init__(self, page: Page, view: str, room: RoomSnapshot, language: str = "nb") -> None:
        self.view, self.room, self.language = view, room, language
        self.said: list[dict[str, Any]] = []
        self.answer: dict[str, Any] | None = None
        self.ack: dict[str, Any] = {}
        self.up = True
        self.slow = False
        self._unanswered: list[tuple[WebSocketRoute, dict[str, Any]]] = []
        self._sockets: list[WebSocketRoute] = []
        page.route_web_socket(lambda url: "/live/" in url, self._opened)

    @property
    def commands(self) -> list[tuple[str, dict[str, Any]]]:
        return [(m["name"], m["data"]) for m in self.said if m["type"] == "command"]

    def push(self, room: RoomSnapshot, **frame: object) -> None:
        """The room changed: every region, at the room's revision."""
        self.room = room
        for socket in self._sockets:
            socket.send(json.dumps({"type": "regions", **self._frame(), **frame}))

    def answer_next(self) -> None:
        """While `slow`: the oldest command that waits is answered now."""
        socket, told = self._unanswered.pop(0)
        socket.send(json.dumps(told))

    def cut(self) -> None:
        """The network is gone until `up` is set."""
        self.up = False
        for socket in self._sockets:
            socket.close()
        self._sockets.clear()

    def _opened(self, socket: WebSocketRoute) -> None:
        if not self.up:
            socket.close()
            return
        self._sockets.append(socket)
        socket.on_message(lambda text: self._heard(socket, json.loads(text)))

    def _heard(self, socket: WebSocketRoute, message: dict[str, Any]) -> None:
        self.said.append(message)
        match message["type"]:
            case "hello":
                told = {"type": "welcome", "role": "facilitator", "mine": {}, **self._frame()}
            case "ping":
                told = {"type": "pong", "now": NOW}
            case "command":
                told = self.answer or {"type": "ack", "data": self.ack}
                told = {**told, "id": message["id"]}
                if self.slow:
                    self._unanswered.append((socket, told))
                    return
            case _:
                return
        socket.send(json.dumps(told))

    def _frame(self) -> dict[str, Any]:
        room = self.room
        return {
            "epoch": room.epoch,
            "rev": room.revision,
            "control": room.control,
            "now": NOW,
            "regions": regions(self.view, room, self.language),
        }


def open_live(
    page: Page, view: str, room: RoomSnapshot, language: str = "nb", **values: object
) -> Line:
    """The page of a view, live: its socket is answered with the room."""
    line = Line(page, view, room, language)
    show(page, shell(view, room, language, **values), f"rooms/room-1/{view}/", silent=False)
    wait_until(page, "window.kickoff?.state === 'live'")
    return line


def wait_until(page: Page, expression: str, timeout_ms: int = 5000) -> None:
    """Page.wait_for_function needs `eval`, which the page's policy forbids."""
    for _ in range(timeout_ms // 25):
        if page.evaluate(expression):
            return
        page.wait_for_timeout(25)
    raise AssertionError(f"never came true: {expression}")
