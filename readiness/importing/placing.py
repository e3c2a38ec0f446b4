"""Writing whom the rows name: places are opened and closed as by every other act, for a batch at once.

Only for initiatives that no person has worked on. What a row names in words that could not be used takes nobody's place
away, and a column that is not there says nothing of its role.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from gates.models import Initiative, Role, TeamRole
from readiness.accounts.models import User
from readiness.actions.acting import hold_people
from readiness.actions.team import close_places
from readiness.importing.naming import MEMBERS
from readiness.importing.plan import PlannedInitiative

CHUNK = 500


def hold_named(planned: Iterable[PlannedInitiative]) -> None:
    """Lock whom these rows name until the transaction ends: nobody deactivates them meanwhile."""
    hold_people(_usernames(planned))


def write_people(pairs: Sequence[tuple[Initiative, PlannedInitiative]], at: datetime) -> None:
    """Bring the places of these initiatives to what their rows say; a fixed number of queries.

    People are known from the first that a row names on. Who was deactivated since the file was read is not named.
    """
    keys = [initiative.pk for initiative, _ in pairs]
    active = dict(
        User.objects.active()
        .filter(username__in=_usernames(one for _, one in pairs))
        .values_list("username", "pk")
    )
    present: dict[int, dict[tuple[str, int], int]] = {key: {} for key in keys}
    places = TeamRole.objects.filter(initiative__in=keys, until__isnull=True).order_by()
    for pk, key, role, user in places.values_list("pk", "initiative_id", "role", "user_id"):
        present[key][role, user] = pk
    gone: list[int] = []
    opened: list[TeamRole] = []
    manned: set[int] = set()
    for initiative, one in pairs:
        held = present[initiative.pk]
        wanted, ended = _wanted(one, held, active)
        gone += [held[place] for place in ended]
        opened += [
            TeamRole(initiative=initiative, role=role, user_id=user, since=at)
            for role, user in wanted
            if (role, user) not in held
        ]
        if wanted or held.keys() - ended:
            manned.add(initiative.pk)
    close_places(TeamRole.objects.filter(pk__in=gone), at)
    TeamRole.objects.bulk_create(opened, batch_size=CHUNK)
    Initiative.objects.filter(pk__in=keys).update(people_known=False)
    Initiative.objects.filter(pk__in=manned).update(people_known=True)


def _wanted(
    one: PlannedInitiative, held: Iterable[tuple[str, int]], active: dict[str, int]
) -> tuple[list[tuple[str, int]], set[tuple[str, int]]]:
    """The places that a row gives, as role and person, and those of the ``held`` ones that it ends."""
    wanted: list[tuple[str, int]] = []
    ended: set[tuple[str, int]] = set()
    for place in one.people:
        role = Role.MEMBER.value if place.role == MEMBERS else place.role
        given = [(role, active[username]) for username in place.usernames if username in active]
        wanted += given
        stays = place.unclear or len(given) < len(place.usernames)
        replaced = bool(given) and role != Role.MEMBER
        if replaced or not stays:
            ended |= {other for other in held if other[0] == role and other not in given}
    return wanted, ended


def _usernames(planned: Iterable[PlannedInitiative]) -> set[str]:
    return {username for one in planned for username in _named_in(one)}


def _named_in(one: PlannedInitiative) -> Iterator[str]:
    return (username for place in one.people for username in place.usernames)
