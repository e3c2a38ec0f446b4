"""Stakeholders over REST."""

from typing import Any

import pytest

from gates.models import Initiative, Stakeholder
from readiness.accounts.models import User
from tests.fixtures import api, today


def put(by: User, initiative: Initiative, body: Any, **headers: str) -> Any:
    return api(by).put(f"initiatives/{initiative.ref}/stakeholders/", body, **headers)


def test_they_are_noted_and_read_with_the_initiatives_version(initiative: Initiative, lena: User) -> None:
    path = f"initiatives/{initiative.ref}/stakeholders/"
    first = api(lena).get(path)
    assert [one["function"] for one in first.json()["stakeholders"]] == [
        "it", "operations", "legal", "security", "works_council"
    ]  # fmt: skip
    given = {"function": "it", "contact": "Platform", "involved_on": str(today())}
    written = put(lena, initiative, {"stakeholders": [given]}, if_match=first["ETag"])
    assert written.status_code == 200
    assert written.json()["stakeholders"][0] == {**given, "needed": True}
    assert api(lena).get(path).json() == written.json()
    assert written["ETag"] == api(lena).get(f"initiatives/{initiative.ref}/")["ETag"] != first["ETag"]
    stale = put(lena, initiative, {"stakeholders": [given]}, if_match=first["ETag"])
    assert (stale.status_code, stale.json()["code"]) == (412, "stale")


@pytest.mark.parametrize(
    ("wanted", "status", "field", "code"),
    [
        (
            [{"function": "it", "involved_on": "2099-01-01"}],
            422,
            "stakeholders.0.involved_on",
            "in_the_future",
        ),
        ([{"function": "it", "involved_on": "2026-02-30"}], 400, "stakeholders.0.involved_on", "wrong_type"),
        ([{"function": "it", "involved_on": 5}], 400, "stakeholders.0.involved_on", "wrong_type"),
        ([{"function": "it", "needed": False}], 422, "stakeholders.0.needed", "always_needed"),
        ([{"function": "it", "needed": "no"}], 400, "stakeholders.0.needed", "wrong_type"),
        ([{"function": "cleaning"}], 400, "stakeholders.0.function", "unknown_word"),
        ([{"contact": "x"}], 400, "stakeholders.0.function", "required"),
        ([{"function": "it", "contact": "x" * 201}], 422, "stakeholders.0.contact", "too_long"),
        ([{"function": "it", "contact": "a\x00b"}], 400, "stakeholders.0.contact", "null_characters"),
        ([{"function": "it"}, {"function": "it"}], 422, "stakeholders.1.function", "named_twice"),
        ([{"function": "it"}] * 6, 422, "stakeholders", "too_many"),
        ({"it": {}}, 400, "stakeholders", "wrong_type"),
        ([{"function": "it", "colour": "red"}], 400, "stakeholders.0.colour", "unknown_field"),
    ],
)
def test_bad_input_is_refused_at_its_place(
    initiative: Initiative, lena: User, wanted: Any, status: int, field: str, code: str
) -> None:
    refused = put(lena, initiative, {"stakeholders": wanted})
    assert refused.status_code == status
    assert [(one["field"], one["code"]) for one in refused.json()["errors"]] == [(field, code)]
    assert not Stakeholder.objects.exists()
