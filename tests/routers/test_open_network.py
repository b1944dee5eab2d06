"""Who runs a room on a network without TLS is told so where they look, not in a terminal alone."""

import pytest
from sqlmodel import col, select

from app.models.rooms import Room
from tests.support.product import Product

WARNING = "Et nett uten TLS kan leses av andre på det."


@pytest.mark.parametrize(
    "public_url, told",
    [
        ("http://192.168.1.20:8000", True),
        ("http://kickoff.local", True),
        ("https://kickoff.example.org", False),
        ("http://localhost:8000", False),
        ("http://127.0.0.1:8000", False),
        ("http://[::1]:8000", False),
    ],
)
def test_start_page_and_console_say_that_a_network_without_tls_can_be_read(
    product: Product, monkeypatch: pytest.MonkeyPatch, public_url: str, told: bool
) -> None:
    monkeypatch.setattr(product.application.state.settings, "public_url", public_url)
    with product.database.reading() as session:
        wanted = select(Room.id).where(col(Room.kickoff_id) == product.kickoff.id)
        room_id = session.exec(wanted).one()
    owner = product.browser("owner")
    for path in ("/", f"/rooms/{room_id}/console/"):
        page = owner.get(path)
        assert page.status_code == 200
        assert (WARNING in page.text) is told, path
