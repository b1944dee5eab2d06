"""The weekly report to the steering group (F8): the dashboard on paper."""

from collections.abc import Mapping
from typing import Any

from sqlmodel import Session

from app import clock
from app.i18n import gettext as _
from app.i18n import mark, ngettext
from app.models.kickoffs import Kickoff
from app.operations.derived import today_in
from app.outputs.papers.head import short_day, with_unit
from app.outputs.papers.registry import Paper
from app.panels.actions import ActionsByStatus, actions
from app.panels.check_in_rate import check_in_rate
from app.panels.key_results import KeyResults, key_results
from app.panels.kpis import KpiLines, kpi_lines
from app.panels.needs import Needed, needed
from app.panels.ninety_days import NinetyDays, ninety_days
from app.panels.pulses import PulseTold, pulses
from app.panels.visibility import Visibility, visibility
from app.rendering import day
from app.rules.needs import DEVIATES, NO_OWNER, OVERDUE, Need

WORDS = {
    "done": mark("closed"),
    "replanned": mark("replanned"),
    "green": mark("on track"),
    "yellow": mark("to watch"),
    "red": mark("off track"),
    "": mark("not said yet"),
}
STATES = {"reached": mark("Reached"), "late": mark("Late"), "ahead": mark("Ahead")}


def _values(session: Session, kickoff: Kickoff) -> Mapping[str, Any]:
    now = clock.now()
    ninety = ninety_days(session, kickoff, now)
    rate = check_in_rate(session, kickoff, now)
    return {
        "title": _("Weekly report"),
        "stand": " · ".join([_where(ninety), day(today_in(kickoff, now), "full")]),
        "actions": _actions(actions(session, kickoff, now)),
        "needs": _needs(needed(session, kickoff, now)),
        "key_results": _key_results(key_results(session, kickoff, now)),
        "pulses": [_pulse(one) for one in pulses(session, kickoff, now) or ()],
        "kpis": _kpis(kpi_lines(session, kickoff, now)),
        "milestones": _milestones(ninety),
        "seen": _seen(visibility(session, kickoff, now)),
        "weeks": [{"number": str(w.number), "share": w.per_cent} for w in rate.weeks]
        if rate
        else [],
        "falls": bool(rate and rate.is_falling),
        "wording": {
            "actions": _("Actions"),
            "needs": _("Needs a decision"),
            "nothing": _("Nothing waits for anybody. Everything has an owner and is in time."),
            "key_results": _("Key results"),
            "key_result": _("Key result"),
            "confidence": _("Confidence"),
            "pulse": _("Pulse"),
            "look": _("Look into it"),
            "too_few": _("Fewer than five answered, so nothing of it is shown."),
            "kpis": _("KPIs"),
            "kpi": _("KPI"),
            "now": _("Now"),
            "target": _("Target"),
            "way": _("The way so far"),
            "milestones": _("Milestones"),
            "seen": _("Sponsors and communication"),
            "rate": _("Check-ins per week"),
            "falls": _("Fewer than the week before. Ask the owners who have gone silent."),
            "none": _("Nothing here yet."),
        },
    }


def _where(ninety: NinetyDays | None) -> str:
    if ninety is None:
        return _("The kickoff has no date yet")
    if ninety.now.is_ahead:
        left = -ninety.now.number
        return ngettext("%(num)s day to the kickoff", "%(num)s days to the kickoff", left) % {
            "num": left
        }
    return _("Day %(number)s of 90") % {"number": ninety.now.number}


def _actions(found: ActionsByStatus) -> Mapping[str, Any]:
    return {
        "all": found.all,
        "parts": [
            {"status": status, "number": number, "word": _(WORDS[status])}
            for status, number in found.counts
            if number
        ],
        "settled": _("%(share)s per cent closed or replanned; to be %(goal)s at day 90")
        % {"share": found.settled_per_cent, "goal": found.goal_per_cent},
    }


def _needs(found: Needed) -> Mapping[str, Any]:
    rows = [
        {"title": one.thing.title, "why": _why(one), "owner": one.thing.owner}
        for one in found.first
    ]
    left = found.more
    more = ngettext("And %(num)s more", "And %(num)s more", left) % {"num": left} if left else ""
    return {"rows": rows, "more": more}


def _why(need: Need) -> str:
    if need.why == NO_OWNER:
        return _("Nobody owns it")
    if need.why == OVERDUE:
        late = need.days_late
        return ngettext("%(num)s day overdue", "%(num)s days overdue", late) % {"num": late}
    if need.why == DEVIATES:
        return _("Off its line, and without an action")
    return _("Off track, says its owner")


def _key_results(found: KeyResults | None) -> Mapping[str, Any]:
    """The least sure of their target first; what somebody is sure of needs no steering group."""
    if found is None:
        return {"rows": [], "heard": ""}
    rows = [
        {
            "title": one.title,
            "owner": one.owner,
            "now": with_unit(one.value, one.unit),
            "target": with_unit(one.way.target, one.unit),
            "sure": "–" if one.confidence is None else f"{one.confidence}/10",
        }
        for one in found.first
    ]
    heard = _(
        "%(heard)s of %(all)s were checked in the last two weeks. "
        "The least sure of their target come first."
    )
    return {"rows": rows, "heard": heard % {"heard": found.heard, "all": found.all}}


def _pulse(found: PulseTold) -> Mapping[str, Any]:
    answered = _("wave %(number)s, %(answered)s of %(invited)s answered")
    told = {"number": found.wave, "answered": found.answered, "invited": found.invited}
    rows = [
        {"text": one.text, "level": str(round(one.level)), "flagged": one.is_flagged}
        for one in found.levels
    ]
    return {"title": found.title, "answered": answered % told, "rows": rows}


def _kpis(found: KpiLines) -> list[Mapping[str, Any]]:
    return [
        {
            "title": line.row.title,
            "now": with_unit(line.row.now, line.row.unit),
            "target": with_unit(line.row.target, line.row.unit),
            "share": round(100 * line.row.share) if line.row.share is not None else None,
        }
        for line in found.lines
    ]


def _milestones(ninety: NinetyDays | None) -> list[Mapping[str, Any]]:
    return [
        {
            "title": one.title,
            "due": short_day(one.due),
            "state": one.state,
            "word": _(STATES[one.state]),
        }
        for third in (ninety.thirds if ninety else ())
        for one in third.milestones
    ]


def _seen(found: Visibility) -> list[Mapping[str, Any]]:
    rows = [(one.name, one.seen) for one in found.sponsors]
    rows.append((_("Communication steps"), found.steps))
    return [
        {
            "name": name,
            "seen": _("%(held)s of %(planned)s") % {"held": seen.held, "planned": seen.planned},
            "missed": ngettext("%(num)s missed", "%(num)s missed", seen.missed)
            % {"num": seen.missed}
            if seen.missed
            else "",
            "next": short_day(seen.next_on),
        }
        for name, seen in rows
    ]


PAPER = Paper(
    "weekly-report",
    mark("Weekly report"),
    mark("How the 90 days go, for the steering group: what needs a decision first."),
    "newspaper",
    80,
    _values,
)
