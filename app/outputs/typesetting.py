"""The child process that sets a paper: typst in bounds, with nothing of the product in its memory.

Run as a file. Its input is a line of JSON, the values, and a line of base64 for each picture; the
PDF is its output. It imports nothing of the product, so that it starts in no time and there is no
secret in it.
"""

import base64
import io
import json
import os
import resource
import sys
from typing import Literal

MEMORY_MAX = 2 * 1024**3  # bytes of addresses, most of which are never touched
SECONDS_MAX = 20  # of computing
FILES_MAX = 64
PDF_MAX = 32 * 1024**2  # bytes
PICTURES_MAX = 16 * 1024**2  # bytes of all of them, on paper
SIZES = ((960, 80), (720, 60))  # the longer side in pixels, and the quality
TOO_LARGE = 3
FAILED = 4
# What people write may hold signs that the typeface lacks: an emoji, another script. The standard
# for readers of screens forbids to print those as boxes; a paper with a box is better than none.
NO_SUCH_SIGN = "could not be displayed with font"


def keep_in_bounds() -> None:
    """No more memory, time and files than a paper takes, and nothing written; votes go first."""
    os.nice(10)
    for which, most in (
        (resource.RLIMIT_AS, MEMORY_MAX),
        (resource.RLIMIT_CPU, SECONDS_MAX),
        (resource.RLIMIT_NOFILE, FILES_MAX),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(which, (most, most))


def on_paper(pictures: list[bytes]) -> list[str]:
    """The pictures as JPEG, which a PDF holds as it is, and as drawings, which JSON holds. So many
    that the paper would get too heavy become smaller."""
    found: list[bytes] = []
    for most, quality in SIZES:
        found = [jpeg(one, most, quality) for one in pictures]
        if sum(map(len, found)) <= PICTURES_MAX:
            break
    return [svg(one) for one in found]


def jpeg(picture: bytes, most: int, quality: int) -> bytes:
    from PIL import Image  # noqa: PLC0415 -- in bounds from its first line

    into = io.BytesIO()
    with Image.open(io.BytesIO(picture)) as image:
        made = image.convert("RGB")
        made.thumbnail((most, most))
        made.save(into, "JPEG", quality=quality)
    return into.getvalue()


def svg(picture: bytes) -> str:
    from PIL import Image  # noqa: PLC0415 -- in bounds from its first line

    with Image.open(io.BytesIO(picture)) as image:
        width, height = image.size
    inside = f'<image width="{width}" height="{height}" href="data:image/jpeg;base64,'
    inside += base64.b64encode(picture).decode() + '"/>'
    around = f'xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}"'
    return f'<svg {around} viewBox="0 0 {width} {height}">{inside}</svg>'


def main() -> int:
    template, root, fonts = sys.argv[1:]
    values, *pictures = sys.stdin.read().split("\n")
    keep_in_bounds()
    import typst  # noqa: PLC0415 -- in bounds from its first line

    nowhere = os.path.join(root, "no-packages")

    def compiled(*standards: Literal["ua-1"]) -> bytes:
        made: bytes = typst.compile(
            template,
            root=root,
            font_paths=[fonts],
            ignore_system_fonts=True,
            # Values are values: what people wrote is read by `json`, never as markup.
            sys_inputs={"values": json.dumps(json.loads(values)), "pictures": drawn},
            package_path=nowhere,
            package_cache_path=nowhere,
            pdf_standards=list(standards),
            format="pdf",
        )
        return made

    try:
        drawn = json.dumps(on_paper([base64.b64decode(one) for one in pictures]))
        try:
            pdf = compiled("ua-1")
        except typst.TypstError as fault:
            if NO_SUCH_SIGN not in str(fault):
                raise
            pdf = compiled()
    except Exception as fault:
        sys.stderr.write(f"{type(fault).__name__}: {fault}"[:4000])
        return FAILED
    if len(pdf) > PDF_MAX:
        return TOO_LARGE
    sys.stdout.buffer.write(pdf)
    return 0


if __name__ == "__main__":
    sys.exit(main())
