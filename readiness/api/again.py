"""A request that is sent again, because its answer was not heard, has its effect once and gets the first answer.

The header ``Idempotency-Key`` is that of draft-ietf-httpapi-idempotency-key-header-07. A refusal has no effect, and is
not kept: the same may be asked again once what stood in the way is gone.
"""

import hashlib
import json
import re
from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any, Protocol

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import HttpResponse, QueryDict
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from gates.models import Initiative
from readiness.accounts.models import User
from readiness.api.codes import Code
from readiness.api.errors import Problem, malformed
from readiness.api.models import KEY_MAX, KeptAnswer

KEY, AGAIN = "Idempotency-Key", "Idempotent-Replayed"
TOLD = ("ETag", "Location")
"""The headers that belong to an answer."""
_KEY = re.compile(rf"[\x21-\x7e]{{1,{KEY_MAX}}}\Z")

Method = Callable[..., Any]


class View(Protocol):
    """What is asked of the view that answers; ``in_parts``: its write is several transactions; ``told_once``: what of
    its answer is not kept."""

    in_parts: bool
    told_once: frozenset[str]
    at: datetime
    found: Initiative | None

    @property
    def person(self) -> User: ...

    def initiative(self, key: int) -> Initiative: ...


def once(method: Method) -> Method:
    """A view's ``post`` that answers a key which it has answered already without doing anything."""

    @wraps(method)
    def post(view: View, request: Request, *args: Any, **kwargs: Any) -> Any:
        key = request.headers.get(KEY)
        if key is None:
            return method(view, request, *args, **kwargs)
        if not _KEY.match(key):
            raise malformed(KEY, "wrong_type", f"1 to {KEY_MAX} visible characters of ASCII.")
        asked = KeptAnswer(user=view.person, key=key, digest=_digest(request), at=view.at)
        act = _in_parts if view.in_parts else _whole
        return act(view, asked, lambda: method(view, request, *args, **kwargs))

    return post


@transaction.atomic
def _whole(view: View, asked: KeptAnswer, answer: Callable[[], Response]) -> HttpResponse | Response:
    """One transaction holds the key and the effect. Who sends the same meanwhile waits here for its end."""
    _of(asked).expired(asked.at).delete()
    told = {"digest": asked.digest, "at": asked.at}
    kept, is_first = _of(asked).get_or_create(defaults=told, user=asked.user, key=asked.key)
    if not is_first:
        return _again(view, kept, asked)
    response = answer()
    _keep(view, kept, response)
    kept.save()
    return response


def _in_parts(view: View, asked: KeptAnswer, answer: Callable[[], Response]) -> HttpResponse | Response:
    """The same for a view that does each part in a transaction of its own, and no part of it twice in any case."""
    _of(asked).expired(asked.at).delete()
    kept = _of(asked).first()
    if kept is not None:
        return _again(view, kept, asked)
    response = answer()
    _keep(view, asked, response)
    KeptAnswer.objects.bulk_create([asked], ignore_conflicts=True)
    return response


def _of(asked: KeptAnswer) -> Any:
    return KeptAnswer.objects.filter(user=asked.user_id, key=asked.key)


def _keep(view: View, kept: KeptAnswer, response: Response) -> None:
    kept.initiative, kept.roles = view.found, _roles(view)
    kept.status = response.status_code
    kept.headers = {name: response[name] for name in TOLD if response.has_header(name)}
    data = response.data
    if view.told_once and isinstance(data, dict):
        data = {**data, **dict.fromkeys(view.told_once & data.keys())}
    kept.body = "" if data is None else JSONRenderer().render(data).decode()


def _roles(view: View) -> list[str]:
    return sorted(role.value for role in view.person.roles)


def _again(view: View, kept: KeptAnswer, asked: KeptAnswer) -> HttpResponse:
    """The answer that was given. Raises Problem where something else was asked, or the person may not know any more."""
    if kept.digest != asked.digest:
        raise Problem(Code.IDEMPOTENCY_KEY_REUSED)
    if kept.initiative_id is not None:
        view.initiative(kept.initiative_id)
    elif kept.roles != _roles(view):
        raise Problem(Code.NOT_ALLOWED)
    headers = {**kept.headers, AGAIN: "true"}
    return HttpResponse(kept.body, status=kept.status, content_type="application/json", headers=headers)


def _digest(request: Request) -> str:
    """Of the method, the address and the body; a body that says the same in another order is the same."""
    asked = [request.method, request.get_full_path(), _plain(request.data)]
    return hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest()


def _plain(data: Any) -> Any:
    if isinstance(data, QueryDict):
        return {name: [_plain(value) for value in values] for name, values in data.lists()}
    if isinstance(data, UploadedFile):
        content = hashlib.sha256()
        for chunk in data.chunks():
            content.update(chunk)
        data.seek(0)
        return [data.name, content.hexdigest()]
    return data
