"""The OpenAPI document: drf-spectacular reads the views, the typed shapes say what they answer, the codes what they
refuse."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal, TypeVar, is_typeddict

from drf_spectacular.authentication import SessionScheme
from drf_spectacular.extensions import OpenApiAuthenticationExtension, OpenApiSerializerFieldExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse, extend_schema

from readiness.api import shapes
from readiness.api.again import AGAIN, KEY
from readiness.api.codes import KINDS, PROBLEM_JSON
from readiness.api.field_codes import FIELD_CODES
from readiness.api.fields import Given, Shape
from readiness.api.models import KEY_MAX
from readiness.api.shapes.messages import MESSAGES, PARTS
from readiness.api.typed import object_schema, reference

ANY_METHOD = (400, 401, 403, 404, 406, 429, 503)
WRITES = (409, 412, 413, 415, 422, 507)
COMES_BACK = (429, 503)
RETRY_AFTER = {"Retry-After": {"schema": {"type": "integer"}, "description": "How many seconds to wait."}}

IF_MATCH = OpenApiParameter(
    "If-Match",
    str,
    OpenApiParameter.HEADER,
    description="The ETag of what you read. If it no longer stands the answer is 412, with what stands under "
    "`current`; without it the last write wins.",
)
IF_NONE_MATCH = OpenApiParameter(
    "If-None-Match",
    str,
    OpenApiParameter.HEADER,
    description="An ETag you have: 304 where nothing has changed.",
)
IDEMPOTENCY_KEY = OpenApiParameter(
    KEY,
    str,
    OpenApiParameter.HEADER,
    description=f"1 to {KEY_MAX} visible characters of ASCII, new for each request. Sent again with the same body "
    "within 24 hours it has no further effect and gets the first answer; with another one, 422.",
)

_LETTERS = re.compile(r"[A-Za-z]+")
_ARTICLES = frozenset({"a", "an", "the", "s"})

View = TypeVar("View", bound=Callable[..., Any])


def _told(name: str, text: str, statuses: Sequence[int]) -> OpenApiParameter:
    return OpenApiParameter(name, str, OpenApiParameter.HEADER, description=text, response=list(statuses))


WITH_ETAG = (_told("ETag", "The version, for `If-Match`.", (200, 201)),)
LOCATED = (_told("Location", "Where it is read.", (201,)),)
CREATED = (*WITH_ETAG, *LOCATED)
REPLAYED = _told(AGAIN, "`true` where this is the answer to an earlier request with this key.", (200, 201))
CACHED = (_told("ETag", "Of this content, for `If-None-Match`.", (200,)), IF_NONE_MATCH)


def operation(
    summary: str,
    *,
    answers: Mapping[int | tuple[int, str], Any],
    body: type[Shape] | None = None,
    query: type[Shape] | None = None,
    headers: Sequence[OpenApiParameter] = (),
) -> Callable[[View], View]:
    """Describe one method of a view.

    ``answers`` maps a status, with its media type where that is not JSON, to a typed shape, a page of one, text, bytes
    or None.
    """
    examples = []
    if body and body.example:
        examples.append(
            OpenApiExample("Example", value=body.example, request_only=True, media_type=body.media_type)
        )
    return extend_schema(
        summary=summary,
        request=body,
        responses={status: _response(answer) for status, answer in answers.items()},
        parameters=[*([query] if query else []), *headers],
        examples=examples,
    )


def page_of(shape: type) -> dict[str, Any]:
    """The schema of a list of these."""
    link = {"type": ["string", "null"]}
    return {
        "type": "object",
        "required": ["next", "previous", "results"],
        "properties": {
            "next": link | {"description": "The page behind this one; null where it is the last."},
            "previous": link | {"description": "The page before this one; null where it is the first."},
            "results": {"type": "array", "items": reference(shape)},
        },
    }


def _response(answer: Any) -> Any:
    if answer is None:
        return OpenApiResponse(description="Nothing more to say.")
    if answer is str:
        return OpenApiTypes.STR
    if answer is bytes:
        return OpenApiTypes.BINARY
    if is_typeddict(answer):
        return dict(reference(answer))
    return answer


class ApiSchema(AutoSchema):
    """What the framework finds out by itself, and every refusal that a method can give."""

    def get_operation_id(self) -> str:
        """The summary as one word: "Answer an item" is `answerItem`."""
        distinct: str = getattr(self.view, "distinct", "")
        letters: list[str] = _LETTERS.findall(f"{self.get_summary()} {distinct}")
        first, *others = [word for word in letters if word.lower() not in _ARTICLES]
        return first.lower() + "".join(word.capitalize() for word in others)

    def _get_request_body(self, direction: str = "request") -> Any:
        """A withdrawal says why in its body: the framework thinks of none at a DELETE."""
        if self.method != "DELETE":
            return super()._get_request_body(direction)
        self.method = "POST"
        try:
            return super()._get_request_body(direction)
        finally:
            self.method = "DELETE"

    def get_tags(self) -> list[str]:
        return [str(getattr(self.view, "tag", type(self.view).__module__.rpartition(".")[2]))]

    def get_override_parameters(self) -> list[Any]:
        found: list[Any] = list(super().get_override_parameters())
        about_one = "{initiative_id}" in self.path or "{flag_id}" in self.path
        if about_one and self.method != "GET":
            found.append(IF_MATCH)
        return [*found, IDEMPOTENCY_KEY, REPLAYED] if self.method == "POST" else found

    def _get_response_bodies(self, direction: Literal["request", "response"] = "response") -> dict[str, Any]:
        answers: dict[str, Any] = super()._get_response_bodies(direction)
        public = not self.view.get_authenticators()
        statuses = {
            *ANY_METHOD,
            *(WRITES if self.method != "GET" else ()),
            *getattr(self.view, "refuses", ()),
        }
        for status in sorted(statuses - ({401, 403, 429} if public else set())):
            answers.setdefault(str(status), _refusal(status))
        return answers


def _refusal(status: int) -> dict[str, Any]:
    codes = [code for code, kind in KINDS.items() if kind.status == status]
    said = "; ".join(f"`{code.value}`: {KINDS[code].title}" for code in codes)
    told = {"description": said, "content": {PROBLEM_JSON: {"schema": reference(shapes.Problem)}}}
    return told | {"headers": RETRY_AFTER} if status in COMES_BACK else told


class StrictField(OpenApiSerializerFieldExtension):
    """Every strict field tells its own schema."""

    target_class = Given
    match_subclasses = True

    def map_serializer_field(self, auto_schema: AutoSchema, direction: str) -> dict[str, Any]:
        target: Given = self.target
        return target.schema()


class BrowserSessionScheme(SessionScheme):
    target_class = "readiness.api.authentication.BrowserSession"


class BearerTokenScheme(OpenApiAuthenticationExtension):
    target_class = "readiness.api.authentication.BearerToken"
    name = "token"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, str]:
        return {
            "type": "http",
            "scheme": "bearer",
            "description": "A token made with `manage.py issue_token`, or on your account's page. It may do what its "
            "owner may, within its scopes.",
        }


def complete(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """A hook of the generator: the typed shapes as components, and what integrators read first."""
    schemas = result["components"].setdefault("schemas", {})
    schemas |= {name: object_schema(getattr(shapes, name)) for name in shapes.__all__}
    schemas["FieldCode"] = {
        "type": "string",
        "enum": [code.value for code in FIELD_CODES],
        "description": "What can be wrong with a field.\n\n"
        + "\n".join(f"- `{code.value}`: {meaning}" for code, meaning in FIELD_CODES.items()),
    }
    schemas["FieldProblem"]["properties"]["code"] = {"$ref": "#/components/schemas/FieldCode"}
    schemas |= {part.__name__: object_schema(part) for part in PARTS}
    result["webhooks"] = {kind: {"post": _message(kind, data)} for kind, data in MESSAGES.items()}
    result["components"]["schemas"] = dict(sorted(schemas.items()))
    result["info"]["description"] = INTRODUCTION + _table()
    return result


def _message(kind: str, data: type) -> dict[str, Any]:
    """One kind of message that a webhook sends, as Standard Webhooks lays it out."""
    body = {
        "type": "object",
        "required": ["type", "timestamp", "data"],
        "properties": {
            "type": {"const": kind},
            "timestamp": {"type": "string", "format": "date-time", "description": "When it happened."},
            "data": reference(data),
        },
    }
    return {
        "operationId": "receive" + "".join(word.capitalize() for word in kind.split(".")),
        "summary": f"Receive `{kind}`",
        "tags": ["webhooks"],
        "parameters": [
            {
                "name": name,
                "in": "header",
                "required": True,
                "schema": {"type": "string"},
                "description": told,
            }
            for name, told in MESSAGE_HEADERS.items()
        ],
        "requestBody": {"required": True, "content": {"application/json": {"schema": body}}},
        "responses": {
            "2XX": {"description": "Taken."},
            "410": {"description": "Not wanted any more: the webhook is switched off."},
            "default": {"description": "A failure: it is tried again, for three days."},
        },
    }


MESSAGE_HEADERS = {
    "Webhook-Id": "Of the message, the same in every attempt.",
    "Webhook-Timestamp": "Seconds since 1970, of the attempt.",
    "Webhook-Signature": "One for each secret in force, by spaces: `v1,` and the HMAC-SHA256 in Base64.",
}
INTRODUCTION = """Readiness of AI initiatives: checklists, gates, scores and flags, over REST.

JSON in and out, UTF-8. Date-times are ISO 8601 with an offset, days are `YYYY-MM-DD`. Send
`Authorization: Bearer <token>`. Lists answer `{"next", "previous", "results"}`; follow `next` as it is. Refusals are
problem documents (RFC 9457) with a machine word in `code`, and for bad input a list of `errors` with a field each.

"""


def _table() -> str:
    lines = ["| code | status | when, and what to do |", "|---|---|---|"]
    lines += [f"| `{code.value}` | {kind.status} | {kind.meaning} |" for code, kind in KINDS.items()]
    # Folded where the document is browsed: the addresses stand before it.
    return "\n".join(["<details><summary>Every refusal</summary>\n", *lines, "\n</details>", ""])
