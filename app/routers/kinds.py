"""What the plan's side needs to know of the kinds of live activities."""

from app.live.activity import registry


def option_kinds() -> frozenset[str]:
    """The kinds whose options the facilitator prepares."""
    return frozenset(kind for kind, activity in registry().items() if activity.asks_options)
