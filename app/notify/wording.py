"""Words a message: the texts of its notices from their templates, in its reader's language, as
plain text that each channel then writes in its own way."""

import html
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from app import rendering
from app.i18n import gettext, ngettext, speaking
from app.operations.letters import Said, Taken
from app.operations.notice_kinds import KINDS
from app.operations.signed_links import link_token, path_of

LINE_MAX = 600
STOP = "stop-mail"


@dataclass(frozen=True)
class Part:
    """One notice in words. `url` is "" where the server does not know its own address."""

    title: str
    lines: tuple[str, ...] = ()
    button: str = ""
    url: str = ""


@dataclass(frozen=True)
class Message:
    """Each notice is a part: a link that stood in none would be lost. `left_out`: so many more
    there are than a short one names. `stop_url` leads to where its reader stops these."""

    subject: str
    kickoff_title: str
    parts: tuple[Part, ...]
    url: str
    language: str
    left_out: int = 0
    stop_url: str = ""

    def shortened(self) -> "Message":
        """What fits everywhere: what it is about, and where the rest stands."""
        kept = tuple(replace(part, lines=(), button="", url="") for part in self.parts[:3])
        return replace(self, parts=kept, left_out=self.left_out + len(self.parts) - len(kept))


def worded(message: Taken, *, key: bytes, root: str, language: str) -> Message:
    """`root` is this server's address, `language` what is spoken where nobody chose."""
    spoken = message.language or language
    with speaking(spoken):
        here = f"{root}/kickoffs/{message.kickoff_id}" if root else ""
        parts = tuple(_part(message, said, key=key, root=root) for said in message.said)
        made = Message(
            subject=_subject(message, parts),
            kickoff_title=message.kickoff_title,
            parts=parts or (_test(message),),
            url=here,
            language=spoken,
        )
        reader = message.reader
        if reader is not None and reader.person_id and root:
            token = link_token(key, STOP, message.kickoff_id, reader.person_id)
            made = replace(made, stop_url=root + path_of(token))
    return made


def _subject(message: Taken, parts: tuple[Part, ...]) -> str:
    if not parts:
        return gettext("A test from «%(kickoff)s»") % {"kickoff": message.kickoff_title}
    if len(parts) == 1:
        return parts[0].title
    said = ngettext(
        "%(num)d message from «%(kickoff)s»", "%(num)d messages from «%(kickoff)s»", len(parts)
    )
    return said % {"num": len(parts), "kickoff": message.kickoff_title}


def _test(message: Taken) -> Part:
    title = gettext("A test from «%(kickoff)s»") % {"kickoff": message.kickoff_title}
    return Part(title, (gettext("If you can read this, messages of this kickoff arrive here."),))


def _part(message: Taken, said: Said, *, key: bytes, root: str) -> Part:
    template = rendering.environment().get_template(f"notices/{said.kind}.html")
    context = template.new_context(
        {
            "kickoff_title": message.kickoff_title,
            "time_zone": message.time_zone,
            "reader": message.reader.name if message.reader else "",
            "data": said.data,
            "day_of": date.fromisoformat,
        }
    )
    texts = {name: _plain("".join(block(context))) for name, block in template.blocks.items()}
    return Part(
        title=" ".join(texts["title"]),
        lines=tuple(line[:LINE_MAX] for line in texts.get("lines", [])),
        button=" ".join(texts.get("button", [])),
        url=_url(message, said, key=key, root=root),
    )


def _plain(rendered: str) -> list[str]:
    """The template escaped what people typed; each channel escapes in its own way."""
    lines = [" ".join(html.unescape(line).split()) for line in rendered.splitlines()]
    return [line for line in lines if line]


def _url(message: Taken, said: Said, *, key: bytes, root: str) -> str:
    if not root:
        return ""
    kind, reader, data = KINDS[said.kind], message.reader, said.data
    if kind.own_path is not None:
        # For the one whom it was made for: a common channel would pass it round.
        return root + kind.own_path(key, data) if reader is not None and reader.person_id else ""
    if kind.purpose and reader is not None and reader.person_id and "record_id" in data:
        return root + path_of(link_token(key, kind.purpose, data["record_id"], reader.person_id))
    return root + str(data.get("path", f"/kickoffs/{message.kickoff_id}"))


def as_event(message: Taken, made: Message) -> Mapping[str, Any]:
    """As a signed webhook is told of a notice, or of a test."""
    if not message.said:
        return {
            "type": "webhook.test",
            "timestamp": message.at,
            "data": {"kickoff_id": message.kickoff_id},
        }
    said, part = message.said[0], made.parts[0]
    return {
        "type": f"notices.{said.kind}",
        "timestamp": said.at,
        "data": {
            "kickoff_id": message.kickoff_id,
            "key": said.key,
            "title": part.title,
            "lines": part.lines,
            "url": part.url,
        },
    }
