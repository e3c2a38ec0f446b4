"""Which media type answers, as the header ``Accept`` asks for it."""

import pytest

from gates.models import Initiative
from readiness.accounts.models import User
from tests.fixtures import api

pytestmark = pytest.mark.django_db
JSON, CSV, LINES = "application/json", "text/csv; charset=utf-8", "application/x-ndjson; charset=utf-8"


@pytest.mark.parametrize(
    ("accept", "answered"),
    [
        ("*/*", JSON),
        ("application/*", JSON),
        ("text/csv", CSV),
        ("text/*", CSV),
        ("text/csv;header=present", CSV),
        ("application/json; charset=utf-8", JSON),
        ("text/csv, application/json;q=0.5", CSV),
        ("application/json;q=0.5, text/csv", CSV),
        ("text/csv;q=0.3, application/json;q=0.2, application/x-ndjson;q=0.8", LINES),
        ("text/csv, */*", CSV),
        ("text/csv, */*;q=0.1", CSV),
        ("text/csv;q=0.1, */*", JSON),
        ("application/json;q=0, */*", CSV),
        ("text/csv, application/json", JSON),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", JSON),
        ("application/json;a*=unknown''x, text/csv", CSV),
    ],
)
def test_the_greatest_weight_is_answered(
    initiative: Initiative, lena: User, accept: str, answered: str
) -> None:
    found = api(lena).get("scores/", accept=accept)
    assert (found.status_code, found["Content-Type"]) == (200, answered)


@pytest.mark.parametrize(
    "accept",
    [
        *("text/html", "json", "*", "*/json", "application/json;q=0", "text/csv;q=0"),
        # What Python's own reader of headers gives up on.
        *("*/*;a*=unknown''x", "*/*;a*=undefined''x", "*/*;a*=punycode''%ff", "*/*;q*=utf-8''1;q*0*=x"),
    ],
)
def test_where_nothing_fits_it_is_said_as_a_problem(initiative: Initiative, lena: User, accept: str) -> None:
    refused = api(lena).get("scores/", accept=accept)
    assert (refused.status_code, refused["Content-Type"]) == (406, "application/problem+json")
    assert refused.json()["code"] == "not_acceptable"
