"""What a phone is shown is made anew only where it is another picture.

Seen red: every phone's group was rendered for a vote of any other.
"""

from dataclasses import replace
from typing import Any

import pytest

from app import rendering
from app.live import faults, renderings, wire
from app.live.renderings import Key, render
from app.live.roles import View
from app.live.snapshot import GroupView
from tests.live.test_roles import activity, room

PHONE = Key(View.PHONE, "nb", wire.HTML_DIALECT, "one")
GROUPS = (GroupView("one", "Gruppe 1", people=3, here=2), GroupView("two", "Gruppe 2"))


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The regions that are rendered."""
    made: list[str] = []
    region = renderings._region

    def noted(view: View, name: str, seen: object) -> str:
        made.append(name)
        return region(view, name, seen)  # type: ignore[arg-type]

    monkeypatch.setattr(renderings, "_region", noted)
    return made


def test_what_changes_nothing_for_a_phone_is_not_rendered_for_it(drawn: list[str]) -> None:
    seen = replace(room(activity("a")), groups=GROUPS, present=3, undo_name="")
    first = render(seen, PHONE)
    drawn.clear()
    later = replace(
        seen,
        revision=seen.revision + 7,
        control=seen.control + 1,
        plan=5,
        present=4,
        undo_name="activity.open",
        undo_data={"activity": "a"},
        activities=(activity("a", answered=9),),
        groups=(GROUPS[0], replace(GROUPS[1], here=5)),
    )
    again = render(later, PHONE, first)
    assert drawn == []
    assert (again.parts, again.place.revision) == (first.parts, later.revision)
    assert again.since(first) is None


def test_what_changes_something_is(drawn: list[str]) -> None:
    seen = replace(room(activity("a")), groups=GROUPS)
    first = render(seen, PHONE)
    for changed in (
        {"groups": (replace(GROUPS[0], here=3), GROUPS[1])},
        {"activities": (activity("a", title="Another"),)},
        {"status": "paused"},
    ):
        drawn.clear()
        render(replace(seen, **changed), PHONE, first)
        assert "main" in drawn


def test_programs_are_always_told_where_the_room_is() -> None:
    key = replace(PHONE, dialect=wire.JSON_DIALECT)
    seen = room(activity("a"))
    first = render(seen, key)
    again = render(replace(seen, control=seen.control + 1), key, first)
    assert again.parts["state"]["control"] == seen.control + 1


@pytest.mark.parametrize(
    "group, size, is_pushed",
    [("", 7_000, True), ("", 12_000, False), ("one", 12_000, True), ("one", 40_000, False)],
)
def test_what_a_group_alone_is_shown_is_pushed_even_where_a_room_would_fetch_it(
    monkeypatch: pytest.MonkeyPatch, group: str, size: int, is_pushed: bool
) -> None:
    """Seen red: ten phones of fifty groups fetched their board at every move of a card."""
    monkeypatch.setattr(renderings, "_region", lambda _view, _name, _seen: "x" * size)
    made = render(room(activity("a")), replace(PHONE, group=group))
    assert isinstance(made.body()["regions"]["main"], str) is is_pushed


def test_what_could_not_be_drawn_is_tried_again_though_nothing_has_changed(
    drawn: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Seen red: a fault of one moment stayed on the phones until something else happened."""
    draw, faulty = rendering.render, [ZeroDivisionError()]

    def once_broken(template: str, **told: Any) -> str:
        if template.endswith("/main.html") and faulty:
            raise faulty.pop()
        return draw(template, **told)

    monkeypatch.setattr(rendering, "render", once_broken)
    monkeypatch.setattr(faults, "note", lambda *_, **__: None)
    seen = room(activity("a"))
    bare = render(seen, PHONE)
    assert not faulty
    drawn.clear()
    whole = render(seen, PHONE, bare)
    assert "main" in drawn
    drawn.clear()
    render(seen, PHONE, whole)
    assert drawn == []
