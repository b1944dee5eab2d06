"""Console and projector in a real room: two consoles agree, and the projector follows."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser import handset
from tests.support.browser import axe, screenshot
from tests.support.server import Server

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def signed_in(demo_server: Server, browser) -> dict:
    """The cookies of the facilitator; the link that gives them works once."""
    context = browser.new_context(locale="nb-NO")
    page = context.new_page()
    page.goto(demo_server.facts.sign_in_url)
    state = context.storage_state()
    context.close()
    return state


@pytest.fixture
def open_console(new_page: Callable[..., Page], demo_server: Server, signed_in: dict):
    def opened(**options: object) -> Page:
        page = new_page(viewport={"width": 1440, "height": 900}, storage_state=signed_in, **options)
        page.goto(demo_server.facts.console_url)
        return page

    return opened


@pytest.fixture
def hall(new_page: Callable[..., Page], demo_server: Server) -> Page:
    """The projector, by its link."""
    page = new_page(device="projector")
    page.goto(demo_server.facts.projector_url)
    expect(page.locator("html")).to_have_attribute("data-connection", "live")
    return page


def live(page: Page) -> Page:
    expect(page.locator("html")).to_have_attribute("data-connection", "live")
    return page


def test_what_one_console_pushes_the_other_and_the_projector_show(
    open_console, hall: Page, new_page, demo_server: Server
):
    one, other = live(open_console()), live(open_console())
    phone = handset.joined(new_page, demo_server.facts.base_url, demo_server)
    # Ask: two taps.
    one.keyboard.press("n")
    one.get_by_role("button", name="Ja eller nei").click()
    card = other.locator(".activity", has_text="Er vi enige?")
    expect(card).to_contain_text("Åpen")
    expect(card).to_contain_text("Skjult på projektor")
    expect(hall.get_by_role("heading", level=1)).to_have_text("Er vi enige?")
    expect(hall.locator(".bar")).to_have_count(0)
    expect(phone.get_by_role("heading", name="Er vi enige?")).to_be_visible()
    handset.tap(phone, "Ja")
    expect(card).to_contain_text("1 av")
    # The other one shows it; both agree.
    other.keyboard.press("v")
    expect(hall.locator(".bar")).to_have_count(2)
    expect(one.locator(".activity", has_text="Er vi enige?")).to_contain_text("Vises på projektor")
    # A show of hands is a figure of its own.
    counted = one.locator(".activity", has_text="Er vi enige?")
    counted.get_by_text("Håndsopprekking").click()
    counted.locator(".hands input[type=number]").first.fill("12")
    counted.get_by_role("button", name="Lagre tellingen").click()
    expect(hall.get_by_text("Håndsopprekking: 12 personer")).to_be_visible()
    # Closed, and taken back within ten seconds.
    other.keyboard.press("s")
    expect(one.locator(".undo-close")).to_be_visible()
    one.locator(".undo-close").get_by_role("button").click()
    expect(card).to_contain_text("Åpen")
    screenshot(one, "room-console")
    screenshot(hall, "room-projector")
    axe(one)
    axe(hall)


def test_two_who_press_next_at_once_move_one_step(open_console, hall: Page):
    one, other = live(open_console()), live(open_console())
    before = hall.locator("h1").text_content()
    # The second believes what is no longer so: it is told, and sees how things stand.
    other.evaluate("window.behind = kickoff.control; void 0")
    one.keyboard.press("PageDown")
    expect(one.locator(".undo")).to_contain_text("Angre: det som er på projektoren")
    expect(other.locator(".undo")).to_contain_text("Angre: det som er på projektoren")
    expect(hall.locator("h1")).not_to_have_text(before or "")
    after = hall.locator("h1").text_content()
    other.evaluate("kickoff.control = window.behind; void 0")
    other.keyboard.press("PageDown")
    expect(other.locator("#said")).to_contain_text("Noen andre kom først")
    assert hall.locator("h1").text_content() == after
    one.keyboard.press("u")
    expect(hall.locator("h1")).to_have_text(before or "")


def test_two_keys_within_one_round_trip_are_both_carried_out(open_console, hall: Page):
    """Seen red: the second was told that somebody else had been first."""
    console = live(open_console())
    console.evaluate(
        """["+", "j", "b"].forEach((key) =>
            document.body.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true })))"""
    )
    expect(hall.locator(".over-blank")).to_be_visible()
    expect(console.locator("#said")).to_be_hidden()
    console.keyboard.press("u")
    expect(hall.locator(".over-join .code")).to_be_visible()
    expect(console.locator(".preview")).not_to_contain_text("Mørk skjerm")
    console.keyboard.press("j")
    expect(hall.locator(".over-join")).to_be_hidden()


def test_blank_join_and_back_by_a_clicker(open_console, hall: Page):
    console = live(open_console())
    console.keyboard.press(".")
    expect(hall.locator(".over-blank")).to_be_visible()
    expect(console.locator(".preview")).to_contain_text("Mørk skjerm")
    console.keyboard.press(".")
    expect(hall.locator(".over-blank")).to_be_hidden()
    # A push must believe what is so: the console has heard of the one before.
    expect(console.locator(".preview")).not_to_contain_text("Mørk skjerm")
    console.keyboard.press("j")
    expect(hall.locator(".over-join .code")).to_be_visible()
    expect(console.locator("[data-key=j]")).to_have_attribute("aria-pressed", "true")
    console.keyboard.press("u")
    expect(hall.locator(".over-join")).to_be_hidden()


def test_the_hall_keeps_its_question_between_closing_and_showing(open_console, hall: Page):
    console = live(open_console())
    console.keyboard.press("n")
    console.get_by_role("button", name="Ett ord").click()
    title = "Hva er ditt ord for dette?"
    expect(hall.get_by_role("heading", level=1)).to_have_text(title)
    expect(console.locator(".activity", has_text=title)).to_contain_text("Åpen")
    console.keyboard.press("s")
    expect(hall.get_by_role("heading", level=1)).to_have_text(title)
    expect(hall.get_by_text("Stengt", exact=True)).to_be_visible()


def test_the_console_works_without_a_script(open_console, hall: Page):
    page = open_console(java_script_enabled=False)
    page.get_by_text("Sett inn blokk").click()
    form = page.locator("#insert-block")
    form.get_by_label("Tittel").fill("Mer om kundedata")
    form.get_by_role("button", name="Sett inn").click()
    expect(page.locator("#region-day")).to_contain_text("Mer om kundedata")
    page.get_by_text("Nytt spørsmål").click()
    page.get_by_role("button", name="0 til 10").click()
    card = page.locator(".activity", has_text="Hvor sannsynlig er det at vi lykkes?")
    expect(card).to_contain_text("Åpen")
    expect(hall.locator(".scale-columns .value")).to_have_count(11)
    card.get_by_role("button", name="Vis på projektor").click()
    expect(hall.get_by_text("Vises så snart noen har svart")).to_be_visible()
    card.get_by_text("Håndsopprekking").click()
    card.locator("input[name='counts.value.9']").fill("7")
    card.get_by_role("button", name="Lagre tellingen").click()
    expect(card.get_by_text("(7)").first).to_be_visible()
    page.locator(".go").click()
    expect(
        page.locator("#region-side").get_by_text("Angre: det som er på projektoren")
    ).to_be_visible()


def test_a_projector_link_only_looks(hall: Page):
    heading = hall.get_by_role("heading", level=1).inner_text()
    for key in ("PageDown", "v", "s", "u"):
        hall.keyboard.press(key)
    hall.wait_for_timeout(500)
    assert hall.get_by_role("heading", level=1).inner_text() == heading
