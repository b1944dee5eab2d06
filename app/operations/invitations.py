"""Invitations by mail (F5): whoever leads or takes part hears of each meeting that is ahead, of its
being moved, and of its being cancelled; each once, however often one looks."""

from collections.abc import Collection, Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, or_, select

from app.models.kickoffs import Kickoff
from app.models.meetings import Meeting, MeetingSeries, meetings_of
from app.models.notices import Notice
from app.operations import mailing
from app.operations.duties import Due
from app.rules.invitations import KINDS, NOTHING, News, Told, news, shown, told_in

# So long before: a series of a quarter is not to fall into somebody's mailbox at once. The calendar
# feed shows all of it.
INVITED_AHEAD = timedelta(weeks=3)
LOOKED_AT = timedelta(days=150)  # after the kickoff's day: the 90, and what is put off
Key = tuple[str, str]  # a meeting and a person


def due(session: Session, now: datetime) -> Iterator[Due]:
    wanted = select(Kickoff).where(
        col(Kickoff.archived_at).is_(None),
        or_(col(Kickoff.day).is_(None), col(Kickoff.day) >= now.date() - LOOKED_AT),
    )
    for kickoff in session.scalars(wanted.order_by(col(Kickoff.id))).all():
        yield from _of_kickoff(session, kickoff, now.astimezone(ZoneInfo(kickoff.time_zone)))


def those_of(series: MeetingSeries) -> list[str]:
    """Whoever takes part in a series: those who lead it, and the others."""
    return list(dict.fromkeys([*series.leader_ids, *series.participant_ids]))


def _of_kickoff(session: Session, kickoff: Kickoff, here: datetime) -> Iterator[Due]:
    """`here`: what the clock says where the kickoff is."""
    meetings = {one.id: one for one in session.scalars(meetings_of(kickoff.id))}
    told = _told(session, kickoff.id)
    readers = mailing.who_want_mail(session, kickoff.id) if meetings or told else ()
    if not readers:
        return
    asked = _asked(session, kickoff.id, meetings, here)
    entries = {id: _entry(meetings[id]) for id in {id for id, _ in asked}}
    shows = {id: shown(entry) for id, entry in entries.items()}
    near = {id for id in entries if entries[id]["day"] <= f"{here.date() + INVITED_AHEAD}"}
    for id, person_id in sorted(one for one in asked if one[1] in readers):
        if id not in near and (id, person_id) not in told:
            continue
        found = news(told.get((id, person_id)), shows[id], meetings[id].version)
        if found is not None:
            yield _due(kickoff.id, id, person_id, found, entries[id])
    over = {id for id, one in meetings.items() if _is_over(one, here)}
    off = {
        which: before
        for which, before in told.items()
        if which not in asked and which[0] not in over and which[1] in readers
    }
    yield from _cancelled(session, kickoff.id, off, here.date())


def _cancelled(
    session: Session, kickoff_id: str, off: Mapping[Key, Told], today: date
) -> Iterator[Due]:
    """What was told of, and is off by now: with what was told, for the meeting may be gone."""
    wanted = {which: found for which, one in off.items() if (found := news(one, NOTHING))}
    entries = _told_before(session, kickoff_id, {off[one].key(one[0]) for one in wanted})
    for (meeting_id, person_id), found in sorted(wanted.items(), key=lambda one: one[0]):
        key = off[meeting_id, person_id].key(meeting_id)
        entry = entries.get((key, person_id))
        if entry and date.fromisoformat(entry["day"]) >= today:
            yield _due(kickoff_id, meeting_id, person_id, found, entry)


def _asked(
    session: Session, kickoff_id: str, meetings: Mapping[str, Meeting], here: datetime
) -> set[Key]:
    """Who is asked to which meeting that is ahead."""
    wanted = select(MeetingSeries).where(col(MeetingSeries.kickoff_id) == kickoff_id)
    of_series = {one.id: those_of(one) for one in session.scalars(wanted)}
    ahead = [one for one in meetings.values() if one.day and not _is_over(one, here)]
    return {
        (one.id, person_id)
        for one in ahead
        for person_id in (one.leader_id, *of_series.get(one.series_id or "", ()))
        if person_id
    }


def _is_over(one: Meeting, here: datetime) -> bool:
    """Held, or begun: to what began this morning nobody is asked in the afternoon."""
    if one.held or one.day is None:
        return one.held
    return (one.day, one.starts_at) <= (here.date(), f"{here:%H:%M}")


def _told(session: Session, kickoff_id: str) -> dict[Key, Told]:
    """What each heard last of each meeting."""
    wanted = select(Notice.key, Notice.recipient).where(
        col(Notice.kickoff_id) == kickoff_id, col(Notice.kind).in_(KINDS)
    )
    found: dict[Key, Told] = {}
    for key, person_id in session.execute(wanted):
        meeting_id, told = told_in(key)
        which = (meeting_id, person_id)
        if which not in found or told.sequence > found[which].sequence:
            found[which] = told
    return found


def _told_before(
    session: Session, kickoff_id: str, keys: Collection[str]
) -> dict[tuple[str, str], dict[str, Any]]:
    """What the notices of these keys told, by key and person: one look for all of them."""
    wanted = select(Notice.key, Notice.recipient, Notice.data).where(
        col(Notice.kickoff_id) == kickoff_id,
        col(Notice.kind).in_(KINDS),
        col(Notice.key).in_(keys),
    )
    rows = session.execute(wanted).all() if keys else ()
    return {(key, person_id): data for key, person_id, data in rows}


def _entry(one: Meeting) -> dict[str, Any]:
    """As JSON. The link leads to what the meeting is about."""
    assert one.day is not None, "only meetings with a day are asked to"
    return {
        "meeting_id": one.id,
        "title": one.title,
        "day": one.day.isoformat(),
        "starts_at": one.starts_at,
        "minutes": one.minutes,
        "place": one.place,
        "path": f"/kickoffs/{one.kickoff_id}/meetings/{one.id}/agenda",
    }


def _due(
    kickoff_id: str, meeting_id: str, person_id: str, found: News, entry: Mapping[str, Any]
) -> Due:
    data = {**entry, "sequence": found.told.sequence}
    if found.told.shown == NOTHING:
        data["path"] = f"/kickoffs/{kickoff_id}/meetings"
    return Due(kickoff_id, found.kind, found.told.key(meeting_id), person_id, data)
