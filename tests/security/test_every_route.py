"""S04 on the product as it is: every form and every unsafe route, found by itself.

A new route is attacked the day it is written. Saboteur: `FormGuard` without its origin check, or
without its token check, turns the first or the second test red for each page route.
"""

from collections.abc import Iterator

import httpx
import pytest

from tests.security.product import Product, unsafe_routes
from tests.security.test_csrf import FOREIGN_HEADERS
from tests.support.server import Server

# Becoming an attendee needs nothing but the code, from a program as from a page of ours.
OPEN = "/api/v1/rooms/{code}/participants"


@pytest.fixture(scope="module")
def product(demo_server: Server) -> Iterator[Product]:
    found = Product(demo_server)
    yield found
    found.browser.close()


@pytest.fixture
def unchanged(product: Product) -> Iterator[None]:
    before = product.stored()
    yield
    assert product.stored() == before


def pages() -> list[tuple[str, str]]:
    return [route for route in unsafe_routes() if not route[1].startswith("/api/")]


def api() -> list[tuple[str, str]]:
    return [route for route in unsafe_routes() if route[1].startswith("/api/")]


def test_there_is_something_to_attack(product: Product) -> None:
    assert ("POST", "/j/{code}/") in pages()
    assert ("POST", "/api/v1/kickoffs") in api()
    home = product.browser.get("/")
    assert home.status_code == 200
    assert "sign-in" not in str(home.url)


@pytest.mark.usefixtures("unchanged")
def test_no_page_elsewhere_can_use_a_form(product: Product) -> None:
    foreign = [each for each in FOREIGN_HEADERS if "kickoff.example" not in str(each)]
    foreign += [{"origin": f"{product.base}.evil.example"}, {"referer": product.base + "/"}]
    token = product.token()
    answered = {
        (method, path, str(headers)): product.browser.request(
            method, product.filled(path), data={"csrf": token, "language": "en"}, headers=headers
        ).status_code
        for method, path in pages()
        for headers in foreign
    }
    assert {each: status for each, status in answered.items() if status != 403} == {}


@pytest.mark.usefixtures("unchanged")
def test_no_form_works_without_this_browsers_token(product: Product) -> None:
    with httpx.Client(base_url=product.base) as stranger:
        stranger.get("/join")
        foreign = next(iter(stranger.cookies.values()))
    headers = {"origin": product.base}
    answered = {}
    for method, path in pages():
        address = product.filled(path)
        for token in ("", foreign, product.token()[:-1]):
            data = {"csrf": token, "code": "ABC234", "name": "x"}
            response = product.browser.request(method, address, data=data, headers=headers)
            answered[method, path, token] = response.status_code
        plain = headers | {"content-type": "text/plain"}
        body = f"csrf={product.token()}"
        response = product.browser.request(method, address, content=body, headers=plain)
        answered[method, path, "text/plain"] = response.status_code
    assert {each: status for each, status in answered.items() if status != 403} == {}


@pytest.mark.usefixtures("unchanged")
def test_asking_for_an_address_changes_nothing(product: Product) -> None:
    with httpx.Client(base_url=product.base, cookies=product.browser.cookies) as browser:
        for _, path in unsafe_routes():
            address = f"{product.filled(path)}?csrf={product.token()}"
            assert browser.get(address).status_code < 500, address


@pytest.mark.usefixtures("unchanged")
def test_the_api_believes_no_cookie(product: Product) -> None:
    answered = {
        (method, path): product.browser.request(method, product.filled(path), json={}).status_code
        for method, path in api()
        if path != OPEN
    }
    assert {each: status for each, status in answered.items() if status != 401} == {}


@pytest.mark.usefixtures("unchanged")
def test_the_api_takes_json_from_programs_alone(product: Product) -> None:
    bearer = {"authorization": f"Bearer {product.facts.api_token}"}
    wrong: dict[tuple[str, ...], int] = {}
    for method, path in api():
        address = product.filled(path)
        for media_type in ("text/plain", "application/x-www-form-urlencoded"):
            headers = bearer | {"content-type": media_type, "if-match": "*"}
            response = httpx.request(method, product.base + address, content="{}", headers=headers)
            if response.status_code != 415:
                wrong[method, path, media_type] = response.status_code
        for origin in ("http://evil.example", "null"):
            headers = bearer | {"origin": origin, "if-match": "*"}
            response = httpx.request(method, product.base + address, json={}, headers=headers)
            if response.status_code != 403:
                wrong[method, path, origin] = response.status_code
    assert wrong == {}


def test_every_form_on_every_page_carries_its_token(product: Product) -> None:
    starts = ["/", "/join", product.facts.join_url, product.facts.console_url, "/password"]
    seen = 0
    for page in product.crawl(*starts):
        for form in page.forms.values():
            assert form.action.startswith(product.base), (page.address, form.action)
            if form.method == "POST":
                seen += 1
                assert form.token, f"{page.address}: the form to {form.action} has no token"
                if form.is_upload:
                    assert form.fields[0][0] == "csrf", f"{page.address}: its token is not first"
            else:
                assert not form.token, f"{page.address}: a token would stand in the address"
    assert seen > 10


def test_a_form_of_ours_works_without_scripts(product: Product) -> None:
    with httpx.Client(base_url=product.base, follow_redirects=True) as phone:
        page = phone.get(product.facts.join_url)
        before = product.stored()
        fields = {"csrf": page.text.split('name="csrf" value="')[1].split('"')[0], "name": "Kari"}
        joined = phone.post(page.url, data=fields, headers={"origin": product.base})
        assert joined.status_code == 200
        assert product.stored() != before
