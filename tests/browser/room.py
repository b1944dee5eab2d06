"""A room with everybody's screens in it: a laptop, a projector and phones that came in by the code
on the wall, and the gestures of a day. For tests that are told as a story, in either language."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Locator, Page, expect

from app.i18n import gettext as say
from app.i18n import pgettext
from tests.browser.handset import WATCH, expect_live, expect_question
from tests.browser.our_day import Day
from tests.support.browser import axe, screenshot
from tests.support.server import Server
from tests.support.squares import leads_to

LAPTOP = {"width": 1440, "height": 900}
HALL = {"width": 1920, "height": 1080}
PHONE = {"width": 390, "height": 844}
LOCALES = {"nb": "nb-NO", "en": "en-GB"}


@dataclass
class Room:
    """Everybody's screens, and the gestures of the day. `name` begins the names of its pictures."""

    name: str
    language: str
    server: Server
    day: Day
    laptop: Page
    hall: Page
    phones: list[Page] = field(default_factory=list)
    here: int = 0  # people, of whom several may share a phone

    @property
    def words(self) -> dict[str, Any]:
        return self.day.words

    def card(self, title: str) -> Locator:
        return self.laptop.locator(".activity", has_text=title).first

    def push(self, name: str) -> None:
        """The orange button; it must say this."""
        orange = self.laptop.locator(".go")
        expect(orange).to_contain_text(name)
        orange.click()

    def hall_says(self, title: str) -> None:
        expect(self.hall.get_by_role("heading", level=1)).to_have_text(title)

    def opened(self, asked: str) -> Locator:
        """A prepared question is opened from its card; everybody has it."""
        title = self.words[asked]
        card = self.card(title)
        card.get_by_role("button", name=pgettext("verb", "Open"), exact=False).first.click()
        self.everybody_has(title)
        expect(card).to_contain_text(pgettext("question", "Open"))
        return card

    def everybody_has(self, title: str) -> None:
        self.hall_says(title)
        for phone in self.phones:
            expect_question(phone, title)

    def revealed(self, card: Locator) -> None:
        self.laptop.keyboard.press("v")
        expect(card).to_contain_text(say("Shown on the projector"))

    def closed(self, card: Locator) -> None:
        self.laptop.keyboard.press("s")
        expect(card).to_contain_text(pgettext("question", "Closed"))

    def saved(self, *phones: int, within: float = 5) -> None:
        for number in phones or range(len(self.phones)):
            said = self.phones[number].locator(".saved").first
            expect(said).to_contain_text(say("Saved"), timeout=within * 1000)

    def seen(self, moment: str, *, phone: int = 0) -> None:
        """What each screen shows now, for a person to look at; and nothing that axe finds."""
        self.looked_at(f"{moment}-laptop", self.laptop)
        self.looked_at(f"{moment}-hall", self.hall)
        self.looked_at(f"{moment}-phone", self.phones[phone])

    def looked_at(self, picture: str, page: Page, *, full_page: bool = False) -> None:
        """One screen alone, as `seen` does it."""
        screenshot(page, f"{self.name}-{picture}-{self.language}", full_page=full_page)
        # At its end nothing is half under the bar at the foot of a phone, as one scrolls it to tap.
        before = page.evaluate("scrollY")
        page.evaluate("scrollTo({ top: document.body.scrollHeight, behavior: 'instant' })")
        axe(page)
        page.evaluate("top => scrollTo({ top, behavior: 'instant' })", before)

    def joined(self, phone: Page, name: str, *, people: int = 1) -> None:
        """From the square on the wall into the room; the wall and the desk see it."""
        phone.add_init_script(WATCH)
        if not self.phones:
            assert leads_to(self.hall.locator("#lobby-qr svg"), self.day.join_url)
        phone.goto(self.day.join_url)
        phone.get_by_label(say("Your name")).fill(name)
        if people > 1:
            phone.get_by_text(say("One phone for a whole table?")).tap()
            phone.get_by_label(say("How many are you?")).fill(str(people))
            self.looked_at("join-phone", phone)
        phone.get_by_role("button", name=say("Join in")).tap()
        expect(phone.locator("h1")).to_have_text(say("You are in"))
        expect_live(phone)
        expect(self.hall.locator(".names")).to_contain_text(name)
        self.phones.append(phone)
        self.here += people
        expect(self.hall.locator(".here-count")).to_have_text(str(self.here))
        expect(self.laptop.locator(".present .num")).to_have_text(str(self.here))


def opened(
    name: str, language: str, server: Server, day: Day, new_page: Callable[..., Page]
) -> Room:
    """Signed in, the console and the projector open, nobody here yet."""
    spoken = {"locale": LOCALES[language], "reduced_motion": "reduce"}
    laptop = new_page(viewport=LAPTOP, **spoken)
    laptop.goto(server.facts.sign_in_url)
    laptop.get_by_role("link", name=say("Later")).click()
    laptop.get_by_role("link", name=day.words["title"]).click()
    laptop.get_by_role("link", name=say("Access"), exact=True).click()
    made = laptop.locator("#projectors")
    made.get_by_label(say("Name")).fill("Scenen")
    made.get_by_role("button", name=say("Create a link")).click()
    hall = new_page(device="projector", viewport=HALL, **spoken)
    hall.goto(laptop.locator("#secret").inner_text())
    laptop.get_by_role("link", name=say("Overview"), exact=True).click()
    laptop.get_by_role("link", name=say("Open the console")).click()
    expect(laptop.locator("#now-title")).to_have_text(say("Ready to begin"))
    for page in (laptop, hall):
        expect_live(page)
    return Room(name, language, server, day, laptop, hall)


def new_phone(new_page: Callable[..., Page], language: str) -> Page:
    spoken = {"locale": LOCALES[language], "reduced_motion": "reduce"}
    return new_page(device="phone", viewport=PHONE, **spoken)
