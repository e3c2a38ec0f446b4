"""The other way round: not what a person may see, but who may see one initiative."""

from django.db.models import Q

from gates.models import Initiative, TeamRole, Visibility
from readiness.accounts.models import SystemRole, User, UserQuerySet

_SEES_ALL = (SystemRole.REVIEWER, SystemRole.EXECUTIVE, SystemRole.AUDITOR, SystemRole.ADMIN)


def who_may_see(initiative: Initiative) -> UserQuerySet:
    """The active people whom ``Initiative.objects.visible_to`` shows this initiative (held by a test)."""
    places = TeamRole.objects.filter(initiative=initiative, until__isnull=True)
    roles = _SEES_ALL if initiative.visibility == Visibility.TEAM else tuple(SystemRole)
    sees = Q(pk__in=places.values("user"))
    for role in roles:
        sees |= Q(**{f"is_{role.value}": True})
    found: UserQuerySet = User.objects.active().filter(sees)
    return found


def who_may_answer(initiative: Initiative) -> UserQuerySet:
    """The active people on its team, but those who only read: to whom an item can be given."""
    places = TeamRole.objects.filter(initiative=initiative, until__isnull=True)
    found: UserQuerySet = User.objects.active().filter(is_auditor=False, pk__in=places.values("user"))
    return found


def who_may_keep(initiative: Initiative) -> UserQuerySet:
    """Who can own a condition: the active people who may see the initiative, but those who only read."""
    return who_may_see(initiative).filter(is_auditor=False)
