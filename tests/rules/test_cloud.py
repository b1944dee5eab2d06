"""The word cloud: no two words overlap, none leaves the picture, little change moves little."""

from collections import Counter
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rules.cloud import LEAST_COUNT, STEPS, Cloud, Word, cloud
from tests.browser.scenes import WORDS

texts = st.text(min_size=1, max_size=40).filter(lambda text: bool(text.strip()))
counted = st.lists(
    st.tuples(texts, st.integers(1, 5000)), max_size=70, unique_by=lambda pair: pair[0].casefold()
)


def overlap(a: Word, b: Word) -> bool:
    apart = a.x + a.whole <= b.x or b.x + b.whole <= a.x
    return not apart and not (a.y + a.height <= b.y or b.y + b.height <= a.y)


def inside(word: Word, picture: Cloud) -> bool:
    right, bottom = word.x + word.whole, word.y + word.height
    return word.x >= 0 and word.y >= 0 and right <= picture.width and bottom <= picture.height


@given(counted)
def test_no_two_words_overlap_and_none_leaves_the_picture(words):
    words = sorted(words, key=lambda pair: -pair[1])
    picture = cloud(words)
    assert len(picture.words) + picture.left_out == len(words)
    assert not [pair for pair in combinations(picture.words, 2) if overlap(*pair)]
    assert all(inside(word, picture) for word in picture.words)


def test_the_same_words_give_the_same_picture():
    assert cloud(WORDS) == cloud(list(WORDS))


def test_believable_words_all_find_room_and_the_most_said_is_the_largest():
    picture = cloud(WORDS)
    assert picture.left_out == 0
    largest = min(picture.words, key=lambda word: word.step)
    assert largest.text == WORDS[0][0]


def test_one_vote_more_seldom_moves_anything():
    before = {word.text: (word.x, word.y) for word in cloud(WORDS).words}
    still, against_the_others = 0, []
    for place in range(len(WORDS)):
        changed = [(text, n + (i == place)) for i, (text, n) in enumerate(WORDS)]
        moves = Counter(
            (word.x - before[word.text][0], word.y - before[word.text][1])
            for word in cloud(changed).words
        )
        still += set(moves) == {(0, 0)}
        # The cloud may glide as one to stay in the middle; few leave their neighbours.
        against_the_others.append(moves.total() - max(moves.values()))
    # A word's size follows its count, so a vote for one of the rare words is seen; few others are.
    assert still >= 0.4 * len(WORDS)
    assert sum(against_the_others) / len(WORDS) <= len(WORDS) / 8


def test_the_size_of_a_word_says_how_often_it_was_said():
    sizes = {word.text: word.size for word in cloud(WORDS).words}
    in_order = [sizes[text] for text, _ in WORDS]
    assert in_order == sorted(in_order, reverse=True)
    assert len(set(in_order)) >= 7
    assert sizes["håp"] > sizes["læring"]  # three, and one


@given(counted)
def test_a_count_stands_beside_a_word_where_it_can_be_read(words):
    for word in cloud(sorted(words, key=lambda pair: -pair[1])).words:
        assert word.count_size == 0 or (word.count > 1 and word.count_size >= LEAST_COUNT)
        assert word.whole >= word.width


LETTERS = (
    ("endringskjøring", 5),
    ("bærekraftsmål", 4),
    ("ærlighet på øverste hold", 4),
    ("påvirkning", 3),
    ("åpenhet", 2),
)
MORE = tuple((f"{letter} til", 1) for letter in "abcdefghij")


def off_centre(picture: Cloud) -> tuple[float, float]:
    """How far the box around all words stands from the picture's middle."""
    across = min(w.x for w in picture.words) + max(w.x + w.whole for w in picture.words)
    down = min(w.y for w in picture.words) + max(w.y + w.height for w in picture.words)
    return abs(across - picture.width) / 2, abs(down - picture.height) / 2


@pytest.mark.parametrize("said", [WORDS, LETTERS], ids=["usual", "long"])
@pytest.mark.parametrize("number", [1, 2, 3, 5])
def test_a_few_words_stand_in_the_middle(number, said):
    assert max(off_centre(cloud(said[:number]))) <= 1


@pytest.mark.parametrize("said", [WORDS[:13], WORDS, WORDS + MORE])
def test_many_words_have_like_margins(said):
    picture = cloud(said)
    across, down = off_centre(picture)
    assert across <= picture.width / 30
    assert down <= picture.height / 30


def test_nobody_has_said_anything():
    assert cloud([]) == Cloud((), 0)


def test_a_lone_long_word_fits():
    (word,) = cloud([("W" * 40, 3)]).words
    assert inside(word, cloud([("W" * 40, 3)]))
    assert word.size in STEPS
