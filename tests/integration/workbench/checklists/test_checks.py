"""The automated check of an item in the browser: bound, shown with what it said, and set free with a reason."""

from datetime import timedelta

from django.test import Client

from checklists.models import Answer
from gates.models import Initiative
from readiness import clock
from readiness.accounts.models import User
from readiness.actions.answers import AnswerChange, record_answers
from readiness.actions.checks import Report, report_check
from readiness.audit.recording import Actor
from tests.fixtures import pages
from tests.integration.workbench.markup import Node, read

CHECK = "great-expectations"


def address(initiative: Initiative, code: str = "DATA-1") -> str:
    return f"/initiatives/{initiative.ref}/answers/{code}/check/"


def report(initiative: Initiative, by: User, result: str, hours_ago: float = 1, **more: object) -> None:
    at = clock.now()
    given = {"summary": "41 of 41", "url": "https://ci.example.com/1"} | more
    sent = Report("DATA-1", CHECK, result, at - timedelta(hours=hours_ago), **given)  # type: ignore[arg-type]
    report_check(initiative.pk, sent, Actor.person(by, "ci"), at)


def card(client: Client, initiative: Initiative) -> Node:
    return read(client.get(f"/initiatives/{initiative.ref}/checklist/data/")).by_id("DATA-1")


def test_a_lead_binds_a_check_and_the_card_says_what_it_found_and_when_it_runs_out(
    initiative: Initiative, lena: User
) -> None:
    client, by = pages(lena), Actor.person(lena)
    record_answers(initiative.pk, [AnswerChange("DATA-1", "met")], by, clock.now())
    where = card(client, initiative).by_id("DATA-1-state").links()["Let an automated check measure it"]
    assert where == address(initiative)
    bound = client.post(where, {"check": CHECK, "version": "1"}, follow=True)
    assert f"{CHECK} measures DATA-1." in read(bound).text
    assert f"Measured by {CHECK}. It has reported nothing yet." in read(bound).by_id("DATA-1-state").text
    report(initiative, lena, "pass", expires_at=clock.now() + timedelta(days=3))
    state = card(client, initiative).by_id("DATA-1-state")
    assert f"Measured by {CHECK}: Passed," in state.text
    assert "41 of 41 · good through" in state.text
    assert state.links()["Passed"] == "https://ci.example.com/1"
    pieces = card(client, initiative).by_id("DATA-1-pieces").text
    assert "Automated check · Passed" in pieces
    assert f"{CHECK}: 41 of 41" in pieces


def test_what_the_framework_says_could_be_checked_names_the_check_as_code(
    initiative: Initiative, lena: User
) -> None:
    page = read(pages(lena).get(address(initiative)))
    assert "data-quality" in [code.text for code in page.all("code")]
    assert "check data-quality: pass when every source" in page.text and "`" not in page.text


def test_what_did_not_pass_is_told_as_such(initiative: Initiative, lena: User, ravi: User) -> None:
    record_answers(initiative.pk, [AnswerChange("DATA-1", "met")], Actor.person(lena), clock.now())
    report(initiative, lena, "fail")
    shown = card(pages(ravi), initiative)
    assert "the automated check did not pass" in shown.by_id("DATA-1-state").text
    assert "Automated check · Failed" in shown.by_id("DATA-1-pieces").text
    assert "automated check measure it" not in shown.by_id("DATA-1-state").text  # a reviewer binds nothing


def test_the_page_lists_what_was_reported_and_asks_why_a_measured_answer_goes(
    initiative: Initiative, lena: User
) -> None:
    client = pages(lena)
    client.post(address(initiative), {"check": CHECK})
    report(initiative, lena, "fail", summary="2 of 41 failed")
    page = read(client.get(address(initiative)))
    assert "2 of 41 failed" in page.text
    assert "ci (Lena)" in page.text
    refused = client.post(address(initiative), {"check": CHECK, "unbind": "1", "reason": ""})
    assert refused.status_code == 422
    assert Answer.objects.get().measured == "not_met"
    freed = client.post(address(initiative), {"check": CHECK, "unbind": "1", "reason": "Replaced."})
    assert freed.status_code == 302
    assert (Answer.objects.get().measured, Answer.objects.get().check_name) == (None, "")
    history = read(client.get(f"/initiatives/{initiative.ref}/history/")).text
    for told in (
        "DATA-1 is measured by great-expectations",
        "Automated check of DATA-1: Failed",
        "Replaced.",
    ):
        assert told in history


def test_a_name_is_asked_for_and_what_was_typed_stays(initiative: Initiative, lena: User) -> None:
    client = pages(lena)
    assert client.post(address(initiative), {"check": " "}).status_code == 422
    long = client.post(address(initiative), {"check": "x" * 101})
    assert long.status_code == 422
    assert read(long).one("input", name="check").attrs["value"] == "x" * 101


def test_a_version_that_was_overtaken_is_refused(initiative: Initiative, lena: User) -> None:
    record_answers(initiative.pk, [AnswerChange("DATA-1", "met")], Actor.person(lena), clock.now())
    stale = pages(lena).post(address(initiative), {"check": CHECK, "version": "0"})
    assert stale.status_code == 409
    assert not Answer.objects.get().check_name
