"""What the bodies of writes may hold. Their rules (is that day past, may that person) are the acts' own."""

from typing import Any, ClassVar

from checklists.models import EvidenceKind
from gates.models import (
    NAME_MAX,
    PROBLEM_MAX,
    Approach,
    LessonOutcome,
    MaterialChangeKind,
    Priority,
    StakeholderFunction,
    Visibility,
)
from gates.rules import DecisionKind
from gates.stages import Stage
from readiness.actions.answers import ANSWER_WORDS, NOTE_MAX
from readiness.actions.comments import COMMENT_MAX
from readiness.actions.fields import PLAN_DAYS_MAX, SHORT_MAX, TAG_MAX, TAGS_MAX
from readiness.actions.gates import CONDITIONS_MAX, ITEM_COMMENTS_MAX, RATIONALE_MAX
from readiness.actions.initiatives import TAKE_OVER_STAGES
from readiness.actions.lessons import LESSON_MAX
from readiness.actions.pieces import STATED_BY_MAX, TITLE_MAX, URL_MAX
from readiness.actions.stakeholders import CONTACT_MAX
from readiness.actions.texts import REASON_MAX
from readiness.api.fields import Amount, Day, Many, Shape, Text, Truth, Upload, Whole, Word
from readiness.standing.definitions import root_causes

USERNAME_MAX = 60
MEMBERS_MAX = 200
CODE_MAX = 30
SLUG_MAX = 60
VERSION_MAX = 20
CURRENCY_LENGTH = 3
ANSWERS_MAX = 200
PIECES_MAX = 20
ETAG_MAX = 100
KEY_MAX = 2**63 - 1


def _username(**options: bool) -> Text:
    return Text(USERNAME_MAX, hold=True, **options)


def _over_limit_reason() -> Text:
    told = "Why it enters although the parallel limit is reached; not looked at where there is room."
    return Text(REASON_MAX, required=False, help_text=told)


class Nothing(Shape):
    """No fields at all: the act needs none."""


class People(Shape):
    """Who does what, by username. What is absent stays as it is; null takes a name out."""

    business_owner = _username(required=False, allow_null=True)
    executive_sponsor = _username(required=False, allow_null=True)
    technical_lead = _username(required=False, allow_null=True)
    deputy = _username(required=False, allow_null=True)
    members = Many(MEMBERS_MAX, child=_username(), required=False)


class Plan(Shape):
    """Days planned for each stage, and the day of the decision. What is absent stays; null takes a value out."""

    intake_days = Whole(1, PLAN_DAYS_MAX, required=False, allow_null=True)
    poc_days = Whole(1, PLAN_DAYS_MAX, required=False, allow_null=True)
    pilot_days = Whole(1, PLAN_DAYS_MAX, required=False, allow_null=True)
    rollout_days = Whole(1, PLAN_DAYS_MAX, required=False, allow_null=True)
    decision_on = Day(required=False, allow_null=True)


class Budget(Shape):
    """What is planned and spent, its currency, and the shares of data and change. What is absent stays as it is."""

    planned = Amount(required=False, allow_null=True)
    spent = Amount(required=False, allow_null=True)
    currency = Text(CURRENCY_LENGTH, required=False)
    data_share = Whole(0, 100, required=False, allow_null=True)
    change_share = Whole(0, 100, required=False, allow_null=True)
    estimate_build = Amount(required=False, allow_null=True)
    estimate_run = Amount(required=False, allow_null=True)


class InitiativeFacts(Shape):
    """What a PATCH may change. What is absent stays as it is."""

    example: ClassVar[dict[str, Any]] = {
        "vendor": "Contoso",
        "people": {"deputy": None},
        "budget": {"spent": "90000.00"},
    }

    told_only = frozenset(
        {
            "id",
            "stage",
            "stage_since",
            "on_hold",
            "taken_over",
            "as_of",
            "created_at",
            "updated_at",
            "readiness",
            "frameworks",
        }
    )

    name = Text(NAME_MAX, required=False)
    business_problem = Text(PROBLEM_MAX, required=False)
    business_unit = Text(SHORT_MAX, required=False)
    technology = Text(SHORT_MAX, required=False)
    vendor = Text(SHORT_MAX, required=False)
    approach = Word(Approach.values, required=False, allow_null=True)
    visibility = Word(Visibility.values, required=False)
    priority = Word(Priority.values, required=False)
    tags = Many(TAGS_MAX, child=Text(TAG_MAX), required=False)
    people = People(required=False)
    plan = Plan(required=False)
    budget = Budget(required=False)


class NewInitiative(InitiativeFacts):
    """What a POST may hold. `stage` and `stage_since` take over one that is already under way."""

    example = {
        "name": "Invoice triage",
        "business_problem": "Incoming invoices wait nine days before anybody reads them.",
        "business_unit": "Finance",
        "technology": "Document understanding",
        "approach": "buy",
        "priority": "high",
        "people": {"business_owner": "elsa", "deputy": "omar"},
        "plan": {"poc_days": 28, "pilot_days": 90, "decision_on": "2099-06-30"},
        "budget": {"planned": "250000.00", "currency": "EUR", "data_share": 45, "change_share": 25},
        "tags": ["invoices"],
    }

    told_only = InitiativeFacts.told_only - {"stage", "stage_since"}

    name = Text(NAME_MAX)
    business_problem = Text(PROBLEM_MAX)
    stage = Word([*TAKE_OVER_STAGES], required=False)
    stage_since = Day(required=False, allow_null=True)
    over_limit_reason = _over_limit_reason()


class LessonBody(Shape):
    """What a stopped initiative leaves to the next one."""

    tried = Text(LESSON_MAX)
    did_not_work = Text(LESSON_MAX)
    technical_constraint = Text(LESSON_MAX, required=False)
    organisational_barrier = Text(LESSON_MAX, required=False)
    root_cause = Word([*root_causes()], required=False, allow_null=True)
    advice = Text(LESSON_MAX, required=False)
    outcome = Word(LessonOutcome.values)


class StageMove(Shape):
    """To which stage, and why; a lesson goes with `stopped`."""

    example = {"to": "intake", "reason": "The data owner changed; the case has to be made again."}

    to = Word([*Stage])
    reason = Text(REASON_MAX, required=False)
    over_limit_reason = _over_limit_reason()
    lesson = LessonBody(required=False, allow_null=True)


class HoldBody(Shape):
    """Why it rests, and on which day to look at it again."""

    example = {"reason": "Budget freeze until the new year.", "review_on": "2099-01-15"}

    reason = Text(REASON_MAX)
    review_on = Day()


class StakeholderBody(Shape):
    """One function: who speaks for it, since when it is involved, and whether it is needed."""

    function = Word(StakeholderFunction.values)
    contact = Text(CONTACT_MAX, required=False)
    involved_on = Day(required=False, allow_null=True)
    needed = Truth(required=False)


class StakeholdersBody(Shape):
    """Functions and fields that are absent stay as they are."""

    example: ClassVar[dict[str, Any]] = {
        "stakeholders": [
            {"function": "it", "contact": "Platform team", "involved_on": "2026-10-01"},
            {"function": "works_council", "needed": False},
        ]
    }

    stakeholders = Many(len(StakeholderFunction), child=StakeholderBody())


class FrameworkChoice(Shape):
    """Which framework is attached, by its slug."""

    example = {"framework": "conversational-ai"}

    framework = Text(SLUG_MAX, hold=True)


class VersionChoice(Shape):
    """To which version of the framework; without one to the newest."""

    example: ClassVar[dict[str, Any]] = {"version": "1.1"}

    version = Text(VERSION_MAX, required=False)


class PieceBody(Shape):
    """One piece of evidence. A statement has its text in `title` and who made it in `stated_by`."""

    told_only = frozenset({"id", "received_at"})

    kind = Word((EvidenceKind.LINK, EvidenceKind.STATEMENT))
    url = Text(URL_MAX, required=False)
    title = Text(TITLE_MAX, required=False)
    stated_by = Text(STATED_BY_MAX, required=False)
    effective_on = Day()
    expires_on = Day(required=False, allow_null=True)


class FileBody(Shape):
    """One file as evidence, with the day it speaks of."""

    example = {"title": "Data quality report", "effective_on": "2026-11-01"}
    media_type = "multipart/form-data"

    file = Upload()
    title = Text(TITLE_MAX, required=False, help_text="The file's name, if not given.")
    effective_on = Day()
    expires_on = Day(required=False)


class FrameworkFile(Shape):
    """A framework: the keys are those of a framework's file. This is read as a document, line by line."""

    media_type = "application/yaml"


class ReuseBody(Shape):
    """A piece that lies behind another item of the same initiative, by its `id`."""

    example = {"evidence": 4711}

    evidence = Whole(1, KEY_MAX)


class AnswerBody(Shape):
    """What to write at one item. What is absent stays as it is; `unanswered` takes an answer back."""

    example: ClassVar[dict[str, Any]] = {
        "answer": "met",
        "note": "Measured on three months of live invoices.",
        "evidence": [
            {
                "kind": "link",
                "url": "https://wiki.example.com/invoice-triage/data-report",
                "title": "Data quality report",
                "effective_on": "2026-11-01",
            }
        ],
    }

    answer = Word(ANSWER_WORDS, required=False)
    note = Text(NOTE_MAX, required=False)
    evidence = Many(PIECES_MAX, child=PieceBody(), required=False)


class CodedAnswer(AnswerBody):
    """One of many. `etag` is that of the item as it was read; without it the last write wins."""

    code = Text(CODE_MAX, hold=True)
    etag = Text(ETAG_MAX, required=False, hold=True)


class ManyAnswers(Shape):
    """Answers to many items: all are written, or none."""

    example = {
        "answers": [
            {"code": "DATA-2", "answer": "partial", "note": "Two of three sources are catalogued."},
            {
                "code": "DATA-3",
                "answer": "met",
                "evidence": [
                    {
                        "kind": "statement",
                        "title": "Personal data is masked before it is stored.",
                        "stated_by": "Data protection officer",
                        "effective_on": "2026-11-01",
                        "expires_on": "2099-11-01",
                    }
                ],
            },
        ]
    }

    answers = Many(ANSWERS_MAX, child=CodedAnswer())


class SubmissionBody(Shape):
    """What the reviewers should know."""

    example = {"note": "All four items are met; the report is linked at DATA-1."}

    note = Text(REASON_MAX, required=False)


class ConditionBody(Shape):
    """A promise that goes with a pass: what, by whom, until when."""

    text = Text(REASON_MAX)
    owner = _username()
    due = Day()


class ItemCommentBody(Shape):
    """What the team should know at one item of the gate; it stands there as a comment."""

    item = Text(CODE_MAX, hold=True)
    text = Text(COMMENT_MAX)


class DecisionBody(Shape):
    """`conditions` go with `pass_with_conditions`, `lesson` with `stop`, `hold` may go with `return`; `item_comments`
    go with every decision and become comments at the items they name. `submission` is the `id` of the one that was
    looked at: while another waits, nothing is decided."""

    example = {
        "decision": "pass_with_conditions",
        "rationale": "The live data matches the sample; lineage is documented.",
        "conditions": [{"text": "Document the retention period.", "owner": "lena", "due": "2099-01-31"}],
        "item_comments": [{"item": "DATA-3", "text": "The lineage of the third source is a draft."}],
    }

    decision = Word([kind.value for kind in DecisionKind])
    rationale = Text(RATIONALE_MAX)
    conditions = Many(CONDITIONS_MAX, child=ConditionBody(), required=False)
    lesson = LessonBody(required=False, allow_null=True)
    hold = HoldBody(required=False, allow_null=True)
    item_comments = Many(ITEM_COMMENTS_MAX, child=ItemCommentBody(), required=False)
    submission = Whole(1, KEY_MAX, required=False, allow_null=True)


class KeptBody(Shape):
    """How the condition was kept."""

    example = {"note": "Documented in the data catalogue."}

    note = Text(REASON_MAX)


class ReopenBody(Shape):
    """Why the condition is open again."""

    example = {"reason": "The page no longer names a period."}

    reason = Text(REASON_MAX)


class WaiverBody(Shape):
    """Which item, why its risk is accepted, and through which day."""

    example = {
        "item": "DATA-2",
        "reason": "The third source is replaced in spring; the board accepts the gap.",
        "expires_on": "2099-03-31",
    }

    item = Text(CODE_MAX, hold=True)
    reason = Text(REASON_MAX)
    expires_on = Day()


class MaterialChangeBody(Shape):
    """What was changed, and which passed gates lapse by it."""

    example = {"kind": "data_source", "note": "A second ledger feeds in.", "gates": ["data", "architecture"]}

    kind = Word(MaterialChangeKind.values)
    note = Text(REASON_MAX)
    gates = Many(50, child=Text(SLUG_MAX, hold=True))
