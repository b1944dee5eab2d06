"""Fixtures of the tests that are told in both languages."""

from collections.abc import Iterator

import pytest

from app.i18n import speaking


@pytest.fixture(params=["nb", "en"])
def language(request: pytest.FixtureRequest) -> Iterator[str]:
    """The browsers' language and, for the length of the test, that of `gettext` here."""
    with speaking(request.param):
        yield request.param
