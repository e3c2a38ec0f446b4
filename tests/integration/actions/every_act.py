"""Every act on one initiative: how it is done, on what, and by whom."""

import inspect
import pkgutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from importlib import import_module

from django.core.files.uploadedfile import SimpleUploadedFile

from checklists.loading import load_framework, stored_framework
from checklists.models import Framework
from gates.models import Amendment, Assignment, Condition, ExitCriterion, Handover, Initiative, Kpi, Reading
from readiness import actions
from readiness.accounts.models import User
from readiness.actions.answers import withdraw_evidence
from readiness.actions.assignments import AssignmentChange, assign, change_assignment, unassign
from readiness.actions.checks import Report, bind_check, report_check
from readiness.actions.comments import add_comment
from readiness.actions.conditions import confirm_condition, give_condition, keep_condition, reopen_condition
from readiness.actions.exits import add_criterion, decide_exit, edit_criterion, remove_criterion
from readiness.actions.files import add_file_evidence
from readiness.actions.flags import acknowledge_flag, confirm_cause, snooze_flag
from readiness.actions.frameworks import attach_framework, detach_framework
from readiness.actions.handovers import PointChange, close_handover, start_handover, write_handover
from readiness.actions.holds import lift_hold, set_hold
from readiness.actions.initiatives import edit_initiative
from readiness.actions.kpis import acknowledge_amendment, create_kpi, edit_kpi, remove_kpi
from readiness.actions.material_changes import declare_material_change
from readiness.actions.promises import agreed as promised_terms
from readiness.actions.readings import (
    NewReading,
    add_reading,
    add_readings,
    import_readings,
    withdraw_reading,
)
from readiness.actions.reuse import reuse_evidence
from readiness.actions.roadmaps import begin_phase, set_roadmap, take_back_phase
from readiness.actions.spending import set_spending
from readiness.actions.stages import move_stage
from readiness.actions.stakeholders import set_stakeholders
from readiness.actions.teaching import leave_what_worked
from readiness.actions.versions import move_version
from readiness.actions.waivers import grant_waiver
from readiness.audit.recording import Actor
from readiness.standing.models import Flag
from tests.files import pdf
from tests.fixtures import answer_all, create
from tests.integration.actions.props import (
    LESSON,
    act,
    answer_checkpoint,
    decide,
    evidence,
    on,
    promise,
    say,
    submit,
    the_day,
)

CSV = b"date,value\n2026-03-03,7\n"
NOTED = [{"function": "it", "contact": "Ops"}]
NOTE = AssignmentChange(note="Soon.")
TAUGHT = {"made_it_work": "Two people who knew the process."}
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

    def assignment(self) -> int:
        return Assignment.objects.get(passage__initiative=self.initiative).pk

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
    "enter readings": lambda b, by, d: add_readings(
        b.pk, b.kpi("free"), [NewReading(the_day(1), 3)], act(by), on(d)
    ),
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
    "add a file": lambda b, by, d: add_file_evidence(
        b.pk, "ADPT-4", SimpleUploadedFile("paper.pdf", pdf()), "Paper", the_day(d), None, act(by), on(d)
    ),
    "reuse evidence": lambda b, by, d: reuse_evidence(b.pk, b.evidence(), "ADPT-4", act(by), on(d)),
    "withdraw evidence": lambda b, by, d: withdraw_evidence(b.pk, b.evidence(), act(by), on(d)),
    "report a check": lambda b, by, d: report_check(
        b.pk, Report("ADPT-4", "tests", "pass", on(d)), act(by), on(d)
    ),
    "bind a check": lambda b, by, d: bind_check(b.pk, "ADPT-4", "tests", "", act(by), on(d)),
    "assign": lambda b, by, d: assign(b.pk, "DATA-2", "tess", the_day(d + 9), act(by), on(d)),
    "change an assignment": lambda b, by, d: change_assignment(b.pk, b.assignment(), NOTE, act(by), on(d)),
    "end an assignment": lambda b, by, d: unassign(b.pk, b.assignment(), act(by), on(d), done=True),
    "comment": lambda b, by, d: add_comment(b.pk, "Look.", act(by), on(d)),
    "submit": lambda b, by, d: submit(b.initiative, "checkpoint-0", by, d),
    "keep a condition": lambda b, by, d: keep_condition(b.pk, b.condition("open"), "Done.", act(by), on(d)),
    "give a condition": lambda b, by, d: give_condition(b.pk, b.condition("open"), "tess", act(by), on(d)),
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
    "detach a framework": lambda b, by, d: detach_framework(b.pk, "conversational-ai", act(by), on(d)),
    "move to a version": lambda b, by, d: move_version(b.pk, "environment-gap", act(by), on(d)),
    "write the roadmap": lambda b, by, d: set_roadmap(b.pk, {"people": "Two"}, act(by), on(d)),
    "begin a phase": lambda b, by, d: begin_phase(b.pk, "decision", None, act(by), on(d)),
    "take back a phase": lambda b, by, d: take_back_phase(b.pk, "decision", act(by), on(d)),
    "leave what worked": lambda b, by, d: leave_what_worked(b.pk, TAUGHT, act(by), on(d)),
    "enter spending": lambda b, by, d: set_spending(b.pk, the_day(d), {"data": "9"}, act(by), on(d)),
    "acknowledge a flag": lambda b, by, d: acknowledge_flag(b.flag(), act(by), on(d)),
    "snooze a flag": lambda b, by, d: snooze_flag(b.flag(), the_day(d + 9), "Later.", act(by), on(d)),
    "name the cause of a flag": lambda b, by, d: confirm_cause(b.flag(), "ownership", act(by), on(d)),
}  # fmt: skip

OTHERS = {
    "begin", "locked", "separate", "reason_over", "as_evidence", "settle_assignments", "open_handovers", "leaving",
    "begin_administration", "separate_from_own_word",
    "create_initiative", "confirm_conditions", "hand_over_everything", "pass_on",
    "set_limit", "remove_limit", "replace_limits", "set_rate", "remove_rate", "edit_organisation", "end_demo",
    "set_thresholds", "reset_thresholds", "create_person", "edit_person", "deactivate_person", "reactivate_person",
    "enter_list", "invite_all",
    "make_password_link", "take_data_along", "erase_person", "reset_two_factor", "issue_token", "revoke_token",
    "add_webhook", "edit_webhook", "remove_webhook", "change_secret", "ping", "replay", "publish_framework",
    "choose_starting",
    "change_framework", "copy_framework", "begin_framework", "change_draft", "discard_draft", "publish_draft",
}  # fmt: skip
"""What takes an actor and is no act on one initiative: parts of acts, acts on none or several, the organisation's."""

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
    enter readings       x  -  -  -  -  -  x  -  -
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
    add a file           x  -  -  -  -  -  x  -  -
    reuse evidence       x  -  -  -  -  -  x  -  -
    withdraw evidence    x  -  -  -  -  -  x  -  -
    report a check       x  -  -  -  -  -  x  -  -
    bind a check         x  -  -  -  -  -  x  -  -
    assign               x  -  -  -  -  -  x  -  -
    change an assignment x  -  -  -  -  -  x  -  -
    end an assignment    x  -  -  -  -  -  x  -  -
    comment              x  x  x  x  -  x  x  -  x
    submit               x  -  -  -  -  -  x  -  -
    keep a condition     x  -  -  -  -  -  x  -  x
    give a condition     x  -  -  -  -  -  x  -  x
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
    detach a framework   x  -  -  -  -  -  x  -  -
    move to a version    x  -  -  -  -  -  x  -  -
    write the roadmap    x  -  -  -  -  -  x  -  -
    begin a phase        x  -  -  -  -  -  x  -  -
    take back a phase    x  -  -  -  -  -  x  -  -
    leave what worked    x  -  -  -  -  -  x  -  -
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


def make_busy(lena: User, people: dict[str, User]) -> Busy:
    """Lena's initiative, with the people of the table around it."""
    ravi = people["reviewer"]
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
    assign(one.pk, "DATA-3", "tess", the_day(30), act(lena), on(0))
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
    """What an act needs that would stand in the way of the others."""
    lead = act(busy.initiative.created_by)
    if name == "lift a hold":
        set_hold(busy.pk, "Budget.", the_day(30), lead, on(0))
    if name == "detach a framework":
        attach_framework(busy.pk, "conversational-ai", lead, on(0))
    if name == "move to a version":
        own = Framework.objects.with_content().get(slug="environment-gap")
        load_framework(replace(stored_framework(own), version="9.0"), on(0))
    if name.endswith("a phase"):
        Initiative.objects.filter(pk=busy.pk).update(stage="pilot")
    if name == "take back a phase":
        begin_phase(busy.pk, "decision", None, lead, on(0))
    if name == "leave what worked":
        Initiative.objects.filter(pk=busy.pk).update(stage="live")


def takers() -> Iterator[str]:
    """Every public function of the actions that is handed an actor."""
    for module in pkgutil.iter_modules(actions.__path__, f"{actions.__name__}."):
        if not module.ispkg:
            for name, found in inspect.getmembers(import_module(module.name), inspect.isfunction):
                kinds = {given.annotation for given in inspect.signature(found).parameters.values()}
                if found.__module__ == module.name and not name.startswith("_") and Actor in kinds:
                    yield name


def called(function: Callable[..., object]) -> Iterator[str]:
    """The functions of the actions that one of the tests calls, itself or through the props."""
    for name in function.__code__.co_names:
        found = function.__globals__.get(name) or getattr(Busy, name, None)
        if not inspect.isfunction(found):
            continue
        if found.__module__.startswith(actions.__name__):
            yield name
        elif found.__module__.startswith("tests.integration.actions"):
            yield from called(found)
