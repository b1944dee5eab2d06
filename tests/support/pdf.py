"""A PDF as a test reads it: its pages, their sizes, the text and the fonts in them."""

import ctypes
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

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
