"""The checklist: reading it, answering one item or many, and the evidence behind an item."""

from collections.abc import Iterable
from typing import Any, cast

from django.db.models import F
from django.http import FileResponse, QueryDict
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from checklists.models import Answer, Evidence, EvidenceKind
from gates.models import Initiative
from readiness.accounts.models import Scope
from readiness.accounts.policy import Act, allows, relation_to
from readiness.actions.answers import AnswerChange, places_of, record_answers, withdraw_evidence
from readiness.actions.errors import FieldError, NotAllowed, NotFound, invalid
from readiness.actions.files import add_file_evidence
from readiness.actions.pieces import Piece
from readiness.actions.reuse import REUSABLE_KINDS, reuse_evidence
from readiness.api import shapes
from readiness.api.base import ApiView, checked
from readiness.api.bodies import AnswerBody, FileBody, ManyAnswers, ReuseBody
from readiness.api.codes import Code
from readiness.api.documents.checklist import checklist, evidence_detail, items_by_code
from readiness.api.documents.readiness import readiness
from readiness.api.downloads import as_download
from readiness.api.errors import Malformed, Problem, malformed
from readiness.api.etags import item_etag, unchanged
from readiness.api.openapi import CREATED, WITH_ETAG, operation
from readiness.api.queries import FrameworkQuery
from readiness.api.texts import text_errors
from readiness.standing.outcome import Outcome
from readiness.standing.recompute import judge_to_show


class ItemView(ApiView):
    """What the views of one item share."""

    def place(self, initiative_id: int, code: str) -> Initiative:
        """The initiative, in which there is an item with this code: else 404."""
        row = self.initiative(initiative_id)
        if code not in places_of(row.pk, [code], self.filters.get("framework")):
            raise Problem(Code.NOT_FOUND)
        return row

    def item_unchanged(self, row: Initiative, code: str) -> Any:
        """Hold a write against ``If-Match``, which names the item's ETag."""
        return unchanged(self.request, row.pk, self.actor, lambda now: (code, _standing_etag(now, code)))

    def written(self, row: Initiative, code: str, outcome: Outcome, status: int = 200) -> Response:
        item = items_by_code(row.ref, judge_to_show(row.pk, self.at), [code])[code]
        document: shapes.ItemWritten = {**item, "readiness": readiness(row.ref, outcome)}
        return Response(document, status=status, headers={"ETag": item["etag"]})

    def added(self, row: Initiative, code: str, outcome: Outcome, kinds: Iterable[str]) -> Response:
        """The item, and where the piece is read that was just put behind it; 200 where it lay there already."""
        piece = Evidence.objects.filter(
            assessment__passage__initiative=row, item__code=code, kind__in=kinds, received_at=self.at
        ).first()
        response = self.written(row, code, outcome, status=201 if piece else 200)
        if piece:
            where = f"/api/v1/initiatives/{row.ref}/evidence/{piece.pk}/"
            response["Location"] = self.request.build_absolute_uri(where)
        return response


class Checklist(ApiView):
    scopes = {"GET": Scope.READ, "PATCH": Scope.WRITE}
    queries = {"GET": FrameworkQuery, "PATCH": FrameworkQuery}

    @operation("Read a checklist", answers={200: shapes.Checklist}, query=FrameworkQuery)
    def get(self, request: Request, initiative_id: int) -> Response:
        """Every item of one framework with what was said, what was measured and what counts."""
        row = self.initiative(initiative_id)
        judgement = judge_to_show(row.pk, self.at)
        framework = self.filters.get("framework", judgement.deciding.framework.slug)
        found = checklist(row.ref, judgement, framework)
        if found is None:
            raise Problem(Code.NOT_FOUND, "The initiative has no framework of this name.")
        return Response(found)

    @operation(
        "Answer many items", answers={200: shapes.ItemsWritten}, body=ManyAnswers, query=FrameworkQuery
    )
    def patch(self, request: Request, initiative_id: int) -> Response:
        """All of them, or none with every error listed."""
        row, wanted = self.initiative(initiative_id), self.body(ManyAnswers)["answers"]
        changes = [_change(one["code"], one, _version(one, position)) for position, one in enumerate(wanted)]
        with self.unchanged(row):
            outcome = record_answers(row.pk, changes, self.actor, self.at, self.filters.get("framework"))
        found = items_by_code(row.ref, judge_to_show(row.pk, self.at), [change.code for change in changes])
        document: shapes.ItemsWritten = {
            "items": [found[change.code] for change in changes],
            "readiness": readiness(row.ref, outcome),
        }
        return Response(document)


class ChecklistItem(ItemView):
    scopes = {"GET": Scope.READ, "PUT": Scope.WRITE}
    queries = {"GET": FrameworkQuery, "PUT": FrameworkQuery}

    @operation("Read an item", answers={200: shapes.Item}, query=FrameworkQuery, headers=WITH_ETAG)
    def get(self, request: Request, initiative_id: int, code: str) -> Response:
        """One item with its evidence and its ETag."""
        row = self.place(initiative_id, code)
        item = items_by_code(row.ref, judge_to_show(row.pk, self.at), [code])[code]
        return Response(item, headers={"ETag": item["etag"]})

    @operation(
        "Answer an item",
        answers={200: shapes.ItemWritten},
        body=AnswerBody,
        query=FrameworkQuery,
        headers=WITH_ETAG,
    )
    def put(self, request: Request, initiative_id: int, code: str) -> Response:
        """Fields that are absent stay as they are. The readiness in the answer counts what was just written, and so
        does every later read."""
        row, wanted = self.place(initiative_id, code), self.body(AnswerBody)
        change = _change(code, wanted, None)
        framework = self.filters.get("framework")
        with self.item_unchanged(row, code):
            outcome = record_answers(row.pk, [change], self.actor, self.at, framework, path="")
        return self.written(row, code, outcome)


class EvidenceFiles(ItemView):
    scopes = {"POST": Scope.WRITE}
    parser_classes = (MultiPartParser,)

    @operation(
        "Add a file as evidence",
        answers={200: shapes.ItemWritten, 201: shapes.ItemWritten},
        body=FileBody,
        headers=CREATED,
    )
    def post(self, request: Request, initiative_id: int, code: str) -> Response:
        """PDF, PNG, JPEG, DOCX, XLSX, PPTX, CSV or text, up to 25 MB unless the server is set otherwise. The same
        file for the same day again is one piece, and answers 200."""
        row = self.place(initiative_id, code)
        if not allows(self.person, Act.ANSWER, relation_to(self.person, row)):
            # Asked again under the row lock; here so that nobody sends a large file to be told so.
            raise NotAllowed("not_allowed", f"You may not {Act.ANSWER.value} here.")
        given = self._form()
        with self.item_unchanged(row, code):
            outcome = add_file_evidence(
                row.pk,
                code,
                given["file"],
                given.get("title", ""),
                given["effective_on"],
                given.get("expires_on"),
                self.actor,
                self.at,
            )
        return self.added(row, code, outcome, [EvidenceKind.FILE])

    def _form(self) -> dict[str, Any]:
        """The file and the fields beside it, each once; an empty field is none."""
        form = cast("QueryDict", self.request.data)
        given: dict[str, Any] = {}
        for name, values in form.lists():
            errors = [
                error for value in values if isinstance(value, str) for error in text_errors(name, value)
            ]
            if len(values) > 1:
                errors.append(FieldError(name[:100], "named_twice", "Send it once."))
            if errors:
                raise Malformed(errors)
            if values[0] != "":
                given[name] = values[0]
        return checked(FileBody(data=given))


class EvidenceReuse(ItemView):
    scopes = {"POST": Scope.WRITE}

    @operation(
        "Use a piece of evidence again",
        answers={200: shapes.ItemWritten, 201: shapes.ItemWritten},
        body=ReuseBody,
        headers=CREATED,
    )
    def post(self, request: Request, initiative_id: int, code: str) -> Response:
        """Puts a link, a statement or a file of another item of the same initiative behind this one as well, with its
        day and its expiry. Where it lies there already nothing changes, and the answer is 200."""
        row, key = self.place(initiative_id, code), self.body(ReuseBody)["evidence"]
        with self.item_unchanged(row, code):
            try:
                outcome = reuse_evidence(row.pk, key, code, self.actor, self.at)
            except NotFound:  # the item is there
                message = "This initiative has no such piece of evidence."
                raise invalid("evidence", "unknown_evidence", message) from None
        return self.added(row, code, outcome, REUSABLE_KINDS)


class EvidencePiece(ItemView):
    scopes = {"GET": Scope.READ, "DELETE": Scope.WRITE}

    @operation("Read a piece of evidence", answers={200: shapes.EvidenceDetail})
    def get(
        self, request: Request, initiative_id: int, evidence_id: int, code: str | None = None
    ) -> Response:
        """Also one that was withdrawn."""
        row = self.initiative(initiative_id)
        return Response(evidence_detail(row.ref, piece_of(row, evidence_id, code)))

    @operation("Withdraw a piece of evidence", answers={200: shapes.ItemWritten}, headers=WITH_ETAG)
    def delete(
        self, request: Request, initiative_id: int, evidence_id: int, code: str | None = None
    ) -> Response:
        """It leaves its trace, and never raises a score."""
        row = self.initiative(initiative_id)
        piece = piece_of(row, evidence_id, code)
        with self.item_unchanged(row, piece.item.code):
            outcome = withdraw_evidence(row.pk, piece.pk, self.actor, self.at)
        return self.written(row, piece.item.code, outcome)


class ItemEvidencePiece(EvidencePiece):
    """The same, asked for below its item."""

    distinct = "of item"


class EvidenceDownload(ApiView):
    scopes = {"GET": Scope.READ}

    @operation("Download a file", answers={(200, "*/*"): bytes})
    def get(self, request: Request, initiative_id: int, evidence_id: int) -> FileResponse:
        """As an attachment, with the type it was checked to have."""
        piece = piece_of(self.initiative(initiative_id), evidence_id, None)
        if piece.kind != EvidenceKind.FILE:
            raise Problem(Code.NOT_FOUND, "This piece is no file.")
        return as_download(piece)


def piece_of(row: Initiative, evidence_id: int, code: str | None) -> Evidence:
    """A piece of this initiative (and item, where one is named): else 404."""
    rows = Evidence.objects.filter(assessment__passage__initiative=row, pk=evidence_id).select_related("item")
    if code is not None:
        rows = rows.filter(item__code=code)
    piece = rows.first()
    if piece is None:
        raise Problem(Code.NOT_FOUND)
    return piece


def _change(code: str, given: dict[str, Any], version: int | None) -> AnswerChange:
    pieces = tuple(Piece(**piece) for piece in given.get("evidence", ()))
    return AnswerChange(code, given.get("answer"), given.get("note"), pieces, version)


def _version(given: dict[str, Any], position: int) -> int | None:
    """The version that an item's ``etag`` names; None where none was sent."""
    etag = given.get("etag")
    if etag is None:
        return None
    code, _, number = etag.strip('"').rpartition("-")
    if code != given["code"] or not (number.isascii() and number.isdigit() and len(number) < 10):
        raise malformed(f"answers.{position}.etag", "wrong_type", "Take it from the item as it is.")
    return int(number)


def _standing_etag(row: Initiative, code: str) -> str:
    """Of the item that is asked now: an earlier version may have had another with this code."""
    asked = Answer.objects.filter(assessment__passage__initiative=row, item__code=code)
    answer = asked.filter(item__gate__framework=F("assessment__framework")).first()
    return item_etag(code, answer.version if answer else 0)
