"""What is said of a kickoff's notices, in a form or over REST: in one declaration."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StrictBool, model_validator
from sqlmodel import Session

from app.i18n import gettext
from app.models.fields import TimeOfDay
from app.models.webhooks import NoticeSettings
from app.operations import mailing


class NoticeSettingsSaid(BaseModel):
    """Times are where the kickoff is."""

    model_config = ConfigDict(extra="forbid")

    language: Annotated[
        Literal["nb", "en"] | None, Field(description="empty: the server's own")
    ] = None
    by_mail: Annotated[StrictBool, Field(description="people are told by mail")] = True
    opens_at: TimeOfDay = "08:00"
    closes_at: TimeOfDay = "17:00"
    on_days_off: Annotated[StrictBool, Field(description="on weekends and public holidays too")] = (
        False
    )

    @model_validator(mode="after")
    def some_time_is_left(self) -> "NoticeSettingsSaid":
        if self.opens_at >= self.closes_at:
            raise ValueError(gettext("Ends before it begins."))
        return self


def shown_settings(session: Session, kickoff_id: str) -> NoticeSettingsSaid:
    found = mailing.settings_of(session, kickoff_id)
    return NoticeSettingsSaid.model_validate(
        {name: getattr(found, name) for name in NoticeSettingsSaid.model_fields}
    )


def save_settings(session: Session, kickoff_id: str, said: NoticeSettingsSaid) -> None:
    session.merge(NoticeSettings(kickoff_id=kickoff_id, **said.model_dump()))
