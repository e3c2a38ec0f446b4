"""Deny by default: a method that names no scope is open to nobody."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.urls import URLPattern, URLResolver, get_resolver
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.test import APIRequestFactory

from readiness.accounts.models import Scope, Token, User
from readiness.api.base import ApiView
from readiness.api.errors import MissingScope
from readiness.api.permissions import PolicyPermission
from readiness.api.views.description import Public


class Forgetful(ApiView):
    """Somebody wrote a second method and forgot its scope."""

    scopes = {"GET": Scope.READ}

    def get(self, request: Request) -> Response:
        return Response()

    def delete(self, request: Request) -> Response:
        return Response()


def _asks(method: str, user: object, token: Token | None = None) -> bool:
    request = Request(APIRequestFactory().generic(method, "/"))
    request.user, request.auth = user, token  # type: ignore[assignment]
    return PolicyPermission().has_permission(request, Forgetful())


LENA = User(username="lena", is_lead=True)


def test_a_session_reads_and_so_do_head_and_options() -> None:
    assert [_asks(method, LENA) for method in ("GET", "HEAD", "OPTIONS")] == [True] * 3


def test_nobody_and_the_deactivated_get_nowhere() -> None:
    assert not _asks("GET", AnonymousUser())
    assert not _asks("GET", User(username="gone", is_active=False))


def test_a_method_without_a_scope_is_open_to_nobody() -> None:
    assert not _asks("DELETE", LENA)
    assert not _asks("DELETE", LENA, Token(scopes=[scope.value for scope in Scope]))


def test_a_method_that_is_not_there_is_let_through_to_be_told_so() -> None:
    assert _asks("PUT", LENA)


def test_a_token_needs_the_scope() -> None:
    assert _asks("GET", LENA, Token(scopes=["read"]))
    with pytest.raises(MissingScope, match="read"):
        _asks("GET", LENA, Token(scopes=["write", "admin"]))


def _views(patterns: list[URLPattern | URLResolver]) -> list[type]:
    found: list[type] = []
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            found += _views(pattern.url_patterns)
        elif hasattr(pattern.callback, "view_class"):
            found.append(pattern.callback.view_class)
    return found


def test_every_method_of_every_view_names_its_scope() -> None:
    views = [view for view in _views(get_resolver().url_patterns) if issubclass(view, ApiView)]
    assert len(views) > 30
    for view in views:
        if not issubclass(view, Public):
            handlers = {
                name.upper() for name in ("get", "post", "put", "patch", "delete") if hasattr(view, name)
            }
            assert handlers == set(view.scopes), view
            assert set(view.queries) <= handlers, view
