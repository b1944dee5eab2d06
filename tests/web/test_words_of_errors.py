"""Whatever an error says to people is a message id: written so that the catalogues find it."""

import ast
from collections.abc import Iterator
from pathlib import Path

import app.main
from app.errors import KickoffError

APP = Path(app.main.__file__).parent
# What is not of the wire's or a kind's forms is said to the developer of the client that sent it.
FOR_DEVELOPERS = {"live/wire.py", "live/socket.py", "live/counting.py"}


def kinds(parent: type[KickoffError] = KickoffError) -> Iterator[type[KickoffError]]:
    yield parent
    for child in parent.__subclasses__():
        yield from kinds(child)


# Of a fault of ours (5xx) nobody is told more than the code's sentence.
SPOKEN = {kind.__name__: 0 for kind in kinds() if kind.status < 500} | {"Fault": 1}


def words_in(tree: ast.AST) -> Iterator[tuple[int, ast.expr]]:
    """What errors and faults are made with: where, and the expression of what they say."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            if name in SPOKEN and len(node.args) > SPOKEN[name]:
                yield node.lineno, node.args[SPOKEN[name]]


def is_bare(words: ast.expr) -> bool:
    """Text that no catalogue has, or that of a library."""
    if isinstance(words, ast.IfExp):
        return is_bare(words.body) or is_bare(words.orelse)
    return isinstance(words, ast.Constant | ast.JoinedStr | ast.Subscript)


def test_every_word_of_an_error_that_people_may_read_is_marked() -> None:
    found, bare = 0, []
    for path in sorted(APP.rglob("*.py")):
        named = str(path.relative_to(APP))
        if named in FOR_DEVELOPERS or named.startswith("rehearsal/"):
            continue
        for line, words in words_in(ast.parse(path.read_text())):
            found += 1
            if is_bare(words):
                bare.append(f"{named}:{line} {ast.unparse(words)}")
    assert found > 50, "there are words to be looked at"
    assert bare == []
