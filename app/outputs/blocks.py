"""A fragment of ours as blocks that a paper is set from: the text of headings, paragraphs, lists
and tables. What a room's result says is worded once, in its fragment, for page and paper alike."""

from html.parser import HTMLParser
from typing import Any

_TEXT = {"h3": "heading", "h4": "heading", "p": "text", "li": "item"}
_CELLS = ("th", "td")


class _Reader(HTMLParser):
    """Fragments are well-formed and flat: no list in a list, no table in a table."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks: list[dict[str, Any]] = []
        self._text: list[str] | None = None
        self._number = 0  # of the next item; 0 where items are not numbered
        self._row: list[dict[str, Any]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag in _TEXT or tag in _CELLS:
            self._text = []
        if tag == "ol":
            self._number = 1
        elif tag == "ul":
            self._number = 0
        elif tag == "li" and (given.get("value") or "").isdecimal():
            self._number = int(given["value"] or 0)
        elif tag == "table":
            self.blocks.append({"is": "table", "head": [], "rows": []})
        elif tag == "tr":
            self._row = []
        if tag in _CELLS:
            figures = "number" in (given.get("class") or "").split()
            self._row.append({"text": "", "figures": figures})

    def handle_endtag(self, tag: str) -> None:
        if tag in _TEXT:
            self._close(tag)
        elif tag in _CELLS and self._row:
            self._row[-1]["text"] = self._taken()
        elif tag == "thead":
            self.blocks[-1]["head"], self._row = self._row, []
        elif tag == "tr" and self.blocks and "rows" in self.blocks[-1] and self.blocks[-1]["head"]:
            self.blocks[-1]["rows"].append(self._row)

    def handle_data(self, data: str) -> None:
        if self._text is not None:
            self._text.append(data)

    def _close(self, tag: str) -> None:
        text = self._taken()
        block: dict[str, Any] = {"is": _TEXT[tag], "text": text}
        if tag == "li":
            block["sign"] = f"{self._number}." if self._number else "•"
            self._number += bool(self._number)
        if text:
            self.blocks.append(block)

    def _taken(self) -> str:
        text, self._text = " ".join("".join(self._text or ()).split()), None
        return text


def blocks_from(fragment: str) -> list[dict[str, Any]]:
    """In the order of the fragment: {"is": "heading" | "text" | "item" | "table", …}."""
    reader = _Reader()
    reader.feed(fragment)
    reader.close()
    return reader.blocks
