"""Every promise of the database is broken once by raw SQL, and the database refuses: on SQLite and PostgreSQL alike."""

# ruff: noqa: S608 (every statement is written out below)

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, models, transaction

from checklists.models import Assessment, Framework, FrameworkDraft, Gate, Item
from gates.models import Amendment, Decision, Hold, Initiative, Snapshot, Submission
from gates.roadmap import Phase
from readiness.accounts.models import User
from readiness.actions.assignments import assign
from readiness.actions.checks import Report, report_check
from readiness.actions.comments import add_comment
from readiness.actions.handovers import start_handover
from readiness.actions.holds import set_hold
from readiness.actions.limits import Wanted, set_limit
from readiness.actions.material_changes import declare_material_change
from readiness.actions.roadmaps import set_roadmap
from readiness.actions.spending import set_spending
from readiness.actions.stages import move_stage
from readiness.actions.stakeholders import set_stakeholders
from readiness.actions.starting import choose_starting
from readiness.actions.teaching import leave_what_worked
from readiness.actions.waivers import grant_waiver
from readiness.standing.models import Threshold
from tests.fixtures import answer_all, create
from tests.integration.actions.exiting import criterion_of, kpi_of, trip
from tests.integration.actions.props import LESSON, act, decide, on, promise, submit, the_day

pytestmark = pytest.mark.django_db

APPS = ("checklists", "gates", "standing")


@pytest.fixture
def world(lena, omar, ravi, ada):
    """At least one row in every table; the Data gate is decided, Architecture waits."""
    one = create(lena, on(0), stage="pilot")
    goes_its_way(one, lena, ada)
    promises(create(lena, on(0), name="Promising", stage="pilot"), lena)
    answer_all(one, lena, at=on(0))
    grant_waiver(one.pk, "DATA-2", "Small.", the_day(30), act(ravi), on(0))
    report_check(one.pk, Report("INTG-1", "contract tests", "pass", on(0)), act(lena), on(0))
    submit(one, "data", lena)
    decide(one, "data", ravi, "pass_with_conditions", 0, promise(lena))
    submit(one, "architecture", lena)
    declare_material_change(one.pk, "model", "New.", ["data"], act(lena), on(0))
    set_hold(one.pk, "Budget.", the_day(30), act(lena), on(0))
    ended = create(lena, on(0), name="Ended")
    move_stage(ended.pk, "stopped", act(lena), on(0), lesson=LESSON)
    Threshold.objects.create(code="no_activity", key="days", value=21)
    framework = Framework.objects.create(
        slug="draft", version="1", name="Draft", kind="overlay", order="any", evidence_required=False, checksum="0" * 64
    )  # fmt: skip
    gate = Gate.objects.create(framework=framework, slug="first", name="First", position=1)
    Assessment.objects.create(framework=framework, created_at=on(0))  # which no initiative has
    FrameworkDraft.objects.create(document={}, created_at=on(0), changed_at=on(0))
    Item.objects.create(
        gate=gate, code="A-1", position=1, title="One", critical=False, statement="S", root_cause="x"
    )
    return one


def promises(one: Initiative, by: User) -> None:
    """A KPI that rises and one that falls, an exit criterion over a window that has triggered, amendments."""
    kpi = kpi_of(one, by)
    kpi_of(one, by, name="Time", direction="down")
    criterion = criterion_of(one, by, by, kpi=kpi)
    trip(criterion, by)
    for amended in ({"kpi": kpi}, {"criterion": criterion}):
        Amendment.objects.create(
            initiative=one,
            changes={},
            reason="New.",
            after_reading=True,
            at=on(28),
            on=the_day(28),
            **amended,
        )


def goes_its_way(one: Initiative, by: User, admin: User) -> None:
    """What stands beside its gates, a limit for every unit, what is begun with, and another one that is live and says
    what worked."""
    wanted = [
        {"function": "legal", "involved_on": the_day(0)},
        {"function": "works_council", "contact": "Olga"},
    ]
    set_stakeholders(one.pk, [*wanted, {"function": "it", "contact": "Ivo"}], act(by), on(0))
    phase = {"kind": Phase.DECISION.value, "starts_on": the_day(10), "ends_on": the_day(20)}
    set_roadmap(one.pk, {"people": "Two of us.", "budget": "10", "phases": [phase]}, act(by), on(0))
    set_spending(one.pk, the_day(0), {"data": "100"}, act(by), on(0))
    start_handover(one.pk, by.username, act(by), on(0))
    add_comment(one.pk, f"Well begun, @{admin.username}.", act(by), on(0))
    assign(one.pk, "CP0-1", by.username, the_day(9), act(by), on(0))
    live = create(admin, on(0), name="Live", stage="live", people={"technical_lead": by.username})
    leave_what_worked(live.pk, {"made_it_work": "Clean data."}, act(by), on(0))
    set_limit(Wanted("pilot", "", 9), act(admin), on(0))
    choose_starting(["five-gate"], act(admin), on(0))


def sql(statement: str, *values: object) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.rowcount


def change(table: str, where: str = "1 = 1", **columns: str) -> Callable[[], int]:
    """UPDATE the rows; what they become is given in SQL.

    In which order is the database's affair: each of the rows must break the same promise, and no other.
    """
    settings = ", ".join(f"{column} = {value}" for column, value in columns.items())
    return lambda: sql(f"UPDATE {table} SET {settings} WHERE {where}")


def again(table: str, where: str = "1 = 1", **columns: str) -> Callable[[], int]:
    """INSERT a copy of the first such row, with some columns as given in SQL."""

    def insert() -> int:
        model = next(one for one in apps.get_models() if one._meta.db_table == table)
        names = [
            field.column for field in model._meta.concrete_fields if not isinstance(field, models.AutoField)
        ]
        quoted = ", ".join(f'"{name}"' for name in names)
        values = ", ".join(columns.get(name, f'"{name}"') for name in names)
        return sql(
            f"INSERT INTO {table} ({quoted}) SELECT {values} FROM {table} WHERE {where} ORDER BY 1 LIMIT 1"
        )

    return insert


DRAFT = "framework_id = (SELECT id FROM checklists_framework WHERE slug = 'draft')"
IN_DRAFT = f"gate_id IN (SELECT id FROM checklists_gate WHERE {DRAFT})"
RUNNING = "name = 'Invoice triage'"
OF_RUNNING = f"initiative_id = (SELECT id FROM gates_initiative WHERE {RUNNING})"
WAITS = "decided_at IS NULL"
WAITING = f"(SELECT id FROM gates_submission WHERE {WAITS})"
ITS_SNAPSHOT = f"(SELECT snapshot_id FROM gates_submission WHERE {WAITS})"
SPARE_SNAPSHOT = "(SELECT snapshot_id FROM gates_decision)"
OTHER_ASSESSMENT = "(SELECT max(id) FROM checklists_assessment)"
LONG_AGO = "'1999-01-01'"


def decided_anew(**columns: str) -> Callable[[], int]:
    """Another decision, on the submission that waits."""
    return again("gates_decision", submission_id=WAITING, snapshot_id=ITS_SNAPSHOT, **columns)


PROMISES: dict[str, Callable[[], int]] = {
    "framework_version_once": again("checklists_framework", "slug = 'draft'"),
    "framework_kind_is_known": change("checklists_framework", "slug = 'draft'", kind="'other'"),
    "framework_order_is_known": change("checklists_framework", "slug = 'draft'", **{'"order"': "'other'"}),
    "gate_once_in_framework": again("checklists_gate", DRAFT, position="2"),
    "gate_position_once": again("checklists_gate", DRAFT, slug="'second'"),
    "item_once_in_gate": again("checklists_item", IN_DRAFT, position="2"),
    "item_position_once": again("checklists_item", IN_DRAFT, code="'A-2'"),
    "one_answer_an_item": again("checklists_answer"),
    "declared_value_is_known": change("checklists_answer", declared="'unanswered'"),
    "measured_value_is_known": change("checklists_answer", measured="'pass'"),
    "one_writing_a_person_and_gate": again("checklists_writing"),
    "same_piece_is_one_piece": again("checklists_evidence"),
    "evidence_kind_is_known": change("checklists_evidence", "kind = 'link'", kind="'photo'"),
    "evidence_expires_after_it_takes_effect": change("checklists_evidence", expires_on=LONG_AGO),
    "file_evidence_has_a_file": change("checklists_evidence", "kind = 'link'", kind="'file'"),
    "check_result_is_known": change("checklists_evidence", "kind = 'link'", check_result="'pass'"),
    "check_result_is_known: no such result": change(
        "checklists_evidence", "kind = 'check'", check_result="'good'"
    ),
    "reported_result_is_known": change("checklists_checkresult", result="'good'"),
    "check_expires_after_it_was_observed": change("checklists_checkresult", expires_at="observed_at"),
    "imported_row_once": change("gates_initiative", source="'a'", source_key="'b'"),
    "stage_is_known": change("gates_initiative", stage="'done'"),
    "approach_is_known": change("gates_initiative", approach="'borrow'"),
    "visibility_is_known": change("gates_initiative", visibility="'world'"),
    "priority_is_known": change("gates_initiative", priority="'urgent'"),
    "planned_is_not_negative": change("gates_initiative", budget_planned="-0.01"),
    "spent_is_not_negative": change("gates_initiative", budget_spent="-0.01"),
    "build_estimate_is_not_negative": change("gates_initiative", estimate_build="-0.01"),
    "run_estimate_is_not_negative": change("gates_initiative", estimate_run="-0.01"),
    "data_share_is_a_share": change("gates_initiative", data_share="101"),
    "change_share_is_a_share": change("gates_initiative", change_share="101"),
    "shares_add_up_to_100_at_most": change("gates_initiative", data_share="60", change_share="41"),
    "one_person_a_named_role": again(
        "gates_teamrole", "role = 'technical_lead'", user_id="(SELECT id FROM accounts_user WHERE username = 'omar')"
    ),
    "one_open_place_a_person_and_role": again("gates_teamrole", "role = 'member'"),
    "team_role_is_known": change("gates_teamrole", "role = 'member'", role="'friend'"),
    "place_ends_after_it_begins": change("gates_teamrole", until=LONG_AGO),
    "one_open_stage": again("gates_stageentry", "left_on IS NULL"),
    "stage_is_left_after_it_is_entered": change("gates_stageentry", left_on=LONG_AGO),
    "entered_stage_is_known": change("gates_stageentry", stage="'done'"),
    "one_open_hold": again("gates_hold"),
    "hold_ends_after_it_begins": change("gates_hold", lifted_on=LONG_AGO),
    "hold_is_reviewed_after_it_begins": change("gates_hold", review_on=LONG_AGO),
    "one_passage_a_framework": again("gates_passage", OF_RUNNING, assessment_id=OTHER_ASSESSMENT),
    "one_waiting_submission_a_gate": again("gates_submission", WAITS, snapshot_id=SPARE_SNAPSHOT),
    "recommendation_is_known": change("gates_submission", recommendation="'go'"),
    "decision_is_known": decided_anew(decision="'maybe'"),
    "nobody_decides_their_own_submission": decided_anew(by_id="submitted_by_id"),
    "a_decision_has_a_rationale": decided_anew(rationale="''"),
    "condition_state_is_known": change("gates_condition", state="'done'"),
    "a_confirmed_cause_says_when": change("standing_flag", confirmed_cause="'value'"),
    "a_confirmed_condition_names_who": change("gates_condition", state="'confirmed'"),
    "a_waiver_has_a_reason": change("gates_waiver", reason="''"),
    "a_lapse_has_a_reason": change("gates_lapse", reason="''"),
    "material_change_is_known": change("gates_materialchange", kind="'weather'"),
    "lesson_outcome_is_known": change("gates_lesson", outcome="'gave up'"),
    "verdict_is_known": change("standing_standing", verdict="'perhaps'"),
    "score_is_a_percentage": change("standing_standing", score="100.1"),
    "one_standing_a_gate": again("standing_gatestanding"),
    "gate_status_is_known": change("standing_gatestanding", status="'done'"),
    "one_open_flag_a_code": again("standing_flag", "resolved_at IS NULL"),
    "draft_version_counts_from_one": change("checklists_frameworkdraft", version="0"),
    "severity_is_known": change("standing_flag", severity="'bad'"),
    "one_point_a_day": again("standing_historypoint"),
    "one_value_a_threshold": again("standing_threshold"),
    "threshold_is_not_negative": change("standing_threshold", value="-1"),
}  # fmt: skip

RISES = "direction = 'up'"
FALLS = "direction = 'down'"
OF_KPI = "kpi_id IS NOT NULL"
OF_CRITERION = "criterion_id IS NOT NULL"
CRITERION = "(SELECT id FROM gates_exitcriterion)"
SOMEBODY = "(SELECT min(id) FROM accounts_user)"


def decided(**columns: str) -> Callable[[], int]:
    """The trigger is decided: to stop, for a reason, and by nobody who is named."""
    standard = {"decided_at": '"at"', "decision": "'stop'", "reason": "'Too few.'"}
    return change("gates_exittrigger", **standard | columns)


# Of what was promised and of what goes on beside the gates. After a colon: which of several ways it is broken.
PROMISES |= {
    "one_kpi_of_a_name": again("gates_kpi"),
    "kpi_kind_is_known": change("gates_kpi", kind="'other'"),
    "kpi_direction_is_known": change("gates_kpi", direction="'side'", go_limit="NULL", stop_limit="NULL"),
    "kpi_signal_is_known": change("gates_kpi", signal="'mood'"),
    "kpi_due_is_known": change("gates_kpi", due="'someday'"),
    "stop_limit_on_its_side: it rises": change("gates_kpi", RISES, go_limit="30", stop_limit="30.0001"),
    "stop_limit_on_its_side: it falls": change("gates_kpi", FALLS, go_limit="30", stop_limit="29.9999"),
    "one_reading_a_day": again("gates_reading"),
    "reading_source_is_known": change("gates_reading", source="'fax'"),
    "a_withdrawn_reading_says_why": change("gates_reading", withdrawn_at="received_at"),
    "exit_criterion_over_a_window_or_at_a_checkpoint: both": change("gates_exitcriterion", checkpoint="'start'"),
    "exit_criterion_over_a_window_or_at_a_checkpoint: neither": change("gates_exitcriterion", window_days="NULL"),
    "exit_criterion_over_a_window_or_at_a_checkpoint: no day": change("gates_exitcriterion", window_days="0"),
    "comparator_is_known": change("gates_exitcriterion", comparator="'near'"),
    "exit_action_is_known": change("gates_exitcriterion", action="'go_on'"),
    "one_open_trigger_a_criterion": again("gates_exittrigger"),
    "a_decided_trigger_says_what_and_why: not why": decided(reason="''"),
    "a_decided_trigger_says_what_and_why: not what": decided(decision="''"),
    "a_decided_trigger_says_what_and_why: unknown": decided(decision="'wait'"),
    "a_decided_trigger_says_what_and_why: not when": decided(decided_at="NULL"),
    "to_go_on_names_who_and_until_when: not who": decided(decision="'go_on'", expires_on='"on"'),
    "to_go_on_names_who_and_until_when: not when": decided(decision="'go_on'", by_id=SOMEBODY),
    "an_amendment_of_one_promise: of two": change("gates_amendment", OF_KPI, criterion_id=CRITERION),
    "an_amendment_of_one_promise: of no KPI": change("gates_amendment", OF_KPI, kpi_id="NULL"),
    "an_amendment_of_one_promise: of no criterion": change("gates_amendment", OF_CRITERION, criterion_id="NULL"),
    "an_amendment_has_a_reason": change("gates_amendment", reason="''"),
    "one_row_a_stakeholder": again("gates_stakeholder"),
    "stakeholder_function_is_known": change("gates_stakeholder", "function = 'legal'", function="'sales'"),
    "only_a_works_council_may_not_exist: another": change(
        "gates_stakeholder", "function = 'it'", needed="FALSE"
    ),
    "only_a_works_council_may_not_exist: involved": change(
        "gates_stakeholder", "function = 'works_council'", needed="FALSE", involved_on=LONG_AGO
    ),
    "roadmap_budget_is_not_negative": change("gates_roadmap", budget="-0.01"),
    "one_phase_a_kind": again("gates_roadmapphase"),
    "phase_kind_is_known": change("gates_roadmapphase", "kind = 'decision'", kind="'other'"),
    "phase_ends_after_it_starts": change("gates_roadmapphase", "kind = 'decision'", ends_on=LONG_AGO),
    "one_amount_a_month_and_kind": again("gates_spending"),
    "spending_kind_is_known": change("gates_spending", kind="'travel'"),
    "spending_is_not_negative": change("gates_spending", amount="-0.01"),
    "one_open_handover_a_person": again("gates_handover"),
    "handed_to_someone_else": change("gates_handover", successor_id="leaver_id"),
    "one_point_a_topic": again("gates_handoverpoint"),
    "handover_topic_is_known": change("gates_handoverpoint", "topic = 'setup'", topic="'weather'"),
    "a_comment_says_something": again("gates_comment", body="''"),
    "a_commented_item_names_its_gate": again("gates_comment", item="'DATA-1'"),
    "one_mention_a_person_and_comment": again("gates_mention"),
    "one_open_assignment_an_item": again("gates_assignment"),
    "assignment_outcome_is_known": change("gates_assignment", outcome="'lost'", ended_at="at"),
    "an_ended_assignment_says_how": change("gates_assignment", ended_at="at"),
    "an_ended_assignment_says_how: while it is open": change("gates_assignment", outcome="'done'"),
    "a_forecast_has_a_range_or_a_reason": change(
        "standing_standing", forecast_on=LONG_AGO, forecast_from=LONG_AGO, forecast_none="'too_short'"
    ),
    "a_forecast_has_a_range_or_a_reason: no range": change(
        "standing_standing", forecast_on=LONG_AGO, forecast_from="NULL", forecast_none="''"
    ),
    "what_worked_says_what": change("gates_whatworked", made_it_work="''"),
    "one_limit_a_stage_and_unit": again("gates_parallellimit"),
    "limited_stage_is_known": change("gates_parallellimit", stage="'live'"),
    "a_limit_lets_one_in": change("gates_parallellimit", most="0"),
    "begins_with_a_framework_once": again("gates_startingframework", position="9"),
    "one_framework_a_starting_place": again("gates_startingframework", slug="'another'"),
    "starting_framework_is_named": change("gates_startingframework", slug="''"),
}  # fmt: skip

# What there is only one of, by the column that says so.
ONE_TO_ONE: dict[str, Callable[[], int]] = {
    "gates_initiative.hold_id": change("gates_initiative", hold_id="(SELECT id FROM gates_hold)"),
    "gates_passage.assessment_id": again("gates_passage", OF_RUNNING, framework_slug="'another'"),
    "gates_submission.snapshot_id": again("gates_submission", "decided_at IS NOT NULL"),
    "gates_decision.submission_id": again("gates_decision", snapshot_id=ITS_SNAPSHOT),
    "gates_decision.snapshot_id": again("gates_decision", submission_id=WAITING),
    "gates_lapse.decision_id": again("gates_lapse"),
    "gates_lesson.initiative_id": again("gates_lesson"),
    "gates_roadmap.initiative_id": again("gates_roadmap"),
    "gates_whatworked.initiative_id": again("gates_whatworked"),
}


def promised_by(name: str) -> str:
    """The promise alone, of a name that also says in which way it is broken."""
    return name.partition(":")[0]


def _models() -> list[type[models.Model]]:
    return [model for label in APPS for model in apps.get_app_config(label).get_models()]


def broken(error: IntegrityError) -> str:
    """The name of the promise that was broken, or the table and column of what there may be only one of."""
    diagnosis = getattr(error.__cause__, "diag", None)
    if diagnosis is not None:
        name, table = diagnosis.constraint_name, diagnosis.table_name
        own = re.fullmatch(rf"{table}_(\w+_id)_(?:key|\w+_uniq)", name)
        return f"{table}.{own[1]}" if own else name
    message = str(error)
    check = re.fullmatch(r"CHECK constraint failed: (\w+)", message)
    columns = re.fullmatch(r"UNIQUE constraint failed: ([\w., ]+)", message)
    if check:
        return check[1]
    assert columns, message
    return _uniques().get(frozenset(columns[1].split(", ")), columns[1])


def _uniques() -> dict[frozenset[str], str]:
    found: dict[frozenset[str], str] = {}
    for model in _models():
        for constraint in model._meta.constraints:
            if isinstance(constraint, models.UniqueConstraint):
                columns = [model._meta.get_field(name).column for name in constraint.fields]
                found[frozenset(f"{model._meta.db_table}.{column}" for column in columns)] = constraint.name
    return found


def test_every_promise_of_these_tables_is_broken_here() -> None:
    promised = {constraint.name for model in _models() for constraint in model._meta.constraints}
    assert set(map(promised_by, PROMISES)) == promised
    single = {
        f"{model._meta.db_table}.{field.column}"
        for model in _models()
        for field in model._meta.concrete_fields
        if field.unique and not field.primary_key
    }
    assert set(ONE_TO_ONE) == single


def test_the_database_refuses_by_itself_what_breaks_a_promise(world: Initiative) -> None:
    found = {}
    for name, attempt in (PROMISES | ONE_TO_ONE).items():
        try:
            with transaction.atomic():
                touched = attempt()
                transaction.set_rollback(True)
            found[name] = f"accepted ({touched} rows)"
        except IntegrityError as error:
            found[name] = broken(error)
    assert found == {name: promised_by(name) for name in found}


SOUND: dict[str, list[Callable[[], int]]] = {
    "check": [
        change("gates_initiative", approach="'buy'"),
        change("gates_hold", review_on="'2100-01-01'"),
    ],
    "unique": [decided_anew(), again("gates_waiver"), again("gates_condition")],
    "of promises": [
        change("gates_kpi", go_limit="30", stop_limit="30"),
        change("gates_kpi", RISES, go_limit="NULL", stop_limit="31"),
        change("gates_reading", withdrawn_at="received_at", withdrawn_reason="'A typo.'"),
        change("gates_exitcriterion", window_days="NULL", checkpoint="'start'"),
        decided(),
        decided(decision="'go_on'", expires_on='"on"', by_id=SOMEBODY),
        change("gates_amendment", OF_KPI, kpi_id="NULL", criterion_id=CRITERION),
    ],
    "beside the gates": [
        change("gates_stakeholder", "function = 'works_council'", needed="FALSE"),
        change("gates_roadmap", budget="NULL"),
        change("gates_roadmapphase", "kind = 'decision'", ends_on="starts_on"),
        change("gates_roadmapphase", "kind = 'decision'", starts_on="NULL", ends_on=LONG_AGO),
        change("gates_spending", amount="0"),
        change("gates_handover", successor_id="(SELECT id FROM accounts_user WHERE username = 'omar')"),
        change("gates_parallellimit", most="1"),
    ],
    "once more": [
        again("gates_kpi", removed_at="created_at"),
        again("gates_reading", withdrawn_at="received_at", withdrawn_reason="'A typo.'"),
        again("gates_exittrigger", decided_at='"at"', decision="'stop'", reason="'Too few.'"),
        again("gates_handover", closed_at="opened_at"),
        again("gates_spending", kind="'change'"),
        again("gates_parallellimit", unit_key="'finance'"),
        again("gates_comment"),
    ],
}


@pytest.mark.parametrize("kind", SOUND)
def test_a_write_that_breaks_no_promise_is_accepted(world: Initiative, kind: str) -> None:
    """The statements themselves are sound: with other values they go through."""
    assert 0 not in [attempt() for attempt in SOUND[kind]]


# --- What was decided and what was frozen never changes ------------------------------------------------------

TAMPERING: dict[str, Callable[[], Any]] = {
    "a decision is turned around": lambda: sql("UPDATE gates_decision SET decision = 'pass'"),
    "a rationale is reworded": lambda: Decision.objects.update(rationale="Other"),
    "a decision is saved again": lambda: Decision.objects.get().save(),
    "a decision is given to another": lambda: sql("UPDATE gates_decision SET by_id = submitted_by_id"),
    "a decision is deleted": lambda: sql("DELETE FROM gates_decision"),
    "what was frozen is reworded": lambda: sql("UPDATE gates_snapshot SET content = '{}'"),
    "what was frozen is moved in time": lambda: Snapshot.objects.update(taken_at=on(9)),
    "what was frozen is deleted": lambda: sql("DELETE FROM gates_snapshot"),
}


@pytest.mark.parametrize("tamper", TAMPERING.values(), ids=TAMPERING)
def test_a_decision_is_never_edited_or_deleted_nor_what_was_frozen(
    world: Initiative, tamper: Callable[[], Any]
) -> None:
    before = [list(model.objects.order_by("pk").values()) for model in (Decision, Snapshot)]
    with pytest.raises(IntegrityError, match="never"), transaction.atomic():
        tamper()
    assert [list(model.objects.order_by("pk").values()) for model in (Decision, Snapshot)] == before


def test_what_others_refer_to_is_not_deleted_through_the_models(world: Initiative) -> None:
    for row in (
        world,
        Submission.objects.first(),
        Hold.objects.get(),
        Assessment.objects.first(),
        world.created_by,
    ):
        with pytest.raises(models.ProtectedError), transaction.atomic():
            row.delete()
