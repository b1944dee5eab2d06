"""A planning team at a laptop: fills the plan by its forms and from its spreadsheets, as people do.

Knows the demo's plan as people know theirs: by titles and names, by the words on the page, by days
before and after the kickoff. Nothing goes past the pages.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from openpyxl import Workbook
from playwright.sync_api import FilePayload, Locator, Page, expect

from app import clock, demo_plan
from app.i18n import gettext
from app.models.fields import Meta, meta_of
from app.operations.entities import AGENDA_BLOCKS, REFERRED, Entity
from app.operations.table_columns import writable

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Row = Mapping[str, Any]


def path_of(entity: Entity) -> str:
    """The last part of its pages' address."""
    return "agenda" if entity is AGENDA_BLOCKS else entity.name


class PlanningTeam:
    """`day` is the kickoff's. `here` is the address of the kickoff once there is one."""

    def __init__(self, page: Page, base_url: str, day: date) -> None:
        self.page, self.base_url, self.day = page, base_url, day
        self.here = ""
        self._called = {
            (entity.name, row["key"]): str(row[entity.name_field])
            for entity in REFERRED.values()
            for row in demo_plan.read().records.get(entity.name, ())
            if "key" in row
        }

    def open(self, path: str) -> None:
        answer = self.page.goto(f"{self.here}/{path}")
        assert answer is not None
        assert answer.status == 200, f"{path}: {answer.status}"

    def press(self, name: str) -> None:
        """A button or a link that looks like one, by its word."""
        button = self.page.get_by_role("button", name=name, exact=True)
        button.or_(self.page.get_by_role("link", name=name, exact=True)).first.click()

    # ---- By the form

    def writes(self, entity: Entity, row: Row, *, save: str = "") -> None:
        """One record, field by field, and saved."""
        for name, value in row.items():
            meta = meta_of(entity.fields, name) if name != "key" else None
            if meta is None:
                continue
            if meta.section in ("cause", "effect"):
                self._choose(self.page.locator(f"#field-{meta.section}"), self.words(meta, value))
            else:
                self._fill(name, meta, value)
        self.press(save or gettext("Save"))
        # What is saved is said; what is not stands there as faults.
        expect(self.page.locator(".notice-good")).to_be_visible()

    def _fill(self, name: str, meta: Meta, value: Any) -> None:
        control = self.page.locator(f"#field-{name}")
        if meta.several:
            for one in value:
                self._tick(control, self.words(meta, one))
        elif meta.widget == "check":
            control.set_checked(bool(value))
        elif meta.choices or meta.widget in REFERRED:
            self._choose(control, self.words(meta, value))
        elif meta.widget == "date":
            control.fill(self._on(name, value).isoformat())
        elif meta.widget == "decimal":
            control.fill(self.words(meta, value))
        else:
            control.fill(str(value))

    def _choose(self, control: Locator, word: str) -> None:
        control.select_option(label=word)

    def _tick(self, fieldset: Locator, word: str) -> None:
        box = fieldset.get_by_label(word, exact=True)
        if not box.is_visible():
            fieldset.locator("summary").click()
        box.check()

    # ---- From a spreadsheet

    def brings(self, entity: Entity, rows: Sequence[Row], *, as_workbook: bool) -> None:
        """Many records at once, from the part's list: the file, a look at what each row becomes,
        and then all of them."""
        self.press(gettext("From a spreadsheet"))
        table = self._table(entity, rows)
        file: FilePayload = (
            {"name": "plan.xlsx", "mimeType": XLSX, "buffer": _workbook(table)}
            if as_workbook
            else {"name": "plan.csv", "mimeType": "text/csv", "buffer": _norwegian_csv(table)}
        )
        self.page.locator("#field-file").set_input_files(file)
        self.press(gettext("Preview"))
        seen = self.page.locator("#preview tbody tr")
        expect(seen).to_have_count(len(rows))
        faulty = self.page.locator('#preview tbody tr:not([data-fate="new"])')
        assert faulty.count() == 0, f"{entity.name}: {faulty.all_inner_texts()}"
        self.page.locator("button[name=confirm]").click()
        expect(self.page.locator(".notice-good")).to_be_visible()

    def _table(self, entity: Entity, rows: Sequence[Row]) -> list[list[str]]:
        """The columns that any row has something in, by the words of the forms."""
        metas = {
            name: meta
            for name, meta in writable(entity).items()
            if any(row.get(name) not in (None, "", []) for row in rows)
        }
        heading = [gettext(meta.label) for meta in metas.values()]
        cells = [
            [self._cell(name, meta, row.get(name)) for name, meta in metas.items()] for row in rows
        ]
        return [heading, *cells]

    def _on(self, name: str, days_after: int) -> date:
        """That day; what was measured was so today at the latest, for the day itself is ahead."""
        on = self.day + timedelta(days=days_after)
        return min(on, clock.today()) if name in ("read_on", "said_on") else on

    def _cell(self, name: str, meta: Meta, value: Any) -> str:
        if value is None:
            return ""
        if isinstance(value, list):
            return "; ".join(self.words(meta, one) for one in value)
        if meta.widget == "date":
            return self._on(name, value).strftime("%d.%m.%Y")
        return self.words(meta, value)

    def words(self, meta: Meta, value: Any) -> str:
        """A value of the plan's files as people write it."""
        if meta.widget in REFERRED:
            return self._called[REFERRED[meta.widget].name, value]
        if meta.widget == "check":
            return gettext("Yes") if value else gettext("No")
        if meta.choices:
            return gettext(dict(meta.choices)[value])
        return str(value).replace(".", ",") if isinstance(value, float) else str(value)


def typed_first(entity: Entity, rows: Sequence[Row]) -> tuple[Row, list[Row]]:
    """The row that is written by hand, since it refers to none of the others; and those."""
    metas = {name: meta_of(entity.fields, name) for name in entity.fields.model_fields}
    own = [name for name, meta in metas.items() if meta and REFERRED.get(meta.widget) is entity]
    first = next(row for row in rows if not any(row.get(name) for name in own))
    return first, [row for row in rows if row is not first]


def _norwegian_csv(table: Sequence[Sequence[str]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=";", lineterminator="\r\n").writerows(table)
    return text.getvalue().encode("cp1252")


def _workbook(table: Sequence[Sequence[str]]) -> bytes:
    book = Workbook()
    for row in table:
        book.active.append(list(row))
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()
