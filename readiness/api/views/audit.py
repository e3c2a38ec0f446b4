"""The audit trail: read in pages, streamed whole, and proved."""

from django.http import StreamingHttpResponse
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

from gates.models import Initiative
from readiness.accounts.models import Scope
from readiness.accounts.policy import Act, allows
from readiness.actions.errors import NotAllowed
from readiness.api import shapes
from readiness.api.base import ApiView
from readiness.api.converters import key_of
from readiness.api.documents.frameworks import event
from readiness.api.errors import malformed
from readiness.api.narrowing import spelt
from readiness.api.openapi import operation, page_of
from readiness.api.pagination import DEFAULT_LIMIT, Order, linked, place_of
from readiness.api.queries import AuditFilters, ProofQuery
from readiness.api.streams import CsvStream, NdjsonStream, refuse_pages, streamed_documents, streams
from readiness.audit.anchors import mark_in, sought
from readiness.audit.models import Event
from readiness.audit.proving import PART, START, Proof, prove, sealed, unsealed
from readiness.audit.searching import Asked, newest
from readiness.audit.taking_along import take_along
from readiness.audit.telling import COLUMNS, told, told_in_columns
from readiness.audit.verbs import verb_words

NEWEST_FIRST = Order("pk", descending=True)


class _OfAuditors(ApiView):
    def for_auditors(self) -> None:
        """Raises NotAllowed for everybody else."""
        if not allows(self.person, Act.SEE_AUDIT):
            raise NotAllowed("not_allowed", f"You may not {Act.SEE_AUDIT.value}.")


class Audit(_OfAuditors):
    scopes = {"GET": Scope.READ}
    queries = {"GET": AuditFilters}
    renderer_classes = (JSONRenderer, CsvStream, NdjsonStream)

    @operation(
        "Read the audit trail",
        answers={
            200: page_of(shapes.Event),
            (200, CsvStream.media_type): str,
            (200, NdjsonStream.media_type): str,
        },
        query=AuditFilters,
    )
    def get(self, request: Request) -> Response | StreamingHttpResponse:
        """What happened in the whole organisation, the latest first; for auditors and admins.

        As `text/csv` and `application/x-ndjson` it is streamed whole, the oldest first and without pages, with all
        that goes into the hashes: the chain can be recomputed from it. Each stream is an event of the trail itself,
        `trail.downloaded`."""
        self.for_auditors()
        if streams(request):
            return self._streamed(request)
        asked = self._asked()
        if asked.words:
            return self._searched(request, asked)
        rows = asked.rows().select_related("actor")
        return self.page(rows, NEWEST_FIRST, lambda page: [*map(event, page)])

    def _searched(self, request: Request, asked: Asked) -> Response:
        """The next of those that hold the words. Further back one only goes forward: ``previous`` is null."""
        place = place_of(self.filters, Event, NEWEST_FIRST)
        if place is not None and place.backwards:
            raise malformed("cursor", "bad_cursor", "A search goes on by `next` only.")
        found = newest(asked, place.key if place else None, self.filters.get("limit", DEFAULT_LIMIT))
        last = found.events[-1] if found.more else Event(pk=found.back_to) if found.back_to else None
        following = linked(request, NEWEST_FIRST, last, backwards=False) if last else None
        return Response({"next": following, "previous": None, "results": [*map(event, found.events)]})

    def _streamed(self, request: Request) -> StreamingHttpResponse:
        refuse_pages(self.filters)
        renderer, asked = request.accepted_renderer, self._asked()
        batches = take_along(asked, renderer.format, self.actor, self.at) if request.method != "HEAD" else ()
        events = (one for batch in batches for one in batch)
        documents = map(told_in_columns if isinstance(renderer, CsvStream) else told, events)
        return streamed_documents(request, documents, COLUMNS)

    def _asked(self) -> Asked:
        return Asked(
            verb=self.filters.get("verb", ""),
            actor=spelt(self.filters.get("actor", "")),
            initiative_id=self._initiative(),
            since=self.filters.get("since"),
            until=self.filters.get("until"),
            words=self.filters.get("search", "").strip(),
            called=verb_words,
        )

    def _initiative(self) -> int | None:
        """The key of the initiative that is asked for, 0 where there is none to be seen. Raises Malformed."""
        if "initiative" not in self.filters:
            return None
        key = key_of(self.filters["initiative"])
        if key is None:
            raise malformed("initiative", "wrong_type", "A reference such as AI-0042.")
        return key if Initiative.objects.visible_to(self.person).filter(pk=key).exists() else 0


class AuditProof(_OfAuditors):
    scopes = {"GET": Scope.READ}
    queries = {"GET": ProofQuery}

    @operation("Prove the audit trail", answers={200: shapes.AuditProof}, query=ProofQuery)
    def get(self, request: Request) -> Response:
        """Goes along the chain, 20,000 events a call: follow `next` until it is null. `holds` is then whether it is
        whole; `broken` names the first event that does not hold. For auditors and admins."""
        self.for_auditors()
        begun = START
        if "cursor" in self.filters:
            place = unsealed(self.filters["cursor"])
            if place is None:
                raise malformed("cursor", "bad_cursor", "Take it from `next` as it is, within a day.")
            begun = place
        noted = self._noted()
        return Response(self._told(request, prove(begun, PART), noted))

    def _noted(self) -> shapes.NotedHash | None:
        if "noted" not in self.filters:
            return None
        mark = mark_in(self.filters["noted"])
        if mark is None:
            raise malformed("noted", "wrong_type", "A hash: 64 digits and letters from a to f.")
        found = sought(mark).event
        return {"hash": mark.hash, "seq": found.seq if found else None}

    def _told(self, request: Request, proof: Proof, noted: shapes.NotedHash | None) -> shapes.AuditProof:
        here = request.build_absolute_uri()
        broken: shapes.ChainBreak | None = None
        if proof.broken is not None:
            found = proof.broken
            broken = {"seq": found.seq, "breach": found.breach.value, "reason": found.reason}
        return {
            "holds": None if not proof.ended else proof.holds,
            "checked": proof.checked,
            "reached": {"seq": proof.reached.seq, "hash": proof.reached.hash},
            "head": {"seq": proof.head.seq, "hash": proof.head.hash},
            "broken": broken,
            "noted": noted,
            "next": None if proof.ended else replace_query_param(here, "cursor", sealed(proof.reached)),
        }
