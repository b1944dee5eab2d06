"""Who somebody is: asked at the first sign-in, and theirs to change from then on."""

import re

import pytest
from sqlmodel import select

from app.models.organisations import Organisation, User
from app.operations import accounts
from tests.support.product import Browser, Product

PASSWORD = "en lang nok setning"


@pytest.fixture
def first(product: Product) -> Browser:
    """The first administrator's browser, who has just followed the printed link."""
    with product.database.unit_of_work() as session:
        organisation = accounts.new_organisation(session, accounts.NOBODYS_ORGANISATION)
        user = session.scalars(
            select(User).where(User.email == accounts.NOBODYS_EMAIL)
        ).first() or accounts.new_user(
            session,
            organisation_id=organisation.id,
            email=accounts.NOBODYS_EMAIL,
            name=accounts.NOBODYS_NAME,
            administrator=True,
        )
        secret = accounts.new_sign_in_link(session, user.id)
    browser = Browser(product.new_client())
    assert browser.get(f"/sign-in/{secret}").url.path == "/welcome"
    return browser


def test_the_first_administrator_says_who_they_are_and_signs_in_with_it(
    product: Product, first: Browser
) -> None:
    page = first.get("/welcome").text
    assert accounts.NOBODYS_EMAIL not in page
    sent = {"organisation": "Fjellheim", "name": "Åse Berg", "email": "Ase@fjellheim.example"}
    assert first.post("/welcome", **sent, password=PASSWORD).status_code == 303
    assert "Åse Berg" in first.get("/").text
    again = product.browser().post("/sign-in", email="ase@fjellheim.example", password=PASSWORD)
    assert again.headers["location"] == "/"
    with product.database.reading() as session:
        assert session.scalars(select(Organisation.name)).all().count("Fjellheim") == 1
        assert accounts.first_administrator(session) is None


def test_all_that_is_missing_is_said_at_once_and_nothing_is_lost(first: Browser) -> None:
    answer = first.post("/welcome", organisation="Fjellheim", name=" ", email="nei", password="x")
    assert answer.status_code == 422
    found = re.findall(r'id="field-(\w+)-error"', answer.text)
    assert found == ["name", "email", "password"]
    assert re.findall(r'href="#field-(\w+)"', answer.text) == found
    assert 'value="Fjellheim"' in answer.text
    assert "minlength" not in answer.text  # the fault is ours to say, not the browser's
    nobodys = first.post(
        "/welcome", organisation="F", name="Å", email=accounts.NOBODYS_EMAIL, password=PASSWORD
    )
    assert nobodys.status_code == 422


def test_until_somebody_is_at_home_each_start_finds_the_first_administrator(
    product: Product, first: Browser
) -> None:
    with product.database.reading() as session:
        user = accounts.first_administrator(session)
    assert user is not None
    assert user.email == accounts.NOBODYS_EMAIL


def test_a_used_link_says_what_to_do(product: Product) -> None:
    answer = product.browser().get("/sign-in/used-up")
    assert answer.status_code == 403
    assert 'href="/sign-in"' in answer.text
    assert answer.text.count("<li>") >= 2


def test_the_account_page_is_the_users_own(product: Product) -> None:
    browser = product.browser("facilitator")
    page = browser.get("/account").text
    assert 'value="facilitator@nordlys.example"' in page
    assert 'name="organisation"' not in page
    assert browser.post("/account/organisation", organisation="Mitt").status_code == 403
    taken = browser.post("/account", name="Fredrik", email="owner@nordlys.example")
    assert taken.status_code == 422
    assert 'value="Fredrik"' in taken.text
    kept = browser.post("/account", name="Fredrik", email="facilitator@nordlys.example")
    assert kept.status_code == 303
    assert "Fredrik" in browser.get("/").text


def test_an_administrator_names_the_organisation(product: Product) -> None:
    browser = product.browser("administrator")
    assert browser.post("/account/organisation", organisation=" ").status_code == 422
    assert browser.post("/account/organisation", organisation="Nordlys").status_code == 303
    assert 'value="Nordlys"' in browser.get("/account").text


def test_nobody_and_a_program_have_no_account(product: Product) -> None:
    assert product.browser().get("/account").url.path == "/sign-in"
    assert product.api().get("/account").status_code == 404
