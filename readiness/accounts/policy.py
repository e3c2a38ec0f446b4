"""Who may do what: the one table. What is not in it nobody may do.

A right is the union of a person's roles and of their places on the initiative's team. An auditor only reads: a place
on a team gives an auditor nothing. Separation of duties (``gates.separation``) takes away on top of this table, and a
token's scopes narrow it further at the door of the API.
"""

from dataclasses import dataclass, replace
from enum import StrEnum

from gates.asking import Prepared
from gates.models import Initiative, TeamRole
from readiness.accounts.models import SystemRole, User
from readiness.ui.lazily import pgettext_lazy


class Act(StrEnum):
    """What people do. The first group concerns one initiative, the second none."""

    EDIT = "edit facts, plan, budget"
    EDIT_PEOPLE = "edit people and visibility"
    ANSWER = "answer, add or withdraw evidence"
    ASSIGN = "assign an item, or end an assignment"
    SUBMIT = "submit a gate"
    KEEP_CONDITION = "mark a condition kept"
    GIVE_CONDITION = "give a condition to another owner"
    DECIDE = "decide a gate"
    WAIVE = "grant a waiver"
    CONFIRM_CONDITION = "confirm or reopen a condition"
    DECLARE_CHANGE = "declare a material change"
    MOVE_STAGE = "move a stage, retire"
    HOLD = "hold, lift a hold"
    STOP = "stop with a lesson"
    DECIDE_EXIT = "decide a triggered exit criterion: stop, hold, rework"
    GO_ON = "go on in spite of a triggered exit criterion"
    AMEND = "amend a locked promise"
    ACKNOWLEDGE_AMENDMENT = "acknowledge an amended promise"
    COMMENT = "comment"
    QUIET_FLAG = "acknowledge or snooze a flag"
    CONFIRM_CAUSE = "confirm or correct a root cause"
    TEACH = "leave what worked"

    CREATE = "create an initiative"
    TAKE_OVER_LATE = "take over in rollout or live"
    SEE_PORTFOLIO = "see lists and the portfolio"
    SEE_AUDIT = "see the organisation's audit trail"
    ADMINISTER = "people, roles, thresholds, the organisation, others' tokens"

    @property
    def words(self) -> str:
        """What it is in the reader's language, as it stands in "You may not … here"."""
        return str(_ACT_WORDS[self])


_ACT_WORDS = {
    Act.EDIT: pgettext_lazy("you may not … here", "edit facts, plan, budget"),
    Act.EDIT_PEOPLE: pgettext_lazy("you may not … here", "edit people and visibility"),
    Act.ANSWER: pgettext_lazy("you may not … here", "answer, add or withdraw evidence"),
    Act.ASSIGN: pgettext_lazy("you may not … here", "assign an item, or end an assignment"),
    Act.SUBMIT: pgettext_lazy("you may not … here", "submit a gate"),
    Act.KEEP_CONDITION: pgettext_lazy("you may not … here", "mark a condition kept"),
    Act.GIVE_CONDITION: pgettext_lazy("you may not … here", "give a condition to another owner"),
    Act.DECIDE: pgettext_lazy("you may not … here", "decide a gate"),
    Act.WAIVE: pgettext_lazy("you may not … here", "grant a waiver"),
    Act.CONFIRM_CONDITION: pgettext_lazy("you may not … here", "confirm or reopen a condition"),
    Act.DECLARE_CHANGE: pgettext_lazy("you may not … here", "declare a material change"),
    Act.MOVE_STAGE: pgettext_lazy("you may not … here", "move a stage, retire"),
    Act.HOLD: pgettext_lazy("you may not … here", "hold, lift a hold"),
    Act.STOP: pgettext_lazy("you may not … here", "stop with a lesson"),
    Act.DECIDE_EXIT: pgettext_lazy(
        "you may not … here", "decide a triggered exit criterion: stop, hold, rework"
    ),
    Act.GO_ON: pgettext_lazy("you may not … here", "go on in spite of a triggered exit criterion"),
    Act.AMEND: pgettext_lazy("you may not … here", "amend a locked promise"),
    Act.ACKNOWLEDGE_AMENDMENT: pgettext_lazy("you may not … here", "acknowledge an amended promise"),
    Act.COMMENT: pgettext_lazy("you may not … here", "comment"),
    Act.QUIET_FLAG: pgettext_lazy("you may not … here", "acknowledge or snooze a flag"),
    Act.CONFIRM_CAUSE: pgettext_lazy("you may not … here", "confirm or correct a root cause"),
    Act.TEACH: pgettext_lazy("you may not … here", "leave what worked"),
    Act.CREATE: pgettext_lazy("you may not … here", "create an initiative"),
    Act.TAKE_OVER_LATE: pgettext_lazy("you may not … here", "take over in rollout or live"),
    Act.SEE_PORTFOLIO: pgettext_lazy("you may not … here", "see lists and the portfolio"),
    Act.SEE_AUDIT: pgettext_lazy("you may not … here", "see the organisation's audit trail"),
    Act.ADMINISTER: pgettext_lazy(
        "you may not … here", "people, roles, thresholds, the organisation, others' tokens"
    ),
}


class Grant(StrEnum):
    """To whom a right is given."""

    TEAM = "the team"
    CONDITION_OWNER = "the condition's owner"
    REVIEWER_OFF_TEAM = "a reviewer who is not on the team"
    DECIDER = "who was named to decide"
    EXECUTIVE_TO_GO_ON = (
        "an executive who is not on the team; only the named one where an executive was named"
    )
    LEAD = "lead"
    REVIEWER = "reviewer"
    EXECUTIVE = "executive"
    AUDITOR = "auditor"
    ADMIN = "admin"


_ANYBODY = frozenset({Grant.TEAM, Grant.LEAD, Grant.REVIEWER, Grant.EXECUTIVE, Grant.AUDITOR, Grant.ADMIN})

POLICY: dict[Act, frozenset[Grant]] = {
    Act.EDIT: frozenset({Grant.TEAM}),
    Act.EDIT_PEOPLE: frozenset({Grant.TEAM, Grant.ADMIN}),
    Act.ANSWER: frozenset({Grant.TEAM}),
    Act.ASSIGN: frozenset({Grant.TEAM}),
    Act.SUBMIT: frozenset({Grant.TEAM}),
    Act.KEEP_CONDITION: frozenset({Grant.TEAM, Grant.CONDITION_OWNER}),
    Act.GIVE_CONDITION: frozenset({Grant.TEAM, Grant.CONDITION_OWNER}),
    Act.DECIDE: frozenset({Grant.REVIEWER_OFF_TEAM}),
    Act.WAIVE: frozenset({Grant.REVIEWER_OFF_TEAM}),
    Act.CONFIRM_CONDITION: frozenset({Grant.REVIEWER_OFF_TEAM}),
    Act.DECLARE_CHANGE: frozenset({Grant.TEAM, Grant.REVIEWER}),
    Act.MOVE_STAGE: frozenset({Grant.TEAM, Grant.EXECUTIVE}),
    Act.HOLD: frozenset({Grant.TEAM, Grant.EXECUTIVE}),
    Act.STOP: frozenset({Grant.TEAM, Grant.EXECUTIVE}),
    Act.DECIDE_EXIT: frozenset({Grant.DECIDER, Grant.EXECUTIVE}),
    Act.GO_ON: frozenset({Grant.EXECUTIVE_TO_GO_ON}),
    Act.AMEND: frozenset({Grant.TEAM}),
    Act.ACKNOWLEDGE_AMENDMENT: frozenset({Grant.REVIEWER_OFF_TEAM}),
    Act.COMMENT: frozenset({Grant.TEAM, Grant.LEAD, Grant.REVIEWER, Grant.EXECUTIVE, Grant.ADMIN}),
    Act.QUIET_FLAG: frozenset({Grant.TEAM, Grant.REVIEWER, Grant.EXECUTIVE}),
    Act.CONFIRM_CAUSE: frozenset({Grant.TEAM, Grant.REVIEWER}),
    Act.TEACH: frozenset({Grant.TEAM}),
    Act.CREATE: frozenset({Grant.LEAD, Grant.EXECUTIVE, Grant.ADMIN}),
    Act.TAKE_OVER_LATE: frozenset({Grant.ADMIN}),
    Act.SEE_PORTFOLIO: _ANYBODY,
    Act.SEE_AUDIT: frozenset({Grant.AUDITOR, Grant.ADMIN}),
    Act.ADMINISTER: frozenset({Grant.ADMIN}),
}

_OF_ROLE = {
    SystemRole.LEAD: Grant.LEAD,
    SystemRole.REVIEWER: Grant.REVIEWER,
    SystemRole.EXECUTIVE: Grant.EXECUTIVE,
    SystemRole.AUDITOR: Grant.AUDITOR,
    SystemRole.ADMIN: Grant.ADMIN,
}


@dataclass(frozen=True, slots=True)
class Relation:
    """How a person stands to an initiative (or to none), and to the one condition or exit criterion in question.

    ``names_an_executive``: whoever was named to decide the exit criterion is an executive.
    """

    on_team: bool = False
    owns_condition: bool = False
    decides_exit: bool = False
    names_an_executive: bool = False


def grants(user: User, relation: Relation = Relation()) -> frozenset[Grant]:
    """Everything this person holds here and now."""
    if not user.is_active:
        return frozenset()
    held = {_OF_ROLE[role] for role in user.roles}
    if relation.on_team and not user.is_auditor:
        held.add(Grant.TEAM)
    if relation.owns_condition and not user.is_auditor:
        held.add(Grant.CONDITION_OWNER)
    if user.is_reviewer and not relation.on_team:
        held.add(Grant.REVIEWER_OFF_TEAM)
    if relation.decides_exit and not user.is_auditor:
        held.add(Grant.DECIDER)
    if (
        user.is_executive
        and not relation.on_team
        and (relation.decides_exit or not relation.names_an_executive)
    ):
        held.add(Grant.EXECUTIVE_TO_GO_ON)
    return frozenset(held)


def allows(user: User, act: Act, relation: Relation = Relation()) -> bool:
    """May this person do this, standing like this to the initiative?"""
    return bool(POLICY[act] & grants(user, relation))


def allowed_acts(user: User, relation: Relation) -> frozenset[Act]:
    """Everything the person may do here: what a page offers."""
    held = grants(user, relation)
    return frozenset(act for act, given in POLICY.items() if given & held)


_own_places = Prepared(
    lambda keys: (
        TeamRole.objects.filter(initiative=keys[0], user=keys[1], until__isnull=True).order_by().only("pk")
    )
)


def relation_to(
    user: User,
    initiative: Initiative,
    condition_owner_id: int | None = None,
    exit_decider: User | None = None,
) -> Relation:
    """How this person stands to this initiative today; one query.

    ``condition_owner_id`` and ``exit_decider``: whose condition, or whose exit criterion, is in question.
    """
    on_team = bool(_own_places(initiative.pk, user.pk))
    relation = Relation(on_team=on_team, owns_condition=condition_owner_id == user.pk)
    return relation if exit_decider is None else at_exit(relation, user, exit_decider)


def at_exit(relation: Relation, user: User, decider: User) -> Relation:
    """How the same person stands to one exit criterion of the initiative, which this decider was named for."""
    return replace(
        relation,
        decides_exit=decider.pk == user.pk,
        names_an_executive=decider.is_executive and decider.is_active,
    )
