"""Fields that nobody writes: worked out of a record, its kickoff and the time when it is shown."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from app import clock
from app.i18n import mark
from app.models.actions import Action
from app.models.kickoffs import Kickoff
from app.operations.stated import stated
from app.rules import status
from app.rules.meetings import ownerless
from app.rules.pulse_measures import worth
from app.rules.smart import how_many_met


@dataclass(frozen=True)
class Derived:
    """One such field. `kind` is its type in REST; `label` an English message id.

    `widget`: how a table draws it: "" as its words, "status" with icon and colour and the words of
    `because`, another derived field, below it, "superseded" as the name of the record.
    """

    name: str
    kind: Any
    label: str
    value: Callable[[Any, Kickoff, datetime], Any]
    choices: tuple[tuple[str, str], ...] = ()
    widget: str = ""
    because: str = ""
    in_table: bool = True


def today_in(kickoff: Kickoff, now: datetime | None = None) -> date:
    """The day it is where the kickoff is."""
    return (now or clock.now()).astimezone(ZoneInfo(kickoff.time_zone)).date()


class Said(NamedTuple):
    """What an action's status follows from."""

    status: str | None
    status_at: datetime | None
    due: date | None
    state: str


def shown_status(action: Action, kickoff: Kickoff, now: datetime) -> status.Shown:
    return status_of(Said(action.status, action.status_at, action.due, action.state), kickoff, now)


def status_of(said: Said, kickoff: Kickoff, now: datetime) -> status.Shown:
    """An action's status by the method's rule (`rules/status`)."""
    zone = ZoneInfo(kickoff.time_zone)
    return status.shown_status(
        stated=said.status,
        stated_on=said.status_at.astimezone(zone).date() if said.status_at else None,
        due=said.due,
        today=today_in(kickoff, now),
        state=said.state,
    )


def shown_window(action: Action, kickoff: Kickoff, _now: datetime | None = None) -> str | None:
    """The window that was given, or the one that the due date falls in."""
    return action.window or status.window_of(action.due, kickoff.day)


SHOWN_WINDOWS = (
    ("30", mark("Day 0–30")),
    ("60", mark("Day 31–60")),
    ("90", mark("Day 61–90")),
)
SHOWN_STATUSES = (
    ("green", mark("On track")),
    ("yellow", mark("Watch")),
    ("red", mark("Off track")),
    ("done", mark("Done")),
    ("replanned", mark("Replanned")),
    ("", mark("Not said yet")),
)
REASONS = (
    ("overdue", mark("Overdue")),
    ("due_soon", mark("Due within 3 days, and no word from the owner in the last 7")),
)

ACTION_DERIVED = (
    Derived("shown_window", str | None, mark("Window"), shown_window, SHOWN_WINDOWS),
    Derived(
        "shown_status",
        str,
        mark("Status"),
        lambda action, kickoff, now: shown_status(action, kickoff, now).status,
        SHOWN_STATUSES,
        widget="status",
        because="status_reasons",
    ),
    Derived(
        "status_reasons",
        list[str],
        mark("Why this status"),
        lambda action, kickoff, now: list(shown_status(action, kickoff, now).reasons),
        REASONS,
        in_table=False,
    ),
    Derived(
        "status_at",
        datetime | None,
        mark("Status given"),
        lambda action, _kickoff, _now: action.status_at,
        in_table=False,
    ),
)
BLOCKER_DERIVED = (
    Derived(
        "shown_status",
        str,
        mark("Status"),
        lambda blocker, kickoff, now: ownerless(
            owner=blocker.owner_id,
            raised_on=blocker.raised_on,
            today=today_in(kickoff, now),
            state=blocker.state,
        ),
        (
            ("red", mark("Nobody owns it")),
            ("yellow", mark("Needs an owner today")),
            ("", mark("It has an owner, or is closed")),
        ),
        widget="status",
    ),
)
GOAL_DERIVED = (
    Derived(
        "smart",
        int,
        mark("SMART, of 5"),
        lambda goal, _kickoff, _now: how_many_met(stated(goal)),
    ),
)
DELIVERABLE_DERIVED = (
    Derived(
        "confirmed_at",
        datetime | None,
        mark("Confirmed"),
        lambda deliverable, _kickoff, _now: deliverable.confirmed_at,
    ),
)
# What the room said of it (L10): means from 1 (low) to 3 (high), and how far the answers lie apart.
RISK_DERIVED = (
    Derived(
        "room_answers",
        int | None,
        mark("Placed by"),
        lambda risk, _kickoff, _now: risk.room_answers,
    ),
    Derived(
        "room_on",
        date | None,
        mark("Placed by the room on"),
        lambda risk, _kickoff, _now: risk.room_on,
    ),
    Derived(
        "room_probability",
        float | None,
        mark("Probability, the room's mean"),
        lambda risk, _kickoff, _now: risk.room_probability,
        in_table=False,
    ),
    Derived(
        "room_consequence",
        float | None,
        mark("Consequence, the room's mean"),
        lambda risk, _kickoff, _now: risk.room_consequence,
        in_table=False,
    ),
    Derived(
        "room_probability_spread",
        float | None,
        mark("Probability, the room's spread"),
        lambda risk, _kickoff, _now: risk.room_probability_spread,
        in_table=False,
    ),
    Derived(
        "room_consequence_spread",
        float | None,
        mark("Consequence, the room's spread"),
        lambda risk, _kickoff, _now: risk.room_consequence_spread,
        in_table=False,
    ),
)
MEASURE_DERIVED = (
    Derived(
        "worth",
        int,
        mark("Effect × simplicity"),
        lambda measure, _kickoff, _now: worth(measure.effect, measure.complexity),
    ),
    Derived(
        "action_id",
        str | None,
        mark("Action"),
        lambda measure, _kickoff, _now: measure.action_id,
        in_table=False,
    ),
)
KEPT_DERIVED = (
    Derived(
        "superseded_by_id",
        str | None,
        mark("Superseded by"),
        lambda record, _kickoff, _now: record.superseded_by_id,
        widget="superseded",
    ),
)
