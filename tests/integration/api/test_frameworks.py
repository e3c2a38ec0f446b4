"""Frameworks over REST: read as YAML, published from YAML, refused line by line."""

import pytest
from django.http import HttpResponse

from checklists.frameworks import parse_framework
from checklists.loading import shipped_files
from checklists.models import Framework
from readiness.accounts.models import User
from readiness.audit.models import Event
from tests.access.deeds import FRAMEWORK
from tests.fixtures import api, create

pytestmark = pytest.mark.django_db

YAML = "application/yaml"


def publish(by: User, text: str | bytes, **headers: str) -> HttpResponse:
    body = text if isinstance(text, bytes) else text.encode()
    return api(by).raw("post", "frameworks/", body, YAML, **headers)


def changed(old: str, new: str, text: str = FRAMEWORK) -> str:
    assert text.count(old) >= 1
    return text.replace(old, new)


@pytest.mark.parametrize("slug", [path.stem for path in shipped_files()])
def test_as_yaml_it_is_the_file_that_publishes_it(lena: User, ada: User, slug: str) -> None:
    answer = api(lena).get(f"frameworks/{slug}/", accept=YAML)
    assert (answer.status_code, answer["Content-Type"]) == (200, YAML)
    stands = Framework.objects.current().get(slug=slug)
    assert parse_framework(answer.content, slug).checksum == stands.checksum
    again = publish(ada, answer.content)
    assert (again.status_code, again.json()["version"]) == (200, stands.version)
    assert Framework.objects.filter(slug=slug).count() == 1


def test_a_refusal_is_a_problem_document_whatever_was_asked_for(lena: User) -> None:
    answer = api(lena).get("frameworks/nothing/", accept=YAML)
    assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")
    assert answer.json()["code"] == "not_found"


def test_a_framework_that_is_published_is_there_to_be_attached(lena: User, ada: User) -> None:
    answer = publish(ada, FRAMEWORK)
    assert answer.status_code == 201
    one = answer.json()
    assert one["gates"][0]["items"][0]["code"] == "OVER-1"
    assert api(lena).client.get(answer["Location"]).json() == one
    event = Event.objects.get(verb="framework.published")
    assert (event.actor, event.data["framework"], event.data["version"]) == (ada, "handing-over", "1.0")
    initiative = create(lena)
    attached = api(lena).post(f"initiatives/{initiative.ref}/frameworks/", {"framework": "handing-over"})
    assert attached.json()["frameworks"][-1] == {"slug": "handing-over", "version": "1.0"}


def test_a_new_version_is_the_one_that_is_read_and_the_earlier_ones_stay(ada: User) -> None:
    publish(ada, FRAMEWORK)
    text = changed("title: A team is named", "title: A team agreed", changed("'1.0'", "'1.1'"))
    assert publish(ada, text).status_code == 201
    read = api(ada).get

    def title(**query: str) -> str:
        return read("frameworks/handing-over/", query).json()["gates"][0]["items"][0]["title"]

    assert (title(), title(version="1.0"), title(version="1.1")) == (
        "A team agreed",
        "A team is named",
        "A team agreed",
    )
    assert read("frameworks/handing-over/", {"version": "2"}).status_code == 404


def test_every_mistake_is_named_with_its_line_and_nothing_is_published(ada: User) -> None:
    text = changed(
        "    title: A team is named", "    titel: A team is named", changed("min_met: 1", "min_met: 5")
    )
    answer = publish(ada, text)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
    lines = {error["field"] for error in answer.json()["errors"]}
    at = {line: number for number, line in enumerate(text.splitlines(), start=1)}
    assert {f"line.{at['  min_met: 5']}", f"line.{at['    titel: A team is named']}"} <= lines
    assert {error["code"] for error in answer.json()["errors"]} == {"mistake"}
    assert not Framework.objects.filter(slug="handing-over").exists()


@pytest.mark.parametrize(
    ("text", "status", "code", "field"),
    [
        (changed("root_cause: ownership", "root_cause: bad_luck"), 422, "unknown_root_cause", "items.OVER-1"),
        (
            changed("root_cause: ownership", "root_cause: ownership\n    fact: kpis.nice"),
            422,
            "unknown_fact",
            "items.OVER-1",
        ),
        (b"slug: \xff\n", 422, "mistake", "line.1"),
        (b"", 422, "mistake", "line.1"),
        (b"[1, 2", 422, "mistake", "line.1"),
        (b"a: &x 1\nb: *x\n", 422, "mistake", "line.1"),
    ],
    ids=["root cause", "fact", "not UTF-8", "empty", "broken", "alias"],
)
def test_what_nobody_knows_is_refused(
    ada: User, text: str | bytes, status: int, code: str, field: str
) -> None:
    answer = publish(ada, text)
    assert answer.status_code == status
    assert [(error["field"], error["code"]) for error in answer.json()["errors"]][0] == (field, code)


def test_a_published_version_never_changes(ada: User) -> None:
    publish(ada, FRAMEWORK)
    answer = publish(ada, changed("name: Handing over", "name: Taking over"))
    assert (answer.status_code, answer.json()["code"]) == (409, "framework_stands")


def test_a_version_that_would_leave_a_move_unguarded_is_refused(ada: User) -> None:
    five = api(ada).get("frameworks/five-gate/", accept=YAML).content.decode()
    guards = "guards:\n- from: pilot\n  to: rollout\n"
    answer = publish(ada, changed(guards, "", changed("version: '1.0'", "version: '1.1'", five)))
    assert (answer.status_code, answer.json()["code"]) == (409, "guard_lost")
    assert "pilot → rollout" in answer.json()["detail"]
    assert publish(ada, changed("version: '1.0'", "version: '1.1'", five)).status_code == 201


def test_other_bodies_and_other_people_are_refused(ada: User, elsa: User) -> None:
    assert api(ada).post("frameworks/", {"slug": "x"}).status_code == 415
    assert publish(elsa, FRAMEWORK).status_code == 403
    assert not Framework.objects.filter(slug="handing-over").exists()


def test_sent_again_with_its_key_it_gets_its_first_answer(ada: User) -> None:
    first = publish(ada, FRAMEWORK, idempotency_key="one")
    again = publish(ada, FRAMEWORK, idempotency_key="one")
    assert (first.status_code, again.status_code, again["Idempotent-Replayed"]) == (201, 201, "true")
    other = publish(ada, changed("'1.0'", "'1.1'"), idempotency_key="one")
    assert other.json()["code"] == "idempotency_key_reused"
