"""In a list that closes up under the finger a second tap is not the next question's: by mouse
and by finger, a moment after it has come to lie there.

Seen red: rows say what they push in their value, and were all taken for the same push. By finger: a
console wider than the phone's glass, on which a tap meets something else than what one sees.
"""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.desk import Desk
from tests.browser.handset import expect_live, middle
from tests.browser.test_questions import desk, phone, signed_in
from tests.support.server import Server

__all__ = ["desk", "phone", "signed_in"]
pytestmark = pytest.mark.browser

ASKED = ("Hva skjer med lønna?", "Får vi flere folk?", "Hvem eier kundedata?", "Når er pausen?")


@pytest.fixture
def stream(desk: Desk, phone: Page) -> str:
    made = desk.command("activity.create", kind="questions", title="Spør oss", open=True)
    for words in ASKED:
        phone.evaluate(
            "([activity, text]) => kickoff.submit(activity, { text })", [made["activity"], words]
        )
    return str(made["activity"])


@pytest.fixture(params=["laptop", "phone"])
def console(
    request: pytest.FixtureRequest,
    new_page: Callable[..., Page],
    demo_server: Server,
    signed_in: Any,
) -> Page:
    page = new_page(device=request.param, storage_state=signed_in)
    page.goto(demo_server.facts.console_url)
    expect_live(page)
    return page


@pytest.fixture
def rows(console: Page, stream: str) -> Locator:
    """The questions, unfolded, all of them to be answered."""
    card = console.locator(f"#activity-{stream}")
    card.locator("details summary").first.click()
    found = card.locator(".qa-group[id^=qa-open] .qa-row")
    expect(found).to_have_count(len(ASKED))
    return found


def answered(row: Locator) -> Locator:
    return row.locator('.qa-does [data-command="questions.answered"]')


def press(page: Page, at: tuple[float, float]) -> None:
    if page.evaluate("navigator.maxTouchPoints"):
        page.touchscreen.tap(*at)
    else:
        page.mouse.click(*at)


def states(desk: Desk, stream: str) -> list[str]:
    return sorted(each["state"] for each in desk.result(stream)["questions"])


# As soon as another row lies there, and a moment after that: told by the page's own clock, for ours
# may be slow.
TAP_AGAIN = """([x, y, first]) => {
  const row = () => document.elementFromPoint(x, y)?.closest(".qa-row")?.id ?? "";
  const tap = { bubbles: true, cancelable: true, detail: 1, clientX: x, clientY: y };
  const again = () => {
    document.elementFromPoint(x, y).dispatchEvent(new MouseEvent("click", tap));
    return row();
  };
  window.tappedAgain = new Promise((done) => {
    // A tap that met nothing is told, and not waited for.
    setTimeout(() => done("no other row came to lie there"), 8000);
    document.addEventListener("kickoff:morphed", function look() {
      if (!row() || row() === first) return;
      document.removeEventListener("kickoff:morphed", look);
      setTimeout(() => done(again()), 150);
    });
  });
}"""


def test_the_next_row_is_not_answered_by_a_second_tap(
    desk: Desk, stream: str, console: Page, rows: Locator
) -> None:
    first, second, *_ = rows.evaluate_all("rows => rows.map((row) => row.id)")
    button = answered(console.locator(f"#{first}"))
    button.evaluate("button => button.scrollIntoView({ block: 'center', behavior: 'instant' })")
    box = button.bounding_box()
    assert box
    at = middle(box)
    console.evaluate(TAP_AGAIN, [*at, first])
    press(console, at)
    assert console.evaluate("window.tappedAgain") == second, "the next row has slid there"
    expect(rows).to_have_count(len(ASKED) - 1)
    console.wait_for_timeout(700)
    assert states(desk, stream) == ["answered", "open", "open", "open"]
    # What one means is taken, a moment later.
    press(console, at)
    expect(rows).to_have_count(len(ASKED) - 2)
    assert states(desk, stream) == ["answered", "answered", "open", "open"]
    desk.fresh()
    desk.command("activity.close", activity=stream)
