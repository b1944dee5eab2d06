"""The OKR board, a key result's page and the check-in (F4), as people and screen readers get them.

Seen red without the frames, with withdrawn check-ins counted, and with what was typed lost.
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
    """A new kickoff's address."""
    fields = {"title": "Kurs", "starts_at": "09:00", "time_zone": "Europe/Oslo"}
    answer = owner.post("/kickoffs", **fields, day="2026-01-12")
    return str(answer.headers["location"]).partition("/plan")[0]


def words(page: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


def make(api: TestClient, here: str, collection: str, **fields: Any) -> str:
    answer = api.post(f"/api/v1{here}/{collection}", json=fields)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def key_result(api: TestClient, here: str, title: str = "Løst uten overføring", **more: Any) -> str:
    objective = make(api, here, "objectives", title="Kunden merker at vi svarer")
    about = {"baseline": 54, "target": 70, "unit": "%", "due": "2026-04-12"} | more
    return make(api, here, "key-results", title=title, objective_id=objective, **about)


def test_the_board_has_leadership_and_teams_and_says_where_frames_are_broken(
    owner: Browser, api: TestClient, here: str
) -> None:
    team = make(api, here, "teams", name="Drift & <nett>")
    make(api, here, "teams", name="Salg")
    for number in range(3):
        make(api, here, "objectives", title=f"Mål {number}", team_id=team)
    key_result(api, here)
    page = owner.get(f"{here}/okr")
    told = words(page.text)
    assert page.status_code == 200
    assert told.index("Leadership") < told.index("Drift & <nett>")
    assert "1 objective: 3–5 are asked" in told  # leadership's
    assert "3 objectives" not in told  # the team has enough
    assert "1 key result: 2–4 are asked" in told
    assert "Teams without objectives yet Salg" in told
    assert "<nett>" not in page.text


def test_a_kickoff_without_objectives_is_told_what_to_begin_with(owner: Browser, here: str) -> None:
    page = owner.get(f"{here}/okr").text
    assert f"{here}/objectives/new" in page
    assert "No objectives yet" in words(page)


def test_a_check_in_moves_score_trend_and_confidence(
    owner: Browser, api: TestClient, here: str
) -> None:
    one = key_result(api, here)
    where = f"{here}/okr/key-results/{one}"
    sent = owner.post(f"{where}/check-ins", value="58", confidence="4", said_on="2026-11-01")
    assert sent.status_code == 303
    owner.post(f"{where}/check-ins", value="62,0", confidence="8", note="Ny <b>vaktliste</b>")
    page = owner.get(where).text
    told = words(page)
    assert "Score 0.5" in told
    assert "Trend Closer" in told
    assert "8 likely" in told
    assert "Last said Today" in told
    assert "&lt;b&gt;vaktliste" in page
    drawn = re.search(r'<svg class="picture-drawn".*?</svg>', page, re.S)
    assert drawn
    assert len(re.findall("way-point", drawn[0])) == 2
    assert "0.5" in words(owner.get(f"{here}/okr").text)


def test_a_fault_stands_beside_its_field_and_what_was_typed_is_kept(
    owner: Browser, api: TestClient, here: str
) -> None:
    one = key_result(api, here)
    where = f"{here}/okr/key-results/{one}/check-ins"
    page = owner.post(where, value="mange", confidence="11", note="Et notat æøå")
    assert page.status_code == 422
    assert 'value="mange"' in page.text
    assert 'value="Et notat æøå"' in page.text
    assert "This must be a number." in words(page.text)
    assert "This must be 10 or less." in words(page.text)
    assert api.get(f"/api/v1{here}/check-ins").json()["items"] == []


def test_what_is_withdrawn_counts_no_more_and_can_count_again(
    owner: Browser, api: TestClient, here: str
) -> None:
    one = key_result(api, here)
    right = make(api, here, "check-ins", key_result_id=one, value=62, said_on="2026-01-20")
    wrong = make(api, here, "check-ins", key_result_id=one, value=99, said_on="2026-01-21")
    assert right != wrong
    where = f"{here}/okr/key-results/{one}"
    assert "Score 1.0" in words(owner.get(where).text)
    owner.post(f"{here}/okr/check-ins/{wrong}/withdraw")
    told = words(owner.get(where).text)
    assert "Score 0.5" in told
    assert "Withdrawn" in told
    owner.post(f"{here}/okr/check-ins/{wrong}/withdraw", again="1")
    assert "Score 1.0" in words(owner.get(where).text)


def test_of_one_day_the_last_word_counts(owner: Browser, api: TestClient, here: str) -> None:
    one = key_result(api, here)
    for value in (99, 62):
        make(api, here, "check-ins", key_result_id=one, value=value, said_on="2026-01-20")
    told = words(owner.get(f"{here}/okr/key-results/{one}").text)
    assert "Score 0.5" in told
    assert "Corrected later that day" in told


def test_who_has_said_nothing_for_two_weeks_is_named(
    owner: Browser, api: TestClient, here: str
) -> None:
    silent, heard = key_result(api, here, "Stille"), key_result(api, here, "Hørt")
    long_ago = (clock.today() - timedelta(days=20)).isoformat()
    for one in (silent, heard):
        make(api, here, "check-ins", key_result_id=one, value=55, said_on=long_ago)
    make(api, here, "check-ins", key_result_id=heard, value=56)
    told = words(owner.get(f"{here}/okr").text)
    assert "1 of 2 key results have been checked in within two weeks" in told
    assert "20 days ago Stille" in told
    assert "20 days ago Hørt" not in told


def test_the_last_reading_of_its_kpi_is_filled_in(
    owner: Browser, api: TestClient, here: str
) -> None:
    kpi = make(api, here, "kpis", title="Svartid")
    one = key_result(api, here, kpi_id=kpi)
    make(api, here, "readings", kpi_id=kpi, value=61.5, read_on="2026-01-30")
    page = owner.get(f"{here}/okr/key-results/{one}").text
    assert 'value="61.5"' in page
    assert "The KPI was read on" in words(page)


def test_without_a_target_it_says_what_is_missing_and_guesses_nothing(
    owner: Browser, api: TestClient, here: str
) -> None:
    one = key_result(api, here, target=None)
    told = words(owner.get(f"{here}/okr/key-results/{one}").text)
    assert "There is no score without a target, a check-in." in told
    assert "Score –" in told


def test_a_viewer_reads_and_is_offered_no_form(product: Product, api: TestClient) -> None:
    here = f"/kickoffs/{product.kickoff.id}"
    one = key_result(api, here)
    viewer = product.browser("viewer")
    where = f"{here}/okr/key-results/{one}"
    assert viewer.get(f"{here}/okr").status_code == 200
    assert f"{where}/check-ins" not in viewer.get(where).text
    assert viewer.post(f"{where}/check-ins", value="1").status_code == 403
    assert product.browser("foreigner").get(where).status_code == 404


def test_the_alignment_leads_from_goals_to_key_results(
    owner: Browser, api: TestClient, here: str
) -> None:
    goal = make(api, here, "goals", title="Svar samme dag")
    make(api, here, "goals", title="Ingen tjener meg")
    objective = make(api, here, "objectives", title="Kunden merker det", goal_id=goal)
    make(api, here, "objectives", title="Alene")
    make(api, here, "key-results", title="Svartid", objective_id=objective, baseline=9, target=1)
    page = owner.get(f"{here}/pictures/okr-alignment").text
    told = words(page)
    for title in ("Svar samme dag", "Kunden merker det", "Svartid", "Alene"):
        assert title in told
    assert "1 objective serves no goal" in told
    assert "1 goal has no objective that serves it: Ingen tjener meg" in told
    assert "9 → 1" in told.replace("\N{NO-BREAK SPACE}", " ")
