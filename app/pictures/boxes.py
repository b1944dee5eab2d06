"""A box with text in it, measured before it is placed: as high as its lines, nothing cut off."""

from dataclasses import dataclass

from app.rules.wrapping import wrapped

PAD = 14
TITLE, SMALL, BIG = 15.0, 12.5, 20.0
TITLE_LEADING, SMALL_LEADING, BIG_LEADING = 1.25, 1.35, 1.15
SIGN = 20  # what an icon takes in front of the small lines
FOOT = 22  # what stands below the lines: a row of letters, a line of time
# What one picture draws: with more nobody sees anything in it. The rest is said as a number, with
# the way to its list.
MOST_DRAWN = 300


@dataclass(frozen=True)
class Box:
    """Lines of three sizes, each block below the one before; `foot` is what it keeps free below
    them. The base lines are counted from the box's top."""

    width: int
    title: tuple[str, ...]
    small: tuple[str, ...] = ()
    big: tuple[str, ...] = ()
    foot: int = 0

    @property
    def title_at(self) -> float:
        return PAD + len(self.big) * BIG * BIG_LEADING + TITLE * 0.85

    @property
    def big_at(self) -> float:
        return PAD + BIG * 0.8

    @property
    def small_at(self) -> float:
        return self._below_title + SMALL * 1.05

    @property
    def foot_at(self) -> float:
        """The top of what stands below the lines."""
        return self._below_title + len(self.small) * SMALL * SMALL_LEADING + 6

    @property
    def height(self) -> int:
        text = self._below_title + len(self.small) * SMALL * SMALL_LEADING
        return round(text + self.foot + PAD - 2)

    @property
    def _below_title(self) -> float:
        big = len(self.big) * BIG * BIG_LEADING
        return PAD + big + len(self.title) * TITLE * TITLE_LEADING


def boxed(
    title: str,
    *,
    width: int,
    small: str = "",
    big: str = "",
    foot: bool = False,
    sign: bool = False,
) -> Box:
    """The texts in lines; `sign`: an icon stands before the small ones."""
    room = width - 2 * PAD
    return Box(
        width=width,
        title=wrapped(title, width=room, size=TITLE),
        small=wrapped(small, width=room - (SIGN if sign else 0), size=SMALL, bold=False),
        big=wrapped(big, width=room, size=BIG),
        foot=FOOT if foot else 0,
    )


def on_one_line(text: str) -> str:
    """With hard spaces, for a date or a figure with its unit."""
    return text.replace(" ", "\N{NO-BREAK SPACE}")
