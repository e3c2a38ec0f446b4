"""What holds for every act on an initiative: who may do it, what it leaves behind, and when nothing is written."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from django.db import transaction

from gates.models import Amendment, Condition, ExitCriterion, Handover, Initiative, Kpi, Reading
from readiness.accounts.models import User
from readiness.actions.answers import withdraw_evidence
from readiness.actions.conditions import confirm_condition, keep_condition, reopen_condition
from readiness.actions.errors import Conflict, NotAllowed, NotFound, Refused
from readiness.actions.exits import add_criterion, decide_exit, edit_criterion, remove_criterion
from readiness.actions.flags import acknowledge_flag, confirm_cause, snooze_flag
from readiness.actions.frameworks import attach_framework
from readiness.actions.handovers import PointChange, close_handover, start_handover, write_handover
from readiness.actions.holds import lift_hold, set_hold
from readiness.actions.initiatives import edit_initiative
from readiness.actions.kpis import acknowledge_amendment, create_kpi, edit_kpi, remove_kpi
from readiness.actions.material_changes import declare_material_change
from readiness.actions.promises import agreed as promised_terms
from readiness.actions.readings import NewReading, add_reading, import_readings, withdraw_reading
from readiness.actions.roadmaps import set_roadmap
from readiness.actions.spending import set_spending
from readiness.actions.stages import move_stage
from readiness.actions.stakeholders import set_stakeholders
from readiness.actions.waivers import grant_waiver
from readiness.audit.models import Event
from readiness.audit.recording import verify
from readiness.standing.models import Flag
from tests.fixtures import answer_all, create, person
from tests.integration.actions.props import (
    LESSON,
    act,
    answer_checkpoint,
    decide,
    everything,
    evidence,
    on,
    promise,
    refused,
    rehearsal,
    say,
    submit,
    the_day,
)

pytestmark = pytest.mark.django_db

CSV = b"date,value\n2026-03-03,7\n"
NOTED = [{"function": "it", "contact": "Ops"}]
Do = Callable[["Busy", User, int], object]


@dataclass(frozen=True)
class Busy:
    """An initiative in which every act has something to be done to."""

    initiative: Initiative
    people: dict[str, User]

    @property
    def pk(self) -> int:
        return self.initiative.pk

    def whoever_may(self, name: str) -> User:
        return next(by for column, by in self.people.items() if TABLE[name][column] == "x")

    def condition(self, state: str) -> int:
        return Condition.objects.get(decision__passage__initiative=self.initiative, state=state).pk

    def evidence(self) -> int:
        return evidence(self.initiative, "ADPT-3")[0].pk

    def kpi(self, name: str) -> int:
        return Kpi.objects.get(initiative=self.initiative, name=name).pk

    def exit(self, limit: str) -> int:
        return ExitCriterion.objects.get(initiative=self.initiative, limit=limit).pk

    def terms(self) -> dict[str, object]:
        given = {"kpi": self.kpi("use"), "comparator": "over", "limit": 90, "window_days": 7}
        return given | {"action": "hold", "decider": "oona"}

    def reading(self) -> int:
        return Reading.objects.get(kpi__initiative=self.initiative).pk

    def amendment(self) -> int:
        return Amendment.objects.get(initiative=self.initiative).pk

    def handover(self) -> int:
        return Handover.objects.get(initiative=self.initiative, leaver__username="lena").pk

    def flag(self) -> int:
        return Flag.objects.filter(initiative=self.initiative, code="no_business_owner").latest("pk").pk

    def edit(self, by: User, day: int, **facts: object) -> object:
        return edit_initiative(self.pk, facts, act(by), on(day))


# act -> how it is done
ACTS: dict[str, Do] = {
    "edit facts": lambda b, by, d: b.edit(by, d, vendor="Acme"),
    "edit people": lambda b, by, d: b.edit(by, d, people={"business_owner": "elsa"}),
    "edit visibility": lambda b, by, d: b.edit(by, d, visibility="team"),
    "note stakeholders": lambda b, by, d: set_stakeholders(b.pk, NOTED, act(by), on(d)),
    "add a KPI": lambda b, by, d: create_kpi(b.pk, {"name": "Errors"}, act(by), on(d)),
    "change a KPI": lambda b, by, d: edit_kpi(b.pk, b.kpi("free"), {"unit": "h"}, act(by), on(d)),
    "amend a KPI": lambda b, by, d: edit_kpi(b.pk, b.kpi("locked"), {"unit": "h"}, act(by), on(d), "So."),
    "remove a KPI": lambda b, by, d: remove_kpi(b.pk, b.kpi("free"), act(by), on(d)),
    "acknowledge a change": lambda b, by, d: acknowledge_amendment(b.pk, b.amendment(), act(by), on(d)),
    "enter a reading": lambda b, by, d: add_reading(b.pk, b.kpi("free"), NewReading(the_day(1), 3), act(by), on(d)),
    "take readings": lambda b, by, d: import_readings(b.pk, b.kpi("free"), CSV, "weeks.csv", act(by), on(d)),
    "withdraw a reading": lambda b, by, d: withdraw_reading(b.pk, b.reading(), "No.", act(by), on(d)),
    "agree on an exit": lambda b, by, d: add_criterion(b.pk, b.terms(), act(by), on(d)),
    "change an exit": lambda b, by, d: edit_criterion(b.pk, b.exit("25"), {"limit": 24}, act(by), on(d)),
    "amend an exit": lambda b, by, d: edit_criterion(b.pk, b.exit("20"), {"limit": 19}, act(by), on(d), "So."),
    "remove an exit": lambda b, by, d: remove_criterion(b.pk, b.exit("25"), act(by), on(d)),
    "decide an exit": lambda b, by, d: decide_exit(b.pk, b.exit("30"), "rework", act(by), on(d), reason="So."),
    "go on all the same": lambda b, by, d: decide_exit(
        b.pk, b.exit("30"), "go_on", act(by), on(d), reason="So.", expires_on=the_day(d + 9)
    ),
    "answer": lambda b, by, d: say(b.initiative, by, "ADPT-4", "partial", d),
    "add evidence": lambda b, by, d: say(b.initiative, by, "ADPT-4", None, d, proof=True),
    "withdraw evidence": lambda b, by, d: withdraw_evidence(b.pk, b.evidence(), act(by), on(d)),
    "submit": lambda b, by, d: submit(b.initiative, "checkpoint-0", by, d),
    "keep a condition": lambda b, by, d: keep_condition(b.pk, b.condition("open"), "Done.", act(by), on(d)),
    "confirm a condition": lambda b, by, d: confirm_condition(b.pk, b.condition("kept"), act(by), on(d)),
    "reopen a condition": lambda b, by, d: reopen_condition(b.pk, b.condition("kept"), "No.", act(by), on(d)),
    "decide": lambda b, by, d: decide(b.initiative, "architecture", by, "return", d),
    "grant a waiver": lambda b, by, d: grant_waiver(b.pk, "ADPT-3", "Small.", the_day(d + 9), act(by), on(d)),
    "declare a change": lambda b, by, d: declare_material_change(b.pk, "model", "New.", ["data"], act(by), on(d)),
    "move a stage": lambda b, by, d: move_stage(b.pk, "intake", act(by), on(d), "Too early."),
    "hold": lambda b, by, d: set_hold(b.pk, "Budget.", the_day(d + 9), act(by), on(d)),
    "lift a hold": lambda b, by, d: lift_hold(b.pk, act(by), on(d)),
    "stop": lambda b, by, d: move_stage(b.pk, "stopped", act(by), on(d), lesson=LESSON),
    "start a handover": lambda b, by, d: start_handover(b.pk, "tess", act(by), on(d)),
    "write a handover": lambda b, by, d: write_handover(
        b.pk, b.handover(), act(by), on(d), points={"setup": PointChange("In the wiki.", True)}
    ),
    "close a handover": lambda b, by, d: close_handover(b.pk, b.handover(), act(by), on(d)),
    "attach a framework": lambda b, by, d: attach_framework(b.pk, "conversational-ai", act(by), on(d)),
    "write the roadmap": lambda b, by, d: set_roadmap(b.pk, {"people": "Two"}, act(by), on(d)),
    "enter spending": lambda b, by, d: set_spending(b.pk, the_day(d), {"data": "9"}, act(by), on(d)),
    "acknowledge a flag": lambda b, by, d: acknowledge_flag(b.flag(), act(by), on(d)),
    "snooze a flag": lambda b, by, d: snooze_flag(b.flag(), the_day(d + 9), "Later.", act(by), on(d)),
    "name the cause of a flag": lambda b, by, d: confirm_cause(b.flag(), "ownership", act(by), on(d)),
}  # fmt: skip

# Section by section as the domain's table has it. x: may. -: may not. s: is kept from it by separation of duties.
# The last column is a lead of elsewhere who owns the open condition, and was named to decide the exit criterion.
COLUMNS = (
    "team",
    "lead",
    "reviewer",
    "executive",
    "auditor",
    "admin",
    "reviewer_on_team",
    "auditor_on_team",
    "owner",
)
MAY = """
    edit facts           x  -  -  -  -  -  x  -  -
    edit people          x  -  -  -  -  x  x  -  -
    edit visibility      x  -  -  -  -  x  x  -  -
    note stakeholders    x  -  -  -  -  -  x  -  -
    add a KPI            x  -  -  -  -  -  x  -  -
    change a KPI         x  -  -  -  -  -  x  -  -
    amend a KPI          x  -  -  -  -  -  x  -  -
    remove a KPI         x  -  -  -  -  -  x  -  -
    acknowledge a change s  -  x  -  -  -  s  s  -
    enter a reading      x  -  -  -  -  -  x  -  -
    take readings        x  -  -  -  -  -  x  -  -
    withdraw a reading   x  -  -  -  -  -  x  -  -
    agree on an exit     x  -  -  -  -  -  x  -  -
    change an exit       x  -  -  -  -  -  x  -  -
    amend an exit        x  -  -  -  -  -  x  -  -
    remove an exit       x  -  -  -  -  -  x  -  -
    decide an exit       -  -  -  x  -  -  -  -  x
    go on all the same   -  -  -  x  -  -  -  -  -
    answer               x  -  -  -  -  -  x  -  -
    add evidence         x  -  -  -  -  -  x  -  -
    withdraw evidence    x  -  -  -  -  -  x  -  -
    submit               x  -  -  -  -  -  x  -  -
    keep a condition     x  -  -  -  -  -  x  -  x
    confirm a condition  s  -  x  -  -  -  s  s  -
    reopen a condition   s  -  x  -  -  -  s  s  -
    decide               s  -  x  -  -  -  s  s  -
    grant a waiver       s  -  x  -  -  -  s  s  -
    declare a change     x  -  x  -  -  -  x  -  -
    move a stage         x  -  -  x  -  -  x  -  -
    hold                 x  -  -  x  -  -  x  -  -
    lift a hold          x  -  -  x  -  -  x  -  -
    stop                 x  -  -  x  -  -  x  -  -
    start a handover     x  -  -  -  -  x  x  -  -
    write a handover     x  -  -  -  -  x  x  -  -
    close a handover     x  -  -  -  -  x  x  -  -
    attach a framework   x  -  -  -  -  -  x  -  -
    write the roadmap    x  -  -  -  -  -  x  -  -
    enter spending       x  -  -  -  -  -  x  -  -
    acknowledge a flag   x  -  x  x  -  -  x  -  -
    snooze a flag        x  -  x  x  -  -  x  -  -
    name the cause of a flag  x  -  x  -  -  -  x  -  -
"""


def may() -> dict[str, dict[str, str]]:
    rows = {}
    for line in MAY.strip().splitlines():
        words = line.split()
        name, cells = " ".join(words[: -len(COLUMNS)]), words[-len(COLUMNS) :]
        rows[name] = dict(zip(COLUMNS, cells, strict=True))
    return rows


TABLE = may()


@pytest.fixture
def busy(lena: User, omar: User, ravi: User, elsa: User, iris: User, ada: User) -> Busy:
    people = {
        "team": person("tess"),
        "lead": omar,
        "reviewer": ravi,
        "executive": elsa,
        "auditor": iris,
        "admin": ada,
        "reviewer_on_team": person("rosa", reviewer=True),
        "auditor_on_team": person("ines", auditor=True),
        "owner": person("oona", lead=True),
    }
    team = {"deputy": "tess", "members": ["rosa", "ines"]}
    one = create(lena, on(0), stage="poc", people=team)
    answer_all(one, lena, at=on(0))
    answer_checkpoint(one, lena, "checkpoint-0")
    submit(one, "data", lena)
    made = decide(
        one, "data", ravi, "pass_with_conditions", 0, promise(people["owner"]), promise(lena, text="Train.")
    )
    keep_condition(one.pk, made.conditions.get(text="Train.").pk, "Trained.", act(lena), on(0))
    submit(one, "architecture", lena)
    promised(one, lena)
    agreed(one, lena, people["owner"])
    start_handover(one.pk, "lena", act(lena), on(0))
    return Busy(one, people)


def promised(one: Initiative, by: User) -> None:
    """A KPI that was read, and one that is locked and amended."""
    free, _ = create_kpi(one.pk, {"name": "free"}, act(by), on(0))
    add_reading(one.pk, free.pk, NewReading(the_day(0), 5), act(by), on(0))
    locked, _ = create_kpi(one.pk, {"name": "locked"}, act(by), on(0))
    Kpi.objects.filter(pk=locked.pk).update(locked_at=on(0), promised={"direction": "up", "unit": ""})
    edit_kpi(one.pk, locked.pk, {"target": 5}, act(by), on(0), "The market moved.")


def agreed(one: Initiative, by: User, decider: User) -> None:
    """Exit criteria by their limits: one was reached, one is free, one is locked."""
    kpi, _ = create_kpi(one.pk, {"name": "use", "kind": "technical"}, act(by), on(0))
    given = {"kpi": kpi.pk, "comparator": "under", "window_days": 28, "action": "stop"}
    for limit in ("30", "25", "20"):
        add_criterion(one.pk, given | {"limit": limit, "decider": decider.username}, act(by), on(0))
    for criterion in ExitCriterion.objects.filter(initiative=one, limit=20).select_related("kpi", "decider"):
        kept = {"locked_at": on(0), "promised": promised_terms(criterion)}
        ExitCriterion.objects.filter(pk=criterion.pk).update(**kept)
    reached = ExitCriterion.objects.get(initiative=one, limit=30)
    reached.triggers.create(on=the_day(0), at=on(0), words=str(reached))


def prepare(busy: Busy, name: str) -> None:
    if name == "lift a hold":
        set_hold(busy.pk, "Budget.", the_day(30), act(busy.initiative.created_by), on(0))


def outcome(busy: Busy, name: str, by: User) -> str:
    """x where it is done, else how it is refused. Undone in any case; a refusal changes nothing."""
    with rehearsal():
        prepare(busy, name)
        before = everything()
        try:
            with transaction.atomic():
                ACTS[name](busy, by, 1)
        except (NotAllowed, NotFound) as refusal:
            assert everything() == before
            return {"not_found": "?", "separation_of_duties": "s"}.get(refusal.code, "-")
        return "x"


def test_the_table_speaks_of_every_act() -> None:
    assert list(TABLE) == list(ACTS)


def test_everybody_may_do_what_the_table_says_and_nothing_else(busy):
    found = {name: {column: outcome(busy, name, by) for column, by in busy.people.items()} for name in ACTS}
    assert found == TABLE


def test_who_may_not_know_of_it_is_told_that_it_is_not_there(busy, lena):
    nobody, gone = person("nobody"), busy.people["team"]
    gone.is_active = False
    busy.edit(lena, 0, visibility="team")
    strangers = [nobody, gone, busy.people["lead"], busy.people["owner"]]
    found = {name: {outcome(busy, name, by) for by in strangers} for name in ACTS}
    assert found == {name: {"?"} for name in ACTS}


def test_every_act_leaves_one_event_that_says_who_did_it_and_when_and_the_chain_holds(busy):
    for name in ACTS:
        with rehearsal():
            prepare(busy, name)
            before, by = Event.objects.count(), busy.whoever_may(name)
            ACTS[name](busy, by, 1)
            event = Event.objects.order_by("seq").last()
            assert Event.objects.count() == before + 1, name
            assert (event.actor_id, event.at, event.initiative_id) == (by.pk, on(1), busy.pk), name
            assert Initiative.objects.get(pk=busy.pk).updated_at == on(1), name
            assert verify() == (event.seq, None), name


@pytest.mark.parametrize("end", ["stopped", "retired"])
def test_on_an_ended_initiative_nothing_is_written(busy, lena, end):
    Initiative.objects.filter(pk=busy.pk).update(stage="live" if end == "retired" else "pilot")
    move_stage(busy.pk, end, act(lena), on(0), lesson=LESSON)
    for name in ACTS:
        by = busy.whoever_may(name)
        code = "flag_resolved" if name.endswith("a flag") else "initiative_ended"
        with refused(Conflict, code):
            ACTS[name](busy, by, 1)


def test_who_may_not_do_it_is_told_so_before_anything_else(busy, lena):
    """What stands in the way of an act is nobody's business who may not do it."""
    move_stage(busy.pk, "stopped", act(lena), on(0), lesson=LESSON)
    for name in ACTS:
        for column, by in busy.people.items():
            if TABLE[name][column] != "x":
                with pytest.raises(NotAllowed), transaction.atomic():
                    ACTS[name](busy, by, 1)


def test_every_refusal_is_one_of_the_kinds_that_doors_know() -> None:
    assert {kind.__name__ for kind in Refused.__subclasses__()} == {
        "NotFound",
        "NotAllowed",
        "Conflict",
        "Stale",
        "Invalid",
    }
