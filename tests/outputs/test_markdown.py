"""What people typed is text in Markdown, and never a sign, a link, HTML or another cell.

Seen red with `plain` handing its text on as it is.
"""

import pytest

from app.outputs.markdown import plain, table
from tests.security.hostile import HOSTILE


@pytest.mark.parametrize(
    "typed, written",
    [
        ("Åpne dører", "Åpne dører"),
        ("a | b", r"a \| b"),
        ("[klikk](https://evil.example)", r"\[klikk\]\(https://evil.example\)"),
        ("<script>", r"\<script\>"),
        ("# Ikke en overskrift", r"\# Ikke en overskrift"),
        ("1. Ikke en liste", r"1\. Ikke en liste"),
        ("to\nlinjer", "to linjer"),
        (r"C:\mappe", r"C:\\mappe"),
    ],
)
def test_signs_are_said_to_be_themselves(typed: str, written: str) -> None:
    assert plain(typed) == written


@pytest.mark.parametrize("typed", HOSTILE)
def test_a_cell_stays_one_cell(typed: str) -> None:
    (_, _, row) = table(["Mål", "Eier"], [[typed, "Kari"]])
    unescaped = row.replace("\\\\", "").replace("\\|", "")
    assert unescaped.count("|") == 3
