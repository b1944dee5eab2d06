"""A plan of 5,000 records: its pictures stay pictures, and what they have no room for is counted,
with the way to it. Seen red against a fold that leaves out and says nothing."""

import re
from collections import Counter
from datetime import date
from html import unescape
from statistics import median
from time import process_time

import pytest

from app.pictures.boxes import MOST_DRAWN
from app.pictures.picture import registry
from bench.load.plan_rows import COUNTS, chunks, ordered, row
from tests.support.product import Browser, Product

DAY = date(2027, 1, 12)
MORE = re.compile(r"og (\d+) til\b")


@pytest.fixture(scope="module")
def owner(product: Product) -> Browser:
    return product.browser("owner")


@pytest.fixture(scope="module")
def here(product: Product, owner: Browser) -> str:
    """The plan's address; its rows are those of the benchmark."""
    fields = {"starts_at": "09:00", "time_zone": "Europe/Oslo", "day": DAY.isoformat()}
    answer = owner.post("/kickoffs", title="Stort", **fields)
    found = str(answer.headers["location"]).partition("/plan")[0]
    api, made = product.api(), dict[str, list[str]]()
    for entity in ordered():
        for numbers in chunks(entity):
            rows = [row(entity, number, made, DAY) for number in numbers]
            sent = api.post(f"/api/v1{found}/{entity.name}/bulk", json={"items": rows})
            assert sent.status_code == 201, sent.text
            made.setdefault(entity.name, []).extend(one["id"] for one in sent.json()["items"])
    return found


def drawing(page: str) -> str:
    found = re.search(r'<svg class="picture-drawn".*?</svg>\s*</div>', page, re.DOTALL)
    assert found, "nothing is drawn"
    return found[0]


def nodes(drawn: str, part: str) -> set[str]:
    return set(re.findall(rf'href="[^"]*/{part}/([0-9a-f-]{{36}})"', drawn))


def more(drawn: str, path: str) -> int:
    """What links to a list say that there is besides."""
    labels = re.findall(rf'href="[^"]*/{path}" aria-label="([^"]*)"', drawn)
    return sum(int(found[1]) for label in labels if (found := MORE.search(unescape(label))))


def test_it_is_as_large_as_it_says() -> None:
    assert sum(COUNTS.values()) == 5_000


@pytest.mark.parametrize("code", list(registry()))
def test_each_picture_is_drawn_at_once_and_of_few_queries(
    product: Product, owner: Browser, here: str, code: str
) -> None:
    page = owner.get(f"{here}/pictures/{code}").text
    assert page.count('class="picture-node"') < 2 * MOST_DRAWN
    took = []
    for _ in range(3):
        began = process_time()
        owner.get(f"{here}/pictures/{code}")
        took.append(process_time() - began)
    assert median(took) < 0.2  # of the processor: others may be busy too
    with product.counting() as sent:
        owner.get(f"{here}/pictures/{code}")
    assert len(sent) < 16


def test_the_tree_counts_the_actions_that_it_has_no_room_for(owner: Browser, here: str) -> None:
    page = owner.get(f"{here}/pictures/goal-tree").text
    drawn = drawing(page)
    untied = re.search(r"(\d+) tiltak er ikke med", page)
    assert untied
    assert len(nodes(drawn, "goals")) == COUNTS["goals"]
    assert nodes(drawn, "actions")
    told = len(nodes(drawn, "actions")) + more(drawn, "actions") + int(untied[1])
    assert told == COUNTS["actions"]


def test_the_map_keeps_what_arrows_name_and_says_how_many_it_leaves_out(
    product: Product, owner: Browser, here: str
) -> None:
    page = owner.get(f"{here}/pictures/strategy-map").text
    drawn = drawing(page)
    links = product.api().get(f"/api/v1{here}/cause-effect-links?limit=100").json()["items"]
    for part, kind in (("initiatives", "initiative"), ("deliverables", "deliverable")):
        shown = nodes(drawn, part)
        left = COUNTS[part] - len(shown)
        assert shown >= {id for one in links if (id := one[f"cause_{kind}_id"])}
        assert f"({len(shown)} av {COUNTS[part]})" in drawn
        assert re.search(rf'href="{here}/{part}">[^<]*og {left} til<', page)


def test_the_roadmap_counts_in_each_lane_what_it_has_no_room_for(
    product: Product, owner: Browser, here: str
) -> None:
    page = owner.get(f"{here}/pictures/roadmap").text
    drawn = drawing(page)
    rest = page.partition("</svg>")[2].partition("road-rest")[2]
    for part in ("initiatives", "deliverables", "milestones"):
        told = len(nodes(drawn, part)) + more(drawn, part) + len(nodes(rest, part))
        assert told == COUNTS[part], part
    assert len(nodes(drawn, "teams")) == COUNTS["teams"]


@pytest.mark.parametrize(
    "code, part", [("risk-matrix", "risks"), ("influence-interest", "stakeholders")]
)
def test_squares_count_what_they_have_no_room_for(
    product: Product, owner: Browser, here: str, code: str, part: str
) -> None:
    page = owner.get(f"{here}/pictures/{code}").text
    drawn = drawing(page)
    closed = re.search(r"(\d+) lukkede", page)
    told = len(nodes(drawn, part)) + more(drawn, part) + (int(closed[1]) if closed else 0)
    assert told == COUNTS[part]
    in_words = Counter(MORE.findall(page.partition("picture-words")[2]))
    assert in_words == Counter(MORE.findall(re.sub("<[^>]*>", "", drawn)))


def test_a_matrix_of_too_many_people_names_everybody_who_has_a_letter(
    product: Product, owner: Browser, here: str
) -> None:
    page = owner.get(f"{here}/pictures/raci-matrix").text
    assert len(nodes(page, "raci")) == COUNTS["raci"]
    assert len(nodes(page, "raci-matrix")) == COUNTS["deliverables"]
    assert page.count("<td></td>") == 0
