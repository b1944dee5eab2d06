"""The plan's records as pages: what is typed is kept, faults stand beside their field."""

import re
from html import unescape

import pytest

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
    """The page as read: without tags."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


def made(owner: Browser, address: str, **values: str | list[str]) -> str:
    """The id of a new record."""
    answer = owner.post(address, **values)
    assert answer.status_code == 303, words(answer.text)
    return str(answer.headers["location"]).partition("#record-")[2]


def row(page: str, record: str) -> str:
    found = re.search(rf'<tr id="record-{record}".*?</tr>', page, re.DOTALL)
    assert found, record
    return found[0]


def ticked(page: str, name: str) -> set[str]:
    boxes = re.findall(rf'name="{name}" value="([^"]+)" checked', page)
    return set(boxes)


def error_of(page: str, name: str) -> str:
    found = re.search(rf'id="field-{name}-error">(.*?)</p>', page, re.DOTALL)
    return words(found[1]) if found else ""


def test_the_plan_leads_to_each_of_its_parts(owner: Browser, here: str) -> None:
    made(owner, f"{here}/goals", title="Mål")
    page = owner.get(f"{here}/plan").text
    for part, icon in (("goals", "Mål"), ("kpis", "KPI-er"), ("actions", "Tiltak")):
        assert f'href="{here}/{part}"' in page, icon
    assert "1 på listen" in words(page)
    for part in ("kpis", "deliverables", "risks", "actions", "decisions", "assumptions"):
        empty = owner.get(f"{here}/{part}").text
        assert f'class="button go" href="{here}/{part}/new"' in empty
        assert 'aria-current="page">Plan<' in empty


def test_a_figure_is_typed_with_a_comma_and_comes_back_with_it(owner: Browser, here: str) -> None:
    goal = made(owner, f"{here}/goals", title="Svar samme dag")
    kpi = made(
        owner,
        f"{here}/kpis",
        title="Feil",
        goal_id=goal,
        unit="%",
        baseline="1 203,5",
        target="-0,125",
    )
    page = owner.get(f"{here}/kpis").text
    seen = words(row(page, kpi)).replace("\xa0", " ")
    assert "Svar samme dag" in seen
    assert "1 203,5" in seen
    assert "0,125" in seen
    form = owner.get(f"{here}/kpis/{kpi}").text
    assert 'inputmode="decimal"' in form
    again = re.search(r'value="([^"]*)"[^>]*name="target"', form)
    assert again
    sent = {"version": "1", "title": "Feil", "target": unescape(again[1]), "baseline": "mye"}
    wrong = owner.post(f"{here}/kpis/{kpi}", **sent)
    assert wrong.status_code == 422
    assert error_of(wrong.text, "baseline") == "Dette må være et tall."
    assert 'value="mye"' in wrong.text
    assert owner.post(f"{here}/kpis/{kpi}", **{**sent, "baseline": ""}).status_code == 303


@pytest.mark.parametrize("language", ["nb", "en"])
@pytest.mark.parametrize("budget", [450_000, 1_234_567.5, 0.125])
def test_a_form_that_is_saved_untouched_leaves_its_figures_as_they_were(
    product: Product, owner: Browser, here: str, language: str, budget: float
) -> None:
    api, where = product.api(), f"{here}/initiatives"
    made_of = {"title": "Innboks", "budget": budget}
    one = f"{where}/{api.post(f'/api/v1{where}', json=made_of).json()['id']}"
    page = owner.http.get(one, headers={"accept": "text/html", "accept-language": language}).text
    shown = re.search(r'value="([^"]*)" id="field-budget"', page)
    assert shown
    answer = owner.post(one, version="1", title="Innboks", budget=unescape(shown[1]))
    assert answer.status_code == 303, words(answer.text)
    assert api.get(f"/api/v1{one}").json()["budget"] == budget


def test_several_are_ticked_kept_on_a_fault_and_unticked(owner: Browser, here: str) -> None:
    kari, ola = (made(owner, f"{here}/people", name=name) for name in ("Kari", "Ola"))
    where = f"{here}/deliverables"
    wrong = owner.post(
        where, title=" ", supporter_ids=["", kari, ola], prioritised=["false", "true"]
    )
    assert wrong.status_code == 422
    assert ticked(wrong.text, "supporter_ids") == {kari, ola}
    assert ticked(wrong.text, "prioritised") == {"true"}
    both = ["", kari, ola]
    record = made(owner, where, title="Innboks", supporter_ids=both, prioritised=["false", "true"])
    seen = words(row(owner.get(where).text, record))
    assert "Kari, Ola" in seen
    assert "Ja" in seen
    # What a form asks about and nobody ticked is none.
    sent = {"version": "1", "title": "Innboks", "supporter_ids": "", "prioritised": "false"}
    assert owner.post(f"{where}/{record}", **sent).status_code == 303
    left = owner.get(f"{where}/{record}").text
    assert (ticked(left, "supporter_ids"), ticked(left, "prioritised")) == (set(), set())


def test_of_many_those_chosen_are_in_sight(owner: Browser, here: str) -> None:
    people = [made(owner, f"{here}/people", name=f"Person {n}") for n in range(12)]
    where = f"{here}/deliverables"
    record = made(owner, where, title="A", supporter_ids=["", people[11]])
    form = owner.get(f"{where}/{record}").text
    assert form.index(people[11]) < form.index("<summary>") < form.rindex(people[0])
    assert "Velg blant 11 til" in words(form)


def test_a_circle_is_told_beside_its_field(owner: Browser, here: str) -> None:
    top = made(owner, f"{here}/goals", title="Topp")
    part = made(owner, f"{here}/goals", title="Del", parent_id=top)
    form = owner.get(f"{here}/goals/{top}").text
    assert f'value="{top}"' not in form  # nothing is part of itself
    wrong = owner.post(f"{here}/goals/{top}", version="1", title="Topp nå", parent_id=part)
    assert wrong.status_code == 422
    assert "«Topp»" in error_of(wrong.text, "parent_id")
    assert 'value="Topp nå"' in wrong.text


def test_a_status_is_an_icon_a_word_and_the_reason(owner: Browser, here: str) -> None:
    where = f"{here}/actions"
    late = made(owner, where, title="A", due="2026-02-04", status="green")
    cell = row(owner.get(where).text, late)
    assert 'class="status status-red"><svg' in cell
    assert "Avvik Over fristen" in words(cell)
    assert "Dag 0–30" in words(cell)
    owner.post(f"{where}/{late}", version="1", title="A", state="closed")
    cell = row(owner.get(where).text, late)
    assert 'class="status status-done"><svg' in cell
    assert "Ferdig" in words(cell)


def test_saving_an_action_is_no_new_word_unless_one_says_so(
    product: Product, owner: Browser, here: str
) -> None:
    where = f"{here}/actions"
    record = made(owner, where, title="A", status="green")
    api = product.api()

    def given() -> str:
        return str(api.get(f"/api/v1{where}/{record}").json()["status_at"])

    first = given()
    sent = {"title": "B", "status": "green", "status_was": "green"}
    assert owner.post(f"{where}/{record}", version="1", **sent).status_code == 303
    assert given() == first
    again = owner.post(f"{where}/{record}", version="2", status_again="true", **sent)
    assert again.status_code == 303
    assert given() > first
    second = given()
    changed = {**sent, "status": "yellow"}
    assert owner.post(f"{where}/{record}", version="3", **changed).status_code == 303
    assert given() > second


def test_a_decision_is_superseded_by_a_form_with_it_inside(owner: Browser, here: str) -> None:
    where = f"{here}/decisions"
    old = made(owner, where, title="Vi starter i mars", text="Fordi.", decided_on="2026-02-03")
    page = owner.get(where).text
    assert f'href="{where}/{old}/supersede"' in row(page, old)
    assert "/remove" not in page
    assert owner.post(f"{where}/{old}/remove").status_code == 404
    form = owner.get(f"{where}/{old}/supersede").text
    assert f'action="{where}/{old}/supersede"' in form
    assert "Vi starter i mars" in form
    assert "2026-02-03" not in form  # the new one falls today
    wrong = owner.post(f"{where}/{old}/supersede", version="1", title="", text="Nå.")
    assert wrong.status_code == 422
    assert f'action="{where}/{old}/supersede"' in wrong.text
    assert ">Nå.</textarea>" in wrong.text
    stale = owner.post(f"{where}/{old}/supersede", version="7", title="Vi starter i april")
    assert stale.status_code == 412
    new = owner.post(f"{where}/{old}/supersede", version="1", title="Vi starter i april")
    assert new.status_code == 303
    page = owner.get(where).text
    assert 'class="superseded"' in row(page, old)
    assert "Vi starter i april" in words(row(page, old))
    assert f"{old}/supersede" not in page
    read = owner.get(f"{where}/{old}").text
    assert "Erstattet av «Vi starter i april»." in words(read)
    assert "<span>Lagre</span>" not in read


def test_every_table_is_a_file_for_excel(product: Product, owner: Browser, here: str) -> None:
    kari = made(owner, f"{here}/people", name="Kåre Ås")
    made(owner, f"{here}/deliverables", title="=HYPERLINK(1)", supporter_ids=["", kari])
    made(owner, f"{here}/kpis", title="Feil; alle", baseline="-3,5")
    assert f'href="{here}/kpis.csv"' in owner.get(f"{here}/kpis").text
    answer = owner.get(f"{here}/deliverables.csv")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert 'filename="deliverables.csv"' in answer.headers["content-disposition"]
    text = answer.content.decode()
    assert text.startswith("\ufeffTittel;Eier;Støttespillere;")
    assert "'=HYPERLINK(1);;Kåre Ås;" in text
    assert '"Feil; alle";' in owner.get(f"{here}/kpis.csv").text
    assert ";-3,5;" in owner.get(f"{here}/kpis.csv").text
    for part in ("goals", "risks", "actions", "decisions", "assumptions", "people", "teams"):
        assert owner.get(f"{here}/{part}.csv").status_code == 200
    # What only facilitators see is in nobody's file.
    owner.post(f"{here}/agenda", title="Bolk", kind="strategy", minutes="10", notes="HEMMELIG")
    assert "HEMMELIG" not in owner.get(f"{here}/agenda.csv").text
    assert product.browser("outsider").get(f"{here}/kpis.csv").status_code == 404
