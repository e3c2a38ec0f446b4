"""A secret: an initiative that its team keeps to itself, with a mark in every text that anybody can type into it."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import models

from checklists.models import Evidence
from gates.lessons import what_worked_key
from gates.models import (
    Condition,
    ExitCriterion,
    Initiative,
    Kpi,
    ParallelLimit,
    Spending,
    StageEntry,
    WhatWorked,
)
from readiness import clock
from readiness.accounts.models import User
from readiness.actions.answers import AnswerChange, record_answers, withdraw_evidence
from readiness.actions.assignments import assign
from readiness.actions.checks import Report, bind_check, report_check
from readiness.actions.comments import add_comment
from readiness.actions.conditions import confirm_condition, keep_condition, reopen_condition
from readiness.actions.exits import add_criterion, decide_exit
from readiness.actions.files import add_file_evidence
from readiness.actions.flags import confirm_cause, snooze_flag
from readiness.actions.gates import Promise, decide_gate, submit_gate
from readiness.actions.handovers import PointChange, start_handover, write_handover
from readiness.actions.holds import lift_hold, set_hold
from readiness.actions.kpis import create_kpi, edit_kpi
from readiness.actions.material_changes import declare_material_change
from readiness.actions.pieces import Piece
from readiness.actions.promises import agreed
from readiness.actions.readings import NewReading, add_reading, withdraw_reading
from readiness.actions.roadmaps import set_roadmap
from readiness.actions.spending import set_spending
from readiness.actions.stages import move_stage
from readiness.actions.stakeholders import set_stakeholders
from readiness.actions.waivers import grant_waiver
from readiness.actions.webhooks import add_webhook
from readiness.audit.recording import COMMAND, Actor
from readiness.standing.models import Flag
from readiness.standing.recompute import recompute
from readiness.webhooks.delivering import owe
from readiness.webhooks.events import Kind
from tests.access.hanging import hanging_on_one
from tests.access.world import agreed_before
from tests.files import pdf
from tests.fixtures import answer_all, api, create, today

MARK = "zqcanary"


SPONSOR = "iris"
"""Sponsors it, and nothing else."""
LONG_AGO = date(2001, 3, 15)
"""When it began, long before anything else."""


def marked(place: str) -> str:
    """A text that is found nowhere else."""
    return f"{MARK}-{place}"


@dataclass
class Secret:
    """What is to stay unknown: two initiatives, one of them stopped with its lesson."""

    running: Initiative
    stopped: Initiative

    @property
    def initiatives(self) -> tuple[Initiative, Initiative]:
        return self.running, self.stopped

    def keys(self, model: type[models.Model], path: str, **further: str) -> list[int]:
        """The primary keys of the rows of a model that hang on it by this path."""
        ours = {f"{path}__in": [one.pk for one in self.initiatives]}
        return list(model._default_manager.filter(**ours, **further).values_list("pk", flat=True))


def keep(lead: User, reviewer: User) -> Secret:
    """A webhook is told of both."""
    at = clock.now()
    add_webhook("https://192.0.1.7/", [*Kind], "", COMMAND, at)
    secret = Secret(_running(lead, reviewer), _stopped(lead))
    owe(at)
    return secret


def _facts(which: str) -> dict[str, object]:
    names = ("name", "business_problem", "business_unit", "technology", "vendor")
    facts: dict[str, object] = {name: marked(f"{which}-{name}") for name in names}
    # Spelled otherwise than it is asked for: whoever guesses a name is not told how it is spelled either.
    facts |= {name: f"{facts[name]}  Ltd" for name in ("business_unit", "technology", "vendor")}
    return facts | {"tags": [marked(f"{which}-tag")], "visibility": "team"}


def _running(lead: User, reviewer: User) -> Initiative:
    at, by, judge = clock.now(), Actor.person(lead), Actor.person(reviewer)
    day, soon = today(at), today(at) + timedelta(days=30)
    sponsored = {"people": {"executive_sponsor": SPONSOR}}
    initiative = create(lead, at, **_facts("running"), **sponsored, stage="pilot")
    key = initiative.pk
    answer_all(initiative, lead, at=at)
    answer_all(initiative, lead, framework="poc-checkpoints", gates=["checkpoint-0"], at=at)
    pieces = (
        Piece("link", day, marked("link-title"), f"https://{MARK}-url.example.com/"),
        Piece("statement", day, marked("statement"), stated_by=marked("stated-by")),
    )
    changes = [AnswerChange(code, "met", marked("note"), pieces) for code in ("DATA-1", "ARCH-1")]
    record_answers(key, changes, by, at)
    paper = SimpleUploadedFile(f"{MARK}-file.pdf", pdf(marked("content")))
    add_file_evidence(key, "ARCH-1", paper, marked("file-title"), day, None, by, at)
    withdraw_evidence(key, Evidence.objects.get(file_name=paper.name).pk, by, at)
    checked(initiative, by, at)
    submit_gate(key, "data", marked("submission"), by, at)
    promises = [Promise(marked(f"condition-{number}"), lead.username, soon) for number in (1, 2)]
    decide_gate(key, "data", "pass_with_conditions", marked("rationale"), judge, at, promises)
    first, second = Condition.objects.filter(decision__passage__initiative=initiative)
    for condition in (first, second):
        keep_condition(key, condition.pk, marked("kept"), by, at)
    confirm_condition(key, first.pk, judge, at)
    reopen_condition(key, second.pk, marked("reopened"), judge, at)
    grant_waiver(key, "ARCH-1", marked("waiver"), soon, judge, at)
    declare_material_change(key, "model", marked("material-change"), ["data"], by, at)
    submit_gate(key, "checkpoint-0", marked("checkpoint"), by, at)
    step_back_over_the_limit(initiative, lead)
    flag = Flag.objects.filter(initiative=initiative, resolved_at__isnull=True).first()
    assert flag is not None
    snooze_flag(flag.pk, soon, marked("snooze"), by, at)
    confirm_cause(flag.pk, "ownership", by, at, marked("cause-note"))
    phases = [{"kind": "full", "entry_rule": marked("entry-rule"), "pause_rule": marked("pause-rule")}]
    set_roadmap(key, {"people": marked("roadmap-people"), "phases": phases}, by, at)
    set_spending(key, day, {"data": "1000"}, by, at)
    set_stakeholders(key, [{"function": "it", "contact": marked("contact")}], by, at)
    promised(initiative, lead)
    reached(initiative, lead)
    add_comment(key, marked("comment"), by, at)
    sent = {"body": marked("comment-by-rest")}
    api(lead).post(f"initiatives/{initiative.ref}/comments/", sent, Idempotency_Key=marked("key"))
    assign(key, "CP1-1", lead.username, soon, by, at, note=marked("assignment"))
    handover, _ = start_handover(key, lead.username, by, at)
    write_handover(key, handover.pk, by, at, points={"setup": PointChange(marked("handover"), True)})
    set_hold(key, marked("hold"), soon, by, at)
    lift_hold(key, by, at)
    set_hold(key, marked("hold-again"), soon, by, at)
    began_long_ago(initiative)
    initiative.refresh_from_db()
    return initiative


def checked(initiative: Initiative, by: Actor, at: datetime) -> None:
    """An item that an automated check measures, and what it reported."""
    name, address = marked("check"), f"https://{MARK}-ci.example.com/"
    bind_check(initiative.pk, "DATA-2", name, "", by, at)
    report_check(initiative.pk, Report("DATA-2", name, "pass", at, marked("summary"), address), by, at)


def began_long_ago(initiative: Initiative) -> None:
    """Its first day, and what it spent then."""
    first = StageEntry.objects.filter(initiative=initiative).order_by("pk")[:1]
    StageEntry.objects.filter(pk__in=list(first.values_list("pk", flat=True))).update(entered_on=LONG_AGO)
    Spending.objects.create(initiative=initiative, month=LONG_AGO.replace(day=1), kind="data", amount=500)


def step_back_over_the_limit(initiative: Initiative, lead: User) -> None:
    """Into the PoC, where its unit has as many as it may."""
    beside = {"business_unit": initiative.business_unit, "name": marked("beside"), "visibility": "team"}
    create(lead, stage="poc", **beside)
    limit = ParallelLimit.objects.create(stage="poc", unit_key=initiative.business_unit_key, most=1)
    by, at = Actor.person(lead), clock.now()
    move_stage(initiative.pk, "poc", by, at, marked("step-back"), over_limit=marked("over-limit"))
    limit.delete()


def promised(initiative: Initiative, lead: User) -> None:
    """A KPI that is locked and amended, and a reading that was withdrawn."""
    key, at, by = initiative.pk, clock.now(), Actor.person(lead)
    kpi, _ = create_kpi(key, {"name": marked("kpi"), "unit": marked("unit")}, by, at)
    Kpi.objects.filter(pk=kpi.pk).update(
        locked_at=at, promised={"direction": "up", "unit": marked("promised-unit")}
    )
    edit_kpi(key, kpi.pk, {"unit": marked("new-unit")}, by, at, marked("amendment"))
    done = add_reading(key, kpi.pk, NewReading(today(at), 5, marked("reading-note")), by, at)
    withdraw_reading(key, done.readings[0].pk, marked("withdrawal"), by, at)
    add_reading(key, kpi.pk, NewReading(today(at), 6), by, at)


def reached(initiative: Initiative, lead: User) -> None:
    """An exit criterion that is locked, was reached and decided, and one more that waits."""
    key, at, by = initiative.pk, clock.now(), Actor.person(lead)
    kpi = Kpi.objects.get(initiative=initiative)
    given = {"kpi": kpi.pk, "comparator": "under", "checkpoint": "checkpoint-0", "action": "rework"}
    for limit in (8, 9):
        add_criterion(key, given | {"limit": limit, "decider": lead.username}, by, at)
    agreed_before(initiative, at - timedelta(days=20))
    criterion = ExitCriterion.objects.filter(initiative=initiative).first()
    assert criterion is not None
    ExitCriterion.objects.filter(pk=criterion.pk).update(
        locked_at=at - timedelta(days=20), promised=agreed(criterion)
    )
    recompute([key], at)
    decide_exit(key, criterion.pk, "rework", by, at, reason=marked("exit-reason"))


def _stopped(lead: User) -> Initiative:
    initiative = create(lead, **_facts("stopped"), stage="pilot")
    told = ("tried", "did_not_work", "technical_constraint", "organisational_barrier", "advice")
    lesson = {name: marked(name) for name in told} | {"outcome": "faded_out"}
    move_stage(initiative.pk, "stopped", Actor.person(lead), clock.now(), marked("stop"), lesson)
    teach(initiative)
    initiative.refresh_from_db()
    return initiative


def teach(initiative: Initiative) -> None:
    """It was live once, went back, and left what worked."""
    texts = {name: marked(name) for name in ("made_it_work", "reusable", "advice")}
    row = WhatWorked(initiative=initiative, at=clock.now(), **texts)
    row.search_key = what_worked_key(row)
    row.save()


# Texts that nobody types: words out of lists, numbers, digests, and what the product says itself.
NOT_TYPED = {
    *(
        "currency",
        "source",
        "source_key",
        "source_digest",
        "framework_slug",
        "framework",
        "framework_version",
    ),
    *("url", "fingerprint", "file_key", "file_type", "file_sha256", "recommendation", "root_cause", "code"),
    *("stage", "gate", "kind", "name", "status", "hash", "previous_hash", "token_name", "verb", "criteria"),
    *("effective", "details", "message", "next_actions", "blockers", "gates", "roles", "readings"),
    *("confirmed_cause", "checkpoint", "item", "digest", "headers", "message_id", "last_error"),
}
TYPED_AFTER_ALL = {
    ("Initiative", "name"),
    ("Evidence", "url"),
    ("CheckResult", "name"),
    ("CheckResult", "url"),
}


def unmarked(secret: Secret) -> list[str]:
    """Texts of the secret's rows in which there is no mark: a new column is to be marked, or told to be nobody's."""
    missing = []
    for model, path in hanging_on_one():
        if path.startswith("event"):  # what happened says what was typed elsewhere
            continue
        rows = list(model._default_manager.filter(**{f"{path}__in": [one.pk for one in secret.initiatives]}))
        for field in model._meta.concrete_fields:
            if not isinstance(field, models.CharField | models.TextField | models.JSONField) or field.choices:
                continue
            place = (model.__name__, field.name)
            if field.name in NOT_TYPED and place not in TYPED_AFTER_ALL:
                continue
            if not any(MARK in str(getattr(row, field.name)).casefold() for row in rows):
                missing.append(".".join(place))
    return missing
