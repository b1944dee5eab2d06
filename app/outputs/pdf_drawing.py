"""The child process that opens somebody's PDF: pdfium in bounds, with nothing of the product in its
memory.

Run as a file with the PDF on its input. What comes out: for each page a line of JSON that says what
it is and how long its two pictures are, and then the pictures. It imports nothing of the product,
so that it starts in no time, and what a hostile file makes of it finds no secret in its memory. It
is a process of the same user: what that user's files hold, it could read.
"""

import io
import json
import math
import os
import resource
import sys
from typing import Any

MEMORY_MAX = 2 * 1024**3  # bytes of addresses, most of which are never touched
SECONDS_MAX = 60  # of computing
FILES_MAX = 64
DRAWN_MAX = 96 * 1024**2  # bytes of all pages; the kernel holds it to that
TEXT_MAX = 8000  # letters of a page, before they are cleaned
WIDTH, HEIGHT, SMALL = 1920, 1080, 960
# Red letters on blue stay legible with `use_sharp_yuv`, and it costs nothing.
WEBP: dict[str, Any] = {"format": "WEBP", "quality": 85, "method": 2, "use_sharp_yuv": True}

NO_PDF = 3
LOCKED = 4
TOO_MANY = 5

_WRONG_PASSWORD, _UNKNOWN_LOCK = 4, 5  # of pdfium
_HYPHEN_AT_THE_END = "\ufffe"  # as pdfium says it: the word goes on in the next line


def keep_in_bounds() -> None:
    """No more memory, time and files than slides take, and no file but the output; votes go
    first."""
    os.nice(10)
    for which, most in (
        (resource.RLIMIT_AS, MEMORY_MAX),
        (resource.RLIMIT_CPU, SECONDS_MAX),
        (resource.RLIMIT_NOFILE, FILES_MAX),
        (resource.RLIMIT_FSIZE, DRAWN_MAX),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(which, (most, most))


def main() -> int:
    pages_max = int(sys.argv[1])
    content = sys.stdin.buffer.read()
    keep_in_bounds()
    import pypdfium2  # noqa: PLC0415 -- in bounds from its first line

    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as fault:
        return LOCKED if fault.err_code in (_WRONG_PASSWORD, _UNKNOWN_LOCK) else NO_PDF
    count = len(document)
    if count > pages_max:
        return TOO_MANY
    for number in range(count):
        try:
            drawn = draw(document[number])
        except (pypdfium2.PdfiumError, ValueError):
            return NO_PDF
        sys.stdout.buffer.writelines(drawn)
    sys.stdout.buffer.flush()
    return 0 if count else NO_PDF


def draw(page: Any) -> list[bytes]:
    """What is said of a page, and its two pictures."""
    from PIL import Image  # noqa: PLC0415 -- in bounds from its first line

    width, height = page.get_size()
    if not (0 < width < math.inf and 0 < height < math.inf):
        raise ValueError("a page without an area")
    bitmap = page.render(scale=min(WIDTH / width, HEIGHT / height), rev_byteorder=True)
    # What is a hair's breadth wider by rounding is cut.
    image = bitmap.to_pil().convert("RGB").crop((0, 0, *_within(bitmap.width, bitmap.height)))
    small = image.copy()
    small.thumbnail((SMALL, SMALL), Image.Resampling.LANCZOS)
    pictures = [_webp(image), _webp(small)]
    said = {
        "width": image.width,
        "height": image.height,
        "text": _text(page),
        "lengths": [len(one) for one in pictures],
    }
    page.close()
    return [json.dumps(said).encode() + b"\n", *pictures]


def _within(width: int, height: int) -> tuple[int, int]:
    return min(width, WIDTH), min(height, HEIGHT)


def _webp(image: Any) -> bytes:
    into = io.BytesIO()
    image.save(into, **WEBP)
    return into.getvalue()


def _text(page: Any) -> str:
    found = page.get_textpage()
    text: str = found.get_text_range(0, min(found.count_chars(), TEXT_MAX))
    found.close()
    for ending in ("\r\n", "\n", ""):
        text = text.replace(_HYPHEN_AT_THE_END + ending, "")
    # Half a letter is none.
    return text.encode("utf-8", "ignore").decode()


if __name__ == "__main__":
    sys.exit(main())
