"""What a person was told, how they want to be told, and the way out of every mail."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Page, Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from readiness.accounts.models import User
from readiness.accounts.tabs import account_tabs
from readiness.audit.recording import Actor
from readiness.clock import now
from readiness.notices.choosing import choose, end_mails, holder_of
from readiness.notices.forms import PreferenceForm
from readiness.notices.models import Notice, Preference
from readiness.notices.news import Readership, news_of

PAGE_SIZE = 25
UNPROCESSABLE = 422


@dataclass(frozen=True, slots=True)
class ShownNotice:
    """One notice as its reader sees it: ``by`` is "" where time alone did it."""

    notice: Notice
    headline: str
    ref: str
    href: str
    sentences: list[str]
    at: datetime
    by: str

    @property
    def unread(self) -> bool:
        return self.notice.read_at is None


@require_safe
def notifications(request: HttpRequest) -> HttpResponse:
    """The newest first. Opening it does not mark them: a browser that shows them says so, or the person does."""
    reader = _reader(request)
    only_unread = request.GET.get("show") == "unread"
    rows = Notice.objects.unread_by(reader.pk) if only_unread else Notice.objects.filter(recipient=reader)
    rows = rows.select_related("event__initiative", "event__actor").order_by("-event__seq")
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "shown": _shown(reader, page),
        "unread": Notice.objects.unread_by(reader.pk).count(),
        "only_unread": only_unread,
        "newest": max((one.pk for one in page), default=0),
    }
    return render(request, "notices/list.html", context)


@require_POST
def mark_read(request: HttpRequest) -> HttpResponse:
    """Everything up to the newest that was on the page: what came since stays unread."""
    upto = request.POST.get("upto", "")
    if not (upto.isascii() and upto.isdecimal() and len(upto) < 19):
        raise Http404
    Notice.objects.unread_by(_reader(request).pk).filter(pk__lte=int(upto)).update(read_at=now())
    if getattr(request, "htmx", False):
        return render(request, "notices/_bell_swapped.html")
    return redirect("notifications")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def settings(request: HttpRequest) -> HttpResponse:
    reader, status = _reader(request), 200
    if request.method == "POST":
        form = PreferenceForm(request.POST)
        if form.is_valid():
            choose(reader, form.chosen(), Actor.person(reader), now())
            messages.success(request, _("Kept. It holds from now on."))
            return redirect("account-notifications")
        status = UNPROCESSABLE
    else:
        form = PreferenceForm.showing(Preference.of(reader.pk))
    context = {"form": form, "reader": reader, "tabs": account_tabs("account-notifications")}
    return render(request, "notices/settings.html", context, status=status)


@csrf_exempt
@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, key: str) -> HttpResponse:
    """Asks once on a page; what a mail program posts (RFC 8058) is done at once, without a sign-in.

    Whoever holds the key can end the mails of one person and nothing else; so no CSRF token is asked for either.
    """
    person = holder_of(key)
    if person is None:
        raise Http404
    if request.method == "POST":
        end_mails(person, now())
    return render(request, "notices/unsubscribe.html", {"done": request.method == "POST", "key": key})


def _shown(reader: User, page: Page) -> list[ShownNotice]:
    """In a fixed number of queries. What is not for them any more is left out."""
    notices: list[Notice] = list(page)
    readership, found = Readership([one.event for one in notices], reader.pk), []
    for one in notices:
        news = news_of(one.event)
        message = readership.message_for(reader.pk, one.event, news)
        initiative = one.event.initiative
        if message is None or initiative is None:
            continue
        by = str(one.event.actor) if one.event.actor else ""
        found.append(
            ShownNotice(one, news.headline, initiative.ref, news.path, message.sentences, one.event.at, by)
        )
    return found


def _reader(request: HttpRequest) -> User:
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user
