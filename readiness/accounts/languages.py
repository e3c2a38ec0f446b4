"""In which language a person reads: their own choice first, then their browser's, then the organisation's."""

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_supported_language_variant
from django.utils.translation.trans_real import parse_accept_lang_header

from readiness.accounts.current import organisation_of
from readiness.accounts.models import Organisation, User


def supported(code: str) -> str:
    """The language of ours that this code stands for (de-at is de), or "" where there is none."""
    try:
        return get_supported_language_variant(code) if code else ""
    except LookupError:
        return ""


def asked_for(request: HttpRequest) -> str:
    """The first language of ours that the browser asks for, or ""."""
    header = request.headers.get("Accept-Language", "")
    wanted = (supported(code) for code, _ in parse_accept_lang_header(header) if code != "*")
    return next((code for code in wanted if code), "")


def language_for(request: HttpRequest) -> str:
    """The language of a page. Only before the sign-in, and with a browser that names none of ours, is it looked up."""
    user = request.user
    if isinstance(user, User):
        return supported(user.language) or asked_for(request) or settings.LANGUAGE_CODE
    return asked_for(request) or supported(organisation_of(request).language) or settings.LANGUAGE_CODE


def language_of(user: User, organisation: Organisation | None = None) -> str:
    """The language of a mail to this person. Without ``organisation`` it is looked up where they chose none."""
    own = supported(user.language)
    if own:
        return own
    return supported((organisation or Organisation.get()).language) or settings.LANGUAGE_CODE
