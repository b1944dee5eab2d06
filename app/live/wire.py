"""Every message in and out, as types. What is not of these forms never gets further than `parse`.

The contract is PROTOCOL.md; a test holds the two against each other.
"""

import re
from dataclasses import dataclass
from typing import Annotated, Any, Literal, NamedTuple

import orjson
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from app import clock
from app.errors import Invalid, KickoffError, TooLarge

JSON_DIALECT = "kickoff.json.v1"
HTML_DIALECT = "kickoff.html.v1"
DIALECTS = (HTML_DIALECT, JSON_DIALECT)

ATTENDEE_LIMIT = 16 * 1024
OTHERS_LIMIT = 64 * 1024
DEEPEST = 8

View = Literal["phone", "console", "projector"]
LARGEST = 2**53
CLIENT_ID = r"[A-Za-z0-9_.:-]{8,64}"
RECORD_ID = r"[A-Za-z0-9-]{1,36}"
ClientId = Annotated[str, Field(pattern=f"^{CLIENT_ID}$")]
RecordId = Annotated[str, Field(pattern=f"^{RECORD_ID}$")]
Revision = Annotated[int, Field(ge=-(2**53), le=2**53)]


class NotUtf8(Invalid):
    """A text frame that holds no text: the socket is closed with 1007."""


class _In(BaseModel):
    model_config = ConfigDict(extra="ignore", strict=True)


class Hello(_In):
    type: Literal["hello"]
    token: Annotated[str, Field(max_length=300)] | None = None
    epoch: Annotated[str, Field(max_length=64)] | None = None
    rev: Revision = 0
    view: View | None = None


class Submit(NamedTuple):
    """One is made for every vote; `SubmitForm` says what it may be."""

    id: str
    seq: int
    activity: str
    data: dict[str, Any]


class SubmitForm(_In):
    type: Literal["submit"]
    id: ClientId
    seq: Annotated[int, Field(ge=0, le=2**53)]
    activity: RecordId
    data: dict[str, Any]


class Command(_In):
    type: Literal["command"]
    id: ClientId
    name: Annotated[str, Field(max_length=60)]
    rev: Revision
    data: dict[str, Any] = {}


class Ping(_In):
    type: Literal["ping"]


Message = Hello | Submit | Command | Ping
_MESSAGES: TypeAdapter[Hello | SubmitForm | Command | Ping] = TypeAdapter(
    Annotated[Hello | SubmitForm | Command | Ping, Field(discriminator="type")]
)
_CLIENT_ID = re.compile(CLIENT_ID).fullmatch
_RECORD_ID = re.compile(RECORD_ID).fullmatch


def parse(text: bytes | str, limit: int) -> Message:
    """A message, or `Invalid`/`TooLarge`; the exception's params carry the id, if one could be
    read."""
    if len(text) > limit:
        raise TooLarge(f"at most {limit} bytes")
    try:
        raw = orjson.loads(text)
    except orjson.JSONDecodeError:
        _demand_utf8(text)
        raise Invalid("not JSON") from None
    if not isinstance(raw, dict):
        raise Invalid("not a JSON object")
    if (plain := _plain_submit(raw)) is not None:
        return plain
    try:
        read = _MESSAGES.validate_python(raw)
    except ValidationError as error:
        raise Invalid(_first_fault(error), id=_id_of(raw)) from None
    if isinstance(read, (SubmitForm, Command)) and not fits(read.data):
        raise Invalid("data is nested too deeply or holds impossible text or numbers", id=read.id)
    if isinstance(read, SubmitForm):
        return Submit(read.id, read.seq, read.activity, read.data)
    return read


def _plain_submit(raw: dict[str, Any]) -> Submit | None:
    """An ordinary answer, with words and lists of words; None for all else, which is looked at
    closely. The same rules as `SubmitForm`'s (a test holds them to each other), in a third of the
    time: this is on the way of every vote."""
    if raw.get("type") != "submit":
        return None
    id, seq, activity, data = raw.get("id"), raw.get("seq"), raw.get("activity"), raw.get("data")
    if (
        type(id) is not str
        or type(seq) is not int
        or type(activity) is not str
        or type(data) is not dict
        or not 0 <= seq <= LARGEST
        or not _CLIENT_ID(id)
        or not _RECORD_ID(activity)
    ):
        return None
    for name, value in data.items():
        words = value if type(value) is list else (value,)
        for word in words:
            if type(word) is not str or "\x00" in word:
                return None
        if "\x00" in name:
            return None
    return Submit(id, seq, activity, data)


def _demand_utf8(text: bytes | str) -> None:
    if isinstance(text, bytes):
        try:
            text.decode()
        except UnicodeDecodeError:
            raise NotUtf8("not UTF-8") from None


def fits(value: Any, depth: int = DEEPEST) -> bool:
    """Whether a value may travel on: bounded depth, no NUL or half characters, numbers that
    databases hold."""
    if isinstance(value, str):
        return "\x00" not in value
    if isinstance(value, (int, float)):
        return -(2**53) <= value <= 2**53
    if isinstance(value, dict):
        return depth > 0 and fits(list(value), depth) and fits(list(value.values()), depth)
    if isinstance(value, list):
        if depth <= 0:
            return False
        for each in value:
            if not fits(each, depth - 1):
                return False
    return True


def can_be_kept(value: Any) -> bool:
    """As `fits`, for what another parser has read: half characters and numbers of more than 64 bits
    get through those."""
    try:
        orjson.dumps(value)
    except TypeError:
        return False
    return fits(value)


def _first_fault(error: ValidationError) -> str:
    fault = error.errors()[0]
    return f"{'.'.join(map(str, fault['loc'])) or 'message'}: {fault['msg']}"[:200]


def _id_of(raw: dict[str, Any]) -> str | None:
    found = raw.get("id")
    return found if isinstance(found, str) and len(found) <= 64 else None


@dataclass(frozen=True, slots=True)
class Place:
    """Where a room is: every frame says so."""

    epoch: str
    revision: int
    control: int


def welcome(place: Place, *, role: str, mine: dict[str, Any], body: dict[str, Any]) -> bytes:
    """`mine` is what app/live/mine.py found for an attendee; empty for all others."""
    return _frame(
        {
            "type": "welcome",
            **_place(place),
            "now": clock.now_ms(),
            "role": role,
            "mine": mine.get("mine", {}),
            **({"me": mine["me"]} if "me" in mine else {}),
            **body,
        }
    )


def state(place: Place, body: dict[str, Any]) -> bytes:
    """The newest state (JSON dialect) or the regions that changed (HTML dialect)."""
    kind = "state" if "state" in body else "regions"
    return _frame({"type": kind, **_place(place), "now": clock.now_ms(), **body})


def ack(submission_id: str, data: dict[str, Any] | None = None) -> bytes:
    if data is None:
        return b'{"type":"ack","id":"%s"}' % submission_id.encode()
    return _frame({"type": "ack", "id": submission_id, "data": data})


def error(failure: KickoffError, message_id: str | None, detail: str) -> bytes:
    message: dict[str, Any] = {
        "type": "error",
        "id": message_id,
        "code": failure.code,
        "detail": detail,
    }
    return _frame(message)


def pong() -> bytes:
    return _frame({"type": "pong", "now": clock.now_ms()})


def bye(reason: str, retry_after_ms: int | None) -> bytes:
    return _frame({"type": "bye", "reason": reason, "retry_after_ms": retry_after_ms})


def _place(place: Place) -> dict[str, Any]:
    return {"epoch": place.epoch, "rev": place.revision, "control": place.control}


def _frame(message: dict[str, Any]) -> bytes:
    return orjson.dumps(message)
