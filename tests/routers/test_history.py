"""Who changed what when, as pages and over REST: who may see it, and what nobody is told."""

import re

import pytest

from app.access import Scope
from app.i18n import speaking
from app.operations.entities import GOALS, READINGS
from app.routers.changes import called
from tests.routers.test_plan_pages import made, words
from tests.support.product import Browser, Product


@pytest.fixture(scope="module")
def owner(product: Product) -> Browser:
    return product.browser("owner")


@pytest.fixture
def here(owner: Browser) -> str:
    answer = owner.post(
        "/kickoffs", title="Kurs 2027", starts_at="09:00", time_zone="Europe/Oslo", day="2026-02-03"
    )
    return str(answer.headers["location"]).partition("/plan")[0]


def change(owner: Browser, where: str, **values: str) -> None:
    version = re.search(r'name="version" value="(\d+)"', owner.get(where).text)
    assert version
    assert owner.post(where, version=version[1], **values).status_code == 303


def test_a_form_says_what_was_done_to_its_record(owner: Browser, here: str) -> None:
    goal = f"{here}/goals/{made(owner, f'{here}/goals', title='Svar samme dag')}"
    change(owner, goal, title="Svar innen <b>24</b> timer")
    page = owner.get(goal).text
    part = page.partition('id="history"')[2]
    assert "<b>24" not in page
    assert "Owner" in words(part)
    assert "<del>" in part
    assert "Svar innen <b>24</b> timer" in words(part)


def test_the_whole_history_is_newest_first_and_narrowed_by_part(owner: Browser, here: str) -> None:
    made(owner, f"{here}/goals", title="Målet")
    made(owner, f"{here}/risks", title="Risikoen")
    page = words(owner.get(f"{here}/history").text)
    assert page.index("Risikoen") < page.index("Målet") < page.index("Kurs 2027 Kickoff")
    risks = owner.get(f"{here}/history?part=risks").text
    assert "Risikoen" in risks
    assert "Målet" not in risks
    nobody = owner.get(f"{here}/history?who=0").text
    assert "Målet" not in nobody


def test_long_histories_have_pages_that_follow_one_another(owner: Browser, here: str) -> None:
    goal = f"{here}/goals/{made(owner, f'{here}/goals', title='Mål 0')}"
    for number in range(1, 53):
        owner.post(goal, version=str(number), title=f"Mål {number}")
    first = owner.get(f"{here}/history").text
    older = re.search(r'rel="next" href="([^"]+)"', first)
    assert older
    assert "Mål 52" in words(first)
    second = words(owner.get(older[1].replace("&amp;", "&")).text)
    assert "Mål 0" in second
    assert "Mål 52" not in second


def test_what_was_removed_is_brought_back_by_a_button(owner: Browser, here: str) -> None:
    goal = made(owner, f"{here}/goals", title="Svar samme dag")
    made(owner, f"{here}/kpis", title="Feil", goal_id=goal)
    assert owner.post(f"{here}/goals/{goal}/remove").status_code == 303
    assert owner.get(f"{here}/goals/{goal}").status_code == 404
    page = owner.get(f"{here}/history").text
    found = re.search(r'action="([^"]+/restore)"', page)
    assert found
    back = owner.post(found[1])
    assert back.headers["location"].endswith(f"#record-{goal}")
    assert owner.get(f"{here}/goals/{goal}").status_code == 200
    assert "Svar samme dag" in owner.get(f"{here}/kpis").text
    assert "/restore" not in owner.get(f"{here}/history").text
    assert owner.post(found[1]).status_code == 409


def test_a_viewer_reads_the_history_and_restores_nothing(product: Product) -> None:
    api = product.api()
    where = f"/api/v1/kickoffs/{product.kickoff.id}"
    goal = api.post(f"{where}/goals", json={"title": "Borte"}).json()
    api.delete(f"{where}/goals/{goal['id']}", headers={"if-match": "*"})
    viewer = product.browser("viewer")
    page = viewer.get(f"/kickoffs/{product.kickoff.id}/history")
    assert "Borte" in page.text
    assert "/restore" not in page.text
    removal = api.get(f"{where}/history?collection=goals").json()["items"][0]
    path = f"/kickoffs/{product.kickoff.id}/history/{removal['id']}/restore"
    assert viewer.post(path).status_code == 403
    assert product.browser("outsider").post(path).status_code == 404
    foreign = path.replace(product.kickoff.id, product.foreign.id)
    assert product.browser("foreigner").post(foreign).status_code == 404


def test_notes_of_the_facilitator_are_in_nobody_elses_history(product: Product) -> None:
    api = product.api()
    where = f"/api/v1/kickoffs/{product.kickoff.id}"
    block = api.post(
        f"{where}/agenda-blocks", json={"title": "Åpning", "notes": "Hemmelig stikkord"}
    ).json()
    own = f"{where}/agenda-blocks/{block['id']}/history"
    assert "Hemmelig" in api.get(own).text  # there is something to leak
    page = f"/kickoffs/{product.kickoff.id}"
    for path in (f"{page}/history", f"{page}/agenda/{block['id']}"):
        assert "Hemmelig" in product.browser("facilitator").get(path).text
        for role in ("viewer", "contributor"):
            assert "Hemmelig" not in product.browser(role).get(path).text

    assert "Hemmelig" not in product.api(Scope.READ).get(own).text
    assert "Hemmelig" not in product.api(Scope.WRITE).get(f"{where}/history").text


def test_over_rest_it_is_a_list_like_any_other(product: Product) -> None:
    api = product.api()
    kickoff = api.post("/api/v1/kickoffs", json={"title": "Sider"}).headers["location"]
    goal = api.post(f"{kickoff}/goals", json={"title": "0"})
    for number in range(1, 5):
        api.patch(goal.headers["location"], json={"title": str(number)}, headers={"if-match": "*"})
    seen, cursor = [], ""
    while True:
        page = api.get(f"{goal.headers['location']}/history?limit=2{cursor}").json()
        seen += [item["changes"]["title"] for item in page["items"]]
        if page["next_cursor"] is None:
            break
        cursor = f"&cursor={page['next_cursor']}"
    assert seen == [["3", "4"], ["2", "3"], ["1", "2"], ["0", "1"], [None, "0"]]
    first = api.get(f"{kickoff}/history").json()["items"][0]
    assert (first["author_kind"], first["author_name"], first["done"]) == (
        "token",
        "test",
        "changed",
    )
    assert api.get(f"{kickoff}/history?cursor=x").status_code == 422
    assert api.get(f"{kickoff}/nothing/{goal.json()['id']}/history").status_code == 404
    other = f"/api/v1/kickoffs/{product.kickoff.id}/goals/{goal.json()['id']}/history"
    assert api.get(other).json()["items"] == []


def test_a_record_that_is_called_by_a_figure_is_called_as_figures_are_written() -> None:
    """Seen red: "9000.0" was what a reading was called."""
    with speaking("nb"):
        assert called(READINGS, "9000.0") == "9\u00a0000"
        assert called(READINGS, "12.4") == "12,4"
    with speaking("en"):
        assert called(READINGS, "9000.0") == "9,000"
        assert called(GOALS, "9000.0") == "9000.0"
