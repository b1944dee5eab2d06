"""T08: over REST nobody overwrites silently what somebody else wrote.

Twenty programs write into one text of one goal, each adding to what it has read. Seen red against
`premise_ignored` (whatever If-Match says is believed) and, on PostgreSQL, against
`premise_unlocked` (the version is looked at before the record is locked).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import httpx
import pytest

from tests.promises.stage import Stage, at_most

WRITERS = 20
SIZES = [pytest.param(5, id="quick"), pytest.param(50, id="long", marks=pytest.mark.chaos)]


@dataclass
class Written:
    """What one program was told: which of its words were taken, and at which versions."""

    taken: dict[str, int] = field(default_factory=dict)
    refused: int = 0


@pytest.fixture
def goal(stage: Stage) -> Iterator[Callable[[], str]]:
    """Makes goals; the address of a new one."""
    with client_of(stage) as api:

        def make() -> str:
            where = f"/api/v1/kickoffs/{stage.links.kickoff_id}/goals"
            return str(api.post(where, json={"title": "Felles mål"}).headers["location"])

        yield make


def client_of(stage: Stage) -> httpx.Client:
    bearer = {"authorization": f"Bearer {stage.links.api_token}"}
    return httpx.Client(base_url=stage.server.base_url, headers=bearer, timeout=at_most(30))


@pytest.mark.parametrize("edits", SIZES)
def test_what_was_answered_with_success_is_there_and_nothing_was_written_over(
    stage: Stage, goal: Callable[[], str], edits: int
) -> None:
    where = goal()
    with ThreadPoolExecutor(WRITERS) as pool:
        writers = list(pool.map(lambda number: wrote(stage, where, number, edits), range(WRITERS)))
    taken = {word: version for writer in writers for word, version in writer.taken.items()}
    assert len(taken) == WRITERS * edits
    assert sum(writer.refused for writer in writers) > 0  # they did get in each other's way
    with client_of(stage) as api:
        now = api.get(where).json()
        assert now["version"] == 1 + len(taken)
        assert sorted(taken.values()) == list(range(2, 2 + len(taken)))
        assert set(now["specific"].split()) == set(taken)
        told = history(api, where)
    assert told.keys() == {1, *taken.values()}
    for word, version in taken.items():
        before, after = told[version]
        assert after.split()[-1] == word
        assert before == told[version - 1][1]


def wrote(stage: Stage, where: str, number: int, edits: int) -> Written:
    """One program: reads, adds a word to what it read, says what it believes, and tries again
    where that is no longer so, from what it is told stands there now."""
    done = Written()
    with client_of(stage) as api:
        for edit in range(edits):
            known, word = api.get(where).json(), f"{number}.{edit}"
            while word not in done.taken:
                sent = {"specific": f"{known['specific']} {word}"}
                premise = {"if-match": f'"{known["version"]}"'}
                answer = api.patch(where, json=sent, headers=premise)
                if answer.status_code == 200:
                    done.taken[word] = answer.json()["version"]
                else:
                    assert answer.status_code == 412, answer.text
                    done.refused += 1
                    stands = answer.json()["current"]
                    assert stands["version"] > known["version"]
                    known = stands
    return done


def history(api: httpx.Client, where: str) -> dict[int, tuple[str, str]]:
    """Of each version what the text was before and after it."""
    told: dict[int, tuple[str, str]] = {}
    cursor = ""
    while True:
        page = api.get(f"{where}/history?limit=100{cursor}").json()
        for item in page["items"]:
            before, after = item["changes"].get("specific", [None, ""])
            told[item["version"]] = (before or "", after or "")
        if page["next_cursor"] is None:
            return told
        cursor = f"&cursor={page['next_cursor']}"


def test_without_a_premise_nothing_is_written_and_a_stale_one_is_told_what_stands(
    stage: Stage, goal: Callable[[], str]
) -> None:
    where = goal()
    with client_of(stage) as api:
        assert api.patch(where, json={"title": "Uten"}).status_code == 428
        assert api.delete(where).status_code == 428
        first = api.patch(where, json={"title": "Først"}, headers={"if-match": '"1"'})
        assert (first.status_code, first.headers["etag"]) == (200, '"2"')
        for late in (
            api.patch(where, json={"title": "Sist"}, headers={"if-match": '"1"'}),
            api.delete(where, headers={"if-match": '"1"'}),
        ):
            assert late.status_code == 412
            assert late.headers["content-type"] == "application/problem+json"
            assert late.json()["current"] == api.get(where).json()
        assert api.get(where).json()["title"] == "Først"


def test_of_two_who_remove_and_change_at_once_one_is_told(
    stage: Stage, goal: Callable[[], str]
) -> None:
    for _ in range(5):
        where = goal()
        premise = {"if-match": '"1"'}
        with client_of(stage) as one, client_of(stage) as other, ThreadPoolExecutor(2) as pool:
            removed = pool.submit(one.delete, where, headers=premise)
            changed = pool.submit(other.patch, where, json={"title": "Nytt"}, headers=premise)
            answers = (removed.result().status_code, changed.result().status_code)
            assert answers in {(204, 404), (412, 200)}, answers
            there = one.get(where)
        assert there.status_code == (404 if answers[0] == 204 else 200)


def test_a_form_carries_its_version_too(stage: Stage, goal: Callable[[], str]) -> None:
    where = goal()
    page = where.removeprefix("/api/v1")
    with httpx.Client(
        base_url=stage.server.base_url,
        headers={"origin": stage.server.base_url},
        follow_redirects=True,
        timeout=at_most(30),
    ) as browser:
        browser.get(stage.links.sign_in_url).raise_for_status()
        token = re.search(r'name="csrf" value="([^"]+)"', browser.get(page).text)
        assert token
        form = {"csrf": token[1], "title": "Fra skjemaet", "level": "strategic", "kind": "effect"}
        with client_of(stage) as api:
            sent = api.patch(where, json={"title": "Fra REST"}, headers={"if-match": '"1"'})
            assert sent.status_code == 200
            late = browser.post(page, data=form | {"version": "1"})
            assert late.status_code == 412
            assert api.get(where).json()["title"] == "Fra REST"
