"""KPIs with their readings, and the amendments of an initiative's promises."""

from contextlib import AbstractContextManager
from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from gates.models import Amendment, Initiative, Kpi, Reading
from readiness.accounts.models import Organisation, Scope
from readiness.actions.kpis import acknowledge_amendment, create_kpi, edit_kpi, remove_kpi
from readiness.actions.readings import NewReading, Written, add_reading, add_readings, withdraw_reading
from readiness.api import shapes
from readiness.api.base import ApiView
from readiness.api.bodies import Nothing
from readiness.api.codes import Code
from readiness.api.documents.promises import amendment, kpis, reading
from readiness.api.documents.readiness import readiness
from readiness.api.errors import Problem, malformed
from readiness.api.etags import kpi_etag, unchanged
from readiness.api.openapi import CREATED, WITH_ETAG, operation, page_of
from readiness.api.pagination import Order
from readiness.api.promise_bodies import KpiFacts, NewKpi, NewReadings, WithdrawalBody
from readiness.api.queries import PageQuery, ReadingFilters
from readiness.api.typed import reference
from readiness.standing.outcome import Outcome

ONE_OR_MANY = {"oneOf": [reference(shapes.ReadingWritten), reference(shapes.ReadingsWritten)]}


class KpiView(ApiView):
    """What the views below one KPI share."""

    def kpi(self, row: Initiative, kpi_id: int) -> Kpi:
        """A KPI of this initiative that is not removed: else 404."""
        rows = Kpi.objects.filter(initiative=row, pk=kpi_id, removed_at__isnull=True)
        found = rows.select_related("owner").first()
        if found is None:
            raise Problem(Code.NOT_FOUND)
        return found

    def document(self, row: Initiative, kpi: Kpi) -> shapes.Kpi:
        return kpis(row, [kpi], Organisation.get().day_of(self.at))[0]

    def kpi_unchanged(self, row: Initiative, kpi_id: int) -> AbstractContextManager[None]:
        """Hold a write against ``If-Match``, which names the KPI's ETag."""

        def standing(now: Initiative) -> tuple[Kpi, str]:
            kpi = self.kpi(now, kpi_id)
            return kpi, kpi_etag(kpi)

        return unchanged(self.request, row.pk, self.actor, standing)

    def current(self, about: Any) -> tuple[Any, str]:
        if isinstance(about, Kpi):
            return self.document(about.initiative, about), kpi_etag(about)
        return super().current(about)

    def written(self, row: Initiative, kpi: Kpi, outcome: Outcome, status: int = 200) -> Response:
        document: shapes.KpiWritten = {
            **self.document(row, kpi),
            "readiness": readiness(row.ref, outcome),
        }
        return Response(document, status=status, headers={"ETag": document["etag"]})


class Kpis(KpiView):
    scopes = {"GET": Scope.READ, "POST": Scope.WRITE}
    queries = {"GET": PageQuery}

    @operation("List KPIs", answers={200: page_of(shapes.Kpi)}, query=PageQuery)
    def get(self, request: Request, initiative_id: int) -> Response:
        """With their limits as they stand and as they were promised, the latest reading, and what came after the
        launch."""
        row = self.initiative(initiative_id)
        today = Organisation.get().day_of(self.at)
        rows = Kpi.objects.filter(initiative=row, removed_at__isnull=True).select_related("owner")
        return self.page(rows, Order("pk"), lambda page: kpis(row, page, today))

    @operation("Add a KPI", answers={201: shapes.KpiWritten}, body=NewKpi, headers=CREATED)
    def post(self, request: Request, initiative_id: int) -> Response:
        """At most three business KPIs. One that is added after the promises were locked is locked at once, and needs a
        `reason`."""
        row, wanted = self.initiative(initiative_id), self.body(NewKpi)
        reason = wanted.pop("reason", "")
        with self.unchanged(row):
            kpi, outcome = create_kpi(row.pk, wanted, self.actor, self.at, reason)
        response = self.written(row, kpi, outcome, status=201)
        response["Location"] = request.build_absolute_uri(f"/api/v1/initiatives/{row.ref}/kpis/{kpi.pk}/")
        return response


class KpiDetail(KpiView):
    scopes = {"GET": Scope.READ, "PATCH": Scope.WRITE, "DELETE": Scope.WRITE}

    @operation("Read a KPI", answers={200: shapes.Kpi}, headers=WITH_ETAG)
    def get(self, request: Request, initiative_id: int, kpi_id: int) -> Response:
        """One KPI with its amendments and its ETag."""
        row = self.initiative(initiative_id)
        document = self.document(row, self.kpi(row, kpi_id))
        return Response(document, headers={"ETag": document["etag"]})

    @operation("Change a KPI", answers={200: shapes.KpiWritten}, body=KpiFacts, headers=WITH_ETAG)
    def patch(self, request: Request, initiative_id: int, kpi_id: int) -> Response:
        """Fields that are absent stay as they are. Once it is locked, a change of anything but name, owner and due day
        is one amendment and needs a `reason`."""
        row, wanted = self.initiative(initiative_id), self.body(KpiFacts)
        self.kpi(row, kpi_id)
        reason = wanted.pop("reason", "")
        with self.kpi_unchanged(row, kpi_id):
            kpi, outcome = edit_kpi(row.pk, kpi_id, wanted, self.actor, self.at, reason)
        return self.written(row, kpi, outcome)

    @operation("Remove a KPI", answers={200: shapes.Removed}, headers=WITH_ETAG[:0])
    def delete(self, request: Request, initiative_id: int, kpi_id: int) -> Response:
        """Only while it is not locked (409 `promise_locked`) and no exit criterion stands on it (409 `kpi_in_use`)."""
        row = self.initiative(initiative_id)
        self.kpi(row, kpi_id)
        with self.kpi_unchanged(row, kpi_id):
            outcome = remove_kpi(row.pk, kpi_id, self.actor, self.at)
        document: shapes.Removed = {"readiness": readiness(row.ref, outcome)}
        return Response(document)


class Readings(KpiView):
    scopes = {"GET": Scope.READ, "POST": Scope.WRITE}
    queries = {"GET": ReadingFilters}

    @operation("List readings", answers={200: page_of(shapes.Reading)}, query=ReadingFilters)
    def get(self, request: Request, initiative_id: int, kpi_id: int) -> Response:
        """Those that stand, the newest day first; `withdrawn=true` asks for the others."""
        kpi = self.kpi(self.initiative(initiative_id), kpi_id)
        stands = not self.filters.get("withdrawn", False)
        rows = Reading.objects.filter(kpi=kpi, withdrawn_at__isnull=stands).select_related("by")
        return self.page(rows, Order("on", descending=True), lambda page: [*map(reading, page)])

    @operation("Add readings", answers={200: ONE_OR_MANY, 201: ONE_OR_MANY}, body=NewReadings)
    def post(self, request: Request, initiative_id: int, kpi_id: int) -> Response:
        """One, or many under `readings`: all of them, or none with every error listed. The same value for the same day
        again is one reading; where nothing is new the answer is 200. Another value for a day that has one is refused:
        withdraw the one that stands first."""
        row, wanted = self.initiative(initiative_id), self.body(NewReadings)
        kpi = self.kpi(row, kpi_id)
        many = wanted.get("readings")
        if many is not None and len(wanted) > 1:
            raise malformed("readings", "unknown_field", "One reading, or many under `readings`: not both.")
        with self.unchanged(row):
            if many is None:
                done = add_reading(row.pk, kpi.pk, _new(wanted), self.actor, self.at)
            else:
                done = add_readings(row.pk, kpi.pk, [*map(_new, many)], self.actor, self.at)
        return Response(self._told(row, done, one=many is None), status=201 if done.new else 200)

    def _told(
        self, row: Initiative, done: Written, *, one: bool
    ) -> shapes.ReadingWritten | shapes.ReadingsWritten:
        now = readiness(row.ref, done.outcome)
        if one:
            return {**reading(done.readings[0]), "readiness": now}
        return {"readings": [*map(reading, done.readings)], "new": done.new, "readiness": now}


class ReadingDetail(KpiView):
    scopes = {"DELETE": Scope.WRITE}

    @operation("Withdraw a reading", answers={200: shapes.ReadingWritten}, body=WithdrawalBody)
    def delete(self, request: Request, initiative_id: int, kpi_id: int, reading_id: int) -> Response:
        """With a `reason`. It leaves its trace, and another value can be entered for its day."""
        row, wanted = self.initiative(initiative_id), self.body(WithdrawalBody)
        if not Reading.objects.filter(pk=reading_id, kpi=self.kpi(row, kpi_id)).exists():
            raise Problem(Code.NOT_FOUND)
        with self.unchanged(row):
            gone, outcome = withdraw_reading(row.pk, reading_id, wanted["reason"], self.actor, self.at)
        document: shapes.ReadingWritten = {**reading(gone), "readiness": readiness(row.ref, outcome)}
        return Response(document)


class AmendmentView(ApiView):
    """What the views of amendments share."""

    def amendments(self, row: Initiative) -> Any:
        people = ("by", "acknowledged_by")
        return Amendment.objects.filter(initiative=row).select_related("kpi", "criterion__kpi", *people)


class Amendments(AmendmentView):
    scopes = {"GET": Scope.READ}
    queries = {"GET": PageQuery}

    @operation("List amendments", answers={200: page_of(shapes.Amendment)}, query=PageQuery)
    def get(self, request: Request, initiative_id: int) -> Response:
        """Of its KPIs and exit criteria, the newest first."""
        rows = self.amendments(self.initiative(initiative_id))
        return self.page(rows, Order("pk", descending=True), lambda page: [*map(amendment, page)])


class AcknowledgeAmendment(AmendmentView):
    scopes = {"POST": Scope.REVIEW}

    @operation("Acknowledge an amendment", answers={200: shapes.AmendmentWritten}, body=Nothing)
    def post(self, request: Request, initiative_id: int, amendment_id: int) -> Response:
        """By a reviewer who is not on the team: the change was seen. It stays beside the original."""
        row, _ = self.initiative(initiative_id), self.body(Nothing)
        if not self.amendments(row).filter(pk=amendment_id).exists():
            raise Problem(Code.NOT_FOUND)
        with self.unchanged(row):
            outcome = acknowledge_amendment(row.pk, amendment_id, self.actor, self.at)
        document: shapes.AmendmentWritten = {
            **amendment(self.amendments(row).get(pk=amendment_id)),
            "readiness": readiness(row.ref, outcome),
        }
        return Response(document)


def _new(given: dict[str, Any]) -> NewReading:
    """A reading out of its body; what one sent alone lacks is an error of the rules."""
    return NewReading(given.get("on"), given.get("value"), given.get("note", ""))
