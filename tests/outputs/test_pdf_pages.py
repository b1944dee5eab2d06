"""A speaker's PDF becomes pictures and words of its pages, and nothing worse, whatever it is (S16).

Seen red: the process without its bounds, without its time, and a page's words left as pdfium says
them.
"""

import io
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from threading import BoundedSemaphore

import pytest
from PIL import Image

from app.errors import Invalid, TooLarge
from app.i18n import speaking
from app.outputs import pdf_drawing, pdf_pages
from app.outputs.pdf_pages import DrawnPage
from tests.support.slides import NORWEGIAN, drawing, locked, pdf_of, without_pages

A_SQUARE = b"0 0 1 rg 20 20 200 200 re f"
DRAWN = "import sys; sys.path.insert(0, sys.argv[1]); import pdf_drawing as d; d.keep_in_bounds();"


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    """What is refused is said in the reader's language."""
    with speaking("en"):
        yield


def drawn(content: bytes) -> list[DrawnPage]:
    with tempfile.TemporaryFile() as file:
        file.write(content)
        with pdf_pages.drawn(file) as pages:
            return list(pages)


def size(picture: bytes) -> tuple[int, int]:
    with Image.open(io.BytesIO(picture)) as image:
        assert image.format == "WEBP"
        return image.size


def test_each_page_comes_with_its_words_in_their_order() -> None:
    pages = drawn(pdf_of(f"= {NORWEGIAN}\n- Én\n- To", "Andre side"))
    assert [page.text.split() for page in pages] == [
        [*NORWEGIAN.split(), "•", "Én", "•", "To"],
        ["Andre", "side"],
    ]


def test_a_word_that_goes_on_in_the_next_line_is_one_word() -> None:
    long = "#par(justify: true)[" + "Kundeserviceavdelingen " * 20 + "]"
    words = set(drawn(pdf_of(long))[0].text.split())
    assert words == {"Kundeserviceavdelingen"}


@pytest.mark.parametrize(
    "box,large,small",
    [
        ((0, 0, 720, 405), (1920, 1080), (960, 540)),
        ((0, 0, 595, 842), (764, 1080), (679, 960)),
        ((0, 0, 14400, 14400), (1080, 1080), (960, 960)),
        ((0, 0, 14400, 1), (1920, 1), (960, 1)),
        ((0, 0, 3, 2), (1620, 1080), (960, 640)),
    ],
)
def test_a_page_fills_the_projector_and_no_more(
    box: tuple[float, ...], large: tuple[int, int], small: tuple[int, int]
) -> None:
    (page,) = drawn(drawing(A_SQUARE, box=box))
    assert size(page.image) == (page.width, page.height) == large
    assert size(page.small) == small


def test_a_page_looks_as_it_was_drawn() -> None:
    (page,) = drawn(drawing(A_SQUARE))
    with Image.open(io.BytesIO(page.image)) as image:
        blue, white = image.getpixel((300, 800)), image.getpixel((1500, 300))
    assert isinstance(blue, tuple)
    assert isinstance(white, tuple)
    assert blue[2] > 240
    assert max(blue[:2]) < 20
    assert min(white) > 250


@pytest.mark.parametrize(
    "content,says",
    [
        (locked(), "password"),
        (without_pages(), "not a PDF"),
        (b"", "not a PDF"),
        (b"PK\x03\x04 a presentation", "not a PDF"),
        (b"%PDF-1.7\n" + b"\x00\xff<<" * 5000, "not a PDF"),
        (drawing(A_SQUARE)[:300], "not a PDF"),
        (drawing(A_SQUARE, pages=pdf_pages.PAGES_MAX + 1), "more than 150 pages"),
    ],
)
def test_what_cannot_be_drawn_is_refused_with_what_to_do(content: bytes, says: str) -> None:
    with pytest.raises(Invalid) as refused:
        drawn(content)
    (fault,) = refused.value.faults
    assert fault.pointer == "/file"
    assert says in fault.detail


def test_a_file_that_is_too_large_is_not_even_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    content = drawing(A_SQUARE)
    monkeypatch.setattr(pdf_pages, "BYTES_MAX", len(content))
    assert len(drawn(content)) == 1
    with pytest.raises(TooLarge):
        drawn(content + b"\n")


def test_a_page_that_takes_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    endless = drawing(b"0 0 m " + b"1 1 700 400 300 200 c " * 2_000_000 + b" S")
    monkeypatch.setattr(pdf_pages, "SECONDS_MAX", 1.0)
    with pytest.raises(Invalid) as refused:
        drawn(endless)
    assert "too heavy" in refused.value.faults[0].detail


@pytest.mark.parametrize(
    "takes",
    [
        "bytearray(d.MEMORY_MAX)",
        "[open(sys.argv[2], 'ab', 0).write(bytes(d.DRAWN_MAX)) for _ in 'ab']",
        "[open('/dev/null') for _ in range(d.FILES_MAX)]",
    ],
)
def test_the_process_gets_no_more_than_its_bounds(takes: str, tmp_path: object) -> None:
    folder = pdf_drawing.__file__.rpartition("/")[0]
    command = [sys.executable, "-I", "-c", f"{DRAWN} {takes}", folder, f"{tmp_path}/much"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "MemoryError" in done.stderr or "OSError" in done.stderr


def test_the_process_computes_no_longer_than_it_may() -> None:
    limit = "import resource; print(resource.getrlimit(resource.RLIMIT_CPU))"
    command = [
        sys.executable,
        "-I",
        "-c",
        f"{DRAWN} {limit}",
        pdf_drawing.__file__.rpartition("/")[0],
    ]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert told.strip() == str((pdf_drawing.SECONDS_MAX,) * 2)


def test_what_a_process_writes_that_was_taken_over_is_not_believed() -> None:
    for written in (
        b"no json\n",
        b"[]\n",
        b'{"lengths": [5, 5], "width": 1, "height": 1, "text": ""}\nRIFFxRIFF',
        b'{"lengths": [9, 9], "width": 1, "height": 1, "text": ""}\n<script>ab<script>ab',
        b'{"lengths": [-1, 5], "width": 1, "height": 1, "text": ""}\nRIFFxRIFFx',
    ):
        with pytest.raises(Invalid):
            list(pdf_pages._read(io.BytesIO(written)))


def test_more_at_once_than_can_wait_are_told_to_come_back(monkeypatch: pytest.MonkeyPatch) -> None:
    nobody_more = BoundedSemaphore(1)
    assert nobody_more.acquire()
    monkeypatch.setattr(pdf_pages, "_WAITING", nobody_more)
    with pytest.raises(pdf_pages.SlidesNotDrawn):
        drawn(drawing(A_SQUARE))
