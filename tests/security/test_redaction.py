"""S11's log half: no secret is written, whatever line it stands in."""

import io
import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from app.ids import new_id
from app.settings import Settings
from app.web import logs
from app.web.redaction import GONE, Redactor, without_secrets, without_secrets_in_path

CANARY = "cAnary9hV3kQ2_rT7wXzB5mLpN8dFgY"  # fixed: it names the tests, and two workers must agree
LOOKS_LIKE_A_WORD = "a-random-one-of-no-digits"  # as one in forty does


@pytest.mark.parametrize(
    "path, written",
    [
        (f"/j/{CANARY}", f"/j/{GONE}"),
        ("/j/ABC234", f"/j/{GONE}"),
        (f"/p/{CANARY}", f"/p/{GONE}"),
        (f"/sign-in/{CANARY}", f"/sign-in/{GONE}"),
        (f"/answers/{LOOKS_LIKE_A_WORD}", f"/answers/{GONE}"),
        (f"/handouts/{LOOKS_LIKE_A_WORD}/handout.pdf", f"/handouts/{GONE}/handout.pdf"),
        (f"/l/action-status.{LOOKS_LIKE_A_WORD}.x", f"/l/{GONE}"),
        ("/live/ABC234", f"/live/{GONE}"),
        ("/api/v1/rooms/ABC234/participants", f"/api/v1/rooms/{GONE}/participants"),
        (f"/anything/{CANARY}", f"/anything/{GONE}"),
        ("/kickoffs/strategic-moves", "/kickoffs/strategic-moves"),
    ],
)
def test_addresses_are_written_without_their_secret(path: str, written: str) -> None:
    assert without_secrets_in_path(path) == written


def test_ids_of_records_stay_readable() -> None:
    for path in (f"/api/v1/kickoffs/{new_id()}/goals", f"/rooms/{new_id()}/console/"):
        assert without_secrets_in_path(path) == path
        assert without_secrets(path) == path


@pytest.mark.parametrize(
    "text",
    [
        f"Authorization: Bearer {CANARY}",
        f"GET /j/{CANARY} failed",
        f"GET /handouts/{CANARY} failed",
        f"GET /l/check-in.{CANARY}.x failed",
        f"token={CANARY}&x=1",
        f'{{"token": "{CANARY}"}}',
        f"smtp://post:{CANARY}@mail.example:587",
        f"the value {CANARY} is not allowed",
    ],
)
def test_running_text_is_written_without_secrets(text: str) -> None:
    assert CANARY not in without_secrets(text)


@pytest.mark.parametrize(
    "text",
    [
        "RequestValidationError in app/web/request_context.py line 20",
        "test_a_promise_that_has_a_very_long_name",
        "3 rooms, 200 phones",
    ],
)
def test_ordinary_lines_stay_as_they_are(text: str) -> None:
    assert without_secrets(text) == text


def test_what_the_settings_hold_is_taken_out_anywhere() -> None:
    redact = Redactor(["plain word", "short"])
    event = redact(
        None, "info", {"event": "a plain word stands here", "headers": {"a": "plain word"}}
    )
    assert "plain word" not in str(event)


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """Everything the product would write, at DEBUG, as it would write it."""
    root = logging.getLogger()
    before, level = root.handlers, root.level
    settings = Settings(
        _env_file=None,
        log_level="DEBUG",
        secret_key="the-signing-key-itself",
        database_url="postgresql+psycopg://kickoff:databasepassword@db/kickoff",
    )
    logs.configure(settings)
    stream = io.StringIO()
    root.handlers[0].stream = stream  # type: ignore[attr-defined]
    yield stream
    root.handlers = before
    root.setLevel(level)
    structlog.reset_defaults()
    logging.getLogger("uvicorn.access").disabled = False


def test_no_canary_reaches_the_log(written: io.StringIO) -> None:
    ours, library = structlog.get_logger("kickoff.test"), logging.getLogger("uvicorn.error")
    ours.info("joined", token=CANARY, cookie=CANARY, path=f"/j/{CANARY}")
    ours.warning(f"refused {CANARY}")
    library.error("handshake of /live/%s with Bearer %s failed", CANARY, CANARY)
    logging.getLogger("sqlalchemy.engine.Engine").info("INSERT %s", CANARY)
    try:
        password, session = "databasepassword", CANARY
        raise RuntimeError(f"cannot connect with {password} and the-signing-key-itself")
    except RuntimeError:
        ours.exception("unexpected error")
        library.exception("again")
    lines = [json.loads(line) for line in written.getvalue().splitlines()]
    assert len(lines) == 5
    for canary in (session, "databasepassword", "the-signing-key-itself"):
        assert canary not in written.getvalue()
    assert "RuntimeError" in lines[3]["exception"]


def test_a_name_with_newlines_stays_one_line(written: io.StringIO) -> None:
    structlog.get_logger("kickoff.test").info("joined", name='Kari\n{"event": "forged"}\x1b[31m')
    (line,) = written.getvalue().splitlines()
    assert "\x1b" not in line
    assert json.loads(line)["event"] == "joined"
