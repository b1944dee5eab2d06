"""S09 from a planner's form to the wire: whatever address is typed or was stored, this server
connects to nothing inside.

Canaries listen on this machine's own addresses: each of them would hear a single connection. Seen
red with `Policy.allows` saying yes to all: the canaries heard what was stored, and the form took
what was typed.
"""

import socket
from collections.abc import Iterator
from contextlib import suppress
from threading import Thread

import pytest
from sqlmodel import select

from app.database import Database
from app.models.webhooks import Outgoing, Webhook
from app.notify import webhooks
from app.notify.addresses import URL_MAX
from app.operations import records
from app.operations.entities import GOALS
from app.web.addresses import lan_address
from tests.notify.receiver import receiver
from tests.security.product import Product
from tests.support.processes import wait_until
from tests.support.server import Server

# Each is tried with and without TLS; PORT is the canaries'.
HOSTS = [
    "127.0.0.1", "127.1", "127.0.1", "127.255.255.254", "0.0.0.0", "0", "localhost", "LOCALHOST",
    "localhost.", "LAN", "NAME", "2130706433", "0x7f000001", "0x7f.0.0.1", "0177.0.0.1",
    "017700000001", "127.0.0.1.", "[::1]", "[::]", "[0:0:0:0:0:0:0:1]", "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]", "[::127.0.0.1]", "[64:ff9b::127.0.0.1]", "[64:ff9b::7f00:1]",
    "[2002:7f00:1::]", "[fe80::1%25lo]", "[::1%25lo]", "①②⑦.⓪.⓪.①", "127。0。0。1", "ⓛocalhost",
    "user@127.0.0.1", "example.invalid@127.0.0.1", "example.invalid:443@127.0.0.1",
    "example.invalid%40127.0.0.1",
    "127.0.0.1%00.example.invalid", "127.0.0.1%2f.example.invalid", "%31%32%37.0.0.1",
    "127.0.0.1\\@example.invalid", "example.invalid\\@127.0.0.1",
    "10.0.0.1", "172.16.0.1", "192.168.1.1", "100.64.0.1",
    "169.254.169.254", "[fd00:ec2::254]", "metadata.google.internal", "224.0.0.1",
    "255.255.255.255",
]  # fmt: skip
WHOLE = [
    "", "nonsense", "127.0.0.1:PORT", "//127.0.0.1:PORT/", "http:127.0.0.1:PORT", "https:///127.0.0.1",
    "http:/127.0.0.1:PORT/", "file:///etc/passwd", "file://127.0.0.1/etc/passwd",
    "gopher://127.0.0.1:PORT/_x", "dict://127.0.0.1:PORT/x", "ftp://127.0.0.1:PORT/",
    "ldap://127.0.0.1:PORT/", "unix:///var/run/docker.sock", "javascript:alert(1)", "data:,x",
    "http://127.0.0.1:22/", "https://127.0.0.1:0/", "https://127.0.0.1:99999/", "https://127.0.0.1:-1/",
    "https://example.invalid:22/", "https://example.invalid:25/", "http://127.0.0.1:PORT/#@example.invalid/",
    "http://127.0.0.1:PORT/\r\nX: y", "http://127.0.0.1:PORT\t/", " http://127.0.0.1:PORT/",
    "https://[127.0.0.1]:PORT/", "https://[::1:PORT/", "https://127.0.0.1:PORT/" + "x" * URL_MAX,
]  # fmt: skip


class Canaries:
    """Sockets on every address by which this machine calls itself, at one port; `heard` counts."""

    def __init__(self) -> None:
        self.heard: list[str] = []
        self._sockets = [socket.create_server(("0.0.0.0", 0))]
        self.port = int(self._sockets[0].getsockname()[1])
        with suppress(OSError):
            self._sockets.append(
                socket.create_server(
                    ("::", self.port), family=socket.AF_INET6, dualstack_ipv6=False
                )
            )
        for one in self._sockets:
            Thread(target=self._listen, args=[one], daemon=True).start()

    def _listen(self, listening: socket.socket) -> None:
        with suppress(OSError):
            while True:
                connection, who = listening.accept()
                self.heard.append(str(who))
                connection.close()

    def close(self) -> None:
        for one in self._sockets:
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()


@pytest.fixture
def canaries() -> Iterator[Canaries]:
    made = Canaries()
    yield made
    made.close()


@pytest.fixture(scope="module")
def product(demo_server: Server) -> Iterator[Product]:
    found = Product(demo_server)
    yield found
    found.browser.close()


@pytest.fixture
def database(product: Product) -> Iterator[Database]:
    opened = Database(product.server.environment["KICKOFF_DATABASE_URL"])
    with opened.unit_of_work() as session:
        for webhook in session.exec(select(Webhook)).all():
            session.delete(webhook)
    yield opened
    opened.dispose()


def addresses(port: int) -> list[str]:
    hosts = [f"{scheme}://{host}:PORT/in" for host in HOSTS for scheme in ("http", "https")]
    known = {"PORT": str(port), "LAN": lan_address(), "NAME": socket.gethostname()}
    made = []
    for address in hosts + WHOLE:
        for word, value in known.items():
            address = address.replace(word, value)
        made.append(address)
    return made


def test_the_canaries_hear_a_connection(canaries: Canaries) -> None:
    socket.create_connection(("127.0.0.1", canaries.port), timeout=5).close()
    wait_until(lambda: canaries.heard, what="the connection to be heard", timeout=5)


def test_no_such_address_is_taken_where_it_is_typed(
    product: Product, database: Database, canaries: Canaries
) -> None:
    where, tried = f"/kickoffs/{product.facts.kickoff_id}/webhooks", addresses(canaries.port)
    assert len(tried) > 120
    headers, token = {"origin": product.base}, product.token()
    answered = {
        url: product.browser.post(
            where, data={"csrf": token, "name": "Inn", "url": url}, headers=headers
        ).status_code
        for url in tried
    }
    assert {url: status for url, status in answered.items() if status != 422} == {}
    with database.reading() as session:
        assert session.exec(select(Webhook)).all() == []
    assert canaries.heard == []


def test_nothing_goes_there_where_it_was_stored_in_spite_of_that(
    product: Product, database: Database, canaries: Canaries, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = product.server.environment["KICKOFF_SECRET_KEY"].encode()
    monkeypatch.setattr(webhooks, "MOST", 1000)
    # What is no address at all cannot even be stored by force.
    tried = [url for url in addresses(canaries.port) if "[127" not in url and "[::1:" not in url]
    with receiver() as hook:
        tried.append(f"http://127.0.0.1:{hook.server_port}/in")
        with database.unit_of_work() as session:
            # Sealed as the server itself does it, or nothing would be tried.
            for url in tried:
                webhooks.make(session, key, product.facts.kickoff_id, name="Inn", url=url)
            records.create(session, GOALS, product.facts.kickoff_id, {"title": "Fortalt"})
        wait_until(lambda: len(failures(database)) == len(tried), what="all tries", timeout=120)
        assert hook.got == []
    assert "sealed_otherwise" not in failures(database)
    assert canaries.heard == []


def failures(database: Database) -> list[str]:
    with database.reading() as session:
        return [row.failure for row in session.exec(select(Outgoing)).all() if row.failure]
