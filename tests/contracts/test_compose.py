"""The compose file and the operator's document name settings of the product, and no others."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from app.settings import Settings
from app.web.forwarded import Proxies

ROOT = Path(__file__).parents[2]
NAMES = {"KICKOFF_" + name.upper() for name in Settings.model_fields}
# Of no use there: the command sets the first itself; of the others nothing is in use yet.
LEFT_OUT = {
    "KICKOFF_LISTENS_ON_NETWORK",
    "KICKOFF_OIDC_ISSUER",
    "KICKOFF_OIDC_CLIENT_ID",
    "KICKOFF_OIDC_CLIENT_SECRET",
}


def environment() -> dict[str, Any]:
    compose = yaml.safe_load((ROOT / "compose.yaml").read_text())
    found: dict[str, Any] = compose["services"]["app"]["environment"]
    return found


def test_every_setting_can_be_given_to_the_containers_and_none_is_made_up() -> None:
    assert set(environment()) == NAMES - LEFT_OUT


def test_what_is_only_passed_on_has_the_products_own_default() -> None:
    """A name without a value is taken from the operator's environment, or not set at all."""
    fixed = {name for name, value in environment().items() if value is not None}
    assert fixed == {
        "KICKOFF_DATABASE_URL",
        "KICKOFF_REDIS_URL",
        "KICKOFF_SECRET_KEY",
        "KICKOFF_PUBLIC_URL",
        "KICKOFF_TRUSTED_PROXIES",
    }


def test_the_front_server_on_the_host_is_believed_and_the_internet_is_not() -> None:
    told = re.fullmatch(
        r"\$\{KICKOFF_TRUSTED_PROXIES:-(.+)\}", environment()["KICKOFF_TRUSTED_PROXIES"]
    )
    assert told, "the operator can name others"
    proxies = Proxies(told[1])
    # It arrives from the gateway of the network that compose makes.
    assert all(map(proxies.trusts, ("127.0.0.1", "172.18.0.1", "172.31.0.1", "192.168.16.1")))
    assert not any(map(proxies.trusts, ("203.0.113.7", "10.0.0.1", "8.8.8.8")))
    # For that, nobody but this host may reach the port.
    compose = yaml.safe_load((ROOT / "compose.yaml").read_text())
    assert compose["services"]["app"]["ports"] == ["127.0.0.1:8000:8000"]


@pytest.mark.parametrize(
    "path", ["compose.yaml", "Dockerfile", "docs/operations.md", "README.md", "CONTRIBUTING.md"]
)
def test_no_setting_is_made_up(path: str) -> None:
    named = set(re.findall(r"KICKOFF_[A-Z_]*[A-Z]", (ROOT / path).read_text()))
    assert named <= NAMES, named - NAMES
