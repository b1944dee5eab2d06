"""The dashboard: every figure from the records, with the way to them."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from html import unescape

import pytest
import time_machine

from tests.support.pdf import read
from tests.support.product import Browser, Product

DAY_37 = datetime(2026, 3, 12, 11, tzinfo=UTC)


@pytest.fixture
def day_37() -> Iterator[None]:
    with time_machine.travel(DAY_37, tick=True):
        yield


@pytest.fixture
def owner(product: Product, day_37: None) -> Browser:
    return product.browser("owner")


@pytest.fixture
def here(owner: Browser) -> str:
    """A new kickoff's address; its day was 37 days ago."""
    answer = owner.post(
        "/kickoffs", title="Kurs 2027", starts_at="09:00", time_zone="Europe/Oslo", day="2026-02-03"
    )
    return str(answer.headers["location"]).partition("/plan")[0]


def words(page: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


def panel(owner: Browser, here: str, code: str) -> str:
    page = owner.get(f"{here}/dashboard").text
    found = re.search(rf'id="panel-{code}".*?</section>', page, re.S)
    assert found, code
    return found[0]


def made(owner: Browser, address: str, **values: str) -> str:
    answer = owner.post(address, **values)
    assert answer.status_code == 303, words(answer.text)
    return str(answer.headers["location"]).partition("#record-")[2]


def test_a_new_kickoffs_dashboard_says_what_to_do_first(owner: Browser, here: str) -> None:
    page = owner.get(f"{here}/dashboard")
    assert page.status_code == 200
    assert "Dag 37 av 90" in words(page.text)
    for way in ("kpis/new", "actions/new", "appearances/new"):
        assert f'href="{here}/{way}"' in page.text


def test_what_is_late_or_nobodys_is_named_with_the_way_to_it(owner: Browser, here: str) -> None:
    kari = made(owner, f"{here}/people", name="Kari Nordmann")
    late = made(owner, f"{here}/actions", title="<b>Ring</b> æøå", owner_id=kari, due="2026-03-08")
    nobodys = made(owner, f"{here}/actions", title="Rydd", due="2026-04-01")
    made(owner, f"{here}/actions", title="Går bra", owner_id=kari, due="2026-04-01")
    shown = panel(owner, here, "needs")
    assert list(re.findall(rf'href="{here}/actions/([^"]+)"', shown)) == [nobodys, late]
    assert "<b>Ring</b>" not in shown
    assert "4 dager over fristen" in words(shown)
    assert "Går bra" not in shown


def test_actions_are_counted_by_how_they_stand(owner: Browser, here: str) -> None:
    kari = made(owner, f"{here}/people", name="Kari Nordmann")
    for due, more in (
        ("2026-03-08", {}),
        ("2026-04-20", {"status": "green"}),
        ("2026-04-20", {"state": "closed"}),
        ("2026-04-20", {"state": "replanned"}),
    ):
        made(owner, f"{here}/actions", title="Noe", owner_id=kari, due=due, **more)
    shown = words(panel(owner, here, "actions"))
    assert "4 tiltak" in shown
    assert "50 prosent lukket eller omplanlagt" in shown
    for told in ("1 lukket", "1 omplanlagt", "1 i rute", "1 avvik"):
        assert told in shown


def test_a_milestone_past_its_date_is_late_and_a_reached_one_is_not(
    owner: Browser, here: str
) -> None:
    made(owner, f"{here}/milestones", title="Sen", window="30", due="2026-03-01")
    made(
        owner,
        f"{here}/milestones",
        title="Nådd",
        window="30",
        due="2026-03-01",
        reached_on="2026-02-20",
    )
    shown = panel(owner, here, "ninety_days")
    assert re.search(r'milestone-late">.*?Sen', shown, re.S)
    assert re.search(r'milestone-reached">.*?Nådd', shown, re.S)
    assert "1 av 2 milepæler nådd" in words(shown)


def test_the_weekly_report_says_what_needs_a_decision_first(owner: Browser, here: str) -> None:
    made(owner, f"{here}/actions", title="Ingen har tatt denne æøå", due="2026-04-01")
    answer = owner.get(f"{here}/paper/weekly-report.pdf")
    assert answer.headers["content-type"] == "application/pdf"
    told = read(answer.content).text
    for said in ("Ukesrapport", "Dag 37 av 90", "Ingen har tatt denne æøå", "Ingen eier den"):
        assert said in told


def test_a_kpi_off_its_line_waits_until_an_action_is_tied_to_it(owner: Browser, here: str) -> None:
    """Seen red with every deviation among what waits."""
    given = {"baseline": "0", "target": "100", "target_date": "2026-05-04"}
    behind = made(owner, f"{here}/kpis", title="Svartid <b>", **given)
    well = made(owner, f"{here}/kpis", title="Går bra", **given)
    for kpi, value in ((behind, "5"), (well, "60")):
        made(owner, f"{here}/readings", kpi_id=kpi, value=value)
    shown = panel(owner, here, "needs")
    assert f'href="{here}/okr/kpis#kpi-{behind}"' in shown
    assert "Går bra" not in shown
    assert '<b>"' not in shown
    assert owner.post(f"{here}/okr/kpis/{behind}/action").status_code == 303
    assert f"#kpi-{behind}" not in panel(owner, here, "needs")


def test_the_launch_indicators_lead_to_their_records_and_name_what_is_short(
    owner: Browser, here: str
) -> None:
    team = made(owner, f"{here}/teams", name="Drift <b>æøå")
    shown = panel(owner, here, "indicators")
    for code in ("launch.map_published", "okr.teams_ready", "pilots.begun", "actions.settled"):
        assert f'href="{here}/indicators#{code}"' in shown
    assert f'href="{here}/teams/{team}"' in shown  # day 30 is past, and it is not ready
    assert "Drift &lt;b&gt;æøå" in shown
