"""The product can be started, killed and started again by a test."""

import urllib.request
from collections.abc import Callable

import pytest

from tests.support.server import Server


@pytest.mark.parametrize("forked", [False, True])
def test_the_demo_comes_back_after_kill_9_with_its_data(
    start_server: Callable[..., Server], *, forked: bool
) -> None:
    demo_server = start_server(forked=forked)
    before = demo_server.facts

    demo_server.kill9()
    assert not demo_server.running
    demo_server.start()

    assert demo_server.facts.base_url == before.base_url
    assert demo_server.facts.kickoff_id == before.kickoff_id
    assert demo_server.facts.join_code == before.join_code
    with urllib.request.urlopen(demo_server.facts.join_url) as answer:
        assert answer.status == 200
    assert demo_server.terminate() == 0
    assert not demo_server.running
