"""What is left of a short text, in bokmål or English, when it is compared with others.

A text becomes the stems of its words. What turns a meaning round is kept beside them: that
something is missing, that it is bad, and numbers.
"""

import re
from functools import cache, lru_cache
from typing import Any, NamedTuple
from unicodedata import normalize

import snowballstemmer


class Meaning(NamedTuple):
    """`plain` is the text's words in order; `stems` those that say something, with their weight."""

    plain: str
    stems: dict[str, float]
    lacks: bool
    bad: bool
    numbers: frozenset[str]


@lru_cache(maxsize=5_000)
def meaning(text: str) -> Meaning:
    spoken = normalize("NFKC", text).casefold().translate(_APOSTROPHES)
    words = _WORD.findall(_AT_ONCE.sub("at once", _CONTRACTED.sub(" not", spoken)))
    turned = [_TURNED_ROUND.get(word, word) for word in words]
    matter = [word for word in turned if word not in _SAYS_NOTHING and word not in _LACK]
    return Meaning(
        plain=" ".join(words),
        stems={_stem(word): _weight(word) for word in matter},
        lacks=turned != words or not _LACK.isdisjoint(words),
        bad=not _BAD.isdisjoint(words),
        numbers=frozenset(word for word in words if word in _NUMBERS or not word.isalpha()),
    )


def telling_words(text: str) -> list[str]:
    """The words that say something, as they were written, but for the case of their letters."""
    return [word for word in _WORD.findall(text.casefold()) if word not in _SAYS_NOTHING]


def _weight(word: str) -> float:
    """What obstacles are said with weighs less than what they are about."""
    return 0.5 if word in _BAD or word in _LOUD else 1.0


@cache
def _stemmers() -> tuple[Any, ...]:
    return (snowballstemmer.stemmer("norwegian"), snowballstemmer.stemmer("english"))


@lru_cache(maxsize=20_000)
def _stem(word: str) -> str:
    """The shortest of its stems: nobody says which language a text is in."""
    return min((str(stemmer.stemWord(word)) for stemmer in _stemmers()), key=len)


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_WORD = re.compile(r"[^\W_]+")
_CONTRACTED = re.compile(r"(?:can't|n't)\b")
# Says nothing as a whole, where "time" alone says much.
_AT_ONCE = re.compile(r"\bat the same time\b")
_APOSTROPHES = str.maketrans("\u2018\u2019`\u00b4", "''''")

# "It" is not among them: in bokmål it stands for systems.
_SAYS_NOTHING = _words("""
    alle alt altfor at av bare be ble bli blir da de deg dem den der dere deres det dette du en er
    et ett for fra før gang ganger gir godt gjør gjøre ha han har hele helt her hos hun hva hvem
    hver hverandre hvor hvordan i jeg kan med mellom men mer mye må nok noe noen når nå og også om
    opp oss over på samme samtidig seg selv sin sine sitt skal slik som så tar ta til under ut var
    ved vi vil vår våre vårt å
    a about all also an and are as at be been being between but by can could do does doing each
    enough for from get gets had has have he how if in into is its itself just made make makes
    making more much of on once or our ours out over same she should so some that the their them
    there these they this those to too up us very was way we well were what when where which who
    will with would you your
""")
# Something is missing.
_LACK = _words("""
    aldri færre få ikke ikkje ingen inga intet ingenting knapp knapt lite litt mangel mangelfull
    mangelfullt mangelfulle manglande manglar manglende mangla mangler mangle mindre savner uten
    absence cannot few fewer lack lacking lacks less little missing neither never no nobody none
    nor not nothing scarce without
""")
# Something is bad: so near to missing that the two may meet.
_BAD = _words("""
    dårlig dårlige dårligere svak svake svakt vanskelig vanskelige tungt klarer
    bad badly difficult hard poor poorly struggle weak
""")
_LOUD = _words("""
    alltid mange mot stor store stort stadig veldig
    against always big constantly great large lot lots many really
""")
_NUMBERS = _words("""
    null tre fire fem seks sju syv åtte ni ti tjue tretti seksti nitti hundre tusen
    zero two three four five six seven eight nine ten twenty thirty sixty ninety hundred thousand
""")
# "Uklar" is "ikke klar". Written out, as "unge" and "universitet" begin like that as well.
_TURNED = {
    "u": """
        avklart avklarte bestemt bestemte effektiv effektive effektivt egnet egnede enig enige
        erfaren erfarne ferdig ferdige forberedt forberedte forutsigbar forutsigbare forutsigbart
        fornøyd fornøyde fullstendig fullstendige interessert interesserte kjent kjente klar klare
        klart koordinert koordinerte motivert motiverte mulig mulige nødvendig nødvendige
        oversiktlig oversiktlige planlagt planlagte presis presise presist realistisk realistiske
        rettferdig rettferdige sikker sikre sikkert stabil stabile stabilt strukturert strukturerte
        tydelig tydelige villig villige
    """,
    "un": """
        able aligned aware balanced certain clear committed defined engaged fair finished happy
        important interested known motivated motivating necessary planned predictable prepared
        prioritised prioritized realistic reliable safe skilled stable structured sure tested
        trained willing
    """,
    "in": "adequate complete consistent effective efficient flexible secure sufficient visible",
    "im": "patient possible precise",
}
_TURNED_ROUND = {
    prefix + word: word for prefix, words in _TURNED.items() for word in sorted(_words(words))
}
