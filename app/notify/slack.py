"""A message as Slack's incoming webhooks take it: blocks, and a plain text for notifications.

What people typed is plain text there, or escaped: in `mrkdwn` only &, < and > have a meaning of
their own, and without them nobody's title is a link or calls a whole channel.
"""

from typing import Any

from app.i18n import gettext, ngettext, speaking
from app.notify.wording import Message, Part

HEADER_MAX, TEXT_MAX, BLOCKS_MAX, BUTTON_MAX, URL_MAX = 150, 3000, 50, 75, 3000


def slack_body(message: Message) -> dict[str, Any]:
    blocks: list[dict[str, Any]] = [
        {"type": "header", "text": _plain(message.subject, HEADER_MAX)},
    ]
    for part in message.parts:
        blocks += _blocks(part, alone=len(message.parts) == 1)
    with speaking(message.language):
        blocks.append(_foot(message))
    return {"text": escaped(message.subject)[:TEXT_MAX], "blocks": blocks[-BLOCKS_MAX:]}


def escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _blocks(part: Part, *, alone: bool) -> list[dict[str, Any]]:
    lines = [*([] if alone else [f"*{_bold(part.title)}*"]), *map(escaped, part.lines)]
    if not lines and not (alone and part.button):
        return []
    text = "\n".join(lines)[:TEXT_MAX] or escaped(part.title)[:TEXT_MAX]
    block: dict[str, Any] = {"type": "section", "text": {"type": "mrkdwn", "text": text}}
    if part.url and part.button and len(part.url) <= URL_MAX:
        block["accessory"] = {
            "type": "button",
            "text": _plain(part.button, BUTTON_MAX),
            "url": part.url,
        }
    return [block]


def _foot(message: Message) -> dict[str, Any]:
    more = ""
    if message.left_out:
        more = ngettext("And %(num)d more.", "And %(num)d more.", message.left_out)
        more = more % {"num": message.left_out} + " "
    link = f"<{message.url}|{gettext('Open the kickoff')}>" if message.url else ""
    text = f"{more}{escaped(message.kickoff_title)} {link}".strip()
    return {"type": "context", "elements": [{"type": "mrkdwn", "text": text[:TEXT_MAX]}]}


def _bold(text: str) -> str:
    """An asterisk of somebody's would end it early."""
    return escaped(text).replace("*", "\N{ASTERISK OPERATOR}")


def _plain(text: str, most: int) -> dict[str, Any]:
    short = text if len(text) <= most else text[: most - 1] + "…"
    return {"type": "plain_text", "text": short, "emoji": False}
