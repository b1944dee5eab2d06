"""F9: the plan is published at a link that previews well, and goes into a wiki as HTML and
Markdown; what is not for everybody is not in it.

Seen red with RISKS among PUBLISHED, with `autoescape` off in the export, and with a link that
outlives its unpublishing.
"""

import re
from typing import Any

import pytest
from sqlmodel import select

from app.models.notices import Notice
from app.operations import records
from app.operations.entities import ACTIONS, GOALS, PEOPLE, RISKS
from tests.support.product import Product

HOSTILE = 'Svar | <script>alert("x")</script> [her](http://evil.example)'


@pytest.fixture(scope="module")
def where(product: Product) -> str:
    with product.database.unit_of_work() as session:

        def make(entity: Any, **values: Any) -> str:
            return records.create(session, entity, product.kickoff.id, values).id

        kari = make(PEOPLE, name="Kari Bø", email="kari@nordlys.example")
        make(GOALS, title=HOSTILE, owner_id=kari)
        make(ACTIONS, title="Ring kundene", owner_id=kari)
        make(RISKS, title="Hemmelig risiko")
    return f"/kickoffs/{product.kickoff.id}"


def published(product: Product, where: str) -> str:
    owner = product.browser("owner")
    assert owner.post(f"{where}/plan/publish").status_code == 303
    found = re.search(r'href="(/plans/[^"]+)"', owner.get(f"{where}/paper").text)
    assert found
    return found[1]


def test_everybody_with_the_link_reads_it_and_it_previews_itself(
    product: Product, where: str
) -> None:
    link = published(product, where)
    answer = product.browser().get(link)
    assert answer.status_code == 200
    for name, value in (("title", "Kurs 2027"), ("type", "website"), ("site_name", "Kickoff")):
        assert f'<meta property="og:{name}" content="{value}">' in answer.text
    assert re.search(rf'property="og:url" content="http[^"]+{re.escape(link)}"', answer.text)
    assert "Ring kundene" in answer.text
    assert "Kari Bø" in answer.text
    for hidden in ("Hemmelig risiko", "kari@nordlys.example", "<script>alert"):
        assert hidden not in answer.text
    assert answer.headers["x-robots-tag"] == "noindex"


def test_an_unpublished_link_leads_nowhere_and_a_new_one_is_another(
    product: Product, where: str
) -> None:
    link, owner = published(product, where), product.browser("owner")
    owner.post(f"{where}/plan/publish", anew="yes")
    assert product.browser().get(link).status_code == 404
    link = published(product, where)
    assert product.browser().get(link).status_code == 200
    owner.post(f"{where}/plan/unpublish")
    assert product.browser().get(link).status_code == 404


def test_the_channels_hear_of_a_link_once(product: Product, where: str) -> None:
    published(product, where)
    owner = product.browser("owner")
    for said in ("channels_told", "channels_knew"):
        assert said in owner.post(f"{where}/plan/tell").headers["location"]
    with product.database.reading() as session:
        notices = session.scalars(select(Notice).where(Notice.kind == "plan_published")).all()
    assert len(notices) == 1


def test_a_new_link_is_told_again(product: Product, where: str) -> None:
    """The old one leads nowhere by now. Seen red with the time of the first link kept."""
    published(product, where)
    owner = product.browser("owner")
    owner.post(f"{where}/plan/tell")
    owner.post(f"{where}/plan/publish", anew="yes")
    assert "channels_told" in owner.post(f"{where}/plan/tell").headers["location"]
    with product.database.reading() as session:
        wanted = select(Notice).where(Notice.kind == "plan_published").order_by(Notice.id)
        told = session.scalars(wanted).all()[-1].data["path"]
    assert told == published(product, where)


def test_a_wiki_gets_tables_in_which_nothing_typed_is_a_sign(product: Product, where: str) -> None:
    viewer = product.browser("viewer")
    markdown, page = viewer.get(f"{where}/plan.md"), viewer.get(f"{where}/plan.html")
    assert markdown.headers["content-type"].startswith("text/markdown")
    assert "attachment" in page.headers["content-disposition"]
    assert "# Kurs 2027" in markdown.text
    assert r"| Svar \| \<script\>alert" in markdown.text
    assert r"\[her\]\(http://evil.example\)" in markdown.text
    assert "<script>" not in page.text
    for text in (markdown.text, page.text):
        assert "Hemmelig risiko" in text  # who takes it out sees the plan
        assert "Ring kundene" in text


def test_only_who_edits_the_plan_publishes_it(product: Product, where: str) -> None:
    for path in ("plan/publish", "plan/unpublish", "plan/tell"):
        assert product.browser("viewer").post(f"{where}/{path}").status_code == 403
        assert product.browser("foreigner").post(f"{where}/{path}").status_code == 404
    assert product.browser("foreigner").get(f"{where}/plan.md").status_code == 404


def test_who_opens_it_is_counted_once_by_name_or_as_one_of_the_others(
    product: Product, where: str
) -> None:
    """F3: apart from whether it is published. Seen red with a browser that counts each time."""
    link = published(product, where)
    indicators = f"/api/v1{where}/indicators"
    before = product.api().get(indicators).json()["plan_readers"]
    viewer, stranger = product.browser("viewer"), product.browser()
    for browser in (viewer, stranger):
        for _ in range(2):
            assert browser.get(link).status_code == 200
    after = product.api().get(indicators).json()["plan_readers"]
    assert len(after["names"]) == len(before["names"]) + 1
    assert after["others"] == before["others"] + 1
    page = product.browser("owner").get(f"{where}/indicators").text
    assert after["names"][-1] in page
    assert "kickoff_plan_read" not in str(viewer.http.cookies)
