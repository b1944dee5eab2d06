"""Records from a spreadsheet: every fault is told by row and column before anything is written."""

import io
import re
import time
import zipfile
from collections.abc import Callable
from datetime import date
from html import unescape
from typing import Any

import pytest
from openpyxl import Workbook
from starlette.testclient import TestClient

from app.i18n import speaking
from app.operations.entities import DELIVERABLES, GOALS, KPIS, READINGS, SEGMENTS, Entity
from app.routers.forms import labels_of
from tests.support.product import Browser, Product

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.fixture(scope="module")
def owner(product: Product) -> Browser:
    return product.browser("owner")


@pytest.fixture(scope="module")
def api(product: Product) -> TestClient:
    return product.api()


@pytest.fixture
def here(owner: Browser) -> str:
    answer = owner.post(
        "/kickoffs", title="Kurs 2027", starts_at="09:00", time_zone="Europe/Oslo", day="2026-02-03"
    )
    return str(answer.headers["location"]).partition("/plan")[0]


def words(page: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


def rows_of(page: str) -> list[tuple[str, str]]:
    """What the preview says: each row's fate and words."""
    found = re.findall(r'<tr data-fate="(\w+)">(.*?)</tr>', page, re.DOTALL)
    return [(fate, words(row)) for fate, row in found]


def workbook(*rows: list[Any]) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    for cell in book.active["A"]:
        if isinstance(cell.value, str):
            cell.data_type = "s"  # openpyxl takes "=…" for a formula
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def taken(owner: Browser, where: str, content: bytes, name: str = "plan.xlsx", **more: str) -> Any:
    return owner.post(f"{where}/import", files={"file": (name, content, XLSX)}, **more)


def all_of(api: TestClient, where: str) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = api.get(f"/api/v1{where}", params={"limit": 100}).json()["items"]
    return items


@pytest.mark.parametrize("encoding", ["cp1252", "utf-8-sig", "utf-16"])
def test_csv_as_norwegian_excel_writes_it(
    owner: Browser, api: TestClient, here: str, encoding: str
) -> None:
    owner.post(f"{here}/goals", title="Svar samme dag")
    text = (
        "{target_date};Tittel;{goal_id};{baseline};Ukjent kolonne;{on_map}\r\n"
        '31.12.2026;"Feil; på første forsøk";svar SAMME dag;1 203,5;x;Ja\r\n'
        "\r\n"
        "1.2.27;Åpne saker – æøå;;-3;;nei\r\n"
    )
    text = text.format(**labels(KPIS))
    looked = taken(owner, f"{here}/kpis", text.encode(encoding), "kpi.csv")
    assert looked.status_code == 200, words(looked.text)
    assert [fate for fate, _ in rows_of(looked.text)] == ["new", "new"]
    assert "Ukjent kolonne" in words(looked.text)
    assert all_of(api, f"{here}/kpis") == []  # nothing is written before it is confirmed
    again = pasted(looked.text)
    assert owner.post(f"{here}/kpis/import", text=again, confirm="true").status_code == 303
    first, second = all_of(api, f"{here}/kpis")
    assert first["title"] == "Feil; på første forsøk"
    assert (first["baseline"], first["target_date"], first["on_map"]) == (
        1203.5,
        "2026-12-31",
        True,
    )
    assert first["goal_id"] == all_of(api, f"{here}/goals")[0]["id"]
    assert (second["title"], second["baseline"]) == ("Åpne saker – æøå", -3)
    assert (second["target_date"], second["on_map"]) == ("2027-02-01", False)


def test_what_was_exported_comes_back_unchanged_and_is_changed(
    owner: Browser, api: TestClient, here: str
) -> None:
    owner.post(f"{here}/people", name="Kari Ærø")
    kari = all_of(api, f"{here}/people")[0]["id"]
    owner.post(f"{here}/deliverables", title="=1+1", supporter_ids=["", kari], due="2026-03-01")
    owner.post(f"{here}/deliverables", title="Innboks", prioritised=["false", "true"])
    for ending in ("xlsx", "csv"):
        content = owner.get(f"{here}/deliverables.{ending}").content
        looked = taken(owner, f"{here}/deliverables", content, f"d.{ending}")
        assert [fate for fate, _ in rows_of(looked.text)] == ["unchanged", "unchanged"], ending
    rows = [row.split(";") for row in pasted(looked.text).splitlines()]
    rows[1][0], rows[2][0] = "'=2+2", "Felles innboks"
    text = "\n".join(";".join(row) for row in rows)
    looked = owner.post(f"{here}/deliverables/import", text=text)
    assert [fate for fate, _ in rows_of(looked.text)] == ["changed", "changed"]
    assert owner.post(f"{here}/deliverables/import", text=text, confirm="1").status_code == 303
    first, second = all_of(api, f"{here}/deliverables")
    assert (first["title"], second["title"]) == ("=2+2", "Felles innboks")
    assert (first["supporter_ids"], first["due"], first["version"]) == ([kari], "2026-03-01", 2)
    assert second["prioritised"] is True


def test_typed_cells_of_an_excel_file(owner: Browser, api: TestClient, here: str) -> None:
    content = workbook(
        ["Title", "Baseline", "Target date", "On the map"],
        ["=SUM(A1)", 12.5, date(2026, 12, 31), True],
        ["007", 3, None, None],
    )
    looked = taken(owner, f"{here}/kpis", content)
    assert [fate for fate, _ in rows_of(looked.text)] == ["new", "new"], words(looked.text)
    owner.post(f"{here}/kpis/import", text=pasted(looked.text), confirm="1")
    first, second = all_of(api, f"{here}/kpis")
    assert (first["title"], first["baseline"], first["on_map"]) == ("=SUM(A1)", 12.5, True)
    assert (first["target_date"], second["title"], second["baseline"]) == ("2026-12-31", "007", 3)


def test_every_fault_is_told_by_row_and_column_and_nothing_is_written(
    owner: Browser, api: TestClient, here: str
) -> None:
    for _ in range(2):
        owner.post(f"{here}/people", name="Kari")
    text = "\n".join(
        [
            "Tittel;Nivå;Eier;{due};ID".format(**labels(GOALS)),
            "Godt mål;Delmål;;31.12.2026;",
            ";Delmål;;;",
            "B;Høyest;Kari;32.1.2026;",
            "C;;Ingen slik;;",
            "D;;;;0123",
        ]
    )
    for confirm in ({}, {"confirm": "true"}):
        looked = owner.post(f"{here}/goals/import", text=text, **confirm)
        found = rows_of(looked.text)
        assert [fate for fate, _ in found] == ["new", "faulty", "faulty", "faulty", "faulty"]
        assert found[0][1].startswith("2 ")
        assert "Delmål" in found[2][1]  # the words that are allowed
        assert "Kari" in found[2][1]
        assert "31.12.2026" in found[2][1]  # what a date looks like
        assert "«Ingen slik»" in found[3][1]
        assert len(re.findall(r'class="fault"', looked.text)) == 6
        assert 'name="confirm"' not in looked.text
    assert all_of(api, f"{here}/goals") == []


def test_rows_refer_to_one_another_but_not_in_a_circle(
    owner: Browser, api: TestClient, here: str
) -> None:
    text = "Tittel;Del av\nSvar samme dag;Fornøyde kunder\nFornøyde kunder;\n"
    part_of = labels(GOALS)["parent_id"]
    text = text.replace("Del av", part_of)
    looked = owner.post(f"{here}/goals/import", text=text)
    assert [fate for fate, _ in rows_of(looked.text)] == ["new", "new"], words(looked.text)
    assert owner.post(f"{here}/goals/import", text=text, confirm="1").status_code == 303
    part, whole = all_of(api, f"{here}/goals")
    assert part["parent_id"] == whole["id"]
    circle = f"Tittel;{part_of}\nFornøyde kunder;Svar samme dag\n"
    looked = owner.post(f"{here}/goals/import", text=circle, confirm="1")
    assert [fate for fate, _ in rows_of(looked.text)] == ["faulty"]


def test_people_are_added_where_that_is_asked_for(
    owner: Browser, api: TestClient, here: str
) -> None:
    owner.post(f"{here}/people", name="Ærø, Kari")
    where = f"{here}/deliverables"
    supporters = labels(DELIVERABLES)["supporter_ids"]
    text = f"Tittel;{supporters}\nA;Ola Nordmann, Ærø, Kari\n"
    assert [fate for fate, _ in rows_of(owner.post(f"{where}/import", text=text).text)] == [
        "faulty"
    ]
    looked = owner.post(f"{where}/import", text=text, add_people="true")
    assert [fate for fate, _ in rows_of(looked.text)] == ["new"]
    assert [one["name"] for one in all_of(api, f"{here}/people")] == ["Ærø, Kari"]
    owner.post(f"{where}/import", text=text, add_people="true", confirm="1")
    people = {one["id"]: one["name"] for one in all_of(api, f"{here}/people")}
    named = [people[id] for id in all_of(api, where)[0]["supporter_ids"]]
    assert named == ["Ola Nordmann", "Ærø, Kari"]


def test_two_of_one_name_are_told_apart_by_their_id(
    owner: Browser, api: TestClient, here: str
) -> None:
    for _ in range(2):
        owner.post(f"{here}/segments", name="Ledere")
    name = labels(SEGMENTS)["name"]
    looked = owner.post(f"{here}/segments/import", text=f"{name}\nLedere\n")
    assert [fate for fate, _ in rows_of(looked.text)] == ["faulty"]
    first = all_of(api, f"{here}/segments")[0]["id"]
    text = f"ID;{name}\n{first};Mellomledere\n{first};Mellomledere\n"
    looked = owner.post(f"{here}/segments/import", text=text)
    assert [fate for fate, _ in rows_of(looked.text)] == ["changed", "faulty"]
    text = f"ID;{name}\n{first};Mellomledere\n"
    assert owner.post(f"{here}/segments/import", text=text, confirm="1").status_code == 303
    assert [one["name"] for one in all_of(api, f"{here}/segments")] == ["Mellomledere", "Ledere"]


def test_a_figure_is_no_name_to_know_a_row_by(owner: Browser, api: TestClient, here: str) -> None:
    for title in ("Svartid", "Rettelser"):
        owner.post(f"{here}/kpis", title=title)
    kpi_id = all_of(api, f"{here}/kpis")[0]["id"]
    owner.post(f"{here}/readings", kpi_id=kpi_id, value="12,4", read_on="2026-01-05")
    heading = "{kpi_id};{value};{read_on}".format(**labels(READINGS))
    text = f"{heading}\nRettelser;12.4;5.1.2026\nSvartid;12.4;5.1.2026\n"
    looked = owner.post(f"{here}/readings/import", text=text)
    assert [fate for fate, _ in rows_of(looked.text)] == ["new", "unchanged"]
    owner.post(f"{here}/readings/import", text=text, confirm="1")
    assert len(all_of(api, f"{here}/readings")) == 2


DECLARED = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]>'


def bomb(size: int, *, declared: bytes = b"") -> bytes:
    """An archive of a few kilobytes that unpacks to `size`."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", declared + b"<row/>" * (size // 6))
    return target.getvalue()


def many_rows() -> bytes:
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.append(["Tittel"])
    for _ in range(30_000):
        sheet.append(["A"])
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


# Made when they are asked for: every worker collects this file, and one of them runs it.
@pytest.mark.parametrize(
    "make, status",
    [
        (lambda: bomb(400_000_000), 413),
        (lambda: bomb(100, declared=DECLARED), 422),
        (lambda: b"PK\x03\x04 no archive", 422),
        (lambda: workbook(["Tittel"])[:-200], 422),
        (many_rows, 422),
        (lambda: b"Tittel\n" + b"A\n" * 2001, 422),
        (lambda: b"Tittel\n" + b"A\n" * 900_000, 422),
        (lambda: b"x" * 2_000_001, 413),
        (lambda: b"", 422),
        (lambda: b"\n\n", 422),
        (lambda: b"\x00\x01\x02", 422),
        (lambda: b"Noe helt annet;x\n1;2\n", 422),
        (lambda: b'"' + b"a" * 200_000, 422),
    ],
    ids=range(13),
)
def test_what_is_no_table_or_too_much_of_one_is_refused_at_once(
    owner: Browser, here: str, make: Callable[[], bytes], status: int
) -> None:
    content = make()
    started = time.process_time()
    answer = taken(owner, f"{here}/goals", content)
    assert answer.status_code == status, words(answer.text)
    assert time.process_time() - started < 10
    assert 'class="error"' in answer.text
    assert 'action="' + here in answer.text  # the form is still there


def test_a_whole_table_is_written_at_once(
    product: Product, owner: Browser, api: TestClient, here: str
) -> None:
    text = "Tittel\n" + "".join(f"Mål {number}\n" for number in range(2000))
    with product.counting() as sent:
        answer = owner.post(f"{here}/goals/import", text=text, confirm="1", files=NO_FILE)
    assert answer.status_code == 303
    assert len(sent) < 60
    titles = [one["title"] for one in all_of(api, f"{here}/goals")]
    assert titles == [f"Mål {number}" for number in range(100)]


NO_FILE = {"file": ("", b"", "application/octet-stream")}


def test_only_who_may_edit_is_asked_for_a_table(product: Product) -> None:
    where = f"/kickoffs/{product.kickoff.id}/goals/import"
    for role, status in (("viewer", 403), ("outsider", 404)):
        reader = product.browser(role)
        assert reader.get(where).status_code == status
        assert reader.post(where, text="Tittel\nA\n", confirm="1").status_code == status
    assert product.browser("contributor").get(where).status_code in (200, 403)


@pytest.mark.parametrize(
    "part", ["goals", "kpis", "risks", "actions", "decisions", "raci", "readings",
             "cause-effect-links", "communication-steps", "agenda", "teams", "groups", "glossary"],
)  # fmt: skip
def test_every_part_has_a_table_to_fill_in(owner: Browser, here: str, part: str) -> None:
    page = owner.get(f"{here}/{part}/import")
    assert page.status_code == 200
    assert f'action="{here}/{part}/import"' in page.text
    if part not in ("groups", "cause-effect-links"):
        assert f'href="{here}/{part}/import"' in owner.get(f"{here}/{part}").text


def test_markup_in_a_cell_is_text(owner: Browser, here: str) -> None:
    looked = owner.post(
        f"{here}/goals/import", text="Tittel;<b>x</b>\n<script>alert(1)</script>;\n"
    )
    assert "<script>alert" not in looked.text
    assert "<b>x</b>" not in looked.text
    assert "&lt;script&gt;alert(1)" in looked.text


def labels(entity: Entity) -> dict[str, str]:
    """What the fields are called in bokmål."""
    with speaking("nb"):
        return labels_of(entity.fields)


def pasted(page: str) -> str:
    """The rows as the preview's form has them."""
    found = re.search(r"<textarea[^>]*name=\"text\"[^>]*>(.*?)</textarea>", page, re.DOTALL)
    assert found
    return unescape(found[1])
