"""The product in this process, with people of one organisation and of another in it.

Requests go through every layer that a real one passes; only the network is missing.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import event
from starlette.testclient import TestClient

from app.access import Role, Scope
from app.database import Database
from app.main import create_app
from app.migrate import migrate
from app.models.kickoffs import Kickoff
from app.operations import accounts, kickoffs
from app.rendering import environment
from app.routers.identity import _user_actor
from app.settings import Settings

PASSWORD = "fire hester i skogen"
BASE = "http://127.0.0.1"

_counted: ContextVar[list[str] | None] = ContextVar("counted", default=None)


class Browser:
    """A browser: keeps cookies, sends Origin, and fills forms with the page's own token."""

    def __init__(self, client: TestClient) -> None:
        self.http = client

    def get(self, path: str) -> httpx.Response:
        return self.http.get(path, headers={"accept": "text/html"})

    def post(self, path: str, *, files: Any = None, **fields: Any) -> httpx.Response:
        """A form posted from a page of ours; names with several values are given as lists."""
        data = {"csrf": self.token, **fields}
        headers = {"origin": BASE, "accept": "text/html"}
        return self.http.post(path, data=data, files=files, headers=headers, follow_redirects=False)

    @property
    def token(self) -> str:
        found = re.search(r'name="csrf" value="([^"]+)"', self.get("/join").text)
        assert found, "the page has no form token"
        return found[1]


@dataclass
class Product:
    """One running product. `kickoff` is the own organisation's, `foreign` another's."""

    application: Any
    client: TestClient
    database: Database
    organisation_id: str = ""
    other_organisation_id: str = ""
    kickoff: Kickoff = field(default_factory=Kickoff)
    foreign: Kickoff = field(default_factory=Kickoff)
    users: dict[str, str] = field(default_factory=dict)

    def api(self, *scopes: Scope, kickoff_id: str | None = None, **made: Any) -> TestClient:
        """A client with a token of these scopes (all, if none is named)."""
        with self.database.unit_of_work() as session:
            _, secret = accounts.new_token(
                session,
                organisation_id=made.get("organisation_id", self.organisation_id),
                name="test",
                scopes=scopes or tuple(Scope),
                kickoff_id=kickoff_id,
            )
        return self.with_bearer(secret)

    def with_bearer(self, secret: str | None) -> TestClient:
        headers = {"authorization": f"Bearer {secret}"} if secret is not None else {}
        return self.new_client(**headers)

    def new_client(self, **headers: str) -> TestClient:
        # Shares the running application: its lifespan is entered once, by `product`.
        client = TestClient(
            self.application, base_url=BASE, headers=headers, raise_server_exceptions=False
        )
        client.portal = self.client.portal
        return client

    def browser(self, role: str | None = None) -> Browser:
        """Signed in as the user of this role ("owner", "viewer", "foreigner" …), or nobody.

        By a one-time link: to look at a password takes as long as ten pages.
        """
        browser = Browser(self.new_client())
        if role is not None:
            with self.database.unit_of_work() as session:
                secret = accounts.new_sign_in_link(session, self.users[role])
            answer = browser.http.get(f"/sign-in/{secret}", follow_redirects=False)
            assert answer.status_code == 303, answer.text
        return browser

    @contextmanager
    def counting(self) -> Iterator[list[str]]:
        """The statements that were sent to the database on behalf of who asks inside. What the
        product does by itself (it looks for what is due every two seconds) is not theirs: a request
        runs in a copy of the asker's context, a task of the product in its own."""
        sent: list[str] = []

        def note(_c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
            is_theirs = _counted.get() is sent
            if is_theirs and not statement.startswith(("BEGIN", "PRAGMA", "COMMIT", "ROLLBACK")):
                sent.append(statement)

        engines = (self.database.engine, self.database.write_engine)
        for engine in engines:
            event.listen(engine, "before_cursor_execute", note)
        token = _counted.set(sent)
        try:
            yield sent
        finally:
            _counted.reset(token)
            for engine in engines:
                event.remove(engine, "before_cursor_execute", note)


@contextmanager
def product(folder: Path, database_url: str = "") -> Iterator[Product]:
    url = database_url or f"sqlite:///{folder}/kickoff.db"
    migrate(url)
    settings = Settings(
        database_url=url, secret_key="the tests' own key, of no worth at all", _env_file=None
    )
    if (cache := environment().cache) is not None:
        # Macros that a painted scene has imported keep its token.
        cache.clear()
    application = create_app(settings)
    with TestClient(application, base_url=BASE, raise_server_exceptions=False) as client:
        made = Product(application, client, application.state.database)
        # What falls due by the clock is asked for where a test says so.
        portal = client.portal
        assert portal
        portal.call(application.state.duties.stop)
        _people(made)
        yield made


def _people(made: Product) -> None:
    hashed = accounts.password_hash(PASSWORD)
    with made.database.unit_of_work() as session:
        own = accounts.new_organisation(session, "Nordlys Energi")
        other = accounts.new_organisation(session, "Fjordkraftlaget")
        made.organisation_id, made.other_organisation_id = own.id, other.id
        for name in ("administrator", "owner", "facilitator", "contributor", "viewer", "outsider"):
            user = accounts.new_user(
                session,
                organisation_id=own.id,
                email=f"{name}@nordlys.example",
                name=name.title(),
                administrator=name == "administrator",
            )
            user.password_hash = hashed
            made.users[name] = user.id
        foreigner = accounts.new_user(
            session, organisation_id=other.id, email="foreigner@nordlys.example", name="Foreigner"
        )
        foreigner.password_hash = hashed
        made.users["foreigner"] = foreigner.id
        owner = _user_actor(session, session.get_one(type(user), made.users["owner"]))
        made.kickoff = kickoffs.new_kickoff(
            session, organisation_id=own.id, values={"title": "Kurs 2027"}, owner=owner
        )
        made.foreign = kickoffs.new_kickoff(
            session,
            organisation_id=other.id,
            values={"title": "Hemmelig"},
            owner=_user_actor(session, foreigner),
        )
        for role in (Role.FACILITATOR, Role.CONTRIBUTOR, Role.VIEWER):
            accounts.give_role(
                session, kickoff_id=made.kickoff.id, user_id=made.users[role], role=role
            )
