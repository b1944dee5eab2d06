"""Somebody signed in, at the pages where access is given and taken away."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

import httpx

from app.demo import Links

_CSRF = re.compile(r'name="csrf" value="([^"]+)"')


class Desk:
    """One browser, signed in by a link that works once."""

    def __init__(self, base_url: str, sign_in_url: str) -> None:
        self.base_url = base_url
        self.browser = httpx.Client(
            base_url=base_url, headers={"Origin": base_url}, follow_redirects=True, timeout=20
        )
        self.browser.get(sign_in_url).raise_for_status()

    @classmethod
    def of_the_owner(cls, links: Links) -> Desk:
        return cls(links.base_url, links.sign_in_url)

    @property
    def cookie(self) -> dict[str, str]:
        """The headers by which this browser's socket proves who it is."""
        carried = "; ".join(f"{name}={value}" for name, value in self.browser.cookies.items())
        return {"Cookie": carried, "Origin": self.base_url}

    def post(self, path: str, **fields: Any) -> str:
        """Submit a form as the page does; the page that comes of it."""
        token = _CSRF.search(self.browser.get("/join").text)
        assert token
        answer = self.browser.post(path, data={"csrf": token[1], **fields})
        assert answer.status_code < 400, (path, answer.status_code, answer.text[:2000])
        return answer.text

    def close(self) -> None:
        self.browser.close()


class Access:
    """The page of a kickoff's owner where access is given and taken away."""

    def __init__(self, desk: Desk, kickoff_id: str) -> None:
        self._desk = desk
        self._here = f"/kickoffs/{kickoff_id}/access"

    def token(self, *scopes: str, name: str = "A program") -> str:
        page = self._desk.post(f"{self._here}/tokens", name=name, scope=list(scopes))
        return _found(r"kick_[A-Za-z0-9_-]+", page)

    def projector(self, room_id: str) -> str:
        """The cookie that a new projector link is exchanged for."""
        page = self._desk.post(f"{self._here}/projectors", name="Wall", room_id=room_id)
        link = _found(r"http://[^\s\"<]+/p/[A-Za-z0-9_-]+", page)
        return urlsplit(link).path.removeprefix("/p/")

    def invite(self, email: str, role: str) -> Desk:
        page = self._desk.post(f"{self._here}/members", email=email, name=email, role=role)
        link = _found(r"http://[^\s\"<]+/sign-in/[A-Za-z0-9_-]+", page)
        return Desk(self._desk.base_url, link)

    def revoke(self, what: str) -> None:
        """Every one of the tokens or projectors that the page lists."""
        page = self._desk.browser.get(self._here).text
        for action in set(re.findall(rf'action="({self._here}/{what}/[^"]+/revoke)"', page)):
            self._desk.post(action)

    def change_role(self, email: str, role: str) -> None:
        page = self._desk.browser.get(self._here).text
        row = page[page.index(email) :]
        action = _found(rf'action="({self._here}/members/[^"]+)"', row)
        self._desk.post(action, role=role)


def _found(pattern: str, page: str) -> str:
    found = re.search(pattern, page)
    assert found, page[:3000]
    return found[found.lastindex or 0]
