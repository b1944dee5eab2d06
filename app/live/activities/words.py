"""A few words each, drawn as a cloud. Forms of one word are counted together by their stem."""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from random import Random
from typing import Any

import snowballstemmer
from pydantic import Field

from app.i18n import mark
from app.live.activity import (
    Activity,
    BallotState,
    BaseConfig,
    BaseResult,
    Change,
    EntryView,
    Model,
    NewEntry,
    Refused,
    Seen,
)
from app.live.ready import Ready, Use
from app.models.text import clean_line
from app.rehearsal.phrases import WORDS
from app.rules.tally import Figures

LONGEST_WORD = 40
LONGEST_SAID = 15  # of a word that is too long


MOST_WORDS = 1000  # that views and programs are shown
MOST_STEMMED = 2000  # the most said: a stem costs as much as counting a hundred ballots


class WordsConfig(BaseConfig):
    max: int = Field(default=3, ge=1, le=10)


class WordsSubmission(Model):
    """Words, or short phrases, parted by commas or new lines."""

    # As long as a message can be: what is too long for `accept` is refused there, with a reason.
    text: str = Field(max_length=16_384)


class WordCount(Model):
    text: str
    count: int


class WordsResult(BaseResult):
    words: list[WordCount]
    more: int = 0  # said less often than those

    @property
    def most(self) -> int:
        return max([w.count for w in self.words], default=0) or 1


class Words(Activity):
    kind = "words"
    name = mark("Word cloud")
    icon = "cloud"
    Config, Submission, Result = WordsConfig, WordsSubmission, WordsResult
    ready = (
        Ready(
            Use.PULSE,
            mark("One word"),
            mark("What is your word for this?"),
            "cloud",
            config={"max": 1},
        ),
        Ready(
            Use.COLLECT,
            mark("Three words"),
            mark("What must we get better at together?"),
            "cloud",
            config={"max": 3},
        ),
    )
    moderated = True
    longest = LONGEST_WORD  # for the page, to say so while somebody writes

    def accept(
        self, config: WordsConfig, state: BallotState, submission: WordsSubmission
    ) -> Change:
        words = _split(submission.text)
        if not words:
            raise Refused(mark("Write a word first."))
        if len(words) > config.max:
            raise Refused(
                mark("At most %(at_most)s, with commas between. These are %(given)s."),
                at_most=config.max,
                given=len(words),
            )
        if too_long := next((word for word in words if len(word) > LONGEST_WORD), ""):
            raise Refused(
                mark("Too long: «%(word)s…». At most %(at_most)s characters each."),
                word=too_long[:LONGEST_SAID],
                at_most=LONGEST_WORD,
            )
        entries = [NewEntry(state.shared_entry(word.casefold()), word) for word in words]
        return Change(marks=[(entry.id, 1) for entry in entries], entries=entries)

    def result(
        self, config: WordsConfig, entries: Sequence[EntryView], figures: Figures
    ) -> WordsResult:
        counts = figures.entries()
        said = sorted(
            ((counts[e.id], e.text) for e in entries if e.state == "visible" and e.id in counts),
            key=lambda form: (-form[0], form[1]),
        )
        forms: dict[str, list[tuple[int, str]]] = defaultdict(list)
        for count, text in said[:MOST_STEMMED]:
            forms[_stem(text)].append((count, text))
        words = [
            WordCount(
                text=min(group, key=lambda form: (-form[0], form[1]))[1],
                count=sum(n for n, _ in group),
            )
            for group in forms.values()
        ]
        words.sort(key=lambda word: (-word.count, word.text.casefold()))
        return WordsResult(
            answered=figures.answered,
            words=words[:MOST_WORDS],
            more=max(0, len(words) - MOST_WORDS) + max(0, len(said) - MOST_STEMMED),
        )

    def answer(
        self, entries: Mapping[str, EntryView], marks: Sequence[tuple[str, int]]
    ) -> dict[str, Any]:
        return {
            "text": ", ".join(sorted(entries[entry].text for entry, _ in marks if entry in entries))
        }

    def imagine(self, seen: Seen, random: Random) -> dict[str, Any]:
        return {"text": ", ".join(random.sample(WORDS, random.randint(1, min(seen.config.max, 3))))}


def _split(text: str) -> list[str]:
    words = (clean_line(part) for part in re.split(r"[,;\n]", text))
    return list({word.casefold(): word for word in words if word}.values())


@cache
def _stemmers() -> tuple[Any, ...]:
    return (snowballstemmer.stemmer("norwegian"), snowballstemmer.stemmer("english"))


@lru_cache(maxsize=50_000)
def _stem(text: str) -> str:
    """The key under which forms of a word or phrase meet: the shortest of its stems, word by
    word."""
    return " ".join(
        min((stemmer.stemWord(part) for stemmer in _stemmers()), key=len)
        for part in text.casefold().split()
    )
