"""A request sent again with its ``Idempotency-Key``: one effect, and the first answer."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError
from django.urls import URLPattern, URLResolver

from checklists.models import Evidence
from gates.models import Comment, Condition, Initiative, StageEntry
from readiness import clock
from readiness.accounts.models import Scope, User
from readiness.actions.conditions import keep_condition
from readiness.api import again, urls
from readiness.api.models import KEPT_FOR, KeptAnswer
from readiness.api.tasks import tidy
from readiness.audit.models import Event
from readiness.audit.recording import Actor
from tests import files
from tests.fixtures import answer_all, api, create, pass_gate, promise, today

FACTS = {"name": "Claims triage", "business_problem": "Claims wait.", "business_unit": "Claims"}
KEY = "7c0f6a2e-1"
pytestmark = pytest.mark.django_db


def post(by: User, path: str, body: Any, key: str | None = KEY) -> Any:
    return api(by).post(path, body, **({} if key is None else {"Idempotency_Key": key}))


def told(response: Any) -> tuple[int, bytes, str | None, str | None]:
    return response.status_code, response.content, response.get("ETag"), response.get("Location")


def world() -> list[int]:
    """What a write leaves."""
    counts = [model.objects.count() for model in (Initiative, StageEntry, Comment, Evidence)]
    return [*counts, Event.objects.exclude(verb__startswith="token.").count()]


def test_the_same_again_has_no_further_effect_and_gets_the_first_answer(lena: User) -> None:
    first = post(lena, "initiatives/", FACTS)
    assert first.status_code == 201
    assert not first.has_header(again.AGAIN)
    before = world()
    for body in (FACTS, dict(reversed(FACTS.items()))):
        second = post(lena, "initiatives/", body)
        assert told(second) == told(first)
        assert second[again.AGAIN] == "true"
        assert second["Content-Type"] == "application/json"
        assert second["Cache-Control"] == "no-store"
    assert world() == before


def test_without_a_key_or_with_a_new_one_it_is_another_request(lena: User, omar: User) -> None:
    refs = {
        post(by, "initiatives/", FACTS, key).json()["id"]
        for by, key in ((lena, KEY), (lena, None), (lena, None), (lena, "another"), (omar, KEY))
    }
    assert len(refs) == 5


def test_an_answer_stays_the_first_one_when_the_world_has_moved_on(
    initiative: Initiative, lena: User
) -> None:
    hold = {"reason": "Budget.", "review_on": str(today() + timedelta(days=9))}
    first = post(lena, f"initiatives/{initiative.ref}/hold/", hold)
    assert api(lena).delete(f"initiatives/{initiative.ref}/hold/").status_code == 200
    second = post(lena, f"initiatives/{initiative.ref}/hold/", hold)
    assert told(second) == told(first)
    assert second.json()["on_hold"] is not None
    assert api(lena).get(f"initiatives/{initiative.ref}/").json()["on_hold"] is None


def test_the_key_of_another_request_is_refused(initiative: Initiative, lena: User) -> None:
    path, body = f"initiatives/{initiative.ref}/comments/", {"body": "Looked at it."}
    elsewhere = f"initiatives/{create(lena, name='Another').ref}/comments/"
    assert post(lena, path, body).status_code == 201
    before = world()
    for refused in (post(lena, path, {"body": "Looked at it again."}), post(lena, elsewhere, body)):
        assert (refused.status_code, refused.json()["code"]) == (422, "idempotency_key_reused")
    assert world() == before


def test_a_refusal_is_not_kept(initiative: Initiative, lena: User) -> None:
    path = f"initiatives/{initiative.ref}/stage/"
    assert post(lena, path, {"to": "pilot"}).status_code == 409
    assert not KeptAnswer.objects.exists()
    assert post(lena, "initiatives/", FACTS | {"name": ""}).status_code in {400, 422}
    assert post(lena, "initiatives/", FACTS).status_code == 201


def test_what_breaks_off_leaves_neither_the_effect_nor_the_key(lena: User, monkeypatch: Any) -> None:
    def broken(*_: Any, **__: Any) -> None:
        raise DatabaseError

    before = world()
    with monkeypatch.context() as breaking:
        breaking.setattr(again, "_keep", broken)
        assert post(lena, "initiatives/", FACTS).status_code == 503
    assert (world(), KeptAnswer.objects.count()) == (before, 0)
    assert post(lena, "initiatives/", FACTS).status_code == 201


def test_after_a_day_the_key_is_free(lena: User) -> None:
    first = post(lena, "initiatives/", FACTS)
    KeptAnswer.objects.update(at=clock.now() - KEPT_FOR + timedelta(minutes=1))
    tidy()
    assert told(post(lena, "initiatives/", FACTS)) == told(first)
    KeptAnswer.objects.update(at=clock.now() - KEPT_FOR)
    assert post(lena, "initiatives/", FACTS).json()["id"] != first.json()["id"]
    KeptAnswer.objects.update(at=clock.now() - KEPT_FOR)
    tidy()
    assert not KeptAnswer.objects.exists()


def test_who_may_not_know_of_it_any_more_is_not_told_again(
    initiative: Initiative, lena: User, omar: User
) -> None:
    place = initiative.team_roles.create(user=omar, role="member", since=clock.now())
    path, body = f"initiatives/{initiative.ref}/comments/", {"body": "Looked at it."}
    assert post(omar, path, body).status_code == 201
    assert post(omar, path, body).status_code == 201
    Initiative.objects.update(visibility="team")
    place.until = clock.now()
    place.save()
    assert post(omar, path, body).status_code == 404
    made = post(omar, "initiatives/", FACTS, "of-his-own").json()["id"]
    Initiative.objects.update(visibility="team")
    Initiative.objects.get(name=FACTS["name"]).team_roles.update(until=clock.now())
    assert post(omar, "initiatives/", FACTS, "of-his-own").status_code == 404, made


def test_a_token_without_the_scope_is_told_nothing(lena: User) -> None:
    assert post(lena, "initiatives/", FACTS).status_code == 201
    assert api(lena, Scope.READ).post("initiatives/", FACTS, Idempotency_Key=KEY).status_code == 403
    assert api(None).post("initiatives/", FACTS, Idempotency_Key=KEY).status_code == 401


@pytest.mark.parametrize("key", ["", "two words", "ü", "k" * 256])
def test_a_key_that_is_none_is_refused(lena: User, key: str) -> None:
    refused = post(lena, "initiatives/", FACTS, key)
    assert refused.status_code == 400
    assert refused.json()["errors"] == [
        {"field": again.KEY, "code": "wrong_type", "message": "1 to 255 visible characters of ASCII."}
    ]
    assert not Initiative.objects.exists()


def test_of_several_conditions_none_is_confirmed_twice(lena: User, ravi: User) -> None:
    made = create(lena)
    answer_all(made, lena, gates=["data"])
    pass_gate(made, "data", lena, ravi, conditions=[promise(lena, "Promised.")])
    condition = Condition.objects.get()
    keep_condition(made.pk, condition.pk, "Done.", Actor.person(lena), clock.now())
    first = post(ravi, "conditions/confirm/", {"conditions": [condition.pk]})
    assert first.json()["confirmed"] == 1
    before = world()
    assert told(post(ravi, "conditions/confirm/", {"conditions": [condition.pk]})) == told(first)
    assert world() == before
    User.objects.filter(pk=ravi.pk).update(is_reviewer=False, is_lead=True)
    assert post(ravi, "conditions/confirm/", {"conditions": [condition.pk]}).status_code == 403
    User.objects.filter(pk=ravi.pk).update(is_reviewer=True, is_lead=False)
    other = post(ravi, "conditions/confirm/", {"conditions": [condition.pk + 1]})
    assert other.json()["code"] == "idempotency_key_reused"
    assert post(ravi, "conditions/confirm/", {"conditions": [condition.pk]}, "new").status_code == 409


def test_a_file_that_is_sent_again_is_one_piece(initiative: Initiative, lena: User) -> None:
    path = f"initiatives/{initiative.ref}/checklist/DATA-1/evidence/"

    def send(content: bytes) -> Any:
        file = SimpleUploadedFile("report.pdf", content, "application/pdf")
        fields = {"effective_on": str(today()), "title": "The report", "file": file}
        return api(lena).upload(path, fields, Idempotency_Key=KEY)

    first = send(files.pdf("One"))
    assert first.status_code == 201
    assert told(send(files.pdf("One"))) == told(first)  # without a key the same file again is 200
    assert send(files.pdf("Two")).json()["code"] == "idempotency_key_reused"
    assert Evidence.objects.count() == 1


def _views(patterns: list[Any]) -> Iterator[Any]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from _views(pattern.url_patterns)
        elif isinstance(pattern, URLPattern) and hasattr(pattern.callback, "view_class"):
            yield pattern.callback.view_class


def test_every_post_of_the_api_takes_a_key() -> None:
    posts = [view.post for view in _views(urls.urlpatterns) if hasattr(view, "post")]
    assert len(posts) >= 30
    assert [post for post in posts if post.__globals__["__name__"] != again.__name__] == []
