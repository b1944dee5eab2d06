"""S13: what proves who somebody is, or opens another's door, is stored hashed or sealed, and is
nowhere again after it was shown once: not on the disk, in a backup, an export, a page, an answer or
a log.

Seen red against `unsealed` (webhooks are stored as they were typed), `secret_in_name` (a token's
secret is kept in what it is called) and `talkative_courier` (addresses of webhooks are logged).
"""

from __future__ import annotations

import base64
import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass

import httpx
import pytest
from standardwebhooks import Webhook as Verifier

from tests.notify.receiver import Receiver, receiver
from tests.promises.conftest import POSTGRES, SQLITE
from tests.promises.desk import Access, Desk
from tests.promises.disk import Files, copy_of, files_of, holding
from tests.promises.stage import Stage, at_most, stages
from tests.support.processes import wait_until

PASSWORD = "elleve kanarifugler i gruva"
KEY_IN_ADDRESS = "kanari-i-adressen-4711"
NAME = "Mottaker av alt som skjer"


@dataclass(frozen=True)
class Planted:
    """A running room in which everything secret has been made and used once."""

    stage: Stage
    desk: Desk
    hook: Receiver
    secrets: dict[str, str]

    def told(self) -> None:
        """Another change has been told to the webhook, and the telling written down."""
        before = len(self.hook.got)
        where = f"/api/v1/kickoffs/{self.stage.links.kickoff_id}/goals"
        bearer = {"authorization": f"Bearer {self.secrets['token']}"}
        made = httpx.post(
            self.stage.server.base_url + where,
            json={"title": "Et mål som fortelles"},
            headers=bearer,
            timeout=at_most(20),
        )
        assert made.status_code == 201, made.text
        wait_until(lambda: len(self.hook.got) > before, what="the message", timeout=at_most(20))


@pytest.fixture(scope="module", params=[SQLITE, POSTGRES])
def planted(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Planted]:
    environment = {"KICKOFF_LOG_LEVEL": "DEBUG", "KICKOFF_WEBHOOK_NETWORKS": "127.0.0.0/8"}
    with stages(request, tmp_path_factory) as start, receiver() as hook:
        stage = start(request.param, environment=environment)
        desk = Desk.of_the_owner(stage.links)
        made = Planted(stage, desk, hook, _secrets(stage, desk, hook))
        made.told()
        yield made
        desk.close()


def _secrets(stage: Stage, desk: Desk, hook: Receiver) -> dict[str, str]:
    here, access = stage.links.kickoff_id, Access(desk, stage.links.kickoff_id)
    desk.post("/account/password", password=PASSWORD)
    address = f"http://127.0.0.1:{hook.server_port}/in?key={KEY_IN_ADDRESS}"
    page = desk.post(f"/kickoffs/{here}/webhooks", name=NAME, url=address)
    secret = re.search(r"whsec_[A-Za-z0-9+/=]+", page.replace("&#43;", "+"))
    assert secret
    invited = access.invite("ny@nordlys.example", "viewer")
    sessions = [value for _, value in desk.browser.cookies.items() if len(value) > 20]
    assert sessions
    return {
        "token": access.token("read", "write", "facilitate"),
        "projector": access.projector(_room_of(stage)),
        "sign-in link": stage.links.sign_in_url.rpartition("/")[2],
        "session": desk.browser.cookies["kickoff_session"],
        "session of who was invited": invited.browser.cookies["kickoff_session"],
        "password": PASSWORD,
        "address of the webhook": KEY_IN_ADDRESS,
        "secret of the webhook": secret[0],
    }


def _room_of(stage: Stage) -> str:
    found = re.search(r"/rooms/([^/]+)/", stage.links.console_url)
    assert found
    return found[1]


def spelt(secret: str) -> set[bytes]:
    """As it is, and as somebody might have stored it without another's key."""
    plain = secret.removeprefix("whsec_").encode()
    found = {secret.encode(), plain, plain.hex().encode(), base64.b64encode(plain).rstrip(b"=")}
    if secret.startswith("whsec_"):
        found.add(base64.b64decode(plain))
    return found


def told_in(files: Files, planted: Planted) -> list[tuple[str, str]]:
    return [
        (what, name)
        for what, secret in planted.secrets.items()
        for spelling in spelt(secret)
        for name in holding(files, spelling)
    ]


def test_what_was_planted_works(planted: Planted) -> None:
    path, headers, body = planted.hook.got[-1]
    assert path == f"/in?key={KEY_IN_ADDRESS}"
    told = Verifier(planted.secrets["secret of the webhook"]).verify(body, headers)
    assert told["data"]["changes"]["title"] == [None, "Et mål som fortelles"]


def test_no_secret_is_on_the_disk(planted: Planted) -> None:
    files = files_of(planted.stage)
    assert holding(files, NAME.encode())  # what is not secret is found there
    assert told_in(files, planted) == []


def test_no_secret_is_in_a_backup(planted: Planted) -> None:
    if planted.stage.kind != "sqlite":
        pytest.skip("a backup of PostgreSQL is of the bytes that were looked at")
    files = copy_of(
        planted.stage, planted.stage.folder.parent / f"{planted.stage.folder.name}-copy"
    )
    assert holding(files, NAME.encode())
    assert told_in(files, planted) == []


def test_no_secret_is_in_an_export_a_page_or_an_answer(planted: Planted) -> None:
    here = f"/kickoffs/{planted.stage.links.kickoff_id}"
    pages = ["", "/plan", "/access", "/webhooks", "/history", "/people", "/goals.csv"]
    files: Files = {
        path: planted.desk.browser.get(here + path).raise_for_status().content for path in pages
    }
    files["/account"] = planted.desk.browser.get("/account").raise_for_status().content
    book = planted.desk.browser.get(f"{here}/plan.xlsx").raise_for_status().content
    with zipfile.ZipFile(io.BytesIO(book)) as parts:
        files |= {name: parts.read(name) for name in parts.namelist()}
    bearer = {"authorization": f"Bearer {planted.secrets['token']}"}
    with httpx.Client(base_url=planted.stage.server.base_url, headers=bearer, timeout=20) as api:
        for path in ("", "/history", "/webhooks", "/rooms", "/people"):
            files[f"REST {path}"] = api.get(f"/api/v1{here}{path}").content
    files["REST webhooks of the owner"] = planted.desk.browser.get(
        f"/api/v1{here}/webhooks"
    ).content
    assert holding(files, NAME.encode())
    assert told_in(files, planted) == []


def test_no_secret_is_in_a_log_even_where_things_go_wrong(planted: Planted) -> None:
    planted.hook.status = 500
    try:
        planted.told()
        wait_until(
            lambda: "answered_500" in planted.stage.server.log,
            what="the failure's line",
            timeout=at_most(20),
        )
    finally:
        planted.hook.status = 204
    for path in ("/sign-in/", "/p/"):
        secret = planted.secrets["sign-in link" if path == "/sign-in/" else "projector"]
        planted.desk.browser.get(path + secret)
        planted.desk.browser.get(path + secret + "x")
    files: Files = {"log": planted.stage.server.log.encode()}
    assert holding(files, b'"path":"/sign-in/')  # such requests have lines
    assert told_in(files, planted) == []


def test_without_the_key_what_is_sealed_is_closed(planted: Planted) -> None:
    """The key that opens what is stored is not stored with it."""
    key = planted.stage.server.environment["KICKOFF_SECRET_KEY"].encode()
    assert holding(files_of(planted.stage), key) == []
