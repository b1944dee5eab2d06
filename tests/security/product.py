"""What the attacks on the running product share: a signed-in browser, its pages, what is stored."""

import re
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import httpx
from fastapi.routing import iter_route_contexts

from app.main import create_app
from app.settings import Settings
from tests.support.processes import wait_until
from tests.support.server import Server

MESSAGE = 'INSERT INTO "outgoing" '
UNSAFE = {"POST", "PUT", "PATCH", "DELETE"}
OF_THE_CLOCK = ('INSERT INTO "duty" ', 'INSERT INTO "delivery_target" ')


def _without_fate(line: str) -> str:
    """Of a message only that it is there: it is brought meanwhile, or not."""
    return line.partition(",")[0] if line.startswith(MESSAGE) else line


@dataclass
class Form:
    action: str
    method: str
    is_upload: bool = False
    fields: list[tuple[str, str]] = field(default_factory=list)

    @property
    def token(self) -> str:
        return dict(self.fields).get("csrf", "")


class Page(HTMLParser):
    """The forms and the links of one page."""

    def __init__(self, address: str, html: str) -> None:
        super().__init__()
        self.address = address
        self.forms: dict[str, Form] = {}
        self.links: list[str] = []
        self._inside = ""
        self._strays: list[tuple[str, str, str]] = []
        self.feed(html)
        for form, name, value in self._strays:
            if form in self.forms:
                self.forms[form].fields.insert(0, (name, value))

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attributes}
        if tag == "form":
            self._inside = found.get("id") or f"form {len(self.forms)}"
            action = urljoin(self.address, found.get("action", ""))
            self.forms[self._inside] = Form(
                action,
                found.get("method", "get").upper(),
                is_upload=found.get("enctype", "").startswith("multipart/"),
            )
        elif tag in ("input", "button", "textarea", "select") and found.get("name"):
            pair = found["name"], found.get("value", "")
            if "form" in found:
                self._strays.append((found["form"], *pair))
            elif self._inside:
                self.forms[self._inside].fields.append(pair)
        elif tag == "a" and found.get("href"):
            self.links.append(urljoin(self.address, found["href"]).partition("#")[0])

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._inside = ""


class Product:
    """A running demo, and the administrator's browser in it."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.facts = server.facts
        self.base = server.base_url
        self.browser = httpx.Client(base_url=self.base, follow_redirects=True, timeout=20)
        self.browser.get(self.facts.sign_in_url).raise_for_status()
        self.database = server.environment["KICKOFF_DATABASE_URL"].removeprefix("sqlite:///")
        wait_until(self._is_quiet, what="the demo's closed poll to be scrubbed", timeout=30)

    def stored(self) -> str:
        """Everything, as text: equal before and after means that nothing was changed. Without what
        the product writes down by itself as time goes by: who looks after what is due, and when."""
        with sqlite3.connect(self.database) as connection:
            lines = [_without_fate(line) for line in connection.iterdump()]
            return "\n".join(line for line in lines if not line.startswith(OF_THE_CLOCK))

    def token(self) -> str:
        page = Page(self.base, self.browser.get("/join").text)
        return next(form.token for form in page.forms.values() if form.token)

    def filled(self, path: str) -> str:
        """A route's path with what really exists in it, as far as the demo has it."""
        room = re.search(r"/rooms/([^/]+)/", self.facts.console_url)
        known = {
            "kickoff_id": self.facts.kickoff_id,
            "code": self.facts.join_code,
            "room_id": room[1] if room else "",
            "activity_id": self._one("activity"),
            "record_id": self._one("person"),
            "block_id": self._one("agenda_block"),
            "name": "agenda.next",
        }
        return re.sub(r"{(\w+)(?::\w+)?}", lambda found: known.get(found[1]) or "x", path)

    def crawl(self, *starts: str, most: int = 60) -> Iterator[Page]:
        """The pages that the administrator's browser reaches by links."""
        waiting, seen = list(starts), set(starts)
        while waiting and most:
            most -= 1
            response = self.browser.get(waiting.pop(0))
            if not response.headers.get("content-type", "").startswith("text/html"):
                continue
            page = Page(str(response.url), response.text)
            yield page
            for link in page.links:
                ours = urlsplit(link).netloc == urlsplit(self.base).netloc
                if ours and link not in seen and "/sign-in/" not in link:
                    seen.add(link)
                    waiting.append(link)

    def _is_quiet(self) -> bool:
        """Nothing is left that the server would change by itself."""
        unscrubbed = (
            "SELECT count(*) FROM activity"
            " WHERE status = 'closed' AND mode = 'anonymous' AND NOT scrubbed"
        )
        with sqlite3.connect(self.database) as connection:
            return bool(connection.execute(unscrubbed).fetchone() == (0,))

    def _one(self, table: str) -> str:
        with sqlite3.connect(self.database) as connection:
            found = connection.execute(f"SELECT id FROM {table} LIMIT 1").fetchone()
        return str(found[0]) if found else ""


def unsafe_routes() -> list[tuple[str, str]]:
    """(method, path) of every route that may change something, of the application as it is now."""
    application = create_app(
        Settings(_env_file=None, database_url="sqlite://", secret_key="x" * 32)
    )
    return sorted(
        (method, str(context.path))
        for context in iter_route_contexts(application.routes)
        for method in (getattr(context.original_route, "methods", None) or set()) & UNSAFE
    )
