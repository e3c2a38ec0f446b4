"""Views that a person keeps: saved, renamed, shared, deleted, and chosen as where they begin. Only their owner does."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from gates.querysets import normalised
from readiness.accounts.models import VIEW_NAME_MAX, VIEW_QUERY_MAX, SavedView, User
from readiness.actions.errors import Conflict, FieldError, Invalid, NotFound
from readiness.actions.texts import text_errors
from readiness.audit.recording import Actor, record

VIEWS_MAX = 100
"""So many a person may keep."""


@transaction.atomic
def save_view(owner: User, name: str, page: str, query: str, shared: bool, at: datetime) -> SavedView:
    """Keep a page and its filters, both as ``readiness.portfolio.saved`` made them.

    Raises Invalid at ``name`` or ``query``, and Conflict where they keep too many.
    """
    _lock(owner)
    name = " ".join(name.split())
    errors = _name_errors(owner, name)
    if len(query) > VIEW_QUERY_MAX:
        errors.append(FieldError("query", "too_long", _("These filters are too long to be saved.")))
    if errors:
        raise Invalid(errors)
    if SavedView.objects.filter(owner=owner).count() >= VIEWS_MAX:
        said = _("%(most)s views are as many as a person may keep. Delete one first.") % {"most": VIEWS_MAX}
        raise Conflict("too_many_views", said)
    view = SavedView.objects.create(
        owner=owner,
        name=name,
        name_key=normalised(name),
        page=page,
        query=query,
        shared=shared,
        created_at=at,
    )
    record(Actor.person(owner), "view.saved", {"name": name, "shared": shared}, at)
    return view


@transaction.atomic
def change_view(owner: User, key: int, name: str, shared: bool, at: datetime) -> SavedView:
    """Rename one's own, and share it or not. Raises NotFound, or Invalid at ``name``."""
    view = _own(owner, key)
    name = " ".join(name.split())
    errors = _name_errors(owner, name, but=key)
    if errors:
        raise Invalid(errors)
    changed = {
        field: [before, after]
        for field, before, after in (("name", view.name, name), ("shared", view.shared, shared))
        if before != after
    }
    if changed:
        view.name, view.name_key, view.shared = name, normalised(name), shared
        view.save(update_fields=["name", "name_key", "shared"])
        record(Actor.person(owner), "view.changed", {"name": name, "changed": changed}, at)
    return view


@transaction.atomic
def delete_view(owner: User, key: int, at: datetime) -> None:
    """Delete one's own. Raises NotFound."""
    view = _own(owner, key)
    view.delete()
    record(Actor.person(owner), "view.deleted", {"name": view.name}, at)


@transaction.atomic
def begin_at(owner: User, key: int | None, at: datetime) -> None:
    """Begin at one of one's own views from now on; None: at home, as everybody. Raises NotFound."""
    view = None if key is None else _own(owner, key)
    _lock(owner)
    before = SavedView.objects.filter(owner=owner, is_start=True).first()
    if before == view:
        return
    SavedView.objects.filter(owner=owner, is_start=True).update(is_start=False)
    if view is not None:
        view.is_start = True
        view.save(update_fields=["is_start"])
    names = [before.name if before else None, view.name if view else None]
    record(Actor.person(owner), "view.start", {"changed": {"start": names}}, at)


def _lock(owner: User) -> None:
    """One change of a person's views at a time: what is counted and compared stays so until it is written."""
    User.objects.select_for_update(no_key=True).get(pk=owner.pk)


def _own(owner: User, key: int) -> SavedView:
    _lock(owner)
    view = SavedView.objects.filter(owner=owner, pk=key).first()
    if view is None:
        raise NotFound
    return view


def _name_errors(owner: User, name: str, but: int | None = None) -> list[FieldError]:
    errors = text_errors("name", name, VIEW_NAME_MAX)
    if errors:
        return errors
    namesakes = SavedView.objects.filter(owner=owner, name_key=normalised(name)).values_list("pk", flat=True)
    if any(key != but for key in namesakes):
        return [FieldError("name", "named_twice", _("You have a view of this name."))]
    return []
