"""An action says where it comes from: in the table, and beside its form which question of the room
and what was written there.

Seen red: the source stood in the form's list of choices alone.
"""

from typing import Any

import pytest

from app.models.activities import Activity, Entry
from app.operations import actions
from tests.support.product import Browser, Product

TITLE = "Hva står i <i>veien</i> for oss?"


@pytest.fixture(scope="module")
def reader(product: Product) -> Browser:
    return product.browser("owner")


@pytest.fixture
def kickoff_id(reader: Browser) -> str:
    made = reader.post("/kickoffs", title="Kurs 2027", starts_at="09:00", time_zone="Europe/Oslo")
    return str(made.headers["location"]).split("/")[2]


def obstacle(product: Product, kickoff_id: str, text: str, **called: Any) -> str:
    """The id of an action that was made of an obstacle."""
    asked = {"kind": "top_obstacles", "title": TITLE}
    path = f"/api/v1/kickoffs/{kickoff_id}/activities"
    activity_id = product.api().post(path, json=asked).json()["id"]
    with product.database.unit_of_work() as session:
        activity = session.get_one(Activity, activity_id)
        entry = Entry(activity_id=activity.id, text=text)
        session.add(entry)
        session.flush()
        made = actions.create_action(
            session,
            kickoff_id,
            source="obstacle",
            source_activity_id=activity.id,
            source_entry_id=entry.id,
            title=called.get("title", text),
        )
        return made.id


def test_the_table_says_of_each_action_where_it_comes_from(
    product: Product, reader: Browser, kickoff_id: str
) -> None:
    where = f"/kickoffs/{kickoff_id}/actions"
    obstacle(product, kickoff_id, "For mange prosjekter")
    reader.post(where, title="Fra planen")
    page = reader.get(where).text
    assert 'data-label="Kilde"' in page
    rows = {name: page.partition(name)[2].partition("</tr>")[0] for name in ("For mange", "Fra")}
    assert "Hindring" in rows["For mange"]
    assert "Hindring" not in rows["Fra"]


def test_the_form_says_which_question_and_what_was_written(
    product: Product, reader: Browser, kickoff_id: str
) -> None:
    made = obstacle(product, kickoff_id, "For mange prosjekter", title="Stoppe to prosjekter")
    form = reader.get(f"/kickoffs/{kickoff_id}/actions/{made}").text
    assert "Hva står i &lt;i&gt;veien&lt;/i&gt; for oss?" in form
    assert "For mange prosjekter</q>" in form
    planned = reader.post(f"/kickoffs/{kickoff_id}/actions", title="Fra planen")
    record = planned.headers["location"].partition("#record-")[2]
    assert "<q" not in reader.get(f"/kickoffs/{kickoff_id}/actions/{record}").text
