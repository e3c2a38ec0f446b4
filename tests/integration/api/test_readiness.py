"""Readiness, its history, the deploy check, scores and figures over REST."""

import csv
import json
from datetime import datetime, timedelta
from typing import Any
from xml.etree import ElementTree

import pytest
from django.db import connection
from django.db.models import F
from django.test.utils import CaptureQueriesContext
from django.urls import resolve

from checklists.models import Evidence
from gates.models import Initiative
from readiness import clock
from readiness.accounts.models import User
from readiness.standing.models import HistoryPoint, Standing
from tests.fixtures import answer_all, api, create, make_ready, today

pytestmark = pytest.mark.django_db


def _age_evidence(initiative: Initiative, days: int) -> None:
    """As if all evidence had been gathered so much earlier; what was computed does not know it yet."""
    of_it = Evidence.objects.filter(assessment__passage__initiative=initiative)
    for piece in of_it:
        Evidence.objects.filter(pk=piece.pk).update(effective_on=piece.effective_on - timedelta(days=days))
    Standing.objects.filter(initiative=initiative).update(due_on=F("as_of"))


def test_readiness_is_computed_afresh_where_its_day_has_come(
    initiative: Initiative, lena: User, ravi: User
) -> None:
    make_ready(initiative, lena, ravi)
    path = f"initiatives/{initiative.ref}/readiness/"
    assert api(lena).get(path).json()["verdict"] == "ready"
    _age_evidence(initiative, 3000)
    for answer in (
        api(lena).get(path).json(),
        api(lena).get(f"initiatives/{initiative.ref}/").json()["readiness"],
    ):
        assert (answer["verdict"], answer["gates"][0]["status"]) == ("not_ready", "lapsed")
    assert api(lena).get(f"initiatives/{initiative.ref}/deploy-check/").json()["allowed"] is False


def test_readiness_that_is_known_is_not_sent_again(initiative: Initiative, lena: User) -> None:
    lead, path = api(lena), f"initiatives/{initiative.ref}/readiness/"
    first = lead.get(path)
    assert first["Cache-Control"] == "private, no-cache"
    known = lead.get(path, if_none_match=first["ETag"])
    assert (known.status_code, known.content, known["ETag"]) == (304, b"", first["ETag"])
    assert lead.get(path, if_none_match=f'"other", W/{first["ETag"]}').status_code == 304
    assert lead.get(path, if_none_match="*").status_code == 304
    lead.put(f"initiatives/{initiative.ref}/checklist/DATA-1/", {"answer": "partial"})
    changed = lead.get(path, if_none_match=first["ETag"])
    assert (changed.status_code, changed["ETag"] != first["ETag"]) == (200, True)


def test_a_badge_says_verdict_and_score(initiative: Initiative, lena: User, ravi: User) -> None:
    lead, path = api(lena), f"initiatives/{initiative.ref}/badge.svg"
    shown = lead.get(path)
    assert (shown.status_code, shown["Content-Type"]) == (200, "image/svg+xml")
    assert _words(shown.content) == ["Readiness: 0.0 · Not ready", "Readiness", "0.0 · Not ready"]
    make_ready(initiative, lena, ravi)
    ready = lead.get(path, if_none_match=shown["ETag"])
    assert _words(ready.content)[0] == "Readiness: 100.0 · Ready"
    assert lead.get(path, if_none_match=ready["ETag"]).status_code == 304
    for accept in ("image/svg+xml", "text/html,application/xhtml+xml,image/avif,*/*;q=0.8"):
        assert lead.get(path, accept=accept)["Content-Type"] == "image/svg+xml"
    other = lead.get(path, accept="application/json")
    assert (other.status_code, other["Content-Type"], other.json()["code"]) == (
        406,
        "application/problem+json",
        "not_acceptable",
    )


def test_a_badge_that_is_refused_is_a_problem_like_any_other(initiative: Initiative, omar: User) -> None:
    Initiative.objects.update(visibility="team")
    for path in (f"initiatives/{initiative.ref}/badge.svg", "initiatives/AI-9999/badge.svg"):
        refused = api(omar).get(path, accept="image/svg+xml")
        assert (refused.status_code, refused["Content-Type"]) == (404, "application/problem+json")
        assert refused.json()["code"] == "not_found"


def _words(picture: bytes) -> list[str]:
    """The title and the texts of a picture that is well-formed."""
    root = ElementTree.fromstring(picture)  # noqa: S314 (our own)
    return [one.text or "" for one in root.iter() if one.tag.rpartition("}")[2] in ("title", "text")]


def test_the_first_next_action_and_the_flags_say_where_to_go(lena: User) -> None:
    one = create(lena, stage="pilot")
    readiness = api(lena).get(f"initiatives/{one.ref}/readiness/").json()
    first = readiness["next_actions"][0]
    assert first["url"].startswith(f"/initiatives/{one.ref}/")
    flag = next(flag for flag in readiness["flags"] if flag["code"] == "no_business_owner")
    assert (flag["severity"], flag["root_cause"], flag["since"]) == ("warning", "ownership", str(today()))
    assert flag["countermeasure"]
    assert readiness["forecast"] is None


def test_every_place_that_mends_something_is_a_page(lena: User) -> None:
    one = create(lena, stage="pilot")
    lead, at = api(lena), f"initiatives/{one.ref}/"
    lead.post(f"{at}hold/", {"reason": "Wait.", "review_on": str(today())})
    readiness = lead.get(f"{at}readiness/").json()
    guarded = lead.post(f"{at}stage/", {"to": "live"}).json()
    urls = {
        found["url"] for found in [*readiness["blockers"], *readiness["next_actions"], *guarded["blockers"]]
    }
    assert len(urls) > 20
    for url in urls:
        resolve(url.partition("#")[0])


def test_the_history_has_one_point_for_each_day_on_which_something_changed(
    lena: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = clock.now()
    start = now - timedelta(days=10)
    one, lead = create(lena, at=start), api(lena)

    def partial_on(day: int, code: str, note: str = "") -> None:
        monkeypatch.setattr(clock, "now", lambda: start + timedelta(days=day))
        path = f"initiatives/{one.ref}/checklist/{code}/"
        assert lead.put(path, {"answer": "partial", "note": note}).status_code == 200
        monkeypatch.setattr(clock, "now", lambda: now)

    partial_on(0, "DATA-1")
    partial_on(0, "DATA-2")
    partial_on(3, "DATA-2", "Said again.")
    partial_on(5, "DATA-3")
    points = lead.get(f"initiatives/{one.ref}/readiness/history/").json()["results"]
    days = [str(today(start)), str(today(start + timedelta(days=5)))]
    assert [(point["on"], point["score"]) for point in points] == [(days[0], 5.0), (days[1], 7.5)]


def test_the_history_comes_in_pages(initiative: Initiative, lena: User) -> None:
    first = HistoryPoint.objects.get(initiative=initiative)
    columns = {field.name: getattr(first, field.name) for field in HistoryPoint._meta.concrete_fields}
    HistoryPoint.objects.bulk_create(
        HistoryPoint(**columns | {"id": None, "on": first.on - timedelta(days=n)}) for n in range(1, 8)
    )
    seen: list[str] = []
    path: str | None = f"/api/v1/initiatives/{initiative.ref}/readiness/history/?limit=3"
    while path:
        page = api(lena).get(path).json()
        seen += [point["on"] for point in page["results"]]
        path = page["next"]
    assert seen == sorted(seen)
    assert len(seen) == 8
    at = f"initiatives/{initiative.ref}/readiness/history/"
    since = api(lena).get(at, {"since": seen[5]}).json()["results"]
    assert [point["on"] for point in since] == seen[5:]
    assert api(lena).get(at, {"since": "2100-12-31"}).json()["results"] == []
    refused = api(lena).get(at, {"since": "2026-11-01T00:00:00Z"})
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (400, "since")


# --- The deploy check ---------------------------------------------------------------------------------------


def test_a_pipeline_is_told_to_wait_and_fails_where_it_asks_to(initiative: Initiative, lena: User) -> None:
    lead, path = api(lena), f"initiatives/{initiative.ref}/deploy-check/"
    told = lead.get(path)
    assert (told.status_code, told.json()["allowed"], told.json()["verdict"]) == (200, False, "not_ready")
    failed = lead.get(path, {"fail": "true"})
    assert (failed.status_code, failed.json()["code"]) == (409, "not_deployable")
    assert failed.json()["blockers"] == told.json()["blockers"]
    assert (failed.json()["allowed"], failed.json()["verdict"]) == (False, "not_ready")
    assert lead.get(path, {"fail": "false"}).status_code == 200


def test_it_is_too_early_before_the_pilot_and_refused_on_hold(lena: User, ravi: User) -> None:
    early = create(lena)
    make_ready(early, lena, ravi)
    answer = api(lena).get(f"initiatives/{early.ref}/deploy-check/").json()
    assert (answer["allowed"], answer["verdict"]) == (False, "ready")
    assert [blocker["code"] for blocker in answer["blockers"]] == ["stage_too_early"]
    pilot = create(lena, stage="pilot")
    make_ready(pilot, lena, ravi)
    path = f"initiatives/{pilot.ref}/deploy-check/?fail=true"
    assert api(lena).get(path).json() == {"allowed": True, "verdict": "ready", "blockers": []}
    hold = {"reason": "Freeze.", "review_on": str(today())}
    api(lena).post(f"initiatives/{pilot.ref}/hold/", hold)
    held = api(lena).get(path)
    assert (held.status_code, [blocker["code"] for blocker in held.json()["blockers"]]) == (409, ["on_hold"])


# --- Scores -------------------------------------------------------------------------------------------------


def _all_scores(user: User, **filters: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    answer = api(user).get("scores/", filters)
    while True:
        found += answer.json()["results"]
        if not answer.json()["next"]:
            return found
        answer = api(user).get(answer.json()["next"])


def test_scores_are_readiness_without_its_reasons_in_the_order_of_computed_at(lena: User) -> None:
    rows = [create(lena, name=f"Number {number}") for number in range(5)]
    answer_all(rows[1], lena)
    scores = _all_scores(lena, limit=2)
    assert [score["initiative"] for score in scores] == [rows[n].ref for n in (0, 2, 3, 4, 1)]
    moments = [datetime.fromisoformat(score["computed_at"]) for score in scores]
    assert moments == sorted(set(moments))
    last = scores[-1]
    readiness = api(lena).get(f"initiatives/{rows[1].ref}/readiness/").json()
    left_out = ("blockers", "next_actions", "flags", "forecast")
    assert {
        key: last[key] for key in last if key not in ("initiative", "name", "business_unit", "stage")
    } == {key: value for key, value in readiness.items() if key not in left_out}
    assert (last["name"], last["business_unit"], last["stage"]) == ("Number 1", "Finance", "intake")


def test_between_two_calls_no_change_is_missed(lena: User) -> None:
    rows = [create(lena, name=f"Number {number}") for number in range(3)]
    last_seen = _all_scores(lena)[-1]["computed_at"]
    answer_all(rows[0], lena)
    news = _all_scores(lena, updated_since=last_seen)
    assert rows[0].ref in [score["initiative"] for score in news]
    assert rows[1].ref not in [score["initiative"] for score in news]


def test_rows_computed_in_one_moment_are_all_handed_out(lena: User) -> None:
    """A batch may share a moment with the last row of a page: handing in that moment repeats, and misses nothing."""
    rows = [create(lena, name=f"Number {number}") for number in range(4)]
    moment = clock.now()
    Standing.objects.update(computed_at=moment)
    assert {score["initiative"] for score in _all_scores(lena, limit=1)} == {row.ref for row in rows}
    first = api(lena).get("scores/", {"limit": 2}).json()["results"]
    since = _all_scores(lena, updated_since=first[-1]["computed_at"])
    assert {score["initiative"] for score in since} == {row.ref for row in rows}


def _lines(user: User, media_type: str, **filters: Any) -> list[str]:
    answer: Any = api(user).get("scores/", filters, accept=media_type)
    assert (answer.status_code, answer.streaming) == (200, True)
    assert answer["Content-Type"] == f"{media_type}; charset=utf-8"
    return b"".join(answer.streaming_content).decode().splitlines()


@pytest.mark.parametrize("batch", [1, 2, 200])
def test_the_whole_portfolio_is_streamed_with_the_fields_of_the_pages(
    lena: User, omar: User, monkeypatch: pytest.MonkeyPatch, batch: int
) -> None:
    monkeypatch.setattr("readiness.api.streams.BATCH", batch)
    names = ["=1+1", 'Überblick, "neu"', "Third"]
    rows = [create(lena, name=name) for name in names]
    hidden = create(lena, name="Hidden", visibility="team")
    Standing.objects.update(computed_at=clock.now())  # a batch may end within one moment
    answer_all(rows[1], lena)
    for user in (lena, omar):
        pages = _all_scores(user)
        assert [json.loads(line) for line in _lines(user, "application/x-ndjson")] == pages
        table = list(csv.DictReader(_lines(user, "text/csv")))
        assert [row["initiative"] for row in table] == [page["initiative"] for page in pages]
        assert {*table[0]} == {*pages[0]}
    assert hidden.ref not in {row["initiative"] for row in table}
    told = {row["initiative"]: row for row in table}
    assert [told[row.ref]["name"] for row in rows] == ["'=1+1", names[1], "Third"]
    assert (told[rows[1].ref]["score"], told[rows[1].ref]["stalled"]) == ("100.0", "false")
    assert json.loads(told[rows[1].ref]["gates"]) == pages[-1]["gates"]
    since = pages[-1]["computed_at"]
    assert len(_lines(omar, "application/x-ndjson", updated_since=since)) == 1


def test_a_stream_is_not_paged_and_is_refused_as_a_problem(lena: User) -> None:
    for media_type in ("text/csv", "application/x-ndjson"):
        for filters in ({"limit": 5}, {"cursor": "x"}, {"stage": "pilot"}):
            refused = api(lena).get("scores/", filters, accept=media_type)
            assert (refused.status_code, refused["Content-Type"]) == (400, "application/problem+json")
            assert [one["code"] for one in refused.json()["errors"]] == ["unknown_filter"]
        assert api(None).get("scores/", accept=media_type).status_code == 401
    assert api(lena).get("scores/", accept="application/xml").status_code == 406


def test_a_stream_costs_the_same_queries_a_batch(lena: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("readiness.api.streams.BATCH", 2)
    for number in range(6):
        create(lena, name=f"Number {number}")
    with CaptureQueriesContext(connection) as asked:
        assert len(_lines(lena, "text/csv")) == 7
    in_order = 'ORDER BY "standing_standing"."computed_at"'
    of_scores = [one for one in asked.captured_queries if in_order in one["sql"]]
    assert len(of_scores) == 4  # three batches, and one to see that there is no more


def test_scores_and_figures_that_are_known_are_not_sent_again(initiative: Initiative, lena: User) -> None:
    lead = api(lena)
    for path in ("scores/", "portfolio/"):
        first = lead.get(path)
        assert lead.get(path, if_none_match=first["ETag"]).status_code == 304
        lead.patch(f"initiatives/{initiative.ref}/", {"budget": {"spent": 5}, "business_unit": path})
        create(lena)
        assert lead.get(path, if_none_match=first["ETag"]).status_code == 200


def test_the_figures_agree_with_the_list(lena: User, ravi: User, elsa: User) -> None:
    ready = create(lena, name="Ready", stage="pilot", budget={"spent": 100})
    make_ready(ready, lena, ravi)
    create(lena, name="Other", business_unit="Logistics", budget={"spent": "50.50"})
    found = api(elsa).get("portfolio/").json()
    assert (found["headline"]["total"], found["headline"]["ready"]) == (2, 1)
    assert found["headline"]["spent"] == "150.50"
    assert sum(one["count"] for one in found["scores"]) == 2
    assert found["reviews_waiting"] == {"count": 0, "oldest": []}
    assert {row["business_unit"]: row["initiatives"] for row in found["units"]} == {"Finance": 1}
    only = api(elsa).get("portfolio/", {"business_unit": "LOGISTICS"}).json()
    assert only["headline"]["total"] == 1


def test_a_submission_that_waits_stands_in_the_figures(lena: User, elsa: User) -> None:
    one = create(lena)
    answer_all(one, lena)
    api(lena).post(f"initiatives/{one.ref}/gates/data/submit/")
    waiting = api(elsa).get("portfolio/").json()["reviews_waiting"]
    assert waiting["count"] == 1
    assert waiting["oldest"][0] | {"submitted_at": ""} == {
        "initiative": one.ref,
        "name": "Invoice triage",
        "gate": "data",
        "submitted_by": "lena",
        "submitted_at": "",
        "days": 0,
        "url": f"/initiatives/{one.ref}/gates/data/",
    }
