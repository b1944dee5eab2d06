"""What a hostile client may try, one coroutine each. Each returns how the server ended it."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from itertools import islice
from random import Random
from time import monotonic
from typing import Any

import orjson

from app.rehearsal.address import RoomAddress
from tests.promises.rawsocket import (
    BINARY,
    CONTINUATION,
    PING,
    TEXT,
    RawSocket,
    connect,
    frame,
    handshake,
    join,
)

CUT = 0
Attack = Callable[[RoomAddress], Awaitable[int]]


async def inside(address: RoomAddress, **options: Any) -> RawSocket:
    """An attendee like any other, so far."""
    socket = await RawSocket.open(address, **options)
    welcome = await socket.hello((await join(address))["token"])
    assert welcome["type"] == "welcome", welcome
    return socket


async def nonsense(address: RoomAddress) -> int:
    socket = await inside(address)
    for message in islice(corpus(Random(1)), 40):
        await socket.say(message)
    code = await socket.closed()
    errors = [m for m in socket.messages if m["type"] == "error"]
    assert {error["code"] for error in errors} == {"invalid"}
    assert socket.messages[-1]["reason"] == "invalid"
    return code


async def twice_hello(address: RoomAddress) -> int:
    socket = await inside(address)
    for _ in range(21):
        await socket.say({"type": "hello", "rev": 0})
    return await socket.closed()


async def binary(address: RoomAddress) -> int:
    socket = await inside(address)
    await socket.raw(frame(BINARY, b"\x00\xff"))
    return await socket.closed()


async def binary_at_once(address: RoomAddress) -> int:
    socket = await RawSocket.open(address)
    await socket.raw(frame(BINARY, b"\x00\xff"))
    return await socket.closed()


async def not_utf8(address: RoomAddress) -> int:
    socket = await inside(address)
    await socket.raw(frame(TEXT, b'{"type":"ping","x":"\xff\xfe"}'))
    return await socket.closed()


async def not_utf8_at_once(address: RoomAddress) -> int:
    socket = await RawSocket.open(address)
    await socket.raw(frame(TEXT, b"\xc3\x28"))
    return await socket.closed()


async def seventeen_kilobytes(address: RoomAddress) -> int:
    socket = await inside(address)
    text = {
        "type": "submit",
        "id": "x" * 16,
        "seq": 1,
        "activity": "a",
        "data": {"text": "x" * 17000},
    }
    await socket.say(text)
    code = await socket.closed()
    assert [m["code"] for m in socket.messages if m["type"] == "error"] == ["too_large"]
    return code


async def seventeen_megabytes(address: RoomAddress) -> int:
    socket = await inside(address)
    try:
        await socket.raw(frame(TEXT, b" " * 17_000_000))
    except OSError:
        return 1009 if await socket.closed() in (CUT, 1009) else -1
    return await socket.closed()


async def compressed(address: RoomAddress) -> int:
    """Deflate is not negotiated, so a bomb has no fuse; using it breaks the protocol."""
    offer = {"Sec-WebSocket-Extensions": "permessage-deflate; client_max_window_bits"}
    socket = await inside(address, headers=offer)
    assert "permessage-deflate" not in socket.head.lower()
    await socket.raw(frame(TEXT, b"\x00\x01\xff", rsv=0x40))
    return await socket.closed()


async def unmasked(address: RoomAddress) -> int:
    socket = await inside(address)
    await socket.raw(frame(TEXT, b"{}", masked=False))
    return await socket.closed()


async def empty_fragments(address: RoomAddress) -> int:
    socket = await inside(address)
    try:
        await socket.raw(frame(TEXT, b"", final=False))
        for _ in range(200):
            await socket.raw(frame(CONTINUATION, b"", final=False) * 1000)
    except OSError:
        pass
    return await socket.closed()


async def half_a_message(address: RoomAddress) -> int:
    """A frame that never ends, then silence: the keep-alive would find it; here it just leaves."""
    socket = await inside(address)
    await socket.raw(frame(TEXT, b'{"type":"ping"}' * 50)[:100])
    await asyncio.sleep(0.5)
    socket.cut()
    return CUT


async def pings_unread(address: RoomAddress) -> int:
    socket = await inside(address, receive_buffer=2048)
    flood = frame(PING, b"x" * 125) * 200
    began = monotonic()
    try:
        while monotonic() - began < 8:
            await asyncio.wait_for(socket.raw(flood), 8)
    except OSError:
        return CUT
    return -1


async def messages_without_end(address: RoomAddress) -> int:
    socket = await inside(address)
    flood = frame(TEXT, b'{"type":"ping"}') * 400
    await socket.raw(flood)
    code = await socket.closed()
    assert socket.messages[-1]["reason"] == "too_fast"
    assert socket.messages[-1]["retry_after_ms"] > 0, "who was only too fast may come back"
    pongs = sum(1 for message in socket.messages if message["type"] == "pong")
    assert pongs <= 60, f"{pongs} answered of a burst of 40"
    return code


async def no_hello(address: RoomAddress) -> int:
    socket = await RawSocket.open(address)
    began = monotonic()
    code = await socket.closed(within=12)
    assert 9 < monotonic() - began < 12
    assert socket.messages[-1]["reason"] == "no_hello"
    return code


async def no_request(address: RoomAddress) -> int:
    return await _ends(await connect(address))


async def half_a_handshake(address: RoomAddress) -> int:
    sock = await connect(address)
    await asyncio.get_running_loop().sock_sendall(sock, handshake(address)[:-10])
    return await _ends(sock)


async def slow_headers(address: RoomAddress) -> int:
    sock = await connect(address)
    ending = asyncio.create_task(_ends(sock))
    for byte in b"GET /join HTTP/1.1\r\nHost: x\r\nX-Slow: " + b"a" * 100:
        if ending.done():
            break
        try:
            await asyncio.get_running_loop().sock_sendall(sock, bytes((byte,)))
        except OSError:
            break
        await asyncio.sleep(0.3)
    return await ending


async def endless_headers(address: RoomAddress) -> int:
    sock = await connect(address)
    loop = asyncio.get_running_loop()
    try:
        await loop.sock_sendall(sock, b"GET /join HTTP/1.1\r\n")
        for _ in range(1000):
            await loop.sock_sendall(sock, b"X-Filler: " + b"a" * 8000 + b"\r\n")
    except OSError:
        return CUT
    return await _ends(sock, within=3)


async def _ends(sock: Any, within: float = 12.0) -> int:
    """CUT when the server ends it in time."""
    loop = asyncio.get_running_loop()
    async with asyncio.timeout(within):
        try:
            while await loop.sock_recv(sock, 4096):
                pass
        except OSError:
            pass
    sock.close()
    return CUT


def corpus(rng: Random) -> Iterator[bytes]:
    """Messages that are none, and some that nearly are."""
    good: dict[str, Any] = {
        "type": "submit",
        "id": "0123456789abcdef",
        "seq": 1,
        "activity": "a",
        "data": {},
    }
    yield b""
    yield b"{"
    yield b"[]"
    yield b"null"
    yield b'"text"'
    yield b'{"type":"ping"' * 3
    yield b"[" * 8000
    yield b'{"a":' * 2000
    yield b'{"type":"submit","data":NaN}'
    yield b'{"type":"ping","type":"no-such-kind"}'
    yield b'{"type":"submit","id":"\\ud800xxxxxxxx","seq":1,"activity":"a","data":{}}'
    yield b'{"type":"hello","rev":1e999}'
    for change in (
        {"seq": 2**70},
        {"seq": -1},
        {"seq": "1"},
        {"seq": 1.5},
        {"id": "short"},
        {"id": "x" * 65},
        {"id": "with space in it"},
        {"id": 7},
        {"activity": ""},
        {"activity": "../../etc"},
        {"activity": "x" * 37},
        {"data": []},
        {"data": "text"},
        {"data": None},
        {"data": {"text": "\x00"}},
        {"data": {"a": {"a": {"a": {"a": {"a": {"a": {"a": {"a": {"a": {}}}}}}}}}}},
        {"data": {"value": 10**15 * 10}},
        {"type": "welcome"},
        {"type": "SUBMIT"},
        {"type": None},
        {"type": {"type": "submit"}},
    ):
        yield dumps({**good, **change})
    while True:
        yield bytes(rng.choices(b'{}[]":,0123456789abtrue\\u', k=rng.randint(1, 60)))


def dumps(message: Any) -> bytes:
    try:
        return orjson.dumps(message)
    except TypeError:  # an integer of more than 64 bits
        return orjson.dumps({**message, "seq": 1}).replace(
            b'"seq":1', b'"seq":' + str(2**70).encode()
        )


EXPECTED: dict[Attack, tuple[int, ...]] = {
    nonsense: (1008,),
    twice_hello: (1008,),
    binary: (1003,),
    binary_at_once: (1003,),
    not_utf8: (1007,),
    not_utf8_at_once: (1007,),
    seventeen_kilobytes: (1009,),
    seventeen_megabytes: (1009,),
    compressed: (1002,),
    unmasked: (1002,),
    empty_fragments: (1009, CUT),
    half_a_message: (CUT,),
    pings_unread: (CUT,),
    messages_without_end: (1008,),
    no_hello: (1008,),
    no_request: (CUT,),
    half_a_handshake: (CUT,),
    slow_headers: (CUT,),
    endless_headers: (CUT,),
}
