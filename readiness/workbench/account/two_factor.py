"""The second factor on the pages: the code at the sign-in, setting up an app, recovery codes, and turning it off."""

import logging
from datetime import datetime, timedelta
from typing import Any

import segno
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_not_required
from django.core import signing
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.crypto import constant_time_compare
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from readiness import clock
from readiness.accounts import throttle
from readiness.accounts.addresses import address_of
from readiness.accounts.backend import may_sign_in
from readiness.accounts.current import organisation_of
from readiness.accounts.models import RecoveryCode, User
from readiness.accounts.tabs import account_tabs
from readiness.accounts.two_factor import DUE, app_address, app_key, is_demanded
from readiness.actions.errors import Conflict, Refused, invalid
from readiness.actions.two_factor import (
    Proof,
    installation_keys,
    prove,
    renew_recovery_codes,
    set_up,
    turn_off,
)
from readiness.derived import Seed, new_seed
from readiness.ui.lazily import gettext_lazy
from readiness.workbench.account.forms import CodeForm, RecoveryCodeForm, SetUpForm
from readiness.workbench.account.signin import (
    WAITING,
    begin_session,
    onward,
    too_many,
    wanted_next,
    with_next,
)
from readiness.workbench.refusals import OK, UNPROCESSABLE, tell

log = logging.getLogger(__name__)

CREATED = 201
PATIENCE = timedelta(minutes=10)
"""So long after the password the code may come."""
PROPOSED = "readiness.workbench.account.two_factor"
PROPOSAL_AGE = 3600
"""Seconds for which a page with a picture for the app can still be sent."""
WRONG = {
    False: gettext_lazy("This code is not right, or was used already. Wait for the next one."),
    True: gettext_lazy("This is none of your recovery codes, or it was used already."),
}
TOO_LATE = gettext_lazy("That took too long. Sign in once more.")
TEMPLATE = "workbench/account/two_factor.html"


@login_not_required
@never_cache
@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in_code(request: HttpRequest) -> HttpResponse:
    """The second step of the sign-in. Both kinds of code are taken, whichever field was shown."""
    at = clock.now()
    person = _waiting(request, at)
    if person is None and request.user.is_authenticated:
        return redirect(onward(request))
    if person is None:
        if request.session.pop(WAITING, None) is not None:
            messages.warning(request, TOO_LATE)
        return redirect(with_next("login", request))
    by_recovery = request.GET.get("with") == "recovery"
    form = (RecoveryCodeForm if by_recovery else CodeForm)(request.POST or None)
    form.fields["code"].widget.attrs["autofocus"] = True
    context = {"form": form, "next": wanted_next(request), "by_recovery": by_recovery}
    status = OK
    if request.method == "POST" and form.is_valid():
        wait = throttle.take(throttle.SECOND_FACTOR, _account(person), "", at)
        if wait:
            log.warning("second factor refused: too many tries for person %s", person.pk)
            return too_many(request, "registration/login_code.html", context, wait)
        proof = prove(person, form.cleaned_data["code"], at)
        if proof is not None:
            throttle.forgive(throttle.SECOND_FACTOR, _account(person), "")
            _warn_of_the_last(request, person, proof)
            return begin_session(request, person, at)
        log.warning("second factor failed for person %s from %s", person.pk, address_of(request))
        form.add_error("code", WRONG[by_recovery])
    if request.method == "POST":
        status = UNPROCESSABLE
    return render(request, "registration/login_code.html", context, status=status)


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def two_factor(request: HttpRequest) -> HttpResponse:
    """How one signs in; where an app is missing, its setting up."""
    me, at = _me(request), clock.now()
    if request.method != "POST":
        return _page(request, me, OK)
    form = SetUpForm(request.POST)
    if not form.is_valid():
        return _page(request, me, UNPROCESSABLE, setting_up=form)
    wait = throttle.take(throttle.SIGN_IN, _account(me), address_of(request), at)
    if wait:
        return too_many(request, TEMPLATE, _context(request, me, setting_up=form), wait)
    given = form.cleaned_data
    try:
        person, codes = set_up(me, given["current"], _proposed(given["proposal"], me), given["code"], at)
    except Conflict as refused:  # in another tab, a moment ago
        messages.warning(request, refused.message)
        return redirect("account-two-factor")
    except Refused as refused:
        return _page(request, me, tell(form, refused), setting_up=form)
    throttle.forgive(throttle.SIGN_IN, _account(me), address_of(request))
    request.session.pop(DUE, None)
    update_session_auth_hash(request, person)
    return _page(request, person, CREATED, codes=codes)


@never_cache
@sensitive_post_parameters("code")
@require_POST
def renew_codes(request: HttpRequest) -> HttpResponse:
    me, at, form = _me(request), clock.now(), CodeForm(request.POST)
    if not form.is_valid():
        return _page(request, me, UNPROCESSABLE, renewing=form)
    wait = throttle.take(throttle.SECOND_FACTOR, _account(me), "", at)
    if wait:
        return too_many(request, TEMPLATE, _context(request, me, renewing=form), wait)
    try:
        codes = renew_recovery_codes(me, form.cleaned_data["code"], at)
    except Refused as refused:
        return _page(request, me, tell(form, refused), renewing=form)
    throttle.forgive(throttle.SECOND_FACTOR, _account(me), "")
    return _page(request, me, CREATED, codes=codes)


@never_cache
@sensitive_post_parameters("code")
@require_POST
def switch_off(request: HttpRequest) -> HttpResponse:
    me, at, form = _me(request), clock.now(), CodeForm(request.POST)
    if not form.is_valid():
        return _page(request, me, UNPROCESSABLE, turning_off=form)
    wait = throttle.take(throttle.SECOND_FACTOR, _account(me), "", at)
    if wait:
        return too_many(request, TEMPLATE, _context(request, me, turning_off=form), wait)
    try:
        person = turn_off(me, form.cleaned_data["code"], at)
    except Refused as refused:
        return _page(request, me, tell(form, refused), turning_off=form)
    throttle.forgive(throttle.SECOND_FACTOR, _account(me), "")
    update_session_auth_hash(request, person)
    messages.success(request, _("You sign in with your password alone again. Every other session has ended."))
    return redirect("account-two-factor")


def _page(request: HttpRequest, me: User, status: int, **parts: Any) -> HttpResponse:
    return render(request, TEMPLATE, _context(request, me, **parts), status=status)


def _context(
    request: HttpRequest,
    me: User,
    *,
    setting_up: SetUpForm | None = None,
    renewing: Form | None = None,
    turning_off: Form | None = None,
    codes: list[str] | None = None,
) -> dict[str, Any]:
    authenticator = getattr(User.objects.select_related("authenticator").get(pk=me.pk), "authenticator", None)
    context = {
        "tabs": account_tabs("account-two-factor"),
        "authenticator": authenticator,
        "codes": codes,
        "demanded": is_demanded(me),
        "due": bool(request.session.get(DUE)),
        "onward": onward(request),
        "next": wanted_next(request),
    }
    if authenticator is not None:
        left = RecoveryCode.objects.filter(user=me, used_at__isnull=True).count()
        context |= {
            "left": left,
            "renewing": renewing or CodeForm(auto_id="renew_%s"),
            "turning_off": turning_off or CodeForm(auto_id="off_%s"),
        }
        return context
    return context | _proposal(request, me, setting_up)


def _proposal(request: HttpRequest, me: User, form: SetUpForm | None) -> dict[str, Any]:
    """What the app is to read: the one of the page that was sent, so that it need not be read again; else a new one."""
    sent = form.data.get("proposal", "") if form is not None else ""
    try:
        seed = _proposed(sent, me)
    except Refused:
        seed = new_seed(settings.SECRET_KEY)
        sent = signing.dumps([me.pk, seed.salt, seed.mark], salt=PROPOSED)
    key = app_key(seed, installation_keys())
    picture = segno.make(app_address(key, me, organisation_of(request)), error="m", micro=False)
    return {
        "form": form or SetUpForm(initial={"proposal": sent}),
        "proposal": sent,
        "key": " ".join(key[start : start + 4] for start in range(0, len(key), 4)),
        "picture": mark_safe(  # noqa: S308  (drawn here, of modules only: nothing that was typed stands in it)
            picture.svg_inline(
                border=4, omitsize=True, dark="#000", light="#fff", svgclass="qr", lineclass=None
            )
        ),
    }


def _proposed(sent: str, me: User) -> Seed:
    """The seed of a page of this person's. Raises Invalid where it is too old or somebody else's."""
    try:
        pk, salt, mark = signing.loads(sent, salt=PROPOSED, max_age=PROPOSAL_AGE)
    except (signing.BadSignature, ValueError):
        pk = None
    if pk != me.pk:
        raise invalid("code", "too_old", _("This page was open for too long: scan the new picture below."))
    return Seed(salt, mark)


def _waiting(request: HttpRequest, at: datetime) -> User | None:
    """Who gave the right password a moment ago, and whose password still is that one."""
    pk, since, session_hash = request.session.get(WAITING) or (None, 0, "")
    if pk is None or at.timestamp() - since > PATIENCE.total_seconds():
        return None
    person = User.objects.filter(pk=pk).first()
    if person is None or not may_sign_in(person):
        return None
    return person if constant_time_compare(person.get_session_auth_hash(), session_hash) else None


def _warn_of_the_last(request: HttpRequest, person: User, proof: Proof) -> None:
    if proof is not Proof.RECOVERY_CODE:
        return
    left = RecoveryCode.objects.filter(user=person, used_at__isnull=True).count()
    told = ngettext(
        "This recovery code is used up. %(count)s is left.",
        "This recovery code is used up. %(count)s are left.",
        left,
    )
    messages.warning(request, told % {"count": left})


def _account(person: User) -> str:
    return f"person {person.pk}"


def _me(request: HttpRequest) -> User:
    if not isinstance(request.user, User):
        raise Http404
    return request.user
