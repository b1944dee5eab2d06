"""Who reads something published: people with an account in the kickoff are noted, and each browser
of others once, by a cookie that says which things it has counted for and nothing of who it is."""

from dataclasses import dataclass

from fastapi import Request, Response

from app.models.kickoffs import Kickoff
from app.routers.permissions import Asked
from app.web import cookies

MOST_REMEMBERED = 8


@dataclass(frozen=True)
class Visitor:
    """`user_id` is None for whoever has no account in the kickoff; `counted`: such a browser has
    been here before."""

    user_id: str | None
    cookie: str
    mark: str
    remembered: tuple[str, ...]

    @property
    def counted(self) -> bool:
        return self.mark in self.remembered

    def remember(self, answer: Response, request: Request) -> None:
        """To be called once it is counted; nothing is kept of those who have an account."""
        if self.user_id is None:
            kept = [self.mark, *(one for one in self.remembered if one.isalnum())][:MOST_REMEMBERED]
            cookies.put(answer, request.scope, self.cookie, ".".join(kept), max_age=cookies.YEAR)


def visitor(request: Request, asked: Asked, kickoff: Kickoff, cookie: str, id: str) -> Visitor:
    """Whoever asks for the published thing of this id."""
    actor = asked.actor
    role = actor.role_in(kickoff.id, kickoff.organisation_id)
    has_account = role is not None and actor.room_id is None and not actor.is_token
    remembered = (cookies.read(request.scope, cookie) or "").split(".")
    mark = id.replace("-", "")[-12:]
    return Visitor(actor.id if has_account else None, cookie, mark, tuple(remembered))
