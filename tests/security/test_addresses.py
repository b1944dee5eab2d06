"""S09: no planner reaches the inside of the network with this server's hands.

Seen red: with Python's own `is_global`, `64:ff9b::a9fe:a9fe`, `2002:7f00:1::` and `224.0.0.1` were
public; with the second address of a name not looked at, a name of one public and one private.
"""

from collections.abc import Sequence
from ipaddress import IPv4Address
from socket import inet_aton, inet_ntoa

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.notify.addresses import OutOfReach, Policy, Target, looked_at, policy_of, resolved

PUBLIC = "93.184.215.14"
NOBODY = Policy()

PRIVATE = [
    "0.0.0.0", "10.0.0.1", "100.64.0.1", "127.0.0.1", "127.1.2.3", "169.254.169.254",
    "172.16.0.1", "172.31.255.255", "192.0.0.1", "192.0.2.1", "192.88.99.1", "192.168.1.1",
    "198.18.0.1", "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.255", "240.0.0.1",
    "255.255.255.255", "::", "::1", "::127.0.0.1", "::169.254.169.254", "::ffff:127.0.0.1",
    "::ffff:10.0.0.1", "::ffff:169.254.169.254", "::ffff:0:169.254.169.254", "64:ff9b::7f00:1",
    "64:ff9b::a9fe:a9fe", "64:ff9b::10.0.0.1", "64:ff9b:1::1", "100::1", "2001::1",
    "2001:0:4136:e378:8000:63bf:3fff:fdd2", "2001:db8::1", "2002:7f00:1::", "2002:c0a8:101::1",
    "3fff::1", "fc00::1", "fd12:3456::1", "fe80::1", "fe80::1%eth0", "fec0::1", "ff02::1",
    "nonsense", "",
]  # fmt: skip


def to(*addresses: str) -> object:
    def resolve(_host: str, _port: int) -> Sequence[str]:
        return addresses

    return resolve


def refusal(url: str, *addresses: str, policy: Policy = NOBODY) -> str:
    """The code, or "" where it is allowed."""
    try:
        looked_at(url, policy, to(*(addresses or (PUBLIC,))))  # type: ignore[arg-type]  # it is one
    except OutOfReach as refused:
        return str(refused)
    return ""


@pytest.mark.parametrize("address", PRIVATE)
def test_no_address_inside_is_ever_connected_to(address: str) -> None:
    assert not NOBODY.allows(address)
    assert refusal("https://hook.example/", address) == "address_refused"
    # Nor where the name has a public one beside it, in whatever order.
    assert refusal("https://hook.example/", PUBLIC, address) == "address_refused"
    assert refusal("https://hook.example/", address, PUBLIC) == "address_refused"


@pytest.mark.parametrize(
    "address",
    [PUBLIC, "8.8.8.8", "2a00:1450:400f:80c::200e", "64:ff9b::808:808", f"::ffff:{PUBLIC}"],
)
def test_public_addresses_are(address: str) -> None:
    assert NOBODY.allows(address)
    assert refusal("https://hook.example/", address) == ""


@given(st.integers(0, 2**32 - 1))
def test_an_address_in_other_clothes_is_judged_as_itself(number: int) -> None:
    plain = IPv4Address(number)
    for dressed in (f"::ffff:{plain}", f"64:ff9b::{number >> 16:x}:{number & 0xFFFF:x}"):
        assert NOBODY.allows(dressed) == NOBODY.allows(str(plain))
    assert not NOBODY.allows(f"2002:{number >> 16:x}:{number & 0xFFFF:x}::1")


@pytest.mark.parametrize(
    "url",
    [
        "", "hook.example", "//hook.example", "file:///etc/passwd", "gopher://hook.example/",
        "ftp://hook.example/", "javascript:alert(1)", "https://", "https:///x", "https://:443/",
        "https://kari@hook.example/", "https://kari:x@hook.example/", "https://hook.example/#x",
        "https://hook.example:0x50/", "https://hook.example:99999/", "https://hook.example/a b",
        "https://hook.example/\n", "https://hook.example\\@10.0.0.1/", "https://[::1", "https://a%00b/",
        "https://" + "a" * 70 + ".example/", "https://hook.example/" + "a" * 2000,
    ],
)  # fmt: skip
def test_what_is_no_plain_address_is_refused_before_anybody_is_asked(url: str) -> None:
    assert refusal(url) == "address_unknown"


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]"])
def test_loopback_is_loopback_by_name_too(host: str) -> None:
    assert refusal_of_resolved(f"https://{host}/") == "address_refused"


@pytest.mark.parametrize("host", ["2130706433", "0x7f000001", "0177.0.0.1", "127.1", "0"])
def test_loopback_is_loopback_however_it_is_written(host: str) -> None:
    # As the system's resolver reads it.
    assert refusal(f"https://{host}/", inet_ntoa(inet_aton(host))) == "address_refused"


def refusal_of_resolved(url: str) -> str:
    with pytest.raises(OutOfReach) as refused:
        looked_at(url, NOBODY, resolved)
    return str(refused.value)


@pytest.mark.parametrize("port", [1, 22, 25, 80, 444, 1023])
def test_other_services_are_not_spoken_to(port: int) -> None:
    assert refusal(f"https://hook.example:{port}/") == "port_refused"
    assert (
        refusal(f"https://hook.example:{port}/", "10.1.2.3", policy=policy_of("10.0.0.0/8")) == ""
    )


def test_without_tls_only_into_the_operators_networks() -> None:
    own = policy_of("10.20.0.0/16, fd00:1::/64")
    assert refusal("http://hook.example/") == "not_https"
    assert refusal("http://hook.example/", "10.20.3.4", policy=own) == ""
    assert refusal("https://hook.example/", "fd00:1::7", policy=own) == ""
    assert refusal("https://hook.example/", "::ffff:10.20.3.4", policy=own) == ""
    assert refusal("https://hook.example/", "10.21.3.4", policy=own) == "address_refused"
    assert (
        refusal("https://hook.example/", "10.20.3.4", "127.0.0.1", policy=own) == "address_refused"
    )
    assert refusal("http://hook.example/", "10.20.3.4", PUBLIC, policy=own) == "not_https"


def test_the_connection_goes_to_the_address_that_was_looked_at() -> None:
    answers = iter([[PUBLIC], ["127.0.0.1"]])  # a name that flips

    def resolve(_host: str, _port: int) -> Sequence[str]:
        return next(answers)

    target = looked_at("https://hook.example/a?b=c", NOBODY, resolve)
    assert target == Target(PUBLIC, "hook.example", 443, "https", "/a?b=c")
    assert target.url == f"https://{PUBLIC}:443/a?b=c"
    assert target.named == "hook.example"
    with pytest.raises(OutOfReach):
        looked_at("https://hook.example/a?b=c", NOBODY, resolve)
