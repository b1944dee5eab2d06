"""A message as mail: text and HTML, with a Message-ID that stays the same however often it is sent,
and a way to stop these. One connection for each, to the operator's server."""

import asyncio
import re
import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from email.message import EmailMessage
from email.utils import format_datetime, formataddr, parseaddr
from urllib.parse import unquote, urlsplit

import aiosmtplib

from app.i18n import speaking
from app.notify.attached import Attached
from app.notify.wording import Message
from app.operations.letters import Outcome, Reader, Said, Taken
from app.operations.notice_kinds import KINDS
from app.outputs import calendar
from app.rendering import render
from app.settings import Settings

SECONDS = 20.0
SMTPS, SUBMISSION = 465, 587
PERMANENT = 500
# RFC 3463: 5.7 is policy, such as relaying that is denied to this server; 5.1 is an address.
_NOT_ALLOWED = re.compile(r"5\.7\.")
_OTHER_THAN_ADDRESS = re.compile(r"(?!5\.1\.)")


@dataclass(frozen=True)
class MailServer:
    """Where mail is handed in, and whom it is from."""

    host: str
    port: int
    tls: bool
    sender: str
    username: str | None = None
    password: str | None = None

    @property
    def domain(self) -> str:
        """What Message-IDs end in."""
        return parseaddr(self.sender)[1].rpartition("@")[2] or "kickoff.invalid"


def mail_server(settings: Settings) -> MailServer | None:
    """None where the operator has named none."""
    if not settings.smtp_url:
        return None
    parts = urlsplit(settings.smtp_url)
    tls = parts.scheme == "smtps"
    host = parts.hostname or "localhost"
    return MailServer(
        host=host,
        port=parts.port or (SMTPS if tls else SUBMISSION),
        tls=tls,
        sender=settings.mail_from or f"Kickoff <kickoff@{host}>",
        username=unquote(parts.username) if parts.username else None,
        password=unquote(parts.password) if parts.password else None,
    )


def mail_of(
    message: Message,
    taken: Taken,
    reader: Reader,
    server: MailServer,
    attached: Sequence[Attached] = (),
) -> EmailMessage:
    made = EmailMessage()
    made["From"] = server.sender
    made["To"] = formataddr((reader.name, reader.email), "utf-8")
    made["Subject"] = message.subject
    made["Date"] = format_datetime(taken.at)
    made["Message-ID"] = f"<{taken.id}@{server.domain}>"
    made["Auto-Submitted"] = "auto-generated"
    if message.stop_url:
        made["List-Unsubscribe"] = f"<{message.stop_url}>"
        if message.stop_url.startswith("https:"):  # RFC 8058 asks for it
            made["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    with speaking(message.language):
        text = render("notices/_mail.txt.html", message=message)
        made.set_content(text, cte="quoted-printable")
        made.add_alternative(render("notices/_mail.html", message=message), subtype="html")
    for said in taken.said:
        if method := KINDS[said.kind].method:
            _add_entry(made, said, taken, reader, server, method)
    for paper in attached:
        made.add_attachment(
            paper.content, maintype="application", subtype="pdf", filename=paper.name
        )
    made["Content-Language"] = message.language  # after the content, which takes such lines away
    return made


def _add_entry(
    made: EmailMessage, said: Said, taken: Taken, reader: Reader, server: MailServer, method: str
) -> None:
    """For the reader's calendar: what mail programs read beside the text, and the same as a file
    for those that do not. The organiser is this server, which moves it; nobody answers to that."""
    data = said.data
    entry = calendar.Entry(
        id=data["meeting_id"],
        title=data["title"],
        day=date.fromisoformat(data["day"]),
        starts_at=data["starts_at"],
        minutes=data["minutes"],
        sequence=data["sequence"],
        changed_at=said.at,
        place=data["place"],
    )
    written = calendar.invitation(
        entry,
        taken.time_zone,
        [calendar.Invited(reader.name, reader.email)],
        calendar.Invited(taken.kickoff_title, parseaddr(server.sender)[1]),
        method=method,
        wants_answer=False,
    )
    made.add_alternative(written.decode(), subtype="calendar", params={"method": method})
    made.add_attachment(written, maintype="application", subtype="ics", filename="invite.ics")


async def send(mail: EmailMessage, reader: Reader, server: MailServer) -> Outcome:
    """How it went, never what the server said: that holds addresses."""
    try:
        async with asyncio.timeout(SECONDS):
            await aiosmtplib.send(
                mail,
                sender=parseaddr(server.sender)[1],
                recipients=[reader.email],
                hostname=server.host,
                port=server.port,
                username=server.username,
                password=server.password,
                use_tls=server.tls,
                # A password goes over no open line; without one, TLS where it is offered.
                start_tls=False if server.tls else True if server.password else None,
                timeout=SECONDS,
            )
    except aiosmtplib.SMTPRecipientsRefused as refused:
        return _said_of_one(max(refused.recipients, key=lambda one: one.code), _NOT_ALLOWED)
    except aiosmtplib.SMTPAuthenticationError:
        return Outcome("mail_sign_in")
    except aiosmtplib.SMTPNotSupported:
        return Outcome("mail_refused", None, False)  # an address that this server cannot write
    except aiosmtplib.SMTPDataError as answer:
        return _said_of_one(answer, _OTHER_THAN_ADDRESS)
    except aiosmtplib.SMTPResponseException as answer:
        # Before anybody was named: whoever is next would hear the same.
        return Outcome("mail_server_refuses" if answer.code >= PERMANENT else "mail_put_off")
    except TimeoutError:
        return Outcome("mail_slow")
    except ssl.SSLError:
        return Outcome("mail_not_trusted")
    except (aiosmtplib.SMTPException, OSError):
        return Outcome("mail_away")
    except ValueError:
        # An address that no mail can be written to.
        return Outcome("mail_refused", None, False)
    return Outcome()


def _said_of_one(
    answer: aiosmtplib.SMTPResponseException, of_the_server: re.Pattern[str]
) -> Outcome:
    """Of one recipient, or the text to them. Others may fare better; that nobody takes it for good
    is believed of an address alone, for what an operator mends is to arrive afterwards."""
    if answer.code < PERMANENT:
        return Outcome("mail_put_off", None, False)
    is_the_servers = of_the_server.match(answer.message.strip()) is not None
    return Outcome("mail_server_refuses" if is_the_servers else "mail_refused", None, False)
