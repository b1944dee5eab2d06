"""Markdown as wikis read it, with nothing that people typed taken for a sign."""

import re
from collections.abc import Sequence

# Whatever could begin a sign in the middle of a line: each is said to be itself. HTML too: a wiki
# would take it for its own.
_SIGNS = re.compile(r"([\\`*_{}\[\]()#+!|~<>&-])")
_NUMBERED = re.compile(r"^(\d+)([.)])")


def plain(text: str) -> str:
    """One line of text that means what it says."""
    line = _SIGNS.sub(r"\\\1", " ".join(text.split()))
    return _NUMBERED.sub(r"\1\\\2", line)


def paragraphs(text: str) -> list[str]:
    return [plain(line) for line in text.splitlines() if line.strip()]


def table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """The lines of a table."""

    def row(cells: Sequence[str]) -> str:
        return f"| {' | '.join(plain(cell) for cell in cells)} |"

    return [row(headings), f"|{'---|' * len(headings)}", *map(row, rows)]
