"""The published answers as a page, made once for all who read it."""

from app.database import Database
from app.i18n import language
from app.live.backlog import Stream, streams_of
from app.live.live import Live
from app.models.answers import PublishedAnswers
from app.models.kickoffs import Kickoff
from app.operations import publications
from app.routers.pages.shared import Shared, State, shared_page, state_of
from app.rules.questions import QuestionState
from app.web.cached_page import CachedPage


class Published:
    """One process's pages, by link and language."""

    def __init__(self) -> None:
        self._pages = Shared[CachedPage]()

    async def page(self, live: Live, secret: str) -> CachedPage:
        """As it is now; NotFound where the link leads nowhere."""
        kickoff_id, state = await live.off_loop(_state, live.database, secret)

        async def make() -> CachedPage:
            return await _made(live, kickoff_id)

        return await self._pages.get((secret, language()), state, make)


async def _made(live: Live, kickoff_id: str) -> CachedPage:
    kickoff, streams = await live.off_loop(_read, live.database, kickoff_id)
    shown = [(stream, one) for stream in streams for one in stream.questions if one.is_shown]
    return await shared_page(
        "questions/published.html",
        kickoff=kickoff,
        answered=[pair for pair in shown if pair[1].state == QuestionState.ANSWERED],
        working=[pair for pair in shown if pair[1].state != QuestionState.ANSWERED],
        is_open=any(stream.activity.status == "open" for stream in streams),
    )


def _state(database: Database, secret: str) -> tuple[str, State]:
    with database.reading() as session:
        kickoff_id = publications.published_at(session, PublishedAnswers, secret).kickoff_id
        return kickoff_id, state_of(session, kickoff_id)


def _read(database: Database, kickoff_id: str) -> tuple[Kickoff, list[Stream]]:
    with database.reading() as session:
        return session.get_one(Kickoff, kickoff_id), streams_of(session, kickoff_id)
