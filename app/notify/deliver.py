"""The one outgoing client: one message to one address, without proxies and redirects, and without
reading what comes back."""

import asyncio
import logging
import ssl
from collections.abc import Mapping
from concurrent.futures import Executor
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import cache

import httpx
from standardwebhooks import Webhook as Signer

from app import clock
from app.notify.addresses import OutOfReach, Policy, Resolve, looked_at, resolved
from app.operations.letters import Outcome

# They log whole addresses, in which a receiver may have its secret.
for _talkative in ("httpx", "httpcore"):
    logging.getLogger(_talkative).setLevel(logging.CRITICAL)

CONNECT_SECONDS = 5.0
WHOLE_SECONDS = 10.0  # however slowly the other end answers
LONGEST_PAUSE_SECONDS = 3600.0


async def deliver(
    url: str,
    body: str | bytes,
    headers: Mapping[str, str],
    *,
    policy: Policy,
    resolve: Resolve = resolved,
    names: Executor | None = None,
) -> Outcome:
    """How it went, and whether the other end asks for a pause. `names`: the threads in which a name
    is looked up, which may take longer than anybody waits for it."""
    try:
        async with asyncio.timeout(WHOLE_SECONDS):
            loop = asyncio.get_running_loop()
            target = await loop.run_in_executor(names, looked_at, url, policy, resolve)
            usual = {
                "host": target.named,
                "content-type": "application/json",
                "user-agent": "Kickoff",
            }
            return await _sent(target.url, target.host, {**usual, **headers}, body)
    except OutOfReach as refusal:
        return Outcome(str(refusal))
    except (TimeoutError, httpx.TimeoutException):
        return Outcome("too_slow")
    except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
        # Also what this machine lacks (files, sockets): no fault of the message, which therefore
        # keeps its place before the next one.
        insecure = isinstance(error.__cause__ or error, ssl.SSLError) or "CERTIFICATE" in str(error)
        return Outcome("not_trusted" if insecure else "unreachable")


def signed(secret: str, message_id: str, at: datetime, body: str) -> dict[str, str]:
    """By which a receiver knows whom a message is from, and which one it is."""
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": Signer(secret).sign(message_id, at, body),
    }


@cache
def _trust() -> ssl.SSLContext:
    """Whom TLS trusts: read once, for it takes longer than all else that sending a message does,
    and holds the loop meanwhile."""
    return httpx.create_ssl_context(trust_env=False)


async def _sent(url: str, host: str, headers: Mapping[str, str], body: str | bytes) -> Outcome:
    async with (
        httpx.AsyncClient(verify=_trust(), trust_env=False, timeout=CONNECT_SECONDS) as client,
        client.stream(
            "POST", url, headers=headers, content=body, extensions={"sni_hostname": host}
        ) as answer,
    ):
        # The status is enough: nobody shows what a server inside some network had to say.
        if answer.is_success:
            return Outcome()
        if answer.is_redirect:
            return Outcome("redirected")
        status = answer.status_code
        return Outcome(
            f"answered_{status}",
            asked_pause(answer.headers.get("retry-after", "")),
            # Of what is asked to be slower, or fails by itself, the next message would hear the
            # same; of what is refused it may be the message.
            is_the_targets=status in (408, 425, 429) or status >= 500,
        )


def asked_pause(header: str) -> timedelta | None:
    """Retry-After, in seconds or as a date; never longer than we would wait ourselves."""
    if header.strip().isdecimal() and len(header) < 10:
        seconds = float(header)
    else:
        try:
            seconds = (parsedate_to_datetime(header) - clock.now()).total_seconds()
        except (TypeError, ValueError):
            return None
    return timedelta(seconds=min(max(seconds, 0), LONGEST_PAUSE_SECONDS))
