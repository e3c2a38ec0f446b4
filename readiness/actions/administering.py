"""How every act of administration begins: one after another, by somebody who is an admin at this very moment."""

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from gates.models import Initiative, TeamRole
from readiness.accounts.models import Organisation, User
from readiness.accounts.policy import Act, allows
from readiness.actions.errors import NotAllowed, NotFound
from readiness.audit.recording import Actor


def begin_administration(by: Actor) -> Organisation:
    """The organisation, its row locked until the transaction ends.

    The lock comes first of all. Under it the actor is read again: of two admins who deactivate each other at once,
    the second is refused. Raises NotAllowed.
    """
    organisation = locked_organisation()
    if by.user is not None and not allows(User.objects.get(pk=by.user.pk), Act.ADMINISTER):
        raise NotAllowed(
            "not_allowed", _("You may not administer %(administer)s.") % {"administer": Act.ADMINISTER.words}
        )
    return organisation


def locked_organisation() -> Organisation:
    """Its row locked until the transaction ends, before any other: what it asks for stays as it is meanwhile."""
    Organisation.get()
    return Organisation.objects.select_for_update(no_key=True).get(pk=1)


def locked_person(username: str) -> User:
    """The person with this username, whatever its case, the row locked. Raises NotFound."""
    person = User.objects.select_for_update(no_key=True).named(username).first()
    if person is None:
        raise NotFound(_("There is no person with the username %(username)s.") % {"username": username})
    return person


def locked_with_places(username: str) -> User:
    """The same, and first the initiatives on which they hold a place, in the order of all acts. Raises NotFound.

    Who is put on one more before their own row is locked is locked anew, with that one.
    """
    while True:
        mark = transaction.savepoint()
        rows = _places(username).order_by("pk").select_for_update(of=("self",), no_key=True)
        held = set(rows.values_list("pk", flat=True))
        person = locked_person(username)
        if held.issuperset(_places(username).values_list("pk", flat=True)):
            return person
        transaction.savepoint_rollback(mark)  # which lets go of the rows


def _places(username: str) -> QuerySet[Initiative]:
    places = TeamRole.objects.filter(user__in=User.objects.named(username), until__isnull=True)
    return Initiative.objects.filter(pk__in=places.values("initiative"))
