"""Groups from the people list: looked at first, written as they were looked at, taken back."""

import re

import pytest
from sqlalchemy import delete
from sqlmodel import col, select

from app.ids import random_id
from app.models.groups import WorkingGroup, groups_of
from app.models.people import Person, people_of
from app.models.rooms import Participant, Room
from tests.support.product import Browser, Product


@pytest.fixture
def owner(product: Product) -> Browser:
    return product.browser("owner")


@pytest.fixture(autouse=True)
def nobody_yet(product: Product) -> None:
    with product.database.unit_of_work() as session:
        for table in (Person, WorkingGroup):
            session.execute(delete(table).where(col(table.kickoff_id) == product.kickoff.id))
        session.execute(delete(Participant))


def here(product: Product, part: str = "") -> str:
    return f"/kickoffs/{product.kickoff.id}/groups{part}"


def people(product: Product, number: int = 12) -> None:
    functions = ("Salg", "Produkt", "Drift")
    with product.database.unit_of_work() as session:
        for n in range(number):
            about = {"name": f"Ærlig {n:02}", "function": functions[n % 3]}
            session.add(Person(kickoff_id=product.kickoff.id, **about))


def seats(product: Product) -> dict[str, str | None]:
    """By person the group's name."""
    with product.database.reading() as session:
        names = {g.id: g.name for g in session.scalars(groups_of(product.kickoff.id))}
        listed = session.scalars(people_of(product.kickoff.id)).all()
    return {one.name: names.get(one.working_group_id or "") for one in listed}


def fields(page: str) -> dict[str, str]:
    """What the form that writes the groups holds."""
    form = page.split('class="row taking"', 1)[1].split("</form>", 1)[0]
    found = dict(re.findall(r'name="(by|number|lot|seen)" value="([^"]*)"', form))
    assert set(found) == {"by", "number", "lot", "seen"}
    return found


def cards(page: str) -> list[set[str]]:
    """Who is on each card."""
    found = re.findall(r'<section class="card".*?</section>', page, re.S)
    return [set(re.findall(r"Ærlig \d\d", card)) for card in found]


def test_what_is_looked_at_is_not_written_and_what_is_written_was_looked_at(
    product: Product, owner: Browser
) -> None:
    people(product)
    page = owner.get(here(product, "/make?by=count&number=3")).text
    assert [len(card) for card in cards(page)] == [4, 4, 4]
    assert set(seats(product).values()) == {None}
    again = owner.get(here(product, f"/make?by=count&number=3&lot={fields(page)['lot']}")).text
    assert cards(again) == cards(page), "the same lot, the same groups"
    answer = owner.post(here(product, "/make"), **fields(page))
    assert answer.status_code == 303
    written = owner.get(here(product)).text
    assert cards(written) == cards(page)
    assert len(set(seats(product).values())) == 3


def test_a_size_is_as_good_as_a_number(product: Product, owner: Browser) -> None:
    people(product, 10)
    page = owner.get(here(product, "/make?by=size&number=5")).text
    assert [len(card) for card in cards(page)] == [5, 5]


def test_a_list_that_has_changed_is_looked_at_once_more(product: Product, owner: Browser) -> None:
    people(product)
    page = owner.get(here(product, "/make?by=count&number=3")).text
    people(product, 1)
    answer = owner.post(here(product, "/make"), **fields(page))
    assert answer.status_code == 200
    assert "The people list has changed" in answer.text or "Personlisten" in answer.text
    assert set(seats(product).values()) == {None}


@pytest.mark.parametrize("number", ["0", "-1", "x", "99999", "1e3"])
def test_what_is_no_number_is_said_to_be_none(
    product: Product, owner: Browser, number: str
) -> None:
    people(product)
    assert owner.get(here(product, f"/make?by=count&number={number}")).status_code == 422
    given = {"by": "count", "number": number, "lot": "a", "seen": ""}
    assert owner.post(here(product, "/make"), **given).status_code == 422


def test_it_is_taken_back_and_taken_back_again(product: Product, owner: Browser) -> None:
    people(product)
    for count in (3, 2):
        page = owner.get(here(product, f"/make?by=count&number={count}")).text
        owner.post(here(product, "/make"), **fields(page))
        if count == 3:
            before = seats(product)
    after = seats(product)
    assert owner.post(here(product, "/undo")).status_code == 303
    assert seats(product) == before
    owner.post(here(product, "/undo"))
    assert seats(product) == after


def test_one_is_moved_and_a_phone_of_theirs_follows(product: Product, owner: Browser) -> None:
    people(product)
    with product.database.unit_of_work() as session:
        room = session.exec(select(Room).where(Room.kickoff_id == product.kickoff.id)).one()
        phone = Participant(id=random_id(), room_id=room.id, name="ærlig 00")
        session.add(phone)
    page = owner.get(here(product, "/make?by=count&number=2")).text
    owner.post(here(product, "/make"), **fields(page))
    with product.database.reading() as session:
        one = session.exec(select(Person).where(Person.name == "Ærlig 00")).one()
        first, second = [group.id for group in session.scalars(groups_of(product.kickoff.id))]
        assert session.get_one(Participant, phone.id).working_group_id == one.working_group_id
        before = session.get_one(Room, room.id)
    other = second if one.working_group_id == first else first
    assert owner.post(here(product, "/move"), person=one.id, group=other).status_code == 303
    with product.database.reading() as session:
        assert session.get_one(Person, one.id).working_group_id == other
        assert session.get_one(Participant, phone.id).working_group_id == other
        after = session.get_one(Room, room.id)
    assert (after.revision > before.revision, after.control > before.control) == (True, True)
    unknown = owner.post(here(product, "/move"), person=one.id, group=random_id())
    assert unknown.status_code == 404


def test_signs_have_every_table_and_every_name(product: Product, owner: Browser) -> None:
    people(product)
    page = owner.get(here(product, "/make?by=count&number=3")).text
    owner.post(here(product, "/make"), **fields(page))
    signs = owner.get(here(product, "/signs")).text
    assert signs.count('class="sheet') == 4
    assert all(signs.count(name) == 2 for name in seats(product))


def test_without_people_there_is_the_way_to_the_list(product: Product, owner: Browser) -> None:
    page = owner.get(here(product, "/make"))
    assert (page.status_code, f"/kickoffs/{product.kickoff.id}/people" in page.text) == (200, True)


def test_a_viewer_looks_and_changes_nothing(product: Product) -> None:
    viewer = product.browser("viewer")
    assert viewer.get(here(product)).status_code == 200
    assert viewer.get(here(product, "/signs")).status_code == 200
    assert viewer.get(here(product, "/make")).status_code == 403
    for part in ("/make", "/undo", "/move"):
        assert viewer.post(here(product, part)).status_code == 403


def test_a_copied_kickoff_has_the_tables_and_nobody_at_them(
    product: Product, owner: Browser
) -> None:
    people(product)
    page = owner.get(here(product, "/make?by=count&number=3")).text
    owner.post(here(product, "/make"), **fields(page))
    copied = owner.post(
        f"/kickoffs/{product.kickoff.id}/copy", title="Igjen", with_people="true"
    ).headers["location"]
    other = copied.split("/")[2].split("?")[0]
    with product.database.reading() as session:
        names = [(g.name, g.table) for g in session.scalars(groups_of(other))]
        assert len(names) == 3
        assert {one.working_group_id for one in session.scalars(people_of(other))} == {None}
