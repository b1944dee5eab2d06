"""What a new kickoff starts from: the method's own frame, an earlier kickoff, or nothing."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from sqlmodel import Session, col

from app.access import Permission, allowed, visible_kickoffs
from app.errors import Fault, Invalid
from app.i18n import gettext
from app.live.frame import start_from_frame
from app.models.kickoffs import Kickoff, KickoffFields
from app.operations import kickoffs, rhythm
from app.routers.kinds import option_kinds
from app.routers.permissions import Asked


class Template(StrEnum):
    NOTHING = "nothing"
    FRAME = "frame"


# In the form, beside those two: one of the earlier kickoffs.
EARLIER = "earlier"
# What is asked for at once in the form is meant as it stands there.
_MEANT = ("title", "day", "starts_at", "venue")


def start(session: Session, asked: Asked, values: Mapping[str, Any], template: Template) -> Kickoff:
    """A new kickoff, empty or laid out as the method does it."""
    organisation_id = asked.actor.organisation_id
    assert organisation_id is not None, "CREATE_KICKOFF is only granted within an organisation"
    made = kickoffs.new_kickoff(
        session, organisation_id=organisation_id, values=values, owner=asked.actor
    )
    if template == Template.FRAME:
        start_from_frame(session, made)
    return made


def start_from_earlier(
    session: Session, asked: Asked, values: Mapping[str, Any], earlier_id: str
) -> Kickoff:
    """After an earlier kickoff's pattern, with what was written in the form in place of its own;
    milestones and steps get the dates of the new day."""
    wanted = visible_kickoffs(asked.actor).where(col(Kickoff.id) == earlier_id)
    earlier = session.scalars(wanted).first()
    if earlier is None:
        raise Invalid(faults=[Fault("/earlier", gettext("Choose one of the given values."))])
    made = kickoffs.copy_kickoff(
        session,
        earlier,
        title=str(values.get("title", "")),
        owner=asked.actor,
        with_notes=allowed(
            asked.actor,
            Permission.SEE_NOTES,
            kickoff_id=earlier.id,
            organisation_id=earlier.organisation_id,
        ),
        option_kinds=option_kinds(),
    )
    kickoffs.change_kickoff(session, made, _written(values))
    rhythm.follow(session, made, before=None)
    return made


def _written(values: Mapping[str, Any]) -> dict[str, Any]:
    """What somebody wrote, and not what merely stood in the form."""
    blank = {name: info.default for name, info in KickoffFields.model_fields.items()}
    return {
        name: value
        for name, value in values.items()
        if value and (name in _MEANT or value != blank.get(name))
    }
