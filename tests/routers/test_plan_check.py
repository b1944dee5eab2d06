"""The plan check on its page, over REST and beside the forms."""

import re
from datetime import date, timedelta
from html import unescape

import pytest

from app.access import Scope
from app.rules.plan_check.check import SECTIONS
from tests.support.product import Browser, Product


@pytest.fixture(scope="module")
def owner(product: Product) -> Browser:
    return product.browser("owner")


@pytest.fixture
def here(owner: Browser) -> str:
    """A new kickoff's address."""
    answer = owner.post(
        "/kickoffs", title="Kurs 2027", starts_at="09:00", time_zone="Europe/Oslo", day="2026-02-03"
    )
    return str(answer.headers["location"]).partition("/plan")[0]


def words(page: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


def made(owner: Browser, address: str, **values: str | list[str]) -> str:
    answer = owner.post(address, **values)
    assert answer.status_code == 303, words(answer.text)
    return str(answer.headers["location"]).partition("#record-")[2]


def state(page: str, id: str) -> str:
    found = re.search(rf'<li class="check-of-plan check-(\w+)" id="{re.escape(id)}">', page)
    assert found, id
    return found[1]


def test_every_rule_is_on_the_page_with_its_words_in_both_languages(
    owner: Browser, here: str
) -> None:
    for language in ("en", "nb"):
        owner.post("/language", language=language)
        page = owner.get(f"{here}/plan-check").text
        for rules in SECTIONS.values():
            for rule in rules:
                found = re.search(
                    rf'id="{re.escape(rule.id)}">.*?<p class="asks">(.*?)</p>', page, re.S
                )
                assert found, rule.id
                assert words(found[1]), f"{rule.id} says nothing"
    owner.post("/language", language="nb")


def test_a_new_kickoff_is_not_begun_and_nothing_is_refused(owner: Browser, here: str) -> None:
    page = owner.get(f"{here}/plan-check").text
    assert state(page, "goals.count") == "not_begun"
    assert state(page, "kickoff.when") == "short"
    assert 'aria-current="page">' in page


def test_what_is_short_names_the_record_and_leads_to_its_mending(owner: Browser, here: str) -> None:
    one = made(owner, f"{here}/goals", title="Svar <b>samme</b> dag på én æøå")
    made(owner, f"{here}/strategic-moves", title="Én vei inn", goal_id=one)
    page = owner.get(f"{here}/plan-check").text
    assert state(page, "goals.count") == "short"
    assert state(page, "moves.per_goal") == "short"
    assert f'href="{here}/strategic-moves/new?goal_id={one}"' in page
    assert f'href="{here}/goals/{one}"' in page
    assert "Svar &lt;b&gt;samme" in page
    blank = owner.get(f"{here}/strategic-moves/new?goal_id={one}").text
    assert re.search(rf'<option value="{one}" selected', blank)
    assert state(owner.get(f"{here}/plan-check").text, "focus.count") == "not_begun"
    for title in ("Riktig faktura", "Færre feil"):
        made(owner, f"{here}/goals", title=title)
    assert state(owner.get(f"{here}/plan-check").text, "goals.count") == "met"


def test_what_is_missing_of_a_kind_leads_to_a_new_one_of_it(owner: Browser, here: str) -> None:
    made(owner, f"{here}/milestones", title="Innboksen er åpen", window="30")
    page = owner.get(f"{here}/plan-check").text
    assert state(page, "milestones.steps") == "short"
    assert f'href="{here}/milestones/new?window=60"' in page
    assert f'href="{here}/milestones/new?window=90"' in page
    assert f'href="{here}/edit#field-venue"' in page
    assert 'id="field-venue"' in owner.get(f"{here}/edit").text


def test_every_way_that_it_shows_leads_somewhere(owner: Browser, here: str) -> None:
    """A plan with one poor record of each part: whatever is short, its links are pages."""
    person = made(owner, f"{here}/people", name="Kari")
    team = made(owner, f"{here}/teams", name="Salg")
    goal = made(owner, f"{here}/goals", title="Mål")
    made(owner, f"{here}/goals", title="Delmål", level="sub_goal")
    kpi = made(owner, f"{here}/kpis", title="Tid", goal_id=goal, on_map="true")
    made(owner, f"{here}/readings", value="1", kpi_id=kpi)
    handed = made(owner, f"{here}/deliverables", title="Innboks", owner_id=person)
    made(owner, f"{here}/raci", deliverable_id=handed, person_id=person, role="I")
    made(owner, f"{here}/initiatives", title="Løft", team_id=team)
    made(owner, f"{here}/stakeholders", name="Kommunen", influence="high")
    made(owner, f"{here}/segments", name="Ledere")
    sponsor = made(owner, f"{here}/sponsors", name="Direktøren")
    made(owner, f"{here}/appearances", title="Allmøte", sponsor_id=sponsor)
    made(owner, f"{here}/ambassadors", name="Ola")
    made(owner, f"{here}/dry-runs", title="Prøve", minutes="60")
    theme = made(owner, f"{here}/themes", title="Kunden")
    message = made(owner, f"{here}/messages", title="Vi svarer", theme_id=theme)
    made(owner, f"{here}/consequences", role="Svar selv", message_id=message)
    made(owner, f"{here}/theme-pages", title="Side", theme_id=theme)
    objective = made(owner, f"{here}/objectives", title="Bedre", team_id=team)
    made(owner, f"{here}/key-results", title="Tid", objective_id=objective)
    made(owner, f"{here}/cause-effect-links", cause_goal_id=goal, effect_kpi_id=kpi)
    for part, field in (
        ("milestones", "title"),
        ("focus-areas", "title"),
        ("narratives", "title"),
        ("supporting-points", "title"),
        ("cases", "title"),
        ("faq", "question"),
        ("glossary", "term"),
        ("channels", "name"),
        ("communication-steps", "title"),
        ("risks", "title"),
        ("actions", "title"),
        ("decisions", "title"),
        ("pilots", "title"),
    ):
        made(owner, f"{here}/{part}", **{field: "Noe"})
    for kind in ("keynote", "interactive", "sprint"):
        owner.post(f"{here}/agenda", title=kind, kind=kind, minutes="2")
    page = owner.get(f"{here}/plan-check").text
    main = page[page.index('class="check-sections"') :]
    links = {unescape(found).partition("#")[0] for found in re.findall(r'href="(/[^"]+)"', main)}
    assert len(links) > 60
    for link in sorted(links):
        assert owner.get(link).status_code == 200, link
    assert page.count("check-short") > 40


def test_programs_read_it_with_stable_ids(product: Product, owner: Browser, here: str) -> None:
    goal = made(owner, f"{here}/goals", title="Mål")
    answer = product.api(Scope.READ).get(f"/api/v1{here}/plan-check")
    assert answer.status_code == 200
    told = answer.json()
    checks = {one["id"]: one for one in told["checks"]}
    assert list(checks) == [rule.id for rules in SECTIONS.values() for rule in rules]
    count = checks["goals.count"]
    assert (count["state"], count["have"], count["want"]) == ("short", 1, [3, 5])
    assert count["href"] == f"{here}/goals"
    assert checks["goals.smart"]["where"] == [goal]
    assert {one["code"] for one in checks["goals.smart"]["findings"]} == {
        "specific", "measurable", "achievable", "relevant", "due",
    }  # fmt: skip
    assert 0 <= told["readiness"]["share"] <= 1
    assert sum(told["readiness"][one] for one in ("met", "short", "not_begun")) == len(checks)
    assert [one["phase"] for one in told["phases"]] == ["before", "day", "after"]


def test_it_asks_each_table_once_however_large_the_plan(product: Product, here: str) -> None:
    api = product.api()
    api.get(f"/api/v1{here}/plan-check")
    with product.counting() as few:
        api.get(f"/api/v1{here}/plan-check")
    for number in range(20):
        api.post(f"/api/v1{here}/goals", json={"title": f"Mål {number}"})
        api.post(f"/api/v1{here}/deliverables", json={"title": f"Leveranse {number}"})
    with product.counting() as many:
        api.get(f"/api/v1{here}/plan-check")
    assert len(many) == len(few) < 45
    tables = [found[1] for one in many if (found := re.search(r"FROM (\w+)", one))]
    plan = [table for table in tables if table not in ("api_token", "organisation", "kickoff")]
    assert len(plan) == len(set(plan))


def test_the_form_says_what_the_plan_check_says_of_this_record(owner: Browser, here: str) -> None:
    handed = made(owner, f"{here}/deliverables", title="Felles innboks")
    owner.post("/language", language="en")
    page = owner.get(f"{here}/deliverables/{handed}").text
    box = words(page[page.index('aria-labelledby="beside-title"') :])
    assert "Each deliverable has one named owner" in box
    assert "All of it" in box
    owner.post("/language", language="nb")
    for part in ("goals", "risks", "channels", "readings", "assumptions"):
        assert 'aria-labelledby="beside-title"' in owner.get(f"{here}/{part}/new").text


GOOD = {
    "title": "Kunden får svar samme dag",
    "specific": "Alle som henvender seg, i Bodø og Tromsø",
    "measurable": "Fra 11 dager til 1",
    "achievable": "To fra salg er med i vaktlisten",
    "relevant": "Kunden slipper å vente",
}


def test_a_goals_smart_criteria_stand_beside_it_in_table_and_api(
    product: Product, owner: Browser, here: str
) -> None:
    person = made(owner, f"{here}/people", name="Kari")
    due = (date.today() + timedelta(days=90)).isoformat()  # noqa: DTZ011 -- any day will do
    good = made(owner, f"{here}/goals", **GOOD, owner_id=person, due=due)
    poor = made(owner, f"{here}/goals", title="Bedre")
    api = product.api(Scope.READ)
    assert api.get(f"/api/v1{here}/goals/{good}").json()["smart"] == 5
    assert api.get(f"/api/v1{here}/goals/{poor}").json()["smart"] == 0
    page = owner.get(f"{here}/goals/{good}").text
    assert page.count('class="criterion is-met"') >= 5
    poor_page = owner.get(f"{here}/goals/{poor}").text
    assert poor_page.count('id="examples-') == 5
    table = owner.get(f"{here}/goals").text
    assert 'data-label="SMART' in table


def test_the_criteria_are_of_what_stands_in_the_form_when_it_was_refused(
    owner: Browser, here: str
) -> None:
    """Seen red with the criteria of what is saved, which was nothing."""
    refused = owner.post(f"{here}/goals", **{**GOOD, "title": "x" * 300})
    assert refused.status_code == 422
    assert refused.text.count("criterion is-met") == 3


def test_the_criteria_are_told_while_typing_and_nothing_is_kept(
    product: Product, owner: Browser, here: str
) -> None:
    answer = owner.post(f"{here}/smart", **{**GOOD, "title": "<script>x</script>"})
    assert answer.status_code == 200
    assert "<html" not in answer.text
    assert "<script>x" not in answer.text
    # All but the owner, who makes it achievable, and the date.
    assert answer.text.count("criterion is-met") == 3
    assert product.api(Scope.READ).get(f"/api/v1{here}/goals").json()["items"] == []
    assert product.browser("outsider").post(f"{here}/smart", **GOOD).status_code == 404
    viewer = product.browser("viewer")
    assert viewer.post(f"/kickoffs/{product.kickoff.id}/smart", **GOOD).status_code == 200
