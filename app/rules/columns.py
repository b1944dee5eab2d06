"""A card among the others of its column: where it is put, and what that makes of positions."""

from collections.abc import Iterable, Sequence
from typing import Literal

from app.rules.position import NoRoom, between, spread

__all__ = ["Card", "Where", "in_order", "place_for", "put", "spread"]

Card = tuple[str, str]  # (position, id): their order is the cards'
Where = Literal["top", "bottom", "up", "down"]


def in_order(cards: Iterable[Card], *, without: str = "") -> list[Card]:
    """A column's cards as everybody sees them."""
    return sorted(card for card in cards if card[1] != without)


def place_for(
    others: Sequence[Card],
    mine: Card | None,
    *,
    to: Where = "bottom",
    after: str | None = None,
    before: str | None = None,
) -> int:
    """The number of the place that is meant among the others: beside a neighbour while it is
    there, else where `to` says. `mine`: the card itself, where it is in this column already."""
    numbers = {card_id: number for number, (_, card_id) in enumerate(others)}
    if after is not None and after in numbers:
        return numbers[after] + 1
    if before is not None and before in numbers:
        return numbers[before]
    if to == "top":
        return 0
    if mine is None or to == "bottom":
        return len(others)
    now = sum(other < mine for other in others)
    return max(0, now - 1) if to == "up" else min(len(others), now + 1)


def put(others: Sequence[Card], card_id: str, at: int) -> dict[str, str]:
    """Positions that put the card there: its own, or everybody's where there is no room left."""
    above = others[at - 1][0] if at > 0 else None
    below = others[at][0] if at < len(others) else None
    try:
        return {card_id: between(above, below)}
    except (NoRoom, ValueError):
        ids = [other for _, other in others]
        ids.insert(at, card_id)
        return dict(zip(ids, spread(len(ids)), strict=True))
