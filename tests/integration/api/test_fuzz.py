"""Generated requests against a running product: no server error, and no answer that is not described.

The requests are made from the OpenAPI document, as it tells and otherwise, from a fixed seed. Most keys in paths are
those of rows that are there, so that most requests get past the door.
"""

import json
import random
from dataclasses import dataclass
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    ignored_auth,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from readiness.api.views.description import document
from tests.services.stacks import EmbeddedStack

SEED = 20261121
EXAMPLES = 15
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    ignored_auth,
]

WORLD = """
import json
from checklists.models import Evidence
from gates.models import Condition, Snapshot
from readiness import clock
from readiness.actions.kpis import create_kpi
from readiness.actions.readings import NewReading, add_reading
from readiness.audit.recording import Actor
from readiness.standing.models import Flag
from tests.fixtures import answer_all, create, pass_gate, person, promise, today, token_for
lead = person("fuzz-lead", lead=True)
other = person("fuzz-other", lead=True, reviewer=True, executive=True, admin=True)
places = []
for number in range(12):
    one = create(lead, name=f"Fuzz {number}", stage="pilot")
    answer_all(one, lead)
    pass_gate(one, "data", lead, other, conditions=[promise(lead)])
    kpi, _ = create_kpi(one.pk, {"name": "Handling time"}, Actor.person(lead), clock.now())
    reading = NewReading(today(), 5)
    read = add_reading(one.pk, kpi.pk, reading, Actor.person(lead), clock.now()).readings[0]
    places.append({
        "kpi_id": kpi.pk,
        "reading_id": read.pk,
        "initiative_id": one.ref,
        "code": "DATA-1",
        "gate": ["data", "architecture", "checkpoint-0"][number % 3],
        "slug": "five-gate",
        "evidence_id": Evidence.objects.get(assessment__passage__initiative=one, item__code="DATA-1").pk,
        "condition_id": Condition.objects.get(decision__passage__initiative=one).pk,
        "snapshot_id": Snapshot.objects.filter(passage__initiative=one).first().pk,
        "flag_id": Flag.objects.filter(initiative=one).first().pk,
    })
print(json.dumps({"tokens": [token_for(lead), token_for(other)], "places": places}))
"""


@dataclass(frozen=True, slots=True)
class World:
    """Tokens of a lead and of somebody with every other role, and the keys of rows that belong together."""

    url: str
    tokens: list[str]
    places: list[dict[str, Any]]


@pytest.fixture(scope="module")
def world(live_stack: EmbeddedStack) -> World:
    made = json.loads(live_stack.shell(WORLD).strip().splitlines()[-1])
    return World(live_stack.url, made["tokens"], made["places"])


def _cases() -> list[Any]:
    """Every operation, as it is told and otherwise; what takes nothing can only be asked one way."""
    found = []
    for result in schemathesis.openapi.from_dict(document()).get_all_operations():
        operation = result.ok()
        found.append(pytest.param(operation, GenerationMode.POSITIVE, id=f"{operation.label} as told"))
        if operation.definition.raw.get("parameters") or operation.definition.raw.get("requestBody"):
            found.append(pytest.param(operation, GenerationMode.NEGATIVE, id=f"{operation.label} otherwise"))
    return found


@pytest.mark.parametrize(("operation", "mode"), _cases())
def test_no_request_breaks_it_and_every_answer_is_described(
    operation: schemathesis.APIOperation, mode: GenerationMode, world: World
) -> None:
    @seed(SEED)
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
        database=None,
    )
    @given(operation.as_strategy(generation_mode=mode))
    def holds(case: schemathesis.Case) -> None:
        chance = random.Random(repr((case.path_parameters, case.query, case.headers, case.body)))
        if chance.random() < 0.8:
            place = chance.choice(world.places)
            case.path_parameters.update({name: place[name] for name in case.path_parameters if name in place})
        if chance.random() < 0.8:
            case.headers.pop("If-Match", None)
        headers = {"Authorization": f"Bearer {chance.choice(world.tokens)}"}
        case.call_and_validate(base_url=world.url, headers=headers, checks=CHECKS, timeout=60)

    holds()
