"""A new kickoff starts from the method's frame, from an earlier one or from nothing; when its day
is moved, the dates that were counted from it are shown and moved in one step."""

import re
from html import unescape
from typing import Any

import pytest

from app.access import Scope
from tests.support.product import Browser, Product

SENT = {"starts_at": "09:00", "time_zone": "Europe/Oslo"}


@pytest.fixture
def owner(product: Product) -> Browser:
    return product.browser("owner")


@pytest.fixture
def api(product: Product) -> Any:
    return product.api(Scope.READ, Scope.WRITE)


def words(page: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


def made(owner: Browser, **fields: str) -> str:
    answer = owner.post("/kickoffs", **SENT | fields)
    assert answer.status_code == 303, words(answer.text)
    return str(answer.headers["location"]).partition("/plan")[0].rpartition("/")[2]


def items(api: Any, kickoff: str, part: str) -> list[dict[str, Any]]:
    answer = api.get(f"/api/v1/kickoffs/{kickoff}/{part}?limit=100")
    assert answer.status_code == 200
    return list(answer.json()["items"])


def moved_to(owner: Browser, kickoff: str, day: str) -> str:
    """Where the form leads when the day is changed."""
    page = owner.get(f"/kickoffs/{kickoff}/edit").text
    version = re.search(r'name="version" value="(\d+)"', page)
    assert version
    sent = {"title": "Kurs", "day": day, "version": version[1], **SENT}
    return str(owner.post(f"/kickoffs/{kickoff}/edit", **sent).headers["location"])


def test_the_frame_is_offered_first_and_nothing_is_a_choice(owner: Browser) -> None:
    page = owner.get("/kickoffs/new").text
    offered = re.findall(r'name="template" value="(\w+)"( checked)?', page)
    assert offered[0] == ("frame", " checked")
    assert ("nothing", "") in offered


def test_from_the_frame_there_is_a_day_and_a_rhythm(owner: Browser, api: Any) -> None:
    kickoff = made(owner, title="Kurs", day="2027-01-12", template="frame")
    blocks = items(api, kickoff, "agenda-blocks")
    assert blocks[0]["kind"] == "opening"
    assert blocks[-1]["kind"] == "closing"
    due = sorted(one["due"] for one in items(api, kickoff, "milestones"))
    assert due == ["2027-02-11", "2027-03-13", "2027-04-12"]
    assert "Åpning" in words(owner.get(f"/kickoffs/{kickoff}/agenda").text)


@pytest.mark.parametrize("template", [{}, {"template": "nothing"}, {"template": "<script>"}])
def test_from_nothing_it_is_empty(owner: Browser, api: Any, template: dict[str, str]) -> None:
    kickoff = made(owner, title="Tom", **template)
    for part in ("agenda-blocks", "milestones", "narratives", "glossary", "channels"):
        assert items(api, kickoff, part) == []


def test_from_an_earlier_one_it_has_that_ones_plan_and_its_own_day(
    owner: Browser, api: Any
) -> None:
    earlier = made(owner, title="I fjor", day="2026-01-12", template="frame", venue="Fyrsalen")
    copy = made(owner, title="I år", day="2027-02-01", template="earlier", earlier=earlier)
    told = api.get(f"/api/v1/kickoffs/{copy}").json()
    assert (told["title"], told["day"], told["venue"]) == ("I år", "2027-02-01", "Fyrsalen")
    assert told["copied_from_id"] == earlier
    assert len(items(api, copy, "agenda-blocks")) == len(items(api, earlier, "agenda-blocks"))
    steps = {one["day"]: one["due"] for one in items(api, copy, "communication-steps")}
    assert steps["0"] == "2027-02-01"
    assert steps["30"] == "2027-03-03"


def test_somebody_elses_kickoff_is_no_template(product: Product, owner: Browser) -> None:
    unknown = "00000000-0000-7000-8000-000000000000"
    answer = owner.post("/kickoffs", **SENT, title="Kopi", template="earlier", earlier=unknown)
    assert answer.status_code == 422
    assert 'value="Kopi"' in answer.text
    assert re.search(r'value="earlier" checked', answer.text)


def test_the_api_starts_from_the_frame_in_the_language_that_was_asked_for(api: Any) -> None:
    for language, expected in (("nb", "Avslutning"), ("en", "Closing")):
        answer = api.post(
            "/api/v1/kickoffs",
            json={"title": "Kurs", "day": "2027-01-12", "template": "frame"},
            headers={"accept-language": language},
        )
        assert answer.status_code == 201
        assert "template" not in answer.json()
        assert items(api, answer.json()["id"], "agenda-blocks")[-1]["title"] == expected


def test_the_api_knows_no_other_template(api: Any) -> None:
    answer = api.post("/api/v1/kickoffs", json={"title": "Kurs", "template": "magic"})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "/template"


def test_moving_the_day_shows_what_follows_and_moves_it_in_one_step(
    owner: Browser, api: Any
) -> None:
    kickoff = made(owner, title="Kurs", day="2027-01-12", template="frame")
    leads_to = moved_to(owner, kickoff, "2027-01-19")
    assert leads_to == f"/kickoffs/{kickoff}/dates?before=2027-01-12"
    page = owner.get(leads_to).text
    assert page.count("<tr") == 1 + 7
    assert sorted(one["due"] for one in items(api, kickoff, "milestones"))[0] == "2027-02-11"
    action = re.search(r'action="([^"]+/dates[^"]*)"', page)
    assert action
    owner.post(unescape(action[1]))
    due = sorted(one["due"] for one in items(api, kickoff, "milestones"))
    assert due == ["2027-02-18", "2027-03-20", "2027-04-19"]
    # Twice moves nothing twice.
    owner.post(unescape(action[1]))
    assert sorted(one["due"] for one in items(api, kickoff, "milestones")) == due


def test_the_api_shows_and_moves_the_same(api: Any) -> None:
    sent = {"title": "Kurs", "day": "2027-01-12", "template": "frame"}
    told = api.post("/api/v1/kickoffs", json=sent)
    here = f"/api/v1/kickoffs/{told.json()['id']}"
    changed = api.patch(
        here, json={"day": "2027-01-19"}, headers={"if-match": told.headers["etag"]}
    )
    assert changed.status_code == 200
    shown = api.get(f"{here}/dates?before=2027-01-12").json()["items"]
    assert len(shown) == 7
    assert {(one["due"], one["to"]) for one in shown} >= {("2027-01-12", "2027-01-19")}
    assert api.post(f"{here}/dates", json={"before": "2027-01-12"}).json()["items"]
    assert api.post(f"{here}/dates", json={"before": "2027-01-12"}).json()["items"] == []
    assert api.get(f"{here}/dates?before=2027-01-12").json()["items"] == []


def test_the_first_day_gives_the_rhythm_its_dates(owner: Browser, api: Any) -> None:
    kickoff = made(owner, title="Kurs", template="frame")
    leads_to = moved_to(owner, kickoff, "2027-01-12")
    assert leads_to == f"/kickoffs/{kickoff}/dates?before="
    owner.post(leads_to)
    assert {one["due"] for one in items(api, kickoff, "milestones")} == {
        "2027-02-11",
        "2027-03-13",
        "2027-04-12",
    }


def test_what_nothing_follows_is_not_asked_about(owner: Browser) -> None:
    kickoff = made(owner, title="Kurs", day="2027-01-12")
    assert moved_to(owner, kickoff, "2027-01-19") == f"/kickoffs/{kickoff}?said=saved"
    told = words(owner.get(f"/kickoffs/{kickoff}/dates?before=2027-01-12").text)
    assert "<tr" not in told


def test_a_day_that_is_none_is_refused(owner: Browser) -> None:
    kickoff = made(owner, title="Kurs", day="2027-01-12", template="frame")
    assert owner.get(f"/kickoffs/{kickoff}/dates?before=i-går").status_code in (404, 422)
