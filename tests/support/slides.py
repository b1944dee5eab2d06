"""PDFs as speakers bring them, and as nobody should."""

import zlib
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import typst

FONTS = Path(__file__).parents[2] / "static" / "vendor" / "fonts-print"
WIDE = "width: 33.867cm, height: 19.05cm"
NORWEGIAN = "Blåbærsyltetøy på Ærøy: én kø færre"


def pdf_of(*pages: str, paper: str = WIDE) -> bytes:
    """A page for each text, as typst sets it: large letters in the product's typeface."""
    written = "\n#pagebreak()\n".join(pages)
    source = f'#set page({paper})\n#set text(size: 30pt, lang: "nb")\n{written}'
    with TemporaryDirectory() as folder:
        template = Path(folder) / "slides.typ"
        template.write_text(source)
        made: bytes = typst.compile(template, font_paths=[FONTS], ignore_system_fonts=True)
    return made


def built(*objects: bytes, root: int = 1, more: bytes = b"") -> bytes:
    """A PDF of these objects by hand, numbered from 1; `more` goes into its trailer."""
    content, places = b"%PDF-1.7\n", list[int]()
    for number, one in enumerate(objects, start=1):
        places.append(len(content))
        content += b"%d 0 obj\n%s\nendobj\n" % (number, one)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    return (
        content
        + b"xref\n0 %d\n0000000000 65535 f \n%s" % (size, table)
        + b"trailer\n<< /Size %d /Root %d 0 R %s >>\n" % (size, root, more)
        + b"startxref\n%d\n%%%%EOF\n" % len(content)
    )


def drawing(content: bytes, *, box: Sequence[float] = (0, 0, 720, 405), pages: int = 1) -> bytes:
    """A PDF whose pages all draw this."""
    kids = b" ".join(b"3 0 R" for _ in range(pages))
    sides = b" ".join(b"%g" % side for side in box)
    return built(
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, pages),
        b"<< /Type /Page /Parent 2 0 R /MediaBox [%s] /Contents 4 0 R >>" % sides,
        stream(content),
    )


def stream(content: bytes, more: bytes = b"") -> bytes:
    squeezed = zlib.compress(content, 9)
    head = b"<< /Length %d /Filter /FlateDecode %s >>" % (len(squeezed), more)
    return head + b"\nstream\n" + squeezed + b"\nendstream"


def locked() -> bytes:
    """One that asks for a password: its lock was made with a key that nobody has."""
    lock = b"/Encrypt << /Filter /Standard /V 1 /R 2 /O <%s> /U <%s> /P -4 >> /ID [<00> <00>]"
    key = b"5a" * 32
    return built(
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 720 405] >>",
        more=lock % (key, key),
    )


def without_pages() -> bytes:
    return built(b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [] /Count 0 >>")
