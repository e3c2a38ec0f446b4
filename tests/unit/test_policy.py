"""The policy against the table of the domain's rules, written out here once more and independently of the code."""

from itertools import product

import pytest

from readiness.accounts.models import SystemRole, User
from readiness.accounts.policy import Act, Relation, allowed_acts, allows

COLUMNS = ("team", "lead", "reviewer", "executive", "auditor", "admin")

# x: yes. -: no. off: a reviewer, as long as they are not on the team. own: also the owner of the condition.
# named: who was named to decide, on the team or not. exec: an executive who is not on the team, and where an executive
# was named, nobody but that one.
TABLE = """
    create an initiative                    -    x  -    x  -  x
    take over in rollout or live            -    -  -    -  -  x
    edit facts, plan, budget                x    -  -    -  -  -
    edit people and visibility              x    -  -    -  -  x
    answer, add or withdraw evidence        x    -  -    -  -  -
    assign an item, or end an assignment    x    -  -    -  -  -
    submit a gate                           x    -  -    -  -  -
    mark a condition kept                   own  -  -    -  -  -
    give a condition to another owner       own  -  -    -  -  -
    decide a gate                           -    -  off  -  -  -
    grant a waiver                          -    -  off  -  -  -
    confirm or reopen a condition           -    -  off  -  -  -
    declare a material change               x    -  x    -  -  -
    move a stage, retire                    x    -  -    x  -  -
    hold, lift a hold                       x    -  -    x  -  -
    stop with a lesson                      x    -  -    x  -  -
    decide a triggered exit criterion: stop, hold, rework  named  -  -  x  -  -
    go on in spite of a triggered exit criterion  -  -  -  exec  -  -
    amend a locked promise                  x    -  -    -  -  -
    acknowledge an amended promise          -    -  off  -  -  -
    comment                                 x    x  x    x  -  x
    acknowledge or snooze a flag            x    -  x    x  -  -
    confirm or correct a root cause         x    -  x    -  -  -
    leave what worked                       x    -  -    -  -  -
    see lists and the portfolio             x    x  x    x  x  x
    see the organisation's audit trail      -    -  -    -  x  x
    administer                              -    -  -    -  -  x
"""
ADMINISTER = "people, roles, thresholds, the organisation, others' tokens"


def written_out() -> dict[Act, dict[str, str]]:
    rows = {}
    for line in TABLE.strip().splitlines():
        *words, team, lead, reviewer, executive, auditor, admin = line.split()
        name = " ".join(words)
        cells = (team, lead, reviewer, executive, auditor, admin)
        rows[Act(ADMINISTER if name == "administer" else name)] = dict(zip(COLUMNS, cells, strict=True))
    return rows


MATRIX = written_out()
ROLE_SETS = [
    frozenset(role for role, held in zip(SystemRole, choice, strict=True) if held)
    for choice in product((False, True), repeat=len(SystemRole))
]


def someone(roles: frozenset[SystemRole], active: bool = True) -> User:
    return User(username="someone", is_active=active, **{f"is_{role.value}": True for role in roles})


EVERY_PLACE = Relation(on_team=True, owns_condition=True, decides_exit=True, names_an_executive=True)
RELATIONS = [Relation(*choice) for choice in product((False, True), repeat=4)]


def expected(act: Act, roles: frozenset[SystemRole], at: Relation) -> bool:
    row = MATRIX[act]
    if "auditor" not in roles:
        if at.on_team and row["team"] in ("x", "own"):
            return True
        if (at.owns_condition and row["team"] == "own") or (at.decides_exit and row["team"] == "named"):
            return True
    if "executive" in roles and row["executive"] == "exec" and not at.on_team:
        return at.decides_exit or not at.names_an_executive
    return any(row[role] == "x" or (row[role] == "off" and not at.on_team) for role in roles)


def test_the_table_speaks_of_every_act() -> None:
    assert set(MATRIX) == set(Act)


@pytest.mark.parametrize("act", Act)
def test_every_mixture_of_roles_and_places_may_do_what_the_table_says(act: Act) -> None:
    wrong = [
        (sorted(roles), relation)
        for roles, relation in product(ROLE_SETS, RELATIONS)
        if allows(someone(roles), act, relation) != expected(act, roles, relation)
    ]
    assert wrong == []


@pytest.mark.parametrize("act", Act)
def test_who_is_deactivated_may_do_nothing(act: Act) -> None:
    everything = frozenset(SystemRole)
    assert not allows(someone(everything, active=False), act, EVERY_PLACE)
    assert not allows(someone(everything - {SystemRole.AUDITOR}, active=False), act, Relation())


@pytest.mark.parametrize("act", Act)
def test_who_has_no_role_and_no_place_may_do_nothing(act: Act) -> None:
    assert not allows(someone(frozenset()), act)


def test_an_auditor_on_a_team_only_reads() -> None:
    held = allowed_acts(someone(frozenset({SystemRole.AUDITOR})), EVERY_PLACE)
    assert held == {Act.SEE_PORTFOLIO, Act.SEE_AUDIT}


def test_nobody_on_the_team_decides_whatever_their_roles() -> None:
    for roles in ROLE_SETS:
        held = allowed_acts(someone(roles), EVERY_PLACE)
        assert not held & {Act.DECIDE, Act.WAIVE, Act.CONFIRM_CONDITION, Act.ACKNOWLEDGE_AMENDMENT, Act.GO_ON}


def test_what_a_page_offers_is_what_the_policy_allows() -> None:
    for roles, on_team in product(ROLE_SETS, (False, True)):
        person, relation = someone(roles), Relation(on_team=on_team)
        assert allowed_acts(person, relation) == {act for act in Act if allows(person, act, relation)}
