"""Gates and checkpoints: reading, submitting, deciding; conditions, waivers, material changes, snapshots."""

from django.db.models import QuerySet
from rest_framework.request import Request
from rest_framework.response import Response

from gates.models import Condition as ConditionRow
from gates.models import Initiative, Snapshot, Waiver
from readiness.accounts.models import Organisation, Scope
from readiness.actions.conditions import (
    Confirmed,
    confirm_condition,
    confirm_conditions,
    give_condition,
    keep_condition,
    reopen_condition,
)
from readiness.actions.errors import FieldError, Invalid, NotAllowed, NotFound
from readiness.actions.gates import ItemComment, Promise, Seen, decide_gate, submit_gate
from readiness.actions.material_changes import declare_material_change
from readiness.actions.waivers import grant_waiver
from readiness.api import shapes
from readiness.api.base import ApiView
from readiness.api.bodies import (
    DecisionBody,
    KeptBody,
    MaterialChangeBody,
    Nothing,
    ReopenBody,
    SubmissionBody,
    WaiverBody,
)
from readiness.api.codes import Code
from readiness.api.continuity_bodies import GivenBody
from readiness.api.documents.checklist import waiver
from readiness.api.documents.gates import condition_outcome, gate, gates, snapshot, snapshot_diff
from readiness.api.documents.readiness import moment, readiness
from readiness.api.errors import Problem, refusal
from readiness.api.openapi import operation, page_of
from readiness.api.pagination import Order, part_of
from readiness.api.queries import GateQuery, PageQuery
from readiness.api.review_bodies import ConditionsBody
from readiness.standing.outcome import Outcome
from readiness.standing.recompute import judge_to_show


class GateView(ApiView):
    """What the views that change a gate answer: the gate as it is now, and readiness with it."""

    def written(self, row: Initiative, slug: str, outcome: Outcome, status: int = 200) -> Response:
        document: shapes.GateWritten = {
            **gate(judge_to_show(row.pk, self.at), slug),
            "readiness": readiness(row.ref, outcome),
        }
        return Response(document, status=status)


class GateList(ApiView):
    scopes = {"GET": Scope.READ}
    queries = {"GET": PageQuery}

    @operation("List gates and checkpoints", answers={200: page_of(shapes.Gate)}, query=PageQuery)
    def get(self, request: Request, initiative_id: int) -> Response:
        """All of them, framework after framework, each in its order: one page, unless a `limit` asks for less."""
        row = self.initiative(initiative_id)
        return part_of(gates(judge_to_show(row.pk, self.at)), request, self.filters)


class Submit(GateView):
    scopes = {"POST": Scope.WRITE}

    @operation("Submit a gate", answers={201: shapes.GateWritten}, body=SubmissionBody)
    def post(self, request: Request, initiative_id: int, gate: str) -> Response:
        """Hands it to the reviewers and freezes its answers and evidence. A checkpoint can be submitted before its
        criteria hold, a gate cannot."""
        row, wanted = self.initiative(initiative_id), self.body(SubmissionBody)
        with self.unchanged(row):
            _, outcome = submit_gate(row.pk, gate, wanted.get("note", ""), self.actor, self.at)
        return self.written(row, gate, outcome, status=201)


class Decide(GateView):
    scopes = {"POST": Scope.REVIEW}

    @operation("Decide a gate", answers={201: shapes.GateWritten}, body=DecisionBody)
    def post(self, request: Request, initiative_id: int, gate: str) -> Response:
        """By a reviewer who is not on the team, did not submit it and wrote nothing in it. A pass of either kind needs
        the criteria to hold in what was submitted and now."""
        row, wanted = self.initiative(initiative_id), self.body(DecisionBody)
        looked_at = wanted.get("submission")
        with self.unchanged(row):
            _, outcome = decide_gate(
                row.pk,
                gate,
                wanted["decision"],
                wanted["rationale"],
                self.actor,
                self.at,
                [Promise(one["text"], one["owner"], one["due"]) for one in wanted.get("conditions", ())],
                wanted.get("lesson"),
                wanted.get("hold"),
                item_comments=[ItemComment(**one) for one in wanted.get("item_comments", ())],
                seen=Seen(looked_at, {}) if looked_at is not None else None,
            )
        return self.written(row, gate, outcome, status=201)


class ConditionView(GateView):
    """What the acts on a condition share."""

    def gate_of(self, row: Initiative, condition_id: int) -> str:
        """The gate of a condition of this initiative: else 404."""
        rows = ConditionRow.objects.filter(pk=condition_id, decision__passage__initiative=row)
        slug: str | None = rows.values_list("decision__gate__slug", flat=True).first()
        if slug is None:
            raise Problem(Code.NOT_FOUND)
        return slug


class GivenCondition(ConditionView):
    scopes = {"PATCH": Scope.WRITE}

    @operation("Give a condition to another owner", answers={200: shapes.GateWritten}, body=GivenBody)
    def patch(self, request: Request, initiative_id: int, condition_id: int) -> Response:
        """While it is open, by its owner or the team; its day stays, and the new owner is told."""
        row, wanted = self.initiative(initiative_id), self.body(GivenBody)
        slug = self.gate_of(row, condition_id)
        with self.unchanged(row):
            outcome = give_condition(row.pk, condition_id, wanted["owner"], self.actor, self.at)
        return self.written(row, slug, outcome)


class KeepCondition(ConditionView):
    scopes = {"POST": Scope.WRITE}

    @operation("Mark a condition kept", answers={200: shapes.GateWritten}, body=KeptBody)
    def post(self, request: Request, initiative_id: int, condition_id: int) -> Response:
        """By its owner or the team, with a note that says how. It counts as kept until a reviewer confirms it or
        opens it again."""
        row, wanted = self.initiative(initiative_id), self.body(KeptBody)
        slug = self.gate_of(row, condition_id)
        with self.unchanged(row):
            outcome = keep_condition(row.pk, condition_id, wanted["note"], self.actor, self.at)
        return self.written(row, slug, outcome)


class ConfirmCondition(ConditionView):
    scopes = {"POST": Scope.REVIEW}

    @operation("Confirm a condition", answers={200: shapes.GateWritten}, body=Nothing)
    def post(self, request: Request, initiative_id: int, condition_id: int) -> Response:
        """By a reviewer who is not on the team, and did not mark it kept."""
        row, _ = self.initiative(initiative_id), self.body(Nothing)
        slug = self.gate_of(row, condition_id)
        with self.unchanged(row):
            outcome = confirm_condition(row.pk, condition_id, self.actor, self.at)
        return self.written(row, slug, outcome)


class ConfirmConditions(ApiView):
    scopes = {"POST": Scope.REVIEW}
    in_parts = True

    @operation("Confirm several conditions", answers={200: shapes.ConditionsConfirmed}, body=ConditionsBody)
    def post(self, request: Request) -> Response:
        """Each on its own, as if it were confirmed alone: one that is refused holds up no other; `results` says why.
        Where none could be confirmed nothing has changed: 409 `none_confirmed`, with the same `results`."""
        if not self.person.is_reviewer:
            raise NotAllowed("not_allowed", "Only reviewers confirm conditions.")
        keys = self._keys()
        rows = self._visible(keys)
        wanted = [(rows[key].decision.passage.initiative_id, key) for key in keys if key in rows]
        done = {one.condition_id: one for one in confirm_conditions(wanted, self.actor, self.at)}
        states = dict(ConditionRow.objects.filter(pk__in=rows).values_list("pk", "state"))
        results = []
        for key in keys:
            refused = done.get(key, Confirmed(key, NotFound())).refused
            problem = refusal(refused, self) if refused else None
            results.append(condition_outcome(key, rows.get(key), states.get(key), problem))
        left = sum(1 for one in results if one["refusal"])
        if left == len(results):
            raise Problem(Code.NONE_CONFIRMED, results=results)
        document: shapes.ConditionsConfirmed = {
            "confirmed": len(results) - left,
            "refused": left,
            "results": results,
        }
        return Response(document)

    def _keys(self) -> list[int]:
        keys: list[int] = self.body(ConditionsBody)["conditions"]
        errors = [
            FieldError(f"conditions.{place}", "named_twice", f"{key} is named twice.")
            for place, key in enumerate(keys)
            if key in keys[:place]
        ]
        if not keys:
            errors.append(FieldError("conditions", "required", "Name at least one."))
        if errors:
            raise Invalid(errors)
        return keys

    def _visible(self, keys: list[int]) -> dict[int, ConditionRow]:
        """Those that the person may know of."""
        initiatives = Initiative.objects.visible_to(self.person)
        rows = ConditionRow.objects.filter(pk__in=keys, decision__passage__initiative__in=initiatives)
        return rows.select_related("decision__gate", "decision__passage__initiative").in_bulk()


class ReopenCondition(ConditionView):
    scopes = {"POST": Scope.REVIEW}

    @operation("Reopen a condition", answers={200: shapes.GateWritten}, body=ReopenBody)
    def post(self, request: Request, initiative_id: int, condition_id: int) -> Response:
        """By a reviewer who is not on the team, with a reason."""
        row, wanted = self.initiative(initiative_id), self.body(ReopenBody)
        slug = self.gate_of(row, condition_id)
        with self.unchanged(row):
            outcome = reopen_condition(row.pk, condition_id, wanted["reason"], self.actor, self.at)
        return self.written(row, slug, outcome)


class Waivers(ApiView):
    scopes = {"GET": Scope.READ, "POST": Scope.REVIEW}
    queries = {"GET": PageQuery}

    @operation("List waivers", answers={200: page_of(shapes.Waiver)}, query=PageQuery)
    def get(self, request: Request, initiative_id: int) -> Response:
        """The newest first; also those that have run out."""
        row = self.initiative(initiative_id)
        today = Organisation.get().day_of(self.at)
        rows = Waiver.objects.filter(passage__initiative=row).select_related("item", "approver")
        return self.page(
            rows,
            Order("pk", descending=True),
            lambda page: [waiver(one, one.item.code, one.approver.username, today) for one in page],
        )

    @operation("Grant a waiver", answers={201: shapes.WaiverWritten}, body=WaiverBody)
    def post(self, request: Request, initiative_id: int) -> Response:
        """Accepts the risk of one item through a day, by a reviewer who is not on the team. It never counts as met."""
        row, wanted = self.initiative(initiative_id), self.body(WaiverBody)
        with self.unchanged(row):
            made, outcome = grant_waiver(
                row.pk, wanted["item"], wanted["reason"], wanted["expires_on"], self.actor, self.at
            )
        today = Organisation.get().day_of(self.at)
        document: shapes.WaiverWritten = {
            **waiver(made, wanted["item"], self.person.username, today),
            "readiness": readiness(row.ref, outcome),
        }
        return Response(document, status=201)


class MaterialChange(ApiView):
    scopes = {"POST": Scope.WRITE}

    @operation("Declare a material change", answers={201: shapes.MaterialChange}, body=MaterialChangeBody)
    def post(self, request: Request, initiative_id: int) -> Response:
        """Of model, vendor, data source or user group: the passed gates it names lapse until they are decided anew."""
        row, wanted = self.initiative(initiative_id), self.body(MaterialChangeBody)
        with self.unchanged(row):
            made, outcome = declare_material_change(
                row.pk, wanted["kind"], wanted["note"], wanted["gates"], self.actor, self.at
            )
        document: shapes.MaterialChange = {
            "id": made.pk,
            "kind": made.kind,
            "note": made.note,
            "gates": made.gates,
            "by": self.person.username,
            "at": moment(made.at),
            "readiness": readiness(row.ref, outcome),
        }
        return Response(document, status=201)


class SnapshotList(ApiView):
    scopes = {"GET": Scope.READ}
    queries = {"GET": GateQuery}

    @operation("List snapshots", answers={200: page_of(shapes.Snapshot)}, query=GateQuery)
    def get(self, request: Request, initiative_id: int) -> Response:
        """What was frozen at each submission and decision, the newest first."""
        rows = Snapshot.objects.filter(passage__initiative=self.initiative(initiative_id))
        if "gate" in self.filters:
            rows = rows.filter(gate__slug=self.filters["gate"])
        return self.page(
            rows.select_related("gate"), Order("pk", descending=True), lambda page: [*map(snapshot, page)]
        )


class SnapshotDetail(ApiView):
    scopes = {"GET": Scope.READ}

    @operation("Read a snapshot", answers={200: shapes.Snapshot})
    def get(self, request: Request, initiative_id: int, snapshot_id: int) -> Response:
        """The answers and evidence of one gate as they stood."""
        row = _snapshots(self.initiative(initiative_id), snapshot_id).first()
        if row is None:
            raise Problem(Code.NOT_FOUND)
        return Response(snapshot(row))


class SnapshotDifferences(ApiView):
    scopes = {"GET": Scope.READ}

    @operation("Compare two snapshots", answers={200: shapes.SnapshotDiff})
    def get(self, request: Request, initiative_id: int, snapshot_id: int, other_id: int) -> Response:
        """What is different in the second one, over the items that both have: of two gates that is nothing."""
        found = _snapshots(self.initiative(initiative_id), snapshot_id, other_id).in_bulk()
        if not {snapshot_id, other_id} <= found.keys():
            raise Problem(Code.NOT_FOUND)
        return Response(snapshot_diff(found[snapshot_id], found[other_id]))


def _snapshots(initiative: Initiative, *keys: int) -> QuerySet[Snapshot]:
    rows = Snapshot.objects.filter(passage__initiative=initiative, pk__in=keys)
    return rows.select_related("gate")
