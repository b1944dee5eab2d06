"""A retrospective opens with its period's data, asks why, and leaves actions behind."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from html import unescape

import pytest
import time_machine

from tests.support.product import Browser, Product

DAY_37 = datetime(2026, 3, 12, 11, tzinfo=UTC)


@pytest.fixture
def day_37() -> Iterator[None]:
    with time_machine.travel(DAY_37, tick=True):
        yield


@pytest.fixture
def owner(product: Product, day_37: None) -> Browser:
    return product.browser("owner")


@pytest.fixture
def here(owner: Browser) -> str:
    answer = owner.post(
        "/kickoffs", title="Kurs 2027", starts_at="09:00", time_zone="Europe/Oslo", day="2026-02-03"
    )
    return str(answer.headers["location"]).partition("/plan")[0]


@pytest.fixture
def wall(owner: Browser, here: str) -> str:
    answer = owner.post(f"{here}/retrospectives", title="Måned én <b>æøå</b>", cadence="monthly")
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"]).partition("?")[0]


def words(page: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


def made(owner: Browser, address: str, **values: str) -> str:
    answer = owner.post(address, **values)
    assert answer.status_code == 303, words(answer.text)
    return str(answer.headers["location"]).partition("#record-")[2]


def note(owner: Browser, wall: str, text: str, column: str = "did_not") -> str:
    owner.post(f"{wall}/notes", text=text, column=column)
    found = re.findall(r'id="note-([^"]+)"', owner.get(wall).text)
    return str(max(found))


def test_it_opens_with_what_the_period_shows(owner: Browser, here: str, wall: str) -> None:
    kpi = made(owner, f"{here}/kpis", title="Svartid", unit="dager", direction="down", target="1")
    for day, value in (("2026-01-05", "11"), ("2026-02-20", "9"), ("2026-03-10", "7,5")):
        made(owner, f"{here}/readings", value=value, kpi_id=kpi, read_on=day)
    made(owner, f"{here}/actions", title="For sent", due="2026-03-01")
    made(owner, f"{here}/actions", title="Ferdig", due="2026-03-01", state="closed")
    made(owner, f"{here}/milestones", title="Nådd", window="30", reached_on="2026-03-01")
    made(owner, f"{here}/decisions", title="Vi kutter to møter", decided_on="2026-03-02")
    made(owner, f"{here}/decisions", title="Lenge siden", decided_on="2026-01-02")
    shown = words(owner.get(wall).text)
    assert "Svartid : 11 → 7,5 dager Bedre" in shown
    for told in ("For sent", "Ferdig", "Nådd", "Vi kutter to møter"):
        assert told in shown
    assert "Lenge siden" not in shown


def test_from_its_page_one_gets_to_where_all_write_and_vote_on_their_phones(
    owner: Browser, wall: str
) -> None:
    (console,) = re.findall(r'href="(/rooms/[^"]+/console/)"', owner.get(wall).text)
    assert owner.get(console).status_code == 200


def test_key_results_are_told_from_where_they_stood_when_the_period_began(
    owner: Browser, here: str, wall: str
) -> None:
    api = owner.post
    goal = made(owner, f"{here}/objectives", title="Kunden får svar")
    said = {"title": "Løst uten overføring", "objective_id": goal, "unit": "%"}
    one = made(owner, f"{here}/key-results", **said, baseline="54", target="70")
    for day, value in (("2026-02-05", "55"), ("2026-02-20", "58"), ("2026-03-10", "61")):
        answer = api(f"{here}/check-ins", key_result_id=one, value=value, said_on=day)
        assert answer.status_code == 303
    assert "Løst uten overføring : 55 → 61 % Bedre" in words(owner.get(wall).text)


def test_what_was_to_change_is_looked_at_the_next_time(
    owner: Browser, here: str, wall: str
) -> None:
    """Seen red with: a second tap that makes a second action."""
    kari = made(owner, f"{here}/people", name="Kari Nordmann")
    problem = note(owner, wall, "Tallene kom for sent")
    said = {"note": problem, "text": "Gi rapporten en eier", "owner_id": kari, "due": "2026-04-11"}
    for _ in range(2):
        outcome = "Alle har tallene mandag klokken ni"
        assert owner.post(f"{wall}/actions", **said, expected=outcome).status_code == 303
    assert len(re.findall("Gi rapporten en eier", owner.get(f"{here}/actions").text)) >= 1
    made_of = re.findall(rf'href="{here}/actions/([0-9a-f-]{{36}})"', owner.get(wall).text)
    assert len(set(made_of)) == 1
    following = owner.post(f"{here}/retrospectives", title="Måned to", cadence="monthly")
    shown = words(owner.get(following.headers["location"].partition("?")[0]).text)
    assert "Gi rapporten en eier" in shown
    assert "Alle har tallene mandag klokken ni" in shown


def test_why_is_asked_until_the_root_and_drawn(owner: Browser, here: str, wall: str) -> None:
    problem = note(owner, wall, "Tallene kom for sent")
    owner.post(f"{wall}/causes", note=problem, text="Ingen eide rapporten", kind="people")
    first = re.findall(rf'href="{here}/causes/([^"]+)"', owner.get(wall).text)[0]
    said = {"note": problem, "text": "Rollen forsvant", "kind": "process", "because_of": first}
    assert owner.post(f"{wall}/causes", **said).status_code == 303
    page = owner.get(wall).text
    assert re.search(r'why-2">.*?Rollen forsvant.*?rotårsak', page, re.S)
    assert 'id="picture-fish-' in page


def test_what_is_adjusted_becomes_an_action_with_its_source(
    owner: Browser, here: str, wall: str
) -> None:
    kari = made(owner, f"{here}/people", name="Kari Nordmann")
    problem = note(owner, wall, "Tallene kom for sent")
    answer = owner.post(
        f"{wall}/actions",
        note=problem,
        text="Gi rapporten en eier",
        owner_id=kari,
        due="2026-04-11",
    )
    assert answer.status_code == 303
    actions = words(owner.get(f"{here}/actions").text)
    assert "Gi rapporten en eier" in actions
    assert "Retrospektiv" in actions
    assert "Gi rapporten en eier" in words(owner.get(wall).text)


def test_what_is_wrong_is_said_where_it_was_typed_and_nothing_is_lost(
    owner: Browser, wall: str
) -> None:
    answer = owner.post(f"{wall}/notes", text="x" * 300, column="adjust")
    assert answer.status_code == 422
    assert 'id="new-adjust-fault"' in answer.text
    assert "x" * 300 in answer.text
    assert "<b>æøå</b>" not in answer.text


def test_a_note_of_another_retrospective_is_not_explained_here(
    owner: Browser, here: str, wall: str
) -> None:
    other = str(
        owner.post(f"{here}/retrospectives", title="Måned to").headers["location"]
    ).partition("?")[0]
    foreign = note(owner, other, "Noe annet")
    answer = owner.post(f"{wall}/causes", note=foreign, text="Fremmed grunn", kind="people")
    assert answer.status_code == 422
    assert "Fremmed grunn" not in owner.get(other).text
