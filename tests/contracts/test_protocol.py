"""PROTOCOL.md against the code: error codes, reasons of good-byes, close codes, limits. (Messages
and commands: tests/live/test_wire.py; kinds: test_activities.py.)
"""

import inspect
import re
from collections.abc import Iterator

import app.main  # noqa: F401 -- every error there is
from app import errors
from app.live import audience, protocol, socket, wire
from app.settings import Settings
from app.web import guessing
from tests.support.processes import ROOT

LIVE = ROOT / "app" / "live"
PROTOCOL = (LIVE / "PROTOCOL.md").read_text()
SOURCES = "\n".join(path.read_text() for path in LIVE.glob("*.py"))
# Asked for over HTTP alone: an address, a version, a form.
HTTP_ALONE = {"if_match_required", "stale", "error"}


def section(heading: str) -> str:
    return PROTOCOL.split(f"## {heading}\n", 1)[1].partition("\n## ")[0]


def every_error() -> Iterator[type[errors.KickoffError]]:
    waiting: list[type[errors.KickoffError]] = [errors.KickoffError]
    while waiting:
        found = waiting.pop()
        yield found
        waiting += found.__subclasses__()


def test_error_codes() -> None:
    documented = set(re.findall(r"^\| `([a-z_]+)` \|", section("Error codes"), re.M))
    known = {error.code for error in every_error()}
    raised = {
        error.code
        for error in every_error()
        if re.search(rf"\b{error.__name__}\b", SOURCES) or error is guessing.CodesPaused
    }
    assert documented - known == set(), "documented, but nothing says it"
    assert raised - HTTP_ALONE - documented == set(), "said, but not documented"


def test_reasons_of_good_byes() -> None:
    told = PROTOCOL.partition("Reasons of `bye`: ")[2].partition("\n\n")[0]
    documented = set(re.findall(r"`([a-z_]+)`", told))
    # Its first argument, which may be one word or another.
    given = re.findall(r"say_goodbye(?:_to_all)?\(([^,]+),", SOURCES)
    said = {word for argument in given for word in re.findall(r'"([a-z_]+)"', argument)}
    assert said - documented == set()
    codes = {error.code for error in every_error()}
    assert documented - said - codes == set()


def test_close_codes() -> None:
    told = section("Limits").partition("Close codes: ")[2]
    documented = {int(code) for code in re.findall(r"\b(10\d\d)\b", told)}
    used = {
        int(code)
        for code in re.findall(r"\b(10(?:0[0-9]|1[0-9]))\b", inspect.getsource(socket))
        + re.findall(r"\b(10(?:0[0-9]|1[0-9]))\b", inspect.getsource(protocol))
    }
    # 1000 is no refusal, 1002 is the WebSocket's own.
    assert documented == used - {1000, 1002}


def test_limits() -> None:
    told = " ".join(section("Limits").split())
    defaults = {name: field.default for name, field in Settings.model_fields.items()}
    assert f"of an attendee {wire.ATTENDEE_LIMIT // 1024} KiB" in told
    assert f"of others {wire.OTHERS_LIMIT // 1024} KiB" in told
    assert f"{protocol.MOST_FRAGMENTS} fragments" in told
    assert f"{defaults['messages_per_second']:g} messages a second" in told
    assert f"a burst of {defaults['messages_burst']}" in told
    assert f"nested {wire.DEEPEST} deep" in told
    assert defaults["sockets_per_attendee"] == 5
    assert "five sockets an attendee" in told
    assert f"reads nothing for {audience.STUCK_SECONDS:g} s" in told
    assert f"within {socket.HELLO_WITHIN:g} s" in PROTOCOL
