"""RACI on paper: the matrix with what is wrong in it."""

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup
from sqlmodel import Session

from app.i18n import gettext as _
from app.i18n import mark
from app.models.kickoffs import Kickoff
from app.models.raci import RACI_ROLES
from app.outputs.papers.registry import Paper
from app.pictures.raci_matrix import Row, matrix
from app.rendering import environment
from app.rules.findings import Finding

ACROSS = 14  # people that one sheet has room for side by side; the others follow on the next


def _said(macro: str, finding: Finding, *told: Any) -> str:
    """The page's own words for a finding."""
    words = getattr(environment().get_template("pictures/_raci_words.html").module, macro)
    return Markup(words(finding, *told)).striptags()  # noqa: S704 -- only to take its text


def _across(row: Row) -> list[list[str]]:
    """The letters under each person, also where there are none."""
    cells: list[list[str]] = []
    for cell in row.cells:
        cells += [[] for _n in range(cell.empty_before)]
        cells.append([one.role for one in cell.letters])
    return cells + [[] for _n in range(row.empty_after)]


def _values(session: Session, kickoff: Kickoff) -> Mapping[str, Any]:
    found = matrix(session, kickoff)
    people = [
        {"name": one.name, "fault": _said("too_much", one.finding) if one.finding else ""}
        for one in found.people
    ]
    rows: list[dict[str, Any]] = [
        {
            "title": row.title,
            "open": row.is_open,
            "faults": [_said("said", finding, row.left_out) for finding in row.findings],
            "cells": _across(row),
        }
        for row in found.rows
    ]
    parts = [slice(at, at + ACROSS) for at in range(0, max(1, len(people)), ACROSS)]
    return {
        "title": _("RACI matrix"),
        "sheets": [
            {
                "people": people[part],
                # The first sheet has every deliverable, the others those that are theirs.
                "rows": [
                    {**row, "cells": row["cells"][part]}
                    for row in rows
                    if part.start == 0 or any(row["cells"][part])
                ],
            }
            for part in parts
        ],
        "overloaded": [f"{one['name']}: {one['fault']}" for one in people if one["fault"]],
        "roles": [{"letter": letter, "word": _(word)} for letter, word in RACI_ROLES],
        "wording": {
            "deliverable": _("Deliverable"),
            "handed": _("Handed over"),
            "empty": _("No deliverables yet"),
        },
    }


PAPER = Paper(
    "raci",
    mark("RACI matrix"),
    mark("Who does it, who answers for it, who is asked and who is told: for the project room."),
    "table-2",
    40,
    _values,
    ("a4", "a3"),
    upright=False,
)
