"""Mass assignment: every column of every table is sent with every write of the API, and none is taken."""

from typing import Any

import pytest
from django.apps import apps

from readiness.api.views.description import document
from tests.access.deeds import BODIES, DOCUMENTS, UPLOADS, path_of
from tests.access.routes import ROUTES
from tests.access.rows import ROWS, Row
from tests.access.watching import tables_written
from tests.access.world import World

pytestmark = pytest.mark.django_db

# A document is read key by key by its own reader (tests/unit/test_framework_mistakes.py).
WRITES = [
    row
    for row in ROWS
    if row.is_api and row.changes_something and ":" not in row.key and row.key not in DOCUMENTS
]
COLUMNS = sorted(
    {
        name
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        for name in (field.name, field.attname)
    }
)
WORTHS = (1, "live", True)
FURTHER = ("__proto__", "is_admin", "roles", "acting_as", "readiness", "score", "if_match", "_method")


def declared(row: Row) -> set[str]:
    """The fields that the OpenAPI document names for the body of an operation."""
    operation = document()["paths"][ROUTES[row.route].path][row.method.lower()]
    content = operation.get("requestBody", {}).get("content", {})
    found: set[str] = set()
    for kind in content.values():
        schema = kind["schema"]
        if "$ref" in schema:
            schema = document()["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
        found |= set(schema.get("properties", {}))
    return found


@pytest.mark.parametrize("row", [pytest.param(row, id=row.id) for row in WRITES if row.method != "DELETE"])
def test_no_column_can_be_set_that_is_no_field_of_the_contract(world: World, row: Row) -> None:
    """Whoever may make the request: nothing is written, and the field is named."""
    who = "ravi" if row.scope == "review" else "lena"
    place = world.places["open"]
    url = ROUTES[row.route].url(path_of(row.key, place, world, who))
    names = {name for name in (*COLUMNS, *FURTHER) if name not in declared(row)}
    body = (UPLOADS.get(row.key) or BODIES.get(row.key) or (lambda place: {}))(place)
    sent: dict[str, Any] = {"data": body | {name: WORTHS[len(name) % len(WORTHS)] for name in names}}
    if row.key not in UPLOADS:
        sent["content_type"] = "application/json"
    with tables_written() as written:
        response = world.cast.knock(who, row.method, url, **sent)
    assert response.status_code == 400
    named = {error["field"] for error in response.json()["errors"]}
    assert named == names
    assert written == []
