"""The documents say what the product does: settings, commands, links, files, numbers, decisions."""

import ast
import importlib
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer.main

from app.cli import app as command_line
from app.settings import Settings

ROOT = Path(__file__).parents[2]
README = ROOT / "README.md"
CONTRIBUTING = ROOT / "CONTRIBUTING.md"
OPERATIONS = ROOT / "docs" / "operations.md"
PROMISES = ROOT / "docs" / "promises.md"
DECISIONS = sorted((ROOT / "docs" / "decisions").glob("0*.md"))
DOCUMENTS = sorted(
    [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "app").rglob("*.md")]
)
ONE_SCREEN = 60  # lines
LARGEST_PICTURE = 300_000  # bytes

named = pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
decided = pytest.mark.parametrize("decision", DECISIONS, ids=lambda path: path.stem)


def rows(document: Path, heading: str) -> list[list[str]]:
    """The cells of the table under a heading, without its head."""
    section = re.split(r"^## ", document.read_text(), flags=re.MULTILINE)
    text = next(part for part in section if part.startswith(heading + "\n"))
    lines = [line for line in text.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def commands() -> dict[str, set[str]]:
    """Each command with its options, as the command line itself has them."""
    found: dict[str, set[str]] = {}

    def walk(command: Any, name: str) -> None:
        if hasattr(command, "commands"):
            for part, inner in command.commands.items():
                walk(inner, f"{name} {part}")
        else:
            options = [option for parameter in command.params for option in parameter.opts]
            found[name] = {option for option in options if option.startswith("--")} - {"--help"}

    walk(typer.main.get_command(command_line), "kickoff")
    return found


# ---- The README


def test_the_settings_are_those_of_the_product() -> None:
    documented = {cells[0].strip("`"): cells[1].strip("`") for cells in rows(README, "Settings")}
    product = {
        f"KICKOFF_{name.upper()}": _as_written(field.default)
        for name, field in Settings.model_fields.items()
    }
    assert documented == product


def _as_written(default: Any) -> str:
    if default in (None, ""):
        return "–"
    return str(default).lower() if isinstance(default, bool) else str(default)


def test_the_commands_are_those_of_the_product() -> None:
    documented = {
        cells[0].strip("`"): set(re.findall(r"`(--[a-z-]+)`", cells[1]))
        for cells in rows(README, "Commands")
    }
    assert documented == commands()


def test_the_first_screen_has_a_picture_and_the_two_commands() -> None:
    first_screen = README.read_text().split("\n## ")[0]
    commands_shown = re.findall(r"^(make \w+)", first_screen, flags=re.MULTILINE)
    assert commands_shown == ["make run", "make test"]
    pictures = re.findall(r"!\[[^\]]{20,}\]\(([^)]+)\)", first_screen)
    assert pictures == ["docs/picture.png"]
    assert (ROOT / pictures[0]).stat().st_size <= LARGEST_PICTURE


# ---- Every document


@named
def test_commands_that_are_named_exist(document: Path) -> None:
    text = document.read_text()
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), flags=re.MULTILINE))
    shown = re.sub(r"#.*", "", "\n".join(_code(text)))
    assert set(re.findall(r"\bmake ([a-z]+)", shown)) <= targets
    names = {name.removeprefix("kickoff ").split()[0] for name in commands()}
    run = set(re.findall(r"(?:^|bin/|`)kickoff ([a-z][a-z-]*)", shown, flags=re.MULTILINE))
    assert run <= names


def _code(text: str) -> Iterator[str]:
    """What stands in code: inline, and in blocks for the shell."""
    for inline, block in re.findall(r"`([^`\n]+)`|^```sh\n(.*?)^```", text, re.M | re.S):
        yield inline or block


@named
def test_links_lead_somewhere(document: Path) -> None:
    for link in re.findall(r"\]\(([^)\s]+)\)", document.read_text()):
        if re.match(r"[a-z]+:", link):
            continue
        path, _, anchor = link.partition("#")
        target = document.parent / path if path else document
        assert target.exists(), link
        if anchor:
            assert anchor in _anchors(target), link


def _anchors(document: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", document.read_text(), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@named
def test_files_that_are_named_exist(document: Path) -> None:
    text = re.sub(r"^ *```.*?^ *```", "", document.read_text(), flags=re.M | re.S)
    named_files = re.findall(
        r"`((?:app|tests|templates|static|bin|bench|docs|alembic)/[\w./-]*)(?:::\w+)?`", text
    )
    # A name in capitals stands for any: templates/live/KIND/phone.html.
    told = [name for name in named_files if not re.search(r"/[A-Z]+[/.](?!md)", name)]
    missing = [name for name in told if not (ROOT / name).exists()]
    assert not missing


@named
def test_no_document_names_a_machine(document: Path) -> None:
    assert not re.search(r"(?<![\w.])/(?:home|work|tmp|root|Users)/", document.read_text())


# ---- Contributing


def test_the_worked_examples_import_what_exists() -> None:
    blocks = re.findall(r"^ *```python\n(.*?)^ *```", CONTRIBUTING.read_text(), re.M | re.S)
    assert blocks
    new = {"AMBASSADORS"}  # made by the example itself
    for block in blocks:
        indent = len(block) - len(block.lstrip(" "))
        tree = ast.parse(re.sub(rf"^ {{{indent}}}", "", block, flags=re.MULTILINE))
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("app."):
                module = importlib.import_module(node.module or "")
                names = {alias.name for alias in node.names} - new
                assert {name for name in names if not hasattr(module, name)} == set()


def test_the_worked_kind_is_a_kind() -> None:
    """Its methods are those of the contract, and its four fragments are all there."""
    text = CONTRIBUTING.read_text()
    activity = importlib.import_module("app.live.activity").Activity
    written = text.split("class Estimate(Activity):")[1].split("```")[0]
    assert set(re.findall(r"def (\w+)", written)) == activity.__abstractmethods__
    shown = re.findall(r"templates/live/estimate/(\w+)\.html #", text)
    assert sorted(shown) == ["console", "minutes", "phone", "projector"]
    for kind in (ROOT / "templates" / "live").glob("*/minutes.html"):
        assert {f"{name}.html" for name in shown} <= {path.name for path in kind.parent.iterdir()}


# ---- Promises


def test_every_number_in_the_comments_is_explained() -> None:
    explained = set(re.findall(r"^\| ([TASDM]\d+) \|", PROMISES.read_text(), flags=re.MULTILINE))
    used = {
        (number, path.relative_to(ROOT))
        for folder in ("app", "tests", "bench")
        for path in (ROOT / folder).rglob("*.py")
        for number in re.findall(
            r"(?<![\w\"'%])([TAS]\d\d|[DM]\d{1,2})(?![\w\"'])", path.read_text()
        )
    }
    assert used
    assert {(number, path) for number, path in used if number not in explained} == set()


# ---- Decisions


@decided
def test_a_decision_is_one_screen_with_all_its_parts(decision: Path) -> None:
    text = decision.read_text()
    assert text.startswith(f"# {decision.stem[:4]} ")
    parts = ["Context", "Decision", "Consequences", "Alternatives", "Kept by"]
    assert re.findall(r"^## (.+)$", text, flags=re.MULTILINE) == parts
    assert len(text.splitlines()) <= ONE_SCREEN
    decided = text.split("## Decision\n")[1].split("\n## ")[0].strip()
    assert len(re.findall(r"[.;:?!](?=\s|$)", re.sub(r"[;:]", "", decided))) == 2, "two sentences"


@decided
def test_what_keeps_a_decision_exists(decision: Path) -> None:
    kept_by = decision.read_text().split("## Kept by\n")[1].strip().splitlines()
    assert kept_by
    for line in kept_by:
        found = re.fullmatch(r"- `(tests/[\w/]+\.py)::(test_\w+)`", line)
        assert found, line
        assert f"def {found[2]}(" in (ROOT / found[1]).read_text(), line


def test_every_decision_is_in_the_list() -> None:
    listed = re.findall(r"\((\d{4}-[\w-]+\.md)\)", (DECISIONS[0].parent / "README.md").read_text())
    assert listed == [path.name for path in DECISIONS]


def test_nothing_that_is_documented_is_left_out_of_the_tree() -> None:
    ignored = subprocess.run(
        ["git", "check-ignore", *(str(path) for path in DOCUMENTS)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ignored.stdout == ""
