"""A mail program's own button that stops a kickoff's mail (RFC 8058): a POST to the link in
List-Unsubscribe, by a server that has no cookie, no page of ours and no form token.

The link is its own key, as it is on the page that it opens. Only this purpose of links is taken so,
and only with the one field that the RFC names: nothing else passes without a token.
"""

import re

from starlette.types import Message

START = "/l/stop-mail."  # links name their purpose
FIELD, VALUE = "List-Unsubscribe", "One-Click"

_FORM = f"{FIELD}={VALUE}".encode()
_PART = re.compile(
    rb"--[^\r\n]{1,200}\r\n"
    rb'content-disposition: *form-data; *name="list-unsubscribe"[^\r\n]*\r\n'
    rb"(?:[^\r\n]+\r\n)*\r\none-click\r\n--[^\r\n]{1,200}--\s*",
    re.IGNORECASE,
)


def is_asked_at(path: str) -> bool:
    return path.startswith(START)


def is_one_click(messages: list[Message]) -> bool:
    """Whether this is the whole of the body, in either of the two forms that the RFC allows."""
    if messages[-1].get("more_body", False):
        return False
    body = b"".join(message.get("body", b"") for message in messages)
    return body.strip() == _FORM or _PART.fullmatch(body) is not None
