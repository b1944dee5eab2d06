"""Ranked actions, KPIs and their lines, and the launch indicators (F3, F4), on pages and over REST.

Seen red with an action made anew at each press, and with a missing share taken for all of the gap.
"""

import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from starlette.testclient import TestClient

from app import clock
from tests.support.product import Browser, Product


@pytest.fixture(scope="module")
def owner(product: Product) -> Browser:
    browser = product.browser("owner")
    browser.post("/language", language="en")
    return browser


@pytest.fixture(scope="module")
def api(product: Product) -> TestClient:
    return product.api()


@pytest.fixture
def here(owner: Browser) -> str:
    """A kickoff that was 50 days ago."""
    day = (clock.today() - timedelta(days=50)).isoformat()
    fields = {"title": "Kurs", "starts_at": "09:00", "time_zone": "Europe/Oslo"}
    answer = owner.post("/kickoffs", **fields, day=day)
    return str(answer.headers["location"]).partition("/plan")[0]


def words(page: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


def make(api: TestClient, here: str, collection: str, **fields: Any) -> str:
    answer = api.post(f"/api/v1{here}/{collection}", json=fields)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def kpi(api: TestClient, here: str, value: float, title: str = "Svartid") -> str:
    due = (clock.today() + timedelta(days=50)).isoformat()
    line = {"baseline": 11, "target": 1, "direction": "down", "target_date": due}
    one = make(api, here, "kpis", title=title, **line)
    make(api, here, "readings", kpi_id=one, value=value)
    return one


def test_actions_are_ranked_by_gap_share_and_days_and_nothing_is_guessed(
    owner: Browser, api: TestClient, here: str
) -> None:
    objective = make(api, here, "objectives", title="Mål")
    about = {"objective_id": objective, "baseline": 0, "target": 100}
    one = make(api, here, "key-results", title="Nøkkel", **about)
    make(api, here, "check-ins", key_result_id=one, value=20)
    tied = {"key_result_id": one, "gap_share": 50}
    make(api, here, "actions", title="Liten", effort_days=10, **tied)
    make(api, here, "actions", title="Stor <b>", effort_days=2, **tied)
    make(api, here, "actions", title="Uten dager", **tied)
    make(api, here, "actions", title="Uten alt")
    make(api, here, "actions", title="Ferdig", state="closed", effort_days=1, **tied)
    items = api.get(f"/api/v1{here}/ranked-actions").json()["items"]
    told = [(item["title"], item["lift"], item["missing"]) for item in items]
    assert told == [
        ("Stor <b>", pytest.approx(0.2), []),
        ("Liten", pytest.approx(0.04), []),
        ("Uten dager", None, ["days"]),
        ("Uten alt", None, ["key_result", "share", "days"]),
    ]
    page = owner.get(f"{here}/okr/lift")
    text = words(page.text)
    assert "80 % 50 % 2 20 %" in text  # the gap, the share, the days, and what a day lifts
    assert "missing: the effort in days" in text
    assert "Stor &lt;b&gt;" in page.text


def test_a_kpi_that_leaves_its_line_gets_one_action_in_one_click(
    owner: Browser, api: TestClient, here: str
) -> None:
    behind = kpi(api, here, 10)
    on_line = kpi(api, here, 6.5, "Brudd")
    states = api.get(f"/api/v1{here}/kpi-steering").json()["items"]
    assert [(one["id"], one["course"]["deviates"]) for one in states] == [
        (behind, True),
        (on_line, False),
    ]
    assert states[0]["course"]["expected"] == pytest.approx(6, abs=0.2)
    page = owner.get(f"{here}/okr/kpis").text
    assert f"{here}/okr/kpis/{behind}/action" in page
    assert f"{here}/okr/kpis/{on_line}/action" not in page
    first = owner.post(f"{here}/okr/kpis/{behind}/action")
    again = owner.post(f"{here}/okr/kpis/{behind}/action")
    assert first.status_code == 303
    assert first.headers["location"] == again.headers["location"]
    over_rest = api.post(f"/api/v1{here}/kpis/{behind}/action")
    assert over_rest.json()["id"] in first.headers["location"]
    actions = api.get(f"/api/v1{here}/actions").json()["items"]
    assert [(one["kpi_id"], one["source"]) for one in actions] == [(behind, "kpi_deviation")]
    page = owner.get(f"{here}/okr/kpis").text
    assert f"{here}/okr/kpis/{behind}/action" not in page
    assert "Bring «Svartid» back on its line" in words(page)


def test_a_kpi_without_a_line_says_what_is_missing(
    owner: Browser, api: TestClient, here: str
) -> None:
    make(api, here, "kpis", title="Uten tall")
    text = words(owner.get(f"{here}/okr/kpis").text)
    assert "missing: a baseline, a target, a reading, a date" in text
    assert "0 of 1 KPI deviates" in text


def test_the_indicators_say_figure_threshold_role_and_records(
    owner: Browser, api: TestClient, here: str
) -> None:
    team = make(api, here, "teams", name="Drift")
    make(api, here, "pilots", title="Prøve", starts_on="2026-01-01", result="Lærte", verdict="stop")
    items = {one["id"]: one for one in api.get(f"/api/v1{here}/indicators").json()["items"]}
    ready = items["okr.teams_ready"]
    assert (ready["have"], ready["want"], ready["unit"]) == (0, 90, "per_cent")
    assert (ready["state"], ready["role"], ready["by_day"]) == ("short", "line_managers", 30)
    assert ready["lacking"] == [{"collection": "teams", "id": team}]
    assert items["pilots.begun"]["state"] == "not_due"  # day 50 of 60
    assert items["pilots.begun"]["have"] == 1
    text = words(owner.get(f"{here}/indicators").text)
    assert "Responsible: line managers" in text
    assert "Not due" in text
    assert "Drift" in text


def test_the_plan_at_its_link_has_the_map_and_counts_as_published(
    product: Product, owner: Browser, api: TestClient, here: str
) -> None:
    goal = make(api, here, "goals", title="Svar samme dag")
    other = make(api, here, "goals", title="Trygge kunder")
    make(api, here, "cause-effect-links", cause_goal_id=goal, effect_goal_id=other)
    make(api, here, "objectives", title="Kunden merker det")

    def state() -> tuple[int, str]:
        items = api.get(f"/api/v1{here}/indicators").json()["items"]
        one = next(item for item in items if item["id"] == "launch.map_published")
        return one["have"], one["state"]

    assert state() == (0, "short")
    owner.post(f"{here}/plan/publish")
    assert state() == (100, "met")
    found = re.search(r"/plans/[\w-]+", owner.get(f"{here}/indicators").text)
    assert found
    published = product.browser().get(found[0]).text  # nobody is signed in
    assert "data:image/svg+xml;base64," in published
    assert "Kunden merker det" in published


def test_the_board_is_there_over_rest(api: TestClient, here: str) -> None:
    objective = make(api, here, "objectives", title="Mål")
    about = {"objective_id": objective, "baseline": 0, "target": 100, "unit": "%"}
    one = make(api, here, "key-results", title="Nøkkel", **about)
    make(api, here, "check-ins", key_result_id=one, value=25, confidence=7)
    told = api.get(f"/api/v1{here}/okr").json()["objectives"][0]
    assert (told["score"], told["scored"]) == (0.25, 1)
    result = told["key_results"][0]
    assert (result["value"], result["confidence"], result["trend"]) == (25, 7, None)
    assert result["course"]["missing"] == ["ends"]
