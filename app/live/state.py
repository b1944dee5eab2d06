"""The room as the JSON dialect tells it (`state` of PROTOCOL.md)."""

import hashlib
from typing import Any

import orjson

from app.live.activity import EntryView
from app.live.roles import View
from app.live.shown import PAGE, PICTURE, SLIDE, ShownView
from app.live.snapshot import ActivityView, RoomSnapshot

LARGEST_LIST = 8 * 1024


def state_of(room: RoomSnapshot, view: View) -> dict[str, Any]:
    """`room` must already be what the view's role may see."""
    state: dict[str, Any] = {
        "status": room.status,
        "control": room.control,
        "block": _block(room, view),
        "participants": room.participants,
        "activities": [_activity(activity, view) for activity in room.activities],
    }
    if room.shown is not None:
        state["shown"] = _shown(room.shown, view)
    if view is View.CONSOLE:
        state["blocks"] = [
            {"id": b.id, "title": b.title, "kind": b.kind, "minutes": b.minutes, "state": b.state}
            for b in room.blocks
        ]
        state["program"] = [{"item": step.key, "title": step.title} for step in room.steps]
        state["step"] = room.step or None
        state["locked"] = room.locked
        state["undo"] = room.undo_name or None
    if view is not View.PHONE:
        state["stage_activity"] = room.stage_activity_id
        state["screen"] = room.screen
    state["hash"] = digest(state)
    return state


def digest(state: dict[str, Any]) -> str:
    """Equal for equal states: what two clients of one role can compare."""
    return hashlib.blake2b(
        orjson.dumps(state, option=orjson.OPT_SORT_KEYS), digest_size=8
    ).hexdigest()


def result_of(activity: ActivityView) -> dict[str, Any] | None:
    """The published result, with tables and hands as figures of their own."""
    if activity.result is None:
        return None
    result = activity.result.model_dump(mode="json")
    for name in ("tables", "hands"):
        figure = getattr(activity, name)
        if figure is not None:
            result[name] = figure.model_dump(mode="json")
    return result


def entries_of(entries: tuple[EntryView, ...]) -> list[dict[str, Any]]:
    """Where it stands and what it carries are told of what has a place, such as a card."""
    return [
        {"id": e.id, "text": e.text, "state": e.state}
        | ({"place": e.place, "position": e.position, "data": e.data or {}} if e.place else {})
        for e in entries
    ]


def _shown(shown: ShownView, view: View) -> dict[str, Any]:
    """A page's lines and a slide's text are for phones too; what is lit is for the hall."""
    told: dict[str, Any] = {
        "item": shown.key,
        "title": shown.title,
        "number": shown.number,
        "of": shown.many,
    }
    if shown.kind == PAGE:
        told["points"] = list(shown.points)
    if shown.kind == SLIDE:
        told["text"] = shown.text
    if shown.kind == PICTURE and view is not View.PHONE:
        told |= {"focus": shown.focus, "parts": shown.parts}
    return told


def _block(room: RoomSnapshot, view: View) -> dict[str, Any] | None:
    block, clock = room.block, room.clock
    if block is None:
        return None
    told: dict[str, Any] = {
        "id": block.id,
        "number": block.number,
        "title": block.title,
        "kind": block.kind,
        "minutes": block.minutes,
        "phase": clock.phase_name if clock else None,
        "phase_number": clock.phase if clock else 0,
        "phases": [{"name": p.name, "minutes": p.minutes} for p in block.phases],
        "ends_at": clock.ends_at if clock else None,
        "left_ms": clock.left_ms if clock else None,
        "customer_problem": block.customer_problem,
        "effect_indicator": block.effect_indicator,
    }
    if view is View.CONSOLE:
        told["notes"] = block.notes
    return told


def _activity(activity: ActivityView, view: View) -> dict[str, Any]:
    told: dict[str, Any] = {
        "id": activity.id,
        "kind": activity.kind,
        "title": activity.title,
        "status": activity.status,
        "mode": activity.mode,
        "revealed": activity.revealed,
        "round": activity.round,
        "config": activity.config.model_dump(mode="json", exclude_none=True),
        "result": result_of(activity),
    }
    if activity.stage is not None:
        told["stage"] = activity.stage
    if activity.failed:
        told["failed"] = True
    if activity.logic.asks_options:
        told["options"] = [{"id": o.id, "text": o.text} for o in activity.options]
    if view is View.CONSOLE:
        told["block"] = activity.block_id
        told["answered"] = activity.answered
        told["scrubbed"] = activity.scrubbed
        listed = entries_of(activity.entries)
        if len(orjson.dumps(listed)) > LARGEST_LIST:
            told["entries_rev"] = digest({"entries": listed})
        elif activity.logic.moderated:
            told["entries"] = listed
    else:
        listed = entries_of(activity.entries)
        if listed:
            told["entries"] = listed
    return told
