"""What people remark on an initiative, also on one that has ended."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from gates.models import Comment
from readiness.accounts.policy import Act
from readiness.actions.comments import add_comment
from readiness.actions.errors import Invalid
from readiness.clock import now
from readiness.standing.links import comments_url
from readiness.standing.recompute import fresh_outcome
from readiness.workbench.continuity.forms import CommentForm
from readiness.workbench.finding import actor_of, acts_of, find_initiative
from readiness.workbench.header import COMMENTS, header_of
from readiness.workbench.initiatives.forms import sent
from readiness.workbench.refusals import must

PAGE_SIZE = 50


@require_http_methods(["GET", "HEAD", "POST"])
def initiative_comments(request: HttpRequest, ref: str) -> HttpResponse:
    """The newest last: without a page named, the page that ends with it."""
    initiative = find_initiative(request, ref)
    acts = acts_of(request, initiative)
    form = CommentForm(sent(request))
    if request.method == "POST":
        must(Act.COMMENT, acts)
    if form.is_bound and form.is_valid():
        try:
            made = add_comment(initiative.pk, form.cleaned_data["body"], actor_of(request), now())
        except Invalid as refused:
            form.take_errors(refused)
        else:
            return redirect(f"{comments_url(ref)}#comment-{made.pk}")
    rows = Comment.objects.filter(initiative=initiative).select_related("by").order_by("pk")
    pages = Paginator(rows, PAGE_SIZE)
    context = {
        "initiative": initiative,
        "header": header_of(initiative, fresh_outcome(initiative.pk, now()), crumb=COMMENTS),
        "page": pages.get_page(request.GET.get("page") or pages.num_pages),
        "form": form if Act.COMMENT in acts else None,
    }
    status = 422 if form.is_bound else 200
    return render(request, "workbench/continuity/comments.html", context, status=status)
