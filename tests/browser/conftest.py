"""Whole days are told in bokmål, where a string that nobody marked shows; in English at length."""

from collections.abc import Iterator

import pytest

from app.i18n import speaking


@pytest.fixture(params=["nb", pytest.param("en", marks=pytest.mark.chaos)])
def language(request: pytest.FixtureRequest) -> Iterator[str]:
    """The browsers' language and, for the length of the test, that of `gettext` here."""
    with speaking(request.param):
        yield request.param
