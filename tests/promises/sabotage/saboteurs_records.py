"""Saboteurs of T08, T09 and S13: what they take out, and what must be red then.

| premise_ignored  | T08: words that were taken are not there, versions are told twice        |
| premise_unlocked | T08 on PostgreSQL: the same; SQLite has one writer at a time in any case |
| unsealed         | S13: a webhook's address and secret are on the disk                      |
| secret_in_name   | S13: a token is on the disk, and on the page of who has access           |
| talkative_courier | S13: a webhook's address is in the log                                  |
| forgetful_courier | T09: what was under way with a killed courier never arrives             |
"""

import asyncio
from typing import Any

from app.notify import courier, webhooks
from app.operations import accounts, records
from app.operations.letters import Outcome
from app.routers import conditions
from app.web import redaction


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


def talkative_courier() -> None:
    """Where a message goes is logged, and the net under the log is gone."""
    redaction.Redactor.__call__ = lambda _self, _logger, _name, event: event
    deliver = courier.deliver

    async def telling(url: str, *asked: Any, **how: Any) -> Any:
        courier.log.info("webhook.sent", to=url)
        return await deliver(url, *asked, **how)

    courier.deliver = telling


def forgetful_courier() -> None:
    """A message is noted as delivered, and then sent."""
    sent = courier.Courier._sent

    async def noted_first(self: Any, message: Any, made: Any) -> Any:
        await self._in_thread(self._note, message, Outcome())
        await asyncio.sleep(0.05)
        return await sent(self, message, made)

    courier.Courier._sent = noted_first
