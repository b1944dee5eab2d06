"""QR codes: a picture of squares that nothing in the text can break out of."""

import re

from app.outputs import qr


def test_the_picture_is_one_path_and_never_the_text_itself():
    drawn = qr.svg('https://kickoff.nordlys.no/j/<script>alert(1)</script>"')
    assert re.fullmatch(r'<svg viewBox="0 0 \d+ \d+"><path [^<>]*/></svg>', drawn)
    assert "style=" not in drawn
    assert "script" not in drawn


def test_different_addresses_are_different_pictures():
    assert qr.svg("https://a.example/j/1/") != qr.svg("https://a.example/j/2/")


def test_the_terminal_gets_lines_of_equal_length():
    lines = qr.terminal("http://192.168.1.20:8000/j/abc/").splitlines()
    assert len(lines) > 10
    assert len({len(re.sub("\x1b\\[[0-9;]*m", "", line)) for line in lines if line}) == 1
