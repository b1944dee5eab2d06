"""Two have one record open: whoever saves second is told what changed, and neither loses a word."""

import re

import pytest

from tests.routers.test_plan_pages import made, ticked, words
from tests.support.product import Browser, Product


@pytest.fixture(scope="module")
def kari(product: Product) -> Browser:
    return product.browser("owner")


@pytest.fixture(scope="module")
def ola(product: Product) -> Browser:
    return product.browser("administrator")


@pytest.fixture
def here(kari: Browser) -> str:
    answer = kari.post(
        "/kickoffs", title="Kurs 2027", starts_at="09:00", time_zone="Europe/Oslo", day="2026-02-03"
    )
    return str(answer.headers["location"]).partition("/plan")[0]


def version(page: str) -> str:
    found = re.search(r'name="version" value="(\d+)"', page)
    assert found
    return found[1]


def field(page: str, name: str) -> str:
    area = re.search(rf'<textarea[^>]*name="{name}"[^>]*>(.*?)</textarea>', page, re.DOTALL)
    line = re.search(rf'<input type="text" value="([^"]*)" id="field-{name}"', page)
    found = area or line
    assert found, name
    return found[1]


def meanwhile(page: str) -> str:
    return page.partition('id="meanwhile"')[2].partition("</section>")[0]


def test_what_only_one_of_them_changed_stands(kari: Browser, ola: Browser, here: str) -> None:
    risk = f"{here}/risks/{made(kari, f'{here}/risks', title='Risiko', mitigation='Først')}"
    opened = {"version": "1", "title": "Risiko", "mitigation": "Først", "due": ""}
    assert ola.post(risk, **{**opened, "mitigation": "Olas tiltak"}).status_code == 303
    back = kari.post(risk, **{**opened, "title": "Karis risiko"})
    assert back.status_code == 412
    told = words(meanwhile(back.text))
    assert "Administrator" in told  # Ola
    assert "Olas tiltak" in told
    assert 'name="keep_' not in back.text
    assert field(back.text, "title") == "Karis risiko"
    assert field(back.text, "mitigation") == "Olas tiltak"
    again = {"title": "Karis risiko", "mitigation": "Olas tiltak", "due": ""}
    assert kari.post(risk, version=version(back.text), **again).status_code == 303
    page = kari.get(risk).text
    assert field(page, "title") == "Karis risiko"
    assert field(page, "mitigation") == "Olas tiltak"


@pytest.mark.parametrize("choice, stands", [("mine", "Karis"), ("theirs", "Olas")])
def test_what_both_changed_is_a_choice(
    kari: Browser, ola: Browser, here: str, choice: str, stands: str
) -> None:
    goal = f"{here}/goals/{made(kari, f'{here}/goals', title='Mål')}"
    assert ola.post(goal, version="1", title="Olas").status_code == 303
    back = kari.post(goal, version="1", title="Karis")
    assert back.status_code == 412
    both = re.search(
        r'<fieldset class="stale-both" id="clash-title">.*?</fieldset>', back.text, re.S
    )
    assert both
    assert {"Karis", "Olas"} <= set(words(both[0]).split())
    assert 'form="record" name="keep_title" value="theirs"' in both[0]
    sent = {"version": version(back.text), "title": "Karis", "keep_title": choice}
    assert kari.post(goal, **sent).status_code == 303
    assert field(kari.get(goal).text, "title") == stands


def test_the_same_word_twice_is_no_clash(kari: Browser, ola: Browser, here: str) -> None:
    goal = f"{here}/goals/{made(kari, f'{here}/goals', title='Mål')}"
    assert ola.post(goal, version="1", title="Enige").status_code == 303
    back = kari.post(goal, version="1", title=" Enige ")
    assert back.status_code == 412
    assert 'name="keep_' not in back.text


def test_what_cannot_be_saved_is_kept_as_it_was_typed(
    kari: Browser, ola: Browser, here: str
) -> None:
    goal = made(kari, f"{here}/goals", title="Mål")
    kpi = f"{here}/kpis/{made(kari, f'{here}/kpis', title='Feil', goal_id=goal)}"
    assert ola.post(kpi, version="1", title="Feil", baseline="4").status_code == 303
    back = kari.post(kpi, version="1", title="Feil", baseline="mye", target="2")
    assert back.status_code == 412
    assert 'value="mye"' in back.text
    assert "4" in words(meanwhile(back.text))


def test_of_lists_the_others_ticks_stand(kari: Browser, ola: Browser, here: str) -> None:
    first, second = (made(kari, f"{here}/people", name=name) for name in ("Per", "Liv"))
    where = f"{here}/deliverables"
    wanted = f"{where}/{made(kari, where, title='Innboks', supporter_ids=['', first])}"
    theirs = {"version": "1", "title": "Innboks", "supporter_ids": ["", first, second]}
    assert ola.post(wanted, **theirs).status_code == 303
    back = kari.post(wanted, version="1", title="Innboksen", supporter_ids=["", first])
    assert back.status_code == 412
    assert ticked(back.text, "supporter_ids") == {first, second}
    assert field(back.text, "title") == "Innboksen"


def test_boxes_that_stay_ticked_keep_the_order_that_they_were_given_in(
    product: Product, kari: Browser, here: str
) -> None:
    per, liv, eva = (made(kari, f"{here}/people", name=name) for name in ("Per", "Liv", "Eva"))
    api, where = product.api(), f"{here}/deliverables"
    sent = {"title": "Innboks", "supporter_ids": [liv, per]}
    wanted = api.post(f"/api/v1{where}", json=sent).json()["id"]
    # A form posts its boxes as they stand on the page.
    boxes = {"version": "1", "title": "Innboks", "supporter_ids": ["", eva, per, liv]}
    assert kari.post(f"{where}/{wanted}", **boxes).status_code == 303
    stored = api.get(f"/api/v1{where}/{wanted}").json()
    assert stored["supporter_ids"] == [liv, per, eva]


def test_a_third_save_in_between_asks_again(kari: Browser, ola: Browser, here: str) -> None:
    goal = f"{here}/goals/{made(kari, f'{here}/goals', title='Mål')}"
    ola.post(goal, version="1", title="Olas")
    back = kari.post(goal, version="1", title="Karis")
    ola.post(goal, version="2", title="Olas neste")
    again = kari.post(goal, version=version(back.text), title="Karis", keep_title="mine")
    assert again.status_code == 412
    assert "Olas neste" in words(meanwhile(again.text))
    assert field(again.text, "title") == "Karis"


def test_of_what_was_removed_meanwhile_the_words_are_kept(
    kari: Browser, ola: Browser, here: str
) -> None:
    goal = made(kari, f"{here}/goals", title="Mål")
    assert ola.post(f"{here}/goals/{goal}/remove").status_code == 303
    back = kari.post(f"{here}/goals/{goal}", version="1", title="Lang tekst")
    assert back.status_code == 412
    assert "Administrator" in words(back.text)
    assert field(back.text, "title") == "Lang tekst"
    assert f'action="{here}/goals"' in back.text
    assert kari.post(f"{here}/goals", title="Lang tekst").status_code == 303


def test_a_form_without_a_version_overwrites_nothing(
    kari: Browser, ola: Browser, here: str
) -> None:
    goal = f"{here}/goals/{made(kari, f'{here}/goals', title='Mål')}"
    for nonsense in ("", "x", "-1", "9" * 30):
        back = kari.post(goal, version=nonsense, title="Nytt")
        assert back.status_code == 412, nonsense
        assert 'name="keep_title"' in back.text
    assert field(ola.get(goal).text, "title") == "Mål"


def test_what_one_may_not_see_is_neither_told_nor_lost(product: Product, kari: Browser) -> None:
    here = f"/kickoffs/{product.kickoff.id}/agenda"
    block = made_block(kari, here)
    contributor = product.browser("contributor")
    sent = {"version": "1", "title": "Åpning", "kind": "opening", "minutes": "30"}
    assert kari.post(block, **sent, notes="Hemmelig stikkord").status_code == 303
    back = contributor.post(block, **{**sent, "title": "Åpningen"})
    assert back.status_code == 412
    assert "Hemmelig" not in back.text
    again = {**sent, "title": "Åpningen", "version": version(back.text)}
    assert contributor.post(block, **again).status_code == 303
    assert field(kari.get(block).text, "notes") == "Hemmelig stikkord"


def made_block(browser: Browser, here: str) -> str:
    answer = browser.post(here, title="Åpning", kind="opening", minutes="30")
    assert answer.status_code == 303, words(answer.text)
    return str(answer.headers["location"]).partition("?")[0].partition("#")[0]
