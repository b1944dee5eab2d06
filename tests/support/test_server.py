"""The product can be started, killed and started again by a test."""

import urllib.request

from tests.support.server import Server


def test_the_demo_comes_back_after_kill_9_with_its_data(demo_server: Server) -> None:
    before = demo_server.facts

    demo_server.kill9()
    assert not demo_server.running
    demo_server.start()

    assert demo_server.facts.base_url == before.base_url
    assert demo_server.facts.kickoff_id == before.kickoff_id
    assert demo_server.facts.join_code == before.join_code
    with urllib.request.urlopen(demo_server.facts.join_url) as answer:
        assert answer.status == 200
