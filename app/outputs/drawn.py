"""A picture of the plan for paper: the drawing that its fragment has on a page, and its legend.

The fragment's shapes carry their colours as attributes, so that no style sheet is missed here.
"""

import re
from base64 import b64encode
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup
from sqlmodel import Session

from app.i18n import gettext as _
from app.models.kickoffs import Kickoff
from app.pictures.picture import registry
from app.rendering import render

_DRAWING = re.compile(r'<svg class="picture-drawn[^>]*>.*?</svg>\s*(?=</div>)', re.DOTALL)
_LEGEND = re.compile(r'<ul class="picture-legend".*?</ul>', re.DOTALL)
_KEY = re.compile(r"<li>\s*(<svg.*?</svg>)(.*?)</li>", re.DOTALL)
# A face's name in the browser, and in the files that paper is set with.
_FACE = "Schibsted Grotesk Variable, "
_SIZE = re.compile(r'viewBox="0 0 ([\d.]+) ([\d.]+)"')
_SVG = '<svg xmlns="http://www.w3.org/2000/svg" '


@dataclass(frozen=True)
class Drawn:
    """`svg` is "" where there is nothing to draw yet. `about` says what is seen, for readers who
    do not see it; `legend` are pairs of a small drawing and its word."""

    svg: str
    about: str
    legend: tuple[tuple[str, str], ...]

    @property
    def is_tall(self) -> bool:
        """Whether it is larger on a sheet that stands upright."""
        size = _SIZE.search(self.svg)
        return size is not None and float(size[2]) > float(size[1])

    @property
    def as_image(self) -> str:
        """An address for <img>: a picture whose boxes lead nowhere. "" where nothing is drawn."""
        encoded = b64encode(self.svg.encode()).decode()
        return f"data:image/svg+xml;base64,{encoded}" if self.svg else ""

    @property
    def values(self) -> dict[str, Any]:
        return {
            "svg": self.svg,
            "tall": self.is_tall,
            "about": self.about,
            "legend": [{"svg": svg, "word": word} for svg, word in self.legend],
        }


def drawn(session: Session, kickoff: Kickoff, code: str) -> Drawn:
    picture = registry()[code]
    view = picture.view(session, kickoff)
    fragment = render(picture.fragment, kickoff=kickoff, view=view)
    found = _DRAWING.search(fragment)
    legend = _LEGEND.search(fragment)
    keys = _KEY.findall(legend[0]) if legend else []
    return Drawn(
        svg=found[0].replace(_FACE, "") if found else "",
        about=f"{_(picture.name)}. {_(picture.about)}",
        legend=tuple((_alone(svg), _text(word)) for svg, word in keys),
    )


def _alone(svg: str) -> str:
    """A drawing that stood in a page, as one that stands by itself."""
    return svg if "xmlns=" in svg else svg.replace("<svg ", _SVG, 1)


def _text(html: str) -> str:
    return Markup(html).striptags()  # noqa: S704 -- only to take its text
