"""What each role sees of a room. The only place where something is held back from somebody."""

from dataclasses import replace
from enum import StrEnum

from app.live.snapshot import ActivityView, RoomSnapshot
from app.models.activities import ActivityStatus
from app.rules.tally import Source


class View(StrEnum):
    PHONE = "phone"
    CONSOLE = "console"
    PROJECTOR = "projector"


ROLE_OF_VIEW = {View.PHONE: "attendee", View.CONSOLE: "facilitator", View.PROJECTOR: "projector"}


def seen_by(view: View, room: RoomSnapshot, group_id: str = "") -> RoomSnapshot:
    """The room as that view may show it; a phone is one of a working group's, or of none."""
    if view is View.CONSOLE:
        return replace(room, activities=tuple(_counted(activity) for activity in room.activities))
    # The hall keeps the question it is looking at, also between closing it and showing the answers.
    staged = room.stage_activity_id if view is View.PROJECTOR else None
    on_phones = view is View.PHONE
    public = tuple(
        _published(a, on_phones=on_phones)
        for a in room.activities
        if _is_public(a) or a.id == staged
    )
    blocks = tuple(replace(block, notes="") for block in room.blocks)
    block = replace(room.block, notes="") if room.block else None
    linked = {sort for a in public if a.logic.links_plan for sort in a.logic.linked(a.config)}
    tells_plan = any(a.logic.tells_plan for a in public)
    tells_risks = any(a.logic.tells_risks for a in public)
    plain = replace(
        room,
        activities=public,
        blocks=blocks,
        block=block,
        people=(),
        plan_people=(),
        # Of a board that is being prepared nothing is told, nor of sorts that it does not link.
        plan_records=tuple(record for record in room.plan_records if record.kind in linked),
        faq=(),
        notes=(),
        deliverables=room.deliverables if tells_plan else (),
        risks=room.risks if tells_risks else (),
        actions=room.actions if tells_plan else (),
        group_of={},
        undo_name="",
        undo_data={},
        undo_touches=(),
    )
    if view is View.PROJECTOR:
        return plain
    shown = room.shown and replace(room.shown, focus="", drawn={}, as_of="")
    # A phone's frame must not change with every arrival and every vote of somebody else.
    return replace(
        plain,
        activities=tuple(
            _of_group(
                a.logic.for_phones(a if a.revealed else replace(a, answered=0, with_tables=0)),
                group_id,
            )
            for a in public
        ),
        groups=tuple(group for group in room.groups if group.id == group_id),
        shown=shown,
        steps=(),
        step="",
        step_phase=0,
        step_after=(),
        step_number=0,
        recent=(),
        shown_note=None,
        present=None if room.present is None else 0,
        participants=coarse(room.participants),
        stage_activity_id=None,
        drift_minutes=0,
        projected_end=None,
        typed_codes_paused=False,
        screen="",
    )


def coarse(count: int) -> int:
    """A head count in steps that grow with the room, for those who need no exact figure."""
    step = 1 if count < 100 else 10 if count < 500 else 50
    return count - count % step


def _is_public(activity: ActivityView) -> bool:
    return activity.status == ActivityStatus.OPEN or activity.revealed


def _of_group(activity: ActivityView, group_id: str) -> ActivityView:
    logic = activity.logic
    return logic.of_group(activity, group_id) if logic.by_group else activity


def _published(activity: ActivityView, *, on_phones: bool) -> ActivityView:
    """Nothing but what was revealed, and nothing of a group that is too small to hide in."""
    shown = _counted(activity)
    if not activity.revealed:
        shown = replace(shown, result=None, tables=None, hands=None)
    before = activity.previous
    return replace(
        shown,
        entries=tuple(activity.logic.shown_entries(activity, on_phones=on_phones)),
        previous=_published(replace(before, previous=None), on_phones=on_phones)
        if before and before.revealed
        else None,
        version=activity.version,
        kept_as="",
    )


def _counted(activity: ActivityView) -> ActivityView:
    if activity.too_few:
        kept = activity.entries if activity.logic.shared_writing else ()
        return replace(activity, result=None, tables=None, entries=kept)
    if Source.TABLES not in activity.told:
        return replace(activity, tables=None)
    return activity
