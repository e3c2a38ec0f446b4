"""The admin's pages about people: the list, one person, and who comes and goes."""

import logging

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from kombu.exceptions import OperationalError

from readiness import clock
from readiness.accounts.mails import is_delivered
from readiness.accounts.models import SystemRole, User
from readiness.accounts.tabs import admin_tabs
from readiness.accounts.tasks import mail_invitation
from readiness.accounts.two_factor import has_authenticator
from readiness.actions.errors import Conflict, Refused, Stale
from readiness.actions.handing_over import holdings_of
from readiness.actions.passwords import make_password_link
from readiness.actions.people import (
    create_person,
    deactivate_person,
    edit_person,
    profile_of,
    reactivate_person,
)
from readiness.actions.two_factor import reset_two_factor
from readiness.ui.lazily import gettext_lazy
from readiness.ui.parts import Link
from readiness.workbench.account.data import data_file
from readiness.workbench.account.pages import tokens_of
from readiness.workbench.finding import actor_of
from readiness.workbench.people.access import for_admins
from readiness.workbench.people.forms import NewPersonForm, PersonForm
from readiness.workbench.people.leaving import in_words
from readiness.workbench.people.units import known_units
from readiness.workbench.refusals import OK, UNPROCESSABLE, tell

log = logging.getLogger(__name__)

PAGE_SIZE = 50
CREATED = 201
STATES = {
    "active": gettext_lazy("Active"),
    "inactive": gettext_lazy("Deactivated"),
    "invited": gettext_lazy("Active, no password yet"),
    "one_factor": gettext_lazy("Active, without a second factor"),
}
ROLE_CHOICES = [(role.value, role.label) for role in SystemRole]


@for_admins
@require_safe
def people(request: HttpRequest) -> HttpResponse:
    """Everybody, by name; the number of queries does not depend on how many they are."""
    words = request.GET.get("q", "").replace("\x00", "")[:200]
    role, state = request.GET.get("role", ""), request.GET.get("state", "")
    found = User.objects.matching(words)
    if role in SystemRole.values:
        found = found.with_role(SystemRole(role))
    if state in STATES:
        found = found.filter(is_active=state != "inactive")
    if state == "invited":
        found = found.exclude(pk__in=User.objects.with_password().values("pk"))
    if state == "one_factor":
        found = found.without_authenticator()
    page = Paginator(found.order_by("name_key", "pk"), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "roles": ROLE_CHOICES,
        "states": list(STATES.items()),
        "active": (role in SystemRole.values) + (state in STATES),
        "tabs": admin_tabs("people"),
    }
    return render(request, "workbench/people/list.html", context)


@for_admins
@require_http_methods(["GET", "HEAD", "POST"])
def person_new(request: HttpRequest) -> HttpResponse:
    """Enter a person; an invitation follows at once if wished. ``?role=`` ticks a role at first."""
    asked_for = [role for role in request.GET.getlist("role") if role in SystemRole.values]
    form, status = NewPersonForm(request.POST or None, initial={"roles": asked_for}), OK
    if request.method == "POST" and form.is_valid():
        try:
            person = create_person(
                form.cleaned_data["username"], form.profile(), actor_of(request), clock.now()
            )
        except Refused as refused:
            status = tell(form, refused)
        else:
            if form.cleaned_data["invite"]:
                return _invite(request, person.username)
            messages.success(request, _("%(person)s is entered.") % {"person": person.name})
            return redirect("person-edit", person.username)
    elif request.method == "POST":
        status = UNPROCESSABLE
    context = {"form": form, "units": known_units(), "crumbs": _crumbs()}
    return render(request, "workbench/people/new.html", context, status=status)


@for_admins
@require_http_methods(["GET", "HEAD", "POST"])
def person_edit(request: HttpRequest, username: str) -> HttpResponse:
    """One person: what is known of them, how they sign in, their tokens."""
    person, status, at = _person(username), OK, clock.now()
    form = PersonForm(request.POST or None, initial=PersonForm.shown(profile_of(person), person.version))
    stale: User | None = None
    if request.method == "POST" and form.is_valid():
        try:
            edit_person(username, form.profile(), actor_of(request), at, version=form.cleaned_data["version"])
        except Refused as refused:
            if isinstance(refused, Stale):
                stale = person = refused.current
                form = PersonForm(_with_version(request.POST, person.version))
            status = tell(form, refused)
        else:
            messages.success(request, _("%(name)s is saved.") % {"name": form.cleaned_data["name"]})
            return redirect("person-edit", person.username)
    elif request.method == "POST":
        status = UNPROCESSABLE
    context = {
        "form": form,
        "units": known_units(),
        "person": person,
        "stale": stale,
        "stands": _words_of(stale) if stale else [],
        "has_password": person.has_usable_password() and bool(person.password),
        "tokens": tokens_of(person, at),
        "two_factor": has_authenticator(person),
        "resettable": person.pk != request.user.pk,
        "deactivate_url": reverse("person-deactivate", args=[person.username]),
        "reactivate_url": reverse("person-reactivate", args=[person.username]),
        "places": in_words(holdings_of(person)),
        "hand_over_url": reverse("person-hand-over", args=[person.username]),
        "crumbs": _crumbs(),
    }
    return render(request, "workbench/people/edit.html", context, status=status)


@for_admins
@require_http_methods(["GET", "HEAD", "POST"])
def person_deactivate(request: HttpRequest, username: str) -> HttpResponse:
    person = _person(username)
    if request.method == "POST":
        try:
            deactivate_person(username, actor_of(request), clock.now())
        except Conflict as refused:
            messages.error(request, refused.message)
        else:
            messages.success(
                request,
                _("%(person)s is deactivated. Their sessions and tokens have ended.")
                % {"person": person.name},
            )
        return redirect("person-edit", person.username)
    context = {
        "person": person,
        "places": in_words(holdings_of(person)),
        "hand_over_url": reverse("person-hand-over", args=[person.username]),
        "person_url": _url(person),
    }
    return render(request, "workbench/people/deactivate.html", context)


@for_admins
@require_http_methods(["GET", "HEAD", "POST"])
def person_reactivate(request: HttpRequest, username: str) -> HttpResponse:
    person = _person(username)
    if request.method == "POST":
        try:
            reactivate_person(username, actor_of(request), clock.now())
        except Conflict as refused:
            messages.error(request, refused.message)
        else:
            messages.success(request, _("%(person)s may sign in again.") % {"person": person.name})
        return redirect("person-edit", person.username)
    context = {"person": person, "person_url": _url(person)}
    return render(request, "workbench/people/reactivate.html", context)


@for_admins
@require_http_methods(["GET", "HEAD", "POST"])
def person_two_factor_reset(request: HttpRequest, username: str) -> HttpResponse:
    """Let in who lost their phone and their recovery codes: ask once, then take their second factor away."""
    person = _person(username)
    if request.method == "POST":
        try:
            reset_two_factor(username, actor_of(request), clock.now())
        except Conflict as refused:
            messages.error(request, refused.message)
        else:
            told = _("%(person)s is signed out, and signs in with the password alone next time.")
            messages.success(request, told % {"person": person.name})
        return redirect("person-edit", person.username)
    context = {"person": person, "back": reverse("person-edit", args=[person.username])}
    return render(request, "workbench/people/two_factor_reset.html", context)


@for_admins
@require_safe
def person_data(request: HttpRequest, username: str) -> HttpResponseBase:
    """Everything that is kept about a person, as a file."""
    return data_file(request, _person(username))


@for_admins
@require_POST
def person_invite(request: HttpRequest, username: str) -> HttpResponse:
    """Make a link with which the person sets a password: shown this once, and mailed where there is an e-mail."""
    return _invite(request, _person(username).username)


def _invite(request: HttpRequest, username: str) -> HttpResponse:
    try:
        person, key = make_password_link(username, actor_of(request), clock.now())
    except Conflict as refused:
        messages.error(request, refused.message)
        return redirect("person-edit", username)
    link = request.build_absolute_uri(reverse("password_link", args=[key]))
    context = {
        "person": person,
        "link": link,
        "mailed": _mailed(person),
        "delivered": is_delivered(),
        "person_url": _url(person),
        "crumbs": _crumbs(person),
    }
    return render(request, "workbench/people/invited.html", context, status=CREATED)


def _mailed(person: User) -> bool:
    if not person.email:
        return False
    try:
        mail_invitation.delay(person.pk)
    except (OperationalError, OSError):
        log.exception("no broker: an invitation was not mailed")
        return False
    return True


def _url(person: User) -> str:
    return reverse("person-edit", args=[person.username])


def _crumbs(person: User | None = None) -> list[Link]:
    there = [Link(label=_("People"), href=reverse("people"))]
    return there if person is None else [*there, Link(label=person.name, href=_url(person))]


def _person(username: str) -> User:
    person = User.objects.named(username).first()
    if person is None:
        raise Http404
    return person


def _with_version(typed: QueryDict, version: int) -> QueryDict:
    """What was typed, now upon the version that stands: saved once more, it replaces it knowingly."""
    data = typed.copy()
    data["version"] = str(version)
    return data


def _words_of(person: User) -> list[tuple[str, str]]:
    """What stands now, in the words of the form."""
    roles = ", ".join(str(role.label) for role in SystemRole if role in person.roles)
    return [
        (_("Full name"), person.name),
        (_("E-mail"), person.email),
        (pgettext("of an organisation", "Unit"), person.unit),
        (_("Function"), person.get_function_display()),
        (_("Roles"), roles),
    ]
