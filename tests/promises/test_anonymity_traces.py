"""A01, A02: no value, page, lock or copy joins an attendee to a text; what is spent stays spent.

Orders of rows, transactions and the logs of the databases are in `test_anonymity_at_rest`.
Seen red: see the table in sabotage/saboteurs_secrecy.py.
"""

import asyncio
import base64
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from random import Random

import pytest

from tests.promises.disk import holding, pages_of
from tests.promises.hall import SOON, Hall, answer_one_by_one, close, whole_story
from tests.promises.snoop import Row, joined, likely_by_chance
from tests.promises.stage import Stage, leave, stages
from tests.support.processes import wait_until

VOTERS = 48


@pytest.fixture(
    scope="module",
    params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)],
)
def hall(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Hall]:
    with stages(request, tmp_path_factory) as start:
        stage = start(request.param, environment=SOON)
        yield asyncio.run(whole_story(stage, VOTERS, tmp_path_factory.mktemp("copies")))


# -- A01 ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("moment", ["open", "closed"])
def test_no_value_that_rows_share_leads_from_an_attendee_to_a_text(hall: Hall, moment: str) -> None:
    assert _likely(hall, joined(hall.rows[moment], hall.texts)) > 0.001


def test_whoever_had_the_key_would_find_everybody(hall: Hall) -> None:
    """The attacker is good enough to be feared."""
    tagged = [
        Row("leak", n, {"attendee": attendee, "tag": tag})
        for n, (attendee, tag) in enumerate(zip(hall.texts, hall.tags, strict=True))
    ]
    assert joined([*hall.rows["open"], *tagged], hall.texts) == hall.texts


def test_the_published_order_is_nobodys(hall: Hall) -> None:
    shown = [item["text"] for item in hall.result["texts"]]
    assert sorted(shown) == sorted(hall.texts.values())
    for seen in (hall.by_first, hall.by_last):
        for sequence in (shown, shown[::-1]):
            assert _likely(hall, dict(zip(seen, sequence, strict=True))) > 0.001 / 4


def test_nothing_that_names_an_attendee_is_written_while_people_answer(hall: Hall) -> None:
    """Not even a lock: the rows are the same to the last hidden column."""

    def naming(moment: str) -> set[str]:
        return {f"{row.table} {row}" for row in hall.rows[moment] if row.names(hall.texts)}

    assert len(naming("before")) == VOTERS
    assert naming("open") == naming("before")
    assert naming("closed") == naming("before")


def test_a_text_that_was_taken_back_is_gone(hall: Hall) -> None:
    assert len(hall.withdrawn) == VOTERS // 4
    assert not [row for row in hall.rows["closed"] if row.names(hall.withdrawn)]
    if hall.stage.kind == "sqlite":
        files = hall.files["closed"]
        assert not [text for text in hall.withdrawn if holding(files, text.encode())]


# -- A02 ----------------------------------------------------------------------------------------


def test_the_key_is_nowhere_but_in_its_place_while_it_is_open(hall: Hall) -> None:
    """Not in the database, its log, or a copy made meanwhile; PostgreSQL's keys are in Redis."""
    places = {name for form in _forms(hall.key) for name in holding(hall.files["open"], form)}
    place = hall.stage.folder / "keys" / f"{hall.activity}.key"
    assert places == ({str(place)} if hall.stage.kind == "sqlite" else set())


def test_the_key_is_nowhere_in_the_end(hall: Hall) -> None:
    for form in _forms(hall.key):
        assert holding(hall.files["closed"], form) == []


@pytest.mark.parametrize("moment", ["open", "closed"])
def test_no_page_holds_an_attendee_and_a_text(hall: Hall, moment: str) -> None:
    texts = [answer.text.encode() for answer in hall.answers]
    people = [attendee.encode() for attendee in hall.texts]
    of_texts = of_people = 0
    for page in pages_of(hall.stage, hall.files[moment]):
        has_text = any(text in page for text in texts)
        has_person = any(person in page for person in people)
        assert not (has_text and has_person)
        of_texts += has_text
        of_people += has_person
    assert of_texts, "there is something to be found"
    assert of_people, "there is something to be found"


def test_a_reader_in_the_way_only_delays_that_the_log_is_emptied(
    start_stage: Callable[..., Stage],
) -> None:
    asyncio.run(_with_a_reader(start_stage("sqlite", environment=SOON)))


async def _with_a_reader(stage: Stage) -> None:
    phones = await stage.phones(3)
    log = stage.folder / "kickoff.db-wal"
    async with stage.facilitator() as console:
        hall = await answer_one_by_one(stage, console, phones, Random())
        reader = sqlite3.connect(stage.folder / "kickoff.db", isolation_level=None)
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM ballot").fetchone()
        await close(hall, console)
        await asyncio.sleep(1)
        assert log.stat().st_size > 0
        reader.execute("COMMIT")
        await asyncio.to_thread(
            wait_until, lambda: log.stat().st_size == 0, what="an empty log", timeout=10
        )
        reader.close()
        files = {path.name: path.read_bytes() for path in stage.folder.glob("kickoff.db*")}
        assert not [tag for tag in hall.tags if holding(files, tag.encode())]
    await leave(phones)


# -- D9: what is spent --------------------------------------------------------------------------


def test_what_comes_late_is_acknowledged_and_changes_nothing(hall: Hall) -> None:
    assert set(hall.told["the same"]) == {"ack"}
    assert set(hall.told["a new one"]) == {"activity_closed"}
    late = hall.result["late"]
    assert late["texts"] == hall.result["texts"]
    assert late["answered"] == VOTERS


def test_other_content_under_a_used_id_is_never_applied(hall: Hall) -> None:
    """Refused while the key lives. With it went the means to tell: the id is spent, that is all."""
    assert hall.told["open, other content"] == ["id_reused"]
    assert set(hall.told["other content"]) == {"ack"}
    assert hall.result["late"]["texts"] == hall.result["texts"]


def test_opening_it_again_is_a_new_round(hall: Hall) -> None:
    assert hall.reopened == "conflict"
    again = hall.round
    assert again["key"] not in (None, hall.key)
    # An id that is spent does not come back to life in another activity.
    assert set(again["old ids"]) == {"id_reused"}
    assert set(again["new ids"]) == {"ack"}
    writers = {answer.attendee for answer in hall.answers[:3]}
    assert [item["text"] for item in again["second"]["texts"]] == ["<again>"] * len(writers)
    assert again["first"]["texts"] == hall.result["texts"]


def _likely(hall: Hall, guesses: dict[str, str]) -> float:
    """How likely chance alone does as well."""
    right = sum(hall.texts[person] == text for person, text in guesses.items())
    return likely_by_chance(right, len(hall.texts))


def _forms(key: bytes) -> Sequence[bytes]:
    """As it is, and in the ways in which bytes are written as text."""
    plain = [key, key.hex().encode(), key.hex().upper().encode()]
    return [*plain, base64.b64encode(key).rstrip(b"="), base64.urlsafe_b64encode(key).rstrip(b"=")]
