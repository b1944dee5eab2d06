"""A01, A02, A03: after closing nobody with database, files and logs can say who answered what.

One scene a database: a room answers in random order, half of it twice, by socket and by form; it is
closed and scrubbed. Then an attacker gets everything that is left.
Seen red: see the table in sabotage/saboteurs_anonymity.py.
"""

import asyncio
import base64
import re
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from time import monotonic, sleep, time
from typing import Any

import psycopg
import pytest
import redis

from app.live import vault
from app.rehearsal import frames
from app.rehearsal.client import Facilitator, Phone
from app.rehearsal.exchange import Pool
from app.rehearsal.link import Refused
from tests.promises import attacker, wal
from tests.promises.form_door import FormDoor
from tests.promises.stage import Stage, activity_in, create, leave, stages

ENVIRONMENT = {"KICKOFF_UNDO_CLOSE_MS": "300", "KICKOFF_LOG_LEVEL": "DEBUG"}
LONG = " …" * 90
"""makes a text longer than what the socket's short cut reads"""


@dataclass
class Scene:
    """What happened, and what the attacker gets."""

    stage: Stage
    activity: str = ""
    people: list[str] = field(default_factory=list)  # participants in the order of their joining
    order: list[str] = field(default_factory=list)  # in the order of their first answer
    last_order: list[str] = field(default_factory=list)  # in the order of their last answer
    author_of: dict[str, str] = field(default_factory=dict)  # text that counts → participant
    late: list[str] = field(default_factory=list)  # who joined meanwhile and answered nothing
    secrets: set[str] = field(default_factory=set)  # tokens and cookies of those who answered
    spent: dict[str, tuple[int, dict[str, str]]] = field(default_factory=dict)
    key: bytes = b""
    span: tuple[int, int] = (0, 0)  # ms since 1970
    said: str = ""  # the server's log while people answered
    said_before: str = ""
    lsn: tuple[str, str] = ("", "")
    while_open: attacker.Tables = field(default_factory=dict)
    logs_while_open: list[bytes] = field(default_factory=list)
    log_after: int = -1  # bytes of SQLite's log once the ballots are gone
    after: attacker.Tables = field(default_factory=dict)
    told: dict[str, str] = field(default_factory=dict)  # what late and false resends were answered
    result: dict[str, Any] = field(default_factory=dict)

    @property
    def is_sqlite(self) -> bool:
        return self.stage.kind == "sqlite"

    def tables(self, *, copy: Path | None = None) -> attacker.Tables:
        if self.is_sqlite:
            return attacker.sqlite_tables(copy or self.stage.folder / "kickoff.db")
        return attacker.postgres_tables(self.stage.database_url)

    def sql(self, statement: str) -> list[Any]:
        with psycopg.connect(self.stage.database_url.replace("+psycopg", "")) as connection:
            return [row[0] for row in connection.execute(statement.encode()).fetchall()]

    @property
    def data(self) -> Path:
        """Where the bytes lie."""
        if self.is_sqlite:
            return self.stage.folder
        return Path(self.sql("SHOW data_directory")[0])


@pytest.fixture(
    scope="module",
    params=[
        pytest.param(("sqlite", 60), id="sqlite"),
        pytest.param(("postgres", 60), id="postgres", marks=pytest.mark.postgres),
        pytest.param(("sqlite", 200), id="sqlite-full", marks=pytest.mark.chaos),
        pytest.param(
            ("postgres", 200), id="postgres-full", marks=[pytest.mark.chaos, pytest.mark.postgres]
        ),
    ],
)
def scene(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Scene]:
    kind, count = request.param
    with stages(request, tmp_path_factory) as start:
        found = Scene(start(kind, environment=ENVIRONMENT))
        asyncio.run(_play(found, count, tmp_path_factory.mktemp("copy")))
        yield found


# -- A01 ----------------------------------------------------------------------------------------


def test_no_order_of_rows_tells_who_wrote_what(scene: Scene) -> None:
    """Somebody who also knows in which order people answered learns nothing from what is left."""
    rows = [row for row in scene.after["entry"] if row["activity_id"] == scene.activity]
    assert sorted(row["text"] for row in rows) == sorted(scene.author_of)
    people = {
        "first answer": scene.order,
        "last answer": scene.last_order,
        **attacker.orders_of_people(scene.after, set(scene.people)),
    }
    assert len(people) > 3
    _demand_chance(list(attacker.guesses(rows, scene.author_of, people)))


def test_no_order_of_rows_in_a_copy_made_while_it_was_open_tells(scene: Scene) -> None:
    """A backup without the key: who answered when is not in it, and its orders do not tell."""
    rows = _ballots_with_texts(scene.while_open, scene.activity)
    rows = [row for row in rows if row["text"] in scene.author_of]
    people = attacker.orders_of_people(scene.while_open, set(scene.people))
    _demand_chance(list(attacker.guesses(rows, scene.author_of, people)))


def test_no_table_says_who_has_answered(scene: Scene) -> None:
    for tables in (scene.while_open, scene.after):
        assert set(attacker.mentions(tables, set(scene.people))) == {"participant"}


def test_no_time_was_noted_while_people_answered(scene: Scene) -> None:
    after = {
        name: [row for row in rows if row.get("id") not in scene.late]
        for name, rows in scene.after.items()
    }
    assert attacker.times(after, *scene.span) == []


def test_what_is_left_was_written_at_once_and_says_nothing_of_ballots(scene: Scene) -> None:
    for name in ("ballot", "mark"):
        assert [row for row in scene.after[name] if row["activity_id"] == scene.activity] == []
    receipts = [row for row in scene.after["receipt"] if row["activity_id"] == scene.activity]
    assert {row["digest"] for row in receipts} == {""}
    assert {row["submission_id"] for row in receipts} == set(scene.spent)
    if not scene.is_sqlite:
        left = [
            row["xmin"]
            for name in ("entry", "receipt", "tally")
            for row in scene.after[name]
            if row["activity_id"] == scene.activity
        ]
        assert len(set(left)) == 1


# -- A02 ----------------------------------------------------------------------------------------


def test_no_transaction_names_an_attendee_beside_a_ballot(scene: Scene) -> None:
    """Also while somebody joins in the same moment as others answer."""
    if scene.is_sqlite:
        tags = [tag.encode() for tag in _tags(scene)]
        names = [one.encode() for one in [*scene.people, *scene.late]]
        commits = [pages for log in scene.logs_while_open for pages in wal.sqlite_commits(log)]
        with_ballots = [pages for pages in commits if any(tag in pages for tag in tags)]
        assert len(with_ballots) > 3
        assert [p for p in with_ballots if any(name in p for name in names)] == []
        return
    ballots = _files(scene, "ballot", "mark", "receipt", "entry")
    people = _files(scene, "participant")
    written = wal.postgres_transactions(scene.data, *scene.lsn)
    assert sum(1 for files in written.values() if files & ballots) > 3
    assert sum(1 for files in written.values() if files & people) > 0
    assert [tx for tx, files in written.items() if files & ballots and files & people] == []


def test_the_key_is_nowhere(scene: Scene) -> None:
    key = scene.key
    assert len(key) == vault.KEY_BYTES
    encoded = (base64.b64encode(key), base64.urlsafe_b64encode(key))
    forms = [key, key.hex().encode(), *(form.rstrip(b"=") for form in encoded)]
    found = [path for path in _all_files(scene) if any(form in path[1] for form in forms)]
    assert [path for path, _ in found] == []
    if scene.stage.redis_url:
        client = redis.Redis.from_url(scene.stage.redis_url)
        assert not client.exists(vault.PREFIX + scene.activity)
        assert client.config_get("save")["save"] == ""
        client.close()


def test_nothing_that_was_made_with_the_key_is_left_in_sqlites_files(scene: Scene) -> None:
    """PostgreSQL keeps such marks in dead rows and its log for a while: noise without the key."""
    if not scene.is_sqlite:
        pytest.skip("the key is gone: what it made is worth nothing")
    tags = [tag.encode() for tag in _tags(scene)]
    for path, content in _all_files(scene):
        assert [tag for tag in tags if tag in content] == [], path
    assert scene.log_after == 0


# -- A03 ----------------------------------------------------------------------------------------


def test_the_log_is_silent_while_people_answer(scene: Scene) -> None:
    lines = [line for line in scene.said.splitlines() if line.strip()]
    assert lines == []
    assert scene.said_before, "the log works"


# -- T03 after scrubbing ------------------------------------------------------------------------


def test_a_spent_id_is_acknowledged_after_scrubbing_and_nothing_else_is(scene: Scene) -> None:
    assert scene.told == {
        "spent, by socket": "ack",
        "spent, by form": "ack",
        "unknown id": "activity_closed",
        "spent, for another activity": "id_reused",
        "opened again": "conflict",
    }


def test_the_result_is_what_it_was(scene: Scene) -> None:
    assert scene.result["answered"] == len(scene.people)
    assert sorted(text["text"] for text in scene.result["texts"]) == sorted(scene.author_of)


# -- the scene ----------------------------------------------------------------------------------


async def _play(scene: Scene, count: int, copies: Path) -> None:
    stage = scene.stage
    random = Random(count)
    pool = Pool(stage.address, size=8)
    phones = await stage.phones(count)
    doors = {phone: FormDoor(stage.address, str(phone.link.token)) for phone in phones}
    await asyncio.gather(*(door.open(pool) for door in doors.values()))
    scene.people = [str(phone.participant_id) for phone in phones]
    async with stage.facilitator() as facilitator:
        scene.activity = await create(facilitator)
        await asyncio.sleep(0.5)  # so that opening is not taken for answering
        scene.key = _key(scene)
        await _answer(scene, phones, doors, pool, random)
        await asyncio.to_thread(_copy_while_open, scene, copies)
        await _close(facilitator, scene.activity)
        await asyncio.to_thread(_wait_until_truncated, scene)
        scene.after = scene.tables()
        scene.result = await stage.result(scene.activity)
        await _send_again(scene, facilitator, phones[0], doors[phones[0]], pool)
    await leave(phones)
    pool.close()


async def _answer(
    scene: Scene,
    phones: list[Phone],
    doors: Mapping[Phone, FormDoor],
    pool: Pool,
    random: Random,
) -> None:
    """In random order; half of them once more; a few join meanwhile."""
    scene.said_before = scene.stage.server.log
    if not scene.is_sqlite:
        first_lsn = scene.sql("SELECT pg_current_wal_lsn()")[0]
    begun = time()
    once = random.sample(phones, len(phones))
    twice = random.sample(phones, len(phones) // 2)
    joining = asyncio.create_task(_join_meanwhile(scene, pool))
    texts: dict[str, str] = {}
    for seq, turn in ((1, once), (2, twice)):
        for number, phone in enumerate(turn):
            who = str(phone.participant_id)
            text = f"svar {random.getrandbits(64):x}{LONG if number % 2 else ''}"
            await _answer_once(scene, phone, doors[phone], pool, seq, text)
            texts[who] = text
            if scene.is_sqlite and number % 10 == 0:
                # Now and then, since the log is folded back and begun anew.
                scene.logs_while_open.append((scene.stage.folder / "kickoff.db-wal").read_bytes())
            if seq == 1:
                scene.order.append(who)
    changed = [str(phone.participant_id) for phone in twice]
    scene.last_order = [who for who in scene.order if who not in changed] + changed
    scene.author_of = {text: who for who, text in texts.items()}
    await joining
    await asyncio.sleep(0.2)
    scene.span = (int(begun * 1000), int(time() * 1000))
    scene.said = scene.stage.server.log.removeprefix(scene.said_before)
    if not scene.is_sqlite:
        scene.lsn = (first_lsn, scene.sql("SELECT pg_current_wal_lsn()")[0])


async def _answer_once(
    scene: Scene, phone: Phone, door: FormDoor, pool: Pool, seq: int, text: str
) -> None:
    id = frames.fresh_id()
    data = {"text": text}
    scene.spent[id] = (seq, data)
    if len(scene.spent) % 3 == 0:
        status, told = await door.post(pool, scene.activity, data, id=id, seq=seq)
        assert status == 200, told
    else:
        await phone.link.ask(id, frames.submit(id, seq, scene.activity, data))


async def _join_meanwhile(scene: Scene, pool: Pool) -> None:
    for number in range(10):
        phone = Phone(scene.stage.address, 1000 + number)
        await phone.arrive(pool)
        scene.late.append(str(phone.participant_id))
        await phone.close()


async def _close(facilitator: Facilitator, activity: str) -> None:
    await facilitator.command("activity.close", {"activity": activity})
    await facilitator.until(
        lambda state: activity_in(state, activity)["scrubbed"],
        within=10,
    )


async def _send_again(
    scene: Scene, facilitator: Facilitator, phone: Phone, door: FormDoor, pool: Pool
) -> None:
    id, (seq, data) = next(iter(scene.spent.items()))
    ask = phone.link.ask
    scene.told["spent, by socket"] = await _told(
        ask(id, frames.submit(id, seq, scene.activity, data))
    )
    status, _ = await door.post(pool, scene.activity, data, id=id, seq=seq)
    scene.told["spent, by form"] = "ack" if status == 200 else str(status)
    new = frames.fresh_id()
    scene.told["unknown id"] = await _told(ask(new, frames.submit(new, 9, scene.activity, data)))
    scene.told["opened again"] = await _told(
        asyncio.ensure_future(facilitator.command("activity.open", {"activity": scene.activity}))
    )
    other = await create(facilitator)
    scene.told["spent, for another activity"] = await _told(
        ask(id, frames.submit(id, seq, other, data))
    )


async def _told(answer: "asyncio.Future[Any]") -> str:
    try:
        await answer
    except Refused as refused:
        return refused.code
    return "ack"


# -- what the attacker gets ---------------------------------------------------------------------


def _copy_while_open(scene: Scene, folder: Path) -> None:
    if not scene.is_sqlite:
        scene.while_open = scene.tables()
        return
    for name in ("kickoff.db", "kickoff.db-wal"):
        shutil.copy(scene.stage.folder / name, folder / name)
    scene.while_open = scene.tables(copy=folder / "kickoff.db")


def _wait_until_truncated(scene: Scene) -> None:
    """Truncating is done again and again until no reader is in the way."""
    deadline = monotonic() + 8
    log = scene.stage.folder / "kickoff.db-wal"
    while scene.is_sqlite and log.stat().st_size and monotonic() < deadline:
        sleep(0.05)
    scene.log_after = log.stat().st_size if scene.is_sqlite else 0


def _key(scene: Scene) -> bytes:
    if scene.stage.redis_url:
        client = redis.Redis.from_url(scene.stage.redis_url)
        found: Any = client.get(vault.PREFIX + scene.activity)
        client.close()
        return bytes(found)
    path = scene.stage.folder / "keys" / f"{scene.activity}.key"
    assert path.stat().st_mode & 0o777 == 0o600
    return path.read_bytes()


def _tags(scene: Scene) -> list[str]:
    return [vault.tag(scene.key, one) for one in scene.people]


def _all_files(scene: Scene) -> Iterator[tuple[Path, bytes]]:
    for path in sorted(scene.data.rglob("*")):
        if path.is_file():
            yield path, path.read_bytes()


def _files(scene: Scene, *tables: str) -> set[str]:
    """The files of tables and of their indexes, as the log names them."""
    names = ", ".join(f"'{table}'" for table in tables)
    own = f"SELECT oid FROM pg_class WHERE relname IN ({names})"
    paths = scene.sql(
        "SELECT pg_relation_filepath(c.oid) FROM pg_class c "
        "LEFT JOIN pg_index i ON i.indexrelid = c.oid "
        f"WHERE c.oid IN ({own}) OR i.indrelid IN ({own})"
    )
    return {re.sub(r"^base/", "1663/", path) for path in paths}


def _ballots_with_texts(tables: attacker.Tables, activity: str) -> list[attacker.Row]:
    """Each ballot with the text that it stands for."""
    texts = {row["id"]: row["text"] for row in tables["entry"] if row["activity_id"] == activity}
    ballots = {row["key"]: row for row in tables["ballot"] if row["activity_id"] == activity}
    return [
        {
            **row,
            **{f"ballot {k}": v for k, v in ballots[row["key"]].items()},
            "text": texts[row["entry_id"]],
        }
        for row in tables["mark"]
        if row["activity_id"] == activity
    ]


def _demand_chance(found: list[attacker.Guess]) -> None:
    """Not better than chance at 1 %, for the best of all guesses."""
    best = max(found, key=lambda guess: guess.right)
    assert best.likely(len(found)) > 0.01, f"{best.right} of {best.of} right: {best.how}"
