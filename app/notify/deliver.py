"""The one outgoing client: one signed message to one address, without proxies and redirects, and
without reading what comes back."""

import asyncio
import logging
import ssl
from datetime import datetime

import httpx
from standardwebhooks import Webhook as Signer

from app.notify.addresses import OutOfReach, Policy, Resolve, looked_at, resolved

# They log whole addresses, in which a receiver may have its secret.
for _talkative in ("httpx", "httpcore"):
    logging.getLogger(_talkative).setLevel(logging.CRITICAL)

CONNECT_SECONDS = 5.0
WHOLE_SECONDS = 10.0  # however slowly the other end answers


async def deliver(
    url: str,
    secret: str,
    *,
    message_id: str,
    at: datetime,
    body: str,
    policy: Policy,
    resolve: Resolve = resolved,
) -> str:
    """ "" where it was taken, else the code of what was in the way."""
    try:
        async with asyncio.timeout(WHOLE_SECONDS):
            target = await asyncio.to_thread(looked_at, url, policy, resolve)
            headers = {
                "host": target.named,
                "content-type": "application/json",
                "user-agent": "Kickoff",
                "webhook-id": message_id,
                "webhook-timestamp": str(int(at.timestamp())),
                "webhook-signature": Signer(secret).sign(message_id, at, body),
            }
            return await _sent(target.url, target.host, headers, body)
    except OutOfReach as refusal:
        return str(refusal)
    except (TimeoutError, httpx.TimeoutException):
        return "too_slow"
    except (httpx.HTTPError, httpx.InvalidURL, ssl.SSLError) as error:
        insecure = isinstance(error.__cause__ or error, ssl.SSLError) or "CERTIFICATE" in str(error)
        return "not_trusted" if insecure else "unreachable"


async def _sent(url: str, host: str, headers: dict[str, str], body: str) -> str:
    async with (
        httpx.AsyncClient(trust_env=False, timeout=CONNECT_SECONDS) as client,
        client.stream(
            "POST", url, headers=headers, content=body, extensions={"sni_hostname": host}
        ) as answer,
    ):
        # The status is enough: nobody shows what a server inside some network had to say.
        if answer.is_success:
            return ""
        return "redirected" if answer.is_redirect else f"answered_{answer.status_code}"
