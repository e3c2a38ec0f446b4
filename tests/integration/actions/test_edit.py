"""The facts of an initiative change: what is given, nothing else, and never over what someone else just wrote."""

from datetime import timedelta
from decimal import Decimal

import pytest

from gates.models import Initiative
from readiness.actions.errors import Invalid, NotAllowed, NotFound, Stale
from readiness.actions.fields import fingerprint
from readiness.actions.initiatives import Seen, edit_initiative
from readiness.actions.team import people_of
from readiness.audit.models import Event
from tests.fixtures import create, person
from tests.integration.actions.props import UNUSUAL_TEXTS, act, errors, on, refused, say, the_day

pytestmark = pytest.mark.django_db

FULL = {
    "name": "Invoice triage",
    "business_problem": "Invoices wait nine days.",
    "business_unit": "Finance",
    "technology": "A language model",
    "vendor": "Acme",
    "approach": "buy",
    "visibility": "organisation",
    "priority": "high",
    "tags": ["office"],
    "plan": {"poc_days": 20, "pilot_days": 60, "rollout_days": 90, "decision_on": the_day(40)},
    "budget": {
        "planned": "1000.00",
        "spent": "10.00",
        "currency": "CHF",
        "data_share": 40,
        "change_share": 20,
    },
}
CHANGES = [
    ({"name": "Other"}, "name", "Other"),
    ({"business_problem": "Other"}, "business_problem", "Other"),
    ({"business_unit": ""}, "business_unit", ""),
    ({"technology": "Other"}, "technology", "Other"),
    ({"vendor": None}, "vendor", ""),
    ({"approach": None}, "approach", ""),
    ({"visibility": "team"}, "visibility", "team"),
    ({"priority": "low"}, "priority", "low"),
    ({"tags": []}, "tags", []),
    ({"plan": {"poc_days": 1}}, "poc_days", 1),
    ({"plan": {"pilot_days": 3650}}, "pilot_days", 3650),
    ({"plan": {"rollout_days": None}}, "rollout_days", None),
    ({"plan": {"decision_on": None}}, "decision_on", None),
    ({"budget": {"planned": "0"}}, "budget_planned", Decimal(0)),
    ({"budget": {"spent": None}}, "budget_spent", None),
    ({"budget": {"currency": "USD"}}, "currency", "USD"),
    ({"budget": {"data_share": 80}}, "data_share", 80),
    ({"budget": {"change_share": 60}}, "change_share", 60),
    ({"budget": {"estimate_build": "400000"}}, "estimate_build", Decimal(400_000)),
    ({"budget": {"estimate_run": "0.5"}}, "estimate_run", Decimal("0.50")),
]
KEPT_BESIDE = {
    "name_key", "business_unit_key", "technology_key", "vendor_key", "tags_key", "search_key", "version", "updated_at",
}  # fmt: skip


@pytest.fixture
def full(lena):
    return create(lena, on(0), **FULL)


def edit(initiative, by, facts, **options):
    return edit_initiative(initiative.pk, facts, act(by), on(1), **options)[0]


def seen_of(initiative, *names):
    return Seen(names, fingerprint(initiative, people_of(initiative), names))


def row(initiative):
    return Initiative.objects.filter(pk=initiative.pk).values().get()


@pytest.mark.parametrize(("facts", "column", "value"), CHANGES, ids=[column for _, column, _ in CHANGES])
def test_what_is_given_changes_and_what_is_absent_stays(full, lena, facts, column, value):
    before, people = row(full), people_of(full)
    edit(full, lena, facts)
    after = row(full)
    assert after[column] == value
    changed = {name for name in after if after[name] != before[name]} - KEPT_BESIDE
    assert changed == {column}
    assert (after["version"], after["updated_at"]) == (before["version"] + 1, on(1))
    assert people_of(full) == people


def test_the_audit_trail_tells_what_stood_before_and_what_stands_now(full, lena):
    edit(full, lena, {"name": "Other", "budget": {"planned": "2000.5"}, "plan": {"decision_on": the_day(9)}})
    event = Event.objects.get(verb="initiative.edited")
    assert event.data["changed"] == {
        "name": ["Invoice triage", "Other"],
        "budget.planned": ["1000.00", "2000.50"],
        "plan.decision_on": [the_day(40).isoformat(), the_day(9).isoformat()],
    }
    assert (event.actor_id, event.at) == (lena.pk, on(1))


def test_saying_the_same_again_changes_nothing_and_leaves_no_event(full, lena):
    before = row(full)
    edit(full, lena, FULL | {"people": people_of(full)})
    edit(full, lena, {})
    assert row(full) == before
    assert not Event.objects.filter(verb="initiative.edited").exists()


def test_a_write_on_a_version_that_no_longer_stands_is_refused_with_what_stands_now(full, lena, omar):
    edit(full, lena, {"people": {"members": ["lena", "omar"]}}, version=1)
    with refused(Stale, "stale") as caught:
        edit(full, omar, {"name": "Mine"}, version=1)
    assert (caught.value.current.version, caught.value.current.name) == (2, "Invoice triage")
    assert edit(full, omar, {"name": "Mine"}, version=2).version == 3


def test_without_a_version_the_last_write_wins_and_the_earlier_one_stays_in_the_history(full, lena):
    edit(full, lena, {"name": "First"})
    edit(full, lena, {"name": "Second"})
    assert row(full)["name"] == "Second"
    told = [event.data["changed"]["name"] for event in Event.objects.filter(verb="initiative.edited")]
    assert ["Invoice triage", "First"] in told


def test_an_answer_does_not_count_the_initiatives_version(full, lena):
    say(full, lena, "DATA-1", "met", proof=True)
    assert row(full)["version"] == 1


def test_an_admin_edits_people_and_visibility_and_nothing_else(full, ada, omar):
    edit(full, ada, {"visibility": "team", "people": {"deputy": "omar"}})
    assert (row(full)["visibility"], people_of(full)["deputy"]) == ("team", "omar")
    for facts in (
        {"name": "Other"},
        {"plan": {"poc_days": 3}},
        {"budget": {"spent": 1}},
        {"tags": []},
        {"priority": "low", "visibility": "organisation"},
        {"people": {"deputy": None}, "name": "Other"},
    ):
        with refused(NotAllowed, "not_allowed"):
            edit(full, ada, facts)


@pytest.mark.parametrize("who", ["omar", "ravi", "elsa", "iris"])
@pytest.mark.parametrize(
    "facts", [{"name": "Other"}, {"visibility": "team"}, {"people": {"members": []}}, {}]
)
def test_nobody_else_who_is_not_on_the_team_edits(request, full, who, facts):
    by = request.getfixturevalue(who)
    with refused(NotAllowed, "not_allowed"):
        edit(full, by, facts)


def test_any_place_on_the_team_lets_edit_but_an_auditors(full, lena, omar, elsa, iris):
    nobody = person("nobody")
    team = {
        "business_owner": "elsa",
        "deputy": "omar",
        "executive_sponsor": "iris",
        "members": ["lena", "nobody"],
    }
    edit(full, lena, {"people": team})
    for by in (elsa, omar, nobody):
        assert edit(full, by, {"name": f"Edited by {by.username}"}).name == f"Edited by {by.username}"
    with refused(NotAllowed, "not_allowed"):
        edit(full, iris, {"name": "Edited by an auditor"})


def test_what_only_a_team_may_see_is_not_there_for_other_leads_and_seen_by_those_who_look_after_it(
    full, lena, omar, ravi, elsa, iris, ada
):
    edit(full, lena, {"visibility": "team"})
    with refused(NotFound, "not_found"):
        edit(full, omar, {"name": "Other"})
    for by in (ravi, elsa, iris):
        with refused(NotAllowed, "not_allowed"):
            edit(full, by, {"name": "Other"})
    assert edit(full, ada, {"visibility": "organisation"}).visibility == "organisation"


def test_what_is_not_there_is_not_found(full, lena):
    with refused(NotFound, "not_found"):
        edit_initiative(full.pk + 1, {"name": "Other"}, act(lena), on(1))


def test_two_shares_over_100_percent_are_refused_also_when_given_one_after_the_other(full, lena):
    edit(full, lena, {"budget": {"data_share": 60, "change_share": 40}})
    for budget in ({"data_share": 61}, {"change_share": 41}, {"data_share": 70, "change_share": 31}):
        with refused(Invalid) as caught:
            edit(full, lena, {"budget": budget})
        assert [error.code for error in caught.value.errors] == ["shares_over_100"]
    assert edit(full, lena, {"budget": {"data_share": 100, "change_share": 0}}).data_share == 100


def test_a_plan_that_ends_before_it_starts_is_refused_at_its_field(full, lena):
    day = full.stage_since
    with refused(Invalid) as caught:
        edit(full, lena, {"plan": {"decision_on": day - timedelta(days=1)}})
    assert errors(caught) == [("plan.decision_on", "before_the_start")]
    assert edit(full, lena, {"plan": {"decision_on": day}}).decision_on == day


def test_a_decision_that_was_planned_earlier_stays_when_something_else_is_edited(full, lena):
    Initiative.objects.filter(pk=full.pk).update(stage_since=the_day(60))
    assert edit(full, lena, {"plan": {"decision_on": the_day(40), "poc_days": 9}}).poc_days == 9


def test_an_edit_may_name_what_was_seen_and_only_that_counts(full, lena, omar):
    edit(full, lena, {"people": {"members": ["lena", "omar"]}})
    seen = seen_of(full, "vendor", "technology")
    edit(full, omar, {"plan": {"poc_days": 9}})
    assert edit(full, lena, {"vendor": "Mine", "technology": "T"}, seen=seen).vendor == "Mine"
    with refused(Stale, "stale") as caught:
        edit(full, omar, {"vendor": "Theirs", "technology": "T"}, seen=seen)
    assert caught.value.current.vendor == "Mine"


def test_what_was_seen_of_people_counts_too(full, lena, omar):
    seen = seen_of(full, "people.deputy")
    edit(full, lena, {"people": {"deputy": "omar"}}, seen=seen)
    with refused(Stale, "stale"):
        edit(full, lena, {"people": {"deputy": None}}, seen=seen)


@pytest.mark.parametrize("days", [0, -1, 3651, 10**9])
@pytest.mark.parametrize("stage", ["poc_days", "pilot_days", "rollout_days"])
def test_a_plan_has_from_one_day_to_ten_years(full, lena, stage, days):
    with refused(Invalid) as caught:
        edit(full, lena, {"plan": {stage: days}})
    assert errors(caught) == [(f"plan.{stage}", "out_of_range")]


def test_every_fact_that_is_wrong_is_listed_with_the_people_who_are_wrong(full, lena):
    with refused(Invalid) as caught:
        edit(full, lena, {"name": "", "budget": {"planned": "-1"}, "people": {"deputy": "nobody"}})
    assert errors(caught) == [
        ("name", "required"),
        ("budget.planned", "out_of_range"),
        ("people.deputy", "unknown_person"),
    ]


@pytest.mark.parametrize("text", UNUSUAL_TEXTS.values(), ids=UNUSUAL_TEXTS)
def test_unusual_text_is_kept_as_it_was_typed(full, lena, text):
    edit(full, lena, {"name": text, "vendor": text})
    assert (row(full)["name"], row(full)["vendor"]) == (text, text)
    assert Initiative.objects.matching(text).get() == full


def test_the_stage_and_what_is_computed_cannot_be_edited_through_this_door(full, lena):
    before = row(full)
    edit(full, lena, {"stage": "live", "stage_since": the_day(0), "taken_over": True, "readiness": {}})
    assert row(full) == before
