"""Frameworks edited in the browser: admins begin a draft, change it part by part, and publish it or throw it away."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from checklists.documents import MAX_BYTES
from checklists.drafting import HEAD, NoSuchPart, Wrong, begun, part_of, read, taken_over, version_after
from checklists.frameworks import KINDS, NAME, SLUG, ParsedFramework
from checklists.loading import Loaded, NotPublished, refuse_unpublishable, stored_framework
from checklists.models import Framework, FrameworkDraft
from checklists.writing import Document, document_yaml
from readiness.actions.acting import same_version
from readiness.actions.administering import begin_administration
from readiness.actions.errors import Conflict, FieldError, Invalid, NotFound
from readiness.actions.frameworks import publish_framework, unknown_words
from readiness.actions.starting import refuse_beside_the_start
from readiness.actions.texts import askable, text_errors, word_errors
from readiness.audit.recording import Actor, record
from readiness.ui.local import number

DRAFTS_MAX = 50
"""So many at once."""

Edit = Callable[[Document], Document]


@transaction.atomic
def change_framework(slug: str, by: Actor, at: datetime) -> tuple[FrameworkDraft, bool]:
    """Begin a draft of the next version of a framework; and whether there was none.

    Where one stands that was begun from this framework and still has its slug, it is that one: of two drafts of one
    version, one would be lost. Raises NotAllowed, NotFound, or Conflict ``too_many_drafts``.
    """
    begin_administration(by)
    row = _current(slug)
    for draft in FrameworkDraft.objects.filter(based_on__slug=row.slug):
        if draft.document.get("slug") == row.slug:
            return draft, False
    taken = {*Framework.objects.filter(slug=row.slug).values_list("version", flat=True)}
    document = taken_over(stored_framework(row)) | {"version": version_after(row.version, taken)}
    return _begin(document, row, by, at), True


@transaction.atomic
def copy_framework(slug: str, new_slug: str, name: str, by: Actor, at: datetime) -> FrameworkDraft:
    """Begin a draft of another framework, which says what the newest version of this one says; its codes stay.

    Raises NotAllowed, NotFound, Invalid at ``slug`` and ``name``, or Conflict ``too_many_drafts``.
    """
    begin_administration(by)
    row = _current(slug)
    _require_new(new_slug, name)
    own = {"slug": new_slug.strip(), "version": "1.0", "name": name.strip()}
    return _begin(taken_over(stored_framework(row)) | own, row, by, at)


@transaction.atomic
def begin_framework(slug: str, name: str, kind: str, by: Actor, at: datetime) -> FrameworkDraft:
    """Begin a draft with one gate and one item, both to be written.

    Raises NotAllowed, Invalid at ``slug``, ``name`` and ``kind``, or Conflict ``too_many_drafts``.
    """
    begin_administration(by)
    _require_new(slug, name, word_errors("kind", kind, KINDS))
    return _begin(begun(slug.strip(), name.strip(), kind), None, by, at)


@transaction.atomic
def change_draft(
    draft_id: int, seen: int | None, part: int, edit: Edit, by: Actor, at: datetime
) -> FrameworkDraft:
    """Change a draft by ``edit``, which is about one ``part`` of it, if it still is at the version that was ``seen``.

    It may be left with mistakes. What changes nothing is no change. Raises NotAllowed, NotFound where draft or part is
    gone, Stale with the draft as it stands, or Invalid at ``document`` where it would be larger than a file may be.
    """
    begin_administration(by)
    draft = _locked(draft_id)
    same_version(seen, draft.version, draft)
    try:
        told = _told(draft) | {"part": _named(draft.document, part)}
        changed = edit(draft.document)
    except NoSuchPart:
        raise NotFound from None
    if changed == draft.document:
        return draft
    _require_room(changed)
    draft.document, draft.version = changed, draft.version + 1
    draft.changed_by, draft.changed_at = by.user, at
    draft.save()
    record(by, "draft.changed", told, at)
    return draft


@transaction.atomic
def discard_draft(draft_id: int, seen: int | None, by: Actor, at: datetime) -> None:
    """Throw a draft away; one that is not there (any more) is no error.

    Raises NotAllowed, or Stale where it changed since it was ``seen``: what somebody wrote since is not lost unread.
    """
    begin_administration(by)
    draft = FrameworkDraft.objects.select_for_update(no_key=True, of=("self",)).filter(pk=draft_id).first()
    if draft is not None:
        same_version(seen, draft.version, draft)
        draft.delete()
        record(by, "draft.deleted", _told(draft), at)


@transaction.atomic
def publish_draft(draft_id: int, seen: int | None, by: Actor, at: datetime) -> Loaded:
    """Publish a draft as ``publish_framework`` publishes a file; then it is gone.

    Raises NotAllowed, NotFound, Stale where it changed since it was ``seen``, Invalid with every mistake, or Conflict
    ``framework_stands`` (also where the version stands word for word), ``guard_lost`` or ``not_beside_the_start``. Then
    the draft stays.
    """
    begin_administration(by)
    draft = _locked(draft_id)
    same_version(seen, draft.version, draft)
    loaded = publish_framework(document_yaml(draft.document).encode(), "draft", by, at)
    if not loaded.published:
        raise Conflict("framework_stands", _stands(loaded.framework))
    draft.delete()
    return loaded


def wrong_with(document: Document) -> tuple[ParsedFramework | None, tuple[Wrong, ...]]:
    """The framework that a document says, and what is wrong with it: what publishing would refuse it for."""
    parsed, wrong = read(document)
    if parsed is None:
        return None, wrong
    keys = {item.get("code"): item["key"] for gate in document["gates"] for item in gate["items"]}
    fields = {"unknown_root_cause": "root_cause", "unknown_fact": "fact"}
    return parsed, tuple(
        Wrong(keys[error.field.removeprefix("items.")], fields[error.code], error.message)
        for error in unknown_words(parsed)
    )


def in_the_way(parsed: ParsedFramework) -> str:
    """What stands in the way of publishing a framework that is well written; "" for nothing."""
    try:
        refuse_unpublishable(parsed)
    except NotPublished as refused:
        return refused.sentence
    stands = Framework.objects.filter(slug=parsed.slug, version=parsed.version).first()
    if stands:
        return _stands(stands)
    try:
        refuse_beside_the_start(parsed)
    except Conflict as refused:
        return refused.message
    return ""


def _stands(row: Framework) -> str:
    told = {"framework": str(row)}
    return _("%(framework)s stands already, word for word. Give the draft a new version.") % told


def _current(slug: str) -> Framework:
    row = Framework.objects.current().with_content().filter(slug__in=askable([slug])).first()
    if row is None:
        raise NotFound
    return row


def _require_new(slug: str, name: str, errors: list[FieldError] | None = None) -> None:
    """How a slug is written is among the mistakes of the draft; that it is nobody's is asked before."""
    found = [*text_errors("slug", slug, SLUG), *text_errors("name", name, NAME), *(errors or ())]
    if not found and Framework.objects.filter(slug=slug.strip()).exists():
        message = _("There is a framework %(slug)s already. Change that one, or choose another short name.")
        found = [FieldError("slug", "taken", message % {"slug": slug.strip()})]
    if found:
        raise Invalid(found)


def _begin(document: Document, based_on: Framework | None, by: Actor, at: datetime) -> FrameworkDraft:
    if FrameworkDraft.objects.count() >= DRAFTS_MAX:
        told = _("%(most)s drafts are as many as there may be. Publish one, or throw one away.")
        raise Conflict("too_many_drafts", told % {"most": DRAFTS_MAX})
    draft = FrameworkDraft.objects.create(
        document=document,
        based_on=based_on,
        created_by=by.user,
        created_at=at,
        changed_by=by.user,
        changed_at=at,
    )
    source = {"based_on": f"{based_on.slug} {based_on.version}"} if based_on else {}
    record(by, "draft.created", _told(draft) | source, at)
    return draft


def _locked(draft_id: int) -> FrameworkDraft:
    rows = FrameworkDraft.objects.select_for_update(no_key=True, of=("self",))
    draft = rows.filter(pk=draft_id).first()
    if draft is None:
        raise NotFound
    return draft


def _require_room(document: Document) -> None:
    size = len(document_yaml(document).encode())
    if size > MAX_BYTES:
        told = {"most": number(f"{MAX_BYTES:,}"), "size": number(f"{size:,}")}
        message = _("A framework may take %(most)s bytes; with this it would take %(size)s.")
        raise Invalid([FieldError("document", "too_long", message % told)])


def _told(draft: FrameworkDraft) -> dict[str, Any]:
    """As the audit trail names a draft: by what it would be published as."""
    return {key: str(draft.document.get(key, ""))[:SLUG] for key in ("slug", "version")}


def _named(document: Document, key: int) -> str:
    """A part as the audit trail names it: its code or slug. Raises NoSuchPart."""
    part = part_of(document, key)
    return "" if key == HEAD else str(part.get("code", part.get("slug", "")))[:SLUG]
