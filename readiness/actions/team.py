"""Who is on an initiative: places are opened and closed, never deleted."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import DateTimeField, F, QuerySet, Value
from django.db.models.functions import Greatest
from django.utils.translation import gettext as _

from gates.models import NAMED_ROLES, Initiative, Role, TeamRole
from readiness.accounts.models import User
from readiness.actions.acting import hold_people
from readiness.actions.errors import FieldError
from readiness.actions.texts import askable, character_errors

People = dict[str, Any]


def people_of(initiative: Initiative) -> People:
    """``{"business_owner": username or None, …, "members": [usernames]}``, as of now."""
    people = _nobody()
    open_places = TeamRole.objects.filter(initiative=initiative, until__isnull=True)
    for role, username in open_places.order_by("user__username").values_list("role", "user__username"):
        if role == Role.MEMBER:
            people["members"].append(username)
        else:
            people[role] = username
    return people


def _nobody() -> People:
    return {role.value: None for role in NAMED_ROLES} | {"members": []}


def first_people_errors(wanted: Mapping[str, Any]) -> list[FieldError]:
    """What is wrong with the people of an initiative that is still to be entered; from then on they are held."""
    hold_people(named_in(wanted))
    return _resolve(wanted, _nobody())[1]


def named_in(wanted: Mapping[str, Any]) -> list[str | None]:
    """The usernames for the named roles and the members, as given."""
    return [*(wanted.get(role.value) for role in NAMED_ROLES), *(wanted.get("members") or [])]


def set_people(
    initiative: Initiative, wanted: Mapping[str, Any], at: datetime
) -> tuple[dict[str, list[Any]], list[FieldError]]:
    """Give the named roles and the members as wanted; what is not named stays as it is.

    Returns what changed as ``{"people.role": [before, after]}`` and every error found. A person who holds a role
    already may stay in it when deactivated; a new one must be active. The act holds the rows of those it names.
    """
    before = people_of(initiative)
    found, errors = _resolve(wanted, before)
    if errors:
        return {}, errors
    changed: dict[str, list[Any]] = {}
    for role in NAMED_ROLES:
        username = wanted.get(role.value) or None
        if role.value in wanted and username != before[role.value]:
            _give_role(initiative, role, found.get(username or ""), at)
            changed[f"people.{role.value}"] = [before[role.value], username]
    if "members" in wanted:
        members = sorted(set(wanted["members"] or []))
        if members != before["members"]:
            _give_members(initiative, {found[username].pk for username in members}, at)
            changed["people.members"] = [before["members"], members]
    return changed, []


def _resolve(wanted: Mapping[str, Any], before: People) -> tuple[dict[str, User], list[FieldError]]:
    """The users named, by the username given, and an error for each that is unknown or inactive."""
    asked: list[tuple[str, str, bool]] = []
    for role in NAMED_ROLES:
        username = wanted.get(role.value)
        if username:
            asked.append((f"people.{role.value}", username, username == before[role.value]))
    for position, username in enumerate(wanted.get("members") or []):
        asked.append((f"people.members.{position}", username, username in before["members"]))
    names = askable(name for _, name, _ in asked)
    by_name = {user.username: user for user in User.objects.filter(username__in=names)}
    errors: list[FieldError] = []
    for field, username, holds_it in asked:
        user = by_name.get(username)
        if user is None:
            message = _("There is no person with the username %(username)s.") % {"username": username}
            errors += character_errors(field, username) or [FieldError(field, "unknown_person", message)]
        elif not user.is_active and not holds_it:
            errors.append(
                FieldError(field, "inactive_person", _("%(user)s is no longer active.") % {"user": user.name})
            )
    return by_name, errors


def close_places(places: QuerySet[TeamRole], at: datetime) -> None:
    """Of two acts at the same time the later may have read the clock first: no place ends before it begins."""
    places.update(until=Greatest(F("since"), Value(at, output_field=DateTimeField())))


def _give_role(initiative: Initiative, role: Role, user: User | None, at: datetime) -> None:
    close_places(TeamRole.objects.filter(initiative=initiative, role=role, until__isnull=True), at)
    if user is not None:
        TeamRole.objects.create(initiative=initiative, role=role, user=user, since=at)


def _give_members(initiative: Initiative, wanted: set[int], at: datetime) -> None:
    places = TeamRole.objects.filter(initiative=initiative, role=Role.MEMBER, until__isnull=True)
    close_places(places.exclude(user_id__in=wanted), at)
    held = set(places.values_list("user_id", flat=True))
    TeamRole.objects.bulk_create(
        TeamRole(initiative=initiative, role=Role.MEMBER, user_id=user_id, since=at)
        for user_id in sorted(wanted - held)
    )
