"""What holds for every page: times are told as they are where the organisation is, and nothing is kept on the way."""

from collections.abc import Callable
from datetime import datetime, timedelta, tzinfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers

from readiness.accounts.current import organisation_of
from readiness.accounts.languages import language_for
from readiness.accounts.two_factor import DUE


class OrganisationZone(tzinfo):
    """The organisation's zone, looked up when the first time of a request is told, and never before.

    So a request that tells none asks nothing of the database (which a health check must not), and one that tells any
    tells it in the zone that holds now, in whatever process an admin has changed it.
    """

    def __init__(self, request: HttpRequest) -> None:
        self._request = request

    @property
    def zone(self) -> tzinfo:
        return organisation_of(self._request).zone

    def utcoffset(self, dt: datetime | None) -> timedelta | None:
        return self.zone.utcoffset(dt)

    def dst(self, dt: datetime | None) -> timedelta | None:
        return self.zone.dst(dt)

    def tzname(self, dt: datetime | None) -> str | None:
        return self.zone.tzname(dt)

    def fromutc(self, dt: datetime) -> datetime:
        return self.zone.fromutc(dt.replace(tzinfo=self.zone)).replace(tzinfo=self)


class OrganisationZoneMiddleware:
    """Makes the organisation's zone Django's current one for the length of a request."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with timezone.override(OrganisationZone(request)):
            return self.get_response(request)


class NothingKeptMiddleware:
    """What a signed-in person is shown is kept by no cache, their browser's own included, unless a view says otherwise.

    Who signs out at a shared machine leaves nothing behind the button "back".
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.user.is_authenticated and not response.has_header("Cache-Control"):
            response["Cache-Control"] = "private, no-store"
        return response


class TwoFactorDueMiddleware:
    """Who must set up an authenticator first is led there from every page, and can still leave.

    The session says so since the sign-in, so nothing is asked of the database. (REST says it in its own words:
    ``readiness.api.authentication``.)
    """

    OPEN = ("account-two-factor", "account-language")

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: object, kwargs: object
    ) -> HttpResponse | None:
        if not getattr(view, "login_required", True) or request.path_info.startswith("/api/"):
            return None
        match = request.resolver_match
        if not request.session.get(DUE) or (match is not None and match.url_name in self.OPEN):
            return None
        return redirect("account-two-factor")


class LanguageMiddleware:
    """A page speaks its reader's language; what programs read (REST, health) is English, whoever asks.

    Of who is signed in nothing more is asked of the database. Before the sign-in the organisation's language is looked
    up where the browser names none of ours.
    """

    ENGLISH = ("/api/", "/health/")

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info.startswith(self.ENGLISH):
            with translation.override("en"):
                return self.get_response(request)
        language = language_for(request)
        with translation.override(language):
            response = self.get_response(request)
        patch_vary_headers(response, ("Accept-Language", "Cookie"))
        response.headers.setdefault("Content-Language", language)
        return response
