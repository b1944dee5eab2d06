"""A picture of the plan for the projector: the drawing or table that its fragment has on a page,
without its links, whole and in parts that can be read from the back of a hall (L3).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup
from sqlmodel import Session

from app.models.kickoffs import Kickoff
from app.pictures.boxes import SMALL
from app.pictures.picture import Picture
from app.rendering import render
from app.rules.windows import Rectangle, around, windows

# The stage is 1776 x 760 of 1920 x 1080 pixels. A drawing's smallest letters are 12.5 units high
# (boxes.SMALL), and those at the back need 28 pixels.
STAGE = Rectangle(0, 0, 1776, 760)
READABLE, LARGEST = 28 / SMALL, 2.6  # pixels to a unit
MARGIN = 20

PART, NODE = "part:", "node:"

_DRAWING = re.compile(r'<svg class="picture-drawn[^>]*>.*?</svg>\s*(?=</div>)', re.DOTALL)
_TABLE = re.compile(r'<table class="table [^>]*>.*?</table>', re.DOTALL)
_BODY = re.compile(r"(?<=<tbody>).*?(?=</tbody>)", re.DOTALL)
_ROW = re.compile(r"<tr\b.*?</tr>", re.DOTALL)
_LINK = re.compile(r'<a\b([^>]*?)\shref="[^"]*?([0-9a-f-]{36})?"([^>]*)>')
_SIZE = re.compile(r' width="([\d.]+)" height="([\d.]+)" viewBox="[^"]*"')
_BOX = re.compile(
    r'<g class="picture-node[^>]*?data-node="([^"]+)" aria-label="([^"]*)"[^>]*>\s*'
    r'<rect class="box[^>]*? x="([-\d.]+)" y="([-\d.]+)" width="([\d.]+)" height="([\d.]+)"'
)
_ROW_NODE = re.compile(r'data-node="([^"]+)"')
_TAGS = re.compile(r"<[^>]*>")


@dataclass(frozen=True)
class Node:
    """Something in it that can be lit: a box, or a row."""

    id: str
    label: str


@dataclass(frozen=True)
class StagePicture:
    """`parts` are the labels of the parts, none where the whole can be read; `nodes` what can be
    lit. `html` is all of it; `page` what a phone is shown instead: the picture, what its shapes
    mean, and the same in words. `whole` and `windows` are what of a drawing is seen, and of a table
    the rows."""

    html: str
    page: str
    parts: tuple[str, ...]
    nodes: tuple[Node, ...]
    whole: Rectangle | None = None
    windows: tuple[Rectangle, ...] = ()
    boxes: tuple[Rectangle, ...] = ()
    rows: tuple[str, ...] = ()
    rows_of_part: int = 1
    part_of_node: tuple[int, ...] = ()

    def seen(self, focus: str) -> Markup:
        """What is shown with this focus; one that is not there any more shows the whole."""
        seen = self._drawing(focus) if self.whole else self._table(focus)
        if focus.startswith(NODE) and self._at(focus) is not None:
            lit = focus.removeprefix(NODE)
            seen = seen.replace(f'data-node="{lit}"', f'data-node="{lit}" data-lit', 1)
        return Markup(seen)  # noqa: S704 -- a fragment of ours, escaped when it was rendered

    def _at(self, focus: str) -> int | None:
        """The place of a part or node, while it is there."""
        if focus.startswith(PART):
            number = focus.removeprefix(PART)
            return int(number) if number.isdecimal() and int(number) < len(self.parts) else None
        ids = [NODE + node.id for node in self.nodes]
        return ids.index(focus) if focus in ids else None

    def part_of(self, focus: str) -> int:
        """The part that is shown, or that what is lit stands in, from 0; -1 for the whole."""
        at = self._at(focus)
        if at is None or not self.parts:
            return -1
        return at if focus.startswith(PART) else self.part_of_node[at]

    def _drawing(self, focus: str) -> str:
        at, view = self._at(focus), self.whole
        if at is not None:
            view = self.windows[at] if focus.startswith(PART) else _window([self.boxes[at]])
        assert view is not None, "a drawing has a size"
        box = f"{view.x:g} {view.y:g} {view.width:g} {view.height:g}"
        return _SIZE.sub(f' viewBox="{box}" data-view="{box}"', self.html, count=1)

    def _table(self, focus: str) -> str:
        at = self._at(focus)
        if at is None or not self.parts:
            return self.html
        first = self.part_of(focus) * self.rows_of_part
        rows = "\n".join(self.rows[first : first + self.rows_of_part])
        return _BODY.sub(lambda _: rows, self.html, count=1)


EMPTY = StagePicture("", "", (), ())


def on_stage(session: Session, kickoff: Kickoff, picture: Picture) -> StagePicture:
    """In the language in force. Where there is nothing to draw yet it is `EMPTY`."""
    fragment = render(picture.fragment, kickoff=kickoff, view=picture.view(session, kickoff))
    if found := _DRAWING.search(fragment):
        drawing = _without_links(found[0], "g")
        around_it = (_without_links(part, "span") for part in fragment.split(found[0], 1))
        return _drawn(drawing, drawing.join(around_it))
    if found := _TABLE.search(fragment):
        table, page = _without_links(found[0], "span"), _without_links(fragment, "span")
        return _tabled(table, page, picture.rows_on_stage)
    return EMPTY


def _without_links(html: str, tag: str) -> str:
    """Nobody follows a link on the wall, and phones have no account to follow it with."""

    def opened(link: re.Match[str]) -> str:
        named = f' data-node="{link[2]}"' if link[2] else ""
        return f"<{tag}{link[1]}{named}{link[3]}>"

    return _LINK.sub(opened, html).replace("</a>", f"</{tag}>")


def _drawn(svg: str, page: str) -> StagePicture:
    size = _SIZE.search(svg)
    whole = Rectangle(0, 0, float(size[1]), float(size[2])) if size else STAGE
    found = _BOX.findall(svg)
    boxes = tuple(Rectangle(*map(float, box[2:])) for box in found)
    nodes = tuple(Node(id, Markup(label).unescape()) for id, label, *_ in found)  # noqa: S704
    groups: Sequence[Sequence[int]] = ()
    if whole.width > STAGE.width / READABLE or whole.height > STAGE.height / READABLE:
        margins = 2 * MARGIN
        groups = windows(
            boxes,
            width=STAGE.width / READABLE - margins,
            height=STAGE.height / READABLE - margins,
        )
    if len(groups) < 2:
        groups = ()
    return StagePicture(
        html=svg,
        page=page,
        parts=tuple(nodes[group[0]].label for group in groups),
        nodes=nodes,
        whole=whole,
        windows=tuple(_window([boxes[index] for index in group]) for group in groups),
        boxes=boxes,
        part_of_node=tuple(
            next((n for n, group in enumerate(groups) if index in group), -1)
            for index in range(len(boxes))
        ),
    )


def _window(boxes: Sequence[Rectangle]) -> Rectangle:
    """What the projector shows of a drawing to show these boxes: not larger than is calm."""
    held = around(boxes, MARGIN)
    width = max(held.width, STAGE.width / LARGEST)
    height = max(held.height, STAGE.height / LARGEST)
    return Rectangle(
        held.x - (width - held.width) / 2, held.y - (height - held.height) / 2, width, height
    )


def _tabled(table: str, page: str, at_once: int) -> StagePicture:
    body = _BODY.search(table)
    rows = tuple(_ROW.findall(body[0])) if body else ()
    labels = [_label(row) for row in rows]
    named = [(_ROW_NODE.search(row), label) for row, label in zip(rows, labels, strict=True)]
    return StagePicture(
        html=table,
        page=page,
        parts=tuple(labels[::at_once]) if len(rows) > at_once else (),
        nodes=tuple(Node(found[1], label) for found, label in named if found),
        rows=rows,
        rows_of_part=at_once,
        part_of_node=tuple(n // at_once for n, (found, _) in enumerate(named) if found),
    )


def _label(row: str) -> str:
    """What a row is called: its head."""
    head = re.search(r"<th\b.*?</th>", row, re.DOTALL)
    bdi = re.search(r"<bdi>(.*?)</bdi>", head[0] if head else row, re.DOTALL)
    text = bdi[1] if bdi else _TAGS.sub(" ", head[0] if head else row)
    return " ".join(str(Markup(text).unescape()).split())[:120]  # noqa: S704 -- only to take its text
