"""A paper as PDF: a typst template set with given values, in a process of its own and in bounds.

Templates are `templates/paper/*.typ`. What people wrote reaches them as JSON values alone; no
markup is ever put together from it. The process sees neither the product's secrets nor its
database, reads nothing outside the templates, and is ended when it takes too long.
"""

import base64
import re
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from threading import BoundedSemaphore
from typing import Any

import orjson

from app.errors import KickoffError
from app.i18n import language
from app.outputs import typesetting
from app.rendering import STATIC, TEMPLATES

ROOT = TEMPLATES / "paper"
FONTS = STATIC / "vendor" / "fonts-print"
SECONDS_MAX = 30.0
VALUES_MAX = 8 * 1024**2  # bytes
PICTURES_MAX = 24 * 1024**2  # bytes of all of them
AT_A_TIME = 2  # papers being set; a third of the machine's time must be left to the room
WAITING = 4  # more are told to come back: waiting holds a thread that answers others

DRAWING = "svg"  # the key of values that are drawings, not text

_NAME = re.compile(r"[a-z][a-z-]*")
_SETTING = BoundedSemaphore(AT_A_TIME)
_WAITING = BoundedSemaphore(AT_A_TIME + WAITING)
# A word longer than this has no place to break; after each so many letters it may.
_LONG_WORD = re.compile(r"\S{32,}")
_EVERY = 16
_BREAK_HERE = "\u200b"


class PaperNotMade(KickoffError):
    """Too many at once, or the paper is too large or takes too long."""

    code = "unavailable"
    status = 503
    retry_after = 5.0


def pdf(template: str, values: Mapping[str, Any], pictures: Sequence[bytes] = ()) -> bytes:
    """`template` names a file of `templates/paper/`; `values` are what JSON can hold, and
    `pictures` what the template shows beside them, in their order. Blocks."""
    if not _NAME.fullmatch(template):
        raise ValueError(template)
    given = orjson.dumps(_breakable({**values, "lang": language()}))
    if len(given) > VALUES_MAX or sum(map(len, pictures)) > PICTURES_MAX:
        raise PaperNotMade
    sent = b"\n".join([given, *map(base64.b64encode, pictures)])
    if not _WAITING.acquire(blocking=False):
        raise PaperNotMade
    try:
        with _SETTING:
            return _set(ROOT / f"{template}.typ", sent)
    finally:
        _WAITING.release()


def _set(template: Path, given: bytes) -> bytes:
    # Isolated and without an environment: nothing of ours is inherited, nobody's site is read.
    command = [sys.executable, "-I", typesetting.__file__, str(template), str(ROOT), str(FONTS)]
    try:
        done = subprocess.run(  # noqa: S603 -- our own file, with paths of ours
            command,
            input=given,
            capture_output=True,
            timeout=SECONDS_MAX,
            env={"RAYON_NUM_THREADS": "1", "LC_ALL": "C.UTF-8"},
            check=False,
        )
    except subprocess.TimeoutExpired as late:
        raise PaperNotMade from late
    if done.returncode == typesetting.FAILED:
        # A template of ours is wrong: that is for the log, not for whoever asked.
        raise RuntimeError(done.stderr.decode(errors="replace"))
    if done.returncode != 0:
        raise PaperNotMade
    return done.stdout


def _breakable(value: Any) -> Any:
    """The same values, with places to break in words that would run off the paper."""
    if isinstance(value, str):
        return _LONG_WORD.sub(_with_breaks, value)
    if isinstance(value, Mapping):
        return {key: one if key == DRAWING else _breakable(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_breakable(one) for one in value]
    return value


def _with_breaks(found: re.Match[str]) -> str:
    word = found[0]
    return _BREAK_HERE.join(word[at : at + _EVERY] for at in range(0, len(word), _EVERY))
