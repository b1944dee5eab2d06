"""A message as Teams' Workflows webhooks take it: one Adaptive Card, never larger than 20 kB.

What people typed stands in text runs: a text block would read it as Markdown, links included.
"""

from typing import Any

import orjson

from app.i18n import gettext, ngettext, speaking
from app.notify.wording import Message

LARGEST_BYTES = 20_000  # they refuse more than 28 kB, by measures of their own


def teams_body(message: Message) -> bytes:
    whole = orjson.dumps(_posted(message))
    return whole if len(whole) <= LARGEST_BYTES else orjson.dumps(_posted(message.shortened()))


def _posted(message: Message) -> dict[str, Any]:
    with speaking(message.language):
        card = {
            "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
            "type": "AdaptiveCard",
            "version": "1.4",
            "lang": message.language,
            "body": _body(message),
            "actions": _actions(message),
            "msteams": {"width": "Full"},
        }
    attachment = {
        "contentType": "application/vnd.microsoft.card.adaptive",
        "contentUrl": None,
        "content": card,
    }
    return {"type": "message", "attachments": [attachment]}


def _body(message: Message) -> list[dict[str, Any]]:
    body = [_text(message.subject, size="Large", weight="Bolder")]
    for part in message.parts:
        if len(message.parts) > 1:
            body.append(_text(part.title, weight="Bolder", spaced=True))
        body += [_text(line) for line in part.lines]
        if len(message.parts) > 1 and part.url and part.button:
            body.append({"type": "ActionSet", "actions": [_leads(part.button, part.url)]})
    if message.left_out:
        more = ngettext("And %(num)d more.", "And %(num)d more.", message.left_out)
        body.append(_text(more % {"num": message.left_out}, subtle=True))
    body.append(_text(message.kickoff_title, size="Small", subtle=True, spaced=True))
    return body


def _text(
    text: str,
    *,
    size: str = "Default",
    weight: str = "Default",
    subtle: bool = False,
    spaced: bool = False,
) -> dict[str, Any]:
    run = {"type": "TextRun", "text": text, "size": size, "weight": weight, "isSubtle": subtle}
    return {
        "type": "RichTextBlock",
        "inlines": [run],
        "spacing": "Medium" if spaced else "Small",
    }


def _actions(message: Message) -> list[dict[str, Any]]:
    """Under the card. Of several parts each has its own in the text: a card shows six at most."""
    found = []
    if len(message.parts) == 1 and message.parts[0].url and message.parts[0].button:
        found.append(_leads(message.parts[0].button, message.parts[0].url))
    if message.url:
        found.append(_leads(gettext("Open the kickoff"), message.url))
    return found


def _leads(title: str, url: str) -> dict[str, Any]:
    return {"type": "Action.OpenUrl", "title": title[:80], "url": url}
