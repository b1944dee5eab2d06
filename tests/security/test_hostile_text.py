"""S06 for the plan and what is made of it: what people type is text, on every page, in every
picture and file. (Messages of webhooks: tests/notify; the room: tests/promises, tests/browser.)

Two plans of the same shape are compared, one of hostile texts and one of plain words: there may be
no element, no attribute and no address in the one that is not in the other. Seen red: with `|safe`
on the name in a table's row, on a picture's lines and on a value of the history, both here and in
the browser; with what is printed read as typst's own markup; for S08 with cells that a spreadsheet
may guess from their text, and with nothing put before what begins a formula.
"""

import csv
import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

import httpx
import pytest
from openpyxl import load_workbook
from playwright.sync_api import Page

from app.outputs.papers.registry import registry as papers
from app.pictures.picture import registry as pictures
from tests.security.hostile import HOSTILE, PLAIN, planted, stored
from tests.security.product import Page as Forms
from tests.security.product import Product
from tests.security.structure import Structure, bare
from tests.support.browser import problems
from tests.support.pdf import read
from tests.support.server import Server

# Two plans are made and walked through before the first of these.
pytestmark = pytest.mark.timeout(600)

ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
FILES = (".pdf", ".csv", ".xlsx")  # looked at one by one


@dataclass(frozen=True)
class Plans:
    """The hostile one, the plain one, and the administrator's browser, which sees both."""

    browser: httpx.Client
    hostile: str
    plain: str


@pytest.fixture(scope="module")
def plans(demo_server: Server) -> Iterator[Plans]:
    product = Product(demo_server)
    bearer = {"authorization": f"Bearer {product.facts.api_token}"}
    with httpx.Client(base_url=product.base, headers=bearer, timeout=60) as api:
        made = Plans(product.browser, planted(api, HOSTILE), planted(api, PLAIN))
    yield made
    product.browser.close()


def kind_of(address: str) -> str:
    """Pages that are drawn alike: `/kickoffs/*/goals/*`."""
    return ID.sub("*", urlsplit(address).path)


@pytest.fixture(scope="module")
def found(plans: Plans) -> dict[str, dict[str, Structure]]:
    """Of each plan its pages, one of each kind."""
    return {plan: dict(crawled(plans.browser, plan)) for plan in (plans.hostile, plans.plain)}


def crawled(browser: httpx.Client, kickoff_id: str) -> dict[str, Structure]:
    start = str(browser.base_url).rstrip("/") + f"/kickoffs/{kickoff_id}"
    waiting = [start, *(f"{start}/pictures/{code}" for code in pictures())]
    pages: dict[str, Structure] = {}
    asked: set[str] = set()
    while waiting:
        address = waiting.pop(0)
        kind = kind_of(address)
        if kind in asked or kind.endswith(FILES):
            continue
        asked.add(kind)
        answer = browser.get(address)
        assert answer.status_code == 200, address
        if answer.headers["content-type"].startswith("text/html"):
            pages[kind] = Structure(str(answer.url), answer.text)
            waiting += sorted(link for link in pages[kind].links if link.startswith(start))
    return pages


Found = dict[str, dict[str, Structure]]


def test_no_text_becomes_an_element_an_attribute_or_an_address(plans: Plans, found: Found) -> None:
    usual = {element for page in found[plans.plain].values() for element in page.elements}
    assert len(found[plans.hostile]) > 100
    for kind, page in found[plans.hostile].items():
        assert not page.elements - usual, (kind, page.elements - usual)
        schemes = {urlsplit(address).scheme for address in page.addresses}
        assert schemes <= {"http", "https"}, (kind, schemes)
        assert not [address for address in page.leads_out if "evil" in address], kind


def test_a_table_shows_what_was_typed(plans: Plans, found: Found) -> None:
    for entity in ("goals", "kpis", "risks", "milestones", "stakeholders", "glossary"):
        text = found[plans.hostile][f"/kickoffs/*/{entity}"].text
        missing = [one for one in HOSTILE if bare(stored(one)) not in text]
        assert not missing, entity


@pytest.mark.parametrize("code", pictures())
def test_a_picture_says_what_was_typed(plans: Plans, found: Found, code: str) -> None:
    page = found[plans.hostile][f"/kickoffs/*/pictures/{code}"]
    told = [one for one in HOSTILE if bare(stored(one))[:40] in page.text]
    assert len(told) > 5, code
    assert "<svg" in page.html


def test_history_and_plan_check_say_what_was_typed(plans: Plans, found: Found) -> None:
    for kind in ("/kickoffs/*/history", "/kickoffs/*/plan-check"):
        text = found[plans.hostile][kind].text
        assert any(bare(stored(one)) in text for one in HOSTILE), kind


@pytest.mark.parametrize("code", papers())
def test_a_paper_prints_what_was_typed(plans: Plans, code: str) -> None:
    answer = plans.browser.get(f"/kickoffs/{plans.hostile}/paper/{code}.pdf")
    assert answer.status_code == 200
    # The name of the kickoff is on each.
    assert bare(stored(HOSTILE[1])) in bare(read(answer.content).text)
    assert "caught" not in answer.headers["content-disposition"].partition(";")[0]
    for line in answer.headers["content-disposition"].split(";"):
        assert "\r" not in line
        assert "\n" not in line


def test_a_handout_shows_and_prints_what_was_typed(plans: Plans, found: Found) -> None:
    page = found[plans.hostile]["/kickoffs/*/paper/handouts/*"]
    assert bare(stored(HOSTILE[1])) in page.text
    answer = plans.browser.get(f"{page.address}/handout.pdf")
    assert answer.status_code == 200
    assert bare(stored(HOSTILE[1])) in bare(read(answer.content).text)


def test_what_is_published_is_text_for_whoever_has_the_link(plans: Plans) -> None:
    """The list of handouts; what is on them once blocks have begun: tests/routers/test_handouts."""
    hostile, plain = (published(plans.browser, plan) for plan in (plans.hostile, plans.plain))
    assert bare(stored(HOSTILE[1])) in hostile.text
    assert not hostile.elements - plain.elements
    assert {urlsplit(address).scheme for address in hostile.addresses} <= {"http", "https"}


def published(browser: httpx.Client, kickoff_id: str) -> Structure:
    """The page at the public link, as a stranger sees it."""
    base = str(browser.base_url).rstrip("/")
    forms = Forms(base, browser.get("/join").text).forms.values()
    answer = browser.post(
        f"/kickoffs/{kickoff_id}/paper/handouts/publish",
        data={"csrf": next(form.token for form in forms if form.token)},
        headers={"origin": base},
    )
    page = Structure(base, answer.raise_for_status().text)
    link = next(one for one in page.addresses if one.startswith(f"{base}/handouts/"))
    return Structure(link, httpx.get(link, timeout=60).raise_for_status().text)


def test_no_file_breaks_its_header(plans: Plans) -> None:
    for path in ("plan.xlsx", "goals.csv", "goals.xlsx", "paper/overview.pdf"):
        answer = plans.browser.get(f"/kickoffs/{plans.hostile}/{path}")
        assert answer.status_code == 200
        assert "set-cookie" not in answer.headers
        name = answer.headers.get("content-disposition", "")
        assert not re.search(r'filename="[^"]*"[^;]', name), name
        assert "/" not in name.partition("filename=")[2].partition(";")[0], name


@pytest.mark.browser
def test_nothing_of_it_runs_in_a_browser_without_its_guard(
    plans: Plans, found: Found, new_page: Callable[..., Page]
) -> None:
    """The content security policy is switched off: escaping alone has to hold."""
    page = new_page(bypass_csp=True)
    cookies = [
        {"name": one.name, "value": one.value or "", "url": str(plans.browser.base_url)}
        for one in plans.browser.cookies.jar
    ]
    page.context.add_cookies(cookies)  # type: ignore[arg-type]  # a TypedDict of the same names
    caught: list[str] = []
    page.expose_function("caught", lambda: caught.append(page.url))
    page.on("dialog", lambda dialog: caught.append(dialog.message))
    asked_elsewhere: list[str] = []
    own = str(plans.browser.base_url).rstrip("/")
    page.on(
        "request",
        lambda request: (
            asked_elsewhere.append(request.url)
            if not request.url.startswith((own, "data:"))
            else None
        ),
    )
    # A positive control: were it markup, it would be caught.
    page.goto(f"{own}/join")
    page.evaluate("document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=caught()>')")
    page.wait_for_timeout(200)
    assert caught
    caught.clear()
    looked_at = [f"/kickoffs/{plans.hostile}/pictures/{code}" for code in pictures()]
    looked_at += [
        f"/kickoffs/{plans.hostile}{path}"
        for path in ("", "/plan", "/goals", "/risks", "/agenda", "/history", "/plan-check")
    ]
    for address in looked_at:
        page.goto(own + address)
        page.mouse.move(200, 300)
    problems(page).clear()
    assert caught == []
    assert asked_elsewhere == []


# ---- S08: text stays text and figures stay figures


def test_the_whole_plan_as_a_workbook_has_no_formula_and_no_link(plans: Plans) -> None:
    content = plans.browser.get(f"/kickoffs/{plans.hostile}/plan.xlsx").content
    book = load_workbook(io.BytesIO(content))
    texts = set()
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type != "f", (sheet.title, cell.coordinate, cell.value)
                assert cell.hyperlink is None, (sheet.title, cell.coordinate)
                if isinstance(cell.value, str):
                    texts.add(cell.value)
    assert {stored(one) for one in HOSTILE} <= texts
    assert b"externalLink" not in content


def test_no_table_as_csv_begins_a_formula(plans: Plans, found: Found) -> None:
    pages = found[plans.hostile].values()
    files = {one for page in pages for one in page.addresses if one.endswith(".csv")}
    assert len(files) > 30
    for address in sorted(files):
        content = plans.browser.get(address).raise_for_status().content
        rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))
        assert len({len(row) for row in rows}) == 1, address
        for cell in (cell for row in rows for cell in row):
            begins = cell.lstrip()[:1]
            assert begins not in ("=", "+", "@"), (address, cell)
            assert begins != "-" or re.fullmatch(r"-[0-9,]+", cell), (address, cell)
