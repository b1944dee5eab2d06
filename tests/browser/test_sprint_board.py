"""A sprint of two groups: cards written, moved by menu, keys and finger, while others move them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import handset
from tests.browser.desk import Desk
from tests.browser.gestures import card, expect_columns, write_cards
from tests.browser.handset import Finger, middle
from tests.support.browser import axe, problems, screenshot
from tests.support.server import Server

pytestmark = pytest.mark.browser

TITLE = "Fra mål til handling"
CARDS = (
    "Kartlegge hvor søknader om tilknytning blir liggende",
    "Snakke med fem kunder",
    "Måle ventetiden hver fredag",
)


@pytest.fixture(scope="module")
def signed_in(demo_server: Server, browser: Browser) -> Any:
    context = browser.new_context(locale="nb-NO")
    context.new_page().goto(demo_server.facts.sign_in_url)
    state = context.storage_state()
    context.close()
    return state


@pytest.fixture
def desk(demo_server: Server) -> Iterator[Desk]:
    with Desk(demo_server) as one:
        if one.state["status"] == "lobby":
            one.command("room.start")
        yield one


@pytest.fixture
def board(desk: Desk) -> str:
    """An open board for two groups; its id."""
    desk.command("groups.make", count=2)
    return desk.ask("sprint_board", TITLE, config={"minutes": 25, "wip": 2})


@pytest.fixture
def phones(new_page: Callable[..., Page], demo_server: Server, board: str) -> list[Page]:
    """The first two in one group, the third in the other: who comes late evens groups out."""
    joined = [phone(new_page, demo_server, name) for name in ("Kari", "Ola", "Åse")]
    groups = [page.evaluate("kickoff.me.group_id") for page in joined]
    alone = next(n for n, group in enumerate(groups) if groups.count(group) == 1)
    return [*joined[:alone], *joined[alone + 1 :], joined[alone]]


def phone(new_page: Callable[..., Page], server: Server, name: str, **options: Any) -> Page:
    size = {"viewport": {"width": 390, "height": 844}, **options}
    page = handset.opened(new_page, server.base_url, server, **size)
    page.locator("#name").fill(name)
    handset.join(page)
    handset.expect_live(page)
    page.locator(".board-kit").wait_for(state="attached")
    return page


def column(page: Page, number: int) -> list[str]:
    return page.locator(f'.col[data-column="{number}"] .k .face b').all_inner_texts()


def said(page: Page) -> Any:
    return page.locator(".of-board [role=status][data-keep]")


def test_two_groups_each_see_their_own_board(phones: list[Page], board: str) -> None:
    kari, ola, other = phones
    write_cards(kari, *CARDS)
    write_cards(other, "Deres kort")
    expect_columns(ola, list(CARDS), [], [])
    expect_columns(other, ["Deres kort"], [], [])
    expect(kari.locator(".who-is-on")).to_contain_text("2 her nå")
    screenshot(kari, "board-phone")
    axe(kari)


def test_a_card_is_written_in_full_and_becomes_an_action_in_one_tap(phones: list[Page]) -> None:
    kari, ola, _ = phones
    write_cards(kari, CARDS[0])
    card(kari, CARDS[0]).locator(".face").click()
    form = kari.locator("dialog[open]")
    form.locator("[name=owner]").fill("Åse Bjørk")
    form.locator("[name=due]").fill("2027-02-03")
    form.locator(".colours .k-blue").click()
    form.locator("[name=link]").select_option(index=1)
    for point in ("Ringe Sunndal", "Skrive svaret"):
        form.locator("[data-item]").fill(point)
        form.locator("[data-item]").press("Enter")
    form.get_by_label("Ringe Sunndal").check()
    expect(form.locator("[data-saved]")).to_have_text("Lagret")
    axe(kari)
    screenshot(kari, "board-card")
    form.locator("[data-do=act]").click()
    expect(form.locator("[data-is-action]")).to_be_visible()
    form.locator("[data-finish]").click()
    facts = card(ola, CARDS[0]).locator("small")
    for told in ("Åse Bjørk", "3. feb.", "1/2", "Tiltak"):
        expect(facts).to_contain_text(told)
    screenshot(ola, "board-card-told")


def test_cards_are_written_one_after_the_other_without_leaving_the_field(
    phones: list[Page],
) -> None:
    kari, ola, _ = phones
    kari.locator('[data-add="0"]').first.click()
    text = kari.locator("dialog[open] [name=text]")
    for written in CARDS:
        text.press_sequentially(written)
        kari.keyboard.press("Enter")
        expect(text).to_be_focused()
        expect(text).to_have_value("")
    expect_columns(ola, list(CARDS), [], [])


def test_a_card_is_moved_by_menu_and_by_keys_and_each_is_announced(phones: list[Page]) -> None:
    kari, ola, _ = phones
    write_cards(kari, *CARDS)
    card(kari, CARDS[0]).locator(".face").click()
    form = kari.locator("dialog[open]")
    form.locator("[data-do=down]").click()
    expect(said(kari)).to_have_text(re.compile(r"2.+3"))
    form.locator('[data-goes="1"]').click()
    expect(form.locator('[data-goes="1"]')).to_have_attribute("aria-pressed", "true")
    form.locator("[data-finish]").click()
    expect_columns(ola, [CARDS[1], CARDS[2]], [CARDS[0]], [])
    kari.locator('[data-tab="0"]').click()
    grip = card(kari, CARDS[2]).locator(".grip")
    grip.focus()
    kari.keyboard.press("ArrowUp")
    expect(said(kari)).to_contain_text(CARDS[2])
    expect_columns(ola, [CARDS[2], CARDS[1]], [CARDS[0]], [])
    assert grip.evaluate("e => e === document.activeElement"), "the focus goes with the card"
    kari.keyboard.press("ArrowRight")
    expect_columns(ola, [CARDS[1]], [CARDS[0], CARDS[2]], [])
    assert grip.evaluate("e => e === document.activeElement")


def test_a_finger_drags_a_card_by_its_handle(phones: list[Page]) -> None:
    kari, ola, _ = phones
    write_cards(kari, *CARDS)
    finger = Finger(kari)
    grip = card(kari, CARDS[0]).locator(".grip").bounding_box()
    last = card(kari, CARDS[2]).bounding_box()
    assert grip
    assert last
    finger.down(middle(grip))
    finger.to((middle(grip)[0], last["y"] + last["height"] - 6))
    screenshot(kari, "board-drag")
    finger.up()
    expect_columns(ola, [CARDS[1], CARDS[2], CARDS[0]], [], [])
    # Onto another column's tab.
    grip = card(kari, CARDS[1]).locator(".grip").bounding_box()
    tab = kari.locator('[data-tab="2"]').bounding_box()
    assert grip
    assert tab
    finger.down(middle(grip))
    finger.to(middle(tab))
    finger.up()
    expect_columns(ola, [CARDS[2], CARDS[0]], [], [CARDS[1]])
    assert not kari.locator("dialog[open]").count(), "a drag is no tap"


def test_a_finger_beside_the_handle_scrolls_the_page(phones: list[Page]) -> None:
    kari = phones[0]
    write_cards(kari, *(f"Kort {number}" for number in range(14)))
    kari.evaluate("scrollTo(0, 0)")
    box = card(kari, "Kort 5").locator(".face").bounding_box()
    assert box
    finger = Finger(kari)
    finger.down(middle(box))
    finger.to((middle(box)[0], middle(box)[1] - 300))
    finger.up()
    kari.wait_for_timeout(300)
    assert kari.evaluate("scrollY") > 50
    assert column(kari, 0)[:2] == ["Kort 0", "Kort 1"]


def test_nobodys_typing_is_disturbed_by_what_others_move(phones: list[Page]) -> None:
    kari, ola, _ = phones
    write_cards(kari, *CARDS)
    expect_columns(ola, list(CARDS), [], [])
    card(kari, CARDS[0]).locator(".face").click()
    text = kari.locator("dialog[open] textarea")
    text.fill("Kartlegge ")
    ola.evaluate(
        """for (let n = 0; n < 12; n += 1) setTimeout(() => {
            const cards = [...document.querySelectorAll(".k")];
            cards[n % 3].querySelector(".grip").focus();
            cards[n % 3].querySelector(".grip").dispatchEvent(
              new KeyboardEvent("keydown", {key: n % 2 ? "ArrowRight" : "ArrowLeft",
                bubbles: true}));
        }, n * 120)"""
    )
    text.press_sequentially("søknadene", delay=150)
    expect(text).to_have_value("Kartlegge søknadene")
    assert text.evaluate("e => e.selectionStart === e.value.length && e === document.activeElement")
    kari.locator("dialog[open] [data-finish]").click()
    expect(card(ola, "Kartlegge søknadene")).to_have_count(1)


def test_a_card_that_somebody_removes_says_so_and_can_be_put_back(phones: list[Page]) -> None:
    kari, ola, _ = phones
    write_cards(kari, *CARDS)
    expect_columns(ola, list(CARDS), [], [])
    card(kari, CARDS[1]).locator(".face").click()
    card(ola, CARDS[1]).locator(".face").click()
    ola.locator("dialog[open] [data-do=remove]").click()
    expect(kari.locator("dialog[open] [data-gone]")).to_be_visible()
    kari.locator("dialog[open] [data-finish]").click()
    expect_columns(kari, [CARDS[0], CARDS[2]], [], [])
    ola.locator(".board-offer button").click()
    expect_columns(kari, list(CARDS), [], [])
    expect_columns(ola, list(CARDS), [], [])


def test_what_is_done_while_the_line_is_down_is_seen_at_once_and_sent_later(
    phones: list[Page],
) -> None:
    kari, ola, _ = phones
    write_cards(kari, *CARDS)
    kari.context.set_offline(True)
    kari.evaluate("lines.at(-1).close()")
    card(kari, CARDS[0]).locator(".face").click()
    kari.locator('dialog[open] [data-goes="2"]').click()
    kari.locator("dialog[open] [data-finish]").click()
    expect_columns(kari, [CARDS[1], CARDS[2]], [], [CARDS[0]])
    kari.context.set_offline(False)
    expect_columns(ola, [CARDS[1], CARDS[2]], [], [CARDS[0]])
    problems(kari).clear()


def test_the_console_sees_all_boards_moves_cards_and_takes_it_back(
    phones: list[Page],
    new_page: Callable[..., Page],
    demo_server: Server,
    signed_in: Any,
    desk: Desk,
    board: str,
) -> None:
    kari, ola, _ = phones
    write_cards(kari, *CARDS)
    page = new_page(viewport={"width": 1440, "height": 900}, storage_state=signed_in)
    page.goto(demo_server.facts.console_url)
    group = kari.evaluate("kickoff.me.group_id")
    details = page.locator(f"#details-{board}-{group}")
    expect(details.locator(".counts")).to_contain_text("3")
    details.locator("summary").click()
    page.locator(f"#board-kit-{board}").wait_for(state="attached")
    opened = details.locator(".board")
    grip = opened.locator(".k", has_text=CARDS[0]).locator(".grip")
    target = opened.locator('.col[data-column="2"]')
    grip.scroll_into_view_if_needed()
    grip.hover()
    page.mouse.down()
    page.mouse.move(*middle(target.bounding_box() or {}), steps=8)
    page.mouse.up()
    expect_columns(ola, [CARDS[1], CARDS[2]], [], [CARDS[0]])
    write_cards(ola, "Nytt kort")
    expect(opened.locator(".k", has_text="Nytt kort")).to_have_count(1)
    screenshot(page, "board-console", full_page=True)
    axe(page)
    page.locator('[data-command="room.undo"]:visible').first.click()
    expect_columns(ola, [CARDS[0], CARDS[1], CARDS[2], "Nytt kort"], [], [])
    # The frame, and back.
    page.locator(f"#frame-{board} summary").click()
    names = page.locator(f"#frame-of-{board} [name=columns]")
    names.nth(1).fill("")
    names.nth(3).fill("Feiret")
    page.locator(f"#frame-of-{board} button").click()
    expect(ola.locator("[data-tab]").last).to_contain_text("Feiret")
    page.locator('[data-command="room.undo"]:visible').first.click()
    expect(ola.locator("[data-tab]").last).not_to_contain_text("Feiret")


def test_the_sprint_warns_and_ends(phones: list[Page], desk: Desk, board: str) -> None:
    kari = phones[0]
    desk.fresh()
    desk.command("sprint_board.timer", activity=board, minutes=2)
    expect(kari.locator(".sprint[data-own-soon]")).to_be_visible()
    assert re.search(r"^1:5\d|2:00", kari.locator(".sprint b").inner_text())
    kari.evaluate("""() => { const real = kickoff.now; kickoff.now = () => real() + 121000; }""")
    expect(kari.locator(".sprint[data-own-over]")).to_be_visible()
    expect(said(kari)).to_have_text("Sprinten er over")


def test_twelve_boards_are_readable_on_the_wall_and_one_is_put_large(
    new_page: Callable[..., Page], demo_server: Server, desk: Desk
) -> None:
    desk.command("groups.make", count=12)
    activity = desk.ask("sprint_board", TITLE)
    page = new_page(device="projector")
    page.goto(demo_server.facts.projector_url)
    expect(page.locator(".tile")).to_have_count(12)
    boards = [
        each.removeprefix("tile-")
        for each in page.locator(".tile").evaluate_all("l => l.map(e => e.id)")
    ]
    for number, group in enumerate(boards):
        for place in range(number % 4 + 2):
            title = CARDS[place % 3] if place < 3 else f"Et kort til, nummer {place}"
            desk.command(
                "sprint_board.add",
                activity=activity,
                board=group,
                column=(place + number) % 3,
                text=title,
            )
    desk.command("sprint_board.timer", activity=activity, minutes=20)
    expect(page.locator(".wall-sprint")).to_be_visible()
    page.wait_for_timeout(700)
    screenshot(page, "board-wall-12")
    small = page.evaluate(
        """() => [...document.querySelectorAll(".wall *")].filter((e) =>
          e.children.length === 0 && e.textContent.trim() && !e.closest(".aloud, svg")
          && parseFloat(getComputedStyle(e).fontSize) < 21.5).map((e) => e.outerHTML)"""
    )
    assert small == [], "1.35rem of 1/120 of the picture is the least"
    cut = page.evaluate(
        """() => [...document.querySelectorAll('.tile')]
          .filter((e) => e.scrollHeight > e.clientHeight + 1).length"""
    )
    assert cut == 0
    desk.command("sprint_board.spotlight", activity=activity, board=boards[3])
    expect(page.locator(".wall-board")).to_be_visible()
    page.wait_for_timeout(700)
    screenshot(page, "board-wall-large")
    desk.command("sprint_board.spotlight", activity=activity, board=None)
    expect(page.locator(".tile")).to_have_count(12)


def test_without_a_script_cards_are_written_moved_and_made_actions(
    new_page: Callable[..., Page], demo_server: Server, board: str
) -> None:
    page = new_page(
        device="phone", java_script_enabled=False, viewport={"width": 390, "height": 844}
    )
    page.goto(demo_server.facts.join_url)
    page.locator("#name").fill("Uten skript")
    handset.join(page)
    first = page.locator(".col").first
    first.locator("form:has([value=add]) [name=text]").fill("Uten skript")
    first.locator("form:has([value=add]) button").click()
    screenshot(page, "board-plain", full_page=True)
    page.locator(".k summary", has_text="Uten skript").click()
    page.locator("form:has([value=move]) [name=column]").select_option("1")
    page.locator("form:has([value=move]) button").click()
    expect(page.locator("#col-1 .k")).to_have_count(1)
    page.locator(".k summary").click()
    page.locator("form:has([name=owner]) [name=owner]").fill("Kari")
    page.locator("form:has([name=owner]) button").click()
    page.locator(".k summary").click()
    page.locator("form:has([name=item]) [name=item]").fill("Ringe")
    page.locator("form:has([name=item]) button").click()
    page.locator(".k summary").click()
    page.locator(".point").click()
    page.locator(".k summary").click()
    page.locator('form[action$="sprint_board.act"] button').click()
    expect(page.locator(".k summary")).to_contain_text("Tiltak")
    expect(page.locator(".k summary")).to_contain_text("1/1")


def test_the_board_stays_usable_after_the_day(phones: list[Page], desk: Desk, board: str) -> None:
    kari, ola, _ = phones
    write_cards(kari, CARDS[0])
    expect_columns(ola, [CARDS[0]], [], [])
    desk.fresh()
    desk.command("room.end")
    expect(kari.locator("#region-main h1").first).to_have_text("Takk for i dag")
    kari.reload()
    handset.expect_live(kari)
    kari.locator(".board-kit").wait_for(state="attached")
    write_cards(kari, "Dagen etter")
    expect_columns(ola, [CARDS[0], "Dagen etter"], [], [])
    screenshot(kari, "board-after-the-day")
    desk.fresh()
    desk.command("room.start")
