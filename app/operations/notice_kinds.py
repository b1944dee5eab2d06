"""The kinds of notices there are: one registry, and for each kind one template with its words
(`templates/notices/<code>.html`)."""

from dataclasses import dataclass

from app.i18n import mark


@dataclass(frozen=True)
class Kind:
    """`urgent`: goes out at night and on days off too. `name` is what lists call it."""

    code: str
    name: str
    urgent: bool = False


_ALL = (
    Kind("action_due", mark("An action is due soon")),
    Kind("action_overdue", mark("An action is overdue")),
    Kind("milestone_day", mark("A milestone of day 30, 60 or 90")),
)
KINDS = {kind.code: kind for kind in _ALL}
