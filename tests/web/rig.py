"""A small application with every layer of app.web around it, for tests of the layers themselves."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

from fastapi import FastAPI, Form, Request, WebSocket
from fastapi.responses import HTMLResponse, Response
from fastapi.testclient import TestClient
from pydantic import BaseModel, Field

from app.database import Database
from app.errors import KickoffError
from app.rendering import environment
from app.routers.api import health
from app.settings import Settings
from app.web import visit, wiring
from app.web.cached_page import CachedPage
from app.web.hosts import public_url
from app.web.origin import allowed_origin

HOST = "kickoff.example"
ORIGIN = f"http://{HOST}"
FORM = """<!doctype html><title>Form</title>
<script nonce="{{ csp_nonce() }}" src="/static/js/live.js"></script>
<form method="post" action="/things"><input type="hidden" name="csrf" value="{{ csrf_token() }}">
<input name="text"></form>"""


class Thing(BaseModel):
    text: str = Field(max_length=10)
    number: int = 0


class Rig:
    """The application, a client that is a browser on its own page, and what was written."""

    def __init__(self, folder: Path, **settings: Any) -> None:
        values = {"secret_key": "k" * 32, "allowed_hosts": HOST} | settings
        self.settings = Settings(
            _env_file=None, database_url=f"sqlite:///{folder}/kickoff.db", **values
        )
        self.database = Database(self.settings.database_url)
        self.written: list[str] = []
        self.application = FastAPI()
        self.application.state.settings = self.settings
        self.application.state.database = self.database
        wiring.install(self.application, self.settings, self.database)
        self.application.include_router(health.router)
        self.shared: CachedPage | None = None
        self._add_routes()

    def client(self, base_url: str = ORIGIN, *, address: str = "203.0.113.5") -> TestClient:
        """A browser somewhere on the network; `address` is where its packets come from."""
        return TestClient(
            self.application,
            base_url=base_url,
            raise_server_exceptions=False,
            follow_redirects=False,
            client=(address, 50000),
        )

    def token(self, client: TestClient) -> str:
        """A form's token, as the browser finds it on the page."""
        page = client.get("/form").text
        return page.split('name="csrf" value="')[1].split('"')[0]

    def on(self, path: str, does: Callable[[], Any]) -> None:
        """A page at `path` that does something, an error for instance."""

        @self.application.get(path)
        def page() -> Any:
            return does()

    def _add_routes(self) -> None:
        application = self.application

        @application.get("/form")
        def form() -> HTMLResponse:
            return HTMLResponse(environment().from_string(FORM).render())

        @application.get("/shared")
        async def shared() -> Response:
            if self.shared is None:
                with visit.standing_in():
                    self.shared = CachedPage(
                        environment().from_string(FORM * 2 + "<p>Hello, room</p>" * 300).render()
                    )
            return self.shared.response()

        @application.post("/things")
        def write(text: Annotated[str, Form()]) -> dict[str, str]:
            self.written.append(text)
            return {"text": text}

        @application.post("/api/v1/things")
        def write_by_api(thing: Thing, request: Request) -> dict[str, Any]:
            self.written.append(thing.text)
            return {"text": thing.text, "cookies": list(request.cookies)}

        @application.delete("/api/v1/things/{number}")
        def delete_by_api(number: int) -> dict[str, int]:
            self.written.append(f"deleted {number}")
            return {"number": number}

        @application.get("/link")
        def link(request: Request) -> dict[str, str]:
            return {"link": public_url(request.scope, self.settings)}

        @application.get("/whoami")
        def whoami(request: Request) -> dict[str, Any]:
            assert request.client is not None
            return {"address": request.client.host, "scheme": request.url.scheme}

        @application.websocket("/live/{code}")
        async def live(socket: WebSocket) -> None:
            if not allowed_origin(socket.scope, self.settings):
                await socket.close(1008)
                return
            await socket.accept()
            await socket.send_text("welcome")
            await socket.close()


def raises(error: KickoffError) -> Callable[[], Any]:
    def does() -> Any:
        raise error

    return does
