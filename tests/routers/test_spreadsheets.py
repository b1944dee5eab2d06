"""What goes out as a spreadsheet is what is there: figures, dates and text, each as itself."""

import io
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from openpyxl import load_workbook

from app.operations.entities import PLAN
from tests.support.product import Browser, Product

MEDIA = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.fixture(scope="module")
def owner(product: Product) -> Browser:
    return product.browser("owner")


@pytest.fixture
def here(owner: Browser) -> str:
    answer = owner.post(
        "/kickoffs", title="Kurs 2027", starts_at="09:00", time_zone="Europe/Oslo", day="2026-02-03"
    )
    return str(answer.headers["location"]).partition("/plan")[0]


def opened(owner: Browser, address: str) -> Any:
    answer = owner.get(address)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == MEDIA
    return load_workbook(io.BytesIO(answer.content))


def lines(sheet: Any) -> list[dict[str, Any]]:
    heading, *rows = sheet.iter_rows(values_only=True)
    return [dict(zip(heading, row, strict=True)) for row in rows]


def test_what_is_exported_is_read_back_as_it_is(owner: Browser, here: str) -> None:
    owner.post(f"{here}/people", name="Kåre Ærø-Ås")
    owner.post(f"{here}/goals", title="Svar samme dag")
    goal = product_ids(owner, here, "goals")[0]
    sent = {"title": "Feil; «alle»", "goal_id": goal, "baseline": "1 203,5", "target": "-0,125"}
    owner.post(f"{here}/kpis", **sent, target_date="2026-12-31", on_map=["false", "true"])
    book = opened(owner, f"{here}/kpis.xlsx")
    assert book.sheetnames == ["KPI-er", book.sheetnames[1]]
    sheet = book.worksheets[0]
    assert sheet.freeze_panes == "B2"
    (line,) = lines(sheet)
    assert (line["Tittel"], line["Mål"]) == ("Feil; «alle»", "Svar samme dag")
    values = list(line.values())
    assert (1203.5 in values, -0.125 in values, "Ja" in values) == (True, True, True)
    days = [one.date() for one in values if isinstance(one, datetime)]
    assert days == [date(2026, 12, 31)]
    assert product_ids(owner, here, "kpis") == [line["ID"]]


@pytest.mark.parametrize(
    "text", ["=1+1", "+47 22 00 00 00", "-2", "@SUM(A1)", "2026-01-01", "007", "http://x.no"]
)
def test_text_is_never_a_formula_nor_a_figure(owner: Browser, here: str, text: str) -> None:
    owner.post(f"{here}/goals", title=text)
    sheet = opened(owner, f"{here}/goals.xlsx").worksheets[0]
    cell = sheet.cell(2, 1)
    assert (cell.value, cell.data_type, cell.hyperlink) == (text, "s", None)


def test_a_cell_can_be_chosen_from_the_words_it_takes(owner: Browser, here: str) -> None:
    owner.post(f"{here}/people", name="Kari")
    owner.post(f"{here}/goals", title="Mål")
    book = opened(owner, f"{here}/goals.xlsx")
    words = {
        column[0]: [word for word in column[1:] if word]
        for column in book.worksheets[1].iter_cols(values_only=True)
    }
    assert words["Nivå"] == ["Visjon", "Strategisk mål", "Delmål"]
    assert words["Eier"] == ["Kari"]
    rules = book.worksheets[0].data_validations.dataValidation
    assert len(rules) == 4  # level, kind, part of, owner


def test_headings_are_in_the_readers_language(product: Product, here: str) -> None:
    reader = product.browser("owner")
    reader.http.cookies.set("language", "en")
    sheet = load_workbook(
        io.BytesIO(reader.http.get(f"{here}/goals.xlsx", headers={"accept-language": "en"}).content)
    ).worksheets[0]
    assert (sheet.title, sheet["A1"].value, sheet["B1"].value) == ("Goals", "Title", "Level")


def test_the_whole_plan_is_one_workbook(owner: Browser, here: str) -> None:
    owner.post(f"{here}/goals", title="Øk <script>alert(1)</script>")
    owner.post(
        f"{here}/agenda",
        title="Bolk",
        minutes="30",
        notes="HEMMELIG",
        phase_name=["Introduksjon", "Egen"],
        phase_minutes=["10", "20"],
    )
    book = opened(owner, f"{here}/plan.xlsx")
    assert len(book.sheetnames) == len(PLAN) + 1
    assert all(len(title) <= 31 for title in book.sheetnames)
    assert lines(book["Mål"])[0]["Tittel"] == "Øk <script>alert(1)</script>"
    held = str([lines(sheet) for sheet in book.worksheets])
    assert "Introduksjon 10, Egen 20" in held
    assert "HEMMELIG" not in held


def test_a_stranger_gets_no_file(product: Product) -> None:
    here = f"/kickoffs/{product.kickoff.id}"
    outsider = product.browser("outsider")
    for part in ("plan", "goals", "people", "decisions"):
        assert product.browser("viewer").get(f"{here}/{part}.xlsx").status_code == 200
        assert outsider.get(f"{here}/{part}.xlsx").status_code == 404


def product_ids(owner: Browser, here: str, part: str) -> list[str]:
    sheet = opened(owner, f"{here}/{part}.xlsx").worksheets[0]
    return [str(line["ID"]) for line in lines(sheet)]


def test_an_instant_is_said_where_the_kickoff_is(owner: Browser, here: str) -> None:
    owner.post(f"{here}/actions", title="A", status="green")
    sheet = opened(owner, f"{here}/actions.xlsx").worksheets[0]
    (line,) = lines(sheet)
    (found,) = [value for value in line.values() if isinstance(value, datetime)]
    there = datetime.now(ZoneInfo("Europe/Oslo")).replace(tzinfo=None)
    assert abs(there - found) < timedelta(minutes=5)
