"""L1: the attendee's way in by form, without a socket and without a script."""

import html
import re
import time
import uuid

import pytest
from sqlmodel import col, select

from app.ids import room_code
from app.models.rooms import Participant, Room
from tests.support.product import Product


def room_of(product: Product) -> Room:
    with product.database.reading() as session:
        wanted = select(Room).where(col(Room.kickoff_id) == product.kickoff.id)
        return session.scalars(wanted).one()


# ---- Where no room is, and where one is over


def test_a_wrong_code_is_said_to_be_wrong_and_stays_to_be_corrected(product: Product) -> None:
    answer = product.browser().post("/join", code="AAAA22")
    assert answer.status_code == 404
    assert "Ingen rom har denne koden" in html.unescape(answer.text)
    assert 'value="AAAA22"' in answer.text


def test_a_dead_link_leads_to_the_code_field_and_not_to_an_office(product: Product) -> None:
    for named in ("A" * 22, "AAAA22"):
        answer = product.browser().get(f"/j/{named}/")
        assert answer.status_code == 404
        assert "Ingen rom har denne koden" in html.unescape(answer.text)
        assert 'name="code"' in answer.text


def test_a_kickoff_that_is_over_is_said_to_be_over(product: Product) -> None:
    room = room_of(product)
    set_status(product, "ended")
    try:
        for answer in (
            product.browser().post("/join", code=room.code),
            product.browser().get(f"/j/{room.code}/"),
        ):
            assert answer.status_code == 404
            assert "Kickoffen er over" in html.unescape(answer.text)
            assert 'name="code"' in answer.text
    finally:
        set_status(product, room.status)


def set_status(product: Product, status: str) -> None:
    with product.database.unit_of_work() as session:
        room = session.get_one(Room, room_of(product).id)
        room.status = status
        room.revision += 1
        session.add(room)
    time.sleep(2.1)  # a room's snapshot is believed that long


def test_the_address_on_the_wall_asks_for_the_code_first(product: Product) -> None:
    page = product.browser().get("/")
    assert page.status_code == 200
    assert 'action="/join"' in page.text
    assert 'href="/sign-in"' in page.text


def test_a_locked_room_looks_again_by_itself(product: Product) -> None:
    lock(product, True)
    try:
        page = product.browser().get(f"/j/{room_of(product).secret}/").text
        assert '<meta http-equiv="refresh" content="8">' in page
    finally:
        lock(product, False)
    page = product.browser().get(f"/j/{room_of(product).secret}/").text
    assert 'http-equiv="refresh"' not in page


def test_who_joins_is_answered_with_the_page_and_without_a_script_led_to_it(
    product: Product,
) -> None:
    """On a bad line the way to the page is half a second; a plain reload must not join again."""
    room = room_of(product)
    with_script, plain = product.browser(), product.browser()
    inside = with_script.post(f"/j/{room.code}/", name="Ansgar")
    assert inside.status_code == 200
    assert 'data-view="phone"' in inside.text
    assert 'data-view="phone"' in with_script.get(f"/j/{room.code}/").text
    led = plain.post(f"/j/{room.code}/", name="Liv", plain="1")
    assert (led.status_code, led.headers["location"]) == (303, f"/j/{room.code}/")
    assert with_script.post(f"/j/{room.code}/", name="Ansgar").status_code == 303, "once is enough"


# ---- Who one is, corrected


def test_a_name_is_corrected_by_whoever_bears_it(product: Product) -> None:
    room = room_of(product)
    browser = product.browser()
    assert browser.post(f"/j/{room.code}/", name="Kari").status_code == 200
    before = room_of(product).revision
    answer = browser.post(f"/j/{room.code}/me", name="  Kåre ")
    assert (answer.status_code, answer.headers["location"]) == (303, f"/j/{room.code}/")
    assert "Kåre" in names(product)
    assert "Kari" not in names(product)
    assert room_of(product).revision > before


def test_a_name_that_cannot_be_is_refused_beside_it(product: Product) -> None:
    room = room_of(product)
    browser = product.browser()
    browser.post(f"/j/{room.code}/", name="Liv")
    answer = browser.post(f"/j/{room.code}/me", name="x" * 81)
    assert answer.status_code == 422
    assert "Bruk høyst 80 tegn." in html.unescape(answer.text)
    assert "Liv" in names(product)


def test_who_is_not_in_corrects_nobody(product: Product) -> None:
    room = room_of(product)
    before = names(product)
    answer = product.browser().post(f"/j/{room.code}/me", name="Ingen")
    assert (answer.status_code, answer.headers["location"]) == (303, f"/j/{room.code}/")
    assert names(product) == before


def test_names_do_not_change_faster_than_people_write(product: Product) -> None:
    room = room_of(product)
    browser = product.browser()
    browser.post(f"/j/{room.code}/", name="Rask")
    answers = [browser.post(f"/j/{room.code}/me", name=f"Rask {n}") for n in range(11)]
    assert [answer.status_code for answer in answers] == [303] * 10 + [429]
    assert "Rask 9" in names(product)


def names(product: Product) -> set[str]:
    with product.database.reading() as session:
        return set(session.scalars(select(Participant.name)).all())


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
        return int(product.new_client(**headers).get(f"/j/{room.code}/").status_code)

    visitor = product.browser()
    visitor.get(f"/j/{room.secret}/")
    good = visitor.http.cookies["kickoff_visit"]
    assert status(good) == 200
    assert [status(bent) for bent in (good[:-1], f"{room.id}.{room.code}.", "", "x")] == [429] * 4


# ---- what was filled in stays after a refusal


def refused(product: Product, **fields: str) -> tuple[int, str]:
    room = room_of(product)
    visitor = product.browser()
    visitor.get(f"/j/{room.secret}/")
    answer = visitor.post(f"/j/{room.code}/", **fields)
    return answer.status_code, re.sub(r"\s+", " ", answer.text)


def beside(page: str, field: str) -> str:
    """The fault that is tied to the field, for eyes and for screen readers."""
    control = re.search(rf"<(?:input|select)[^>]*name=\"{field}\"[^>]*>", page)
    assert control
    assert 'aria-invalid="true"' in control[0], control[0]
    said = re.search(rf'id="{field}-fault"[^>]*>([^<]+)<', page)
    assert said
    assert f'aria-describedby="{field}-fault"' in control[0]
    return html.unescape(said[1]).strip()


@pytest.fixture(scope="module")
def teams(product: Product) -> list[str]:
    """Their ids."""
    address = f"/api/v1/kickoffs/{product.kickoff.id}/teams"
    made = [product.api().post(address, json={"name": name}) for name in ("Salg", "Drift")]
    time.sleep(1.1)  # a page shows a room that is at most a second old
    return [answer.json()["id"] for answer in made]


def test_a_name_that_is_too_long_is_said_so_beside_it_and_nothing_is_lost(
    product: Product, teams: list[str]
) -> None:
    long = "Åse <b> " + "x" * 90
    status, page = refused(product, name=long, team=teams[1], people="6")
    assert status == 422
    assert beside(page, "name") == "Bruk høyst 80 tegn."
    assert f'value="{html.escape(long)}"' in page
    assert f'<option value="{teams[1]}" selected>' in page
    assert 'name="people"' in page
    assert 'value="6"' in page


@pytest.mark.parametrize("people", ["0", "101", "mange", "6.5"])
def test_an_impossible_number_at_the_table_is_said_so_beside_it(
    product: Product, people: str
) -> None:
    status, page = refused(product, name="Kari", people=people)
    assert status == 422
    assert beside(page, "people")
    assert 'value="Kari"' in page
    assert f'value="{people}"' in page
    assert '<details class="table" open>' in page


@pytest.mark.usefixtures("teams")
def test_a_team_that_is_gone_is_said_so_beside_it(product: Product) -> None:
    status, page = refused(product, name="Kari", team=str(uuid.uuid4()))
    assert status == 422
    assert beside(page, "team") == "Velg en av verdiene."
    assert 'value="Kari"' in page
    assert "Salg" in page


def test_a_room_that_was_locked_meanwhile_keeps_what_was_filled_in(product: Product) -> None:
    lock(product, True)
    try:
        status, page = refused(product, name="Kari", people="4")
        assert status == 409
        assert "Ingen nye slippes inn akkurat nå." in page
        assert 'value="Kari"' in page
        assert 'value="4"' in page
    finally:
        lock(product, False)


def lock(product: Product, locked: bool) -> None:
    with product.database.unit_of_work() as session:
        room = session.get_one(Room, room_of(product).id)
        room.locked = locked
        room.revision += 1
        session.add(room)
    time.sleep(1.1)


def test_no_number_means_one(product: Product) -> None:
    status, _ = refused(product, name="", people="")
    assert status == 200
