"""The OpenAPI document: without warnings, complete, and every example in it true."""

import inspect
import io
import json
import re
from collections.abc import Iterator
from contextlib import redirect_stderr
from dataclasses import replace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.urls import get_resolver

from checklists.loading import load_framework, stored_framework
from checklists.models import Evidence, Framework
from gates.models import Condition, ExitTrigger, Initiative
from readiness import clock
from readiness.accounts.models import Scope, User
from readiness.api.codes import KINDS, Code
from readiness.api.field_codes import FieldCode
from readiness.api.fields import Shape
from readiness.api.views.description import document
from readiness.standing.models import Flag
from tests import files
from tests.fixtures import answer_all, api, create, pass_gate, promise, today

PARAMETER = re.compile(r"<\w+:(\w+)>")
METHODS = {"get", "post", "put", "patch", "delete"}


def _operations() -> dict[str, tuple[str, str, dict[str, Any]]]:
    """Operation id -> its method, its path, what is said of it."""
    return {
        operation["operationId"]: (method, path, operation)
        for path, methods in document()["paths"].items()
        for method, operation in methods.items()
    }


def test_it_is_made_without_a_warning() -> None:
    out, err = io.StringIO(), io.StringIO()
    with redirect_stderr(err):
        call_command("spectacular", "--fail-on-warn", "--validate", "--format", "openapi-json", stdout=out)
    assert err.getvalue() == ""
    assert json.loads(out.getvalue())["openapi"] == "3.1.0"


@pytest.mark.django_db
def test_anybody_reads_it_as_json_or_yaml() -> None:
    nobody = api(None)
    as_json = nobody.get("schema/")
    assert (as_json.status_code, as_json["Content-Type"]) == (200, "application/json")
    assert as_json.json()["info"]["title"] == "Fivegates"
    as_yaml = nobody.get("schema/", accept="application/vnd.oai.openapi")
    assert as_yaml.content.startswith(b"openapi: 3.1.0")


def test_every_route_below_version_1_is_described_with_its_methods() -> None:
    api_routes = next(part for part in get_resolver().url_patterns if str(part.pattern) == "api/")
    version_1 = next(part for part in api_routes.url_patterns if str(part.pattern) == "v1/")
    served = {}
    for part in version_1.url_patterns:
        for route in getattr(part, "url_patterns", [part]):
            if route.name not in ("api-schema", "api-docs"):
                prefix = "" if route is part else str(part.pattern)
                path = "/api/v1/" + PARAMETER.sub(r"{\1}", prefix + str(route.pattern))
                served[path] = {method for method in METHODS if hasattr(route.callback.view_class, method)}
    assert served == {path: set(methods) for path, methods in document()["paths"].items()}


def test_every_operation_says_who_may_and_what_is_refused() -> None:
    for name, (method, path, operation) in _operations().items():
        assert operation["summary"], name
        assert operation["description"], name
        public = path.startswith("/api/v1/problems/")
        assert bool(operation.get("security")) is not public, name
        refused = {status for status in operation["responses"] if status >= "400"}
        assert refused >= ({"400", "404"} if public else {"400", "401", "403", "404", "429"}), name
        if method != "get":
            assert refused >= {"409", "412", "413", "415", "422"}, name


def test_every_code_is_listed() -> None:
    schemas = document()["components"]["schemas"]
    assert schemas["Problem"]["properties"]["code"]["enum"] == [code.value for code in Code]
    assert schemas["FieldCode"]["enum"] == [code.value for code in FieldCode]
    for code, kind in KINDS.items():
        assert f"| `{code.value}` | {kind.status} |" in document()["info"]["description"]
        assert kind.meaning in document()["info"]["description"]


def test_every_write_with_a_body_shows_an_example() -> None:
    without = []
    for name, (_, _, operation) in _operations().items():
        for media in operation.get("requestBody", {}).get("content", {}).values():
            schema = document()["components"]["schemas"].get(
                media["schema"].get("$ref", "").rpartition("/")[2], {}
            )
            if schema.get("properties") and not media.get("examples"):
                without.append(name)
    assert without == []


def _example(name: str) -> Any:
    content = _operations()[name][2]["requestBody"]["content"]
    (media,) = content.values()
    (example,) = media["examples"].values()
    return example["value"]


def test_every_example_is_true(lena: User, ravi: User, elsa: User, omar: User, ada: User) -> None:
    """Each is sent as it stands, to an initiative in a state where it makes sense."""
    lead, reviewer = api(lena), api(ravi)
    tried: set[str] = set()

    def true(client: Any, name: str, one: Initiative | None = None, **keys: Any) -> Any:
        method, path, operation = _operations()[name]
        keys |= {"initiative_id": one.ref} if one else {}
        answer = getattr(client, method)(path.format(**keys), _example(name))
        assert 200 <= answer.status_code < 300, (name, answer.content)
        assert str(answer.status_code) in operation["responses"]
        tried.add(name)
        return answer

    created = true(lead, "createInitiative")
    one = Initiative.objects.get(pk=int(created.json()["id"].removeprefix("AI-")))
    true(lead, "changeInitiative", one)
    true(lead, "answerItem", one, code="DATA-1")
    true(lead, "answerManyItems", one)
    true(lead, "bindItemToCheck", one, code="DATA-1")
    true(api(lena, Scope.CHECKS), "reportCheckResult", one)
    unbound = json.dumps(_example("unbindItemFromItsCheck")).encode()
    assert lead.raw("DELETE", f"initiatives/{one.ref}/checklist/DATA-1/check/", unbound).status_code == 200
    tried.add("unbindItemFromItsCheck")
    true(lead, "noteStakeholders", one)
    true(lead, "attachFramework", one)
    true(lead, "putOnHold", one)

    upload = SimpleUploadedFile("report.pdf", files.pdf())
    form = _example("addFileAsEvidence") | {"file": upload}
    assert lead.upload(f"initiatives/{one.ref}/checklist/DATA-4/evidence/", form).status_code == 201
    tried.add("addFileAsEvidence")
    Evidence.objects.filter(item__code="DATA-4").update(id=_example("usePieceOfEvidenceAgain")["evidence"])
    true(lead, "usePieceOfEvidenceAgain", one, code="DATA-2")

    two = create(lena, stage="poc")
    true(lead, "moveToAnotherStage", two)
    answer_all(two, lena)
    true(lead, "submitGate", two, gate="data")
    true(reviewer, "decideGate", two, gate="data")
    condition = Condition.objects.get().pk
    true(lead, "markConditionKept", two, condition_id=condition)
    true(reviewer, "reopenCondition", two, condition_id=condition)
    assert (
        lead.post(f"initiatives/{two.ref}/conditions/{condition}/keep/", {"note": "Done."}).status_code == 200
    )
    Condition.objects.update(id=_example("confirmSeveralConditions")["conditions"][0])
    true(reviewer, "confirmSeveralConditions")
    true(reviewer, "grantWaiver", two)
    true(reviewer, "declareMaterialChange", two)

    newer = Framework.objects.current().with_content().get(slug="environment-gap")
    version = _example("moveToAnotherVersion")["version"]
    load_framework(replace(stored_framework(newer), version=version), clock.now())
    true(lead, "moveToAnotherVersion", two, slug="environment-gap")

    pass_gate(two, "data", lena, ravi, conditions=[promise(lena)])
    promised = Condition.objects.get(state="open").pk
    true(lead, "giveConditionToAnotherOwner", two, condition_id=promised)
    three = create(lena, stage="pilot")
    flag = Flag.objects.filter(initiative=three).first()
    assert flag is not None
    true(lead, "snoozeFlag", flag_id=flag.pk)
    true(lead, "confirmOrCorrectFlagRootCause", flag_id=flag.pk)
    kpi = true(lead, "addKpi", three).json()["id"]
    true(lead, "changeKpi", three, kpi_id=kpi)
    reading = true(lead, "addReadings", three, kpi_id=kpi).json()["id"]
    gone = json.dumps(_example("withdrawReading")).encode()
    at = f"initiatives/{three.ref}/kpis/{kpi}/readings/{reading}/"
    assert lead.raw("DELETE", at, gone).status_code == 200
    tried.add("withdrawReading")
    three.kpis.create(pk=_example("agreeOnExitCriterion")["kpi"], name="Weekly use", created_at=clock.now())
    criterion = true(lead, "agreeOnExitCriterion", three).json()["id"]
    true(lead, "changeExitCriterion", three, criterion_id=criterion)
    ExitTrigger.objects.create(criterion_id=criterion, on=today(), at=clock.now(), words="Weekly use.")
    true(api(elsa), "decideExitCriterion", three, criterion_id=criterion)
    true(lead, "writeRoadmap", three)
    true(lead, "beginPhase", three, kind="decision")
    true(lead, "enterMonthSpending", three)
    true(api(ada), "setParallelLimits")
    true(api(ada), "chooseWhatNewInitiativesBeginWith")
    true(api(ada), "enterExchangeRate")
    hook = true(api(ada), "addWebhook").json()["id"]
    true(api(ada), "changeWebhook", webhook_id=hook)
    handover = true(lead, "startHandover", three).json()["id"]
    true(lead, "writeHandover", three, handover_id=handover)
    true(lead, "comment", three)
    assert lead.patch(f"initiatives/{three.ref}/", {"people": {"members": ["omar"]}}).status_code == 200
    assignment = true(lead, "assignItem", three).json()["id"]
    true(lead, "changeAssignment", three, assignment_id=assignment)
    true(lead, "endAssignment", three, assignment_id=assignment)
    Initiative.objects.filter(pk=three.pk).update(stage="live")
    true(lead, "leaveWhatWorked", three)
    true(api(ada), "handEverythingOver", username="lena")

    shown = {
        name
        for name, (_, _, operation) in _operations().items()
        for media in operation.get("requestBody", {}).get("content", {}).values()
        if media.get("examples")
    }
    assert shown == tried


def test_a_file_is_described_as_bytes_of_any_type() -> None:
    _, _, download = _operations()["downloadFile"]
    assert download["responses"]["200"]["content"] == {
        "*/*": {"schema": {"type": "string", "format": "binary"}}
    }


def _descriptions(node: Any, place: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(node, dict):
        told = node.get("description")
        if isinstance(told, str):
            yield place, told
        for name, inner in node.items():
            yield from _descriptions(inner, f"{place}/{name}")
    elif isinstance(node, list):
        for number, inner in enumerate(node):
            yield from _descriptions(inner, f"{place}/{number}")


def test_no_description_speaks_of_how_the_product_is_made() -> None:
    """What is written for whoever reads the code marks names with two backticks, and names modules and errors."""
    inside = re.compile(
        r"``|\breadiness\.[a-z]+\.|\bRaises?\b|\bserializer|\bDjango\b|queryset|docstring|told_only"
    )
    found = dict(_descriptions(document()))
    assert len(found) > 300
    assert {place: told for place, told in found.items() if inside.search(told)} == {}
    general = inspect.getdoc(Shape)
    assert general and [place for place, told in found.items() if told == general] == []


def test_each_body_and_each_document_says_what_it_is() -> None:
    silent = [
        name
        for name, one in document()["components"]["schemas"].items()
        if name.endswith("Request") and one.get("type") == "object" and not one.get("description")
    ]
    assert silent == []


def test_it_says_how_long_to_wait_wherever_one_may_have_to() -> None:
    for method, path, operation in _operations().values():
        for status in {"429", "503"} & operation["responses"].keys():
            assert "Retry-After" in operation["responses"][status]["headers"], (method, path, status)


def test_it_asks_for_no_multiple_that_binary_fractions_miss() -> None:
    """82.3 is a score; reckoned so, it is no multiple of 0.1."""
    assert "multipleOf" not in json.dumps(document())
