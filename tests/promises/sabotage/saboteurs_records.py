"""Saboteurs of T08 and S13: what they take out, and what must be red then.

| premise_ignored  | T08: words that were taken are not there, versions are told twice        |
| premise_unlocked | T08 on PostgreSQL: the same; SQLite has one writer at a time in any case |
| unsealed         | S13: a webhook's address and secret are on the disk                      |
| secret_in_name   | S13: a token is on the disk, and on the page of who has access           |
| talkative_client | S13: a webhook's address is in the log                                   |
"""

import logging
from typing import Any

from app.notify import courier, webhooks
from app.operations import accounts, records
from app.routers import conditions


def premise_ignored() -> None:
    """Whatever If-Match says, it is believed."""
    conditions.names = lambda _header, _tag: True


def premise_unlocked() -> None:
    """The record that is about to be changed is read as by anybody."""
    find = records.find

    def unlocked(*asked: Any, **how: Any) -> Any:
        return find(*asked, **{**how, "to_write": False})

    records.find = unlocked


def unsealed() -> None:
    """What is stored of a webhook is what was typed."""
    webhooks.sealed = lambda _key, text: text
    courier.opened = lambda _key, text: text


def secret_in_name() -> None:
    """A token's secret stays in the database, in what the token is called."""
    new_token = accounts.new_token

    def telling(*asked: Any, **how: Any) -> Any:
        token, secret = new_token(*asked, **how)
        token.name = f"{token.name} {secret}"
        return token, secret

    accounts.new_token = telling


def talkative_client() -> None:
    """The outgoing client's library logs where it sends to."""
    logging.getLogger("httpx").setLevel(logging.INFO)
