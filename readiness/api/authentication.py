"""Who calls: a bearer token. (The browser's session is the other way in; the framework's own class reads it.)"""

from drf_spectacular.extensions import OpenApiAuthenticationExtension
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


class BearerTokenScheme(OpenApiAuthenticationExtension):
    target_class = BearerToken
    name = "token"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        return {
            "type": "http",
            "scheme": "bearer",
            "description": "A token made with `manage.py issue_token`, or under *Your account*. It may do what its "
            "owner may, within its scopes.",
        }
