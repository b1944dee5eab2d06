"""The word cloud: no two words overlap, none leaves the picture, little change moves little."""

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from app.rules.cloud import STEPS, Cloud, Word, cloud
from tests.browser.scenes import WORDS

texts = st.text(min_size=1, max_size=40).filter(lambda text: bool(text.strip()))
counted = st.lists(
    st.tuples(texts, st.integers(1, 5000)), max_size=70, unique_by=lambda pair: pair[0].casefold()
)


def overlap(a: Word, b: Word) -> bool:
    apart = a.x + a.width <= b.x or b.x + b.width <= a.x
    return not apart and not (a.y + a.height <= b.y or b.y + b.height <= a.y)


def inside(word: Word, picture: Cloud) -> bool:
    right, bottom = word.x + word.width, word.y + word.height
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
    moved = []
    for place in range(len(WORDS)):
        changed = [(text, n + (i == place)) for i, (text, n) in enumerate(WORDS)]
        after = {word.text: (word.x, word.y) for word in cloud(changed).words}
        moved.append(sum(before[text] != after[text] for text in before))
    assert moved.count(0) >= 0.7 * len(WORDS)
    assert max(moved) <= len(WORDS) / 2


def test_nobody_has_said_anything():
    assert cloud([]) == Cloud((), 0)


def test_a_lone_long_word_fits():
    (word,) = cloud([("W" * 40, 3)]).words
    assert inside(word, cloud([("W" * 40, 3)]))
    assert word.size in STEPS
