"""A speaker's PDF as a block's slides: brought in whole or not at all, and seen by those who may.

Seen red: pictures served to whoever asks, a deck found outside its kickoff, the form's key and the
API's left out, and pages written one by one.
"""

import io
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Any

import pytest
import time_machine
from httpx import Response
from PIL import Image
from sqlmodel import func, select
from starlette.testclient import TestClient

from app import clock, ids
from app.access import Scope
from app.live import tokens
from app.models.rooms import Participant, Room
from app.models.slides import Slide, SlideDeck
from app.operations import slides_coming_in
from app.outputs import pdf_pages
from tests.support.product import Browser, Product
from tests.support.slides import NORWEGIAN, drawing, locked, pdf_of

PDF = "application/pdf"


@cache
def two_pages() -> bytes:
    return pdf_of(f"= {NORWEGIAN}", r"Kun \<script>alert(1)\</script>")


def block(made: Product, title: str = "Innledning", kickoff: str = "") -> str:
    path = f"/api/v1/kickoffs/{kickoff or made.kickoff.id}/agenda-blocks"
    answer = made.api().post(path, json={"title": title})
    id: str = answer.json()["id"]
    return id


def decks(made: Product) -> str:
    return f"/api/v1/kickoffs/{made.kickoff.id}/slide-decks"


def sent(
    made: Product, to: str, content: bytes, client: TestClient | None = None, **more: Any
) -> Response:
    """By the API."""
    headers = {"content-type": PDF} | {
        name.replace("_", "-"): value for name, value in more.pop("headers", {}).items()
    }
    asked = {"block_id": to, "title": "Om året som gikk", **more}
    client = client or made.api()
    return client.post(decks(made), params=asked, content=content, headers=headers)


def posted(browser: Browser, made: Product, to: str, content: bytes, **fields: Any) -> Response:
    """By the form."""
    name = fields.pop("filename", "Årsplan_2027.PDF")
    address = f"/kickoffs/{made.kickoff.id}/agenda/{to}/slides"
    return browser.post(address, files={"file": (name, content, PDF)}, **fields)


def page_of(browser: Browser, made: Product, to: str) -> str:
    return browser.get(f"/kickoffs/{made.kickoff.id}/agenda/{to}").text


def picture(made: Product, deck: str, number: int, kind: str = "") -> str:
    return f"/kickoffs/{made.kickoff.id}/slides/{deck}/{number}{kind}"


def stored(made: Product) -> tuple[int, int]:
    """How many decks and slides there are, of all kickoffs."""
    with made.database.reading() as session:
        return (
            session.exec(select(func.count()).select_from(SlideDeck)).one(),
            session.exec(select(func.count()).select_from(Slide)).one(),
        )


# -- in -------------------------------------------------------------------------------------------


def test_what_is_brought_by_the_form_is_on_the_block_s_page(either_product: Product) -> None:
    to, browser = block(either_product), either_product.browser("contributor")
    answer = posted(browser, either_product, to, two_pages())
    where = f"/kickoffs/{either_product.kickoff.id}/agenda/{to}?said=slides_taken#slides"
    assert (answer.status_code, answer.headers["location"]) == (303, where)
    shown = page_of(browser, either_product, to)
    assert "Årsplan 2027</bdi>" in shown
    assert "2 sider" in shown
    day = browser.get(f"/kickoffs/{either_product.kickoff.id}/agenda").text
    assert "2 lysbilder" in day


def test_what_is_brought_by_the_api_comes_back_with_its_words(either_product: Product) -> None:
    to, api = block(either_product), either_product.api()
    made = sent(either_product, to, two_pages())
    assert made.status_code == 201
    deck = made.json()
    assert (deck["title"], deck["pages"], deck["block_id"]) == ("Om året som gikk", 2, to)
    assert api.get(made.headers["location"]).json() == deck
    assert api.get(made.headers["location"], headers={"if-none-match": '"1"'}).status_code == 304
    slides = api.get(f"{made.headers['location']}/slides").json()["items"]
    assert [each["text"] for each in slides] == [NORWEGIAN, "Kun <script>alert(1)</script>"]
    for each, most in zip(slides, (1920, 1920), strict=True):
        large, small = api.get(each["image"]), api.get(each["small"])
        with Image.open(io.BytesIO(large.content)) as image:
            assert image.size == (each["width"], each["height"]) == (most, 1080)
        assert len(small.content) < len(large.content)


def test_a_deck_is_called_otherwise_moved_and_removed(either_product: Product) -> None:
    made, api = either_product, either_product.api()
    to, other = block(made), block(made, "En annen")
    first, second = (sent(made, to, drawing(b""), title=one).headers["location"] for one in "AB")
    assert api.patch(first, json={"title": "C"}).status_code == 428
    renamed = api.patch(first, json={"title": "C"}, headers={"if-match": '"1"'})
    assert (renamed.status_code, renamed.json()["title"], renamed.json()["pages"]) == (200, "C", 1)
    stale = api.patch(first, json={"title": "D"}, headers={"if-match": '"1"'})
    assert (stale.status_code, stale.json()["current"]["title"]) == (412, "C")
    second_id = second.rpartition("/")[2]
    api.patch(first, json={"after_id": second_id}, headers={"if-match": '"2"'})
    listed = [one["title"] for one in api.get(decks(made)).json()["items"] if one["block_id"] == to]
    assert listed == ["B", "C"]
    moved = api.patch(first, json={"block_id": other}, headers={"if-match": '"3"'})
    assert moved.json()["block_id"] == other
    for wrong in ({"title": ""}, {"title": None}, {"block_id": ids.new_id()}, {"pages": 3}):
        answer = api.patch(first, json=wrong, headers={"if-match": '"4"'})
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid"), wrong
    assert api.delete(first, headers={"if-match": '"4"'}).status_code == 204
    assert api.get(first).status_code == 404
    assert api.get(picture(made, first.rpartition("/")[2], 1)).status_code == 404


def test_by_the_page_too(product: Product) -> None:
    to, browser = block(product), product.browser("contributor")
    first, second = (
        sent(product, to, drawing(b""), title=one).json()["id"] for one in ("Én", "To")
    )
    here = f"/kickoffs/{product.kickoff.id}/agenda/{to}/slides"
    moved = browser.post(f"{here}/{first}/move", steps="1")
    assert moved.status_code == 303
    shown = page_of(browser, product, to)
    assert shown.index("To</bdi>") < shown.index("Én</bdi>")
    assert browser.post(f"{here}/{first}", title="Ny", version="1").status_code == 412
    assert browser.post(f"{here}/{first}", title="Ny", version="2").status_code == 303
    assert browser.post(f"{here}/{first}", title=" ", version="3").status_code == 422
    assert "Ny" in browser.get(f"{here}/{first}").text
    assert browser.post(f"{here}/{second}/remove").status_code == 303
    assert second not in page_of(browser, product, to)


def test_what_is_sent_twice_is_one_deck(either_product: Product) -> None:
    made, to = either_product, block(either_product)
    api, twice = made.api(), {"idempotency_key": ids.new_id()}
    first = sent(made, to, two_pages(), api, headers=twice)
    again = sent(made, to, two_pages(), api, headers=twice)
    assert (again.status_code, again.json()) == (201, first.json())
    other = sent(made, to, drawing(b""), api, headers=twice)
    assert (other.status_code, other.json()["code"]) == (409, "id_reused")
    browser, before = made.browser("contributor"), stored(made)
    key = ids.new_id()
    for _ in range(2):
        assert posted(browser, made, to, two_pages(), key=key).status_code == 303
    assert stored(made) == (before[0] + 1, before[1] + 2)


def test_the_room_is_told(product: Product) -> None:
    def revision() -> int:
        with product.database.reading() as session:
            rooms = select(Room.revision).where(Room.kickoff_id == product.kickoff.id)
            return session.exec(rooms).one()

    to = block(product)
    before = revision()
    deck = sent(product, to, drawing(b"")).headers["location"]
    assert revision() > before
    before = revision()
    product.api().delete(deck, headers={"if-match": '"1"'})
    assert revision() > before


# -- refused --------------------------------------------------------------------------------------


@pytest.mark.parametrize("content", [locked(), b"hei", two_pages()[:2000]])
def test_of_a_file_that_cannot_be_drawn_nothing_is_written(
    either_product: Product, content: bytes
) -> None:
    made, to, before = either_product, block(either_product), stored(either_product)
    answer = sent(made, to, content)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert [fault["pointer"] for fault in answer.json()["errors"]] == ["/file"]
    shown = posted(made.browser("contributor"), made, to, content, title="Min tale")
    assert shown.status_code == 422
    assert answer.json()["errors"][0]["detail"] in shown.text
    assert 'value="Min tale"' in shown.text
    assert stored(made) == before


def test_a_fault_among_the_pages_leaves_nothing(
    either_product: Product, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = pdf_pages._read

    def half(pages: Any) -> Any:
        yield next(read(pages))
        raise RuntimeError("the disk is gone")

    made, to = either_product, block(either_product)
    assert sent(made, to, two_pages()).status_code == 201
    before = stored(made)
    monkeypatch.setattr(pdf_pages, "_read", half)
    assert sent(made, to, two_pages()).status_code == 500
    assert stored(made) == before


def test_others_write_while_a_deck_comes_in_and_nobody_sees_half_of_it(
    either_product: Product, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Seen red with all pages written in one transaction: the goal waited for the deck's end."""
    made, to, read = either_product, block(either_product), pdf_pages._read
    goals = f"/api/v1/kickoffs/{made.kickoff.id}/goals"
    seen: list[tuple[int, int]] = []

    def looked_at_between(pages: Any) -> Any:
        for page in read(pages):
            yield page
            with ThreadPoolExecutor(1) as other:
                written = other.submit(made.api().post, goals, json={"title": "Imens"})
                status = written.result(timeout=10).status_code
            listed = made.api().get(decks(made), params={"limit": 100}).json()["items"]
            seen.append((status, sum(one["block_id"] == to for one in listed)))

    monkeypatch.setattr(slides_coming_in, "STEP_BYTES", 1)
    monkeypatch.setattr(pdf_pages, "_read", looked_at_between)
    answer = sent(made, to, two_pages())
    assert seen == [(201, 0), (201, 0)]
    assert (answer.status_code, answer.json()["pages"]) == (201, 2)


def test_what_a_killed_process_left_is_taken_away_by_the_next_deck(
    product: Product, monkeypatch: pytest.MonkeyPatch
) -> None:
    to, before = block(product), stored(product)
    with monkeypatch.context() as killed:
        killed.setattr(slides_coming_in.Incoming, "abandon", lambda _self: None)
        killed.setattr(slides_coming_in.Incoming, "finish", _killed)
        assert sent(product, to, two_pages()).status_code == 500
    assert stored(product) == (before[0] + 1, before[1] + 2)
    with time_machine.travel(clock.now() + slides_coming_in.ABANDONED_AFTER * 2):
        assert sent(product, to, two_pages()).status_code == 201
    assert stored(product) == (before[0] + 1, before[1] + 2)


def _killed(*_given: object) -> Any:
    raise RuntimeError("killed")


def test_what_is_too_large_is_told_how_to_become_smaller(product: Product) -> None:
    to, browser = block(product), product.browser("contributor")
    large = b"%PDF-1.7\n".ljust(pdf_pages.BYTES_MAX + 1, b"x")
    answer = posted(browser, product, to, large)
    assert (answer.status_code, "større enn 30 MB" in answer.text) == (413, True)
    assert sent(product, to, large).status_code == 413
    # Elsewhere no more is taken than before.
    elsewhere = product.api().post(
        f"/api/v1/kickoffs/{product.kickoff.id}/goals",
        content=large,
        headers={"content-type": PDF},
    )
    assert elsewhere.status_code in (413, 415)


def test_while_others_are_drawn_the_form_says_so(
    product: Product, monkeypatch: pytest.MonkeyPatch
) -> None:
    to, browser = block(product), product.browser("contributor")

    def busy(_pdf: Any) -> Any:
        raise pdf_pages.SlidesNotDrawn

    monkeypatch.setattr(pdf_pages, "drawn", busy)
    shown = posted(browser, product, to, drawing(b""))
    assert (shown.status_code, "om et minutt" in shown.text) == (503, True)
    answer = sent(product, to, drawing(b""))
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "30")


def test_a_block_takes_so_many_decks_and_no_more(
    product: Product, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.operations.slides.DECKS_MAX", 1)
    to = block(product)
    assert sent(product, to, drawing(b"")).status_code == 201
    assert sent(product, to, drawing(b"")).status_code == 409
    assert posted(product.browser("contributor"), product, to, drawing(b"")).status_code == 409


# -- who may --------------------------------------------------------------------------------------


def attendee(made: Product) -> TestClient:
    with made.database.unit_of_work() as session:
        room = session.scalars(select(Room).where(Room.kickoff_id == made.kickoff.id)).one()
        phone = Participant(id=ids.random_id(), room_id=room.id)
        session.add(phone)
    key = made.application.state.settings.signing_key
    return made.with_bearer(tokens.issue(key, phone.id, room.id))


def test_pictures_are_seen_by_those_who_see_the_plan_and_nobody_else(product: Product) -> None:
    to = block(product)
    deck = sent(product, to, two_pages()).json()["id"]
    seen: dict[str, Callable[[str], Response]] = {
        "viewer": product.browser("viewer").get,
        "reader": product.api(Scope.READ).get,
    }
    unseen: dict[str, Callable[[str], Response]] = {
        "outsider": product.browser("outsider").get,
        "foreigner": product.browser("foreigner").get,
        "other kickoff": product.api(organisation_id=product.other_organisation_id).get,
    }
    for kind in ("", "/small"):
        where = picture(product, deck, 1, kind)
        for who, get in seen.items():
            assert get(where).status_code == 200, who
        for who, get in unseen.items():
            assert get(where).status_code == 404, who
        assert attendee(product).get(where).status_code == 403
        nobody = product.new_client().get(where, follow_redirects=False)
        assert (nobody.status_code, "/sign-in" in nobody.headers["location"]) == (303, True)
    for number in ("0", "3", "-1", "x", "99999"):
        assert (
            product.browser("viewer").get(picture(product, deck, 1)[:-1] + number).status_code
            == 404
        )


def test_a_picture_is_kept_by_its_reader_alone_and_nothing_runs_in_it(product: Product) -> None:
    deck = sent(product, block(product), two_pages()).json()["id"]
    where, viewer = picture(product, deck, 2), product.api(Scope.READ)
    answer = viewer.get(where)
    assert answer.headers["content-type"] == "image/webp"
    assert answer.headers["cache-control"] == "private, max-age=31536000, immutable"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")
    tag = answer.headers["etag"]
    assert tag != viewer.get(f"{where}/small").headers["etag"]
    unchanged = viewer.get(where, headers={"if-none-match": tag})
    assert (unchanged.status_code, unchanged.content) == (304, b"")


def test_who_only_looks_brings_and_removes_nothing(product: Product) -> None:
    to, viewer = block(product), product.browser("viewer")
    deck = sent(product, to, two_pages()).json()["id"]
    before = stored(product)
    shown = page_of(viewer, product, to)
    assert picture(product, deck, 1, "/small") in shown
    assert "Legg til lysbilder fra en PDF" not in shown
    assert "Legg til lysbilder fra en PDF" in page_of(product.browser("contributor"), product, to)
    here = f"/kickoffs/{product.kickoff.id}/agenda/{to}/slides"
    assert "alert(1)&lt;/script&gt;" in viewer.get(f"{here}/{deck}").text
    assert posted(viewer, product, to, two_pages()).status_code == 403
    assert viewer.get(f"{here}/new").status_code == 403
    assert viewer.post(f"{here}/{deck}/remove").status_code == 403
    assert sent(product, to, two_pages(), product.api(Scope.READ)).status_code == 403
    assert posted(product.browser("outsider"), product, to, two_pages()).status_code == 404
    assert stored(product) == before


def test_of_who_may_not_the_file_is_not_drawn(
    product: Product, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[Any] = []
    to = block(product)
    monkeypatch.setattr(pdf_pages, "_draw", lambda *given: drawn.append(given) or 1)
    assert sent(product, to, two_pages()).status_code == 422
    assert len(drawn) == 1
    assert sent(product, to, two_pages(), product.api(Scope.READ)).status_code == 403
    assert sent(product, ids.new_id(), two_pages()).status_code == 422
    assert len(drawn) == 1


def test_another_kickoff_s_block_and_deck_are_as_none(product: Product) -> None:
    other = product.api().post("/api/v1/kickoffs", json={"title": "Et annet"}).json()["id"]
    its_block, deck = block(product, kickoff=other), sent(product, block(product), two_pages())
    id = deck.json()["id"]
    assert sent(product, its_block, two_pages()).status_code == 422
    api = product.api()
    elsewhere = decks(product).replace(product.kickoff.id, other)
    assert api.get(picture(product, id, 1)).status_code == 200
    assert api.get(picture(product, id, 1).replace(product.kickoff.id, other)).status_code == 404
    assert api.get(f"{elsewhere}/{id}").status_code == 404
    assert api.get(f"{elsewhere}/{id}/slides").status_code == 404
    assert api.delete(f"{elsewhere}/{id}", headers={"if-match": "*"}).status_code == 404


# -- gone -----------------------------------------------------------------------------------------


def test_a_block_and_a_kickoff_take_their_slides_with_them(either_product: Product) -> None:
    made, before = either_product, stored(either_product)
    to, browser = block(made), made.browser("contributor")
    sent(made, to, two_pages())
    assert stored(made) == (before[0] + 1, before[1] + 2)
    day = browser.get(f"/kickoffs/{made.kickoff.id}/agenda").text
    assert "Lysbildene forsvinner med den." in day
    path = f"/api/v1/kickoffs/{made.kickoff.id}/agenda-blocks/{to}"
    assert made.api().delete(path, headers={"if-match": '"1"'}).status_code == 204
    assert stored(made) == before
    other = made.api().post("/api/v1/kickoffs", json={"title": "Et annet"}).json()["id"]
    place = {"block_id": block(made, kickoff=other), "title": "x"}
    where = decks(made).replace(made.kickoff.id, other)
    added = made.api().post(where, params=place, content=two_pages(), headers={"content-type": PDF})
    assert (added.status_code, stored(made)) == (201, (before[0] + 1, before[1] + 2))
    gone = made.api().delete(f"/api/v1/kickoffs/{other}", headers={"if-match": "*"})
    assert (gone.status_code, stored(made)) == (204, before)


def test_a_copy_has_no_slides_and_says_so_before(product: Product) -> None:
    sent(product, block(product), two_pages())
    assert "lysbilder" in product.browser("owner").get(f"/kickoffs/{product.kickoff.id}/copy").text
    before = stored(product)
    copied = product.api().post(
        f"/api/v1/kickoffs/{product.kickoff.id}/copies", json={"title": "Neste år"}
    )
    assert (copied.status_code, stored(product)) == (201, before)
