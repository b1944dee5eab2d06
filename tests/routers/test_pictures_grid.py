"""Roadmap, grids, RACI, capacity and rhythm: drawn of nothing, of one and of many, whatever is
written in them; and RACI's letters given in a plain form."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from html import unescape
from html.parser import HTMLParser

import httpx
import pytest

from tests.support.product import Browser, Product

PICTURES = (
    "roadmap", "influence-interest", "risk-matrix", "raci-matrix", "capacity", "rhythm",
)  # fmt: skip
HOSTILE = "<script>alert('æ')</script>\"&' ]]> {{ 7*7 }} </title></svg> ‮snudd"
LONG = "Ærlighetsøvelse" * 13  # 195 letters without a place to part them; 200 are allowed
TODAY = date.today()  # noqa: DTZ011 -- far from midnight's edge: days are compared by the dozen

Add = Callable[..., str]


class Well(HTMLParser):
    """That what was opened is closed, in order, and which addresses are led to."""

    EMPTY = frozenset({"meta", "link", "input", "br", "img", "hr"})

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.leads: list[str] = []
        self.scripts = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self.leads.append(dict(attrs).get("href") or "")
        self.scripts += tag == "script"
        if tag not in self.EMPTY:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del tag, attrs

    def handle_endtag(self, tag: str) -> None:
        assert self.open, tag
        assert self.open.pop() == tag


def read(page: str) -> Well:
    found = Well()
    found.feed(page)
    assert found.open == []
    return found


def words(page: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


@pytest.fixture(scope="module")
def owner(product: Product) -> Browser:
    browser = product.browser("owner")
    browser.post("/language", language="en")
    return browser


@pytest.fixture
def here(owner: Browser) -> str:
    """A new kickoff's address; its day was 40 days ago."""
    day = (TODAY - timedelta(days=40)).isoformat()
    answer = owner.post(
        "/kickoffs", title="Kurs", starts_at="09:00", time_zone="Europe/Oslo", day=day
    )
    return str(answer.headers["location"]).partition("/plan")[0]


@pytest.fixture(scope="module")
def api(product: Product) -> httpx.Client:
    return product.api()


@pytest.fixture
def add(api: httpx.Client, here: str) -> Add:
    def added(part: str, **values: object) -> str:
        answer = api.post(f"/api/v1{here}/{part}", json=values)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    return added


def drawn(owner: Browser, here: str, code: str) -> str:
    answer = owner.get(f"{here}/pictures/{code}")
    assert answer.status_code == 200, answer.text
    return answer.text


def in_days(days: int) -> str:
    return (TODAY + timedelta(days=days)).isoformat()


def one_of_each(add: Add, name: str) -> dict[str, str]:
    made = {"teams": add("teams", name=name, capacity=2)}
    person = made["people"] = add("people", name=name)
    made["segments"] = add("segments", name=name)
    made["initiatives"] = add(
        "initiatives",
        title=name,
        team_id=made["teams"],
        owner_id=person,
        starts_on=in_days(-30),
        ends_on=in_days(20),
        capacity=3,
        systems=f"{name[:60]}, SAP",
    )
    made["deliverables"] = add(
        "deliverables", title=name, owner_id=person, due=in_days(-2), supporter_ids=[person]
    )
    made["milestones"] = add("milestones", title=name, deliverable_id=made["deliverables"])
    made["raci"] = add("raci", deliverable_id=made["deliverables"], person_id=person, role="A")
    made["risks"] = add("risks", title=name)
    made["stakeholders"] = add("stakeholders", name=name, segment_id=made["segments"])
    made["channels"] = add("channels", name=name, reach=200)
    made["communication-steps"] = add(
        "communication-steps",
        title=name,
        channel_id=made["channels"],
        done_on=in_days(-3),
        opened=62.5,
        attendance=150,
    )
    return made


SHOWN = {
    "roadmap": ("teams", "initiatives", "deliverables", "milestones"),
    "influence-interest": ("stakeholders",),
    "risk-matrix": ("risks",),
    "raci-matrix": ("deliverables", "people", "raci"),
    "capacity": ("teams", "initiatives"),
    "rhythm": ("channels", "communication-steps"),
}


@pytest.mark.parametrize("code", PICTURES)
def test_of_nothing_a_picture_says_what_goes_there_and_where_to_begin(
    owner: Browser, here: str, code: str
) -> None:
    page = drawn(owner, here, code)
    assert 'class="empty"' in page
    assert re.search(rf'class="button go" href="{here}/[a-z-]+/new"', page)


@pytest.mark.parametrize("code", PICTURES)
def test_who_only_reads_is_not_asked_to_begin(product: Product, code: str) -> None:
    page = drawn(product.browser("viewer"), f"/kickoffs/{product.kickoff.id}", code)
    assert "/new" not in page
    assert "button go" not in page


@pytest.mark.parametrize("code", PICTURES)
def test_others_do_not_learn_that_there_is_a_picture(product: Product, code: str) -> None:
    address = f"/kickoffs/{product.kickoff.id}/pictures/{code}"
    assert product.browser("foreigner").get(address).status_code == 404


@pytest.mark.parametrize("name", [HOSTILE, LONG, "Å"])
def test_whatever_is_written_each_node_is_shown_and_leads_to_its_record(
    owner: Browser, here: str, add: Add, name: str
) -> None:
    scripts = {code: read(drawn(owner, here, code)).scripts for code in PICTURES}
    made = one_of_each(add, name)
    for code in PICTURES:
        page = drawn(owner, here, code)
        seen = read(page)
        assert seen.scripts == scripts[code], code
        assert "style=" not in page
        for part in SHOWN[code]:
            assert f"{here}/{part}/{made[part]}" in seen.leads, (code, part)


def test_nothing_of_a_long_name_is_cut_off(owner: Browser, here: str, add: Add) -> None:
    one_of_each(add, LONG)
    for code in ("roadmap", "influence-interest", "risk-matrix"):
        svg = re.search(
            r'<svg class="picture-drawn".*?</svg>\s*</div>', drawn(owner, here, code), re.S
        )
        assert svg
        lines = "".join(re.findall(r"<tspan[^>]*>([^<]*)</tspan>", svg[0]))
        assert LONG in lines.replace("-", ""), code


def test_many_are_drawn_in_little_time_and_few_queries(
    product: Product, owner: Browser, here: str, add: Add
) -> None:
    people = [add("people", name=f"Person {n}") for n in range(12)]
    team = add("teams", name="Drift", capacity=4)
    for n in range(40):
        add("risks", title=f"Risiko {n}", probability=["low", "medium", "high"][n % 3])
        add("milestones", title=f"Milepæl {n}", window=["30", "60", "90"][n % 3], team_id=team)
        one = add("deliverables", title=f"Leveranse {n}", due=in_days(n))
        add("raci", deliverable_id=one, person_id=people[n % 12], role="RACI"[n % 4])
    for code in PICTURES:
        with product.counting() as sent:
            drawn(owner, here, code)
        assert len(sent) < 25, code


# ---- What each of them says


def test_the_roadmap_says_what_is_reached_what_is_late_and_what_waits(
    owner: Browser, here: str, add: Add
) -> None:
    first = add("milestones", title="Først", window="30", reached_on=in_days(-12))
    add("milestones", title="Sen", window="30")
    then = add("milestones", title="Så", window="60", depends_on_ids=[first])
    add("milestones", title="Bakvendt", window="30", due=in_days(-20), depends_on_ids=[then])
    page = drawn(owner, here, "roadmap")
    assert re.search(r'aria-label="Milestone: Først, Reached · ', page)
    assert re.search(r'aria-label="Milestone: Sen, Late · ', page)
    assert re.search(r'aria-label="Milestone: Så, \d', page)
    assert "1 reached" in words(page)
    assert page.count('class="arrow') - 2 == 2  # two of them are in the legend
    assert "Begins before «Så» is done" in words(page)
    assert "Today" in words(page)


def test_without_a_day_the_roadmap_counts_from_the_kickoff(
    api: httpx.Client, owner: Browser, here: str, add: Add
) -> None:
    kickoff = api.get(f"/api/v1{here}")
    api.patch(f"/api/v1{here}", json={"day": None}, headers={"if-match": kickoff.headers["etag"]})
    add("milestones", title="Milepæl", window="60")
    add("deliverables", title="Først av alt", prioritised=True)
    add("initiatives", title="Med dato", starts_on="2027-01-01", ends_on="2027-02-01")
    page = drawn(owner, here, "roadmap")
    assert 'aria-label="Milestone: Milepæl, Day 60"' in page
    assert 'aria-label="Deliverable: Først av alt, Day 30"' in page
    assert "The kickoff has no date yet" in page
    rest = page.partition("No place on the line yet")[2]
    assert "Med dato" in rest


def test_what_lies_outside_the_90_days_is_listed(owner: Browser, here: str, add: Add) -> None:
    add("deliverables", title="Neste år", due=in_days(400))
    add("deliverables", title="Ved tidens ende", due="2199-12-31")
    add("milestones", title="Før alt", due=in_days(-50))
    rest = words(drawn(owner, here, "roadmap").partition("Before or after the 90 days")[2])
    assert "Neste år" in rest
    assert "Ved tidens ende" in rest
    assert re.search(r"Før alt milestone, [^,]* Late", rest)


def test_a_kickoff_on_the_last_day_of_all_is_drawn(
    api: httpx.Client, owner: Browser, here: str, add: Add
) -> None:
    tag = api.get(f"/api/v1{here}").headers["etag"]
    api.patch(f"/api/v1{here}", json={"day": "2199-12-31"}, headers={"if-match": tag})
    one_of_each(add, "Sist")
    for code in PICTURES:
        drawn(owner, here, code)


def test_risks_and_opportunities_have_a_word_and_what_is_missing_is_said(
    owner: Browser, here: str, add: Add
) -> None:
    person = add("people", name="Kari")
    whole = {"owner_id": person, "due": in_days(9), "mitigation": "Vi øver."}
    add("risks", title="Uvær", probability="high", consequence="high")
    add("risks", title="Medvind", kind="opportunity", **whole)
    add("risks", title="Avlyst", state="closed", **whole)
    page = drawn(owner, here, "risk-matrix")
    assert 'aria-label="Uvær, Risk · Delivery, No owner, No deadline, No measure"' in page
    assert re.search(r'aria-label="Medvind, Opportunity · Delivery · Kari · \d+ [A-Z]', page)
    assert "Avlyst" not in page
    assert "1 closed one is left out" in words(page)


def test_what_weighs_more_stands_higher_and_further_to_the_right(
    owner: Browser, here: str, add: Add
) -> None:
    degrees = ("low", "medium", "high")
    for probability in degrees:
        for consequence in degrees:
            title = f"{probability}-{consequence}"
            add("risks", title=title, probability=probability, consequence=consequence)
    page = drawn(owner, here, "risk-matrix")
    place = {
        name: (float(x), float(y))
        for name, x, y in re.findall(
            r'aria-label="([a-z-]+), Risk[^>]*>\s*<rect[^>]* x="([\d.]+)" y="([\d.]+)"', page
        )
    }
    assert len(place) == 9
    assert place["low-low"][0] < place["low-medium"][0] < place["low-high"][0]
    assert place["low-low"][1] > place["medium-low"][1] > place["high-low"][1]


def test_stakeholders_who_are_not_involved_are_marked(owner: Browser, here: str, add: Add) -> None:
    add("stakeholders", name="Styret", before="Møte", during="Taler", after="Brev")
    add("stakeholders", name="Kundene", side="external", during="Panel")
    page = drawn(owner, here, "influence-interest")
    assert 'aria-label="Styret, Internal"' in page
    said = "Kundene, External, Not involved before the day, Not involved after the day"
    assert f'aria-label="{said}"' in page
    assert "1 stakeholder lacks involvement before, during or after" in words(page)


def test_an_overbooked_month_is_told_by_icon_and_words(owner: Browser, here: str, add: Add) -> None:
    team = add("teams", name="Drift", capacity=2.5)
    same = {"team_id": team, "starts_on": in_days(0), "ends_on": in_days(1)}
    add("initiatives", title="A", capacity=2, **same)
    add("initiatives", title="B", capacity=1.5, **same)
    add("initiatives", title="Uten")
    page = drawn(owner, here, "capacity")
    assert "1 too many" in words(page)
    assert "1 team is over-booked" in words(page)
    assert re.search(r'<small class="fault"><svg.*?1 too many', page, re.S)
    missing = words(page.partition("What cannot be counted yet")[2])
    assert "No team: nobody's people do the work" in missing
    assert "Start or end is not set" in missing


def test_teams_that_wait_for_each_other_are_named(owner: Browser, here: str, add: Add) -> None:
    drift, salg = add("teams", name="Drift"), add("teams", name="Salg")
    add("initiatives", title="A", team_id=drift, team_ids=[salg])
    assert "need each other" not in words(drawn(owner, here, "capacity"))
    add("initiatives", title="B", team_id=salg, team_ids=[drift, salg])
    page = words(drawn(owner, here, "capacity"))
    assert "These teams need each other's help" in page
    assert re.search(r"(Drift|Salg) waits for (Drift|Salg) waits for", page)


def test_the_rhythm_says_what_is_done_late_and_how_it_went(
    owner: Browser, here: str, add: Add
) -> None:
    hall = add("channels", name="Allmøte", kind="town_hall", reach=200)
    add(
        "communication-steps",
        title="Hvorfor nå",
        channel_id=hall,
        done_on=in_days(-40),
        attendance=150,
        opened=62.5,
    )
    add("communication-steps", title="Glemt", channel_id=hall, day="30")
    add("communication-steps", title="Senere", day="90")
    page = drawn(owner, here, "rhythm")
    seen = words(page)
    assert "Open rate 62.5 %" in seen
    assert "Attendance 150 (75 %)" in seen
    assert re.search(r"Glemt Late", seen)
    assert re.search(r"Senere Planned", seen)
    assert "Without a channel" in seen
    assert page.count("Nothing is said then") == 1  # at day 60


# ---- RACI's letters


def letters_of(api: httpx.Client, here: str) -> set[tuple[str, str]]:
    found = api.get(f"/api/v1{here}/raci").json()["items"]
    return {(one["person_id"], one["role"]) for one in found}


def test_a_row_of_letters_is_one_form(
    api: httpx.Client, owner: Browser, here: str, add: Add
) -> None:
    kari, ola = add("people", name="Kari"), add("people", name="Ola")
    one = add("deliverables", title="Innboks", owner_id=kari)
    page = drawn(owner, here, "raci-matrix")
    assert "Nobody answers for it: no A" in words(page)
    assert "Its owner has no letter: Kari" in words(page)
    where = f"{here}/raci-matrix/{one}"
    assert f'href="{where}"' in page
    form = owner.get(where).text
    assert f'name="letters" value="{kari}:A"' in form
    answer = owner.post(where, letters=[f"{kari}:A", f"{ola}:R", f"{ola}:C"])
    assert answer.headers["location"].endswith(f"/pictures/raci-matrix?said=saved#row-{one}")
    assert letters_of(api, here) == {(kari, "A"), (ola, "R"), (ola, "C")}
    page = words(drawn(owner, here, "raci-matrix"))
    assert "Each deliverable has one who answers for it" in page
    was = [f"{kari}:A", f"{ola}:R", f"{ola}:C"]
    owner.post(where, was=was, letters=[f"{kari}:A", f"{ola}:R", f"{ola}:A"])
    assert letters_of(api, here) == {(kari, "A"), (ola, "R"), (ola, "A")}
    assert "2 answer for it: only one may have A" in words(drawn(owner, here, "raci-matrix"))


def test_two_who_change_a_row_at_once_lose_nothing(
    api: httpx.Client, owner: Browser, here: str, add: Add
) -> None:
    kari, ola = add("people", name="Kari"), add("people", name="Ola")
    one = add("deliverables", title="Innboks")
    add("raci", deliverable_id=one, person_id=kari, role="C")
    where, was = f"{here}/raci-matrix/{one}", f"{kari}:C"
    # Both opened the form with Kari's C in it: one takes it away, the other adds Ola.
    owner.post(where, was=was, letters=[f"{kari}:A"])
    owner.post(where, was=was, letters=[was, f"{ola}:R"])
    assert letters_of(api, here) == {(kari, "A"), (ola, "R")}
    owner.post(where, was=was, letters=[f"{ola}:R"])
    assert letters_of(api, here) == {(kari, "A"), (ola, "R")}


def test_letters_of_strangers_are_refused_and_nonsense_is_nothing(
    api: httpx.Client, owner: Browser, here: str, add: Add, product: Product
) -> None:
    one = add("deliverables", title="Innboks")
    where = f"{here}/raci-matrix/{one}"
    elsewhere = product.api().post(
        f"/api/v1/kickoffs/{product.kickoff.id}/people", json={"name": "Fremmed"}
    )
    answer = owner.post(where, letters=[f"{elsewhere.json()['id']}:A"])
    assert answer.status_code == 422
    assert "Fremmed" not in answer.text
    assert owner.post(where, letters=["x", ":", "a:Z", "", "R"]).status_code == 303
    assert letters_of(api, here) == set()


def test_who_may_not_edit_the_plan_gives_no_letters(product: Product) -> None:
    here = f"/kickoffs/{product.kickoff.id}"
    one = product.api().post(f"/api/v1{here}/deliverables", json={"title": "Innboks"}).json()["id"]
    viewer = product.browser("viewer")
    assert "raci-matrix/" not in drawn(viewer, here, "raci-matrix")
    assert viewer.get(f"{here}/raci-matrix/{one}").status_code in (403, 404)
    assert viewer.post(f"{here}/raci-matrix/{one}", letters=[]).status_code in (403, 404)
    owner = product.browser("owner")
    assert owner.get(f"{here}/raci-matrix/{product.kickoff.id}").status_code == 404


def test_one_who_carries_too_much_is_named(owner: Browser, here: str, add: Add) -> None:
    kari = add("people", name="Kari")
    made = [add("deliverables", title=f"Leveranse {n}") for n in range(6)]
    for one in made:
        add("raci", deliverable_id=one, person_id=kari, role="R")
        add("raci", deliverable_id=one, person_id=kari, role="A")
    page = words(drawn(owner, here, "raci-matrix"))
    assert "Kari : carries 6 open deliverables with R or A" in page
    add("milestones", title="Ferdig", deliverable_id=made[0], reached_on=in_days(-1))
    page = words(drawn(owner, here, "raci-matrix"))
    assert "open deliverables with" not in page
    assert "Handed over" in page
