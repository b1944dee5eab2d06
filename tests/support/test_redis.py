"""The tests' Redis keeps nothing."""

import redis

from tests.support.redis import Redis


def test_redis_is_empty_and_keeps_nothing(redis_server: Redis, redis_url: str) -> None:
    client = redis.Redis.from_url(redis_url)
    assert client.dbsize() == 0
    assert client.config_get("save") == {"save": ""}
    client.set("key", "value")
    client.close()

    redis_server.kill9()
    redis_server.start()

    client = redis.Redis.from_url(redis_url)
    assert client.dbsize() == 0
    client.close()
