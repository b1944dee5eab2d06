"""The one Jinja environment. Autoescape and StrictUndefined everywhere; no database in reach."""

import asyncio
import hashlib
import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from babel import dates, numbers
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from app import clock, i18n
from app.rules.cloud import cloud

ROOT = Path(__file__).parent.parent
TEMPLATES = ROOT / "templates"
STATIC = ROOT / "static"


def render(template: str, **values: Any) -> str:
    """A page or a fragment as text, in the language in force."""
    return environment().get_template(template).render(**values)


async def render_apart(template: str, **values: Any) -> str:
    """As `render`, off the event loop: a page of a large room takes as long as hundreds of
    votes."""
    return await asyncio.to_thread(render, template, **values)


@cache
def environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n", "jinja2.ext.do", "jinja2.ext.loopcontrols"],
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.install_gettext_callables(  # type: ignore[attr-defined]
        i18n.gettext,
        i18n.ngettext,
        newstyle=True,
        pgettext=i18n.pgettext,
        npgettext=i18n.npgettext,
    )
    made.globals.update(static=static, icon=icon, language=i18n.language, word_cloud=cloud)
    made.filters.update(
        day=day,
        clock=clock_time,
        minutes=minutes,
        number=number,
        tenths=tenths,
        figure=figure,
        safe_url=safe_url,
        ms_clock=ms_clock,
        ms_time=ms_time,
        ms_day=ms_day,
        last_day=last_day,
        digest=digest,
    )
    return made


@cache
def static(path: str) -> str:
    """Address of a static file, with its content's hash, so that it may be kept for ever."""
    digest = hashlib.sha256((STATIC / path).read_bytes()).hexdigest()[:10]
    return f"/static/{path}?v={digest}"


@cache
def icon(name: str) -> Markup:
    """A Lucide icon, inlined; decoration only, hidden from screen readers."""
    svg = (STATIC / "vendor" / "icons" / f"{name}.svg").read_text()
    svg = re.sub(r"<!--.*?-->", "", svg, flags=re.DOTALL)
    svg = re.sub(r'\s(class|width|height)="[^"]*"', "", svg, count=3)
    svg = re.sub(r"\s+", " ", svg).replace(" >", ">").replace("> <", "><").replace(" />", "/>")
    drawn = svg.replace("<svg", '<svg class="icon" aria-hidden="true" width="20" height="20"', 1)
    return Markup(drawn.strip())  # noqa: S704 -- our own files, not a reader's text


def day(value: date | datetime, style: str = "full") -> str:
    """ "tirsdag 3. februar" (full; the year if not this one), "3. feb. 2026" (medium),
    "3. feb." (short)."""
    if style == "short":
        return dates.format_date(
            value, "d. MMM" if i18n.language() == "nb" else "d MMM", locale=i18n.locale()
        )
    if style == "full":
        form = "EEEE d. MMMM" if i18n.language() == "nb" else "EEEE d MMMM"
        if value.year != clock.now().year:
            form += " y"
        return dates.format_date(value, form, locale=i18n.locale())
    return dates.format_date(value, style, locale=i18n.locale())


def clock_time(value: datetime | int, zone: str = "Europe/Oslo") -> str:
    """ "09:30" of an instant in a zone, or of minutes after midnight."""
    if isinstance(value, int):
        return f"{value // 60 % 24:02d}:{value % 60:02d}"
    return value.astimezone(ZoneInfo(zone)).strftime("%H:%M")


def ms_clock(value: int) -> str:
    """Milliseconds left as "12:40", or "−1:05" when over time."""
    seconds = abs(value) // 1000
    return f"{'−' if value < 0 else ''}{seconds // 60}:{seconds % 60:02d}"


def ms_time(value: int, zone: str) -> str:
    """ "10:50" of an instant in milliseconds, in a zone."""
    return clock_time(datetime.fromtimestamp(value / 1000, UTC), zone)


def digest(html: str) -> str:
    """Another one for other content: what names a fragment that is fetched when it is needed."""
    return hashlib.blake2b(html.encode(), digest_size=6).hexdigest()


def ms_day(value: int, zone: str) -> str:
    """The day of an instant in milliseconds, in a zone."""
    return day(datetime.fromtimestamp(value / 1000, ZoneInfo(zone)))


def last_day(value: datetime, zone: str, before: int = 1) -> date:
    """The day in a zone that ends at an instant: what lasts until midnight lasts until the day
    before. `before`: seconds to go back."""
    return (value - timedelta(seconds=before)).astimezone(ZoneInfo(zone)).date()


def minutes(value: int) -> str:
    """A duration: "50 min", "1 t 20 min"."""
    hours, rest = divmod(value, 60)
    hour_word = i18n.pgettext("hours, abbreviated", "h")
    parts = [f"{hours} {hour_word}"] if hours else []
    if rest or not parts:
        parts.append(f"{rest} min")
    return " ".join(parts)


def number(value: float, digits: int = 1) -> str:
    """A number as the reader writes it: "4,2"."""
    pattern = "#,##0" if float(value).is_integer() else "#,##0." + "0" * digits
    return numbers.format_decimal(value, pattern, locale=i18n.locale())


def tenths(value: float) -> str:
    """A score with its one decimal: "0,4", and "1,0" as well."""
    written: str = numbers.format_decimal(value, "0.0", locale=i18n.locale())
    return written


def figure(value: float, *, grouped: bool = True) -> str:
    """A measured figure with the decimals it has: "0,125". To be typed over, it is not `grouped`:
    an English comma between thousands would come back as a Norwegian one before decimals."""
    pattern = "#,##0.##########" if grouped else "0.##########"
    written: str = numbers.format_decimal(value, pattern, locale=i18n.locale())
    return written


def safe_url(value: str) -> str:
    """An address people typed, if it is one that may be followed; else nothing."""
    return value if re.match(r"(?i)(https?://|mailto:)[^\s]+$", value) else ""


Renderer = Callable[..., str]
