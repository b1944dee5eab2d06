"""Groups and notes in a real room: phones hear which group they are in and lose nothing by it, the
wall says who sits where and what was decided, the console does both in seconds.

Seen red: a phone that sent something while it was greeted anew was told that it may not.
"""

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import handset
from tests.browser.desk import Desk
from tests.support.browser import axe, screenshot
from tests.support.server import Server

pytestmark = pytest.mark.browser
LOCALES = {"nb": "nb-NO", "en": "en-GB"}
WORDS = {
    "nb": {
        "group": "Gruppe",
        "table": "bord",
        "find": "Finn bordet ditt",
        "decision": "Beslutning",
    },
    "en": {"group": "Group", "table": "table", "find": "Find your table", "decision": "Decision"},
}
OpenPage = Callable[..., Page]


@pytest.fixture(scope="module")
def signed_in(demo_server: Server, browser: Browser) -> dict:
    """The cookies of the facilitator; the link that gives them works once."""
    context = browser.new_context(locale="nb-NO")
    page = context.new_page()
    page.goto(demo_server.facts.sign_in_url)
    state = context.storage_state()
    context.close()
    return state


@pytest.fixture
def open_console(new_page: OpenPage, demo_server: Server, signed_in: dict):
    def opened(language: str = "nb", **options: object) -> Page:
        size = {"width": 1440, "height": 900}
        page = new_page(viewport=size, storage_state=signed_in, locale=LOCALES[language], **options)
        page.goto(demo_server.facts.console_url)
        expect(page.locator("html")).to_have_attribute("data-connection", "live")
        return page

    return opened


@pytest.fixture
def open_wall(new_page: OpenPage, demo_server: Server):
    def opened(language: str = "nb") -> Page:
        page = new_page(device="projector", locale=LOCALES[language])
        page.goto(demo_server.facts.projector_url)
        expect(page.locator("html")).to_have_attribute("data-connection", "live")
        return page

    return opened


def phone_of(new_page: OpenPage, server: Server, name: str, language: str = "nb") -> Page:
    page = handset.opened(new_page, server.base_url, server, locale=LOCALES[language])
    page.locator("[name=name]").fill(name)
    handset.join(page)
    handset.expect_live(page)
    return page


def test_phones_hear_their_group_and_what_is_typed_stays(
    new_page: OpenPage, demo_server: Server
) -> None:
    phone = phone_of(new_page, demo_server, "Kari Ærø")
    with Desk(demo_server) as desk:
        desk.ask("open_text", "Hva vil du si?")
        field = phone.locator("#region-main textarea")
        field.click()
        phone.keyboard.type("Halvveis i en set")
        desk.command("groups.make", count=3)
        line = phone.locator('[data-me="group"]')
        expect(line).to_contain_text("bord")
        expect(line).to_contain_text("Gruppe")
        expect(field).to_be_focused()
        phone.keyboard.type("ning")
        expect(field).to_have_value("Halvveis i en setning")
        phone.locator("form.answer button.send").click()
        handset.expect_said(phone, "Lagret")
        desk.command("groups.clear")
        expect(line).to_be_hidden()


def test_what_is_sent_while_groups_change_is_saved(new_page: OpenPage, demo_server: Server) -> None:
    phone = phone_of(new_page, demo_server, "Rask Hansen")
    with Desk(demo_server) as desk:
        activity = desk.ask("open_text", "Fort?")
        handset.expect_question(phone, "Fort?")
        # Something is sent every few milliseconds while it is greeted anew again and again.
        phone.evaluate(
            """(activity) => { let n = 0; window.refused = [];
            document.addEventListener("kickoff:error", ({ detail }) => window.refused.push(detail));
            const send = () => kickoff.submit(activity, { text: "svar " + n++ });
            window.sending = setInterval(send, 60); }""",
            activity,
        )
        for count in (2, 3, 4, 2):
            desk.command("groups.make", count=count)
            desk.command("groups.clear")
        phone.evaluate("clearInterval(window.sending)")
        for _ in range(100):
            if phone.evaluate("kickoff.pending.length") == 0:
                break
            phone.wait_for_timeout(50)
        assert phone.evaluate("[kickoff.pending.length, window.refused]") == [0, []]
        assert handset.open_sockets(phone) == 1, "it was never lost"


@pytest.mark.parametrize("language", ["nb", "en"])
def test_groups_are_made_from_the_console_and_shown_on_the_wall(
    open_console, open_wall, new_page: OpenPage, demo_server: Server, language: str
) -> None:
    words = WORDS[language]
    name = {"nb": "Åse Øvergård-Kristoffersen", "en": "Þórdís Åsgårdstrand-Møllerup"}[language]
    with Desk(demo_server) as desk:
        desk.command("groups.clear")
    phone = phone_of(new_page, demo_server, name, language)
    friend = phone_of(new_page, demo_server, "Bo Nilsen", language)
    console, wall = open_console(language), open_wall(language)
    expect(friend.locator("main")).to_be_visible()
    console.locator("#groups-made > summary").click()
    # Of the two who are present, not of all who have ever joined.
    console.locator("#make-groups [name=count]").fill("2")
    console.locator("#make-groups button").click()
    expect(phone.locator('[data-me="group"]')).to_contain_text(words["table"])
    group = phone.locator('[data-me="group"] bdi').inner_text().split(" · ")[0]
    console.keyboard.press("t")
    expect(wall.get_by_role("heading", name=words["find"])).to_be_visible()
    card = wall.locator(".tables > li", has_text=name)
    expect(card).to_contain_text(group)
    sizes = wall.evaluate(
        "[...document.querySelectorAll('.sitting li')]"
        ".map((each) => parseFloat(getComputedStyle(each).fontSize))"
    )
    assert min(sizes) >= 30, "readable from the back row"
    box = wall.locator(".tables")
    assert box.evaluate("(e) => e.scrollHeight <= e.clientHeight + 1")
    # One is moved, and the phone hears it.
    console.locator("#groups-listed > summary").click()
    console.locator("#into-group [name=participant]").select_option(label=name)
    others = console.locator("#into-group [name=group] option").all_inner_texts()[1:]
    other = next(name for name in others if name != group)
    console.locator("#into-group [name=group]").select_option(label=other)
    console.locator("#into-group button").click()
    expect(phone.locator('[data-me="group"]')).to_contain_text(other)
    screenshot(console, f"groups-console-{language}")
    screenshot(wall, f"groups-projector-{language}")
    screenshot(phone, f"groups-phone-{language}")
    for page in (console, wall, phone):
        axe(page)
    console.keyboard.press("t")
    expect(wall.locator(".over-groups")).to_be_hidden()


def test_a_phone_without_a_script_reads_its_group(new_page: OpenPage, demo_server: Server) -> None:
    with Desk(demo_server) as desk:
        desk.command("groups.make", count=2)
        page = new_page(device="phone", java_script_enabled=False)
        page.goto(demo_server.facts.join_url)
        page.locator("[name=name]").fill("Uten Skript")
        handset.join(page)
        expect(page.locator('[data-me="group"]')).to_contain_text("bord")


@pytest.mark.parametrize("language", ["nb", "en"])
def test_a_decision_is_written_in_seconds_and_shown(open_console, open_wall, language: str) -> None:
    words = WORDS[language]
    console, wall = open_console(language), open_wall(language)
    text = "Én kontaktperson for hver bedriftskunde fra 1. februar, også når saken går på tvers"
    console.keyboard.press("d")
    expect(console.locator("#write-note [name=text]")).to_be_focused()
    screenshot(console, f"note-console-{language}")
    console.keyboard.type(text)
    console.keyboard.press("Tab")
    console.keyboard.type("Kari Ærø")
    console.locator("#write-note [name=show]").check()
    console.locator("#write-note [name=text]").press("Enter")
    expect(wall.locator(".over-note .what")).to_have_text(text)
    expect(wall.locator(".over-note")).to_contain_text("Kari Ærø")
    expect(wall.locator(".over-note .kind")).to_contain_text(words["decision"])
    fits = "(e) => e.scrollHeight <= e.clientHeight + 1 && e.scrollWidth <= e.clientWidth + 1"
    assert wall.locator(".noted").evaluate(fits)
    expect(console.locator("#new-note")).not_to_have_attribute("open", "")
    screenshot(wall, f"note-projector-{language}")
    axe(wall)
    axe(console)
    # What holds now stands in its place, on the wall too.
    first = console.locator(".noted-list > li").first
    first.locator("summary").click()
    first.locator("form [name=text]").fill("To kontaktpersoner for hver bedriftskunde")
    first.locator("form button").click()
    expect(wall.locator(".over-note .what")).to_have_text(
        "To kontaktpersoner for hver bedriftskunde"
    )
    expect(console.locator(".noted-list > li.superseded").first).to_contain_text(text)
    console.locator(".noted-list > li").first.locator("button[aria-pressed]").click()
    expect(wall.locator(".over-note")).to_be_hidden()
    # An assumption, by the second button.
    console.keyboard.press("d")
    expect(console.locator("#write-note [name=text]")).to_be_focused()
    console.keyboard.type("Leverandøren rekker det")
    console.locator("#write-note button[data-as]").click()
    expect(console.locator(".noted-list > li").first).to_contain_text("Leverandøren rekker det")


def test_the_longest_decision_fits_on_the_wall(open_wall, demo_server: Server) -> None:
    wall = open_wall()
    with Desk(demo_server) as desk:
        text = ("Kundeserviceavdelingens kontaktpersonordning " * 5)[:200]
        desk.command("note.decide", text=text, owner_name="Å" + "ge" * 30, show=True)
        expect(wall.locator(".over-note .what")).to_be_visible()
        wall.wait_for_timeout(300)
        fits = "(e) => e.scrollHeight <= e.clientHeight + 1 && e.scrollWidth <= e.clientWidth + 1"
        assert wall.locator(".noted").evaluate(fits)
        screenshot(wall, "note-projector-long")
        desk.command("note.show", note=None)


@pytest.mark.parametrize("language", ["nb", "en"])
def test_groups_are_planned_on_a_page_that_everybody_can_use(
    new_page: OpenPage, demo_server: Server, signed_in: dict, language: str
) -> None:
    """Looked at, made, moved, taken back; on a phone as on a desk; and signs on paper."""
    with Desk(demo_server) as desk:
        desk.command("groups.clear")
    page = new_page(storage_state=signed_in, locale=LOCALES[language], reduced_motion="reduce")
    here = f"{demo_server.base_url}/kickoffs/{demo_server.facts.kickoff_id}/groups"
    page.goto(here)
    look_everywhere(page, f"groups-none-{language}")
    page.goto(f"{here}/make?by=count&number=3")
    look_everywhere(page, f"groups-make-{language}")
    page.locator(".taking button").click()
    expect(page.locator(".groups .card")).to_have_count(3)
    page.locator(".moving [name=person]").select_option(index=1)
    page.locator(".moving [name=group]").select_option(index=2)
    page.locator(".moving button").click()
    look_everywhere(page, f"groups-plan-{language}")
    page.goto(f"{here}/signs")
    look_everywhere(page, f"groups-signs-{language}")
    page.emulate_media(media="print")
    assert page.locator(".sheet").locator("visible=true").count() == 4
    assert page.locator("nav, footer, button, .button").locator("visible=true").count() == 0
    page.emulate_media(media="screen")
    page.goto(here)
    page.locator("form[action$='/undo'] button").click()
    expect(page.locator(".groups .card")).to_have_count(3)


def look_everywhere(page: Page, name: str) -> None:
    for width, height in ((390, 844), (1440, 900)):
        page.set_viewport_size({"width": width, "height": height})
        assert page.evaluate("document.scrollingElement.scrollWidth - innerWidth") <= 0, name
        screenshot(page, f"{name}-{width}", full_page=True)
        axe(page)
