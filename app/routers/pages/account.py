"""Sign in and out, the link that signs in once, and what somebody says of themselves."""

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Request, Response
from sqlmodel import Session

from app.access import Permission
from app.errors import Fault, Invalid, NotFound, TooFast
from app.i18n import gettext
from app.models.organisations import Organisation, User, user_with_email
from app.models.text import clean_line
from app.operations import accounts
from app.routers.conditions import writing
from app.routers.forms import Posted, faults_by_name, text_of
from app.routers.identity import PROJECTOR_COOKIE, SESSION_COOKIE
from app.routers.pages.language import safe_path
from app.routers.pages.page import go_to, page
from app.routers.permissions import Asked, needs
from app.web import cookies, csrf
from app.web.sign_in_budget import SignInBudget

router = APIRouter(include_in_schema=False)

DAYS = accounts.SIGNED_IN_FOR.days
Anybody = Annotated[Asked, needs(Permission.PUBLIC)]
SignedIn = Annotated[Asked, needs(Permission.SIGNED_IN)]


@router.get("/sign-in")
def ask(request: Request, asked: Anybody) -> Response:
    following = safe_path(request.query_params.get("next", ""))
    if asked.actor.organisation_id:
        return go_to(following or "/")
    return page(request, "account/sign_in.html", email="", error="", following=following)


@router.post("/sign-in")
def sign_in(request: Request, form: Posted, asked: Anybody) -> Response:
    email, password = text_of(form, "email"), text_of(form, "password")
    following = safe_path(text_of(form, "next"))
    budget = _budget(request)
    try:
        budget.require(email)
    except TooFast:
        error = gettext("Too many wrong attempts. Try again in a quarter of an hour.")
        return _again(request, email, error, following, status=429)
    with asked.database.reading() as session:
        found = session.scalars(user_with_email(clean_line_or_nothing(email).lower())).first()
    if not accounts.password_fits(password, found) or found is None:
        budget.failed(email)
        error = gettext("The e-mail and the password do not match.")
        return _again(request, email, error, following, status=401)
    return _signed_in(request, asked, found, following or "/")


@router.post("/sign-out")
def sign_out(request: Request, asked: Anybody) -> Response:
    secret = cookies.read(request.scope, SESSION_COOKIE)
    if secret:
        with writing(asked.database) as session:
            accounts.sign_out(session, secret)
    response = go_to("/sign-in", said="signed_out")
    cookies.drop(response, request.scope, SESSION_COOKIE)
    csrf.renew()
    return response


@router.get("/sign-in/{secret}")
def use_link(request: Request, secret: str, asked: Anybody) -> Response:
    """A one-time link: spent by this look, exchanged for a cookie, and gone from the address."""
    with writing(asked.database) as session:
        user = accounts.use_sign_in_link(session, secret)
    if user is None:
        return page(request, "account/used_link.html", status=403)
    return _signed_in(request, asked, user, "/" if user.password_hash else "/welcome")


@router.get("/welcome")
def ask_who(request: Request, asked: SignedIn) -> Response:
    user, organisation = _who(asked)
    if user.password_hash:
        return go_to("/account")
    # What stands there from the first start is nobody's, and is not offered as an answer.
    known = not accounts.is_nobody_yet(user)
    values = {
        "name": user.name if known else "",
        "email": user.email if known else "",
        "organisation": organisation.name if known else "",
    }
    return _welcome(request, asked, known=known, values=values)


@router.post("/welcome")
def introduce(request: Request, form: Posted, asked: SignedIn) -> Response:
    names_it = asked.may(Permission.MANAGE_ORGANISATION)
    values = {name: text_of(form, name) for name in ("name", "email", "organisation")}
    known = not accounts.is_nobody_yet(_who(asked)[0])
    try:
        with writing(asked.database) as session:
            user = _to_write(session, asked)
            if user.password_hash:
                return go_to("/account")
            accounts.introduce(
                session,
                user,
                name=values["name"],
                email=values["email"],
                password=text_of(form, "password"),
                organisation=values["organisation"] if names_it else None,
            )
            secret = accounts.sign_in_anew(session, user.id)
    except Invalid as error:
        return _welcome(request, asked, known=known, values=values, faults=error)
    response = go_to("/", said="welcome")
    _keep(response, request, secret)
    return response


@router.get("/account")
def account(request: Request, asked: SignedIn) -> Response:
    return _account(request, asked)


@router.post("/account")
def save_details(request: Request, form: Posted, asked: SignedIn) -> Response:
    values = {name: text_of(form, name) for name in ("name", "email")}
    try:
        with writing(asked.database) as session:
            user = _to_write(session, asked)
            accounts.change_details(session, user, name=values["name"], email=values["email"])
    except Invalid as error:
        return _account(request, asked, values=values, faults=error, form_of="details")
    return go_to("/account", said="saved")


@router.post("/account/password")
def set_password(request: Request, form: Posted, asked: SignedIn) -> Response:
    try:
        with writing(asked.database) as session:
            user = _to_write(session, asked)
            _require_current(request, user, text_of(form, "current_password"))
            user.password_hash = accounts.password_hash(text_of(form, "password"))
            secret = accounts.sign_in_anew(session, user.id)
    except Invalid as error:
        return _account(request, asked, faults=error, form_of="password")
    response = go_to("/account", said="password")
    _keep(response, request, secret)
    return response


@router.post("/account/organisation")
def rename_organisation(request: Request, form: Posted, asked: SignedIn) -> Response:
    asked.require_also(Permission.MANAGE_ORGANISATION)
    values = {"organisation": text_of(form, "organisation")}
    try:
        with writing(asked.database) as session:
            user = _to_write(session, asked)
            accounts.rename_organisation(session, user.organisation_id, values["organisation"])
    except Invalid as error:
        return _account(request, asked, values=values, faults=error, form_of="organisation")
    return go_to("/account", said="saved")


@router.get("/p/{secret}")
def use_projector_link(request: Request, secret: str, asked: Anybody) -> Response:
    """A projector link is exchanged for a cookie; the address that is left tells nothing."""
    with asked.database.reading() as session:
        valid = accounts.projector_link_holds(session, secret)
    if not valid:
        raise NotFound
    response = go_to("/projector")
    max_age = DAYS * 24 * 3600
    cookies.put(response, request.scope, PROJECTOR_COOKIE, secret, max_age=max_age)
    return response


def _welcome(
    request: Request,
    asked: Asked,
    *,
    known: bool,
    values: Mapping[str, str],
    faults: Invalid | None = None,
) -> Response:
    return page(
        request,
        "account/welcome.html",
        status=422 if faults else 200,
        known=known,
        values=values,
        names_it=asked.may(Permission.MANAGE_ORGANISATION),
        errors=faults_by_name(faults.faults) if faults else {},
        least=accounts.PASSWORD_MIN,
    )


def _account(
    request: Request,
    asked: Asked,
    *,
    values: Mapping[str, str] | None = None,
    faults: Invalid | None = None,
    form_of: str = "",
) -> Response:
    user, organisation = _who(asked)
    known = {"name": user.name, "email": user.email, "organisation": organisation.name}
    return page(
        request,
        "account/show.html",
        status=422 if faults else 200,
        user=user,
        values=known | dict(values or {}),
        names_it=asked.may(Permission.MANAGE_ORGANISATION),
        errors=faults_by_name(faults.faults) if faults else {},
        form_of=form_of,
        least=accounts.PASSWORD_MIN,
    )


def _who(asked: Asked) -> tuple[User, Organisation]:
    """The user who reads; a token's bearer has no account."""
    with asked.database.reading() as session:
        user = session.get(User, asked.actor.id)
        organisation = session.get(Organisation, user.organisation_id) if user else None
    if user is None or organisation is None:
        raise NotFound
    return user, organisation


def _to_write(session: Session, asked: Asked) -> User:
    user = session.get(User, asked.actor.id, with_for_update=True)
    if user is None:
        raise NotFound
    return user


def _require_current(request: Request, user: User, password: str) -> None:
    """A browser left open is not enough to lock its owner out."""
    if user.password_hash is None:
        return
    budget = _budget(request)
    try:
        budget.require(user.email)
    except TooFast:
        sentence = gettext("Too many wrong attempts. Try again in a quarter of an hour.")
        raise Invalid(faults=[Fault("/current_password", sentence)]) from None
    if not accounts.password_fits(password, user):
        budget.failed(user.email)
        sentence = gettext("This is not your password.")
        raise Invalid(faults=[Fault("/current_password", sentence)])


def clean_line_or_nothing(text: str) -> str:
    """What cannot be an address is nobody's."""
    try:
        return clean_line(text)[:200]
    except ValueError:
        return ""


def _signed_in(request: Request, asked: Asked, user: User, following: str) -> Response:
    with writing(asked.database) as session:
        secret = accounts.sign_in(session, user.id)
    response = go_to(following)
    _keep(response, request, secret)
    return response


def _keep(response: Response, request: Request, secret: str) -> None:
    cookies.put(response, request.scope, SESSION_COOKIE, secret, max_age=DAYS * 24 * 3600)
    # Forms that this browser was given before are worth nothing now.
    csrf.renew()


def _again(request: Request, email: str, error: str, following: str, *, status: int) -> Response:
    return page(
        request,
        "account/sign_in.html",
        status=status,
        email=email,
        error=error,
        following=following,
    )


def _budget(request: Request) -> SignInBudget:
    state = request.app.state
    if not hasattr(state, "sign_in_budget"):
        state.sign_in_budget = SignInBudget(state.settings.redis_url)
    budget: SignInBudget = state.sign_in_budget
    return budget
