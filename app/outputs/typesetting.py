"""The child process that sets a paper: typst in bounds, with nothing of the product in its memory.

Run as a file, with the values as JSON on its input; the PDF is its output. It imports nothing of
the product, so that it starts in no time and there is no secret in it.
"""

import json
import os
import resource
import sys
from typing import Literal

MEMORY_MAX = 2 * 1024**3  # bytes of addresses, most of which are never touched
SECONDS_MAX = 20  # of computing
FILES_MAX = 64
PDF_MAX = 32 * 1024**2  # bytes
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


def main() -> int:
    template, root, fonts = sys.argv[1:]
    values = sys.stdin.read()
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
            sys_inputs={"values": json.dumps(json.loads(values))},
            package_path=nowhere,
            package_cache_path=nowhere,
            pdf_standards=list(standards),
            format="pdf",
        )
        return made

    try:
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
