"""The door of phones without a socket: the attendee's page and its form, with cookies and token."""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from app.rehearsal.address import RoomAddress
from app.rehearsal.exchange import Answer, Pool

_CSRF = re.compile(rb'name="csrf(?:-token)?"[^>]*?(?:content|value)="([^"]+)"')


class FormDoor:
    """One attendee's browser."""

    def __init__(self, address: RoomAddress, token: str) -> None:
        self._address = address
        self._cookies = {"kickoff_participant": token}
        self._csrf = ""
        self._page = address.page

    async def open(self, pool: Pool) -> None:
        """Scan: somebody who is in is sent on to the address without the QR code's secret."""
        answer = await self.look(pool)
        if answer.status == 303:
            self._page = dict(answer.headers)[b"location"].decode()
            answer = await self.look(pool)
        assert answer.status == 200, answer.status
        found = _CSRF.search(answer.body)
        assert found, "the page carries no form token"
        self._csrf = found[1].decode()

    async def look(self, pool: Pool) -> Answer:
        """The page as it is now; what a page without a socket does every few seconds."""
        answer = await pool.get(self._page, headers={"Cookie": self._cookie})
        for name, value in answer.headers:
            if name == b"set-cookie":
                cookie, _, worth = value.decode().partition(";")[0].partition("=")
                self._cookies[cookie] = worth
        return answer

    async def post(
        self, pool: Pool, activity: str, data: Mapping[str, Any], *, id: str, seq: int
    ) -> tuple[int, dict[str, Any]]:
        """(status, what the server says), as the page's script asks for it."""
        fields = {**data, "submission_id": id, "seq": str(seq), "csrf": self._csrf}
        headers = {
            "Cookie": self._cookie,
            "Origin": self._address.base,
            "Accept": "application/json",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        answer = await pool._exchange(
            "POST",
            f"{self._page}answers/{activity}",
            urlencode(fields, doseq=True).encode(),
            headers,
        )
        return answer.status, answer.json()

    @property
    def _cookie(self) -> str:
        return "; ".join(f"{name}={value}" for name, value in self._cookies.items())
