"""What people remark on an initiative, its gates and its items, also on one that has ended."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from gates.models import Comment, Initiative
from readiness.accounts.policy import Act
from readiness.actions.comments import add_comment
from readiness.actions.errors import Invalid
from readiness.clock import now
from readiness.standing.links import comments_url
from readiness.standing.recompute import fresh_outcome
from readiness.workbench.checklists.written import by_htmx
from readiness.workbench.finding import actor_of, acts_of, find_initiative
from readiness.workbench.header import COMMENTS, header_of
from readiness.workbench.initiatives.forms import sent
from readiness.workbench.refusals import must
from readiness.workbench.together.forms import CommentForm
from readiness.workbench.together.subjects import WHOLE, Subject, Subjects, thread_url
from readiness.workbench.together.threads import rows_about, shown_comments, thread

PAGE_SIZE = 50


@require_http_methods(["GET", "HEAD", "POST"])
def initiative_comments(request: HttpRequest, ref: str) -> HttpResponse:
    """All of them, or with ``?about=`` those on one subject; the newest last.

    htmx is given the thread alone: what an item's card and a gate's page take in.
    """
    initiative = find_initiative(request, ref)
    acts = acts_of(request, initiative)
    subjects = Subjects(initiative)
    about = subjects.named(request.GET.get("about", ""))
    form = _form(request, initiative, about)
    made = None
    if request.method == "POST":
        must(Act.COMMENT, acts)
        made = _added(request, initiative, about, form)
    if made is not None and not by_htmx(request):
        page = thread_url(ref, about.word) if about else comments_url(ref)
        return redirect(f"{page}#comment-{made.pk}")
    may_comment = Act.COMMENT in acts
    status = 422 if form.is_bound and made is None else 200
    if by_htmx(request):
        fresh = CommentForm(about=form.about, people_url=_people_url(ref)) if made else form
        context = {
            "thread": thread(initiative, subjects, about or subjects.all[0]),
            "form": fresh if may_comment else None,
            "made": made,
        }
        return render(request, "workbench/together/_thread.html", context, status=status)
    return _page(request, initiative, subjects, about, form if may_comment else None, status)


def _form(request: HttpRequest, initiative: Initiative, about: Subject | None) -> CommentForm:
    word = about.word if about else WHOLE
    return CommentForm(sent(request), about=word, people_url=_people_url(initiative.ref))


def _people_url(ref: str) -> str:
    return reverse("mentions", args=[ref])


def _added(
    request: HttpRequest, initiative: Initiative, about: Subject | None, form: CommentForm
) -> Comment | None:
    """The comment, or None with the form's errors."""
    if not form.is_valid():
        return None
    gate, item = (about.gate, about.item) if about else ("", "")
    try:
        return add_comment(
            initiative.pk, form.cleaned_data["body"], actor_of(request), now(), gate=gate, item=item
        )
    except Invalid as refused:
        form.take_errors(refused)
        return None


def _page(
    request: HttpRequest,
    initiative: Initiative,
    subjects: Subjects,
    about: Subject | None,
    form: CommentForm | None,
    status: int,
) -> HttpResponse:
    """Without a page named, the one that ends with the newest."""
    pages = Paginator(rows_about(initiative, about), PAGE_SIZE)
    page = pages.get_page(request.GET.get("page") or pages.num_pages)
    spoken_of = Comment.objects.filter(initiative=initiative).order_by().values_list("gate", "item")
    context = {
        "initiative": initiative,
        "header": header_of(initiative, fresh_outcome(initiative.pk, now()), crumb=COMMENTS),
        "page": page,
        "comments": shown_comments(page.object_list, subjects, about),
        "about": about,
        "about_url": thread_url(initiative.ref, about.word) if about else "",
        "choices": subjects.choices(spoken_of.distinct()),
        "form": form,
    }
    return render(request, "workbench/continuity/comments.html", context, status=status)
