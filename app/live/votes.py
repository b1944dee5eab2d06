"""Votes on their way into the database: what came through the door, who sent it and what it is
about."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import orjson
from sqlalchemy import Connection

from app.errors import KickoffError
from app.live import vault as vaults
from app.live.activity import Activity, Change, kind_of
from app.live.ledger_sql import Statements, run
from app.models.activities import ActivityStatus, Mode

Key = tuple[str, str]  # (activity id, ballot key)
Lane = tuple[str, str, str]  # … and the lane of the ballot


# Not frozen: one is made for every vote, and that would double its price.
@dataclass(slots=True)
class Vote:
    """One submission as it came through the door."""

    id: str
    seq: int
    activity_id: str
    room_id: str
    participant_id: str
    data: dict[str, Any]


class Person(NamedTuple):
    """A participant, as far as votes ask."""

    room_id: str
    people: int
    removed: bool
    group_id: str = ""


@dataclass(slots=True)
class Asked:
    """An activity as a batch finds it: what is the same for all its votes, found out once."""

    room_id: str
    logic: Activity
    config: Any
    stage: str | None
    is_open: bool
    anonymous: bool
    secret: bytes | None = (
        None  # of an anonymous activity: without it no ballot can be told from another
    )
    trouble: KickoffError | None = None  # the vault cannot be asked
    # Whether the kind says anything there at all: most do not, and are asked for every vote.
    refers: bool = False
    surveys: bool = False
    writes: bool = False
    # `model_validate` of a submission, which would come to the same by way of half as much again.
    # Raises pydantic's ValidationError, or what the kind refuses it with.
    parse: Callable[[dict[str, Any]], Any] = field(init=False)
    _hash: Any = field(init=False, repr=False)

    def __post_init__(self) -> None:
        kind = type(self.logic)
        self.refers = kind.refers is not Activity.refers
        self.surveys = kind.surveys is not Activity.surveys
        self.writes = kind.writes is not Activity.writes
        self.parse = self.logic.Submission.__pydantic_validator__.validate_python
        self._hash = hashlib.blake2b(key=self.secret or b"", digest_size=16)

    def key_of(self, participant_id: str) -> str:
        """The key of an attendee's ballot; "" where the activity's own key is gone or lost."""
        if not self.anonymous:
            return participant_id
        if self.trouble is not None:
            raise self.trouble
        return vaults.tag(self.secret, participant_id) if self.secret else ""

    def digest(self, key: str, vote: Vote) -> str:
        """Tells the same submission from another under the same id; keyed where the activity is
        anonymous."""
        said = _as_forms_say_it(vote.data)
        made = self._hash.copy()  # half the price of a new one: the key is in it already
        made.update(orjson.dumps([vote.activity_id, key, said], option=orjson.OPT_SORT_KEYS))
        found: str = made.hexdigest()
        return found


def asked_by(row: Sequence[Any], vault: vaults.Vault) -> Asked:
    """The activity that `Statements.activities` has found."""
    _, activity_id, room_id, kind, status, stage, mode, config = row
    logic = kind_of(kind)
    anonymous = mode == Mode.ANONYMOUS
    secret: bytes | None = None
    trouble: KickoffError | None = None
    if anonymous:
        try:
            secret = vault.key(activity_id)
        except KickoffError as error:
            trouble = error
    raw = orjson.loads(config) if isinstance(config, str) else config
    return Asked(
        room_id,
        logic,
        logic.Config.model_validate(raw),
        stage,
        is_open=status == ActivityStatus.OPEN,
        anonymous=anonymous,
        secret=secret,
        trouble=trouble,
    )


@dataclass(slots=True)
class Ticket:
    """A vote on its way: whose ballot it is, and what it changes (nothing, if superseded)."""

    vote: Vote
    number: int  # its place in the batch
    asked: Asked
    ballot: Key
    sender: Person
    digest: str
    receipt: Key | None = None  # of the earlier submission that had its id
    refusal: KickoffError | None = None
    submission: Any = None
    change: Change | None = None
    lane: Lane = ("", "", "")  # in which that is


class Present:
    """Who is in which room, remembered between commits: only a command can change it, and those
    raise the room's `control`; or a return (`seating`), after which it is forgotten. Asked within a
    transaction, so that a removal counts at once."""

    MOST_ROOMS = 64

    def __init__(self, sql: Statements) -> None:
        self._sql = sql
        self._known: dict[str, tuple[int, dict[str, Person]]] = {}

    def find(
        self, connection: Connection, votes: Sequence[Vote], controls: Mapping[str, int]
    ) -> dict[str, Person]:
        """By participant: the senders of these votes, as far as there are such in the rooms whose
        present `control` is given."""
        wanted: dict[str, set[str]] = {}
        for vote in votes:
            wanted.setdefault(vote.room_id, set()).add(vote.participant_id)
        found: dict[str, Person] = {}
        for room_id in wanted.keys() & controls.keys():
            found.update(self._of_room(connection, room_id, controls[room_id], wanted[room_id]))
        return found

    def forget(self, room_id: str) -> None:
        """Somebody of that room is in another group, and no command has made it so."""
        self._known.pop(room_id, None)

    def _of_room(
        self, connection: Connection, room_id: str, control: int, wanted: set[str]
    ) -> dict[str, Person]:
        at, known = self._known.get(room_id, (control, {}))
        if at != control:
            known = {}
        new = [[participant_id] for participant_id in wanted - known.keys()]
        if new:
            rows = run(connection, self._sql.participants, new)
            known = known | {
                row[0]: Person(row[1], row[2], bool(row[3]), row[4] or "") for row in rows
            }
            if len(self._known) >= self.MOST_ROOMS:
                self._known.clear()
            self._known[room_id] = (control, known)
        return known


def _as_forms_say_it(data: Mapping[str, Any]) -> dict[str, Any]:
    """Numbers as text, and nothing that is empty: what a socket took is the same when a phone whose
    line is gone sends it again by form."""
    said: dict[str, Any] = {}
    for name, value in data.items():
        if type(value) in (str, list):
            if value:
                said[name] = value
        elif value is not None:
            said[name] = orjson.dumps(value).decode()
    return said
