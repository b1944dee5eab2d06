"""Minutes in the reader's words: what a line says in one breath, and what differs between two."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from app.i18n import gettext, language
from app.models.minutes import SECTION_NAMES, MinutesLine, Section
from app.operations.derived import REASONS, SHOWN_STATUSES
from app.operations.minutes_published import Told
from app.rendering import day
from app.rules.differences import Piece, differences
from app.rules.minutes import Compared, Draft, compared

NAMES = {code.value: name for code, name in SECTION_NAMES}
STATUSES = dict(SHOWN_STATUSES)


@dataclass(frozen=True)
class Words:
    """What templates call things by, in the language in force."""

    sections: dict[str, str]
    statuses: dict[str, str]
    reasons: dict[str, str]


@dataclass(frozen=True)
class Change:
    """One line that differs; `kind` is new, gone or changed. `title`: which, where the pieces
    leave that out."""

    kind: str
    pieces: tuple[Piece, ...]
    title: str = ""


@dataclass(frozen=True)
class Changes:
    """Of one section; `text` is what stands above its lines."""

    code: str
    text: tuple[Piece, ...]
    lines: tuple[Change, ...]


def words() -> Words:
    return Words(
        sections={code: gettext(name) for code, name in NAMES.items()},
        statuses={code: gettext(word) for code, word in STATUSES.items() if code},
        reasons={code: gettext(word) for code, word in REASONS},
    )


def said(line: MinutesLine) -> str:
    """Everything that a line says, for comparing it."""
    status = gettext(STATUSES[line.status]) if line.status in STATUSES and line.status else ""
    figures = " ".join(_texts(line.said.get(language(), [])))
    number = "" if line.number is None else str(line.number)
    left_out = f"({gettext('left out')})" if line.left_out else ""
    due = day(line.due, "medium") if line.due else ""
    parts = [_of_sort(line), line.text, line.detail, figures, line.owner, due, status, number]
    return " · ".join(part for part in [*parts, left_out] if part)


def changes_of_section(code: str, before: Draft | Told, after: Draft | Told) -> Changes | None:
    """None where nothing differs."""
    lines = tuple(_change(one) for one in compared(before.lines, after.lines) if not one.is_same)
    lines = tuple(line for line in lines if line.pieces)
    text = () if before.text == after.text else differences(before.text, after.text)
    return Changes(code, text, lines) if lines or text else None


def changes(before: Sequence[Told], after: Sequence[Told]) -> list[Changes]:
    """From one version to another, section by section."""
    old = {one.code: one for one in before}
    found = [
        changes_of_section(one.code, old.get(one.code, Told(one.code, "", ())), one)
        for one in after
    ]
    return [one for one in found if one is not None]


def section_or_none(code: str) -> Section | None:
    return Section(code) if code in set(Section) else None


def _of_sort(line: MinutesLine) -> str:
    match line.sort:
        case "people":
            return gettext("People who took part")
        case "phones":
            return gettext("Phones in the room")
        case "backlog":
            return gettext("Being answered in writing")
        case _:
            return ""


def _change(one: Compared) -> Change:
    before = said(one.before) if one.before else ""
    after = said(one.after) if one.after else ""
    kind = "new" if one.before is None else "gone" if one.after is None else "changed"
    pieces = () if before == after else differences(before, after)
    line = one.after or one.before
    is_told = line is None or any(line.text in piece.text for piece in pieces)
    return Change(kind, pieces, "" if line is None or is_told else line.text)


def _texts(blocks: Sequence[dict[str, Any]]) -> Iterator[str]:
    for block in blocks:
        if block["is"] == "table":
            for row in block["rows"]:
                yield ", ".join(cell["text"] for cell in row)
        else:
            yield block["text"]
