"""Causes and effects by form: two lists of what there is, and what is wrong beside its list."""

import re

import pytest

from tests.routers.test_plan_pages import error_of, made, row, words
from tests.support.product import Browser, Product


@pytest.fixture(scope="module")
def owner(product: Product) -> Browser:
    return product.browser("owner")


@pytest.fixture
def here(owner: Browser) -> str:
    answer = owner.post("/kickoffs", title="Kurs", starts_at="09:00", time_zone="Europe/Oslo")
    return str(answer.headers["location"]).partition("/plan")[0]


def chosen(page: str, name: str) -> str:
    found = re.search(rf'<select id="field-{name}".*?</select>', page, re.DOTALL)
    assert found, name
    selected = re.search(r'value="([^"]*)" selected', found[0])
    return selected[1] if selected else ""


@pytest.fixture
def goal(owner: Browser, here: str) -> str:
    return made(owner, f"{here}/goals", title="Færre <b>feil</b>")


@pytest.fixture
def kpi(owner: Browser, here: str) -> str:
    return made(owner, f"{here}/kpis", title="Svartid")


def test_an_arrow_is_made_of_two_lists_and_read_as_a_sentence(
    owner: Browser, here: str, goal: str, kpi: str
) -> None:
    where = f"{here}/cause-effect-links"
    form = owner.get(f"{where}/new").text
    assert '<optgroup label="Mål">' in form
    assert "cause_goal_id" not in re.sub(r'value="cause_goal_id:[^"]*"', "", form)
    sent = {"cause": f"cause_kpi_id:{kpi}", "effect": f"effect_goal_id:{goal}"}
    link = made(owner, where, **sent, because="Det ventes mindre")
    seen = words(row(owner.get(where).text, link))
    assert "Svartid" in seen
    assert seen.index("Svartid") < seen.index("Færre <b>feil</b>") < seen.index("Det ventes mindre")
    edited = owner.get(f"{where}/{link}").text
    assert chosen(edited, "cause") == f"cause_kpi_id:{kpi}"
    assert chosen(edited, "effect") == f"effect_goal_id:{goal}"
    assert not re.search(r"<h1>\s*</h1>", edited)


def test_an_end_can_become_another_kind(owner: Browser, here: str, goal: str, kpi: str) -> None:
    where = f"{here}/cause-effect-links"
    deliverable = made(owner, f"{here}/deliverables", title="Innboks")
    sent = {"cause": f"cause_kpi_id:{kpi}", "effect": f"effect_goal_id:{goal}"}
    link = made(owner, where, **sent)
    sent["cause"] = f"cause_deliverable_id:{deliverable}"
    assert owner.post(f"{where}/{link}", version="1", because="", **sent).status_code == 303
    assert chosen(owner.get(f"{where}/{link}").text, "cause") == sent["cause"]


@pytest.mark.parametrize(
    "cause, effect, wrong",
    [
        ("", "effect_goal_id:{goal}", "cause"),
        ("cause_goal_id:{goal}", "", "effect"),
        ("cause_goal_id:{goal}", "effect_goal_id:{goal}", "effect"),
        ("effect_goal_id:{goal}", "effect_kpi_id:{kpi}", "cause"),
        ("cause_goal_id:{goal}", "effect_kpi_id:{nobody}", "effect"),
        ("cause_goal_id:{goal}", "effect_kpi_id:nonsense", "effect"),
        ("title:{goal}", "effect_kpi_id:{kpi}", "cause"),
    ],
)
def test_what_is_wrong_stands_beside_its_list_and_the_rest_is_kept(
    owner: Browser, here: str, goal: str, kpi: str, cause: str, effect: str, wrong: str
) -> None:
    ids = {"goal": goal, "kpi": kpi, "nobody": "00000000-0000-0000-0000-000000000000"}
    sent = {"cause": cause.format(**ids), "effect": effect.format(**ids), "because": "Fordi"}
    answer = owner.post(f"{here}/cause-effect-links", **sent)
    assert answer.status_code == 422
    assert error_of(answer.text, wrong)
    other = {"cause": "effect", "effect": "cause"}[wrong]
    assert not error_of(answer.text, other)
    assert chosen(answer.text, other) == sent[other]
    assert 'value="Fordi"' in answer.text
    assert f'href="#field-{wrong}"' in answer.text


def test_the_eight_columns_can_still_be_sent(
    owner: Browser, here: str, goal: str, kpi: str
) -> None:
    made(owner, f"{here}/cause-effect-links", cause_kpi_id=kpi, effect_goal_id=goal)


def test_an_empty_plan_has_a_form_all_the_same(owner: Browser, here: str) -> None:
    assert owner.get(f"{here}/cause-effect-links/new").status_code == 200
