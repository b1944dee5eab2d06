"""A kickoff's webhooks: made with a secret that is shown once, and an address that is not shown
again."""

import base64
import secrets
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import Field
from sqlmodel import Session, col, select

from app.errors import Conflict, Fault, Invalid, NotFound
from app.i18n import gettext, mark
from app.models.fields import Fields, Title
from app.models.webhooks import DeliveryTarget, Speaks, Webhook
from app.notify.addresses import URL_MAX, OutOfReach, Policy, Resolve, looked_at, resolved
from app.notify.sealing import sealed

MOST = 10  # of one kickoff: each change goes to all of them


MAIL_SENTENCES = {
    "no_mail_server": mark("This server has no mail set up yet. Its operator can do it."),
    "mail_refused": mark("The mail server does not take mail to this address."),
    "mail_server_refuses": mark("The mail server takes no mail from this server at the moment."),
    "mail_put_off": mark("The mail server put it off."),
    "mail_sign_in": mark("The mail server did not let us sign in."),
    "paper_not_made": mark("The paper that goes with it could not be made yet."),
    "mail_slow": mark("The mail server did not answer in time."),
    "mail_not_trusted": mark("The mail server's certificate is not trusted."),
    "mail_away": mark("The mail server cannot be reached."),
}

Url = Annotated[str, Field(max_length=URL_MAX, description="https; never shown again")]


class WebhookFields(Fields):
    """What is said of a webhook. The address may hold a secret of the receiver's."""

    name: Title
    url: Url


def check_address(url: str, policy: Policy, resolve: Resolve = resolved) -> None:
    """`Invalid` for an address to which nothing would ever be sent. Blocks."""
    try:
        looked_at(url, policy, resolve)
    except OutOfReach as refusal:
        raise Invalid(faults=[Fault("/url", sentence_of(str(refusal)))]) from None


def make(
    session: Session,
    key: bytes,
    kickoff_id: str,
    *,
    name: str,
    url: str,
    speaks: Speaks = Speaks.SIGNED,
) -> tuple[Webhook, str]:
    """The webhook, and the secret with which its messages are signed."""
    there = session.scalars(select(Webhook.id).where(col(Webhook.kickoff_id) == kickoff_id)).all()
    if len(there) >= MOST:
        raise Conflict(mark("A kickoff has at most 10 webhooks. Remove one first."))
    secret = ""  # nobody in a chat looks for a signature
    if speaks == Speaks.SIGNED:
        secret = f"whsec_{base64.b64encode(secrets.token_bytes(24)).decode()}"
    webhook = Webhook(
        kickoff_id=kickoff_id,
        name=name,
        speaks=speaks,
        host=(urlsplit(url).hostname or "")[:260],
        sealed_url=sealed(key, url),
        sealed_secret=sealed(key, secret),
    )
    session.add(webhook)
    session.flush()
    session.add(DeliveryTarget(id=webhook.id, webhook_id=webhook.id))
    return webhook, secret


def find(session: Session, kickoff_id: str, webhook_id: str) -> Webhook:
    wanted = select(Webhook).where(
        col(Webhook.id) == webhook_id, col(Webhook.kickoff_id) == kickoff_id
    )
    found = session.scalars(wanted.with_for_update()).first()
    if found is None:
        raise NotFound
    return found


def sentence_of(failure: str) -> str:
    """What was in the way, in the reader's words."""
    match failure:
        case "address_unknown":
            return gettext("This is not an address such as https://example.no/hook.")
        case "not_https":
            return gettext("The address must begin with https://.")
        case "port_refused":
            return gettext("Use port 443, or one from 1024 up.")
        case "name_unknown":
            return gettext("There is no server of that name.")
        case "address_refused":
            return gettext("This leads into a private network, where nothing is sent.")
        case "redirected":
            return gettext("The server sends on to another address. Give that one.")
        case "too_slow":
            return gettext("The server did not answer within 10 seconds.")
        case "not_trusted":
            return gettext("The server's certificate is not trusted.")
        case "sealed_otherwise":
            return gettext("The server's key was changed. Make this webhook anew.")
        case _ if failure in MAIL_SENTENCES:
            return gettext(MAIL_SENTENCES[failure])
        case "not_made":
            return gettext("The message could not be made. The server's log says why.")
        case "answered_429":
            return gettext("The server asked us to be slower.")
        case "answered_413":
            return gettext("The message was too large for the server.")
        case _ if failure.startswith("answered_"):
            return gettext("The server answered %(status)s.") % {"status": failure[9:]}
        case _:
            return gettext("The server cannot be reached.")
