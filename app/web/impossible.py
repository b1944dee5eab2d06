"""Addresses that nothing can stand at, refused before anybody looks: those that hold a NUL.

PostgreSQL stores no NUL and takes a question with one for an error; SQLite just finds nothing. In
bodies it is the fields' types that leave it out (app/models/text).
"""

from starlette.types import ASGIApp, Receive, Scope, Send

from app.web.errors import refusal


class ImpossibleAddresses:
    """404 for a path, 422 for a query; a WebSocket is refused before it is accepted."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        in_path = "\x00" in scope.get("path", "")
        if not in_path and b"%00" not in scope.get("query_string", b""):
            await self.app(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
        elif in_path:
            await refusal(scope, "not_found", 404)(scope, receive, send)
        else:
            await refusal(scope, "invalid", 422)(scope, receive, send)
