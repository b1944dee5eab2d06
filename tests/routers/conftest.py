"""The product in this process, new for each test file."""

from collections.abc import Iterator

import pytest

from tests.support.product import Product
from tests.support.product import product as running


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    with running(tmp_path_factory.mktemp("product")) as made:
        yield made
