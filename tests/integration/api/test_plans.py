"""The roadmap and spending over REST: read, written, refused at the field, and never stale."""

from datetime import timedelta
from typing import Any

import pytest

from gates.models import Initiative, Roadmap, RoadmapPhase, Spending
from gates.roadmap import Phase, default_plan
from readiness.accounts.models import User
from tests.fixtures import api, create, today

pytestmark = pytest.mark.django_db


@pytest.fixture
def pilot(lena: User) -> Initiative:
    budget = {"planned": "20000", "currency": "EUR", "data_share": 45, "change_share": 10}
    return create(lena, stage="pilot", budget=budget)


def at(initiative: Initiative, below: str = "roadmap") -> str:
    return f"initiatives/{initiative.ref}/{below}/"


def months_ago(count: int) -> str:
    day = today().replace(day=1)
    for _ in range(count):
        day = (day - timedelta(days=1)).replace(day=1)
    return f"{day:%Y-%m}"


def problem(response: Any) -> tuple[int, str, dict[str, str]]:
    body = response.json()
    errors = {error["field"]: error["code"] for error in body.get("errors", [])}
    return response.status_code, body["code"], errors


class TestRoadmap:
    def test_while_nobody_wrote_one_all_six_phases_are_there_and_everything_is_missing(
        self, pilot: Initiative, lena: User
    ) -> None:
        read = api(lena).get(at(pilot))
        assert read.status_code == 200
        body = read.json()
        assert [phase["kind"] for phase in body["phases"]] == list(Phase)
        assert (body["complete"], body["missing"], body["phase"]) == (
            False,
            ["dates", "people", "budget"],
            None,
        )
        assert (body["version"], body["updated_at"], read["ETag"]) == (0, None, f'"{pilot.ref}-roadmap-0"')
        assert [phase["usual_weeks"] for phase in body["phases"]] == [
            [2, 2],
            [8, 12],
            [2, 4],
            [2, 4],
            [4, 8],
            None,
        ]
        assert not Roadmap.objects.exists()

    def test_it_is_written_and_complete(self, pilot: Initiative, lena: User) -> None:
        plan = default_plan(today() + timedelta(days=10))
        phases = [
            {"kind": one.phase.value, "starts_on": str(one.starts_on), "ends_on": str(one.ends_on)}
            for one in plan
        ]
        body = {"people": "Two 👩‍🚀", "budget": "90000.00", "phases": phases}
        written = api(lena).put(at(pilot), body)
        assert (written.status_code, written["ETag"]) == (200, f'"{pilot.ref}-roadmap-1"')
        found = written.json()
        assert (found["complete"], found["missing"], found["undated"]) == (True, [], [])
        assert (found["people"], found["budget"], found["updated_by"]) == ("Two 👩‍🚀", "90000.00", "lena")
        assert [(one["starts_on"], one["ends_on"]) for one in found["phases"]] == [
            (one["starts_on"], one["ends_on"]) for one in phases
        ]
        assert api(lena).get(at(pilot)).json() == found

    def test_phases_that_overlap_are_told_and_not_refused(self, pilot: Initiative, lena: User) -> None:
        phases = [
            {"kind": "decision", "starts_on": "2027-01-04", "ends_on": "2027-01-20"},
            {"kind": "preparation", "starts_on": "2027-01-11"},
        ]
        written = api(lena).put(at(pilot), {"phases": phases})
        assert written.json()["warnings"] == [
            {
                "phase": "preparation",
                "message": "“Preparing production” is planned to start while “Decision” still runs.",
            }
        ]

    def test_a_phase_begins_and_is_late_and_taken_back(self, pilot: Initiative, lena: User) -> None:
        lead = api(lena)
        past = {"kind": "preparation", "starts_on": str(today() - timedelta(days=3))}
        lead.put(at(pilot), {"phases": [past]})
        assert lead.get(at(pilot)).json()["days_late"] == 3
        begun = lead.post(
            at(pilot, "roadmap/phases/decision/begin"), {"on": str(today() - timedelta(days=9))}
        )
        assert begun.status_code == 200
        assert (begun.json()["phase"], begun.json()["days_late"]) == ("decision", 3)
        begun = lead.post(at(pilot, "roadmap/phases/preparation/begin"))
        assert (begun.json()["phase"], begun.json()["days_late"]) == ("preparation", 0)
        assert [one["standing"] for one in begun.json()["phases"]] == ["done", "current", *["ahead"] * 4]
        back = lead.delete(at(pilot, "roadmap/phases/preparation/begin"))
        assert (back.status_code, back.json()["phase"]) == (200, "decision")

    def test_days_on_hold_make_nothing_late(self, pilot: Initiative, lena: User) -> None:
        lead = api(lena)
        lead.put(at(pilot), {"phases": [{"kind": "decision", "starts_on": str(today() - timedelta(days=3))}]})
        lead.post(at(pilot, "hold"), {"reason": "Budget.", "review_on": str(today() + timedelta(days=9))})
        pilot.holds.update(since=today() - timedelta(days=2))
        assert lead.get(at(pilot)).json()["days_late"] == 1

    @pytest.mark.parametrize(
        ("kind", "expected"),
        [
            ("preparation", (409, "phase_out_of_order", {})),
            ("limited_group", (409, "phase_not_in_this_stage", {})),
            ("party", (404, "not_found", {})),
        ],
    )
    def test_a_phase_that_cannot_begin_says_why(
        self, pilot: Initiative, lena: User, kind: str, expected: tuple[int, str, dict[str, str]]
    ) -> None:
        assert problem(api(lena).post(at(pilot, f"roadmap/phases/{kind}/begin"))) == expected
        assert not RoadmapPhase.objects.exists()

    @pytest.mark.parametrize(
        ("on", "expected"),
        [
            ("2099-01-01", (422, "invalid", {"on": "in_the_future"})),
            ("soon", (400, "malformed", {"on": "wrong_type"})),
            (5, (400, "malformed", {"on": "wrong_type"})),
            ("1989-01-01", (422, "invalid", {"on": "out_of_range"})),
        ],
    )
    def test_a_day_on_which_it_cannot_have_begun(
        self, pilot: Initiative, lena: User, on: Any, expected: tuple[int, str, dict[str, str]]
    ) -> None:
        assert problem(api(lena).post(at(pilot, "roadmap/phases/decision/begin"), {"on": on})) == expected

    @pytest.mark.parametrize(
        ("body", "expected"),
        [
            ({"people": 5}, (400, "malformed", {"people": "wrong_type"})),
            ({"people": "a\x00"}, (400, "malformed", {"people": "null_characters"})),
            ({"people": "x" * 2001}, (422, "invalid", {"people": "too_long"})),
            ({"budget": "-1"}, (422, "invalid", {"budget": "out_of_range"})),
            ({"budget": True}, (400, "malformed", {"budget": "wrong_type"})),
            ({"days_late": 0}, (400, "malformed", {"days_late": "read_only"})),
            ({"colour": "red"}, (400, "malformed", {"colour": "unknown_field"})),
            ({"phases": {}}, (400, "malformed", {"phases": "not_a_list"})),
            ({"phases": [{}]}, (400, "malformed", {"phases.0.kind": "required"})),
            ({"phases": [{"kind": "party"}]}, (400, "malformed", {"phases.0.kind": "unknown_word"})),
            (
                {"phases": [{"kind": "full", "began_on": None}]},
                (400, "malformed", {"phases.0.began_on": "read_only"}),
            ),
            ({"phases": [{"kind": "full"}] * 7}, (422, "invalid", {"phases": "too_many"})),
            ({"phases": [{"kind": "full"}] * 2}, (422, "invalid", {"phases.1.kind": "named_twice"})),
            (
                {"phases": [{"kind": "full", "starts_on": "2027-02-30"}]},
                (400, "malformed", {"phases.0.starts_on": "wrong_type"}),
            ),
            (
                {"phases": [{"kind": "full", "starts_on": "2027-02-02", "ends_on": "2027-02-01"}]},
                (422, "invalid", {"phases.0.ends_on": "before_start"}),
            ),
            (
                {
                    "phases": [
                        {"kind": "decision", "starts_on": "2027-02-02"},
                        {"kind": "full", "starts_on": "2027-02-01"},
                    ]
                },
                (422, "invalid", {"phases.1.starts_on": "before_earlier_phase"}),
            ),
        ],
    )
    def test_each_wrong_field_is_named_and_nothing_is_written(
        self, pilot: Initiative, lena: User, body: Any, expected: tuple[int, str, dict[str, str]]
    ) -> None:
        response = api(lena).put(at(pilot), body)
        found = problem(response)
        if expected[2] == {"phases": "not_a_list"}:
            assert found[0] == 400 and list(found[2]) == ["phases"]
        else:
            assert found == expected
        assert not Roadmap.objects.exists()

    def test_a_write_on_a_version_that_no_longer_stands_is_told_what_does(
        self, pilot: Initiative, lena: User
    ) -> None:
        lead = api(lena)
        seen = lead.get(at(pilot))["ETag"]
        assert lead.put(at(pilot), {"people": "Two"}, if_match=seen).status_code == 200
        for stale in (
            lead.put(at(pilot), {"people": "Three"}, if_match=seen),
            lead.post(at(pilot, "roadmap/phases/decision/begin"), if_match=seen),
            lead.delete(at(pilot, "roadmap/phases/decision/begin"), if_match=seen),
        ):
            assert (stale.status_code, stale["ETag"]) == (412, f'"{pilot.ref}-roadmap-1"')
            assert stale.json()["current"]["people"] == "Two"


class TestSpending:
    def test_while_nothing_was_entered_the_burn_is_an_estimate(self, lena: User) -> None:
        since = today() - timedelta(days=365)
        initiative = create(lena, stage="pilot", stage_since=since, budget={"spent": "12000"})
        body = api(lena).get(at(initiative, "spending")).json()
        assert (body["months"], body["spent"]) == ([], "12000.00")
        assert body["burn"] == {"a_month": "1000.68", "estimate": True}
        assert [kind["share"] for kind in body["kinds"]] == [None] * 5

    def test_months_are_entered_and_told_with_their_sum_and_shares(
        self, pilot: Initiative, lena: User
    ) -> None:
        lead = api(lena)
        written = lead.put(
            at(pilot, "spending"), {"month": months_ago(1), "amounts": {"data": "300.00", "change": 100}}
        )
        assert (written.status_code, written["ETag"]) == (200, f'"{pilot.ref}-2"')
        lead.put(at(pilot, "spending"), {"month": months_ago(5), "amounts": {"other": "200"}})
        body = lead.get(at(pilot, "spending")).json()
        assert [(one["month"], one["total"]) for one in body["months"]] == [
            (months_ago(5), "200.00"),
            (months_ago(1), "400.00"),
        ]
        assert body["months"][1]["amounts"]["data"] == "300.00"
        assert body["months"][1]["amounts"]["integration"] is None
        assert (body["spent"], body["burn"]) == ("600.00", {"a_month": "133.33", "estimate": False})
        assert {one["kind"]: one["share"] for one in body["kinds"]} == {
            "data": 50.0, "infrastructure": 0.0, "integration": 0.0, "change": 16.7, "other": 33.3,
        }  # fmt: skip
        assert lead.get(f"initiatives/{pilot.ref}/").json()["budget"]["spent"] == "600.00"

    def test_advice_is_quoted_with_its_source(self, pilot: Initiative, lena: User) -> None:
        lead = api(lena)
        lead.put(at(pilot, "spending"), {"month": months_ago(0), "amounts": {"data": "60", "change": "40"}})
        data, change = lead.get(at(pilot, "spending")).json()["advice"]
        assert (data["band"], data["planned_share"], data["planned_lies"]) == ([40, 50], 45, "within")
        assert (data["spent_share"], data["spent_lies"]) == (60.0, "over")
        assert (change["band"], change["planned_lies"], change["spent_lies"]) == ([20, 30], "under", "over")
        assert data["quoted"]["source"] and "40–50 %" in data["quoted"]["figure"]
        assert "20–30 %" in change["quoted"]["figure"]

    def test_of_bought_ai_only_change_is_looked_at(self, lena: User) -> None:
        bought = create(lena, approach="buy", budget={"data_share": 1, "change_share": 25})
        advice = api(lena).get(at(bought, "spending")).json()["advice"]
        assert [one["kind"] for one in advice] == ["change"]

    def test_the_estimate_of_production_stands_beside_what_the_pilot_cost(
        self, pilot: Initiative, lena: User
    ) -> None:
        Initiative.objects.update(estimate_build=5000, estimate_run=2000)
        lead = api(lena)
        lead.put(at(pilot, "spending"), {"month": months_ago(1), "amounts": {"data": "1000"}})
        found = lead.get(at(pilot, "spending")).json()["production"]
        assert (found["estimate"], found["pilot_cost"], found["times"]) == ("7000.00", "1000.00", 7.0)
        assert found["quoted"]["source"]

    @pytest.mark.parametrize(
        ("body", "expected"),
        [
            ({"amounts": {"data": "1"}}, (400, "malformed", {"month": "required"})),
            ({"month": "2026-10"}, (400, "malformed", {"amounts": "required"})),
            ({"month": "2026-13", "amounts": {}}, (400, "malformed", {"month": "wrong_type"})),
            ({"month": "2026-10-01", "amounts": {}}, (400, "malformed", {"month": "wrong_type"})),
            ({"month": "٢٠٢٦-١٠", "amounts": {}}, (400, "malformed", {"month": "wrong_type"})),
            ({"month": 202610, "amounts": {}}, (400, "malformed", {"month": "wrong_type"})),
            ({"month": "0000-01", "amounts": {}}, (400, "malformed", {"month": "wrong_type"})),
            ({"month": "1989-12", "amounts": {"data": "1"}}, (422, "invalid", {"month": "out_of_range"})),
            ({"month": "2999-01", "amounts": {"data": "1"}}, (422, "invalid", {"month": "in_the_future"})),
            ({"month": "2026-10", "amounts": []}, (400, "malformed", {"amounts": "wrong_type"})),
            ({"month": "2026-10", "amounts": {"wine": "1"}}, (400, "malformed", {"amounts.wine": "unknown_field"})),
            ({"month": "2026-10", "amounts": {"data": "-1"}}, (422, "invalid", {"amounts.data": "out_of_range"})),
            ({"month": "2026-10", "amounts": {"data": "1.001"}}, (422, "invalid", {"amounts.data": "too_precise"})),
            ({"month": "2026-10", "amounts": {"data": "1e9"}}, (400, "malformed", {"amounts.data": "wrong_type"})),
            ({"month": "2026-10", "amounts": {"data": "\x00"}}, (400, "malformed", {"amounts.data": "null_characters"})),  # noqa: E501
        ],
    )  # fmt: skip
    def test_each_wrong_field_is_named_and_nothing_is_written(
        self, pilot: Initiative, lena: User, body: Any, expected: tuple[int, str, dict[str, str]]
    ) -> None:
        assert problem(api(lena).put(at(pilot, "spending"), body)) == expected
        assert not Spending.objects.exists()

    def test_a_sum_is_not_typed_over(self, pilot: Initiative, lena: User) -> None:
        lead = api(lena)
        lead.put(at(pilot, "spending"), {"month": months_ago(0), "amounts": {"data": "60"}})
        refused = lead.patch(f"initiatives/{pilot.ref}/", {"budget": {"spent": "1"}})
        assert problem(refused) == (422, "invalid", {"budget.spent": "sum_of_months"})

    def test_a_write_on_a_version_that_no_longer_stands_is_told_what_does(
        self, pilot: Initiative, lena: User
    ) -> None:
        lead = api(lena)
        seen = lead.get(at(pilot, "spending"))["ETag"]
        body = {"month": months_ago(0), "amounts": {"data": "60"}}
        assert lead.put(at(pilot, "spending"), body, if_match=seen).status_code == 200
        stale = lead.put(at(pilot, "spending"), body, if_match=seen)
        assert (stale.status_code, stale.json()["current"]["spent"]) == (412, "60.00")


def test_what_one_may_not_see_is_not_there(lena: User, omar: User) -> None:
    hidden = create(lena, stage="pilot", visibility="team")
    outsider = api(omar)
    for below in ("roadmap", "spending"):
        assert outsider.get(at(hidden, below)).status_code == 404
        assert outsider.put(at(hidden, below), {}).status_code in (400, 404)
    assert outsider.post(at(hidden, "roadmap/phases/decision/begin")).status_code == 404


def test_reading_takes_the_same_queries_however_much_there_is(
    pilot: Initiative, lena: User, query_count: Any
) -> None:
    lead = api(lena)
    lead.put(at(pilot), {"people": "Two", "phases": [{"kind": "full"}]})
    lead.put(at(pilot, "spending"), {"month": months_ago(0), "amounts": {"data": "60"}})
    few = [query_count(lambda: lead.get(at(pilot, below))) for below in ("roadmap", "spending")]  # noqa: B023
    plan = default_plan(today())
    lead.put(
        at(pilot), {"phases": [{"kind": one.phase.value, "starts_on": str(one.starts_on)} for one in plan]}
    )
    for count in range(1, 13):
        amounts = dict.fromkeys(("data", "infrastructure", "integration", "change", "other"), "1")
        lead.put(at(pilot, "spending"), {"month": months_ago(count), "amounts": amounts})
    assert [query_count(lambda: lead.get(at(pilot, below))) for below in ("roadmap", "spending")] == few  # noqa: B023
