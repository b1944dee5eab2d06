"""A PDF as a test reads it: its pages, their sizes, the text and the fonts in them."""

import ctypes
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import combinations

import pypdfium2
from pypdfium2 import raw

BREAK = "\u200b"
IMAGES = (raw.FPDF_PAGEOBJ_IMAGE,)


@dataclass(frozen=True)
class Pdf:
    sizes: tuple[tuple[int, int], ...]  # of the pages, in whole points
    text: str  # on one line, without the places where long words may break
    fonts: frozenset[str]
    pictures: int  # that are neither letters nor lines
    overflow: float  # how far the rightmost letter stands beyond the paper's edge; else ≤ 0


def read(content: bytes) -> Pdf:
    with _opened(content) as document:
        pages = [document[number] for number in range(len(document))]
        texts = [page.get_textpage() for page in pages]
        found = Pdf(
            sizes=tuple((round(page.get_width()), round(page.get_height())) for page in pages),
            text=" ".join(
                " ".join(text.get_text_range() for text in texts).replace(BREAK, "").split()
            ),
            fonts=frozenset(font for text in texts for font in _fonts(text)),
            pictures=sum(1 for page in pages for _ in page.get_objects(IMAGES, max_depth=5)),
            overflow=max(
                _rightmost(text) - page.get_width() for text, page in zip(texts, pages, strict=True)
            ),
        )
        for each in (*texts, *pages):
            each.close()
    return found


def overwritten(content: bytes) -> str:
    """The letters that stand where another stands."""
    found = set()
    with _opened(content) as document:
        for number in range(len(document)):
            page = document[number]
            text = page.get_textpage()
            letters = text.get_text_range(0, text.count_chars(), errors="replace")
            boxes = [
                (at, *text.get_charbox(at))
                for at in range(min(text.count_chars(), len(letters)))
                if letters[at].strip(BREAK).strip()
            ]
            for one, other in combinations(boxes, 2):
                # Letters of a ligature are neighbours, and share one box.
                if other[0] > one[0] + 1 and _shared(one[1:], other[1:]) > 0.2:
                    found |= {one[0], other[0]}
            text.close()
            page.close()
    return "".join(letters[at] for at in sorted(found))


def _shared(one: Sequence[float], other: Sequence[float]) -> float:
    """How much of the smaller of two boxes (left, bottom, right, top) lies in the other."""
    wide = min(one[2], other[2]) - max(one[0], other[0])
    high = min(one[3], other[3]) - max(one[1], other[1])
    least = min((box[2] - box[0]) * (box[3] - box[1]) for box in (one, other))
    return wide * high / least if wide > 0 and high > 0 and least > 0 else 0.0


@contextmanager
def _opened(content: bytes) -> Iterator[pypdfium2.PdfDocument]:
    document = pypdfium2.PdfDocument(content)
    try:
        yield document
    finally:
        document.close()


def _fonts(text: pypdfium2.PdfTextPage) -> Iterator[str]:
    """ "SchibstedGrotesk-Bold": without the letters that say it is a part of the font."""
    for at in range(text.count_chars()):
        length = raw.FPDFText_GetFontInfo(text.raw, at, None, 0, None)
        name = ctypes.create_string_buffer(length or 1)
        raw.FPDFText_GetFontInfo(text.raw, at, name, length, None)
        if name.value:
            yield name.value.decode().rpartition("+")[2]


def _rightmost(text: pypdfium2.PdfTextPage) -> float:
    return max((text.get_charbox(at)[2] for at in range(text.count_chars())), default=0.0)
