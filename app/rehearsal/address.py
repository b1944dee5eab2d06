"""Where a room is: from what people have in hand (a join link or a typed code) to the addresses of
the protocol.
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from urllib.parse import urlsplit

DEFAULT_SERVER = "http://127.0.0.1:8000"
SOCKETS_PER_LOCAL_ADDRESS = 25_000


@dataclass(frozen=True, slots=True)
class RoomAddress:
    """`base` is scheme, host and any path in front of the product; `code` the typed code or the
    link's secret.
    """

    base: str
    code: str

    @classmethod
    def parse(cls, target: str, *, server: str = DEFAULT_SERVER) -> RoomAddress:
        """Takes a join link (`http://host/j/SECRET`) or a code; ValueError says what is wrong with
        it.
        """
        if "://" not in target:
            code = target.strip().replace("-", "").replace(" ", "")
            if not code.isalnum():
                raise ValueError(f"{target!r} is neither a join link nor a room code")
            return cls(server.rstrip("/"), code.upper() if len(code) == 6 else code)
        parts = urlsplit(target)
        front, found, code = parts.path.rpartition("/j/")
        if (
            parts.scheme not in ("http", "https")
            or not parts.netloc
            or not found
            or not code.strip("/")
        ):
            raise ValueError(
                f"{target!r} is not a join link: it should look like http://host/j/SECRET"
            )
        return cls(f"{parts.scheme}://{parts.netloc}{front}", code.strip("/"))

    @property
    def host(self) -> str:
        return urlsplit(self.base).hostname or ""

    @property
    def port(self) -> int:
        parts = urlsplit(self.base)
        return parts.port or (443 if self.secure else 80)

    @property
    def secure(self) -> bool:
        return self.base.startswith("https")

    @property
    def netloc(self) -> str:
        return urlsplit(self.base).netloc

    @property
    def live(self) -> str:
        return f"ws{self.base.removeprefix('http')}/live/{self.code}"

    @property
    def page(self) -> str:
        return f"{self._front}/j/{self.code}/"

    @property
    def room(self) -> str:
        return f"{self._front}/api/v1/rooms/{self.code}"

    @property
    def participants(self) -> str:
        return f"{self.room}/participants"

    def result(self, activity: str) -> str:
        return f"{self.room}/activities/{activity}/result"

    def entries(self, activity: str) -> str:
        return f"{self.room}/activities/{activity}/entries"

    @property
    def _front(self) -> str:
        return urlsplit(self.base).path

    def local_for(self, number: int) -> tuple[str, int] | None:
        """The address a client binds to. One address reaches only 28,000 ports of a server:
        loopback has more.
        """
        spare = number // SOCKETS_PER_LOCAL_ADDRESS
        return (f"127.0.0.{1 + spare}", 0) if spare and _is_loopback(self.host) else None


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host) in ipaddress.ip_network("127.0.0.0/8")
    except ValueError:
        return False
