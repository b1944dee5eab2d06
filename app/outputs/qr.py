"""QR codes: as inline SVG for pages, as text for a terminal."""

import io
from functools import lru_cache

import segno
from markupsafe import Markup


@lru_cache(maxsize=64)
def svg(text: str) -> Markup:
    """The code alone, one path in one colour. The quiet zone around it is the page's to give.

    Error correction M stands a reflection or a head in the way and keeps the squares large.
    """
    code = segno.make(text, error="m", micro=False)
    drawn = code.svg_inline(border=0, omitsize=True, svgclass=None, lineclass=None, dark="#0e1f2b")
    return Markup(drawn)  # noqa: S704 -- segno draws squares; the text itself is not in it


def terminal(text: str) -> str:
    """The code in half blocks, dark on light, to print where `make run` was typed."""
    out = io.StringIO()
    segno.make(text, error="l", micro=False).terminal(out, compact=True, border=2)
    return out.getvalue()
