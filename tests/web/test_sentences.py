"""Every error code of the product has words in both languages."""

import importlib
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path

import app
from app.errors import KickoffError
from app.i18n import speaking
from app.web import errors, sentences


def every_error(base: type[KickoffError] = KickoffError) -> Iterator[type[KickoffError]]:
    yield base
    for child in base.__subclasses__():
        yield from every_error(child)


def test_every_error_says_what_to_do() -> None:
    for module in pkgutil.walk_packages(app.__path__, "app."):
        importlib.import_module(module.name)
    wordless = {error.code for error in every_error()} - sentences.known_codes()
    assert wordless == set()


def test_every_code_of_the_socket_says_what_to_do() -> None:
    protocol = (Path(app.__path__[0]) / "live" / "PROTOCOL.md").read_text()
    table = protocol.partition("## Error codes")[2].partition("\n\n")[0]
    codes = set(re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE))
    assert len(codes) > 8
    assert codes - sentences.known_codes() == set()


def test_every_sentence_is_there_in_bokmal() -> None:
    said = {}
    for language in ("en", "nb"):
        with speaking(language):
            said[language] = {code: sentences.said(code) for code in sentences.known_codes()}
    same = [code for code, words in said["en"].items() if set(words) & set(said["nb"][code])]
    assert same == []


def test_every_status_has_a_code_with_words() -> None:
    assert set(errors._CODE_OF_STATUS.values()) <= sentences.known_codes()


def test_an_unknown_code_is_answered_in_general() -> None:
    with speaking("en"):
        assert sentences.said("never_heard_of") == sentences.said("error")


def test_a_sentence_survives_parameters_it_does_not_know() -> None:
    with speaking("en"):
        assert sentences.sentence("conflict", control=7) == sentences.said("conflict").detail
