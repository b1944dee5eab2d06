"""S03, S04, S07, S11 and S12 where only a real browser can tell."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page

from tests.security.elsewhere import Elsewhere, elsewhere
from tests.security.product import Product
from tests.support.browser import problems
from tests.support.server import Server
from tests.support.squares import leads_to

pytestmark = pytest.mark.browser

OpenPage = Callable[..., Page]


@pytest.fixture(scope="module")
def product(demo_server: Server) -> Iterator[Product]:
    found = Product(demo_server)
    yield found
    found.browser.close()


@pytest.fixture(scope="module")
def evil() -> Iterator[Elsewhere]:
    with elsewhere() as server:
        yield server


# An address that leads nowhere else, and that nobody could guess from the Host.
CONFIGURED = "http://localhost:4711"


@pytest.fixture(scope="module")
def configured(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server whose links nobody has followed yet; they carry CONFIGURED."""
    folder = tmp_path_factory.mktemp("configured")
    server = Server(folder, environment={"KICKOFF_PUBLIC_URL": CONFIGURED}).start()
    yield server
    server.kill9()


@pytest.fixture
def signed_in(new_page: OpenPage, product: Product) -> Page:
    """The administrator's browser."""
    page = new_page()
    cookies = [
        {"name": cookie.name, "value": cookie.value or "", "url": product.base}
        for cookie in product.browser.cookies.jar
    ]
    page.context.add_cookies(cookies)  # type: ignore[arg-type]
    return page


# ---- S03 and S04: a page on another origin, in a browser whose cookies are worth having


SOCKET = """<!doctype html><title>Evil</title><p id="told">waiting</p><script>
const told = text => document.getElementById("told").textContent = text;
const socket = new WebSocket("{address}", "kickoff.json.v1");
socket.onopen = () => told("open");
socket.onclose = () => told("closed");
</script>"""


def test_a_page_elsewhere_gets_no_socket(
    signed_in: Page, product: Product, evil: Elsewhere
) -> None:
    address = product.base.replace("http", "ws") + f"/live/{product.facts.join_code}"
    signed_in.goto(evil.publish("/socket", SOCKET.replace("{address}", address)))
    signed_in.wait_for_function("document.getElementById('told').textContent != 'waiting'")
    assert signed_in.inner_text("#told") == "closed"
    problems(signed_in).clear()


def test_a_page_of_ours_gets_one(signed_in: Page, product: Product) -> None:
    signed_in.goto(product.base + "/join")
    address = product.base.replace("http", "ws") + f"/live/{product.facts.join_code}"
    opened = signed_in.evaluate(
        """address => new Promise(done => {
            const socket = new WebSocket(address, "kickoff.json.v1");
            socket.onopen = () => { socket.close(); done("open") };
            socket.onerror = () => done("refused");
        })""",
        address,
    )
    assert opened == "open"


FORM = """<!doctype html><title>Evil</title>
<form method="post" action="{action}" enctype="{enctype}">{fields}</form>
<script>document.forms[0].submit()</script>"""


@pytest.mark.parametrize(
    "enctype", ["application/x-www-form-urlencoded", "multipart/form-data", "text/plain"]
)
def test_a_form_that_sends_itself_changes_nothing(
    signed_in: Page, product: Product, evil: Elsewhere, enctype: str
) -> None:
    before = product.stored()
    paths = {
        "/kickoffs": {"title": "Forged"},
        "/sign-in": {"email": "ingrid.aasen@nordlys.example", "password": "x"},
        "/sign-out": {},
        "/language": {"language": "en"},
        f"/j/{product.facts.join_code}/": {"name": "Forged"},
    }
    for path, values in paths.items():
        fields = "".join(
            f'<input name="{name}" value="{value}">'
            for name, value in {"csrf": product.token(), **values}.items()
        )
        html = FORM.replace("{action}", product.base + path).replace("{enctype}", enctype)
        address = evil.publish("/form", html.replace("{fields}", fields))
        with signed_in.expect_response(lambda response: response.request.method == "POST") as sent:
            signed_in.goto(address)
        # It came with the browser's cookies: there was something to lose.
        assert "kickoff_session" in sent.value.request.all_headers().get("cookie", ""), path
        assert sent.value.status == 403, path
    assert product.stored() == before
    problems(signed_in).clear()


def test_a_page_elsewhere_cannot_frame_ours(
    signed_in: Page, product: Product, evil: Elsewhere
) -> None:
    html = f'<!doctype html><title>Evil</title><iframe src="{product.base}/"></iframe>'
    signed_in.goto(evil.publish("/frame", html))
    signed_in.wait_for_timeout(300)
    (frame,) = signed_in.main_frame.child_frames
    assert not frame.url.startswith(product.base + "/")
    problems(signed_in).clear()


# ---- S07: the policy, in use and under attack

LISTEN = """window.violations = [];
document.addEventListener("securitypolicyviolation",
  event => window.violations.push(event.effectiveDirective + " " + event.blockedURI));"""

INJECT = """() => {
  window.ran = [];
  const script = document.createElement("script");
  script.textContent = "window.ran.push('inline script')";
  document.body.append(script);
  const far = document.createElement("script");
  far.src = "/static/js/nothing-of-ours.js";
  document.body.append(far);
  const box = document.createElement("div");
  box.innerHTML = `<img src="/nothing.png" onerror="window.ran.push('event attribute')">
    <p id="styled" style="color: rgb(1, 2, 3)">x</p><style>#styled { width: 7px }</style>
    <a id="link" href="javascript:window.ran.push('javascript address')">x</a>
    <iframe srcdoc="<script>parent.ran.push('frame')</script>"></iframe>
    <base href="http://evil.example/">`;
  document.body.append(box);
  document.getElementById("link").click();
  try { window.setTimeout("window.ran.push('timer of text')", 0) } catch {}
  return true;
}"""


def pages_of(product: Product) -> list[tuple[str, str]]:
    """(device, address) of everything a browser is shown."""
    facts = product.facts
    addresses = {page.address for page in product.crawl("/", "/join", "/password", most=15)}
    plan = [("laptop", address) for address in sorted(addresses)]
    return [
        *plan,
        ("phone", facts.join_url),
        ("projector", facts.projector_url),
        ("laptop", facts.console_url),
        ("laptop", product.base + "/nowhere"),
    ]


def test_no_page_violates_its_own_policy_and_none_lets_a_stranger_run(
    signed_in: Page, product: Product
) -> None:
    signed_in.context.add_init_script(LISTEN)
    found = {}
    ran = {}
    for _, address in pages_of(product):
        signed_in.goto(address)
        signed_in.wait_for_timeout(100)
        found[address] = signed_in.evaluate("window.violations")
        signed_in.evaluate(INJECT)
        signed_in.wait_for_timeout(50)
        ran[address] = signed_in.evaluate("window.ran")
        # The injections were really tried, and really refused.
        refused = " ".join(signed_in.evaluate("window.violations"))
        for directive in ("script-src-elem", "script-src-attr", "style-src-attr", "base-uri"):
            assert directive in refused, (address, directive, refused)
        colour = "getComputedStyle(document.getElementById('styled')).color"
        assert signed_in.evaluate(colour) != "rgb(1, 2, 3)"
    problems(signed_in).clear()
    assert len(found) > 5
    assert {address: what for address, what in found.items() if what} == {}
    assert {address: what for address, what in ran.items() if what} == {}


# ---- S11: a secret in an address is exchanged for a cookie


def test_the_projectors_and_the_one_time_links_secret_show_nowhere_later(
    configured: Server, new_page: OpenPage
) -> None:
    facts = configured.facts
    for told in (facts.projector_url, facts.sign_in_url):
        link = told.replace(CONFIGURED, configured.base_url)
        secret = link.rstrip("/").rpartition("/")[2]
        page = new_page()
        seen: list[str] = []
        page.on(
            "request",
            lambda request, seen=seen: seen.append(  # type: ignore[misc]
                f"{request.url} {request.all_headers().get('referer', '')}"
            ),
        )
        page.goto(link)
        page.wait_for_timeout(500)
        assert secret not in page.url
        assert secret not in page.title()
        assert secret not in page.content()
        assert not [each for each in seen[1:] if secret in each]
        # Its first line is the links themselves.
        assert secret not in configured.log.partition("\n")[2]


# ---- S12: the QR code


def test_the_qr_code_on_the_wall_is_the_configured_address(
    configured: Server, new_page: OpenPage
) -> None:
    join_url = configured.facts.join_url
    assert join_url.startswith(CONFIGURED + "/j/")
    page = new_page(device="projector")
    page.goto(configured.facts.projector_url.replace(CONFIGURED, configured.base_url))
    page.keyboard.press("j")
    code = page.locator(".qr-box svg:visible").last
    code.wait_for()
    page.wait_for_timeout(1000)  # until it has moved into its place
    assert leads_to(code, join_url)
    # Beside it in plain type, for those whose camera does not read it.
    assert CONFIGURED.removeprefix("http://") in page.inner_text("body")
