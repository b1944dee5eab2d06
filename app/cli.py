"""The `kickoff` command."""

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer
from fastapi import FastAPI
from rich.console import Console
from sqlmodel import select

from app import demo, server
from app.access import Scope
from app.database import Database
from app.live.activity import imagine
from app.live.vault import FileVault, RedisVault, Vault
from app.migrate import migrate as migrate_database
from app.models.organisations import Organisation
from app.notify import rotation
from app.operations import accounts
from app.outputs import qr
from app.rehearsal import rehearse as rehearsal
from app.settings import Settings
from app.web.addresses import lan_address

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    help="Kickoff: from the plan, through the room, to day 90.",
)
token_app = typer.Typer(no_args_is_help=True, help="API tokens.")
user_app = typer.Typer(no_args_is_help=True, help="People who sign in.")
app.add_typer(token_app, name="token")
app.add_typer(user_app, name="user")
screen = Console(highlight=False)

Host = Annotated[str, typer.Option(help="address to listen on; 0.0.0.0 is every interface")]
Port = Annotated[int, typer.Option(help="0 takes a free one")]


@app.command("demo")
def run_demo(
    host: Host = "127.0.0.1",
    port: Port = 8000,
    as_json: Annotated[
        bool, typer.Option("--json", help="print the links as one JSON object first")
    ] = False,
    fresh: Annotated[bool, typer.Option("--fresh", help="begin with an empty database")] = False,
    lived: Annotated[bool, typer.Option(help="also seed kickoffs on day 37 and on day 90")] = True,
) -> None:
    """Migrate, seed the demo, print the links and serve, on SQLite unless told otherwise."""
    settings = Settings()
    if fresh:
        _remove_sqlite(settings)
    migrate_database(settings.database_url)
    create_app = _factory()
    listener = server.listen(host, port)
    settings = _reachable(settings, host, listener.getsockname()[1])
    database = Database(settings.database_url)
    links = demo.prepare_demo(
        database,
        _vault(settings),
        settings.public_url or "",
        signing_key=settings.signing_key,
        lived=lived,
    )
    database.dispose()
    _print_links(links, as_json)
    server.serve(create_app(settings), listener)


@app.command()
def serve(
    host: Host = "127.0.0.1",
    port: Port = 8000,
    workers: Annotated[
        int, typer.Option(min=1, help="processes; more than one needs PostgreSQL and Redis")
    ] = 1,
) -> None:
    """Serve for real: any database, one process or several."""
    settings = Settings()
    if workers > 1 and (settings.is_sqlite or not settings.redis_url):
        screen.print(
            "More than one process needs PostgreSQL and Redis: set KICKOFF_DATABASE_URL "
            "and KICKOFF_REDIS_URL."
        )
        raise typer.Exit(2)
    if workers > 1 and not settings.secret_key:
        screen.print("More than one process needs one KICKOFF_SECRET_KEY that all of them know.")
        raise typer.Exit(2)
    migrate_database(settings.database_url)
    create_app = _factory() if workers == 1 else None
    listener = server.listen(host, port)
    settings = _reachable(settings, host, listener.getsockname()[1])
    _greet_first_administrator(settings)
    screen.print(f"Kickoff at {settings.public_url}")
    if create_app is not None:
        server.serve(create_app(settings), listener)
    else:
        # The processes read their settings from the environment, as this one did.
        os.environ["KICKOFF_PUBLIC_URL"] = settings.public_url or ""
        server.serve("app.main:from_environment", listener, factory=True, workers=workers)


@app.command()
def migrate() -> None:
    """Bring the database to the newest shape."""
    migrate_database(Settings().database_url)
    screen.print("The database has the newest shape.")


@app.command("rotate-key")
def rotate_key() -> None:
    """Seal what is stored with another key. Not while a room is on: phones have to join again."""
    settings = Settings()
    database = Database(settings.database_url)
    if not settings.secret_key:
        done = rotation.rotate_file(settings, database)
    elif settings.keys_before:
        done = rotation.rotate_to(settings.signing_key, settings.keys_before, database)
    else:
        screen.print(
            "Set KICKOFF_SECRET_KEY to the new key, KICKOFF_SECRET_KEY_BEFORE to the one until "
            "now, start the server anew, and call this again."
        )
        raise typer.Exit(2)
    screen.print(f"{done.sealed} sealed anew, {done.links} links to pulses made anew.")
    screen.print("Start the server anew.")
    if done.lost:
        screen.print(f"{done.lost} were sealed with neither key, and stay as they are.")
        raise typer.Exit(1)


@app.command()
def rehearse(
    target: Annotated[str, typer.Argument(help="the room's join link or its code")],
    attendees: Annotated[int, typer.Option(min=1, help="how many join")] = 50,
    minutes: Annotated[
        float | None, typer.Option(help="stop after this; else when the room ends")
    ] = None,
    base: Annotated[
        str, typer.Option("--server", help="for a code: which server")
    ] = "http://127.0.0.1:8000",
) -> None:
    """Simulated attendees join the room over the public protocol and behave like people."""
    raise typer.Exit(
        rehearsal.main(target, attendees, minutes=minutes, server=base, imagine=imagine)
    )


@token_app.command("create")
def create_token(
    name: Annotated[str, typer.Argument(help="what it is for")],
    scope: Annotated[
        list[Scope],
        typer.Option(help="read, write, facilitate, webhooks; may be given more than once"),
    ] = [Scope.READ],  # noqa: B006
    organisation: Annotated[str, typer.Option(help="which, where there are several")] = "",
) -> None:
    """Make an API token; it is shown once."""
    database = Database(Settings().database_url)
    with database.unit_of_work() as session:
        owner = _organisation(list(session.exec(select(Organisation))), organisation)
        _, secret = accounts.new_token(session, organisation_id=owner.id, name=name, scopes=scope)
    sys.stdout.write(secret + "\n")


@user_app.command("create")
def create_user(
    email: str,
    name: Annotated[str, typer.Option()] = "",
    administrator: Annotated[bool, typer.Option("--administrator")] = False,
    organisation: Annotated[str, typer.Option(help="is made where it is missing")] = "",
) -> None:
    """Make a user and print the link that signs them in once."""
    settings = Settings()
    database = Database(settings.database_url)
    with database.unit_of_work() as session:
        found = list(session.exec(select(Organisation)))
        named = next((o for o in found if o.name == organisation), None)
        owner = named or (
            accounts.new_organisation(session, organisation)
            if organisation
            else _organisation(found, organisation)
        )
        user = accounts.new_user(
            session, organisation_id=owner.id, email=email, name=name, administrator=administrator
        )
        secret = accounts.new_sign_in_link(session, user.id)
    sys.stdout.write(f"{(settings.public_url or '').rstrip('/')}/sign-in/{secret}\n")


def main() -> None:
    app()


def _factory() -> Callable[[Settings], FastAPI]:
    """To be asked for before listening: who connects then is answered soon."""
    # Half of all that there is to import: commands that serve no page, and the process that only
    # watches over others that do, start in half the time without it.
    from app.main import create_app  # noqa: PLC0415 -- see above

    return create_app


def _reachable(settings: Settings, host: str, port: int) -> Settings:
    """The settings, with the address of QR codes and links worked out where none is given."""
    everywhere = host in ("0.0.0.0", "::")  # noqa: S104 -- compared, not bound
    name = lan_address() if everywhere else host
    known = f"http://[{name}]:{port}" if ":" in name else f"http://{name}:{port}"
    return settings.model_copy(
        update={"public_url": settings.public_url or known, "listens_on_network": everywhere}
    )


def _vault(settings: Settings) -> Vault:
    return (
        RedisVault(settings.redis_url)
        if settings.redis_url
        else FileVault(settings.data_folder / "keys")
    )


def _remove_sqlite(settings: Settings) -> None:
    if not settings.is_sqlite:
        screen.print("--fresh removes SQLite files only; empty this database yourself.")
        raise typer.Exit(2)
    path = settings.database_url.removeprefix("sqlite:///")
    for suffix in ("", "-wal", "-shm"):
        Path(path + suffix).unlink(missing_ok=True)
    for key in (settings.data_folder / "keys").glob("*.key"):
        key.unlink()


def _print_links(links: demo.Links, as_json: bool) -> None:
    if as_json:
        sys.stdout.write(json.dumps(links.as_dict()) + "\n")
        sys.stdout.flush()
        return
    screen.print(f"\n[bold]Kickoff[/bold] is at {links.base_url}\n")
    for what, address in (
        ("Sign in (once)", links.sign_in_url),
        ("Console", links.console_url),
        ("Projector", links.projector_url),
        ("Attendees", links.join_url),
        ("Code to type", f"{links.join_code}  at {links.base_url}/join"),
        ("API token", links.api_token),
        ("API", f"{links.base_url}/api/docs"),
    ):
        screen.print(f"  {what:<16}{address}", soft_wrap=True)
    sys.stdout.write("\n" + qr.terminal(links.join_url) + "\n")
    screen.print("A network without TLS can be read by others on it. Ctrl-C stops.\n")


def _greet_first_administrator(settings: Settings) -> None:
    """Until the first administrator has said who they are: the link that lets them in once."""
    database = Database(settings.database_url)
    with database.unit_of_work() as session:
        user = accounts.first_administrator(session)
        if user is None:
            return
        secret = accounts.new_sign_in_link(session, user.id)
    screen.print(
        f"First administrator signs in once at {settings.public_url}/sign-in/{secret}",
        soft_wrap=True,
    )


def _organisation(found: list[Organisation], name: str) -> Organisation:
    chosen = [o for o in found if o.name == name] if name else found
    if len(chosen) != 1:
        screen.print(
            "Say which organisation with --organisation: " + ", ".join(o.name for o in found)
        )
        raise typer.Exit(2)
    return chosen[0]


if __name__ == "__main__":
    main()
