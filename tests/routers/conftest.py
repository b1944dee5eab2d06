"""The product in this process, new for each test file."""

from collections.abc import Iterator

import pytest

from tests.support.postgres import Postgres
from tests.support.product import Product
from tests.support.product import product as running


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    with running(tmp_path_factory.mktemp("product")) as made:
        yield made


@pytest.fixture(scope="module")
def product_on_postgres(
    tmp_path_factory: pytest.TempPathFactory, postgres_server: Postgres
) -> Iterator[Product]:
    with (
        postgres_server.database() as url,
        running(tmp_path_factory.mktemp("product"), url) as made,
    ):
        yield made


@pytest.fixture(params=["sqlite", "postgres"])
def either_product(request: pytest.FixtureRequest) -> Product:
    """The product on SQLite and on PostgreSQL, for what depends on the database."""
    name = "product" if request.param == "sqlite" else "product_on_postgres"
    made: Product = request.getfixturevalue(name)
    return made
