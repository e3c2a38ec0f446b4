"""How every act on an initiative begins and ends: lock, policy, change, recompute, one audit event.

An act runs inside one transaction that its verb function opens. The initiative's row is locked first, then the people
whom the act names; the audit chain's row, taken by the recompute, last.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models.functions import Lower
from django.utils.translation import gettext as _

from gates.definitions import LoadedFramework, passages_of
from gates.models import Initiative, Passage, TeamRole
from gates.seeing import locked_initiative
from gates.separation import BAR_MESSAGES, Bar
from readiness.accounts.models import Organisation, User
from readiness.accounts.policy import POLICY, Act, Grant, Relation, allows, relation_to
from readiness.actions.errors import Conflict, NotAllowed, NotFound, Stale
from readiness.actions.settling import settle_assignments
from readiness.actions.texts import askable
from readiness.audit.models import ActorKind
from readiness.audit.recording import Actor
from readiness.standing.facts import Known
from readiness.standing.outcome import Outcome
from readiness.standing.recompute import Deed, recompute
from readiness.ui.local import within
from readiness.ui.saying import say

TOUCHED = frozenset({"updated_at", "as_of", "last_activity_on"})
"""What every act moves of the initiative's row."""


@dataclass(slots=True)
class Work:
    """One act under way on one locked initiative."""

    initiative: Initiative
    actor: Actor
    at: datetime
    organisation: Organisation
    relation: Relation
    before: Outcome
    as_read: dict[str, Any]
    """The columns of the initiative as they stood under the lock."""
    passages: list[tuple[Passage, LoadedFramework]] | None = None
    """Its frameworks, once somebody asked for them under the lock."""

    @property
    def today(self) -> date:
        return self.organisation.day_of(self.at)

    def frameworks(self) -> list[tuple[Passage, LoadedFramework]]:
        """The frameworks of the initiative, read once."""
        if self.passages is None:
            self.passages = passages_of(self.initiative.pk)
        return self.passages

    def require(self, act: Act) -> None:
        """Ask for a further right, where what is found under the lock makes it another act. Raises NotAllowed."""
        if self.actor.user is not None and not allows(self.actor.user, act, self.relation):
            raise _not_allowed(act, self.relation)

    def finish(
        self,
        verb: str,
        data: dict[str, Any],
        *,
        own: bool = False,
        activity: bool = False,
        edits: bool = True,
    ) -> Outcome:
        """Write the initiative, recompute it and append the event.

        ``own``: the initiative's own fields or its frameworks changed, so its version grows. ``activity``: what the
        rules call activity (an answer, evidence, a submission, a decision), where a person did it by their own hand:
        what a program sends is none, and nobody was heard. ``edits``: false for what only quiets or remarks.
        """
        initiative = self.initiative
        initiative.updated_at = self.at
        if edits and self.actor.kind == ActorKind.PERSON:
            # From the first edit by a person on, an imported initiative lives in the present.
            initiative.as_of = None
        by_hand = self.actor.by_hand
        if activity and by_hand:
            initiative.last_activity_on = max(self.today, initiative.last_activity_on or self.today)
        if own:
            initiative.version += 1
        moved = {name for name, value in _columns(initiative).items() if value != self.as_read[name]}
        initiative.save(update_fields=None if own else moved | TOUCHED)
        if by_hand:
            own_places = TeamRole.objects.filter(
                initiative=initiative, user=self.actor.user, until__isnull=True
            )
            own_places.update(heard_on=self.today)
        deed = Deed(self.actor, verb, data, before=self.before)
        known = [] if own or moved - TOUCHED else [Known(initiative, self.passages)]
        found = recompute([initiative.pk], self.at, deed, organisation=self.organisation, known=known)
        after = found[initiative.pk]
        settle_assignments(initiative, self.before, after, self.actor, self.at)
        self.before = after
        return after


def begin(
    initiative_id: int,
    act: Act,
    by: Actor,
    at: datetime,
    *,
    condition_owner_id: int | None = None,
    exit_decider: User | None = None,
    naming: Iterable[str | None] = (),
    ended_ok: bool = False,
    organisation: Organisation | None = None,
) -> Work:
    """Lock the initiative and ask whether the act may go on.

    Raises NotFound when it is not there or not to be known, NotAllowed when the policy says no, Conflict
    ``initiative_ended`` on one that has ended. ``naming``: the usernames of those whom the act gives something to do;
    how they stand is read afterwards. Who has read the ``organisation`` spares its query.
    """
    initiative = locked(initiative_id, by)
    relation = Relation()
    if by.user is not None:
        relation = relation_to(by.user, initiative, condition_owner_id, exit_decider)
        if not allows(by.user, act, relation):
            raise _not_allowed(act, relation)
    if initiative.has_ended and not ended_ok:
        raise Conflict("initiative_ended", _ended(initiative))
    hold_people(naming)
    organisation = organisation or Organisation.get()
    before = recompute([initiative.pk], at, only_if_due=True, organisation=organisation)[initiative.pk]
    return Work(initiative, by, at, organisation, relation, before, _columns(initiative))


def _columns(initiative: Initiative) -> dict[str, Any]:
    return {column.name: getattr(initiative, column.attname) for column in Initiative._meta.concrete_fields}


def locked(initiative_id: int, by: Actor) -> Initiative:
    """The initiative, its row locked until the transaction ends; NotFound where the actor may not know of it."""
    if by.user is not None and not by.user.is_active:
        raise NotFound
    initiative = locked_initiative(initiative_id, by.user)
    if initiative is None:
        raise NotFound
    return initiative


def hold_people(usernames: Iterable[str | None]) -> None:
    """Lock the rows of these people, whatever the case of the name: nobody deactivates them until the transaction ends.

    In the order of their keys, after the initiative's row and before a recompute, which may take the audit chain.
    """
    names = {name.lower() for name in askable(name for name in usernames if name)}
    if names:
        people = User.objects.alias(lower=Lower("username")).filter(lower__in=names).order_by("pk")
        list(people.select_for_update(no_key=True).values_list("pk"))


def _ended(initiative: Initiative) -> str:
    return _("This initiative has ended (%(stage_label)s).") % {
        "stage_label": within(say(initiative.stage_label))
    }


def _not_allowed(act: Act, relation: Relation) -> NotAllowed:
    if relation.on_team and Grant.REVIEWER_OFF_TEAM in POLICY[act]:
        return NotAllowed("separation_of_duties", BAR_MESSAGES[Bar.ON_THE_TEAM])
    return NotAllowed("not_allowed", _("You may not %(act)s here.") % {"act": act.words})


def same_version(expected: int | str | None, actual: int | str, current: Any) -> None:
    """Refuse a write made on a version that no longer stands. ``expected`` None: the last write wins."""
    if expected is not None and expected != actual:
        raise Stale(current)
