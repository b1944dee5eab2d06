"""The kinds of notices there are: one registry, and for each kind one template with its words
(`templates/notices/<code>.html`).

A template has the blocks `title` (one line), `lines` (each line a paragraph) and `button`, and is
given `kickoff_title`, `time_zone`, `reader` (its name, "" in a common channel), `data` and
`day_of` (a date out of `data`). One text serves mail, Slack, Teams and signed webhooks.

Where the button leads: for a person, if the kind has a `purpose` (operations/signed_links), a link
that does this one thing for `data["record_id"]` without sign-in; else `data["path"]`, a page of the
product, or the kickoff's own.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlmodel import Session, col, select

from app.i18n import mark
from app.models.actions import Action, ActionState
from app.models.check_ins import CheckIn
from app.models.minutes import Minutes, MinutesVersion
from app.models.notices import Notice
from app.models.objectives import KeyResult
from app.models.pulse_waves import PulseWave
from app.models.rooms import Room, RoomStatus
from app.models.webhooks import Fate, Outgoing
from app.operations import pulse_links
from app.rules import invitations


def _always(_session: Session, _notice: Notice) -> bool:
    return True


def _action_waits(session: Session, notice: Notice) -> bool:
    """It is open, still that owner's, and due when it was."""
    action = session.get(Action, notice.data["record_id"])
    return (
        action is not None
        and action.state == ActionState.OPEN
        and action.owner_id == notice.recipient
        and action.due == date.fromisoformat(notice.data["due"])
    )


def _check_in_is_missing(session: Session, notice: Notice) -> bool:
    """Nobody has said since the week began how the key result stands, and it is still theirs."""
    key_result = session.get(KeyResult, notice.data["record_id"])
    if key_result is None or key_result.owner_id != notice.recipient:
        return False
    said = select(CheckIn.id).where(
        col(CheckIn.key_result_id) == key_result.id,
        col(CheckIn.withdrawn).is_(False),
        col(CheckIn.said_on) >= date.fromisoformat(notice.data["since"]),
    )
    return session.scalars(said.limit(1)).first() is None


def _word_is_missing(session: Session, notice: Notice) -> bool:
    """It is open, still that owner's, and they have said nothing since the week began."""
    action = session.get(Action, notice.data["record_id"])
    return (
        action is not None
        and action.state == ActionState.OPEN
        and action.owner_id == notice.recipient
        and (
            action.status_at is None
            or action.status_at < datetime.fromisoformat(notice.data["since"])
        )
    )


def _wave_is_open(session: Session, notice: Notice) -> bool:
    wave = session.get(PulseWave, notice.data["wave_id"])
    return wave is not None and wave.is_open


def _minutes_wait(session: Session, notice: Notice) -> bool:
    """The day is over, and nothing has been published of it."""
    room = session.get(Room, notice.data["room_id"])
    published = (
        select(MinutesVersion.id)
        .join(Minutes, col(Minutes.id) == col(MinutesVersion.minutes_id))
        .where(col(Minutes.room_id) == notice.data["room_id"])
    )
    over = room is not None and room.status == RoomStatus.ENDED
    return over and session.scalars(published).first() is None


def _heard_of(notice: Notice) -> list[Any]:
    """What else the same reader hears of the same meeting."""
    meeting_id, _ = invitations.told_in(notice.key)
    return [
        col(Notice.kickoff_id) == notice.kickoff_id,
        col(Notice.kind).in_(invitations.KINDS),
        col(Notice.recipient) == notice.recipient,
        col(Notice.key).startswith(f"{meeting_id} "),
        col(Notice.id) != notice.id,
    ]


def _is_the_last_word(session: Session, notice: Notice) -> bool:
    """Nothing newer is on its way to them about that meeting."""
    _, told = invitations.told_in(notice.key)
    others = session.scalars(select(Notice.key).where(*_heard_of(notice))).all()
    return all(invitations.told_in(key)[1].sequence < told.sequence for key in others)


def _was_invited(session: Session, notice: Notice) -> bool:
    """It stands in their calendar: who was never asked is not told that it is off."""
    arrived = (
        select(Notice.id)
        .join(Outgoing, col(Outgoing.notice_id) == col(Notice.id))
        .where(*_heard_of(notice), col(Outgoing.fate) == Fate.DELIVERED)
    )
    there = session.scalars(arrived.limit(1)).first() is not None
    return there and _is_the_last_word(session, notice)


@dataclass(frozen=True)
class Kind:
    """`urgent`: goes out at night and on days off too. `name` is what lists call it. `still_holds`
    is asked before it is sent: what is not so any more is told to nobody. `own_path`: a link that
    is made of the server's key and `data` when it is sent, and stands nowhere before. `method`:
    iCalendar's; its mail carries an entry for the reader's calendar, and no other notice beside.
    `paper`: the code of one that goes with its mail."""

    code: str
    name: str
    urgent: bool = False
    purpose: str = ""
    own_path: Callable[[bytes, Mapping[str, Any]], str] | None = None
    method: str = ""
    paper: str = ""
    still_holds: Callable[[Session, Notice], bool] = _always


_ALL = (
    Kind(
        "action_due",
        mark("An action is due soon"),
        purpose="action-status",
        still_holds=_action_waits,
    ),
    Kind(
        "action_word",
        mark("How an action goes"),
        purpose="action-status",
        still_holds=_word_is_missing,
    ),
    Kind(
        "action_overdue",
        mark("An action is overdue"),
        purpose="action-status",
        still_holds=_action_waits,
    ),
    Kind(
        "check_in",
        mark("A key result is to be checked in"),
        purpose="check-in",
        still_holds=_check_in_is_missing,
    ),
    Kind("weekly_report", mark("The week's report"), paper="weekly-report"),
    Kind("quarter_review", mark("The quarter is to be reviewed")),
    Kind("plan_published", mark("The plan is published")),
    Kind(
        "pulse_invitation",
        mark("A pulse is to be answered"),
        own_path=pulse_links.path_of,
        still_holds=_wave_is_open,
    ),
    Kind(
        "pulse_reminder",
        mark("A pulse is soon over"),
        own_path=pulse_links.path_of,
        still_holds=_wave_is_open,
    ),
    Kind("pulse_told", mark("What was done about a pulse"), own_path=pulse_links.path_of),
    Kind("milestone_day", mark("A milestone of day 30, 60 or 90")),
    # Due the day after, be it a Saturday: 24 hours are 24 hours.
    Kind("minutes_due", mark("The minutes are due soon"), urgent=True, still_holds=_minutes_wait),
    Kind("minutes_published", mark("The minutes are published")),
    Kind(
        invitations.INVITATION,
        mark("An invitation to a meeting"),
        method="REQUEST",
        still_holds=_is_the_last_word,
    ),
    Kind(
        invitations.MOVED,
        mark("A meeting is moved"),
        method="REQUEST",
        still_holds=_is_the_last_word,
    ),
    Kind(
        invitations.CANCELLED,
        mark("A meeting is cancelled"),
        method="CANCEL",
        still_holds=_was_invited,
    ),
)
KINDS = {kind.code: kind for kind in _ALL}
ALONE = frozenset(kind.code for kind in _ALL if kind.method)  # in a message of their own


def is_urgent(code: str) -> bool:
    return code in KINDS and KINDS[code].urgent


def holds(session: Session, notice: Notice) -> bool:
    """Whether it is still to be told; what an earlier version told of is not."""
    return notice.kind in KINDS and KINDS[notice.kind].still_holds(session, notice)
