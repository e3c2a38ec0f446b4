"""The roadmap, the budget and the profile on their pages: read, written, refused, and by whom."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.http import HttpResponse
from django.urls import reverse

from checklists.models import Answer
from gates.models import Initiative, Roadmap, RoadmapPhase, Spending
from gates.roadmap import Phase, default_plan
from readiness import clock
from readiness.accounts.models import User
from readiness.actions.answers import AnswerChange, record_answers
from readiness.actions.frameworks import attach_framework
from readiness.actions.roadmaps import begin_phase, set_roadmap
from readiness.actions.spending import set_spending
from readiness.actions.stages import move_stage
from readiness.audit.recording import Actor
from readiness.standing.models import GateStanding, Standing
from tests.fixtures import answer_all, create, make_ready, pages, today
from tests.integration.workbench.initiatives.scenes import EMOJI, LESSON, LONG, RTL, SCRIPT
from tests.integration.workbench.markup import Node, complaints, read

pytestmark = pytest.mark.django_db

ALL = [f"ENV-{number}" for number in range(1, 11)]


@pytest.fixture
def pilot(lena: User) -> Initiative:
    return create(lena, stage="pilot", budget={"planned": "20000", "currency": "EUR"})


def url(initiative: Initiative, below: str) -> str:
    return f"/initiatives/{initiative.ref}/{below}/"


def get(by: User, initiative: Initiative, below: str, query: str = "") -> Node:
    response = pages(by).get(url(initiative, below) + query)
    assert response.status_code == 200
    page = read(response)
    assert complaints(page) == []
    return page


def post(by: User, initiative: Initiative, below: str, **sent: Any) -> HttpResponse:
    return pages(by).post(
        url(initiative, below), {name.replace("__", "-"): value for name, value in sent.items()}
    )


def fields(page: Node, action: str) -> dict[str, str]:
    """What the form with this address would send as it stands."""
    form = page.one("form", method="post", action=action)
    sent = {one.attrs["name"]: one.attrs.get("value", "") for one in form.all("input") if "name" in one.attrs}
    return sent | {one.attrs["name"]: one.text for one in form.all("textarea")}


class TestRoadmap:
    def test_while_nobody_wrote_one_the_usual_weeks_are_suggested_and_nothing_is_stored(
        self, pilot: Initiative, lena: User
    ) -> None:
        page = get(lena, pilot, "roadmap")
        assert "These days are a suggestion" in page.text
        sent = fields(page, url(pilot, "roadmap"))
        for one in default_plan(today()):
            assert sent[f"{one.phase}-starts_on"] == str(one.starts_on)
            assert sent[f"{one.phase}-ends_on"] == str(one.ends_on)
        assert not Roadmap.objects.exists()

    def test_the_suggestion_is_saved_as_it_stands_with_people_and_money(
        self, pilot: Initiative, lena: User
    ) -> None:
        sent = fields(get(lena, pilot, "roadmap"), url(pilot, "roadmap"))
        saved = post(lena, pilot, "roadmap", **(sent | {"people": f"Two {EMOJI}", "budget": "90000"}))
        assert (saved.status_code, saved["Location"]) == (302, url(pilot, "roadmap"))
        roadmap = Roadmap.objects.get()
        assert roadmap.lacking.complete and roadmap.plan == default_plan(today())
        page = get(lena, pilot, "roadmap")
        assert "Days for every phase, people and money are known." in page.text
        assert f"Two {EMOJI}" in page.text and "90,000" in page.text
        lanes = page.all("div", class_="schedule__lane")
        assert len(lanes) == len(Phase)
        rows = [row.text for row in page.one("figure", class_="chart").one("tbody").all("tr")]
        assert [row.startswith(phase.label) for row, phase in zip(rows, Phase, strict=True)] == [True] * 6

    def test_the_weeks_are_changed_and_laid_out_without_being_saved(
        self, pilot: Initiative, lena: User
    ) -> None:
        start = today() + timedelta(days=30)
        weeks = {"decision": 1, "preparation": 8, "limited_group": 2, "expansion": 2, "full": 4}
        query = f"?start={start}&" + "&".join(f"{phase}={count}" for phase, count in weeks.items())
        page = get(lena, pilot, "roadmap", query)
        sent = fields(page, url(pilot, "roadmap"))
        plan = default_plan(start, {Phase(phase): count for phase, count in weeks.items()})
        assert [sent[f"{one.phase}-ends_on"] for one in plan] == [str(one.ends_on) for one in plan]
        assert not Roadmap.objects.exists()

    @pytest.mark.parametrize(
        "query",
        [
            "?start=soon", "?start=1800-01-01&decision=1", "?start=2027-01-01&decision=0", "?start=%00",
            "?start=2027-01-01&decision=9999", "?start=9999-12-31&decision=1&preparation=1&limited_group=1",
        ],
    )  # fmt: skip
    def test_weeks_that_cannot_be_are_told_at_their_field(
        self, pilot: Initiative, lena: User, query: str
    ) -> None:
        page = get(lena, pilot, "roadmap", query)
        assert page.one("form", method="get", action=url(pilot, "roadmap") + "#write").all(
            "div", class_="field__errors"
        ) or ("needs your attention" in page.text or "need your attention" in page.text)

    def test_what_is_wrong_is_told_at_its_field_and_what_was_typed_stays(
        self, pilot: Initiative, lena: User
    ) -> None:
        response = post(
            lena, pilot, "roadmap", version="0", people=f"Two {SCRIPT} {RTL}", budget="-1",
            full__starts_on="2027-02-02", full__ends_on="2027-02-01", decision__starts_on="2027-03-01",
            expansion__entry_rule="a\x00b", limited_group__pause_rule=LONG, preparation__ends_on="soon",
        )  # fmt: skip
        assert response.status_code == 422
        page = read(response)
        assert page.has_id("id_preparation-ends_on_error")
        assert SCRIPT not in response.content.decode()
        assert f"Two {SCRIPT} {RTL}" in page.one("textarea", name="people").text
        response = post(
            lena, pilot, "roadmap", version="0", budget="-1",
            full__starts_on="2027-02-02", full__ends_on="2027-02-01", decision__starts_on="2027-03-01",
            limited_group__pause_rule=LONG,
        )  # fmt: skip
        assert response.status_code == 422
        page = read(response)
        for wrong in ("budget", "full-ends_on", "full-starts_on", "limited_group-pause_rule"):
            assert page.has_id(f"id_{wrong}_error"), wrong
        assert page.one("input", name="full-ends_on").attrs["value"] == "2027-02-01"
        assert not Roadmap.objects.exists()

    def test_a_roadmap_saved_by_somebody_else_is_not_overwritten_unawares(
        self, pilot: Initiative, lena: User
    ) -> None:
        sent = fields(get(lena, pilot, "roadmap"), url(pilot, "roadmap"))
        set_roadmap(pilot.pk, {"people": "Three"}, Actor.person(lena), clock.now())
        response = post(lena, pilot, "roadmap", **(sent | {"people": "Two"}))
        assert response.status_code == 409
        page = read(response)
        assert "Somebody else changed this in the meantime" in page.text
        again = fields(page, url(pilot, "roadmap"))
        assert (again["people"].strip(), again["version"]) == ("Two", "1")
        assert post(lena, pilot, "roadmap", **again).status_code == 302
        assert Roadmap.objects.get().people == "Two"

    def test_phases_begin_one_after_the_other(self, pilot: Initiative, lena: User) -> None:
        page = get(lena, pilot, "roadmap")
        assert "None has begun" in page.text and "Next: Decision" in page.text
        begun = post(lena, pilot, "roadmap/phases/decision/begin", on=str(today() - timedelta(days=3)))
        assert (begun.status_code, begun["Location"]) == (302, url(pilot, "roadmap"))
        page = get(lena, pilot, "roadmap")
        assert "Next: Preparing production" in page.text
        post(lena, pilot, "roadmap/phases/preparation/begin", on=str(today()))
        page = get(lena, pilot, "roadmap")
        assert "“Limited group” begins in Rollout; this is in Pilot." in page.text
        assert not page.all("form", action=url(pilot, "roadmap/phases/limited_group/begin"))
        back = post(lena, pilot, "roadmap/phases/preparation/take-back")
        assert back.status_code == 302
        assert [row.began_on for row in RoadmapPhase.objects.order_by("pk")] == [
            today() - timedelta(days=3),
            None,
        ]

    @pytest.mark.parametrize("on", ["", "soon", "2099-01-01", "1980-01-01", "\x00"])
    def test_a_day_on_which_a_phase_cannot_have_begun_is_told_at_its_field(
        self, pilot: Initiative, lena: User, on: str
    ) -> None:
        response = post(lena, pilot, "roadmap/phases/decision/begin", on=on)
        assert response.status_code == 422
        assert read(response).has_id("id_on_error")
        assert not RoadmapPhase.objects.exists()

    def test_a_phase_that_cannot_begin_says_why(self, pilot: Initiative, lena: User) -> None:
        refused = post(lena, pilot, "roadmap/phases/full/begin", on=str(today()))
        assert refused.status_code == 409
        assert "begins in Rollout" in read(refused).text
        refused = post(lena, pilot, "roadmap/phases/decision/take-back")
        assert refused.status_code == 409
        assert "Only the last phase that began" in read(refused).text
        assert post(lena, pilot, "roadmap/phases/party/begin").status_code == 404

    def test_it_says_how_late_it_is_and_which_phases_overlap(self, pilot: Initiative, lena: User) -> None:
        day = today() - timedelta(days=4)
        phases = [
            {"kind": "decision", "starts_on": day, "ends_on": today()},
            {"kind": "preparation", "starts_on": today()},
        ]
        set_roadmap(pilot.pk, {"phases": phases}, Actor.person(lena), clock.now())
        page = get(lena, pilot, "roadmap")
        assert "4 days late, days on hold left out." in page.text
        assert "“Preparing production” is planned to start while “Decision” still runs." in page.text
        begin_phase(pilot.pk, "decision", today(), Actor.person(lena), clock.now())
        assert "days late" not in get(lena, pilot, "roadmap").text

    def test_who_only_reads_is_offered_nothing(self, pilot: Initiative, lena: User, omar: User) -> None:
        assert "No roadmap yet" in get(omar, pilot, "roadmap").text
        set_roadmap(pilot.pk, {"people": "Two"}, Actor.person(lena), clock.now())
        page = get(omar, pilot, "roadmap")
        assert "Two" in page.text
        assert not page.all("form", action=url(pilot, "roadmap"))

    def test_of_one_that_has_ended_it_can_be_read(self, pilot: Initiative, lena: User) -> None:
        set_roadmap(pilot.pk, {"people": "Two"}, Actor.person(lena), clock.now())
        move_stage(pilot.pk, "stopped", Actor.person(lena), clock.now(), "", LESSON)
        assert "stays here to be read" in get(lena, pilot, "roadmap").text
        refused = post(lena, pilot, "roadmap", version="1", people="Three")
        assert refused.status_code == 409 and "has ended" in read(refused).text


class TestBudget:
    def test_a_month_is_entered_and_drawn(self, pilot: Initiative, lena: User) -> None:
        page = get(lena, pilot, "budget")
        assert "No month has been entered yet." in page.text
        sent = fields(page, url(pilot, "budget"))
        month = f"{today():%Y-%m}"
        assert (sent["month"], sent["shown"]) == (month, month)
        saved = post(lena, pilot, "budget", **(sent | {"data": "1250.50", "change": "300"}))
        assert (saved.status_code, saved["Location"]) == (302, url(pilot, "budget"))
        page = get(lena, pilot, "budget")
        assert "1,550.50 EUR" in page.text and "18,449.50 EUR left" in page.text
        assert len(page.all("rect", class_="chart__mark columns__part")) == 2
        table = page.one("figure", class_="chart").one("tbody")
        assert table.one("tr").text.split()[-1] == "1,550.5"

    def test_a_month_that_was_entered_is_changed_and_emptied(self, pilot: Initiative, lena: User) -> None:
        month = (today().replace(day=1) - timedelta(days=1)).replace(day=1)
        set_spending(pilot.pk, month, {"data": "100", "other": "7"}, Actor.person(lena), clock.now())
        page = get(lena, pilot, "budget", f"?month={month:%Y-%m}")
        sent = fields(page, url(pilot, "budget"))
        assert (sent["data"], sent["other"], sent["change"]) == ("100.00", "7.00", "")
        post(lena, pilot, "budget", **(sent | {"data": "", "change": "5"}))
        assert set(Spending.objects.values_list("kind", "amount")) == {("other", 7), ("change", 5)}

    def test_an_empty_field_takes_nothing_out_of_a_month_that_was_not_shown(
        self, pilot: Initiative, lena: User
    ) -> None:
        month = (today().replace(day=1) - timedelta(days=1)).replace(day=1)
        set_spending(pilot.pk, month, {"data": "100"}, Actor.person(lena), clock.now())
        sent = fields(get(lena, pilot, "budget"), url(pilot, "budget"))
        post(lena, pilot, "budget", **(sent | {"month": f"{month:%Y-%m}", "other": "5"}))
        assert set(Spending.objects.values_list("kind", "amount")) == {("data", 100), ("other", 5)}

    @pytest.mark.parametrize(
        ("sent", "wrong"),
        [
            ({"month": "", "data": "1"}, "month"),
            ({"month": "October", "data": "1"}, "month"),
            ({"month": "2026-13", "data": "1"}, "month"),
            ({"month": "0000-01", "data": "1"}, "month"),
            ({"month": "\x00", "data": "1"}, "month"),
            ({"month": "٢٠٢٦-١٠", "data": "1"}, "month"),
            ({"month": "1989-12", "data": "1"}, "month"),
            ({"month": "2099-01", "data": "1"}, "month"),
            ({"month": LONG, "data": "1"}, "month"),
            ({"month": "2026-01", "data": "-1"}, "data"),
            ({"month": "2026-01", "data": "1.001"}, "data"),
            ({"month": "2026-01", "data": "1e30"}, "data"),
            ({"month": "2026-01", "data": "NaN"}, "data"),
            ({"month": "2026-01", "change": SCRIPT}, "change"),
            ({"month": "2026-01", "other": EMOJI}, "other"),
        ],
    )
    def test_what_is_wrong_is_told_at_its_field_and_what_was_typed_stays(
        self, pilot: Initiative, lena: User, sent: dict[str, str], wrong: str
    ) -> None:
        response = post(lena, pilot, "budget", **(sent | {"integration": "77"}))
        assert response.status_code == 422
        page = read(response)
        assert page.has_id(f"id_{wrong}_error")
        assert page.one("input", name="integration").attrs["value"] == "77"
        assert SCRIPT not in response.content.decode()
        assert not Spending.objects.exists()

    def test_facts_that_somebody_else_changed_are_told(self, pilot: Initiative, lena: User) -> None:
        sent = fields(get(lena, pilot, "budget"), url(pilot, "budget")) | {"data": "5"}
        set_spending(pilot.pk, today(), {"data": "9"}, Actor.person(lena), clock.now())
        response = post(lena, pilot, "budget", **sent)
        assert response.status_code == 409
        page = read(response)
        assert "Somebody else changed this in the meantime" in page.text
        assert post(lena, pilot, "budget", **fields(page, url(pilot, "budget"))).status_code == 302
        assert Spending.objects.get().amount == 5

    def test_an_amount_that_was_typed_before_is_told_to_give_way(self, lena: User) -> None:
        initiative = create(lena, budget={"spent": "90000", "currency": "EUR"})
        page = get(lena, initiative, "budget")
        warning = page.one("form", action=url(initiative, "budget")).one("div", class_="alert")
        assert warning.attrs["data-tone"] == "warning"
        assert "The first month you save replaces 90,000 EUR" in warning.text
        assert "An estimate: spent, by months since the start" in page.text

    def test_the_form_of_the_facts_refuses_a_typed_sum_at_its_field(
        self, pilot: Initiative, lena: User
    ) -> None:
        set_spending(pilot.pk, today(), {"data": "9"}, Actor.person(lena), clock.now())
        sent = {
            "name": "Triage",
            "business_problem": "Slow.",
            "priority": "normal",
            "visibility": "organisation",
        }
        response = post(lena, pilot, "edit", **sent, budget_spent="5")
        assert response.status_code == 422
        page = read(response)
        assert page.has_id("id_budget_spent_error")
        assert "This is the sum of the months entered under Budget." in page.text

    def test_advice_is_quoted_with_its_source(self, lena: User) -> None:
        initiative = create(lena, budget={"data_share": 10, "change_share": 25})
        Initiative.objects.update(estimate_build=5000, budget_spent=1000)
        page = get(lena, initiative, "budget")
        quotes = [quote.text for quote in page.all("figure", class_="quote")]
        assert any(
            "40–50 % of the budget for data preparation" in one and "Vantage Point" in one for one in quotes
        )
        assert any("20–30 % of the budget for change management" in one for one in quotes)
        assert any("5–10 times" in one for one in quotes)
        assert "10 % Less than usual" in page.text and "25 % As usual" in page.text
        assert "The estimate is 5.0 times what the pilot cost." in page.text

    def test_who_only_reads_is_offered_nothing(self, pilot: Initiative, lena: User, omar: User) -> None:
        set_spending(pilot.pk, today(), {"data": "9"}, Actor.person(lena), clock.now())
        page = get(omar, pilot, "budget")
        assert "9 EUR" in page.text
        assert not page.all("form", action=url(pilot, "budget"))

    def test_many_months_take_no_more_queries_than_one(
        self, pilot: Initiative, lena: User, query_count: Callable[[Callable[[], Any]], int]
    ) -> None:
        browser, month = pages(lena), today().replace(day=1)
        set_spending(pilot.pk, month, {"data": "9"}, Actor.person(lena), clock.now())
        few = query_count(lambda: browser.get(url(pilot, "budget")))
        for _ in range(30):
            month = (month - timedelta(days=1)).replace(day=1)
            set_spending(pilot.pk, month, {"data": "9", "other": "1"}, Actor.person(lena), clock.now())
        assert query_count(lambda: browser.get(url(pilot, "budget"))) == few
        page = get(lena, pilot, "budget")
        assert len(page.one("table", class_="table table--stack table--dense").all("tr")) == 32
        assert len(page.one("figure", class_="chart").one("tbody").all("tr")) == 24


class TestProfile:
    def test_all_ten_are_answered_on_one_page_with_one_press(
        self, initiative: Initiative, lena: User
    ) -> None:
        page = get(lena, initiative, "profile/environment-gap")
        assert len(page.all("fieldset", class_="radio-cards")) == 10
        assert len(page.all("input", type="radio")) == 30
        sent = fields(page, url(initiative, "profile/environment-gap"))
        answers = dict(zip(ALL, ["not_met", "partial", "met"] * 3 + ["met"], strict=True))
        sent |= {f"{code}-answer": answer for code, answer in answers.items()}
        saved = pages(lena).post(url(initiative, "profile/environment-gap"), sent)
        assert (saved.status_code, saved["Location"]) == (
            302,
            f"/initiatives/{initiative.ref}/#environment-gap",
        )
        stored = Answer.objects.filter(assessment__passage__initiative=initiative, declared__isnull=False)
        assert dict(stored.values_list("item__code", "declared")) == answers

    def test_only_what_was_changed_is_written(self, initiative: Initiative, lena: User) -> None:
        record_answers(initiative.pk, [AnswerChange("ENV-1", "met", "Why.")], Actor.person(lena), clock.now())
        page = get(lena, initiative, "profile/environment-gap")
        assert page.one("input", name="ENV-1-answer", checked="").attrs["value"] == "met"
        sent = fields(page, url(initiative, "profile/environment-gap"))
        sent = {name: value for name, value in sent.items() if name.endswith("-version")}
        pages(lena).post(
            url(initiative, "profile/environment-gap"),
            sent | {"ENV-1-answer": "met", "ENV-2-answer": "partial"},
        )
        found = Answer.objects.filter(assessment__passage__initiative=initiative)
        assert sorted(found.values_list("item__code", "declared", "note", "version")) == [
            ("ENV-1", "met", "Why.", 1),
            ("ENV-2", "partial", "", 1),
        ]

    def test_an_answer_of_somebody_else_is_not_overwritten_unawares(
        self, initiative: Initiative, lena: User
    ) -> None:
        here = url(initiative, "profile/environment-gap")
        sent = fields(get(lena, initiative, "profile/environment-gap"), here)
        sent = {name: value for name, value in sent.items() if name.endswith("-version")}
        sent |= {"ENV-1-answer": "met", "ENV-2-answer": "met"}
        record_answers(initiative.pk, [AnswerChange("ENV-2", "not_met")], Actor.person(lena), clock.now())
        response = pages(lena).post(here, sent)
        assert response.status_code == 409
        page = read(response)
        assert "Meanwhile somebody said: As in a PoC." in page.text
        assert page.one("input", name="ENV-1-answer", checked="").attrs["value"] == "met"
        assert page.one("input", name="ENV-2-version").attrs["value"] == "1"
        assert not Answer.objects.filter(item__code="ENV-1", declared="met").exists()

    @pytest.mark.parametrize("answer", ["yes", "unanswered", "\x00", SCRIPT, LONG])
    def test_an_answer_that_is_none_is_told_at_its_field(
        self, initiative: Initiative, lena: User, answer: str
    ) -> None:
        here = url(initiative, "profile/environment-gap")
        response = pages(lena).post(here, {"ENV-1-answer": answer, "ENV-2-answer": "met"})
        assert response.status_code == 422
        page = read(response)
        assert page.has_id("id_ENV-1-answer_error")
        assert page.one("input", name="ENV-2-answer", checked="").attrs["value"] == "met"
        assert not Answer.objects.filter(declared__isnull=False).exists()

    def test_it_is_drawn_on_the_overview_from_a_poc_to_production(
        self, initiative: Initiative, lena: User
    ) -> None:
        changes = [
            AnswerChange("ENV-1", "met"),
            AnswerChange("ENV-2", "not_met"),
            AnswerChange("ENV-3", "partial"),
        ]
        record_answers(initiative.pk, changes, Actor.person(lena), clock.now())
        card = read(pages(lena).get(f"/initiatives/{initiative.ref}/")).one("section", id="environment-gap")
        assert [row.text for row in card.one("tbody").all("tr")][:4] == [
            "Data volume As in production",
            "Data quality As in a PoC",
            "Latency On the way",
            "Error handling Unanswered",
        ]
        dots = [dot.attrs["cx"] for dot in card.all("circle", class_="rungs__dot")]
        assert dots == ["92.0%", "8.0%", "50.0%"]
        assert len(card.all("line", class_="rungs__unknown")) == 7
        labels = card.one("ol", class_="rungs__labels").links()
        assert labels["Data volume"] == url(initiative, "profile/environment-gap") + "#ENV-1"

    def test_only_a_profile_has_this_page(self, initiative: Initiative, lena: User) -> None:
        for framework in ("five-gate", "poc-checkpoints", "conversational-ai", "nothing"):
            assert pages(lena).get(url(initiative, f"profile/{framework}")).status_code == 404

    def test_who_only_reads_sees_it_and_cannot_choose(self, initiative: Initiative, omar: User) -> None:
        page = get(omar, initiative, "profile/environment-gap")
        assert all("disabled" in one.attrs for one in page.all("input", type="radio"))
        assert "Save all" not in page.text


class TestOverlay:
    def test_it_is_attached_in_one_click_and_stands_beside_the_five_gates_never_in_their_count(
        self, lena: User, ravi: User
    ) -> None:
        initiative = create(lena, stage="pilot")
        make_ready(initiative, lena, ravi)
        before = Standing.objects.values("met", "total", "points", "score", "verdict").get(
            initiative=initiative
        )
        overview = read(pages(lena).get(f"/initiatives/{initiative.ref}/"))
        form = overview.one("form", action=reverse("initiative-frameworks", args=[initiative.ref]))
        assert [one.attrs["type"] for one in form.all("input")] == ["hidden"] * len(form.all("input"))
        assert len(form.all("button")) == 1
        clicked = pages(lena).post(
            form.attrs["action"], {"framework": form.one("input", name="framework").attrs["value"]}
        )
        assert clicked.status_code == 302
        after = Standing.objects.values("met", "total", "points", "score", "verdict").get(
            initiative=initiative
        )
        assert after == before == {**after, "total": 20, "met": 20, "verdict": "ready"}
        assert GateStanding.objects.filter(initiative=initiative, framework="conversational-ai").exists()
        answer_all(initiative, lena, "not_met", framework="conversational-ai")
        assert (
            Standing.objects.values("met", "total", "points", "score", "verdict").get(initiative=initiative)
            == before
        )

    def test_what_is_met_in_the_overlay_adds_nothing_to_the_five_gates(
        self, initiative: Initiative, lena: User
    ) -> None:
        attach_framework(initiative.pk, "conversational-ai", Actor.person(lena), clock.now())
        answer_all(initiative, lena, framework="conversational-ai")
        standing = Standing.objects.get(initiative=initiative)
        assert (standing.met, standing.total, standing.score) == (0, 20, 0)


def test_texts_that_break_careless_pages_are_shown_as_they_are(lena: User) -> None:
    nasty = f"{SCRIPT} {RTL} {EMOJI}"
    initiative = create(lena, name=nasty, stage="pilot")
    phases = [{"kind": "full", "entry_rule": nasty, "pause_rule": nasty}]
    set_roadmap(initiative.pk, {"people": nasty, "phases": phases}, Actor.person(lena), clock.now())
    for below in ("roadmap", "budget", "profile/environment-gap", "history"):
        response = pages(lena).get(url(initiative, below))
        assert response.status_code == 200
        assert SCRIPT not in response.content.decode(), below
        assert complaints(read(response)) == [], below
    assert read(pages(lena).get(url(initiative, "roadmap"))).text.count(nasty) >= 4


def test_what_happened_is_said_in_words(pilot: Initiative, lena: User) -> None:
    by = Actor.person(lena)
    set_roadmap(
        pilot.pk, {"people": "Two", "phases": [{"kind": "full", "starts_on": today()}]}, by, clock.now()
    )
    begin_phase(pilot.pk, "decision", today(), by, clock.now())
    set_spending(pilot.pk, today(), {"data": "9"}, by, clock.now())
    text = get(lena, pilot, "history").text
    assert "Roadmap written" in text and "Phases: Everyone, old process in parallel." in text
    assert "Phase begun: Decision" in text
    assert (
        f"Spending of {today():%B %Y}" in text
        and "Data: nothing to 9 " in text
        and "Spent so far: nothing to 9 " in text
    )
