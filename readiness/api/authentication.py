"""Who calls: a bearer token, or the browser's session."""

from typing import Any

from rest_framework.authentication import (
    BaseAuthentication,
    SessionAuthentication,
    get_authorization_header,
)
from rest_framework.request import Request

from readiness import clock
from readiness.accounts.models import Token, User
from readiness.accounts.tokens import find_token
from readiness.accounts.two_factor import DUE
from readiness.api.codes import Code
from readiness.api.errors import BadToken, Problem

TOKEN_MAX = 200


class BearerToken(BaseAuthentication):
    """``Authorization: Bearer <token>``. Without that word it steps aside, so that a session may speak."""

    def authenticate(self, request: Request) -> tuple[User, Token] | None:
        parts = get_authorization_header(request).split()
        if not parts or parts[0].lower() != b"bearer":
            return None
        if len(parts) != 2 or len(parts[1]) > TOKEN_MAX or not parts[1].isascii():
            raise BadToken
        token = find_token(parts[1].decode("ascii"), clock.now())
        if token is None or not token.user.is_active:
            raise BadToken
        return token.user, token

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="api"'


class BrowserSession(SessionAuthentication):
    """The session of who signed in on the pages, with all that they may do; nothing while a second factor is due."""

    def authenticate(self, request: Request) -> tuple[Any, None] | None:
        found: tuple[Any, None] | None = super().authenticate(request)
        if found is not None and request.session.get(DUE):
            raise Problem(Code.TWO_FACTOR_DUE)
        return found
