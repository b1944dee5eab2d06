"""What outlives its block, or the day, stays on the phones: below what is asked, never instead."""

from dataclasses import replace

import pytest

from app.live.activities.choice import Choice
from app.live.snapshot import ActivityView, RoomSnapshot
from tests.live.test_roles import activity, room


@pytest.fixture(autouse=True)
def lasting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Choice, "outlives_day", True)


def shown(*activities: ActivityView, **changes: object) -> tuple[list[str], list[str]]:
    """What is asked and what goes on, in a room in block "b"."""
    seen: RoomSnapshot = replace(room(*activities), **changes)  # type: ignore[arg-type]
    return [a.id for a in seen.on_phones], [a.id for a in seen.going_on]


def test_what_another_block_left_open_stands_below_what_is_asked_now() -> None:
    assert shown(activity("left", block_id="a"), activity("now", block_id="b")) == (
        ["now"],
        ["left"],
    )


def test_it_does_not_hide_what_this_block_has_shown() -> None:
    told = activity("told", block_id="b", status="closed", revealed=True)
    assert shown(activity("left", block_id="a"), told) == (["told"], ["left"])


def test_in_its_own_block_it_is_what_is_asked() -> None:
    assert shown(activity("now", block_id="b"), activity("ad hoc")) == (["now", "ad hoc"], [])


def test_what_was_opened_last_comes_first() -> None:
    old, new = activity("old", opened_at=1), activity("new", opened_at=2)
    also = activity("also new", opened_at=2)
    assert shown(old, new, also) == (["new", "also new", "old"], [])


def test_after_the_day_it_is_all_that_is_left() -> None:
    assert shown(activity("now", block_id="b"), status="ended") == ([], ["now"])


def test_what_the_end_closes_does_not_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Choice, "outlives_day", False)
    assert shown(activity("left", block_id="a")) == (["left"], [])
