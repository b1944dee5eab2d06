"""How sure somebody is that a target is reached (F4): a figure from 0 to 10, and its word."""

LOWEST, HIGHEST = 0, 10
# The least figure of each word, the surest first.
_WORDS = (
    (9, "certain"),
    (7, "likely"),
    (6, "rather"),
    (5, "even"),
    (4, "hardly"),
    (2, "unlikely"),
    (0, "out"),
)


def word_of(confidence: int) -> str:
    """A code for the figure; templates have the words."""
    return next(word for least, word in _WORDS if confidence >= least)


def tone_of(confidence: int | None) -> str:
    """Its colour beside the word: 7 and more is green, 4 to 6 yellow, the rest red."""
    if confidence is None:
        return ""
    return "green" if confidence >= 7 else "yellow" if confidence >= 4 else "red"
