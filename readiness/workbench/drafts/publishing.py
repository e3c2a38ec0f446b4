"""What publishing a draft would change, and publishing it."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from checklists.frameworks import ParsedFramework
from checklists.loading import stored_framework
from checklists.models import Framework, FrameworkDraft
from gates.models import Initiative, Passage
from readiness import clock
from readiness.accounts.models import User
from readiness.actions.errors import Conflict, Invalid, Stale
from readiness.actions.framework_drafts import in_the_way, publish_draft, wrong_with
from readiness.actions.starting import starting_slugs
from readiness.ui.saying import say
from readiness.workbench.drafts.changes import changes
from readiness.workbench.drafts.finding import crumbs, draft_of, draft_title, draft_url, told
from readiness.workbench.drafts.pages import number_of
from readiness.workbench.finding import actor_of, person_of
from readiness.workbench.frameworks.words import published_words
from readiness.workbench.people.access import for_admins
from readiness.workbench.refusals import CONFLICT, OK, UNPROCESSABLE


@for_admins
@require_http_methods(["GET", "HEAD", "POST"])
def publish(request: HttpRequest, draft_id: int) -> HttpResponse:
    """First what it changes; then, with a press on that page, it is done."""
    draft = draft_of(draft_id)
    if request.method != "POST":
        return _page(request, draft)
    seen = number_of(request.POST.get("seen"))
    try:
        loaded = publish_draft(draft.pk, seen, actor_of(request), clock.now())
    except Stale:
        who = _("The draft was changed meanwhile. This is what publishing it would change now.")
        return _page(request, draft_of(draft_id), who, CONFLICT)
    except Invalid:
        return _page(request, draft, status=UNPROCESSABLE)
    except Conflict as refused:
        return _page(request, draft, refused.message, CONFLICT)
    messages.success(request, published_words(loaded))
    return redirect("framework", loaded.framework.slug)


def _page(request: HttpRequest, draft: FrameworkDraft, refusal: str = "", status: int = OK) -> HttpResponse:
    parsed, wrong = wrong_with(draft.document)
    barred = in_the_way(parsed) if parsed and not wrong else ""
    context = {
        "draft": draft,
        "title": draft_title(draft.document),
        "wrong": told(draft, wrong),
        "refusal": refusal,
        "barred": "" if refusal and status == CONFLICT and refusal == str(say(barred)) else say(barred),
        "back": draft_url(draft),
        "crumbs": crumbs(draft),
        **(_effect(parsed, draft, person_of(request)) if parsed else {}),
    }
    return render(request, "workbench/drafts/publish.html", context, status=status)


def _effect(parsed: ParsedFramework, draft: FrameworkDraft, person: User) -> dict[str, Any]:
    """What changes, against the version in force: that may be another one than the draft was begun from."""
    current = Framework.objects.current().with_content().filter(slug=parsed.slug).first()
    visible = Passage.objects.filter(
        initiative__in=Initiative.objects.visible_to(person), framework_slug=parsed.slug
    )
    base = draft.based_on
    return {
        "parsed": parsed,
        "items": len(parsed.items),
        "begun_with": parsed.slug in starting_slugs(),
        "current": current,
        "changes": changes(stored_framework(current), parsed) if current else None,
        "under_way": visible.count() if current else 0,
        "overtaken": bool(current and base and base.slug == current.slug and base.pk != current.pk),
    }
