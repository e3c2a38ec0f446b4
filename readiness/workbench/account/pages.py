"""A person's own account: who they are here, their password, their sessions and tokens."""

from datetime import datetime

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from readiness import clock
from readiness.accounts import throttle
from readiness.accounts.addresses import address_of
from readiness.accounts.languages import language_for
from readiness.accounts.models import Scope, Token, User
from readiness.accounts.policy import Act, allows
from readiness.accounts.tabs import account_tabs
from readiness.accounts.tokens import in_force
from readiness.actions.errors import Conflict, Refused
from readiness.actions.languages import choose_language
from readiness.actions.passwords import change_own_password, end_own_sessions
from readiness.actions.tokens import issue_token, revoke_token
from readiness.workbench.account.forms import ChangePasswordForm, LanguageForm, TokenForm
from readiness.workbench.account.signin import too_many
from readiness.workbench.finding import actor_of
from readiness.workbench.refusals import OK, UNPROCESSABLE, answering_refusals, tell

CREATED = 201


@never_cache
@require_safe
def account(request: HttpRequest) -> HttpResponse:
    form = LanguageForm(initial={"language": _me(request).language})
    return render(request, "workbench/account/profile.html", {"tabs": account_tabs("account"), "form": form})


@answering_refusals
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Choose one's own language. The answer is told in it."""
    me, form = _me(request), LanguageForm(request.POST)
    if form.is_valid():
        chosen = choose_language(me, form.cleaned_data["language"], clock.now())
        request.user = chosen
        with translation.override(language_for(request)):
            messages.success(request, _("Your language is saved."))
        return redirect("account")
    context = {"tabs": account_tabs("account"), "form": form}
    return render(request, "workbench/account/profile.html", context, status=UNPROCESSABLE)


@require_POST
def end_other_sessions(request: HttpRequest) -> HttpResponse:
    """Every session of one's own but this one."""
    update_session_auth_hash(request, end_own_sessions(_me(request), clock.now()))
    messages.success(request, _("You are signed out everywhere but here."))
    return redirect("account")


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    """Change one's own password: this session stays, every other one ends."""
    template, form, status = "workbench/account/password.html", ChangePasswordForm(request.POST or None), OK
    context = {"form": form, "tabs": account_tabs("account-password")}
    if request.method == "POST" and form.is_valid():
        me, at, address = _me(request), clock.now(), address_of(request)
        wait = throttle.take(throttle.SIGN_IN, f"person {me.pk}", address, at)
        if wait:
            return too_many(request, template, context, wait)
        try:
            changed = change_own_password(me, form.cleaned_data["current"], form.cleaned_data["password"], at)
        except Refused as refused:
            status = tell(form, refused)
        else:
            throttle.forgive(throttle.SIGN_IN, f"person {me.pk}", address)
            update_session_auth_hash(request, changed)
            messages.success(request, _("Your password is changed. Every other session of yours has ended."))
            return redirect("account-password")
    elif request.method == "POST":
        status = UNPROCESSABLE
    return render(request, template, context, status=status)


def _first_call(request: HttpRequest, plain: str) -> str:
    """A command that works at once, to begin with: the initiatives that the token's owner sees."""
    address = request.build_absolute_uri(reverse("api-initiatives"))
    return f'curl --header "Authorization: Bearer {plain}" {address}'


@never_cache
@answering_refusals
@require_http_methods(["GET", "HEAD", "POST"])
def tokens(request: HttpRequest) -> HttpResponse:
    """One's own tokens. A new one is shown in the answer to its making, and never again."""
    me, at, plain, status = _me(request), clock.now(), "", OK
    call = ""
    form = TokenForm(request.POST or None, owner=me)
    if request.method == "POST" and form.is_valid():
        wanted, life = form.cleaned_data, form.life()
        try:
            _token, plain = issue_token(
                me, wanted["name"], wanted["scopes"], at + life if life else None, actor_of(request), at
            )
        except Refused as refused:
            status = tell(form, refused)
        else:
            form, status = TokenForm(owner=me), CREATED
            call = _first_call(request, plain) if Scope.READ in wanted["scopes"] else ""
    elif request.method == "POST":
        status = UNPROCESSABLE
    context = {
        "form": form,
        "plain": plain,
        "call": call,
        "tokens": tokens_of(me, at),
        "tabs": account_tabs("account-tokens"),
    }
    return render(request, "workbench/account/tokens.html", context, status=status)


@never_cache
@answering_refusals
@require_http_methods(["GET", "HEAD", "POST"])
def token_revoke(request: HttpRequest, token_id: int) -> HttpResponse:
    """Ask once, then end a token: one's own, or as an admin anybody's."""
    me = _me(request)
    mine = Token.objects.select_related("user").filter(pk=token_id)
    token = get_object_or_404(mine if allows(me, Act.ADMINISTER) else mine.filter(user=me))
    own = token.user_id == me.pk
    back = reverse("account-tokens") if own else reverse("person-edit", args=[token.user.username])
    if request.method == "POST":
        try:
            revoke_token(token.pk, actor_of(request), clock.now())
        except Conflict as refused:
            messages.warning(request, refused.message)
        else:
            messages.success(request, _("The token %(token)s is revoked.") % {"token": token.name})
        return redirect(back)
    return render(request, "workbench/account/token_revoke.html", {"token": token, "back": back, "own": own})


def tokens_of(person: User, at: datetime) -> list[dict[str, object]]:
    """Every token of a person with how it stands: those in force first, the newest first."""
    rows = [
        {"token": token, "in_force": in_force(token, at), "state": _state(token, at)}
        for token in Token.objects.filter(user=person).order_by("-created_at", "-pk")
    ]
    return sorted(rows, key=lambda row: not row["in_force"])


def _state(token: Token, at: datetime) -> str:
    if token.revoked_at is not None:
        return _("Revoked")
    return _("In force") if in_force(token, at) else _("Expired")


def _me(request: HttpRequest) -> User:
    if not isinstance(request.user, User):
        raise Http404
    return request.user
