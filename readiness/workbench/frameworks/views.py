"""What is asked, for everybody to read; admins publish further versions."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from checklists.loading import stored_framework
from checklists.models import Framework, FrameworkKind, Gate, Item
from checklists.scoring import AnswerValue
from checklists.writing import framework_yaml
from gates.models import Initiative, Passage
from readiness import clock
from readiness.accounts.models import User
from readiness.accounts.policy import Act, allows
from readiness.accounts.tabs import admin_tabs
from readiness.actions.errors import Conflict, Invalid
from readiness.actions.frameworks import publish_framework
from readiness.actions.starting import starting_slugs
from readiness.standing.definitions import root_causes
from readiness.standing.words import STAGE_WORDS, Word
from readiness.ui.downloads import INERT
from readiness.ui.lazily import gettext_lazy
from readiness.ui.parts import Link
from readiness.ui.saying import content
from readiness.workbench.checklists.words import answer_words
from readiness.workbench.drafts.beginning import drafts_listed
from readiness.workbench.finding import actor_of, person_of
from readiness.workbench.frameworks.forms import FrameworkForm
from readiness.workbench.frameworks.words import published_words
from readiness.workbench.people.access import for_admins
from readiness.workbench.refusals import CONFLICT, OK, UNPROCESSABLE

KINDS = {
    FrameworkKind.GATES.value: gettext_lazy("Gates"),
    FrameworkKind.CHECKPOINTS.value: gettext_lazy("Checkpoints"),
    FrameworkKind.PROFILE.value: gettext_lazy("Profile"),
    FrameworkKind.OVERLAY.value: gettext_lazy("Overlay"),
}


@dataclass(frozen=True, slots=True)
class Listed:
    """The newest version of a framework. ``moves``: the stage moves it guards; ``used``: on how many
    initiatives that the person may see; ``begun``: every new initiative begins with it."""

    framework: Framework
    kind: str
    items: int
    moves: list[tuple[Word, Word]]
    used: int
    begun: bool


@dataclass(frozen=True, slots=True)
class ShownItem:
    """``title`` with its code, and whether it is critical; ``meanings``: what each answer means."""

    row: Item
    title: str
    meanings: list[tuple[Word, str]]
    cause: str


@dataclass(frozen=True, slots=True)
class ShownGate:
    """``asked``: how many of its items must be met, a count or a share."""

    row: Gate
    asked: str
    items: list[ShownItem]


@require_safe
def frameworks(request: HttpRequest) -> HttpResponse:
    """The newest version of each; for admins with the form that publishes a further one."""
    return _list(request, FrameworkForm())


@for_admins
@require_POST
def framework_publish(request: HttpRequest) -> HttpResponse:
    """Publish a file, or say what is wrong with each of its lines."""
    form = FrameworkForm(request.POST, request.FILES)
    status = _publish(request, form) if form.is_valid() else UNPROCESSABLE
    return redirect("frameworks") if status == OK else _list(request, form, status)


def _list(request: HttpRequest, form: FrameworkForm, status: int = OK) -> HttpResponse:
    person = person_of(request)
    administers = allows(person, Act.ADMINISTER)
    context = {
        "rows": _listed(person),
        "form": form if administers else None,
        "tabs": admin_tabs("frameworks") if administers else [],
        "drafts": drafts_listed() if administers else [],
    }
    return render(request, "workbench/frameworks/list.html", context, status=status)


@require_safe
def framework(request: HttpRequest, slug: str) -> HttpResponse:
    """One version, word for word."""
    row = _version(request, slug)
    of_it = list(Framework.objects.filter(slug=slug, published_at__isnull=False).order_by("-pk"))
    context = {
        "framework": row,
        "kind": KINDS[row.kind],
        "gates": [_gate(row, gate) for gate in row.gates.all()],
        "moves": _moves(row),
        "rules": _rules(row),
        "versions": _versions(of_it, row),
        "file_url": f"{reverse('framework-file', args=[slug])}?version={row.version}",
        "editable": row == of_it[0] and allows(person_of(request), Act.ADMINISTER),
        "crumbs": [Link(label=_("Frameworks"), href=reverse("frameworks"))],
    }
    return render(request, "workbench/frameworks/framework.html", context)


@require_safe
def framework_file(request: HttpRequest, slug: str) -> HttpResponse:
    """The YAML that would publish this version again."""
    row = _version(request, slug)
    headers = INERT | {"Content-Disposition": f'attachment; filename="{row.slug}-{row.version}.yaml"'}
    text = framework_yaml(stored_framework(row))
    return HttpResponse(text, content_type="application/yaml; charset=utf-8", headers=headers)


def _publish(request: HttpRequest, form: FrameworkForm) -> int:
    """Publish what was sent; what is wrong stands at its field."""
    name = form.cleaned_data["file"].name
    try:
        loaded = publish_framework(form.content(), name, actor_of(request), clock.now())
    except Invalid as refused:
        for error in refused.errors:
            place = error.field.removeprefix("line.")
            told = _("Line %(line)s: %(reason)s") % {"line": place, "reason": error.message}
            form.add_error("file", told if place != error.field else error.message)
        return UNPROCESSABLE
    except Conflict as refused:
        form.add_error("file", refused.message)
        return CONFLICT
    messages.success(request, published_words(loaded))
    return OK


def _version(request: HttpRequest, slug: str) -> Framework:
    published = Framework.objects.filter(slug=slug, published_at__isnull=False)
    version = request.GET.get("version", "").replace("\x00", "")
    rows = published.filter(version=version) if version else published.current()
    row = rows.with_content().first()
    if row is None:
        raise Http404
    return row


def _listed(person: User) -> list[Listed]:
    """Three queries, however many there are."""
    begun = starting_slugs()
    rows = Framework.objects.current().filter(published_at__isnull=False).order_by("pk")
    counted = rows.annotate(items=Count("gates__items"))
    seen = Passage.objects.filter(initiative__in=Initiative.objects.visible_to(person)).order_by()
    used = dict(seen.values_list("framework_slug").annotate(count=Count("pk")))
    return [
        Listed(row, str(KINDS[row.kind]), row.items, _moves(row), used.get(row.slug, 0), row.slug in begun)
        for row in counted
    ]


def _moves(row: Framework) -> list[tuple[Word, Word]]:
    words = {stage.value: word for stage, word in STAGE_WORDS.items()}
    pairs = dict.fromkeys((guard["from"], guard["to"]) for guard in row.guards)
    return [(words[before], words[after]) for before, after in pairs]


def _rules(row: Framework) -> list[tuple[Word, str]]:
    """What each answer means here in general."""
    said = row.notes.get("answer_rule", {})
    words = answer_words(row).items()
    return [(word, content(said[value.value])) for value, word in words if value.value in said]


def _gate(framework: Framework, row: Gate) -> ShownGate:
    words = answer_words(framework)
    items = [_item(words, item) for item in row.items.all()]
    return ShownGate(row, row.min_share_met or str(row.min_met), items)


def _item(words: dict[AnswerValue, Word], row: Item) -> ShownItem:
    texts = {"met": row.when_met, "partial": row.when_partial, "not_met": row.when_not_met}
    meanings = [(word, content(texts[value.value])) for value, word in words.items() if value.value in texts]
    cause = root_causes().get(row.root_cause)
    title = f"{row.code} · {content(row.title)}"
    if row.critical:
        title = f"{title} · {_('Critical')}"
    return ShownItem(row, title, meanings, content(cause.name) if cause else row.root_cause)


def _versions(rows: Sequence[Framework], shown: Framework) -> list[Link]:
    """Those of one framework, the newest first; none where there is only one."""
    if len(rows) < 2:
        return []
    where = reverse("framework", args=[shown.slug])
    return [
        Link(label=row.version, href=f"{where}?version={row.version}", current=row.pk == shown.pk)
        for row in rows
    ]
