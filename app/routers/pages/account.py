"""Sign in and out, the link that signs in once, and the password that follows it."""

from typing import Annotated

from fastapi import APIRouter, Request, Response

from app.access import Permission
from app.errors import Invalid, NotFound, TooFast
from app.i18n import gettext
from app.models.organisations import User, user_with_email
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
        error = gettext("The address and the password do not fit together.")
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
        error = gettext("This link has been used, or is too old. Sign in with your password.")
        return _again(request, "", error, "", status=403)
    return _signed_in(request, asked, user, "/" if user.password_hash else "/password")


@router.get("/password", dependencies=[needs(Permission.SIGNED_IN)])
def ask_password(request: Request) -> Response:
    return page(request, "account/password.html", errors={}, least=accounts.PASSWORD_MIN)


@router.post("/password")
def set_password(request: Request, form: Posted, asked: SignedIn) -> Response:
    try:
        hashed = accounts.password_hash(text_of(form, "password"))
        with writing(asked.database) as session:
            user = session.get(User, asked.actor.id)
            if user is None:
                raise NotFound
            user.password_hash = hashed
            secret = accounts.sign_in_anew(session, user.id)
    except Invalid as error:
        errors = faults_by_name(error.faults)
        return page(
            request,
            "account/password.html",
            status=422,
            errors=errors,
            least=accounts.PASSWORD_MIN,
        )
    response = go_to("/", said="password")
    _keep(response, request, secret)
    return response


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
