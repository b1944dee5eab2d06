"""L1: the attendee's way in by form, without a socket and without a script."""

import pytest
from sqlmodel import col, select

from app.ids import room_code
from app.models.rooms import Room
from tests.support.product import Product


def room_of(product: Product) -> Room:
    with product.database.reading() as session:
        wanted = select(Room).where(col(Room.kickoff_id) == product.kickoff.id)
        return session.scalars(wanted).one()


# ---- S11: the QR code's secret is exchanged for a cookie


def test_the_first_page_is_one_answer_and_tells_nobody_its_address(product: Product) -> None:
    room = room_of(product)
    for path in (f"/j/{room.secret}/", f"/j/{room.secret}"):
        page = product.browser().http.get(path, follow_redirects=False)
        assert page.status_code == 200, "not one more round trip"
        assert page.headers["referrer-policy"] == "strict-origin"
        assert room.secret not in page.text
        assert f'action="/j/{room.code}/"' in page.text
    clean = product.browser().http.get(f"/j/{room.code}/")
    assert clean.headers["referrer-policy"] == "same-origin"


def test_a_typed_code_leads_to_an_address_without_a_secret(product: Product) -> None:
    room = room_of(product)
    answer = product.browser().post("/join", code=room.code.lower())
    assert (answer.status_code, answer.headers["location"]) == (303, f"/j/{room.code}/")


def test_who_was_shown_the_way_is_not_charged_and_is_still_charged_for_guesses(
    product: Product, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = room_of(product)
    failures: list[int] = []
    budget = product.application.state.guess_budget
    monkeypatch.setattr(budget, "failed", lambda: failures.append(1))
    visitor = product.browser()
    visitor.get(f"/j/{room.secret}/")
    monkeypatch.setattr(budget, "allow", lambda: False)
    assert visitor.get(f"/j/{room.code}/").status_code == 200
    assert product.browser().get(f"/j/{room.code}/").status_code == 429
    monkeypatch.undo()
    monkeypatch.setattr(budget, "failed", lambda: failures.append(1))
    assert visitor.get(f"/j/{room_code()}/").status_code == 404
    assert len(failures) == 1


def test_a_cookie_that_was_bent_vouches_for_nothing(
    product: Product, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = room_of(product)
    monkeypatch.setattr(product.application.state.guess_budget, "allow", lambda: False)

    def status(cookie: str) -> int:
        headers = {"cookie": f"kickoff_visit={cookie}"}
        return product.new_client(**headers).get(f"/j/{room.code}/").status_code

    visitor = product.browser()
    visitor.get(f"/j/{room.secret}/")
    good = visitor.http.cookies["kickoff_visit"]
    assert status(good) == 200
    assert [status(bent) for bent in (good[:-1], f"{room.id}.{room.code}.", "", "x")] == [429] * 4
