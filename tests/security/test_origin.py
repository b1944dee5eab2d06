"""S03: a page elsewhere cannot open a socket here with this browser's cookies.

Saboteur: `origin.startswith(ours)` instead of equality turns the look-alikes red.
"""

from pathlib import Path

import pytest
from starlette.websockets import WebSocketDisconnect

from app.settings import Settings
from app.web.origin import allowed_origin, cookies_believed
from tests.web.rig import HOST, ORIGIN, Rig

FOREIGN = [
    "http://evil.example",
    "null",
    "",
    f"http://sub.{HOST}",
    f"{ORIGIN}.evil.example",
    f"http://evil{HOST}",
    f"{ORIGIN}:8000",
    f"{ORIGIN}:80",
    f"https://{HOST}",
    f"ws://{HOST}",
    f"{ORIGIN}/",
    f"{ORIGIN}/path",
    f"{ORIGIN}@evil.example",
    f"http://evil.example/{ORIGIN}",
    f"{ORIGIN} http://evil.example",
    f" {ORIGIN}x",
    "file://",
    "chrome-extension://abcdefgh",
    "http://localhost",
    "http://127.0.0.1",
]


@pytest.mark.parametrize("origin", FOREIGN)
@pytest.mark.parametrize("forged", [{}, {"x-forwarded-host": "evil.example"}])
def test_a_foreign_origin_is_refused_before_it_is_accepted(
    rig: Rig, origin: str, forged: dict[str, str]
) -> None:
    headers = {"host": HOST, "origin": origin, **forged}
    with (
        pytest.raises(WebSocketDisconnect),
        rig.client().websocket_connect("/live/ABC234", headers=headers),
    ):
        pass


def test_our_own_page_is_let_in(rig: Rig) -> None:
    headers = {"host": HOST, "origin": ORIGIN}
    with rig.client().websocket_connect("/live/ABC234", headers=headers) as socket:
        assert socket.receive_text() == "welcome"


def test_two_origins_are_none(rig: Rig) -> None:
    headers = [("origin", ORIGIN), ("origin", "http://evil.example")]
    assert not allowed_origin(handshake(*headers), rig.settings)


def handshake(*headers: tuple[str, str], scheme: str = "ws", host: str = HOST) -> dict[str, object]:
    pairs = [("host", host), *headers]
    return {
        "type": "websocket",
        "scheme": scheme,
        "headers": [(name.encode(), value.encode()) for name, value in pairs],
    }


def test_a_program_is_let_in_without_its_cookies_being_believed(rig: Rig) -> None:
    program = handshake(("cookie", "kickoff_session=stolen"))
    assert allowed_origin(program, rig.settings)
    assert not cookies_believed(program, rig.settings)
    assert cookies_believed(handshake(("origin", ORIGIN)), rig.settings)


@pytest.mark.parametrize("origin", FOREIGN)
def test_a_foreign_page_is_never_believed(rig: Rig, origin: str) -> None:
    assert not cookies_believed(handshake(("origin", origin)), rig.settings)


@pytest.mark.parametrize(
    "scheme, host, origin, ours",
    [
        ("ws", "192.168.1.5:8000", "http://192.168.1.5:8000", True),
        ("ws", "192.168.1.5:8000", "http://192.168.1.5", False),
        ("ws", f"{HOST}:80", ORIGIN, True),
        ("wss", HOST, f"https://{HOST}", True),
        ("wss", f"{HOST}:443", f"https://{HOST}", True),
        ("wss", HOST, ORIGIN, False),
        ("ws", "[::1]:8000", "http://[::1]:8000", True),
        # Behind a proxy that speaks TLS, the page is at the configured address.
        ("ws", "internal:8000", "https://room.example", True),
        ("ws", "internal:8000", "http://room.example", False),
        ("ws", "internal:8000", "https://room.example:8443", False),
    ],
)
def test_scheme_host_and_port_decide(scheme: str, host: str, origin: str, ours: bool) -> None:
    settings = Settings(_env_file=None, public_url="https://Room.example:443/")
    found = allowed_origin(handshake(("origin", origin), scheme=scheme, host=host), settings)
    assert found is ours


def test_a_forged_forwarded_header_does_not_move_the_origin(tmp_path: Path) -> None:
    rig = Rig(tmp_path, trusted_proxies="127.0.0.1")
    headers = {"host": HOST, "origin": f"https://{HOST}", "x-forwarded-proto": "https"}
    with (
        pytest.raises(WebSocketDisconnect),
        rig.client().websocket_connect("/live/ABC234", headers=headers),
    ):
        pass
    behind_the_proxy = rig.client(address="127.0.0.1")
    with behind_the_proxy.websocket_connect("/live/ABC234", headers=headers) as socket:
        assert socket.receive_text() == "welcome"
