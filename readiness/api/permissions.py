"""The door's first question: is this person, with this token, let through to this method at all?

What a person may do to an initiative is the policy table's business (``readiness.accounts.policy``), asked by the acts
themselves under the row lock.
"""

from typing import TYPE_CHECKING

from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from readiness.accounts.models import Scope, Token
from readiness.api.errors import MissingScope

if TYPE_CHECKING:  # the framework's views import this module
    from rest_framework.views import APIView

_LIKE_GET = frozenset({"HEAD", "OPTIONS"})


class PolicyPermission(BasePermission):
    """Deny by default: signed in, active, and the scope that the view names for the method.

    A view declares ``scopes = {"GET": Scope.READ, …}``. A method without a scope is refused as not allowed (405) by
    the view itself; a session carries every scope, because a scope only narrows a token.
    """

    def has_permission(self, request: Request, view: "APIView") -> bool:
        user = request.user
        if not user.is_authenticated or not user.is_active:
            return False
        method = "GET" if request.method in _LIKE_GET else request.method
        scope: Scope | None = getattr(view, "scopes", {}).get(method)
        if scope is None:
            return not hasattr(view, str(method).lower())
        if isinstance(request.auth, Token) and scope.value not in request.auth.scopes:
            raise MissingScope(scope)
        return True
