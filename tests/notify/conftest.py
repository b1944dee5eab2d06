"""A post office, and a Monday morning for the clock."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine

from tests.notify.post_office import PostOffice, post_office

MONDAY = datetime(2027, 2, 1, 9, 0, tzinfo=UTC)  # ten o'clock in Oslo


@pytest.fixture
def office() -> Iterator[PostOffice]:
    with post_office() as made:
        yield made


@pytest.fixture
def at() -> Iterator[Any]:
    with time_machine.travel(MONDAY, tick=False) as traveller:
        yield traveller
