"""A kickoff whose server lives in another time, and somebody who walks through its ninety days with
a laptop and a phone, a post office and two channels."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import httpx
from playwright.sync_api import Page

from tests.notify.post_office import PostOffice
from tests.notify.receiver import Receiver
from tests.support.browser import problems
from tests.support.processes import wait_until
from tests.support.server import Server
from tests.support.server_time import ServerTime

DAY = date(2027, 2, 1)  # a Monday
MORNING = datetime(2027, 2, 1, 9, 0, tzinfo=UTC)  # ten o'clock in Oslo
NAMES = ("Kari Nordmann", "Ola Håland", "Siri Ås", "Per Øvrebø", "Biret Ánne Sara", "Åse Ødegård")


class Kickoff:
    """One kickoff over REST, the server that it is on, and what time it is there."""

    def __init__(self, server: Server, time: ServerTime) -> None:
        self.server, self.time = server, time
        self.id, self.room, self.now = "", "", MORNING
        self.people: dict[str, str] = {}

    def call(self, method: str, path: str, **body: Any) -> Any:
        with httpx.Client(
            headers={"authorization": f"Bearer {self.server.facts.api_token}"},
            timeout=30,
        ) as api:
            here = f"{self.server.base_url}/api/v1/kickoffs" + (f"/{self.id}" if self.id else "")
            answer = api.request(method, here + path, **body)
        assert answer.is_success, answer.text
        return answer.json()

    def make(self, collection: str, **values: Any) -> str:
        return str(self.call("POST", f"/{collection}", json=values)["id"])

    def all(self, collection: str) -> list[Any]:
        return list(self.call("GET", f"/{collection}?limit=100")["items"])

    def page(self, path: str) -> str:
        return f"{self.server.base_url}/kickoffs/{self.id}/{path}"

    def is_day(self, number: int, **later: float) -> None:
        """That many days after the day, at ten in the morning, or so much `later`. Nothing is under
        way: whoever brings something would find that hours have passed, and that it is late."""
        wait_until(self._is_still, what="what is under way", timeout=60)
        self.now = MORNING + timedelta(days=number, **later)
        self.time.is_now(self.now)

    def is_told(self, number: int, what: Callable[[], Any]) -> Any:
        """`what` is there on that day. Minutes go by like moments, for news is gathered a while."""
        minutes = 0

        def found() -> bool:
            nonlocal minutes
            minutes += 1
            self.is_day(number, minutes=minutes)
            return bool(what())

        wait_until(found, what=f"what is told on day {number}", timeout=60)
        return what()

    def _is_still(self) -> bool:
        waiting = [one for one in self.all("deliveries") if one["fate"] == "waiting"]
        soon = self.now + timedelta(seconds=10)
        return not any(
            one["attempts"] or datetime.fromisoformat(one["due_at"]) <= soon for one in waiting
        )


def without_mail(kickoff: Kickoff, other_id: str) -> None:
    """The demo's own people are asleep."""
    url = f"{kickoff.server.base_url}/api/v1/kickoffs/{other_id}/notice-settings"
    headers = {"authorization": f"Bearer {kickoff.server.facts.api_token}"}
    said = httpx.get(url, headers=headers)
    headers["if-match"] = said.headers["etag"]
    httpx.put(url, headers=headers, json={**said.json(), "by_mail": False}).raise_for_status()


class Walk:
    """Who goes all the way: the screens before them, and what reaches them."""

    def __init__(
        self,
        language: str,
        kickoff: Kickoff,
        office: PostOffice,
        channels: tuple[Receiver, ...],
        laptop: Page,
        phone: Page,
    ) -> None:
        self.language, self.kickoff, self.office, self.channels = (
            language,
            kickoff,
            office,
            channels,
        )
        self.laptop, self.phone = laptop, phone

    def signs_in(self) -> None:
        self.laptop.goto(self.kickoff.server.facts.sign_in_url)

    def killed_on(self, day: int) -> None:
        self.kickoff.is_day(day)
        self.kickoff.server.kill9()
        self.kickoff.server.start()
        for page in (self.laptop, self.phone):
            problems(page).clear()
        self.signs_in()

    def mailed(self, name: str, about: str) -> str:
        """The link that somebody got about this."""
        to = f"{NAMES.index(name)}@nordlys.example"
        for rcpt, mail in reversed(self.office.got):
            body = mail.get_body(("plain",))
            assert body is not None
            text = body.get_content()
            if rcpt == [to] and about in text:
                part = text[text.index(about) :]
                if found := re.search(rf"{self.kickoff.server.base_url}/(l|pulse)/\S+", part):
                    return found[0]
        return ""

    def each_message_came_once(self) -> None:
        """What the product says it delivered is what arrived, and each of it once."""

        def waiting() -> list[Any]:
            return [one for one in self.kickoff.all("deliveries") if one["fate"] == "waiting"]

        self.kickoff.is_day(91, hours=1)
        wait_until(lambda: not waiting(), what="the last of it", timeout=60)
        rows = self.kickoff.all("deliveries")
        assert len(rows) < 100, "one page of them is all"
        assert {one["fate"] for one in rows} <= {"delivered", "dropped"}
        went = [one for one in rows if one["fate"] == "delivered" and not one["is_carried"]]
        by = Counter(one["speaks"] for one in went)
        assert [by["slack"], by["teams"]] == [len(channel.got) for channel in self.channels]
        for channel in self.channels:
            bodies = [body for _, _, body in channel.got]
            assert len(bodies) == len(set(bodies))
        mails = Counter(
            str(mail["message-id"]).strip("<").partition("@")[0] for _, mail in self.office.got
        )
        assert mails == Counter(one["id"] for one in went if one["speaks"] == "mail")
