"""How a goal is stated (P3): which of the five criteria it meets, and what the others want.

It looks for what can be seen in a text without understanding it: a figure, a date, somebody who
answers for it, an effect for somebody. It advises, and is wrong at times; it reads bokmål and
English.
"""

import re
from dataclasses import dataclass

from app.rules.meaning import telling_words

SPECIFIC, MEASURABLE, ACHIEVABLE, RELEVANT, TIME_BOUND = CRITERIA = (
    "specific",
    "measurable",
    "achievable",
    "relevant",
    "due",
)
# What is missing, in the order in which it is said.
EMPTY, TOO_SHORT, VAGUE, NO_FIGURE, NO_OWNER, NO_EFFECT = (
    "empty",
    "too_short",
    "vague",
    "no_figure",
    "no_owner",
    "no_effect",
)
NO_DATE, DATE_IN_TEXT = "no_date", "date_in_text"
_SOME_WORDS = re.compile(r"\w+(?:\W+\w+){2}")  # three at least say what is meant
TELLING_LEAST = 2  # what, and for whom or where


@dataclass(frozen=True)
class Stated:
    """A goal as somebody has written it so far."""

    title: str = ""
    specific: str = ""
    measurable: str = ""
    achievable: str = ""
    relevant: str = ""
    has_owner: bool = False
    has_date: bool = False


@dataclass(frozen=True)
class Criterion:
    """`code` is the goal's field; met where nothing is `missing`."""

    code: str
    missing: tuple[str, ...] = ()

    @property
    def is_met(self) -> bool:
        return not self.missing


def criteria(goal: Stated) -> tuple[Criterion, ...]:
    """All five, in their order."""
    return (
        Criterion(SPECIFIC, _wants_particulars(goal.specific)),
        Criterion(MEASURABLE, _wants_figure(goal.measurable)),
        Criterion(ACHIEVABLE, _wants_means(goal.achievable, has_owner=goal.has_owner)),
        Criterion(RELEVANT, _wants_effect(goal.relevant)),
        Criterion(TIME_BOUND, _wants_date(goal)),
    )


def how_many_met(goal: Stated) -> int:
    return sum(one.is_met for one in criteria(goal))


def has_figure(text: str) -> bool:
    """Whether a text says how much or how many: a date is no figure."""
    return bool(_FIGURE.search(_DATE.sub(" ", text)))


def has_date(text: str) -> bool:
    """Whether a text speaks of a day, a month, a quarter or a year."""
    return bool(_DATE.search(text))


def has_effect(text: str) -> bool:
    """Whether a text says that something is different afterwards, or for whom."""
    return bool(_EFFECT.search(text))


def _wants_words(text: str) -> tuple[str, ...]:
    if _SOME_WORDS.search(text):
        return ()
    return (TOO_SHORT if text.strip() else EMPTY,)


def _wants_particulars(text: str) -> tuple[str, ...]:
    """Enough words, and not only those that fit whatever goal there is."""
    telling = [word for word in telling_words(text) if not _FITS_ALL.fullmatch(word)]
    return _wants_words(text) or (() if len(telling) >= TELLING_LEAST else (VAGUE,))


def _wants_figure(text: str) -> tuple[str, ...]:
    if not text.strip():
        return (EMPTY,)
    return () if has_figure(text) else (NO_FIGURE,)


def _wants_means(text: str, *, has_owner: bool) -> tuple[str, ...]:
    return (*_wants_words(text), *(() if has_owner else (NO_OWNER,)))


def _wants_effect(text: str) -> tuple[str, ...]:
    if not text.strip():
        return (EMPTY,)
    return () if has_effect(text) else (NO_EFFECT,)


def _wants_date(goal: Stated) -> tuple[str, ...]:
    if goal.has_date:
        return ()
    # The measure is read with its dates too: "from 11 days to 1 by June" is a date as well.
    written = (goal.title, goal.specific, goal.measurable, goal.achievable, goal.relevant)
    return (DATE_IN_TEXT if any(map(has_date, written)) else NO_DATE,)


_MONTHS = (
    "januar|februar|mars|april|mai|juni|juli|august|september|oktober|november|desember"
    "|january|february|march|may|june|july|october|december"
)
# "march" and "may" are words of their own in English: they are months beside a number or after
# what leads up to a date.
_LEADS_TO_A_DATE = r"(?:innen|før|i løpet av|fra|til|by|before|until|in|during|end of|utgangen av)"
_DATE = re.compile(
    rf"""
    \b\d{{4}}-\d{{2}}-\d{{2}}\b                       # 2027-03-01
    | \b\d{{1,2}}[./]\s?\d{{1,2}}[./]\s?\d{{2,4}}\b   # 1.3.2027
    | \b\d{{1,2}}\.?\s?(?:{_MONTHS})\b(?:\s\d{{4}})?  # 1. mars 2027
    | \b(?:{_MONTHS})\s\d{{1,4}}(?:,?\s\d{{4}})?\b    # March 1, 2027 · juni 2027
    | \b{_LEADS_TO_A_DATE}\s(?:{_MONTHS})\b(?:\s\d{{1,4}}(?:,?\s\d{{4}})?\b)?  # innen juni
    | \bq[1-4]\b(?:\s\d{{4}})?                        # Q2 2027
    | \b[1-4]\.?\s?(?:kvartal|tertial)\b
    | \b(?:første|andre|tredje|fjerde|first|second|third|fourth)\s(?:kvartal|tertial|quarter)\b
    | \b(?:19|20)\d{{2}}\b                            # 2027
    | \b(?:årsskiftet|nyttår|sommeren|year.end|new\syear)\b
    """,
    re.IGNORECASE | re.VERBOSE,
)
_FIGURE = re.compile(
    r"""
    \d | %
    | \b(?:null|ingen|én|ett|to|tre|fire|fem|seks|sju|syv|åtte|ni|ti|elleve|tolv|tjue|tyve|tretti
        |førti|femti|seksti|sytti|åtti|nitti|hundre|tusen|million(?:er)?|halvparten|halvere[rst]?
        |halvert|dobbelt|doble[rst]?|doblet|tredobles?|alle|hver|prosent)\b
    | \b(?:zero|none|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty
        |forty|fifty|sixty|seventy|eighty|ninety|hundred|thousand|millions?|half|halve[ds]?|twice
        |doubled?s?|all|every|per\s?cent)\b
    """,
    re.IGNORECASE | re.VERBOSE,
)
_FITS_ALL = re.compile(
    r"""
    flink\w* | bedre | best\w* | god\w* | bra | dyktig\w* | profesjonell\w* | sterk\w* | styrke\w*
    | forbedr\w* | øke[rst]? | økt\w* | utvikl\w* | løfte\w* | satse\w* | fokus\w* | jobbe\w* | jobb
    | arbeid\w* | prøve\w* | effektiv\w* | ledende | fremst\w* | fremover | framover | ting | sammen
    | raskere | enklere | dere | nye?tt?
    | better | best | good | great | excellen\w* | improv\w* | strong\w* | strengthen\w* | focus\w*
    | work\w* | try\w* | efficien\w* | effective\w* | leading | increas\w* | develop\w* | things?
    | together | future | new | faster | easier
    """,
    re.VERBOSE,
)
_EFFECT = re.compile(
    r"""
    \b(?:kunde\w*|bruker\w*|innbygger\w*|pasient\w*|elev\w*|medlem\w*|ansatte\w*|medarbeider\w*
        |partner\w*|team\w*|oss|vi|slik\sat|fordi|dermed|slipper|sparer|unngår|oppnår|får|gir
        |færre|flere|mindre|mer|raskere|kortere|lavere|høyere|bedre|enklere|tryggere|billigere
        |øker?|reduserer?|halverer?|dobler?|forbedrer?)\b
    | \b(?:customers?|users?|citizens?|patients?|pupils?|members?|employees?|colleagues?|partners?
        |teams?|us|we|so\sthat|because|thus|saves?|avoids?|gains?|gets?|gives?|fewer|more|less
        |faster|shorter|lower|higher|better|easier|safer|cheaper|increases?|reduces?|halves?
        |doubles?|improves?)\b
    """,
    re.IGNORECASE | re.VERBOSE,
)
