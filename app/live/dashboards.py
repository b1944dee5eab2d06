"""The way in for pages that show a kickoff's figures as they change."""

from typing import TYPE_CHECKING

from starlette.websockets import WebSocket

from app.database import Database
from app.live.protocol import EXTENSION, LiveProtocol
from app.live.watching import Watcher, may_watch
from app.models.kickoffs import Kickoff

if TYPE_CHECKING:
    from app.live.live import Live


async def endpoint(websocket: WebSocket) -> None:
    """`/live/kickoffs/{kickoff_id}`, for whoever may see the plan."""
    live: Live = websocket.app.state.live
    line = websocket.scope["extensions"].get(EXTENSION)
    identify, _ = live.identifier_of(websocket.scope)
    kickoff = await live.off_loop(_found, live.database, websocket.path_params["kickoff_id"])
    if (
        not isinstance(line, LiveProtocol)
        or not live.lets_in(websocket.scope)
        or live.watching.is_full
        or kickoff is None
        or not await live.off_loop(may_watch, lambda: identify(None), kickoff)
    ):
        await websocket.close(1008)
        return
    await websocket.accept()
    watcher = Watcher(live.watching, line, kickoff, lambda: identify(None))
    line.attach(watcher)
    live.watching.enter(watcher)


def _found(database: Database, kickoff_id: str) -> tuple[str, str] | None:
    with database.reading() as session:
        kickoff = session.get(Kickoff, kickoff_id)
        return (kickoff.id, kickoff.organisation_id) if kickoff else None
