"""Text in lines of a given width, since text in SVG does not wrap by itself. Nothing is cut off.

How wide letters are is known here as measured, so that the same text gives the same lines wherever
it is drawn: in a browser, on the projector and on paper.
"""

import re
from collections.abc import Sequence
from unicodedata import category, east_asian_width

# Advance of semibold letters in hundredths of the size, rounded up.
_WIDTHS = {
    **dict.fromkeys(" '\xa0", 25),
    **dict.fromkeys("!,.:;ijl|·’", 30),
    **dict.fromkeys("(){}", 35),
    **dict.fromkeys('1"[]ft', 40),
    **dict.fromkeys("*Ir", 45),
    **dict.fromkeys("-/\\_`–", 50),
    **dict.fromkeys("sz«»", 55),
    **dict.fromkeys("237$?EFJLaceghkvxyåéä", 60),
    **dict.fromkeys("045689+<=>SYZ^bdnopqu~øöüß", 65),
    **dict.fromkeys("&BPRT€", 70),
    **dict.fromkeys("#ACDGHKUVXÅÄÜ", 75),
    **dict.fromkeys("NOQØÖ", 80),
    **dict.fromkeys("…w", 90),
    **dict.fromkeys("%@Mmæ", 95),
}
_REGULAR = 0.96  # of that width, at most, in regular letters
_WIDEST = 105  # of what is not named
_SYMBOL = 140  # emoji, and the full-width letters of another font
_HYPHEN = "-"
_SPACES = re.compile(r"[^\S\xa0\u202f\u2007]+")  # where a line may end, unlike at a hard space
_GOES_ON = "\u200d"  # joins what stands before and after it into one sign
_SKINS = frozenset(map(chr, range(0x1F3FB, 0x1F400)))  # colour the emoji before them
_BREAKS_AFTER = frozenset("-/@._&?=+–")
_TAIL = 3  # so many letters at least are left for the next line


def width_of(text: str, size: float) -> float:
    """How wide the text is, at most, in letters of that size."""
    return sum(map(_width, signs(text))) * size / 100


def wrapped(text: str, *, width: float, size: float, bold: bool = True) -> tuple[str, ...]:
    """The text in lines no wider than `width` (a single sign may be, for it cannot be parted). A
    word that is wider by itself is parted, with a hyphen between two letters."""
    room = width * 100 / size / (1 if bold else _REGULAR)
    lines: list[str] = []
    line, used = "", 0
    for word in _SPACES.split(text.strip()):
        parts = signs(word)
        own = sum(map(_width, parts))
        if line and used + _WIDTHS[" "] + own <= room:
            line, used = f"{line} {word}", used + _WIDTHS[" "] + own
            continue
        if line:
            lines.append(line)
        *full, line = _parted(parts, room) if own > room else [word]
        lines += full
        used = sum(map(_width, signs(line))) if full else own
    return (*lines, line) if line else tuple(lines)


def signs(text: str) -> list[str]:
    """What a reader sees as one sign each: a letter with its accents, a joined emoji."""
    if text.isascii() or all(letter in _WIDTHS for letter in text):
        return list(text)
    found: list[str] = []
    for letter in text:
        goes_on = found and (_is_mark(letter) or found[-1].endswith(_GOES_ON))
        if goes_on:
            found[-1] += letter
        else:
            found.append(letter)
    return found


def _parted(word: Sequence[str], room: float) -> list[str]:
    lines = []
    while sum(map(_width, word)) > room:
        at = _where_to_part(word, room)
        if at >= len(word):
            break
        hyphen = _HYPHEN if word[at - 1].isalpha() and word[at].isalpha() else ""
        lines.append("".join(word[:at]) + hyphen)
        word = word[at:]
    return [*lines, "".join(word)]


def _where_to_part(word: Sequence[str], room: float) -> int:
    """After how many signs; at least one."""
    most, used = 0, 0
    while most < len(word) and used + _width(word[most]) <= room:
        used += _width(word[most])
        most += 1
    natural = [at for at in range(most, most // 3, -1) if word[at - 1] in _BREAKS_AFTER]
    if natural and natural[0] < len(word):
        return natural[0]
    if most > 1 and used + _width(_HYPHEN) > room:
        most -= 1
    tail = len(word) - most
    return max(1, most - (_TAIL - tail) if tail < _TAIL and most > 2 * _TAIL else most)


def _width(sign: str) -> int:
    letter = sign[0]
    known = _WIDTHS.get(letter)
    if known is not None:
        return known
    if _is_mark(letter):
        return 0
    wide = ord(letter) >= 0x1F000 or east_asian_width(letter) in "WF" or _GOES_ON in sign
    return _SYMBOL if wide else _WIDEST


def _is_mark(letter: str) -> bool:
    """Stands upon or within the sign before it, and takes no room of its own."""
    return category(letter) in ("Mn", "Me", "Cf") or letter in _SKINS
