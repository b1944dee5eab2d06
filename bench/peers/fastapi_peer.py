"""A poll as FastAPI's and SQLModel's documentation teach it: a session and a commit per vote, a
send loop.

SQLite with WAL and synchronous=FULL, acknowledged after the commit; the tally goes to every
socket at most ten times a second. The blocking session is called straight from the endpoint: on
one core and one SQLite file that is faster than a thread for each vote (measured with --threads).
"""

from __future__ import annotations

import argparse
import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

import uvicorn
from fastapi import FastAPI, WebSocket, WebSocketDisconnect
from fastapi.concurrency import run_in_threadpool
from sqlalchemy import Engine, event
from sqlmodel import Field, Session, SQLModel, create_engine, func, select

FRAME_SECONDS = 0.1


class Vote(SQLModel, table=True):
    participant: str = Field(primary_key=True)
    seq: int
    option: str


def open_database(path: str) -> Engine:
    engine = create_engine(f"sqlite:///{path}", connect_args={"check_same_thread": False})

    @event.listens_for(engine, "connect")
    def _pragmas(connection: Any, _record: Any) -> None:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("PRAGMA busy_timeout=5000")

    SQLModel.metadata.create_all(engine)
    return engine


class Room:
    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.sockets: set[WebSocket] = set()
        self.changed = asyncio.Event()

    def save(self, participant: str, seq: int, option: str) -> None:
        with Session(self.engine) as session:
            vote = session.get(Vote, participant)
            if vote is None:
                session.add(Vote(participant=participant, seq=seq, option=option))
            elif vote.seq < seq:
                vote.seq, vote.option = seq, option
                session.add(vote)
            session.commit()

    def tally(self) -> dict[str, int]:
        with Session(self.engine) as session:
            return dict(session.exec(select(Vote.option, func.count()).group_by(Vote.option)).all())

    async def broadcast(self) -> None:
        while True:
            await self.changed.wait()
            self.changed.clear()
            text = json.dumps({"type": "state", "tally": self.tally()})
            for socket in list(self.sockets):
                with suppress(RuntimeError, WebSocketDisconnect):
                    await socket.send_text(text)
            await asyncio.sleep(FRAME_SECONDS)


def create_app(path: str, threads: bool) -> FastAPI:
    room = Room(open_database(path))

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        sender = asyncio.create_task(room.broadcast())
        yield
        sender.cancel()

    app = FastAPI(lifespan=lifespan)

    @app.websocket("/ws/{participant}")
    async def vote(socket: WebSocket, participant: str) -> None:
        await socket.accept()
        room.sockets.add(socket)
        try:
            while True:
                message = await socket.receive_json()
                if threads:
                    await run_in_threadpool(
                        room.save, participant, message["seq"], message["option"]
                    )
                else:
                    room.save(participant, message["seq"], message["option"])
                await socket.send_json({"type": "ack", "id": message["id"]})
                room.changed.set()
        except WebSocketDisconnect:
            pass
        finally:
            room.sockets.discard(socket)

    @app.get("/tally")
    def tally() -> dict[str, int]:
        return room.tally()

    return app


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--database", required=True)
    parser.add_argument("--threads", action="store_true")
    asked = parser.parse_args()
    uvicorn.run(
        create_app(asked.database, asked.threads),
        host="127.0.0.1",
        port=asked.port,
        log_level="warning",
    )


if __name__ == "__main__":
    main()
