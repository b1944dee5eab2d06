"""The tests' PostgreSQL is a real one and a Norwegian one."""

import psycopg
import pytest

from tests.support.postgres import Postgres

pytestmark = pytest.mark.postgres


def test_postgresql_sorts_as_norwegians_do(postgres_url: str) -> None:
    words = "unnest(array['å', 'ø', 'æ', 'z', 'B', 'a', 'aa']) word"

    assert (
        query(postgres_url, f"SELECT string_agg(word, '' ORDER BY word) FROM {words}") == "aBzæøåaa"
    )
    assert query(postgres_url, "SELECT 'a' < 'B'") is True
    assert query(postgres_url, "SELECT 'a' COLLATE \"C\" < 'B'") is False


@pytest.mark.parametrize("_time", [1, 2])
def test_each_test_gets_an_empty_database(postgres_url: str, _time: int) -> None:
    assert query(postgres_url, "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'") == 0
    with psycopg.connect(postgres_url.replace("+psycopg", "")) as connection:
        connection.execute("CREATE TABLE left_behind ()")


def test_postgresql_comes_back_after_kill_9(postgres_server: Postgres, postgres_url: str) -> None:
    with psycopg.connect(postgres_url.replace("+psycopg", "")) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 7 AS number")

    postgres_server.kill9()
    postgres_server.start()

    assert query(postgres_url, "SELECT number FROM kept") == 7


def query(url: str, statement: str) -> object:
    with psycopg.connect(url.replace("+psycopg", "")) as connection:
        row = connection.execute(statement.encode()).fetchone()
        assert row is not None
        return row[0]
