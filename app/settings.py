"""Settings from the environment or `.env`, all named KICKOFF_*."""

import secrets
from functools import cached_property
from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

SQLITE_DEFAULT = "sqlite:///data/kickoff.db"


class Settings(BaseSettings):
    """One value object, made once in `cli` or by a test and handed to `create_app`."""

    model_config = SettingsConfigDict(env_prefix="KICKOFF_", env_file=".env", extra="ignore")

    database_url: str = Field(SQLITE_DEFAULT, description="SQLite file or PostgreSQL")
    redis_url: str | None = Field(None, description="bus and activity keys of several processes")
    secret_key: str | None = Field(
        None, description="signs cookies and tokens; made once beside a SQLite file"
    )
    secret_key_before: str | None = Field(
        None, description="the key before this one, until `kickoff rotate-key` has run"
    )
    public_url: str | None = Field(None, description="what QR codes and links carry")
    allowed_hosts: str = Field("", description="further names at which the server may be reached")
    listens_on_network: bool = Field(
        False, description="set by the command: links for phones then name the network address"
    )
    trusted_proxies: str = Field(
        "127.0.0.1", description="addresses whose forwarded headers are believed"
    )
    webhook_networks: str = Field(
        "", description="private networks that webhooks may reach: 10.20.0.0/16, fd00:1::/64"
    )
    smtp_url: str | None = Field(
        None, description="hands mail in: smtp://user:password@host:587, or smtps://"
    )
    mail_from: str | None = Field(None, description="whom mail is from: Kickoff <post@example.no>")
    oidc_issuer: str | None = None
    oidc_client_id: str | None = None
    oidc_client_secret: str | None = None

    log_level: str = "INFO"
    log_json: bool = True
    language: str = Field(
        "nb", description="of what no reader asked for: the printed links, the demo"
    )

    messages_per_second: float = Field(
        20.0, description="what one attendee or other socket may send, sustained"
    )
    messages_burst: int = Field(
        40, description="what one attendee or other socket may send at once"
    )
    sockets_per_attendee: int = 5
    large_room: int = Field(
        500, description="from this many phones on, phones get at most 2 frames a second"
    )
    undo_close_ms: int = Field(
        10_000,
        description="how long closing an anonymous activity can be taken back",
    )
    reconnect_span_ms: int = Field(
        8000, description="within which phones are asked to come back after a stop"
    )

    @property
    def is_sqlite(self) -> bool:
        return self.database_url.startswith("sqlite")

    @property
    def data_folder(self) -> Path:
        """Where files beside the database live (keys, uploads)."""
        if self.is_sqlite:
            return Path(self.database_url.removeprefix("sqlite:///")).resolve().parent
        return Path("data").resolve()

    @cached_property
    def signing_key(self) -> bytes:
        """The key that signs cookies and tokens, made on first use where none is given."""
        if self.secret_key:
            return self.secret_key.encode()
        if not self.key_file.exists():
            write_key(self.key_file, new_key())
        return self.key_file.read_text().encode()

    @property
    def key_file(self) -> Path:
        return self.data_folder / "secret.key"

    @property
    def key_file_before(self) -> Path:
        """There while the key is being changed, and never else."""
        return self.data_folder / "secret.key.before"

    @cached_property
    def keys_before(self) -> tuple[bytes, ...]:
        """What else may have sealed what is stored. Nothing is signed with it, nor sealed."""
        if self.secret_key_before:
            return (self.secret_key_before.encode(),)
        if not self.secret_key and self.key_file_before.exists():
            return (self.key_file_before.read_text().encode(),)
        return ()


def new_key() -> str:
    return secrets.token_urlsafe(32)


def write_key(path: Path, key: str) -> None:
    """Whole or not at all, and readable for its owner alone."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f"{path.name}.new")
    fresh.unlink(missing_ok=True)
    fresh.touch(mode=0o600)
    fresh.write_text(key)
    fresh.replace(path)
