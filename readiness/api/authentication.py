"""Who calls: a bearer token. (The browser's session is the other way in; the framework's own class reads it.)"""

from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.request import Request

from readiness import clock
from readiness.accounts.models import Token, User
from readiness.accounts.tokens import find_token
from readiness.api.errors import BadToken

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
