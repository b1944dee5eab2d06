"""Meetings as iCalendar (RFC 5545): a feed that calendars subscribe to, and one invitation."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, vCalAddress, vText

PRODUCT = "-//Kickoff//Meetings//EN"
REFRESH = timedelta(hours=1)
REQUEST, CANCEL = "REQUEST", "CANCEL"


@dataclass(frozen=True)
class Invited:
    name: str
    email: str


@dataclass(frozen=True)
class Entry:
    """A meeting as calendars show it. `sequence` grows with each change: who has an older one takes
    the newer. `changed_at` is an instant, `day` and `starts_at` are where the kickoff is."""

    id: str
    title: str
    day: date
    starts_at: str
    minutes: int
    sequence: int
    changed_at: datetime
    place: str = ""
    about: str = ""
    address: str = ""


def feed(name: str, zone: str, entries: Iterable[Entry]) -> bytes:
    """All meetings of a kickoff: published, so that nobody is asked whether they come."""
    calendar = _calendar("PUBLISH")
    calendar.add("x-wr-calname", name)
    calendar.add("name", name)
    calendar.add("refresh-interval", REFRESH, parameters={"value": "DURATION"})
    calendar.add("x-published-ttl", REFRESH)
    for entry in entries:
        calendar.add_component(_event(entry, zone))
    return _written(calendar)


def invitation(
    entry: Entry,
    zone: str,
    people: Sequence[Invited],
    organiser: Invited,
    *,
    method: str = REQUEST,
    wants_answer: bool = True,
) -> bytes:
    """One meeting, to which these people are asked, or by CANCEL no longer; the same meeting sent
    again is an update."""
    calendar = _calendar(method)
    event = _event(entry, zone)
    event.add("status", "CANCELLED" if method == CANCEL else "CONFIRMED")
    event.add("organizer", _address(organiser))
    for one in people:
        attendee = _address(one)
        attendee.params["ROLE"] = vText("REQ-PARTICIPANT")
        attendee.params["RSVP"] = vText("TRUE" if wants_answer else "FALSE")
        event.add("attendee", attendee, encode=False)
    calendar.add_component(event)
    return _written(calendar)


def _calendar(method: str) -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", method)
    return calendar


def _event(entry: Entry, zone: str) -> Event:
    hour, minute = entry.starts_at.split(":")
    begins = datetime.combine(entry.day, time(int(hour), int(minute)), ZoneInfo(zone))
    event = Event()
    event.add("uid", f"meeting-{entry.id}@kickoff")
    event.add("dtstamp", entry.changed_at)
    event.add("last-modified", entry.changed_at)
    event.add("sequence", entry.sequence)
    event.add("dtstart", begins)
    # Wall-clock time: a meeting over the change to summer time is as long as it says.
    event.add("dtend", begins + timedelta(minutes=entry.minutes))
    event.add("summary", entry.title)
    about = "\n".join(part for part in (entry.about, entry.address) if part)
    for field, value in (("description", about), ("location", entry.place), ("url", entry.address)):
        if value:
            event.add(field, value)
    return event


def _address(one: Invited) -> vCalAddress:
    address = vCalAddress(f"mailto:{one.email}")
    address.params["CN"] = vText(one.name)
    return address


def _written(calendar: Calendar) -> bytes:
    calendar.add_missing_timezones()
    written: bytes = calendar.to_ical()
    return written
