"""A05: nobody gets more by giving: a role never opens somebody else's account."""

import re

import pytest

from app.operations import accounts
from tests.support.product import Browser, Product


@pytest.fixture(scope="module")
def outsider(product: Product) -> Browser:
    return product.browser("outsider")


@pytest.fixture(scope="module")
def own(outsider: Browser) -> str:
    """A kickoff that the outsider owns, as everybody in the organisation may."""
    made = outsider.post("/kickoffs", title="Mitt", starts_at="09:00", time_zone="Europe/Oslo")
    return str(made.headers["location"]).partition("/plan")[0]


def link_after_inviting(browser: Browser, own: str, email: str) -> str | None:
    """The sign-in link that the inviter is shown, or None."""
    answer = browser.post(f"{own}/access/members", email=email, name="Kari", role="viewer")
    assert answer.status_code in (200, 303), answer.text
    page = browser.get(f"{own}/access").text if answer.status_code == 303 else answer.text
    found = re.search(r"/sign-in/[A-Za-z0-9_-]{20,}", page)
    return found[0] if found else None


def newcomer(product: Product, email: str, *, administrator: bool = False) -> str:
    with product.database.unit_of_work() as session:
        user = accounts.new_user(
            session,
            organisation_id=product.organisation_id,
            email=email,
            administrator=administrator,
        )
    return user.id


def test_inviting_somebody_who_is_there_already_opens_no_account(
    product: Product, outsider: Browser, own: str
) -> None:
    assert link_after_inviting(outsider, own, "ny@nordlys.example"), "there is a link to be shown"
    newcomer(product, "root@nordlys.example", administrator=True)
    newcomer(product, "per@nordlys.example")
    for email in ("root@nordlys.example", "per@nordlys.example"):
        assert link_after_inviting(outsider, own, email) is None


def test_a_lost_link_is_replaced_by_whoever_invited_first_or_an_administrator(
    product: Product, outsider: Browser, own: str
) -> None:
    first = link_after_inviting(outsider, own, "lost@nordlys.example")
    again = link_after_inviting(outsider, own, "lost@nordlys.example")
    assert first
    assert again
    assert again != first
    owner, theirs = product.browser("owner"), f"/kickoffs/{product.kickoff.id}"
    assert link_after_inviting(owner, theirs, "lost@nordlys.example") is None
    administrator = product.browser("administrator")
    assert link_after_inviting(administrator, theirs, "lost@nordlys.example")


def test_who_has_signed_in_is_given_no_further_link_by_the_inviter(
    product: Product, outsider: Browser, own: str
) -> None:
    link = link_after_inviting(outsider, own, "inne@nordlys.example")
    assert link
    assert product.browser().http.get(link, follow_redirects=False).status_code == 303
    assert link_after_inviting(outsider, own, "inne@nordlys.example") is None


def test_no_link_opens_an_administrators_account(product: Product) -> None:
    newcomer(product, "sjef@nordlys.example", administrator=True)
    administrator = product.browser("administrator")
    own = f"/kickoffs/{product.kickoff.id}"
    assert link_after_inviting(administrator, own, "sjef@nordlys.example") is None
